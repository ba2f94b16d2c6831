"""A log stays in memory while it fits; of one that does not, every event is put on disk, by ticket, in even pieces."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from attrs import evolve

from slarules.columnar.disk import laying, runs
from slarules.columnar.disk.ahead import ahead, behind
from slarules.columnar.disk.gathering import among, count, gathered, read_range
from slarules.columnar.disk.laying import InMemory, Laid, lay
from slarules.columnar.disk.links import shaping
from slarules.columnar.disk.ranges import Sizes
from slarules.columnar.log.columns import table_of
from slarules.columnar.log.ids import every_id
from slarules.columnar.placing import PLACE
from tests.columnar.disk.test_resuming import log
from tests.columnar.larger import batches_of
from tests.laws.histories import trak

SIZES = Sizes(run=1_000, rows=1_000, row=1_000, held=60)


def laid(directory: Path, batches: Iterator[pa.Table], sizes: Sizes = SIZES, fitting: bool = True) -> InMemory | Laid:
    return lay(batches, shaping(trak()), sizes, directory, Laid(), fitting)


def test_what_fits_stays_in_memory_however_small_a_run_is(tmp_path: Path) -> None:
    found = laid(tmp_path, batches_of(log(), [11]), evolve(SIZES, run=1))
    assert isinstance(found, InMemory)
    assert every_id(found.log.ids).to_pylist() == [event.id for event in log()]
    assert not list(tmp_path.iterdir())


def test_what_waited_in_memory_goes_to_disk_when_one_event_more_comes(tmp_path: Path) -> None:
    found = laid(tmp_path, batches_of(log(), [11]), evolve(SIZES, held=59))
    assert isinstance(found, Laid)
    assert found.events == 60 and sum(run.rows for run in found.runs) == 60
    assert len(found.runs) > 2 and max(run.size for run in found.runs) < 2 * SIZES.run


def test_a_log_that_is_kept_is_put_on_disk_though_it_fits(tmp_path: Path) -> None:
    found = laid(tmp_path, batches_of(log(), [11]), fitting=False)
    assert isinstance(found, Laid) and found.events == 60


def test_any_range_of_tickets_is_read_back_in_the_order_of_the_log(tmp_path: Path) -> None:
    events = log()
    found = laid(tmp_path, batches_of(events, [7, 3]), evolve(SIZES, held=0))
    assert isinstance(found, Laid)
    for low, high in (("", None), ("T003", "T017"), ("T0035", "T004"), ("T0035", "T0041"), ("U", None)):
        table = read_range(found.runs, low, high, list(found.columns))
        own = [n for n, event in enumerate(events) if low <= event.subject and (high is None or event.subject < high)]
        assert table.column(PLACE).to_pylist() == own
        for name in ("id", "subject", "type", "severity"):
            expected = table_of(events).column(name).take(pa.array(own, pa.int64())).to_pylist()
            assert table.column(name).to_pylist() == expected


def test_named_tickets_are_found_in_whichever_batches_they_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "BATCH", 3)
    monkeypatch.setattr(runs, "_AT_ONCE", 6)
    events = [evolve(event, subject=f"T{n * 7 % 11:03}") for n, event in enumerate(log())]
    found = laid(tmp_path, batches_of(events, [23]), evolve(SIZES, held=0))
    assert isinstance(found, Laid) and max(len(run.starts) for run in found.runs) > 3
    for names in (["T000"], ["T010"], ["A", "T001", "T0015", "T002", "T009", "Z"], ["A"], []):
        own = [n for n, event in enumerate(events) if event.subject in names]
        table = gathered(found.runs, list(found.columns), among(names), names)
        assert table.column(PLACE).to_pylist() == own
        assert count(found.runs, names) == [sum(event.subject == name for event in events) for name in names]
    table = read_range(found.runs, "T002", "T009", list(found.columns))
    assert table.column(PLACE).to_pylist() == [n for n, e in enumerate(events) if "T002" <= e.subject < "T009"]


def test_the_subjects_of_a_range_come_coded_by_names_in_order(tmp_path: Path) -> None:
    found = laid(tmp_path, batches_of(log(), [7]), evolve(SIZES, held=0))
    assert isinstance(found, Laid)
    subjects = read_range(found.runs, "T003", "T009", list(found.columns)).column("subject").combine_chunks()
    assert subjects.dictionary.to_pylist() == ["T003", "T004", "T005", "T006", "T007", "T008"]


def test_a_failure_while_a_run_is_written_ends_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*given: object) -> None:
        raise OSError("no")

    def endless() -> Iterator[pa.Table]:
        while True:
            yield table_of(log(2))

    monkeypatch.setattr(laying, "write_run", failing)
    with pytest.raises(OSError, match="no"):
        laid(tmp_path, endless(), evolve(SIZES, held=0))


def test_what_is_made_ahead_comes_in_order_and_no_more_than_one_is_made_ahead() -> None:
    made: list[int] = []

    def numbers() -> Iterator[int]:
        for n in range(5):
            made.append(n)
            yield n
        raise ValueError("the end")

    coming = ahead(numbers())
    for n in range(5):
        assert next(coming) == n
        assert max(made) <= n + 1
    with pytest.raises(ValueError, match="the end"):
        next(coming)


def test_what_is_done_behind_is_done_in_turn_and_all_of_it() -> None:
    done: list[int] = []
    with behind() as call:
        for n in range(20):
            call(done.append, n)
    assert done == list(range(20))
