"""How much memory a run may use, how much it uses already, and what to say where that cannot do."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import Any

if sys.platform != "win32":
    import resource

MIB = 1 << 20
LEAST = 144 * MIB
"""What judging in partitions needs at the least, beside the program itself."""
SPARE = 96 * MIB
"""What is left unplanned of it: allocators round up and keep some of what is freed, and each thread has its own."""
JUDGING = 300
"""Bytes that an event takes at the height of judging by the kernels, besides its own columns; as measured by
``python -m benchmarks.outofcore --heights 200000,800000``, with room to spare."""
HELD = 40
"""Bytes that an event of a log in memory takes at the height, besides its own columns: it is coded and put in order; of
its verdicts no more than a few stretches' are there. Twice what was measured."""
STRETCHES = 256 * MIB
"""What the stretches take that are judged and written meanwhile, and what writes them."""
VERDICT = 300
"""Bytes that each verdict takes besides; measured likewise."""
REPLAYED = 2_000
"""Bytes that an event takes where the reference engine judges it: twice what was measured."""


class CannotJudge(ValueError):
    """Why a log cannot be judged in this way; its text says so in the user's words, and what to do."""


class TooLittleMemory(CannotJudge):
    """A limit that the log, or one ticket of it, does not fit."""

    def __init__(self, given: int, least: int, why: str) -> None:
        do = told(least, up=True)
        super().__init__(f"{told(given)} of memory is too little: {why}; the least that would do is {do}")
        self.least = least
        """Bytes that would do."""


def told(size: int, up: bool = False) -> str:
    """A number of bytes in words: ``512MB``; with ``up``, rounded up so that it can be given as a limit."""
    unit = 1_000_000
    return f"{-(-size // unit) if up else size // unit}MB"


def in_use() -> int:
    """Bytes of memory that this process has now; where that cannot be asked, the most that it ever had, or 0."""
    if sys.platform == "win32":
        return 0
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
    return pages * resource.getpagesize()


def given_back() -> None:
    """Asks the allocators for what they hold and do not need."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()
    if _TRIM is not None:
        _TRIM(0)


def _trim() -> Any:
    """What gives unused memory back to the system, where the C library has it."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):
        return None


_TRIM = _trim()


def room(limit: int) -> int:
    """Bytes left for events under a limit. Raises ``TooLittleMemory`` where they cannot do."""
    used = in_use()
    if limit < used + LEAST:
        raise TooLittleMemory(limit, used + LEAST + SPARE // 4, f"the program itself takes {told(used)}")
    return limit - used - SPARE
