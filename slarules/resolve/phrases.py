"""What each option of a reading stands for, looked at once by itself, so that none goes unchecked."""

from __future__ import annotations

from slarules.resolve import literals
from slarules.resolve.calendars import opening, zone
from slarules.resolve.conditions import condition
from slarules.resolve.limits import basis, limit
from slarules.resolve.names import Names, Place
from slarules.resolve.readings import LIMITS, phrase
from slarules.resolve.terms import Uses
from slarules.syntax.tree import Node


def phrases(names: Names, uses: Uses) -> None:
    """Tells what is wrong in the options, also of readings that no rule asks; notes what they rest on."""
    for name, item in names.items["reading"].items():
        place = Place(names, None, uses.setdefault(("reading", name), set()), within=(name,))
        for option in item.node.all("option"):
            stands = phrase(option)
            if stands is not None:
                _phrase(stands, place)


def _phrase(node: Node, place: Place) -> None:
    match node.kind:
        case "zone_name":
            zone(node, place)
        case "windows":
            literals.windows(node, place.problems)
        case "opening":
            opening(node, place)
        case "basis":
            basis(node, place)
        case "duration":
            literals.duration(node, place.problems)
        case "condition":
            condition(node, place)
        case "party":
            place.names.party(node.name)
        case "date":
            literals.day(node.parts[0], place.problems)
        case kind if kind in LIMITS:
            limit(node, place)
