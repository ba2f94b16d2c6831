"""Questions of a rule under one set of readings: whether something is so at no point of its domain."""

from __future__ import annotations

from slarules.analysis.guards import Guarded, Part, parts
from slarules.analysis.points import ask, found, is_false, is_true, not_false, not_true
from slarules.analysis.trials import indoors, promises, space_for, sure
from slarules.model.expression import Literal, Not


def is_dead(one: Guarded, but: tuple[int, ...] = ()) -> bool:
    """Whether nothing that can be so sets the rule off; lines at ``but`` are passed over."""
    goals = [ask(line.condition, one.adopted.terms, is_true) for at, line in enumerate(one.lines) if at not in but]
    return found(space_for(one), [*goals, *promises(one), *sure(one)]) is None


def swallowed(one: Guarded) -> bool:
    """Whether its exceptions alone leave nothing of the rule."""
    exceptions = tuple(at for at, line in enumerate(one.lines) if line.kind == "unless")
    return bool(exceptions) and is_dead(one) and not is_dead(one, exceptions)


def outside(one: Guarded) -> bool:
    """Whether the contract leaves outside whatever the duty is about."""
    scopes, within = indoors(one)
    goals = [ask(c, one.adopted.terms, is_true) for c in one.conditions]
    return bool(scopes) and found(space_for(one, *scopes), [*goals, *within, *promises(one), *sure(one)]) is None


def idle(one: Guarded, at: int) -> bool:
    """Whether a line excludes nothing that the others let through.

    What holds at the trigger need not go on to hold: a `while` is idle only where it always holds (R8).
    """
    line = one.lines[at]
    if isinstance(line.condition, Literal):
        return line.condition.value is True
    terms = one.adopted.terms
    beside = [n for n, other in enumerate(one.lines) if n != at and other.kind != "while"]
    if line.kind == "while":
        beside = []
    others = [ask(one.lines[n].condition, terms, not_false) for n in beside]
    return found(space_for(one), [*others, ask(line.condition, terms, is_false), *promises(one), *sure(one)]) is None


def alone(one: Guarded, at: int, value: bool) -> bool:
    """Whether a line's words by themselves always (or, for False, never) hold."""
    condition = one.lines[at].condition
    own = condition.part if one.lines[at].kind == "unless" and isinstance(condition, Not) else condition
    other = is_false if value else is_true
    return found(space_for(one), [ask(own, one.adopted.terms, other), *sure(one)]) is None


def part_at(one: Guarded, at: int, path: tuple[int, ...]) -> Part | None:
    """The part at a place of a line; None where another reading has put other words there."""
    return next((part for part in parts(one.lines[at]) if part.path == path), None)


def part_dead(one: Guarded, at: int, path: tuple[int, ...]) -> bool:
    """Whether a part of a line decides nothing: an alternative never holds first, a demand never fails first."""
    part = part_at(one, at, path)
    if part is None:
        return True
    terms = one.adopted.terms
    goals = [ask(c, terms, not_true if alternative else not_false) for c, alternative in part.others]
    beside = [line for n, line in enumerate(one.lines) if n != at and line.kind != "while"]
    goals += [ask(line.condition, terms, not_false) for line in beside if one.lines[at].kind != "while"]
    goals.append(ask(part.condition, terms, is_true if part.joined == "any" else is_false))
    return found(space_for(one), [*goals, *promises(one), *sure(one)]) is None


def part_alone(one: Guarded, at: int, path: tuple[int, ...], alternative: bool) -> bool:
    """Whether a part by itself never holds (an ``alternative``) or always holds."""
    part = part_at(one, at, path)
    wanted = is_true if alternative else is_false
    return part is None or found(space_for(one), [ask(part.condition, one.adopted.terms, wanted), *sure(one)]) is None
