"""Which compiled calendars stay in memory: so many bytes of them; the one compiled longest ago goes first."""

from __future__ import annotations

import weakref
from collections import deque
from threading import Lock
from typing import Any

ROOM = 256 << 20
"""Bytes that all compiled tables may take together: some forty calendars of office hours."""

_kept: deque[tuple[weakref.ref[Any], int]] = deque()
"""Owners of a table with its bytes, in order of compiling. Nothing stays alive by standing here."""
_one_at_a_time = Lock()


def keep(owner: Any, size: int) -> None:
    """Count the table that ``owner`` has just compiled, and let the oldest ones go until all have room.

    ``owner`` holds it as the cached property ``table``: without it, it compiles the same table again when asked.
    """
    with _one_at_a_time:
        _kept.append((weakref.ref(owner), size))
        used = 0
        for place in range(len(_kept) - 1, -1, -1):
            known, taken = _kept[place][0](), _kept[place][1]
            if known is None:
                del _kept[place]
            elif used + taken > ROOM and known is not owner:
                known.__dict__.pop("table", None)
                del _kept[place]
            else:
                used += taken
