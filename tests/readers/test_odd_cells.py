"""Cells of kinds that a log cannot mean: their row is set aside with its cause, the same by both ways of reading."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pytest
from pyarrow import parquet

from slarules.model.event import Event
from slarules.readers import Rejected, load_mapping
from slarules.readers.mapping import EventMapping
from slarules.source import Source
from tests.readers.both import compared

EIGHT = 1_772_438_400_000_000
WHEN = pa.timestamp("us", "UTC")
BYTES = UUID(int=7).bytes
MAPPING = """
layout = "events"
[columns]
subject = "subject"
type = "type"
at = "at"
[facts]
x = "x"
[facts.y]
column = "x"
values = { "a" = 1, "*" = 2 }
"""
PLAIN = MAPPING.partition("[facts]")[0]


def mapping(text: str = MAPPING) -> EventMapping:
    found, problems = load_mapping(Source("mapping.toml", text))
    assert found is not None, problems
    return found


def table(**columns: Any) -> pa.Table:
    """Two events; a column takes the place of one of theirs, or is a further one."""
    own = {"id": ["e1", "e2"], "subject": ["T1", "T2"], "type": ["opened"] * 2, "at": pa.array([EIGHT] * 2, WHEN)}
    return pa.table({**own, **columns})


def read(table: pa.Table, folder: Path, how: EventMapping | None = None) -> list[Any]:
    """For each row its facts, or the code and the cause with which it was set aside."""
    parquet.write_table(table, folder / "log.parquet")
    found = list(compared(folder / "log.parquet", how))
    return [(one.code, one.cause) if isinstance(one, Rejected) else one for one in found]


KINDS = {
    "bytes": pa.array([b"a", None]),
    "bytes of one length": pa.array([b"a", None], pa.binary(1)),
    "bytes, coded": pa.array([b"a", None]).dictionary_encode(),
    "an object": pa.array([{"a": 1}, None]),
    "a list of objects": pa.array([[{"a": "b"}], None]),
    "pairs": pa.array([[("a", "b")], None], pa.map_(pa.string(), pa.string())),
    "a length of time": pa.array([timedelta(hours=1), None]),
    "a length of time in nanoseconds": pa.array([5, None], pa.duration("ns")),
    "a time of day in nanoseconds": pa.array([5, None], pa.time64("ns")),
    "a list of times in nanoseconds": pa.array([[5], None], pa.list_(pa.timestamp("ns", "UTC"))),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_no_fact_can_be(kind: str, tmp_path: Path) -> None:
    """It does not become a text as a programmer would print it."""
    code, cause = read(table(x=KINDS[kind]), tmp_path)[0]
    assert (code, cause) == ("E0627", "the fact `x` is a list of objects or another kind that no fact can be")
    (first, second) = read(table(x=KINDS[kind]), tmp_path, mapping())
    assert first == ("E0627", "the column `x` holds a list of objects or another kind that no fact can be")
    assert isinstance(second, Event)


@pytest.mark.parametrize("field", ["id", "subject", "type"])
def test_bytes_are_no_names(field: str, tmp_path: Path) -> None:
    odd = table(**{field: pa.array([b"opened", b"opened"])})
    assert read(odd, tmp_path) == [("E0627", f"`{field}` is not text")] * 2
    if field != "id":
        assert read(odd, tmp_path, mapping(PLAIN)) == [("E0627", f"the column `{field}` holds no name")] * 2


def test_names_that_are_numbers_of_a_data_frame(tmp_path: Path) -> None:
    """Where some are missing the others were made floats: ticket 7.0 is ticket 7, and no ticket is called NaN."""
    some = read(table(subject=pa.array([7.0, float("nan")])), tmp_path, mapping(PLAIN))
    assert some[0].subject == "7"
    assert some[1] == ("E0624", "`NaN` is not a number that can be kept")
    some = read(table(subject=pa.array([Decimal("7.5"), None])), tmp_path, mapping(PLAIN))
    assert some[0].subject == "7.5" and some[1][0] == "E0626"


def test_an_id_that_is_a_uuid_is_a_name(tmp_path: Path) -> None:
    own = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([BYTES] * 2, pa.binary(16)))
    assert [event.id for event in read(table(id=own), tmp_path)] == [str(UUID(int=7))] * 2


def test_a_list_stays_a_list_through_a_mapping(tmp_path: Path) -> None:
    how = mapping(MAPPING.partition("[facts.y]")[0])
    some = read(table(x=pa.array([["a", "b"], None])), tmp_path, how)
    assert [event.facts for event in some] == [{"x": ("a", "b")}, {}]
    for cell, told in ((["a", 1.5], {"x": ("a", Decimal("1.5"))}), ([{"a": 1}], "E0627")):
        row = {"subject": "T", "type": "opened", "at": "2026-03-02T08:00:00Z", "x": cell}
        (tmp_path / "log.jsonl").write_text(json.dumps(row) + "\n")
        (found,) = compared(tmp_path / "log.jsonl", how)
        assert (found.facts if isinstance(found, Event) else found.code) == told


def test_a_cell_that_nothing_can_hold_costs_its_own_row_alone(tmp_path: Path) -> None:
    text = pa.array([b"\xff", b"a"]).view(pa.string())
    day = pa.array([10**8, 5], pa.int32()).view(pa.date32())
    for column, code, cause in (
        (text, "E0620", "the column `x` holds bytes that are not UTF-8"),
        (day, "E0631", "the column `x` holds a date that no calendar has"),
    ):
        first, second = read(table(x=column), tmp_path)
        assert first == (code, cause)
        assert isinstance(second, Event)


@pytest.mark.parametrize("deep", [98, 99, 450, 900, 30_000])
@pytest.mark.parametrize("brackets", [("[", "]"), ('{"a":', "}")])
def test_nesting_has_a_limit(deep: int, brackets: tuple[str, str], tmp_path: Path) -> None:
    """One that does not turn on how deep Python itself stands."""
    begin, end = brackets
    told = begin * deep + "1" + end * deep
    line = '{"id": "%d", "subject": "T", "type": "opened", "at": "2026-03-02T08:00:00Z", "facts": {"x": %s}}\n'
    (tmp_path / "log.jsonl").write_text(line % (1, told) + line % (2, "1"))
    for how in (None, mapping(PLAIN)):
        first, second = compared(tmp_path / "log.jsonl", how)
        assert isinstance(second, Event)
        if deep < 99:
            assert isinstance(first, Event)
        else:
            assert isinstance(first, Rejected)
            assert (first.code, first.cause) == ("E0621", "the line nests deeper than can be read")
