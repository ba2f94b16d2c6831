"""Functions as machine code where numba is installed, and as they are where it is not: one source for both.

What was compiled is kept in a folder of the user's, named by a hash of the sources: numba's own keys miss a change in
another file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from slarules import kept

P = ParamSpec("P")
R = TypeVar("R")

numba: Any
try:
    import numba
except ImportError:  # the extra `fast` is not installed
    numba = None

COMPILED = numba is not None and not numba.config.DISABLE_JIT
"""Whether functions are machine code here."""


def folder_for(name: str, sources: Iterable[Path]) -> str | None:
    """Where the machine code of these sources is kept; None: nowhere, it is made anew each time."""
    if not COMPILED:
        return None
    own = hashlib.sha256()
    for path in sorted(sources):
        own.update(path.read_bytes())
    found = kept.folder(f"{name}-{own.hexdigest()[:16]}-{numba.__version__}")
    return None if found is None else str(found)


def compiled(function: Callable[P, R], folder: str | None, **options: Any) -> Callable[P, R]:
    """The function as machine code, or itself. It frees Python's lock, so that threads run side by side."""
    if not COMPILED:
        return function
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = folder or before
    try:
        made = numba.njit(cache=folder is not None, nogil=True, boundscheck=False, **options)(function)
    finally:
        numba.config.CACHE_DIR = before
    return cast(Callable[P, R], made)
