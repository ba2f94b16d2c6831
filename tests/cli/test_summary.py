"""``slarules summary``: what is written, what is said of it, and what keeps it from being written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import POLICY, Run


def test_it_writes_the_document_and_says_so(run: Run, folder: Path) -> None:
    result = run("summary", "policy.sla", "-o", "out.md")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1].startswith("wrote `out.md`: 1 clause, 1 ambiguity and ")
    text = (folder / "out.md").read_text("utf-8")
    assert text.startswith("# Demo support\n")
    assert "Trak shall acknowledge each request within one hour." in text
    assert "Is the hour real or open time?" in text


def test_findings_of_lint_are_asked(run: Run, folder: Path) -> None:
    """The scenarios of the policy are looked for beside it, as `slarules lint` does."""
    run("summary", "policy.sla", "-o", "out.md")
    found = run("lint", "policy.sla", "--json", "--fail-on", "never").stdout
    text = (folder / "out.md").read_text("utf-8")
    findings = [finding for file in json.loads(found)["files"] for finding in file["findings"]]
    assert findings
    for finding in findings:
        assert f"{finding['code']} {finding['rule']}" in text


def test_an_ending_that_nobody_writes(run: Run) -> None:
    result = run("summary", "policy.sla", "-o", "out.odt")
    assert result.exit_code == 1
    assert "`out.odt` ends in none of .html, .docx, .pdf, .md" in result.stderr


def test_without_a_target_nothing_is_written(run: Run) -> None:
    result = run("summary", "policy.sla")
    assert result.exit_code == 1 and "--output" in result.stderr


def test_a_policy_with_errors_has_no_summary(run: Run, folder: Path) -> None:
    (folder / "policy.sla").write_text("slarules 1\n\ncontract Demo\n  provider\n", "utf-8")
    result = run("summary", "policy.sla", "-o", "out.md")
    assert result.exit_code == 3
    assert not (folder / "out.md").exists()


def test_a_folder_that_is_not_there(run: Run, folder: Path) -> None:
    result = run("summary", "policy.sla", "-o", "none/out.html")
    assert result.exit_code == 1
    assert "cannot write `none/out.html`: no such file or directory" in result.stderr


def test_what_stood_there_is_replaced_as_a_whole(run: Run, folder: Path) -> None:
    (folder / "out.md").write_text("before", "utf-8")
    assert run("summary", "policy.sla", "-o", "out.md").exit_code == 0
    assert not (folder / "out.md").read_text("utf-8").startswith("before")


def test_its_calendar_of_dates_is_written_too(run: Run, folder: Path) -> None:
    result = run("summary", "policy.sla", "-o", "out.md", "--starts", "2026-04-01", "--ics", "dates.ics")
    assert result.exit_code == 0
    assert result.stderr.splitlines()[-1].startswith("wrote `out.md` and `dates.ics`: ")
    calendar = (folder / "dates.ics").read_text("utf-8")
    assert calendar.startswith("BEGIN:VCALENDAR") and "20260401" in calendar


@pytest.mark.parametrize(("options", "told"), [
    (["--starts", "1 April"], "`1 April` is no date"),
    (["--starts", "20260401"], "`20260401` is no date"),
    (["--starts", "2150-01-01"], "`2150-01-01` is not within 1990 to 2099"),
    (["--ics", "dates.txt"], "`dates.txt` does not end in .ics"),
    (["--events", "events.jsonl"], "`--events` and `--as-of` go together"),
    (["--as-of", "2026-03-03"], "`--events` and `--as-of` go together"),
    (["--readings", "ack=business"], "are for `--events`"),
    (["--map", "m.toml"], "are for `--events`"),
    (["--engine", "columnar"], "are for `--events`"),
    (["--events", "events.jsonl", "--as-of", "soon"], "soon"),
    (["--events", "events.jsonl", "--as-of", "2026-03-03", "--readings", "acks=business"], "did you mean `ack`?"),
])
def test_options_that_make_no_sense(run: Run, folder: Path, options: list[str], told: str) -> None:
    result = run("summary", "policy.sla", "-o", "out.md", *options)
    assert result.exit_code == 1
    assert told in " ".join(result.stderr.split())
    assert not (folder / "out.md").exists()


def test_what_the_ambiguities_are_worth_on_a_log(run: Run, folder: Path) -> None:
    """A page of its own, to which each ambiguity that matters there leads; the log is named on the last page."""
    log = folder / "log.jsonl"
    log.write_text("\n".join(
        json.dumps({"id": f"e{n}", "subject": "R1", "type": type_, "at": at, "actor": actor, "facts": facts})
        for n, (type_, at, actor, facts) in enumerate((
            ("opened", "2026-03-02T16:30:00-07:00", "Customer", {"severity": "1", "channel": "email"}),
            ("acknowledged", "2026-03-03T08:20:00-07:00", "Trak", {}),
        ))
    ) + "\n", "utf-8")
    result = run("summary", "policy.sla", "-o", "out.md", "--events", "log.jsonl", "--as-of", "2026-03-04",
                 "--supplied", "TrakHolidays=known until 2027-01-01")
    assert result.exit_code == 0, result.stderr
    text = (folder / "out.md").read_text("utf-8")
    assert "What the ambiguities are worth" in text
    assert "[What it was worth](#" in text
    assert "log.jsonl<br>SHA-256:" in text


def test_a_redline_stands_first(run: Run, folder: Path) -> None:
    (folder / "new.sla").write_text(POLICY.replace('adopt elapsed because "the words name no hours"',
                                                   'adopt business because "support is staffed"'), "utf-8")
    result = run("summary", "new.sla", "-o", "out.md", "--compare", "policy.sla")
    assert result.exit_code == 0, result.stderr
    text = (folder / "out.md").read_text("utf-8")
    assert "\n## 1 What changed\n" in text and "\n## 2 Definitions\n" in text
    assert "policy.sla<br>SHA-256:" in text


@pytest.mark.parametrize("option", [["--compare", "none.sla"], ["--events", "none.jsonl", "--as-of", "2026-03-04"]])
def test_other_files_that_are_not_there(run: Run, folder: Path, option: list[str]) -> None:
    result = run("summary", "policy.sla", "-o", "out.md", *option)
    assert result.exit_code == 1
    assert "none." in result.stderr and not (folder / "out.md").exists()
