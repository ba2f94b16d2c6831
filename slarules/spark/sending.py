"""Everything that a worker must know, as it is sent to each."""

from __future__ import annotations

import pickle
from functools import lru_cache
from typing import Any


def packed(known: Any) -> bytes:
    """What is known, to be sent."""
    return pickle.dumps(known, pickle.HIGHEST_PROTOCOL)


@lru_cache(maxsize=4)
def opened(sent: bytes) -> Any:
    """What was sent. The same contract each time that a worker asks: its calendars are compiled once."""
    return pickle.loads(sent)
