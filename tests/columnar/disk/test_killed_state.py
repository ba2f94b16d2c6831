"""A state whose run is killed at any moment is what it was before, or what it became; the same run then ends alike."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from slarules.columnar.disk.resuming import OtherRun
from slarules.columnar.judging import judge
from slarules.columnar.log.columns import table_of
from slarules.columnar.verdicts import writing
from slarules.model.event import Event
from slarules.model.value import HOUR
from tests.columnar.disk.test_resuming import AS_OF, log
from tests.laws.histories import trak

KILLED = """
import os, sys
from pathlib import Path
from tests.columnar.disk.test_killed_state import LATER, TODAY, day
folder, last = Path(sys.argv[1]), int(sys.argv[2])
done = 0

def hear(name, args):
    global done
    writes = name == "open" and isinstance(args[1], str) and set(args[1]) & set("wa+")
    if (writes or name in ("os.rename", "os.remove", "os.mkdir")) and str(folder) in str(args[0]):
        done += 1
        if done == last:
            os._exit(9)

sys.addaudithook(hear)
day(folder, "tuesday", TODAY, LATER)
print(done)
"""
LATER = AS_OF + 30 * HOUR
TODAY = [
    *(Event(f"n{n}", f"T{n:03}", "resolved", AS_OF + n * HOUR, "Trak", {"satisfied": True}) for n in range(0, 30, 4)),
    Event("c", "T001", "retracted", AS_OF, "Trak", target="e1-1"),
]
POINTS = int(os.environ.get("SLARULES_LARGER_EXAMPLES", "2"))


def day(folder: Path, name: str, events: list[Event], as_of: int) -> None:
    """One day's run; its event file is told by its name alone."""
    from slarules.columnar.disk.incremental import judge_again
    from slarules.columnar.disk.ranges import Sizes
    from tests.columnar.larger import batches_of

    judge_again(
        trak(), None, batches_of(events, [7, 3]), as_of, state=folder / "state", memory=1 << 40, apart=False,
        sizes=Sizes(4_000, 1_000, 1_000, 40, held=0), files={name: name},
        write=lambda tables: writing.write(folder / "verdicts.jsonl", tables),
    )  # fmt: skip


def killed(folder: Path, last: int) -> subprocess.CompletedProcess[str]:
    """The second day's run in a process of its own, which ends at so many changes of its folder; 0: it does not."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    words = [sys.executable, "-c", KILLED, str(folder), str(last)]
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)


def test_a_state_whose_run_is_killed_is_whole(tmp_path: Path) -> None:
    before, expected = tmp_path / "before", tmp_path / "expected.jsonl"
    day(before, "monday", log(), AS_OF)
    writing.write(expected, iter([judge(trak(), None, table_of([*log(), *TODAY]), LATER).verdicts]))
    whole = shutil.copytree(before, tmp_path / "whole")
    run = killed(whole, 0)
    assert run.returncode == 0, run.stderr
    assert (whole / "verdicts.jsonl").read_bytes() == expected.read_bytes()
    changes = int(run.stdout)
    assert changes > 20
    for number in [*random.Random(1).sample(range(1, changes), max(1, POINTS - 1)), changes]:
        folder = shutil.copytree(before, tmp_path / f"killed at {number}")
        assert killed(folder, number).returncode == 9
        try:
            day(folder, "tuesday", TODAY, LATER)
        except OtherRun as known:  # killed after all was in its place: the day is in the state
            assert "is in" in str(known)
        assert (folder / "verdicts.jsonl").read_bytes() == expected.read_bytes()
        with pytest.raises(OtherRun):
            day(folder, "tuesday", TODAY, LATER)
