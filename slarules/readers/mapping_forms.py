"""How a mapping file says that times and numbers are written."""

from __future__ import annotations

from slarules.calendars import zones
from slarules.diagnostics import nearest
from slarules.readers.day_numbers import ROUNDED, SYSTEMS
from slarules.readers.instants import TimeFormat, compile_pattern
from slarules.readers.mapping import PRECISIONS
from slarules.readers.numbers import THOUSANDS, NumberFormat
from slarules.readers.toml_tables import Table


def time_format(root: Table) -> TimeFormat:
    """How times are written."""
    table = root.table("time")
    pattern, century = table.text("format"), table.number_of("century", (1900, 2000))
    if pattern is not None:
        try:
            compile_pattern(pattern, century)
        except ValueError as wrong:
            table.wrong("format", f"cannot be read: {wrong}", _mended(str(wrong)), "E0606")
            pattern = None
    zone = table.text("zone")
    if zone is not None:
        try:
            zones.zone(zone)
        except zones.UnknownZone as wrong:
            table.wrong("zone", f"does not exist: {wrong}", _near_zone(zone), "E0605")
            zone = None
    day_numbers, rounded = _day_numbers(root, table)
    if century is not None and "%y" not in (pattern or "%y"):
        table.wrong("century", "says nothing without `%y` in `format`", "leave it out", "E0608")
    gap, fold = table.one_of("gap", ["shift"]), table.one_of("fold", ["first", "second"])
    for key, value in (("gap", gap), ("fold", fold)):
        if value is not None and "zone" not in table:
            table.wrong(key, "says nothing without a zone", "add `zone`, or leave it out", "E0608")
    table.nothing_else()
    return TimeFormat(pattern, zone, gap, fold, century, day_numbers, rounded)


def _day_numbers(root: Table, table: Table) -> tuple[int | None, int]:
    """The year from which a spreadsheet counts its days, and to what its numbers are rounded."""
    system = table.number_of("day_numbers", SYSTEMS)
    if system is None:
        return None, 1
    if "format" in table:
        table.wrong("format", "says nothing of numbers of days", "leave it or `day_numbers` out", "E0608")
    if "zone" not in table:
        table.needed("zone", "a number of days is a time on somebody's clock: say in which zone it hangs")
    precision = root.values.get("precision")
    if precision in ROUNDED:
        return system, ROUNDED[precision]
    why = 'a fraction of a day is hardly ever exact: say `precision = "minute"`, or `"second"` or `"hour"`'
    if precision is None:
        root.needed("precision", why)
    elif precision in PRECISIONS:
        root.wrong("precision", f"cannot be `{precision}` beside `day_numbers`", why, "E0608")
    return system, 1


def _mended(wrong: str) -> str | None:
    """What to do about a time that no format reads."""
    if wrong.startswith(("it has no hour", "it has no minute")):
        return "a date alone names no instant: name the column with the time of day too, `at = [\"Date\", \"Time\"]`"
    if "`%y`" in wrong:
        return "two digits do not say the century: add `century = 2000`, or write the year in four first, for `%Y`"
    if wrong.startswith(("`%B`", "`%A`", "`%a`")):
        return "names depend on the language: write the month as a number first, for `%m`"
    return None


def _near_zone(zone: str) -> str | None:
    """The zone whose last part resembles this one's: ``Roma`` or ``Europe/Roma`` for ``Europe/Rome``."""
    near = nearest(zone, zones.names())
    if near is None:
        ends = {name.rpartition("/")[2]: name for name in sorted(zones.names())}
        near = ends.get(nearest(zone.rpartition("/")[2], ends) or "")
    return f"did you mean `{near}`?" if near else None


def number_format(root: Table) -> NumberFormat:
    """How numbers are written that are text."""
    decimal, thousands = root.one_of("decimal", (".", ","), "."), root.one_of("thousands", THOUSANDS)
    if thousands == decimal:
        root.wrong("thousands", f"and `decimal` are both `{decimal}`", 'such as `decimal = ","`', "E0608")
        thousands = None
    facts = root.values.get("facts")
    several = facts.values() if isinstance(facts, dict) else ()
    times = root.values.get("times")
    lengths = times.values() if isinstance(times, dict) else ()
    numbers = [fact for fact in several if isinstance(fact, dict) and fact.get("type") in ("number", "integer")]
    if not numbers and not any(isinstance(one, dict) and "unit" in one for one in lengths):
        for key in ("decimal", "thousands"):
            if key in root:
                root.wrong(key, "says nothing: no fact is a number", 'give one `type = "number"`', "E0608")
    return NumberFormat(decimal or ".", thousands)
