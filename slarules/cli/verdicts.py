"""Verdicts for other programs: a row as JSON says it, and files of JSON lines, CSV or Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slarules.calendars.zones import EPOCH, MICROSECOND
from slarules.columnar.verdicts.rows import COLUMNS, DURATIONS, INSTANTS, row

KINDS = (".jsonl", ".csv", ".parquet")
"""Endings of files that ``columnar.writing`` writes."""


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as JSON says it: instants as text, durations as seconds."""
    return {
        name: rfc3339(value) if name in INSTANTS else seconds(value) if name in DURATIONS else value
        for name, value in row.items()
    }


def rfc3339(instant: int | None) -> str | None:
    """``2026-03-02T15:00:00Z``; a fraction only where there is one."""
    if instant is None:
        return None
    return (EPOCH + instant * MICROSECOND).isoformat().replace("+00:00", "Z")


def seconds(micros: int | None) -> int | float | None:
    """Microseconds as seconds: whole ones as int."""
    if micros is None:
        return None
    return micros // 1_000_000 if micros % 1_000_000 == 0 else micros / 1_000_000


__all__ = ["COLUMNS", "KINDS", "rfc3339", "row", "seconds", "told"]
