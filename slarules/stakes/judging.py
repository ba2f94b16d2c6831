"""A log judged under one way to read the contract, and then again only where another way may come out otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from attrs import define, evolve, field, frozen

from slarules.columnar.log.coding import Coded
from slarules.columnar.review import sheets
from slarules.columnar.review.either import Log
from slarules.columnar.verdicts.rows import COLUMNS as ALL
from slarules.engine.adopt import Adopted
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.verdict import Verdict
from slarules.stakes import laid as side
from slarules.stakes.asked import (
    ByColumns,
    ByEvents,
    Piece,
    Worths,
    asked_of_columns,
    asked_of_events,
    judged,
    objects_of,
)
from slarules.stakes.changes import Difference, difference
from slarules.stakes.comparing import Changed
from slarules.stakes.dependence import VALUED, ZONE, Node
from slarules.stakes.laid import (
    BROKEN,
    Codes,
    Laid,
    Mask,
    Numbers,
    Options,
    differing,
    in_one,
    in_order,
    keys_of,
    laid_of,
    laid_out,
    matched,
)
from slarules.stakes.occasions import Happened, Occasion, fits
from slarules.stakes.ways import Folds, Way, narrowed, way_of


@frozen(eq=False)
class Judged:
    """What one way to read the contract makes of the log, as far as it may differ from the base."""

    options: Options
    """What is read otherwise than in the base."""
    difference: Difference
    """What may differ from the base."""
    subjects: int
    """How many subjects were judged again: all that the difference can touch."""
    again: Laid = field(repr=False)
    """Of each subject of which any verdict differs, its verdicts of the rules that are touched. All else is as in the
    base."""
    pairs: tuple[Numbers, Numbers] = field(repr=False)
    """The verdicts that come out otherwise: rows of the base and of ``again``, -1 where there is none."""
    changed: Mask = field(repr=False)
    """[subject] → whether any of its verdicts does."""
    worths: Worths | None = field(repr=False)
    """What agreements come to; None: as in the base."""


@define(eq=False)
class Bench:
    """One contract and one log, with the base judged in full."""

    contract: Contract
    supplied: Mapping[str, Supplied]
    readings: Mapping[str, str]
    """The base: what is read otherwise than the contract adopts."""
    as_of: int
    log: ByEvents | ByColumns
    verdicts: Laid
    """All verdicts under the base."""
    worths: Worths
    by_reference: Mapping[str, int]
    """Why subjects went to the reference engine, though the columnar one judged the log → how many."""
    way: Way
    folds: Folds
    codes: Codes
    alike: tuple[Happened, ...] = ()
    """What an occasion may ask of subjects under the base, each once."""
    group: Numbers = field(factory=lambda: np.zeros(0, np.int64))
    """[subject] → its place in ``alike``."""
    ways: dict[Options, Way] = field(factory=dict)
    narrow: dict[Options, tuple[Adopted, ...]] = field(factory=dict)
    """As the engine judges by some of these."""
    gathered: dict[tuple[int, ...], Mask] = field(factory=dict)
    """Some of the places in ``alike`` → which subjects are there."""

    @property
    def count(self) -> int:
        """How many subjects there are."""
        return len(self.log.names)


def bench(
    contract: Contract,
    readings: Mapping[str, str],
    log: Log,
    as_of: int,
    supplied: Mapping[str, Supplied],
    done: Callable[[int], None],
) -> Bench:
    """The log judged under the base; ``done`` is told how many subjects were judged since it was last."""
    asked: ByEvents | ByColumns
    if isinstance(log, Coded):
        asked = asked_of_columns(contract, readings, log, as_of, supplied)
    else:
        asked = asked_of_events(contract, readings, log, as_of, supplied)
    folds = Folds(asked.silent)
    own = way_of(contract, readings, supplied, folds)
    versions = tuple(narrowed(version, frozenset(version.plain)) for version in own.versions)
    codes, parts = Codes(), list[Laid]()
    found = judged(
        asked, contract, readings, supplied, versions, as_of, None, True,
        lambda piece: parts.append(_laid(piece, asked.names, codes, ())), done,
    )  # fmt: skip
    laid = in_one(parts)
    if asked.names is not found.log.names:  # some that are named are no subjects: nothing of them stands
        laid = side.renumbered(laid, sheets.found_in(asked.names, found.log.names))
    base = Bench(
        contract, supplied, readings, as_of, found.log, laid, found.worths or {}, found.by_reference, own, folds, codes
    )
    base.narrow[()] = versions
    base.alike, base.group = _grouped(base, np.arange(base.count), [(laid, np.arange(laid.count))])
    return base


def _laid(piece: Piece, names: Any, codes: Codes, options: Options) -> Laid:
    if piece.objects is not None:
        return laid_of(piece.objects, names, codes, options)
    return laid_out(piece.table, names, codes, options)


def _all_shown(contract: Contract) -> bool:
    """Whether every instance has a verdict: none is hidden by dates in force or by amendments (R27)."""
    return len(contract.versions) == 1 and contract.in_force == (None, None)


def _grouped(
    base: Bench, subjects: Numbers, told: Iterable[tuple[Laid, Numbers]]
) -> tuple[tuple[Happened, ...], Numbers]:
    """What an occasion may ask of these subjects, each once, and [subject] → which of it; ``told`` are their verdicts,
    rows of one or several judgings."""
    stems = base.log.stems
    stem = base.log.stem[subjects]
    if not _all_shown(base.contract):
        kept, of = np.unique(stem, return_inverse=True)
        return tuple(stems[place] for place in kept.tolist()), of
    duties = [(number, name) for (sort, name), number in base.codes.nodes.items() if sort == "duty"]
    column = np.full(len(base.codes.nodes) + 1, -1, np.int64)
    column[[number for number, _ in duties]] = np.arange(len(duties))
    place = np.full(base.count, -1, np.int64)
    place[subjects] = np.arange(len(subjects))
    bits = np.zeros((len(subjects), 2 * len(duties)), bool)
    for laid, rows in told:
        own = rows[column[laid.node[rows]] >= 0]
        bits[place[laid.subject[own]], 2 * column[laid.node[own]]] = True
        own = own[np.isin(laid.state[own], BROKEN)]
        bits[place[laid.subject[own]], 2 * column[laid.node[own]] + 1] = True
    keys = np.concatenate((stem.astype("<i4").view(np.uint8).reshape(-1, 4), np.packbits(bits, axis=1)), axis=1)
    _, first, of = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    names = [name for _, name in duties]
    found = []
    for row in first.tolist():
        owed, broken = ({names[n] for n in np.flatnonzero(bits[row, start::2])} for start in (0, 1))
        found.append(evolve(stems[int(stem[row])], owed=frozenset(owed), broken=frozenset(broken)))
    return tuple(found), of.ravel()


# ---- Read otherwise ---------------------------------------------------------------------------------------------


def way(base: Bench, options: Options) -> Way:
    """The contract with these options in place of the base's."""
    if options not in base.ways:
        base.ways[options] = way_of(base.contract, {**base.readings, **dict(options)}, base.supplied, base.folds)
    return base.ways[options]


def from_base(base: Bench, options: Options) -> Difference:
    """What may differ from the base."""
    return difference(base.way, way(base, options))


def fitting(base: Bench, occasions: Iterable[Occasion]) -> Mask:
    """[subject] → whether it fits one of the occasions, by what the base judges of it."""
    wanted = tuple(occasions)
    groups = tuple(n for n, seen in enumerate(base.alike) if any(fits(occasion, seen) for occasion in wanted))
    if groups not in base.gathered:
        kept = np.zeros(len(base.alike), bool)
        kept[list(groups)] = True
        base.gathered[groups] = kept[base.group]
    return base.gathered[groups]


def judge_again(
    base: Bench, options: Options, found: Difference, subjects: Mask, done: Callable[[int], None]
) -> Judged:
    """Those subjects judged under these options, and agreements where they may come out otherwise."""
    again = _Again(base, options, found, subjects)
    worths = None
    if found.touched:
        moved = any(sort in (*VALUED, "role", ZONE[0]) for sort, _ in {*found.touched, *found.roots})
        versions = tuple(narrowed(version, found.kept) for version in way(base, options).versions)
        base.narrow[options] = versions
        readings = {**base.readings, **dict(options)}
        told = judged(
            base.log, base.contract, readings, base.supplied, versions, base.as_of, subjects, moved, again.take, done
        )
        worths = told.worths if moved else None
        again.rest()
    b, a = (np.concatenate([np.zeros(0, np.int64), *own]) for own in (again.b, again.a))
    laid = in_one(again.parts or [side.rows(base.verdicts, np.zeros(0, np.int64))])
    judged_many = int(subjects.sum()) if found.touched else 0
    return Judged(options, found, judged_many, laid, (b, a), again.changed, worths)


class _Again:
    """Verdicts under other options held against the base's as they come, and forgotten where they are the same."""

    def __init__(self, base: Bench, options: Options, found: Difference, subjects: Mask) -> None:
        self.base, self.options, self.found, self.subjects = base, options, found, subjects
        self.reached = self.kept = 0
        """So many subjects were held against the base, and so many verdicts kept."""
        self.changed = _nobody(base)
        self.parts: list[Laid] = []
        self.b: list[Numbers] = []
        self.a: list[Numbers] = []

    def take(self, piece: Piece) -> None:
        whole = _laid(piece, self.base.log.names, self.base.codes, self.options)
        self._held(whole, int(whole.subject[-1]) + 1 if whole.count else self.reached)

    def rest(self) -> None:
        """The subjects of which there were no verdicts any more."""
        nothing = np.zeros(0, np.int64)
        self._held(evolve(side.rows(self.base.verdicts, nothing), options=self.options), self.base.count)

    def _held(self, whole: Laid, until: int) -> None:
        base, found = self.base, self.found
        low, high = np.searchsorted(base.verdicts.subject, (self.reached, until)).tolist()
        self.reached = until
        before = self._touched(base.verdicts, np.arange(low, high))
        again = self._touched(whole, np.arange(whole.count))
        pairs = matched(keys_of(base.verdicts, before), keys_of(whole, again), in_order(base.codes, found.periodic))
        b, a = _rows(pairs[0], before), _rows(pairs[1], again)
        other = differing(base.verdicts, whole, (b, a))
        b, a = b[other], a[other]
        self.changed[base.verdicts.subject[b[b >= 0]]] = True
        self.changed[whole.subject[a[a >= 0]]] = True
        kept = again[self.changed[whole.subject[again]]]
        self.b.append(b)
        self.a.append(np.where(a < 0, -1, np.searchsorted(kept, a) + self.kept))
        self.parts.append(side.rows(whole, kept))
        self.kept += len(kept)


    def _touched(self, laid: Laid, rows: Numbers) -> Numbers:
        """Those of the rows that are about these subjects, of rules that may come out otherwise."""
        wanted = side.of_rules(laid, self.base.codes, self.found.judged, rows) & self.subjects[laid.subject[rows]]
        return rows[wanted]


def told(base: Bench, laid: Laid, rows: Numbers) -> list[Verdict]:
    """The verdicts of these rows; those that are not at hand are judged again."""
    if laid.objects is not None:
        return [laid.objects[row] for row in rows.tolist()]
    wanted = _keys(laid, rows)
    asked = frozenset(wanted)
    found: dict[tuple[int, ...], Verdict] = {}
    subjects = _nobody(base)
    subjects[laid.subject[rows]] = True

    def take(piece: Piece) -> None:
        own = _laid(piece, base.log.names, base.codes, laid.options)
        chosen = side.of_subjects(own, subjects)
        there = [(key, row) for key, row in zip(_keys(own, chosen), chosen.tolist(), strict=True) if key in asked]
        objects = objects_of(piece, base.contract, [row for _, row in there])
        found.update(zip((key for key, _ in there), objects, strict=True))

    if wanted:
        readings = {**base.readings, **dict(laid.options)}
        judged(base.log, base.contract, readings, base.supplied, base.narrow[laid.options], base.as_of, subjects,
               False, take, lambda more: None, ALL)  # fmt: skip
    return [found[key] for key in wanted]


def _keys(laid: Laid, rows: Numbers) -> list[tuple[int, ...]]:
    """By what verdicts of one judging are told apart."""
    return list(zip(*(own[rows].tolist() for own in (laid.subject, laid.node, laid.number)), strict=True))


def changed_by(base: Bench, judged: Judged) -> Changed:
    """The verdicts that come out otherwise."""
    return Changed(base.verdicts, judged.again, *judged.pairs)


def _chosen(base: Bench, laid: Laid, subjects: Mask, rules: Iterable[Node]) -> Numbers:
    """The rows of these rules that are about these subjects."""
    rows = side.of_subjects(laid, subjects)
    return rows[side.of_rules(laid, base.codes, rules, rows)]


def _nobody(base: Bench) -> Mask:
    return np.zeros(base.count, bool)


def _rows(places: Numbers, rows: Numbers) -> Numbers:
    """Rows for places among them; -1 stays."""
    return np.where(places < 0, -1, np.append(rows, -1)[places])


def under(base: Bench, judged: Judged | None, subjects: Mask, rules: Iterable[Node]) -> list[tuple[Laid, Numbers]]:
    """The rows of what a way makes of these rules for these subjects: judged again where it differs, else as in the
    base; None: as in the base throughout."""
    own = _chosen(base, base.verdicts, subjects, rules)
    if judged is None:
        return [(base.verdicts, own)]
    touched = side.of_rules(base.verdicts, base.codes, judged.difference.judged, own)
    own = own[~(judged.changed[base.verdicts.subject[own]] & touched)]
    return [(base.verdicts, own), (judged.again, _chosen(base, judged.again, subjects, rules))]


def seen_under(base: Bench, judged: Judged, subjects: Mask) -> tuple[tuple[Happened, ...], Numbers]:
    """What an occasion may ask of these subjects under a way, each once; and [one of them] → which of it."""
    return _grouped(base, np.flatnonzero(subjects), under(base, judged, subjects, base.codes.nodes))
