"""The figures as tables, and the tables in their places on docs/performance.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from textwrap import fill
from typing import Any

from attrs import frozen

from benchmarks.engines.files import written
from benchmarks.engines.measuring import ROOT, Measured, measured
from benchmarks.engines.table import ENGINES

PAGE = ROOT / "docs" / "performance.md"
PER_TICKET = 6.68
"""Events of a ticket, on average."""
HEADINGS = {
    "memory": "In memory",
    "file": "A file of events in, a Parquet file of verdicts out",
    "reduced": "The reduced rule: elapsed hours, no calendar",
}
PACKAGES = ("numpy", "numba", "pyarrow", "duckdb", "polars", "pandas", "zen-engine", "openfisca-core")


@frozen
class Found:
    """Figures, as rows for JSON and as tables."""

    rows: list[dict[str, Any]]
    tables: Mapping[str, str]
    """Part of the page → Markdown."""


def told(found: Found) -> str:
    """The tables, one after another."""
    return "\n\n".join(found.tables.values())


def together(one: Found, other: Found) -> Found:
    """Both."""
    return Found([*one.rows, *other.rows], {**one.tables, **other.tables})


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are numbers."""
    lines = [heads, ["---", *("---:" for _ in heads[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def by_engine(results: Sequence[Measured], tickets: int) -> Found:
    """A row for each engine, a table for each part."""
    rows = [
        {
            "name": one.name,
            "events_per_s": round(one.rate),
            "peak_mb": round(one.peak_mb),
            "equal": one.equal,
            "seconds": round(one.seconds, 4),
            "first_s": round(one.first, 2),
            "sampled": one.sampled,
        }
        for one in results
    ]
    tables = {"machine": machine()}
    for part, heading in HEADINGS.items():
        own = [one for one in results if ENGINES[one.name].part == part]
        if own:
            tables[part] = f"**{heading}**, {tickets:,} tickets\n\n" + _part(own)
    return Found(rows, tables)


def _part(results: Sequence[Measured]) -> str:
    best = results[0]
    lines = []
    for one in results:
        sampled = f", on {one.sampled:,} of the tickets" if one.sampled else ""
        cells = [short(one.rate), f"{best.rate / one.rate:,.1f}", f"{one.first:,.1f}", f"{one.peak_mb:,.0f}"]
        lines.append([ENGINES[one.name].title + sampled, *cells, "yes" if one.equal else "no"])
    return table(("", "events/s", "first : this", "first run, s", "peak MB", "equal"), lines)


def short(rate: float) -> str:
    """``84.2 M``, ``1.53 M``, ``31 k``."""
    if rate < 1e5:
        return f"{rate / 1e3:,.0f} k"
    return f"{rate / 1e6:,.{2 if rate < 1e7 else 1}f} M"


def by_size(directory: Path, sizes: Sequence[int], runs: int) -> Found:
    """Nanoseconds an event at several sizes: the kernel (to 40 million events), whole runs in core and out of core."""
    rows: list[dict[str, Any]] = []
    for size in sizes:
        tickets = round(size / PER_TICKET)
        here = directory / str(tickets)
        written(here, tickets)
        names = ["run-parquet", "run-1gb"]
        if size <= 40_000_000:
            names = ["kernel", "kernel-2", *names]
        results = measured(here, names, runs, compare=size <= 40_000_000)
        for one in results:
            rows.append(
                {
                    "name": one.name,
                    "events": one.events,
                    "events_per_s": round(one.rate),
                    "ns_per_event": round(one.seconds / one.events * 1e9, 2),
                    "peak_mb": round(one.peak_mb),
                    "equal": one.equal,
                }
            )
    cells = [
        [
            ENGINES[row["name"]].title,
            f"{row['events']:,}",
            short(row["events_per_s"]),
            f"{row['ns_per_event']:,.1f}",
            f"{row['peak_mb']:,}",
        ]
        for row in sorted(rows, key=lambda row: (list(ENGINES).index(row["name"]), row["events"]))
    ]
    return Found(rows, {"sizes": table(("", "events", "events/s", "ns an event", "peak MB"), cells)})


def business_time() -> Found:
    """Deadlines and elapsed times a second, ours beside the libraries for it."""
    from benchmarks.calendars import beside_libraries

    rows = beside_libraries()
    cells = [
        [row["name"], *(f"{row[what]:,.0f}" if row[what] else "–" for what in ("deadlines_per_s", "elapsed_per_s"))]
        for row in rows
    ]
    return Found(rows, {"calendars": table(("", "deadlines/s", "elapsed/s"), cells)})


def machine() -> str:
    """The processor, the memory and the versions of what was compared, as a sentence."""
    cores = os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    versions = ", ".join(f"{name} {_version(name)}" for name in PACKAGES if _version(name))
    told = (
        f"Machine: {_processor()}, {cores} cores, {memory:.0f} GiB of memory, {platform.system()}, "
        f"Python {platform.python_version()}. Versions: {versions}."
    )
    return fill(told, 118, break_on_hyphens=False)


def _processor() -> str:
    """The model, with family and number where the name alone says little."""
    path = Path("/proc/cpuinfo")
    if not path.exists():
        return platform.processor() or platform.machine()
    pairs = (line.partition(":") for line in path.read_text().split("\n\n")[0].splitlines())
    said = {name.strip(): value.strip() for name, _, value in pairs}
    return f"{said.get('model name', 'unknown')} (family {said.get('cpu family')}, model {said.get('model')})"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def record(found: Found) -> None:
    """Puts each table in its place on the page: between ``<!-- NAME -->`` and ``<!-- /NAME -->``."""
    text = PAGE.read_text(encoding="utf-8")
    for name, markdown in found.tables.items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, _, rest = text.partition(start)
        _, found_end, after = rest.partition(end)
        if not found_end:
            raise SystemExit(f"{PAGE} has no place for `{name}`")
        text = f"{before}{start}\n\n{markdown}\n\n{end}{after}"
    PAGE.write_text(text, encoding="utf-8")
