"""What is done so that a rule has what it needs: the events of the ticket and of its agreement, with their facts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from attrs import evolve

from slarules.analysis.stories import raw
from slarules.model.event import Raw
from slarules.model.expression import Pattern
from slarules.model.limit import ByEndOf, OnEach
from slarules.model.rules import (
    Choice,
    Duty,
    EachTerm,
    OnBoth,
    OnEvent,
    Trigger,
)
from slarules.model.value import HOUR
from slarules.model.walk import inside
from slarules.proposing.playing import (
    Deed,
    WaitFor,
    WaitUntil,
)
from slarules.proposing.setting import AGREEMENT, Setting, Steps, subject_of
from slarules.proposing.ways import Way, together, ways

WHO = "somebody"
"""The person of a role."""


def opening(setting: Setting, rule: Duty | Choice, trigger: Trigger | str, need: Way) -> Steps:
    """The subject's own events: its first, what must have happened, and the trigger."""
    subject, kind = subject_of(rule.kind), rule.kind
    facts, carried = facts_of(setting, need, kind)
    patterns = [trigger.pattern] if isinstance(trigger, OnEvent) else []
    patterns = [trigger.first.pattern, trigger.second.pattern] if isinstance(trigger, OnBoth) else patterns
    wanted = [Pattern(key[1], key[2] or None) for key, so in need.items() if key[0] == "happened" and so]
    wanted = [p for p in wanted if _own(setting, p, kind) and not _is_one_of(p, patterns, setting)]
    deeds: list[Deed] = []
    if kind == "ticket" and not any(p.type == "opened" for p in patterns):
        deeds.append(Deed("opened", subject, kind, setting.party("customer")))
    for pattern in (*wanted, *patterns):
        if pattern.type == "opened" and any(deed.type == "opened" for deed in deeds):
            continue
        for before in _BEFORE.get(pattern.type, ()):
            on: dict[str, Raw] = {"on": setting.party("customer")} if before == "waiting" else {}
            deeds.append(Deed(before, subject, kind, setting.party("provider"), on, HOUR // 2))
        gap = HOUR // 2 if deeds else 0
        deeds.append(Deed(pattern.type, subject, kind, pattern.by or usual(setting, pattern.type), {}, gap))
    if not deeds:
        return ()
    deeds.sort(key=lambda deed: deed.type != "opened")
    limit = rule.limit if isinstance(rule, Duty) else rule.within
    dated = {p.date if isinstance(p, ByEndOf) else p.fact for p in inside(limit) if isinstance(p, (ByEndOf, OnEach))}
    carried |= {name: facts.pop(name) for name in sorted(dated & facts.keys())}  # dates are settled by the trigger
    deeds[0] = evolve(deeds[0], facts={**facts, **deeds[0].facts}, after=0)
    deeds[-1] = evolve(deeds[-1], facts={**deeds[-1].facts, **carried})
    return tuple(_with_severity(setting, deeds, need)) if kind == "ticket" else tuple(deeds)


_BEFORE = {"resumed": ("waiting",), "reopened": ("resolved",)}
"""What must have happened for an event to be possible (R18)."""


def _is_one_of(pattern: Pattern, triggers: list[Pattern], setting: Setting) -> bool:
    """Whether what must have happened happens with the trigger itself."""
    return any(one.type == pattern.type and pattern.by in (None, one.by or usual(setting, one.type))
               for one in triggers)


def _own(setting: Setting, pattern: Pattern, kind: str) -> bool:
    return setting.terms.events[pattern.type].kind in (None, kind)


_OF_THE_CUSTOMER = ("opened", "asked", "reopened", "started", "paid", "hours_purchased")
"""Events that are usually the customer's doing."""


def usual(setting: Setting, type: str) -> str:
    """Who does such a thing where the rule does not say: whoever owes it, else the customer or the provider."""
    for duty in setting.terms.duties.values():
        for pattern in duty.performance.patterns:
            if pattern.type == type and pattern.by is not None:
                return pattern.by
    return setting.party("customer" if type in _OF_THE_CUSTOMER else "provider")


def _with_severity(setting: Setting, deeds: list[Deed], need: Way) -> Iterator[Deed]:
    """The severity is assigned by whoever may, with the opening or right after it."""
    level = need.get(("severity",))
    severities = setting.terms.severities
    if level is None or severities is None:
        yield from deeds
        return
    changed = next((n for n, deed in enumerate(deeds) if deed.type == "severity_changed"), None)
    levels = [one.name for one in severities.levels]
    at_first = next((one for one in reversed(levels) if one != level), level) if changed is not None else level
    assigners = severities.assigned_by if isinstance(severities.assigned_by, tuple) else ()
    for number, deed in enumerate(deeds):
        if number == changed:
            changers = severities.changed_by if isinstance(severities.changed_by, tuple) else ()
            by = deed.actor if deed.actor in changers or not changers else changers[0]
            yield evolve(deed, actor=by, facts={**deed.facts, "severity": level})
        elif number == 0 and (not assigners or deed.actor in assigners):
            yield evolve(deed, facts={**deed.facts, "severity": at_first})
        elif number == 0:
            yield evolve(deed, actor=assigners[0], facts={**deed.facts, "severity": at_first})
        else:
            yield deed


def facts_of(setting: Setting, need: Way, kind: str) -> tuple[dict[str, Raw], dict[str, Raw]]:
    """The subject's own facts, and those that belong to the event that sets the rule off."""
    own: dict[str, Raw] = {}
    carried: dict[str, Raw] = {}
    for key, value in need.items():
        if key[0] == "fact" and value is not None:
            fact = setting.terms.facts.get(key[1])
            if fact is None or fact.kind == "any":
                carried[key[1]] = raw(value)
            elif fact.kind == kind:
                own[key[1]] = raw(value)
        elif key[0] == "role":
            named = setting.terms.roles[key[1]].identified_by or "caller"
            carried[named] = WHO if value else "a stranger"
    return own, carried


def agreement(setting: Setting, rule: Duty | Choice, need: Way, trigger: Trigger | str) -> Steps:
    """The agreement's own events, where anything about one is needed."""
    terms = setting.terms
    facts = {
        key[1]: raw(value)
        for key, value in need.items()
        if key[0] == "fact" and value is not None and (f := terms.facts.get(key[1])) and f.kind == "agreement"
    }
    states = {key[1]: state for key, state in need.items() if key[0] == "status"}
    roles = [key[1] for key, so in need.items() if key[0] == "role" and so]
    happened = [Pattern(key[1], key[2] or None) for key, so in need.items() if key[0] == "happened" and so]
    happened = [p for p in happened if not _own(setting, p, rule.kind)]
    filled = {key[1]: raw(value) for key, value in need.items() if key[0] == "allowance" and value}
    asked = facts or states or roles or happened or filled or isinstance(trigger, EachTerm)
    if rule.kind != "agreement" and not asked and not terms.statuses:
        return ()
    if rule.kind == "agreement":
        facts = {}  # they stand with its first event, see `opening`
    steps: list[Deed | WaitFor | WaitUntil] = []
    begun = next((p for s in terms.statuses.values() for state in s.states for p in state.begins_when), None)
    first = begun or Pattern("started")
    own = isinstance(trigger, OnEvent) and rule.kind == "agreement" and trigger.pattern.type == first.type
    if not own or states:
        steps.append(Deed(first.type, AGREEMENT, "agreement", first.by or usual(setting, first.type), facts))
    for role in roles:
        by = terms.roles[role].designated_by or setting.party("customer")
        who: dict[str, Raw] = {"who": WHO, "role": role, "written": True}
        steps.append(Deed("contact_designated", AGREEMENT, "agreement", by, who))
    steps += [Deed(p.type, AGREEMENT, "agreement", p.by or usual(setting, p.type), {}, HOUR) for p in happened]
    for allowance, much in filled.items():
        type, fact = terms.allowances[allowance].fills[0]
        steps.append(Deed(type, AGREEMENT, "agreement", usual(setting, type), {fact: much}, HOUR))
    for status, state in states.items():
        steps += _path(setting, status, state)
    return tuple(steps)


def _path(setting: Setting, status: str, wanted: str) -> Steps:
    """From the first state of a status to another: by the events that lead there, or by waiting."""
    states = {state.name: state for state in setting.terms.statuses[status].states}
    begun = next((name for name, state in states.items() if state.begins_when), None)
    paths: list[tuple[str, Steps]] = [(begun, ())] if begun else []
    known = {begun}
    while paths:
        name, steps = paths.pop(0)
        if name == wanted:
            return steps
        for move in states[name].transitions:
            if move.to in known:
                continue
            known.add(move.to)
            step: Deed | WaitUntil = WaitUntil(status, move.to)
            if move.patterns:
                pattern = move.patterns[0]
                facts: dict[str, Raw] = {}
                each = [list(ways(c, True, setting.adopted, setting.monday)) for c in move.conditions]
                for way in islice(together(each), 1):
                    facts = {key[1]: raw(value) for key, value in way.items() if key[0] == "fact" and value is not None}
                actor = pattern.by or usual(setting, pattern.type)
                step = Deed(pattern.type, AGREEMENT, "agreement", actor, facts, HOUR)
            paths.append((move.to, (*steps, step)))
    return ()
