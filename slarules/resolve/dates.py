"""Where dates are, whose days count, and how long ago something may have happened."""

from __future__ import annotations

from slarules.model.value import Civil, Elapsed
from slarules.resolve import literals
from slarules.resolve.builtin import ALWAYS
from slarules.resolve.names import Names, Place
from slarules.syntax.tree import Node


def calendar(name: Node, place: Place) -> str:
    """A calendar that a rule counts in."""
    found = place.names.calendar(name)
    place.uses.add(("calendar", found))
    return found


def days_of(name: Node, place: Place) -> str:
    """A calendar whose days are counted; those of ``Always`` are dates of the contract's zone (R31)."""
    if name.text == ALWAYS:
        contract_zone(name, place)
    return calendar(name, place)


def contract_zone(node: Node, place: Place) -> None:
    """Dates are the contract's own, so it must say where it is (R14)."""
    place.uses.add(("zone", ""))
    if not place.names.zone and not place.problems.broken & {"zone"}:
        key = ("zone", "")
        if key not in place.problems.told:
            place.problems.told.add(key)
            place.error("E0506", node.span, "days and months are dates of the contract's own zone, and it states none",
                        "say `zone America/Denver` in the `contract` block, or count in a calendar")


def lately(node: Node, place: Place) -> tuple[Civil | Elapsed | None, str | None]:
    """`… has happened within 10 days counted in C`: how long ago at the most, and in which calendar that is counted."""
    stated = node.one("duration")
    length = literals.duration(stated, place.problems)
    basis = node.first("basis")
    if isinstance(length, Civil) and length.months and basis is not None:
        place.error("E0503", stated.span, "months are not counted in a calendar",
                    "say the days, or leave `counted` out")
        return None, None
    if isinstance(length, Civil) and basis is None:
        contract_zone(stated, place)
    if basis is None:
        return length, None
    return length, (days_of if isinstance(length, Civil) else calendar)(basis.name, place)


def not_by_time_alone(node: Node, place: Place) -> None:
    """Tells a condition that time alone ends, where conditions are looked at throughout."""
    found = _lately_in(node, place.names, frozenset())
    if found is not None:
        place.error("E0514", found.span, "time alone ends this, and here a condition is looked at throughout",
                    "ask it where something happens: in an `if` or `unless` line, or beside `performed when`")


def _lately_in(node: Node, names: Names, passed: frozenset[str]) -> Node | None:
    """Where such a condition stands, also within the right or the reading that is named; told where it is named."""
    for part in node.walk():
        if part.kind == "has_happened_within":
            return part
        sort = {"right_holds": "right", "as_read": "reading"}.get(part.kind)
        named = names.items[sort].get(part.name.text) if sort is not None else None
        if named is not None and named.name not in passed and _lately_in(named.node, names, passed | {named.name}):
            return part
    return None
