"""The engine beside the second opinion, at every event, deadline and change, and a microsecond on either side."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from slarules.engine.evaluate import evaluate
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.value import Money, Unknown
from slarules.model.verdict import Evaluation
from slarules.resolve.build import resolve
from slarules.source import Source
from slarules.syntax.parse import parse
from tests.oracle_of_agreements.asking import worth
from tests.oracle_of_agreements.drawing import drawn_policy
from tests.oracle_of_agreements.further import told_less, with_more, with_people
from tests.oracle_of_agreements.history import drawn_history
from tests.oracle_of_agreements.opinion import FAR, World, next_change, shown, world_at
from tests.oracle_of_agreements.policy import Happening, Policy, Right
from tests.oracle_of_agreements.settling import SetOffBefore
from tests.oracle_of_agreements.spelling import spelled
from tests.oracle_of_agreements.things import corrected

MOST = 24
"""Instants at which one life is looked at."""


def contract_of(policy: Policy) -> Contract | None:
    """The policy as the language says it; None: its conditions leave nothing. Fails where it is mistaken."""
    source = Source("small.sla", spelled(policy))
    tree, spelling = parse(source)
    found, problems = resolve(tree, source, None)
    wrong = [d for d in (*spelling, *problems) if d.code[0] == "E"]
    if wrong and all(d.code == "E0715" for d in wrong):
        return None
    assert found is not None and not wrong, [f"{d.span}: {d.code} {d.message}" for d in wrong]
    return found


def events_of(log: Sequence[Happening]) -> list[Event]:
    """The log as the engine takes it."""
    found = []
    for one in log:
        facts = dict(one.facts) if one.new_at is None else {**one.facts, "at": one.new_at}
        found.append(Event(one.id, one.subject, one.type, one.at, one.actor, facts, target=one.target))
    return found


def differences(seed: int, only: int | None = None) -> list[str]:
    """Where the engine and the second opinion differ on one random policy and life."""
    policy, contract, log = drawn(seed)
    try:
        return compared(policy, contract, log, f"seed {seed}", only)
    except SetOffBefore:
        return []


def drawn(seed: int) -> tuple[Policy, Contract, list[Happening]]:
    """A random policy, as data and as a contract, and a life under it; every second one with more of both."""
    chance, more = random.Random(seed), random.Random(f"more {seed}")
    while True:
        policy = drawn_policy(chance)
        if seed % 2:
            policy = with_more(more, policy)
        contract = contract_of(policy)
        if contract is None:
            continue
        try:
            log = drawn_history(chance, policy)
        except SetOffBefore:
            continue
        return policy, contract, told_less(more, with_people(more, policy, log)) if seed % 2 else log


def life(seed: int) -> tuple[Contract, list[Event], dict[str, Supplied], list[int]]:
    """A contract, a life under it, what is supplied, and the instants at which it is looked at."""
    policy, contract, log = drawn(seed)
    return contract, events_of(log), supplied(policy), instants(policy, corrected(log))


def supplied(policy: Policy) -> dict[str, Supplied]:
    """The list that the desk supplies, if the policy names it."""
    listed = [one for one in policy.calendars if one.known_until is not None]
    if not listed:
        return {}
    dates = tuple(date.fromisoformat(day) for day in listed[0].closed)
    return {"Feasts": Supplied(dates, known_until=date.fromisoformat(listed[0].known_until or ""))}


def compared(
    policy: Policy, contract: Contract, log: Sequence[Happening], title: str, only: int | None = None
) -> list[str]:
    """The same, of one log."""
    events, stands = events_of(log), corrected(log)
    found: list[str] = []
    for as_of in instants(policy, stands) if only is None else [only]:
        world = world_at(policy, stands, as_of)
        seen = evaluate(contract, None, events, as_of, supplied=supplied(policy))
        if world is None:
            continue
        told = opinion(world)
        said = engine(seen)
        told["next change"] = next_change(world)
        said["next change"] = seen.next_change_at
        if told["next change"] is None and seen.next_change_at is not None and seen.next_change_at > as_of + FAR - 1:
            told["next change"] = seen.next_change_at
        for what in sorted({*told, *said}):
            if told.get(what) != said.get(what):
                found.append(f"{title} as of {as_of} {what}: expected {told.get(what)}, seen {said.get(what)}")
    return found


def instants(policy: Policy, log: Sequence[Happening]) -> list[int]:
    """Every event and every turn up to some time after the last, and a microsecond on either side."""
    times: set[int] = {one.at for one in log}
    last = max(times)
    world = world_at(policy, log, last)
    turns: list[int] = []
    for n, cut in enumerate(sorted(times)):
        known = world_at(policy, log, cut)
        for _ in range(3 if n else 2):
            at = None if known is None else next_change(known)
            if at is not None:
                turns.append(at)
    while world is not None and len(turns) < 40 and (at := next_change(world)) is not None and at < last + FAR // 3:
        turns.append(at)
    every = sorted({at + by for at in {*times, *turns} for by in (-1, 0, 1)})
    return every if len(every) <= MOST else sorted(random.Random(len(every)).sample(every, MOST))


def opinion(world: World) -> dict[str, Any]:
    """What the second opinion says, under the names that the engine's verdicts are given below."""
    told: dict[str, Any] = {}
    verdicts: list[tuple[Any, ...]] = []
    for one in world.owed:
        cause = f"{one.cause.duty.name}@{one.cause.set_off}" if one.cause is not None else None
        state = shown(one)
        dated = state in ("pending", "met", "breached")
        late = one.done - one.due if one.done is not None and one.due is not None and one.state == "breached" else None
        unclear = state == "undetermined"
        wanted = one.missing if one.state == state else one.unsure[0]
        verdicts.append((one.subject, one.duty.name, state, one.set_off, one.due if dated else None, one.done, late,
                         None if unclear else one.owed, None if unclear else one.ended_by,
                         tuple(sorted(wanted)) if unclear else (), cause))  # fmt: skip
    for choice in world.open:
        verdicts.append(("A1", choice.choice.name, choice.state, choice.set_off, choice.lapses, choice.elected))
    bans = {one.name: one for one in world.policy.prohibitions}
    for ban in bans.values():
        broken = [(event, answer) for rule, event, answer in world.breaks if rule.name == ban.name]
        over = None if ban.survives else world.over(world.at, False)
        ended = over if isinstance(over, str) else None
        for event, answer in broken:
            state = "breached" if answer is True else "undetermined"
            verdicts.append(("A1", ban.name, state, event.id, ended is None, ended))
        if not broken:
            verdicts.append(("A1", ban.name, "kept", None, ended is None, ended))
    for right, event, answer in world.checked:
        state = "undetermined" if isinstance(answer, frozenset) else "permitted" if answer else "not_permitted"
        name = right.name if isinstance(right, Right) else f"of_{right.name}"
        verdicts.append(("A1", name, state, event.id))
    for verdict, count in Counter(verdicts).items():
        told.setdefault(f"{verdict[0]} {verdict[1]}", []).append((*verdict[2:], count))
    for name, standing in world.life.standings.items():
        told[f"status {name}"] = tuple(sorted(standing.wanted)) if standing.wanted else standing.state
    for name, left in world.life.left.items():
        told[f"allowance {name}"] = tuple(sorted(left)) if isinstance(left, frozenset) else left
        told[f"draws of {name}"] = world.life.draws[name]
    for name in {one.name for one in world.policy.amounts}:
        value = worth(world.policy, name, world.scene())
        told[f"amount {name}"] = tuple(sorted(value)) if isinstance(value, frozenset) else _near(value)
    return {name: sorted(value, key=str) if isinstance(value, list) else value for name, value in told.items()}


def _near(value: Fraction | date) -> Any:
    return round(value, 30) if isinstance(value, Fraction) else value


def engine(seen: Evaluation) -> dict[str, Any]:
    """What the engine says, under the same names."""
    said: dict[str, Any] = {}
    verdicts: list[tuple[Any, ...]] = []
    labels = {(v.subject, v.label): v for v in seen.verdicts}
    for v in seen.verdicts:
        match v.rule:
            case "duty":
                cause = None
                if v.cause is not None:
                    of = labels.get((v.subject, v.cause))
                    cause = f"{of.duty}@{of.triggered_at}" if of is not None else f"unknown {v.cause}"
                verdicts.append((v.subject, v.duty, v.state, v.triggered_at, v.deadline, v.performed_at, v.late_by,
                                 v.owed, v.ended_by, v.missing, cause))  # fmt: skip
            case "choice":
                verdicts.append((v.subject, v.duty, v.state, v.triggered_at, v.deadline, v.elected))
            case "prohibition":
                event = v.events[0] if v.events else None
                verdicts.append((v.subject, v.duty, v.state, event, v.owed, v.ended_by))
            case _:
                verdicts.append((v.subject, v.duty, v.state, v.events[0]))
    for verdict, count in Counter(verdicts).items():
        said.setdefault(f"{verdict[0]} {verdict[1]}", []).append((*verdict[2:], count))
    for (_, status), state in seen.statuses.items():
        said[f"status {status}"] = tuple(sorted(state.missing)) if isinstance(state, Unknown) else state
    for level in seen.allowances:
        said[f"allowance {level.allowance}"] = _exact(level.balance)
        said[f"draws of {level.allowance}"] = [(d.event, _sure(d.covered), _sure(d.excess)) for d in level.draws]
    for (_, amount), value in seen.amounts.items():
        money = value.amount if isinstance(value, Money) else value
        said[f"amount {amount}"] = money if isinstance(money, date) else _exact(money, near=True)
    return {name: sorted(value, key=str) if isinstance(value, list) else value for name, value in said.items()}


def _sure(value: Any) -> Fraction | None:
    return None if isinstance(value, Unknown) else Fraction(value)


def _exact(value: Any, near: bool = False) -> Any:
    if isinstance(value, Unknown):
        return tuple(sorted(value.missing))
    return round(Fraction(value), 30) if near else Fraction(value)
