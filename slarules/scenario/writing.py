"""Lines of scenarios, written: exact, so that reading them again gives the same events and expectations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from slarules.calendars import zones
from slarules.model.calendar import Supplied
from slarules.model.event import Event, Raw
from slarules.model.value import HOUR, MINUTE, Civil, Elapsed, Money, Unknown
from slarules.model.verdict import Verdict
from slarules.scenario.script import UNKNOWN, Expectation, OfNextChange, OfRule, OfValue

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PLAIN_ID = re.compile(r"[A-Za-z_]\w*", re.ASCII)
UNITS = (("hour", HOUR), ("minute", MINUTE))


class CannotBeWritten(ValueError):
    """What no line of the language can say, and why."""


def moment(instant: int, zone: str, near: int | None = None) -> str:
    """``2026-03-02 08:00``; the time alone on the date of ``near``."""
    tz = zones.zone(zone)
    local = zones.moment(instant, tz)
    clock = f"{local.hour:02d}:{local.minute:02d}"
    clock += f":{local.second:02d}" if local.second or local.microsecond else ""
    clock += f".{local.microsecond:06d}".rstrip("0") if local.microsecond else ""
    if near is not None and zones.moment(near, tz).date() == local.date():
        return clock
    return f"{local.year:04d}-{local.month:02d}-{local.day:02d} {clock}"


def can_be_said(instant: int, zone: str) -> bool:
    """Whether a scenario can write the instant in that zone: not in an hour that its clocks double."""
    local = zones.moment(instant, zones.zone(zone)).replace(tzinfo=None)
    try:
        return zones.instant(local, zone) == instant
    except (zones.GapError, zones.FoldError, zones.OutOfRange):
        return False


def certain_moment(instant: int, zone: str, near: int | None = None) -> str:
    """The same as `moment`. Raises CannotBeWritten where clocks show that time twice."""
    if not can_be_said(instant, zone):
        raise CannotBeWritten(f"clocks in {zone} show {moment(instant, zone)} twice")
    return moment(instant, zone, near)


def line_words(event: Event, zone: str, at: int | None = None) -> str:
    """A whole line: ``2026-03-02 08:00  T1 opened by Customer, severity 1``; ``at``: where it stands, if later."""
    stands = event.at if at is None else at
    return f"{moment(stands, zone)}  {event_words(event, zone, stands)}"


def event_words(event: Event, zone: str, at: int) -> str:
    """What happened, of a line that stands at ``at``."""
    facts = dict(event.facts)
    words = f"{event.subject} {event.type}"
    if event.target is not None:
        words += f" {event.target}"
    if event.type == "waiting" and "on" in facts:
        words += f" on {facts.pop('on')}"
    if event.actor is not None:
        words += f" by {event.actor}"
    if event.agreement is not None:
        words += f" under {event.agreement}"
    return ", ".join([words, *_facts(facts, zone, at), *_rest(event, zone, at)])


def _facts(facts: dict[str, Raw], zone: str, at: int) -> Iterator[str]:
    for name, value in facts.items():
        match value:
            case bool():
                yield name if value else f"not {name}"
            case int() if name == "at":
                yield f"happened at {moment(value, zone, at)}"
            case tuple():
                yield f"{name} {' and '.join(map(str, value))}"
            case _:
                yield f"{name} {_value(value)}"


def _value(value: object) -> str:
    """A fact's value; words that are no name and no number stand in quotation marks."""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, int | Decimal) or NAME.fullmatch(text):
        return text
    if re.fullmatch(r"\d{4}-\d\d-\d\d|\d+(\.\d+)?( [A-Z]{3})?", text):
        return text
    return f"“{text}”" if '"' in text else f'"{text}"'


def _rest(event: Event, zone: str, at: int) -> Iterator[str]:
    """Its id where it is not the one it gets by itself, its source, and when it became known."""
    if PLAIN_ID.fullmatch(event.id):
        yield f"id {event.id}"
    if event.source != "desk":
        yield f"source {event.source}"
    if event.sequence is not None:
        yield f"sequence {event.sequence}"
    if event.at != at:
        yield f"happened at {moment(event.at, zone, at)}"
    late = at if event.at != at else None
    if event.recorded_at is not None and event.recorded_at != late:
        yield f"recorded at {moment(event.recorded_at, zone, at)}"


# ---- What parties supplied ---------------------------------------------------------------------------------


def supplied_words(supplied: Mapping[str, Supplied]) -> list[str]:
    """``supplied Holidays 2026-12-25 known until 2026-12-31``, a line for each list or calendar."""
    lines = []
    for name, given in supplied.items():
        if given.windows:
            days = (
                f"{day} " + " and ".join(f"{_clock(w.opens)} to {_clock(w.closes)}" for w in windows)
                for day, windows in given.windows
            )
            lines.append(f"supplied {name} {' '.join(days)}")
        else:
            dates = " and ".join(str(day) for day in given.dates) or "none"
            lines.append(f"supplied {name} {dates} known until {given.known_until}")
    return lines


def _clock(micros: int) -> str:
    seconds = micros // 1_000_000
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}" + (f":{seconds % 60:02d}" if seconds % 60 else "")


# ---- What is expected ------------------------------------------------------------------------------------


def expectation_words(expected: Expectation, zone: str, at: int) -> str:
    """``expect T1 respond#1 met at 08:59, due at 09:00``, of a line that stands at ``at``."""
    match expected:
        case OfNextChange(change):
            return f"expect next change at {moment(change, zone, at)}"
        case OfValue(subject, name, _, value):
            return f"expect {subject} {name} is {_plain(value)}"
        case OfRule():
            return _of_rule(expected, zone, at)


def _of_rule(expected: OfRule, zone: str, at: int) -> str:
    words = f"expect {expected.subject} {expected.rule}"
    words += f"#{expected.number}" if expected.number is not None else ""
    ended_by = expected.ended_by is not None and expected.state == "ended" and not expected.negated
    if expected.state is not None and not ended_by:
        said = state_words(expected.state)
        words += f" not {said}" if expected.negated else f" {said}"
    details = []
    for form, instant in (("at", expected.at), ("due at", expected.due), ("performed at", expected.performed)):
        if instant is not None:
            details.append(f"{form} {moment(instant, zone, at)}")
    if expected.late_by is not None:
        details.append(f"performed late by {exact_length(expected.late_by)}")
    details += [f"for want of {name}" for name in expected.missing]
    if expected.ended_by is not None:
        details.append(f"ended by {expected.ended_by}")
    if not details:
        return words
    join = " " if expected.state is None or details[0].startswith(("at ", "for ", "ended ")) else ", "
    return words + join + ", ".join(details)


def state_words(state: str) -> str:
    """A verdict's state as a line says it."""
    return {"out_of_scope": "out of scope"}.get(state, state)


def _plain(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Money(amount, currency):
            return f"{amount:f} {currency}"
        case Decimal():
            return f"{value:f}"
        case Elapsed(micros):
            return exact_length(micros)
        case Civil(days, months):
            return " ".join(f"{n} {unit}" for n, unit in ((months, "months"), (days, "days")) if n) or "0 days"
        case str() if value != UNKNOWN and not NAME.fullmatch(value):
            return f'"{value}"'
        case _:
            return str(value)


def can_be_expected(value: object) -> bool:
    """Whether a scenario has words for the value: it has no sign for what is less than nothing."""
    match value:
        case Money(amount):
            return amount >= 0
        case Decimal():
            return value >= 0
        case Elapsed(micros):
            return micros >= 0
        case Unknown() | None:
            return False
    return True


def exact_length(micros: int) -> str:
    """Microseconds as a scenario reads them: ``1 hour 30 minutes``, ``0.5 seconds``."""
    left, said = micros, []
    for unit, size in UNITS:
        many, left = divmod(left, size)
        if many:
            said.append(f"{many} {unit}{'' if many == 1 else 's'}")
    if left or not said:
        seconds = Decimal(left) / 1_000_000
        said.append(f"{seconds.normalize():f} second{'' if seconds == 1 else 's'}")
    return " ".join(said)


def certain_length(micros: int) -> str:
    """The same as `exact_length`. Raises CannotBeWritten for none, and for one that is negative."""
    if micros <= 0:
        raise CannotBeWritten("a length of time that is none cannot be written")
    return exact_length(micros)


def seen_words(verdict: Verdict, several: bool) -> OfRule:
    """An expectation of what a verdict says now; ``several``: its number tells it from other instances."""
    missing = tuple(name.rsplit(" ", 1)[-1] for name in verdict.missing if NAME.fullmatch(name.rsplit(" ", 1)[-1]))
    bare = verdict.rule in ("prohibition", "right", "scope", "choice")
    at = verdict.deadline if verdict.state in ("breached", "missed") and not bare else None
    due = verdict.deadline if at is None and not bare else None
    return OfRule(
        verdict.subject or "agreement",
        verdict.duty,
        verdict.number if several else None,
        verdict.state,
        at=at if at is not None else verdict.performed_at if verdict.state in ("met", "reached") else None,
        due=due,
        late_by=verdict.late_by,
        missing=missing,
        ended_by=verdict.ended_by if verdict.ended_by and NAME.fullmatch(verdict.ended_by) else None,
    )
