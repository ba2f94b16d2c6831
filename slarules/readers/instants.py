"""Times as logs write them, to microseconds since 1970-01-01T00:00Z; what is uncertain is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from attrs import field, frozen

from slarules.calendars import zones
from slarules.readers.day_numbers import civil_time
from slarules.readers.rejects import Refused

_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?"
    r"(?:([Zz])|([+-])(\d{2}):?(\d{2}))?",
    re.ASCII,
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DIRECTIVES: Mapping[str, tuple[str, str]] = {
    "Y": ("year", r"\d{4}"),
    "y": ("short_year", r"\d{2}"),
    "m": ("month", r"\d{1,2}"),
    "b": ("month_name", r"[A-Za-z]{3}"),
    "d": ("day", r"\d{1,2}"),
    "H": ("hour", r"\d{1,2}"),
    "I": ("hour12", r"\d{1,2}"),
    "p": ("half", r"[AaPp]\.?[Mm]\.?"),
    "M": ("minute", r"\d{2}"),
    "S": ("second", r"\d{2}"),
    "f": ("fraction", r"\d+"),
    "z": ("offset", r"[Zz]|[+-]\d{2}:?\d{2}"),
}
"""What a time's pattern may hold: the letter after ``%``, the part it names, how that is written."""
_LIKELY = 3_652 * zones.DAY
"""About 1980: a time from here on is what somebody is likely to have meant."""
_UNITS = {"ns": "nanoseconds", "us": "microseconds", "ms": "milliseconds", "s": "seconds"}
"""What a column of times may count; each is a thousand of the one before."""


@frozen
class Stamp:
    """A time that its file already holds as a number, as Parquet does."""

    microseconds: int
    """Since 1970-01-01, in UTC, or on the local clock where ``naive``."""
    naive: bool
    """Whether the file names no zone."""
    unit: str = "us"
    """What the file counts: ``s``, ``ms``, ``us`` or ``ns``."""

    def __str__(self) -> str:
        try:
            return self.text
        except Refused:
            return self.counted

    @property
    def counted(self) -> str:
        """The number itself, for a time that no calendar has."""
        return f"{self.microseconds} microseconds since 1970"

    @property
    def local(self) -> datetime:
        """The same as a civil time. Raises ``Refused`` for one that no calendar has."""
        try:
            return datetime(1970, 1, 1) + timedelta(microseconds=self.microseconds)
        except OverflowError:
            raise Refused("E0631", f"the year of `{self.counted}` is outside 1970 to 2200") from None

    @property
    def text(self) -> str:
        """The same as RFC 3339 writes it, without an offset where there is none."""
        return self.local.isoformat() + ("" if self.naive else "Z")


@frozen
class TimeFormat:
    """How a log writes its times."""

    pattern: str | None = None
    """A pattern such as ``%d/%m/%Y %H:%M``; None is RFC 3339."""
    zone: str | None = None
    """The IANA zone of times that carry none; None: such times are refused."""
    gap: str | None = None
    """``shift``: a local time that a clock change skipped means that much later; None: refused."""
    fold: str | None = None
    """``first`` or ``second``: which is meant of a local time that occurs twice; None: refused."""
    century: int | None = None
    """What is added to a year of two digits; None: there are none."""
    day_numbers: int | None = None
    """The year from which a spreadsheet counts the days that its times are numbers of; None: they are written out."""
    rounded: int = 1
    """To how many microseconds a number of days is rounded."""
    _compiled: re.Pattern[str] | None = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_compiled", self._pattern())

    def _pattern(self) -> re.Pattern[str] | None:
        return compile_pattern(self.pattern, self.century) if self.pattern else None

    def instant(self, value: object) -> int:
        """The instant in microseconds. ``value`` is text, or a ``Stamp``. Raises ``Refused``."""
        if isinstance(value, Stamp):
            _refuse_another_unit(value)
            return self._local(value.local) if value.naive else value.microseconds
        if self.day_numbers is not None and isinstance(value, str | int | Decimal):
            return self._local(civil_time(str(value), self.day_numbers, self.rounded), str(value))
        if not isinstance(value, str):
            raise Refused("E0631", f"`{value}` is not a time: write it as text, such as 2026-03-02T08:00:00Z")
        if self._compiled is not None:
            naive, offset = _read_pattern(self._compiled, value.strip(), str(self.pattern), self.century)
        else:
            naive, offset = _read_iso(value)
        return self._local(naive, value) if offset is None else in_years(naive_count(naive) - offset, value)

    def _local(self, naive: datetime, text: str | None = None) -> int:
        said = text or naive.isoformat(" ")
        if not 1970 <= naive.year <= 2200:
            raise Refused("E0631", f"the year of `{said}` is outside 1970 to 2200")
        if self.zone is None:
            raise Refused("E0632", f"`{said}` names no zone: add Z or an offset, or name it in a mapping")
        return in_years(local_instant(naive, self.zone, self.gap, self.fold), said)


def rfc3339(text: str) -> int:
    """The instant that a time with an offset names, in microseconds. Raises ``Refused``."""
    naive, offset = _read_iso(text)
    if offset is None:
        raise Refused("E0632", f"`{text}` names no zone: add Z or an offset such as +01:00")
    return in_years(naive_count(naive) - offset, text)


def judged_as_of(given: datetime | str | int) -> int:
    """The instant to judge as of, in microseconds. Raises ``ValueError`` for one without a zone or out of range."""
    if isinstance(given, datetime):
        return zones.micros(given)
    if isinstance(given, str):
        try:
            return rfc3339(given)
        except Refused as refused:
            raise ValueError(f"as_of: {refused.cause}") from None
    if not isinstance(given, int):
        raise ValueError(f"as_of: text, a datetime or microseconds are wanted, not {type(given).__name__}")
    return zones.in_range(given)


def naive_count(naive: datetime) -> int:
    """Microseconds since 1970-01-01 00:00 on the same clock."""
    seconds = (naive.hour * 60 + naive.minute) * 60 + naive.second
    return (naive.toordinal() - zones.EPOCH_ORDINAL) * zones.DAY + seconds * zones.SECOND + naive.microsecond


def compile_pattern(pattern: str, century: int | None = None) -> re.Pattern[str]:
    """The regular expression of a time's pattern. Raises ``ValueError`` with what is wrong with it."""
    known = [one for one in _DIRECTIVES if century is not None or one != "y"]
    parts: list[str] = []
    named: set[str] = set()
    pieces = re.split(r"%(.)", pattern)
    for n, piece in enumerate(pieces):
        if n % 2 == 0:
            parts.append(re.escape(piece))
            continue
        if piece not in known:
            raise ValueError(f"`%{piece}` is not known: use {', '.join('%' + d for d in known)}")
        name, written = _DIRECTIVES[piece]
        if name in named:
            raise ValueError(f"`%{piece}` stands there twice")
        named.add(name)
        parts.append(f"(?P<{name}>{written})")
    for needed in ({"year", "short_year"}, {"month", "month_name"}, {"day"}, {"hour", "hour12"}, {"minute"}):
        if not needed & named:
            raise ValueError(f"it has no {min(needed, key=len)}: a time needs year, month, day, hour, minute")
    if ("hour12" in named) != ("half" in named):
        raise ValueError("`%I` and `%p` go together")
    return re.compile("".join(parts), re.ASCII)


def _read_iso(text: str) -> tuple[datetime, int | None]:
    match = _ISO.fullmatch(text)
    if match is None:
        raise Refused("E0631", f"`{text[:60]}` is not a time such as 2026-03-02T08:00:00Z")
    year, month, day, hour, minute, second, fraction, utc, sign, hours, minutes = match.groups()
    naive = _civil(text, year, month, day, hour, minute, second, fraction)
    if utc:
        return naive, 0
    return naive, _offset(text, sign, hours, minutes) if sign else None


def _read_pattern(
    compiled: re.Pattern[str], text: str, pattern: str, century: int | None
) -> tuple[datetime, int | None]:
    match = compiled.fullmatch(text)
    if match is None:
        raise Refused("E0631", f"`{text[:60]}` is not a time written as `{pattern}`")
    part: dict[str, str | None] = {name: None for name, _ in _DIRECTIVES.values()} | match.groupdict()
    name = str(part["month_name"]).lower()
    month = part["month"] or str(_MONTHS.index(name) + 1 if name in _MONTHS else 0)
    hour = part["hour"]
    if hour is None:
        hour12 = int(part["hour12"] or 0)
        if not 1 <= hour12 <= 12:
            raise Refused("E0631", f"there is no hour {hour12} on a clock of twelve hours in `{text}`")
        hour = str(hour12 % 12 + (12 if str(part["half"]).lower().startswith("p") else 0))
    year = part["year"] or str((century or 0) + int(part["short_year"] or 0))
    day, minute = str(part["day"]), str(part["minute"])
    naive = _civil(text, year, month, day, hour, minute, part["second"], part["fraction"])
    offset = part["offset"]
    if offset is None or offset in "Zz":
        return naive, None if offset is None else 0
    return naive, _offset(text, offset[0], offset[1:3], offset[-2:])


def _civil(
    text: str, year: str, month: str, day: str, hour: str, minute: str,
    second: str | None, fraction: str | None,
) -> datetime:
    """The civil time; what ``datetime`` would refuse is said in our words, and nothing is cut off."""
    if second is not None and int(second) > 59:
        raise Refused("E0631", f"`{text}` has second {second}: seconds are 00 to 59")
    if int(hour) > 23 or int(minute) > 59:
        raise Refused("E0631", f"`{text}` has no such time of day: 00:00 to 23:59")
    if fraction is not None and len(fraction) > 6:
        digits = f"`{text[:60]}` has {len(fraction)} fractional digits"
        raise Refused("E0631", f"{digits}: at most 6 are read, and none is cut off")
    try:
        micro = int(fraction.ljust(6, "0")) if fraction else 0
        return datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), micro)
    except ValueError:
        raise Refused("E0631", f"the date of `{text}` does not exist") from None


def _offset(text: str, sign: str, hours: str, minutes: str) -> int:
    """Microseconds that the local clock is ahead of UTC."""
    if int(hours) > 23 or int(minutes) > 59:
        raise Refused("E0631", f"`{text}` has an offset that does not exist")
    ahead = (int(hours) * 60 + int(minutes)) * 60 * zones.SECOND
    return -ahead if sign == "-" else ahead


def _refuse_another_unit(stamp: Stamp) -> None:
    """A number in the wrong unit makes a time that is far too late, or one in the first weeks of 1970."""
    number = stamp.microseconds
    if not 0 <= number < zones.END:
        raise Refused("E0631", f"the year of `{stamp.counted}` is outside 1970 to 2200; is its unit right?")
    if number >= zones.EARLY:
        return
    units, why = list(_UNITS.values()), "a number that stands for no time, or one of another unit"
    counted = list(_UNITS).index(stamp.unit)
    for larger in range(counted + 1, len(units)):
        number *= 1_000
        if _LIKELY <= number < zones.END:
            meant = Stamp(number, stamp.naive)
            why = f"its file says that it counts {units[counted]}, but {units[larger]} would make it `{meant}`"
            break
    raise Refused("E0631", f"`{stamp}` is in the first weeks of 1970: {why}")


def in_years(instant: int, said: str) -> int:
    """The same instant. Raises ``Refused`` where it is outside the years that there are."""
    if not 0 <= instant < zones.END:
        raise Refused("E0631", f"the year of `{said}` is outside 1970 to 2200")
    return instant


def local_instant(naive: datetime, zone: str, gap: str | None, fold: str | None) -> int:
    """The instant of a local time. Raises ``Refused`` where clocks changed and nobody said what it means."""
    tz = zones.zone(zone)
    early, late = (naive.replace(tzinfo=tz, fold=n).utcoffset() for n in (0, 1))
    if early == late and early is not None:  # certain: nearly every time there is
        return naive_count(naive) - early // zones.MICROSECOND
    try:
        return zones.instant(naive, zone)
    except zones.FoldError:
        if fold is not None:
            return zones.instant(naive, zone, 0 if fold == "first" else 1)
        message = f"`{naive}` occurs twice in {zone}: say `fold = \"first\"` or `\"second\"` in the mapping"
        raise Refused("E0633", message) from None
    except zones.GapError:
        if gap is not None:
            return zones.instant(naive, zone, 0)
        message = f"`{naive}` does not exist in {zone}, clocks skip it: say `gap = \"shift\"` in the mapping"
        raise Refused("E0633", message) from None
