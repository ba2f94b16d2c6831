"""Judging begun: the log read under its contract, and all judged that bears on more than one ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import frozen

from slarules.columnar.agreements import Agreements, agreements_in
from slarules.columnar.assembly import Over
from slarules.columnar.entangled import entangled
from slarules.columnar.kernels import grouping
from slarules.columnar.kernels import layout as at
from slarules.columnar.log.coding import Coded, Instants, coded_log, micros
from slarules.columnar.log.correcting import carried_out
from slarules.columnar.log.ids import Ids
from slarules.columnar.meanings import meanings_of, options_of
from slarules.columnar.rest import Asked, Rest, judged_rest
from slarules.columnar.subjects import merged, subjects_of
from slarules.columnar.tables.conditions import Vocabulary
from slarules.columnar.tables.lives import lives_of
from slarules.columnar.tables.version import Compiled, compiled, turns_on
from slarules.columnar.tickets import Typed
from slarules.columnar.verdicts.rows import COLUMNS
from slarules.engine.adopt import Adopted, adopt
from slarules.engine.history import words_of
from slarules.engine.plan import plan_of
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract


@frozen(eq=False)
class Version:
    """A version of the contract (R27), made ready for the kernels."""

    adopted: Adopted
    made: Compiled
    over: Sequence[Over]
    """What has ended each agreement, the last for none."""
    turns: Instants | None
    """When what does not survive the term binds tickets no more, or again, by agreement, the last for none (R17); None:
    nothing that binds tickets does so."""
    reasons: Mapping[int, str]
    """Why a ticket is beyond the kernels, in words."""


@frozen(eq=False)
class Begun:
    """A judging whose tickets can now be judged some at a time, each by itself."""

    asked: Asked
    versions: tuple[Version, ...]
    log: Coded
    typed: Typed
    agreements: Agreements
    ids: Ids
    """[row] → the event's id."""
    shared: Instants
    """The rows of what is no ticket, and of tickets that are entangled: what is left to the reference engine needs
    them beside its own."""
    rest: Rest
    """What the reference engine says of these."""


def begin(
    contract: Contract,
    readings: Mapping[str, str] | None,
    events: pa.Table | Coded,
    as_of: int,
    *,
    supplied: Mapping[str, Supplied] | None = None,
    precision: int = 0,
    columns: tuple[str, ...] = COLUMNS,
) -> Begun:
    """The log coded, its agreements judged, the contract's versions as tables. Arguments and errors as of ``judge``;
    ``columns`` are those of verdicts that are wanted, ``subject`` among them."""
    versions = adopt(contract, readings, supplied)
    log = events if isinstance(events, Coded) else coded_log(events)
    asked = Asked(contract, readings, as_of, supplied or {}, precision, columns)
    terms = merged([version.terms for version in versions])
    standing = carried_out(log)
    subjects = subjects_of(standing.log, contract, [version.terms for version in versions], as_of)
    words = Vocabulary(versions[-1].terms, tuple(p.name for p in contract.parties), _levels(versions[-1]))
    for version in versions:
        for one in turns_on(plan_of(version)):
            if one.kind == "fact" and one.name in terms.facts:
                words.facts.setdefault(one.name, len(words.facts))
        words.offer(version.terms.choices.values())
    types = (*at.BUILT_IN, *(name for name in terms.events if name not in at.BUILT_IN))
    meanings = meanings_of(standing.log, contract, terms, words, types)
    alone = entangled(standing, meanings, terms, types)
    known = words_of(contract, [version.terms for version in versions])
    first, rows = _by_subject(log)
    typed = Typed(
        standing, subjects, words, types, known, meanings, options_of(meanings, words), alone, first, rows,
        _times(log, "recorded_at"), _times(log, "sequence"),
    )  # fmt: skip
    agreements = agreements_in(contract, versions, log, standing.log, subjects, as_of)
    apart = ~subjects.is_ticket
    apart[alone.subjects] = True
    shared = np.flatnonzero(apart[log.subject]) if apart.any() else np.empty(0, np.int64)
    some = subjects.is_ticket.any()
    made = tuple(_version(one, typed, agreements, as_of) for one in versions) if some else ()
    return Begun(
        asked, made, log, typed, agreements, log.ids, shared,
        judged_rest(asked, log, shared, None),
    )  # fmt: skip


def _levels(version: Adopted) -> tuple[str, ...]:
    severities = version.terms.severities
    return tuple(level.name for level in severities.levels) if severities is not None else ()


def _by_subject(log: Coded) -> tuple[Instants, Any]:
    first, rows = np.zeros(len(log.names) + 2, np.int64), np.empty(len(log.subject), np.int32)
    grouping.by_subject(log.subject, first, rows)
    return first[:-1], rows


def _times(log: Coded, name: str) -> Instants | None:
    """[row] → a column of times or numbers; None where it is all null."""
    if name not in log.table.column_names:
        return None
    column = log.table.column(name)
    return None if column.null_count == len(column) else micros(column, at.NEVER)


def _version(version: Adopted, typed: Typed, agreements: Agreements, as_of: int) -> Version:
    plan, words, meanings = plan_of(version), typed.words, typed.meanings
    own = Vocabulary(
        version.terms, words.parties, _levels(version), words.facts,
        {name: list(values) for name, values in meanings.values.items()}, choices=words.choices, options=words.options,
    )  # fmt: skip
    lives = lives_of(list(agreements.own.values()), list(turns_on(plan)), own, version)
    made = compiled(plan, own, typed.types, meanings.waited, agreements.types, lives)
    reasons = {**at.REASONS, **{at.FIRST_RULE + place: why for place, why in enumerate(made.reasons)}}
    if made.all_beyond is not None:
        reasons[at.ALL_BEYOND] = made.all_beyond
    ceasing = any(rule.kind == "ticket" and not rule.survives for rule in version.terms.prohibitions.values())
    turns = agreements.turns(version, as_of) if ceasing else None
    return Version(version, made, agreements.over(version, as_of), turns, reasons)
