"""A stream tells each change of a verdict once: when the watermark passes it, over a restart, for late events too."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'slarules[spark]'")

from slarules import spark as on_spark
from slarules.calendars.zones import EPOCH
from slarules.columnar.verdicts.table import table_of as verdicts_as_table
from slarules.model.event import Event
from slarules.spark.order import NeedsPosition
from slarules.spark.sending import packed
from slarules.spark.watching import KEPT, RUNNING, OutOfStream, Told, Watch, Watcher, judged
from tests.engine import small
from tests.same.cases import line_of
from tests.spark.logs import contract, example, given, reference

HOUR = 3_600_000_000
RULES = """
severities 1, 2
status support of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
duty answer
  when request opened
  if support is active
  Desk must acknowledge within 2 hours
  performed when request acknowledged
  on severity change keep the deadline
  on reopening change nothing
"""
ENTANGLED = """
fact moves_on of agreement: date
event worked of request act work

status support of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down

allowance pot of Client in hours
  increases on hours_purchased by hours
  decreases on worked by hours

right leave
  Client may terminate agreement with 30 days notice before moves_on

duty answer
  when request opened
  unless pot is at most 0 hours
  Desk must acknowledge within 2 hours
  performed when request acknowledged

duty bill
  when agreement started
  Desk must invoice within 3 days
"""
AGREEMENT = small.event("a1", "started", "2026-03-01 00:00", "Desk", "A1")
SCHEMA = (
    "id string, source string, subject string, type string, at timestamp, actor string, agreement string, kind string, "
    "target string, sequence long, recorded_at timestamp, facts string"
)


def watch(*known: Event, in_log_order: bool = False, rules: str = RULES) -> Watch:
    agreements = tuple(sorted({event.subject for event in known}))
    return Watch(small.contract(rules), {}, {}, 0, in_log_order, known, agreements)


def follow(over: Watch, log: Sequence[Event], horizons: Sequence[int]) -> list[dict[str, Any]]:
    """What is told of one ticket as the watermark moves, all events being there from the first."""
    told: Told = {}
    rows = []
    for horizon in horizons:
        changes, told, _ = judged(over, "T1", log, horizon, told)
        rows += [row.asDict() for row in changes]
    return rows


OPENED = small.event("o", "opened", "2026-03-02 08:00", "Client", severity="1")
ANSWERED = small.event("k", "acknowledged", "2026-03-02 11:00")


def test_a_breach_is_told_when_the_watermark_passes_its_deadline() -> None:
    over = watch(AGREEMENT)
    changes, told, due = judged(over, "T1", [OPENED], OPENED.at - 1, {})
    assert (changes, due) == ([], OPENED.at)
    changes, told, due = judged(over, "T1", [OPENED], OPENED.at, told)
    assert [(row.state, row.revision) for row in changes] == [("pending", 1)]
    assert due == OPENED.at + 2 * HOUR
    changes, told, due = judged(over, "T1", [OPENED], due - 1, told)
    assert changes == [] and due == OPENED.at + 2 * HOUR
    changes, told, due = judged(over, "T1", [OPENED], due, told)
    assert [(row.state, row.revision, row.as_of) for row in changes] == [("breached", 2, OPENED.at + 2 * HOUR)]
    assert due is None


def test_a_late_event_is_told_as_a_revision() -> None:
    over = watch(AGREEMENT)
    end = small.at("2026-03-02 12:00")
    _, told, _ = judged(over, "T1", [OPENED], end, {})
    in_time = small.event("k", "acknowledged", "2026-03-02 09:00")
    changes, told, _ = judged(over, "T1", [OPENED, in_time], end, told)
    assert [(row.state, row.revision) for row in changes] == [("met", 2)]
    gone = Event("r", "T1", "retracted", end, target="o")
    changes, told, _ = judged(over, "T1", [OPENED, in_time, gone], end, told)
    assert [(row.gone, row.revision, row.subject, row.duty, row.state) for row in changes] == [
        (True, 3, "T1", "answer", None)
    ]
    changes, told, _ = judged(over, "T1", [OPENED, in_time, gone], end + HOUR, told)
    assert changes == []


def test_a_correction_says_when_an_event_was() -> None:
    """What it moves back has happened by now; what it moves ahead is looked at when it has come."""
    over = watch(AGREEMENT)
    eight, nine, ten = (small.at(f"2026-03-02 {hour}:00") for hour in ("08", "09", "10"))
    late = small.event("o", "opened", "2026-03-02 12:00", "Client", severity="1")
    back = Event("c", "T1", "corrected", late.at + HOUR, facts={"at": "2026-03-02T08:00:00-07:00"}, target="o")
    changes, _, due = judged(over, "T1", [late, back], nine, {})
    assert [(row.state, row.triggered_at) for row in changes] == [("pending", eight)]
    assert due == ten
    answered = small.event("k", "acknowledged", "2026-03-02 08:30")
    ahead = Event("d", "T1", "corrected", nine, facts={"at": "2026-03-02T09:30:00-07:00"}, target="k")
    changes, _, due = judged(over, "T1", [OPENED, answered, ahead], nine, {})
    assert [row.state for row in changes] == ["pending"]
    assert due == nine + HOUR // 2


def test_what_is_told_last_is_what_the_laptop_says() -> None:
    """At every horizon, for the example year's tickets, but for what runs on while a duty is owed."""
    terms, log = contract("trak"), example("trak")
    lists = given(terms, "ScheduledMaintenance", "trak/maintenance.txt")
    known = tuple(e for e in log if not e.subject.startswith(("R-", "P-")))
    agreements = tuple(sorted({event.subject for event in known}))
    over = Watch(terms, {}, lists, 0, True, known, agreements)
    for number in (3, 9, 17, 40, 78, 136, 139, 205):
        subject = f"R-{number:04}"
        own = [event for event in log if event.subject == subject]
        horizons = sorted({event.at + hours * HOUR for event in own for hours in (-1, 0, 3, 300)})
        told: Told = {}
        last: dict[str, dict[str, Any]] = {}
        for horizon in horizons:
            changes, told, _ = judged(over, subject, own, horizon, told)
            for row in changes:
                assert row.revision == (last[row.identity]["revision"] if row.identity in last else 0) + 1
                last[row.identity] = row.asDict()
            wanted = reference(terms, [*known, *own], horizon, supplied=lists)
            verdicts = [v for v in wanted.verdicts if v.subject == subject]
            kept = [row for row in last.values() if not row["gone"]]
            assert len(kept) == len(verdicts)
            for one, verdict in zip(sorted(kept, key=_place), sorted(verdicts, key=_place_of), strict=True):
                for name in ("state", "deadline", "performed_at", "owed", "next_change_at", "late_by", "number"):
                    assert one[name] == getattr(verdict, name), (subject, horizon, name)
                assert verdict.owed is not False or all(one[name] == getattr(verdict, name) for name in RUNNING)


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["subject"], row["rule"], row["duty"], row["number"])


def _place_of(verdict: Any) -> tuple[Any, ...]:
    return (verdict.subject, verdict.rule, verdict.duty, verdict.number)


@pytest.mark.parametrize(
    ("log", "why"),
    [
        ([OPENED, small.event("s", "started", "2026-03-02 09:00")], "the event `s` of `T1` bears on an agreement"),
        (
            [OPENED, Event("c", "T1", "retracted", ANSWERED.at, target="k9")],
            "the event `c` of `T1` changes what no event of `T1` has told",
        ),
        (
            [OPENED, Event("c", "T1", "corrected", ANSWERED.at, facts={"subject": "T2"}, target="o")],
            "the event `c` of `T1` changes what no event of `T1` has told",
        ),
    ],
)
def test_what_bears_on_others_is_refused(log: list[Event], why: str) -> None:
    with pytest.raises(OutOfStream, match=why):
        judged(watch(AGREEMENT), "T1", log, small.at("2026-03-03 00:00"), {})


def test_events_of_agreements_must_be_known() -> None:
    assert judged(watch(AGREEMENT), "A1", [AGREEMENT], AGREEMENT.at, {}) == ([], {}, None)
    other = small.event("a2", "started", "2026-03-02 00:00", "Desk", "A1")
    with pytest.raises(OutOfStream, match="the event `a2` is of the agreement `A1`, and agreements are read when"):
        judged(watch(AGREEMENT), "A1", [AGREEMENT, other], AGREEMENT.at, {})


def test_the_order_of_the_log_is_asked_for_where_it_matters() -> None:
    twice = [OPENED, ANSWERED, small.event("k", "acknowledged", "2026-03-02 09:00")]
    with pytest.raises(NeedsPosition, match="the id `k` stands for two different events"):
        follow(watch(AGREEMENT), twice, [small.at("2026-03-03 00:00")])
    rows = follow(watch(AGREEMENT, in_log_order=True), twice, [small.at("2026-03-03 00:00")])
    assert [row["state"] for row in rows] == ["breached"]


def _row(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in KEPT.names if name not in ("place", "columns", "facts")}


class Kept:
    """What Spark keeps of one ticket, and the instant to which its watermark has come."""

    def __init__(self, horizon: int) -> None:
        self.value: Any = None
        self.horizon = horizon

    def get(self) -> Any:
        return self.value

    def update(self, value: Any) -> None:
        self.value = value

    def getCurrentWatermarkInMs(self) -> int:
        return self.horizon // 1000

    def registerTimer(self, milli: int) -> None:
        """Nobody waits for it here."""


def test_a_ticket_apart_that_was_judged_by_another_policy_stops_the_query() -> None:
    kept = Kept(OPENED.at)
    first = evolve(watch(AGREEMENT), judged_by="first")
    for over, refused in ((first, False), (first, False), (evolve(first, judged_by="second"), True)):
        watcher = Watcher(packed(over))
        watcher.handle = watcher.told = kept
        rows = [tuple({**dict.fromkeys(KEPT.names), **_row(OPENED)}.values())]
        if refused:
            with pytest.raises(OutOfStream, match="`T1` was judged by another policy, readings, lists, or release"):
                list(watcher._judged("T1", rows, kept))
        else:
            list(watcher._judged("T1", rows, kept))
    assert json.loads(kept.value[1])[""] == [0, "first"]


# ---- On Spark -----------------------------------------------------------------------------------------------------


def written(folder: Path, name: str, events: Sequence[Event]) -> None:
    (folder / f".{name}").write_text("".join(line_of(event) + "\n" for event in events), "utf-8")
    (folder / f".{name}").rename(folder / f"{name}.json")


def run(spark: Any, folder: Path, terms: Any, apart: bool) -> None:
    """Starts the query, lets it take all that is there, and stops it."""
    stream = spark.readStream.schema(SCHEMA).option("maxFilesPerTrigger", 1).json(str(folder / "events"))
    known = spark.read.schema(SCHEMA).json(str(folder / "agreements")) if (folder / "agreements").exists() else None
    changes = on_spark.live(stream, terms, agreements=known, delay="1 minute", apart=apart)
    query = changes.writeStream.format("parquet").outputMode("append").option("path", str(folder / "out"))
    query.option("checkpointLocation", str(folder / "kept")).trigger(availableNow=True).start().awaitTermination()


@pytest.mark.parametrize("apart", [False, True], ids=["together", "apart"])
def test_over_a_restart_nothing_is_told_twice_and_nothing_is_lost(spark: Any, tmp_path: Path, apart: bool) -> None:
    spark.conf.set("spark.sql.session.timeZone", "Asia/Kolkata")
    terms = small.contract(RULES)
    (tmp_path / "events").mkdir()
    (tmp_path / "agreements").mkdir()
    written(tmp_path / "agreements", "all", [AGREEMENT])
    day = "2026-03-02 %02d:%02d"
    first = [small.event(f"o{n}", "opened", day % (8, n), "Client", f"T{n}", severity="1") for n in range(4)]
    later = [
        small.event("k1", "acknowledged", day % (9, 0), "Desk", "T1"),
        small.event("o9", "opened", day % (10, 3), "Client", "T9", severity="1"),
    ]
    late = [
        small.event("k2", "acknowledged", day % (9, 30), "Desk", "T2"),
        small.event("o8", "opened", day % (13, 0), "Client", "T8", severity="1"),
    ]
    written(tmp_path / "events", "1", first)
    written(tmp_path / "events", "2", later)
    run(spark, tmp_path, terms, apart)
    told = {(r.subject, r.revision): (r.state, r.as_of) for r in spark.read.parquet(str(tmp_path / "out")).collect()}
    watermark = EPOCH + timedelta(microseconds=later[-1].at - 60_000_000)
    assert {key: state for key, (state, _) in told.items()} == {
        **{(f"T{n}", 1): "pending" for n in range(4)},
        ("T0", 2): "breached",
        ("T1", 2): "met",
        ("T2", 2): "breached",
    }
    assert told["T0", 2][1].timestamp() == watermark.timestamp()
    written(tmp_path / "events", "3", late)
    run(spark, tmp_path, terms, apart)
    out = spark.read.parquet(str(tmp_path / "out"))
    rows = out.select("subject", "revision", "state").collect()
    assert len(rows) == len({(row.subject, row.revision) for row in rows})
    assert {(r.subject, r.revision): r.state for r in rows} == {
        **{key: state for key, (state, _) in told.items()},
        ("T2", 3): "met",
        ("T3", 2): "breached",
        ("T9", 1): "breached",
    }
    wanted = reference(terms, [AGREEMENT, *first, *later, *late], late[-1].at - 60_000_000)
    seen = on_spark.collected(on_spark.latest(out)).drop_columns(list(RUNNING))
    laptop = verdicts_as_table(wanted.verdicts, wanted.readings).drop_columns(list(RUNNING))
    assert seen.to_pylist() == laptop.to_pylist()
    spark.conf.unset("spark.sql.session.timeZone")


def test_what_bears_on_others_may_come_in_the_stream(spark: Any, tmp_path: Path) -> None:
    """Over a restart: rights of an agreement with notice, what a ticket draws, an id of two tickets, a correction."""
    terms = small.contract(ENTANGLED)
    (tmp_path / "events").mkdir()
    day = "2026-03-%02d 09:00"
    log = [
        small.event("a1", "started", day % 2, "Desk", "A1"),
        small.event("a2", "hours_purchased", day % 2, "Client", "A1", hours=3),
        small.event("o1", "opened", day % 3, "Client", "T1"),
        small.event("w1", "worked", "2026-03-03 10:00", "Desk", "T1", hours=3),
        small.event("o2", "opened", day % 4, "Client", "T2"),
        small.event("a3", "terminated", day % 5, "Client", "A1", moves_on="2026-04-20"),
        small.event("k", "acknowledged", "2026-03-03 09:30", "Desk", "T2"),
        Event("c", "T2", "corrected", small.at(day % 6), facts={"subject": "T1"}, target="k"),
        small.event("o3", "opened", day % 9, "Client", "T3"),
    ]
    for number, some in enumerate((log[:4], log[4:6], log[6:])):
        written(tmp_path / "events", str(number), some)
        run(spark, tmp_path, terms, apart=False)
    out = spark.read.parquet(str(tmp_path / "out"))
    rows = out.select("identity", "revision").collect()
    assert len(rows) == len(set(rows)) and {row.revision for row in rows} >= {1, 2}
    wanted = reference(terms, log, log[-1].at - 60_000_000)
    states = {(verdict.subject, verdict.duty): verdict.state for verdict in wanted.verdicts}
    assert states == {("A1", "bill"): "ended", ("A1", "leave"): "permitted", ("T1", "answer"): "met"}
    seen = on_spark.collected(on_spark.latest(out)).drop_columns(list(RUNNING))
    laptop = verdicts_as_table(wanted.verdicts, wanted.readings).drop_columns(list(RUNNING))
    assert sorted(seen.to_pylist(), key=_place) == sorted(laptop.to_pylist(), key=_place)


def test_a_stream_and_a_log_are_told_apart(spark: Any, tmp_path: Path) -> None:
    rows = spark.createDataFrame([json.loads(line_of(OPENED))])
    log = rows.selectExpr("id", "subject", "type", "to_timestamp(at) as at")
    with pytest.raises(ValueError, match="these events are no stream"):
        on_spark.live(log, small.contract(RULES))
