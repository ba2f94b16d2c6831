"""ARCHITECTURE.md tells of every module, and every rule is cited in the files that it names for it."""

from __future__ import annotations

import re

from tests.docs.pages import ROOT

TEXT = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
PACKAGE = ROOT / "slarules"


def test_every_module_is_told_of_and_no_other() -> None:
    told = {
        f"{folder}{file}"
        for folder, table in re.findall(r"^\*\*`slarules/([a-z/]*)`\*\*:.*\n\n((?:\|.*\n)+)", TEXT, re.MULTILINE)
        for file in re.findall(r"^\| `(\w+\.py)`", table, re.MULTILINE)
    }
    there = {
        str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py")
        if path.name != "__init__.py" or path.parent == PACKAGE
    }
    assert told == there


def test_rules_are_cited_where_they_are_said_to_be() -> None:
    rows = re.findall(r"^\| R(\d+) [^|]*\| (.+) \|$", TEXT, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 37))
    for number, files in rows:
        named = re.findall(r"`([^`]+)`", files)
        assert named, f"R{number} is nowhere"
        for file in named:
            text = (PACKAGE / file).read_text("utf-8")
            assert re.search(rf"\bR{number}\b", text), f"{file} does not cite R{number}"


def test_layers_are_those_that_are_checked() -> None:
    config = (ROOT / "pyproject.toml").read_text("utf-8")
    stated = re.search(r"layers = \[\n(.*?)\]", config, re.DOTALL)
    assert stated is not None
    wanted = [line.replace("slarules.", "") for line in re.findall(r'"([^"]+)"', stated[1])]
    assert "\n".join(wanted) in TEXT
