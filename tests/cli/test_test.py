"""``slarules test``: scenarios in policies, in files and in folders; a failing one is a timeline."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import BAD, GOOD, POLICY, Run

APART = 'slarules 1\nscenarios of "../policy.sla"\n'


def test_passing(run: Run) -> None:
    result = run("test", "policy.sla")
    assert result.exit_code == 0 and result.stdout == "1 passed, 0 failed\n"


def test_a_failing_scenario_is_a_timeline(run: Run, folder: Path) -> None:
    (folder / "policy.sla").write_text(POLICY + GOOD + BAD, "utf-8")
    result = run("test", "policy.sla")
    assert result.exit_code == 2
    line = (POLICY + GOOD).count("\n") + 2
    lines = [text.rstrip() for text in result.stdout.splitlines()]
    assert lines == [
        "FAILED wrong [bold]expectations[/bold]",
        f"policy.sla:{line}, times in America/Denver",
        "",
        " date         time    what happened, or is expected                      seen",
        " " + "─" * len(lines[4].strip()),
        " 2026-03-02   08:00   T1 opened by Customer, channel email, severity 1",
        "              10:00   expect T1 confirm met                              ✗ T1 confirm breached at 09:00",
        "",
        "1 passed, 1 failed",
    ]


def test_all_timelines(run: Run) -> None:
    result = run("test", "policy.sla", "--all")
    assert result.exit_code == 0
    assert result.stdout.count("✓ as expected") == 2
    assert "resolution missed at 10:00, performed late by 1 hour" in result.stdout


def test_folders_files_and_filter(run: Run, folder: Path) -> None:
    (folder / "more").mkdir()
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "x.sla").write_text("nonsense")
    (folder / "more" / "scenarios.sla").write_text(APART + GOOD + BAD, "utf-8")
    result = run("test", ".")
    assert result.exit_code == 2
    assert result.stdout.splitlines()[-3:] == [
        "more/scenarios.sla: 1 passed, 1 failed", "policy.sla: 1 passed", "2 passed, 1 failed",
    ]
    assert run("test", ".", "--filter", "CONFIRMED").exit_code == 0
    result = run("test", ".", "--filter", "nothing like it")
    assert result.exit_code == 1 and "no scenario's title has `nothing like it` in it" in result.stderr


def test_what_is_wrong_with_a_policy_or_a_scenario(run: Run, folder: Path) -> None:
    (folder / "more.sla").write_text(POLICY + GOOD + '\nscenario "y"\n  2026-03-02 08:00  T1 opend\n', "utf-8")
    result = run("test", "policy.sla", "more.sla")
    assert result.exit_code == 3
    assert "E0804" in result.stderr
    assert result.stdout.splitlines()[-1] == "2 passed, 0 failed, 1 file with errors"


def test_a_file_of_scenarios_whose_policy_is_wrong(run: Run, folder: Path) -> None:
    for named, said in (("nowhere.sla", "cannot be read"), ("/policy.sla", "not a path"), ("a.sla", "itself a file")):
        (folder / "a.sla").write_text(f'slarules 1\nscenarios of "{named}"\n' + GOOD, "utf-8")
        result = run("test", "a.sla")
        assert result.exit_code == 3
        assert "E0113" in result.stderr and said in result.stderr
    (folder / "policy.sla").write_text(POLICY.replace("America/Denver", "America/Devner"), "utf-8")
    (folder / "a.sla").write_text('slarules 1\nscenarios of "policy.sla"\n' + GOOD, "utf-8")
    result = run("test", "a.sla")
    assert result.exit_code == 3 and "policy.sla:7:" in result.stderr


def test_nothing_to_test(run: Run, folder: Path) -> None:
    (folder / "empty").mkdir()
    result = run("test", "empty")
    assert result.exit_code == 1 and "there is no file *.sla in `empty`" in result.stderr
    result = run("test", "nowhere.sla")
    assert result.exit_code == 1 and "there is no such file" in result.stderr
    (folder / "policy.sla").write_text(POLICY, "utf-8")
    result = run("test", "policy.sla")
    assert result.exit_code == 1 and "there are no scenarios" in result.stderr
