"""What a search says of a condition's finite domain is what a fine grid of everything says, with the engine's meaning.

``SLARULES_LINT_CONDITIONS`` says how many conditions are tried (60).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slarules.analysis.moments import ordinary, versions_of
from slarules.analysis.points import (
    Point,
    TooLarge,
    ask,
    found,
    is_false,
    is_true,
    not_false,
    not_true,
    points,
    space_of,
)
from slarules.engine.expression import test as compiled
from slarules.lint.domain import Key, domain_of
from slarules.model.expression import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    FactRef,
    Literal,
    Not,
    OneOf,
    Recorded,
    SeverityRef,
    Truth,
)
from slarules.model.value import Unknown, Value
from tests.engine.small import contract

RULES = """
fact urgent of request: yes or no
fact modified of request: yes or no presumed no until recorded
fact channel of request: one of telephone, email or web
fact users of request: number
fact limit of request: number

severities 1, 2, 3
  assigned by Client
"""
MANY = int(os.environ.get("SLARULES_LINT_CONDITIONS", "60"))
URGENT, MODIFIED, CHANNEL, USERS, LIMIT = map(FactRef, ("urgent", "modified", "channel", "users", "limit"))
CONSTANTS = [Decimal(n) for n in (1, 2, 4)]
NUMBERS = [Decimal(n) / 2 for n in range(11)]
"""A grid finer than the constants, beyond them on both sides."""
GRID: dict[Key, list[Value]] = {
    URGENT: [True, False],
    MODIFIED: [True, False],
    CHANNEL: ["telephone", "email", "web"],
    USERS: list(NUMBERS),
    LIMIT: list(NUMBERS),
    SeverityRef(): ["1", "2", "3"],
}
WANTED = (is_true, is_false, not_true, not_false)
ORDERED = ("is", "is_not", "more", "less", "at_least", "at_most")

leaves: st.SearchStrategy[Condition] = st.one_of(
    st.sampled_from([Truth(URGENT), Truth(MODIFIED), Recorded(USERS), Recorded(CHANNEL)]),
    st.builds(Compare, st.just("is"), st.just(CHANNEL), st.sampled_from([Literal(c) for c in ("telephone", "web")])),
    st.builds(OneOf, st.just(CHANNEL), st.just((Literal("email"), Literal("web"))), st.booleans()),
    st.builds(Compare, st.sampled_from(ORDERED), st.just(SeverityRef()), st.sampled_from([Literal(n) for n in "123"])),
    st.builds(Compare, st.sampled_from(ORDERED), st.just(USERS), st.sampled_from([Literal(n) for n in CONSTANTS])),
    st.builds(Compare, st.sampled_from(ORDERED), st.just(USERS), st.just(LIMIT)),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(lambda parts: AllOf(tuple(parts)), st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda parts: AnyOf(tuple(parts)), st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=7,
)


def grid(condition: Condition) -> Iterator[Point]:
    """Every point of the grid over what the condition asks, with each thing unknown as well."""
    adopted = versions_of(contract(RULES))[0]
    keys = list(domain_of(condition, adopted.terms).values)
    unknown: dict[Key, list[Value]] = {key: [Unknown(frozenset({str(key)}))] if key != MODIFIED else [] for key in keys}
    for values in product(*([*GRID[key], *unknown[key]] for key in keys)):
        yield Point(adopted, dict(zip(keys, values, strict=True)), ordinary(adopted))


@settings(max_examples=MANY, deadline=None)
@given(conditions)
def test_the_search_finds_what_a_fine_grid_finds(condition: Condition) -> None:
    adopted = versions_of(contract(RULES))[0]
    space = space_of(condition, adopted, (ordinary(adopted),))
    evaluated = compiled(condition)
    seen: set[str] = set()
    for value in map(evaluated, grid(condition)):
        seen.add(str(value) if isinstance(value, bool) else "unknown")
        if len(seen) == 3:
            break
    for wanted in WANTED:
        by_grid = any(wanted({"True": True, "False": False}.get(word, Unknown(frozenset()))) for word in seen)
        point = found(space, [ask(condition, adopted.terms, wanted)])
        assert (point is not None) is by_grid, (wanted.__name__, seen)
        assert point is None or wanted(evaluated(point))


@settings(max_examples=MANY // 2, deadline=None)
@given(st.lists(leaves, min_size=2, max_size=4))
def test_several_goals_are_met_together_or_not_at_all(several: list[Condition]) -> None:
    adopted = versions_of(contract(RULES))[0]
    together = AllOf(tuple(several))
    space = space_of(together, adopted, (ordinary(adopted),))
    apart = found(space, [ask(one, adopted.terms, is_true) for one in several])
    assert (apart is None) is (found(space, [ask(together, adopted.terms, is_true)]) is None)
    assert apart is None or compiled(together)(apart) is True


def test_every_point_that_is_found_meets_its_goals_and_none_is_left_out() -> None:
    adopted = versions_of(contract(RULES))[0]
    condition = AnyOf((Truth(URGENT), Compare("more", SeverityRef(), Literal("2"))))
    space = space_of(condition, adopted, (ordinary(adopted),))
    met = list(points(space, [ask(condition, adopted.terms, is_true)]))
    assert all(compiled(condition)(point) is True for point in met)
    assert len(met) == 4 + 2  # urgent at each severity or none; not urgent, or not known to be, at severity 1


def test_what_is_too_large_is_told_and_not_guessed() -> None:
    names = [f"on_call_{n}" for n in range(9)]
    people = "ann, bob, cem, dan, eva, fay, gus or hal"
    many = contract("\n".join(f"fact {name} of request: one of {people}" for name in names))
    adopted = versions_of(many)[0]
    different = AllOf(tuple(
        Compare("is_not", FactRef(one), FactRef(other)) for n, one in enumerate(names) for other in names[n + 1:]
    ))
    space = space_of(different, adopted, (ordinary(adopted),))
    with pytest.raises(TooLarge):
        found(space, [ask(different, adopted.terms, is_true)])
