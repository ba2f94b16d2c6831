"""The agreement's life: the states it goes through, and the quantities that fill and empty (R20, R34)."""

from __future__ import annotations

from attrs import frozen

from slarules.model.expression import Condition, Pattern
from slarules.model.rules import Citation
from slarules.model.value import AsRead, Civil


@frozen
class Transition:
    """``becomes STATE`` when an event happens, at the end of the term, or after so long."""

    to: str
    """The state that begins."""
    patterns: tuple[Pattern, ...] = ()
    """At any one of these events."""
    conditions: tuple[Condition, ...] = ()
    """Only if all of these hold."""
    at_end_of_term: bool = False
    """When the state's term ends."""
    after: Civil | None = None
    """So long after the state began."""


@frozen
class State:
    """One state of a lifecycle."""

    name: str
    """The name that other rules call it by."""
    title: str | None
    """Words of the policy's writer that say more than the name; None: none given."""
    begins_when: tuple[Pattern, ...]
    """Events with which the agreement enters it at first."""
    lasts: Civil | AsRead | None
    """The term's length; it ends at the first instant of the date that much after its first (R20)."""
    includes: tuple[str, ...]
    """Benefits that hold while it lasts."""
    transitions: tuple[Transition, ...]
    """What it leads to; the first that holds counts."""


@frozen
class Status:
    """A lifecycle of the agreement."""

    name: str
    """The name that other rules call it by."""
    states: tuple[State, ...]
    """Its states, in the contract's order."""
    reinstated_from: str | AsRead | None
    """``event`` or ``expiry``: from when a reinstated term runs (R20)."""
    citation: Citation
    """The words it rests on."""


@frozen
class Allowance:
    """A quantity that is filled and drawn down (R34)."""

    name: str
    """The name that other rules call it by."""
    party: str
    """The party that may use it up."""
    unit: str
    """``hours``, or what else is counted."""
    fills: tuple[tuple[str, str], ...]
    """Event type, fact that says how much."""
    draws: tuple[tuple[str, str, tuple[Condition, ...]], ...]
    """Event type, fact that says how much, and the conditions that must hold."""
    carries_over: bool
    """What a term leaves unused may be used in the next."""
    citation: Citation
    """The words it rests on."""
