"""R23: an act that is known only later to have performed a duty counts as if it had been known at once."""

from __future__ import annotations

import attrs
import pytest

from tests.engine.small import at, one
from tests.engine.test_recorded_anew import by_both

POLICY = """
severities 1, 2, 3

calendar Hours
  open Monday to Friday 09:00 to 17:00

fact on_paper of request: yes or no
fact agreed_date of request: date

table times by severity
  | severity | time    | open_time in Hours |
  | 1        | 4 hours | 4 hours            |
  | 2        | 6 hours | 6 hours            |
  | 3        | none    | none               |

duty respond_to_them
  when request opened
  Desk must respond {limit}
  performed when request {act} by Desk and on_paper
  paused while waiting on Client
  on reopening run on
{rules}
"""

LIMITS = {
    "by severity": "within time",
    "by severity, in hours": "within open_time",
    "by a fact": "by the end of agreed_date",
    "of two": "by the sooner of within time and within 5 hours counted in Hours",
    "from a milestone": "within time after request acknowledged",
}
RULES = {
    "recount": "  on severity change count again from the start",
    "restart": "  on severity change start again",
    "keep": "  on severity change keep the deadline",
}
MEANWHILE = {
    "graver": "11:00  T1 severity_changed by Desk, severity 1",
    "and back": "11:00  T1 severity_changed by Desk, severity 1\n11:30  T1 severity_changed by Desk, severity 2",
    "no promise": "11:00  T1 severity_changed by Desk, severity 3",
    "at the act": "10:00  T1 severity_changed by Desk, severity 1",
    "paused": "11:00  T1 waiting on Client\n11:20  T1 severity_changed by Desk, severity 1\n11:30  T1 resumed",
    "still paused": "11:00  T1 waiting on Client",
    "recorded anew": "11:00  T1 recorded, agreed_date 2026-03-03",
}
"""What happens after the act at ten, and before its paper is recorded at noon."""


@pytest.mark.parametrize("act", ["asked", "resolved"])
@pytest.mark.parametrize("meanwhile", MEANWHILE)
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("limit", LIMITS)
def test_it_counts_as_if_it_had_been_known_at_once(limit: str, rule: str, meanwhile: str, act: str) -> None:
    policy = POLICY.format(limit=LIMITS[limit], rules=RULES[rule], act=act)
    lines = f"""
2026-03-02 08:00  T1 opened by Client, severity 2, agreed_date 2026-03-02
08:30  T1 acknowledged by Desk
09:00  T1 waiting on Client
09:30  T1 resumed
10:00  T1 {act} by Desk{{}}
{MEANWHILE[meanwhile]}
12:00  T1 recorded, on_paper
"""
    for as_of in ("2026-03-02 12:00", "2026-03-03 20:00"):
        at_once = one(by_both(policy, lines.format(", on_paper"), as_of), "respond_to_them#1")
        later = one(by_both(policy, lines.format(""), as_of), "respond_to_them#1")
        assert at_once.state == "met" and at_once.performed_at == at("2026-03-02 10:00")
        assert attrs.asdict(later) == attrs.asdict(at_once)


@pytest.mark.parametrize("meanwhile", ["no promise", "graver"])
def test_where_it_did_not_perform_what_came_since_holds(meanwhile: str) -> None:
    policy = POLICY.format(limit="within time", rules=RULES["recount"], act="asked")
    lines = f"""
2026-03-02 08:00  T1 opened by Client, severity 2
10:00  T1 asked by Desk{{}}
{MEANWHILE[meanwhile]}
11:30  T1 recorded{{}}
"""
    at_once = one(by_both(policy, lines.format(", not on_paper", ""), "2026-03-02 18:00"), "respond_to_them#1")
    later = one(by_both(policy, lines.format("", ", not on_paper"), "2026-03-02 18:00"), "respond_to_them#1")
    assert at_once.state == ("ended" if meanwhile == "no promise" else "breached")
    assert attrs.asdict(later) == attrs.asdict(at_once)


ANSWERED = """
fact urgent of request: yes or no
fact on_paper of request: yes or no

duty mend_it
  when request opened
  if urgent
  Desk must resolve{limit}
  performed when request resolved by Desk and on_paper
  on reopening run on
"""


@pytest.mark.parametrize("limit", ["", " within 4 hours"])
def test_a_resolution_that_answers_and_may_have_performed_is_undone_by_its_reopening(limit: str) -> None:
    """R7, R9, R23: the resolution tells that it is owed; that it counts is told later, and then it is reopened."""
    lines = """
2026-03-02 08:00  T1 opened by Client
09:00  T1 resolved by Desk, urgent
10:00  T1 recorded, on_paper
11:00  T1 reopened by Client
"""
    met = one(by_both(ANSWERED.format(limit=limit), lines, "2026-03-02 10:30"), "mend_it#1")
    assert (met.state, met.performed_at) == ("met", at("2026-03-02 09:00"))
    again = one(by_both(ANSWERED.format(limit=limit), lines, "2026-03-02 12:00"), "mend_it#1")
    assert (again.state, again.deadline) == ("pending", at("2026-03-02 14:00") if limit else None)


AT_ONCE = """
fact on_paper of request: yes or no

duty call
  when request opened
  Desk must ask within 4 hours
  performed when request asked by Desk and on_paper

duty thank
  when call met
  Desk must notify within 4 hours
"""


def test_what_is_set_off_and_performed_at_one_instant_on_the_resolved_ticket_has_no_deadline() -> None:
    """R1, R16: its clock stood still from its beginning on, also where that is known only later."""
    lines = """
2026-03-02 08:00  T1 opened by Client
09:00  T1 resolved by Desk
10:00  T1 asked by Desk{}
10:00  T1 notified by Desk
11:00  T1 recorded, on_paper
"""
    at_once = one(by_both(AT_ONCE, lines.format(", on_paper"), "2026-03-02 12:00"), "thank#1")
    later = one(by_both(AT_ONCE, lines.format(""), "2026-03-02 12:00"), "thank#1")
    assert (at_once.state, at_once.deadline) == ("met", None)
    assert attrs.asdict(later) == attrs.asdict(at_once)
