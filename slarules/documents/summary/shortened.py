"""A rule as it is read here: without the ways of reading that are not adopted, where that makes it plainer."""

from __future__ import annotations

from typing import Any

from attrs import evolve

from slarules.documents.summary.as_read import never
from slarules.documents.summary.register import Entry, Register
from slarules.engine.adopt import Adopted, decided
from slarules.engine.folding import NO, TOGETHER, folded
from slarules.model.contract import Terms
from slarules.model.expression import AllOf, AnyOf, Literal, Not
from slarules.model.life import Status
from slarules.model.rules import Choice, Duty, Prohibition, Right, Scope, SeverityLevel
from slarules.model.walk import inside
from slarules.wording.rules import sentences

OPTIONS = "In the reading “"
"""How a sentence begins that says what each option of a reading comes to."""
NOTES = "The policy notes: "
"""How a sentence begins that hands on its writer's words: it is said once."""
SHORTER = 0.75
"""The share of its letters below which the shorter way is worth saying beside the full one."""


def as_read_here(entry: Entry, found: Register) -> tuple[str, ...]:
    """What `plainly` says, where that is much shorter than the full sentences; else nothing."""
    said = plainly(entry, found)
    full = [one for one in entry.sentences if not one.startswith((OPTIONS, NOTES))]
    return said if sum(map(len, said)) < SHORTER * sum(map(len, full)) else ()


def plainly(entry: Entry, found: Register) -> tuple[str, ...]:
    """The rule's sentences with every reading decided as adopted; none where no reading bears on it, or it is idle."""
    if not entry.readings or entry.anchor in found.idle:
        return ()
    if not isinstance(entry.rule, Duty | Choice | Prohibition | Right | Scope | Status | SeverityLevel):
        return ()
    read = found.read[entry.versions[0]]
    rule = _without_idle_parts(folded(decided(entry.rule, read.readings)))
    if isinstance(rule, Duty | Choice):
        left = read.terms.duties if isinstance(rule, Duty) else read.terms.choices
        rule = evolve(rule, triggers=left[rule.name].triggers)
    if _says_what_is_settled(rule):
        return ()
    return tuple(one for one in sentences(rule, _without_idle(read), found.contract) if not one.startswith(NOTES))


def _without_idle(read: Adopted) -> Terms:
    """The terms without the duties and choices that never apply: nothing is said of them beside a rule that does."""
    return evolve(
        read.terms,
        duties={name: one for name, one in read.terms.duties.items() if not never("duty", name, read)},
        choices={name: one for name, one in read.terms.choices.items() if not never("choice", name, read)},
    )


def _without_idle_parts(rule: Any) -> Any:
    """The rule without what never holds among things of which any one will do."""
    match rule:
        case Scope(outside=outside):
            return evolve(rule, outside=tuple(one for one in outside if one != NO))
        case Status(states=states):
            return evolve(rule, states=tuple(
                evolve(state, transitions=tuple(one for one in state.transitions if NO not in one.conditions))
                for state in states))
    return rule


def _says_what_is_settled(rule: Any) -> bool:
    """Whether a yes or no stands among its conditions: it would be said, and nobody asks it."""
    if isinstance(rule, Scope) and not rule.outside:
        return True
    for part in inside(rule):
        match part:
            case AllOf(conditions) | AnyOf(conditions) | Scope(outside=conditions):
                pass
            case Not(one):
                conditions = (one,)
            case _:
                conditions = tuple(one for name in TOGETHER for one in getattr(part, name, None) or ())
        if any(isinstance(one, Literal) for one in conditions):
            return True
    return False
