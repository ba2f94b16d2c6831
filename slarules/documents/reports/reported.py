"""What a report is made from: the verdicts of a log, the period looked back on, and the course of the worst cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from attrs import frozen

from slarules.analysis.period import Month, Period, period
from slarules.columnar.review import either, sheets
from slarules.columnar.review.either import Told
from slarules.engine.adopt import adopt
from slarules.engine.reasons.course import Course, courses
from slarules.engine.reasons.explain import explain
from slarules.engine.reasons.reason import Reason
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.verdict import Verdict
from slarules.readers.log import Log


@frozen
class Case:
    """One case, told in full."""

    course: Course
    """What its clock did, and what happened."""
    reason: Reason
    """Why it was judged so."""


@frozen
class Report:
    """A period of a log, judged."""

    contract: Contract
    """The contract that it is judged under."""
    zone: str
    """The zone in which dates and times are told."""
    evaluation: Told
    """Every verdict, as of the instant judged."""
    period: Period
    """What they say of the period."""
    worst: tuple[Case, ...]
    """The worst cases, told in full."""
    log: Log
    """The events, and what of the files was set aside."""
    files: tuple[tuple[str, str], ...]
    """What it is made from: the name of each file and its SHA-256."""


def report(
    contract: Contract,
    log: Log,
    as_of: int,
    *,
    readings: Mapping[str, str],
    supplied: Mapping[str, Supplied],
    first: Month | None = None,
    last: Month | None = None,
    top: int = 10,
    files: Sequence[tuple[str, str]] = (),
    done: Callable[[int, int], None] = lambda judged, total: None,
) -> Report:
    """Judges a log as of an instant (microseconds UTC) and looks back on the months from ``first`` to ``last``.

    The ``top`` worst cases are told in full; ``done`` is told tickets judged and tickets in all.
    """
    judged = either.judge(
        contract, readings, log.content, as_of, supplied=supplied, precision=log.precision, done=done
    )
    zone = adopt(contract, readings, supplied)[-1].zone or "UTC"
    found = period(contract, judged, zone, first, last)

    def told(verdict: Verdict) -> Case:
        events = either.about(log.content, contract, verdict.subject)
        same = (readings, events, as_of, verdict.subject)
        course = courses(contract, *same, supplied, verdict.label)[0]
        place = sheets.place_among(judged.verdicts, verdict.subject, verdict.duty, verdict.number)
        return Case(course, explain(contract, *same, verdict.duty, supplied, trying=False, place=place)[0])

    worst = tuple(told(verdict) for verdict in found.worst[:top])
    return Report(contract, zone, judged, found, worst, log, tuple(files))
