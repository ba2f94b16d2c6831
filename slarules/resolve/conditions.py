"""Conditions: three-valued when judged (R9); here their names are found and their types agree."""

from __future__ import annotations

from slarules.model.expression import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Expression,
    Happened,
    InCalendar,
    Includes,
    Literal,
    NoMoreSevere,
    Not,
    OneOf,
    Pattern,
    ReadingIs,
    Recorded,
    RightHolds,
    StatusRef,
    Truth,
)
from slarules.resolve.builtin import AGREEMENT, EVENTS_MEANT
from slarules.resolve.dates import lately
from slarules.resolve.expressions import beside, expression, operand, pair
from slarules.resolve.names import Place
from slarules.resolve.readings import as_read, option_of
from slarules.resolve.types import ANYTHING, DATE, ORDERED, YES_NO, mend, mixes, of_fact, said
from slarules.source import Span
from slarules.syntax.tree import Node

LOST: Condition = Literal(False)
_COMPARED = {
    "is_": "is", "is_not": "is_not", "more_than": "more", "less_than": "less", "at_least_": "at_least",
    "at_most_": "at_most",
}


def condition(node: Node, place: Place) -> Condition:
    """A condition; a mistake told leaves a constant in its place."""
    match node.kind:
        case "condition":
            return condition(node.parts[-1], place)
        case "labelled":
            return condition(node.parts[-1], place)
        case "conjunction" | "all_of":
            return AllOf(tuple(condition(part, place) for part in node.parts if part.kind != "quote"))
        case "disjunction" if _listed(node, place):
            return LOST
        case "disjunction" | "any_of":
            return AnyOf(tuple(condition(part, place) for part in node.parts if part.kind != "quote"))
        case "negation":
            return Not(condition(node.parts[0], place))
        case "as_read":
            return as_read(node, place, "a condition", frozenset(("condition",)), condition) or LOST
        case "truth":
            return _truth(node.parts[0], place)
        case "is_any" | "is_none_of":
            return _one_of(node, place)
        case kind if kind in _COMPARED:
            return _compare(node, place)
        case _:
            return _stated(node, place)


def _listed(node: Node, place: Place) -> bool:
    """`channel is email or web`, `severity is 1 or higher`: told as the list, or the comparison, that is meant."""
    first, *rest = node.parts
    words = [part.parts[0].span.text for part in rest if part.kind == "truth"]
    if first.kind != "is_" or len(words) < len(rest):
        return False
    left, value = (part.span.text for part in first.parts)
    span = Span(node.span.source, rest[0].span.start, rest[-1].span.end)
    more = {"higher": "at least", "above": "at least", "greater": "at least", "more": "at least", "worse": "at least",
            "lower": "at most", "below": "at most", "less": "at most"}.get(words[0])
    if more is not None and words[0] not in place.names.facts:
        place.error("E0501", span, f"`{words[0]}` is nothing by itself", f"say `{left} is {more} {value}`")
        return True
    fact = place.names.facts.get(left)
    known = fact.type.values if fact is not None else place.names.levels if left == "severity" else ()
    if any(word not in known or word in place.names.facts for word in words):
        return False
    place.error("E0502", span, f"`{words[0]}` is a value of `{left}`, and no condition",
                f"say `{left} is any of {', '.join((value, *words))}`")
    return True


def _stated(node: Node, place: Place) -> Condition:
    """Conditions that have words of their own."""
    match node.kind:
        case "reading_is":
            reading, option = node.all("NAME")
            option_of(reading, option, place)
            return ReadingIs(reading.text, option.text)
        case "right_holds":
            return _right(node.name, place)
        case "no_more_severe":
            if place.level is None:
                place.error("E0514", node.span, "no severity is being defined here",
                            "say this in a `severity` block, or name the facts")
            return NoMoreSevere(place.level or "")
        case "during" | "outside":
            place.uses.add(("calendar", place.names.calendar(node.name)))
            return InCalendar(node.name.text, node.kind == "during")
        case "is_recorded":
            value, _ = expression(node.parts[0], place)
            return Recorded(value)
        case "includes_":
            return _includes(node, place)
        case "has_happened" | "has_happened_this_term" | "has_happened_within":
            return _happened(node, place)
    return LOST


def _truth(node: Node, place: Place) -> Condition:
    value, type = expression(node, place)
    if not mixes(type, YES_NO):
        place.error("E0502", node.span, f"{said(type)} is no condition by itself",
                    f"compare it: `{node.span.text} is …`")
        return LOST
    return Truth(value)


def _compare(node: Node, place: Place) -> Condition:
    op = _COMPARED[node.kind]
    left, right, type = pair(node.parts[0], node.parts[1], place)
    if op not in ("is", "is_not") and type.kind not in ORDERED:
        place.error("E0501", node.span, f"{said(type)}: none is more or less than another", "say `is`, or `is any of`")
    return Compare(op, left, right)


def _one_of(node: Node, place: Place) -> Condition:
    parts = [part for part in node.parts if part.kind != "OR_NUMBER"]
    left, type = expression(parts[0], place)
    values: list[Expression] = []
    seen: dict[str, Span] = {}
    for part in parts[1:]:
        value, other = operand(part, place, type, parts[0].span.text)
        values.append(value)
        if not mixes(type, other):
            place.error("E0501", part.span, beside(part, other, parts[0], type),
                        mend(type, other) or "compare values of one kind")
        if part.span.text in seen:
            place.problems.error("E0301", part.span, f"`{part.span.text}` stands twice in this list",
                                 "leave one out", [(seen[part.span.text], "the first")])
        seen.setdefault(part.span.text, part.span)
    return OneOf(left, tuple(values), node.kind == "is_none_of")


def _right(name: Node, place: Place) -> Condition:
    rights = place.names.items["right"]
    if name.text not in rights:
        place.names.missing("E0302", "right", name, rights, f"declare it: `right {name.text}`")
    place.uses.add(("right", name.text))
    return RightHolds(name.text)


def _includes(node: Node, place: Place) -> Condition:
    value, type = expression(node.parts[0], place)
    benefit = node.parts[1]
    if not isinstance(value, StatusRef):
        if type != ANYTHING:
            place.error("E0501", node.parts[0].span, "only a status includes something",
                        "name a status, or say `is any of`")
        return LOST
    known = place.names.benefits.get(value.status, ())
    if benefit.text not in known:
        place.names.missing("E0307", f"benefit that a state of `{value.status}` includes", benefit, known,
                            "list it in the state: `includes …`")
    return Includes(value.status, benefit.text)


def _happened(node: Node, place: Place) -> Condition:
    event = event_type(node.name, place, (place.kind, AGREEMENT))
    by = node.first("by")
    party = place.names.party(by.name) if by is not None else None
    within, basis = lately(node, place) if node.kind == "has_happened_within" else (None, None)
    return Happened(Pattern(event, party), node.kind == "has_happened_this_term", within, basis)


def event_type(name: Node, place: Place, kinds: tuple[str | None, ...]) -> str:
    """An event's type, which must be one that happens to one of these kinds of subject."""
    names = place.names
    event = names.events.get(name.text)
    if event is None:
        done = names.acts.get(name.text)
        help = f"say `{done[0]}`" if done else f"declare it: `event {name.text} of …`"
        fact = names.facts.get(name.text)
        if fact is not None and of_fact(fact.type) == DATE:
            help = f"of a date: `date DUE is 30 days after {name.text}`, and `by the end of DUE`"
        elif name.text in ("expires", "expired", "ends", "lapses", "lapsed"):
            help = "that time is over is no event: `when STATUS becomes STATE`"
        names.missing("E0305", "event", name, names.events, help, EVENTS_MEANT)
    elif None not in kinds and event.kind not in (None, *kinds):
        place.error("E0308", name.span, f"`{name.text}` happens to {names.noun(event.kind)}, and this is about "
                    f"{names.noun(kinds[0])}", "name an event of the same subject")
    return name.text


