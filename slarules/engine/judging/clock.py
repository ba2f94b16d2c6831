"""A duty's clock: how much of its time is used, and when it will be used up if nothing more happens.

Clocks are told when they stand still and when they run on; they never look at events.
"""

from __future__ import annotations

from copy import copy

from attrs import define, field

from slarules.calendars.calendar import Calendar


@define(eq=False)
class Counting:
    """Counts real time, or the opening times of a calendar."""

    start: int
    allowed: int
    """Microseconds."""
    calendar: Calendar | None
    """None: real time."""
    name: str | None
    """The calendar's name in the contract."""
    to_opening: bool = False
    """``ends at the next opening``: a deadline at a closing moves to the next opening."""
    strict: bool = False
    """``in less than``: performed at the deadline is too late."""
    since: int | None = field(init=False)
    """From when it runs; None while it stands still."""
    segments: list[tuple[int, int]] = field(factory=list)
    """The stretches in which it ran, the present one left out."""
    summed: int = 0
    """How many segments are summed,"""
    used: int = 0
    """and what they used, in the calendar as it is."""
    counted: dict[int, tuple[int, int]] = field(factory=dict)
    """Other calendars that it was counted in → the same: a recount stays linear."""

    def __attrs_post_init__(self) -> None:
        self.since = self.start

    def stop(self, at: int) -> None:
        if self.since is not None:
            if at > self.since:
                self.segments.append((self.since, at))
            self.since = None

    def run(self, at: int) -> None:
        if self.since is None:
            self.since = at

    def retarget(self, allowed: int, calendar: Calendar | None, name: str | None) -> None:
        """Other terms, as if from the start: pauses already taken stay (R6)."""
        if calendar is not self.calendar:
            self.counted[id(self.calendar)] = self.summed, self.used
            self.summed, self.used = self.counted.get(id(calendar), (0, 0))
        self.allowed, self.calendar, self.name = allowed, calendar, name

    def measure(self, start: int, end: int) -> int:
        if self.calendar is None:
            return max(0, end - start)
        return self.calendar.table.consumed_between(start, end)

    def _used_before(self) -> int:
        """What the finished stretches used."""
        if self.summed < len(self.segments):
            for start, end in self.segments[self.summed :]:
                self.used += self.measure(start, end)
            self.summed = len(self.segments)
        return self.used

    def consumed(self, at: int) -> int:
        if self.segments and at < self.segments[-1][1]:
            return sum(self.measure(start, min(end, at)) for start, end in self.segments if start < at)
        used = self.used if self.summed == len(self.segments) else self._used_before()
        if self.since is not None and at > self.since:
            used += self.measure(self.since, at)
        return used

    def reaches(self, amount: int) -> int | None:
        """The earliest instant at which ``amount`` is used if nothing happens; None: never, or standing still."""
        since = self.since
        if since is None:
            return None  # R16: only a remainder
        left = amount - (self.used if self.summed == len(self.segments) else self._used_before())
        if left <= 0:
            return since  # R28 for zero, also outside the opening times; else overdrawn while it stood still
        return since + left if self.calendar is None else self.calendar.table.deadline_at(since, left)

    def deadline(self) -> int | None:
        """The earliest instant at which everything is used; None: never, standing still, or beyond what is known."""
        calendar = self.calendar
        reached = self.reaches(self.allowed)
        if reached is None or calendar is None:
            return reached
        unknown_from = calendar.unknown_from
        if unknown_from is not None and reached > unknown_from and self.allowed > 0:
            return None  # R30
        if not self.to_opening or self.allowed == 0 or calendar.is_open(reached):
            return reached
        opens = calendar.next_open(reached)
        return None if opens is not None and unknown_from is not None and opens >= unknown_from else opens

    def over_at(self) -> int | None:
        """Of a clock that stands still: when everything was used before it stopped; None: it was not."""
        left, calendar = self.allowed, self.calendar
        for start, end in self.segments if self.since is None else ():
            used = self.measure(start, end)
            if used < left:
                left -= used
                continue
            reached = start + left if calendar is None or left == 0 else calendar.table.deadline_at(start, left)
            if reached is not None and calendar is not None and self.to_opening and not calendar.is_open(reached):
                reached = calendar.next_open(reached)
            return reached if reached is not None and reached < end else None
        return None

    def unknown_at(self) -> int | None:
        """When the clock reaches time of which the calendar's supplied list says nothing (R30)."""
        if self.since is None or self.calendar is None or self.calendar.unknown_from is None:
            return None
        reached = self.reaches(self.allowed)
        since = self.since
        if reached is not None and reached <= self.calendar.unknown_from:
            if not self.to_opening or self.deadline() is not None:
                return None
            since = reached  # it is not known when it opens next
        return max(self.calendar.unknown_from, self.calendar.next_open(since) or since)


@define(eq=False)
class Closings:
    """Counts the last closings of open dates after the start's date at which it runs (R15)."""

    start: int
    number: int
    calendar: Calendar
    name: str | None
    to_opening: bool = False
    strict: bool = False
    since: int | None = field(init=False)
    counted: int = 0
    """Closings counted in finished stretches."""
    last: int | None = None
    """The last of them."""
    stopped: int | None = None
    """When it stood still last."""

    def __attrs_post_init__(self) -> None:
        self.since = self.start

    def _from(self, at: int) -> int:
        """The place in the day table of the first closing that counts at or after ``at``."""
        table = self.calendar.day_table
        place = table.index_after(self.calendar.local_date(self.start))
        while place < len(table) and table.day(place).last_close < at:
            place = max(place + 1, table.index_from(self.calendar.local_date(at)) - 1)
        return place

    def stop(self, at: int) -> None:
        if self.since is None:
            return
        table = self.calendar.day_table
        place = self._from(self.since)
        while place < len(table) and table.day(place).last_close < at and self.counted < self.number:
            self.counted, self.last = self.counted + 1, table.day(place).last_close
            place += 1
        self.since, self.stopped = None, at

    def run(self, at: int) -> None:
        if self.since is None:
            self.since = at

    def consumed(self, at: int) -> int | None:
        return None

    def over_at(self) -> int | None:
        """Of a clock that stands still: its last closing, or the opening after it, if that came before it stopped."""
        if self.since is not None or self.counted < self.number or self.last is None or self.stopped is None:
            return None
        over = self.calendar.next_open(self.last) if self.to_opening else self.last
        return over if over is not None and over < self.stopped else None

    def deadline(self) -> int | None:
        if self.since is None:
            return None  # R16
        table = self.calendar.day_table
        place = self._from(self.since) + self.number - self.counted - 1
        if place >= len(table):
            return None
        close = table.day(place).last_close if self.counted < self.number else self.since  # overdrawn while it stood
        unknown_from = self.calendar.unknown_from
        if unknown_from is not None and close > unknown_from:
            return None  # R30
        opens = self.calendar.next_open(close) if self.to_opening else close
        blind = opens is not None and opens > close and unknown_from is not None and opens >= unknown_from
        return None if blind else opens

    def unknown_at(self) -> int | None:
        if self.calendar.unknown_from is None or self.since is None or self.deadline() is not None:
            return None
        table = self.calendar.day_table
        place = table.index_after(self.calendar.local_date(self.start))  # the start's own date never counts (R15)
        begins = self.since if place >= len(table) else max(self.since, table.day(place).first_open)
        return max(self.calendar.unknown_from, self.calendar.next_open(begins) or begins)


@define(eq=False)
class Dated:
    """A deadline that stands on dates: pauses do not move it (R14)."""

    at: int | None
    name: str | None = None
    since: int | None = None
    unknown_from: int | None = None
    """From when its calendar's lists do not tell the closing that it ends with (R30)."""
    strict: bool = False

    def stop(self, at: int) -> None:
        """Dates do not stand still."""

    def run(self, at: int) -> None:
        """Dates do not stand still."""

    def consumed(self, at: int) -> int | None:
        return None

    def deadline(self) -> int | None:
        return self.at

    def unknown_at(self) -> int | None:
        return self.unknown_from


@define(eq=False)
class Endless:
    """No deadline: until done or ended (R25). It still counts, in real time, for nobody."""

    name: str | None = None
    since: int | None = None

    def stop(self, at: int) -> None:
        """Nothing runs."""

    def run(self, at: int) -> None:
        """Nothing runs."""

    def consumed(self, at: int) -> int | None:
        return None

    def deadline(self) -> int | None:
        return None

    def unknown_at(self) -> int | None:
        return None


@define(eq=False)
class Several:
    """The sooner or the later of several; an unreached milestone drops out of *sooner*, and *later* waits (R33)."""

    clocks: list[Clock]
    sooner: bool
    renewed: int | None = None
    """When its terms changed, if it has not run since: what is over by them is due when it runs, of the sooner (R6)."""

    @property
    def name(self) -> str | None:
        return self.governing().name if self.clocks else None

    @property
    def since(self) -> int | None:
        return self.governing().since

    def governing(self) -> Clock:
        """The clock whose deadline counts; where there is none yet, the first that has none and runs from something."""
        unsure = self._unsure()
        if unsure is not None:
            return unsure
        known = [(self.due_of(c), i) for i, c in enumerate(self.clocks)]
        dated = [(d, i) for d, i in known if d is not None]
        if not dated or (not self.sooner and len(dated) < len(known)):
            undated = [self.clocks[i] for d, i in known if d is None]
            return next((clock for clock in undated if not isinstance(clock, Awaiting)), undated[0])
        return self.clocks[(min if self.sooner else max)(dated)[1]]

    def due_of(self, clock: Clock) -> int | None:
        """One clock's deadline; also that of one which was over before it stood still (R16, R33)."""
        due = clock.deadline()
        if due is None and isinstance(clock, (Counting, Closings)) and not (self.sooner and self.renewed is not None):
            return clock.over_at()
        return due

    def over_at(self) -> int | None:
        """Of clocks that stand still: when the sooner, or the later, of them was over before; None: it was not."""
        over = [c.over_at() if isinstance(c, (Counting, Closings)) else c.deadline() for c in self.clocks]
        known = [at for at in over if at is not None]
        if not known or (not self.sooner and len(known) < len(over)):
            return None
        return min(known) if self.sooner else max(known)

    def stop(self, at: int) -> None:
        if self.renewed is not None and self.renewed < at:
            self.renewed = None
        for clock in self.clocks:
            clock.stop(at)

    def run(self, at: int) -> None:
        self.renewed = None
        for clock in self.clocks:
            clock.run(at)

    def consumed(self, at: int) -> int | None:
        return self.governing().consumed(at)

    def deadline(self) -> int | None:
        deadlines = [self.due_of(c) for c in self.clocks]
        dated = [d for d in deadlines if d is not None]
        if not dated or (not self.sooner and len(dated) < len(deadlines)):
            return None
        if self._unsure() is not None:
            return None
        return min(dated) if self.sooner else max(dated)

    def unknown_at(self) -> int | None:
        if self.deadline() is not None:
            return None
        return min((u for c in self.clocks if (u := c.unknown_at()) is not None), default=None)

    def _unsure(self) -> Clock | None:
        """Of the sooner the one that may end first, but nobody knows: its calendar's list runs out before (R30)."""
        unknown = [(u, i) for i, c in enumerate(self.clocks) if self.sooner and (u := c.unknown_at()) is not None]
        if not unknown or any(d is not None and d <= min(unknown)[0] for d in (c.deadline() for c in self.clocks)):
            return None
        return self.clocks[min(unknown)[1]]


@define(eq=False)
class Awaiting(Endless):
    """A limit whose milestone is not reached."""


Clock = Counting | Closings | Dated | Endless | Several | Awaiting


def copied(clock: Clock) -> Clock:
    """The clock as it stands, which goes on by itself."""
    again = copy(clock)
    if isinstance(again, Several):
        again.clocks = [copied(one) for one in again.clocks]
    elif isinstance(again, Counting):
        again.segments, again.counted = list(again.segments), dict(again.counted)
    return again


def allowed_of(clock: Clock) -> int | None:
    """Microseconds allowed; None for clocks that do not count time."""
    if isinstance(clock, Several):
        return allowed_of(clock.governing())
    return clock.allowed if isinstance(clock, Counting) else None


def is_strict(clock: Clock) -> bool:
    """Whether an act at the deadline is too late: so it is of the sooner of two where either says so that ends then, of
    the later where both do."""
    if not isinstance(clock, Several):
        return isinstance(clock, (Counting, Closings, Dated)) and clock.strict
    due = clock.deadline()
    told = [is_strict(one) for one in clock.clocks if due is not None and clock.due_of(one) == due]
    return any(told) if clock.sooner else bool(told) and all(told)


def in_time(performed: int, deadline: int | None, strict: bool) -> bool:
    """Whether an act at ``performed`` meets a deadline: at it is in time, unless the contract says `before`.

    The one comparison of acts with deadlines in the project.
    """
    if deadline is None:
        return True
    return performed < deadline if strict else performed <= deadline


def consumed_of(clock: Clock, at: int) -> int | None:
    """What a clock had used by an instant; None: it counts no time, or a supplied list does not tell (R30)."""
    if isinstance(clock, Several):
        return consumed_of(clock.governing(), at)
    return clock.consumed(at) if not isinstance(clock, Counting) or _told(clock, clock.start, at) else None


def counted_late(clock: Clock, deadline: int, performed: int) -> int | None:
    """Lateness on the duty's own clock; after the breach only a resolution stops it (R7, R13)."""
    if isinstance(clock, Several):
        return counted_late(clock.governing(), deadline, performed)
    if not isinstance(clock, Counting) or not _told(clock, deadline, performed):
        return None
    return _ran(clock, deadline, performed)


def _ran(clock: Counting, begin: int, end: int) -> int:
    """How much of the time between two instants it counted."""
    stretches = [*clock.segments, (clock.since, end)] if clock.since is not None else clock.segments
    return sum(clock.measure(max(a, begin), min(b, end)) for a, b in stretches if min(b, end) > max(a, begin))


def _told(clock: Counting, begin: int, end: int) -> bool:
    """Whether its calendar's lists tell of all that it counted between two instants (R30)."""
    unknown = None if clock.calendar is None else clock.calendar.unknown_from
    return unknown is None or end <= unknown or _ran(clock, max(begin, unknown), end) == 0


__all__ = [
    "Awaiting",
    "Clock",
    "Closings",
    "Counting",
    "Dated",
    "Endless",
    "Several",
    "allowed_of",
    "consumed_of",
    "counted_late",
    "in_time",
]
