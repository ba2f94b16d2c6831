"""The log as far as any rule can ask for it: what no rule names and what records nothing is left out, once for all."""

from __future__ import annotations

from collections.abc import Collection

import attrs

from slarules.engine.history import History, SubjectHistory
from slarules.engine.judging import events
from slarules.engine.plan import ENDS
from slarules.model.contract import Contract
from slarules.model.expression import Pattern
from slarules.model.life import Allowance
from slarules.model.walk import inside
from slarules.stakes.dependence import rules_of

MOVING = frozenset(
    (*events.MOVES, *ENDS, "started", "elected", "agreed", "contact_designated", "contact_removed")
)
"""Types of events that the engine itself goes by, whatever the contract says."""


def relevant(contract: Contract, told: History) -> History:
    """The history without events that are nothing but time: of a type that no rule names, recording no fact, and not
    the first of their subject. At their instants nothing can happen that a deadline does not bring about anyway (R2).
    """
    named = _named(contract) | MOVING
    return attrs.evolve(told, subjects={name: _relevant(one, named) for name, one in told.subjects.items()})


def _named(contract: Contract) -> frozenset[str]:
    """The types of events that any rule names, however it is read."""
    found: set[str] = set()
    for terms in contract.versions:
        for rule in rules_of(terms).values():
            found |= {part.type for part in inside(rule) if isinstance(part, Pattern)}
            if isinstance(rule, Allowance):
                found |= {kind for kind, _ in rule.fills} | {kind for kind, _, _ in rule.draws}
    return frozenset(found)


def _relevant(subject: SubjectHistory, named: frozenset[str]) -> SubjectHistory:
    if not subject.entries:
        return subject  # all that is recorded of it is of types that the contract does not have
    first, *others = subject.entries
    kept = tuple(one for one in others if one.type in named or one.facts)
    return subject if len(kept) == len(others) else attrs.evolve(subject, entries=(first, *kept))


def silent(contract: Contract, told: History) -> frozenset[str]:
    """Facts that are asked for, nowhere recorded in the log, and never presumed: unknown throughout (R5)."""
    recorded = {name for subject in told.subjects.values() for entry in subject.entries for name in entry.facts}
    return unspoken(contract, recorded)


def unspoken(contract: Contract, recorded: Collection[str]) -> frozenset[str]:
    """The contract's facts that are none of those recorded, and never presumed."""
    presumed = {n for terms in contract.versions for n, fact in terms.facts.items() if fact.presumed is not None}
    facts = {n for terms in contract.versions for n in terms.facts}
    return frozenset(facts.difference(recorded, presumed, _parts(contract)))


def _parts(contract: Contract) -> set[str]:
    """Names that amounts give to their parts: there they stand for what is computed."""
    return {name for terms in contract.versions for amount in terms.amounts.values() for name, _ in amount.parts}
