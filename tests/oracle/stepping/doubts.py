"""The open questions of the rules, each with what the stepper decides; a doubt is noted when a history gets there."""

from __future__ import annotations

DOUBTS = {
    "acts-of-one-instant": (
        "two acts of one kind at one instant meet a recurring duty: may the second serve the next period?"
    ),
    "answered-after-act": (
        "an act came before the fact that made the duty certain: here it performs, deadline floored (R9)"
    ),
    "followed-late": "what follows an act known later to have performed has other terms, or may have ended, since",
    "several-unsure": "several acts may have performed a duty, or by somebody unknown and for want of a fact",
    "terms-while-unsure": "other terms while an act may have performed it: here the deadline of the act's own time",
    "unsure-while-resolved": "an act on a resolved ticket, of which it is not known whether it qualifies (R7, R23)",
    "unsure-early": "an act of before a consequence arose, of which it is not known whether it qualifies (R10, R23)",
    "no-promise-and-unknown": "the table promises nothing, and the guard is unknown: here it does not arise",
    "warned-by-other-terms": "other terms leave less than is warned of: here it warns at the change",
    "closing-beyond-the-list": "the next close of a calendar whose list ends before it (R30)",
    "begun-again-while-undetermined": "resolved and reopened under `restart` before it was known that it is owed",
    "automatic-unknown": ("automatic replies do not count, and nobody said whether this one was: here it counts"),
    "before-opening": "events of a ticket that is not open yet: here they do nothing, and are not listed",
    "civil-while-resolved": "a civil duty on a resolved ticket: here it goes on, for R14 knows no pauses",
    "later-used-up-then-paused": (
        "of the later of two one is used up, then the clock stands: here what is used up stays so (R16, R33)"
    ),
    "milestone-by-time": (
        "time alone reaches a milestone, by an act of before: here it is foretold for the duty that waits for it"
    ),
    "act-is-the-milestone": (
        "one act performs a duty, and another whose time runs from that: here in the order in which they arose"
    ),
    "milestone-over-at-trigger": (
        "the time that runs from a milestone was over at the trigger: here it could not arise (R29)"
    ),
    "certain-part-of-several-calendars": (
        "beyond a list, time that another calendar of the combination opens for certain: here it is known (R30)"
    ),
    "close-of-a-closed-date": "`by the close of` a date that is closed",
    "date-moved-before-trigger": "a date that is recorded anew lies before the trigger: here it could not arise",
    "each-day-while-resolved": "a date closes while the ticket is resolved: here that is a pause, too (R4, R7)",
    "elected-while-undetermined": "elected while it is not known whether the choice is open: here without effect",
    "facts-of-the-trigger": "what the trigger records is recorded anew at its instant: here the last (R1, R8)",
    "joint-again": "one of two joint events happens again: here nothing more is set off (R35)",
    "reinstated-after-the-next-expiry": "reinstated from expiry when that term would be over, too",
    "several-choices-open": "two choices of one name are open: here one election serves both",
    "started-again": "an agreement that has started starts again",
    "undone-early-act": (
        "a resolution that a reopening undid, and a consequence without a rule for it: here it performs (R7, R10)"
    ),
    "unknown-hours-of-several": "one of several limits comes to unknown time: here undetermined (R30, R33)",
    "closing-at-resolution": (
        "resolved at the last counted closing: here that date counts for the deadline shown (R15)"
    ),
    "early-acts": ("more than one act since the breached duty's trigger: here the first one performs (R10, R23)"),
    "early-act-while-suspended": "met by an earlier act, suspended when it arises: deadline null (R10, R16)",
    "ended-by-two": "the ticket ends at the instant of the `until`: here ended by the latter",
    "ended-while-undetermined": "a duty of unknown guard on a ticket that ends: here it stays undetermined",
    "missing-several": "more than one fact is missing, or the severity beside the guard: which are named",
    "no-reopen-rule": ("a reopening undoes a performance or an ending, and no rule is given: here it is ignored"),
    "overdrawn-while-suspended": (
        "the target is used up while the clock stands: here breached when it runs again (R6, R16)"
    ),
    "pause-at-act": (
        "waiting begins, or the ticket is resolved, at the instant of the act: waiting makes the deadline "
        "null (R1, R16), the resolution does not"
    ),
    "pause-at-deadline": ("the clock is stopped at the instant at which the target is reached: here suspended (R1)"),
    "period-at-ending": "a period would begin at the instant at which the series ends: a rolling one does not"
    " arise, a date's does, and ends (R1, R4)",
    "recurring-unknown": "a recurring duty whose guard is unknown",
    "reopened-after-ending": ("reopened after cancelled, or after closed while open: here the ended duties stay ended"),
    "resolved-reopened-at-once": (
        "resolved and reopened at one instant: here events first, so the act performs nothing undone"
    ),
    "resolved-while-waiting": ("resolved while waiting: here performed while suspended, deadline null (R16, R18)"),
    "restart-then-recount": "recount after restart: here from the restarted clock",
    "resumed-and-resolved-at-once": (
        "the wait ends, and the ticket is resolved, at one instant: here it is resolved while the clock runs (R12, R16)"
    ),
    "severity-while-resolved": ("a met duty's severity changes before the reopening: here resumed on the new terms"),
    "several-at-once": (
        "both limits are over when the clock runs again: here the first that is written was missed (R33)"
    ),
    "several-overdrawn-at-once": (
        "several limits were over before it was known that the duty runs: here the last of them was missed (R9, R33)"
    ),
    "start-in-overnight-tail": (
        "days counted from inside a window of the date before: here the wall's date is the start's"
    ),
    "unknown-actor-early": (
        "an act of unknown actor before the consequence arose: here it makes it undetermined (R10, R23)"
    ),
    "unknown-actor-ended": "ended after an act of unknown actor: here undetermined",
    "unknown-actor-late": "an act of unknown actor after the breach: here breached and owed",
    "unknown-actor-pending": (
        "as of an instant between an act of unknown actor and the deadline: here undetermined at once"
    ),
    "unknown-actor-recurring": "an act of unknown actor on a recurring duty: here it does nothing",
    "unknown-actor-reopened": "reopened after a resolution of unknown actor",
    "until-at-birth": "the ending event stands at the instant at which a consequence arises: here it ends it",
    "waiting-while-resolved": (
        "waiting, or resumed, on a resolved ticket: here it counts, and lasts past the reopening"
    ),
    "while-again": "`while` becomes true again: here the duty stays ended",
}
"""The open questions, each with what the stepper decides; a doubt is noted when a history gets there."""
