"""A reason: a sentence and the sentences that support it; instants and lengths of time in words."""

from __future__ import annotations

from attrs import frozen

from slarules.calendars import zones
from slarules.model.value import HOUR, MINUTE, SECOND

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@frozen
class Reason:
    """A sentence, and the sentences that support it."""

    text: str
    parts: tuple[Reason, ...] = ()
    about: str = ""
    """``words``, ``rule``, ``plain`` or ``reading`` where it tells what a verdict rests on; else what happened."""


def moment(instant: int, zone: str) -> str:
    """An instant (microseconds UTC) on the clocks of a zone: `Mon 2026-03-02 09:00 (-07:00)`."""
    local = zones.moment(instant, zones.zone(zone))
    seconds = f":{local.second:02d}" if local.second or local.microsecond else ""
    fraction = f".{local.microsecond:06d}".rstrip("0") if local.microsecond else ""
    offset = local.strftime("%z")
    return (
        f"{WEEKDAYS[local.weekday()]} {local.date().isoformat()} {local.hour:02d}:{local.minute:02d}"
        f"{seconds}{fraction} ({offset[:3]}:{offset[3:5]})"
    )


def length(micros: int) -> str:
    """A length of time (microseconds) in words: `1 hour 30 minutes`."""
    left = abs(micros)
    words = []
    for unit, size in (("hour", HOUR), ("minute", MINUTE), ("second", SECOND)):
        many, left = divmod(left, size)
        if many:
            words.append(f"{many} {unit}" + ("s" if many != 1 else ""))
    if left:
        words.append(f"{left} microseconds")
    return " ".join(words) or "no time"
