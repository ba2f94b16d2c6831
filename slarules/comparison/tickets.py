"""A ticket told in the words of both contracts, and what each of them makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import evolve, field, frozen

from slarules.comparison.language import Language, translated
from slarules.comparison.sides import Side
from slarules.engine.evaluate import evaluate
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.verdict import Verdict

FINE, MISSED, BROKEN = 0, 1, 2
"""How badly it stands for whoever owes: nothing wrong; an aim missed or an act without right; a promise broken."""
RANKS = {"missed": MISSED, "not_permitted": MISSED, "breached": BROKEN}
KEPT = frozenset(("met", "reached", "kept", "permitted"))


@frozen
class Ticket:
    """One history in both contracts' words."""

    aspect: str
    """What it was tried for: ``due``, ``recorded``, ``done`` or ``course``."""
    logs: tuple[tuple[Event, ...], tuple[Event, ...]]
    """The same events in the first contract's words, and in the second's."""
    subject: str
    """The ticket, agreement … that it is about."""
    as_of: int
    """As of when it is judged, in microseconds UTC."""


@frozen
class Outcome:
    """What one contract makes of a ticket, looking at certain rules alone."""

    rank: int | None
    """``FINE``, ``MISSED`` or ``BROKEN``; None: a fact is wanting."""
    verdicts: tuple[Verdict, ...] = field(repr=False)
    """Of those rules, in order."""

    @property
    def kept(self) -> bool:
        """Whether something was owed, and done."""
        return self.rank == FINE and any(verdict.state in KEPT for verdict in self.verdicts)


@frozen
class Tried:
    """A ticket with what both contracts make of it."""

    ticket: Ticket
    outcomes: tuple[Outcome, Outcome]

    @property
    def gap(self) -> int | None:
        """Positive: worse for whoever owes under the second contract; negative: under the first; None: unknown."""
        first, second = (outcome.rank for outcome in self.outcomes)
        return None if first is None or second is None else second - first

    def mirrored(self) -> Tried:
        """The same, seen from the other contract."""
        logs = (self.ticket.logs[1], self.ticket.logs[0])
        return Tried(evolve(self.ticket, logs=logs), (self.outcomes[1], self.outcomes[0]))


def verdicts_of(
    side: Side, log: Sequence[Event], subject: str, rules: Iterable[str], as_of: int, of: Contract | None = None
) -> tuple[Verdict, ...]:
    """What a contract says of a subject by these rules; ``of`` is that contract, pruned to them."""
    wanted = frozenset(rules)
    contract, readings = (side.contract, side.readings) if of is None else (of, {})
    seen = evaluate(contract, readings, log, as_of, supplied=side.supplied)
    return tuple(v for v in seen.verdicts if v.subject == subject and v.duty in wanted)


def outcome(verdicts: tuple[Verdict, ...]) -> Outcome:
    """What verdicts come to: the gravest counts; where nothing is wrong but something unknown, nothing can be told."""
    worst = max((RANKS.get(verdict.state, FINE) for verdict in verdicts), default=FINE)
    unknown = worst == FINE and any(verdict.state == "undetermined" for verdict in verdicts)
    return Outcome(None if unknown else worst, verdicts)


def both(events: Sequence[Event], of: int, languages: tuple[Language, Language]) -> tuple[list[Event], list[Event]]:
    """Events in the words of contract ``of`` (0 or 1), in the words of both."""
    other, _ = translated(events, languages[of])
    return (list(events), other) if of == 0 else (other, list(events))
