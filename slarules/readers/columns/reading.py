"""An event file read into event tables: the same events and refusals as row by row, many times faster."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
from attrs import define, field

from slarules.diagnostics import Diagnostic, has_errors
from slarules.model.event import Event
from slarules.readers.columns.changes import comparable, events_of
from slarules.readers.columns.courses import courses
from slarules.readers.columns.formats import EARLY, ahead, csv_parts, json_parts, parquet_parts
from slarules.readers.columns.parts import AT_ONCE, Part
from slarules.readers.columns.snapshots import collected, sorted_rows
from slarules.readers.columns.tables import table_of
from slarules.readers.files import CSV, DAMAGE, PARQUET, Unusable, opened
from slarules.readers.mapping import EventMapping
from slarules.readers.reading import Reading, entries_of, read_events
from slarules.readers.rejects import Refused, Rejected, RejectsFile, Tally


@define
class ColumnReading:
    """One event file. Iterating reads it from its beginning, and counts in ``tally`` what passes.

    It gives event tables and ``Rejected``: together they are what ``Reading`` gives of the file, event for event and
    in its order. A table holds the events of some stretch; tables may differ in which facts are columns
    (``joined`` puts them together). Nothing is raised for what the file holds.
    """

    rows: Reading
    """The same file, to be read row by row."""
    tally: Tally = field(factory=Tally)
    """Of the last iteration, so far."""
    _begun: Generator[Part] | None = None
    """What the next iteration gives, where its reading is under way."""

    @property
    def path(self) -> Path:
        """The file."""
        return self.rows.path

    @property
    def mapping(self) -> EventMapping | None:
        """How it is to be read; None where its columns or keys are an event's own."""
        return self.rows.mapping

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the mapping or with the file as a whole, found before reading."""
        return self.rows.problems

    @property
    def precision(self) -> int:
        """How finely its source tells the time, in microseconds."""
        return self.rows.precision

    def begin(self) -> None:
        """Has the file read from now on, some way ahead of the iteration that is to come; ``stop`` ends it."""
        if not has_errors(self.problems):
            self._begun = ahead(_parts(self.rows), EARLY)

    def stop(self) -> None:
        """Ends a reading that was begun, and that nobody iterates."""
        if self._begun is not None:
            self._begun.close()
            self._begun = None

    def __iter__(self) -> Iterator[pa.Table | Rejected]:
        self.tally = Tally()
        if has_errors(self.problems):
            return
        given = 0
        parts, self._begun = self._begun or ahead(_parts(self.rows)), None
        try:
            for part in parts:
                _count(part, self.tally)
                given += len(part.rejected) + sum(len(table) for table in part.tables)
                yield from part.rejected
                yield from part.tables
        except (Unusable, Refused, pa.ArrowException, ValueError, OverflowError, *DAMAGE):
            # The file is damaged, or holds what columns cannot: row by row it tells what, behind what was given.
            yield from self._row_by_row(given)

    def tables(self, rejects: RejectsFile | None = None) -> Iterator[pa.Table]:
        """The tables alone; what is set aside is counted, and written to ``rejects`` if one is given."""
        for entry in self:
            if not isinstance(entry, Rejected):
                yield entry
            elif rejects is not None:
                rejects.write(entry)

    def _row_by_row(self, given: int) -> Iterator[pa.Table | Rejected]:
        """What the file gives behind the first ``given`` entries; the tally is that of the whole."""
        self.tally = tally = Tally()
        entries = islice(self._counted(tally), given, None)
        events: list[Event] = []
        for entry in entries:
            if isinstance(entry, Rejected):
                yield entry
                continue
            events.append(entry)
            if len(events) == AT_ONCE:
                yield table_of(events)
                events = []
        if events:
            yield table_of(events)

    def _counted(self, tally: Tally) -> Iterator[Event | Rejected]:
        for entry in entries_of(self.rows, tally):
            if isinstance(entry, Rejected):
                tally.rejected[entry.code] += 1
            else:
                tally.events += 1
            yield entry


def read_columns(
    path: str | Path, mapping: str | Path | EventMapping | None = None, strict: bool = False
) -> ColumnReading:
    """A reading of the file ``path`` into event tables; everything else is as with ``read_events``."""
    return ColumnReading(read_events(path, mapping, strict))


def _parts(reading: Reading) -> Generator[Part]:
    """The file in parts. Raises where it is damaged."""
    mapping = reading.mapping
    if mapping is not None and "state" in mapping.beside:
        raise Unusable("is read row by row")
    if mapping is None or not mapping.by_ticket:
        yield from _pieces(reading)
    elif not comparable(mapping):
        raise Unusable("is compared row by row")
    else:
        rows = collected(_pieces(reading))
        tables, rows.tables = rows.tables, []
        yield rows
        for course in courses(mapping, sorted_rows(tables)) if tables else ():
            yield events_of(mapping, course)


def _pieces(reading: Reading) -> Generator[Part]:
    """The file's stretches, each for itself: events, or rows that are yet to be compared."""
    mapping = reading.mapping
    with opened(reading.path, reading.encoding) as (stream, kind):
        if kind is PARQUET:
            yield from parquet_parts(stream, mapping, reading.strict)
        elif not _compiled():
            raise Unusable("is read row by row")
        elif kind is CSV:
            yield from csv_parts(stream, mapping, reading.strict)
        else:
            yield from json_parts(stream, mapping, reading.strict)


def _compiled() -> bool:
    """Whether the loops over a file's bytes are machine code here; without numba, rows are faster than they."""
    from slarules.machine_code import COMPILED

    return COMPILED


def _count(part: Part, tally: Tally) -> None:
    tally.rows += part.rows
    tally.events += sum(len(table) for table in part.tables)
    tally.unknown_fields += part.unknown
    for entry in part.rejected:
        tally.rejected[entry.code] += 1
