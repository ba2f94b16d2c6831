"""Why each of two contracts judges a counterexample as it does: the trees of reasons of the whole engine."""

from __future__ import annotations

from slarules.comparison.sides import Side
from slarules.comparison.tickets import Tried
from slarules.engine.reasons.explain import explain
from slarules.engine.reasons.reason import Reason
from slarules.engine.reasons.whynot import why_not


def both_reasons(
    sides: tuple[Side, Side], names: tuple[tuple[str, ...], tuple[str, ...]], one: Tried
) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """The reasons under the first contract and under the second; where nothing is owed, why it is not."""
    a, b = (_of(side, rules, one, of) for of, (side, rules) in enumerate(zip(sides, names, strict=True)))
    return a, b


def _of(side: Side, rules: tuple[str, ...], one: Tried, of: int) -> tuple[Reason, ...]:
    log, subject, as_of = one.ticket.logs[of], one.ticket.subject, one.ticket.as_of
    found: list[Reason] = []
    for rule in rules:
        found += explain(side.contract, side.readings, log, as_of, subject, rule, side.supplied, trying=False)
    if found or not any(event.subject == subject for event in log):
        return tuple(found)
    return tuple(why_not(side.contract, side.readings, log, as_of, subject, rule, supplied=side.supplied)
                 for rule in rules)
