"""The levels of severity: who assigns them, and what the contract says each one is (R24)."""

from __future__ import annotations

from attrs import evolve

from slarules.model.rules import Severities, SeverityLevel
from slarules.model.value import AsRead
from slarules.resolve.conditions import condition
from slarules.resolve.dates import not_by_time_alone
from slarules.resolve.names import Item, Names, Place
from slarules.resolve.readings import as_read
from slarules.syntax.tree import Node


def severities(names: Names, place: Place) -> Severities | None:
    """All levels, gravest first; None where the contract has none."""
    found = names.items["severities"].get("severities")
    defined = names.items["severity"]
    for word, item in defined.items():
        if word not in names.levels:
            level = item.node.one("NAME", "NUMBER")
            known = f"the levels are {', '.join(names.levels)}" if names.levels else "declare it: `severities …`"
            names.problems.missing("E0307", "severity", level, names.levels, known)
    if found is None:
        return None
    node = found.node
    for kind in ("assigned_by", "changed_by", "confirmed_by"):
        for line in node.all(kind)[1:]:
            place.error("E0513", line.span, "the severities say this twice", "leave one out")
    confirmed = node.first("confirmed_by")
    return Severities(
        tuple(_level(word, defined.get(word), place) for word in names.levels),
        _parties(node.first("assigned_by"), place), _parties(node.first("changed_by"), place),
        names.party(confirmed.name) if confirmed is not None else None,
        found.citation,
    )


def _level(word: str, item: Item | None, place: Place) -> SeverityLevel:
    if item is None:
        return SeverityLevel(word, None, (), None)
    title = item.node.first("STRING")
    inner = evolve(place, level=word)
    for line in item.node.all("applies_if"):
        not_by_time_alone(line, inner)
    applies = tuple(condition(line.parts[0], inner) for line in item.node.all("applies_if"))
    return SeverityLevel(word, title.text if title else None, applies, item.citation)


def _parties(line: Node | None, place: Place) -> tuple[str, ...] | AsRead:
    if line is None:
        return ()
    given = line.parts[0]
    if given.kind == "as_read":
        return as_read(given, place, "a party, as `party Customer`", frozenset(("party",)), _party) or ()
    return tuple(place.names.party(name) for name in given.parts)


def _party(node: Node, place: Place) -> tuple[str, ...]:
    return (place.names.party(node.name),)
