"""What the log says happened, at a position of the log (R3), in the order of R12."""

from __future__ import annotations

from typing import Any

from ..wall import seconds

Json = dict[str, Any]

RANK = (
    *("started", "contact_removed", "contact_designated", "opened", "asked", "severity_changed", "waiting"),
    *("resumed", "acknowledged", "responded", "updated", "workaround", "escalated", "reported", "agreed"),
    *("elected", "hours_purchased", "hours_logged", "resolved", "closed", "reopened", "cancelled"),
)


def known_events(events: list[Json], log_upto: int | None) -> list[Json]:
    """What the log says happened, at a position of the log (R3), in the order of R12."""
    log: dict[tuple[str, str], Json] = {}
    for event in events if log_upto is None else events[:log_upto]:
        log.setdefault((event.get("source", "desk"), event["id"]), event)  # R32: the earlier stands

    def stands(one: str) -> bool:  # a retraction can be retracted
        return not any(e["type"] == "retracted" and e["target"] == one and stands(e["id"]) for e in log.values())

    gone = {event["id"] for event in log.values() if not stands(event["id"])}
    told = {}
    for event in log.values():
        if event["type"] not in ("corrected", "retracted") and event["id"] not in gone:
            told[event["id"]] = {**event, "facts": dict(event.get("facts", {}))}
    for event in log.values():  # in log order: the last correction wins
        if event["type"] == "corrected" and event["id"] not in gone and event["target"] in told:
            corrected = told[event["target"]]
            for name, value in event["set"].items():
                if name == "facts":
                    corrected["facts"].update(value)
                elif name in ("at", "actor", "type"):
                    corrected[name] = value
                else:
                    corrected["facts"][name] = value
    for event in told.values():
        event["when"] = seconds(event["at"])
    return sorted(told.values(), key=_order)


def of_nothing(events: list[Json], log_upto: int | None) -> list[str]:
    """The corrections and retractions of what the log does not have at a position (R3)."""
    log = events if log_upto is None else events[:log_upto]
    there = {event["id"] for event in log}
    return [one["id"] for one in log if one["type"] in ("corrected", "retracted") and one["target"] not in there]


def _order(event: Json) -> tuple[Any, ...]:
    """R12: the source's name, its own sequence; rank and id only where it has none."""
    rank = RANK.index(event["type"]) if event["type"] in RANK else len(RANK)
    sequence = event.get("seq")
    without = (rank, event["type"] if rank == len(RANK) else "", event["id"])
    return (event["when"], event.get("source", "desk"), sequence is None, sequence or 0, without)
