"""Every rule that the tests put into words: those of the four contracts, and the corpus's one use of each construct."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from slarules.loader import load
from slarules.model.contract import Contract, Terms

ROOT = Path(__file__).parents[2]
NAMES = ("collabware", "copiun", "cpi", "trak")
SORTS = ("facts", "events", "calendars", "holidays", "tables", "roles", "duties", "prohibitions", "rights", "choices",
         "statuses", "allowances", "amounts", "scopes", "declarations")


@cache
def contract_of(name: str) -> Contract:
    """One of the four, or `corpus`."""
    corpus = ROOT / "tests" / "corpus" / "good" / "every_construct.sla"
    loaded = load(corpus if name == "corpus" else ROOT / "contracts" / name / "policy.sla")
    assert loaded.contract is not None, loaded.diagnostics
    return loaded.contract


def rules_of(contract: Contract) -> Iterator[tuple[str, Any, Terms]]:
    """(label, rule, its terms) of everything that the contract says, built-in facts and events apart."""
    for terms in contract.versions:
        since = f" from {terms.in_force_from}" if terms.in_force_from else ""
        if terms.severities is not None:
            yield f"severities{since}", terms.severities, terms
            for level in terms.severities.levels:
                yield f"severity {level.name}{since}", level, terms
        for sort in SORTS:
            for name, rule in getattr(terms, sort).items():
                if sort not in ("facts", "events") or _declared(rule):
                    yield f"{sort} {name}{since}", rule, terms
    for name, reading in contract.readings.items():
        yield f"readings {name}", reading, contract.versions[-1]
    for number, note in enumerate(contract.notes, 1):
        yield f"note {number}", note, contract.versions[-1]


def _declared(rule: Any) -> bool:
    from slarules.resolve.builtin import EVENTS, FACTS

    return rule not in (*EVENTS, *FACTS)
