"""Values in steps: of several lines with conditions the first that holds counts, and `otherwise` is the last."""

from __future__ import annotations

from collections.abc import Callable

from slarules.model.expression import Condition, Expression, Stepped
from slarules.model.walk import inside
from slarules.resolve.conditions import condition
from slarules.resolve.expressions import LOST
from slarules.resolve.names import Place
from slarules.syntax.tree import Node

Reads = Callable[[Node], Expression]
"""A line to the value that it gives."""
Asks = Callable[[Node, Place], Condition]
"""A line's condition."""


def steps(node: Node, kind: str, what: str, missing: str, place: Place, reads: Reads, asks: Asks) -> Stepped | None:
    """The lines of a block that give values in steps, as ``is_if`` and ``is_otherwise``; None where there are none.

    ``what`` they tell, and how the last line is written where it is ``missing``; empty: another mistake is told.
    """
    lines, last = node.all(f"{kind}_if"), node.all(f"{kind}_otherwise")
    if not lines and not last:
        return None
    found = tuple((asks(line.parts[1], place), reads(line)) for line in lines)
    otherwise = [reads(line) for line in last]
    if not last and missing and "otherwise" not in place.problems.broken:
        place.error("E0515", node.name.span, f"nothing says {what} where no condition holds",
                    f"add a last line: `{missing}`")
    for line in last[1:]:
        place.error("E0513", line.span, "`otherwise` is said a second time", "leave one of the two lines out")
    for line in lines:
        if last and line.span.start > last[0].span.start:
            place.error("E0715", line.span, "this can never apply: the line with `otherwise` takes all that is left",
                        "let `otherwise` be the last line")
    return Stepped(found, otherwise[0] if otherwise else LOST[0])


def asking(barred: Callable[[object], bool], message: str, help: str) -> Asks:
    """Reads conditions, and tells those that ask for what cannot be asked there."""

    def asks(node: Node, place: Place) -> Condition:
        found = condition(node, place)
        if any(barred(part) for part in inside(found)):
            place.error("E0514", node.span, message, help)
        return found

    return asks
