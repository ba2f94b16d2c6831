"""What stands where in the arrays that the kernels read and write."""

from __future__ import annotations

NEVER = -(1 << 63)
"""No such instant."""
BY_NOBODY = NEVER + 1
"""At an instant that only the reference engine tells: an event by nobody knows whom is among those that count."""
AFTER_ALL = (1 << 63) - 1
"""After every instant; less it, before every instant."""
ANY = 1 << 62
"""In a set of parties: whoever."""
ELECTS = 1 << 15
"""Among the facts of an event: the number of a choice, whose option it names."""

SEVERITY_CODE = 61
SEVERITY_WANTED = 1 << SEVERITY_CODE
"""The bit of the severity among what is wanted; facts have the bits from 0 on."""

ACTOR_WANTED = 1 << 60
"""The bit of an actor who is not known."""

# Truth, and what a question comes to: the first two answers are these, all others are unknown for want of something.
NO, YES = 0, 1

# ---- Types of event that the ticket's own state turns on; all others follow, as the contract has them ------------
OPENED, SEVERITY_CHANGED, WAITING, RESUMED, RESOLVED, CLOSED, REOPENED, CANCELLED, OUT_OF_SCOPE, TERMINATED = range(10)
ELECTED, AGREED, CONFIRMED, NOTHING = range(10, 14)
"""``NOTHING`` is what an event becomes that has no effect (R18, R24); no event of a log has this type."""
BUILT_IN = (
    "opened",
    "severity_changed",
    "waiting",
    "resumed",
    "resolved",
    "closed",
    "reopened",
    "cancelled",
    "out_of_scope",
    "terminated",
    "elected",
    "agreed",
    "severity_confirmed",
    "without effect",
)
MOVES = frozenset(range(9)) | {CONFIRMED}

# Marks of a type of event.
PERFORMS, ENDS, SETS_OFF, JUDGED, FORBIDDEN = 1, 2, 4, 8, 16

# ---- A duty ---------------------------------------------------------------------------------------------------------
(
    D_KEEPS,
    D_ROLLING,
    D_STRICT,
    D_RISES,
    D_FALLS,
    D_REOPENING,
    D_GUARD,
    D_WHILE,
    D_QUALIFIES,
    D_PAUSED,
    D_BY_SEVERITY,
    D_TO_OPENING,
    D_BEYOND,
    D_FACTS,
    D_DATES,
    D_DATES_OF,
    D_HOURS,
) = range(17)
DUTY = 17
RECOUNT, RESTART, KEEP = range(3)
IGNORE, RESUME = 0, 2
"""What a reopening does; ``RESTART`` is the third."""
EACH_DAY, ON_EACH = 1, 2
"""Of what dates a duty is owed: the open dates of a calendar, or those of a recorded list; 0: it is owed once."""

# ---- A limit at one severity ----------------------------------------------------------------------------------------
L_KIND, L_ALLOWED, L_CALENDAR, L_NAME = range(4)
LIMIT = 4
ENDLESS, COUNTING, CLOSINGS, DATED, NEXT_CLOSE, NO_PROMISE, NO_SEVERITY, CELLS = range(8)
"""``CELLS``: what it comes to is asked, and the answer is a row of T_CELLS, of these kinds or of those that follow."""
MONTHS, FIXED, BY_END, AFTER, AWAITING, SEVERAL, PASSED, LISTED = range(8, 16)
C_KIND, C_ALLOWED, C_CALENDAR, C_NAME, C_ELSE, C_ELSE_ALLOWED = range(6)
CELL = 6

# ---- An instance ----------------------------------------------------------------------------------------------------
(
    I_DUTY,
    I_NUMBER,
    I_TRIGGERED,
    I_START,
    I_CAUSE,
    I_TRIGGER,
    I_SEVERITY,
    I_PHASE,
    I_FLOOR,
    I_DUE,
    I_UNKNOWN_AT,
    I_STOPPED,
    I_PERFORMED_AT,
    I_PERFORMED_BY,
    I_OWED,
    I_CEASED,
    I_ENDED_BY,
    I_CLOSER,
    I_MISSING,
    I_UNCERTAIN,
    I_ROW,
    I_PAUSED,
    I_KIND,
    I_ALLOWED,
    I_CALENDAR,
    I_NAME,
    I_SINCE,
    I_STRETCHES,
    I_USED,
    I_WHO,
    I_BEGUN,
    I_WARNS_AT,
    I_WARNED,
) = range(33)
INSTANCE = 33
PENDING, MET, BREACHED, ENDED, UNDETERMINED, COULD_NOT_ARISE = range(6)

# ---- The ticket -----------------------------------------------------------------------------------------------------
(
    S_NOW,
    S_ENTRY,
    S_FIRST,
    S_UPTO,
    S_SEVERITY,
    S_WAITING,
    S_RESOLUTION,
    S_OPENED,
    S_CLOSED,
    S_ENDED,
    S_INSTANCES,
    S_LIVE,
    S_ARISEN,
    S_BEYOND,
    S_OUTSIDE,
    S_ELECTIONS,
    S_RIGHTS,
    S_AGREEMENT,
    S_FRAMES,
    S_ROWS,
    S_RECORDED,
    S_RESOLVED_AT,
    S_UNSURE,
    S_WANTING,
    S_BREAKS,
    S_FOUND,
    S_DATES,
    S_PARTS,
    S_UNDONE,
    S_CLOSING,
    S_ANEW,
    S_OTHERWISE,
    S_OTHERWISE_AT,
    S_RESOLVED_LEVEL,
) = range(34)
STATE = 34
FROM_ITS_START, FROM_NOW = 1, 2  # of `S_ANEW`: a clock is wound again, from its own start or from the present instant
NOBODY = -1

# ---- A row of dates on which something is owed, one after the other (R4) -------------------------------------------
R_DUTY, R_CAUSE, R_TRIGGER, R_NEXT, R_DUE, R_LAST, R_OVER, R_CLOSER = range(8)
ROW = 8

# ---- An election ----------------------------------------------------------------------------------------------------
(
    E_CHOICE,
    E_NUMBER,
    E_TRIGGERED,
    E_CAUSE,
    E_TRIGGER,
    E_STATE,
    E_MISSING,
    E_CLOSER,
    E_LAPSES,
    E_OPTION,
    E_AT,
    E_EVENT,
) = range(12)
ELECTION = 12
OPEN, E_ENDED, E_UNDETERMINED, E_LAPSED, E_ELECTED = range(5)

# ---- Inputs of a question -------------------------------------------------------------------------------------------
Q_FACT, Q_SEVERITY, Q_HAPPENED, Q_OPEN, Q_AGREEMENT, Q_FACT_OR_AGREEMENT, Q_ACTOR, Q_MEMBER, Q_OVER = range(9)

# ---- Why a ticket is beyond the kernels: below `FIRST_RULE` one of these, from there on a rule of the contract ------
(
    WITHIN,
    NOT_OPENED,
    ANSWERED,
    MANY,
    DISPUTABLE,
    AT_ONCE,
    UNKNOWN_TYPE,
    BAD_FACT,
    UNKNOWN_FACT,
    NOT_THEIRS,
    CORRECTED,
    REPEATED,
    OTHER_AGREEMENT,
    DRAWS,
    DISPUTED,
    NOT_IN_FORCE,
    EARLIER_ACT,
    TO_AND_FRO,
    UNTOLD,
    RUNS_ON,
    MAYBE_BOTH,
    STANDS,
    UNSAID,
    ENDED_PERHAPS,
    WAITS_UNSAID,
    ALL_BEYOND,
) = range(26)
FIRST_RULE = 32
REASONS = {
    NOT_OPENED: "something happened to it at the instant of its opening, and before",
    ANSWERED: "what could not be known was answered later (R9)",
    EARLIER_ACT: "an act or a milestone of it counts by what held earlier (R10, R23, R33)",
    TO_AND_FRO: "its severity or its resolution changed more than once at one instant (R6, R7)",
    UNTOLD: "it is due by a closing of which a supplied list does not tell (R30)",
    RUNS_ON: "dates, or a time to choose, run on after it was reopened (R4, R7, R22)",
    STANDS: "the later of its limits stands still (R16, R33)",
    UNSAID: "its terms became such as nobody knows (R6, R9)",
    ENDED_PERHAPS: "nobody knows whether its dates have ended, or what was elected (R22, R23)",
    WAITS_UNSAID: "a wait of it does not say on whom (R9)",
    MAYBE_BOTH: "one of two triggers may not have been one (R23, R35)",
    MANY: "more happens to it at once than the kernels have room for",
    DISPUTABLE: "no table can hold what its severity is defined by (R24)",
    AT_ONCE: "events of one instant could have come in another order (R12)",
    UNKNOWN_TYPE: "an event is of a type that the contract does not know",
    BAD_FACT: "a recorded value is none of its fact",
    UNKNOWN_FACT: "it is the first with a fact that the contract does not know",
    NOT_THEIRS: "a fact was recorded by another than its judge",
    CORRECTED: "an event of it was corrected or retracted (R3)",
    REPEATED: "an id of it is there twice (R32)",
    OTHER_AGREEMENT: "the log does not have its agreement",
    DRAWS: "it draws on an allowance (R34)",
    DISPUTED: "its events do not agree what it is, or under which agreement it stands (R12)",
    NOT_IN_FORCE: "something of it that is open arose while the contract was not in force (R27)",
}
"""Why a ticket goes to the reference engine, in words."""

# ---- What is written of an instance, an election, a right or a scope ------------------------------------------------
(
    O_TICKET,
    O_RULE,
    O_NUMBER,
    O_STATE,
    O_SEVERITY,
    O_TRIGGERED,
    O_DEADLINE,
    O_PERFORMED,
    O_CONSUMED,
    O_ALLOWED,
    O_LATE,
    O_LATE_COUNTED,
    O_OWED,
    O_ENDED_BY,
    O_MISSING,
    O_CAUSE,
    O_CAUSE_NUMBER,
    O_CHANGE,
    O_NAME,
    O_TRIGGER,
    O_ACT,
    O_FLAGS,
    O_OPTION,
    O_WHO,
) = range(24)
OUT = 24
FINDING = -1
"""The rule of a row that tells what is odd about an event: its state says what, its severity which was found, and the
number of its cause which was in force."""
F_IMPOSSIBLE, F_MAY_NOT_SET, F_MAY_NOT_CONFIRM, F_UNCONFIRMED, F_UNDEFINED, F_NOT_OPENED = range(6)
SKEW, NO_DEADLINE, WITHIN_PRECISION, TIED = 1, 2, 4, 8
UNKNOWN_OWED = 2

# How ``ended_by`` is told: below zero one of these; from 0 on the type of an event; from 1000 on a scope.
BY_NOTHING, BY_WHILE, BY_NO_PROMISE, BY_PAUSE = -1, -2, -3, -4
BY_SCOPE = 1000

STATES = (
    "pending",
    "met",
    "breached",
    "ended",
    "undetermined",
    "could_not_arise",
    "suspended",
    "reached",
    "missed",
    "open",
    "permitted",
    "not_permitted",
    "in_scope",
    "out_of_scope",
    "kept",
    "lapsed",
    "elected",
)
SUSPENDED, REACHED, MISSED = 6, 7, 8
CHOICE_OPEN, PERMITTED, NOT_PERMITTED, IN_SCOPE, OUTSIDE = 9, 10, 11, 12, 13
KEPT, LAPSED, CHOSEN = 14, 15, 16

# ---- The workspace of one ticket: it leads the one array that the kernels work on ----------------------------------
#
# Room for one ticket; one that needs more goes to the reference engine.
INSTANCES, STRETCHES, UNCERTAIN, ELECTIONS, RIGHTS, ROWS, SERVED, FRAMES = 1024, 48, 8, 16, 64, 256, 8, 64
BREAKS, FOUND = 64, 64
PAUSES = 48
FACTS, COUNTS, BOTH, SCOPES = 64, 512, 64, 64
FACTS_AT = STATE  # [fact]: the code last recorded; 0 for none
COUNTS_AT = FACTS_AT + FACTS  # [rule]: how many instances it has had
BOTH_AT = COUNTS_AT + COUNTS  # [joint trigger, 2]: the events seen; -1 for none
SCOPES_AT = BOTH_AT + 2 * BOTH  # [scope, (answer + 1, since)]
FRAMES_AT = SCOPES_AT + 2 * SCOPES  # [·, (instance, outcome, next)]: consequences under way
TRIAL = INSTANCES - 1  # the instance on which the clock of a choice is wound
ELECTIONS_AT = FRAMES_AT + 3 * FRAMES  # [election, E_…]
RIGHTS_AT = ELECTIONS_AT + ELECTION * ELECTIONS  # [·, (right, event, answer, missing)]
BREAKS_AT = RIGHTS_AT + 4 * RIGHTS  # [·, (prohibition, event, answer, missing)]
FOUND_AT = BREAKS_AT + 4 * BREAKS  # [·, (what is odd, event, severity found, severity in force)]
SERVED_AT = FOUND_AT + 4 * FOUND  # [row, ·]: acts that served a recurrence
ROWS_AT = SERVED_AT + ROWS * SERVED  # [row, R_…]
LIVE_AT = ROWS_AT + ROWS * ROW  # the instances that may still change
INSTANCES_AT = LIVE_AT + 2 * INSTANCES  # [instance, I_…]
UNCERTAIN_AT = INSTANCES_AT + INSTANCES * INSTANCE  # [instance, ·, (act, missing)]: what may have performed it (R23)
STRETCHES_AT = UNCERTAIN_AT + INSTANCES * UNCERTAIN * 2  # [instance, ·, (from, to)]: when its clock ran, but for now
PAUSES_AT = STRETCHES_AT + INSTANCES * STRETCHES * 2  # [instance, ·, (from, to)]: when it stood still; NEVER: it does
WORK = PAUSES_AT + INSTANCES * PAUSES * 2

# ---- The tables: behind the workspace, led by where each part begins -----------------------------------------------
#
# A part of several columns lies row by row. What has a count of its own has it in a place that ends in ``_COUNT``.
(
    T_DUTIES,  # [duty, D_…]: what is fixed of a duty
    T_LIMITS,  # [duty, severity, L_…]; the last severity is that of a ticket without one
    T_EFFORTS,  # [duty]: 1 for a target
    T_PERFORMS,  # [duty, type]: the parties whose act performs it; 0 for none
    T_ENDS,  # [duty, type]: the parties whose act ends it
    T_MARKS,  # [type]: PERFORMS, ENDS …
    T_TRIGGERS_AT,  # [type]: its first row of T_TRIGGERS; one more than types
    T_TRIGGERS,  # [·, (rule, parties, calendar within which, calendar outside which)]
    T_BOTH,  # [·, (rule, and twice: type, parties, calendar within which, calendar outside which)]: joint triggers
    T_STANDING,  # the rules that stand from the ticket's opening on
    T_OUTCOMES_AT,  # [3 * duty + (breached, met, performed)]: its first in T_OUTCOMES
    T_OUTCOMES,  # the rules that an outcome sets off
    T_CHOICES,  # [choice, CH_…]: its questions, the first option's duty, who elects, its number, what it lapses into
    T_LAPSES,  # [choice, severity, L_…]: within what time it lapses, as T_LIMITS
    T_OPTIONS_AT,  # [choice]: its first row of T_OPTIONS
    T_OPTIONS,  # [·, (option, its first in T_CALLED, after the last)]
    T_CALLED,  # the duties that options call up
    T_RIGHTS_AT,  # [type]: its first row of T_RIGHTS
    T_RIGHTS,  # [·, (right, parties, question, beyond)]
    T_FORBIDS_AT,  # [type]: its first row of T_FORBIDS
    T_FORBIDS,  # [·, (prohibition, parties, question, beyond)]
    T_SCOPES,  # [scope]: the question whether the ticket is outside
    T_DISPUTES,  # [severity]: the question whether its definition holds; -1 for none, -2 for one beyond the kernels
    T_QUESTIONS,  # [question, (first input, inputs, its first answer)]
    T_INPUTS,  # [·, (kind, what, stride)]
    T_ANSWERS,  # a question's answer for each combination of its inputs
    T_WANTING,  # [answer]: for want of what it is unknown, a bit each
    T_PATTERNS,  # [pattern, (type, parties)]: what may have happened
    T_ASSIGNED_BY,  # the parties that assign a severity, change it, confirm it
    T_GRAVE,  # [severity]: its place, the gravest first
    T_CALENDARS,  # [calendar, (first interval, after the last, its place in T_DAY_INTERVAL, days, first date, …, zone)]
    T_STARTS,  # intervals of all calendars: first instant,
    T_CLOSES,  # first instant after,
    T_BEFORE,  # and open time before
    T_DAY_INTERVAL,  # [days]: the first interval that ends after the day's first instant (UTC)
    T_DATES,  # open dates of all calendars, counted from 1970-01-01,
    T_LAST_CLOSE,  # and the last closing of each
    T_DAY_STARTS,  # [zone, day since 1970-01-01]: the day's first instant
    T_UNKNOWN_FROM,  # [calendar]: from when its lists say nothing (R30)
    T_UNKNOWN_MASK,  # [calendar]: the bits of those lists
    T_STEP_AT,  # [step, agreement]: its first in T_STEPS; one more column than agreements
    T_STEPS,  # [·, (when something of an agreement came to be so, how)]
    T_MEMBER_AT,  # [role, agreement]: its first in T_MEMBERS; one more column than agreements
    T_MEMBERS,  # [·, (person, from when, whether the role has that person)], by person, then by time
    T_TURN_AT,  # [agreement]: its first in T_TURNS; one more than agreements
    T_TURNS,  # when a `while` may come out otherwise by what the agreement does
    T_CHANGE_AT,  # [agreement]: its first in T_CHANGES; one more than agreements
    T_CHANGES,  # when a status of the agreement changes
    T_RECORD_AT,  # [agreement]: its first row of T_RECORDS; one more than agreements
    T_RECORDS,  # [·, (when facts were recorded of it, which of those that tickets turn on, a bit each)]
    T_AGREED,  # [pattern, agreement]: when it happened to the agreement first, or BY_NOBODY
    T_WATCHED,  # calendars on whose opening times a `while` hangs
    T_CELLS,  # [cell, C_…]: what a limit can come to
    T_PARTS,  # the questions of limits of which the sooner or the later counts
    T_FIRST_OPEN,  # the first opening of each open date, as T_DATES
    T_LISTS,  # dates of recorded lists, counted from 1970-01-01: a cell of kind LISTED has its first, and how many
    T_WARNS_AT,  # [duty]: its first row of T_WARNS
    T_WARNS,  # [·, (rule, what is left, the share that is used, above and below)]: what is set off by what remains
    T_DUTY_COUNT,
    T_CHOICE_COUNT,
    T_BOTH_COUNT,
    T_STANDING_COUNT,
    T_SCOPE_COUNT,
    T_DISPUTE_COUNT,
    T_FORBIDDEN_COUNT,
    T_RIGHT_COUNT,
    T_FACT_COUNT,
    T_TYPES,
    T_LEVELS,
    T_DAYS,
    T_AGREEMENTS,
    T_AGREED_FACTS,  # the bits of facts that are recorded of agreements
    T_PASSING,  # and of those that are said of one event, and not kept
    T_PRESUMED,  # and of those that are known before they are recorded
    T_WATCHED_COUNT,
    T_WATCHES,  # 1: something may come out otherwise though nothing happens to the ticket; 2: by a status, too
    T_OWN_ZONE,  # the contract's zone among T_DAY_STARTS
    T_HAS_WHILES,  # whether anything has a `while`
    T_HAS_WARNS,  # whether anything is set off by what remains of a duty
    T_WAITS,  # whether some limit runs from a milestone
    T_SINCE,  # from when the contract is in force
    T_UNTIL,  # and from when no more
    M_EVENTS,  # the events: (when it happened, all else) one after the other
    M_FACTS,  # [event]: where its facts begin, counted from here; then the facts
) = range(WORK, WORK + 84)
HEADER = 84
WARN = 4
CALENDAR, JOINT, MEMBER = 7, 9, 3
CH_GUARD, CH_WHILE, CH_BEYOND, CH_FIRST, CH_ELECTOR, CH_NUMBER, CH_LAPSES_INTO, CH_HOURS = range(8)
CHOICE = 8
