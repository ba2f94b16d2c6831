"""One way to read a contract: every reading's option, what each rule then says, and what that rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
from attrs import define, field, frozen

from slarules.engine.adopt import Adopted, adopt
from slarules.engine.folding import NO, folded
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.rules import Choice, Duty, Scope
from slarules.stakes.dependence import SORTS, Graph, Node, graph_of, named, rules_of

ASKING = ("duty", "choice", "prohibition", "right", "scope")
"""Sorts whose rules ask conditions of a subject; they are left out where nothing that is asked rests on them."""


@frozen(eq=False)
class Version:
    """The terms of one period between two amendments, read in one way."""

    adopted: Adopted = field(repr=False)
    """As the engine judges by them."""
    plain: Mapping[Node, Any] = field(repr=False)
    """Every rule, folded."""
    rules: Mapping[Node, Any] = field(repr=False)
    """What may come to be in this log: also without what its facts can never answer."""
    graph: Graph = field(repr=False)
    """What each of these rests on."""


@frozen(eq=False)
class Way:
    """One way to read the contract."""

    zone: str | None
    """The contract's own zone."""
    versions: tuple[Version, ...] = field(repr=False)
    """Its terms, amendment by amendment."""


@define(eq=False)
class Folds:
    """Rules folded once: most are the same whichever way the contract is read."""

    silent: frozenset[str]
    """Facts that are nowhere recorded and never presumed."""
    known: dict[int, tuple[Any, Any, Any, frozenset[Node]]] = field(factory=dict)
    """Of a decided rule, by its identity: itself, kept so that its identity stays its own; folded; folded for this log;
    what that names."""


def way_of(contract: Contract, options: Mapping[str, str], supplied: Mapping[str, Supplied], folds: Folds) -> Way:
    """The contract read so. Raises UnknownReading."""
    adopted = adopt(contract, options, supplied)
    return Way(adopted[-1].zone, tuple(_version(one, folds) for one in adopted))


def _version(adopted: Adopted, folds: Folds) -> Version:
    decided = rules_of(adopted.terms)
    plain: dict[Node, Any] = {}
    rules: dict[Node, Any] = {}
    names: dict[Node, frozenset[Node]] = {}
    for node, rule in decided.items():
        if id(rule) not in folds.known:
            one = folded(rule)
            told = folded(one, folds.silent) if node[0] in ASKING else one
            folds.known[id(rule)] = (rule, one, told, named(told, decided))
        _, plain[node], rules[node], names[node] = folds.known[id(rule)]
    choices = {name: rule for (sort, name), rule in rules.items() if sort == "choice"}
    alive = {node: rule for node, rule in rules.items() if not _never(rule, choices)}
    return Version(adopted, plain, alive, graph_of(alive, names))


def _never(rule: Any, choices: Mapping[str, Any]) -> bool:
    """Whether a folded rule can never come to be: its condition is no, or that of the choice that calls it up, or it is
    a scope that leaves nothing outside. ``choices`` are the folded ones."""
    match rule:
        case Duty(choice=str(name)):
            return NO in rule.only_if or NO in choices[name].only_if
        case Duty() | Choice():
            return NO in rule.only_if
        case Scope():
            return all(one == NO for one in rule.outside)
    return False


def narrowed(version: Version, kept: frozenset[Node]) -> Adopted:
    """The version as the engine judges by it, with the duties, choices, prohibitions, rights and scopes left out that
    are not kept or cannot come to be; calendars, tables, statuses and the like cost nothing unless asked.

    What is kept must hold all that it rests on: then each verdict of it is the same as before.
    """
    terms = version.adopted.terms
    changed: dict[str, Any] = {}
    for name, sort in SORTS.items():
        if sort in ASKING:
            own = [(one, (sort, one)) for one in getattr(terms, name)]
            changed[name] = {one: version.plain[node] for one, node in own if node in kept}
    return attrs.evolve(version.adopted, terms=attrs.evolve(terms, **changed))
