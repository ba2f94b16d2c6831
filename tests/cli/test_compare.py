"""``slarules compare``: the table, a rule in full, a log, documents; every bad input has a clear end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import POLICY, SUPPLIED, Run

BOTH = ["compare", "policy.sla", "other.sla"]
LOG = ["events.jsonl", "--as-of", "2026-03-03T00:00:00Z", *SUPPLIED]


@pytest.fixture(autouse=True)
def other(folder: Path) -> None:
    """A second version: two hours to acknowledge."""
    (folder / "other.sla").write_text(POLICY.replace("within 1 hour ", "within 2 hours "), "utf-8")


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_the_table(run: Run) -> None:
    result = run(*BOTH)
    told = lines(result.stdout)
    assert result.exit_code == 0
    assert "two versions of one contract: both are named `Demo`" in told
    assert any(line.startswith("confirm must acknowledge within 1 must acknowledge within 2 looser;") for line in told)
    assert "the same: resolution" in told
    shown = [line for line in told if line.startswith("confirm: opened")]
    assert shown == [
        "confirm: opened Mon 2 March 2026, 09:00 and acknowledged 10:30: A broken, due 10:00; B kept, due 11:00"]
    assert not any(line.endswith(" ") for line in result.stdout.splitlines())


def test_a_rule_in_full(run: Run) -> None:
    told = lines(run(*BOTH, "--show", "confirm").stdout)
    assert "under A:" in told and "under B:" in told
    assert any(line.startswith("T1 confirm#1: breached at Mon 2026-03-02 10:00") for line in told)
    assert any(line.startswith("T1 confirm#1: met, due Mon 2026-03-02 11:00") for line in told)


def test_the_other_way_round(run: Run) -> None:
    rows = json.loads(run("compare", "other.sla", "policy.sla", "--json").stdout)["rows"]
    assert {row["a"][0]: row["verdict"] for row in rows} == {"confirm": "stricter", "resolution": "same"}


def test_on_a_log(run: Run) -> None:
    told = lines(run(*BOTH, *LOG).stdout)
    assert "On the log: 4 events of 2 subjects, as of 2026-03-02 17:00 MST" in told
    assert any(line.startswith("confirm 1 0 → 1 1 → 0 0 · 1 +1 h provider") for line in told)
    assert any(line.startswith("T1 confirm 1 broken → kept") for line in told)
    history = json.loads(run(*BOTH, *LOG, "--json").stdout)["history"]
    assert [(one["subject"], one["before"], one["after"]) for one in history["changes"]] == [("T1", "broken", "kept")]


def test_a_reading_of_one_contract_alone(run: Run) -> None:
    same = ["compare", "policy.sla", "policy.sla", "--json", "--readings"]
    rows = json.loads(run(*same, "B:ack=business").stdout)["rows"]
    assert {row["a"][0]: row["verdict"] for row in rows}["confirm"] == "looser"
    both = json.loads(run(*same, "ack=business").stdout)["rows"]
    assert {row["verdict"] for row in both} == {"same"}


def test_as_a_gate(run: Run) -> None:
    assert run(*BOTH, "--fail-on", "difference").exit_code == 2
    assert run("compare", "policy.sla", "policy.sla", "--fail-on", "difference").exit_code == 0


@pytest.mark.parametrize(("more", "said"), [
    (["--show", "confrm"], "has a duty, target, prohibition or right `confrm`; did you mean `confirm`?"),
    (["--match", "confirm"], "`confirm` is not of the form A=B"),
    (["--match", "confirm=confrim"], "`confirm` cannot be matched with `confrim`"),
    (["--severity", "9=1"], "the first contract has no severity `9`, only `1`, `2`"),
    (["--as-of", "2026-03-03"], "EVENTS and --as-of belong together"),
    (["--readings", "ac=business"], "the contract has no reading `ac`; did you mean `ack`?"),
    (["-o", "out.txt"], "`out.txt` ends in none of .html, .docx, .pdf, .md"),
])
def test_what_is_not_there_is_told(run: Run, more: list[str], said: str) -> None:
    result = run(*BOTH, *more)
    assert result.exit_code != 0
    assert said in " ".join((result.stderr + str(result.exception)).split())


def test_policies_that_cannot_be_compared(run: Run, folder: Path) -> None:
    (folder / "bad.sla").write_text(POLICY.replace("Customer as read", "Custmer as read"), "utf-8")
    (folder / "bad.sla").write_text(POLICY.replace("must acknowledge", "must acknowldge"), "utf-8")
    assert run("compare", "policy.sla", "bad.sla").exit_code == 3
    assert run("compare", "nowhere.sla", "policy.sla").exit_code == 1


def test_a_document(run: Run, folder: Path) -> None:
    assert run(*BOTH, *LOG, "-o", "out.md").exit_code == 0
    told = " ".join((folder / "out.md").read_text("utf-8").split())
    assert "| confirm | | must acknowledge within 1 hour | must acknowledge within 2 hours | looser;" in told
    assert "Opened Mon 2 March 2026, 09:00 and acknowledged 10:30: A broken, due 10:00; B kept, due 11:00." in told
    assert "| T1 | confirm | 1 | broken → kept |" in told
    first = (folder / "out.md").read_bytes()
    assert run(*BOTH, *LOG, "-o", "out.md").exit_code == 0
    assert (folder / "out.md").read_bytes() == first
