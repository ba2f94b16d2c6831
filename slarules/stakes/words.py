"""What stakes are called, and in which order they are told: the same on the screen and on paper."""

from __future__ import annotations

from collections.abc import Mapping

from slarules.engine import adopt
from slarules.model.contract import Contract
from slarules.model.verdict import Verdict
from slarules.stakes.worth import SAME, UNASKED, UNTOUCHED, Change, Effect, Pair, ReadingStake, Stakes

WHY: Mapping[str, str] = {
    UNASKED: "no rule asks for it, or only beside facts that this log records nowhere",
    UNTOUCHED: "nothing happened in this log that it could touch",
    SAME: "what it touches comes out the same",
}
"""Why nothing hangs on an option."""


def size(effect: Effect) -> int:
    """How many verdicts change state, arise or vanish."""
    return effect.flips + effect.arisen + effect.vanished


def ranked(stakes: Stakes) -> list[ReadingStake]:
    """The readings on which something hangs, those first on whose options most verdicts do that can be determined both
    ways; then by all verdicts, by time, and as the contract has them."""
    hanging = [one for one in stakes.readings if any(option.nothing is None for option in one.options)]
    return sorted(hanging, key=lambda one: max(_weight(option.effect) for option in one.options), reverse=True)


def _weight(effect: Effect) -> tuple[int, ...]:
    return (effect.decided, size(effect), effect.lateness.gained + effect.lateness.lost, sum(effect.rules.values()))


def idle(stakes: Stakes) -> list[tuple[ReadingStake, str]]:
    """The readings on which nothing hangs in this log, in the contract's order, each with why."""
    found = []
    for one in stakes.readings:
        if all(option.nothing is not None for option in one.options):
            why = dict.fromkeys(WHY[option.nothing] for option in one.options if option.nothing is not None)
            found.append((one, "marked `changes nothing`" if one.marked is not None else "; ".join(why)))
    return found


def favour(effect: Effect) -> list[str]:
    """For whom the option is, by how many of its verdicts are broken: `for Trak: 286 fewer`."""
    return [
        f"{'for' if one.broken < 0 else 'against'} {one.bearer}: {abs(one.broken):,} "
        f"{'fewer' if one.broken < 0 else 'more'}"
        for one in effect.favours
        if one.broken
    ]


def told(verdict: Verdict | None) -> str:
    """A verdict's state in a word or two; `none` where there is no such verdict."""
    return "none" if verdict is None else verdict.state.replace("_", " ")


def telling(effect: Effect) -> Change | None:
    """The change that shows best what the option does: kept here and broken there, with both deadlines."""
    return effect.changes[0] if effect.changes else None


def together(pair: Pair) -> str:
    """How two options act together, in words."""
    parts = [
        (pair.overlap, "either alone would do"),
        (pair.together, "only both together do"),
        (pair.undone, "one undoes the other"),
        (pair.otherwise, "both together do otherwise than either"),
    ]
    said = [f"{many:,}: {words}" for many, words in parts if many]
    if pair.values:
        said.append(f"{pair.values:,}: values of agreements")
    return "; ".join(said)


def zone_of(contract: Contract, base: Mapping[str, str]) -> str:
    """The contract's zone under the base's readings, for showing instants."""
    zone = adopt.decided(contract.zone, base)
    return zone if isinstance(zone, str) else "UTC"
