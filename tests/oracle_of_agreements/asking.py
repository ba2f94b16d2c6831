"""What a condition says at an instant (true, false, or the facts it wants), and what an amount comes to (R5, R9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from tests.oracle_of_agreements.dates import anniversary, date_of, day_start, end_of, is_open, moved, whole_months
from tests.oracle_of_agreements.life import Life
from tests.oracle_of_agreements.policy import Amount, Condition, Policy, Span

PRESUMED = {"billable": True}
Answer = bool | frozenset[str]
"""What is not known is told by the facts that it wants."""


@dataclass
class Scene:
    """Who asks: an instant, the event at hand, and how the agreement stands."""

    policy: Policy
    at: int
    life: Life
    said: dict[str, Any] = field(default_factory=dict)
    """What the event at hand says itself."""
    facts: dict[str, Any] = field(default_factory=dict)
    happened: list[tuple[int, str]] = field(default_factory=list)
    """When what happened to the agreement, so far."""
    status: str | None = None
    """The status whose own lines are read: `this term` is its."""
    root: int | None = None
    """The instant whose terms a limit stands under (R27); None: the scene's own."""
    later: set[str] = field(default_factory=set)
    """Facts that were told only since (R9)."""

    def fact(self, name: str) -> Any:
        """A fact's value; None: unknown."""
        return self.said.get(name, self.facts.get(name, PRESUMED.get(name)))


def version_at(policy: Policy, at: int) -> int:
    """Under which version of the terms an instant stands (R27)."""
    if policy.amended_on is None:
        return 0
    return int(at >= day_start(policy.zone, date.fromisoformat(policy.amended_on)))


def known_not(answer: Answer) -> Answer:
    return answer if isinstance(answer, frozenset) else not answer


def all_of(answers: list[Answer]) -> Answer:
    """R9: false if one is false, else unknown if one is unknown."""
    if any(one is False for one in answers):
        return False
    wanted = frozenset[str]().union(*(one for one in answers if isinstance(one, frozenset)))
    return wanted or True


def ask(condition: Condition, scene: Scene) -> Answer:
    """What a condition says."""
    match condition:
        case ("happened", type):
            return any(one == type for _, one in scene.happened)
        case ("this term", type):
            began = scene.life.term_began(scene.at, scene.status)
            return any(one == type and (began is None or at >= began) for at, one in scene.happened)
        case ("within", type, days):
            times = [at for at, one in scene.happened if one == type]
            where = scene.policy.zone
            return bool(times) and scene.at <= end_of(where, moved(date_of(where, max(times)), Span(days)))
        case ("state", status, states):
            return scene.life.state(status) in states if scene.life.known(status) else scene.life.wanted(status)
        case ("includes", status, benefit):
            found = scene.life.includes(status, version_at(scene.policy, scene.at))
            return benefit in found if scene.life.known(status) else scene.life.wanted(status)
        case ("yes", name):
            value = scene.fact(name)
            return frozenset({name}) if value is None else bool(value)
        case ("recorded", name):
            return scene.fact(name) is not None and name not in scene.later
        case ("more", name, number):
            value = scene.fact(name)
            return frozenset({name}) if value is None else bool(Fraction(value) > Fraction(number))
        case ("left", allowance, number):
            left = scene.life.left[allowance]
            return left if isinstance(left, frozenset) else left > number
        case ("open", name):
            calendar = next(one for one in scene.policy.calendars if one.name == name)
            opens = is_open(scene.policy.zone, calendar, scene.at)
            return calendar.wanted if opens and calendar.is_beyond(date_of(scene.policy.zone, scene.at)) else opens
        case ("not", part):
            return known_not(ask(part, scene))
        case ("and", one, other):
            return all_of([ask(one, scene), ask(other, scene)])
        case ("or", one, other):
            return known_not(all_of([known_not(ask(one, scene)), known_not(ask(other, scene))]))
    raise AssertionError(condition)


Value = Fraction | date | frozenset[str]
"""A sum or a date; what is not known is told by the facts that it wants."""


def worth(policy: Policy, name: str, scene: Scene) -> Value:
    """What an amount comes to, by the wording of the instant (R27)."""
    version = version_at(policy, scene.at if scene.root is None else scene.root)
    rule = next(one for one in policy.amounts if one.name == name and one.version in (None, version))
    parts: dict[str, Value] = {}
    for part, value in rule.parts:
        parts[part] = _value(policy, value, scene, parts)
    return _rounded(_value(policy, rule.value, scene, parts), rule)


def _rounded(value: Value, rule: Amount) -> Value:
    if rule.rounding is None or not isinstance(value, Fraction):
        return value
    unit, how = Fraction(rule.rounding[0]), rule.rounding[1]
    sign = -1 if value < 0 else 1
    whole, rest = divmod(abs(value) / unit, 1)
    half = Fraction(1, 2)
    evenly = rest > half or (rest == half and whole % 2 == 1)
    upwards = {"up": rest > 0, "down": False, "half up": rest >= half, "half even": evenly}
    return sign * (whole + upwards[how]) * unit


def _value(policy: Policy, value: Any, scene: Scene, parts: dict[str, Value]) -> Value:
    def of(*values: Any) -> list[Any] | frozenset[str]:
        found = [_value(policy, one, scene, parts) for one in values]
        wanted = frozenset[str]().union(*(one for one in found if isinstance(one, frozenset)))
        return wanted or found

    match value:
        case ("fact", name):
            known = scene.fact(name)
            if known is None:
                return frozenset({name})
            return date.fromisoformat(known) if name.endswith("_on") else Fraction(known)
        case ("amount", name):
            return parts[name] if name in parts else worth(policy, name, scene)
        case ("money" | "number", much):
            return Fraction(much)
        case ("share", percent, one):
            found = of(one)
            return found if isinstance(found, frozenset) else found[0] * Fraction(percent) / 100
        case (("lesser" | "greater") as which, one, other):
            found = of(one, other)
            return found if isinstance(found, frozenset) else (min if which == "lesser" else max)(found)
        case (("days" | "months") as unit, one, other):
            found = of(one, other)
            if isinstance(found, frozenset):
                return found
            return Fraction((found[1] - found[0]).days if unit == "days" else whole_months(*found))
        case ("shifted", much, way, one):
            found = of(one)
            return found if isinstance(found, frozenset) else moved(found[0], much, 1 if way == "after" else -1)
        case ("anniversary", one, other):
            found = of(one, other)
            return found if isinstance(found, frozenset) else anniversary(*found)
        case ("sum", first, rest):
            found = of(first, *(one for _, one in rest))
            if isinstance(found, frozenset):
                return found
            total: Fraction = found[0]
            for (sign, _), n in zip(rest, found[1:], strict=True):
                total = total + n if sign == "plus" else total - n
            return total
        case ("product", first, rest):
            found = of(first, *(one for _, one in rest))
            if isinstance(found, frozenset):
                return found
            product: Fraction = found[0]
            for (way, _), n in zip(rest, found[1:], strict=True):
                if way == "over" and n == 0:
                    return frozenset({"a divisor that is not zero"})
                product = product * n if way == "times" else product / n
            return product
    raise AssertionError(value)
