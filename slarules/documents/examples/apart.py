"""A contract without some of its rules and what hangs on them, for what is told of the others."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from attrs import evolve

from slarules.model.contract import Contract
from slarules.model.limit import Every, Milestone
from slarules.model.rules import Choice, Duty, OnOutcome, OnRemaining
from slarules.model.value import HOUR, Elapsed
from slarules.model.walk import inside


def without(contract: Contract, names: Collection[str]) -> Contract:
    """The contract without these duties and choices."""
    versions = tuple(
        evolve(
            terms,
            duties={name: one for name, one in terms.duties.items() if name not in names},
            choices={name: one for name, one in terms.choices.items() if name not in names},
        )
        for terms in contract.versions
    )
    return evolve(contract, versions=versions)


def hanging_on(contract: Contract, names: Collection[str]) -> set[str]:
    """These duties and choices, and all that are set off by one of them, run from it, or are an option of it."""
    found: set[str] = set()
    more = set(names)
    while more - found:
        found |= more
        more = {rule.name for rule in _rules(contract) if not found.isdisjoint(_named(rule))}
    return found


def _rules(contract: Contract) -> Iterator[Duty | Choice]:
    for terms in contract.versions:
        yield from terms.duties.values()
        yield from terms.choices.values()


def _named(rule: Duty | Choice) -> Iterator[str]:
    """The rules that a rule hangs on."""
    for part in inside(rule):
        if isinstance(part, (OnOutcome, OnRemaining, Milestone)):
            yield part.duty
    if isinstance(rule, Duty) and rule.choice is not None:
        yield rule.choice


def sparse(contract: Contract, name: str) -> Contract:
    """The contract without what an agreement owes every few hours, where the rule ``name`` has nothing to do with it.

    Its story may last a year, and thousands of such dates would be judged again and again for nothing.
    """
    gone: set[str] = set()
    for rule in _rules(contract):
        if isinstance(rule, Duty) and rule.kind == "agreement" and _every_few_hours(rule) and rule.name not in gone:
            hanging = hanging_on(contract, {rule.name})
            if name not in hanging and hanging.isdisjoint(hanging_on(contract, {name})):
                gone |= hanging
    return without(contract, gone) if gone else contract


def _every_few_hours(duty: Duty) -> bool:
    each = [one for part in inside(duty.limit) if isinstance(part, Every) for one in inside(part)]
    return any(isinstance(one, Elapsed) and one.micros < 24 * HOUR for one in each)
