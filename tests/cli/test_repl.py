"""`slarules repl` off a terminal: the plain reader, its exit codes, and what it leaves behind."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from slarules.cli.main import cli
from tests.docs.pages import ROOT, SLARULES

LINES = "supplied TrakHolidays none known until 2027-01-01\n2026-03-02 08:00  T1 opened by Customer, severity 1\n"


@pytest.fixture(autouse=True)
def _aside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))


def repl(*words: str, said: str = "") -> Result:
    return CliRunner(env={"SLARULES_TRACEBACK": "1"}).invoke(cli, ["repl", *words], input=said)


def test_commands_from_a_pipe_are_answered_without_prompts() -> None:
    result = repl("policy.sla", said=LINES + "next\nquit\n")
    assert result.exit_code == 0
    assert "T1 confirm  pending → breached at 09:00, still owed" in result.stdout
    assert ">" not in result.stdout and not result.stderr


def test_with_echo_it_reads_as_a_conversation() -> None:
    result = repl("policy.sla", "--echo", said=LINES + "\nquit\n")
    assert "\n> supplied TrakHolidays" in result.stdout
    assert result.stdout.endswith("Mon 2026-03-02 08:00>\n\nMon 2026-03-02 08:00> quit\n")


@pytest.mark.parametrize(
    ("said", "code"),
    [("quit\n", 0), ("stauts\nquit\n", 2), (LINES + "expect T1 confirm met\nquit\n", 2),
     (LINES + "expect T1 confirm pending\nquit\n", 0), ("", 0)],
)  # fmt: skip
def test_the_exit_code_tells_whether_all_was_well(said: str, code: int) -> None:
    assert repl("policy.sla", said=said).exit_code == code


def test_files_that_cannot_be_had(folder: Path) -> None:
    assert repl("nowhere.sla").exit_code == 1
    assert repl("policy.sla", "nowhere.jsonl").exit_code == 1
    assert repl("policy.sla", "--from", "nowhere.txt").exit_code == 1
    (folder / "broken.sla").write_text("slarules 1\nnonsense\n", "utf-8")
    result = repl("broken.sla", said="status\n")
    assert result.exit_code == 3 and "error[" in result.stderr and "E0906" in result.stdout


def test_an_end_of_input_says_where_the_session_is(folder: Path) -> None:
    result = repl("policy.sla", said=LINES)
    kept = folder / "state" / "slarules" / "unfinished" / "Demo-1.sla"
    assert f"`slarules repl {kept}` goes on with it" in result.stdout
    again = repl(str(kept), said="status\nquit\n")
    assert again.exit_code == 0 and "T1  severity 1, opened 08:00" in again.stdout
    assert repl("policy.sla", said="status\n").stdout.count("put aside") == 0


def test_a_log_and_a_scenario_may_be_loaded_at_the_start(folder: Path) -> None:
    result = repl("policy.sla", "events.jsonl", said="status\nquit\n")
    assert "4 events, 2 subjects" in result.stdout and "`=T2` is `_T2`" in result.stdout
    (folder / "case.sla").write_text(
        'slarules 1\nscenarios of "policy.sla"\nscenario "one"\n  2026-03-02 08:00  T1 opened by Customer, severity 1\n'
    )
    assert "T1  severity 1" in repl("case.sla", said="status\nquit\n").stdout


def test_nothing_is_written_where_nothing_may_be(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "blocked").write_text("", "utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "blocked"))
    result = repl("policy.sla", said=LINES + "next\nquit\n")
    assert "`save FILE` keeps it" in result.stdout and "breached at 09:00" in result.stdout


def test_bytes_that_are_no_text_are_told(folder: Path) -> None:
    (folder / "script.txt").write_bytes(b"\xef\xbb\xbfstatus\n\xff\xfe\x00\nquit\n")
    result = repl("policy.sla", "--from", "script.txt")
    assert result.exit_code == 2 and "E0901" in result.stdout


def test_the_same_bytes_on_every_machine(folder: Path) -> None:
    asked = ("next", "status", "timeline", "why T1.resolution", "what if severity 2 at 08:30", "show confirm")
    script = LINES + "".join(f"{line}\n" for line in (*asked, "readings", "quit"))
    (folder / "script.txt").write_text(script, "utf-8")
    machines = (
        {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "1", "PYTHONUTF8": "0", "COLUMNS": "40"},
        {"TZ": "America/Denver", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "77", "TERM": "dumb"},
    )
    said = [
        subprocess.run(
            [*SLARULES, "repl", "policy.sla", "--from", "script.txt", "--echo"], cwd=folder, capture_output=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(folder / "state"), **machine},
            check=True, timeout=120,
        ).stdout
        for machine in machines
    ]  # fmt: skip
    assert said[0] == said[1] and "▒".encode() in said[0]
