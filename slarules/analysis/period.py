"""A log as both parties look back on it: kept and broken month by month, when breaches fall, and what is due next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from attrs import field, frozen

from slarules.analysis import tally
from slarules.analysis.tally import Line
from slarules.calendars import zones
from slarules.columnar.review import sheets
from slarules.columnar.review.either import Told, Verdicts
from slarules.columnar.review.sheets import NOTHING
from slarules.model.contract import Contract
from slarules.model.verdict import NOT_KEPT, OWING, Verdict

Numbers = np.ndarray[Any, np.dtype[Any]]

KEPT, BROKEN, UNDETERMINED, PENDING = "kept", "broken", "undetermined", "pending"
BREACHES = ("breached", "missed")
"""States in which something owed or forbidden was broken; what is done without a right breaks nothing owed."""


@frozen(order=True)
class Month:
    """A month of the calendar, in the contract's zone."""

    year: int
    """Its year."""
    number: int
    """1 for January."""


@frozen
class Wanting:
    """Verdicts that cannot be given for want of the same facts."""

    duty: str
    """The rule's name."""
    missing: tuple[str, ...]
    """The facts that nobody recorded; none: an act of which it is not known whether it counts."""
    subjects: tuple[str, ...]
    """The tickets and agreements that it concerns, each once, in order."""


@frozen
class Period:
    """What a log says of a period. Every instance of a rule counts in the month in which it arose."""

    first: Month | None
    """The first month that is counted; None: from the log's first."""
    last: Month | None
    """The last; None: to the instant judged as of."""
    verdicts: Sequence[Verdict] = field(eq=False)
    """All verdicts of the period."""
    subjects: int
    """How many tickets, agreements and others they are about."""
    decided: Mapping[tuple[str, str], tuple[int, int]] = field(hash=False)
    """(Party, ``duty`` or ``target``) → how many that it owes are kept, and broken."""
    lines: tuple[Line, ...]
    """Rule by rule and severity by severity, in the contract's order: how many have each outcome."""
    months: Mapping[Month, tuple[Line, ...]] = field(hash=False)
    """The same month by month; a month without any is there with none, so that gaps are seen."""
    breaches: tuple[int, ...]
    """The instants at which duties, targets and prohibitions were broken, earliest first."""
    worst: Sequence[Verdict] = field(eq=False)
    """Duties and targets not kept in time: promises before efforts, the latest first."""
    undone: bool
    """Whether any of these ended without ever being done: no length of lateness is known of it."""
    due: Sequence[Verdict] = field(eq=False)
    """What is owed and not yet due, as of the instant judged, soonest first: of all periods."""
    standing: Sequence[Verdict] = field(eq=False)
    """What is owed and has no deadline now, for its clock stands still or none is set: of all periods."""
    still: Mapping[str, int] = field(hash=False)
    """Rule → how many of these there are."""
    undetermined: tuple[Wanting, ...]
    """What cannot be judged, by rule and by the facts that are missing; the most frequent first."""

    def count(self, outcome: str) -> int:
        """How many verdicts have the outcome, as ``kept``."""
        return sum(line.counts.get(outcome, 0) for line in self.lines)


def period(
    contract: Contract, told: Told, zone: str, first: Month | None = None, last: Month | None = None
) -> Period:
    """What the verdicts of a log say of the months from ``first`` to ``last``, both counted in ``zone``."""
    seen = _seen(told)
    of, months = _months(seen.began, zone)
    within = [(first is None or month >= first) and (last is None or month <= last) for month in months]
    chosen = np.flatnonzero(np.array([*within, False])[of])
    worst = _worst(seen, chosen, told.as_of)
    owing = np.flatnonzero(seen.owing & np.isin(seen.state, sheets.places(seen.states, ("pending", "suspended"))))
    dated = seen.due[owing] != NOTHING
    due = owing[dated]
    due = due[np.lexsort((seen.number[due], seen.by_name[due], seen.subject[due], seen.due[due]))]
    by_month = _counts(seen, chosen, of, months)
    whole: Counter[tuple[str, str, str | None, str]] = Counter()
    for counts in by_month.values():
        whole.update(counts)
    return Period(
        first,
        last,
        Verdicts(told, contract, chosen),
        len(np.unique(seen.subject[chosen])),
        _decided(seen, chosen),
        tuple(tally.lines(contract, whole)),
        {month: tuple(tally.lines(contract, by_month.get(month, Counter()))) for month in _between(by_month)},
        tuple(np.sort(_broken_at(seen, chosen)).tolist()),
        Verdicts(told, contract, worst),
        bool(((seen.late[worst] == NOTHING) & ~seen.owed[worst]).any()),
        Verdicts(told, contract, due),
        Verdicts(told, contract, owing[~dated]),
        _many(seen, owing[~dated]),
        tuple(_wanting(told, seen, chosen)),
    )


@frozen(eq=False)
class _Seen:
    """Verdicts as arrays; each has an entry for each verdict, ``states`` and the like say what codes mean."""

    subject: Numbers
    duty: Numbers
    duties: list[str]
    by_name: Numbers
    """The place of its rule's name among all of them."""
    rule: Numbers
    rules: list[str]
    severity: Numbers
    severities: list[str]
    state: Numbers
    states: list[str]
    bearer: Numbers
    bearers: list[str]
    number: Numbers
    began: Numbers
    due: Numbers
    done: Numbers
    late: Numbers
    owed: Numbers
    """Whether it is still owed."""
    owing: Numbers
    """Whether it is of a duty or target."""


def _seen(told: Told) -> _Seen:
    table = told.verdicts
    duty, duties = sheets.names(table, "duty")
    rule, rules = sheets.names(table, "rule")
    rank = {name: place for place, name in enumerate(sorted(duties))}
    by_name = np.array([*(rank[name] for name in duties), -1], np.int64)[duty]
    severity, severities = sheets.names(table, "severity")
    state, states = sheets.names(table, "state")
    bearer, bearers = sheets.names(table, "bearer")
    return _Seen(
        sheets.subjects(table, sheets.subject_names(table)), duty, duties, by_name, rule, rules, severity, severities,
        state, states, bearer, bearers, sheets.numbers(table, "number"), sheets.numbers(table, "triggered_at"),
        sheets.numbers(table, "deadline"), sheets.numbers(table, "performed_at"), sheets.numbers(table, "late_by"),
        sheets.flags(table, "owed"), np.isin(rule, sheets.places(rules, OWING)),
    )  # fmt: skip


def _months(instants: Numbers, zone: str) -> tuple[Numbers, list[Month]]:
    """[instant] → its month, and the months."""
    days, of = np.unique(zones.local_ordinals(instants, zone), return_inverse=True)
    each = [Month((day := date.fromordinal(ordinal)).year, day.month) for ordinal in days.tolist()]
    months = sorted(set(each))
    return np.array([months.index(month) for month in each] or [0], np.int64)[of], months


def _counts(
    seen: _Seen, rows: Numbers, of: Numbers, months: Sequence[Month]
) -> dict[Month, Counter[tuple[str, str, str | None, str]]]:
    """Month → how many verdicts there are of each sort."""
    group, first = sheets.groups(*(one[rows] for one in (of, seen.duty, seen.rule, seen.severity, seen.state)))
    many = np.bincount(group, minlength=len(first)).tolist()
    found: dict[Month, Counter[tuple[str, str, str | None, str]]] = {}
    for row, number in zip(rows[first].tolist(), many, strict=True):
        level = None if seen.severity[row] < 0 else seen.severities[seen.severity[row]]
        sort = (seen.duties[seen.duty[row]], seen.rules[seen.rule[row]], level, seen.states[seen.state[row]])
        found.setdefault(months[of[row]], Counter())[sort] = number
    return found


def _decided(seen: _Seen, rows: Numbers) -> dict[tuple[str, str], tuple[int, int]]:
    own = rows[seen.owing[rows] & (seen.bearer[rows] >= 0)]
    group, first = sheets.groups(*(one[own] for one in (seen.bearer, seen.rule, seen.state)))
    many = np.bincount(group, minlength=len(first)).tolist()
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for row, number in zip(own[first].tolist(), many, strict=True):
        key = seen.bearers[seen.bearer[row]], seen.rules[seen.rule[row]]
        kept, broken = found.get(key, (0, 0))
        outcome = tally.OUTCOME[seen.states[seen.state[row]]]
        found[key] = kept + number * (outcome == KEPT), broken + number * (outcome == BROKEN)
    return found


def _worst(seen: _Seen, rows: Numbers, as_of: int) -> Numbers:
    """Duties and targets not kept in time, as ``tally.late`` orders them."""
    own = rows[seen.owing[rows] & np.isin(seen.state[rows], sheets.places(seen.states, NOT_KEPT))]
    by_now = np.where(
        (seen.done[own] == NOTHING) & seen.owed[own] & (seen.due[own] != NOTHING), as_of - seen.due[own], 0
    )
    late = np.where(seen.late[own] != NOTHING, seen.late[own], by_now)
    missed = np.isin(seen.state[own], sheets.places(seen.states, ["missed"]))
    found: Numbers = own[np.lexsort((seen.number[own], seen.by_name[own], seen.subject[own], -late, missed))]
    return found


def _many(seen: _Seen, rows: Numbers) -> dict[str, int]:
    """Rule → how many of these verdicts are of it, in the order in which they come."""
    group, first = sheets.groups(seen.duty[rows])
    many = np.bincount(group, minlength=len(first)).tolist()
    return {seen.duties[seen.duty[row]]: number for row, number in zip(rows[first].tolist(), many, strict=True)}


def _broken_at(seen: _Seen, rows: Numbers) -> Numbers:
    """A duty is broken when its time is over, a prohibition when the act is done."""
    own = rows[np.isin(seen.state[rows], sheets.places(seen.states, BREACHES))]
    return np.where(seen.due[own] != NOTHING, seen.due[own], seen.began[own])


def _wanting(told: Told, seen: _Seen, rows: Numbers) -> list[Wanting]:
    own = rows[np.isin(seen.state[rows], sheets.places(seen.states, [UNDETERMINED]))]
    missing = sheets.texts_of(told.verdicts, "missing", own)
    names = sheets.texts_of(told.verdicts, "subject", own)
    found: dict[tuple[str, tuple[str, ...]], dict[str, None]] = {}
    for row, wanted, subject in zip(own.tolist(), missing, names, strict=True):
        found.setdefault((seen.duties[seen.duty[row]], tuple(wanted)), {})[subject] = None
    wanting = [Wanting(duty, facts, tuple(subjects)) for (duty, facts), subjects in found.items()]
    return sorted(wanting, key=lambda one: -len(one.subjects))


def first_day(month: Month) -> date:
    """The first date of a month."""
    return date(month.year, month.number, 1)


def heat(instants: Iterable[int], zone: str) -> tuple[tuple[int, ...], ...]:
    """How many of these instants fall on each weekday, from Monday, and in each of its 24 hours."""
    given = np.fromiter(instants, np.int64)
    at, offsets = zones.transitions(zone)
    local = given + offsets[np.maximum(np.searchsorted(at, given, side="right") - 1, 0)]
    hours = (local // zones.DAY + _FIRST_WEEKDAY) % 7 * 24 + local % zones.DAY // zones.HOUR
    counts = np.bincount(hours, minlength=7 * 24).reshape(7, 24)
    return tuple(tuple(row) for row in counts.tolist())


_FIRST_WEEKDAY = date(1970, 1, 1).weekday()


def owed(lines: Iterable[Line]) -> list[Line]:
    """Those of duties and targets: what somebody had to do by some time."""
    return [line for line in lines if line.rule in ("duty", "target")]


def share_kept(lines: Sequence[Line]) -> float | None:
    """The share kept of all that is decided, 0 to 100, rounded down to a tenth; None where nothing is."""
    kept, broken = (sum(line.counts.get(outcome, 0) for line in lines) for outcome in (KEPT, BROKEN))
    return kept * 1000 // (kept + broken) / 10 if kept + broken else None


def _between(months: Iterable[Month]) -> list[Month]:
    """Every month from the earliest to the latest."""
    found = sorted(months)
    if not found:
        return []
    first, last = (month.year * 12 + month.number - 1 for month in (found[0], found[-1]))
    return [Month(place // 12, place % 12 + 1) for place in range(first, last + 1)]
