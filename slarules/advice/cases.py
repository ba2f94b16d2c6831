"""How long each case of the past took on each calendar: its duty judged again with a limit that nothing can break."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from slarules.analysis.pruning import pruned_terms
from slarules.calendars.calendar import Calendar
from slarules.columnar.log.coding import Instants
from slarules.columnar.review import either, sheets
from slarules.columnar.review.either import Log, Part
from slarules.engine.adopt import adopt, chosen, decided
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract, Terms
from slarules.model.limit import CountedIn, EachDay, Every, Limit, Milestone, NextClose, NthClose, Within
from slarules.model.rules import Duty, OnOutcome, OnRemaining, Table
from slarules.model.value import HOUR, Elapsed
from slarules.model.walk import inside

ALWAYS = "Always"
"""The built-in calendar that is always open: time around the clock."""
WANTED = ("subject", "duty", "severity", "state", "consumed", "performed_at", "deadline")
"""The columns of verdicts that are looked at."""
DONE = ("met", "reached")
WAITED = ("pending", "suspended", "ended")


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
    log: Log,
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
    first = either.span(log)
    endless = (max(0, as_of - first[0]) if first is not None else 0) + HOUR
    options = chosen(contract, readings)
    found: dict[tuple[str, str | None, str], Cases] = {}
    to_opening = {d.name for terms in contract.versions for d in terms.duties.values() if d.ends_at_next_opening}
    steps = [(group, calendar) for group in _groups(contract, duties) for calendar in on]
    for number, (group, calendar) in enumerate(steps):
        trial = _trial(contract, group, calendar, endless, options)
        counting = [version.calendars[calendar] for version in adopt(trial, readings, supplied)]
        sorts: dict[tuple[str, str | None], _Sort] = {}
        either.go_through(
            trial, readings, log, as_of, partial(_count, sorts, group, counting, to_opening), supplied=supplied,
            columns=WANTED,
        )  # fmt: skip
        for (duty, severity), sort in sorts.items():
            found[duty, severity, calendar] = _cases(duty, severity, calendar, sort)
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
    """The contract with more time for these duties than the log spans, and only what they hang on beside them."""
    wanted = set(duties)

    def longer(duty: Duty) -> Duty:
        if duty.name not in wanted:
            return duty
        return evolve(duty, limit=_longer(decided(duty.limit, options), calendar, endless))

    versions = tuple(
        pruned_terms(evolve(terms, duties={name: longer(duty) for name, duty in terms.duties.items()}), wanted)
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


@frozen(eq=False)
class _Sort:
    """The cases of one duty at one severity, as they are met."""

    done: list[Instants] = field(factory=list)
    waited: list[Instants] = field(factory=list)
    left_out: Counter[str] = field(factory=Counter)


def _cases(duty: str, severity: str | None, calendar: str, sort: _Sort) -> Cases:
    done, waited = (tuple(np.sort(np.concatenate(own)).tolist()) for own in (sort.done, sort.waited))
    return Cases(duty, severity, calendar, done, waited, dict(sorted(sort.left_out.items())))


def _count(
    found: dict[tuple[str, str | None], _Sort], group: Collection[str], counting: Sequence[Calendar],
    to_opening: Collection[str], part: Part,
) -> None:  # fmt: skip
    """Counts the cases of these duties, by duty and severity; ``counting`` is the calendar, of each amendment.

    ``to_opening``: the duties of which a time that is over at a closing ends at the next opening.
    """
    table = part.verdicts
    duty, duties = sheets.names(table, "duty")
    severity, severities = sheets.names(table, "severity")
    state, states = sheets.names(table, "state")
    rows = np.flatnonzero(np.isin(duty, sheets.places(duties, group)))
    used = sheets.numbers(table, "consumed")[rows]
    done, waiting = (
        (used != sheets.NOTHING) & np.isin(state[rows], sheets.places(states, wanted)) for wanted in (DONE, WAITED)
    )
    until = np.isin(duty[rows], sheets.places(duties, to_opening))
    acted, due = (sheets.numbers(table, name)[rows] for name in ("performed_at", "deadline"))
    least = np.where(done & (acted != sheets.NOTHING), used + _stood(acted, due, until, counting), used)
    of, _ = sheets.groups(duty[rows], severity[rows])
    order = np.argsort(of, kind="stable")
    for own in np.split(order, np.flatnonzero(np.diff(of[order])) + 1) if len(rows) else ():
        row = rows[own[0]]
        key = duties[duty[row]], None if severity[row] < 0 else severities[severity[row]]
        sort = found.setdefault(key, _Sort())
        sort.done.append(least[own[done[own]]])
        sort.waited.append(used[own[waiting[own]]])
        rest = np.bincount(state[rows[own[~(done | waiting)[own]]]], minlength=len(states))
        sort.left_out.update({states[n]: int(many) for n, many in enumerate(rest) if many})


def _stood(acted: Instants, due: Instants, until: Any, counting: Sequence[Calendar]) -> Instants:
    """[case] → the microsecond that an act needs more than the time it used, where the clock stood still.

    It came after the instant at which the time it had used was over. A time that is over at a closing but ends at the
    next opening (``until``) needs none. A microsecond too many, as where the pause began with the act, is on the safe
    side.
    """
    before = np.where(acted == sheets.NOTHING, 1, np.maximum(acted, 1)) - 1
    closed = acted == 0  # nothing is open before 1970
    for calendar in counting if len(acted) else ():
        closed |= calendar.consumed_array(before, before + 1) == 0
    found: Instants = ((due == sheets.NOTHING) | (closed & ~until)).astype(np.int64)
    return found


def _by_severity(
    contract: Contract, duty: str, on: Sequence[str], found: Mapping[tuple[str, str | None, str], Cases]
) -> Iterator[Cases]:
    severities = contract.versions[-1].severities
    levels = [level.name for level in severities.levels] if severities else []
    met = {severity for name, severity, _ in found if name == duty}
    for severity in [*(level for level in levels if level in met), *([None] if None in met else [])]:
        for calendar in on:
            yield found.get((duty, severity, calendar)) or Cases(duty, severity, calendar, (), (), {})
