"""What a longer log changes: superseded, arisen and vanished verdicts (R3, R11)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from slarules.engine.evaluate import evaluate
from slarules.engine.revision import revisions
from tests.duty_cases import contract_of, events_of, instant

CASES = json.loads((Path(__file__).parents[1] / "tables" / "duty-cases.json").read_text("utf-8"))["cases"]
LATE_RECORD = next(case for case in CASES if case["id"] == "G12")


def test_a_late_record_supersedes_the_breach_and_takes_its_consequence_away() -> None:
    contract, events = contract_of(LATE_RECORD), events_of(LATE_RECORD)
    as_of = instant("2025-03-04T12:00:00Z")
    before = evaluate(contract, None, events, as_of, upto=1)
    after = evaluate(contract, None, events, as_of)
    found = {(r.before or r.after).duty: r for r in revisions(before, after)}  # type: ignore[union-attr]
    assert sorted(found) == ["escalate", "resolution"]
    superseded, vanished = found["resolution"], found["escalate"]
    assert superseded.before is not None and superseded.before.state == "breached"
    assert superseded.after is not None and superseded.after.state == "met"
    assert superseded.after.flags == ("late_revision",)
    assert vanished.before is not None and vanished.after is None


def test_nothing_changes_where_nothing_was_added() -> None:
    contract, events = contract_of(LATE_RECORD), events_of(LATE_RECORD)
    as_of = instant("2025-03-04T12:00:00Z")
    assert revisions(evaluate(contract, None, events, as_of), evaluate(contract, None, events, as_of)) == ()


def test_two_instants_are_not_compared() -> None:
    contract, events = contract_of(LATE_RECORD), events_of(LATE_RECORD)
    with pytest.raises(ValueError, match="one instant"):
        revisions(evaluate(contract, None, events, 0), evaluate(contract, None, events, 1))


TWICE = {
    "id": "two questions at one instant",
    "contract": {
        "zone": "UTC",
        "duties": [
            {
                "name": "answer",
                "bearer": "provider",
                "trigger": {"event": "asked"},
                "target": {"kind": "elapsed", "seconds": 3600},
                "performed_by": {"events": ["responded"], "actor": "provider"},
            }
        ],
    },
    "events": [
        {"id": "e1", "type": "opened", "at": "2025-03-04T08:00:00Z", "actor": "customer"},
        {"id": "e2", "type": "asked", "at": "2025-03-04T09:00:00Z", "actor": "customer"},
        {"id": "e3", "type": "asked", "at": "2025-03-04T09:00:00Z", "actor": "customer"},
        {"id": "e4", "type": "responded", "at": "2025-03-04T09:30:00Z", "actor": "provider"},
    ],
}


def test_instances_of_one_instant_are_told_apart() -> None:
    """R11: two questions of one instant are two periods; neither revision is lost."""
    contract, events = contract_of(TWICE), events_of(TWICE)
    as_of = instant("2025-03-04T12:00:00Z")
    found = revisions(evaluate(contract, None, events, as_of, upto=3), evaluate(contract, None, events, as_of))
    assert [(r.before.state, r.after.state) for r in found if r.before and r.after] == [("breached", "met")] * 2
