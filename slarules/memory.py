"""How much memory the machine has."""

from __future__ import annotations

import os
import sys

_SUPPOSED = 8 << 30
"""Bytes that a machine is taken to have that does not say."""


def of_the_machine() -> int:
    """Bytes of memory of the whole machine."""
    if sys.platform == "win32":
        return _SUPPOSED
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return _SUPPOSED
