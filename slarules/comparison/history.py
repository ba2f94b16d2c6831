"""One log under both contracts: which tickets would have been judged otherwise, by how much, and at whose cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import numpy as np
from attrs import field, frozen

from slarules.calendars import zones
from slarules.columnar.review import sheets
from slarules.columnar.review.either import Besides, Log, Part, events_in, go_through, subjects_in
from slarules.columnar.review.sheets import NOTHING, at_places
from slarules.comparison.language import Untold, translated_log
from slarules.comparison.matching import Matching, Pair, role_of
from slarules.comparison.meaning import JUDGED
from slarules.comparison.occasions import rules_of
from slarules.comparison.sides import Side, timeless
from slarules.comparison.standings import (
    BROKEN_WORD,
    ENDED,
    KEPT_WORD,
    NOT_OWED,
    OPEN,
    ORDER,
    UNDETERMINED,
    WANTED,
    Both,
    Numbers,
    Standings,
    in_one,
    levels_of,
    side_by_side,
    standings_of,
)
from slarules.model.rules import Duty, Prohibition

STANDINGS = (KEPT_WORD, BROKEN_WORD, UNDETERMINED, OPEN, ENDED, NOT_OWED)
"""What a pair of rules comes to for one subject; ``broken`` counts aims that were missed as well."""


@frozen
class Change:
    """One subject that the two contracts judge otherwise."""

    subject: str
    """The ticket or agreement."""
    pair: Pair
    """The rules."""
    severity: str | None
    """As the first contract calls it."""
    before: str
    """One of ``STANDINGS``, under the first contract."""
    after: str
    """Under the second."""
    dues: tuple[int | None, int | None]
    """When it was first due under each, in microseconds UTC."""
    month: str
    """``2025-03``, in the first contract's zone: when it was set off."""


@frozen
class Count:
    """One pair of rules at one severity."""

    pair: Pair
    """The rules."""
    severity: str | None
    """As the first contract calls it."""
    subjects: Mapping[tuple[str, str], int]
    """(Before, after) → subjects."""
    moved: tuple[int, ...]
    """By how much first deadlines move, in microseconds: the least, the middle one, the most; negative: it is earlier
    under the second. None where no subject has both."""

    def of(self, before: str | None = None, after: str | None = None) -> int:
        """How many subjects stand so; None: however."""
        return sum(n for (was, now), n in self.subjects.items() if before in (None, was) and after in (None, now))


@frozen(eq=False)
class History:
    """What a log shows."""

    as_of: int
    """Judged as of this instant, in microseconds UTC."""
    events: int
    """Events of the log."""
    subjects: int
    """Tickets and agreements in it."""
    untold: Untold
    """What the second contract has no word for."""
    counts: tuple[Count, ...]
    """By pair in the first contract's order, severities gravest first."""
    changes: tuple[Change, ...]
    """Every subject whose standing differs, in the same order, then by subject."""
    missing: tuple[Mapping[tuple[str, str], int], Mapping[tuple[str, str], int]]
    """(Rule, fact) → undetermined verdicts for want of it, under each contract."""
    alone: tuple[Mapping[str, Mapping[str, int]], Mapping[str, Mapping[str, int]]]
    """Rules without a partner → state → verdicts, under each."""
    unwilling: tuple[str, ...] = ()
    """Contracts that are judged as if they were always in force, though their dates say otherwise."""
    judged: tuple[int, int] = (0, 0)
    """How many subjects were judged under each."""
    by_reference: tuple[Mapping[str, int], Mapping[str, int]] = field(factory=lambda: ({}, {}))
    """Why subjects went to the reference engine though the columnar one judged the log → how many, under each."""


@frozen(eq=False)
class _Seen:
    """What judging the log under one of the contracts tells."""

    besides: Besides
    standings: Standings
    missing: Mapping[tuple[str, str], int]
    alone: Mapping[str, Mapping[str, int]]


_OfPart = tuple[Standings, Counter[tuple[str, str]], Counter[tuple[str, str]]]
"""Of some subjects: what pairs of rules come to, wanting facts, (rule, state) → verdicts of rules without a partner."""


def history(
    ours: Side, theirs: Side, matching: Matching, log: Log, as_of: int, *, precision: int = 0,
    done: Callable[[int, int], None] = lambda judged, total: None,
) -> History:
    """A log in the first contract's words, judged under both; ``done`` as of ``either.judge``."""
    told, untold = translated_log(log, matching.there)
    pairs = [pair for pair in matching.pairs if pair.sort in JUDGED]
    seen: list[_Seen] = []
    for of, (side, own, only) in enumerate(((ours, log, matching.only_ours), (theirs, told, matching.only_theirs))):
        names = list(dict.fromkeys(name for sort, name in only if sort in JUDGED))
        parts: list[_OfPart] = []
        each = partial(_take, parts, pairs, of, names)
        besides = go_through(timeless(side.stated), side.readings, own, as_of, each, supplied=side.given,
                             precision=precision, columns=WANTED, done=done)  # fmt: skip
        seen.append(_seen(besides, parts, names))
    changes, counts = _laid_together(ours, matching, pairs, seen[0].standings, seen[1].standings)
    dated = tuple(side.stated.name for side in (ours, theirs) if side.stated.in_force != (None, None))
    a, b = seen
    return History(
        as_of, events_in(log), subjects_in(log), untold, counts, changes, (a.missing, b.missing), (a.alone, b.alone),
        dated, (a.besides.subjects, b.besides.subjects), (a.besides.by_reference, b.besides.by_reference),
    )  # fmt: skip


def cost_of(side: Side, pair: Pair) -> str:
    """The role of whoever owes what the pair is about."""
    rule = rules_of(side, pair.sort, pair.ours)[0]
    party = rule.bearer if isinstance(rule, Duty) else rule.bearers[0] if isinstance(rule, Prohibition) else rule.holder
    return role_of(side, party)


def _laid_together(
    ours: Side, matching: Matching, pairs: list[Pair], mine: Standings, its: Standings
) -> tuple[tuple[Change, ...], tuple[Count, ...]]:
    both = side_by_side(mine, its)
    levels = levels_of(both, matching)
    order = {level: n for n, level in enumerate(ours.levels)}
    changes: list[Change] = []
    counts: list[Count] = []
    for n, pair in enumerate(pairs):
        own = np.flatnonzero(both.pair == n)
        changes += _changes(ours, pair, both, own, levels)
        present = {levels[code] for code in np.unique(both.level[own]).tolist()}
        for level in sorted(present, key=lambda level: (order.get(level or "", len(order)), level or "")):
            of_level = own[np.isin(both.level[own], [code for code, name in enumerate(levels) if name == level])]
            counts.append(_count(pair, level, both, of_level))
    return tuple(changes), tuple(counts)


def _changes(
    ours: Side, pair: Pair, both: Both, rows: Numbers, levels: list[str | None]
) -> Iterator[Change]:
    """The subjects of these rows that stand otherwise."""
    own = rows[both.before[rows] != both.after[rows]]
    began = np.where(both.a >= 0, at_places(both.mine.began, both.a, 0), at_places(both.its.began, both.b, 0))[own]
    days = zones.local_ordinals(began, ours.zone).tolist()
    months = {day: f"{(on := date.fromordinal(day)).year}-{on.month:02d}" for day in set(days)}
    columns = (both.subject, both.level, both.before, both.after, *both.dues)
    for day, (subject, level, before, after, *dues) in zip(
        days, zip(*(column[own].tolist() for column in columns), strict=True), strict=True
    ):
        due = [None if at == NOTHING else at for at in dues]
        yield Change(
            both.names[subject].as_py(), pair, levels[level], ORDER[before], ORDER[after], (due[0], due[1]),
            months[day],
        )  # fmt: skip


def _count(pair: Pair, level: str | None, both: Both, rows: Numbers) -> Count:
    of, first = sheets.groups(both.before[rows], both.after[rows])
    many = np.bincount(of, minlength=len(first)).tolist()
    found = {
        (ORDER[int(both.before[row])], ORDER[int(both.after[row])]): number
        for row, number in zip(rows[first].tolist(), many, strict=True)
    }
    was, now = (due[rows] for due in both.dues)
    dated = (was != NOTHING) & (now != NOTHING)
    moved = np.sort(now[dated] - was[dated])
    shift = (int(moved[0]), int(moved[len(moved) // 2]), int(moved[-1])) if len(moved) else ()
    return Count(pair, level, dict(sorted(found.items())), shift)


def _seen(besides: Besides, found: Sequence[_OfPart], names: Iterable[str]) -> _Seen:
    """All that the parts tell together."""
    missing: Counter[tuple[str, str]] = Counter()
    states: Counter[tuple[str, str]] = Counter()
    for _, wanting, unpaired in found:
        missing.update(wanting)
        states.update(unpaired)
    by_name = {name: {state: many for (own, state), many in sorted(states.items()) if own == name} for name in names}
    alone = {name: counts for name, counts in by_name.items() if counts}
    return _Seen(besides, in_one([standings for standings, _, _ in found]), dict(sorted(missing.items())), alone)


def _take(found: list[_OfPart], pairs: list[Pair], of: int, names: Iterable[str], part: Part) -> None:
    table = part.verdicts
    found.append((standings_of(pairs, table, of), Counter(sheets.wanting(table)), _states(table, names)))


def _states(table: Any, names: Iterable[str]) -> Counter[tuple[str, str]]:
    """(Rule, state) → verdicts, of the rules of these names."""
    duty, duties = sheets.names(table, "duty")
    state, states = sheets.names(table, "state")
    found: Counter[tuple[str, str]] = Counter()
    for name in names:
        of = np.flatnonzero(np.isin(duty, sheets.places(duties, [name])))
        many = np.bincount(state[of], minlength=len(states)).tolist()
        found.update({(name, one): number for one, number in zip(states, many, strict=True) if number})
    return found
