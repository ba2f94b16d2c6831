"""A folder of the user's for what can be made again: machine code, tables of the grammar. Nothing rests on it."""

from __future__ import annotations

import os
from pathlib import Path


def folder(name: str) -> Path | None:
    """The folder of this name, made if it is not there; None: there is none to write to.

    It stands in ``$XDG_CACHE_HOME``, else in ``~/.cache``.
    """
    home = os.environ.get("XDG_CACHE_HOME") or (Path.home() / ".cache" if Path.home() != Path("/") else None)
    if home is None:
        return None
    found = Path(home) / "slarules" / name
    try:
        found.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return found if os.access(found, os.W_OK) else None
