"""A case: one subject under one agreement, as it stands at an instant. ``step`` moves it on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from heapq import heappop
from itertools import chain
from typing import TypeVar

from attrs import define, field

from slarules.calendars.calendar import Calendar
from slarules.engine.adopt import Adopted
from slarules.engine.agreements.agreement import Agreement
from slarules.engine.amount import amount_value
from slarules.engine.expression import Truth3
from slarules.engine.history import Entry, SubjectHistory, happened_at
from slarules.engine.judging.instance import Aside, Election, Instance, Row, Snapshot
from slarules.engine.judging.rights import holds
from slarules.engine.judging.stands import stands_from
from slarules.engine.plan import Plan, Planned
from slarules.engine.recent import Occurrences, happened, last_of
from slarules.model.contract import Terms
from slarules.model.expression import Happened
from slarules.model.rules import Prohibition, Right, Scope
from slarules.model.value import Unknown, Value

T = TypeVar("T")
NEVER = 1 << 63
"""After every instant."""


@define(eq=False)
class Case:
    """The subject's recorded facts, its ticket state, and every instance so far. It is also the scene of conditions."""

    plan: Plan
    history: SubjectHistory
    agreement: Agreement | None
    tracing: bool = False
    """Whether it remembers for explanations what happened to its instances."""
    now: int = 0
    entry: Entry | None = None
    """The event at hand."""
    whose: Entry | None = None
    """Beside none: the event that set off what is asked of; what was said of it alone still holds for that."""
    adopted: Adopted = field(init=False)
    terms: Terms = field(init=False)
    calendars: Mapping[str, Calendar] = field(init=False)
    zone: str | None = field(init=False)
    is_ticket: bool = field(init=False)
    amended: bool = field(init=False)
    """Whether it is an agreement whose terms have several versions (R27)."""
    # what is recorded
    facts: dict[str, Value] = field(init=False, factory=dict)
    told: dict[str, list[tuple[int, Value]]] = field(init=False, factory=dict)
    """What was recorded of each fact, and when, in order."""
    severity: str | None = field(init=False, default=None)
    severities: list[tuple[int, str]] = field(init=False, factory=list)
    """What it was first assigned as and then changed to, and when."""
    happened: dict[str, list[Entry]] = field(init=False, factory=dict)
    """By type, what happened and could."""
    occurrences: Occurrences = field(init=False, factory=Occurrences)
    taken: list[Entry] = field(init=False, factory=list)
    """The same in order."""
    # where the ticket stands (R18)
    opened_at: int | None = field(init=False, default=None)
    waiting: str | None = field(init=False, default=None)
    standing: list[tuple[int, str | None]] = field(init=False, factory=list)
    """From when a clock could stand still, and why: `resolved`, or whom the ticket waits on; None: nothing."""
    unsaid: list[Entry] = field(init=False, factory=list)
    """The waits that do not say on whom (R9)."""
    resolution: Entry | None = field(init=False, default=None)
    """The resolution in force; None while it is open."""
    undone: list[Entry] = field(init=False, factory=list)
    """The resolutions that reopenings have undone (R7)."""
    closed: str | None = field(init=False, default=None)
    ending: Entry | None = field(init=False, default=None)
    """What ended it."""
    ended_at: int | None = field(init=False, default=None)
    """When the ticket ended for good: cancelled, out of scope, or closed while open (R19)."""
    acts: Sequence[Entry] = field(init=False, default=())
    """The events of the present instant that have effect."""
    # what is owed
    instances: list[Instance] = field(init=False, factory=list)
    arisen: int = field(init=False, default=0)
    """How many instances, elections and rows of dates have come to be."""
    live: list[Instance] = field(init=False, factory=list)
    """The instances that something may still change, but for those aside."""
    aside: dict[Aside, dict[int, Instance]] = field(init=False, factory=dict)
    """Those that are put aside until something concerns them, by kind and place."""
    kinds: dict[int, Aside] = field(init=False, factory=dict)
    """By place, as which kind each was put aside last."""
    timers: list[tuple[int, int]] = field(init=False, factory=list)
    """A heap: when those aside may change by time, and the place of each; of some also when they no longer do."""
    beyond: tuple[int, int] | None = field(init=False, default=None)
    """What is set off from the first on, or under terms from the second on, has no verdict and is left out."""
    performed: dict[str, list[Instance]] = field(init=False, factory=dict)
    """By duty, what was performed, perhaps undone since, by number; where limits run from performances."""
    places: int = field(init=False, default=0)
    """How many instances have become live."""
    quiet_until: int = field(init=False, default=NEVER)
    """No instance falls due, warns, or outlives its calendar's lists before it: `arise.resettle` sees to it."""
    counts: dict[str, int] = field(init=False, factory=dict)
    rows: list[Row] = field(init=False, factory=list)
    elections: list[Election] = field(init=False, factory=list)
    choosing: list[Election] = field(init=False, factory=list)
    """Those that something may still change, but for those aside."""
    offers: dict[tuple[int, int], dict[int, Election]] = field(init=False, factory=dict)
    """Those that are put aside until something concerns them, by kind and place."""
    lapsing: list[tuple[int, int, tuple[int, int]]] = field(init=False, factory=list)
    """A heap: when those aside lapse, the place and kind of each; of some also when they no longer do."""
    late: list[tuple[Planned, Instance, int]] = field(init=False, factory=list)
    """What follows from an instance that was performed earlier, as is known only now, and from when on."""
    both: dict[int, list[Truth3]] = field(init=False, factory=dict)
    """Whether each half of a joint trigger has happened (R35)."""
    stands: list[tuple[int, Planned]] = field(init=False, factory=list)
    """What stands without a trigger, and from when."""
    # what else is judged
    breaks: list[tuple[Prohibition, Entry, Truth3]] = field(init=False, factory=list)
    rights: list[tuple[Right, Entry, Truth3]] = field(init=False, factory=list)
    scope_state: dict[str, tuple[Truth3, int]] = field(init=False, factory=dict)
    outside: Scope | None = field(init=False, default=None)
    impossible: list[tuple[Entry, str]] = field(init=False, factory=list)
    not_entitled: list[tuple[Entry, str]] = field(init=False, factory=list)
    disputed: list[tuple[Entry, str]] = field(init=False, factory=list)

    def __attrs_post_init__(self) -> None:
        self.adopted = adopted = self.plan.adopted
        self.terms, self.calendars, self.zone = adopted.terms, adopted.calendars, adopted.zone
        self.is_ticket = self.history.kind == "ticket"
        own = self.agreement if self.history.kind == "agreement" else None
        self.amended = own is not None and len(own.versions) > 1
        if self.plan.standing and not self.is_ticket:  # a ticket's stands from its opening on
            self.stands = stands_from(self.plan, self.history, self.agreement)

    # ---- the scene (see expression.Scene)

    def fact(self, name: str) -> Value:
        if self.entry is not None and name in self.entry.facts:
            return self.entry.facts[name]
        if name in self.facts:
            return self.facts[name]
        if self.whose is not None and name in self.plan.passing and name in self.whose.facts:
            return self.whose.facts[name]
        return self.unrecorded(name)

    def unrecorded(self, name: str) -> Value:
        """What a fact is of which nothing was recorded of the subject itself: its agreement's, or presumed."""
        declared = self.adopted.terms.facts.get(name)
        if declared is not None and declared.kind == "agreement" and self.agreement is not None:
            return self.agreement.fact_at(name, self.now)
        if declared is not None and declared.presumed is not None:
            return declared.presumed
        return Unknown(frozenset({name}))

    def severity_now(self) -> str | None:
        return self.severity

    def status_now(self, status: str) -> Value:
        if self.agreement is None:
            return Unknown(frozenset({"agreement"}))
        return self.agreement.state_at(status, self.now)

    def allowance_now(self, allowance: str) -> Value:
        if self.agreement is None:
            return Unknown(frozenset({"agreement"}))
        return self.agreement.balance_at(allowance, self.now)

    def amount_now(self, amount: str) -> Value:
        return amount_value(self, amount)

    def has_happened(self, asked: Happened) -> Truth3:
        last = self.last_happened(asked)
        return happened(asked, last, self.last_by_nobody(asked), self, self.zone)

    def last_happened(self, asked: Happened) -> int | None:
        """When such an event last happened to the subject or its agreement; None: not yet."""
        since, by = self.term()[0] if asked.this_term else None, asked.pattern.by
        own = self.times_of(asked.pattern.type, by)
        place = bisect_right(own, self.now)
        last = own[place - 1] if place and (since is None or own[place - 1] >= since) else None
        apart = self.agreement is not None and self.agreement.name != self.history.subject
        if self.agreement is not None and apart and (last is None or asked.within is not None):
            self.agreement.now = self.now
            theirs = self.agreement.last_happened(asked)
            last = theirs if last is None else max(last, theirs or last)
        return last

    def last_by_nobody(self, asked: Happened) -> Entry | None:
        """The last such event of which nobody knows by whom it was (R23)."""
        if asked.pattern.by is None:
            return None
        since = self.term()[0] if asked.this_term else None
        own = last_of(self.by_nobody(asked.pattern.type), self.now, since)
        if self.agreement is None or self.agreement.name == self.history.subject:
            return own
        theirs = self.agreement.last_by_nobody(asked)
        return max((one for one in (own, theirs) if one is not None), key=happened_at, default=None)

    def by_nobody(self, type: str) -> Sequence[Entry]:
        """The events of a type that happened to the subject by nobody knows whom, in order."""
        return self.occurrences.by_nobody(type, self.happened.get(type, ()))

    def times_of(self, type: str, by: str | None) -> Sequence[int]:
        """When events of a type happened to the subject, in order; of a party's, or of all."""
        return self.occurrences.of(type, by, self.happened.get(type, ()))

    def right_holds(self, right: str) -> Truth3:
        return holds(self.terms.rights[right], self, self.agreement, self.zone or "UTC")

    def as_recorded_then(self) -> Case:
        return self

    # ---- looking

    def term(self, at: int | None = None, status: str | None = None) -> tuple[int | None, int | None]:
        """The agreement's present term, of that status if it has one."""
        if self.agreement is None:
            return None, None
        return self.agreement.term_at(self.now if at is None else at, status)

    def enliven(self, instance: Instance) -> None:
        """Something may change the instance from now on."""
        self.live.append(instance)
        self.places += 1
        instance.place = self.places

    def offer(self, election: Election) -> None:
        """A choice may be elected from now on."""
        self.elections.append(election)
        self.choosing.append(election)
        self.arisen += 1
        election.place = self.arisen

    def note(self, instance: Instance, text: str, at: int | None = None) -> None:
        """Remembered for explanations only."""
        if self.tracing:
            instance.notes.append((self.now if at is None else at, text))

    def next_timer(self, before: int = NEVER) -> int | None:
        """The next instant at which something may change though nothing happens; may be None where none is ``before``.
        """
        plan = self.plan
        by_instances = not (plan.watches or self.rows or self.elections or (self.stands and self._stands_later()))
        if by_instances and self.quiet_until >= before:
            return None
        now = self.now
        soonest = NEVER
        overdue = False
        for instance in self.live:
            if instance.phase == "pending":
                for at in (instance.due, instance.unknown_at, *[at for at, _ in instance.warnings]):
                    if at is not None and at < soonest:
                        if at > now:
                            soonest = at
                        else:
                            overdue = True
        if self.aside:
            soonest = min(soonest, self.aside_until())
        self.quiet_until = now if overdue else soonest
        if by_instances:
            return None if soonest == NEVER else soonest
        return self._next_watched(soonest)

    def aside_until(self) -> int:
        """When time alone may first change what is put aside."""
        timers = self.timers
        while timers:
            at, place = timers[0]
            instance = self.aside.get(self.kinds[place], {}).get(place)
            if instance is not None and instance.next_timer() == at:
                return at
            heappop(timers)
        return NEVER

    def lapses_aside(self) -> int:
        """When the first choice lapses that is put aside."""
        while self.lapsing:
            at, place, kind = self.lapsing[0]
            election = self.offers.get(kind, {}).get(place)
            if election is not None and election.lapses_at == at:
                return at
            heappop(self.lapsing)
        return NEVER

    def in_doubt(self, name: str) -> Iterator[Instance]:
        """The instances of a duty that an act may have performed, for all that is known."""
        aside = self.aside.items()
        resting = [members.values() for kind, members in aside if kind.doubted or kind.phase == "undetermined"]
        for instance in (*self.live, *chain.from_iterable(resting)):
            doubted = instance.uncertain or instance.phase == "undetermined"
            if instance.plan.name == name and doubted and instance.performed_at is None:
                yield instance

    def one_of_each_aside(self) -> Iterator[Instance]:
        """One of each kind that is put aside."""
        for instances in self.aside.values():
            yield next(iter(instances.values()))

    def _next_watched(self, soonest: int) -> int | None:
        """The same, with what rows of dates, choices, the agreement and calendars may change."""
        now = self.now
        times: list[int] = [] if soonest == NEVER else [soonest]
        if self.agreement is not None and self.plan.agreement_facts:
            for instance in (*self.live, *self.one_of_each_aside()):
                wanted = self.plan.agreement_facts & (instance.missing or instance.plan.by_facts)
                at = self.agreement.next_recorded(wanted, now) if wanted else None
                if at is not None:
                    times.append(at)
        times += [since for since, _ in self.stands]
        times += [row.next_at for row in self.rows if row.next_at is not None and not row.over]
        perhaps = [e for e in self.choosing if e.state in ("open", "undetermined") and not (e.settled or e.at)]
        times += [e.lapses_at for e in perhaps if e.lapses_at is not None]
        if self.lapsing:
            times.append(self.lapses_aside())
        for election in self.choosing:
            wanted = self.plan.agreement_facts & election.missing
            if wanted and self.agreement is not None and (at := self.agreement.next_recorded(wanted, now)) is not None:
                times.append(at)
        if self.plan.watches_status and self.agreement is not None:
            own = self.agreement.name == self.history.subject
            turn = self.agreement.next_turn(now) if own else self.agreement.first_change(now)
            times += [turn] if turn is not None else []
        if self.live or self.aside or self.rows or self.elections or self.watches_scopes():
            times += self._watched(now)
        return min((t for t in times if now < t < NEVER), default=None)

    def _stands_later(self) -> bool:
        return any(since > self.now for since, _ in self.stands)

    def _watched(self, now: int) -> list[int]:
        """When a `while` may next come out otherwise by what the agreement or a calendar does (R8)."""
        times: list[int | None] = []
        if self.plan.watches_agreement and self.agreement is not None:
            times.append(self.agreement.next_event(now))
        for name in self.plan.watched_calendars if self._by_hours() else ():
            calendar = self.calendars[name]
            times.append(calendar.next_close(now) if calendar.is_open(now) else calendar.next_open(now))
            times.append(calendar.unknown_from)
        return [t for t in times if t is not None]

    def watches_scopes(self) -> bool:
        """Whether the agreement may leave the subject outside now: a ticket, while it is open (R19)."""
        is_open = self.opened_at is not None and self.resolution is None and self.closed is None
        return self.plan.watches_scopes and self.outside is None and (is_open or not self.is_ticket)

    def _by_hours(self) -> bool:
        """Whether anything that is owed or may be chosen hangs on opening times."""
        return (
            any(instance.plan.hours for instance in self.live)
            or any(instance.plan.hours for instance in self.one_of_each_aside())
            or any(row.plan.hours for row in self.rows if not row.over)
            or any(e.plan.hours for e in self.choosing if e.state in ("open", "undetermined"))
            or any(next(iter(offers.values())).plan.hours for offers in self.offers.values())
        )


class Past:
    """The scene of a trigger that has passed, with what has been answered since (R9)."""

    later = knew_severity = True
    """Whether it shows what was told only since, and whether the severity was told before."""

    def __init__(self, case: Case, snapshot: Snapshot) -> None:
        self.case, self.snapshot = case, snapshot
        self.now = snapshot.now
        self.entry: Entry | None = None

    def as_recorded_then(self) -> Past:
        then = copy(self)
        then.later = False
        return then

    @property
    def terms(self) -> Terms:
        return self.case.terms

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        return self.case.calendars

    def fact(self, name: str) -> Value:
        entry = self.snapshot.entry
        if self.later and name in self.snapshot.answers:
            return self.snapshot.answers[name]  # type: ignore[return-value]
        if entry is not None and name in entry.facts:
            return entry.facts[name]
        if name in self.snapshot.facts:
            return self.snapshot.facts[name]  # type: ignore[return-value]
        return self._unrecorded(name)

    def _unrecorded(self, name: str) -> Value:
        return self._then(lambda: self.case.unrecorded(name))

    def _then(self, look: Callable[[], T]) -> T:
        """What the case shows as of the trigger (R8)."""
        now, self.case.now = self.case.now, self.now
        try:
            return look()
        finally:
            self.case.now = now

    def severity_now(self) -> str | None:
        answered = self.later and "severity" in self.snapshot.answers
        if answered:
            return str(self.snapshot.answers["severity"])
        return self.snapshot.severity if self.later or self.knew_severity else None

    def status_now(self, status: str) -> Value:
        return self._then(lambda: self.case.status_now(status))

    def allowance_now(self, allowance: str) -> Value:
        return self._then(lambda: self.case.allowance_now(allowance))

    def amount_now(self, amount: str) -> Value:
        return amount_value(self, amount)

    def has_happened(self, asked: Happened) -> Truth3:
        return self._then(lambda: self.case.has_happened(asked))

    def last_happened(self, asked: Happened) -> int | None:
        """As of then."""
        return self._then(lambda: self.case.last_happened(asked))

    def right_holds(self, right: str) -> Truth3:
        return holds(self.terms.rights[right], self, self.case.agreement, self.case.zone or "UTC")


class Done(Past):
    """The scene of an act that was done earlier: what held then, and of what nobody knew then the first that was told
    since (R2, R9, R23).
    """

    def __init__(self, case: Case, entry: Entry) -> None:
        severity, self.knew_severity = then_or_next(case.severities, entry.at)
        super().__init__(case, Snapshot(entry.at, entry, {}, severity))
        self.entry = entry

    def _unrecorded(self, name: str) -> Value:
        value, known = then_or_next(self.case.told.get(name, ()), self.now)
        if known:
            assert value is not None
            return value
        then = super()._unrecorded(name)
        if not (isinstance(then, Unknown) and self.later):
            return then
        return value if value is not None else self.case.unrecorded(name)


class Then(Past):
    """The scene of an instant that has passed, by what was known then; ``onwards``: of what nobody knew then, by the
    first that was told since."""

    def __init__(self, case: Case, at: int, trigger: Entry | None, onwards: bool = False) -> None:
        severity, known = then_or_next(case.severities, at)
        super().__init__(case, Snapshot(at, None, {}, severity if known or onwards else None))
        self.whose, self.onwards, self.knew_severity = trigger, onwards, known

    def _unrecorded(self, name: str) -> Value:
        value, known = then_or_next(self.case.told.get(name, ()), self.now)
        if value is not None and (known or (self.onwards and self.later)):
            return value
        if self.whose is not None and name in self.case.plan.passing and name in self.whose.facts:
            return self.whose.facts[name]
        return super()._unrecorded(name)


def then_or_next(told: Sequence[tuple[int, T]], at: int) -> tuple[T | None, bool]:
    """What was last told by an instant, and that it was; else the first that was told after it, if anything was."""
    place = bisect_right(told, at, key=lambda one: one[0])
    if place:
        return told[place - 1][1], True
    return (told[0][1] if told else None), False


def remember(case: Case, snapshot: Snapshot, names: Iterable[str]) -> None:
    """What has been recorded of facts that were unknown at a trigger: the first answer sticks (R9)."""
    past = Past(case, snapshot)
    for name in sorted(names):
        if name == "severity":
            if past.severity_now() is None and case.severity is not None:
                snapshot.answers[name] = case.severity
        elif isinstance(past.fact(name), Unknown) and not isinstance(answer := case.fact(name), Unknown):
            snapshot.answers[name] = answer


def goes_on(case: Case, one: Instance | Row | Election) -> Truth3:
    """Whether the `while` of an instance, of a row of dates or of a choice holds now."""
    case.whose = one.trigger
    holds = one.plan.whiles(case)
    case.whose = None
    return holds
