"""Conditions without what is settled already: `yes or A` is yes, `yes and A` is A, and a rule whose condition is no
never arises. What readings have decided is settled; so is, for one log, a fact that nobody ever recorded."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import attrs

from slarules.model.expression import AllOf, AnyOf, Compare, FactRef, Literal, Not, OneOf, Recorded, Truth
from slarules.model.rules import Choice, Citation, Duty, Scope
from slarules.model.walk import inside

YES, NO = Literal(True), Literal(False)
UNTOLD = Truth(FactRef("a fact that is nowhere recorded"))
"""What is unknown throughout a log: it stands for every such condition, for all come out alike (R9)."""
TOGETHER = frozenset(("only_if", "whiles", "conditions", "applies"))
"""Fields whose conditions must all hold."""


def folded(value: Any, silent: Collection[str] = ()) -> Any:
    """A decided rule in which nothing is asked any more that is answered already; citations are kept as they are.

    ``silent`` are facts that are nowhere recorded and never presumed: what asks for them is unknown throughout.
    """
    match value:
        case Citation() | str() | int() | None:
            return value
        case AllOf(parts):
            return _joined(folded(parts, silent), AllOf, YES, NO)
        case AnyOf(parts):
            return _joined(folded(parts, silent), AnyOf, NO, YES)
        case Not(part):
            inner = folded(part, silent)
            return {YES: NO, NO: YES, UNTOLD: UNTOLD}.get(inner, Not(inner))
        case Recorded(FactRef(name)) if name in silent:
            return NO
        case Truth(asked) | OneOf(asked) if _asks(asked, silent):
            return UNTOLD
        case Compare(_, left, right) if _asks((left, right), silent):
            return UNTOLD
        case tuple():
            parts = tuple(folded(part, silent) for part in value)
            return parts if any(a is not b for a, b in zip(parts, value, strict=True)) else value
        case Mapping():
            return {key: folded(part, silent) for key, part in value.items()}
    if not attrs.has(type(value)):
        return value
    fields = attrs.fields(type(value))
    new = {at.name: _field(at.name, getattr(value, at.name), silent) for at in fields}
    changed = {name: one for name, one in new.items() if one is not getattr(value, name)}
    return attrs.evolve(value, **changed) if changed else value


def _asks(value: Any, silent: Collection[str]) -> bool:
    """Whether a value cannot be known for want of one of these facts: whatever is computed from the unknown is so."""
    return bool(silent) and any(isinstance(part, FactRef) and part.name in silent for part in inside(value))


def _field(name: str, value: Any, silent: Collection[str]) -> Any:
    found = folded(value, silent)
    if name not in TOGETHER or not isinstance(found, tuple):
        return found
    if NO in found:
        return (NO,)
    left = _distinct(found, YES)
    return left if len(left) < len(found) else found


def _joined(parts: tuple[Any, ...], kind: type[AllOf] | type[AnyOf], idle: Literal, decisive: Literal) -> Any:
    """Strong Kleene: a decisive part settles it whatever the others are; an idle one adds nothing."""
    if decisive in parts:
        return decisive
    left = _distinct(parts, idle)
    return idle if not left else left[0] if len(left) == 1 else kind(left)


def _distinct(parts: tuple[Any, ...], idle: Literal) -> tuple[Any, ...]:
    """The parts without idle ones, and with what is unknown throughout but once."""
    return tuple(p for n, p in enumerate(parts) if p != idle and not (p == UNTOLD and UNTOLD in parts[:n]))


def never(rule: Any, choices: Mapping[str, Any]) -> bool:
    """Whether a folded rule can never come to be: its condition is no, or that of the choice that calls it up, or it is
    a scope that leaves nothing outside. ``choices`` are the folded ones."""
    match rule:
        case Duty(choice=str(name)):
            return NO in rule.only_if or NO in choices[name].only_if
        case Duty() | Choice():
            return NO in rule.only_if
        case Scope():
            return all(one == NO for one in rule.outside)
    return False
