"""``slarules explain``: the tree of reasons, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from tests.cli.conftest import SUPPLIED, Run
from tests.cli.test_json import schema

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


def test_the_amounts_of_an_agreement(run: Run, tmp_path: Path) -> None:
    """Each with its reckoning; one alone by its name; as JSON, valid by the schema, the same sentences."""
    policy = str(Path(__file__).parents[2] / "contracts" / "collabware" / "policy.sla")
    facts = {"added_fee": "1330.30 USD", "first_maintained_on": "2026-01-01", "licensed_on": "2026-10-05"}
    event = {"id": "a1", "subject": "A1", "kind": "agreement", "type": "started", "at": "2026-01-01T09:00:00-08:00",
             "actor": "Collabware", "facts": facts}  # fmt: skip
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps(event) + "\n", encoding="utf-8")
    why = ["explain", policy, str(log), "--subject", "A1", "--as-of", "2027-02-01"]
    every, one = run(*why), run(*why, "--duty", "prorated_fee")
    assert one.exit_code == 0 and one.stdout.startswith("A1 `prorated_fee` comes to 320.73 USD, as of Mon 2027-02-01")
    assert "  the `prorated_exactly`: 1,330.30 USD × 88 ÷ 365 = 320.729863 … USD\n" in one.stdout
    assert "  the line that applies: so the contract is read = 1,330.30 USD × 88 ÷ 365\n" in one.stdout
    assert "  the `prorated_fee_nearest`: rounded to 0.01, halves up = 320.73 USD\n" in one.stdout
    assert one.stdout in every.stdout
    data = json.loads(run(*why, "--duty", "prorated_fee", "--json").stdout)
    assert not list(Draft202012Validator(schema("explain")).iter_errors(data))
    assert data["reasons"][0]["text"] == one.stdout.splitlines()[0]


def test_nothing_arises(run: Run) -> None:
    early = [*WHY[:4], "2026-01-01T00:00:00Z", *SUPPLIED]
    result = run(*early, "--subject", "T1", "--duty", "confirm")
    assert result.exit_code == 0
    assert result.stdout == "nothing had happened to T1 by Wed 2025-12-31 17:00 (-07:00)\n"
