"""What tickets turn on of their agreements, as tables: how each thing stands from when on, and who is in which role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

import numpy as np
from attrs import frozen

from slarules.calendars import zones
from slarules.columnar.kernels import layout as at
from slarules.columnar.tables.conditions import OVER, Input, Vocabulary, person_fact
from slarules.columnar.tables.draft import array
from slarules.engine.adopt import Adopted
from slarules.engine.agreements.agreement import Agreement
from slarules.engine.agreements.binding import TERM, over
from slarules.engine.agreements.people import People
from slarules.engine.plan import Plan
from slarules.model.expression import Pattern
from slarules.model.value import Unknown, Value

LONG_AGO = -(1 << 62)
Told = Sequence[Sequence[tuple[int, ...]]]
"""[agreement] → what is told of it, in order."""


@frozen(eq=False)
class Lives:
    """What is followed of the agreements of a log."""

    own: Sequence[Agreement]
    """The agreements."""
    steps: Sequence[Told]
    """[step][agreement] → (from when, how it stands), by time."""
    members: Sequence[Told]
    """[role][agreement] → (person, from when, whether that person is in the role), by person, then by time."""


def lives_of(own: Sequence[Agreement], turns_on: Sequence[Input], words: Vocabulary, version: Adopted) -> Lives:
    """What tickets turn on of the agreements; what that can be is put into ``words``."""
    return Lives(own, _steps(own, turns_on, words, version), _members(own, turns_on, words))


def of_lives(lives: Lives, patterns: Iterable[Pattern], plan: Plan, words: Vocabulary) -> dict[str, Any]:
    many = len(lives.own)
    step_at, steps = _flat(lives.steps, many, 2)
    member_at, members = _flat(lives.members, many, at.MEMBER)
    changes = [[(since,) for since in one.changes_after(LONG_AGO)] for one in lives.own]
    turn_at, turns = _flat([[_turns(one, plan) for one in lives.own]], many, 1)
    change_at, changed = _flat([changes], many, 1)
    record_at, records = _flat([[_records(one, plan, words) for one in lives.own]], many, 2)
    return {
        "step_at": step_at,
        "steps": steps,
        "member_at": member_at,
        "members": members,
        "turn_at": turn_at,
        "turns": turns,
        "change_at": change_at,
        "changes": changed,
        "record_at": record_at,
        "records": records,
        "agreed": np.array([[_first(one, pattern) for one in lives.own] for pattern in patterns], np.int64),
    }


def _flat(told: Sequence[Told], agreements: int, width: int) -> tuple[Any, Any]:
    """All rows one after the other, and [what, agreement] where each begins; one more column than agreements."""
    own = [list(rows) for one in told for rows in one]
    ends = np.concatenate(([0], np.cumsum([len(rows) for rows in own]))).astype(np.int64)
    begin = np.zeros((len(told), agreements + 1), np.int64)
    for number in range(len(told)):
        begin[number] = ends[number * agreements : (number + 1) * agreements + 1]
    return begin, array(list(chain.from_iterable(own)), width)


def _turns(agreement: Agreement, plan: Plan) -> list[tuple[int]]:
    """The instants at which a `while` may come out otherwise by what the agreement does (R8)."""
    return [(instant,) for instant in agreement.turns] if plan.watches_agreement else []


def _records(agreement: Agreement, plan: Plan, words: Vocabulary) -> list[tuple[int, int]]:
    """When facts were recorded of the agreement, and which: those that nothing turns on have no bit (R9)."""
    found: dict[int, int] = {}
    for name in sorted(plan.agreement_facts):
        bit = 1 << words.facts[name] if name in words.facts else 0
        for instant in agreement.facts.get(name, ((), ()))[0]:
            found[instant] = found.get(instant, 0) | bit
    return sorted(found.items())


def _first(agreement: Agreement, pattern: Pattern) -> int:
    """When such an event happened first to the agreement."""
    if pattern.by is not None and agreement.by_nobody(pattern.type):
        return at.BY_NOBODY
    return min(agreement.times_of(pattern.type, pattern.by), default=at.NEVER)


# ---- How things stand ---------------------------------------------------------------------------------------------


def _steps(own: Sequence[Agreement], turns_on: Iterable[Input], words: Vocabulary, version: Adopted) -> list[Told]:
    found: list[Told] = []
    for one in turns_on:
        key = (one.kind, one.name)
        if one.kind == "status":
            kept: list[Value] = []
            words.stands = {**words.stands, key: kept}
            told = [_of_status(agreement, one.name, kept) for agreement in own]
        elif one.kind == "allowance":
            kept = []
            words.stands = {**words.stands, key: kept}
            told = [_of_allowance(agreement, one.name, kept) for agreement in own]
        elif one.kind == "fact" and one.name in words.facts and words.terms.facts[one.name].kind == "agreement":
            values = words.values.setdefault(one.name, [])  # type: ignore[attr-defined]
            told = [_of_fact(agreement, one.name, values) for agreement in own]
        elif one == OVER:
            kept = [TERM]  # the kernels know it by its code, for tickets under no agreement
            words.stands = {**words.stands, key: kept}
            told = [_of_end(agreement, version, kept) for agreement in own]
        else:
            continue
        words.steps[key] = len(found)
        found.append(told)
    return found


def _of_status(agreement: Agreement, status: str, kept: list[Value]) -> list[tuple[int, int]]:
    steps = [(LONG_AGO, _code("none", kept))]
    for stay in agreement.stays.get(status, ()):
        value: Value = stay.state if stay.state is not None else Unknown(stay.missing)
        steps.append((stay.since, _code(value, kept)))
    return steps


def _of_allowance(agreement: Agreement, allowance: str, kept: list[Value]) -> list[tuple[int, int]]:
    """What is left of an allowance, from each entry on (R34)."""
    times, balances, _ = agreement.levels.get(allowance, ((), (), ()))
    moved = [(since, _code(value, kept)) for since, value in zip(times, balances, strict=True)]
    return [(LONG_AGO, _code(Decimal(0), kept)), *moved]


def _of_fact(agreement: Agreement, fact: str, values: list[Value]) -> list[tuple[int, int]]:
    times, told = agreement.facts.get(fact, ((), ()))
    return [(since, _code(value, values)) for since, value in zip(times, told, strict=True)]


def _of_end(agreement: Agreement, version: Adopted, kept: list[Value]) -> list[tuple[int, int]]:
    """What has ended the agreement for an act of an instant (R25); 0: nothing."""
    after = version.contract.in_force[1]
    turns = {zones.day_start(after, version.zone or "UTC")} if after is not None else set()
    for entry in agreement.history.entries:
        turns |= {entry.at + 1} if entry.type in ("started", "terminated") else set()
    for stays in agreement.stays.values():
        turns |= {at for stay in stays for at in (stay.since, stay.since + 1, stay.term_to) if at is not None}
    ends = [(turn, over(version, agreement, turn, acting=True)) for turn in sorted(turns)]
    return [(turn, 0 if end is None else _code(end, kept)) for turn, end in ends]


def _members(own: Sequence[Agreement], turns_on: Iterable[Input], words: Vocabulary) -> list[Told]:
    found: list[Told] = []
    for one in turns_on:
        fact = person_fact(one.name, words.terms) if one.kind == "member" else None
        if fact is None or fact not in words.facts:
            continue
        persons: dict[str, list[int]] = {}
        for code, value in enumerate(words.values.get(fact, ()), 1):
            persons.setdefault(str(value), []).append(code)
        kept: list[Value] = [False, True]
        words.stands = {**words.stands, ("member", one.name): kept}
        words.steps["member", one.name] = len(found)
        of_each = (agreement.people.get(one.name) for agreement in own)
        found.append([sorted(_in_role(people, persons, kept), key=lambda row: row[:2]) for people in of_each])
    return found


def _in_role(
    people: People | None, persons: Mapping[str, Sequence[int]], kept: list[Value]
) -> Iterator[tuple[int, int, int]]:
    """(Person, from when, whether in the role)."""
    if people is None:
        return
    for person, codes in persons.items():
        for code in codes:
            for since, state in people.states(person):
                yield code, since, _code(state, kept)


def _code(value: Value, values: list[Value]) -> int:
    for number, known in enumerate(values, 1):
        if type(known) is type(value) and known == value:
            return number
    values.append(value)
    return len(values)
