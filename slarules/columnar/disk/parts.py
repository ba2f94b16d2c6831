"""The verdicts of a range of tickets on disk, so that what was judged once need not be judged again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
from attrs import frozen

from slarules.columnar.disk.findings import write_findings
from slarules.columnar.disk.spill import read_json, read_stream, sizes_of, unharmed, write_json, write_stream
from slarules.columnar.stretches import SUBJECTS
from slarules.columnar.verdicts.table import VERDICTS

COMING: pa.Schema = pa.schema([("subject", pa.string()), ("at", pa.int64())])
"""Subjects of which the log has events after the instant judged as of, and when the first of these is."""
KEPT_SUBJECTS: pa.Schema = SUBJECTS.append(pa.field("moving", pa.bool_()))
"""Subjects, and whether their verdicts may change as time goes by."""


@frozen(eq=False)
class Part:
    """What judging one range of tickets gave."""

    high: str | None
    """The first subject that is not in it; None: it is the last."""
    events: int
    """Of its own subjects."""
    verdicts: pa.Table
    subjects: pa.Table
    """The schema ``KEPT_SUBJECTS``."""
    findings: pa.Table
    """The schema ``FINDINGS``."""
    coming: pa.Table
    """The schema ``COMING``."""
    next_change_at: int | None


@frozen(eq=False)
class Kept:
    """A part on disk."""

    directory: Path
    number: int
    high: str | None
    events: int
    next_change_at: int | None

    def path(self, what: str) -> Path:
        """The file of ``verdicts``, ``subjects`` or ``findings``."""
        return part_path(self.directory, self.number, what)


def part_path(directory: Path, number: int, what: str) -> Path:
    """Where a part keeps something."""
    return directory / f"part-{number:05}-{what}.arrow"


def keep(directory: Path, number: int, part: Part) -> Kept:
    """Puts a part on disk; it is there once its last file is, which says what it is of."""
    write_findings(part_path(directory, number, "findings"), part.findings)
    _write(part_path(directory, number, "subjects"), part.subjects, KEPT_SUBJECTS)
    _write(part_path(directory, number, "coming"), part.coming, COMING)
    _write(part_path(directory, number, "verdicts"), part.verdicts, VERDICTS)
    told = {
        "high": part.high,
        "events": part.events,
        "next_change_at": part.next_change_at,
        "sizes": sizes_of(directory.glob(f"part-{number:05}-*.arrow")),
    }
    write_json(directory / f"part-{number:05}.json", told)
    return Kept(directory, number, part.high, part.events, part.next_change_at)


def kept(directory: Path) -> list[Kept]:
    """The parts that a folder holds, from the first without a gap. Raises ``Damaged``."""
    found: list[Kept] = []
    while (told := read_json(directory / f"part-{len(found):05}.json")) is not None:
        unharmed(directory, told.get("sizes", {}))
        found.append(Kept(directory, len(found), told["high"], told["events"], told["next_change_at"]))
    return found


def _write(path: Path, table: pa.Table, schema: pa.Schema) -> None:
    for _ in write_stream(path, schema, [table]):
        pass


def tables_of(parts: Iterable[Kept], what: str) -> Iterator[pa.Table]:
    """The verdicts or the subjects of parts on disk, in order, some at a time."""
    for part in parts:
        yield from read_stream(part.path(what))
