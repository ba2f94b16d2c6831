"""Quantities that are filled and drawn on: what is left after each entry (R34), and what ends with a term."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from slarules.engine.expression import Scene, all_hold
from slarules.engine.history import Entry, in_order
from slarules.engine.in_force import worded
from slarules.model.life import Allowance
from slarules.model.value import Unknown, Value
from slarules.model.verdict import Draw

ENDS, FILLS, DRAWS, STOPS = range(4)
"""What comes first at one instant: a term ends by time (R1), fills, draws, the agreement is terminated."""

Finds = Callable[[Entry], Scene | None]
"""As what an entry finds its own subject; entries are asked for in their order. None: the entry has no effect."""
Levels = tuple[list[int], list[Value], list[Draw]]
"""When the balance moved, the balance from then on, and each draw."""


def drawn(
    finds: Finds, wordings: Sequence[tuple[int, Allowance]], entries: Sequence[Entry], term_ends: Sequence[int]
) -> Levels:
    """An allowance's balance after each entry: fills before draws of one instant, the crossing draw split (R34).

    Unless unused quantities carry over, nothing is left at the end of a term. What cannot have happened moves nothing
    (R18).
    """
    moves: list[tuple[int, int, Entry | None]] = []
    for moving in in_order(list(entries))[0]:  # R12
        allowance = worded(wordings, moving.at)
        if not allowance.carries_over and moving.type == "terminated":
            moves.append((moving.at, STOPS, None))
        moves.append((moving.at, FILLS if moving.type in dict(allowance.fills) else DRAWS, moving))
    moves += [(at, ENDS, None) for at in term_ends if not worded(wordings, at - 1).carries_over]
    times: list[int] = []
    balances: list[Value] = []
    draws: list[Draw] = []
    balance: Value = Decimal(0)
    for at, kind, entry in sorted(moves, key=lambda move: move[:2]):
        if entry is None:
            balance = Decimal(0)
        elif kind == FILLS:
            if finds(entry) is None:
                continue
            much = dict(worded(wordings, at).fills)[entry.type]
            balance = _plus(balance, entry.facts.get(much, Unknown(frozenset({much}))))
        else:
            taken = _draws(finds, worded(wordings, at), entry)
            if taken is None:
                continue
            draws.append(_draw(entry, balance, taken))
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
    return Draw(entry.id, balance if balance == 0 else unknown, unknown)  # from nothing, nothing is taken


def _draws(finds: Finds, allowance: Allowance, entry: Entry) -> Value | None:
    """How much the entry draws; None: nothing."""
    for kind, fact, conditions in allowance.draws:
        if entry.type != kind:
            continue
        scene = finds(entry)
        counts = scene is not None and all_hold(conditions)(scene)
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
