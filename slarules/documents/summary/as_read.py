"""Which rules can apply at all as the words are read here, and which at a level of severity."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from attrs import evolve

from slarules.analysis.points import Point
from slarules.engine.adopt import Adopted, decided
from slarules.engine.expression import test
from slarules.engine.folding import still_asked
from slarules.model.contract import Contract, Terms
from slarules.model.expression import (
    AllOf,
    AnyOf,
    Condition,
    FactRef,
    Happened,
    InCalendar,
    Not,
    Pattern,
    Recorded,
    SeverityRef,
    Truth,
)
from slarules.model.rules import Choice, Duty, OnEvent, OnOutcome, OnRemaining, Prohibition, Right, Scope, Trigger

UNKNOWN = Truth(FactRef("what is left open"))
"""A condition of which nothing is known; no fact of a policy has blanks in its name."""


def as_read(contract: Contract, terms: Terms) -> Adopted:
    """The terms with every reading decided as the policy adopts it; calendars are left out."""
    adopted = {name: reading.adopted for name, reading in contract.readings.items()}
    read = Adopted(contract, decided(terms, adopted), None, adopted, {})
    left = evolve(
        read.terms,
        duties={name: _without_idle_causes(rule, read) for name, rule in read.terms.duties.items()},
        choices={name: _without_idle_causes(rule, read) for name, rule in read.terms.choices.items()},
    )
    return evolve(read, terms=left)


Caused = TypeVar("Caused", Duty, Choice)


def _without_idle_causes(rule: Caused, read: Adopted) -> Caused:
    """The rule without what never sets it off, where something else does: what never comes about, and an event that
    its own conditions ask not to have happened."""
    asked = still_asked(rule.only_if) or ()

    def idle(cause: Trigger) -> bool:
        if isinstance(cause, OnEvent):
            return Not(Happened(cause.pattern)) in asked or Not(Happened(Pattern(cause.pattern.type))) in asked
        return isinstance(cause, OnOutcome | OnRemaining) and never("duty", cause.duty, read)

    left = tuple(one for one in rule.triggers if not idle(one))
    return evolve(rule, triggers=left) if left else rule


def never(sort: str, name: str, read: Adopted, level: str | None = None, above: frozenset[str] = frozenset()) -> bool:
    """Whether a duty, choice, prohibition, right or scope can never apply, whatever is recorded.

    ``level``: the severity in force when it is set off; None: whichever. A consequence never applies where nothing
    that it follows from ever does, at any level, for the level may change in between; an option where its choice
    never opens.
    """
    rule = _rule(sort, name, read.terms)
    if rule is None or f"{sort} {name}" in above:
        return False
    above = above | {f"{sort} {name}"}
    if isinstance(rule, Scope):
        return all(_fails((one,), read, level) for one in rule.outside)
    if _fails((*rule.only_if, *rule.whiles), read, level):
        return True
    if isinstance(rule, Prohibition | Right):
        return False
    if isinstance(rule, Duty) and rule.choice is not None:
        return not rule.triggers and never("choice", rule.choice, read, level, above)
    causes = [one.duty for one in rule.triggers if isinstance(one, OnOutcome | OnRemaining)]
    return bool(causes) and len(causes) == len(rule.triggers) and all(
        never("duty", cause, read, None, above) for cause in causes)


def _rule(sort: str, name: str, terms: Terms) -> Duty | Choice | Prohibition | Right | Scope | None:
    match sort:
        case "duty":
            return terms.duties.get(name)
        case "choice":
            return terms.choices.get(name)
        case "prohibition":
            return terms.prohibitions.get(name)
        case "right":
            return terms.rights.get(name)
        case "scope":
            return terms.scopes.get(name)
    return None


def _fails(conditions: Iterable[Condition], read: Adopted, level: str | None) -> bool:
    """Whether one of the conditions fails whatever else is recorded (R9)."""
    point = Point(read, {SeverityRef(): level} if level is not None else {}, 0, settled=False)
    return any(test(_left_open(one, level is not None))(point) is False for one in conditions)


def _left_open(condition: Condition, leveled: bool) -> Condition:
    """The condition with what is not asked here unknown: the time, and whether something was recorded at all."""
    match condition:
        case AllOf(parts):
            return AllOf(tuple(_left_open(part, leveled) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_left_open(part, leveled) for part in parts))
        case Not(part):
            return Not(_left_open(part, leveled))
        case Recorded(SeverityRef()) if leveled:
            return condition
        case InCalendar() | Recorded():
            return UNKNOWN
    return condition
