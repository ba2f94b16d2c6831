"""What a run writes: whole or not at all, never over what it reads, and one run at a time."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from slarules.whole import whole
from tests.cli.conftest import SUPPLIED, Run

AS_OF = ["--as-of", "2026-03-03T00:00:00Z"]
JUDGE = ["run", "policy.sla", "events.jsonl", *AS_OF, *SUPPLIED]
ROOT = Path(__file__).parents[2]
STARTED = "import sys; from slarules.cli.main import main; sys.argv[0] = 'slarules'; main()"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "events.jsonl"], "`events.jsonl` is read by this run, and would be written over: name another file"),
        (["-o", "./events.jsonl"], "is read by this run"),
        (["--rejects", "events.jsonl"], "`events.jsonl` is read by this run"),
        (["--rejects", "policy.sla"], "`policy.sla` is read by this run"),
        (["--rejects", "link.txt"], "`link.txt` is read by this run"),
        (["-o", "v.jsonl", "--rejects", "v.jsonl"], "`v.jsonl` is where the verdicts go"),
        (["-o", "folder.jsonl"], "cannot write `folder.jsonl`: it is a folder"),
        (["--memory", "0GB"], "`0GB` is nothing"),
    ],
)
@pytest.mark.parametrize("engine", ["reference", "columnar"])
def test_nothing_is_written_over(run: Run, folder: Path, engine: str, arguments: list[str], said: str) -> None:
    (folder / "folder.jsonl").mkdir()
    (folder / "link.txt").symlink_to("events.jsonl")
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    if "--memory" in arguments and engine == "reference":
        pytest.skip("the columnar engine alone has it")
    found = run(*JUDGE, "--engine", engine, *arguments)
    assert found.exit_code == 1 and said in found.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


@pytest.mark.parametrize("engine", ["reference", "columnar"])
def test_a_file_that_cannot_be_read_leaves_the_rejects_of_before(run: Run, folder: Path, engine: str) -> None:
    (folder / "rejects.jsonl").write_text("of before\n")
    (folder / "events.csv").write_text("id,subject,type\n")
    found = run("run", "policy.sla", "events.csv", *AS_OF, *SUPPLIED, "--engine", engine, "--rejects", "rejects.jsonl")
    assert found.exit_code == 1 and "has no column `at`" in found.stderr
    assert (folder / "rejects.jsonl").read_text() == "of before\n"


def test_what_is_no_file_is_written_to_as_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with whole(pipe) as beside:
        beside.write_text("said")
    assert os.read(reading, 10) == b"said" and pipe.is_fifo()
    os.close(reading)
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "v.csv").symlink_to("disk/v.csv")
    with whole(tmp_path / "v.csv") as beside:
        beside.write_text("said")
    assert (tmp_path / "v.csv").is_symlink() and (tmp_path / "disk/v.csv").read_text() == "said"
    assert [path.name for path in (tmp_path / "disk").iterdir()] == ["v.csv"]


@pytest.mark.parametrize("engine", ["reference", "columnar"])
def test_two_runs_do_not_write_one_file(run: Run, folder: Path, engine: str) -> None:
    with (folder / ".v.jsonl.part").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        other.write(b"half of it")
        found = run(*JUDGE, "-o", "v.jsonl", "--engine", engine)
    assert found.exit_code == 1 and "cannot write `v.jsonl`: another run is writing it" in found.stderr
    assert (folder / ".v.jsonl.part").read_bytes() == b"half of it" and not (folder / "v.jsonl").exists()
    found = run(*JUDGE, "-o", "v.jsonl", "--engine", engine)
    assert found.exit_code == 0 and not (folder / ".v.jsonl.part").exists()


def called(folder: Path, arguments: list[str], **how: object) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", STARTED, *arguments]
    how = {"stderr": subprocess.PIPE, **how}
    return subprocess.Popen(command, cwd=folder, env=environment, text=True, **how)  # type: ignore[call-overload, no-any-return]


def test_a_run_that_the_system_ends_leaves_nothing(folder: Path) -> None:
    line = '{{"id": "x{0}", "subject": "X{0}", "type": "opened", "at": "2026-03-02T09:00:00-07:00"}}\n'
    (folder / "more.jsonl").write_text("".join(line.format(n) for n in range(100_000)))  # some seconds of work
    before = {path.name for path in folder.iterdir()}
    arguments = ["run", "policy.sla", "more.jsonl", *AS_OF, *SUPPLIED, "--memory", "1GB", "--rejects", "rejects.jsonl"]
    with called(folder, arguments) as running:
        while running.poll() is None and {path.name for path in folder.iterdir()} == before:
            time.sleep(0.01)  # until it has begun to write
        for _ in range(2):  # as timeout(1) does
            running.send_signal(signal.SIGTERM)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 128 + signal.SIGTERM and said.endswith("stopped\n")
    assert {path.name for path in folder.iterdir()} == before


@pytest.mark.parametrize("engine", ["auto", "reference", "columnar"])
def test_a_log_that_can_be_read_only_once_is_refused(folder: Path, engine: str) -> None:
    """Looking at its beginning takes it away: by what was left nothing was owed."""
    os.mkfifo(folder / "more.jsonl")
    arguments = ["run", "policy.sla", "more.jsonl", *AS_OF, *SUPPLIED, "--engine", engine, "--json"]
    with called(folder, arguments, stdout=subprocess.PIPE) as running:
        printed, said = running.communicate(timeout=60)
    assert (running.returncode, printed) == (1, "")
    assert "`more.jsonl` is a pipe or a device, which can be read only once" in said


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="the system has no /dev/full")
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_result_that_cannot_be_printed_is_told_in_words(folder: Path, more: list[str]) -> None:
    with Path("/dev/full").open("w") as full, called(folder, [*JUDGE, *more], stdout=full) as running:
        _, said = running.communicate(timeout=60)
    assert running.returncode == 1 and said.endswith("cannot print the result: no space left on device\n")


def test_nobody_listens(folder: Path) -> None:
    quiet = ["sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-c", STARTED, *JUDGE, "-o", "v.jsonl"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = subprocess.run(quiet, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert found.returncode == 0 and "mistake" not in found.stderr
    assert (folder / "v.jsonl").exists()


@pytest.mark.parametrize(
    "arguments",
    [JUDGE, [*JUDGE, "--json"], ["coverage", "policy.sla"], ["explain-code", "E0601"], ["--help"], ["run", "--help"]],
)
def test_a_reader_that_goes_away_ends_it_quietly(folder: Path, arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with called(folder, arguments, stdout=writing) as running:
        os.close(writing)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 128 + signal.SIGPIPE
    assert "mistake" not in said and "Traceback" not in said and "Exception" not in said


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_takes_the_first_line_of_much(
    folder: Path, unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where messages go the same way, and the verdicts that were written stay."""
    events = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    many = [(n, event) for n in range(400) for event in events]
    told = [{**event, "id": f"{n}-{event['id']}", "subject": f"{event['subject']}-{n}"} for n, event in many]
    (folder / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in told))
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    more = ["--json", "--top", "1000", "-o", "v.jsonl"]
    for stderr in (subprocess.PIPE, subprocess.STDOUT):
        with called(folder, [*JUDGE, *more], stdout=subprocess.PIPE, stderr=stderr) as running:
            assert running.stdout is not None
            first = running.stdout.readline()
            running.stdout.close()
            assert running.wait(60) == 128 + signal.SIGPIPE
        assert first and (folder / "v.jsonl").exists()
