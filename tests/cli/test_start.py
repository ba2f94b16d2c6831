"""The console script as a shell sees it: start-up, pipes, colours, exit codes, the same bytes everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from slarules.cli import main
from tests.cli.conftest import BAD, GOOD, POLICY

SCRIPT = [sys.executable, "-c", "from slarules.cli.main import main; main()"]


def call(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*SCRIPT, *arguments], cwd=cwd, env=os.environ | environment, capture_output=True, check=False, timeout=600
    )


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom slarules.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'attr', 'lark', 'numpy', 'pyarrow', 'rich', 'holidays', 'msgspec'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    assert "Exit codes" in done.stdout


def test_the_end_does_not_look_through_all_that_there_is() -> None:
    """Python does so twice, which takes as long as loading a policy."""
    code = (
        "import gc, sys\nfrom slarules.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "print(gc.get_freeze_count() > len(gc.get_objects()))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, "--version"], capture_output=True, check=False, text=True)
    assert done.stdout.splitlines()[-1:] == ["True"], done.stderr


def test_the_package_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "slarules", "--version"], capture_output=True, check=False, text=True)
    assert (done.returncode, done.stdout[:11], done.stderr) == (0, "slarules 0.", "")
    done = subprocess.run([sys.executable, "-m", "slarules", "chekc"], capture_output=True, check=False, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Usage: slarules [OPTIONS] COMMAND")


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import sys, slarules\nassert not {'attr', 'lark', 'numpy', 'pyarrow', 'click'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (["--version"], 0, "slarules 0."),
        (["--help"], 0, "check"),
        (["chekc"], 1, "did you mean `check`?"),
        (["nonsense"], 1, "they are check, coverage"),
        ([], 1, "Usage"),
        (["check"], 1, "Missing argument"),
        (["check", "--fial-on", "error", "x"], 1, "--fail-on"),
    ],
)
def test_the_command_line_itself(arguments: list[str], exit_code: int, said: str) -> None:
    done = call(*arguments)
    assert done.returncode == exit_code
    assert said in (done.stdout + done.stderr).decode()


def test_results_and_messages_go_their_own_ways(folder: Path) -> None:
    (folder / "policy.sla").write_text(POLICY + BAD, "utf-8")
    done = call("test", "policy.sla")
    assert done.returncode == 2 and b"FAILED" in done.stdout and done.stderr == b""
    done = call("coverage", "nowhere.sla")
    assert done.returncode == 1 and done.stdout == b"" and b"E0100" in done.stderr


def test_a_pipe_has_no_colours_and_no_bar(folder: Path) -> None:
    arguments = ["run", "policy.sla", "events.jsonl", "--as-of", "2026-03-03"]
    for environment in ({}, {"NO_COLOR": "1"}, {"TERM": "dumb"}):
        done = call(*arguments, **environment)
        assert done.returncode == 0
        assert b"\x1b" not in done.stdout + done.stderr and "━".encode() not in done.stderr


def test_no_color_on_a_terminal(folder: Path) -> None:
    """With a terminal pretended by rich's own FORCE_COLOR, NO_COLOR still takes the colours away."""
    (folder / "policy.sla").write_text("slarules 1\n")
    coloured = call("check", "policy.sla", FORCE_COLOR="1", TERM="xterm-256color").stdout
    plain = call("check", "policy.sla", FORCE_COLOR="1", NO_COLOR="1", TERM="xterm-256color").stdout
    assert b"\x1b[1;31m" in coloured or b"\x1b[31" in coloured
    assert b"31m" not in plain


def test_a_reader_that_goes_away(folder: Path) -> None:
    (folder / "policy.sla").write_text(POLICY + BAD * 200, "utf-8")
    shell = " ".join(f"'{part}'" for part in [*SCRIPT, "test", "policy.sla"])
    done = subprocess.run(["sh", "-c", f"{shell} | head -1"], cwd=folder, capture_output=True, check=False)
    assert done.stdout.startswith(b"FAILED") and b"Traceback" not in done.stderr


@pytest.mark.parametrize("language", ["C", "de_DE.ISO-8859-1", "en_US.UTF-8"])
def test_the_same_bytes_everywhere(folder: Path, language: str) -> None:
    arguments = ["test", "policy.sla", "--all", "--json"]
    here = call(*arguments, TZ="UTC", LANG="C.UTF-8", PYTHONHASHSEED="0").stdout
    for zone, seed in (("Asia/Kathmandu", "1"), ("America/New_York", "2")):
        there = call(*arguments, TZ=zone, LANG=language, LC_ALL=language, PYTHONHASHSEED=seed, PYTHONUTF8="0")
        assert there.stdout == here
    shown = call("test", "policy.sla", "--all", LANG=language, LC_ALL=language, PYTHONIOENCODING="ascii")
    assert "✓ as expected" in shown.stdout.decode("utf-8")


def test_a_mistake_of_ours_is_an_apology(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("what no one\nthought of")

    monkeypatch.setattr(main.Commands, "get_command", broken)
    monkeypatch.delenv("SLARULES_TRACEBACK", raising=False)
    result = CliRunner().invoke(main.cli, ["check", "x"])
    assert result.exit_code == 1
    assert "a mistake of the program" in result.stderr and "KeyError at tests.cli.test_start" in result.stderr
    assert "Traceback" not in result.stderr and result.stderr.count("\n") == 2


def test_scenarios_run_the_same_from_elsewhere(folder: Path, tmp_path: Path) -> None:
    (folder / "policy.sla").write_text(POLICY + GOOD, "utf-8")
    done = call("test", str(folder / "policy.sla"), cwd=tmp_path.parent)
    assert done.returncode == 0, done.stderr
