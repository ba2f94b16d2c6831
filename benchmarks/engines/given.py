"""What every engine is given: the file of events, a table of open intervals, the limits; and what all must give back.

No peer converts a time zone: which hours are open is handed to all of them alike, as instants.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from attrs import frozen

from benchmarks.engines.workload import AS_OF, BEGIN, Ints, contract
from slarules.engine.adopt import adopt

DAY = 86_400_000_000
HOUR = 3_600_000_000
LOW = BEGIN - 7 * DAY
"""The beginning of the table of open intervals."""
HIGH = AS_OF + 120 * DAY
"""Its end: later than any deadline."""
NONE = int(np.iinfo(np.int64).min)
"""No instant."""
DUTIES = ("acknowledge", "respond", "resolve", "escalate")
STATES = ("absent", "pending", "suspended", "met", "breached", "ended")
"""What a duty of a ticket can be here; ``absent``: nothing set it off."""
ABSENT, PENDING, SUSPENDED, MET, BREACHED, ENDED = range(6)
LIMITS = np.array([[0, 2, 2, 2, 2], [0, 1, 4, 8, 8], [0, 2, 8, 24, 48], [0, 4, 4, 4, 4]], np.int64) * HOUR
"""Open time for each duty and severity, as in ``policy.sla``; a test compares the two."""


@frozen(eq=False)
class Outcome:
    """What an engine says of each ticket: a row a ticket, in the order of their names; a column a duty."""

    state: np.ndarray[tuple[int, int], np.dtype[np.uint8]]
    deadline: Ints
    """``NONE`` where there is none."""


@cache
def openings() -> tuple[Ints, Ints]:
    """When the contract's calendar opens and closes."""
    table = adopt(contract(), None, None)[-1].calendars["BusinessHours"].table.intervals
    found = (table.ends > LOW) & (table.starts < HIGH)
    return table.starts[found], table.ends[found]


def openings_table() -> pa.Table:
    """The same, with the open time before each, and the day of UTC on which it lies."""
    starts, ends = openings()
    before = np.cumsum(ends - starts) - (ends - starts)
    if (starts // DAY != (ends - 1) // DAY).any():
        raise SystemExit("an opening lies on two days of UTC: the peers' tables of days cannot express it")
    return pa.table({"day": starts // DAY, "opens": starts, "closes": ends, "before": before})


def days_table() -> pa.Table:
    """Every day of UTC: when it opens and closes (at one instant, if not at all), and the open time before it."""
    starts, ends = openings()
    days = np.arange(LOW // DAY, HIGH // DAY + 1)
    place = np.searchsorted(starts // DAY, days)
    total = np.concatenate(([0], np.cumsum(ends - starts)))
    open_today = np.isin(days, starts // DAY)
    inside = np.minimum(place, len(starts) - 1)
    opens = np.where(open_today, starts[inside], days * DAY)
    closes = np.where(open_today, ends[inside], days * DAY)
    return pa.table({"day": days, "opens": opens, "closes": closes, "before": total[place]})


def limits_table() -> pa.Table:
    """The limits as rows: severity, and a column for each duty."""
    return pa.table({"severity": np.arange(1, 5)} | {name: LIMITS[d, 1:] for d, name in enumerate(DUTIES)})


def events(directory: Path) -> pa.Table:
    """The event table of the file."""
    return pq.read_table(directory / "events.parquet")
