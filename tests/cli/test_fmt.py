"""`slarules fmt`: what is written, what is listed, what is left alone."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from slarules.cli.files import replace
from slarules.cli.main import cli
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
UNTIDY = """\
slarules 1
contract  C "title"
   provider P
   zone   UTC -- why
duty d
 when request opened
 P must open
"""
TIDY = """\
slarules 1

contract C "title"
  provider P
  zone UTC  -- why

duty d
  when request opened
  P must open
"""
WRONG = TIDY.replace("when", "wen")


@pytest.fixture
def policies(folder: Path) -> Path:
    """A folder with a tidy, an untidy and a mistaken policy, and one that is hidden."""
    for path in folder.glob("*.sla"):
        path.unlink()
    for name, text in (("tidy", TIDY), ("untidy", UNTIDY), ("wrong", WRONG), (".hidden/h", UNTIDY)):
        path = folder / f"{name}.sla"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def test_it_writes_what_changes_and_counts(run: Run, policies: Path) -> None:
    result = run("fmt", ".")
    assert result.exit_code == 3
    assert result.stdout.splitlines() == [
        "untidy.sla: changed", "3 files: 1 changed, 1 in the style, 1 refused and left as they are"
    ]
    assert "error[E0201]" in result.stderr and "wrong.sla:8:3" in result.stderr
    assert (policies / "untidy.sla").read_text() == TIDY
    assert (policies / "wrong.sla").read_text() == WRONG
    assert (policies / ".hidden" / "h.sla").read_text() == UNTIDY
    assert run("fmt", "untidy.sla", "tidy.sla").stdout == "2 files: 0 changed, 2 in the style\n"


def test_check_writes_nothing_and_lists(run: Run, policies: Path) -> None:
    result = run("fmt", "--check", "tidy.sla", "untidy.sla")
    assert result.exit_code == 2
    assert result.stdout == "untidy.sla: would change\n2 files: 1 would change, 1 in the style\n"
    assert (policies / "untidy.sla").read_text() == UNTIDY
    assert run("fmt", "--check", "tidy.sla").exit_code == 0


def test_diff_is_a_patch(run: Run, policies: Path) -> None:
    result = run("fmt", "--diff", "untidy.sla")
    assert result.exit_code == 0 and run("fmt", "--diff", "--check", "untidy.sla").exit_code == 2
    lines = result.stdout.splitlines()
    assert lines[:2] == ["--- untidy.sla", "+++ untidy.sla"]
    assert '-contract  C "title"' in lines and '+contract C "title"' in lines
    assert (policies / "untidy.sla").read_text() == UNTIDY


@pytest.mark.parametrize(
    ("given", "shown", "code"), [(UNTIDY, TIDY, 0), ("\ufeff" + TIDY.replace("\n", "\r\n"), TIDY, 0), (WRONG, "", 3)]
)
def test_a_dash_is_stdin_to_stdout(folder: Path, given: str, shown: str, code: int) -> None:
    result = CliRunner().invoke(cli, ["fmt", "-"], input=given.encode("utf-8"))
    assert (result.exit_code, result.stdout) == (code, shown)
    assert ("byte-order mark" in result.stderr) == given.startswith("\ufeff")


def test_a_dash_goes_with_nothing_else(run: Run, policies: Path) -> None:
    assert run("fmt", "-", "tidy.sla").exit_code == 1
    assert run("fmt", "-", "--json").exit_code == 1


def test_line_ends_and_the_byte_order_mark_are_mended_and_told(run: Run, policies: Path) -> None:
    path = policies / "tidy.sla"
    path.write_bytes(b"\xef\xbb\xbf" + TIDY.replace("\n", "\r\n").encode())
    assert run("fmt", "--check", "tidy.sla").exit_code == 2
    result = run("fmt", "tidy.sla")
    assert result.exit_code == 0 and "tidy.sla: changed" in result.stdout
    assert "a byte-order mark" in result.stderr and "line ends" in result.stderr
    assert path.read_bytes() == TIDY.encode()


def test_rights_and_links_are_kept(run: Run, policies: Path) -> None:
    path = policies / "untidy.sla"
    path.chmod(0o640)
    (policies / "link.sla").symlink_to(path)
    assert run("fmt", "link.sla").exit_code == 0
    assert (policies / "link.sla").is_symlink() and path.read_text() == TIDY
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_failed_write_leaves_the_file_and_nothing_beside_it(
    policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    before = sorted(policies.iterdir())
    result = CliRunner().invoke(cli, ["fmt", "untidy.sla"])
    assert result.exit_code == 1 and "no space left" in result.stderr
    assert sorted(policies.iterdir()) == before and (policies / "untidy.sla").read_text() == UNTIDY


def test_replacing_needs_a_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        replace(tmp_path / "none.sla", b"")


def test_what_cannot_be_read_or_found(run: Run, policies: Path) -> None:
    assert run("fmt", "nowhere.sla").exit_code == 1
    (policies / "empty").mkdir()
    assert run("fmt", "empty").exit_code == 1


def test_json_tells_states_and_the_diff(run: Run, policies: Path) -> None:
    told = json.loads(run("fmt", "--diff", "--json", ".").stdout)
    states = {file["path"]: file["state"] for file in told["files"]}
    assert states == {"tidy.sla": "unchanged", "untidy.sla": "changed", "wrong.sla": "refused"}
    assert (told["written"], told["changed"], told["unchanged"], told["refused"]) == (False, 1, 1, 1)
    assert [bool(file["diff"]) for file in told["files"]] == [False, True, False]
    assert [d["code"] for file in told["files"] for d in file["diagnostics"]] == ["E0201"]


def test_width(run: Run, policies: Path) -> None:
    events = "request opened or request asked or request reopened"
    (policies / "wide.sla").write_text(TIDY.replace("request opened", events))
    assert run("fmt", "--check", "wide.sla").exit_code == 0
    assert run("fmt", "--width", "40", "wide.sla").exit_code == 0
    assert max(map(len, (policies / "wide.sla").read_text().splitlines())) <= 40
    assert run("fmt", "--width", "5", "wide.sla").exit_code == 1


@pytest.mark.parametrize("folder_of", ["contracts", "examples", "tests/rules"])
def test_the_policies_of_this_repository_stay_in_the_style(folder_of: str) -> None:
    result = CliRunner().invoke(cli, ["fmt", "--check", str(ROOT / folder_of)])
    assert (result.exit_code, result.stdout.splitlines()[:-1]) == (0, []), "write them with `slarules fmt`"
