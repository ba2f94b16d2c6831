"""How long each case of the past took on each calendar: its duty judged again with a limit that nothing can break."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from attrs import evolve, field, frozen

from slarules.calendars.calendar import Calendar
from slarules.engine import batches
from slarules.engine.adopt import adopt, chosen, decided
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract, Terms
from slarules.model.event import Event
from slarules.model.limit import CountedIn, EachDay, Every, Limit, Milestone, NextClose, NthClose, Within
from slarules.model.rules import Duty, OnOutcome, OnRemaining, Table
from slarules.model.value import HOUR, Elapsed
from slarules.model.verdict import Evaluation, Verdict
from slarules.model.walk import inside

ALWAYS = "Always"
"""The built-in calendar that is always open: time around the clock."""
DONE = ("met", "reached")
WAITED = ("pending", "suspended", "ended")

Judge = Callable[[Contract], Evaluation]
"""Judges the log under a contract."""


@frozen
class Cases:
    """What the past says of one duty at one severity, on one calendar. Times are microseconds of that calendar."""

    duty: str
    """The duty's or target's name."""
    severity: str | None
    """The severity whose terms the cases stood under; None: the contract has none, or it is not known."""
    calendar: str
    """The calendar that counts; ``Always`` is time around the clock."""
    done: tuple[int, ...]
    """The least time that would have kept each case that was performed, shortest first."""
    waited: tuple[int, ...]
    """How long each case waited that is not performed yet, or ended before it was, shortest first."""
    left_out: Mapping[str, int] = field(hash=False)
    """State → cases of which no length can be told: ``undetermined``, ``could_not_arise``."""


@frozen
class Unfit:
    """A duty for which no length of time can be advised."""

    duty: str
    """Its name."""
    why: str
    """What its limit is instead, in words."""


def fit(contract: Contract, readings: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[Unfit, ...]]:
    """The duties and targets whose limit is a length of time, in the contract's order, and those whose is not."""
    options = chosen(contract, readings)
    found: dict[str, str | None] = {}
    for terms in contract.versions:
        for duty in terms.duties.values():
            found[duty.name] = _unfit(decided(duty.limit, options))
    fits = tuple(name for name, why in found.items() if why is None)
    return fits, tuple(Unfit(name, why) for name, why in found.items() if why is not None)


def _unfit(limit: Limit | None) -> str | None:
    match limit:
        case Within() | Every() | NextClose() | NthClose():
            return None
        case None:
            return "there is no limit"
    return "the limit hangs on dates of its own"


def calendars(contract: Contract, readings: Mapping[str, str]) -> tuple[str, ...]:
    """Time around the clock, and the calendars in which the contract counts some time, in its order."""
    options = chosen(contract, readings)
    counting: set[str | None] = set()
    for terms in contract.versions:
        for part in inside(decided((terms.duties, terms.choices, terms.tables), options)):
            match part:
                case CountedIn(name) | NextClose(name) | NthClose(name, _) | EachDay(name):
                    counting.add(name)
                case Table():
                    counting.update(part.bases)
    offered = dict.fromkeys(name for terms in contract.versions for name in terms.calendars)
    return (ALWAYS, *(name for name in offered if name in counting))


def cases(
    contract: Contract,
    events: list[Event],
    as_of: int,
    duties: Sequence[str],
    on: Sequence[str],
    *,
    readings: Mapping[str, str],
    supplied: Mapping[str, Supplied],
    done: Callable[[int, int], None] = lambda judged, total: None,
) -> Iterator[Cases]:
    """What a log says of these duties on these calendars; by duty, severity and calendar, in their order.

    ``as_of``: microseconds UTC. ``done`` is told how many of all judgings are over. Each time told is the engine's own:
    the duty's trigger, pauses and changes of severity count as they do in a verdict, only its limit is another.
    """
    endless = max((as_of - e.at for e in events), default=0) + HOUR
    options = chosen(contract, readings)
    groups = _groups(contract, duties)
    found: dict[tuple[str, str], list[Verdict]] = {}
    to_opening = {d.name for terms in contract.versions for d in terms.duties.values() if d.ends_at_next_opening}
    steps = [(group, calendar) for group in groups for calendar in on]
    for number, (group, calendar) in enumerate(steps):
        trial = _trial(contract, group, calendar, endless, options)
        judged = batches.judge(trial, readings, events, as_of, supplied=supplied, done=lambda judged, total: None)
        counting = [version.calendars[calendar] for version in adopt(trial, readings, supplied)]
        for verdict in judged.verdicts:
            if verdict.duty in group:
                shut = () if verdict.duty in to_opening else counting
                found.setdefault((verdict.duty, calendar), []).append(_least(verdict, shut))
        done(number + 1, len(steps))
    for duty in duties:
        yield from _by_severity(contract, duty, on, found)


def _groups(contract: Contract, duties: Sequence[str]) -> list[frozenset[str]]:
    """Duties that may be tried together: none hangs on how another fares."""
    watched = {name for terms in contract.versions for name in _watched(terms)}
    alone = [frozenset({name}) for name in duties if name in watched]
    together = frozenset(name for name in duties if name not in watched)
    return [together, *alone] if together else alone


def _watched(terms: Terms) -> Iterator[str]:
    """Duties whose fate other rules wait for."""
    for rules in (terms.duties, terms.choices, terms.statuses, terms.prohibitions, terms.rights):
        for rule in rules.values():
            for part in inside(rule):
                if isinstance(part, (OnOutcome, OnRemaining, Milestone)):
                    yield part.duty


def _trial(
    contract: Contract, duties: Iterable[str], calendar: str, endless: int, options: Mapping[str, str]
) -> Contract:
    """The contract with more time for these duties than the log spans."""
    wanted = set(duties)

    def longer(duty: Duty) -> Duty:
        if duty.name not in wanted:
            return duty
        return evolve(duty, limit=_longer(decided(duty.limit, options), calendar, endless))

    versions = tuple(
        evolve(terms, duties={name: longer(duty) for name, duty in terms.duties.items()})
        for terms in contract.versions
    )
    return evolve(contract, versions=versions)


def _longer(limit: Limit | None, calendar: str, endless: int) -> Limit | None:
    span, basis = Elapsed(endless), None if calendar == ALWAYS else CountedIn(calendar)
    match limit:
        case Within():
            return Within(span, basis, limit.after)
        case Every():
            return Every(span, basis)
        case NextClose() | NthClose():
            return Within(span, basis)
    return limit


def _least(verdict: Verdict, counting: Sequence[Calendar]) -> Verdict:
    """The verdict with the least time that would have kept it in the place of the time it used.

    An act while the clock stood still came after the instant at which the time it had used was over: it needs a
    microsecond more. ``counting``: the calendar, of each amendment; none where a time that is over at a closing ends at
    the next opening. A microsecond too many, as where the pause began with the act, is on the safe side.
    """
    at, used = verdict.performed_at, verdict.consumed
    if verdict.state not in DONE or at is None or used is None:
        return verdict
    stood = verdict.deadline is None or any(not one.is_open(at - 1) for one in counting)
    return evolve(verdict, consumed=used + 1) if stood else verdict


def _by_severity(
    contract: Contract, duty: str, on: Sequence[str], found: Mapping[tuple[str, str], list[Verdict]]
) -> Iterator[Cases]:
    severities = contract.versions[-1].severities
    levels = [level.name for level in severities.levels] if severities else []
    met = {v.severity for calendar in on for v in found.get((duty, calendar), [])}
    for severity in [*(level for level in levels if level in met), *([None] if None in met else [])]:
        for calendar in on:
            judged = [v for v in found.get((duty, calendar), []) if v.severity == severity]
            yield _sorted(duty, severity, calendar, judged)


def _sorted(duty: str, severity: str | None, calendar: str, verdicts: Iterable[Verdict]) -> Cases:
    done, waiting, left_out = [], [], dict[str, int]()
    for verdict in verdicts:
        if verdict.state in DONE and verdict.consumed is not None:
            done.append(verdict.consumed)
        elif verdict.state in WAITED and verdict.consumed is not None:
            waiting.append(verdict.consumed)
        else:
            left_out[verdict.state] = left_out.get(verdict.state, 0) + 1
    return Cases(duty, severity, calendar, tuple(sorted(done)), tuple(sorted(waiting)), dict(sorted(left_out.items())))
