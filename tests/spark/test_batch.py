"""Judged on Spark, a log has the verdicts that it has on a laptop: every byte, whatever zone the session is in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'slarules[spark]'")

from pyspark.sql import functions as F

from slarules import spark as on_spark
from slarules.columnar import judging, stretches
from slarules.columnar.log.arriving import arrived
from slarules.columnar.log.columns import BadTable, table_of
from slarules.columnar.verdicts.table import table_of as verdicts_as_table
from slarules.model.event import Event
from slarules.model.verdict import Evaluation
from slarules.readers import read_events
from slarules.spark import batch, linking, packing
from tests.engine import small
from tests.spark.logs import contract, example, file_of, frame, given, reference

ZONES = ("UTC", "Asia/Kolkata", "America/St_Johns")
RULES = """
severities 1, 2
status support of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
allowance block of Client in hours
  increases on hours_purchased by hours
  decreases on closed by hours
duty answer
  when request opened
  Desk must acknowledge within 2 hours
  performed when request acknowledged
  on severity change keep the deadline
  on reopening change nothing
"""
AS_OF = small.at("2026-03-06 08:00")


@pytest.fixture
def zone(spark: Any, request: pytest.FixtureRequest) -> Any:
    spark.conf.set("spark.sql.session.timeZone", request.param)
    yield request.param
    spark.conf.unset("spark.sql.session.timeZone")


def findings_of(found: on_spark.Judging) -> list[tuple[str, ...]]:
    rows = found.findings.orderBy("phase", "place", "subject", "number").collect()
    return [(row.subject, row.event, row.code, row.message) for row in rows]


def told(evaluation: Evaluation) -> list[tuple[str, ...]]:
    return [(f.subject, f.event, f.code, f.message) for f in evaluation.findings]


@pytest.mark.parametrize(
    ("zone", "name", "supplied", "ending"),
    [
        (ZONES[0], "collabware", ("CollabwareHolidays", "collabware/holidays.txt"), ".parquet"),
        (ZONES[1], "trak", ("ScheduledMaintenance", "trak/maintenance.txt"), ".jsonl"),
        (ZONES[2], "trak", ("ScheduledMaintenance", "trak/maintenance.txt"), ".parquet"),
    ],
    indirect=["zone"],
)
def test_verdict_files_are_the_laptop_s_to_the_byte(
    spark: Any, zone: str, name: str, supplied: tuple[str, str], ending: str, tmp_path: Path
) -> None:
    log, terms = example(name), contract(name)
    lists = given(terms, *supplied)
    as_of = sorted(event.at for event in log)[len(log) * 2 // 3]
    found = on_spark.judging(frame(spark, log), terms, as_of, supplied=lists, position="place", partitions=4)
    laptop = judging.judge(terms, None, table_of(log), as_of, supplied=lists)
    assert laptop.verdicts.num_rows > 100
    assert file_of(tmp_path / f"spark{ending}", on_spark.collected(found.verdicts)) == file_of(
        tmp_path / f"laptop{ending}", laptop.verdicts
    )
    assert (found.agreements.statuses, found.agreements.amounts) == (laptop.statuses, laptop.amounts)
    if ending == ".jsonl":
        assert findings_of(found) == [(f.subject, f.event, f.code, f.message) for f in laptop.findings]
        told_of = ["subject", "kind", "agreement", "next_change_at"]
        subjects = found.subjects.orderBy("subject").toArrow().cast(on_spark.schema.plain(stretches.SUBJECTS))
        assert subjects.select(told_of).to_pylist() == laptop.subjects.select(told_of).to_pylist()


def hanging() -> list[Event]:
    """Tickets that hang together in every way there is, among others that do not."""
    day = "2026-03-02 %02d:00"
    log = [
        small.event("a1", "started", day % 0, "Desk", "A1"),
        small.event("a2", "hours_purchased", day % 0, None, "A1", hours=5),
    ]
    for n in range(12):
        log.append(small.event(f"o{n}", "opened", day % n, "Client", f"T{n}", severity="1", shade="red"))
        log.append(small.event(f"k{n}", "acknowledged", day % (n + n % 4), "Desk", f"T{n}"))
    corrected: dict[str, Any] = {"type": "corrected", "at": small.at(day % 20), "actor": "Desk"}
    return [
        *log,
        small.event("c1", "closed", day % 13, "Desk", "T1", hours=2),
        small.event("c2", "closed", day % 14, "Desk", "T2", hours=9),
        small.event("o3", "updated", day % 15, "Desk", "T4"),
        Event(id="r", subject="T5", target="k6", **{**corrected, "type": "retracted"}),
        Event(id="m", subject="T7", target="k7", facts={"subject": "T8"}, **corrected),
        Event(id="n", subject="T9", target="k9", facts={"type": "started"}, **corrected),
        Event(id="k1", subject="T10", target="k10", facts={"severity": "2"}, **corrected),
        small.event("u", "dreamt", day % 16, "Desk", "T11", shade="blue"),
    ]


def test_tickets_that_hang_together_are_judged_together(spark: Any) -> None:
    terms, log = small.contract(RULES), hanging()
    wanted = reference(terms, log, AS_OF)
    found = on_spark.judging(frame(spark, log), terms, AS_OF, position="place", partitions=5)
    seen = on_spark.collected(found.verdicts)
    assert seen.to_pylist() == verdicts_as_table(wanted.verdicts, wanted.readings).to_pylist()
    assert findings_of(found) == told(wanted)
    assert (found.agreements.statuses, found.agreements.allowances) == (wanted.statuses, wanted.allowances)
    assert {f.code for f in wanted.findings} >= {"disputed", "unknown_type", "unknown_fact"}


class FailsOnce:
    """Gives the rows of a partition on; the first task that comes to it fails halfway."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for rows in batches:
            yield rows.slice(0, rows.num_rows // 2)
            try:
                self.marker.touch(exist_ok=False)
            except FileExistsError:
                yield rows.slice(rows.num_rows // 2)
            else:
                raise RuntimeError("this machine goes away")


def test_a_log_with_one_huge_ticket_null_columns_and_a_task_that_fails(
    spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms, lists = contract("trak"), given(contract("trak"), "ScheduledMaintenance", "trak/maintenance.txt")
    readings = {"response_clock": "elapsed", "escalation_moot": "owed"}
    log = list(example("trak")[:400])
    last = log[-1].at
    log += [Event(f"u{n}", "R-0003", "updated", last + n, actor="Trak", sequence=9000 + n) for n in range(400)]
    as_of = last + 1_000_000_000
    monkeypatch.setattr(batch, "TOGETHER", 200)
    rows = frame(spark, log).withColumn("shade", F.lit(None)).withColumn("hue", F.lit(None).cast("string"))
    marker = tmp_path / "failed"
    rows = rows.mapInArrow(FailsOnce(marker), rows.drop("shade").schema).withColumn("shade", F.lit(None))
    found = on_spark.judging(rows, terms, as_of, readings=readings, supplied=lists, position="place", partitions=3)
    laptop = judging.judge(terms, readings, table_of(log), as_of, supplied=lists)
    assert marker.exists()
    assert laptop.verdicts.num_rows > 100
    assert file_of(tmp_path / "spark.jsonl", on_spark.collected(found.verdicts)) == file_of(
        tmp_path / "laptop.jsonl", laptop.verdicts
    )
    found.packed.unpersist()


def test_only_the_columns_that_are_asked_for_are_sent(spark: Any) -> None:
    terms, log = small.contract(RULES), hanging()
    rows = frame(spark, log)
    with pytest.raises(ValueError, match="verdicts have no column `dutty`; did you mean `duty`"):
        on_spark.judge(rows, terms, AS_OF, position="place", columns=("subject", "dutty"))
    wanted = reference(terms, log, AS_OF)
    seen = on_spark.judge(rows, terms, AS_OF, position="place", columns=("subject", "quotes", "state"))
    assert seen.columns == ["subject", "quotes", "state"]
    assert sorted((row.subject, row.quotes, row.state) for row in seen.collect()) == sorted(
        (v.subject, [q.text for q in v.citation.quotations], v.state) for v in wanted.verdicts
    )


def test_without_a_position_what_hangs_on_it_is_refused(spark: Any) -> None:
    terms = small.contract(RULES)
    log = [
        small.event("a1", "started", "2026-03-02 08:00", "Desk", "A1"),
        small.event("o", "opened", "2026-03-02 08:00", "Client", severity="1"),
        small.event("o", "opened", "2026-03-02 09:00", "Client", severity="1"),
    ]
    whole = frame(spark, log).drop("place")
    assert on_spark.judge(whole.dropDuplicates(["id"]), terms, "2026-03-03T00:00:00Z").count() == 1
    with pytest.raises(Exception, match="the id `o` stands for two different events: which of them counts is told by"):
        on_spark.judge(whole, terms, "2026-03-03T00:00:00Z").count()


def test_rows_that_are_no_events_are_counted_and_never_left_out_in_silence(spark: Any, tmp_path: Path) -> None:
    terms = small.contract(RULES)
    log = spark.sql(
        """select 'e' as id, 'T' as subject, 'opened' as type, timestamp'2026-03-02 00:00:00Z' as at
        union all select null, 'T', 'opened', timestamp'2026-03-02 00:00:00Z'
        union all select 'f', 'T', 'opened', timestamp_millis(1772409600000000)
        union all select 'g', 'T', 'opened', timestamp_micros(1772409600000)"""
    )
    with pytest.raises(BadTable, match="3 of 4 rows are no events"):
        on_spark.judge(log, terms, AS_OF)
    counts = {(row.code, row.cause, row.rows) for row in on_spark.set_aside(log).collect()}
    assert counts == {
        ("E0626", "`id` is null", 1),
        ("E0631", "a time is in the first weeks of 1970, or not in 1970 to 2200; is its unit right?", 2),
    }
    assert [row.id for row in on_spark.usable(log).collect()] == ["e"]
    pq.write_table(log.toArrow(), tmp_path / "log.parquet")
    laptop = read_events(tmp_path / "log.parquet")
    assert [event.id for event in laptop.events()] == ["e"]
    assert laptop.tally.rejected == Counter({"E0626": 1, "E0631": 2})


def test_facts_that_cannot_be_meant_are_counted_as_on_a_laptop(spark: Any) -> None:
    """Before anything is judged: in JSON text, told twice, numbers that are none, and dates that no calendar has."""
    facts = ['{"a": 1}', '{"channel": ', "[]", '{"hours": 1}', '{"hours": NaN}', '{"channel": "web"}', None, "", None]
    count = len(facts)
    table = pa.table(
        {
            "id": [str(n) for n in range(count)],
            "subject": ["T"] * count,
            "type": ["opened"] * count,
            "at": pa.array([AS_OF + n for n in range(count)], pa.timestamp("us", "UTC")),
            "hours": [None, None, None, 2.5, None, None, float("nan"), 1e300, float("inf")],
            "channel": ["", None, None, None, None, "", None, None, None],
            "day": pa.array([0, *[None] * 4, 2_932_896, None, None, 2_932_897], pa.int32()).view(pa.date32()),
            "sizes": [[1.5, None], None, None, None, None, [], None, [2.5], [float("-inf")]],
            "facts": facts,
        }
    )
    found = arrived(table)
    log = spark.createDataFrame(table)
    assert [row.id for row in on_spark.usable(log).orderBy("id").collect()] == ["0", "5"]
    rejects = on_spark.rejects(log).select("row.id", "code", "cause").orderBy("id").collect()
    assert [(int(row.id) + 1, row.code) for row in rejects] == [(one.line, one.code) for one in found.set_aside]
    assert [row.cause for row in rejects[:3]] == [one.cause for one in found.set_aside[:3]]
    assert sum(row.rows for row in on_spark.set_aside(log).collect()) == count - 2
    with pytest.raises(BadTable, match=r"7 of 9 rows are no events: `set_aside\(events\)` says why, `usable"):
        on_spark.judge(log, small.contract(RULES), AS_OF)
    assert packing.bad_rows(table) == count - 2


def test_cells_of_empty_text_are_what_they_are_in_a_file(spark: Any, tmp_path: Path) -> None:
    """Nothing was recorded in them; a name that is needed, or of blanks alone, makes no event."""
    terms, names = small.contract(RULES), ("id", "subject", "type", "at", "actor", "agreement", "severity")
    cells = [
        ("1", "T1", "opened", 0, "Client", "", "1"),
        ("2", "T1", "acknowledged", 1, "", "A1", ""),
        ("", "T2", "opened", 2, "Client", None, "1"),
        ("4", " ", "opened", 3, "Client", None, "1"),
        ("5", "T5", "\t\u2003", 4, "Client", None, "1"),
        ("6", "T6", "opened", 5, "\u00a0 ", None, "1"),
        ("7", "T7", "opened", 6, "Client", None, " "),
    ]
    columns = {name: list(column) for name, column in zip(names, zip(*cells, strict=True), strict=True)}
    columns["at"] = pa.array([AS_OF - (9 - n) * 60_000_000 for n in columns["at"]], pa.timestamp("us", "UTC"))
    pq.write_table(pa.table(columns), tmp_path / "log.parquet")
    log = spark.read.parquet(str(tmp_path / "log.parquet"))
    laptop = read_events(tmp_path / "log.parquet")
    events = list(laptop.events())
    assert [event.id for event in events] == ["1", "2", "7"]
    with pytest.raises(BadTable, match="4 of 7 rows are no events"):
        on_spark.judge(log, terms, AS_OF)
    with pytest.raises(BadTable, match="4 of 7 rows are no events"):
        on_spark.judge(on_spark.event_files(spark, str(tmp_path / "log.parquet")), terms, AS_OF)
    counts = {(row.code, row.cause, row.rows) for row in on_spark.set_aside(log).collect()}
    assert counts == {("E0626", f"`{name}` is empty", 1) for name in ("id", "subject", "type", "actor")}
    assert laptop.tally.rejected == Counter({"E0626": 4})
    found = on_spark.judging(on_spark.usable(log), terms, AS_OF)
    wanted = judging.judge(terms, None, table_of(events), AS_OF)
    assert wanted.verdicts.num_rows
    assert file_of(tmp_path / "spark.jsonl", on_spark.collected(found.verdicts)) == file_of(
        tmp_path / "laptop.jsonl", wanted.verdicts
    )
    findings = sorted((row.subject, row.code, row.message) for row in found.findings.collect())
    assert findings == sorted((one.subject, one.code, one.message) for one in wanted.findings)
    found.packed.unpersist()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("'e' as id, 'T' as subject, 'opened' as typ, current_timestamp() as at", "no column `type`; is it `typ`?"),
        ("'e' as id, 'T' as subject, 'opened' as type, 17 as at", "`at` is of type int: a timestamp is wanted"),
        (
            "'e' as id, 'T' as subject, 'opened' as type, timestamp_ntz'2026-03-02 08:00' as at",
            "`at` is of type timestamp_ntz: a time without a zone",
        ),
        (
            "'e' as id, 'T' as subject, 'opened' as type, current_timestamp() as at, map('a', 1) as more",
            "`more` is of type map<string,int>: no fact can be of it",
        ),
        ("'e' as id, 5 as subject, 'opened' as type, current_timestamp() as at", "`subject` is of type int: text"),
    ],
)
def test_columns_that_cannot_be_meant(spark: Any, columns: str, message: str) -> None:
    with pytest.raises(BadTable) as wrong:
        on_spark.judge(spark.sql(f"select {columns}"), small.contract(RULES), AS_OF)
    assert message in str(wrong.value)


def test_too_many_agreements_are_refused_in_words(spark: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "MOST", 3)
    why = "more than 3 events of agreements and of tickets that draw on `block`"
    with pytest.raises(on_spark.HangTogether, match=why):
        linking.events_of(frame(spark, hanging()), frozenset({"A1", "T1"}), small.contract(RULES), "place")
