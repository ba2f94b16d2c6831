"""What workers do, tried without Spark: events in buckets, and where the order of the log matters."""

from __future__ import annotations

import pyarrow as pa
import pytest

from slarules.columnar.columns import checked, events_of, table_of
from slarules.columnar.judging import judge
from slarules.model.event import Event, Raw
from tests.engine import small

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'slarules[spark]'")

from slarules.spark import chunks, packing
from slarules.spark.identities import _parted, _twice
from slarules.spark.order import NeedsPosition, needs_none
from slarules.spark.schema import plain
from tests.spark.logs import contract, example, given


def batches_of(table: pa.Table, buckets: int, rows: int) -> list[pa.RecordBatch]:
    """As Spark gives them: plain text, a bucket for each event, a zone of the session's."""
    subjects = table.column("subject").cast(pa.string()).to_pylist()
    table = table.append_column(packing.BUCKET, pa.array([sum(map(ord, s)) % buckets for s in subjects], pa.int32()))
    table = table.cast(plain(table.schema))
    at = table.column("at").cast(pa.timestamp("us", "Asia/Kolkata"))
    table = table.set_column(table.schema.get_field_index("at"), "at", at)
    return table.combine_chunks().to_batches(max_chunksize=rows)


def packed(table: pa.Table, buckets: int, held: int, monkeypatch: pytest.MonkeyPatch) -> list[pa.RecordBatch]:
    monkeypatch.setattr(packing, "HELD", held)
    blocks = list(packing.pack(batches_of(table, buckets, 50), buckets, {"R-0001": 3}, frozenset({"R-0002"})))
    return sorted(blocks, key=lambda block: block.column(0)[0].as_py())


def test_events_come_out_of_their_buckets_as_they_went_in(monkeypatch: pytest.MonkeyPatch) -> None:
    log = example("trak")[:400]
    table = table_of(log)
    whole = list(packing.unpack(iter(packed(table, 7, 100, monkeypatch))))
    seen = [event for part in whole for event in events_of(checked(part))]
    assert sorted(seen, key=lambda e: e.id) == sorted((e for e in log if e.subject != "R-0002"), key=lambda e: e.id)
    for part in whole:
        names = set(part.column("subject").to_pylist())
        others = [set(other.column("subject").to_pylist()) for other in whole if other is not part]
        assert not names & set().union(*others)
    first = next(part for part in whole if "R-0001" in part.column("subject").to_pylist())
    assert first is whole[3]


def test_a_worker_s_verdicts_are_those_of_one_judging(monkeypatch: pytest.MonkeyPatch) -> None:
    log, terms = example("trak")[:600], contract("trak")
    lists = given(terms, "ScheduledMaintenance", "trak/maintenance.txt")
    as_of = log[-1].at
    table = table_of(log).append_column("place", pa.array(range(len(log)), pa.int64()))
    agreements = {event.subject for event in log if event.type == "started"}
    everywhere = table.filter(pa.array([event.subject in agreements for event in log]))
    asked = chunks.Asked(terms, {}, lists, as_of, 0, "place", packing.coded(everywhere), tuple(sorted(agreements)))
    monkeypatch.setattr(packing, "HELD", 200)
    blocks = sorted(
        packing.pack(batches_of(table, 5, 64), 5, {}, frozenset(agreements)), key=lambda b: b.column(0)[0].as_py()
    )
    rows = pa.Table.from_batches(chunks.told(iter(blocks), chunks.packed(asked), "verdicts")).to_pylist()
    wanted = judge(terms, None, table_of(log), as_of, supplied=lists).verdicts.to_pylist()
    wanted = [row for row in wanted if row["subject"] not in agreements]
    assert len(wanted) > 100
    assert sorted(rows, key=lambda row: row["subject"]) == wanted


RULES = """
severities 1, 2
duty answer
  when request opened
  Desk must acknowledge within 2 hours
  performed when request acknowledged
  on severity change keep the deadline
  on reopening change nothing
"""
KINDS = chunks.kinds(small.contract(RULES))


def changed(id: str, target: str, type: str = "corrected", **facts: Raw) -> Event:
    return Event(id, "T1", type, small.at("2026-03-02 10:00"), "Desk", facts, target=target)


OPENED = small.event("o", "opened", "2026-03-02 08:00", "Client", severity="1")


@pytest.mark.parametrize(
    ("log", "why"),
    [
        ([OPENED, changed("c", "o"), changed("d", "o")], "the event `o` is corrected or retracted more than once"),
        ([OPENED, changed("c", "o"), changed("d", "c", "retracted")], "the change `c` is itself corrected or"),
        ([OPENED, small.event("o", "updated", "2026-03-02 09:00")], "the id `o` stands for two different events"),
        (
            [OPENED, small.event("s", "started", "2026-03-02 09:00")],
            "the subject `T1` is of two kinds",
        ),
        (
            [
                Event("p", "T2", "opened", 0, agreement="A1"),
                Event("q", "T2", "closed", 1, agreement="A2"),
            ],
            "the subject `T2` is under two agreements",
        ),
    ],
)
def test_where_the_order_of_the_log_matters_it_is_asked_for(log: list[Event], why: str) -> None:
    with pytest.raises(NeedsPosition) as refused:
        needs_none(table_of(log), KINDS)
    assert str(refused.value).startswith(why)
    assert "which of them counts is told by the order of the log" in str(refused.value)


def test_where_it_does_not_matter_it_is_not_asked_for() -> None:
    again = small.event("o", "opened", "2026-03-02 08:00", "Client", severity="1")
    elsewhere = small.event("o", "opened", "2026-03-02 09:00", "Client", "T3")
    other = Event("o", "T3", "opened", elsewhere.at, "Client", source="phone")
    needs_none(table_of([OPENED, again, changed("c", "o"), changed("d", "x"), other]), KINDS)
    needs_none(table_of([Event("p", "T2", "opened", 0, agreement="A1"), Event("q", "T2", "closed", 1)]), KINDS)


def test_identities_of_two_subjects_are_found_among_many() -> None:
    many = 5000
    identities, subjects = [*range(-many, many), 7, 7, 9], [*range(2 * many), many + 7, 5, many + 9]
    pairs = pa.record_batch([pa.array(identities), pa.array(subjects)], ["identity", "of"])
    blocks = sorted(_parted([pairs], 3), key=lambda block: block.column(0)[0].as_py())
    assert [n for block in blocks for part in _twice([block]) for n in part.column(0).to_pylist()] == [7]
