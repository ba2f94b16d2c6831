"""Money and dates that the contract's own words compute."""

from __future__ import annotations

from decimal import Decimal

from attrs import evolve

from slarules.model.expression import Expression, Happened, InCalendar, RightHolds, Stepped
from slarules.model.rules import Amount
from slarules.resolve.expressions import LOST, expression
from slarules.resolve.names import Item, Names, Place
from slarules.resolve.steps import asking, steps
from slarules.resolve.types import DATE, Type, mend, mixes, money, said
from slarules.syntax.tree import Node

ROUNDED = ("rounded_half_up", "rounded_half_even", "rounded_one_way")
"""The line that says how the amount is rounded."""
LINES = ("is_if", "is_otherwise", "where", *ROUNDED, "quote")
"""Lines below an amount's first one."""


def amount(item: Item, names: Names, uses: set[tuple[str, str]]) -> Amount:
    """An ``amount``: its named parts in their order, its value, and how it is rounded."""
    node = item.node
    place = Place(names, None, uses)
    parts: list[tuple[str, Expression]] = []
    below = {line.name.text for line in node.all("where")}
    for line in node.all("where"):
        value, type = _defined(line.parts[1], evolve(place, parts=dict(place.parts)), below)
        if line.name.text in place.parts or line.name.text in names.facts or line.name.text in names.amounts:
            place.error("E0301", line.name.span, f"`{line.name.text}` is defined twice",
                        "give one of them another name")
        parts.append((line.name.text, value))
        below.discard(line.name.text)
        place = evolve(place, parts={**place.parts, line.name.text: type})
    currency = node.one("CURRENCY").text
    worth = _comes_to(node, money(currency), place)
    return Amount(item.name, currency, worth, tuple(parts), _rounding(node, place), item.citation)


def date_rule(item: Item, names: Names, uses: set[tuple[str, str]]) -> Amount:
    """A ``date`` rule."""
    value = _whole(item.node.parts[1], DATE, Place(names, None, uses))
    return Amount(item.name, None, value, (), None, item.citation)


def _defined(node: Node, place: Place, below: set[str]) -> tuple[Expression, Type]:
    """A part's value; a part that stands below cannot be used yet."""
    for part in node.walk():
        if part.kind == "name" and part.name.text in below:
            place.error("E0302", part.span, f"`{part.name.text}` is defined below or by itself",
                        "put the `where` line that it needs above this one")
            return expression(node, evolve(place, parts={**place.parts, **dict.fromkeys(below, Type("any"))}))
    return expression(node, place)


def _comes_to(node: Node, wanted: Type, place: Place) -> Expression | Stepped:
    """What it comes to: the value in its first line, or the first of its lines whose condition holds."""
    first = node.parts[2]
    if first.kind not in LINES:
        for line in node.all("is_if", "is_otherwise"):
            place.error("E0513", line.span, f"what `{node.name.text}` comes to stands in its first line already",
                        "leave one of the two out")
        return _whole(first, wanted, place)
    found = steps(node, "is", f"what `{node.name.text}` comes to", f"is 0 {node.one('CURRENCY').text} otherwise", place,
                  lambda line: _whole(line.parts[0], wanted, place), _asked)
    if found is None and not place.problems.broken & {"is"}:
        place.error("E0515", node.name.span, f"nothing says what `{node.name.text}` comes to",
                    "write `is VALUE` behind the currency; or below, `is VALUE if CONDITION` and `is VALUE otherwise`")
    return found or LOST[0]


def _of_an_instant(part: object) -> bool:
    return isinstance(part, (InCalendar, RightHolds)) or (isinstance(part, Happened) and part.within is not None)


_asked = asking(_of_an_instant, "what an amount comes to hangs on no time of day, and on no event at hand",
                "ask for what is recorded, for a status, or for an event that has happened")


def _whole(node: Node, wanted: Type, place: Place) -> Expression:
    value, type = expression(node, place)
    if not mixes(type, wanted):
        code = "E0516" if type.kind == wanted.kind else "E0501"  # money of another currency
        place.error(code, node.span, f"this comes to {said(type)}, where {said(wanted)} stands",
                    mend(type, wanted) or f"compute {said(wanted)}")
    return value


def _rounding(node: Node, place: Place) -> tuple[str, str] | None:
    lines = node.all(*ROUNDED)
    for line in lines[1:]:
        place.error("E0513", line.span, "the amount is rounded a second time", "leave one of the two lines out")
    if not lines:
        return None
    unit = lines[0].one("NUMBER")
    if Decimal(unit.text) == 0:
        place.error("E0517", unit.span, "nothing can be rounded to 0", "name the unit, as 0.01")
    one_way = lines[0].first("ROUNDING")
    return unit.text, lines[0].kind.removeprefix("rounded_") if one_way is None else one_way.text
