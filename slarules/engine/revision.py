"""What a longer log changed: verdicts superseded, arisen or vanished (R3, R11). The old ones stay beside these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from attrs import evolve, frozen

from slarules.model.verdict import Evaluation, Verdict


@frozen
class Revision:
    """One verdict of an earlier evaluation and what stands in its place."""

    before: Verdict | None
    """None: the instance was not known then."""
    after: Verdict | None
    """Flagged ``late_revision``. None: a late event, a correction or a reading made the instance vanish."""


def revisions(before: Evaluation, after: Evaluation) -> tuple[Revision, ...]:
    """Every verdict that differs between two evaluations of one contract as of one instant, by identity (R11).

    Raises ValueError where the two are not as of the same instant.
    """
    if before.as_of != after.as_of:
        raise ValueError("revisions compare two states of knowledge as of one instant")
    return tuple(_revised(_identified(before), _identified(after)))


Identity = tuple[tuple[str, str, str, str | None, int], int]


def _identified(evaluation: Evaluation) -> dict[Identity, Verdict]:
    """Each verdict by its identity (R11), and its place among those that began at one instant from one cause."""
    places: Counter[tuple[str, str, str, str | None, int]] = Counter()
    found = {}
    for verdict in evaluation.verdicts:
        found[verdict.identity, places[verdict.identity]] = verdict
        places[verdict.identity] += 1
    return found


def _revised(before: dict[Identity, Verdict], after: dict[Identity, Verdict]) -> Iterator[Revision]:
    for identity, old in before.items():
        new = after.get(identity)
        if new is None:
            yield Revision(old, None)
        elif evolve(new, number=old.number) != old:
            yield Revision(old, _late(new))
    for identity, new in after.items():
        if identity not in before:
            yield Revision(None, _late(new))


def _late(verdict: Verdict) -> Verdict:
    return evolve(verdict, flags=tuple(sorted({*verdict.flags, "late_revision"})))
