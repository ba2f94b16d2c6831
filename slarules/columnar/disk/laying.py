"""A log as it streams in: kept in memory where it fits, else put on disk in sorted runs, and looked at on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from attrs import define, field

from slarules.columnar.disk import budget, links
from slarules.columnar.disk.ahead import behind
from slarules.columnar.disk.gathering import read_range
from slarules.columnar.disk.links import Seen, Shaping
from slarules.columnar.disk.ranges import Sizes
from slarules.columnar.disk.runs import Run, by_subject, read_run, write_run
from slarules.columnar.disk.spill import read_json, sizes_of, unharmed, write_json
from slarules.columnar.log.coding import Coded, Coming, add, finished, table_of, widened
from slarules.columnar.log.columns import BadTable, checked_after
from slarules.columnar.log.ids import ComingIds
from slarules.columnar.placing import PLACE

MANY_RUNS = 8
"""So many runs that fit into one are put together."""
GIVEN_BACK = 4_000_000
"""So many events are read before what reading took and needs no more is given back; that takes time, too."""
LAID = "log.json"
"""The file that says that all of a log is on disk."""


@define
class Laid:
    """A log put on disk."""

    runs: list[Run] = field(factory=list)
    columns: dict[str, None] = field(factory=dict)
    """In the order in which the log has them."""
    seen: Seen = field(factory=Seen)
    events: int = 0
    noted: dict[str, Any] = field(factory=dict)
    """What the caller wants to find again where a later run does not read the log."""
    precision: int = 0


@define
class InMemory:
    """A log that fits."""

    log: Coded
    """All of it."""
    noted: dict[str, Any] = field(factory=dict)
    precision: int = 0


def lay(
    batches: Iterable[pa.Table], shape: Shaping, sizes: Sizes, directory: Path, laid: Laid, fitting: bool
) -> InMemory | Laid:
    """Puts batches of events on disk behind what is ``laid`` already, or gives them back where they fit.

    Nothing is put on disk before more events are there than can be judged at once. What is put there is sorted and
    written beside, while the next batches are read. Raises ``BadTable`` and ``CannotJudge``.
    """
    coming, size, rows, given, before = Coming(), 0, 0, 0, laid.events
    fits = fitting and not laid.runs
    most = sizes.rows if sizes.held is None else sizes.held
    with behind() as put:
        for batch in batches:
            events = _checked(batch, before + rows)
            add(coming, events)
            rows += events.num_rows
            size += events.nbytes
            fits = fits and rows <= most
            if not fits and size > sizes.run:
                put(_put, coming, shape, directory, laid, round(size / max(1, sizes.run)))
                coming, size = Coming(ComingIds(bare=True)), 0
            del batch, events
            if rows // GIVEN_BACK > given:
                given = rows // GIVEN_BACK
                budget.given_back()
        if fits:
            log = finished(coming)
            if given:
                budget.given_back()
            return InMemory(log)
        put(_put, coming, shape, directory, laid, round(size / max(1, sizes.run)))
    return laid


def fewer_runs(laid: Laid, directory: Path, most: int) -> None:
    """Puts the smallest runs together where there are many of them, so that a log that grows daily stays in few."""
    by_size = sorted(laid.runs, key=lambda run: (run.size, run.name))
    some = [run for number, run in enumerate(by_size) if sum(r.size for r in by_size[: number + 1]) <= most]
    if len(some) < MANY_RUNS:
        return
    table = read_range(some, "", None, list(laid.columns))
    run = _written(laid, directory, dict(zip(table.column_names, table.columns, strict=True)))
    laid.runs[:] = [*(one for one in laid.runs if one not in some), run]


def _next(laid: Laid) -> int:
    return max((int(run.name.removeprefix("run-")) + 1 for run in laid.runs), default=0)


def _checked(batch: pa.Table, before: int) -> pa.Table:
    if PLACE in batch.column_names:
        raise BadTable(f"the fact `{PLACE}` cannot be judged: rename it")
    return checked_after(batch, before)


def _put(coming: Coming, shape: Shaping, directory: Path, laid: Laid, runs: int) -> None:
    """Writes what came in so many runs, about; then it is gone."""
    table = table_of(coming)
    rows = max(1, -(-table.num_rows // max(1, runs)))
    pieces = [table.slice(start, rows) for start in range(0, table.num_rows, rows)]
    del table
    while pieces:
        piece = widened(pieces.pop(0))
        events, columns = piece.num_rows, {name: piece.column(name) for name in piece.column_names}
        links.look(laid.seen, shape, piece)
        del piece
        laid.columns |= dict.fromkeys(columns)
        laid.runs.append(_written(laid, directory, columns))
        laid.events += events
        budget.given_back()


def _written(laid: Laid, directory: Path, columns: dict[str, pa.ChunkedArray]) -> Run:
    """The events sorted and put on disk, with what tells which subjects hang together; ``columns`` is emptied."""
    path = directory / f"run-{_next(laid):05}.arrow"
    table = pa.table(columns)
    subjects = by_subject(columns.pop("subject"))
    with behind() as beside:
        beside(links.keep_identities, path, table, subjects)
        del table
        return write_run(path, columns, subjects, laid.events)


def save(laid: Laid, directory: Path, asked: Mapping[str, str]) -> None:
    """Says on disk that all of the log is there."""
    write_json(directory / LAID, {"asked": dict(asked), "log": as_data(laid)})


def as_data(laid: Laid) -> dict[str, Any]:
    """A log on disk as JSON; ``of_data`` gives it back."""
    seen = laid.seen
    return {
        "runs": [run.path.name for run in laid.runs],
        "sizes": sizes_of(file for run in laid.runs for file in run.files),
        "columns": list(laid.columns),
        "everywhere": sorted(seen.everywhere),
        "agreements": sorted(seen.agreements),
        "moves": sorted(seen.moves),
        "sources": sorted(seen.sources),
        "events": laid.events,
        "noted": laid.noted,
        "precision": laid.precision,
    }


def found(directory: Path) -> tuple[Laid, dict[str, str]] | None:
    """The log that a folder holds, and what was asked of it; None: none, or not all of it."""
    told = read_json(directory / LAID)
    return None if told is None else (of_data(told["log"], directory), told["asked"])


def of_data(told: Mapping[str, Any], directory: Path) -> Laid:
    """The log that ``as_data`` told, of a folder. Raises ``Damaged``."""
    unharmed(directory, told.get("sizes", {}))
    seen = Seen(
        set(told["everywhere"]),
        set(told["agreements"]),
        {(one, other) for one, other in told["moves"]},
        set(told["sources"]),
    )
    runs = [read_run(directory / name) for name in told["runs"]]
    columns = dict.fromkeys(told["columns"])
    return Laid(runs, columns, seen, told["events"], told["noted"], told["precision"])

