"""A contract with only the rules that a question asks for, and all that bears on them: it says the same, sooner."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from slarules.engine.adopt import Adopted
from slarules.model.contract import Contract, Terms
from slarules.model.expression import AllowanceRef, AmountRef, FactRef, RightHolds
from slarules.model.limit import ByEndOf, Milestone
from slarules.model.rules import Choice, Duty, OnOutcome, OnRemaining
from slarules.model.walk import inside


def pruned(adopted: Adopted, names: Iterable[str]) -> Contract:
    """The contract with these rules and what they hang on alone, and no reading left: all are decided."""
    terms = pruned_terms(adopted.terms, names)
    return evolve(adopted.contract, versions=(terms,), zone=adopted.zone, readings={})


def pruned_terms(terms: Terms, names: Iterable[str]) -> Terms:
    """The terms with these rules and what they hang on alone; of a reading that is not decided, under any option."""
    kept: dict[str, None] = dict.fromkeys(names)
    rules = (terms.duties, terms.choices, terms.prohibitions, terms.rights, terms.amounts, terms.allowances)
    todo: list[object] = [group[name] for name in kept for group in rules if name in group]
    todo += [*terms.statuses.values(), *terms.scopes.values()]
    while todo:
        for name in _named(todo.pop(), terms):
            if name not in kept:
                kept[name] = None
                todo += [group[name] for group in rules if name in group]
    return evolve(
        terms,
        duties={name: rule for name, rule in terms.duties.items() if name in kept},
        choices={name: rule for name, rule in terms.choices.items() if name in kept},
        prohibitions={name: rule for name, rule in terms.prohibitions.items() if name in kept},
        rights={name: rule for name, rule in terms.rights.items() if name in kept},
        amounts={name: rule for name, rule in terms.amounts.items() if name in kept},
        allowances={name: rule for name, rule in terms.allowances.items() if name in kept},
    )


def _named(rule: object, terms: Terms) -> list[str]:
    """The rules that a rule names."""
    found: list[str] = []
    for part in inside(rule):
        match part:
            case OnOutcome(duty) | OnRemaining(duty) | Milestone(duty):
                found.append(duty)
            case RightHolds(name) | AmountRef(name) | AllowanceRef(name):
                found.append(name)
            case ByEndOf(name) | FactRef(name) if name in terms.amounts:
                found.append(name)
            case Duty(choice=str() as choice):
                found.append(choice)
            case Choice(options=options):
                found += [duty for _, duties in options for duty in duties]
    return found
