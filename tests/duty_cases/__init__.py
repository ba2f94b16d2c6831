"""Cases of the rules of judging: each contract becomes policy text, so that the language is tried with the engine."""

from __future__ import annotations

from tests.duty_cases.events import instant
from tests.duty_cases.judging import compared, contract_of, disagreements, events_of, iso, main, supplied_of
from tests.duty_cases.policy import policy_text

__all__ = [
    "compared",
    "contract_of",
    "disagreements",
    "events_of",
    "instant",
    "iso",
    "main",
    "policy_text",
    "supplied_of",
]
