"""Amounts and dates that the contract computes exactly from recorded terms."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal

from slarules.engine.expression import CARRIED, VAST, Scene, missing, reckon, settled, test, vast
from slarules.model.expression import Condition, Expression, Stepped
from slarules.model.value import Money, Value

_WAYS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "up": ROUND_UP, "down": ROUND_DOWN}
"""How sums are rounded; those below nothing by their size: `down` is towards nothing."""


class _WithParts:
    """A scene in which an amount's named parts can be read as facts."""

    def __init__(self, scene: Scene, parts: dict[str, Value]) -> None:
        self._scene, self._parts = scene, parts

    def __getattr__(self, name: str) -> object:
        return getattr(self._scene, name)

    def fact(self, name: str) -> Value:
        return self._parts[name] if name in self._parts else self._scene.fact(name)

    def as_recorded_then(self) -> Scene:
        return _WithParts(self._scene.as_recorded_then(), self._parts)  # type: ignore[return-value]


def amount_value(scene: Scene, name: str) -> Value:
    """The amount or date ``name`` as the scene's facts make it: Money, a date, or Unknown with the facts it wants.

    Where nothing rounds it, it is as it goes on into another sum; ``settled`` is what is told of it.
    """
    return worked_out(scene, name)[2]


def worked_out(scene: Scene, name: str) -> tuple[Scene, Value, Value]:
    """The amount's own scene, in which its named parts can be read as facts; its value before rounding; its value."""
    rule = scene.terms.amounts[name]
    parts: dict[str, Value] = {}
    within: Scene = _WithParts(scene, parts)  # type: ignore[assignment]
    for part, expression in rule.parts:
        parts[part] = reckon(expression)(within)
    value = _stepped(rule.value, within) if isinstance(rule.value, Stepped) else reckon(rule.value)(within)
    return within, settled(value), value if rule.rounding is None else _rounded(settled(value), *rule.rounding)


def _stepped(given: Stepped, scene: Scene) -> Value:
    """The value of the first step that holds; unknown where it is not known which, and that makes a difference."""
    result = reckon(given.otherwise)(scene)
    for condition, value in reversed(given.steps):
        holds = test(condition)(scene)
        if holds is False:
            continue
        own = reckon(value)(scene)
        unknown = None if holds is True or own == result else missing(holds, own, result)
        result = own if unknown is None else unknown
    return result


def step_of(given: Stepped, scene: Scene) -> tuple[Condition | None, Expression] | None:
    """The step that applies, without a condition where it is the last one; None: that is not known."""
    for condition, value in given.steps:
        holds = test(condition)(scene)
        if holds is not False:
            return (condition, value) if holds is True else None
    return None, given.otherwise


def _rounded(value: Value, unit: str, how: str) -> Value:
    """A sum of money in whole units; what is not known stays so."""
    if not isinstance(value, Money):
        return value
    if vast(value.amount):
        return VAST
    step = Decimal(unit)
    steps = CARRIED.divide(value.amount, step).quantize(Decimal(1), _WAYS[how], CARRIED)
    return Money(CARRIED.multiply(steps, step).quantize(step, context=CARRIED), value.currency)
