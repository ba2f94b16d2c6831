"""Third step: an agreement's own life: its facts, the states of its statuses, its terms (R20)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from attrs import define, field, frozen

from slarules.calendars import zones
from slarules.calendars.calendar import Calendar
from slarules.engine.adopt import Adopted
from slarules.engine.allowances import Finds, Levels, drawn
from slarules.engine.amount import amount_value
from slarules.engine.expression import Truth3, all_hold, shifted
from slarules.engine.history import Entry, SubjectHistory
from slarules.engine.in_force import together, worded, wordings
from slarules.engine.people import People
from slarules.engine.plan import mentions
from slarules.engine.rights import holds
from slarules.model.contract import Terms
from slarules.model.expression import InCalendar, Includes, Pattern, RightHolds, StatusRef
from slarules.model.life import Allowance, State, Status
from slarules.model.value import Civil, Unknown, Value
from slarules.model.verdict import Draw

FURTHER = 4
"""Timed changes of each status looked up beyond the last event, where nothing but its term turns on time (R17)."""
ALL = 1 << 30
"""As many as there are."""


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


@frozen
class Change:
    """What a status comes to by time alone."""

    at: int
    to: str | None
    """None: not to be known, for want of ``wanted``."""
    term_from: int
    """From when a term runs that begins with it."""
    wanted: frozenset[str] = frozenset()


@define(eq=False)
class Run:
    """A status on its way through its states."""

    wordings: Sequence[tuple[int, Status]]
    """From when on the contract words it so (R27)."""
    stays: list[Stay]
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


@define(eq=False)
class Agreement:
    """What is known of one agreement at every instant."""

    name: str
    adopted: Adopted
    history: SubjectHistory
    words: Sequence[tuple[int, Terms]]
    """The terms from when on."""
    all_hours: Mapping[str, Calendar]
    """Calendars of all versions of them."""
    finds: Callable[[Agreement], Finds]
    """As what entries that move its allowances find their subjects."""
    allowances: Mapping[str, Sequence[tuple[int, Allowance]]]
    """Allowance → from when on the contract words it so."""
    stays: dict[str, list[Stay]] = field(factory=dict)
    facts: dict[str, tuple[list[int], list[Value]]] = field(factory=dict)
    people: dict[str, People] = field(factory=dict)
    """Role → who is in it, when."""
    levels: dict[str, tuple[list[int], list[Value], list[Draw]]] = field(factory=dict)
    turns: list[int] = field(factory=list)
    """When anything was recorded of it, or moved an allowance."""
    runs: list[Run] = field(factory=list)
    ahead: Iterator[None] = field(factory=lambda: iter(()))
    """Its life beyond what is looked up."""
    further: int = FURTHER
    """How many timed changes of each status are looked up."""
    moving: Sequence[Entry] = ()
    """What moves its allowances, while they are not drawn up yet."""
    now: int = 0
    entry: Entry | None = None

    # -- the scene of its own conditions (see expression.Scene)

    @property
    def terms(self) -> Terms:
        return worded(self.words, self.now)

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        return self.all_hours

    def fact(self, name: str) -> Value:
        if self.entry is not None and name in self.entry.facts:
            return self.entry.facts[name]
        return self.fact_at(name, self.now)

    def severity_now(self) -> str | None:
        return None

    def status_now(self, status: str) -> Value:
        return self.state_at(status, self.now)

    def allowance_now(self, allowance: str) -> Value:
        return self.balance_at(allowance, self.now)

    def amount_now(self, amount: str) -> Value:
        return amount_value(self, amount)

    def has_happened(self, pattern: Pattern, this_term: bool) -> bool:
        since = self.term_at(self.now)[0] if this_term else None
        return any(
            e.type == pattern.type and pattern.by in (None, e.actor) and (since is None or e.at >= since)
            for e in self.history.entries
            if e.at <= self.now
        )

    def right_holds(self, right: str) -> Truth3:
        return holds(self.terms.rights[right], self, self, self.adopted.zone or "UTC")

    # -- looking up

    def fact_at(self, name: str, at: int) -> Value:
        times, values = self.facts.get(name, ((), ()))
        place = bisect_right(times, at)
        if place:
            return values[place - 1]
        fact = self.terms.facts.get(name)
        if fact is not None and fact.presumed is not None:
            return fact.presumed
        return Unknown(frozenset({name}))

    def stay_at(self, status: str, at: int) -> Stay | None:
        """The stay that holds at an instant; timed changes and events of that instant have happened (R1)."""
        found = None
        for stay in self.stays.get(status, ()):
            if stay.since > at:
                break
            found = stay
        return found

    def state_at(self, status: str, at: int) -> Value:
        stay = self.stay_at(status, at)
        if stay is None:
            return "none"
        return stay.state if stay.state is not None else Unknown(stay.missing)

    def term_at(self, at: int) -> tuple[int | None, int | None]:
        """The present term, of the first status that has one; one that is renewed early runs on until it ends."""
        for stays in self.stays.values():
            begun = None
            for stay in stays:
                if stay.since > at:
                    break
                if stay.term_from is not None and stay.term_from <= at:
                    begun = stay
            if begun is not None:
                return begun.term_from, begun.term_to
        return None, None

    def next_change(self, after: int) -> int | None:
        """The first instant after ``after`` at which a status comes into another state (R17): no renewal is one."""
        now = self._states(after)
        return next((at for at in self.changes_after(after) if self._states(at) != now), None)

    def _states(self, at: int) -> list[str | None]:
        return [stay.state if (stay := self.stay_at(status, at)) else None for status in self.stays]

    def changes_after(self, after: int) -> list[int]:
        """The instants after ``after`` at which a state or a term begins if nothing more happens, in order."""
        every = [s for stays in self.stays.values() for s in stays]
        return sorted({at for s in every for at in (s.since, begins(s)) if at > after})

    def next_turn(self, after: int) -> int | None:
        """The first of these instants, however many terms lie before it."""
        while any(not run.ended and (not run.stays or run.stays[-1].since <= after) for run in self.runs):
            now, entry = self.now, self.entry
            self.further += FURTHER
            next(self.ahead)
            self.now, self.entry = now, entry
        return min(self.changes_after(after), default=None)

    def next_event(self, after: int) -> int | None:
        """The first instant after ``after`` at which something was recorded of it."""
        place = bisect_right(self.turns, after)
        return self.turns[place] if place < len(self.turns) else None

    def next_recorded(self, facts: frozenset[str], after: int) -> int | None:
        """The first instant after ``after`` at which one of these facts was recorded of it."""
        soonest: int | None = None
        for name in facts:
            times, _ = self.facts.get(name, ((), ()))
            place = bisect_right(times, after)
            if place < len(times) and (soonest is None or times[place] < soonest):
                soonest = times[place]
        return soonest

    def recorded_at(self, facts: frozenset[str], at: int) -> set[str]:
        """Which of these facts were recorded of it at an instant."""
        return {name for name in facts if name in self.facts and at in self.facts[name][0]}

    def member(self, role: str, person: str, at: int) -> Truth3:
        return self.people[role].at(at).get(person, False) if role in self.people else False

    def balance_at(self, allowance: str, at: int) -> Value:
        times, balances, _ = self.levels.get(allowance) or self._level(allowance, at)
        place = bisect_right(times, at)
        return balances[place - 1] if place else Decimal(0)

    def _level(self, allowance: str, at: int) -> Levels:
        """What an allowance stands at while the agreement's life is still being followed."""
        now, entry, moving = self.now, self.entry, self.moving
        self.moving = ()
        entries = [e for e in moving if e.at <= at]
        rule = self.allowances[allowance]
        found = drawn(self.finds(self), rule, entries, term_ends(self)) if entries else ([], [], [])
        self.now, self.entry, self.moving = now, entry, moving
        return found


def of_itself(agreement: Agreement) -> Finds:
    """What an entry finds where only the agreement's own move its allowances."""

    def found(entry: Entry) -> Agreement:
        agreement.now, agreement.entry = entry.at, entry
        return agreement

    return found


def agreement_of(
    versions: Sequence[Adopted],
    history: SubjectHistory,
    others: Sequence[SubjectHistory],
    as_of: int,
    finds: Callable[[Agreement], Finds] = of_itself,
) -> Agreement:
    """The agreement's life up to ``as_of``, with the timed changes that follow if nothing more happens.

    ``versions`` are those of the contract's terms: each rule is worded as at the instant at hand (R27). ``finds`` tells
    as what the entries of ``others``, which stand under it, find their own subjects.
    """
    agreement = Agreement(
        history.subject,
        versions[-1],
        history,
        together(versions),
        {name: calendar for version in versions for name, calendar in version.calendars.items()},
        finds,
        wordings(versions, lambda terms: terms.allowances),
    )
    entries = [e for e in history.entries if e.at <= as_of]
    for entry in entries:
        for name, value in entry.facts.items():
            times, values = agreement.facts.setdefault(name, ([], []))
            times.append(entry.at)
            values.append(value)
    roles = wordings(versions, lambda terms: terms.roles)
    for name, role in roles.items():
        agreement.people[name] = People.of(role, entries, len(roles) == 1)
    everything = [e for other in others for e in other.entries if e.at <= as_of]
    statuses = wordings(versions, lambda terms: terms.statuses)
    agreement.runs = [Run(own, agreement.stays.setdefault(name, [])) for name, own in statuses.items()]
    by_time = any(_turns_on_time(status) for own in statuses.values() for _, status in own)
    agreement.further = ALL if by_time else FURTHER
    agreement.moving = everything
    agreement.ahead = _live(agreement, entries, as_of)
    next(agreement.ahead)
    agreement.moving = ()
    for name, allowance in agreement.allowances.items():
        agreement.levels[name] = drawn(agreement.finds(agreement), allowance, everything, term_ends(agreement))
    moved = [at for times, _, _ in agreement.levels.values() for at in times]
    agreement.turns = sorted({*(e.at for e in entries), *moved})
    agreement.now, agreement.entry = as_of, None
    return agreement


def begins(stay: Stay) -> int:
    """When the term that begins with it does so, and is there: not before what led to it."""
    return max(stay.since, stay.term_from) if stay.new_term and stay.term_from is not None else stay.since


def term_ends(agreement: Agreement) -> list[int]:
    """The instants at which a term of the first status that has one is over, also those to come."""
    stays = next((s for s in agreement.stays.values() if any(stay.new_term for stay in s)), [])
    terms = [stay for stay in stays if stay.new_term]
    ends = [min(stay.term_to or begins(then), then.term_from or then.since) for stay, then in pairwise(terms)]
    return [*ends, *(stay.term_to for stay in terms[-1:] if stay.term_to is not None)]


# ---- Statuses (R20) ---------------------------------------------------------------------------------------------


def _live(agreement: Agreement, entries: Sequence[Entry], as_of: int) -> Iterator[None]:
    """All statuses side by side, for one may hang on another; halts where each is looked up far enough."""
    place = 0
    while True:
        soonest: tuple[Run, Change] | None = None
        for run in agreement.runs:
            run.ended = run.ahead < agreement.further
            if run.ended and run.at_once <= run.most:  # not in a circle without time
                timed = _timed(agreement, run)
                run.ended = timed is None
                if timed is not None and (soonest is None or timed.at < soonest[1].at):
                    soonest = run, timed
        at = entries[place].at if place < len(entries) else None
        if soonest is not None and (at is None or soonest[1].at <= at):  # R1: timed changes come first
            run, change = soonest
            before = run.stays[-1]
            _enter(agreement, run, change)
            stands = (before.since, before.term_to) == (change.at, run.stays[-1].term_to)
            run.at_once = run.at_once + 1 if stands else 0
            run.ahead += change.at > as_of
        elif at is not None:
            for run in agreement.runs:
                run.at_once = 0
                found = _by_event(agreement, run, entries[place])
                if found is not None:
                    wanted = found.missing if isinstance(found, Unknown) else frozenset()
                    change = Change(at, None if wanted else str(found), _runs_from(run, at), wanted)
                    _enter(agreement, run, change, by_event=True)
            place += 1
        else:
            yield


def _by_event(agreement: Agreement, run: Run, entry: Entry) -> str | Unknown | None:
    """The state that an event leads to; unknown where a condition beside it is (R9)."""
    stays, states = run.stays, run.states(entry.at)
    if not stays:
        return next((s.name for s in states.values() if _matches(s.begins_when, entry)), None)
    if stays[-1].state is None:
        return None
    agreement.now, agreement.entry = entry.at, entry
    for transition in states[stays[-1].state].transitions:
        if _matches(transition.patterns, entry):
            holds = all_hold(transition.conditions)(agreement)
            if holds is not False:
                return transition.to if holds is True else holds
    return None


def _turns_on_time(status: Status) -> bool:
    """Whether its later terms may go otherwise than its next ones though nothing happens."""
    conditions = [transition.conditions for state in status.states for transition in state.transitions]
    return mentions(tuple(conditions), (StatusRef, Includes, InCalendar, RightHolds))


def _matches(patterns: Sequence[Pattern], entry: Entry) -> bool:
    return any(p.type == entry.type and p.by in (None, entry.actor) for p in patterns)


def _runs_from(run: Run, at: int) -> int:
    """From when a term runs that an event begins: from the event, or from the expiry of the term before."""
    expiry = run.stays[-1].term_to if run.stays else None
    return expiry if expiry is not None and worded(run.wordings, at).reinstated_from == "expiry" else at


def _timed(agreement: Agreement, run: Run) -> Change | None:
    """When the present state ends by time, and what follows, by the terms in force when it was entered (R27)."""
    if not run.stays or run.stays[-1].state is None:
        return None
    stay = run.stays[-1]
    found: list[Change] = []
    for transition in run.states(stay.since)[str(stay.state)].transitions:
        when = None
        if transition.at_end_of_term:
            when = stay.term_to
        elif transition.after is not None:
            when = _much_after(agreement, stay.since, transition.after)
        if when is None:  # not by time, or past the calendars
            continue
        agreement.now, agreement.entry = when - 1, None
        holds = all_hold(transition.conditions)(agreement)
        if holds is True:
            found.append(Change(max(when, stay.since), transition.to, when))
        elif isinstance(holds, Unknown):
            found.append(Change(max(when, stay.since), None, when, holds.missing))
    return min(found, key=lambda change: change.at, default=None)


def _enter(agreement: Agreement, run: Run, change: Change, by_event: bool = False) -> None:
    before = run.stays[-1] if run.stays else None
    term_from = before.term_from if before else None
    term_to = before.term_to if before else None
    lasts = run.states(change.at)[change.to].lasts if change.to is not None else None
    if isinstance(lasts, Civil):
        term_from, term_to = change.term_from, _much_after(agreement, change.term_from, lasts)
    run.stays.append(Stay(change.at, change.to, term_from, term_to, change.wanted, isinstance(lasts, Civil), by_event))


def _much_after(agreement: Agreement, start: int, much: Civil) -> int | None:
    """The first instant of the date that much after the starting date (R20); None: past the calendars."""
    zone = agreement.adopted.zone or "UTC"
    first: date = zones.local_date(start, zone)
    try:
        return zones.day_start(shifted(first, much, 1), zone)
    except zones.OutOfRange:
        return None
