"""A case's lines as a scenario has them, each followed by what it showed; lines that no scenario can say are told."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from attrs import evolve

from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.value import Unknown, Value
from slarules.model.verdict import Evaluation
from slarules.repl.changes import changes
from slarules.repl.judging import evaluated, zone_of
from slarules.repl.lines import Told, read_told
from slarules.repl.moving import looked_for
from slarules.repl.policy import Policy
from slarules.repl.session import Case, Entry
from slarules.scenario.script import Expectation, OfRule, OfValue
from slarules.scenario.vocabulary import Vocabulary
from slarules.scenario.writing import can_be_expected, can_be_said, expectation_words, line_words, moment, seen_words

MARK = "  -- not as it was seen"
"""Stands after what the user expected and did not see."""


def written_zone(contract: Contract, case: Case) -> str:
    """The case's zone, unless an instant of it cannot be written there: then UTC."""
    zone = zone_of(contract, case)
    instants = [entry.at for entry in case.entries]
    for event in case.events:
        instants += [event.at, *([event.recorded_at] if event.recorded_at is not None else [])]
    return zone if all(can_be_said(at, zone) for at in instants) else "UTC"


def written_lines(policy: Policy, case: Case, seen: bool) -> tuple[list[str], list[str]]:
    """The case's lines in its zone, what could not be said, and after each what it changed."""
    contract, names = policy.contract, policy.names
    assert contract is not None and names is not None
    zone = written_zone(contract, case)
    lines: list[str] = []
    left_out: list[str] = []
    misplaced = _misplaced(case, names)
    done = evolve(case, entries=(), now=None)
    before: Evaluation | None = None
    stands: int | None = None
    said: set[tuple[int, str]] = set()
    for number, entry in enumerate(case.entries):
        if entry.event is not None:
            words = line_words(entry.event, zone, entry.at)
            target = next((e for e in done.events if e.id == entry.event.target), None) if entry.event.target else None
            if number in misplaced or not _is_sayable(policy, entry.event, target, entry.at, zone):
                left_out.append(words)
                continue
            lines.append(words)
            stands, said = entry.at, set()
        moved = entry.event is None and entry.expected is None
        now = entry.at if moved or done.now is None else max(entry.at, done.now)
        done = evolve(done, entries=(*done.entries, entry), now=now)
        if entry.expected is not None:
            mark = "" if not seen or looked_for(contract, done, entry).holds else MARK
            stands = _look(lines, said, entry.at, stands, expectation_words(entry.expected, zone, entry.at), zone, mark)
        elif seen and (not entry.many or number == len(case.entries) - 1):
            after = evaluated(contract, done)
            for one in _seen(before, after, names, zone):
                stands = _look(lines, said, now, stands, expectation_words(one, zone, now), zone)
            before = after
    return lines, left_out


def _look(
    lines: list[str], said: set[tuple[int, str]], at: int, stands: int | None, words: str, zone: str, mark: str = ""
) -> int:
    """Adds a line that looks at an instant, unless it was looked at so already; where the next line stands."""
    if (at, words) not in said:
        said.add((at, words))
        lines.append((words if at == stands else f"as of {moment(at, zone)}  {words}") + mark)
        return at
    return at if stands is None else stands


def _seen(before: Evaluation | None, after: Evaluation, names: Vocabulary, zone: str) -> Iterator[Expectation]:
    """What a line showed: each verdict that it changed."""
    known = {*names.facts, *names.supplied, *names.values, "severity"}
    for change in changes(before, after):
        if change.after is None or change.after.duty not in names.rules:
            continue
        several = sum(v.duty == change.after.duty and v.subject == change.after.subject for v in after.verdicts) > 1
        expected = seen_words(change.after, several)
        if not isinstance(expected, OfRule) or expected.state not in names.rules[change.after.duty]:
            continue
        wanted = tuple(name for name in expected.missing if name in known)
        instants = [at for at in (expected.at, expected.due, expected.performed) if at is not None]
        if all(can_be_said(at, zone) for at in instants):
            yield evolve(expected, missing=wanted)
    yield from _values(before, after, names)


def _values(before: Evaluation | None, after: Evaluation, names: Vocabulary) -> Iterator[OfValue]:
    """States, amounts and what is left of allowances, where they changed and are known."""
    old = _held(before) if before is not None else {}
    for (agreement, name), value in _held(after).items():
        if old.get((agreement, name)) != value and can_be_expected(value):
            assert value is not None and not isinstance(value, Unknown)
            yield OfValue(agreement or "agreement", name, names.values[name], value)


def _held(evaluation: Evaluation) -> dict[tuple[str, str], Value | None]:
    levels = {(level.agreement, level.allowance): level.balance for level in evaluation.allowances}
    return {**evaluation.statuses, **levels, **evaluation.amounts}


def _misplaced(case: Case, names: Vocabulary) -> frozenset[int]:
    """Lines that no scenario may have beside the others: an id of two subjects, a subject of two kinds, or of none of
    several agreements. Only a log brings such."""
    events = case.events
    agreements = {e.subject for e in events if e.kind == "agreement"} | {e.agreement for e in events if e.agreement}
    placed = {e.subject for e in events if e.agreement} | agreements
    ids: dict[tuple[str, str], str] = {}
    kinds: dict[str, str] = {}
    wrong = set()
    for number, entry in enumerate(case.entries):
        event = entry.event
        if event is None:
            continue
        stated = names.events[event.type].kind if event.type in names.events else None
        kind = stated or kinds.get(event.subject)
        of = ids.setdefault((event.source, event.id), event.subject)
        if kind is not None and kinds.setdefault(event.subject, kind) != kind:
            wrong.add(number)
        if of != event.subject or (len(agreements) > 1 and event.subject not in placed):
            wrong.add(number)
    return frozenset(wrong)


@lru_cache(maxsize=20_000)
def _is_sayable(policy: Policy, event: Event, target: Event | None, at: int, zone: str) -> bool:
    """Whether the event's line, read again, is the event. ``target``: the one that it corrects or retracts."""
    assert policy.contract is not None and policy.names is not None
    above = Case((Entry(target.at, target),) if target is not None else (), at, zone=zone)
    found = read_told(line_words(event, zone, at), policy.contract, policy.names, above)
    if not isinstance(found, Told) or len(found.entries) != 1 or found.entries[0].event is None:
        return False
    again = found.entries[0].event
    late = event.recorded_at if again.recorded_at is None else again.recorded_at
    plain = evolve(again, kind=None, actor=None, facts={}, recorded_at=late)
    return plain == evolve(event, kind=None, actor=None, facts={}, id=again.id if "-" in event.id else event.id)
