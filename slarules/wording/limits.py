"""Limits in words: by when something is owed."""

from __future__ import annotations

from typing import assert_never

from slarules.model.expression import Pattern
from slarules.model.limit import (
    BeforeTermEnds,
    ByEndOf,
    Column,
    Continuously,
    Counted,
    CountedIn,
    EachDay,
    Every,
    Later,
    Limit,
    Milestone,
    NextClose,
    NthClose,
    OnEach,
    Sooner,
    Within,
)
from slarules.model.value import AsRead, Civil, Elapsed
from slarules.wording.events import happens
from slarules.wording.grammar import counted as _counted
from slarules.wording.grammar import listed, ordinal, quoted, words
from slarules.wording.values import fact as recorded
from slarules.wording.values import length
from slarules.wording.voice import Voice

ALWAYS = "Always"
Span = Elapsed | Civil | Column | Counted | AsRead


def limit(given: Limit, voice: Voice) -> str:
    """By when, as an adverbial: `within 2 hours counted in BusinessHours`, `by the end of the agreed date`."""
    match given:
        case Within():
            return _within(given, voice)
        case Every(span, basis):
            lead = "at intervals of" if isinstance(span, Column) else "every"
            return f"{lead} {span_words(span, voice)}{_basis(basis, voice)}"
        case EachDay(calendar):
            every_day = calendar == ALWAYS
            return "each day, weekends and holidays included" if every_day else f"each day of {words(calendar)}"
        case OnEach(fact):
            return f"on each of {recorded(fact, voice)}"
        case ByEndOf(date, close_in, _, before, earliest):
            on = recorded(date, voice)
            if before is not None:
                return f"{so_long_before(before, earliest)} {on}"
            return f"by the end of {on}" if close_in is None else f"by the close of {words(close_in)} on {on}"
        case NextClose(calendar):
            return f"by the next close of {words(calendar)}"
        case NthClose(calendar, n):
            return f"by the close of the {ordinal(n)} open day of {words(calendar)} thereafter"
        case Sooner(parts):
            return f"by the sooner of these: {listed((limit(one, voice) for one in parts), 'or')}"
        case Later(parts):
            return f"by the later of these: {listed((limit(one, voice) for one in parts), 'or')}"
        case BeforeTermEnds(span, earliest):
            return f"{so_long_before(span, earliest)} the term ends"
        case Continuously():
            return "continuously"
        case AsRead():
            return voice.read(given, lambda inner: limit(inner, voice), "by the time")
    assert_never(given)


def so_long_before(far: Civil | Counted, earliest: Civil | Counted | None) -> str:
    """`no later than 60 days before`, `on the very day that is 5 open days of BusinessHours before`."""
    when = "on the very day that is" if earliest == far else "no later than"
    first = f"no earlier than {days_back(earliest)} and " if earliest is not None and earliest != far else ""
    return f"{first}{when} {days_back(far)} before"


def days_back(far: Civil | Counted) -> str:
    """So many days; the open days of a calendar where they are counted in one."""
    if isinstance(far, Counted) and isinstance(far.span, Civil) and far.basis.calendar != ALWAYS:
        return f"{_counted(far.span.days, 'open day')} of {words(far.basis.calendar)}"
    return length(far.span if isinstance(far, Counted) else far)


def _within(given: Within, voice: Voice) -> str:
    lead = "in less than" if given.strict else "within"
    if given.span == Elapsed(0) and not given.strict and given.basis is None:
        return f"at once{_after(given.after, voice)}"
    span, basis = given.span, given.basis
    if isinstance(span, Civil) and isinstance(basis, CountedIn) and basis.calendar != ALWAYS and not span.months:
        return f"{lead} {_counted(span.days, 'open day')} of {words(basis.calendar)}{_after(given.after, voice)}"
    return f"{lead} {span_words(span, voice)}{_basis(basis, voice)}{_after(given.after, voice)}"


def _after(after: Pattern | Milestone | None, voice: Voice) -> str:
    match after:
        case None:
            return ""
        case Milestone(duty):
            return f" after {quoted(duty)} is performed"
        case Pattern():
            return f" after {happens(after, voice)}"
    assert_never(after)


def span_words(span: Span, voice: Voice) -> str:
    """How long: written out, in a table's column, or as a reading says."""
    match span:
        case Elapsed() | Civil():
            return length(span)
        case Column(_, column):
            return time_of(column)
        case Counted(inner, basis):
            return f"{length(inner)} {counted_in(basis)}"
        case AsRead():
            return voice.read(span, lambda inner: span_words(inner, voice), "the time")
    assert_never(span)


def time_of(column: str) -> str:
    """The time that a table's column gives: `the response time`; one not called a time: `the time “first response”`."""
    return f"the {words(column)}" if words(column).lower().endswith("time") else f"the time {quoted(column)}"


def counted_in(basis: CountedIn) -> str:
    """Which time counts: `counted in BusinessHours`; all of it: `counted day and night`."""
    return "counted day and night" if basis.calendar == ALWAYS else f"counted in {words(basis.calendar)}"


def _basis(basis: CountedIn | AsRead | None, voice: Voice) -> str:
    match basis:
        case None:
            return ""
        case CountedIn():
            return f" {counted_in(basis)}"
        case AsRead():
            return " " + voice.read(basis, counted_in, "counted")
    assert_never(basis)


def otherwise(given: Limit | None, voice: Voice) -> str:
    """What holds where a date was past already (R29), as a sentence; nothing where the limit does not say."""
    match given:
        case Within(otherwise=Civil() | Elapsed() as instead) | ByEndOf(otherwise=Civil() | Elapsed() as instead):
            by = "at once" if instead in (Elapsed(0), Civil(0, 0)) else f"within {length(instead)}"
            return f"where that time is past already when it arises, it is due {by} instead"
        case Sooner(parts) | Later(parts):
            return "; ".join(one for one in (otherwise(part, voice) for part in parts) if one)
        case AsRead(_, options):
            found = [(name, otherwise(option, voice)) for name, option in options.items()]  # type: ignore[arg-type]
            return "; ".join(f"under {quoted(name)}, {one}" for name, one in found if one)
    return ""


def columns(given: object) -> tuple[Column, ...]:
    """The tables' columns that a limit asks, in the order met."""
    match given:
        case Within(span=Column() as one) | Every(span=Column() as one):
            return (one,)
        case Sooner(parts) | Later(parts):
            return tuple(found for part in parts for found in columns(part))
        case AsRead(_, options):
            return tuple(found for option in options.values() for found in columns(option))
    return ()
