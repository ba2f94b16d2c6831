"""What an agreement owes, and how it stands: one walk from instant to instant, in the order of R1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.oracle_of_agreements.policy import Happening, Policy
from tests.oracle_of_agreements.settling import Settling
from tests.oracle_of_agreements.things import OF_ANYTHING, Owed, in_order

FAR = 3 * 366 * 86_400_000_000
"""So far beyond an instant is looked for the next change."""


class World(Settling):
    """Everything about one agreement, and the tickets under it, at one instant."""

    def step(self, at: int) -> None:
        """R1, from timed changes of status to consequences."""
        before, self.at, self.entered, self.perhaps = self.at, at, [], {}
        self.moved_by = {}
        self.now = sorted((one for one in self.log if one.at == at), key=in_order)
        self.time_moves()
        fresh = {name for one in self.now if one.subject == "A1" for name in one.facts}
        for one in self.now:
            self.past.append(one)
            if one.subject == "A1":
                self.facts.update(one.facts)
        for one in self.now:
            if one.subject == "A1":
                self.people_change(one)
                self.event_moves(one)
                self.time_moves()
        self.terms_end(before)
        self.move_allowances()
        if fresh:
            self.answers(fresh)
            self.anew(fresh)
            self.listed_anew(fresh)
        self.milestones()
        self.triggers(before)
        self.settle()


def world_at(policy: Policy, log: Sequence[Happening], as_of: int) -> World | None:
    """How everything stands as of an instant; None: nothing has happened yet."""
    happened = [one for one in log if one.at <= as_of]
    if not any(one.subject == "A1" and one.type not in OF_ANYTHING for one in happened):
        return None
    world = World(policy, happened)
    while (at := world.next_instant()) is not None and at <= as_of:
        world.step(at)
    world.at = as_of
    return world


def next_change(world: World) -> int | None:
    """R17: the first instant after this at which a state changes or something arises, if nothing happens."""
    since = world.at
    before = _digest(world)
    while (at := world.next_instant()) is not None and at <= since + FAR:
        world.step(at)
        if _digest(world) != before:
            return at
    return None


def shown(one: Owed) -> str:
    """Its state as a verdict tells it: an act that may have performed it leaves it undetermined at once (R23)."""
    return "undetermined" if one.state == "pending" and one.unsure else one.state


def _digest(world: World) -> Any:
    bans = [one for one in world.policy.prohibitions if not one.survives]
    return (
        [(shown(one), one.owed if shown(one) != "undetermined" else None) for one in world.owed],
        [one.state for one in world.open],
        [(one.state, one.wanted) for one in world.life.standings.values()],
        bool(bans) and isinstance(world.over(world.at, False), str),
    )
