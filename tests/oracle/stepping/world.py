"""The world of one ticket and its agreement at one `now`: what is told, and the duties with a counter each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..wall import DAY
from .doubts import DOUBTS

Json = dict[str, Any]

LOOK_AHEAD = 45 * DAY
"""How far the stepper lives on without events, looking for a deadline or the next change."""


OF_THE_AGREEMENT = (
    *("started", "contact_removed", "contact_designated", "hours_purchased", "hours_logged"),
    *("purchase_order_received", "paid"),
)


COUNTED = ("elapsed", "business", "business_days")
"""Targets with a clock, which can stand still; civil ones know no pauses (R14)."""


@dataclass(eq=False)
class Series:
    """The periods of one recurring duty (R4)."""

    duty: Json
    start: int
    cause: Instance | None
    over: bool = False
    over_by: str | None = None  # the resolution that ended it
    over_at: int | None = None
    perhaps: str | None = None  # the event that ended it, if it was by whom the duty names


@dataclass(eq=False)
class Instance:
    duty: Json
    triggered: int
    start: int  # of its clock; differs from `triggered` only after a restart
    cause: Instance | None = None
    series: Series | None = None
    level: Any = None  # the severity whose terms apply
    state: str = "pending"  # unknown, pending, met, breached, ended; the pause is looked up, not kept
    seen: Json = field(default_factory=dict)  # what the trigger's conditions read at its instant (R8)
    missing: list[str] = field(default_factory=list)
    kind: str = "none"
    allowed: int | None = None  # seconds, or days
    calendar: str | None = None
    flags: bytes = b""
    start_date: int = 0  # where days are counted
    used: int = 0
    fixed: int | None = None  # a civil deadline, or a date's last closing
    deadline: int | None = None
    used_at_deadline: int = 0
    performed: int | None = None
    performed_by: str | None = None
    owed: bool = True
    ended_by: str | None = None
    ended_at: int | None = None
    perhaps: str | None = None  # the event that ended it, if it was by whom the duty names
    let_go_at: int | None = None
    let_go_by: str | None = None  # what ended that it was owed after its breach
    unsure: str | None = None  # the act of unknown actor that may have performed it
    lost: bool = False  # undetermined for good
    dated: Any = None  # the date that a fact gave it
    counted_blind: bool = False  # its clock was counted again through hours that nobody knows
    ran_blind: bool = False  # it ran on after a breach through hours that nobody knows
    set_off_by: str | None = None  # the event that set it off
    parts: list[Instance] = field(default_factory=list)  # the clocks of the sooner or the later of several
    owner: Instance | None = None  # whose part it is
    awaits: Json | None = None  # the target that runs from a milestone which is not reached
    reached: bool = False  # its time was used up while it ran,
    due: int = 0  # and when
    begun: int | None = None  # when its milestone was reached
    missed: Instance | None = None  # the part whose deadline was missed
    changes: list[tuple[int, Any, Any]] = field(default_factory=list)  # of severity while it was unknown
    row: Any = None  # the fact by which its table gave its time
    maybes: list[Maybe] = field(default_factory=list)  # the acts of which it is not known whether they perform it
    over_before: bool = False  # it was answered, and its time had been over before the clock stood still
    passed: bool = False  # its time was over while it was not known
    warned: set[str] = field(default_factory=set)  # the duties that so much of its time has set off
    follows: bool = True  # whether its cause is a breach


@dataclass(eq=False)
class Maybe:
    """An act of which it is not known whether it qualifies, and the clock as it stood then (R23)."""

    act: Json
    missing: list[str]
    due: int | None
    used: int
    late: bool


@dataclass(eq=False)
class World:
    contract: Json
    home: str
    step: int
    base: int
    last: int
    timeline: dict[int, list[Json]]
    doubts: set[str]
    now: int = 0
    marks: list[int] = field(default_factory=list)
    cache: dict[str, bytes] = field(default_factory=dict)
    spelling: dict[str, str] = field(default_factory=dict)
    closings: dict[str, dict[int, int]] = field(default_factory=dict)  # calendar: last closing: its date
    opened: bool = False
    resolved: bool = False
    resolved_at: int | None = None
    resolution: str | None = None
    undone: set[str] = field(default_factory=set)  # the resolutions that a reopening has undone
    at_once: set[str] = field(default_factory=set)  # those that were undone at their own instant
    over: int | None = None
    over_by: str = ""
    waiting: Any = None
    cleared: Any = None  # the waiting that the resolution ended
    past: list[tuple[int, Any, bool]] = field(default_factory=list)  # (from, waiting on, resolved)
    severity: Any = None
    facts: Json = field(default_factory=dict)
    contacts: set[str] = field(default_factory=set)
    happened: set[str] = field(default_factory=set)
    acts: list[Json] = field(default_factory=list)
    known: dict[str, Json] = field(default_factory=dict)  # by act: the facts that were known when it was done
    served: set[tuple[str, int]] = field(default_factory=set)
    impossible: list[str] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    rolling: list[Series] = field(default_factory=list)  # those whose next period is to arise
    late: list[Instance] = field(default_factory=list)  # known only now to have been performed before
    choices: list[Json] = field(default_factory=list)
    terms: list[tuple[int, str]] = field(default_factory=list)  # the agreement's states, by their beginnings
    expiries: dict[int, int] = field(default_factory=dict)  # a term's beginning: the date on which it is over
    agreed: bool = False  # whether anything is known of the agreement
    balance: Any = 0
    draws: list[Json] = field(default_factory=list)
    hours: bool = False


def doubt(world: World, name: str) -> None:
    assert name in DOUBTS, name
    world.doubts.add(name)


def lose_by(instance: Instance, event: str | None) -> None:
    """Undetermined for good, for want of the actor of an event, or of an act before it."""
    instance.lost, instance.missing = True, [] if event is None else [f"actor of {event}"]


def clocks_of(instance: Instance) -> list[Instance]:
    return instance.parts or [instance]


def clocks(world: World) -> list[Instance]:
    """The clocks of what is still owed."""
    found: list[Instance] = []
    for instance in world.instances:
        if instance.state == "pending" or instance.owed:
            found += instance.parts or (instance,)
    return found


def duties_of(contract: Json) -> list[Json]:
    """The duties that a trigger may set off; those of an option arise by the choice alone."""
    return list(contract.get("duties", ()))
