"""Conditions in strong Kleene (R9), and what is read when they are asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..wall import OPEN
from .agreement import status_at
from .calendars import flags_of
from .world import World

Json = dict[str, Any]


def _all(values: Iterable[bool | None]) -> bool | None:
    values = list(values)
    return False if False in values else None if None in values else True


def _any(values: Iterable[bool | None]) -> bool | None:
    values = list(values)
    return True if True in values else None if None in values else False


def holds(condition: Json | None, seen: Json, missing: list[str]) -> bool | None:
    """Strong Kleene (R9); the names of unknown facts are added to `missing`."""
    if condition is None:
        return True
    if "all" in condition or "any" in condition:
        names: list[str] = []
        parts = [holds(part, seen, names) for part in condition["all" if "all" in condition else "any"]]
        value = _all(parts) if "all" in condition else _any(parts)
        if value is None:
            missing += names
        return value
    if "not" in condition:
        value = holds(condition["not"], seen, missing)
        return None if value is None else not value
    if "fact" in condition:
        if condition["fact"] not in seen["facts"]:
            missing.append(condition["fact"])
            return None
        return seen["facts"][condition["fact"]] in condition["is"]
    if "severity" in condition:
        if seen["severity"] is None:
            missing.append("severity")
            return None
        return seen["severity"] in condition["severity"]
    if "happened" in condition:  # events are closed-world (R5)
        wanted = condition["happened"]
        return any(one in seen["happened"] for one in ([wanted] if isinstance(wanted, str) else wanted))
    if "during" in condition or "outside" in condition:
        is_open = seen["open"](condition.get("during", condition.get("outside")))
        return bool(is_open == ("during" in condition))
    if "status_in" in condition:
        if not seen["agreed"]:  # nobody knows of an agreement that the ticket stands under
            missing.append("agreement")
            return None
        return seen["status"] in condition["status_in"]
    if "right" in condition and not seen["agreed"]:
        missing.append("agreement")
        return None
    if "right" in condition:
        if "caller" not in seen["facts"]:
            missing.append("caller")
            return None
        return seen["facts"]["caller"] in seen["contacts"]
    raise ValueError(f"unknown condition {condition}")


def situation(world: World) -> Json:
    minute = (world.now - world.base) // 60
    return {
        "open": lambda calendar: flags_of(world, calendar)[minute] == OPEN,
        "facts": dict(world.facts),
        "severity": world.severity,
        "happened": set(world.happened),
        "status": status_at(world, world.now),
        "contacts": set(world.contacts),
        "agreed": world.agreed,
    }


def goes_on(duty: Json, seen: Json) -> tuple[bool | None, list[str]]:
    """A duty's `while`, as it stands (R9)."""
    missing: list[str] = []
    return holds(duty.get("while"), seen, missing), list(dict.fromkeys(missing))


def guard(world: World, trigger: Json, seen: Json) -> tuple[bool | None, list[str]]:
    """`when` and `unless` together: `A unless B` is `A and not B` (R9)."""
    missing: list[str] = []
    parts: list[Json] = []
    if trigger.get("when") is not None:
        parts.append(trigger["when"])
    if trigger.get("unless") is not None:
        parts.append({"not": trigger["unless"]})
    return holds({"all": parts}, seen, missing), list(dict.fromkeys(missing))
