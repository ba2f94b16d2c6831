"""Quantities that are filled and drawn on: what is left after each entry (R34), and what ends with a term."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from slarules.engine.expression import Scene, all_hold
from slarules.engine.history import Entry, in_order
from slarules.model.life import Allowance
from slarules.model.value import Unknown, Value
from slarules.model.verdict import Draw

ENDS, FILLS, DRAWS, STOPS = range(4)
"""What comes first at one instant: a term ends by time (R1), fills, draws, the agreement is terminated."""

Levels = tuple[list[int], list[Value], list[Draw]]
"""When the balance moved, the balance from then on, and each draw."""


def drawn(scene: Scene, allowance: Allowance, entries: Sequence[Entry], term_ends: Sequence[int]) -> Levels:
    """The balance after each entry: fills before draws of one instant, the crossing draw split, excess never offset.

    Unless unused quantities carry over, nothing is left at the end of a term.
    """
    fills = dict(allowance.fills)
    moves: list[tuple[int, int, Entry | None]] = []
    for moving in in_order(list(entries))[0]:  # R12
        if not allowance.carries_over and moving.type == "terminated":
            moves.append((moving.at, STOPS, None))
        moves.append((moving.at, FILLS if moving.type in fills else DRAWS, moving))
    if not allowance.carries_over:
        moves += [(at, ENDS, None) for at in term_ends]
    times: list[int] = []
    balances: list[Value] = []
    draws: list[Draw] = []
    balance: Value = Decimal(0)
    for at, kind, entry in sorted(moves, key=lambda move: move[:2]):
        if entry is None:
            balance = Decimal(0)
        elif kind == FILLS:
            balance = _plus(balance, entry.facts.get(fills[entry.type], Unknown(frozenset({fills[entry.type]}))))
        else:
            much = _draws(scene, allowance, entry)
            if much is None:
                continue
            draws.append(_draw(entry, balance, much))
            covered = draws[-1].covered
            balance = balance - covered if isinstance(balance, Decimal) and isinstance(covered, Decimal) else covered
        times.append(at)
        balances.append(balance)
    return times, balances, draws


def _draw(entry: Entry, balance: Value, much: Value) -> Draw:
    """What the entry takes from the balance, and what exceeds it; unknown where either is."""
    if isinstance(much, Decimal) and isinstance(balance, Decimal):
        covered = min(much, balance)
        return Draw(entry.id, covered, much - covered)
    unknown = _plus(balance, much)
    return Draw(entry.id, unknown, unknown)


def _draws(scene: Scene, allowance: Allowance, entry: Entry) -> Value | None:
    """How much the entry draws; None: nothing."""
    for kind, fact, conditions in allowance.draws:
        if entry.type != kind:
            continue
        scene.now, scene.entry = entry.at, entry
        counts = all_hold(conditions)(scene)
        if counts is True:
            return entry.facts.get(fact, Unknown(frozenset({fact})))
        if isinstance(counts, Unknown):
            return counts
    return None


def _plus(balance: Value, amount: Value) -> Value:
    wanted = [v.missing for v in (balance, amount) if isinstance(v, Unknown)]
    if wanted:
        return Unknown(frozenset().union(*wanted))
    assert isinstance(balance, Decimal) and isinstance(amount, Decimal)
    return balance + amount
