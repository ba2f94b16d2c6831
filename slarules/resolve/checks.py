"""Checks that need all the rules of a version at once, in one list."""

from __future__ import annotations

from datetime import date

from slarules.model.contract import Terms
from slarules.model.value import AsRead
from slarules.resolve.circles import circles, duties_in_circles
from slarules.resolve.clocks import clock_changes, public_holidays
from slarules.resolve.conflicts import disagreements
from slarules.resolve.demands import columns, demands
from slarules.resolve.exceptions import exceptions
from slarules.resolve.names import Names
from slarules.resolve.rows import rows
from slarules.resolve.terms import Uses


def check(
    terms: Terms, names: Names, uses: Uses, zone: str | AsRead | None, since: date | None, calendars_check: bool,
) -> None:
    """Tells what is wrong with the terms as a whole. ``since``: the first date on which the contract is in force."""
    demands(terms, names)
    columns(terms, names)
    rows(terms, names)
    circles(names, uses)
    duties_in_circles(terms, names)
    disagreements(terms, names)
    exceptions(terms, names)
    if calendars_check:
        clock_changes(terms, names, zone)
        public_holidays(names, since)
