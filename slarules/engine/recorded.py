"""What was recorded of a fact as a value of its type; what fits no type of the contract is no value."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from slarules.calendars.zones import BEGINNING, EARLY, END, EPOCH, FIRST_YEAR, LAST_YEAR, MICROSECOND
from slarules.model.rules import FactType
from slarules.model.value import Money, Value

_WHOLE = re.compile(r"(-?[0-9]+)\.0+")
_HOUR_AND_MINUTE = r"(?:[01]\d|2[0-3]):?[0-5]\d"
_INSTANT = re.compile(
    rf"\d{{4}}-\d\d-\d\d[Tt ](?=..:){_HOUR_AND_MINUTE}(?::\d\d(?:[.,]\d{{1,6}})?)?(?:[Zz]|[+-]{_HOUR_AND_MINUTE})",
    re.ASCII,
)


def name_among(names: Collection[str], raw: object) -> str | None:
    """Which of the names was recorded, or None.

    `3.0` is `3`: spreadsheets and data frames write whole numbers so where some are missing.
    """
    name = str(raw).strip()
    if name in names:
        return name
    whole = _WHOLE.fullmatch(name)
    return whole[1] if whole and whole[1] in names else None


def instant_of(raw: object) -> int | None:
    """The instant that was recorded, as RFC 3339 writes it or in microseconds since 1970; None: it is none."""
    if isinstance(raw, str) and _INSTANT.fullmatch(raw):
        try:
            found = (datetime.fromisoformat(raw.upper()) - EPOCH) // MICROSECOND
        except ValueError:  # 30 February, second 60
            return None
        return found if BEGINNING <= found < END else None
    return raw if type(raw) is int and EARLY <= raw < END else None


def typed_value(kind: FactType, raw: object) -> Value | None:
    """A recorded value as a fact of this type, or None where it is none."""
    try:
        match kind.kind:
            case "yes_no":
                return _yes_no(raw)
            case "one_of":
                return name_among(kind.values, raw)
            case "number" | "hours":
                if isinstance(raw, bool):
                    return None
                number = Decimal(str(raw))
                return number if number.is_finite() else None
            case "date":
                return _date(raw)
            case "dates":
                several = raw if isinstance(raw, (tuple, list)) else str(raw).split()
                return tuple(_date(one) for one in several)
            case "money":
                return _money(raw, kind.currency)
            case _:
                return str(raw)
    except (ValueError, InvalidOperation):
        return None


def _date(raw: object) -> date:
    """A date of the calendars' years; exports write 9999-12-31 for what has no end. Raises ValueError."""
    day = raw if isinstance(raw, date) else date.fromisoformat(str(raw))
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(day)
    return day


def _yes_no(raw: object) -> bool | None:
    if isinstance(raw, bool):
        return raw
    return {"yes": True, "true": True, "no": False, "false": False}.get(str(raw).lower())


def _money(raw: object, currency: str | None) -> Money | None:
    if isinstance(raw, Money):
        return raw if raw.currency == currency else None
    words = str(raw).split()
    if (len(words) == 2 and words[1] != currency) or len(words) not in (1, 2) or isinstance(raw, bool):
        return None
    number = Decimal(words[0])
    return Money(number, currency or "") if number.is_finite() else None
