"""Constructs that the kernels hold by themselves: no ticket that uses one goes to the reference engine; all agree."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from slarules.calendars.zones import micros
from slarules.model.event import Event, Raw
from tests.same.cases import Case, contract_of
from tests.same.comparing import Seen, differences
from tests.same.implementations import columnar, reference

HEAD = """slarules 1

contract Acme "a contract"
  provider Desk "the desk"
  customer Client "the client"
  zone Europe/Berlin
  a ticket is called "request"

severities 1, 2

fact channel of request: one of telephone, email
fact agreed_date of request: date
fact agreed_times of request: list of dates
fact paid_on of agreement: date
fact tier of agreement: one of gold, silver

calendar Office
  open Monday to Friday 09:00 to 17:00

table by_channel by channel, severity
  | channel   | severity | reply               |
  | telephone | 1        | 1 hour              |
  | telephone | 2        | 2 hours             |
  | email     | any      | 6 hours             |

allowance block of Client in hours
  increases on hours_purchased by hours
  decreases on hours_logged by hours

date due_day is 1 month rounding down after paid_on

duty first
  when request opened
"""
LIMITS = {
    "a table by facts": "Desk must respond within reply counted in Office\n  paused while waiting on Client\n"
    "  on severity change count again from the start",
    "months": "Desk must respond within 1 month rounding down",
    "the end of a date": "Desk must respond by the end of agreed_date",
    "a date that is computed": "Desk must respond by the end of due_day",
    "each day": "Desk must update each day of Office until request resolved\n  paused while waiting on Client\n"
    "  on reopening begin again",
    "each of a list": "Desk must update on each of agreed_times until request resolved\n  on reopening run on",
    "after something else": "Desk must respond within 30 minutes after request acknowledged counted in Office",
    "the sooner": "Desk must respond by the sooner of within 8 hours and within 1 hour after request acknowledged\n"
    "  paused while waiting on Client",
    "the later": "Desk must respond by the later of within 3 hours counted in Office and within 2 hours",
    "warnings": "Desk must respond within 4 hours counted in Office\n  paused while waiting on Client\n\n"
    "duty second\n  when 30 minutes remain of first\n  Desk must report within 10 minutes\n\n"
    "duty third\n  when 75 % of first is used\n  if channel is email\n  Desk must escalate within 1 hour",
    "what is left": "if block is more than 3 hours\n  Desk must respond within 1 hour",
}


def at(text: str) -> int:
    return micros(datetime.fromisoformat(f"2026-03-{text}:00").replace(tzinfo=UTC))


def event(number: int, when: str, kind: str, actor: str = "Desk", subject: str = "T1", **facts: Raw) -> Event:
    return Event(f"{subject}-{number}", subject, kind, at(when), actor, facts, agreement="A1")


AGREEMENT = (
    event(1, "01T00:00", "recorded", "Client", "A1", paid_on="2026-02-20", tier="gold"),
    event(2, "01T01:00", "hours_purchased", "Client", "A1", hours=Decimal(4)),
    event(3, "04T09:00", "hours_logged", "Desk", "A1", hours=Decimal(2)),
)
TICKET = (
    event(
        1, "02T08:15", "opened", "Client",
        channel="telephone", severity="2", agreed_date="2026-03-04", agreed_times=("2026-03-03", "2026-03-05"),
    ),
    event(2, "02T09:00", "recorded", "Client", agreed_times=("2026-03-04", "2026-03-06", "2026-03-09")),
    event(3, "02T09:30", "waiting", on="Client"),
    event(4, "02T10:00", "resumed", "Client"),
    event(5, "02T11:00", "severity_changed", "Client", severity="1"),
    event(6, "02T12:00", "recorded", "Desk", channel="email", agreed_date="2026-03-06"),
    event(7, "03T10:00", "acknowledged"),
    event(8, "03T15:00", "updated"),
    event(9, "04T10:00", "resolved"),
    event(10, "05T10:00", "reopened", "Client"),
    event(11, "05T12:00", "responded"),
)  # fmt: skip
SECOND = (
    event(
        1, "05T09:00", "opened", "Client", "T2",
        channel="email", severity="2", agreed_times=("2026-03-06",), agreed_date="2026-03-01",
    ),
    event(2, "05T09:00", "acknowledged", "Desk", "T2"),
    event(3, "05T16:00", "responded", "Desk", "T2"),
)  # fmt: skip


def judged_alike(rules: str, events: tuple[Event, ...], as_of: int) -> Seen:
    """Both engines agree, and only the agreement is judged by the reference engine."""
    text = HEAD + rules
    contract, wrong = contract_of(text)
    assert contract is not None, [text.splitlines()[line - 1] for line in wrong]
    case = Case("by the kernels", text, contract, events, as_of)
    seen = columnar(case)
    assert differences(reference(case), seen) == []
    assert {s: e for s, e in (seen.engines or {}).items() if s != "A1" and e[0] != "columnar"} == {}
    return seen


@pytest.mark.parametrize("construct", LIMITS)
def test_each_construct(construct: str) -> None:
    events = (*AGREEMENT, *TICKET, *SECOND)
    for as_of in (at("02T10:30"), at("03T23:00"), at("05T11:00"), at("29T00:00")):
        seen = judged_alike("  " + LIMITS[construct] + "\n", events, as_of)
    assert {verdict.duty for verdict in seen.evaluation.verdicts} >= {"first"}


CHANGES: dict[str, tuple[str, dict[str, Raw]]] = {
    "an instant": ("corrected", {"at": at("02T09:45")}),
    "a fact": ("corrected", {"channel": "email"}),
    "who and what": ("corrected", {"type": "updated", "actor": "Client"}),
    "all of it": ("retracted", {}),
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("target", ["T1-1", "T1-7", "T1-11"])
def test_corrections(what: str, target: str) -> None:
    kind, facts = CHANGES[what]
    change = Event("change", "T1", kind, at("06T00:00"), "Desk", facts, target=target)
    again = Event("again", "T1", "retracted", at("06T01:00"), "Desk", {}, target="change")
    rules = "  " + LIMITS["after something else"] + "\n"
    for more in ((change,), (change, again)):
        judged_alike(rules, (*AGREEMENT, *TICKET, *SECOND, *more), at("07T00:00"))


def test_another_order_of_one_instant() -> None:
    """Whether a wait begins before or after the severity changes, nobody knows: both are judged (R12)."""
    tied = (
        event(1, "02T08:15", "opened", "Client", channel="telephone", severity="2"),
        Event("T1-2", "T1", "severity_changed", at("02T09:00"), "Client", {"severity": "1"}, "phone"),
        Event("T1-3", "T1", "resolved", at("02T09:00"), "Desk", {}, "desk"),
        Event("T1-4", "T1", "reopened", at("02T09:00"), "Client", {}, "mail"),
        Event("T1-5", "T1", "updated", at("02T09:30"), "Desk", {}, "desk"),
        Event("T1-6", "T1", "updated", at("02T09:30"), "Desk", {}, "desk"),
    )
    judged_alike("  " + LIMITS["a table by facts"] + "\n", (*AGREEMENT, *tied), at("03T00:00"))
    again = "  Desk must resolve within 1 hour\n  on reopening begin again\n"
    seen = judged_alike(again, (*AGREEMENT, *tied), at("03T00:00"))
    assert any("tie_sensitive" in verdict.flags for verdict in seen.evaluation.verdicts)
