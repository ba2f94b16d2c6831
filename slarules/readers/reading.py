"""Reading an event file: one stream of events and of what was set aside, whatever the file is."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO, cast

from attrs import define, field

from slarules.diagnostics import Diagnostic, error, has_errors, warning
from slarules.model.event import Event
from slarules.readers.csv import csv_heading, csv_rows
from slarules.readers.fields import NEEDED, event_of
from slarules.readers.files import CSV, DAMAGE, JSON, PARQUET, Unusable, opened, said
from slarules.readers.jsonl import json_events, json_rows
from slarules.readers.mapping import EventMapping
from slarules.readers.mapping_file import load_mapping
from slarules.readers.ordering import in_order
from slarules.readers.parquet import parquet_heading, parquet_rows
from slarules.readers.rejects import Refused, Rejected, RejectsFile, Tally
from slarules.readers.rows import Cell, Cells, Row, read_rows
from slarules.readers.tickets import events_of_row, events_of_tickets
from slarules.source import Source, Span


@define
class Reading:
    """One event file. Iterating reads it from its beginning, and counts in ``tally`` what passes.

    It gives ``Event`` and ``Rejected`` in turn, a row at a time. With a mapping that compares a ticket's
    rows, events come ticket by ticket; otherwise in the file's order. Nothing is raised for what the file
    holds; with an error among ``problems`` it gives nothing.
    """

    path: Path
    """The file."""
    mapping: EventMapping | None = None
    """How it is to be read; None where its columns or keys are an event's own."""
    strict: bool = False
    """Whether fields that nobody knows are refused."""
    problems: tuple[Diagnostic, ...] = ()
    """What is wrong with the mapping or with the file as a whole, found before reading."""
    tally: Tally = field(factory=Tally)
    """Of the last iteration, so far."""

    @property
    def precision(self) -> int:
        """How finely its source tells the time, in microseconds."""
        return self.mapping.precision if self.mapping else 1

    @property
    def encoding(self) -> str:
        """Of its text, as far as anybody says so."""
        return self.mapping.encoding if self.mapping else "utf-8"

    def __iter__(self) -> Iterator[Event | Rejected]:
        self.tally = tally = Tally()
        if has_errors(self.problems):
            return
        for entry in entries_of(self, tally):
            if isinstance(entry, Rejected):
                tally.rejected[entry.code] += 1
            else:
                tally.events += 1
            yield entry

    def events(self, rejects: RejectsFile | None = None) -> Iterator[Event]:
        """The events alone; what is set aside is counted, and written to ``rejects`` if one is given."""
        for entry in self:
            if isinstance(entry, Event):
                yield entry
            elif rejects is not None:
                rejects.write(entry)


_MARKS = (";", "\t", "|", ",")
"""What may stand between cells."""
_NO_HEADING = "save it as UTF-8; or a mapping names another encoding, as `encoding = \"cp1252\"` of Windows"


def read_events(
    path: str | Path, mapping: str | Path | EventMapping | None = None, strict: bool = False
) -> Reading:
    """A reading of the file ``path``: .jsonl, .ndjson, .json (a line an event), .csv or .parquet.

    Each may be packed as .gz, or be the only file in a .zip. ``mapping`` is a mapping file or one that
    was read already. The file's heading is looked at here; its events are read when the result is iterated.
    """
    found = mapping if isinstance(mapping, EventMapping) else None
    problems: tuple[Diagnostic, ...] = ()
    source = Source(str(path), "")
    if isinstance(mapping, str | Path):
        source, found, problems = _read_mapping(mapping)
    reading = Reading(Path(path), found, strict, problems)
    if has_errors(problems):
        return reading
    try:
        reading.problems += _look(reading, source)
    except (Unusable, Refused, *DAMAGE) as wrong:
        message, help = f"cannot be read: {said(wrong)}", None
        if isinstance(wrong, Unusable):
            message, help = wrong.message, wrong.help
        elif isinstance(wrong, Refused):
            message = f"is {wrong.cause}"
        place = Span(Source(str(path), ""), 0, 0)
        reading.problems += (error("E0610", place, f"`{reading.path.name or path}` {message}", help),)
    return reading


def _read_mapping(path: str | Path) -> tuple[Source, EventMapping | None, tuple[Diagnostic, ...]]:
    try:
        source = Source(str(path), Path(path).read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except (OSError, UnicodeDecodeError) as wrong:
        source = Source(str(path), "")
        message = f"the mapping cannot be read: {said(wrong)}"
        return source, None, (error("E0601", Span(source, 0, 0), message),)
    return source, *load_mapping(source)


def _look(reading: Reading, mapping_source: Source) -> tuple[Diagnostic, ...]:
    """What the file's first bytes and its heading show. Raises ``Unusable``, ``Refused`` or ``DAMAGE``."""
    name = reading.path.name
    with opened(reading.path, reading.encoding) as (stream, kind):
        if kind is PARQUET:
            return _headed(reading, parquet_heading(stream), mapping_source)
        start = stream.read(4)
    if kind is CSV:
        return _headed(reading, heading_of(reading), mapping_source)
    if not start.strip(b"\xef\xbb\xbf"):
        return (warning("E0611", Span(Source(str(reading.path), ""), 0, 0), f"`{name}` is empty"),)
    return ()


def heading_of(reading: Reading) -> list[str]:
    """The columns' headings. Raises ``Unusable``, ``Refused`` or ``DAMAGE``."""
    encoding = reading.mapping.read_as if reading.mapping else "utf-8"
    with opened(reading.path, reading.encoding) as (stream, kind):
        if kind is PARQUET:
            return parquet_heading(stream)
        heading = csv_heading(stream, encoding, reading.mapping.delimiter if reading.mapping else ",")
    if heading is None:
        with opened(reading.path, reading.encoding) as (stream, _):
            head = stream.read(4096).partition(b"\n")[0]
        help = None if head.decode(encoding, "ignore").encode(encoding) == head else _NO_HEADING
        for mark in _MARKS if help is None else ():
            if len(csv_heading(io.BytesIO(head), encoding, mark) or ()) > 1:
                help = f'a mapping with `delimiter = "{_shown(mark)}"` cuts it at `{_shown(mark)}`'
                break
        raise Unusable("has no readable first line with its columns' headings", help)
    return heading


def _headed(reading: Reading, heading: Sequence[str], mapping_source: Source) -> tuple[Diagnostic, ...]:
    """One diagnostic that names every column that is wanted and not there, and those that are."""
    wanted = reading.mapping.needed if reading.mapping else NEEDED
    absent = [column for column in wanted if column not in heading]
    read = wanted if reading.mapping else heading
    doubled = [column for column, count in Counter(heading).items() if count > 1 and column in read]
    if not absent and not doubled:
        return ()
    start = mapping_source.text.find(f'"{(absent or doubled)[0]}"')
    place = Span(mapping_source, max(start, 0), start + len((absent or doubled)[0]) + 2 if start >= 0 else 0)
    what = "has no column" if absent else "has twice the column"
    message = f"`{reading.path.name}` {what} {_ticked(absent or doubled)}"
    help = f"its columns are {_ticked(heading[:60])}" if heading else "it has none"
    other = next((mark for mark in _MARKS if len(heading) == 1 and mark in heading[0]), None)
    if heading and heading[0].lower().startswith("sep="):
        help = "its first line only tells a spreadsheet what divides cells: take that line out"
    elif other is not None:
        mark = _shown(other)
        help = f'its first line is one cell; a mapping with `delimiter = "{mark}"` cuts it at `{mark}`'
    elif reading.mapping is None:
        help += "; a mapping says what they are"
    return (error("E0607", place, message, help),)


def _shown(mark: str) -> str:
    return "\\t" if mark == "\t" else mark


def _ticked(columns: Sequence[str]) -> str:
    return ", ".join(f"`{column}`" for column in columns)


def entries_of(reading: Reading, tally: Tally) -> Iterator[Event | Rejected]:
    """Everything that the file holds; damage to the file itself is the last entry."""
    try:
        with opened(reading.path, reading.encoding) as (stream, kind):
            if kind is JSON and reading.mapping is None:
                yield from json_events(stream, tally, reading.strict)
            elif reading.mapping is None:
                yield from _plain_events(reading, stream, kind, tally)
            else:
                yield from _mapped_events(reading.mapping, _table(reading.mapping, stream, kind, tally))
    except (Unusable, *DAMAGE) as wrong:
        cause = wrong.message if isinstance(wrong, Unusable) else f"breaks off or is damaged: {said(wrong)}"
        yield Refused("E0630", f"the file {cause}").at(tally.rows + 1, "")
    except Refused as refused:
        yield refused.at(tally.rows + 1, "")


def _table(
    mapping: EventMapping, stream: BinaryIO, kind: str, tally: Tally
) -> Iterator[Cells | Rejected]:
    if kind is JSON:
        return json_rows(stream, mapping.needed, tally)
    if kind is PARQUET:
        return parquet_rows(stream, mapping.needed, tally)
    return csv_rows(stream, mapping.needed, tally, mapping.read_as, mapping.delimiter)


def _plain_events(
    reading: Reading, stream: BinaryIO, kind: str, tally: Tally
) -> Iterator[Event | Rejected]:
    """Rows whose columns are an event's own fields; an empty cell says nothing."""
    heading = heading_of(reading)
    table = (parquet_rows if kind is PARQUET else csv_rows)(stream, heading, tally)
    for entry in table:
        if isinstance(entry, Rejected):
            yield entry
        else:
            yield plain_event(heading, *entry, tally.unknown_fields, reading.strict)


def plain_event(
    heading: Sequence[str], line: int, cells: tuple[Cell, ...], unknown: Counter[str], strict: bool
) -> Event | Rejected:
    """The event of a row whose columns are an event's own fields, or why there is none."""
    told = zip(heading, cells, strict=True)
    fields = {name: cell for name, cell in told if cell is not None and (type(cell) is not str or cell)}
    try:
        return event_of(fields, unknown, strict)
    except Refused as refused:
        return refused.at(line, cells)


def _mapped_events(mapping: EventMapping, table: Iterator[Cells | Rejected]) -> Iterator[Event | Rejected]:
    rows = read_rows(mapping, table)
    if mapping.by_ticket:
        rows = in_order(rows)
    for entry in rows:
        if isinstance(entry, Rejected):
            yield entry
        elif mapping.by_ticket:  # what was set aside came first: only rows are left
            yield from events_of_tickets(mapping, chain([entry], cast(Iterator[Row], rows)))
        else:
            yield from events_of_row(mapping, entry)
