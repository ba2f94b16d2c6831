"""``slarules scenarios``: a file that ``slarules test`` runs, named from where it is written."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import POLICY, Run


def test_to_a_file_in_another_folder(run: Run, folder: Path) -> None:
    (folder / "proposed").mkdir()
    result = run("scenarios", "policy.sla", "-o", "proposed/all.sla")
    assert result.exit_code == 0 and result.stdout == ""
    text = (folder / "proposed" / "all.sla").read_text("utf-8")
    assert text.startswith('slarules 1\n\nscenarios of "../policy.sla"\n\n-- Proposed by slarules')
    passed = text.count("\nscenario ")
    assert f"{passed} scenarios for 2 duties" in result.stderr and "written to `proposed/all.sla`" in result.stderr
    assert run("test", "proposed/all.sla").stdout == f"{passed} passed, 0 failed\n"
    assert passed >= 20


def test_to_the_screen_and_one_duty(run: Run, folder: Path) -> None:
    result = run("scenarios", "policy.sla", "--duty", "resolution")
    assert result.exit_code == 0 and "resolution: over a weekend" in result.stdout
    assert "confirm:" not in result.stdout
    assert "-- target resolution, Support ---" in result.stdout
    again = run("scenarios", "policy.sla", "--duty", "resolution", "--json")
    data = json.loads(again.stdout)
    assert [duty["name"] for duty in data["duties"]] == ["resolution"]
    assert all(one["text"] in result.stdout for one in data["duties"][0]["scenarios"])


def test_a_duty_that_there_is_not(run: Run) -> None:
    result = run("scenarios", "policy.sla", "--duty", "resolutoin")
    assert result.exit_code == 1
    assert "the contract has no duty `resolutoin`; did you mean `resolution`?" in result.stderr


def test_files_that_are_no_policy(run: Run, folder: Path) -> None:
    assert run("scenarios", "nowhere.sla").exit_code == 1
    (folder / "s.sla").write_text('slarules 1\nscenarios of "policy.sla"\n', "utf-8")
    result = run("scenarios", "s.sla")
    assert result.exit_code == 3 and "`s.sla` is a file of scenarios; name the policy that they try" in result.stderr
    (folder / "wrong.sla").write_text(POLICY.replace("America/Denver", "America/Devner"), "utf-8")
    result = run("scenarios", "wrong.sla")
    assert result.exit_code == 3 and "E0520" in result.stderr and result.stdout == ""
    result = run("scenarios", "policy.sla", "-o", "no/where.sla")
    assert result.exit_code == 1 and "cannot write `no/where.sla`" in result.stderr
