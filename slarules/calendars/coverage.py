"""From which instant on a combined calendar is uncertain, because a supplied holiday list ends (R30)."""

from __future__ import annotations

from attrs import frozen

from slarules.calendars.intervals import Intervals, covered, merged
from slarules.calendars.windows import complement


@frozen(eq=False)
class Part:
    """One calendar of several that are combined."""

    open: Intervals
    """When it is open, as far as its lists tell."""
    unknown_from: int | None
    """From when on its open time may be a holiday; None: it is certain throughout."""


def combined_unknown_from(operation: str, parts: list[Part], result: Intervals) -> int | None:
    """The first instant at which it matters that a part is uncertain."""
    found: list[int | None] = []
    for part in parts:
        if part.unknown_from is None:
            continue
        if operation == "union":
            found.append(_beyond_others(part, part.unknown_from, parts))
        elif operation == "difference" and part is parts[1]:
            both = covered((parts[0].open, part.open), 2)  # may turn out to be open after all
            found.append(both.from_instant(part.unknown_from).first)
        else:
            found.append(result.from_instant(part.unknown_from).first)
    return min((instant for instant in found if instant is not None), default=None)


def _beyond_others(part: Part, unknown_from: int, parts: list[Part]) -> int | None:
    """The first uncertain opening that no other part certainly covers."""
    uncertain = part.open.from_instant(unknown_from)
    certain = [
        other.open if other.unknown_from is None else other.open.until(other.unknown_from)
        for other in parts
        if other is not part
    ]
    rest = [complement(merged(one.starts, one.ends)) for one in certain]
    return covered((uncertain, *rest), 1 + len(rest)).first
