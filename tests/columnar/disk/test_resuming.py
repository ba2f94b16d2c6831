"""Runs that break off: what is done is not done again, another run is refused, and nothing is left behind."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from attrs import evolve

from slarules.columnar.disk import partitions, resuming, spill
from slarules.columnar.disk.partitions import judge_files
from slarules.columnar.disk.ranges import Sizes
from slarules.columnar.disk.resuming import OtherRun
from slarules.columnar.disk.spill import DiskFull
from slarules.columnar.judging import judge
from slarules.columnar.log.columns import table_of
from slarules.columnar.verdicts import writing
from slarules.model.event import Event, Raw
from slarules.model.value import HOUR
from tests.columnar.larger import TINY, batches_of, in_ranges, whole
from tests.laws.histories import START, trak

AS_OF = START + 300 * HOUR


def log(tickets: int = 30) -> list[Event]:
    found = []
    for n in range(tickets):
        facts = {"severity": str(n % 4 + 1), "channel": "email", "resource_assigned": True}
        found.append(Event(f"e{n}-0", f"T{n:03}", "opened", START + n * HOUR, "Customer", facts))
        found.append(Event(f"e{n}-1", f"T{n:03}", "responded", START + (n + 1 + n % 7) * HOUR, "Trak"))
    found.sort(key=lambda e: e.at)
    return found


def of_kinds(events: list[Event], kinds: Sequence[Raw]) -> list[Event]:
    """The severities of kind after kind, as the log goes on."""
    told = [kinds[n * len(kinds) // len(events)] for n in range(len(events))]
    return [
        evolve(event, facts={**event.facts, "severity": severity}) if event.facts else event
        for event, severity in zip(events, told, strict=True)
    ]


def asked(as_of: int = AS_OF, files: tuple[Path, ...] = ()) -> dict[str, str]:
    return resuming.asked(trak(), None, None, as_of, files)


class Stopped(Exception):
    pass


def stopping_after(ranges: int) -> Any:
    calls = []

    def done(judged: int, total: int) -> None:
        calls.append(judged)
        assert total == 60
        if len(calls) == ranges:
            raise Stopped

    return done


def test_a_run_that_broke_off_goes_on_where_it_stood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Stopped):
        in_ranges(trak(), batches_of(log(), [7]), AS_OF, tmp_path / "run", asked=asked(), done=stopping_after(2))
    judged: list[tuple[str, str | None]] = []
    judging = partitions.judged_part

    def counting(question: Any, table: Any, low: str, high: str | None) -> Any:
        judged.append((low, high))
        return judging(question, table, low, high)

    def no_batches() -> Iterator[pa.Table]:
        raise AssertionError("the log is read again")
        yield

    monkeypatch.setattr(partitions, "judged_part", counting)
    found, summary = in_ranges(trak(), no_batches(), AS_OF, tmp_path / "run", asked=asked())
    assert found == whole(judge(trak(), None, table_of(log()), AS_OF))
    assert summary.resumed == 1 and len(judged) == summary.ranges - 1 > 0
    assert not (tmp_path / "run").exists()


def test_what_was_noted_when_the_log_was_read_is_found_again(tmp_path: Path) -> None:
    noted = {"rows": 61}
    with pytest.raises(Stopped):
        in_ranges(
            trak(), batches_of(log(), [7]), AS_OF, tmp_path / "run", asked=asked(), done=stopping_after(1),
            noted=lambda: noted, precision=lambda: 60_000_000,
        )  # fmt: skip
    found, summary = in_ranges(trak(), iter(()), AS_OF, tmp_path / "run", asked=asked())
    assert summary.noted == noted
    assert found["verdicts"] == whole(judge(trak(), None, table_of(log()), AS_OF, precision=60_000_000))["verdicts"]


def test_another_run_is_refused_and_told_which_part_differs(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text("{}\n")
    told = asked(files=(file,))
    with pytest.raises(Stopped):
        in_ranges(trak(), batches_of(log(), [7]), AS_OF, tmp_path / "run", asked=told, done=stopping_after(1))
    before = sorted(path.name for path in (tmp_path / "run").iterdir())
    with pytest.raises(OtherRun, match=r"another one: the instant to judge as of differs; remove the folder"):
        in_ranges(trak(), iter(()), AS_OF, tmp_path / "run", asked=asked(AS_OF + 1, (file,)))
    file.write_text("{} \n")
    with pytest.raises(OtherRun, match=r"the event file `events.jsonl` \(1\) differs"):
        in_ranges(trak(), iter(()), AS_OF, tmp_path / "run", asked=asked(files=(file,)))
    other = evolve(trak(), in_force=(None, None), name="other")
    with pytest.raises(OtherRun, match="the contract"):
        in_ranges(trak(), iter(()), AS_OF, tmp_path / "run", asked=told | {"contract": resuming.digest(other)})
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == before


def test_a_folder_with_other_files_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(spill.CannotJudge, match="holds other files"):
        in_ranges(trak(), batches_of(log(), [7]), AS_OF, tmp_path, asked=asked())
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("kind", ["run-", "part-", ".ids", "subjects"])
def test_a_full_disk_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    whole_file = os.replace

    def full(source: Any, target: Any) -> None:
        if kind in str(target):
            raise OSError(errno.ENOSPC, "No space left on device", str(target))
        whole_file(source, target)

    monkeypatch.setattr(os, "replace", full)
    resumable = {"asked": asked()} if kind in ("part-", "subjects") else {}
    target = tmp_path / "verdicts.jsonl"
    with pytest.raises(DiskFull, match=r"the disk of .* is full: .*make room"):
        judge_files(
            trak(), None, batches_of(log(), [7]), AS_OF, memory=1 << 40, directory=tmp_path / "spill", sizes=TINY,
            write=lambda tables: writing.write(target, tables), **resumable,
        )  # fmt: skip
    assert not target.exists() and not list(tmp_path.glob("*.part")) and not list(tmp_path.glob("spill/*.part"))
    if not resumable:
        assert not list((tmp_path / "spill").iterdir())


def test_a_writer_that_fails_leaves_no_spilled_file(tmp_path: Path) -> None:
    def failing(tables: Iterator[pa.Table]) -> None:
        next(tables)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge_files(
            trak(), None, batches_of(log(), [7]), AS_OF, memory=1 << 40, directory=tmp_path, write=failing, sizes=TINY
        )
    assert not list(tmp_path.iterdir())


KILLED = """
import sys
from pathlib import Path
from slarules.columnar.verdicts import writing
from slarules.columnar.disk.partitions import judge_files
from slarules.columnar.disk.ranges import Sizes
from tests.columnar.disk.test_resuming import AS_OF, asked, log
from tests.columnar.larger import batches_of
from tests.laws.histories import trak
folder = Path(sys.argv[1])
print("ready", flush=True)
judge_files(trak(), None, batches_of(log(), [7]), AS_OF, memory=1 << 40, directory=folder / "run", asked=asked(),
            sizes=Sizes(run=1_000, rows=1_000_000, row=1_000, range=1, held=0),
            write=lambda tables: writing.write(folder / "verdicts.jsonl", tables))
"""


def test_a_run_that_is_killed_at_any_moment_goes_on(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    for pause in (0.05, 0.4):
        run = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, env=environment)
        assert run.stdout is not None and run.stdout.readline() == b"ready\n"
        time.sleep(pause)
        run.send_signal(signal.SIGKILL)
        run.wait()
        assert not (tmp_path / "verdicts.jsonl").exists() or run.returncode == 0
    target, sizes = tmp_path / "verdicts.jsonl", Sizes(run=1_000, rows=1_000_000, row=1_000, range=1, held=0)
    judge_files(
        trak(), None, batches_of(log(), [7]), AS_OF, memory=1 << 40, directory=tmp_path / "run", asked=asked(),
        sizes=sizes, write=lambda tables: writing.write(target, tables),
    )  # fmt: skip
    expected = tmp_path / "expected.jsonl"
    writing.write(expected, iter([judge(trak(), None, table_of(log()), AS_OF).verdicts]))
    assert target.read_bytes() == expected.read_bytes()
    assert not (tmp_path / "run").exists()
