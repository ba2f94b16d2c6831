"""What of a long log judging one subject needs, so that the reference engine can replay just that subject."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from slarules.model.contract import Contract


def alone(contract: Contract, table: pa.Table, subject: str) -> pa.Table:
    """The events of ``subject``, those that all tickets share, and those of tickets that hang together with it.

    All events where tickets draw on an allowance (R34), or a correction makes an event another's (R3). ``table`` is
    a checked table of events; judged by what is returned, the subject has the verdicts that it has in the whole log.
    """
    types = table.column("type").cast(pa.string())
    tickets = _types_of_tickets(contract)
    if _any(pc.is_in(types, pa.array(sorted(tickets & _drawing(contract)), pa.string()))):
        return table
    if "facts" in table.column_names and _moves(types, table.column("facts")):
        return table
    subjects = table.column("subject").cast(pa.string())
    of_tickets = pc.is_in(types, pa.array(sorted(tickets), pa.string()))
    if "kind" in table.column_names:
        of_tickets = pc.or_(of_tickets, _true(pc.equal(table.column("kind").cast(pa.string()), "ticket")))
    wanted = pc.or_(pc.invert(pc.is_in(subjects, subjects.filter(of_tickets).unique())), pc.equal(subjects, subject))
    while _any(linked := pc.and_(_linked(table, wanted), pc.invert(wanted))):
        wanted = pc.or_(wanted, pc.is_in(subjects, subjects.filter(linked).unique()))
    return table.filter(wanted)


def _types_of_tickets(contract: Contract) -> set[str]:
    return {name for terms in contract.versions for name, event in terms.events.items() if event.kind == "ticket"}


def _drawing(contract: Contract) -> set[str]:
    """Types of events that fill an allowance or draw on it."""
    found: set[str] = set()
    for terms in contract.versions:
        for allowance in terms.allowances.values():
            found |= {name for name, *_ in allowance.fills} | {name for name, *_ in allowance.draws}
    return found


def _moves(types: Any, facts: Any) -> bool:
    """Whether a correction says that an event was of another type, or happened to another subject."""
    for text in facts.filter(pc.equal(types, "corrected")).drop_null().to_pylist():
        try:
            if not {"type", "subject"}.isdisjoint(json.loads(text)):
                return True
        except ValueError:
            return True  # whoever makes events of it says what is wrong
    return False


def _linked(table: pa.Table, wanted: Any) -> Any:
    """Events that bear the id of one of those wanted (R32), that change one of them, or that one of them changes."""
    ids = table.column("id").cast(pa.string())
    own = ids.filter(wanted)
    if "target" not in table.column_names:
        return pc.is_in(ids, own)
    targets = table.column("target").cast(pa.string())
    changed = targets.filter(wanted).drop_null()
    return pc.or_(pc.is_in(ids, pa.chunked_array([*own.chunks, *changed.chunks], pa.string())), pc.is_in(targets, own))


def _true(mask: Any) -> Any:
    return pc.fill_null(mask, False)


def _any(mask: Any) -> bool:
    return bool(pc.any(mask).as_py())
