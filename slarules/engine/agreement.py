"""Third step: an agreement's own life: its facts, the states of its statuses, its terms (R20)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from attrs import define, field, frozen

from slarules.calendars import zones
from slarules.calendars.calendar import Calendar
from slarules.engine.adopt import Adopted
from slarules.engine.allowances import Levels, drawn
from slarules.engine.amount import amount_value
from slarules.engine.expression import Truth3, all_hold, shifted
from slarules.engine.history import Entry, SubjectHistory
from slarules.engine.people import People
from slarules.engine.plan import mentions
from slarules.engine.rights import holds
from slarules.model.contract import Terms
from slarules.model.expression import InCalendar, Includes, Pattern, RightHolds, StatusRef
from slarules.model.life import State, Status
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
    """Whether a term begins with it."""


@define(eq=False)
class Run:
    """A status on its way through its states."""

    status: Status
    stays: list[Stay]
    states: Mapping[str, State]
    at_once: int = 0
    """Timed changes of one instant."""
    ahead: int = 0
    """Timed changes beyond the last event."""
    ended: bool = False
    """Whether nothing more comes by time alone."""


@define(eq=False)
class Agreement:
    """What is known of one agreement at every instant."""

    name: str
    adopted: Adopted
    history: SubjectHistory
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
        return self.adopted.terms

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        return self.adopted.calendars

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
        """The present term, of the first status that has one."""
        for status in self.stays:
            stay = self.stay_at(status, at)
            if stay is not None and stay.term_from is not None:
                return stay.term_from, stay.term_to
        return None, None

    def next_change(self, after: int) -> int | None:
        """The first instant after ``after`` at which a status comes into another state (R17): no renewal is one."""
        now = self._states(after)
        return next((at for at in self.changes_after(after) if self._states(at) != now), None)

    def _states(self, at: int) -> list[str | None]:
        return [stay.state if (stay := self.stay_at(status, at)) else None for status in self.stays]

    def changes_after(self, after: int) -> list[int]:
        """The instants after ``after`` at which a state or a term begins if nothing more happens, in order."""
        return sorted({s.since for stays in self.stays.values() for s in stays if s.since > after})

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
        found = drawn(self, self.terms.allowances[allowance], entries, term_ends(self)) if entries else ([], [], [])
        self.now, self.entry, self.moving = now, entry, moving
        return found


def agreement_of(adopted: Adopted, history: SubjectHistory, others: Sequence[SubjectHistory], as_of: int) -> Agreement:
    """The agreement's life up to ``as_of``, with the timed changes that follow if nothing more happens."""
    agreement = Agreement(history.subject, adopted, history)
    entries = [e for e in history.entries if e.at <= as_of]
    for entry in entries:
        for name, value in entry.facts.items():
            times, values = agreement.facts.setdefault(name, ([], []))
            times.append(entry.at)
            values.append(value)
    for role in adopted.terms.roles.values():
        agreement.people[role.name] = People.of(role, entries, len(adopted.terms.roles) == 1)
    everything = [e for other in others for e in other.entries if e.at <= as_of]
    statuses = adopted.terms.statuses.values()
    agreement.runs = [
        Run(status, agreement.stays.setdefault(status.name, []), {state.name: state for state in status.states})
        for status in statuses
    ]
    agreement.further = ALL if any(_turns_on_time(status) for status in statuses) else FURTHER
    agreement.moving = everything
    agreement.ahead = _live(agreement, entries, as_of)
    next(agreement.ahead)
    agreement.moving = ()
    for allowance in adopted.terms.allowances.values():
        agreement.levels[allowance.name] = drawn(agreement, allowance, everything, term_ends(agreement))
    moved = [at for times, _, _ in agreement.levels.values() for at in times]
    agreement.turns = sorted({*(e.at for e in entries), *moved})
    agreement.now, agreement.entry = as_of, None
    return agreement


def term_ends(agreement: Agreement) -> list[int]:
    """The instants at which a term of the first status that has one is over, also those to come."""
    stays = next((s for s in agreement.stays.values() if any(stay.new_term for stay in s)), [])
    terms = [stay for stay in stays if stay.new_term]
    ends = [min(stay.term_to or then.since, then.since) for stay, then in pairwise(terms)]
    return [*ends, *(stay.term_to for stay in terms[-1:] if stay.term_to is not None)]


# ---- Statuses (R20) ---------------------------------------------------------------------------------------------


def _live(agreement: Agreement, entries: Sequence[Entry], as_of: int) -> Iterator[None]:
    """All statuses side by side, for one may hang on another; halts where each is looked up far enough."""
    place = 0
    while True:
        soonest: tuple[Run, tuple[int, str | None, frozenset[str]]] | None = None
        for run in agreement.runs:
            run.ended = run.ahead < agreement.further
            if run.ended and run.at_once <= len(run.states):  # not in a circle without time
                timed = _timed(agreement, run.stays, run.states)
                run.ended = timed is None
                if timed is not None and (soonest is None or timed[0] < soonest[1][0]):
                    soonest = run, timed
        at = entries[place].at if place < len(entries) else None
        if soonest is not None and (at is None or soonest[1][0] <= at):  # R1: timed changes come first
            run, (when, to, wanted) = soonest
            run.at_once = run.at_once + 1 if when == run.stays[-1].since else 0
            _enter(agreement, run, to, when, timed=True, wanted=wanted)
            run.ahead += when > as_of
        elif at is not None:
            for run in agreement.runs:
                run.at_once = 0
                found = _by_event(agreement, run.stays, run.states, entries[place])
                if found is not None:
                    wanted = found.missing if isinstance(found, Unknown) else frozenset()
                    _enter(agreement, run, None if wanted else str(found), at, timed=False, wanted=wanted)
            place += 1
        else:
            yield


def _by_event(
    agreement: Agreement, stays: list[Stay], states: Mapping[str, State], entry: Entry
) -> str | Unknown | None:
    """The state that an event leads to; unknown where a condition beside it is (R9)."""
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


def _timed(
    agreement: Agreement, stays: list[Stay], states: Mapping[str, State]
) -> tuple[int, str | None, frozenset[str]] | None:
    """When the present state ends by time, and what follows."""
    if not stays or stays[-1].state is None:
        return None
    stay = stays[-1]
    found: list[tuple[int, int, str | None, frozenset[str]]] = []
    for number, transition in enumerate(states[str(stay.state)].transitions):
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
            found.append((max(when, stay.since), number, transition.to, frozenset()))
        elif isinstance(holds, Unknown):
            found.append((max(when, stay.since), number, None, holds.missing))
    if not found:
        return None
    when, _, to, wanted = min(found, key=lambda f: f[:2])
    return when, to, wanted


def _enter(
    agreement: Agreement, run: Run, to: str | None, at: int, *, timed: bool, wanted: frozenset[str]
) -> None:
    before = run.stays[-1] if run.stays else None
    term_from = before.term_from if before else None
    term_to = before.term_to if before else None
    state = run.states[to] if to is not None else None
    lasts = state.lasts if state else None
    if isinstance(lasts, Civil):
        from_expiry = before is not None and term_to is not None and (timed or run.status.reinstated_from == "expiry")
        term_from = term_to if from_expiry and term_to is not None else at
        term_to = _much_after(agreement, term_from, lasts)
    run.stays.append(Stay(at, to, term_from, term_to, wanted, isinstance(lasts, Civil)))


def _much_after(agreement: Agreement, start: int, much: Civil) -> int | None:
    """The first instant of the date that much after the starting date (R20); None: past the calendars."""
    zone = agreement.adopted.zone or "UTC"
    first: date = zones.local_date(start, zone)
    try:
        return zones.day_start(shifted(first, much, 1), zone)
    except zones.OutOfRange:
        return None
