"""The weeks in which random tickets are lived, and the calendars they choose from."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

Json = dict[str, Any]

HOUR = 3600


WORKDAYS = ("mon", "tue", "wed", "thu", "fri")


WEEK = (*WORKDAYS, "sat", "sun")


PERIODS: tuple[tuple[str, str], ...] = (
    # A Thursday or so before the clocks change, and a zone in which they do.
    ("2025-03-06", "America/New_York"),
    ("2025-10-30", "America/New_York"),
    ("2025-03-07", "America/Denver"),
    ("2025-10-31", "America/Los_Angeles"),
    ("2025-03-27", "Europe/Rome"),
    ("2025-10-23", "Europe/Rome"),
    ("2025-10-24", "Europe/London"),
    ("2025-04-03", "Pacific/Auckland"),
    ("2025-09-25", "Pacific/Auckland"),
    ("2025-04-03", "Australia/Lord_Howe"),  # by half an hour
    ("2025-04-03", "America/Santiago"),  # 24:00 becomes 23:00
    ("2025-09-04", "America/Santiago"),  # a day that begins at 01:00
    # Weeks without a change.
    ("2025-06-11", "Asia/Kolkata"),
    ("2025-12-29", "America/Denver"),  # the year ends
    ("2025-01-29", "UTC"),  # the month ends
    ("2024-02-27", "Europe/Rome"),  # a leap day
)


def calendars_of(period: str, zone: str) -> Json:
    """The calendars that tickets of one period choose from; fixed, so that a run reads each minute once."""
    office = {day: [["09:00", "17:00"]] for day in WORKDAYS}
    lunch = {day: [["08:00", "12:00"], ["13:00", "17:30"]] for day in WORKDAYS}
    start = date.fromisoformat(period)
    day = [(start + timedelta(days=after)).isoformat() for after in range(6)]
    return {
        "office": {"zone": zone, "weekly": office},
        "lunch": {"zone": zone, "weekly": {**lunch, "sat": [["09:00", "13:00"]]}},
        "round": {"zone": zone, "weekly": {one: [["00:00", "24:00"]] for one in WEEK}},
        "night": {"zone": zone, "weekly": {one: [["22:00", "06:00"]] for one in (*WORKDAYS, "sun")}},
        "holiday": {"zone": zone, "weekly": office, "closed": [day[1], day[4]]},
        "irregular": {
            "zone": zone,
            "weekly": lunch,
            "extra_open": {day[3]: [["12:00", "20:00"]]},
            "extra_closed": {day[2]: [["10:00", "11:30"]], day[1]: [["15:00", "18:00"]]},
        },
        "elsewhere": {"zone": "Asia/Kolkata" if zone != "Asia/Kolkata" else "Europe/Rome", "weekly": office},
        "either": {"union": ["office", "night"]},
        "both": {"intersection": ["lunch", "round"]},
        "without": {"minus": ["round", "office"]},
    }


COMPOSITE = {"either": ["office", "night"], "both": ["lunch", "round"], "without": ["round", "office"]}


def ordinal(text: str) -> int:
    return date.fromisoformat(text).toordinal()
