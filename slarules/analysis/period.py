"""A log as both parties look back on it: kept and broken month by month, when breaches fall, and what is due next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from attrs import evolve, field, frozen

from slarules.analysis import tally
from slarules.analysis.tally import Line
from slarules.calendars import zones
from slarules.model.contract import Contract
from slarules.model.verdict import Evaluation, Verdict

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
    verdicts: tuple[Verdict, ...]
    """All verdicts of the period."""
    lines: tuple[Line, ...]
    """Rule by rule and severity by severity, in the contract's order: how many have each outcome."""
    months: Mapping[Month, tuple[Line, ...]] = field(hash=False)
    """The same month by month; a month without any is there with none, so that gaps are seen."""
    breaches: tuple[int, ...]
    """The instants at which duties, targets and prohibitions were broken, earliest first."""
    worst: tuple[Verdict, ...]
    """Duties and targets not kept in time: promises before efforts, the latest first."""
    due: tuple[Verdict, ...]
    """What is owed and not yet due, as of the instant judged, soonest first: of all periods."""
    standing: tuple[Verdict, ...]
    """What is owed and has no deadline now, for its clock stands still or none is set: of all periods."""
    undetermined: tuple[Wanting, ...]
    """What cannot be judged, by rule and by the facts that are missing; the most frequent first."""

    def count(self, outcome: str) -> int:
        """How many verdicts have the outcome, as ``kept``."""
        return sum(line.counts.get(outcome, 0) for line in self.lines)


def period(
    contract: Contract, evaluation: Evaluation, zone: str, first: Month | None = None, last: Month | None = None
) -> Period:
    """What the verdicts of a log say of the months from ``first`` to ``last``, both counted in ``zone``."""
    of_month = {id(v): month_of(v.triggered_at, zone) for v in evaluation.verdicts}
    chosen = [
        v
        for v in evaluation.verdicts
        if (first is None or of_month[id(v)] >= first) and (last is None or of_month[id(v)] <= last)
    ]
    by_month: dict[Month, list[Verdict]] = {}
    for verdict in chosen:
        by_month.setdefault(of_month[id(verdict)], []).append(verdict)
    only = evolve(evaluation, verdicts=tuple(chosen))
    duties = [v for v in evaluation.verdicts if v.rule in ("duty", "target") and v.state in ("pending", "suspended")]
    return Period(
        first,
        last,
        tuple(chosen),
        tuple(tally.lines(contract, tally.counted(chosen))),
        {
            month: tuple(tally.lines(contract, tally.counted(by_month.get(month, ()))))
            for month in _between(by_month)
        },
        tuple(sorted(_broken_at(v) for v in chosen if v.state in BREACHES)),
        tuple(tally.late(only)),
        tuple(sorted((v for v in duties if v.deadline is not None), key=_soonest)),
        tuple(v for v in duties if v.deadline is None),
        tuple(_wanting(v for v in chosen if v.state == UNDETERMINED)),
    )


def month_of(instant: int, zone: str) -> Month:
    """The month of an instant (microseconds UTC) on a zone's clocks."""
    day = zones.local_date(instant, zone)
    return Month(day.year, day.month)


def first_day(month: Month) -> date:
    """The first date of a month."""
    return date(month.year, month.number, 1)


def heat(instants: Iterable[int], zone: str) -> tuple[tuple[int, ...], ...]:
    """How many of these instants fall on each weekday, from Monday, and in each of its 24 hours."""
    counts = Counter((local.weekday(), local.hour) for local in (zones.moment(at, zones.zone(zone)) for at in instants))
    return tuple(tuple(counts[weekday, hour] for hour in range(24)) for weekday in range(7))


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


def _broken_at(verdict: Verdict) -> int:
    """A duty is broken when its time is over, a prohibition when the act is done."""
    return verdict.deadline if verdict.deadline is not None else verdict.triggered_at


def _soonest(verdict: Verdict) -> tuple[int, str, str, int]:
    return verdict.deadline or 0, verdict.subject, verdict.duty, verdict.number


def _wanting(verdicts: Iterable[Verdict]) -> list[Wanting]:
    found: dict[tuple[str, tuple[str, ...]], dict[str, None]] = {}
    for verdict in verdicts:
        found.setdefault((verdict.duty, verdict.missing), {})[verdict.subject] = None
    wanting = [Wanting(duty, missing, tuple(subjects)) for (duty, missing), subjects in found.items()]
    return sorted(wanting, key=lambda one: -len(one.subjects))
