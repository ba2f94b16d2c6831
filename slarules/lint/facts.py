"""Facts that may be missing and are asked for as if they never were, and exclusions that nothing shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from slarules.diagnostics import Level
from slarules.lint.examined import Examined
from slarules.lint.finding import Found, Rule
from slarules.model.contract import with_verdicts
from slarules.model.expression import Condition, FactRef, Happened, Not, Recorded
from slarules.model.rules import Choice, Duty, Prohibition, Right, Scope
from slarules.model.walk import inside

Guarded = Duty | Prohibition | Right | Choice | Scope


def unguarded(examined: Examined) -> Iterator[Found]:
    """A fact that one rule takes for optional (`is recorded`), asked by another as if it were always there."""
    wanted = {
        (part.all("NAME")[1].text, missing.name.text)
        for scenario in examined.scenarios
        for part in scenario.walk()
        if part.kind == "expect"
        for missing in part.all("detail_missing")
    }
    for terms in examined.versions:
        guards = {name: rule for rule in reversed(tuple(with_verdicts(terms))) for name in _looked_for(rule)}
        for rule in with_verdicts(terms):
            for name in sorted(_decides(rule) & guards.keys()):
                fact = terms.facts.get(name)
                if fact is None or fact.presumed is not None or (rule.name, name) in wanted:
                    continue
                yield Found(
                    examined.name_at(rule.citation.rule),
                    f"`{rule.name}` asks for `{name}` as if it were always recorded, and `{guards[name].name}` asks "
                    "whether it is",
                    f"say what holds without it: `{name} is recorded and …`, or `presumed … until recorded` at the "
                    f"fact; or show that it is meant: a scenario with `undetermined for want of {name}`",
                    related=((examined.name_at(guards[name].citation.rule), "asks whether it is recorded"),),
                )


def _conditions(rule: Guarded) -> tuple[Condition, ...]:
    if isinstance(rule, Scope):
        return rule.outside
    own = rule.performance.conditions if isinstance(rule, Duty) else ()
    return (*rule.only_if, *rule.whiles, *own)


def _decides(rule: Guarded) -> frozenset[str]:
    """The facts that a rule's conditions ask for, without asking whether they are recorded."""
    found = frozenset(one.name for one in inside(_conditions(rule)) if isinstance(one, FactRef))
    return found - _looked_for(rule)


def _looked_for(rule: Guarded) -> frozenset[str]:
    """The facts of which a rule asks whether they are recorded."""
    found = [one.value for one in inside(_conditions(rule)) if isinstance(one, Recorded)]
    return frozenset(one.name for one in found if isinstance(one, FactRef))


def unshown(examined: Examined) -> Iterator[Found]:
    """What leaves a ticket outside, or excuses, rests on a fact or event that no party judges and no log has."""
    if not examined.scenarios:
        return
    given = examined.recorded_with
    happened = {
        part.all("NAME")[1].text for scenario in examined.scenarios for part in scenario.walk()
        if part.kind == "occurs"
    }
    for terms in examined.versions:
        for rule in with_verdicts(terms):
            for name, sort in _exclusions(rule):
                fact = terms.facts.get(name)
                is_shown = name in given if sort == "fact" else name in happened
                if is_shown or (sort == "fact" and (fact is None or fact.judged_by is not None)):
                    continue
                what = "no party judges it, and no scenario records it" if sort == "fact" else "no scenario has it"
                yield Found(
                    examined.name_at(rule.citation.rule),
                    f"the exclusion of `{rule.name}` rests on `{name}`, which nothing shows: {what}",
                    "say whose word it is: `judged by …`; and add a scenario in which it is so"
                    if sort == "fact" else "add a scenario in which it happens",
                )


def _exclusions(rule: Guarded) -> Iterable[tuple[str, str]]:
    """Facts and events that leave something outside a rule, each with what it is."""
    outside = rule.outside if isinstance(rule, Scope) else tuple(c for c in rule.only_if if isinstance(c, Not))
    found: dict[tuple[str, str], None] = {}
    for one in inside(outside):
        if isinstance(one, FactRef):
            found[one.name, "fact"] = None
        elif isinstance(one, Happened):
            found[one.pattern.type, "event"] = None
    return found


RULES: tuple[Rule, ...] = (
    Rule("L1101", "unguarded-fact", Level.WARNING,
         "a fact that one rule takes for optional, and another for always recorded", unguarded),
    Rule("L1102", "exclusion-without-evidence", Level.WARNING, "an exclusion that rests on what nothing shows",
         unshown),
)
