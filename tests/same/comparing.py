"""Where two answers differ: every field of every verdict, their order, and everything else that is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
from attrs import frozen

from slarules.model.verdict import Evaluation, Verdict
from tests.same.cases import iso

FIELDS: tuple[str, ...] = tuple(at.name for at in attrs.fields(Verdict))
INSTANTS = ("triggered_at", "deadline", "performed_at", "next_change_at")


@frozen(eq=False)
class Seen:
    """What one implementation answers."""

    evaluation: Evaluation
    changes: Mapping[str, int | None] | None
    """Subject → when its own verdicts change next (R17); None: this implementation does not tell."""
    engines: Mapping[str, tuple[str, str | None]] | None = None
    """Subject → which engine judged it, and why the reference did; None: there is but one."""


@frozen
class Difference:
    """One field in which an answer is not as expected."""

    field: str
    """A field of a verdict, or ``verdicts``, ``findings``, ``statuses`` …"""
    where: str
    """The verdict, or the subject; empty where it is about the whole log."""
    expected: Any
    seen: Any

    def __str__(self) -> str:
        tell = _instant if self.field in INSTANTS else repr
        return f"{self.where or 'the log'}: {self.field}: expected {tell(self.expected)}, seen {tell(self.seen)}"


def _instant(value: Any) -> str:
    return str(iso(value)) if isinstance(value, int) else repr(value)


def differences(expected: Seen, seen: Seen) -> list[Difference]:
    """Everything in which the second answer is not the first."""
    wanted, got = expected.evaluation, seen.evaluation
    found = list(_of_verdicts(wanted.verdicts, got.verdicts))
    for name in ("findings", "allowances"):
        if getattr(wanted, name) != getattr(got, name):
            found.append(_first(name, getattr(wanted, name), getattr(got, name)))
    for name in ("statuses", "amounts", "readings"):
        one, other = list(getattr(wanted, name).items()), list(getattr(got, name).items())
        if one != other:
            found.append(_first(name, one, other))
    for name in ("as_of", "next_change_at"):
        if getattr(wanted, name) != getattr(got, name):
            found.append(Difference(name, "", getattr(wanted, name), getattr(got, name)))
    if expected.changes is not None and seen.changes is not None and expected.changes != seen.changes:
        found += _of_changes(expected.changes, seen.changes)
    return found


def _of_changes(wanted: Mapping[str, int | None], got: Mapping[str, int | None]) -> Iterator[Difference]:
    if list(wanted) != list(got):
        yield _first("subjects", list(wanted), list(got))
    for subject, change in wanted.items():
        if subject in got and got[subject] != change:
            yield Difference("next_change_at", subject, change, got[subject])


def _of_verdicts(wanted: Sequence[Verdict], got: Sequence[Verdict]) -> Iterator[Difference]:
    if len(wanted) == len(got) and all(map(_same, wanted, got)):
        return
    names, others = [_name(v) for v in wanted], [_name(v) for v in got]
    if names != others:
        missing, more = set(names) - set(others), set(others) - set(names)
        if missing or more:
            for name in sorted(missing | more):
                yield Difference("verdicts", name, *(("there", "none") if name in missing else ("none", "there")))
        else:
            yield _first("order", names, others)
    found = {_name(v): v for v in got}
    for verdict in wanted:
        other = found.get(_name(verdict))
        if other is not None and not _same(verdict, other):
            for field in FIELDS:
                one, two = getattr(verdict, field), getattr(other, field)
                if one != two or type(one) is not type(two):
                    yield Difference(field, _name(verdict), one, two)


def _same(one: Verdict, other: Verdict) -> bool:
    """Whether all fields are equal and of one type; the citation, which `==` leaves out, too."""
    if one != other or (one.citation is not other.citation and one.citation != other.citation):
        return False
    return [type(v) for v in _values(one)] == [type(v) for v in _values(other)]


def _values(verdict: Verdict) -> tuple[Any, ...]:
    return attrs.astuple(verdict, recurse=False)


def _name(verdict: Verdict) -> str:
    return f"{verdict.subject} {verdict.rule} {verdict.label}"


def _first(name: str, wanted: Sequence[Any], got: Sequence[Any]) -> Difference:
    """The first place at which two sequences part."""
    for one, other in zip(wanted, got, strict=False):
        if one != other:
            return Difference(name, "", one, other)
    place = min(len(wanted), len(got))
    rest = lambda found: found[place] if place < len(found) else "nothing more"  # noqa: E731
    return Difference(name, "", rest(wanted), rest(got))
