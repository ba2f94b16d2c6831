"""What workers do, tried without Spark: events in buckets, and where the order of the log matters."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from itertools import permutations
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from slarules.calendars.zones import END
from slarules.columnar.judging import judge
from slarules.columnar.log.columns import TIME, checked, events_of, table_of
from slarules.columnar.verdicts.table import VERDICTS
from slarules.engine.adopt import adopt
from slarules.model.event import Event, Raw
from tests.engine import small

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'slarules[spark]'")

from slarules.spark import chunks, citing, identities, packing, sending
from slarules.spark.identities import doubled, parted
from slarules.spark.order import NeedsPosition, needs_none
from slarules.spark.schema import plain
from tests.spark.logs import contract, example, given

BASE = 1_767_258_000_000_000  # 2026-01-01 09:00


def batches_of(table: pa.Table, rows: int) -> list[pa.RecordBatch]:
    """As Spark gives them: plain text, a zone of the session's."""
    table = table.cast(plain(table.schema))
    at = table.column("at").cast(pa.timestamp("us", "Asia/Kolkata"))
    table = table.set_column(table.schema.get_field_index("at"), "at", at)
    return list(table.combine_chunks().to_batches(max_chunksize=rows))


def how(buckets: int, **more: Any) -> packing.Packing:
    looks = more.get("looks", False)
    return packing.Packing(
        buckets, more.get("together", {}), frozenset({"started"}), more.get("position"), 10, not looks
    )


def rows_of(blocks: list[pa.RecordBatch], what: int) -> list[pa.RecordBatch]:
    """Those rows of what a task sent, as they come to the next: in order of their bucket."""
    found = pa.Table.from_batches(blocks)
    found = found.filter(pc.equal(found.column("what"), what)).sort_by("bucket")
    return list(found.select(["bucket", "block" if what == packing.EVENTS else "told"]).to_batches())


def packed(table: pa.Table, buckets: int, held: int, monkeypatch: pytest.MonkeyPatch) -> list[pa.RecordBatch]:
    monkeypatch.setattr(packing, "HELD", held)
    return list(packing.pack_batches(batches_of(table, 50), how(buckets, together={"R-0001": 3})))


def test_events_come_out_of_their_buckets_as_they_went_in(monkeypatch: pytest.MonkeyPatch) -> None:
    log = example("trak")[:400]
    table = table_of(log)
    blocks = packed(table, 7, 100, monkeypatch)
    whole = list(packing.unpack(iter(rows_of(blocks, packing.EVENTS))))
    events = [event for part in whole for event in events_of(checked(part))]
    assert sorted(events, key=lambda e: e.id) == sorted(log, key=lambda e: e.id)
    for part in whole:
        names = set(part.column("subject").to_pylist())
        others = [set(other.column("subject").to_pylist()) for other in whole if other is not part]
        assert not names & set().union(*others)
    first = next(part for part in whole if "R-0001" in part.column("subject").to_pylist())
    assert first is whole[3]
    changing = sum(event.type in ("corrected", "retracted") for event in log)
    bearing = {event.subject for event in log if event.type == "started"}
    assert _seen(blocks) == packing.Seen(len(log), changing=changing, bearing=bearing)


def _seen(blocks: list[pa.RecordBatch]) -> packing.Seen:
    (row,) = (block for batch in rows_of(blocks, packing.SEEN) for block in batch.column("told").to_pylist())
    found: packing.Seen = pickle.loads(row)
    return found


def test_what_a_task_sees_is_counted() -> None:
    at = pa.array([BASE, None, END + 1, *(BASE + n for n in range(4))], TIME)
    table = pa.table(
        {
            "id": ["a", "b", "c", None, "e", "f", "g"],
            "subject": ["T"] * 5 + [None, "A"],
            "type": ["opened"] * 4 + ["corrected", "retracted", "dreamt"],
            "at": at,
            "recorded_at": pa.array([None] * 4 + [-1, BASE, None], TIME),
            "kind": [None] * 6 + ["agreement"],
            "place": pa.array([1, 2, None, 4, 5, 6, 7]),
        }
    )
    plainly = [table.slice(0, 4), table.slice(4)]
    coded = [packing.coded(part) for part in plainly]
    for parts in (plainly, coded):
        blocks = list(packing.pack(parts, how(2, position="place")))
        assert _seen(blocks) == packing.Seen(7, bad=5, placeless=1, changing=2, bearing={"A"})


def seen_of(*tables: Sequence[str]) -> tuple[packing.Seen, int]:
    """What a task sees of tables of events with these ids, and how many identities it sends."""
    parts = [
        pa.table(
            {
                "id": pa.array(ids, pa.string()),
                "subject": ["T"] * len(ids),
                "type": ["opened"] * len(ids),
                "at": pa.array([BASE] * len(ids), TIME),
            }
        )
        for ids in tables
    ]
    blocks = list(packing.pack(parts, how(2, looks=True)))
    sent = [block for batch in rows_of(blocks, packing.IDENTITIES) for block in batch.column(1).to_pylist()]
    return _seen(blocks), sum(len(block) // 16 for block in sent)


def test_ids_that_rise_are_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identities, "_FALLS", 1)
    seen, sent = seen_of(["E9", "E10", "E8"], ["F1"])
    assert (seen.runs, seen.numbered, seen.astray, sent) == (
        [(b"E9", b"E10"), (b"E8", b"E8"), (b"F1", b"F1")], False, False, 0
    )  # fmt: skip
    seen, sent = seen_of(["c", "b", "a"], ["d", "e"])
    assert (seen.runs, seen.numbered, seen.astray, sent) == ([], True, False, 5)
    seen, sent = seen_of(["d", "e"], ["c", "b", "a"], ["f"])
    assert (seen.runs, seen.numbered, seen.astray, sent) == ([(b"d", b"e")], False, True, 0)


@pytest.mark.parametrize(
    ("runs", "once"),
    [
        ([(b"E11", b"E20"), (b"E9", b"E10")], True),
        ([(b"E9", b"E10"), (b"E10", b"E20")], False),
        ([(b"E1", b"E99"), (b"E5", b"E5")], False),
        ([(b"E5", b"E5"), (b"E5", b"E5")], False),
        ([], True),
    ],
)
def test_no_id_stands_in_two_stretches_that_are_apart(runs: identities.Runs, once: bool) -> None:
    assert identities.apart(runs) is once


@given_any(st.lists(st.text("ab9", max_size=3), min_size=1, max_size=8))
def test_ids_that_come_twice_are_never_apart(ids: list[str]) -> None:
    found = identities.runs_of(pa.chunked_array([ids], pa.string()))
    assert found is not None
    assert not identities.apart(found) or len(set(ids)) == len(ids)


def test_a_worker_s_verdicts_are_those_of_one_judging(monkeypatch: pytest.MonkeyPatch) -> None:
    log, terms = example("trak")[:600], contract("trak")
    lists = given(terms, "ScheduledMaintenance", "trak/maintenance.txt")
    as_of = log[-1].at
    table = table_of(log).append_column("place", pa.array(range(len(log)), pa.int64()))
    agreements = {event.subject for event in log if event.type == "started"}
    everywhere = table.filter(pa.array([event.subject in agreements for event in log]))
    asked = chunks.Asked(terms, {}, lists, as_of, 0, "place", packing.coded(everywhere), tuple(sorted(agreements)))
    blocks = packed(table, 5, 200, monkeypatch)
    words = citing.words_of(adopt(terms, None, lists))
    names = tuple(VERDICTS.names)
    sent = pa.Table.from_batches(
        chunks.verdicts(iter(rows_of(blocks, packing.EVENTS)), sending.packed(asked), words, names)
    )
    assert sent.schema.names == citing.schema_of(names).names
    wanted = judge(terms, None, table_of(log), as_of, supplied=lists).verdicts.to_pylist()
    wanted = [row for row in wanted if row["subject"] not in agreements]
    assert len(wanted) > 100
    assert sorted(in_words(sent, words), key=lambda row: row["subject"]) == wanted


def in_words(sent: pa.Table, words: Sequence[citing.Words]) -> list[dict[str, Any]]:
    """What Spark makes of what a worker sent."""
    found = []
    for row in sent.to_pylist():
        said = dict(zip(citing.WORDS, words[row[citing.RULE]], strict=True))
        said = {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}
        found.append({name: said.get(name, row.get(name)) for name in VERDICTS.names})
    return found


RULES = """
severities 1, 2
duty answer
  when request opened
  Desk must acknowledge within 2 hours
  performed when request acknowledged
  on severity change keep the deadline
  on reopening change nothing
"""


def changed(id: str, target: str, type: str = "corrected", **facts: Raw) -> Event:
    return Event(id, "T1", type, small.at("2026-03-02 10:00"), "Desk", facts, target=target)


OPENED = small.event("o", "opened", "2026-03-02 08:00", "Client", severity="1")


@pytest.mark.parametrize(
    ("log", "why"),
    [
        ([OPENED, changed("c", "o"), changed("d", "o")], "the event `o` is corrected or retracted more than once"),
        ([OPENED, small.event("o", "updated", "2026-03-02 09:00")], "the id `o` stands for two different events"),
        (
            [
                Event("o", "T1", "opened", OPENED.at, "Client", source="phone"),
                Event("o", "T1", "updated", OPENED.at, "Client", source="web"),
                changed("c", "o"),
            ],
            "the event `o` that is corrected or retracted is of several sources",
        ),
    ],
)
def test_where_the_order_of_the_log_matters_it_is_asked_for(log: list[Event], why: str) -> None:
    with pytest.raises(NeedsPosition) as refused:
        needs_none(table_of(log))
    assert str(refused.value).startswith(why)
    assert "which of them counts is told by the order of the log" in str(refused.value)


def test_where_it_does_not_matter_it_is_not_asked_for() -> None:
    again = small.event("o", "opened", "2026-03-02 08:00", "Client", severity="1")
    elsewhere = small.event("o", "opened", "2026-03-02 09:00", "Client", "T3")
    other = Event("o", "T3", "opened", elsewhere.at, "Client", source="phone")
    needs_none(table_of([OPENED, again, changed("c", "o"), changed("d", "x"), other]))
    needs_none(table_of([Event("p", "T2", "opened", 0, agreement="A1"), Event("q", "T2", "closed", 1)]))


@pytest.mark.parametrize(
    "log",
    [
        [OPENED, changed("c", "o", severity="2"), changed("d", "c", "retracted")],
        [OPENED, small.event("s", "started", "2026-03-02 09:00")],
        [
            small.event("s", "started", "2026-03-02 07:00", "Desk", "A1"),
            small.event("t", "started", "2026-03-02 07:00", "Desk", "A2"),
            Event("p", "T2", "opened", OPENED.at, "Client", {"severity": "1"}, agreement="A1"),
            Event("q", "T2", "acknowledged", OPENED.at + 1, "Desk", agreement="A2"),
        ],
    ],
    ids=["a change of a change", "two kinds", "two agreements"],
)
def test_in_whichever_order_they_come_these_are_judged_alike(log: list[Event]) -> None:
    terms, as_of = small.contract(RULES), small.at("2026-03-03 00:00")
    needs_none(table_of(log))
    wanted = judge(terms, None, table_of(log), as_of).verdicts
    assert wanted.num_rows
    for other in permutations(log):
        assert judge(terms, None, table_of(other), as_of).verdicts.to_pylist() == wanted.to_pylist()


def test_identities_of_two_subjects_are_found_among_many() -> None:
    many = 5000
    numbers = np.array([*range(2 * many), 7, 7, 9], np.uint64) - np.uint64(many)
    numbers[-3:] = 7, 7, 9
    subjects = np.array([*range(2 * many), many + 7, 5, many + 9], np.uint64)
    parts = dict(parted(numbers, subjects, 3))
    assert sorted(parts) == [0, 1, 2]
    assert [number for block in parts.values() for number in doubled([block])[1]] == [7]
    assert [twice for twice, _ in (doubled([block]) for block in parts.values())].count(True) == 2
