"""The events of a case, each payment told apart: one that reinstates does not pay for the term after it, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from slarules.engine.evaluate import evaluate
from slarules.model.event import Event
from tests.duty_cases.contract import contract_of
from tests.duty_cases.events import told_events
from tests.duty_cases.words import REINSTATING

LOG = ("corrected", "retracted")
"""What acts whenever it happened (R3)."""


def events_of(case: Mapping[str, Any]) -> list[Event]:
    """The case's events, in the order in which they arrived."""
    events = told_events(case)
    payments = [event for event in events if event.type in REINSTATING]
    if not payments or not case["contract"].get("term"):
        return events
    contract = contract_of(case)
    for payment in sorted(payments, key=lambda event: event.at):
        before = [event for event in events if event.at < payment.at or event.type in LOG]
        states = evaluate(contract, None, before, payment.at).statuses
        if states.get((payment.subject, "maintenance")) in ("grace", "expired"):
            events[events.index(payment)] = evolve(payment, type=REINSTATING[payment.type])
    return events
