"""The log of the benchmark as files: Parquet, CSV and JSON lines, written piece by piece."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as pq

from benchmarks.engines.workload import tables

KINDS = (".parquet", ".csv", ".jsonl")


def written(directory: Path, tickets: int, kinds: tuple[str, ...] = (".parquet",)) -> None:
    """``events.parquet`` and so on in ``directory``, those that are not there yet."""
    directory.mkdir(parents=True, exist_ok=True)
    wanted = [kind for kind in kinds if not (directory / f"events{kind}").exists()]
    if not wanted:
        return
    sinks = [_SINKS[kind](directory / f".events{kind}") for kind in wanted]
    for piece in tables(tickets):
        for sink in sinks:
            sink.write(piece)
    for kind, sink in zip(wanted, sinks, strict=True):
        sink.close()
        (directory / f".events{kind}").replace(directory / f"events{kind}")


class _Parquet:
    def __init__(self, path: Path) -> None:
        self.path, self.writer = path, None

    def write(self, piece: pa.Table) -> None:
        if self.writer is None:
            self.writer = pq.ParquetWriter(self.path, piece.schema)
        self.writer.write_table(piece)

    def close(self) -> None:
        self.writer.close()


class _Csv:
    def __init__(self, path: Path) -> None:
        self.path, self.writer = path, None

    def write(self, piece: pa.Table) -> None:
        told = _told(piece)
        if self.writer is None:
            self.writer = csv.CSVWriter(self.path, told.schema, write_options=csv.WriteOptions(quoting_style="needed"))
        self.writer.write_table(told)

    def close(self) -> None:
        self.writer.close()


class _JsonLines:
    """Our own format of events: one object a line, what is recorded with the event under ``facts``."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("wb")

    def write(self, piece: pa.Table) -> None:
        told = _told(piece)
        text = {name: told[name].combine_chunks() for name in told.column_names}
        severity = pc.if_else(
            text["severity"].is_valid(),
            pc.binary_join_element_wise(', "facts": {"severity": ', text["severity"].cast(pa.string()), "}", ""),
            "",
        ).fill_null("")
        waits = pc.if_else(
            text["on"].is_valid(), pc.binary_join_element_wise(', "facts": {"on": "', text["on"], '"}', ""), ""
        ).fill_null("")
        parts = ['{"id": "', text["id"], '", "subject": "', text["subject"], '", "type": "', text["type"]]
        parts += ['", "at": "', text["at"], '", "actor": "', text["actor"], '"', severity, waits, "}\n", ""]
        lines = pc.binary_join_element_wise(*parts)
        self.file.write(memoryview(lines.buffers()[2])[: pc.sum(pc.binary_length(lines)).as_py()])

    def close(self) -> None:
        self.file.close()


_SINKS = {".parquet": _Parquet, ".csv": _Csv, ".jsonl": _JsonLines}


def _told(piece: pa.Table) -> pa.Table:
    """Plain text columns; instants as RFC 3339 says them."""
    at = pc.strftime(piece["at"].cast(pa.timestamp("s", tz="UTC")), format="%Y-%m-%dT%H:%M:%SZ")
    plain = {name: piece[name] for name in piece.column_names}
    for name in ("type", "actor", "on"):
        plain[name] = piece[name].cast(pa.string())
    return pa.table(plain | {"at": at})
