"""``slarules summary``: what is written, what is said of it, and what keeps it from being written."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


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
    assert '"code": "' in found
    import json

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
