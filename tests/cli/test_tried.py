"""``slarules test`` besides running: filters, JUnit, coverage with thresholds, figures recorded anew, watching."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from xml.etree import ElementTree

import pytest

from slarules.cli.watching import Ran, again_and_again
from tests.cli.conftest import BAD, GOOD, POLICY, Run

ROOT = Path(__file__).parents[2]
TABLE = '''
scenario "level <level>"
  supplied TrakHolidays none known until 2027-01-01
  2026-03-02 08:00  T1 opened by Customer, severity <level>
  expect T1 resolution pending, due at <due>
  examples
    | level | due   |
    | 1     | 10:00 |
    | 2     | 15:00 |
'''


def test_filters_add_up(run: Run, folder: Path) -> None:
    (folder / "policy.sla").write_text(POLICY + GOOD + TABLE, "utf-8")
    assert run("test", "policy.sla", "--filter", "LEVEL 1").stdout == "1 passed, 0 failed\n"
    result = run("test", "policy.sla", "--filter", "level 1", "--filter", "confirmed")
    assert result.stdout == "2 passed, 0 failed\n"
    result = run("test", "policy.sla", "--filter", "x1", "--filter", "x2")
    assert result.exit_code == 1 and "no scenario's title has `x1` or `x2` in it" in result.stderr


def test_a_row_is_named_in_the_report(run: Run, folder: Path) -> None:
    (folder / "policy.sla").write_text(POLICY + TABLE, "utf-8")
    result = run("test", "policy.sla")
    line = (POLICY + TABLE).count("\n")
    assert result.exit_code == 2
    assert result.stdout.startswith(f"FAILED level 2\npolicy.sla:{line}, times in America/Denver\n")
    assert result.stdout.endswith("1 passed, 1 failed\n")


def test_junit(run: Run, folder: Path) -> None:
    (folder / "policy.sla").write_text(POLICY + GOOD + BAD, "utf-8")
    (folder / "wrong.sla").write_text(POLICY.replace("America/Denver", "America/Devner") + GOOD, "utf-8")
    result = run("test", "policy.sla", "wrong.sla", "--junit", "out.xml")
    assert result.exit_code == 3
    root = ElementTree.parse(folder / "out.xml").getroot()
    assert (root.tag, root.get("tests"), root.get("failures"), root.get("errors")) == ("testsuites", "2", "1", "1")
    good, wrong = root
    assert (good.get("name"), good.get("tests"), good.get("failures")) == ("policy.sla", "2", "1")
    passed, failed = good
    assert passed.get("name") == "confirmed in an hour, fixed in three" and list(passed) == []
    assert failed.get("name") == "wrong [bold]expectations[/bold]"
    assert failed.get("line") == str((POLICY + GOOD).count("\n") + 2)
    failure = failed.find("failure")
    assert failure is not None
    assert failure.get("message") == "expected T1 confirm met; seen: T1 confirm breached at 09:00"
    error = wrong.find("testcase/error")
    assert error is not None and error.get("type") == "E0520"
    first = (folder / "out.xml").read_bytes()
    run("test", "policy.sla", "wrong.sla", "--junit", "out.xml")
    assert (folder / "out.xml").read_bytes() == first


def test_junit_that_cannot_be_written(run: Run) -> None:
    result = run("test", "policy.sla", "--junit", "nowhere/out.xml")
    assert result.exit_code == 1 and "cannot write `nowhere/out.xml`: no such file or directory" in result.stderr


def test_coverage_over_several_files_of_one_policy(run: Run, folder: Path) -> None:
    (folder / "more").mkdir()
    (folder / "more" / "s.sla").write_text('slarules 1\nscenarios of "../policy.sla"\n' + TABLE, "utf-8")
    alone = json.loads(run("test", "policy.sla", "--coverage", "--json").stdout)["coverage"]
    both = json.loads(run("test", ".", "--coverage", "--json").stdout)["coverage"]
    assert len(alone) == len(both) == 1
    assert alone[0]["shares"]["cells"] == {"reached": 1, "of": 2, "percent": 50.0}
    assert [m["words"] for m in alone[0]["missed"]] == ["8 hours"]
    assert both[0]["shares"]["cells"] == {"reached": 2, "of": 2, "percent": 100.0}
    assert both[0]["scenarios"] == 3


def test_what_was_not_reached_is_shown(run: Run) -> None:
    result = run("test", "policy.sla", "--coverage")
    line = next(n for n, text in enumerate(POLICY.splitlines(), 1) if "| 8 hours |" in text)
    shown = [text.rstrip() for text in result.stdout.splitlines()]
    assert "policy.sla: what 1 scenario reached" in shown
    assert " table cells                   1    2    50.0" in shown
    assert shown[shown.index("Never read") + 4] == f" policy.sla:{line}   times.fix   8 hours"
    assert result.exit_code == 0


def test_thresholds(run: Run, folder: Path) -> None:
    assert run("test", "policy.sla", "--coverage-threshold", "50").exit_code == 0
    result = run("test", "policy.sla", "--coverage-threshold", "50.5")
    assert result.exit_code == 2
    assert "policy.sla: 50.0 % of the table cells reached, 50.5 % asked" in result.stderr
    assert run("test", "policy.sla", "--coverage-threshold", "rules=100").exit_code == 0
    both = ("--coverage-threshold", "100", "--coverage-threshold", "cells=50")
    assert run("test", "policy.sla", *both).exit_code == 0


@pytest.mark.parametrize("given", ["x", "101", "-1", "cell=5", "rules=", "nan"])
def test_thresholds_that_make_no_sense(run: Run, given: str) -> None:
    result = run("test", "policy.sla", "--coverage-threshold", given)
    assert result.exit_code == 1 and "coverage-threshold" in result.stderr


# ---- Recording anew -------------------------------------------------------------------------------------------


def test_update_writes_and_runs_again(run: Run, folder: Path) -> None:
    path = folder / "policy.sla"
    path.write_text(POLICY + TABLE + BAD, "utf-8")
    result = run("test", "policy.sla", "--update", "--dry-run")
    assert result.exit_code == 2 and path.read_text("utf-8") == POLICY + TABLE + BAD
    assert "-    | 2     | 15:00 |\n+    | 2     | 16:00 |" in result.stdout
    assert "2 expectations would be recorded anew, 0 left as they are" in result.stdout
    result = run("test", "policy.sla", "--update")
    wanted = (POLICY + TABLE + BAD).replace("| 15:00 |", "| 16:00 |").replace("confirm met", "confirm breached")
    assert result.exit_code == 0 and path.read_text("utf-8") == wanted
    assert result.stdout.endswith("policy.sla: 2 expectations recorded anew, 0 left as they are\n3 passed, 0 failed\n")
    assert run("test", "policy.sla", "--update").stdout == "3 passed, 0 failed\n"


def test_update_keeps_line_ends_and_mark(run: Run, folder: Path) -> None:
    path = folder / "policy.sla"
    data = b"\xef\xbb\xbf" + (POLICY + BAD).replace("\n", "\r\n").encode()
    path.write_bytes(data)
    assert run("test", "policy.sla", "--update").exit_code == 0
    assert path.read_bytes() == data.replace(b"confirm met", b"confirm breached")


def test_update_refuses_mixed_line_ends(run: Run, folder: Path) -> None:
    data = (POLICY + BAD).replace("\n", "\r\n", 3).encode()
    (folder / "policy.sla").write_bytes(data)
    result = run("test", "policy.sla", "--update")
    assert result.exit_code == 1 and "its lines end in different ways" in result.stderr
    assert (folder / "policy.sla").read_bytes() == data


def test_update_says_what_it_leaves(run: Run, folder: Path) -> None:
    (folder / "policy.sla").write_text(POLICY + BAD + "  expect T1 resolution#2 missed\n", "utf-8")
    result = run("test", "policy.sla", "--update")
    assert result.exit_code == 2
    line = (POLICY + BAD).count("\n") + 1
    assert f"policy.sla:{line}: left as it is: `resolution` has no instance to tell of" in result.stderr


@pytest.mark.parametrize("options", [["--watch", "--json"], ["--watch", "--update"], ["--dry-run"]])
def test_options_that_make_no_sense_together(run: Run, options: list[str]) -> None:
    assert run("test", "policy.sla", *options).exit_code == 1


# ---- Watching -------------------------------------------------------------------------------------------------


def test_watching_runs_again_at_each_change_and_at_no_other_time(tmp_path: Path) -> None:
    file, other = tmp_path / "a.sla", tmp_path / "sub" / "b.sla"
    file.write_text("1")
    ran: list[dict[Path, bytes | None]] = []
    stop = Event()

    def once() -> Ran:
        read = {path: path.read_bytes() for path in sorted(tmp_path.rglob("*.sla"))}
        if len(ran) == 1:
            file.write_text("3")  # a change between the reading and the watch after it is not missed
        ran.append(dict(read))
        return 7, read

    codes: list[int] = []
    thread = Thread(target=lambda: codes.append(again_and_again(once, [str(tmp_path)], stop)))
    thread.start()
    _until(lambda: len(ran) == 1)
    time.sleep(0.3)
    file.write_text("1")  # saved without a change
    file.write_text("2")
    _until(lambda: len(ran) == 3)
    other.parent.mkdir()
    other.write_text("new")
    _until(lambda: len(ran) == 4)
    time.sleep(0.3)
    other.write_text("newer")
    _until(lambda: len(ran) == 5)
    stop.set()
    thread.join(10)
    assert codes == [7]
    assert [[*map(bytes.decode, filter(None, read.values()))] for read in ran] == [
        ["1"], ["2"], ["3"], ["3", "new"], ["3", "newer"],
    ]


def _until(so: Callable[[], bool]) -> None:
    end = time.monotonic() + 15
    while not so():
        assert time.monotonic() < end, "nothing was run again"
        time.sleep(0.02)


def _hears_interrupts() -> None:
    """A shell's background jobs ignore interrupts, and what they start does so too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _save(file: Path, text: str, told: threading.Event) -> None:
    """Saves a file until it is noticed: a busy machine may begin to watch after it says so."""
    while not told.wait(0.5):
        file.write_text(text, "utf-8")


def test_watching_ends_cleanly_on_an_interrupt(folder: Path) -> None:
    words = [sys.executable, "-c", "from slarules.cli.main import main; main()", "test", "policy.sla", "--watch"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder, env=environment,
        preexec_fn=_hears_interrupts,
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stderr is not None
        late = threading.Timer(120, process.kill)  # rather than wait for ever for a line that does not come
        late.start()
        assert process.stdout.readline() == "1 passed, 0 failed\n"
        assert process.stderr.readline() == "watching 2 files; Ctrl-C ends it\n"
        told = threading.Event()
        threading.Thread(target=_save, args=(folder / "policy.sla", POLICY + GOOD + BAD, told), daemon=True).start()
        assert process.stderr.readline() == "\n"
        told.set()
        assert process.stderr.readline() == "policy.sla changed: running again\n"
        assert process.stderr.readline() == "watching 2 files; Ctrl-C ends it\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=15)
        late.cancel()
    assert process.returncode == 2, "that of the last run"
    assert out.endswith("1 passed, 1 failed\n") and err == ""
