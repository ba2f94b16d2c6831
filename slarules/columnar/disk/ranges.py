"""Ranges of tickets, each small enough to be judged in memory, and the events that judging one of them needs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from slarules.columnar.disk.budget import TooLittleMemory
from slarules.columnar.disk.gathering import among, count, gathered, joined, read_range, read_subjects, rows_within
from slarules.columnar.disk.links import Linked, Seen, groups_of, linked
from slarules.columnar.disk.runs import BATCH, Run

Range = tuple[str, str | None]
"""Subjects from the first up to, without, the second; None: to the last."""


@frozen
class Sizes:
    """How much is in memory at once."""

    run: int
    """Bytes of events that are sorted and put on disk together."""
    rows: int
    """Events that can be judged together."""
    row: int
    """Bytes of room that judging one event takes."""
    range: int = 1_000_000
    """Events of one range, where no ticket has more: so much is judged again where a run was interrupted."""
    held: int | None = None
    """Events that are judged at once, without a disk; None: as many as can be judged together."""


@frozen(eq=False)
class Shared:
    """The events that ranges need besides their own."""

    everywhere: pa.Table
    """Those that every range needs."""
    some: pa.Table
    """Those of tickets that hang together with others."""
    groups: Any
    """Of each row of ``some``, its group."""
    names: dict[int, list[str]]
    """Group → the subjects in it, also those that only a correction names."""
    links: Linked


def shared_events(runs: Sequence[Run], columns: Sequence[str], seen: Seen, sizes: Sizes, limit: int) -> Shared:
    """What ranges share. Raises ``TooLittleMemory`` where it leaves no room for tickets of their own."""
    links = linked(runs, seen, sizes.rows * sizes.row, limit)
    names = seen.everywhere | seen.agreements
    for_all = set(groups_of(links, names).values())
    if not len(links.numbers):
        everywhere = gathered(runs, columns, among(names), names)
        _bounded(everywhere, sizes, limit)
        return Shared(everywhere, everywhere.slice(0, 0), np.empty(0, np.int64), {}, links)
    numbers = _one_of(names)

    def wanted(subjects: pa.Array) -> Any:
        return np.asarray(numbers(subjects)) | (links.of(subjects) >= 0)

    found = gathered(runs, columns, wanted)
    _bounded(found, sizes, limit)
    groups = links.of(found.column("subject"))
    common = np.isin(groups, sorted(for_all)) | np.asarray(numbers(found.column("subject")))
    some = found.filter(pa.array(~common))
    left = groups[~common]
    return Shared(found.filter(pa.array(common)), some, left, _members(some, left, links, seen), links)


def _one_of(names: set[str]) -> Any:
    listed = pa.array(sorted(names), pa.string())
    return lambda subjects: pc.is_in(subjects, value_set=listed).to_numpy(zero_copy_only=False)


def _members(some: pa.Table, groups: Any, links: Linked, seen: Seen) -> dict[int, list[str]]:
    names: dict[int, set[str]] = {}
    for name, group in zip(some.column("subject").to_pylist(), groups.tolist(), strict=True):
        names.setdefault(group, set()).add(name)
    for name, group in groups_of(links, {name for pair in seen.moves for name in pair}).items():
        if group in names:
            names[group].add(name)
    return {group: sorted(own) for group, own in names.items()}


def _bounded(table: pa.Table, sizes: Sizes, limit: int) -> None:
    if table.num_rows * 2 > sizes.rows + 1:
        why = (
            f"{table.num_rows} events bear on many tickets at once, those of agreements, of what draws on their "
            "allowances, and of tickets that share ids or that corrections reach across"
        )
        raise TooLittleMemory(limit, limit + (table.num_rows * 2 - sizes.rows) * sizes.row, why)


# ---- Cutting --------------------------------------------------------------------------------------------------------


def cut(runs: Sequence[Run], low: str, rows: int, sizes: Sizes, limit: int) -> Iterator[Range]:
    """All subjects from ``low`` on in ranges of at most so many rows. Raises ``TooLittleMemory`` for larger tickets."""
    if not any(run.rows for run in runs):
        return
    for begin, end in _roughly(runs, low, min(rows, sizes.range)):
        if sum(rows_within(run, begin, end) for run in runs) <= _about(min(rows, sizes.range)):
            yield begin, end
        else:
            yield from _exactly(runs, begin, end, rows, sizes, limit)


def _roughly(runs: Sequence[Run], low: str, rows: int) -> Iterator[Range]:
    """Ranges by the first subject of each batch: right but for a batch or so of each run."""
    starts = sorted(start for run in runs for start in run.starts)
    wanted = max(1, _about(rows) // BATCH - len(runs), rows // (2 * BATCH))
    begin, place = low, bisect_right(starts, low)
    while True:
        place += wanted
        if place >= len(starts):
            yield begin, None
            return
        if starts[place] > begin:
            yield begin, starts[place]
            begin = starts[place]


def _about(rows: int) -> int:
    """So many rows, counted by batches, are not too many: of the first and the last of a run some are others'."""
    return rows + rows // 8


def _exactly(
    runs: Sequence[Run], low: str, high: str | None, rows: int, sizes: Sizes, limit: int
) -> Iterator[Range]:
    """The range cut where its rows, counted ticket by ticket, become too many."""
    names, counts = read_subjects(runs, low, high)
    begin, together = low, 0
    for name, many in zip(names, counts, strict=True):
        if many > rows:
            raise _too_many(name, many, rows, sizes, limit)
        if together and together + many > min(rows, sizes.range):
            yield begin, name
            begin, together = name, 0
        together += many
    yield begin, high


@frozen
class Portions:
    """Some subjects, in order, in portions that are judged one after the other."""

    names: list[list[str]]
    events: int
    """Of all of them."""


def portions(runs: Sequence[Run], names: Sequence[str], rows: int, sizes: Sizes, limit: int) -> Portions:
    """Portions of at most so many events. Raises ``TooLittleMemory`` for larger tickets."""
    found: list[list[str]] = []
    together = events = 0
    for name, many in zip(names, count(runs, names), strict=True):
        if many > rows:
            raise _too_many(name, many, rows, sizes, limit)
        if not found or (together and together + many > min(rows, sizes.range)):
            found.append([])
            together = 0
        found[-1].append(name)
        together += many
        events += many
    return Portions(found, events)


def _too_many(name: str, many: int, rows: int, sizes: Sizes, limit: int) -> TooLittleMemory:
    why = f"`{name}` has {many} events, and all of a ticket's are judged together"
    return TooLittleMemory(limit, limit + (many - rows) * sizes.row, why)


def events_of_range(
    runs: Sequence[Run], columns: Sequence[str], shared: Shared, low: str, high: str | None
) -> pa.Table:
    """The events that judging a range needs, in the order of the log, with their places."""
    own = read_range(runs, low, high, columns)
    others = [table for table in _others(shared, low, high) if table.num_rows]
    if not others:
        return own
    return joined([own, *others], columns)


def events_of_names(runs: Sequence[Run], columns: Sequence[str], shared: Shared, names: Sequence[str]) -> pa.Table:
    """The same for some subjects, in order of their names."""
    own = gathered(runs, columns, among(names), names)
    listed = pa.array(names, pa.string())
    wanted = set(names)
    groups = [group for group, members in shared.names.items() if not wanted.isdisjoint(members)]
    others = [shared.everywhere, shared.some.filter(pa.array(np.isin(shared.groups, groups)))]
    others = [table.filter(pc.invert(pc.is_in(table.column("subject"), value_set=listed))) for table in others]
    return joined([own, *others], columns)


def _others(shared: Shared, low: str, high: str | None) -> Iterator[pa.Table]:
    yield shared.everywhere.filter(_outside(shared.everywhere, low, high))
    groups = [g for g, names in shared.names.items() if any(low <= n and (high is None or n < high) for n in names)]
    if groups:
        some = shared.some.filter(pa.array(np.isin(shared.groups, groups)))
        yield some.filter(_outside(some, low, high))


def _outside(table: pa.Table, low: str, high: str | None) -> Any:
    subjects = table.column("subject")
    outside = pc.less(subjects, low)
    return outside if high is None else pc.or_(outside, pc.greater_equal(subjects, high))

