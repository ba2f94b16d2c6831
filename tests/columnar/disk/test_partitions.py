"""Logs larger than memory: whatever the ranges and batches, the result is that of one judging."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from attrs import evolve
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from slarules import machine_code
from slarules.columnar.disk.budget import TooLittleMemory
from slarules.columnar.disk.partitions import judge_files
from slarules.columnar.disk.ranges import Sizes
from slarules.columnar.judging import judge
from slarules.columnar.log.columns import BadTable, table_of
from slarules.columnar.verdicts import writing
from slarules.model.event import Event, Raw
from slarules.model.value import HOUR, MINUTE
from tests.columnar.disk.test_resuming import AS_OF, log, of_kinds
from tests.columnar.larger import TINY, batches_of, in_ranges, many_requests, whole
from tests.laws.histories import LAWS, START, trak

FEW = settings(LAWS, max_examples=int(os.environ.get("SLARULES_LARGER_EXAMPLES", "20")), phases=[Phase.generate])


@FEW
@given(many_requests(), st.data())
def test_ranges_of_any_size_give_what_one_judging_gives(events: list[Event], data: st.DataObject) -> None:
    as_of = data.draw(st.sampled_from([e.at for e in events])) + data.draw(st.sampled_from([0, HOUR, 300 * HOUR]))
    run, cut_at = data.draw(st.sampled_from([1, 1_000, 4_000])), data.draw(st.sampled_from([1, 9, 30]))
    sizes = Sizes(run, 1_000, 1_000, cut_at, held=data.draw(st.sampled_from([0, 0, 15])))
    cut = data.draw(st.lists(st.integers(1, 9), min_size=1, max_size=3))
    with TemporaryDirectory() as directory:
        found, _ = in_ranges(trak(), batches_of(events, cut), as_of, Path(directory), sizes)
        assert not list(Path(directory).iterdir())
    expected = whole(judge(trak(), None, table_of(events), as_of))
    for part, told in expected.items():
        assert found[part] == told, part


@pytest.mark.parametrize("kinds", [(1, "1"), ("1", 1), (1, "1", True, Decimal("1.0"), ("1",))])
def test_a_fact_that_is_of_one_kind_here_and_of_another_there_is_kept(kinds: tuple[Raw, ...], tmp_path: Path) -> None:
    """As where one export of several writes its severities as numbers, and another as text."""
    events, each = of_kinds(log(), kinds), Sizes(run=1, rows=1_000_000, row=1_000, held=0)
    found, _ = in_ranges(trak(), batches_of(events, [6]), AS_OF, tmp_path / "run", each)
    for part, told in whole(judge(trak(), None, table_of(events), AS_OF)).items():
        assert found[part] == told, part


@pytest.mark.parametrize("source", ["desk2", "servicenow", "a", "b", "c"])
def test_corrections_of_any_source_find_what_they_change(source: str, tmp_path: Path) -> None:
    """Sources are told apart by a number, which may be small or large."""
    events = [evolve(event, source=source) for event in log(12)]
    change = Event("k", "T003", "corrected", AS_OF - 1, "Trak", {"channel": "web"}, source, target="e7-1")
    events += [change, evolve(change, id="k2", subject="T005", target="e5-0")]
    found, _ = in_ranges(trak(), batches_of(events, [7]), AS_OF, tmp_path / "run")
    for part, told in whole(judge(trak(), None, table_of(events), AS_OF)).items():
        assert found[part] == told, part


def test_files_are_the_same_byte_for_byte(tmp_path: Path) -> None:
    events = log(60)
    for name in ("verdicts.jsonl", "verdicts.csv", "verdicts.parquet"):
        judge_files(
            trak(), None, batches_of(events, [11]), AS_OF, memory=1 << 40, directory=tmp_path / "spill", sizes=TINY,
            write=lambda tables, name=name: writing.write(tmp_path / name, tables),
        )  # fmt: skip
        writing.write(tmp_path / f"all-{name}", iter([judge(trak(), None, table_of(events), AS_OF).verdicts]))
        assert (tmp_path / name).read_bytes() == (tmp_path / f"all-{name}").read_bytes()


@pytest.mark.parametrize("apart", [True, False])
def test_what_is_compiled_takes_none_of_the_memory(apart: bool, tmp_path: Path) -> None:
    """It is compiled by another process, but where no memory was asked for."""
    seen: list[bool] = []

    def look(_: pa.Table) -> None:
        seen.append(bool(machine_code._APART))

    judge_files(
        trak(), None, batches_of(log(), [11]), AS_OF, memory=1 << 40, directory=tmp_path, write=list, apart=apart,
        subjects=look,
    )  # fmt: skip
    assert seen and set(seen) == {apart} and not machine_code._APART


def test_a_log_that_fits_touches_no_disk(tmp_path: Path) -> None:
    found, summary = in_ranges(trak(), batches_of(log(), [11]), AS_OF, tmp_path, Sizes(1 << 20, 1_000, 1_000))
    assert summary.ranges == 1 and found == whole(judge(trak(), None, table_of(log()), AS_OF))
    assert summary.events == 60 and sum(summary.engines.values()) == 30


def test_an_empty_log(tmp_path: Path) -> None:
    found, summary = in_ranges(trak(), iter(()), AS_OF, tmp_path)
    assert found["verdicts"] == [] and summary.events == 0


def test_a_limit_below_what_the_program_takes_is_refused_with_the_least_that_would_do(tmp_path: Path) -> None:
    with pytest.raises(TooLittleMemory, match="20MB of memory is too little: the program itself takes") as told:
        in_ranges(trak(), batches_of(log(), [60]), AS_OF, tmp_path, None, memory=20_000_000)
    assert not list(tmp_path.iterdir())
    found, _ = in_ranges(trak(), batches_of(log(), [60]), AS_OF, tmp_path, None, memory=told.value.least * 3 // 2)
    assert found == whole(judge(trak(), None, table_of(log()), AS_OF))


def test_a_ticket_larger_than_the_limit_is_named(tmp_path: Path) -> None:
    many = [Event(f"u{n}", "T7", "updated", START + n * MINUTE, "Trak") for n in range(500)]
    sizes = Sizes(run=2_000, rows=400, row=1_000)
    with pytest.raises(TooLittleMemory, match="`T7` has 500 events, and all of a ticket's are judged together"):
        in_ranges(trak(), batches_of([*log(), *many], [50]), AS_OF, tmp_path, sizes)
    assert not list(tmp_path.iterdir())


def test_one_large_ticket_among_small_ones_has_a_range_of_its_own(tmp_path: Path) -> None:
    many = [Event(f"u{n}", "T007", "updated", START + n * MINUTE, "Trak") for n in range(500)]
    found, summary = in_ranges(trak(), batches_of([*log(), *many], [50]), AS_OF, tmp_path)
    assert found == whole(judge(trak(), None, table_of([*log(), *many]), AS_OF)) and summary.ranges > 2


def test_ids_that_every_ticket_uses_again_are_told_where_they_cannot_be_judged(tmp_path: Path) -> None:
    """Numbers that begin anew in each ticket make one of all tickets (R32)."""
    events = [Event(str(n % 3), f"T{n // 3}", "opened", START + n * MINUTE, "Customer") for n in range(300)]
    with pytest.raises(TooLittleMemory, match="bear ids that other tickets' events bear too"):
        in_ranges(trak(), batches_of(events, [50]), AS_OF, tmp_path, Sizes(run=2_000, rows=50, row=1_000, held=0))
    found, _ = in_ranges(trak(), batches_of(events, [50]), AS_OF, tmp_path)
    assert found == whole(judge(trak(), None, table_of(events), AS_OF))


def test_a_bad_row_says_where_it_is(tmp_path: Path) -> None:
    batches = list(batches_of(log(), [20]))
    column = batches[1].column_names.index("subject")
    batches[1] = batches[1].set_column(column, "subject", pa.nulls(20, pa.string()))
    with pytest.raises(BadTable, match="in the rows after the first 20: row 1: `subject` is null"):
        in_ranges(trak(), iter(batches), AS_OF, tmp_path)
    assert not list(tmp_path.iterdir())

