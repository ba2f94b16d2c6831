"""Conditions without what a reading has settled: `either no is the case or A` is A."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from slarules.model.expression import AllOf, AnyOf, Condition, Literal, Not

TRUE, FALSE = Literal(True), Literal(False)


def simpler(condition: Condition) -> Condition:
    """The same condition as far as it is not constant; `TRUE` or `FALSE` where it is."""
    match condition:
        case Not(part):
            inner = simpler(part)
            return FALSE if inner == TRUE else TRUE if inner == FALSE else Not(inner)
        case AllOf(parts):
            return _joined(parts, FALSE, TRUE)
        case AnyOf(parts):
            return _joined(parts, TRUE, FALSE)
    return condition


def still_asked(conditions: Iterable[Condition]) -> tuple[Condition, ...] | None:
    """Of conditions that must all hold, those that are left to ask; None: they never all hold."""
    found = [simpler(one) for one in conditions]
    return None if FALSE in found else tuple(one for one in found if one != TRUE)


def _joined(parts: Sequence[Condition], decides: Literal, else_it_is: Literal) -> Condition:
    found = [simpler(part) for part in parts]
    if decides in found:
        return decides
    left = tuple(part for part in found if part != else_it_is)
    if not left:
        return else_it_is
    return left[0] if len(left) == 1 else AllOf(left) if else_it_is == TRUE else AnyOf(left)
