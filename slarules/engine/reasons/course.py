"""How an instance of a duty went: what its clock did stretch by stretch, and what happened to its subject meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import evolve, frozen

from slarules.engine.adopt import Adopted, adopt
from slarules.engine.evaluate import agreements_of, bindings, judged, judged_all, with_ties
from slarules.engine.history import settle
from slarules.engine.judging.case import Case
from slarules.engine.judging.clock import Closings, Counting, Several
from slarules.engine.judging.instance import Instance
from slarules.engine.judging.verdicts import Binds, verdicts_of
from slarules.engine.reasons.stretches import Stretch, stretches
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.verdict import Verdict


@frozen
class Happening:
    """One event of the subject, as it took effect."""

    at: int
    """When it happened, in microseconds UTC."""
    type: str
    """What happened."""
    actor: str | None
    """The party that did it; None: not recorded."""
    id: str
    """The event's id."""


@frozen
class Course:
    """One instance from its trigger to its end, or to the instant judged as of."""

    verdict: Verdict
    """What was judged of it."""
    stretches: tuple[Stretch, ...]
    """What its clock did from its start to performance, end or now; none for a clock that counts no time."""
    open_times: tuple[tuple[int, int], ...]
    """When the clock's calendar is open between its start and the later of deadline and end; time around the clock is
    one such stretch."""
    happenings: tuple[Happening, ...]
    """All that happened to its subject up to the instant judged as of, in order."""
    end: int
    """When it was over, or the instant judged as of."""


def courses(
    contract: Contract,
    readings: Mapping[str, str] | None,
    history: Iterable[Event],
    as_of: int,
    subject: str,
    supplied: Mapping[str, Supplied] | None = None,
    label: str | None = None,
) -> tuple[Course, ...]:
    """The course of each duty and target of ``subject`` (of the one with this label, if given).

    None where nothing had happened to it by ``as_of``.
    """
    return tuple(
        _course(verdict, case, instance)
        for verdict, case, instance, _ in followed(contract, readings, history, as_of, subject, supplied)
        if instance is not None and label in (None, verdict.label)
    )


def followed(
    contract: Contract,
    readings: Mapping[str, str] | None,
    history: Iterable[Event],
    as_of: int,
    subject: str,
    supplied: Mapping[str, Supplied] | None = None,
) -> Iterator[tuple[Verdict, Case, Instance | None, Adopted]]:
    """Each verdict of ``subject`` with the case in which it stands, its instance if it has one, and the last terms."""
    versions = adopt(contract, readings, supplied)
    told = settle(contract, [v.terms for v in versions], history, as_of)
    if subject not in told.subjects:
        return
    own = told.subjects[subject]
    agreement = agreements_of(versions, told, as_of, own.agreement or "").get(own.agreement or "")
    verdicts, _ = judged_all(versions, own, agreement, as_of)
    each: list[tuple[list[Adopted], Binds | None]] = [(list(versions), None)]
    if own.kind == "agreement":  # R27
        each = [([version], binds) for version, binds in zip(versions, bindings(versions), strict=True)]
    cases = [
        (case, binds)
        for some, binds in each
        if (case := judged(some, own, agreement, as_of, tracing=True)) is not None
    ]
    standing: dict[Verdict, list[Standing]] = {}
    for case, binds in cases:
        instances = {instance.label: instance for instance in case.instances}
        for one in verdicts_of(case, binds):
            kept = instances.get(one.label) if one.rule in ("duty", "target") else None
            standing.setdefault(_bare(one), []).append((one, case, kept))
    for verdict in with_ties(verdicts, versions, own, agreement, as_of):
        yield verdict, *_traced(verdict, standing), versions[-1]


Standing = tuple[Verdict, Case, Instance | None]
"""A verdict as a case by itself tells it, that case, and its instance; None for what has none, as a right."""


def _bare(verdict: Verdict) -> Verdict:
    """A verdict without what a case by itself does not know of it."""
    return evolve(verdict, number=0, flags=())


def _traced(verdict: Verdict, standing: Mapping[Verdict, Sequence[Standing]]) -> tuple[Case, Instance | None]:
    """The case in which a verdict stands, and its instance."""
    for own, case, instance in standing.get(_bare(verdict), ()):
        if own.citation == verdict.citation:
            return case, instance
    raise AssertionError(f"{verdict.label} stands in no case")


def _course(verdict: Verdict, case: Case, instance: Instance) -> Course:
    over = verdict.performed_at if verdict.performed_at is not None else instance.ceased_at
    end = case.now if over is None else over
    opened = tuple(_open(instance, max(end, instance.due or end)))
    happenings = tuple(Happening(e.at, e.type, e.actor, e.id) for e in case.history.entries if e.at <= case.now)
    return Course(verdict, tuple(stretches(instance, end, case.standing)), opened, happenings, end)


def _open(instance: Instance, until: int) -> Iterator[tuple[int, int]]:
    clock = instance.clock.governing() if isinstance(instance.clock, Several) else instance.clock
    calendar = clock.calendar if isinstance(clock, (Counting, Closings)) else None
    if calendar is None:
        yield instance.start, until
        return
    for segment in calendar.segments(instance.start, until):
        if segment.state == "open":
            yield segment.start, segment.end
