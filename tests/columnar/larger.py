"""Logs of several tickets that hang together in every way, and what judging one says, to be compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from attrs import define, evolve, field
from hypothesis import strategies as st

from slarules.columnar.disk.partitions import judge_files
from slarules.columnar.disk.ranges import Sizes
from slarules.columnar.disk.summary import Summary
from slarules.columnar.judging import Judged
from slarules.columnar.log.columns import table_of
from slarules.model.event import Event, Raw
from slarules.model.value import MINUTE
from slarules.model.verdict import Finding
from tests.laws.histories import START, requests

NAMES = ("T1", "T10", "T2", "a request", "é", "z", "東")
AGREEMENTS = ("acme", "T9 Ltd")
WAYS = ("twice", "disputed", "moved", "retyped", "retracted", "at", "fact", "type", "nothing")
TINY = Sizes(run=2_000, rows=1_000_000, row=1_000, range=40, held=0)
"""Runs of a few events, ranges of a few tickets."""


@st.composite
def many_requests(draw: st.DrawFn) -> list[Event]:
    """Requests under agreements, their events as they came to be known, with all that reaches from one to another."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=3, max_size=6, unique=True))
    under = draw(st.sampled_from([(), AGREEMENTS[:1], AGREEMENTS]))
    log: list[Event] = []
    for name in names:
        agreement = draw(st.sampled_from([None, *under, "nobody", *names[:1]]))
        own = draw(requests(name, 6))
        log += [evolve(e, agreement=agreement) for e in own] if agreement else own
    log.sort(key=lambda e: e.at)
    log = [Event(f"{a}-0", a, "started", START - 60 * 24 * 60 * MINUTE, "Trak", {"team": 3}) for a in under] + log
    for number in range(draw(st.integers(0, 6))):
        log.insert(draw(st.integers(0, len(log))), draw(_reaching(log, names, number)))
    return log


@st.composite
def _reaching(draw: st.DrawFn, log: list[Event], names: list[str], number: int) -> Event:
    """An event that bears on others than its own subject, or on nothing."""
    other, own = draw(st.sampled_from(log)), draw(st.sampled_from(names))
    kind = draw(st.sampled_from(WAYS))
    name, subject = f"x{number}", draw(st.sampled_from([own, other.subject]))
    facts: dict[str, Raw] = {}
    match kind:
        case "twice":
            return other
        case "disputed":
            return evolve(other, subject=subject, at=other.at + MINUTE)
        case "moved":
            facts = {"subject": draw(st.sampled_from([*names, "new", "acme"]))}
        case "retyped":
            facts = {"type": draw(st.sampled_from(["started", "responded", "resolved", "strange"]))}
        case "at":
            facts = {"at": other.at + 45 * MINUTE}
        case "fact":
            facts = {draw(st.sampled_from(["team", "place", "severity"])): "2"}
            return Event(name, subject, "recorded", other.at, "Trak", facts)
        case "type":
            return Event(name, subject, "strange", other.at, "Trak", {"team": "x"}, "tool")
    change = "retracted" if kind == "retracted" else "corrected"
    target = draw(st.sampled_from([other.id, "x0", "x1"])) if kind != "nothing" else "nobody knows"
    source = draw(st.sampled_from(["desk", "tool"]))
    return Event(name, subject, change, other.at + MINUTE, "Trak", facts, source, target=target)


def batches_of(events: list[Event], sizes: list[int]) -> Iterator[pa.Table]:
    """The log in batches of these sizes, again and again; each has only columns in which something stands."""
    start = number = 0
    while start < len(events):
        batch = table_of(events[start : start + sizes[number % len(sizes)]])
        batch = batch.drop_columns([name for name in batch.column_names if batch.column(name).null_count == len(batch)])
        if number % 2:
            batch = pa.table({f.name: _plain(batch.column(f.name)) for f in batch.schema})
        yield batch
        start, number = start + batch.num_rows, number + 1


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def whole(judged: Judged) -> dict[str, Any]:
    """All that judging says, in plain data."""
    return {
        "verdicts": judged.verdicts.to_pylist(),
        "subjects": _subjects(judged.subjects),
        "statuses": dict(judged.statuses),
        "allowances": judged.allowances,
        "amounts": dict(judged.amounts),
        "findings": list(judged.findings),
        "next_change_at": judged.next_change_at,
        "readings": dict(judged.readings),
    }


def _subjects(table: pa.Table) -> list[dict[str, Any]]:
    """Which engine judged a subject is told, and need not be the same: neighbours bear on it."""
    return list(table.select(["subject", "kind", "agreement", "next_change_at"]).to_pylist())


def in_ranges(
    contract: Any, batches: Iterator[pa.Table], as_of: int, directory: Path, sizes: Sizes | None = TINY, **given: Any
) -> tuple[dict[str, Any], Summary]:
    """The same of judging in ranges."""
    heard = Heard()
    summary = judge_files(
        contract, None, batches, as_of, memory=given.pop("memory", 1 << 40), directory=directory, sizes=sizes,
        write=heard.write, subjects=heard.subject, tell=heard.findings.append, **given,
    )  # fmt: skip
    return heard.whole(summary), summary


@define
class Heard:
    """What judging tells, piece by piece."""

    verdicts: list[dict[str, Any]] = field(factory=list)
    subjects: list[dict[str, Any]] = field(factory=list)
    findings: list[Finding] = field(factory=list)

    def write(self, tables: Iterator[pa.Table]) -> None:
        for table in tables:
            self.verdicts.extend(table.to_pylist())

    def subject(self, table: pa.Table) -> None:
        self.subjects.extend(_subjects(table))

    def whole(self, summary: Summary) -> dict[str, Any]:
        """As ``whole`` has it."""
        return {
            "verdicts": self.verdicts,
            "subjects": self.subjects,
            "statuses": dict(summary.statuses),
            "allowances": summary.allowances,
            "amounts": dict(summary.amounts),
            "findings": self.findings,
            "next_change_at": summary.next_change_at,
            "readings": dict(summary.readings),
        }
