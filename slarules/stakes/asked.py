"""A log as stakes ask for it, of events or of columns: what happened to whom, and what an engine says of some of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import define, evolve, field, frozen

from slarules.columnar.begun import begin
from slarules.columnar.log.coding import Coded
from slarules.columnar.review import happenings, sheets
from slarules.columnar.review.either import each_stretch
from slarules.columnar.stretches import Stretch
from slarules.columnar.verdicts.table import verdicts_of
from slarules.engine.adopt import Adopted, adopt
from slarules.engine.agreements.agreement import Agreement
from slarules.engine.evaluate import agreements_of, judged_all
from slarules.engine.findings import allowances_of, amounts_of, states_of
from slarules.engine.history import History, SubjectHistory, settle, words_of
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.value import Unknown, Value
from slarules.model.verdict import AllowanceLevel, Verdict
from slarules.stakes.laid import COLUMNS, Mask, Numbers
from slarules.stakes.occasions import Happened, happened
from slarules.stakes.told import relevant, silent, unspoken

Worths = Mapping[tuple[str, str, str], Value | None]
"""(kind, agreement, name) → what it comes to: statuses, allowances, amounts."""
STEP = 500
"""Subjects between two words of how far it has got."""
FEW = 500
"""So many subjects of a coded log the reference engine has judged before the columnar one has made its tables."""


@frozen(eq=False)
class ByEvents:
    """A log settled (R3), for the reference engine."""

    names: Any = field(repr=False)
    """Every subject, in order."""
    stem: Numbers = field(repr=False)
    """[subject] → what happened to it, by its place in ``stems``."""
    stems: Sequence[Happened] = field(repr=False)
    """What an occasion may ask of subjects, but for what they are judged to be."""
    silent: frozenset[str]
    """Facts that are asked for and nowhere recorded."""
    told: History = field(repr=False)
    agreements: Mapping[str, Agreement] = field(repr=False)
    """As the base has them."""


@define(eq=False)
class Histories:
    """What was settled of subjects of a coded log, each once; readings bear on none of it."""

    known: dict[str, SubjectHistory] = field(factory=dict)
    """By id."""
    settled: Mask | None = None
    """[subject of the log] → whether it was; None: none was."""


@frozen(eq=False)
class ByColumns:
    """A coded log, for the columnar engine."""

    names: Any = field(repr=False)
    stem: Numbers = field(repr=False)
    stems: Sequence[Happened] = field(repr=False)
    silent: frozenset[str]
    log: Coded = field(repr=False)
    settled: Mask = field(repr=False)
    """[subject of the log] → whether what happened to it is told by settling its events: they are doubled, corrected or
    retracted, or it was opened twice."""
    shared: Mask = field(repr=False)
    """[subject of the log] → whether others need its events to be judged."""
    place: Numbers = field(repr=False)
    """[subject of the log] → its place among ``names``; -1: nothing of it stands."""
    histories: Histories = field(factory=Histories, repr=False)
    """Those of the few that the reference engine judges again."""


@frozen(eq=False)
class Piece:
    """The verdicts of some subjects, all those from one to another; of a coded log also of subjects that others need.
    """

    objects: Sequence[Verdict] | None = None
    """As objects; None: as a table."""
    table: Any = None
    """The schema ``VERDICTS``."""
    versions: Any = None
    """[row] → under which of the contract's versions it was judged (R27)."""


def objects_of(piece: Piece, contract: Contract, rows: Sequence[int]) -> list[Verdict]:
    """Some verdicts of a piece, as objects."""
    if piece.objects is not None:
        return [piece.objects[row] for row in rows]
    return verdicts_of(sheets.taken(piece.table, rows), contract, [int(piece.versions[row]) for row in rows])


Each = Callable[[Piece], None]
"""What is done with the verdicts, piece by piece, in order of subjects."""


@frozen(eq=False)
class Found:
    """What an engine says of some subjects besides verdicts."""

    log: ByEvents | ByColumns
    """The log, with what is known of its subjects once they were judged."""
    worths: Worths | None = field(repr=False)
    """What agreements come to; None: it was not asked."""
    by_reference: Mapping[str, int]
    """Why subjects went to the reference engine, though the columnar one judged the log → how many."""


def asked_of_events(
    contract: Contract, readings: Mapping[str, str], log: Sequence[Event], as_of: int, supplied: Mapping[str, Supplied]
) -> ByEvents:
    """The log settled."""
    terms = [version.terms for version in adopt(contract, readings, supplied)]
    told = relevant(contract, settle(contract, terms, log, as_of))
    place: dict[Happened, int] = {}
    stem = [place.setdefault(happened(subject), len(place)) for subject in told.subjects.values()]
    names = sheets.texts(list(told.subjects))
    return ByEvents(names, np.array(stem, np.int64), list(place), silent(contract, told), told, {})


def asked_of_columns(
    contract: Contract, readings: Mapping[str, str], log: Coded, as_of: int, supplied: Mapping[str, Supplied]
) -> ByColumns:
    """The log with what can be told of it before it is judged."""
    versions = adopt(contract, readings, supplied)
    terms = [version.terms for version in versions]
    changed, hanging = happenings.tied(log)
    settled = changed | happenings.opened_twice(log)
    own = _settled(contract, versions, log, settled, as_of)
    recorded = {name for subject in own.subjects.values() for entry in subject.entries for name in entry.facts}
    recorded |= happenings.facts_told(log, words_of(contract, terms), settled)
    drawing = {name for one in terms for rule in one.allowances.values() for name, _ in rule.fills}
    drawing |= {name for one in terms for rule in one.allowances.values() for name, _, _ in rule.draws}
    shared = hanging | happenings.having(log, drawing)
    nothing = np.zeros(0, np.int64)
    return ByColumns(happenings.named(log), nothing, (), unspoken(contract, recorded), log, settled, shared, nothing)


def judged(
    log: ByEvents | ByColumns,
    contract: Contract,
    readings: Mapping[str, str],
    supplied: Mapping[str, Supplied],
    versions: tuple[Adopted, ...],
    as_of: int,
    subjects: Mask | None,
    worths: bool,
    each: Each,
    done: Callable[[int], None],
    columns: tuple[str, ...] = COLUMNS,
) -> Found:
    """What an engine says of subjects under ``versions``; None: of all, which is the base.

    ``worths``: whether it is asked what agreements come to; else they stand as in the base. ``columns`` are those that
    a table of verdicts has.
    """
    if isinstance(log, ByEvents):
        return _by_events(log, versions, as_of, subjects, worths, each, done)
    return _by_columns(log, contract, readings, supplied, versions, as_of, subjects, columns, each, done)


# ---- By the reference engine ----------------------------------------------------------------------------------------


def _by_events(
    log: ByEvents,
    versions: tuple[Adopted, ...],
    as_of: int,
    subjects: Mask | None,
    worths: bool,
    each: Each,
    done: Callable[[int], None],
) -> Found:
    agreements = agreements_of(versions, log.told, as_of) if worths else log.agreements
    if subjects is None:
        log = evolve(log, agreements=agreements)
    each(Piece(_replayed(versions, _chosen(log.told, subjects), agreements, as_of, done)))
    return Found(log, _worths(versions, agreements, as_of) if worths else None, {})


def _chosen(told: History, subjects: Mask | None) -> Sequence[SubjectHistory]:
    every = list(told.subjects.values())
    return every if subjects is None else [every[place] for place in np.flatnonzero(subjects).tolist()]


def _replayed(
    versions: tuple[Adopted, ...], subjects: Iterable[SubjectHistory], agreements: Mapping[str, Agreement], as_of: int,
    done: Callable[[int], None],
) -> list[Verdict]:  # fmt: skip
    """The verdicts of these subjects, one after the other."""
    found: list[Verdict] = []
    number = 0
    for number, subject in enumerate(subjects, 1):
        found += judged_all(versions, subject, agreements.get(subject.agreement or ""), as_of)[0]
        if number % STEP == 0:
            done(STEP)
    done(number % STEP)
    return found


def _worths(versions: Sequence[Adopted], agreements: Mapping[str, Agreement], as_of: int) -> Worths:
    found = states_of(agreements, as_of), allowances_of(agreements, as_of), amounts_of(agreements, as_of)
    return _worths_of(versions, *found)


def _worths_of(
    versions: Sequence[Adopted],
    statuses: Mapping[tuple[str, str], str | Unknown | None],
    allowances: Iterable[AllowanceLevel],
    amounts: Mapping[tuple[str, str], Value],
) -> Worths:
    """What `Evaluation` tells of agreements."""
    dated = {name for one in versions for name, rule in one.terms.amounts.items() if rule.currency is None}
    worths: dict[tuple[str, str, str], Value | None] = {("status", *of): state for of, state in statuses.items()}
    worths |= {("allowance", one.agreement, one.allowance): one.balance for one in allowances}
    return worths | {("date" if of[1] in dated else "money", *of): value for of, value in amounts.items()}


# ---- By the columnar engine -----------------------------------------------------------------------------------------


def _by_columns(
    log: ByColumns,
    contract: Contract,
    readings: Mapping[str, str],
    supplied: Mapping[str, Supplied],
    versions: tuple[Adopted, ...],
    as_of: int,
    subjects: Mask | None,
    columns: tuple[str, ...],
    each: Each,
    done: Callable[[int], None],
) -> Found:
    read_so = evolve(contract, versions=tuple(version.terms for version in versions), zone=versions[-1].zone)
    part = log.log
    if subjects is not None:
        needed = _needed(log, subjects)
        if needed.sum() <= FEW:
            return _few(log, contract, versions, as_of, subjects, needed, each, done)
        if 2 * needed.sum() < len(needed):  # else a copy of the log takes more than judging the others, too
            part = happenings.only(part, needed)
    begun = begin(read_so, readings, part, as_of, supplied=supplied, columns=columns)
    made, tickets = 0, np.zeros(len(log.log.names) if subjects is None else 0, bool)

    def tell(judged: int, total: int) -> None:
        nonlocal made
        done(judged - made)
        made = judged

    def take(stretch: Stretch) -> None:
        if subjects is None:
            own = sheets.subjects(_tickets(stretch.subjects), log.log.names)
            tickets[own[own >= 0]] = True
        each(Piece(None, stretch.verdicts, stretch.versions.to_numpy(zero_copy_only=False)))

    why = each_stretch(begun, take, tell)
    if subjects is None:
        log = _known(log, contract, versions, tickets, as_of)
    told = begun.rest.evaluation
    return Found(log, _worths_of(versions, told.statuses, told.allowances, told.amounts), why)


def _few(
    log: ByColumns, contract: Contract, versions: tuple[Adopted, ...], as_of: int, subjects: Mask, needed: Mask,
    each: Each, done: Callable[[int], None],
) -> Found:  # fmt: skip
    """A few subjects, by the reference engine."""
    told = _histories(log, contract, versions, needed, as_of)
    agreements = agreements_of(versions, told, as_of)
    wanted = set(happenings.chosen(log.names, subjects))
    asked = [one for name, one in told.subjects.items() if name in wanted]
    each(Piece(_replayed(versions, asked, agreements, as_of, done)))
    return Found(log, _worths(versions, agreements, as_of), {})


def _histories(
    log: ByColumns, contract: Contract, versions: Sequence[Adopted], needed: Mask, as_of: int
) -> History:
    """The history of these subjects, ``log.shared`` among them, and of those that events of them were given to."""
    kept = log.histories
    settled = np.zeros(len(needed), bool) if kept.settled is None else kept.settled
    new = needed & ~settled
    if new.any():
        told = _settled(contract, versions, log.log, new | log.shared, as_of).subjects
        kept.known.update(told)
        kept.settled = settled | new
    names = {*happenings.chosen(log.log.names, needed)}
    if log.shared.any():
        names.update(happenings.moved(log.log))
    return History({name: kept.known[name] for name in sorted(names) if name in kept.known}, ())


def _needed(log: ByColumns, subjects: Mask) -> Mask:
    """[subject of the log] → whether its events are needed to judge these subjects."""
    known = np.append(subjects, False)[log.place]
    found: Mask = log.shared | known
    return found


def _known(
    log: ByColumns, contract: Contract, versions: tuple[Adopted, ...], plain: Mask, as_of: int
) -> ByColumns:
    """The log with what happened to each of its subjects; ``plain`` says which were judged as tickets."""
    settled = log.settled | ~plain
    terms = [version.terms for version in versions]
    own = _settled(contract, versions, log.log, settled, as_of)
    stem_of, stems = happenings.stems(log.log, _levels(versions), words_of(contract, terms).events)
    place = {Happened("ticket", stem.types, stem.graded, stem.regraded, None, frozenset()): n
             for n, stem in enumerate(stems)}  # fmt: skip
    found = list(place)
    others = {}
    for name, subject in own.subjects.items():
        seen = happened(subject)
        others[name] = place.setdefault(seen, len(place))
        found += [seen] * (len(place) - len(found))
    names, of = happenings.together(log.log.names, ~settled, list(others))
    stem = np.where(of >= 0, stem_of[of], -1).astype(np.int64)
    stem[of < 0] = [others[name] for name in happenings.chosen(names, of < 0)]
    where = sheets.found_in(log.log.names, names)
    shared = log.shared | (settled & ~log.settled)
    return evolve(log, names=names, stem=stem, stems=found, settled=settled, shared=shared, place=where)


def _settled(contract: Contract, versions: Sequence[Adopted], log: Coded, subjects: Mask, as_of: int) -> History:
    """The history of these subjects."""
    if not subjects.any():
        return History({}, ())
    return settle(contract, [one.terms for one in versions], happenings.events_about(log, subjects), as_of)


def _tickets(judged: Any) -> Any:
    kind, kinds = sheets.names(judged, "kind")
    return sheets.taken(judged, np.flatnonzero(np.isin(kind, sheets.places(kinds, ["ticket"]))))


def _levels(versions: tuple[Adopted, ...]) -> frozenset[str]:
    severities = versions[-1].terms.severities
    return frozenset(level.name for level in severities.levels) if severities is not None else frozenset()
