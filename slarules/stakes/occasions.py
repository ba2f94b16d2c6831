"""What must have happened to a subject for a change of the rules to touch it. Whatever fits no occasion is judged alike
both ways, and so need not be judged again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs
from attrs import frozen

from slarules.engine.history import SubjectHistory
from slarules.model.expression import SeverityRef
from slarules.model.limit import Column, EachDay, OnEach
from slarules.model.rules import Choice, Duty, OnBoth, OnEvent, OnOutcome, OnRemaining, Prohibition, Right, Table
from slarules.model.walk import inside
from slarules.stakes.dependence import JUDGED, SEVERITIES, Node, named
from slarules.stakes.ways import Version

GUARD = frozenset(("triggers", "only_if", "whiles", "choice", "option", "kind"))
"""Fields of a duty that decide whether it arises; the others are asked only of one that has arisen."""


@frozen
class Occasion:
    """What must have happened to a subject for a change to touch it: all that is said here."""

    kind: str | None
    """The kind of subject; None: any."""
    of: frozenset[frozenset[str]] = frozenset()
    """For each set, an event of one of its types."""
    owed: str | None = None
    """It has a verdict of this duty."""
    broken: str | None = None
    """It has a verdict of this duty that is breached or missed."""
    graded: bool = False
    """A severity was recorded of it."""
    regraded: bool = False
    """One was recorded otherwise than with its opening."""


@frozen
class Happened:
    """What an occasion may ask of a subject, as one way to read the contract judges it."""

    kind: str
    """Its kind."""
    types: frozenset[str]
    """The types of its events."""
    graded: bool
    """Whether a severity was recorded of it."""
    regraded: bool
    """Whether one was recorded otherwise than with its opening."""
    owed: frozenset[str] | None
    """The duties of which it has verdicts; None: verdicts do not tell."""
    broken: frozenset[str]
    """Those of them that are breached or missed."""


def happened(subject: SubjectHistory) -> Happened:
    """What an occasion may ask of the subject, but for what it is judged to be."""
    opening = next((entry for entry in subject.entries if entry.type == "opened"), None)
    graded = [e for e in subject.entries if "severity" in e.facts or e.type == "severity_changed"]
    regraded = any(entry is not opening for entry in graded)
    types = frozenset(entry.type for entry in subject.entries)
    return Happened(subject.kind, types, bool(graded), regraded, None, frozenset())


def fits(occasion: Occasion, subject: Happened) -> bool:
    """Whether all that the occasion says has happened to the subject."""
    return (
        occasion.kind in (None, subject.kind)
        and all(types & subject.types for types in occasion.of)
        and (occasion.owed is None or subject.owed is None or occasion.owed in subject.owed)
        and (occasion.broken is None or subject.owed is None or occasion.broken in subject.broken)
        and (subject.graded or not occasion.graded)
        and (subject.regraded or not occasion.regraded)
    )


def occasions(
    version: Version, judged: Version, roots: Mapping[Node, frozenset[str]], touched: frozenset[Node]
) -> Iterator[Occasion]:
    """When ``roots``, which two ways write otherwise, are asked of a subject by the rules of one of them.

    ``judged`` is the way whose verdicts `happened` was told, ``touched`` all that rests on the roots. A rule that only
    rests on another's outcome is touched through that one: it has no occasion of its own.
    """
    for node in touched:
        rule = version.rules.get(node)
        if rule is None or node[0] not in JUDGED:
            continue
        before = judged.rules.get(node)
        if node in roots:
            yield from _own(version, rule, before, roots[node])
        changed = shared(version, version.graph[node]) & roots.keys() - {node}
        if changed:
            yield from _ofshared(version, rule, before, changed, roots)


def _own(version: Version, rule: Any, before: Any, fields: frozenset[str]) -> Iterator[Occasion]:
    """When those fields of a rule are asked that differ."""
    if not isinstance(rule, Duty) or fields & GUARD:
        yield from _asked(version, rule)
        return
    for one in _arisen(version, rule, before):
        for name in fields:
            match name:
                case "performance":
                    yield _with(one, (pattern.type for pattern in rule.performance.patterns))
                case "paused_on":
                    yield _with(one, ("waiting",))
                case "reopening":
                    yield _with(one, ("reopened",))
                case "rises" | "falls":
                    yield attrs.evolve(one, regraded=True)
                case _:
                    yield one


def _ofshared(
    version: Version, rule: Any, before: Any, changed: frozenset[Node], roots: Mapping[Node, frozenset[str]]
) -> Iterator[Occasion]:
    """When calendars, tables, statuses and the like that differ are asked for a rule."""
    if isinstance(rule, Prohibition) and any(sort == "status" for sort, _ in changed):
        yield Occasion(rule.kind)  # whether it binds still, though nobody broke it (R25)
        return
    arises = not isinstance(rule, Duty) or changed & shared(version, named(_guard(rule), version.rules))
    for one in _asked(version, rule) if arises else _arisen(version, rule, before):
        if changed == {SEVERITIES} and roots[SEVERITIES] == {"changed_by"}:
            yield attrs.evolve(one, regraded=True)
        elif changed == {SEVERITIES} and "levels" not in roots[SEVERITIES]:
            yield attrs.evolve(one, graded=True)
        else:
            yield one


def _guard(duty: Duty) -> tuple[Any, ...]:
    """What decides whether a duty arises, besides the choice that calls it up."""
    return (duty.triggers, duty.only_if, duty.whiles)


def _asked(version: Version, rule: Any) -> Iterator[Occasion]:
    """When anything of a rule is asked at all."""
    match rule:
        case Duty(choice=str(name)):
            choice = version.rules.get(("choice", name))
            yield from () if choice is None else _asked(version, choice)
        case Duty() | Choice():
            for trigger in rule.triggers:
                yield _set_off(rule.kind, trigger)
        case Prohibition() | Right():
            yield _with(Occasion(rule.kind), (pattern.type for pattern in rule.patterns))
        case _:
            yield Occasion(rule.kind)


def _set_off(kind: str, trigger: Any) -> Occasion:
    match trigger:
        case OnEvent(pattern):
            return _with(Occasion(kind), (pattern.type,))
        case OnBoth(first, second):
            return _with(_with(Occasion(kind), (first.pattern.type,)), (second.pattern.type,))
        case OnOutcome(duty, "breached"):
            return Occasion(kind, broken=duty)
        case OnOutcome(duty) | OnRemaining(duty):
            return Occasion(kind, owed=duty)
    return Occasion(kind)


def _arisen(version: Version, duty: Duty, before: Any) -> Iterator[Occasion]:
    """When what is asked of a duty that has arisen is asked: it has a verdict, unless it may arise and have none."""
    if isinstance(before, Duty) and _shows(before, version):
        yield Occasion(duty.kind, owed=duty.name)
    else:
        yield from _asked(version, duty)


def _shows(duty: Duty, version: Version) -> bool:
    """Whether a duty has a verdict from the instant on at which it is set off.

    One of dates has none before its first date, and one whose table promises nothing at a severity has none there.
    """
    for part in inside(duty.limit):
        if isinstance(part, (EachDay, OnEach)):
            return False
        if isinstance(part, Column):
            table: Table = version.rules[("table", part.table)]
            outputs = [output for _, row in table.rows for output in row]
            if None in outputs or not all(isinstance(one, SeverityRef) for one in table.inputs):
                return False
    return True


def _with(occasion: Occasion, types: Iterable[str]) -> Occasion:
    """The same, and an event of one of these types."""
    return attrs.evolve(occasion, of=occasion.of | {frozenset(types)})


def shared(version: Version, names: frozenset[Node]) -> frozenset[Node]:
    """What is named, and what that rests on, without another duty, choice or prohibition in between; no scopes, for a
    scope that differs touches every subject of its kind by itself."""
    apart = ("duty", "choice", "prohibition", "scope")
    found: set[Node] = set()
    todo = [names]
    while todo:
        new = {one for one in todo.pop() if one[0] not in apart} - found
        found |= new
        todo.extend(version.graph[one] for one in new if one in version.graph)
    return frozenset(found)
