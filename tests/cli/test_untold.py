"""What a log's mapping can never tell is said beside the verdicts that turn on it."""

from __future__ import annotations

from pathlib import Path

import pytest

import slarules
from slarules.cli.untold import untold
from slarules.readers import load_mapping
from slarules.source import Source
from tests.cli.conftest import SUPPLIED, Run

MAPPING = """
layout = "tickets"
kind = "ticket"
precision = "minute"
[columns]
subject = "Id"
[times]
"Created" = {{ type = "opened", actor = "customer" }}
{more}
[constants]
actor = "provider"
[facts.severity]
column = "Severity"
"""
ROWS = "Id,Severity,Created,Answered\nT1,1,2026-03-02T15:00:00Z,2026-03-02T15:10:00Z\n"
LATE = ["--as-of", "2026-03-10T00:00:00Z"]


def test_a_list_without_answers_is_told_of(folder: Path, run: Run) -> None:
    (folder / "list.csv").write_text(ROWS)
    (folder / "map.toml").write_text(MAPPING.format(more=""))
    for engine in ("reference", "columnar"):
        found = run("run", "policy.sla", "list.csv", "--map", "map.toml", *LATE, *SUPPLIED, "--engine", engine)
        assert found.exit_code == 0, found.stderr
        assert "`map.toml` gives no `acknowledged`" in found.stderr
        assert ": by this log nobody ever did it" in found.stderr
    (folder / "map.toml").write_text(MAPPING.format(more='"Answered" = "acknowledged"'))
    found = run("run", "policy.sla", "list.csv", "--map", "map.toml", *LATE, *SUPPLIED)
    assert "`acknowledged`" not in found.stderr


def test_nothing_is_said_of_logs_that_may_tell_anything(folder: Path, run: Run) -> None:
    found = run("run", "policy.sla", "events.jsonl", *LATE, *SUPPLIED)
    assert "gives no" not in found.stderr


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ('layout = "events"\n[columns]\nsubject = "s"\ntype = "t"\nat = "a"\n', None),
        ('layout = "events"\n[columns]\nsubject = "s"\ntype = "t"\nat = "a"\n[types]\na = ["b", "c"]\n', {"b", "c"}),
        (
            'layout = "events"\nopens = "first row"\n[columns]\nsubject = "s"\ntype = "t"\nat = "a"\n'
            '[types]\na = { state = "active" }\n',
            {"resumed", "reopened", "opened"},
        ),
        (
            'layout = "snapshots"\n[columns]\nsubject = "s"\nstate = "t"\nat = "a"\nopened_at = "o"\n'
            '[states]\na = "closed"\n',
            {"closed", "opened", "severity_changed", "updated"},
        ),
        (MAPPING.format(more='"x" = "resolved"'), {"opened", "resolved"}),
    ],
)
def test_what_a_mapping_can_give(text: str, types: set[str] | None) -> None:
    found, problems = load_mapping(Source("mapping.toml", text))
    assert found is not None, problems
    assert found.gives == types


def test_a_mapping_that_cannot_be_read_is_told_elsewhere(folder: Path) -> None:
    policy = slarules.load(folder / "policy.sla")
    assert untold(policy.contract, {"log.csv": str(folder / "nothing.toml")}) == []
    assert untold(policy.contract, {"log.csv": None}) == []
