"""Conditions without what is settled already: `yes or A` is yes, `yes and A` is A.

What readings have decided is settled; so is, for one log, a fact that nobody ever recorded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import attrs

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
    Stepped,
    Truth,
)
from slarules.model.walk import inside, rewritten

YES, NO = Literal(True), Literal(False)
UNTOLD = Truth(FactRef("a fact that is nowhere recorded"))
"""What is unknown throughout a log: it stands for every such condition, for all come out alike (R9)."""
TOGETHER = frozenset(("only_if", "whiles", "conditions", "applies"))
"""Fields whose conditions must all hold."""


def folded(value: Any, silent: Collection[str] = ()) -> Any:
    """A decided rule in which nothing is asked any more that is answered already; citations are kept as they are.

    ``silent`` are facts that are nowhere recorded and never presumed: what asks for them is unknown throughout.
    """
    match value:
        case AllOf(parts):
            return _joined(folded(parts, silent), AllOf, YES, NO)
        case AnyOf(parts):
            return _joined(folded(parts, silent), AnyOf, NO, YES)
        case Not(part):
            inner = folded(part, silent)
            return {YES: NO, NO: YES, UNTOLD: UNTOLD}.get(inner, Not(inner))
        case Recorded(FactRef(name)) if name in silent:
            return NO
        case Truth(asked) | OneOf(asked) if _asks(asked, silent):
            return UNTOLD
        case Compare(_, left, right) if _asks((left, right), silent):
            return UNTOLD
    found = rewritten(value, lambda part: folded(part, silent))
    if isinstance(found, Stepped):
        return _first_left(found)
    fewer = {name: _all_of(own) for name in TOGETHER if isinstance(own := getattr(found, name, None), tuple)}
    return attrs.evolve(found, **fewer) if any(fewer[name] is not getattr(found, name) for name in fewer) else found


def _first_left(given: Stepped) -> Any:
    """Steps without those that never hold, and up to the first that always does."""
    steps = [one for one in given.steps if one[0] != NO]
    settled = next((n for n, (asked, _) in enumerate(steps) if asked == YES), None)
    last = given.otherwise if settled is None else steps[settled][1]
    left = tuple(steps[:settled])
    return Stepped(left, last) if left else last


def still_asked(conditions: Iterable[Condition]) -> tuple[Condition, ...] | None:
    """Of conditions that must all hold, those that are left to ask; None: they never all hold."""
    found = [folded(one) for one in conditions]
    return None if NO in found else tuple(one for one in found if one != YES)


def _asks(value: Any, silent: Collection[str]) -> bool:
    """Whether a value cannot be known for want of one of these facts: whatever is computed from the unknown is so."""
    return bool(silent) and any(isinstance(part, FactRef) and part.name in silent for part in inside(value))


def _all_of(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    if NO in parts:
        return (NO,)
    left = _distinct(parts, YES)
    return left if len(left) < len(parts) else parts


def _joined(parts: tuple[Any, ...], kind: type[AllOf] | type[AnyOf], idle: Literal, decisive: Literal) -> Any:
    """Strong Kleene: a decisive part settles it whatever the others are; an idle one adds nothing."""
    if decisive in parts:
        return decisive
    left = _distinct(parts, idle)
    return idle if not left else left[0] if len(left) == 1 else kind(left)


def _distinct(parts: tuple[Any, ...], idle: Literal) -> tuple[Any, ...]:
    """The parts without idle ones, and with what is unknown throughout but once."""
    return tuple(p for n, p in enumerate(parts) if p != idle and not (p == UNTOLD and UNTOLD in parts[:n]))

