"""The tightest target that a share of past cases would have kept, and how sure that is.

The share of cases done within a time is the Kaplan–Meier estimate: a case that still waits, or ended before it was
done, counts for as long as it waited. Its confidence band is Greenwood's, on the log-log scale (`scipy.stats.ecdf`);
the interval of a target is where that band crosses the share (Brookmeyer and Crowley, 1982). The interval of a share
that present targets reached is Wilson's (`scipy.stats.binomtest`).
"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial

import numpy as np
from attrs import field, frozen

from slarules.advice.cases import Cases, Unfit, calendars, cases, fit
from slarules.analysis import tally
from slarules.columnar.review import sheets
from slarules.columnar.review.either import Besides, Log, Part, go_through
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.value import MINUTE
from slarules.model.verdict import OWING

METHOD = "Kaplan–Meier estimate with Greenwood's log-log band (scipy.stats.ecdf), inverted after Brookmeyer and Crowley"
SHARE_METHOD = "Wilson's interval (scipy.stats.binomtest)"
WANTED = ("subject", "duty", "rule", "severity", "state", "calendar", "allowed")
"""The columns of verdicts that are looked at."""
CLOSE = 1e-12
"""Estimates closer than this to the share reach it: they are sums of fractions."""


@frozen
class Step:
    """A point of the curve: the share of cases done within a time."""

    within: int
    """Microseconds of the calendar."""
    share: float
    """0 to 1."""
    low: float
    """The lower edge of its confidence band."""
    high: float
    """The upper edge."""


@frozen
class Target:
    """What the past says of one duty at one severity, on one calendar."""

    cases: Cases
    """The cases it rests on."""
    tightest: int | None
    """The tightest target that the share of cases would have kept, in microseconds, rounded up to a whole minute; None:
    too many cases still wait for it to be told."""
    low: int | None
    """The lower end of its confidence interval; None where `tightest` is."""
    high: int | None
    """The upper end; None: the cases are too few to bound it."""
    curve: tuple[Step, ...]
    """The share of cases done within each time, shortest first."""


@frozen
class Present:
    """What the contract's own target reached on the log."""

    allowed: int | None
    """The time it gives, in microseconds; None: it differs from case to case, or is counted in days."""
    calendar: str | None
    """The calendar that counts it; None: time around the clock, or days."""
    kept: int
    """Cases kept."""
    broken: int
    """Cases broken."""
    undecided: int
    """Cases of which neither is certain yet."""
    low: float | None
    """The lower end of the interval of the share kept, 0 to 1; None where nothing is decided."""
    high: float | None
    """The upper end."""

    @property
    def share(self) -> float | None:
        """The share kept of those decided, 0 to 1."""
        return self.kept / (self.kept + self.broken) if self.kept + self.broken else None


@frozen
class Line:
    """One duty at one severity."""

    duty: str
    """The duty's or target's name."""
    severity: str | None
    """None: the contract has none, or it is not known."""
    present: Present
    """What the contract's own target reached."""
    targets: tuple[Target, ...]
    """What the past says, calendar by calendar."""


@frozen
class Advice:
    """What the past says of all duties whose limit is a length of time."""

    share: Fraction
    """The share of cases to be kept, 0 to 1."""
    confidence: Fraction
    """How sure the intervals are, 0 to 1."""
    as_of: int
    """The instant judged as of, in microseconds UTC."""
    lines: tuple[Line, ...]
    """By duty in the contract's order, then severity, gravest first."""
    unfit: tuple[Unfit, ...]
    """Duties of which no length of time can be advised, and why."""
    without_cases: tuple[str, ...]
    """Duties that never arose in this log."""
    subjects: int = 0
    """How many tickets, agreements and others were judged."""
    by_reference: Mapping[str, int] = field(factory=dict, hash=False, eq=False)
    """Why subjects went to the reference engine though the columnar one judged the log → how many."""


def advise(
    contract: Contract,
    log: Log,
    as_of: int,
    *,
    share: Fraction,
    confidence: Fraction = Fraction(95, 100),
    on: Sequence[str] | None = None,
    only: Sequence[str] | None = None,
    readings: Mapping[str, str] | None = None,
    supplied: Mapping[str, Supplied] | None = None,
    done: Callable[[int, int], None] = lambda judged, total: None,
) -> Advice:
    """The tightest targets that ``share`` of the log's cases would have kept.

    ``on``: the calendars to count on, all of the contract's if None. ``only``: these duties. ``done`` is told how many
    of all judgings are over. Raises ModuleNotFoundError without SciPy.
    """
    chosen, given = dict(readings or {}), dict(supplied or {})
    fits, unfit = fit(contract, chosen)
    wanted = [name for name in fits if only is None or name in only]
    offered = calendars(contract, chosen) if on is None else tuple(on)
    present, told = _present(contract, log, as_of, chosen, given, float(confidence))
    found: dict[tuple[str, str | None], list[Target]] = {}
    for one in cases(contract, log, as_of, wanted, offered, readings=chosen, supplied=given, done=done):
        found.setdefault((one.duty, one.severity), []).append(target(one, share, confidence))
    nothing = Present(None, None, 0, 0, 0, None, None)
    lines = tuple(Line(*key, present.get(key, nothing), tuple(targets)) for key, targets in found.items())
    arose = {line.duty for line in lines}
    return Advice(
        share,
        confidence,
        as_of,
        lines,
        tuple(one for one in unfit if only is None or one.duty in only),
        tuple(name for name in wanted if name not in arose),
        told.subjects,
        told.by_reference,
    )


def target(one: Cases, share: Fraction, confidence: Fraction) -> Target:
    """The tightest target that ``share`` of these cases would have kept."""
    curve = _curve(one, float(confidence))
    least = float(share) - CLOSE

    def first(reached: Callable[[Step], float]) -> int | None:
        return next((_whole(step.within) for step in curve if reached(step) >= least), None)

    tightest = first(lambda step: step.share)
    if tightest is None:
        return Target(one, None, None, None, curve)
    return Target(one, tightest, first(lambda step: step.high), first(lambda step: step.low), curve)


def _whole(micros: int) -> int:
    """Rounded up to a whole minute, at least one: a target is agreed in minutes."""
    return max(1, -(-micros // MINUTE)) * MINUTE


def _curve(one: Cases, confidence: float) -> tuple[Step, ...]:
    from scipy import stats

    if not one.done:
        return ()
    sample = stats.CensoredData(uncensored=list(one.done), right=list(one.waited))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # where all are done the band has no width to speak of
        cdf = stats.ecdf(sample).cdf
        band = cdf.confidence_interval(confidence_level=confidence, method="log-log")
    performed = set(one.done)
    steps, low, high = [], 0.0, 0.0
    for within, reached, below, above in zip(
        cdf.quantiles, cdf.probabilities, band.low.probabilities, band.high.probabilities, strict=True
    ):
        low = low if math.isnan(below) else max(low, float(below))
        high = max(high, float(reached) if math.isnan(above) else float(above))
        if int(within) in performed:
            steps.append(Step(int(within), float(reached), low, high))
    return tuple(steps)


def _present(
    contract: Contract,
    log: Log,
    as_of: int,
    readings: Mapping[str, str],
    supplied: Mapping[str, Supplied],
    confidence: float,
) -> tuple[dict[tuple[str, str | None], Present], Besides]:
    """What the contract's own targets reached, by duty and severity; and what else judging the log told."""
    found: dict[tuple[str, str | None], Counter[_Reached]] = {}
    besides = go_through(contract, readings, log, as_of, partial(_count, found), supplied=supplied, columns=WANTED)
    return {key: _reached(own, confidence) for key, own in found.items()}, besides


def _count(found: dict[tuple[str, str | None], Counter[_Reached]], part: Part) -> None:
    """Counts how cases of duties and targets stand, by duty and severity."""
    table = part.verdicts
    duty, duties = sheets.names(table, "duty")
    severity, severities = sheets.names(table, "severity")
    rule, rules = sheets.names(table, "rule")
    state, states = sheets.names(table, "state")
    calendar, calendars_ = sheets.names(table, "calendar")
    allowed = sheets.numbers(table, "allowed")
    rows = np.flatnonzero(np.isin(rule, sheets.places(rules, OWING)))
    of, first = sheets.groups(*(one[rows] for one in (duty, severity, state, calendar, allowed)))
    many = np.bincount(of, minlength=len(first)).tolist()
    for row, number in zip(rows[first].tolist(), many, strict=True):
        level = None if severity[row] < 0 else severities[severity[row]]
        counts = None if calendar[row] < 0 else calendars_[calendar[row]]
        time = None if allowed[row] == sheets.NOTHING else int(allowed[row])
        found.setdefault((duties[duty[row]], level), Counter())[(time, counts), states[state[row]]] += number


_Reached = tuple[tuple[int | None, str | None], str]
"""The time allowed and its calendar, and a state."""


def _reached(cases: Counter[_Reached], confidence: float) -> Present:
    from scipy import stats

    outcomes: Counter[str] = Counter()
    for (_, state), many in cases.items():
        outcomes[tally.OUTCOME[state]] += many
    kept, broken = outcomes["kept"], outcomes["broken"]
    undecided = sum(outcomes[outcome] for outcome in ("pending", "suspended", "undetermined"))
    terms = {own for own, state in cases if state not in ("undetermined", "could_not_arise")}
    allowed, calendar = next(iter(terms)) if len(terms) == 1 else (None, None)
    if not kept + broken:
        return Present(allowed, calendar, kept, broken, undecided, None, None)
    interval = stats.binomtest(kept, kept + broken).proportion_ci(confidence, method="wilson")
    return Present(allowed, calendar, kept, broken, undecided, float(interval.low), float(interval.high))
