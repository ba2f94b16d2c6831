"""What decided a rule at its own instant: each condition beside it, by what was recorded then (R8, R9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slarules.engine.actors import by_any
from slarules.engine.adopt import Adopted, decided
from slarules.engine.evaluate import judged
from slarules.engine.folding import YES, folded
from slarules.engine.history import Entry
from slarules.engine.judging.case import Case
from slarules.engine.reasons.grounds import granted, grounds, truth
from slarules.engine.reasons.reason import Reason, moment
from slarules.model.contract import Contract, Rule, Terms, with_verdicts
from slarules.model.expression import AnyOf, Condition
from slarules.model.rules import Citation, Prohibition, Right, Scope
from slarules.model.value import Unknown
from slarules.model.verdict import Verdict

MANY = 8
"""Events told one by one, the latest; of more, how many there were."""


def stated(contract: Contract, name: str, citation: Citation) -> tuple[Terms, Rule] | None:
    """A rule as the contract states it, readings and all, with the version of the terms that it is of."""
    for terms in contract.versions:
        for rule in with_verdicts(terms):
            if rule.name == name and rule.citation == citation:
                return terms, rule
    return None


def simple(condition: Condition, adopted: Adopted) -> Condition:
    """A condition under the readings it is judged by, without what these have decided."""
    found: Condition = folded(decided(condition, adopted.readings))
    return found


def as_of(case: Case, at: int, entry: Entry | None) -> Case | None:
    """The case as it stood at an instant, with the event at hand."""
    then = judged([case.adopted], case.history, case.agreement, at)
    if then is not None:
        then.entry = entry
    return then


def held(
    conditions: Sequence[Condition], case: Case, adopted: Adopted, at: int, entry: Entry | None
) -> Iterator[Reason]:
    """Why the conditions beside a rule held at an instant, or why nobody can know it."""
    asked = [one for one in conditions if simple(one, adopted) != YES]
    then = as_of(case, at, entry) if asked else None
    if then is None:
        return
    why: list[str] = []
    unsure: list[str] = []
    for condition in asked:
        value = truth(condition, then, adopted.readings)
        found = list(grounds(condition, then, adopted.readings))
        if isinstance(value, Unknown):
            unsure += found
        elif value:
            why += found
    if why:
        yield Reason("its conditions held then" if not unsure else "of its conditions these held then", _each(why))
    if unsure:
        yield Reason("of its conditions these could not be known then (R9)", _each(unsure))


def _each(sentences: Sequence[str]) -> tuple[Reason, ...]:
    return tuple(Reason(sentence) for sentence in dict.fromkeys(sentences))


def of_others(verdict: Verdict, rule: Rule, case: Case, adopted: Adopted, zone: str) -> Iterator[Reason]:
    """What decided a prohibition, a right or a scope."""
    match rule:
        case Prohibition():
            yield from _forbidden(verdict, rule, case, adopted, zone)
        case Right():
            entry = _entry(case, verdict)
            then = None if entry is None else as_of(case, entry.at, entry)
            if then is not None:
                found = granted(rule, then, adopted.readings)
                alike = {"permitted": True, "not_permitted": False}.get(verdict.state)
                told = [text for value, text in found if value is alike or isinstance(value, Unknown)]
                if entry is not None and by_any(rule.patterns, entry) not in (True, False):
                    told.append("by whom it was is not recorded")
                head = {"permitted": "it was within the right", "not_permitted": "it was not within the right"}
                yield Reason(head.get(verdict.state, "nobody can know whether it was within the right"), _each(told))
        case Scope(outside=conditions):
            why = _each(list(_outside(verdict, conditions, case, adopted)))
            if why:
                yield Reason(f"so it is from {moment(verdict.triggered_at, zone)} on", why)


def _outside(
    verdict: Verdict, conditions: tuple[Condition, ...], case: Case, adopted: Adopted
) -> Iterator[str]:
    """Why a subject is outside the scope, from then on, or why it is not as things stand."""
    wanted = {"out_of_scope": True, "in_scope": False}.get(verdict.state)
    instants = [verdict.triggered_at] if wanted else [case.now, verdict.triggered_at]
    for at in instants:
        then = as_of(case, at, None)
        value = None if then is None else truth(AnyOf(conditions), then, adopted.readings)
        if then is not None and (value is wanted or (wanted is None and isinstance(value, Unknown))):
            yield from grounds(AnyOf(conditions), then, adopted.readings)
            return


def _entry(case: Case, verdict: Verdict) -> Entry | None:
    """The event that a verdict of a prohibition or a right is about."""
    return next((e for e in case.taken if e.id in verdict.events and e.at <= case.now), None)


def _forbidden(
    verdict: Verdict, rule: Prohibition, case: Case, adopted: Adopted, zone: str
) -> Iterator[Reason]:
    conditions = (*rule.only_if, *rule.whiles)
    entry = _entry(case, verdict)
    if verdict.events and entry is not None:
        yield from held(conditions, case, adopted, entry.at, entry)
        return
    types = {pattern.type for pattern in rule.patterns}
    acts = [e for e in case.taken if e.type in types and e.at <= case.now]
    if not acts:
        yield Reason("no act that it is about has been recorded (R5, R25)")
    if len(acts) > MANY:
        yield Reason(f"{len(acts)} acts that it is about have been recorded; of the latest {MANY}:")
    for act in acts[-MANY:]:
        who = f" by {act.actor}" if act.actor else ", by whom is not recorded,"
        named = f"`{act.type}`{who} at {moment(act.at, zone)} did not break it"
        if all(p.by is not None and act.actor not in (None, p.by) for p in rule.patterns if p.type == act.type):
            others = " or ".join(dict.fromkeys(str(p.by) for p in rule.patterns if p.type == act.type))
            yield Reason(named, (Reason(f"it binds {others}"),))
            continue
        then = as_of(case, act.at, act)
        failing = [] if then is None else [one for one in conditions if truth(one, then, adopted.readings) is False]
        told = [text for one in failing[:1] for text in grounds(one, then, adopted.readings)] if then else []
        yield Reason(named, _each(told) or (Reason("it did not bind then, outside the term"),))
