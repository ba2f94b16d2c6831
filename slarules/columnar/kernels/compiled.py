"""Compiles a kernel where numba is installed. What was compiled is kept in a folder named by the kernels' own text."""

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
"""Whether kernels are machine code here."""


def _kept() -> str | None:
    """Where machine code is kept: numba's own keys miss a change in another file, ours is a hash of all of them."""
    home = os.environ.get("XDG_CACHE_HOME") or (Path.home() / ".cache" if Path.home() != Path("/") else None)
    if home is None:
        return None
    own = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        own.update(path.read_bytes())
    folder = Path(home) / "slarules" / f"kernels-{own.hexdigest()[:16]}-{numba.__version__}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return str(folder)


_FOLDER = _kept() if COMPILED else None


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function as machine code, or itself. It frees Python's lock, so that threads run side by side."""
    return _made(function, False)


def small(function: Callable[P, R]) -> Callable[P, R]:
    """The same for a function that is put in place of each call: a call with several arrays costs more than it."""
    return _made(function, True)


def _made(function: Callable[P, R], within: bool) -> Callable[P, R]:
    if not COMPILED:
        return function
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = _FOLDER or before
    try:
        how = {"cache": _FOLDER is not None, "nogil": True, "boundscheck": False, "forceinline": within, "_nrt": False}
        made = numba.njit(**how)(function)
    finally:
        numba.config.CACHE_DIR = before
    return cast(Callable[P, R], made)
