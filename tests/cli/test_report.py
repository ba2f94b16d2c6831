"""``slarules report``: what it writes, and what it says of options that make no sense."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import SUPPLIED, Run

LOG = ["policy.sla", "events.jsonl", "--as-of", "2026-03-03T00:00:00Z", *SUPPLIED]


def test_a_report_is_written_and_said_to_be(run: Run, folder: Path) -> None:
    result = run("report", *LOG, "-o", "out.md")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.splitlines()[-1] == "the report is written to out.md"
    page = (folder / "out.md").read_text("utf-8")
    assert "Demo support" in page and "policy.sla" in page and str(folder) not in page


@pytest.mark.parametrize("ending", [".html", ".xlsx", ".docx", ".pdf"])
def test_each_kind_of_file(run: Run, folder: Path, ending: str) -> None:
    result = run("report", *LOG, "-o", f"out{ending}")
    assert result.exit_code == 0, result.stderr
    begins = {".html": b"<!doctype html>", ".xlsx": b"PK", ".docx": b"PK", ".pdf": b"%PDF"}[ending]
    assert (folder / f"out{ending}").read_bytes().lower().startswith(begins.lower())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--month", "March"], "`March` is no month: write it as 2026-03"),
        (["--month", "0000-01"], "`0000-01` is not within 1970 to"),
        (["--month", "2026-13"], "`2026-13` is no month"),
        (["--month", "2026-03", "--from", "2026-02"], "say either --month, or --from and --to"),
        (["--from", "2026-03", "--to", "2026-02"], "`2026-02` is before `2026-03`"),
    ],
)
def test_months_that_make_no_sense(run: Run, options: list[str], said: str) -> None:
    result = run("report", *LOG, *options, "-o", "out.md")
    assert result.exit_code == 1 and said in " ".join(result.stderr.split())


def test_an_ending_that_nobody_writes(run: Run) -> None:
    result = run("report", *LOG, "-o", "out.txt")
    assert result.exit_code == 1 and "`out.txt` ends in none of" in " ".join(result.stderr.split())


def test_a_report_that_cannot_be_written_leaves_the_old_one(run: Run, folder: Path) -> None:
    (folder / "out.md").write_text("old")
    result = run("report", "policy.sla", "nowhere.jsonl", "--as-of", "2026-03-03T00:00:00Z", "-o", "out.md")
    assert result.exit_code == 1 and (folder / "out.md").read_text() == "old"
    result = run("report", *LOG, "-o", "none/out.md")
    assert result.exit_code == 1 and "cannot write `none/out.md`: no such file or directory" in result.stderr


@pytest.mark.parametrize("command", ["report", "summary", "readings", "compare", "advise"])
def test_without_the_libraries_it_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    from slarules.cli import documents

    monkeypatch.setattr(documents, "find_spec", lambda name: None)
    files = {"summary": ["policy.sla"], "compare": ["policy.sla", "policy.sla"]}.get(command, LOG)
    result = run(command, *files, "-o", "out.html")
    assert result.exit_code == 1
    assert "cannot write `out.html`: the package `jinja2` is not installed; install what" in result.stderr
