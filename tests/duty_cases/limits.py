"""By when a duty of a case is to be done, in the language's words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.case_files import REMARKS, Unfit, asked, given
from tests.duty_cases.calendars import calendar_name
from tests.duty_cases.declarations import levels_of
from tests.duty_cases.versions import all_duties
from tests.duty_cases.words import COUNTED, literal, milestone

Target = Mapping[str, Any]
Duty = Mapping[str, Any]
Case = Mapping[str, Any]


def limit(duty: Duty, case: Case) -> str:
    """What follows the act: `within 2 hours counted in BH`."""
    recurring = duty.get("recurring")
    mode = recurring.get("mode") if isinstance(recurring, Mapping) else recurring
    if mode not in (None, False, True, "rolling", "each_day_of"):
        raise Unfit(f"`recurring` is rolling or each_day_of, not {mode!r}")
    kind = (duty.get("target") or {"kind": "none"})["kind"]
    if mode in (True, "rolling") and kind not in (*COUNTED, "by_severity", "by_fact"):
        raise Unfit(f"what is rolling has a period, and no target `{kind}`")
    if mode and duty.get("strict"):
        raise Unfit("`strict` cannot be said of what is recurring")
    if mode == "each_day_of":
        return f"each day of {calendar_name(recurring.get('calendar') if isinstance(recurring, Mapping) else None)}"
    word = "every" if mode else _within(duty)
    return _stated(_spread(duty.get("target") or {"kind": "none"}), word, duty, case)


def _within(duty: Duty) -> str:
    return "in less than" if duty.get("strict") else "within"


def _stated(target: Target, word: str, duty: Duty, case: Case) -> str:
    if duty.get("strict") and target["kind"] in ("next_close", "date_fact", "before_expiry"):
        raise Unfit(f"`strict` cannot be said of a target `{target['kind']}`")
    match target["kind"]:
        case "none":
            return ""
        case "by_severity" | "by_fact":
            tables = _tables(_spread(duty["target"]))
            return f"{word} {_column(duty, next(n for n, one in enumerate(tables) if one == target))}"
        case "next_close":
            return f"by the next close of {calendar_name(target['calendar'])}"
        case "date_fact":
            return _dated(target, case)
        case "before_expiry":
            return f"no later than {civil(_before(target))} before the term ends"
        case "sooner_of" | "later_of":
            *others, last = (_stated(part, _within(duty), duty, case) for part in _parts(target))
            for one in reversed(others):  # the language takes two at a time
                last = f"by the {target['kind'].split('_')[0]} of {one} and {last}"
            return last
    return f"{word} {_counted(target, case)}"


def _before(target: Target) -> Target:
    """How long before the term ends: in the target itself, or in an object within it."""
    inner = next((value for value in target.values() if isinstance(value, Mapping)), target)
    return {unit: value for key, value in inner.items() for unit in ("months", "days", "rounding") if unit in key}


def _parts(target: Target) -> list[Target]:
    found = next((value for key, value in target.items() if isinstance(value, list) and key not in REMARKS), None)
    found = found or [value for value in target.values() if isinstance(value, Mapping) and "kind" in value]
    if not found:
        raise Unfit(f"a target `{target['kind']}` names no limits")
    return [asked(part, dict, f"a limit of a target `{target['kind']}`") for part in found]


def _dated(target: Target, case: Case) -> str:
    by = f"by the end of {target['fact']}"
    if target.get("calendar"):
        by = f"by the close of {target['fact']} in {calendar_name(target['calendar'])}"
    for key, value in target.items():
        if key.startswith("otherwise") and value is not None:
            if isinstance(value, Mapping):
                return f"{by} otherwise within {_counted(value, case)}"
            return f"{by} otherwise within " + (f"{value} days" if "days" in key else seconds(value))
    return by


def _counted(target: Target, case: Case) -> str:
    kind = target["kind"]
    after = milestone(target)
    duties = {duty["name"] for duty in all_duties(case["contract"])}
    tail = f" after {after}{' performed' if after in duties else ''}" if after else ""
    match kind:
        case "elapsed":
            return f"{seconds(given(target, 'seconds', object, 'target'))}{tail}"
        case "business":
            return f"{seconds(given(target, 'seconds', object, 'target'))}{tail} counted in {_calendar(target, case)}"
        case "business_days":
            return f"{given(target, 'days', int, 'target')} days{tail} counted in {_calendar(target, case)}"
        case "civil":
            return f"{civil(target)}{tail}"
    raise Unfit(f"a target of an unknown kind: `{kind}`")


def _calendar(target: Target, case: Case) -> str:
    """The calendar that a target counts: the contract's only one, where it names none."""
    known = list(case["contract"].get("calendars") or {})
    if not target.get("calendar") and len(known) > 1:
        raise Unfit(f"a target `{target['kind']}` names none of several calendars")
    return calendar_name(target.get("calendar") or (known[0] if known else None))


def civil(target: Target) -> str:
    """Months, days or both, with the rounding that months need."""
    parts = [f"{target[unit]} {unit}" for unit in ("years", "months", "weeks", "days") if target.get(unit)]
    rounding = f" rounding {target.get('rounding') or 'down'}" if target.get("months") or target.get("years") else ""
    return (" ".join(parts) or "0 days") + rounding


def seconds(amount: Any) -> str:
    """Seconds, in the greatest unit that they fill."""
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        raise Unfit(f"`seconds` must be a number, and is {amount!r}")
    for unit, size in (("hours", 3600), ("minutes", 60)):
        if amount and amount % size == 0:
            return f"{int(amount // size)} {unit}"
    return f"{Decimal(str(amount)).normalize():f} seconds"


def table(duty: Duty, case: Case) -> list[str]:
    """The times of a duty by severity, by a fact or by both, where they depend on it: a table for each such limit."""
    tables = enumerate(_tables(_spread(duty.get("target") or {"kind": "none"})))
    return [line for number, target in tables for line in _table(_column(duty, number), target, case)]


def _column(duty: Duty, number: int) -> str:
    return f"time_{duty['name']}" + (f"_{number + 1}" if number else "")


def _tables(target: Target) -> list[Target]:
    """The limits that depend on something: the target itself, or some of its parts."""
    if target["kind"] in ("sooner_of", "later_of"):
        return [one for part in _parts(target) for one in _tables(part)]
    return [target] if target["kind"] in ("by_severity", "by_fact") else []


def _spread(target: Target) -> Target:
    """A table whose rows have several limits each, as several tables: the language has one time in each cell."""
    rows = target.get("table") if target["kind"] in ("by_severity", "by_fact") else None
    several = [row for row in (rows or {}).values() if row is not None and row["kind"] in ("sooner_of", "later_of")]
    if not rows or not several:
        return target
    many = max(len(_parts(row)) for row in several)
    if any(row["kind"] != several[0]["kind"] for row in several):
        raise Unfit("a table with the sooner of several in one row, and the later in another")
    parts = {level: _parts(row) if row in several else [row] for level, row in rows.items()}
    columns = [{level: part[min(n, len(part) - 1)] for level, part in parts.items()} for n in range(many)]
    return {"kind": several[0]["kind"], "of": [{**target, "table": column} for column in columns]}


def _table(column: str, target: Target, case: Case) -> list[str]:
    levels = levels_of(case) if target["kind"] == "by_severity" or target.get("by_level") else [None]
    inputs = [*(["severity"] if levels != [None] else []), *([target["fact"]] if "fact" in target else [])]
    lines = [f"table {column.replace('time', 'times', 1)} by {', '.join(inputs)}"]
    lines.append(f"  | {' | '.join(inputs)} | {column} |")
    for level in levels:
        for value in target.get("is", [None]):
            row = [*([level] if level is not None else []), *([literal(value)] if value is not None else [])]
            cell = target["table"].get("/".join(row))
            said = "none" if cell is None or cell["kind"] == "none" else _counted(cell, case)
            lines.append(f"  | {' | '.join(row)} | {said} |")
    return [*lines, ""]
