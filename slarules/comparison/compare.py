"""Two contracts laid side by side: what answers to what, what is stricter, and what else differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from attrs import frozen

from slarules.analysis.moments import ordinary
from slarules.calendars.calendar import Calendar
from slarules.comparison.matching import SORTS, Matching, Pair, matched
from slarules.comparison.meaning import JUDGED, Row, rows
from slarules.comparison.sides import Side
from slarules.comparison.structure import Names, essence
from slarules.comparison.words import instant


@frozen
class Other:
    """Something that no ticket keeps or breaks by itself: a calendar, a table, an amount, a status …"""

    pair: Pair
    """What answers to what."""
    same: bool
    """Whether both say the same once names are mapped."""
    shows: str | None = None
    """Of calendars that differ, the first time at which one is open and the other is not."""


@frozen(eq=False)
class Comparison:
    """What comparing two contracts by meaning gave."""

    ours: Side
    """The first contract."""
    theirs: Side
    """The second."""
    matching: Matching
    """What was matched with what, and by what."""
    rows: tuple[Row, ...]
    """Duties, targets, prohibitions and rights, at each severity."""
    others: tuple[Other, ...]
    """Everything else that was matched."""


def compare(
    ours: Side, theirs: Side, said: Mapping[str, str] | None = None, levels: Mapping[str, str] | None = None, *,
    only: frozenset[str] = frozenset(), done: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Compares two contracts by meaning; the result is the same for the same input, whatever the machine.

    ``said`` and ``levels`` match what names do not; ``only`` names the rules looked at. Raises NoSuchName.
    """
    matching = matched(ours, theirs, said, levels)
    return Comparison(ours, theirs, matching, rows(ours, theirs, matching, done, only),
                      tuple(_others(ours, theirs, matching)))


def _others(ours: Side, theirs: Side, matching: Matching) -> Iterator[Other]:
    names = Names(ours, None), Names(theirs, matching.back)
    for pair in matching.pairs:
        if pair.sort in JUDGED:
            continue
        mine, its = (_stated(side, pair.sort, own) for side, own in
                     ((ours, pair.ours[0]), (theirs, pair.theirs[0])))
        same = essence(mine, names[0]) == essence(its, names[1])
        shows = None
        if pair.sort == "calendar" and not same:
            shows = first_difference(ours, theirs, pair.ours[0], pair.theirs[0])
        yield Other(pair, same, shows)


def _stated(side: Side, sort: str, name: str) -> Any:
    return getattr(side.terms, SORTS[sort])[name]


def first_difference(ours: Side, theirs: Side, name: str, other: str) -> str | None:
    """The first time from an ordinary Monday on at which one calendar alone is open; None: there is none.

    Told in the first contract's zone.
    """
    mine, its = ours.adopted.calendars[name], theirs.adopted.calendars[other]
    base = min(ordinary(ours.adopted), ordinary(theirs.adopted))
    found: list[tuple[int, int, str]] = []
    for one, two, words in ((mine, its, "A is open and B is closed"), (its, mine, "B is open and A is closed")):
        only = Calendar.difference(one, two).table.intervals
        place = int(np.searchsorted(only.ends, base, side="right"))
        if place < len(only.starts):
            found.append((max(base, int(only.starts[place])), int(only.ends[place]), words))
    if not found:
        return None
    start, end, words = min(found)
    return f"from {instant(start, ours.zone)} to {instant(end, ours.zone, start)} {words}"
