"""Third step: what is known of one agreement at every instant: its facts, states, terms, people and allowances."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from attrs import define, field

from slarules.calendars.calendar import Calendar
from slarules.engine.adopt import Adopted
from slarules.engine.agreements.allowances import Finds, Levels, drawn
from slarules.engine.agreements.people import People
from slarules.engine.agreements.stays import Run, Stay, begins, entered
from slarules.engine.amount import amount_value
from slarules.engine.expression import Truth3
from slarules.engine.history import Entry, SubjectHistory
from slarules.engine.in_force import worded
from slarules.engine.judging.rights import holds
from slarules.engine.recent import Occurrences, happened, last_of
from slarules.model.contract import Terms
from slarules.model.expression import Happened
from slarules.model.life import Allowance
from slarules.model.value import Unknown, Value
from slarules.model.verdict import Draw

FURTHER = 4
"""Timed changes of each status looked up beyond the last event, where nothing but its term turns on time (R17)."""
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
    versions: Sequence[tuple[int, Adopted]]
    """The versions of the terms, each from when on."""
    stays: dict[str, list[Stay]] = field(factory=dict)
    facts: dict[str, tuple[list[int], list[Value]]] = field(factory=dict)
    of_types: dict[frozenset[str], Sequence[Entry]] = field(factory=dict)
    """What `among` gives."""
    occurrences: Occurrences = field(factory=Occurrences)
    people: dict[str, People] = field(factory=dict)
    """Role → who is in it, when."""
    levels: dict[str, tuple[list[int], list[Value], list[Draw]]] = field(factory=dict)
    turns: list[int] = field(factory=list)
    """When anything was recorded of it, or moved an allowance."""
    runs: list[Run] = field(factory=list)
    renewed: list[int] = field(factory=list)
    """When a term begins that an event began earlier than it does (R20), in order."""
    ahead: Iterator[None] = field(factory=lambda: iter(()))
    """Its life beyond what is looked up."""
    further: int = FURTHER
    """How many timed changes of each status are looked up."""
    moving: Sequence[Entry] = ()
    """What moves its allowances, while they are not drawn up yet."""
    now: int = 0
    entry: Entry | None = None
    reading: str | None = None
    """The status whose own lines are read."""
    ending: int | None = None
    """The first instant of the term at whose end they are read: `this term` is that one."""
    worked_out: dict[tuple[str, int, str | None, int | None], Value] | None = None
    """The amounts worked out so far, while all are: one is a part of others, and they again."""

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
        if self.worked_out is None or self.entry is not None:
            return amount_value(self, amount)
        key = amount, self.now, self.reading, self.ending
        if key not in self.worked_out:
            self.worked_out[key] = amount_value(self, amount)
        return self.worked_out[key]

    def has_happened(self, asked: Happened) -> Truth3:
        last = self.last_happened(asked)
        return happened(asked, last, self.last_by_nobody(asked), self, self.adopted.zone)

    def last_happened(self, asked: Happened) -> int | None:
        """When such an event last happened to it; None: never yet, or not in the present term where that is asked."""
        since = self._asked_since(asked)
        own = self.times_of(asked.pattern.type, asked.pattern.by)
        place = bisect_right(own, self.now)
        return own[place - 1] if place and (since is None or own[place - 1] >= since) else None

    def last_by_nobody(self, asked: Happened) -> Entry | None:
        """The last such event of which nobody knows by whom it was (R23)."""
        if asked.pattern.by is None:
            return None
        return last_of(self.by_nobody(asked.pattern.type), self.now, self._asked_since(asked))

    def _asked_since(self, asked: Happened) -> int | None:
        """Where it is asked of the present term: from when on."""
        if not asked.this_term:
            return None
        return self.ending if self.ending is not None else self.term_at(self.now, self.reading)[0]

    def by_nobody(self, type: str) -> Sequence[Entry]:
        """The events of a type that happen to it by nobody knows whom, in order."""
        return self.occurrences.by_nobody(type, self.among(frozenset((type,))))

    def times_of(self, type: str, by: str | None) -> Sequence[int]:
        """When events of a type happen to it, in order; of a party's, or of all."""
        return self.occurrences.of(type, by, self.among(frozenset((type,))))

    def among(self, types: frozenset[str]) -> Sequence[Entry]:
        """Its events of these types, in order."""
        if types not in self.of_types:
            self.of_types[types] = [entry for entry in self.history.entries if entry.type in types]
        return self.of_types[types]

    def as_recorded_then(self) -> Agreement:
        return self

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
        stays = self.stays.get(status, ())
        place = bisect_right(stays, at, key=entered)
        return stays[place - 1] if place else None

    def state_at(self, status: str, at: int) -> Value:
        stay = self.stay_at(status, at)
        if stay is None:
            return "none"
        return stay.state if stay.state is not None else Unknown(stay.missing)

    def term_at(self, at: int, status: str | None = None) -> tuple[int | None, int | None]:
        """The present term of a status, else of the first that has one; renewed early, it runs on until it ends."""
        for stays in (self.stays.get(status or "", ()), *self.stays.values()):
            for place in range(bisect_right(stays, at, key=entered) - 1, -1, -1):
                begun = stays[place]
                if begun.term_from is None:
                    break  # nor did one before it have a term
                if begun.term_from <= at:
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
        every = [s for stays in self.stays.values() for s in stays[bisect_right(stays, after, key=entered) :]]
        return sorted({*(stay.since for stay in every), *self.renewed[bisect_right(self.renewed, after) :]})

    def next_turn(self, after: int) -> int | None:
        """The first of these instants, however many terms lie before it."""
        while any(not run.ended and (not run.stays or run.stays[-1].since <= after) for run in self.runs):
            now, entry = self.now, self.entry
            self.further += FURTHER
            next(self.ahead)
            self.now, self.entry = now, entry
        return self.first_change(after)

    def first_change(self, after: int) -> int | None:
        """The first instant after ``after`` at which a state or a term begins if nothing more happens."""
        places = [(stays, bisect_right(stays, after, key=entered)) for stays in self.stays.values()]
        coming = [stays[place].since for stays, place in places if place < len(stays)]
        place = bisect_right(self.renewed, after)
        return min([*coming, *self.renewed[place : place + 1]], default=None)

    def stays_between(self, status: str, after: int, until: int) -> list[Stay]:
        """The stays that begin after an instant and not after another."""
        stays = self.stays[status]
        return stays[bisect_right(stays, after, key=entered) : bisect_right(stays, until, key=entered)]

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
        return {name for name in facts if name in self.facts and _stands_in(self.facts[name][0], at)}

    def member(self, role: str, person: str, at: int) -> Truth3:
        return self.people[role].holds(person, at) if role in self.people else False

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


def _stands_in(times: Sequence[int], at: int) -> bool:
    place = bisect_left(times, at)
    return place < len(times) and times[place] == at


def term_ends(agreement: Agreement) -> list[int]:
    """The instants at which a term of the first status that has one is over, also those to come.

    One that was over before the event that began it is so with that event (R2).
    """
    stays = next((s for s in agreement.stays.values() if any(stay.new_term for stay in s)), [])
    terms = [stay for stay in stays if stay.new_term]
    ends = [(stay, min(stay.term_to or begins(then), then.term_from or then.since)) for stay, then in pairwise(terms)]
    ends += [(stay, stay.term_to) for stay in terms[-1:] if stay.term_to is not None]
    return [max(stay.since, end) for stay, end in ends]
