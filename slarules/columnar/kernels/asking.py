"""Questions as the kernels ask them: every combination of a condition's inputs was answered beforehand."""

from __future__ import annotations

from slarules.columnar.kernels.clocks import is_open
from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.layout import (
    ACTOR_WANTED,
    ANSWERED,
    ANY,
    BEYOND_LISTS,
    NEVER,
    NO,
    NOBODY,
    Q_ACTOR,
    Q_AGREEMENT,
    Q_FACT,
    Q_FACT_OR_AGREEMENT,
    Q_HAPPENED,
    Q_OPEN,
    Q_SEVERITY,
    S_AGREEMENT,
    S_BEYOND,
    S_ENTRY,
    S_FIRST,
    S_NOW,
    S_SEVERITY,
    S_UPTO,
    UNKNOWN_ACTOR,
    YES,
    Events,
    Tables,
    Work,
)


@compiled
def answer(tables: Tables, events: Events, work: Work, question: int) -> int:
    """What a question comes to now: ``YES``, ``NO``, or for want of what it cannot be known (``tables.wanting``)."""
    if question < 0:
        return YES
    first, count = tables.questions[question, 0], tables.questions[question, 1]
    place = tables.questions[question, 2]
    for number in range(first, first + count):
        code = _input(tables, events, work, tables.inputs[number, 0], tables.inputs[number, 1])
        place += code * tables.inputs[number, 2]
    found = tables.answers[place]
    if found > YES and tables.wanting[found] & tables.beyond_wanted:
        if work.state[S_AGREEMENT] >= 0 or tables.wanting[found] & ACTOR_WANTED:
            work.state[S_BEYOND] = ANSWERED
    return int(found)


@compiled
def _input(tables: Tables, events: Events, work: Work, kind: int, what: int) -> int:
    state = work.state
    if kind == Q_FACT:
        return fact_code(events, work, what)
    if kind == Q_SEVERITY:
        return int(state[S_SEVERITY]) + 1
    if kind == Q_HAPPENED:
        return 1 if has_happened(tables, events, work, what) else 0
    if kind == Q_OPEN:
        return open_now(tables, what, state[S_NOW])
    if kind == Q_AGREEMENT:
        return step_code(events, what, state[S_AGREEMENT], state[S_NOW])
    if kind == Q_FACT_OR_AGREEMENT:  # `what` is the fact, and above it the step
        code = fact_code(events, work, what & 0xFFFF)
        return code if code > 0 else step_code(events, what >> 16, state[S_AGREEMENT], state[S_NOW])
    if kind == Q_ACTOR:
        return 0 if state[S_ENTRY] < 0 else int(events.actor[state[S_ENTRY]]) + 2
    return 0


@compiled
def fact_code(events: Events, work: Work, fact: int) -> int:
    """A fact as the event at hand says it, else as it was last recorded; 0: not recorded."""
    entry = work.state[S_ENTRY]
    if entry >= 0:
        for place in range(events.facts_at[entry], events.facts_at[entry + 1]):
            if events.fact[place] == fact:
                return int(events.value[place])
    return int(work.facts[fact])


@compiled
def step_code(events: Events, step: int, agreement: int, at: int) -> int:
    """How something of an agreement stands at an instant; 0 for a ticket under none, or before it began."""
    if agreement < 0:
        return 0
    low, high = events.step_at[step, agreement], events.step_at[step, agreement + 1]
    start = low
    while low < high:
        middle = (low + high) // 2
        if events.step_from[middle] <= at:
            low = middle + 1
        else:
            high = middle
    return 0 if low == start else int(events.step_value[low - 1])


@compiled
def open_now(tables: Tables, calendar: int, at: int) -> int:
    """0 closed, 1 open, 2 open by its base though its lists say nothing any more (R30)."""
    if not is_open(tables, calendar, at):
        return 0
    unknown = tables.unknown_from[calendar]
    return 2 if unknown != NEVER and at >= unknown else 1


@compiled
def has_happened(tables: Tables, events: Events, work: Work, pattern: int) -> bool:
    """Whether such an event has happened to the ticket by now; an actor not known is none of the parties."""
    kind, parties = tables.patterns[pattern, 0], tables.patterns[pattern, 1]
    for event in range(work.state[S_FIRST], work.state[S_UPTO]):
        if events.type[event] == kind and by_whom(parties, events.actor[event]) == YES:
            return True
    return False


@compiled
def by_whom(parties: int, actor: int) -> int:
    """Whether an act is by one of the parties: ``NO``, ``YES``, or 2 where the actor is not known (R23)."""
    if parties & ANY:
        return YES
    if actor == NOBODY:
        return 2 if parties else NO
    return YES if actor < 60 and (parties >> actor) & 1 else NO


@compiled
def is_by(work: Work, parties: int, actor: int) -> bool:
    """The same; where the actor is not known and it matters, the ticket is beyond the kernels."""
    by = by_whom(parties, actor)
    if by == 2:
        work.state[S_BEYOND] = UNKNOWN_ACTOR
        return False
    return by == YES


@compiled
def within(tables: Tables, work: Work, calendar: int, at: int, inside: bool) -> bool:
    """Whether an instant is within (or outside) a calendar; beyond its lists the ticket is beyond the kernels."""
    found = open_now(tables, calendar, at)
    if found == 2:
        work.state[S_BEYOND] = BEYOND_LISTS
        return False
    return (found == 1) == inside
