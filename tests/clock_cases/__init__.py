"""Cases that restate the test suites of help desks and of libraries for business time."""

from __future__ import annotations

from tests.clock_cases.judging import disagreements, main
from tests.clock_cases.open_time import calendar_of

__all__ = ["calendar_of", "disagreements", "main"]
