"""A case made small: subjects, events, facts and rules are left out one by one while it still differs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from attrs import evolve

from slarules.model.event import Event
from tests.same.cases import Case, contract_of

Differs = Callable[[Case], bool]
T = TypeVar("T")


def shrunk(case: Case, differs: Differs, seconds: float = 20.0) -> Case:
    """The smallest case found in that time that still differs; ``case`` itself must."""
    until = time.monotonic() + seconds
    late = lambda: time.monotonic() > until  # noqa: E731
    tried = lambda smaller: not late() and _safely(smaller, differs)  # noqa: E731
    case = _one_subject(case, tried)
    before = -1
    while before != _size(case) and not late():
        before = _size(case)
        case = _fewer_events(case, tried)
        case = _fewer_facts(case, tried)
        case = _less_policy(case, tried, late)
        case = _fewer_choices(case, tried)
    return case


def _safely(case: Case, differs: Differs) -> bool:
    """Whether it differs; not so where an engine cannot answer at all, which is another matter."""
    try:
        return differs(case)
    except Exception:
        return False


def _size(case: Case) -> int:
    facts = sum(len(event.facts) + (event.actor is not None) for event in case.events)
    return len(case.events) + facts + len(case.policy) + len(case.readings)


def _one_subject(case: Case, differs: Differs) -> Case:
    """The subjects by halves, then one by one."""
    names = list(dict.fromkeys(event.subject for event in case.events))
    kept = _fewer(names, lambda few: differs(_with_subjects(case, few)))
    return _with_subjects(case, kept)


def _with_subjects(case: Case, names: Sequence[str]) -> Case:
    chosen = set(names)
    return evolve(case, events=tuple(event for event in case.events if event.subject in chosen))


def _fewer_events(case: Case, differs: Differs) -> Case:
    kept = _fewer(list(case.events), lambda few: differs(evolve(case, events=tuple(few))))
    return evolve(case, events=tuple(kept))


def _fewer(things: list[T], differs: Callable[[list[T]], bool]) -> list[T]:
    """Chunks left out, large ones first."""
    size = max(1, len(things) // 2)
    while size:
        place = 0
        while place < len(things):
            fewer = things[:place] + things[place + size :]
            if fewer and differs(fewer):
                things = fewer
            else:
                place += size
        size //= 2
    return things


def _fewer_facts(case: Case, differs: Differs) -> Case:
    for place in range(len(case.events)):
        for simpler in _simpler(case.events[place]):
            events = (*case.events[:place], simpler, *case.events[place + 1 :])
            if differs(evolve(case, events=events)):
                case = evolve(case, events=events)
    return case


def _simpler(event: Event) -> Iterator[Event]:
    plain = {"source": "desk", "sequence": None, "recorded_at": None, "kind": None, "agreement": None}
    for name, value in plain.items():
        if getattr(event, name) != value:
            yield evolve(event, **{name: value})
    for name in event.facts:
        yield evolve(event, facts={n: v for n, v in event.facts.items() if n != name})


def _less_policy(case: Case, differs: Differs, late: Callable[[], bool]) -> Case:
    """A line, with what is indented under it, left out."""
    lines = case.policy.splitlines()
    place = 0
    while place < len(lines) and not late():
        end = _end(lines, place)
        shorter = lines[:place] + lines[end:]
        text = "\n".join(shorter) + "\n"
        contract, _ = contract_of(text)
        smaller = evolve(case, policy=text, contract=contract) if contract is not None else None
        if smaller is not None and differs(_fitting(smaller)):
            case, lines = _fitting(smaller), shorter
        else:
            place += 1
    return case


def _fitting(case: Case) -> Case:
    """Without the choice of readings that the policy no longer has."""
    known = {name: option for name, option in case.readings.items() if name in case.contract.readings}
    return evolve(case, readings=known) if len(known) != len(case.readings) else case


def _end(lines: Sequence[str], place: int) -> int:
    own = _indent(lines[place])
    end = place + 1
    while end < len(lines) and lines[end].strip() and _indent(lines[end]) > own:
        end += 1
    return end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _fewer_choices(case: Case, differs: Differs) -> Case:
    for name in list(case.readings):
        fewer = evolve(case, readings={n: o for n, o in case.readings.items() if n != name})
        case = fewer if differs(fewer) else case
    return evolve(case, precision=0) if case.precision and differs(evolve(case, precision=0)) else case
