"""``slarules explain``: the tree of reasons, for people and for programs."""

from __future__ import annotations

import json

from tests.cli.conftest import SUPPLIED, Run

WHY = ["explain", "policy.sla", "events.jsonl", "--as-of", "2026-03-03T00:00:00Z", *SUPPLIED]


def test_a_tree_as_indented_lines(run: Run) -> None:
    result = run(*WHY, "--subject", "T1")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("T1 confirm#1: breached at Mon 2026-03-02 09:00")
    assert any(line.startswith("    “Trak shall acknowledge each request within one hour.”") for line in lines)
    assert any(line.startswith("T1 resolution#1: reached") for line in lines)


def test_one_duty(run: Run) -> None:
    result = run(*WHY, "--subject", "T1", "--duty", "resolution", "--json")
    data = json.loads(result.stdout)
    assert [reason["text"].split(":")[0] for reason in data["reasons"]] == ["T1 resolution#1"]


def test_an_unknown_subject_or_duty(run: Run) -> None:
    result = run(*WHY, "--subject", "T11")
    assert result.exit_code == 1 and "did you mean `T1`?" in result.stderr
    result = run(*WHY, "--subject", "T1", "--duty", "resolutoin")
    assert result.exit_code == 1 and "did you mean `resolution`?" in result.stderr


def test_nothing_arises(run: Run) -> None:
    early = [*WHY[:4], "2026-01-01T00:00:00Z", *SUPPLIED]
    result = run(*early, "--subject", "T1", "--duty", "confirm")
    assert result.exit_code == 0
    assert result.stdout == "nothing had happened to T1 by Wed 2025-12-31 17:00 (-07:00)\n"
