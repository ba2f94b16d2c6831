"""Where a session's own files are kept on this machine: its history, and sessions that were not finished."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def state_folder() -> Path | None:
    """The user's folder for the state of programs, by the platform's rules; None: there is no home."""
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "slarules"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "slarules"
    stated = os.environ.get("XDG_STATE_HOME", "")
    return (Path(stated) if Path(stated).is_absolute() else home / ".local" / "state") / "slarules"
