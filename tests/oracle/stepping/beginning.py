"""The world before its first event: the terms in force (R27), the size of a step."""

from __future__ import annotations

from datetime import date
from functools import reduce
from itertools import groupby
from math import gcd
from typing import Any

from ..wall import DAY, first_instant
from .instant import instant
from .world import LOOK_AHEAD, OF_THE_AGREEMENT, World

Json = dict[str, Any]


def in_force(contract: Json, known: list[Json]) -> Json:
    """R27: a ticket keeps the terms of its opening; an amendment is in force from its date's first instant."""
    opened = min((event["when"] for event in known if event["type"] == "opened"), default=None)
    for amendment in sorted(contract.get("versions", ()), key=lambda one: str(one["from"])):
        since = first_instant(contract["zone"], date.fromisoformat(amendment["from"]).toordinal())
        if opened is not None and opened >= since:
            named = {duty["name"]: duty for duty in amendment["duties"]}
            contract = {**contract, "duties": [named.get(duty["name"], duty) for duty in contract["duties"]]}
    return contract


def new_world(contract: Json, known: list[Json], until: int, doubts: set[str]) -> World:
    ticket = [event["when"] for event in known if event["type"] not in OF_THE_AGREEMENT]
    sizes = [60, until % 60, *(event["when"] % 60 for event in known), *_seconds_in(contract)]
    world = World(
        contract=contract,
        home=contract["zone"],
        step=reduce(gcd, sizes),
        base=(min([*ticket, until]) // DAY - 1) * DAY,
        last=(until // DAY + 1) * DAY + LOOK_AHEAD + DAY,
        timeline={when: list(group) for when, group in groupby(known, key=lambda event: event["when"])},
        doubts=doubts,
    )
    presumed = contract.get("presumed", {})  # R5: presumed until recorded
    world.facts = dict(presumed)
    world.marks = list(world.timeline)
    world.now = min([*world.timeline, until])
    instant(world)
    return world


def _seconds_in(value: Any) -> list[int]:
    if isinstance(value, dict):
        own = [part % 60 for name, part in value.items() if name in ("seconds", "within_seconds")]
        return own + [size for part in value.values() for size in _seconds_in(part)]
    if isinstance(value, list):
        return [size for part in value for size in _seconds_in(part)]
    return []
