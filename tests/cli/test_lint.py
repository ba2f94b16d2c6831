"""``slarules lint``: what it prints in each form, how it ends, and what it writes where it mends."""

from __future__ import annotations

import json
import os
import re
import stat
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

from slarules.analysis.rules import RULES
from slarules.cli import lint as module
from slarules.lint.finding import Seen, Witness
from tests.cli.conftest import Run
from tests.cli.sarif import SARIF

HEAD = """slarules 1

contract Acme "Support, 100 %: all of it"
  provider Acme
  customer Client
  zone US/Mountain

"""
SCENARIO = """
scenario "answered"
  2026-03-02 09:00  T1 opened by Client
  10:00             T1 responded by Acme
  expect T1 answer met
"""
DUTY = """duty answer
  when ticket opened
  Acme must respond to Client within 4 hours
"""
UNUSED = "fact channel of ticket: one of telephone, email\n\n"
ALLOWED = "-- allow never-used: the “desk” records it, for 10 % of all, who knows why\n" + UNUSED
SOUND = HEAD.replace("US/Mountain", "America/Denver") + DUTY + SCENARIO
OLD_ZONE = HEAD + DUTY + SCENARIO


def put(folder: Path, text: str, name: str = "lint.sla") -> str:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(text.encode("utf-8"))
    return name


# ---- How it ends -------------------------------------------------------------------------------------------


def test_a_sound_policy_has_nothing_to_be_told(run: Run, folder: Path) -> None:
    result = run("lint", put(folder, SOUND))
    assert (result.exit_code, result.stdout) == (0, "1 policy linted: nothing found\n")


@pytest.mark.parametrize("level, code", [("warning", 2), ("note", 2), ("never", 0)])
def test_the_exit_code_is_by_level(run: Run, folder: Path, level: str, code: int) -> None:
    assert run("lint", put(folder, OLD_ZONE), "--fail-on", level).exit_code == code


def test_an_error_of_the_policy_is_three_and_what_can_be_told_is(run: Run, folder: Path) -> None:
    result = run("lint", put(folder, OLD_ZONE.replace("opened\n", "opend\n")))
    assert result.exit_code == 3
    assert "E0305" in result.stderr and "L0301" in result.stdout and "with errors" in result.stdout


@pytest.mark.parametrize("arguments, told", [
    (["nowhere.sla"], "cannot read `nowhere.sla`"),
    (["empty"], "there is no file *.sla in `empty`"),
    ([], "say which policies"),
    (["lint.sla", "--select", "never-usd"], "did you mean `never-used`?"),
    (["lint.sla", "--ignore", "zzz"], "there is no rule `zzz`; `slarules lint --rules` lists them"),
])
def test_what_cannot_be_run_is_one(run: Run, folder: Path, arguments: list[str], told: str) -> None:
    put(folder, SOUND)
    (folder / "empty").mkdir()
    result = run("lint", *arguments)
    assert result.exit_code == 1
    assert told in result.stderr


def test_rules_may_be_chosen_by_name_or_code(run: Run, folder: Path) -> None:
    path = put(folder, HEAD + UNUSED + DUTY + SCENARIO)

    def told(*options: str) -> set[str]:
        return set(re.findall(r"^warning\[(\w+)\]", run("lint", path, *options).stdout, re.MULTILINE))

    assert told() == {"L0301", "L0701"}
    assert told("--select", "never-used") == told("--ignore", "old-zone-name") == {"L0701"}
    assert told("--select", "L0701", "--select", "L0301") == {"L0301", "L0701"}
    assert told("--select", "l0701", "--ignore", "never-used") == set()


def test_rules_are_listed(run: Run) -> None:
    shown = run("lint", "--rules").stdout
    assert all(rule.code in shown and rule.name in shown for rule in RULES)
    assert [rule["name"] for rule in json.loads(run("lint", "--rules", "--json").stdout)["rules"]] == [
        rule.name for rule in RULES]


# ---- What is looked at ---------------------------------------------------------------------------------------


def test_scenarios_beside_a_policy_try_it(run: Run, folder: Path) -> None:
    put(folder, SOUND.replace(SCENARIO, ""), "a/policy.sla")
    assert "clause-without-scenario" in run("lint", "a/policy.sla").stdout
    put(folder, 'slarules 1\n\nscenarios of "policy.sla"\n' + SCENARIO, "a/tried.sla")
    put(folder, 'slarules 1\n\nscenarios of "other.sla"\n' + SCENARIO, "a/elsewhere.sla")
    assert run("lint", "a/policy.sla").exit_code == 0


def test_a_folder_is_searched_and_each_policy_is_looked_at_once(run: Run, folder: Path) -> None:
    put(folder, SOUND.replace(SCENARIO, ""), "a/policy.sla")
    put(folder, 'slarules 1\n\nscenarios of "policy.sla"\n' + SCENARIO, "a/scenarios.sla")
    assert run("lint", "a").stdout == "1 policy linted: nothing found\n"
    assert run("lint", "a/scenarios.sla", "a/policy.sla", "a").stdout == "1 policy linted: nothing found\n"


def test_a_file_of_scenarios_elsewhere_counts_where_it_is_named(run: Run, folder: Path) -> None:
    put(folder, SOUND.replace(SCENARIO, ""), "a/policy.sla")
    put(folder, 'slarules 1\n\nscenarios of "../a/policy.sla"\n' + SCENARIO, "b/scenarios.sla")
    assert run("lint", "a/policy.sla").exit_code == 2
    assert run("lint", "a", "b").exit_code == 0


# ---- What it prints -------------------------------------------------------------------------------------------


def test_people_see_the_place_the_rule_and_its_page(run: Run, folder: Path) -> None:
    result = run("lint", put(folder, OLD_ZONE))
    assert result.stdout == """\
warning[L0301]: `US/Mountain` is an old name of `America/Denver`, kept for old files only
 --> lint.sla:6:8
  |
6 |   zone US/Mountain
  |        ^^^^^^^^^^^
  = help: write `zone America/Denver`: the clocks are the same
  = rule: old-zone-name

1 policy linted: 1 warning
to read more: slarules explain-code L0301
"""


def test_what_is_suppressed_is_counted_and_shown_to_programs(run: Run, folder: Path) -> None:
    path = put(folder, SOUND.replace(DUTY, ALLOWED + DUTY))
    assert run("lint", path).stdout == "1 policy linted: nothing found, 1 suppressed\n"
    found = json.loads(run("lint", path, "--json").stdout)
    assert found["suppressed"] == 1
    assert [(one["rule"], one["line"]) for one in found["files"][0]["suppressed"]] == [("never-used", 9)]
    log = json.loads(run("lint", path, "--format", "sarif").stdout)
    assert log["runs"][0]["results"][0]["suppressions"] == [
        {"kind": "inSource", "justification": "the “desk” records it, for 10 % of all, who knows why"}]
    case = ElementTree.fromstring(run("lint", path, "--format", "junit").stdout).find(".//skipped")
    assert case is not None and "who knows why" in (case.text or "")
    assert run("lint", path, "--format", "github").stdout == ""


NAMES = ["lint.sla", "b ad,a:b%.sla", "ünïcode/π.sla"]


@pytest.mark.parametrize("name", NAMES)
def test_sarif_is_valid_and_points_at_the_words(run: Run, folder: Path, name: str) -> None:
    put(folder, HEAD + UNUSED + ALLOWED.replace("channel", "other") + DUTY + SCENARIO, name)
    put(folder, OLD_ZONE.replace("opened\n", "opend\n"), "wrong.sla")
    log = json.loads(run("lint", name, "wrong.sla", "--format", "sarif").stdout)
    Draft202012Validator(SARIF).validate(log)
    one = log["runs"][0]
    for result in one["results"]:
        assert one["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        lines = (folder / unquote(place["artifactLocation"]["uri"])).read_text("utf-8").split("\n")
        region = place["region"]
        words = lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]
        assert words in {"US/Mountain", "channel", "other"}
    fix = next(result["fixes"][0] for result in one["results"] if "fixes" in result)
    assert fix["artifactChanges"][0]["replacements"][0]["insertedContent"] == {"text": "America/Denver"}
    assert one["invocations"][0]["executionSuccessful"] is False
    told = one["invocations"][0]["toolExecutionNotifications"]
    assert [one["descriptor"]["id"] for one in told] == ["E0305"]


@pytest.mark.parametrize("name", NAMES)
def test_annotations_keep_their_form_whatever_the_words(run: Run, folder: Path, name: str) -> None:
    put(folder, OLD_ZONE, name)
    shown = run("lint", name, "--format", "github").stdout
    found = re.fullmatch(r"::warning file=([^,:]*),line=6,endLine=6,col=8,endColumn=19,title=([^,:]*)::(.*)\n", shown)
    assert found is not None
    assert unescaped(found[1]) == name
    assert unescaped(found[2]) == "L0301 old-zone-name"
    assert unescaped(found[3]).split("\n")[1].startswith("help: write `zone America/Denver`")


def unescaped(text: str) -> str:
    for code, char in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, char)
    return text


def test_an_annotation_escapes_what_would_end_it(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    from slarules.cli.lint_formats import _data, _property

    assert _data("50 % off,\r\na: b") == "50 %25 off,%0D%0Aa: b"
    assert _property("50 % off,\r\na: b") == "50 %25 off%2C%0D%0Aa%3A b"


@pytest.mark.parametrize("level, failures", [("warning", 2), ("never", 0)])
def test_junit_has_a_case_a_rule(run: Run, folder: Path, level: str, failures: int) -> None:
    put(folder, (HEAD + UNUSED + DUTY + SCENARIO).replace("100 %: all", "<b> & all"))
    suites = ElementTree.fromstring(run("lint", "lint.sla", "--format", "junit", "--fail-on", level).stdout)
    assert suites.get("failures") == str(failures) == suites[0].get("failures")
    assert len(suites[0]) == len(RULES) == int(suites.get("tests") or "0")
    told = {case.get("name") for case in suites[0] if len(case)}
    assert told == {"never-used", "old-zone-name"}


def test_junit_tells_a_policy_with_errors(run: Run, folder: Path) -> None:
    put(folder, OLD_ZONE.replace("opened\n", "opend\n"))
    suites = ElementTree.fromstring(run("lint", "lint.sla", "--format", "junit").stdout)
    error = suites.find(".//error")
    assert error is not None and error.get("type") == "E0305" and suites.get("errors") == "1"


def test_junit_is_xml_whatever_stands_in_the_policy(run: Run, folder: Path) -> None:
    put(folder, (HEAD + UNUSED + DUTY + SCENARIO).replace("100 %: all", "\x07 all"))
    suites = ElementTree.fromstring(run("lint", "lint.sla", "--format", "junit").stdout)
    error = suites.find(".//error")
    assert error is not None and error.get("type") == "E0105"


# ---- A finding that the engine does not bear out -------------------------------------------------------------


def test_a_finding_that_the_engine_does_not_confirm_is_not_shown(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    from attrs import evolve

    from slarules.analysis import linting
    from slarules.lint.rules import Report

    real = linting.report

    def lying(*args: object, **more: object) -> Report:
        seen = real(*args, **more)  # type: ignore[arg-type]
        witness = Witness((), 0, (Seen("T1", "answer", ("breached",)),), "this ticket is never answered")
        return evolve(seen, findings=tuple(evolve(one, witness=witness) for one in seen.findings))

    monkeypatch.setattr(linting, "report", lying)
    result = run("lint", put(folder, OLD_ZONE))
    assert "L0301" not in result.stdout and "nothing found" in result.stdout
    assert "a mistake of the program" in result.stderr and "T1 has no instance of `answer`" in result.stderr


# ---- Mending --------------------------------------------------------------------------------------------------


def test_a_certain_mend_is_made_and_told(run: Run, folder: Path) -> None:
    path = put(folder, OLD_ZONE)
    os.chmod(path, 0o640)
    result = run("lint", path, "--fix")
    assert (result.exit_code, result.stdout) == (0, "1 policy linted: nothing found\n")
    assert "lint.sla:6:8: mended: `US/Mountain` is an old name" in result.stderr
    assert (folder / path).read_text("utf-8") == SOUND
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o640
    assert sorted(os.listdir(folder)) == ["events.jsonl", "lint.sla", "policy.sla", "source.txt"]


def test_what_is_not_certain_is_left(run: Run, folder: Path) -> None:
    path = put(folder, SOUND.replace(DUTY, UNUSED + DUTY))
    before = (folder / path).stat().st_mtime_ns
    assert run("lint", path, "--fix").exit_code == 2
    assert (folder / path).stat().st_mtime_ns == before


@pytest.mark.parametrize("form", ["\ufeff", "\r\n"])
def test_a_file_keeps_its_mark_and_its_line_ends(run: Run, folder: Path, form: str) -> None:
    def as_it_was(text: str) -> bytes:
        return (text.replace("\n", "\r\n") if form == "\r\n" else form + text).encode("utf-8")

    (folder / "lint.sla").write_bytes(as_it_was(OLD_ZONE))
    assert run("lint", "lint.sla", "--fix").exit_code == 0
    assert (folder / "lint.sla").read_bytes() == as_it_was(SOUND)


def test_mixed_line_ends_are_left_and_told(run: Run, folder: Path) -> None:
    mixed = OLD_ZONE.replace("\n", "\r\n", 3).encode("utf-8")
    (folder / "lint.sla").write_bytes(mixed)
    result = run("lint", "lint.sla", "--fix")
    assert result.exit_code == 2 and "its line ends are mixed" in result.stderr
    assert (folder / "lint.sla").read_bytes() == mixed


def test_a_file_that_cannot_be_written_is_as_it_was(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, data: bytes) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(module, "replace", refuse)
    result = run("lint", put(folder, OLD_ZONE), "--fix")
    assert result.exit_code == 2 and "cannot write `lint.sla`: permission denied" in result.stderr
    assert (folder / "lint.sla").read_text("utf-8") == OLD_ZONE
