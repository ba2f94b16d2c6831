"""Compiles a loop over bytes where numba is installed; what was compiled is kept in a folder named by its own text."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

numba: Any
try:
    import numba
except ImportError:  # the extra `fast` is not installed
    numba = None

COMPILED = numba is not None and not numba.config.DISABLE_JIT
"""Whether loops are machine code here."""


def _kept() -> str | None:
    home = os.environ.get("XDG_CACHE_HOME") or (Path.home() / ".cache" if Path.home() != Path("/") else None)
    if home is None:
        return None
    own = hashlib.sha256((Path(__file__).parent / "scan.py").read_bytes()).hexdigest()[:16]
    folder = Path(home) / "slarules" / f"readers-{own}-{numba.__version__}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return str(folder) if os.access(folder, os.W_OK) else None


_FOLDER = _kept() if COMPILED else None


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function as machine code, or itself. It frees Python's lock, so that threads run side by side."""
    if not COMPILED:
        return function
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = _FOLDER or before
    try:
        made = numba.njit(cache=_FOLDER is not None, nogil=True, boundscheck=False)(function)
    finally:
        numba.config.CACHE_DIR = before
    return cast(Callable[P, R], made)
