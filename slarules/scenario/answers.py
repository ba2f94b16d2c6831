"""Whether a condition can be unknown at all: presumed facts, happenings, readings and known calendars never are."""

from __future__ import annotations

from slarules.model.calendar import ListedHolidays
from slarules.model.contract import Terms
from slarules.model.expression import (
    AllowanceRef,
    AmountRef,
    Condition,
    FactRef,
    Happened,
    InCalendar,
    Includes,
    NoMoreSevere,
    ReadingIs,
    Recorded,
    RightHolds,
    SeverityRef,
    StatusRef,
)
from slarules.model.walk import inside


def may_be_unknown(condition: Condition, terms: Terms, kind: str) -> bool:
    """Whether some history leaves the condition of a rule about subjects of this kind unanswered (R5, R9)."""
    return _deeper(condition, terms, frozenset({kind} & {"agreement"}))


def _open(value: object, terms: Terms, passed: frozenset[str]) -> bool:
    """``passed`` are the rules on the way here, so that a circle ends; and ``agreement`` where there surely is one."""
    match value:
        case Happened(basis=str() as name):
            return _supplied(name, terms, frozenset())
        case Recorded() | Happened() | ReadingIs():
            return False  # the log is complete in what happened, and the reading is chosen
        case FactRef(name):
            fact = terms.facts.get(name)
            return fact is None or fact.presumed is None
        case StatusRef(name) | Includes(name) if "agreement" in passed:
            moves = [move.conditions for state in terms.statuses[name].states for move in state.transitions]
            return name not in passed and _deeper(tuple(moves), terms, passed | {name})
        case SeverityRef() | StatusRef() | AllowanceRef() | Includes():
            return True  # nobody assigned one, or the log has no agreement
        case InCalendar(name):
            return _supplied(name, terms, frozenset())
        case NoMoreSevere():
            levels = terms.severities.levels if terms.severities else ()
            return any(_deeper(level.applies, terms, passed) for level in levels)
        case AmountRef(name):
            return name not in passed and _deeper(
                (terms.amounts[name].value, terms.amounts[name].parts), terms, passed | {name}
            )
        case RightHolds(name):
            right = terms.rights[name]
            return (
                right.role is not None
                or right.notice is not None
                or all(pattern.by is None for pattern in right.patterns)
                or (right.during is not None and _supplied(right.during, terms, frozenset()))
                or (name not in passed and _deeper((right.only_if, right.whiles), terms, passed | {name}))
            )
    return False


def _deeper(value: object, terms: Terms, passed: frozenset[str]) -> bool:
    return any(_open(part, terms, passed) for part in _atoms(value))


def _atoms(value: object) -> list[object]:
    """What asks something inside a value; what is recorded is not asked for its value."""
    masked = {id(part) for one in inside(value) if isinstance(one, Recorded) for part in inside(one.value)}
    return [part for part in inside(value) if id(part) not in masked]


def _supplied(name: str, terms: Terms, passed: frozenset[str]) -> bool:
    """Whether a calendar rests on what a party supplies, which may end (R30)."""
    rule = terms.calendars.get(name)
    if rule is None or name in passed:
        return False
    if rule.supplied_by is not None:
        return True
    if rule.combined is not None:
        return any(_supplied(part, terms, passed | {name}) for part in rule.combined.calendars)
    lists = [closed.name for closed in inside(rule.closed) if isinstance(closed, ListedHolidays)]
    return any(terms.holidays[one].supplied_by is not None for one in lists if one in terms.holidays)
