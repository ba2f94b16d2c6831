"""Readings, and the words that they decide: ``as read in NAME`` becomes every option's value."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from attrs import evolve

from slarules.model.rules import Option, Reading
from slarules.model.value import AsRead
from slarules.resolve.names import Item, Names, Place
from slarules.syntax.tree import Node

T = TypeVar("T")

LIMITS = frozenset((
    "within", "in_less_than", "every", "each_day", "on_each", "by_end_of", "by_close_of", "next_close", "nth_close",
    "sooner", "later", "before", "on_day_before", "window_before", "continuously",
))
DEEPEST = 4
"""Readings may lead to others so often: each multiplies the ways to read a rule."""
_SAID = {
    "zone_name": "a zone", "windows": "clock times", "opening": "days with clock times", "basis": "`counted in …`",
    "duration": "a length of time", "holidays_of": "a country's holidays",
    "holidays_unobserved": "a country's holidays",
    "recount": "what a change of severity does", "restart": "what a change of severity does",
    "keep": "what a change of severity does", "resume": "what reopening does", "begin_again": "what reopening does",
    "ignore": "`change nothing`", "runs_from_event": "from when a term runs",
    "runs_from_expiry": "from when a term runs", "condition": "a condition", "party": "a party", "number": "a number",
    "date": "a date",
}


def reading(item: Item, names: Names) -> Reading:
    """An ambiguity, its options, and which one is adopted."""
    node = item.node
    options = node.all("option")
    adopts, inert = node.all("adopt"), node.all("changes_nothing")
    known = _options(node, names)
    for second in (*adopts[1:], *inert[1:]):
        names.problems.error("E0513", second.span, f"the reading `{item.name}` says this twice", "leave one out")
    if len(options) < 2 and not inert and not names.problems.broken & {"option"}:
        names.problems.error("E0515", node.name.span, f"the reading `{item.name}` has fewer than two options",
                             "say each way to read the words: `option NAME: … \"why\"`")
    adopted = ""
    if adopts:
        adopted = adopts[0].name.text
        if adopted not in known and (known or inert):  # without any option that is told above
            names.problems.missing("E0306", f"option of `{item.name}`", adopts[0].name, known, _listed(known))
    elif not inert and not names.problems.broken & {"adopt", "changes"}:
        names.problems.error("E0707", node.name.span, f"the reading `{item.name}` adopts none of its options",
                             "say which: `adopt OPTION because \"…\"`")
    return Reading(
        item.name, node.one("STRING").text, tuple(Option(o.name.text, _why(o)) for o in options), adopted,
        _texts(adopts[0]) if adopts else "", _texts(inert[0]) if inert else None, item.citation,
    )


def _options(node: Node, names: Names) -> tuple[str, ...]:
    seen: dict[str, Node] = {}
    for option in node.all("option"):
        name = option.name
        if name.text in seen:
            names.problems.error("E0301", name.span, f"the option `{name.text}` is defined twice",
                                 "give one of them another name", [(seen[name.text].span, "the first")])
        seen.setdefault(name.text, name)
    return tuple(seen)


def _listed(words: tuple[str, ...]) -> str:
    if not words:
        return "it has no options: say them, or leave this line out"
    return f"its options are {', '.join(f'`{word}`' for word in words)}"


def _why(option: Node) -> str | None:
    text = option.first("STRING")
    return text.text if text else None


def _texts(node: Node) -> str:
    return " ".join(part.text for part in node.all("STRING"))


def phrase(option: Node) -> Node | None:
    """What an option stands for."""
    return next((part for part in option.parts[1:] if part.kind != "STRING"), None)


def as_read(
    node: Node, place: Place, wanted: str, kinds: frozenset[str], build: Callable[[Node, Place], T | None],
) -> AsRead | None:
    """Every option's value, each checked for being what stands here; None after a mistake told."""
    name = node.name
    item = _asked(name, place)
    if item is None:
        return None
    if name.text in place.within:
        around = ("reading", " ".join(sorted(set(place.within))))
        if around not in place.problems.told:
            place.problems.told.add(around)
            place.error("E0705", name.span, f"the reading `{name.text}` leads back to itself", "ask another reading")
        return None
    if len(place.within) >= DEEPEST:
        place.error("E0705", name.span, f"`{name.text}` is read in a reading of a reading, more than {DEEPEST} deep",
                    "say what its option stands for")
        return None
    inner = evolve(place, within=(*place.within, name.text))
    values: dict[str, object] = {}
    complete = True
    for option in item.node.all("option"):
        value = _value(option, name, wanted, kinds, inner, build)
        complete = complete and value is not None
        values[option.name.text] = value
    return AsRead(name.text, values) if complete and values else None


def _value(
    option: Node, name: Node, wanted: str, kinds: frozenset[str], place: Place,
    build: Callable[[Node, Place], T | None],
) -> T | None:
    stands = phrase(option)
    where = f"option `{option.name.text}` of the reading `{name.text}`"
    related = [(option.name.span, "the option")]
    if stands is None:
        if not place.problems.broken & {option.name.text}:
            help = f"say it: `option {option.name.text}: …`, or ask `if reading {name.text} is …`"
            place.problems.error("E0512", name.span, f"{where} does not say what stands here", help, related)
        return None
    if stands.kind not in kinds:
        said = _SAID.get(stands.kind, "a limit")
        place.problems.error("E0511", name.span, f"{where} is {said}, where {wanted} stands",
                             f"give the option {wanted}", related)
        return None
    return build(stands, place)


def _asked(name: Node, place: Place) -> Item | None:
    """The reading, noted as one that the rule rests on."""
    readings = place.names.items["reading"]
    item = readings.get(name.text)
    if item is None:
        place.names.missing("E0306", "reading", name, readings, f"declare it: `reading {name.text} \"…?\"`")
        return None
    place.uses.add(("reading", name.text))
    inert = item.node.first("changes_nothing")
    if inert is not None:
        place.problems.error("E0708", name.span, f"the reading `{name.text}` is asked here, but `changes nothing`",
                             "adopt one of its options instead", [(inert.span, "so it says")])
    return item


def option_of(name: Node, option: Node, place: Place) -> None:
    """Checks the names in ``reading NAME is OPTION``."""
    item = _asked(name, place)
    if item is None:
        return
    known = tuple(o.name.text for o in item.node.all("option"))
    if known and option.text not in known:  # that it has none is told of the reading
        place.problems.missing("E0306", f"option of `{name.text}`", option, known, _listed(known))
