"""`has happened within`: verdicts by it, corrections of what it looks at, and what explanations say of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import slarules
from slarules.engine.reasons.reason import Reason
from slarules.loader import load

POLICY = """slarules 1

contract Acme "Support"
  provider Acme "Acme"
  customer Client "Client"
  zone America/New_York

right reopen
  Client may reopen
  if resolved has happened within 48 hours

duty look_again
  when ticket reopened
  unless resolved has happened within 1 day
  Acme must escalate ticket within 1 hour
"""
EVENTS = [
    {"id": "1", "subject": "T1", "type": "opened", "at": "2026-03-02T09:00:00-05:00", "actor": "Client"},
    {"id": "2", "subject": "T1", "type": "resolved", "at": "2026-03-02T10:00:00-05:00", "actor": "Acme"},
    {"id": "3", "subject": "T1", "type": "reopened", "at": "2026-03-04T10:01:00-05:00", "actor": "Client"},
    {"id": "4", "subject": "T2", "type": "opened", "at": "2026-03-02T09:00:00-05:00", "actor": "Client"},
    {"id": "5", "subject": "T2", "type": "closed", "at": "2026-03-02T10:00:00-05:00", "actor": "Acme"},
    {"id": "6", "subject": "T2", "type": "reopened", "at": "2026-03-03T10:00:00-05:00", "actor": "Client"},
]


def loaded(folder: Path) -> slarules.Policy:
    (folder / "policy.sla").write_text(POLICY, "utf-8")
    return slarules.load(folder / "policy.sla")


def said(reasons: Iterable[Reason]) -> str:
    return "\n".join(f"{one.text}\n{said(one.parts)}" for one in reasons)


def test_a_right_and_a_guard_are_told_with_when_it_last_happened(tmp_path: Path) -> None:
    policy = loaded(tmp_path)
    seen = policy.evaluate(EVENTS, as_of="2026-03-04T18:00:00Z")
    states = {(one.subject, one.label): one.state for one in seen.verdicts}
    assert states == {("T1", "reopen#1"): "not_permitted", ("T1", "look_again#1"): "breached",
                      ("T2", "reopen#1"): "not_permitted", ("T2", "look_again#1"): "breached"}
    told = said(policy.explain(EVENTS, "T1", as_of="2026-03-04T18:00:00Z"))
    assert "`resolved has happened within 48 hours` does not hold: it last did at Mon 2026-03-02 10:00 (-05:00)" in told
    other = said(policy.explain(EVENTS, "T2", as_of="2026-03-04T18:00:00Z"))
    assert "`resolved has happened within 48 hours` does not hold: it has not happened" in other


def test_a_correction_of_the_event_moves_the_time(tmp_path: Path) -> None:
    policy = loaded(tmp_path)
    later = {"id": "7", "subject": "T1", "type": "corrected", "at": "2026-03-05T09:00:00-05:00",
             "target": "2", "facts": {"at": "2026-03-02T10:01:00-05:00"}}
    seen = policy.evaluate([*EVENTS, later], as_of="2026-03-06T18:00:00Z")
    assert next(one.state for one in seen.verdicts if one.label == "reopen#1" and one.subject == "T1") == "permitted"


def test_the_policy_has_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "policy.sla").write_text(POLICY, "utf-8")
    assert [one.code for one in load(tmp_path / "policy.sla").diagnostics] == ["W0701"]
