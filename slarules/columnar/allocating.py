"""How memory is taken from the system: what was used once is used again, for the first touch of memory takes long.

A gigabyte that was never touched costs a second. The C library of Linux gives each thread a place of its own to take
memory from, and what one gave back is of no use to the others; and large pieces go back to the system at once.
"""

from __future__ import annotations

import ctypes
import os

_TRIM, _MAPPED, _ARENAS = -1, -3, -8
"""What ``mallopt`` is told: ``M_TRIM_THRESHOLD``, ``M_MMAP_THRESHOLD``, ``M_ARENA_MAX``."""
_KEPT = 256 << 20
"""Bytes that are kept for the next who asks, at the most."""
_LARGE = 32 << 20
"""From so many bytes on each piece is asked of the system by itself, and given back."""


def one_place() -> None:
    """Has all threads take memory from one place, Arrow too, whose writer of Parquet cannot be told later on.

    To be called before there are any threads: pyarrow's import starts one. NumPy's starts one, too, for matrices:
    it waits for some, hard at work, a tenth of a second long.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _tell(_ARENAS, 1)


def used_again() -> None:
    """Has Arrow take memory where we do, and what is given back be kept. Not for where a limit of memory was given."""
    import pyarrow as pa  # the command line calls `one_place` at its start

    pa.set_memory_pool(pa.system_memory_pool())  # the quickest for a few large columns
    _tell(_MAPPED, _LARGE)
    _tell(_TRIM, _KEPT)


def _tell(what: int, much: int) -> None:
    try:
        ctypes.CDLL(None).mallopt(what, much)
    except (OSError, AttributeError, TypeError):  # other systems have none
        return
