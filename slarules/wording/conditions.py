"""Conditions in words, and their opposites; several of them are joined or lettered as contracts do it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import assert_never

from slarules.model.expression import (
    AllOf,
    AllowanceRef,
    AnyOf,
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
    Truth,
)
from slarules.model.value import AsRead, Civil, Elapsed
from slarules.wording.events import has_happened
from slarules.wording.grammar import labelled, listed, quoted, words
from slarules.wording.values import length, plain, value
from slarules.wording.voice import AGREEMENT, ANY, Voice

_COMPARED = {
    "is": ("is", "is not"), "is_not": ("is not", "is"), "more": ("is more than", "is not more than"),
    "less": ("is less than", "is not less than"), "at_least": ("is at least", "is less than"),
    "at_most": ("is at most", "is more than"),
}
_GRAVER = {
    "more": ("is graver than", "is not graver than"), "less": ("is milder than", "is not milder than"),
    "at_least": ("is at least as grave as", "is milder than"), "at_most": ("is at most as grave as", "is graver than"),
}
_LATER = {
    "more": ("is after", "is not after"), "less": ("is before", "is not before"),
    "at_least": ("is on or after", "is before"), "at_most": ("is on or before", "is after"),
}
LONG = 60
"""Parts longer than so many letters are lettered rather than joined, where there are three or more."""


def holds(condition: Condition, voice: Voice, negated: bool = False, depth: int = 0) -> str:
    """The condition as a clause; ``negated``: its opposite. ``depth``: how many lettered lists stand around it."""
    match condition:
        case Not(part):
            return holds(part, voice, not negated, depth)
        case AllOf(parts):
            return _several(parts, voice, not negated, negated, depth)
        case AnyOf(parts):
            return _several(parts, voice, negated, negated, depth)
        case AsRead():
            said = voice.read(condition, lambda inner: holds(inner, voice, False, depth), "the condition holds",
                              lambda inner: holds(inner, voice))
            return f"it is not so that {said}" if negated else said
    return _one(condition, voice, negated)


def _several(parts: Sequence[Condition], voice: Voice, all_of: bool, negated: bool, depth: int) -> str:
    """Parts joined by `and` (``all_of``) or `or`: `A and B`, `either A or B`, `all of these hold: (a) …; and (b) …`."""
    found = list(_alike(parts, all_of, negated))
    if len(found) == 1:
        return holds(found[0][0], voice, found[0][1], depth)
    joint = "and" if all_of else "or"
    nested = any(_is_several(part) for part, _ in found)
    if not nested:  # else what is within would be worded twice at each level
        flat = [holds(part, voice, opposite, depth) for part, opposite in found]
        if len(found) == 2 or max(map(len, flat)) <= LONG:
            start = "either " if not all_of and len(found) == 2 else ""
            return start + listed(flat, joint)
    inner = [holds(part, voice, opposite, depth + 1) for part, opposite in found]
    lead = "all of these hold: " if all_of else "at least one of these holds: "
    return lead + labelled(inner, joint, depth)


def _alike(parts: Sequence[Condition], all_of: bool, negated: bool) -> Iterator[tuple[Condition, bool]]:
    """Each part with whether its opposite is meant; an `or` within an `or` is one list, and so an `and` in an `and`."""
    for part in parts:
        match part:
            case AllOf(inner) if all_of != negated:
                yield from _alike(inner, all_of, negated)
            case AnyOf(inner) if all_of == negated:
                yield from _alike(inner, all_of, negated)
            case Not(inner_part):
                yield from _alike((inner_part,), all_of, not negated)
            case _:
                yield part, negated


def lettered(text: str) -> bool:
    """Whether the words end in a lettered list, so that nothing may follow in the same sentence."""
    return "(a) " in text


def _is_several(condition: Condition) -> bool:
    match condition:
        case Not(part):
            return _is_several(part)
        case AllOf(parts) | AnyOf(parts) | OneOf(values=parts):
            return len(parts) > 1
        case AsRead(_, options):
            return any(_is_several(option) for option in options.values())  # type: ignore[arg-type]
    return False


def _one(
    condition: Compare | OneOf | Truth | Recorded | Includes | Happened | InCalendar | RightHolds | ReadingIs
    | NoMoreSevere | Literal,
    voice: Voice,
    negated: bool,
) -> str:
    is_ = "is not" if negated else "is"
    match condition:
        case Compare():
            return _compared(condition, voice, negated)
        case OneOf():
            return _one_of(condition, voice, negated)
        case Truth(inner):
            return _truth(inner, voice, negated)
        case Recorded(inner):
            return f"{_named(inner, voice)} {is_} recorded"
        case Includes(status, benefit):
            verb = "does not include" if negated else "includes"
            return f"the state of {quoted(status)} {verb} {words(benefit)}"
        case Happened(pattern, this_term, within, basis):
            term = " in the present term" if this_term else ""
            return has_happened(pattern, voice, negated) + term + (_lately(within, basis) if within else "")
        case InCalendar(calendar, inside):
            return f"the time is {'within' if inside != negated else 'outside'} {words(calendar)}"
        case RightHolds(right):
            return f"the act {is_} within the right {quoted(right)}"
        case ReadingIs(reading, option):
            return _reading(reading, option, voice, negated)
        case NoMoreSevere(level):
            return ("a level graver than" if negated else "no level graver than") + f" {words(level)} applies"
        case Literal(known):
            return f"{plain(known)} {is_} the case"
    assert_never(condition)


def _lately(within: Elapsed | Civil, basis: str | None) -> str:
    """` within the last 30 days`, ` within the last 10 open days of Desk`."""
    if isinstance(within, Civil) and basis not in (None, "Always"):
        days = "open day" if within.days == 1 else f"{within.days} open days"
        return f" within the last {days} of {words(str(basis))}"
    return f" within the last {length(within)}" + (f" counted in {words(basis)}" if basis else "")


def _one_of(condition: OneOf, voice: Voice, negated: bool) -> str:
    """`“channel” is “email” or “web”`, `the severity is neither 1 nor 2`, `“plan” is none of “a”, “b” or “c”`."""
    among = [_level(one, condition.left, voice) for one in condition.values]
    left = _named(condition.left, voice)
    if negated == condition.negated:
        return f"{left} is {listed(among, 'or')}"
    lead, joint = {1: ("is not", "or"), 2: ("is neither", "nor")}.get(len(among), ("is none of", "or"))
    return f"{left} {lead} {listed(among, joint)}"


def _compared(condition: Compare, voice: Voice, negated: bool) -> str:
    left, right, op = condition.left, condition.right, condition.op
    by_level = isinstance(left, SeverityRef) or isinstance(right, SeverityRef)
    dates = _is_date(left, voice) or _is_date(right, voice)
    so_long_after = isinstance(right, Shifted) and right.sign == 1  # “at least 30 days after”, as contracts have it
    own = _GRAVER if by_level else _LATER if dates and not so_long_after else {}
    said = own.get(op) or _COMPARED.get(op, (f"is {words(op)}", f"is not {words(op)}"))
    as_much = " the same as" if op in ("is", "is_not") and isinstance(right, FactRef) else ""
    return f"{_named(left, voice)} {said[negated]}{as_much} {_level(right, left, voice)}"


def _is_date(expression: Expression, voice: Voice) -> bool:
    match expression:
        case FactRef(name):
            return name in voice.terms.facts and voice.terms.facts[name].type.kind == "date"
        case Literal(known):
            return isinstance(known, date)
        case Shifted() | NextAnniversary():
            return True
    return False


def _level(expression: Expression, beside: Expression, voice: Voice) -> str:
    """A value beside another: a level of severity by its name alone, a word quoted, a number with the other's unit."""
    if not isinstance(expression, Literal):
        return _named(expression, voice)
    if isinstance(expression.value, str):
        return words(expression.value) if isinstance(beside, SeverityRef) else quoted(expression.value)
    unit = _unit(beside, voice)
    said = plain(expression.value)
    return f"{said} {unit}" if unit and isinstance(expression.value, Decimal) else said


def _unit(expression: Expression, voice: Voice) -> str:
    """The unit that a number of it is counted in; nothing where it has none."""
    match expression:
        case AllowanceRef(allowance) if allowance in voice.terms.allowances:
            return words(voice.terms.allowances[allowance].unit)
        case FactRef(name) if name in voice.terms.facts and voice.terms.facts[name].type.kind == "hours":
            return "hours"
    return ""


def _truth(inner: Expression, voice: Voice, negated: bool) -> str:
    """A yes-or-no fact: `“satisfied” is yes`."""
    return f"{_named(inner, voice)} is {'no' if negated else 'yes'}"


def _named(given: Expression, voice: Voice) -> str:
    """What is asked: a fact by its name in quotes, for not every name is a noun; another value in words."""
    if not isinstance(given, FactRef):
        return value(given, voice)
    known = voice.terms.facts.get(given.name)
    of_agreement = known is not None and known.kind == AGREEMENT and voice.kind not in (AGREEMENT, None, ANY)
    return quoted(given.name) + (" of the agreement" if of_agreement else "")


def _reading(reading: str, option: str, voice: Voice, negated: bool) -> str:
    adopted = voice.adopted(reading)
    status = "" if adopted is None else " (as adopted)" if (adopted == option) != negated else " (which is not adopted)"
    return f"the reading {quoted(reading)} is {'not ' if negated else ''}{quoted(option)}{status}"


def only_if(conditions: Sequence[Condition], voice: Voice) -> tuple[str, str]:
    """Conditions that must all hold, told apart: what must be so, and what must not; each may be empty."""
    wanted = [one for one in conditions if not isinstance(one, Not)]
    barred = [one.part for one in conditions if isinstance(one, Not)]
    return joined(wanted, voice), _several(barred, voice, False, False, 0) if barred else ""


def joined(conditions: Sequence[Condition], voice: Voice, depth: int = 0) -> str:
    """Conditions that must all hold, as one clause; none: empty. ``depth``: how many lettered lists are around it."""
    return _several(conditions, voice, True, False, depth) if conditions else ""
