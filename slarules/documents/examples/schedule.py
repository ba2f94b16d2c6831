"""The dates of a contract's first year or term: an agreement is begun, and the engine tells what falls due and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from attrs import define, evolve, field, frozen

from slarules.calendars import zones
from slarules.documents.examples.apart import hanging_on, without
from slarules.documents.examples.opendays import Differing, year_of
from slarules.documents.examples.openings import known_in_full
from slarules.engine.adopt import Adopted, adopt
from slarules.engine.evaluate import evaluate
from slarules.engine.expression import shifted
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.expression import Pattern
from slarules.model.rules import Duty
from slarules.model.value import HOUR, Civil, Unknown
from slarules.model.verdict import Evaluation, Verdict
from slarules.proposing.deeds import usual
from slarules.proposing.playing import Deed, Played, Plot, did, first_monday
from slarules.proposing.plots import performing
from slarules.proposing.setting import AGREEMENT, Setting

AFTERWARDS = timedelta(days=35)
"""So long after the first year or term the schedule goes on: what follows its end is part of it."""
END = date(zones.LAST_YEAR, 12, 1)
"""No schedule goes on after it: soon after, the calendars end."""
MOST = 1200
"""Changes that are followed at most."""
OFTEN, WITHIN = 24, 20 * 24 * HOUR
"""So many dates of one duty within so long (microseconds) are more than one a day: those that follow are not listed."""
STARTS, STATE, DUE, AMENDED, CLOSED, BEGINS, ENDS = "starts", "state", "due", "amended", "closed", "begins", "ends"


@frozen
class Entry:
    """One date of the schedule."""

    sort: str
    """``starts`` (the agreement), ``state`` (of a status), ``due``, ``amended`` (terms come into force), ``closed``,
    ``begins`` and ``ends`` (the contract itself)."""
    at: int
    """The instant, in microseconds UTC; a deadline at a day's end is the next date's first instant."""
    name: str
    """The rule or calendar; of an amendment its first date."""
    number: int = 1
    """The instance of a duty."""
    state: str | None = None
    """Of ``state``: which begins."""
    duty: Duty | None = None
    """Of ``due``: the duty."""
    trigger: Event | None = None
    """Of ``due``: what set it off, where that is a thing taken to be done."""
    closed: Differing | None = None
    """Of ``closed``: the date."""


@frozen
class Schedule:
    """All dates in order, and what was taken for them."""

    contract: Contract = field(repr=False)
    adopted: Adopted = field(repr=False)
    first: date
    """The date on which the agreement starts."""
    stated: bool
    """Whether that date was given, by the contract or by whoever asks; else it is an example."""
    last: date
    """The last date looked at."""
    entries: tuple[Entry, ...]
    """In order."""
    undated: tuple[Duty, ...]
    """Duties of the agreement that are owed from its start on without a time."""
    undone: tuple[str, ...]
    """Duties that are taken not to be done, because what would follow is not settled by that alone."""
    recurring: tuple[str, ...] = ()
    """Duties that recur more often than once a day, of which the first dates are listed."""
    cut: bool = False
    """Whether more would follow before the last date, which is that of the last change followed."""


@define(eq=False)
class _Life:
    """An agreement while it is followed."""

    contract: Contract
    """Without the duties that are left aside."""
    versions: Sequence[Adopted]
    zone: str
    events: list[Event]
    entries: list[Entry] = field(factory=list)
    undated: dict[str, Duty] = field(factory=dict)
    undone: dict[str, None] = field(factory=dict)
    aside: dict[str, None] = field(factory=dict)
    """Duties of which there are too many dates to list them all."""
    deeds: dict[tuple[str, int], Deed | None] = field(factory=dict)
    """(Duty, version) → what performs it."""
    seen: set[tuple[str, int]] = field(factory=set)
    states: Mapping[tuple[str, str], str | Unknown | None] = field(factory=dict)


def schedule(contract: Contract, starts: date | None = None) -> Schedule:
    """The dates of the first year, or of the first term where that is longer, under the adopted readings.

    ``starts``: the agreement's first date; None: the contract's own, else an example.
    """
    versions = adopt(contract, None, None)
    stated = starts or contract.versions[0].in_force_from or contract.in_force[0]
    first = stated or first_monday(contract, 0)
    adopted = versions[0]
    zone = adopted.zone or "UTC"
    begun = _begun(adopted)
    setting = Setting(contract, 0)
    at = zones.day_start(first, zone)
    start = Event(f"{AGREEMENT}-start", AGREEMENT, begun.type, at, begun.by or usual(setting, begun.type),
                  kind="agreement")  # fmt: skip
    life = _Life(contract, versions, zone, [start])
    last = min(_first_term(adopted, first) + AFTERWARDS, contract.in_force[1] or date.max, END)
    upto = _follow(life, at, zones.day_start(last, zone))
    if upto is not None:
        last = zones.local_date(upto, zone)
    entries = [Entry(STARTS, at, begun.type), *life.entries, *_of_the_contract(contract, zone, last)]
    entries += _closures(versions, first, zone)
    return Schedule(
        contract, adopted, first, stated is not None, last, tuple(sorted(entries, key=_place)),
        tuple(life.undated.values()), tuple(life.undone), tuple(life.aside), upto is not None,
    )  # fmt: skip


def _place(entry: Entry) -> tuple[int, int, str, int]:
    order = (BEGINS, STARTS, DUE, AMENDED, STATE, CLOSED, ENDS)  # due by a date's end is due before the next
    return entry.at, order.index(entry.sort), entry.name, entry.number


def _begun(adopted: Adopted) -> Pattern:
    """The event with which an agreement begins."""
    statuses = adopted.terms.statuses.values()
    found = (pattern for status in statuses for state in status.states for pattern in state.begins_when)
    return next(found, Pattern("started"))


def _first_term(adopted: Adopted, first: date) -> date:
    """The last date of the first year, or of the first term where that is longer."""
    lasts = [state.lasts for s in adopted.terms.statuses.values() for state in s.states if state.begins_when]
    known = [one for one in lasts if isinstance(one, Civil)]
    try:
        return max(shifted(first, evolve(one, rounding="down"), 1) for one in (Civil(months=12), *known))
    except zones.OutOfRange:
        return END


def _of_the_contract(contract: Contract, zone: str, last: date) -> Iterator[Entry]:
    begins, after = contract.in_force
    if begins is not None:
        yield Entry(BEGINS, zones.day_start(begins, zone), contract.name)
    for terms in contract.versions[1:]:
        if terms.in_force_from is not None and terms.in_force_from <= last:
            yield Entry(AMENDED, zones.day_start(terms.in_force_from, zone), terms.in_force_from.isoformat())
    if after is not None and after <= last:
        yield Entry(ENDS, zones.day_start(after, zone), contract.name)


def _closures(versions: Sequence[Adopted], first: date, zone: str) -> Iterator[Entry]:
    """The year's closed dates, each by the terms in force on it."""
    for n, adopted in enumerate(versions):
        for name, rule in adopted.terms.calendars.items():
            calendar = adopted.calendars[name]
            for one in year_of(calendar, first, {}).differing if known_in_full(rule, adopted.terms) else ():
                at = zones.day_start(one.day, calendar.zone)
                if rule.combined is None and _in_force(versions, at, zone) == n:
                    yield Entry(CLOSED, at, name, closed=one)


def _in_force(versions: Sequence[Adopted], at: int, zone: str) -> int:
    """Which version of the terms is in force at an instant (R27)."""
    since = [version.terms.in_force_from for version in versions]
    return max(n for n, day in enumerate(since) if n == 0 or (day is not None and zones.day_start(day, zone) <= at))


# ---- The agreement followed -----------------------------------------------------------------------------------


def _follow(life: _Life, at: int, until: int) -> int | None:
    """From one change to the next; what falls due is done on its last day where that leaves everything known.

    The last instant looked at, where more changes follow than are looked at; else None.
    """
    found = evaluate(life.contract, None, life.events, at)
    for _ in range(MOST):
        _states(life, found)
        for verdict in list(_new(life, found)):
            _owed(life, verdict)
        if _left_aside(life):
            found = evaluate(life.contract, None, life.events, found.as_of)
        upcoming = found.next_change_at
        if upcoming is None or upcoming >= until:
            return None
        found = _done(life, found, upcoming) or evaluate(life.contract, None, life.events, upcoming)
    return found.as_of


def _left_aside(life: _Life) -> bool:
    """Whether a duty that recurs more often than once a day was taken out just now, and what hangs on it."""
    often = {
        name
        for name in {one.name for one in life.entries if one.sort == DUE} - life.aside.keys()
        if len(dates := [one.at for one in life.entries if (one.sort, one.name) == (DUE, name)][-OFTEN:]) == OFTEN
        and dates[-1] - dates[0] < WITHIN
    }
    if not often:
        return False
    life.aside |= dict.fromkeys(sorted(often))
    life.contract = without(life.contract, hanging_on(life.contract, often))
    return True


def _states(life: _Life, found: Evaluation) -> None:
    for (agreement, status), state in found.statuses.items():
        if isinstance(state, str) and state != life.states.get((agreement, status)):
            life.entries.append(Entry(STATE, found.as_of, status, state=state))
    life.states = found.statuses


def _all_known(found: Evaluation) -> bool:
    return all(isinstance(state, str) for state in found.statuses.values())


def _new(life: _Life, found: Evaluation) -> Iterator[Verdict]:
    for verdict in found.verdicts:
        key = (verdict.duty, verdict.number)
        if verdict.rule in ("duty", "target") and key not in life.seen:
            life.seen.add(key)
            yield verdict


def _owed(life: _Life, verdict: Verdict) -> None:
    duty = life.versions[_in_force(life.versions, verdict.triggered_at, life.zone)].terms.duties[verdict.duty]
    if verdict.deadline is not None and verdict.state != "could_not_arise" and verdict.deadline > verdict.triggered_at:
        trigger = next((event for event in life.events[1:] if event.id in verdict.events[:1]), None)
        life.entries.append(Entry(DUE, verdict.deadline, verdict.duty, verdict.number, duty=duty, trigger=trigger))
    elif verdict.state == "pending" and verdict.triggered_at == life.events[0].at:
        life.undated.setdefault(verdict.duty, duty)


def _done(life: _Life, found: Evaluation, upcoming: int) -> Evaluation | None:
    """Does what falls due then, on that day; None: nothing does, or its being done leaves a state unknown."""
    for verdict in found.verdicts:
        if verdict.deadline != upcoming or verdict.state != "pending" or verdict.rule not in ("duty", "target"):
            continue
        if verdict.duty in life.undone:
            continue
        version = _in_force(life.versions, verdict.triggered_at, life.zone)
        plot = Plot(life.contract, verdict.duty, AGREEMENT, "agreement", {}, ())
        played = Played(plot, {}, tuple(life.events), found.as_of, verdict)
        at = _on_the_day(life.zone, found.as_of, upcoming)
        known = life.deeds.get((verdict.duty, version))
        after = _judged_with(life, played, known, at) if known is not None else None
        if after is None or not _performed(after, verdict):
            known = life.deeds[verdict.duty, version] = performing(Setting(life.contract, version), played)
            after = _judged_with(life, played, known, at) if known is not None else None
        if known is None or after is None or not _all_known(after):
            life.undone[verdict.duty] = None
            continue
        life.events = list(did(played, known, at).events)
        return after
    return None


def _judged_with(life: _Life, played: Played, deed: Deed, at: int) -> Evaluation:
    return evaluate(life.contract, None, did(played, deed, at).events, at)


def _performed(found: Evaluation, verdict: Verdict) -> bool:
    mine = (verdict.duty, verdict.number)
    return any((v.duty, v.number) == mine and v.state in ("met", "reached") for v in found.verdicts)


def _on_the_day(zone: str, now: int, due: int) -> int:
    """Noon of the last day; where that is not to come or too late, the deadline itself, which is still in time."""
    noon = zones.instant(datetime.combine(zones.local_date(due - 1, zone), time(12)), zone, 0)
    return noon if now < noon < due else due
