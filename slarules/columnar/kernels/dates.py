"""Dates of the contract's own zone: so many days or months after an instant's, by the end of it (R14).

Equal to ``calendars.civil``.
"""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.clocks import local_day
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.layout import (
    MANY,
    S_BEYOND,
    T_DAY_STARTS,
    T_DAYS,
    T_OWN_ZONE,
)


@compiled
def day_start(memory: Any, day: int) -> int:
    """The first instant of a date of the contract's zone; the ticket is beyond the kernels where there is none."""
    if day < 0 or day >= memory[T_DAYS]:
        memory[S_BEYOND] = MANY
        return 0
    return int(memory[memory[T_DAY_STARTS] + memory[T_OWN_ZONE] * memory[T_DAYS] + day])


@compiled
def end_after(memory: Any, start: int, days: int) -> int:
    """The end of the date so many days after an instant's, which is the next date's first instant."""
    return day_start(memory, local_day(memory, memory[T_OWN_ZONE], start) + days + 1)


@compiled
def in_months(memory: Any, start: int, span: int) -> int:
    """The end of the date so many months and days after an instant's; ``span`` holds days, months, 1 for rounding up
    in 20 bits each."""
    day = local_day(memory, memory[T_OWN_ZONE], start)
    return day_start(memory, _months_on(day, (span >> 20) & 0xFFFFF, span >> 40) + (span & 0xFFFFF) + 1)


@compiled
def _months_on(day: int, months: int, up: int) -> int:
    """The same day of the month so many months on; what does not exist is rounded. Days count from 1970-01-01."""
    days = day + 719_468  # from 0000-03-01
    era = days // 146_097
    of_era = days - era * 146_097
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    march = (5 * of_year + 2) // 153  # the month, March is 0
    wanted = of_year - (153 * march + 2) // 5
    total = (year + era * 400) * 12 + march + months
    first, after = _month_start(total), _month_start(total + 1)
    if wanted < after - first:
        return first + wanted
    return after if up else after - 1


@small
def _month_start(months: int) -> int:
    """The first day of a month, months counted from March of the year 0."""
    year, march = months // 12, months % 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * march + 2) // 5 - 719_468
