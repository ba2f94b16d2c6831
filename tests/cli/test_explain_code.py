"""The pages of codes, in the terminal: every code has one, and each is found by what its reader would type."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from slarules.cli.explain_code import pages
from slarules.cli.main import cli

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "docs" / kind for kind in ("diagnostics", "lint")]
WRITTEN = [path.stem for folder in FOLDERS for path in sorted(folder.glob("[EWL]*.md"))]
"""Every code with a page."""


def ran(*words: str) -> Result:
    return CliRunner().invoke(cli, ["explain-code", *words])


@pytest.mark.parametrize("typed", ["E0201", "e0201", " e0201 "])
def test_a_page_is_printed_as_it_is_written(typed: str) -> None:
    seen = ran(typed)
    assert seen.exit_code == 0
    assert seen.stdout == (ROOT / "docs" / "diagnostics" / "E0201.md").read_text("utf-8")


@pytest.mark.parametrize("typed", ["L0702", "l0702", "shadowed-name", "Shadowed-Name", "shadowed_name"])
def test_a_lint_rule_is_found_by_its_code_and_by_its_name(typed: str) -> None:
    assert ran(typed).stdout.startswith("# L0702: shadowed-name\n")


def test_several_codes_each_once() -> None:
    seen = ran("E0303", "e0401", "E0303")
    assert re.findall(r"^# (\S+):", seen.stdout, re.MULTILINE) == ["E0303", "E0401"]


@pytest.mark.parametrize(("typed", "near"), [("E030", "E0303"), ("shadowed-nam", "shadowed-name"), ("E9977", None)])
def test_a_code_that_there_is_not_is_told_and_the_others_are_printed(typed: str, near: str | None) -> None:
    seen = ran("E0401", typed)
    assert seen.exit_code == 1
    assert seen.stdout.startswith("# E0401:")
    assert f"there is no page on `{typed}`" in seen.stderr
    wanted = "did you mean `" if near else "`slarules explain-code --list` lists them"
    assert wanted in seen.stderr


def test_the_list_has_every_page() -> None:
    seen = ran("--list")
    listed = re.findall(r"^ ([A-Z]\d{4})  ", seen.stdout, re.MULTILINE)
    assert listed == WRITTEN


def test_every_page_has_a_heading_with_its_own_code() -> None:
    assert [page.code for page in pages()] == WRITTEN


def test_pages_for_another_program() -> None:
    told = json.loads(ran("shadowed-name", "E9977", "--json").stdout)
    (page,) = told["pages"]
    assert (page["code"], page["kind"], page["title"]) == ("L0702", "lint", "shadowed-name")
    assert told["missing"] == ["E9977"]
    assert len(json.loads(ran("--list", "--json").stdout)["pages"]) == len(WRITTEN)


def test_nothing_asked_for_is_told() -> None:
    seen = ran()
    assert seen.exit_code == 1
    assert "name a code, such as E0303, or say --list" in seen.stderr


def test_check_says_once_how_to_see_more(tmp_path: Path) -> None:
    policy = tmp_path / "policy.sla"
    policy.write_text("slarules 1\n\ncontract A\n  provider B\n  custmer C\n", "utf-8")
    seen = CliRunner().invoke(cli, ["check", str(policy)])
    assert seen.stdout.splitlines()[-1].startswith("to read more: slarules explain-code E")
    assert seen.stdout.count("explain-code") == 1
    sound = CliRunner().invoke(cli, ["check", str(ROOT / "contracts" / "trak" / "policy.sla")])
    assert "explain-code" not in sound.stdout
