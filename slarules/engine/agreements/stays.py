"""A status of an agreement: in which state it was from when to when, and in which term (R20)."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define, field, frozen

from slarules.engine.in_force import worded
from slarules.model.life import State, Status


@frozen
class Stay:
    """A status in one state, from ``since`` up to the next stay."""

    since: int
    state: str | None
    """None: not to be known."""
    term_from: int | None
    """The term it belongs to: first instant, half-open."""
    term_to: int | None
    missing: frozenset[str] = frozenset()
    new_term: bool = False
    """Whether a term begins with it; one that is renewed early, from its expiry on, begins later than it."""
    by_event: bool = False
    """Whether an event led to it, and not time alone."""
    perhaps: str | None = None
    """Of what is not to be known: the state that it may have come to, and whether a term would begin with that."""
    perhaps_new_term: bool = False


@frozen
class Change:
    """What a status comes to by time alone."""

    at: int
    to: str | None
    """None: not to be known, for want of ``wanted``."""
    term_from: int
    """From when a term runs that begins with it."""
    wanted: frozenset[str] = frozenset()
    perhaps: str | None = None
    """What it may come to, then."""


@define(eq=False)
class Run:
    """A status on its way through its states."""

    wordings: Sequence[tuple[int, Status]]
    """From when on the contract words it so (R27)."""
    stays: list[Stay]
    name: str
    at_once: int = 0
    """Timed changes of one instant."""
    ahead: int = 0
    """Timed changes beyond the last event."""
    ended: bool = False
    """Whether nothing more comes by time alone."""
    most: int = field(init=False)
    """How many states it has: more changes of one instant than that are a circle."""

    def __attrs_post_init__(self) -> None:
        self.most = len({state.name for _, status in self.wordings for state in status.states})

    def states(self, at: int) -> dict[str, State]:
        """Its states as they are worded at an instant; those that are there no longer as they were."""
        every = {state.name: state for _, status in self.wordings for state in status.states}
        return {**every, **{state.name: state for state in worded(self.wordings, at).states}}


def begins(stay: Stay) -> int:
    """When the term that begins with it does so, and is there: not before what led to it."""
    return max(stay.since, stay.term_from) if stay.new_term and stay.term_from is not None else stay.since


def entered(stay: Stay) -> int:
    """Its first instant; an agreement's stays are in this order."""
    return stay.since
