"""The words that cases and the language share, and walking through a case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.case_files import REMARKS

PARTIES = {"provider": "Provider", "customer": "Customer"}
BUILT_IN = frozenset(
    (
        *("opened", "asked", "acknowledged", "responded", "updated", "severity_changed", "severity_confirmed"),
        *("waiting", "resumed", "workaround", "resolved", "closed", "reopened", "cancelled", "escalated", "reported"),
        *("agreed", "elected", "out_of_scope", "started", "renewal_notice", "invoiced", "purchase_order_received"),
        *("paid", "hours_purchased", "hours_logged", "contact_designated", "contact_removed", "terms_changed"),
        *("terminated", "notified", "recorded", "corrected", "retracted"),
    )
)
"""Events that need no declaration."""
BUILT_IN_FACTS = frozenset(("automatic", "written", "who", "on", "severity", "hours", "caller", "role"))
"""Facts that need none."""
AGREEMENT_EVENTS = frozenset(
    (
        *("started", "renewal_notice", "invoiced", "purchase_order_received", "paid", "hours_purchased"),
        *("hours_logged", "contact_designated", "contact_removed", "terms_changed", "terminated"),
    )
)
"""Events of an agreement; the others are a ticket's."""
REINSTATING = {name: f"reinstating_{name}" for name in ("purchase_order_received", "paid")}
"""What pays for a term, and how it is called where it reinstates: that does not pay for the term after it, too."""
AFTER = ("after", "from", "from_event", "milestone", "after_event", "starts_at", "since", "start_event", "anchor")
"""Keys under which a target may name what it runs from."""
COUNTED = ("elapsed", "business", "business_days", "civil")
"""Kinds of a target that may run from something else than its trigger;"""
NO_MILESTONE = frozenset(("kind", "calendar", "rounding", "unit")) | REMARKS
"""and the texts in one that do not name it."""
EACH_TERM = ("term", "each_term", "term_started", "term_starts", "term_start", "term_begins")
"""What a case may call the beginning of each term of the maintenance."""
JOINT = ("both", "joint", "all_of", "all_events", "all")
"""Keys under which a trigger may name events that must all have happened (R35)."""
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
"""What the language takes for a name, or for a value without quotation marks."""


def party(name: str) -> str:
    """A party as the policy calls it; others are states that the desk records."""
    return PARTIES.get(name, name)


def listed(value: Any) -> list[Any]:
    """A list, also where a case gives one value alone, or none."""
    return [] if value is None else list(value) if isinstance(value, list | tuple) else [value]


def walk(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every object within a value, outermost first."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from walk(part)
    elif isinstance(value, list):
        for part in value:
            yield from walk(part)


def joint(trigger: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The events of a trigger that waits for all of them, as patterns; none for another trigger."""
    for key in JOINT:
        parts = trigger.get(key)
        if isinstance(parts, list) and all(isinstance(part, str) or "event" in part for part in parts):
            return [{"event": part} if isinstance(part, str) else part for part in parts]
    return []


def milestone(target: Mapping[str, Any]) -> str | None:
    """The event, or the duty whose performance, a target runs from; None: its trigger."""
    others = () if target.get("kind") not in COUNTED else tuple(key for key in target if key not in NO_MILESTONE)
    for key in (*AFTER, *others):
        named = target.get(key)
        if isinstance(named, Mapping):
            named = next((named[one] for one in ("event", "duty", "performed") if named.get(one)), None)
        if isinstance(named, str) and named != "trigger":
            return named
    return None


def literal(value: Any) -> str:
    """A fact's value as the language writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and not WORD.fullmatch(value):
        return f'"{value}"'
    return str(value)
