"""The tickets on which two rules are tried: at many instants, with each fact otherwise, done in each way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, product

from attrs import evolve

from slarules.analysis.moments import ordinary
from slarules.analysis.stories import raw
from slarules.calendars import zones
from slarules.calendars.calendar import Calendar
from slarules.comparison.courses import changed_severity, courses
from slarules.comparison.deeds import joint, ways_to_perform
from slarules.comparison.histories import FIXED, Begun, composed, soon
from slarules.comparison.instants import instants
from slarules.comparison.occasions import Bench, Occasion, occasions
from slarules.comparison.structure import OF_A_CALENDAR
from slarules.comparison.tickets import Tried, verdicts_of
from slarules.comparison.trying import (
    DUE,
    PAIRS,
    RECORDED,
    Trial,
    acted,
    first_due,
    judged,
    to_the_end,
    was_told,
)
from slarules.lint.domain import Domain, Key
from slarules.model.expression import FactRef, Happened, StatusRef
from slarules.model.limit import Column
from slarules.model.rules import OnOutcome, OnRemaining
from slarules.model.value import Unknown, Value
from slarules.model.walk import inside

FULL = 160
"""All values together are tried up to so many tickets; beyond, each alone and some pairs."""


def trial(bench: Bench) -> Trial | None:
    """The trial of a pair; None where no events were found that set any of its rules off."""
    found = tuple(occasions(bench, 0)), tuple(occasions(bench, 1))
    if not any(found):
        return None
    wanted = _wanted(found[0]), _wanted(found[1])
    zone = min(side.zone for side in bench.sides)
    made = Trial(bench, found, wanted, zones.day_start(zones.local_date(_base(bench), zone), zone))
    made.acts = joint(made)
    return made


def _wanted(several: Iterable[Occasion]) -> Mapping[Key, Value]:
    values: dict[Key, Value] = {}
    for one in several:
        for key, value in one.ordinary.items():
            if isinstance(key, (FactRef, StatusRef)):
                values.setdefault(key, value)
    return values


def tickets(made: Trial, aspect: str) -> Iterator[Tried]:
    """The tickets of one aspect with what both contracts make of them, each once, in a fixed order."""
    for occasion in (*made.occasions[0], *made.occasions[1]):
        begun = composed(made.bench, occasion, occasion.ordinary, made.wanted[1 - occasion.of])
        if begun is None:
            continue
        match aspect:
            case "due":
                yield from _over_time(made, occasion, begun)
            case "recorded":
                yield from _recorded(made, occasion)
            case "done":
                yield from ways_to_perform(made, begun)
            case "course":
                yield from courses(made, begun)
            case "changed":
                yield from changed_severity(made, begun)


# ---- The ordinary course --------------------------------------------------------------------------------------------


def _over_time(made: Trial, occasion: Occasion, begun: Begun) -> Iterator[Tried]:
    yield from judged(made, begun, DUE)
    if made.acts:
        early = soon(begun.at, first_due(made.looked(begun, begun.at)[occasion.of]))
        yield from judged(made, acted(made, begun, early), DUE)
    if begun.after == FIXED:
        yield from to_the_end(made, begun, DUE, begun.at)
        return
    opened = next(event.at for event in begun.logs[occasion.of] if event.subject == begun.subject)
    for start in _starts(made.bench, occasion.now):
        moved = _moved(made, begun, start - opened)
        if moved is not None and not was_told(made, moved, ("begun", moved.at)):
            yield from to_the_end(made, moved, DUE, moved.at)


def _moved(made: Trial, begun: Begun, by: int) -> Begun | None:
    """The history begun at another time; what follows from a breach follows from that which then comes."""
    moved = begun.shifted(by)
    if begun.after is None:
        return moved
    of, duty = begun.after
    side = made.bench.sides[of]
    begins = max(event.at for event in moved.logs[of])
    seen = verdicts_of(side, moved.logs[of], moved.subject, (duty,), begins)
    due = next((v.deadline for v in seen if v.deadline is not None), None)
    return None if due is None else evolve(moved, at=due)


def _starts(bench: Bench, now: int) -> tuple[int, ...]:
    base = _base(bench)
    calendars: dict[Calendar, None] = {}
    for of, side in enumerate(bench.sides):
        for name in _calendars(bench, of):
            if name in side.adopted.calendars and name != "Always":
                calendars[side.adopted.calendars[name]] = None
    in_order = tuple(sorted(calendars, key=lambda calendar: str(calendar.definition)))
    zoned = tuple(sorted({bench.sides[0].zone, bench.sides[1].zone}))
    return tuple(dict.fromkeys((now, *instants(base, zoned, in_order))))


def _base(bench: Bench) -> int:
    """An ordinary Monday morning under both contracts."""
    return min(ordinary(side.adopted) for side in bench.sides)


def _calendars(bench: Bench, of: int) -> list[str]:
    """The calendars that the rules of one contract name, or what they follow from."""
    terms = bench.sides[of].terms
    todo: list[object] = [*bench.rules(of), *(scope.outside for scope in terms.scopes.values())]
    names: dict[str, None] = {}
    seen: set[str] = set()
    while todo:
        for part in inside(todo.pop()):
            if isinstance(part, Column) and part.table not in seen:
                seen.add(part.table)
                table = terms.tables[part.table]
                names |= {name: None for name in table.bases if name}
                todo.append(table.rows)
            if isinstance(part, (OnOutcome, OnRemaining)) and part.duty not in seen:
                seen.add(part.duty)
                todo.append(terms.duties[part.duty])
            own = [getattr(part, field, None) for field in sorted(OF_A_CALENDAR)]
            names |= {name: None for name in own if isinstance(name, str) and name in terms.calendars}
    return list(names)


# ---- What is recorded -----------------------------------------------------------------------------------------------

Change = tuple[int, Key, Value]
"""In which contract's words, what, and its value; an `Unknown`: it is not recorded."""


def _recorded(made: Trial, occasion: Occasion) -> Iterator[Tried]:
    """Each fact that either contract asks, otherwise; the act early, and between the deadlines."""
    i = occasion.of
    domains = occasion.domain, _domain_of(made.occasions[1 - i])
    for changes in _changes(made, i, domains):
        if made.settled:
            return
        values = {i: dict(occasion.ordinary), 1 - i: dict(made.wanted[1 - i])}
        for of, key, value in changes:
            values[of][key] = value
            other = _counterpart(made.bench, of, key, value)
            if other is not None and (other[0] in values[1 - of] or other[0] in domains[1 if of == i else 0].values):
                values[1 - of][other[0]] = other[1]
        begun = composed(made.bench, occasion, values[i], values[1 - i])
        if begun is None:
            continue
        yield from to_the_end(made, begun, RECORDED, begun.at)
        yield from judged(made, begun, RECORDED)
        if made.acts:
            early = soon(begun.at, first_due(made.looked(begun, begun.at)[i]))
            yield from judged(made, acted(made, begun, early), RECORDED)


def _domain_of(several: Iterable[Occasion]) -> Domain:
    values: dict[Key, tuple[Value, ...]] = {}
    for one in several:
        for key, own in one.domain.values.items():
            values[key] = tuple(dict.fromkeys((*values.get(key, ()), *own)))
    return Domain(values)


def _counterpart(bench: Bench, of: int, key: Key, value: Value) -> tuple[Key, Value] | None:
    """The same in the other contract's words; unknown where it has none for the value."""
    language = bench.languages[of]
    if isinstance(key, FactRef) and key.name in language.facts:
        other = FactRef(language.facts[key.name])
        if isinstance(value, Unknown):
            return other, value
        said = language.fact(key.name, raw(value))
        if said is None:
            return other, Unknown(frozenset({other.name}))
        return other, said[1] if isinstance(value, str) else value  # type: ignore[return-value]
    if isinstance(key, Happened) and key.pattern.type in language.events:
        by = key.pattern.by
        party = None if by is None else language.parties.get(by, by)
        return evolve(key, pattern=evolve(key.pattern, type=language.events[key.pattern.type], by=party)), value
    return None


def _changes(made: Trial, i: int, domains: tuple[Domain, Domain]) -> Iterator[tuple[Change, ...]]:
    """All values together where they are few; else each alone, and some pairs of them."""
    each: list[list[Change]] = []
    told: set[Key] = set()
    for of, domain in ((i, domains[0]), (1 - i, domains[1])):
        for key, several in domain.values.items():
            if not isinstance(key, (FactRef, StatusRef, Happened)):
                continue
            twin = _counterpart(made.bench, of, key, several[0]) if of != i else None
            if twin is not None and twin[0] in told and not isinstance(key, FactRef):
                continue
            told.add(key)
            values = (*several, *_presumed(made, of, key))
            each.append([(of, key, value) for value in values])
    if not each:
        return
    many = 1
    for one in each:
        many *= len(one)
    if many <= FULL:
        yield from product(*each)
        return
    yield from ((change,) for one in each for change in one)
    pairs = [pair for one, other in combinations(each, 2) for pair in product(one, other)]
    yield from pairs[:: max(1, len(pairs) // PAIRS)][:PAIRS]


def _presumed(made: Trial, of: int, key: Key) -> tuple[Value, ...]:
    """That a fact is not recorded, where one of the contracts presumes it then."""
    language, name = made.bench.languages[of], getattr(key, "name", "")
    other = made.bench.sides[1 - of].terms.facts.get(language.facts.get(name, ""))
    facts = (made.bench.sides[of].terms.facts.get(name), other)
    return (Unknown(frozenset({name})),) if any(fact and fact.presumed is not None for fact in facts) else ()
