"""Nothing that a rule says is missing from its words: change any leaf of any rule, and the words change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest

from slarules.model.rules import Citation
from slarules.source import Span
from slarules.wording.rules import sentence
from tests.wording.contracts import NAMES, contract_of, rules_of

NAMED_BESIDE = "the name by which the words were asked for, and which stands beside them"
EXEMPT = {
    ("Duty", "name"): NAMED_BESIDE,
    ("Prohibition", "name"): NAMED_BESIDE,
    ("Right", "name"): NAMED_BESIDE,
    ("Choice", "name"): NAMED_BESIDE,
    ("Scope", "name"): NAMED_BESIDE,
    ("Table", "name"): NAMED_BESIDE,
    ("Declaration", "name"): NAMED_BESIDE,
    ("Reading", "name"): NAMED_BESIDE,
}
"""Besides these, only a citation, which the reader is shown as a quotation, is left out."""


def changed(node: Any, owner: tuple[str, str], list_of: bool = False) -> Iterator[tuple[tuple[str, str], Any]]:
    """Each way to change one leaf of a value, with the class and field in which it stands; lists are also shortened."""
    if isinstance(node, (Citation, Span)):
        return
    if attrs.has(type(node)):
        for field in attrs.fields(type(node)):
            inner_owner = (type(node).__name__, field.name)
            for where, one in changed(getattr(node, field.name), inner_owner, "..." in str(field.type)):
                yield where, attrs.evolve(node, **{field.name: one})
    elif isinstance(node, tuple):
        for at, inner in enumerate(node):
            yield from ((where, (*node[:at], one, *node[at + 1:])) for where, one in changed(inner, owner))
        if list_of and node and node[-1] is not None:
            yield owner, node[:-1]
    elif isinstance(node, Mapping):
        for name, inner in node.items():
            for where, one in changed(inner, owner):
                yield where, {**node, name: one}
            yield owner, {name + "x" if key == name else key: held for key, held in node.items()}
    else:
        yield from ((owner, one) for one in other(node))


def other(leaf: Any) -> Iterator[Any]:
    """Another value of the same type."""
    match leaf:
        case bool():
            yield not leaf
        case str():
            yield leaf + ("1" if leaf[-1:].isdigit() else "x")
        case int() | Decimal():
            yield leaf + 1
        case date():
            yield leaf + timedelta(days=1)
        case None:
            return
        case _:
            raise TypeError(f"a leaf of a sort not thought of: {leaf!r}")


@pytest.mark.parametrize("name", [*NAMES, "corpus"])
def test_a_change_of_any_leaf_changes_the_words(name: str) -> None:
    contract = contract_of(name)
    silent: set[tuple[str, str, str]] = set()
    seen = 0
    for label, rule, terms in rules_of(contract):
        said = sentence(rule, terms, contract)
        for where, one in changed(rule, (type(rule).__name__, "")):
            if where in EXEMPT:
                continue
            seen += 1
            if sentence(one, terms, contract) == said:
                silent.add((label, *where))
    assert seen > 300
    assert silent == set()
