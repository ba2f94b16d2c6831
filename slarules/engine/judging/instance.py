"""One instance of a duty, a choice or a row of dates while a case is judged."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import define, field

from slarules.engine.history import Entry
from slarules.engine.judging.clock import Clock, Closings, Counting, Endless, Several, is_strict
from slarules.engine.plan import ChoicePlan, DutyPlan
from slarules.model.expression import Pattern
from slarules.model.limit import Milestone
from slarules.model.value import Unknown


@define(eq=False)
class Instance:
    """One instance of a duty. All instants are microseconds UTC."""

    plan: DutyPlan
    number: int
    triggered_at: int
    start: int
    """From when its clock runs."""
    cause: Instance | None
    """The breached instance it follows from (R10)."""
    trigger: Entry | None
    clock: Clock
    severity: str | None
    phase: str = "pending"
    """``pending``, ``met``, ``breached``, ``ended``, ``undetermined`` or ``could_not_arise``."""
    floor: int | None = None
    """No deadline before this instant: an event changed the terms then (R6)."""
    due: int | None = None
    """The deadline as things stand."""
    strict: bool = False
    """Whether an act at the deadline is too late."""
    over_at: int | None = None
    """When its time was over before its clock stood still, of what became known while it does (R9, R16)."""
    unknown_at: int | None = None
    """When its calendar's supplied list runs out (R30)."""
    warnings: list[tuple[int, int]] = field(factory=list)
    """(instant, number of the warning) still to come."""
    warned: set[int] = field(factory=set)
    stopped: bool = False
    """Whether its clock stands still by a pause or a resolution."""
    performed_at: int | None = None
    performed_by: Entry | None = None
    owed: bool = True
    ceased_at: int | None = None
    """From when nothing is owed, though it was not performed."""
    ended_by: str | None = None
    closer: Entry | None = None
    """The resolution that performed or ended it; its reopening undoes that (R7)."""
    missing: frozenset[str] = frozenset()
    end_wants: frozenset[str] = frozenset()
    """For want of what nobody knows whether it ended then: an `until` by an actor who is not recorded (R23)."""
    snapshot: Snapshot | None = None
    """What was known at its trigger, for a guard that could not be answered (R9)."""
    uncertain: list[Doubt] = field(factory=list)
    """Acts that may have performed it (R23)."""
    before: list[Doubt] = field(factory=list)
    """Acts that may have performed it before the one that certainly did (R23)."""
    over_by: Clock | None = None
    """Of several clocks the one by which its time was over while an act may have performed it (R13, R23)."""
    unsaid: bool = False
    """Whether its terms changed to such as nobody knows yet, or began so with a milestone (R6, R9)."""
    begun: dict[Pattern | Milestone, int] = field(factory=dict)
    """From when a time runs whose milestone was reached; what reaches it again moves nothing (R33)."""
    again: list[tuple[Entry, int]] = field(factory=list)
    """Resolutions, and when reopenings began it again, if they did perform or end it, as is not known yet (R7, R23)."""
    not_before: int | None = None
    """Acts before this instant do not perform it."""
    row: Row | None = None
    """The recurrence it belongs to (R4)."""
    not_owed_if_stopped: bool = False
    """One date of `each day of`: not owed if its closing falls in a pause (R4)."""
    pauses: list[tuple[int, int | None, str]] = field(factory=list)
    """From when to when its clock stood still, and why; None: still does."""
    place: int = 0
    """When it became live, among all that did: in this order they are looked at."""
    notes: list[tuple[int, str]] = field(factory=list)
    """What happened to it, for explanations."""
    root: int | None = None
    """When what it follows from was set off, under whose terms it stands (R27); None: it follows from nothing."""

    @property
    def label(self) -> str:
        return f"{self.plan.name}#{self.number}"

    @property
    def surely(self) -> bool | Unknown:
        """Whether it was performed by what performed it, and not by an act before that (R23)."""
        return Unknown(frozenset().union(*(one.missing for one in self.before))) if self.before else True

    @property
    def surely_then(self) -> bool | Unknown:
        """Whether what follows from its performance began with what performed it.

        Where that and the acts before it were done before it arose, and say the same, it makes no difference (R10).
        """
        act = self.performed_by
        early = act is not None and act.at <= self.triggered_at
        alike = act is not None and all(one.act.facts == act.facts for one in self.before)
        return True if early and alike else self.surely

    def next_timer(self) -> int | None:
        """When it falls due next, warns, or outlives its calendar's lists; None: never, or that is over."""
        if self.phase != "pending":
            return None
        soonest = self.due
        if self.unknown_at is not None and (soonest is None or self.unknown_at < soonest):
            soonest = self.unknown_at
        for at, _ in self.warnings:
            soonest = at if soonest is None or at < soonest else soonest
        return soonest

    def settle(self) -> None:
        """Deadline and timers, after anything changed."""
        if self.phase != "pending":
            self.unknown_at = None
            self.warnings = []
            return
        due = self.clock.deadline()
        if due is None or (self.floor is not None and due < self.floor and self._stands()):
            due = self.over_at
        if due is None:
            self.due = None
            self.unknown_at = None if isinstance(self.clock, Endless) else self.clock.unknown_at()
        else:
            self.due = due if self.floor is None or self.floor <= due else self.floor
            self.strict = is_strict(self.clock)
            self.unknown_at = None


    def _stands(self) -> bool:
        """Whether other terms overdrew the later of several while one stands still: due when it runs again (R16)."""
        parts = self.clock.clocks if isinstance(self.clock, Several) and not self.clock.sooner else ()
        return any(isinstance(one, (Counting, Closings)) and one.since is None for one in parts)


@define(frozen=True)
class Aside:
    """A kind of instances that are put aside: what may change one of them may change all."""

    plan: int
    """Which plan they have, and which event set them off, where their `while` turns on it."""
    trigger: int
    phase: str
    doubted: bool
    """Whether acts may have performed them (R23)."""
    owed: bool
    ended: bool
    """Whether nothing ends them any more."""
    missing: frozenset[str]
    """What would tell whether they are owed (R9),"""
    wants: frozenset[str]
    """and all that changes something once it is recorded."""


@define(frozen=True, eq=False)
class Doubt:
    """An act that may have performed an instance, and the instance's terms as they stood at the act (R6, R16, R23)."""

    act: Entry
    missing: frozenset[str]
    """The facts that would tell."""
    clock: Clock
    """As it stood; what happens later leaves it alone."""
    start: int
    floor: int | None
    severity: str | None


@define(eq=False)
class Snapshot:
    """The subject at a past instant."""

    now: int
    entry: Entry | None
    facts: Mapping[str, object]
    severity: str | None
    answers: dict[str, object] = field(factory=dict)
    """What has been recorded since of facts that were unknown; the first answer sticks."""
    ended: tuple[int, str, Entry | None] | None = None
    """What would have ended the duty meanwhile: when, by what, and the resolution if it was one."""
    end_wants: frozenset[str] = frozenset()
    """For want of what nobody knows whether it would (R23)."""
    undone: list[Entry] = field(factory=list)
    """Resolutions that a reopening has undone meanwhile (R7)."""
    again: Instance | None = None
    """The instance that a reopening began meanwhile, as unknown as this one (`begin again`)."""
    certain: bool | Unknown = True
    """Whether its trigger happened at all: by whom it was, or in which hours, no later event answers (R23, R30)."""


@define(eq=False)
class Row:
    """A recurrence: which acts served it, and for dated ones what comes next."""

    plan: DutyPlan
    cause: Instance | None
    trigger: Entry | None
    served: set[Entry] = field(factory=set)
    """Acts already used: each serves one period (R4)."""
    start: int | None = None
    """Of dates: from when on they are owed."""
    next_at: int | None = None
    """When the next date's instance arises; None: it rolls, or no more."""
    next_due: int | None = None
    next_day: int | None = None
    """Its date, as an ordinal; of a calendar."""
    last_date: int | None = None
    """Ordinal of the last date used."""
    over: bool = False
    end_wants: frozenset[str] = frozenset()
    """As of an instance: each of its dates from then on is undetermined."""
    closer: Entry | None = None
    floor: int | None = None
    """No deadline of its dates before this instant: only then was it known that they are owed (R9)."""
    root: int | None = None
    """As of an instance."""


@define(eq=False)
class Election:
    """One instance of a choice (R22)."""

    plan: ChoicePlan
    number: int
    triggered_at: int
    cause: Instance | None
    trigger: Entry | None
    state: str = "open"
    elected: str | None = None
    at: int | None = None
    """When it was elected, lapsed or ended."""
    lapses_at: int | None = None
    clock: Clock | None = None
    """Its time to be elected, which stands still with the ticket's clocks (R7); None: it lapses never."""
    missing: frozenset[str] = frozenset()
    snapshot: Snapshot | None = None
    settled: bool = False
    """Whether it is elected or has lapsed, though nobody knows which of them came first (R23)."""
    closer: Entry | None = None
    root: int | None = None
    """As of an instance."""
    events: list[str] = field(factory=list)
    place: int = 0
    """Its place among all that have come to be."""


def is_in_doubt(instance: Instance) -> bool:
    """Whether it is owed, but nobody knows on which terms, or whether an act performed it: its clock goes on."""
    return instance.phase == "undetermined" and (bool(instance.uncertain) or instance.unsaid)


def over_since(
    instance: Instance, ended: tuple[int | None, str | None, Entry | None], wants: frozenset[str]
) -> None:
    """It ended before this was known; where an act may have performed it before, or nobody knows whether it ended,
    nobody knows (R23)."""
    instance.phase, instance.owed, instance.end_wants = "ended", False, wants
    instance.ceased_at, instance.ended_by, instance.closer = ended
    if instance.uncertain or wants:
        instance.phase = "undetermined"
        instance.missing = instance.uncertain[0].missing if instance.uncertain else wants


def newest(instance: Instance) -> Instance:
    """The instance that began again last, where reopenings began it again while it was undetermined."""
    while instance.snapshot is not None and instance.snapshot.again is not None:
        instance = instance.snapshot.again
    return instance


def keeps_terms_of(one: Instance | Election) -> int:
    """The instant whose terms it stands under: its own trigger, or that of the duty it follows from (R27)."""
    return one.triggered_at if one.root is None else one.root
