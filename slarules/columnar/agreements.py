"""The agreements of a log, as far as their tickets turn on them. Their lives are the reference engine's to tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import frozen

from slarules.columnar.columns import events_of
from slarules.columnar.kernels import layout as at
from slarules.columnar.subjects import Codes, Subjects
from slarules.columnar.tables.conditions import Input, Vocabulary
from slarules.columnar.tickets import Tickets
from slarules.engine.adopt import Adopted
from slarules.engine.agreement import Agreement
from slarules.engine.binding import over
from slarules.engine.evaluate import agreements_of
from slarules.engine.history import settle
from slarules.model.contract import Contract
from slarules.model.value import Unknown, Value

LONG_AGO = -(1 << 62)


@frozen(eq=False)
class Agreements:
    """The agreements that have a history in the log."""

    own: Mapping[str, Agreement]
    """By name."""
    known: frozenset[str]
    """The names of those that the log has, also where nothing had happened to them yet."""
    types: frozenset[str]
    """The types of event that happened to any of them."""
    named: tuple[str, ...]
    """All that anything is said to stand under, as ``Subjects.agreements``."""

    def of_ticket(self, subjects: Subjects, tickets: Tickets) -> Codes:
        """[ticket] → the agreement it stands under, by its place in ``own``; -1: none with a history."""
        place = {name: number for number, name in enumerate(self.own)}
        codes = np.array([*(place.get(name, -1) for name in subjects.agreements), -1], np.int64)
        return codes[subjects.agreement[tickets.subject]]

    def strangers(self, subjects: Subjects, tickets: Tickets) -> Any:
        """[ticket] → whether it stands under an agreement that the log does not have, though it has others."""
        absent = np.array([*(name not in self.known for name in subjects.agreements), False])
        return absent[subjects.agreement[tickets.subject]] & bool(self.known)

    def over(self, version: Adopted, as_of: int) -> list[str | Unknown | None]:
        """What has ended each of the agreements that ``Subjects.agreements`` names; the last is for none."""
        return [*(over(version, self.own.get(name), as_of) for name in self.named), over(version, None, as_of)]

    def steps(
        self, turns_on: Iterable[Input], words: Vocabulary, version: Adopted
    ) -> list[list[list[tuple[int, int]]]]:
        """[step][agreement] → from when and how it stands, for what tickets turn on; put into ``words`` as well."""
        found: list[list[list[tuple[int, int]]]] = []
        for one in turns_on:
            key = (one.kind, one.name)
            if one.kind == "status":
                kept: list[Value] = []
                words.stands = {**words.stands, key: kept}
                own = [_of_status(agreement, one.name, kept) for agreement in self.own.values()]
            elif one.kind == "fact" and one.name in words.facts and version.terms.facts[one.name].kind == "agreement":
                values = words.values.setdefault(one.name, [])  # type: ignore[attr-defined]
                own = [_of_fact(agreement, one.name, values) for agreement in self.own.values()]
            else:
                continue
            words.steps[key] = len(found)
            found.append(own)
        return found


def agreements_in(
    contract: Contract,
    versions: Sequence[Adopted],
    table: pa.Table,
    subjects: Subjects,
    tickets: Tickets,
    as_of: int,
) -> Agreements:
    """The agreements of a checked table. What draws on their allowances is looked at with them (R34)."""
    drawing = np.zeros(len(subjects.names), bool)
    drawing[tickets.subject[tickets.beyond == at.DRAWS]] = True
    rows = np.flatnonzero((~subjects.is_ticket | drawing)[subjects.of_row])
    told = settle(contract, [version.terms for version in versions], events_of(table.take(pa.array(rows))))
    own = agreements_of(versions, told, as_of)
    known = frozenset(name for name, subject in told.subjects.items() if subject.kind == "agreement")
    types = frozenset(e.type for name in known for e in told.subjects[name].entries)
    return Agreements(own, known, types, subjects.agreements)


def _of_status(agreement: Agreement, status: str, kept: list[Value]) -> list[tuple[int, int]]:
    steps = [(LONG_AGO, _code("none", kept))]
    for stay in agreement.stays.get(status, ()):
        value: Value = stay.state if stay.state is not None else Unknown(stay.missing)
        steps.append((stay.since, _code(value, kept)))
    return steps


def _of_fact(agreement: Agreement, fact: str, values: list[Value]) -> list[tuple[int, int]]:
    times, told = agreement.facts.get(fact, ((), ()))
    return [(since, _code(value, values)) for since, value in zip(times, told, strict=True)]


def _code(value: Value, values: list[Value]) -> int:
    for number, known in enumerate(values, 1):
        if type(known) is type(value) and known == value:
            return number
    values.append(value)
    return len(values)
