"""What a rule says, freed of names: equal structures are the same rule, whatever things are called in each contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import attrs
from attrs import define, evolve, field

from slarules.analysis.points import Point
from slarules.calendars.calendar import Calendar, CalendarSpec
from slarules.comparison.language import Language
from slarules.comparison.sides import Side
from slarules.engine.expression import test
from slarules.lint.domain import keys_of
from slarules.model.calendar import CalendarRule
from slarules.model.expression import (
    AllOf,
    AllowanceRef,
    AmountRef,
    AnyOf,
    Compare,
    FactRef,
    Happened,
    InCalendar,
    Includes,
    Literal,
    NoMoreSevere,
    Not,
    OneOf,
    Pattern,
    Recorded,
    RightHolds,
    SeverityRef,
    StatusRef,
)
from slarules.model.life import Allowance
from slarules.model.limit import (
    ByEndOf,
    Column,
    Counted,
    CountedIn,
    EachDay,
    Every,
    Milestone,
    NextClose,
    NthClose,
    OnEach,
    Within,
)
from slarules.model.rules import Choice, Citation, Duty, EachTerm, Fact, OnEvent, OnOutcome, OnRemaining, OnState, Right
from slarules.model.value import Elapsed

ALWAYS = "Always"
UNSAID = frozenset(("name", "title", "citation", "object", "because"))
"""Fields that say nothing of what is owed."""
OF_A_PARTY = frozenset(
    (
        "by", "bearer", "counterparty", "bearers", "holder", "party", "designated_by", "replaceable_by", "judged_by",
        "supplied_by", "assigned_by", "changed_by", "confirmed_by", "elector", "paused_on",
    )
)  # fmt: skip
"""Fields that hold a party's name, or several."""
OF_A_CALENDAR = frozenset(("during", "outside", "calendar", "close_in"))
"""Fields that hold a calendar's name."""
OF_A_CHANGED_SEVERITY = frozenset(("rises", "falls"))
"""Fields that matter only where the severity changes."""


@define
class Names:
    """What the names of one contract are in the words that both share: those of the first."""

    side: Side
    shared: Language | None
    """From this contract's names to the first one's; None: it is the first."""
    level: str | None = None
    """The severity at which a ticket stands throughout; None: it may be any, and change."""
    entered: tuple[str, ...] = field(default=())
    """Rules that are being told already, so that circles end."""

    def of(self, which: Mapping[str, str] | None, name: str) -> Any:
        """The shared name; a name that the other contract has not got is told apart from the first one's."""
        if self.shared is None or which is None:
            return name
        return which.get(name, ("theirs", name))

    def party(self, name: str) -> Any:
        return self.of(None if self.shared is None else self.shared.parties, name)

    def event(self, name: str) -> Any:
        return self.of(None if self.shared is None else self.shared.events, name)

    def severity(self, name: str) -> Any:
        return self.of(None if self.shared is None else self.shared.severities, name)

    def at(self, level: str | None) -> Names:
        return evolve(self, level=level)


def essence(value: Any, names: Names) -> Any:
    """The structure of a rule, or of a part of one, of the terms with every reading decided. It can be hashed."""
    match value:
        case None | bool() | int() | Decimal() | str():
            return value
        case Citation():
            return ()
        case tuple() | list():
            return tuple(essence(part, names) for part in value)
        case Mapping():
            return tuple((key, essence(part, names)) for key, part in value.items())
        case AllOf() | AnyOf() | Not() | Compare() | OneOf() | Literal() | Recorded():
            return _condition(value, names)
        case Within() | Every():
            return _timed(value, names)
    told = _reference(value, names)
    if told is not None:
        return told
    if attrs.has(type(value)):
        return (type(value).__name__, *(_field(value, at.name, names) for at in attrs.fields(type(value))
                                        if at.name not in UNSAID and not _idle(value, at.name, names)))
    return value


def _idle(value: Any, name: str, names: Names) -> bool:
    """Fields without effect: what follows a change of severity, on a ticket that keeps its own."""
    return names.level is not None and isinstance(value, Duty) and name in OF_A_CHANGED_SEVERITY


def _field(value: Any, name: str, names: Names) -> Any:
    own = getattr(value, name)
    if name in OF_A_PARTY and isinstance(own, (str, tuple)):
        return names.party(own) if isinstance(own, str) else tuple(sorted((names.party(one) for one in own), key=str))
    if name in OF_A_CALENDAR and isinstance(own, str):
        return _calendar(own, names)
    if name == "keeps" and isinstance(own, str):
        return _fact(own, names)
    if name in ("only_if", "whiles", "conditions") and isinstance(own, tuple):
        return _joined(AllOf(own), names)
    if name == "triggers" and isinstance(own, tuple):
        return frozenset(essence(one, names) for one in own)
    if name == "outside" and isinstance(own, tuple):
        return _joined(AnyOf(own), names)
    if name == "patterns":
        return frozenset(essence(one, names) for one in own)
    if name == "choice" and own is not None:
        return _rule(own, names)
    if name == "options" and isinstance(value, Choice):
        return tuple((option, tuple(_rule(duty, names) for duty in duties)) for option, duties in value.options)
    return essence(own, names)


# ---- Conditions -----------------------------------------------------------------------------------------------------


def _condition(value: Any, names: Names) -> Any:
    """A condition; whatever the severity decides is decided, and what is always so, or never, falls away."""
    settled = _settled(value, names)
    if settled is not None:
        return settled
    match value:
        case AllOf() | AnyOf():
            return _joined(value, names)
        case Not(part):
            inner = essence(part, names)
            return not inner if isinstance(inner, bool) else ("not", inner)
        case OneOf(left, values, negated):
            listed = frozenset(_literal(one, left, names) for one in values)
            return ("none_of" if negated else "any_of", essence(left, names), listed)
        case Compare(op, left, right):
            if op in ("is", "is_not"):
                listed = frozenset((_literal(right, left, names),))
                return ("any_of" if op == "is" else "none_of", essence(left, names), listed)
            return (op, _literal(left, right, names), _literal(right, left, names))
        case Literal(plain):
            return plain if isinstance(plain, bool) else (type(plain).__name__, str(plain))
        case Recorded(inner):
            return ("recorded", essence(inner, names))
    raise AssertionError(f"{value} is no condition")


def _settled(value: Any, names: Names) -> bool | None:
    """What a condition comes to that asks for the severity alone, where that is known."""
    if names.level is None or keys_of(value, names.side.terms) != (SeverityRef(),):
        return None
    point = Point(names.side.adopted, {SeverityRef(): names.level}, 0)
    found = test(value)(point)
    return found if isinstance(found, bool) else None


def _joined(value: AllOf | AnyOf, names: Names) -> Any:
    """The parts without order, nested ones of the same sort let in, what decides nothing left out."""
    every = isinstance(value, AllOf)
    parts: set[Any] = set()
    for one in value.parts:
        told = essence(one, names)
        if told is every:
            continue
        if told is (not every):
            return not every
        if isinstance(told, tuple) and told and told[0] == ("all" if every else "any"):
            parts |= told[1]
        else:
            parts.add(told)
    if not parts:
        return every
    return next(iter(parts)) if len(parts) == 1 else ("all" if every else "any", frozenset(parts))


def _literal(value: Any, beside: Any, names: Names) -> Any:
    """A value; one that a fact or the severity is compared with, in the words that both share."""
    if isinstance(value, Literal) and isinstance(value.value, str):
        if isinstance(beside, SeverityRef):
            return ("severity", names.severity(value.value))
        if isinstance(beside, FactRef) and names.shared is not None and beside.name in names.shared.values:
            return ("str", names.of(names.shared.values[beside.name], value.value))
    return essence(value, names)


# ---- What names stand for -------------------------------------------------------------------------------------------


def _reference(value: Any, names: Names) -> Any:
    """What stands behind a name; None: the value names nothing."""
    for told in (_of_record, _of_rule, _of_time):
        found = told(value, names)
        if found is not None:
            return found
    return None


def _of_record(value: Any, names: Names) -> Any:
    """Events, facts and the severity."""
    terms = names.side.terms
    match value:
        case Pattern(kind, by):
            return ("event", names.event(kind), None if by is None else names.party(by))
        case OnEvent(pattern, during, outside) if during is None and outside is None:
            return ("when", essence(pattern, names))
        case Happened(pattern, this_term, within, basis):
            counted = None if basis is None else _calendar(basis, names)
            return ("happened", essence(pattern, names), this_term, essence(within, names), counted)
        case FactRef(name):
            return _fact(name, names)
        case OnEach(fact):
            return ("on_each", _fact(fact, names))
        case SeverityRef():
            return ("severity",)
        case NoMoreSevere(level):
            known = list(terms.severities.levels) if terms.severities else []
            graver = known[: [one.name for one in known].index(level)]
            return ("no_more_severe", tuple(essence(AnyOf(one.applies), names) for one in graver))
    return None


def _of_rule(value: Any, names: Names) -> Any:
    """Other rules: told in full where they are named."""
    match value:
        case StatusRef(name):
            return ("status", _rule(name, names))
        case Includes(status, benefit):
            return ("includes", _rule(status, names), benefit)
        case OnState(status, state):
            return ("becomes", _rule(status, names), state)
        case EachTerm(status):
            return ("each_term", _rule(status, names))
        case OnOutcome(duty, outcome):
            return ("outcome", _rule(duty, names), outcome)
        case OnRemaining(duty, remaining, used):
            return ("remaining", _rule(duty, names), essence(remaining, names), used)
        case Milestone(duty):
            return ("milestone", _rule(duty, names))
        case AllowanceRef(name):
            return ("allowance", _rule(name, names))
        case AmountRef(name):
            return ("amount", _rule(name, names))
        case RightHolds(name):
            return ("right", _rule(name, names))
        case Allowance():
            return _allowance(value, names)
        case Right(role=str() as role) if role in names.side.terms.roles:
            plain = essence(evolve(value, role=None), names)
            return ("right_of", plain, essence(names.side.terms.roles[role], names))
    return None


def _of_time(value: Any, names: Names) -> Any:
    """Calendars, and limits that name one or a date."""
    match value:
        case CalendarRule(name=name):
            return _calendar(name, names)
        case InCalendar(name, inside):
            return ("in_calendar", _calendar(name, names), inside)
        case CountedIn(name):
            return ("counted_in", _calendar(name, names))
        case EachDay(name) | NextClose(name):
            return (type(value).__name__, _calendar(name, names))
        case NthClose(name, n):
            return ("NthClose", _calendar(name, names), n)
        case ByEndOf(day, close_in, otherwise, before, earliest):
            what = _rule(day, names) if day in names.side.terms.amounts else _fact(day, names)
            closing = None if close_in is None else _calendar(close_in, names)
            far = tuple(essence(one, names) for one in (before, earliest) if before is not None)
            return ("by_end_of", what, closing, essence(otherwise, names), *far)
    return None


def _allowance(value: Allowance, names: Names) -> Any:
    fills = tuple((names.event(event), _fact(fact, names)) for event, fact in value.fills)
    draws = tuple((names.event(event), _fact(fact, names), _joined(AllOf(conditions), names))
                  for event, fact, conditions in value.draws)
    return ("allowance", names.party(value.party), value.unit, fills, draws, value.carries_over)


def _fact(name: str, names: Names) -> Any:
    fact: Fact | None = names.side.terms.facts.get(name)
    shared = names.of(None if names.shared is None else names.shared.facts, name)
    if fact is None:  # a part of an amount, by its own name
        return ("part", name)
    judge = None if fact.judged_by is None else names.party(fact.judged_by)
    return ("fact", shared, fact.kind, fact.type.kind, str(fact.presumed), judge)


def _rule(name: str, names: Names) -> Any:
    """The rule of that name, told in full; inside itself, by its place alone."""
    if name in names.entered:
        return ("again", len(names.entered) - names.entered.index(name))
    terms = names.side.terms
    for rules in (terms.duties, terms.choices, terms.statuses, terms.allowances, terms.amounts, terms.rights):
        found = rules.get(name)
        if found is not None:
            return essence(found, evolve(names, entered=(*names.entered, name)))
    return ("nothing", name)


def _calendar(name: str, names: Names) -> Any:
    """What a calendar opens and closes, by its compiled definition; whoever supplies it, and the lists in it."""
    calendar: Calendar = names.side.adopted.calendars[name]
    supplied = [rule.supplied_by for key, rule in names.side.terms.calendars.items() if key == name]
    lists = tuple(names.party(one.supplied_by) for key, one in names.side.terms.holidays.items()
                  if one.supplied_by is not None and _closes_on(name, key, names))
    return ("calendar", _defined(calendar), tuple(names.party(one) for one in supplied if one is not None), lists)


def _closes_on(calendar: str, listed: str, names: Names) -> bool:
    rule = names.side.terms.calendars.get(calendar)
    if rule is None:
        return False
    if rule.combined is not None:
        return any(_closes_on(part, listed, names) for part in rule.combined.calendars)
    return any(getattr(closed, "name", None) == listed for closed in rule.closed)


def _defined(calendar: Calendar) -> Any:
    made = calendar.definition
    if isinstance(made, CalendarSpec):
        dated: Callable[[Mapping[Any, Any]], Any] = lambda days: tuple(sorted(days.items()))  # noqa: E731
        return (made.zone, made.weekly, tuple(sorted(made.closed)), dated(made.replaced), dated(made.added),
                dated(made.breaks), str(made.known_until))
    parts = getattr(made, "operands", None)
    if parts is None:
        return ("always", calendar.zone)
    return (getattr(made, "operation", ""), tuple(_defined(part) for part in parts))


# ---- Limits ---------------------------------------------------------------------------------------------------------


def _timed(value: Within | Every, names: Names) -> Any:
    """A length and the calendar that counts it, taken out of its table where the severity alone decides the row."""
    rest = tuple(_field(value, at.name, names) for at in attrs.fields(type(value)) if at.name not in ("span", "basis"))
    return (type(value).__name__, _span(value, names), *rest)


def _span(value: Within | Every, names: Names) -> Any:
    span: Any = value.span
    basis = value.basis.calendar if isinstance(value.basis, CountedIn) else None
    if not isinstance(span, Column):
        return _counted(span, basis, names)
    table = names.side.terms.tables[span.table]
    place = table.columns.index(span.column)
    basis = basis or table.bases[place]
    rows = []
    for cells, outputs in table.rows:
        asked = []
        for given, cell in zip(table.inputs, cells, strict=True):
            if isinstance(given, SeverityRef) and names.level is not None:
                if cell.values is not None and Literal(names.level) not in cell.values:
                    break
                continue
            values = None if cell.values is None else frozenset(_literal(v, given, names) for v in cell.values)
            asked.append((essence(given, names), values))
        else:
            rows.append((tuple(asked), _counted(outputs[place], basis, names)))
    if len(rows) == 1 and not rows[0][0]:
        return rows[0][1]
    return ("by_table", tuple(rows))


def _counted(span: Any, basis: str | None, names: Names) -> Any:
    if isinstance(span, Counted):
        span, basis = span.span, basis or span.basis.calendar
    if span is None:
        return ("no_promise",)
    if basis is None or (basis == ALWAYS and isinstance(span, Elapsed)):
        return (essence(span, names), None)
    return (essence(span, names), _calendar(basis, names))
