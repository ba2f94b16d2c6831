"""``--json`` of each command is what its published schema says."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from slarules.cli.main import COMMANDS
from tests.cli.conftest import BAD, GOOD, POLICY, SUPPLIED, Run

LOG = ["policy.sla", "events.jsonl", "--as-of", "2026-03-03T00:00:00Z", *SUPPLIED]
ARGUMENTS = {
    "check": ["policy.sla", "bad.sla", "nowhere.sla"],
    "coverage": ["policy.sla"],
    "run": [*LOG, "-o", "out.csv"],
    "explain": [*LOG, "--subject", "T1"],
    "test": [".", "--all", "--coverage", "--update", "--dry-run"],
    "scenarios": ["policy.sla"],
    "lint": ["policy.sla", "bad.sla", "nowhere.sla"],
    "fmt": ["policy.sla", "bad.sla", "nowhere.sla", "--diff"],
    "explain-code": ["E0303", "shadowed-name", "E9999"],
    "advise": LOG,
    "readings": [*LOG, "--flips", "ack"],
    "compare": ["policy.sla", "other.sla", "events.jsonl", "--as-of", "2026-03-03T00:00:00Z", *SUPPLIED,
                "--show", "confirm"],
}

INTERACTIVE = ("repl", "lsp")
"""Commands that talk to a person or an editor, and report nothing."""
DOCUMENTS = ("summary", "report")
"""Commands whose result is a document."""


def schema(command: str) -> dict[str, object]:
    text = (files("slarules") / "schemas" / f"{command}.schema.json").read_text("utf-8")
    loaded: dict[str, object] = json.loads(text)
    return loaded


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in (*INTERACTIVE, *DOCUMENTS)])
def test_json_is_as_published(run: Run, folder: Path, command: str) -> None:
    (folder / "bad.sla").write_text(POLICY.replace("Customer as read", "Custmer as read"), "utf-8")
    (folder / "policy.sla").write_text(POLICY + GOOD + BAD, "utf-8")
    (folder / "other.sla").write_text(POLICY.replace("within 1 hour ", "within 2 hours "), "utf-8")
    with (folder / "events.jsonl").open("a") as log:
        log.write("nonsense\n")
    result = run(command, *ARGUMENTS[command], "--json")
    Draft202012Validator.check_schema(schema(command))
    validator = Draft202012Validator(schema(command), format_checker=Draft202012Validator.FORMAT_CHECKER)
    validator.validate(json.loads(result.stdout))


def test_lines_of_verdicts_are_as_published(run: Run, folder: Path) -> None:
    run("run", *LOG, "-o", "out.jsonl")
    validator = Draft202012Validator({**schema("run"), "$ref": "#/$defs/verdict", "required": [], "properties": {},
                                      "additionalProperties": True})
    for line in (folder / "out.jsonl").read_text("utf-8").splitlines():
        validator.validate(json.loads(line))


def test_the_diagnostic_is_one_schema() -> None:
    assert schema("check")["$defs"] == schema("test")["$defs"]
