"""The ``contract`` block: the parties, the zone, the contract's own text; and the people who act for a party."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from math import inf
from typing import get_args

from slarules.model.contract import Party
from slarules.model.expression import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Expression,
    FactRef,
    Literal,
    Not,
    OneOf,
    ReadingIs,
    Recorded,
    Stepped,
    Truth,
)
from slarules.model.rules import Role
from slarules.model.value import AsRead
from slarules.resolve import literals
from slarules.resolve.names import Item, Names, Place
from slarules.resolve.problems import Problems
from slarules.resolve.readings import as_read
from slarules.resolve.steps import asking, steps
from slarules.resolve.types import TEXT, of_fact, said
from slarules.syntax.tree import Node

PARTIES = {"provider": "provider", "customer": "customer", "other_party": "other"}


def parties(contract: Node, problems: Problems) -> tuple[Party, ...]:
    """Those who owe and are owed."""
    found: dict[str, Party] = {}
    first: dict[str, Node] = {}
    again: list[Node] = []
    for line in contract.all(*PARTIES):
        name, called = line.name, line.first("STRING")
        if name.text in found:
            again.append(line)
            problems.error("E0301", name.span, f"the party `{name.text}` is defined twice", "leave one out",
                           [(first[name.text].span, "the first")])
            continue
        words = tuple(word.strip() for word in called.text.split(",")) if called is not None else ()
        found[name.text] = Party(name.text, PARTIES[line.kind], words)
        first[name.text] = name
    for kind in ("provider", "customer", "zone_line", "source_file", "ticket_called", "in_force"):
        for line in contract.all(kind)[1:]:
            if line not in again:
                problems.error("E0513", line.span, "the contract says this a second time",
                               "leave one of the two lines out")
    if contract.first("source_file") is None and not problems.broken & {"source"}:
        problems.warning("W0701", contract.name.span, f"the contract `{contract.name.text}` names no source",
                         "say where its words stand, so that quotations are verified: `source \"source.txt\"`")
    return tuple(found.values())


def in_force(node: Node, problems: Problems) -> tuple[date | None, date | None]:
    """The first date in force and the first that is not any more."""
    lines = node.all("in_force")
    for line in lines[1:] if node.kind == "clause" else ():
        problems.error("E0513", line.span, "the clause says this a second time", "leave one of the two lines out")
    if not lines:
        return None, None
    days = [literals.day(part, problems) for part in lines[0].all("DATE")]
    since, last = days[0], days[1] if len(days) > 1 else None
    if since is not None and last is not None and last < since:
        problems.error("E0507", lines[0].span, f"{last} is before {since}", "say the earlier date first")
        return since, None
    return since, last + timedelta(days=1) if last is not None else None


def role(item: Item, names: Names, uses: set[tuple[str, str]]) -> Role:
    """The people who may act for a party: how many, named how, replaced how."""
    node = item.node
    place = Place(names, None, uses)
    for kind in ("exactly", "at_most", "at_least", "replaceable_by", "identified_by"):
        for line in node.all(kind)[1:]:
            place.error("E0513", line.span, "the role says this a second time", "leave one of the two lines out")
    exactly = _count(node, "exactly", place)
    least, most = _count(node, "at_least", place), _count(node, "at_most", place)
    mixed = isinstance(least, Stepped) and isinstance(most, Stepped)
    if exactly is None and not mixed and max(_ways(least), default=0) > min(_ways(most), default=inf):
        line = node.one("at_least", "at_least_if", "at_least_otherwise")
        place.error("E0517", line.span, f"at least {max(_ways(least))} is more than at most {min(_ways(most))}",
                    "change one of the two")
    written = node.first("designated_in_writing")
    designated = written or node.first("designated_by")
    replaceable = node.first("replaceable_by")
    title = node.first("STRING")
    return Role(
        item.name, names.party(node.all("NAME")[1]), title.text if title else None,
        exactly if exactly is not None else least, exactly if exactly is not None else most,
        names.party(designated.name) if designated is not None else None, written is not None,
        names.party(replaceable.name) if replaceable is not None else None, _identified(node, place), item.citation,
    )


def _count(node: Node, kind: str, place: Place) -> int | AsRead | Stepped | None:
    """How many people, as one number, as a reading says, or in steps; None: not said."""
    words = kind.replace("_", " ")

    def reads(line: Node) -> Literal:
        return Literal(Decimal(_whole(line.parts[0], place) or 0))

    line = node.first(kind)
    missing = f"{words} 3 otherwise" if line is None else ""
    stepped = steps(node, kind, f"how many people `{node.name.text}` has", missing, place, reads, _asked)
    if line is None or stepped is not None:
        if line is not None:
            place.error("E0513", line.span, f"`{words}` is said with conditions, too",
                        f"write `otherwise` behind it: `{line.span.text.strip()} otherwise`")
        return stepped
    if line.parts[0].kind == "as_read":
        return as_read(line.parts[0], place, "a number", frozenset(("number",)), _number)
    return _number(line.parts[0], place)


def _recorded_alone(part: object) -> bool:
    return isinstance(part, get_args(Condition) + get_args(Expression)) and not isinstance(part, _OF_FACTS)


_OF_FACTS = (FactRef, Literal, Compare, OneOf, AllOf, AnyOf, Not, Truth, Recorded, ReadingIs, AsRead)
_asked = asking(_recorded_alone, "how many people a role has hangs on what is recorded of the agreement alone",
                "ask for a fact, as `if plan is premium`")


def _ways(count: int | AsRead | Stepped | None) -> list[int]:
    """The numbers that it may come to."""
    if isinstance(count, Stepped):
        values = (*(value for _, value in count.steps), count.otherwise)
        return [int(one.value) for one in values if isinstance(one, Literal) and isinstance(one.value, Decimal)]
    return [count] if isinstance(count, int) else []


def _number(node: Node, place: Place) -> int | None:
    return _whole(node.parts[0], place)


def _whole(node: Node, place: Place) -> int | None:
    number = Decimal(node.text)
    if number != number.to_integral_value():
        place.error("E0517", node.span, f"{number} is no number of people", "say a whole number")
        return None
    return int(number)


def _identified(node: Node, place: Place) -> str | None:
    line = node.first("identified_by")
    if line is None:
        return None
    fact = place.names.facts.get(line.name.text)
    if fact is None:
        place.names.missing("E0302", "fact", line.name, place.names.facts,
                            f"declare it: `fact {line.name.text} of …: text`")
    elif of_fact(fact.type) != TEXT:
        place.error("E0523", line.name.span, f"`{line.name.text}` is {said(of_fact(fact.type))}, and people are told "
                    "apart by text", "name a text fact, as the built-in `caller`")
    return line.name.text
