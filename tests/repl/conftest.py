"""Sessions to try commands on."""

from __future__ import annotations

from pathlib import Path

import pytest

from slarules.repl.session import Session
from tests.repl.small import KNOWN, OPENED, say, started


@pytest.fixture(autouse=True)
def _honest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A mistake of the program is seen as one, and no session is kept in the user's own folder."""
    monkeypatch.setenv("SLARULES_TRACEBACK", "1")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def empty(tmp_path: Path) -> Session:
    """Under the small policy, with nothing said."""
    return started(tmp_path)


@pytest.fixture
def case(empty: Session) -> Session:
    """A ticket opened and acknowledged, and a fork for later."""
    opened = say(empty, KNOWN, OPENED, "08:30  T1 acknowledged by Trak").session
    return say(opened, "fork escalated", "switch main").session
