"""Why a condition holds or does not: the smallest part of it that decides, with what was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from slarules.engine.adopt import decided
from slarules.engine.expression import CARRIED, Scene, Truth3, reckon, settled, test
from slarules.engine.judging.case import Case, Past
from slarules.engine.judging.rights import by_holder, in_role, notice_day, noticed
from slarules.engine.reasons.reason import length, moment
from slarules.model.expression import (
    AllOf,
    AllowanceRef,
    AmountRef,
    AnyOf,
    Arithmetic,
    AsRead,
    Between,
    Compare,
    Condition,
    Expression,
    FactRef,
    Happened,
    InCalendar,
    Includes,
    Literal,
    NextAnniversary,
    NoMoreSevere,
    Not,
    OneOf,
    ReadingIs,
    Recorded,
    RightHolds,
    SeverityRef,
    Shifted,
    StatusRef,
    Truth,
)
from slarules.model.rules import Right
from slarules.model.value import Civil, Elapsed, Money, Unknown, Value

COMPARED = {
    "is": "is", "is_not": "is not", "more": "is more than", "less": "is less than", "at_least": "is at least",
    "at_most": "is at most",
}  # fmt: skip
COMPUTED = {"plus": "plus", "minus": "minus", "times": "multiplied by", "divided": "divided by"}


def grounds(condition: Condition, scene: Scene, options: Mapping[str, str]) -> Iterator[str]:
    """What decides a condition, or leaves it unknown, in this scene: a sentence for each part that does.

    ``condition`` is as the contract states it; ``options`` says which option of each reading it is judged under.
    """
    match condition:
        case Not(part):
            yield from grounds(part, scene, options)
        case AsRead(reading, ways):
            stated: Condition = ways[options[reading]]  # type: ignore[assignment]
            for text in grounds(stated, scene, options):
                yield f"{text} (the reading `{reading}` is `{options[reading]}`)"
        case RightHolds(right):
            yield _leaf(condition, scene, options)
            value = truth(condition, scene, options)
            told = granted(scene.terms.rights[right], scene, options)
            yield from (text for one, text in told if one is value or isinstance(one, Unknown))
        case AllOf(parts) | AnyOf(parts):
            value = truth(condition, scene, options)
            for part in parts:  # each that decides: were one otherwise, the next would still do so
                one = truth(part, scene, options)
                if one is value or (isinstance(one, Unknown) and isinstance(value, Unknown)):
                    yield from grounds(part, scene, options)
        case _:
            yield _leaf(condition, scene, options)


def granted(right: Right, scene: Scene, options: Mapping[str, str]) -> Iterator[tuple[Truth3, str]]:
    """What a right asks of the event at hand, each part with whether it is so (R21)."""
    for condition in (*right.only_if, *right.whiles):
        value = truth(condition, scene, options)
        for text in grounds(condition, scene, options):
            yield value, text
    if right.during is not None:
        inside = truth(InCalendar(right.during, True), scene, options)
        yield inside, f"`{right.during}` was {_told(inside, 'open', 'closed', 'beyond what its lists tell')} then"
    case = scene.case if isinstance(scene, Past) else scene
    own = scene.terms.rights[right.name]
    if right.role is not None:
        person = scene.fact(scene.terms.roles[right.role].identified_by or "caller")
        value = in_role(own, scene, getattr(case, "agreement", None))
        who = "who it was is not recorded" if isinstance(person, Unknown) else f"{said(person)}"
        told = f"{who} {_told(value, 'was', 'was not', 'may have been')} in the role `{right.role}` then"
        yield value, who if isinstance(person, Unknown) else told
    elif all(pattern.by is None for pattern in right.patterns):
        value, actor = by_holder(own, scene), scene.entry.actor if scene.entry is not None else None
        yield value, f"it was by {actor}" if actor else "by whom it was is not recorded"
    if right.notice is not None:
        agreement, zone = getattr(case, "agreement", None), getattr(case, "zone", None) or "UTC"
        value = noticed(right.notice, scene, agreement, zone)
        day, fact = notice_day(right.notice, scene, agreement, zone), right.notice.before
        told = _told(value, "came", "did not come", "may have come")
        term = f"the end of the term, which is over as {said(day)} begins (R20)"
        yield value, f"it {told} so long before " + (f"`{fact}`, which is {said(day)}" if fact else term)


def _told(value: Truth3, yes: str, no: str, unsure: str) -> str:
    return unsure if isinstance(value, Unknown) else yes if value else no


def truth(condition: Condition, scene: Scene, options: Mapping[str, str]) -> Truth3:
    """Whether it holds, under these readings."""
    plain: Condition = decided(condition, options)
    return test(plain)(scene)


def _leaf(condition: Condition, scene: Scene, options: Mapping[str, str]) -> str:
    if isinstance(condition, ReadingIs):
        return f"the reading `{condition.reading}` is `{options[condition.reading]}`"
    holds = truth(condition, scene, options)
    told = "cannot be known" if isinstance(holds, Unknown) else "holds" if holds else "does not hold"
    values = [(ref, settled(reckon(decided(ref, options))(scene))) for ref in _named(condition)]
    known = ", ".join(f"{spelt(ref)} is {said(value)}" for ref, value in values)
    if isinstance(condition, Happened) and condition.within is not None:
        known = _last(condition, scene)
    return f"`{spelt(condition)}` {told}" + (f": {known}" if known else "")


def _last(asked: Happened, scene: Scene) -> str:
    """When something last happened of which it is asked how long ago that is."""
    if not isinstance(scene, (Case, Past)):
        return ""
    last, zone = scene.last_happened(asked), (scene.case if isinstance(scene, Past) else scene).zone
    return "it has not happened" if last is None else f"it last did at {moment(last, zone or 'UTC')}"


def _named(condition: Condition) -> Iterator[Expression]:
    """The recorded values that a condition looks at, each once."""
    match condition:
        case Compare(_, left, right):
            found = [*_refs(left), *_refs(right)]
        case OneOf(left, values):
            found = [*_refs(left), *(ref for value in values for ref in _refs(value))]
        case Truth(value) | Recorded(value):
            found = list(_refs(value))
        case Includes(status, _):
            found = [StatusRef(status)]
        case _:
            found = []
    yield from dict.fromkeys(found)


def _refs(value: Expression) -> Iterator[Expression]:
    match value:
        case FactRef() | SeverityRef() | StatusRef() | AllowanceRef() | AmountRef():
            yield value
        case Arithmetic(_, left, right) | Between(_, left, right) | NextAnniversary(left, right):
            yield from _refs(left)
            yield from _refs(right)
        case Shifted(day, _, _):
            yield from _refs(day)


# ---- In the language's own words --------------------------------------------------------------------------------


def spelt(condition: Condition | Expression) -> str:
    """A condition or a value as a policy spells it."""
    match condition:
        case Compare(op, left, right):
            return f"{spelt(left)} {COMPARED[op]} {spelt(right)}"
        case OneOf(left, values, negated):
            return f"{spelt(left)} is {'none' if negated else 'any'} of {', '.join(spelt(v) for v in values)}"
        case Truth(value):
            return spelt(value)
        case Recorded(value):
            return f"{spelt(value)} is recorded"
        case Includes(status, benefit):
            return f"{status} includes {benefit}"
        case Happened(pattern, this_term, within, basis):
            by = f" by {pattern.by}" if pattern.by else ""
            lately = f" within {said(within)}" + (f" counted in {basis}" if basis else "") if within else ""
            return f"{pattern.type} has happened{' this term' if this_term else ''}{by}{lately}"
        case InCalendar(calendar, inside):
            return f"{'during' if inside else 'outside'} {calendar}"
        case RightHolds(right):
            return f"right {right} holds"
        case NoMoreSevere():
            return "no more severe level applies"
        case Literal(value):
            return said(value)
        case SeverityRef():
            return "severity"
        case FactRef(name) | StatusRef(name) | AllowanceRef(name) | AmountRef(name):
            return name
        case Arithmetic(op, left, right):
            if op in COMPUTED:
                return f"{spelt(left)} {COMPUTED[op]} {spelt(right)}"
            return f"the {op} of {spelt(left)} and {spelt(right)}"
        case Between(unit, start, end):
            return f"{unit} from {spelt(start)} to {spelt(end)}"
        case Shifted(day, by, sign):
            much = said(by) if isinstance(by, Civil) else "so long"
            return f"{much} {'after' if sign > 0 else 'before'} {spelt(day)}"
        case NextAnniversary(of, after):
            return f"the next anniversary of {spelt(of)} after {spelt(after)}"
    return "the condition"


def said(value: Value) -> str:
    """A recorded value in words."""
    match value:
        case Unknown():
            return "not recorded"
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return format(value.normalize(CARRIED), "f")  # every digit of it
        case date():
            return value.isoformat()
        case Money(amount, currency):
            return f"{amount} {currency}"
        case Elapsed(micros):
            return length(micros)
        case Civil(days, months):
            counts = [(n, unit) for n, unit in ((months, "month"), (days, "day")) if n]
            return " ".join(f"{n} {unit}" + ("s" if n != 1 else "") for n, unit in counts) or "0 days"
        case tuple():
            return " and ".join(day.isoformat() for day in value)
    return value

