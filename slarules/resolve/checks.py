"""Checks that need the whole contract."""

from __future__ import annotations

from slarules.model.contract import Terms
from slarules.model.value import AsRead
from slarules.resolve.names import Names
from slarules.resolve.terms import Uses


def check(terms: Terms, names: Names, uses: Uses, zone: str | AsRead | None, calendars_check: bool) -> None:
    pass
