"""By when: each limit with the kind of time it counts, which is never guessed (R4, R14, R15, R28, R29)."""

from __future__ import annotations

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
from slarules.resolve import literals
from slarules.resolve.builtin import ADVERBS, AGREEMENT
from slarules.resolve.dates import calendar as _calendar
from slarules.resolve.dates import contract_zone, days_of
from slarules.resolve.names import Place
from slarules.resolve.patterns import outcome, pattern
from slarules.resolve.readings import LIMITS, as_read
from slarules.resolve.types import DATE, DATES, Type, of_fact, said
from slarules.syntax.tree import Node

Length = Elapsed | Civil
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def limit(node: Node, place: Place) -> Limit | None:
    """A limit, or None after a mistake told."""
    match node.kind:
        case "as_read":
            return as_read(node, place, "a limit as `within 2 hours`", LIMITS, limit)
        case "within" | "in_less_than":
            return _within(node, place)
        case "every":
            return _every(node, place)
        case "each_day":
            return EachDay(days_of(node.name, place))
        case "on_each":
            return OnEach(_dated(node.name, place, DATES, "a list of dates"))
        case "by_end_of":
            contract_zone(node, place)
            return ByEndOf(_dated(node.name, place, DATE, "a date"), None, _otherwise(node, place))
        case "by_close_of":
            day, calendar = node.all("NAME")
            fact = _dated(day, place, DATE, "a date")
            return ByEndOf(fact, days_of(calendar, place), _otherwise(node, place))
        case "next_close":
            return NextClose(_calendar(node.name, place))
        case "nth_close":
            return NthClose(days_of(node.name, place), ORDINALS.index(node.one("ORDINAL").text) + 1)
        case "sooner" | "later":
            return _of_two(node, place)
        case "before" | "on_day_before" | "window_before":
            return _before(node, place)
    return Continuously()


def basis(node: Node | None, place: Place) -> CountedIn | AsRead | None:
    """``counted in C``, ``counted as read in R``."""
    if node is None:
        return None
    if node.kind == "basis":
        return CountedIn(_calendar(node.name, place))
    kinds = frozenset(("basis",))
    return as_read(node.one("as_read"), place, "`counted in` a calendar", kinds,
                   lambda stands, inner: CountedIn(_calendar(stands.name, inner)))


def span(node: Node, place: Place) -> Length | Column | AsRead | None:
    """A length of time, written out, in a table's column, or as a reading says."""
    match node.kind:
        case "duration":
            return literals.duration(node, place.problems)
        case "as_read":
            return as_read(node, place, "a length of time", frozenset(("duration",)),
                           lambda stands, inner: literals.duration(stands, inner.problems))
    name = node.name
    table = place.names.columns.get(name.text)
    if table is None:
        help = "name a column of a table, or a time as `2 hours`"
        if name.text in ("minute", "hour"):
            help = f"write `1 {name.text}`"
        if name.text in ("day", "week", "month", "quarter", "year"):
            help = ADVERBS["daily" if name.text == "day" else "monthly"]
        place.names.missing("E0302", "column", name, place.names.columns, help)
        return None
    place.uses.add(("table", table))
    return Column(table, name.text)


def lengths(length: Length | Column | Counted | AsRead | None) -> tuple[Length, ...]:
    """What a span may come to, tables' columns apart: those are checked with the table."""
    match length:
        case Elapsed() | Civil():
            return (length,)
        case Counted(inner, _):
            return (inner,)
        case AsRead(_, options):
            return tuple(value for value in options.values() if isinstance(value, (Elapsed, Civil)))
    return ()


def _within(node: Node, place: Place) -> Within | None:
    given = node.parts[0]
    length = span(given, place)
    counted = basis(node.first("basis", "counted_as_read"), place)
    stated = node.first("basis", "counted_as_read") is not None
    after = _after(node.first("after"), place)
    otherwise = _otherwise(node, place)
    civil = [one for one in lengths(length) if isinstance(one, Civil)]
    if stated and any(one.months for one in civil):
        place.error("E0503", node.span, "months are not counted in a calendar",
                    "say the days: `within 20 days counted in …`, or leave `counted` out")
    if civil and not stated:
        contract_zone(given, place)
    if node.first("otherwise") is not None and after is None:
        place.error("E0706", node.one("otherwise").span, "an exception to nothing: this limit can always arise",
                    "`otherwise` stands with a date, or with `after` an event")
    if length is None:
        return None
    return Within(length, counted, after, node.kind == "in_less_than", otherwise)


def _after(node: Node | None, place: Place) -> Pattern | Milestone | None:
    if node is None:
        return None
    milestone = outcome(node.parts[0], place.names)
    if milestone is None:
        return pattern(node.parts[0], place, (AGREEMENT,))
    if milestone.outcome not in ("met", "performed"):
        place.error("E0514", node.span, "a limit runs from a performance, not from a breach",
                    f"say `after {milestone.duty} performed`, or make it a duty `when {milestone.duty} breached`")
    place.uses.add(("rule", milestone.duty))
    if place.names.kinds.get(milestone.duty) not in (place.kind, None):
        place.error("E0308", node.span, f"`{milestone.duty}` is about "
                    f"{place.names.noun(place.names.kinds[milestone.duty])}", "name a duty of the same subject")
    return Milestone(milestone.duty)


def _otherwise(node: Node, place: Place) -> Length | None:
    given = node.first("otherwise")
    if given is None:
        return None
    length = literals.duration(given.one("duration"), place.problems)
    if isinstance(length, Civil):
        contract_zone(given, place)
    return length


def _every(node: Node, place: Place) -> Every | None:
    given = node.parts[0]
    length = span(given, place)
    counted = basis(node.first("basis", "counted_as_read"), place)
    for one in lengths(length):
        if isinstance(one, Civil):
            means = "each date or each 24 hours" if one == Civil(days=1) else "dates or hours"
            place.error("E0508", node.span, f"`{node.span.text}` could mean {means}",
                        "say `every 24 hours`, or `each day of` a calendar" if one == Civil(days=1) else
                        f"say `every {one.days * 24} hours`" if not one.months else
                        "let a status last so long, and write `once each term of STATUS`; or say it in hours")
            return None
        if one.micros == 0:
            place.error("E0509", node.span, "what recurs needs time between", "say how long: `every 24 hours`")
            return None
    return Every(length, counted) if length is not None and not isinstance(length, Civil) else None


def _dated(name: Node, place: Place, wanted: Type, said_as: str) -> str:
    """The name of a date, or of a list of dates."""
    names = place.names
    type = names.amounts.get(name.text) if wanted == DATE else None
    if type is not None:
        place.uses.add(("amount", name.text))
    elif name.text in names.facts:
        type = of_fact(names.facts[name.text].type)
        _of_subject(name, place)
    if type is None:
        names.missing("E0302", "fact", name, (*names.facts, *names.amounts),
                      f"declare it: `fact {name.text} of …: {'list of dates' if wanted == DATES else 'date'}`")
    elif type != wanted:
        place.error("E0501", name.span, f"`{name.text}` is {said(type)}, where {said_as} stands",
                    "say `on each of` a list, and `by the end of` a date")
    return name.text


def _of_subject(name: Node, place: Place) -> None:
    kind = place.names.facts[name.text].kind
    if place.kind not in (None, "any") and kind not in (place.kind, AGREEMENT, "any"):
        noun = place.names.noun
        place.error("E0308", name.span, f"`{name.text}` is recorded of {noun(kind)}, and this is about "
                    f"{noun(place.kind)}", "use a fact of the same subject")


_RECURRING = (Every, EachDay, OnEach, Continuously)


def _of_two(node: Node, place: Place) -> Limit | None:
    found = [limit(part, place) for part in node.parts]
    for part, one in zip(node.parts, found, strict=True):
        options = one.options.values() if isinstance(one, AsRead) else (one,)
        if any(isinstance(option, _RECURRING) for option in options):
            place.error("E0518", part.span, f"`{part.span.text}` has no single deadline to choose from",
                        "name two deadlines, as `within 2 hours` and `by the end of …`")
            return None
        if any(isinstance(option, (BeforeTermEnds, ByEndOf)) and option.earliest is not None for option in options):
            place.error("E0518", part.span, f"`{part.span.text}` has a first day, which another deadline has not",
                        "make it a duty of its own, or write `no later than … before "
                        f"{'the term ends' if part.first('term_end') else 'DATE'}`")
            return None
    parts = tuple(one for one in found if one is not None)
    if len(parts) != 2:
        return None
    return Sooner(parts) if node.kind == "sooner" else Later(parts)


def _before(node: Node, place: Place) -> BeforeTermEnds | ByEndOf | None:
    """So long before a date, or before the term ends: at the latest, on that very day, or from a first day on."""
    contract_zone(node, place)
    day = node.first("NAME")
    date = "" if day is None else _dated(day, place, DATE, "a date")
    if day is None:
        has_term(node, place)
    far = [_far(part, day, place) for part in node.all("far")]
    first, last = far[0], far[-1]
    if last is None or first is None:
        return None
    if len(far) == 2 and not _begins_before(first, last, node, place):
        return None
    earliest = None if node.kind == "before" else first
    if day is None:
        return BeforeTermEnds(last, earliest)
    return ByEndOf(date, None, _otherwise(node, place), last, earliest)


def has_term(node: Node, place: Place) -> None:
    """Tell where no status has a term that could end."""
    statuses = place.names.items["status"]
    lasting = any(state.first("lasts") for item in statuses.values() for state in item.node.all("state"))
    if not lasting and not place.problems.broken & {"lasts", "status"}:
        place.error("E0302", node.span, "no status of this contract has a term that ends",
                    "say how long it lasts: `lasts 12 months rounding down` in a state")
    place.uses.update(("status", name) for name in statuses)


def _far(node: Node, day: Node | None, place: Place) -> Civil | Counted | None:
    length, counted = literals.duration(node.one("duration"), place.problems), basis(node.first("basis"), place)
    if isinstance(length, Elapsed):
        place.error("E0501", node.span, "a term ends with a date: hours do not reach back from it" if day is None else
                    f"`{day.text}` is a date: hours do not reach back from it", "say it in days")
    elif counted is None or length is None:
        return length
    elif length.months:
        place.error("E0503", node.span, "months are not counted in a calendar",
                    "say the days: `20 days counted in …`, or leave `counted` out")
    elif isinstance(counted, CountedIn):
        return Counted(length, counted)
    return None


def _begins_before(first: Civil | Counted, last: Civil | Counted, node: Node, place: Place) -> bool:
    """Whether the first day of a window does come first; days counted in two ways are not compared."""
    if isinstance(first, Counted) and isinstance(last, Counted):
        return first.basis != last.basis or begins_first(first.span, last.span, node, place)
    return isinstance(first, Counted) or isinstance(last, Counted) or begins_first(first, last, node, place)


def begins_first(most: Length | None, least: Length | None, node: Node, place: Place) -> bool:
    """Whether a window between two times before a date has a day; told where it can have none."""
    if isinstance(most, Elapsed) and isinstance(least, Elapsed):
        empty = most.micros < least.micros
    elif isinstance(most, Civil) and isinstance(least, Civil):  # a month has 28 to 31 days
        empty = most.days + 31 * most.months < least.days + 28 * least.months
    else:
        return True
    if empty:
        place.error("E0519", node.span, "this begins after it ends: the first day is the one that is longer before",
                    "`no earlier than` and `at most` stand with the longer time")
    return not empty


