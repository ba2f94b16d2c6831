"""Both ways of reading a file, row by row and in columns, held beside each other."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow

from slarules.columnar.log.columns import checked, events_of
from slarules.model.event import Event
from slarules.readers import Reading, Rejected, Tally, read_events
from slarules.readers.columns import joined, read_columns
from slarules.readers.mapping import EventMapping

Mapping = str | Path | EventMapping | None


def compared(path: str | Path, mapping: Mapping = None, strict: bool = False) -> Reading:
    """The reading row by row; its events, refusals and counts are first found to be those of reading in columns."""
    rows = read_events(path, mapping, strict)
    columns = read_columns(path, mapping, strict)
    assert told(columns.problems) == told(rows.problems)
    assert columns.precision == rows.precision
    entries, tables, rejected = list(rows), [], []
    for entry in columns:
        if isinstance(entry, Rejected):
            rejected.append(entry)
        else:
            assert isinstance(entry, pyarrow.Table)
            assert len(entry)
            entry.validate(full=True)
            tables.append(entry)
    assert rejected == [entry for entry in entries if isinstance(entry, Rejected)]
    events = [exactly(entry) for entry in entries if isinstance(entry, Event)]
    assert [exactly(event) for table in tables for event in events_of(checked(table))] == events
    assert [exactly(event) for event in events_of(checked(joined(tables)))] == events
    assert counted(columns.tally) == counted(rows.tally)
    return read_events(path, mapping, strict)


def exactly(event: Event) -> tuple[Any, ...]:
    """An event so that 1, 1.0, 1.00 and true are different things."""
    facts = sorted((name, repr(value)) for name, value in event.facts.items())
    return (*(getattr(event, name) for name in Event.__slots__ if name not in ("facts", "__weakref__")), *facts)


def counted(tally: Tally) -> tuple[int, int, Counter[str], Counter[str]]:
    """What a tally says."""
    return tally.rows, tally.events, tally.rejected, tally.unknown_fields


def told(problems: Any) -> list[tuple[str, str]]:
    """Diagnostics by what they say."""
    return [(problem.code, problem.message) for problem in problems]
