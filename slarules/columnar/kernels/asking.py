"""Questions as the kernels ask them: every combination of a condition's inputs was answered beforehand."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.clocks import is_open
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.happened import actor_of, type_of
from slarules.columnar.kernels.layout import (
    ANY,
    BY_NOBODY,
    EARLIER_ACT,
    FACTS_AT,
    M_FACTS,
    MEMBER,
    NEVER,
    NO,
    NOBODY,
    Q_ACTOR,
    Q_AGREEMENT,
    Q_FACT,
    Q_FACT_OR_AGREEMENT,
    Q_HAPPENED,
    Q_MEMBER,
    Q_OPEN,
    Q_OVER,
    Q_SEVERITY,
    S_AGREEMENT,
    S_BEYOND,
    S_ENTRY,
    S_FIRST,
    S_NOW,
    S_OTHERWISE,
    S_OTHERWISE_AT,
    S_SEVERITY,
    S_UPTO,
    SEVERITY_CODE,
    T_AGREED,
    T_AGREEMENTS,
    T_ANSWERS,
    T_INPUTS,
    T_MEMBER_AT,
    T_MEMBERS,
    T_PATTERNS,
    T_QUESTIONS,
    T_RECORD_AT,
    T_RECORDS,
    T_STEP_AT,
    T_STEPS,
    T_UNKNOWN_FROM,
    T_UNTIL,
    YES,
)


@compiled
def answer(memory: Any, question: int) -> int:
    """What a question comes to now: ``YES``, ``NO``, or for want of what it cannot be known (``T_WANTING``)."""
    if question < 0:
        return YES
    return combination(memory, question)


@small
def combination(memory: Any, question: int) -> int:
    """What stands for the inputs of a question as they are now."""
    first, count = memory[memory[T_QUESTIONS] + question * 3 + 0], memory[memory[T_QUESTIONS] + question * 3 + 1]
    place = memory[memory[T_QUESTIONS] + question * 3 + 2]
    for number in range(first, first + count):
        code = _input(
            memory,
            memory[memory[T_INPUTS] + number * 3 + 0],
            memory[memory[T_INPUTS] + number * 3 + 1],
        )
        place += code * memory[memory[T_INPUTS] + number * 3 + 2]
    return int(memory[memory[T_ANSWERS] + place])


@compiled
def turns_on_then(memory: Any, question: int, then: int) -> bool:
    """Whether a question turns on when it is asked: not only on what is recorded of the ticket, or on what was known
    and is recorded otherwise since ``then``.
    """
    first, count = memory[memory[T_QUESTIONS] + question * 3 + 0], memory[memory[T_QUESTIONS] + question * 3 + 1]
    for number in range(first, first + count):
        kind = memory[memory[T_INPUTS] + number * 3 + 0]
        what = SEVERITY_CODE if kind == Q_SEVERITY else memory[memory[T_INPUTS] + number * 3 + 1]
        if kind != Q_FACT and kind != Q_SEVERITY and kind != Q_ACTOR:
            return True
        if kind != Q_ACTOR and memory[S_OTHERWISE_AT] > then and memory[S_OTHERWISE] >> what & 1:
            return True
    return False


@compiled
def _input(memory: Any, kind: int, what: int) -> int:
    if kind == Q_FACT:
        return fact_code(memory, what)
    if kind == Q_SEVERITY:
        return int(memory[S_SEVERITY]) + 1
    if kind == Q_HAPPENED:
        return 1 if has_happened(memory, what) else 0
    if kind == Q_OPEN:
        return open_now(memory, what, memory[S_NOW])
    if kind == Q_AGREEMENT:
        return step_code(memory, what, memory[S_AGREEMENT], memory[S_NOW])
    if kind == Q_FACT_OR_AGREEMENT:  # `what` is the fact, and above it the step
        code = fact_code(memory, what & 0xFFFF)
        return code if code > 0 else step_code(memory, what >> 16, memory[S_AGREEMENT], memory[S_NOW])
    if kind == Q_ACTOR:
        return 0 if memory[S_ENTRY] < 0 else actor_of(memory, memory[S_ENTRY]) + 2
    if kind == Q_OVER:
        if memory[S_AGREEMENT] >= 0:
            return step_code(memory, what, memory[S_AGREEMENT], memory[S_NOW])
        return 1 if memory[S_NOW] >= memory[T_UNTIL] else 0
    if kind == Q_MEMBER:  # `what` is the fact that names the person, and above it the role
        person = fact_code(memory, what & 0xFFFF)
        return member_code(memory, what >> 16, person, memory[S_AGREEMENT], memory[S_NOW]) if person > 0 else 0
    return 0


@compiled
def fact_code(memory: Any, fact: int) -> int:
    """A fact as the event at hand says it, else as it was last recorded; 0: not recorded."""
    entry = memory[S_ENTRY]
    if entry >= 0:
        for place in range(memory[memory[M_FACTS] + entry], memory[memory[M_FACTS] + entry + 1]):
            if memory[memory[M_FACTS] + place] & 0xFFFF == fact:
                return int(memory[memory[M_FACTS] + place] >> 16)
    return int(memory[FACTS_AT + fact])


@compiled
def step_code(memory: Any, step: int, agreement: int, at: int) -> int:
    """How something of an agreement stands at an instant; 0 for a ticket under none, or before it began."""
    if agreement < 0:
        return 0
    place = memory[T_STEP_AT] + step * (memory[T_AGREEMENTS] + 1) + agreement
    low, high = memory[place], memory[place + 1]
    start = low
    while low < high:
        middle = (low + high) // 2
        if memory[memory[T_STEPS] + 2 * middle] <= at:
            low = middle + 1
        else:
            high = middle
    return 0 if low == start else int(memory[memory[T_STEPS] + 2 * low - 1])


@small
def next_of(memory: Any, begin: int, instants: int) -> int:
    """The first instant after now that is told of the ticket's agreement; ``NEVER``."""
    low = memory[memory[begin] + memory[S_AGREEMENT]]
    high = end = memory[memory[begin] + memory[S_AGREEMENT] + 1]
    while low < high:
        middle = (low + high) // 2
        if memory[memory[instants] + middle] <= memory[S_NOW]:
            low = middle + 1
        else:
            high = middle
    return NEVER if low == end else memory[memory[instants] + low]


@compiled
def recorded_now(memory: Any) -> int:
    """What is recorded of the ticket's agreement at this very instant, a bit for each fact; -1: nothing (R9)."""
    place = _first_record(memory, memory[S_NOW])
    found = -1
    while place < memory[memory[T_RECORD_AT] + memory[S_AGREEMENT] + 1]:
        if memory[memory[T_RECORDS] + 2 * place] != memory[S_NOW]:
            break
        found = max(found, 0) | memory[memory[T_RECORDS] + 2 * place + 1]
        place += 1
    return int(found)


@compiled
def next_recorded(memory: Any, wanted: int) -> int:
    """When one of these facts is recorded next of the ticket's agreement; ``NEVER``."""
    place = _first_record(memory, memory[S_NOW] + 1)
    while place < memory[memory[T_RECORD_AT] + memory[S_AGREEMENT] + 1]:
        if memory[memory[T_RECORDS] + 2 * place + 1] & wanted:
            return int(memory[memory[T_RECORDS] + 2 * place])
        place += 1
    return NEVER


@compiled
def _first_record(memory: Any, at: int) -> int:
    """The first row of the ticket's agreement that is not before an instant."""
    low = memory[memory[T_RECORD_AT] + memory[S_AGREEMENT]]
    high = memory[memory[T_RECORD_AT] + memory[S_AGREEMENT] + 1]
    while low < high:
        middle = (low + high) // 2
        if memory[memory[T_RECORDS] + 2 * middle] < at:
            low = middle + 1
        else:
            high = middle
    return int(low)


@compiled
def member_code(memory: Any, role: int, person: int, agreement: int, at: int) -> int:
    """Whether a role has a person at an instant, from 2 on as its values are coded; 1 for a ticket under none."""
    if agreement < 0:
        return 1
    place = memory[T_MEMBER_AT] + role * (memory[T_AGREEMENTS] + 1) + agreement
    low, high = memory[place], memory[place + 1]
    start = low
    while low < high:
        middle = (low + high) // 2
        row = memory[T_MEMBERS] + MEMBER * middle
        if memory[row] < person or (memory[row] == person and memory[row + 1] <= at):
            low = middle + 1
        else:
            high = middle
    last = memory[T_MEMBERS] + MEMBER * (low - 1)
    return 2 if low == start or memory[last] != person else int(memory[last + 2]) + 1


@compiled
def open_now(memory: Any, calendar: int, at: int) -> int:
    """0 closed, 1 open, 2 open by its base though its lists say nothing any more (R30)."""
    if not is_open(memory, calendar, at):
        return 0
    unknown = memory[memory[T_UNKNOWN_FROM] + calendar]
    return 2 if unknown != NEVER and at >= unknown else 1


@compiled
def has_happened(memory: Any, pattern: int) -> bool:
    """Whether such an event has happened by now to the ticket or its agreement; the reference engine judges the rest,
    where one did of which nobody knows by whom it was (R23)."""
    if memory[S_AGREEMENT] >= 0:
        at = memory[memory[T_AGREED] + pattern * memory[T_AGREEMENTS] + memory[S_AGREEMENT]]
        if at == BY_NOBODY:
            memory[S_BEYOND] = EARLIER_ACT
        elif at != NEVER and at <= memory[S_NOW]:
            return True
    kind, parties = memory[memory[T_PATTERNS] + pattern * 2 + 0], memory[memory[T_PATTERNS] + pattern * 2 + 1]
    for event in range(memory[S_FIRST], memory[S_UPTO]):
        if type_of(memory, event) == kind:
            who = by_whom(parties, actor_of(memory, event))
            if who == YES:
                return True
            if who != NO:
                memory[S_BEYOND] = EARLIER_ACT
    return False


@small
def by_whom(parties: int, actor: int) -> int:
    """Whether an act is by one of the parties: ``NO``, ``YES``, or 2 where the actor is not known (R23)."""
    if parties & ANY:
        return YES
    if actor == NOBODY:
        return 2 if parties else NO
    return YES if actor < 60 and (parties >> actor) & 1 else NO


@compiled
def within(memory: Any, calendar: int, at: int, inside: bool) -> int:
    """Whether an instant is within (or outside) a calendar: ``NO``, ``YES``, or 2 beyond its lists (R30)."""
    found = open_now(memory, calendar, at)
    return 2 if found == 2 else YES if (found == 1) == inside else NO
