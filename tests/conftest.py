"""The same random examples on every machine; `SLARULES_RANDOM=1` draws new ones."""

from __future__ import annotations

import gc
import os

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("new", deadline=None, print_blob=True)
settings.load_profile("new" if os.environ.get("SLARULES_RANDOM") else "same")


def pytest_collection_finish() -> None:
    """What is imported and collected stays to the end: looking through it for garbage again and again takes a
    fifteenth of the whole time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)  # what a test makes has few circles, and goes when the test is over
