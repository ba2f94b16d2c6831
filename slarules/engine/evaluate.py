"""``evaluate(contract, readings, history, as_of)``: the one function that everything else calls."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import attrs

from slarules.calendars.zones import OutOfRange
from slarules.engine.adopt import Adopted, adopt
from slarules.engine.agreements.agreement import Agreement
from slarules.engine.agreements.binding import next_turn
from slarules.engine.agreements.drawing import scenes_of
from slarules.engine.agreements.lives import agreement_of
from slarules.engine.findings import allowances_of, amounts_of, findings_of, states_of
from slarules.engine.history import Entry, History, SubjectHistory, settle
from slarules.engine.in_force import NEVER, dates_in_force, in_force, terms_in_force
from slarules.engine.judging.aside import leave_out
from slarules.engine.judging.case import Case
from slarules.engine.judging.stands import begins
from slarules.engine.judging.step import step
from slarules.engine.judging.verdicts import Binds, standing, under_terms_of, verdicts_of
from slarules.engine.orders import orders, tied, too_many
from slarules.engine.plan import Plan, plan_of
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.verdict import Evaluation, Verdict

QUIET = 5_000
"""Timers without effect that are passed over in search of the next change."""

Observer = Callable[[Sequence[Adopted], int], Sequence[Adopted]]
"""Takes the versions and ``as_of``; gives the same versions with `Observed` conditions and `ObservedCell`s in them."""
EachSubject = Callable[[SubjectHistory, int | None], None]
"""Is told a subject that was judged, and when its own verdicts change next if nothing happens."""


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of garbage: judging leaves no circles behind, and looking for them takes a tenth of it.

    As a decorator, so that what judging needed is gone before the collector runs again.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@_uncollected()
def evaluate(
    contract: Contract,
    readings: Mapping[str, str] | None,
    history: Iterable[Event],
    as_of: int,
    *,
    supplied: Mapping[str, Supplied] | None = None,
    upto: int | None = None,
    precision: int = 0,
    observe: Observer | None = None,
    each: EachSubject | None = None,
    only: Collection[str] | None = None,
) -> Evaluation:
    """Every verdict under ``contract`` as of ``as_of`` (microseconds UTC), knowing the log's first ``upto`` entries.

    ``readings`` chooses options other than the adopted ones; ``supplied`` gives the lists and calendars that the
    contract only names; ``precision`` is how exact the log's instants are, in microseconds: verdicts that hang on less
    are flagged. ``observe`` is told what is asked of conditions and tables on the way, and changes no verdict. ``each``
    is told of every subject when its own verdicts change next (R17). ``only`` names the subjects to judge, where the
    others are in the log for what they mean to these. Raises UnknownReading. Pure: the same arguments
    give the same result (R2, R3).
    """
    plain = adopt(contract, readings, supplied)
    versions = plain if observe is None else observe(plain, as_of)
    told = settle(contract, [v.terms for v in versions], history, as_of, upto)
    agreements = agreements_of(versions, told, as_of)
    findings = list(told.findings)
    verdicts: list[Verdict] = []
    changes: list[int] = []
    for subject in told.subjects.values():
        if only is not None and subject.subject not in only:
            continue
        own, case = judged_all(versions, subject, agreements.get(subject.agreement or ""), as_of)
        if case is None:
            continue
        if precision > 1:
            own = [_within(v, precision) for v in own]
        verdicts.extend(with_ties(own, plain, subject, agreements.get(subject.agreement or ""), as_of))
        findings.extend(findings_of(case, subject))
        change = _changes_next(versions, subject, case, as_of)
        if change is not None:
            changes.append(change)
        if each is not None:
            each(subject, change)
    changes.extend(c for a in agreements.values() if (c := a.next_change(as_of)) is not None)
    return Evaluation(
        as_of,
        versions[-1].readings,
        tuple(verdicts),
        states_of(agreements, as_of),
        allowances_of(agreements, as_of),
        amounts_of(agreements, as_of),
        tuple(findings),
        min(changes, default=None),
    )


def verdicts_on(
    contract: Contract,
    readings: Mapping[str, str] | None,
    history: Iterable[Event],
    as_of: int,
    subject: str,
    *,
    supplied: Mapping[str, Supplied] | None = None,
) -> list[Verdict]:
    """The verdicts of ``evaluate`` on one subject, without what else it tells: several times as fast on short logs."""
    versions = adopt(contract, readings, supplied)
    return told_of(versions, settle(contract, [v.terms for v in versions], history, as_of), as_of, subject)


def told_of(versions: Sequence[Adopted], told: History, as_of: int, subject: str) -> list[Verdict]:
    """The verdicts on one subject of a history."""
    own = told.subjects.get(subject)
    if own is None:
        return []
    under = own.agreement or ""
    agreement = agreements_of(versions, told, as_of, under).get(under)
    verdicts, _ = judged_all(versions, own, agreement, as_of)
    return with_ties(verdicts, versions, own, agreement, as_of)


def agreements_of(
    versions: Sequence[Adopted], told: History, as_of: int, only: str | None = None
) -> dict[str, Agreement]:
    """The agreements of the log, each with its own life up to ``as_of``; or ``only`` the one of that name."""
    agreements = {}
    under: dict[str, list[SubjectHistory]] = {}
    for subject in told.subjects.values():
        if subject.agreement is not None:
            under.setdefault(subject.agreement, []).append(subject)
    for subject in told.subjects.values():
        if only not in (None, subject.subject):
            continue
        if subject.kind == "agreement" and any(e.at <= as_of for e in subject.entries):
            others = under.get(subject.subject, [])
            finds = scenes_of(versions[-1], others)
            agreements[subject.subject] = agreement_of(versions, subject, others, as_of, finds)
    return agreements


def judged_all(
    versions: Sequence[Adopted],
    subject: SubjectHistory,
    agreement: Agreement | None,
    as_of: int,
    entries: Sequence[Entry] | None = None,
) -> tuple[list[Verdict], Case | None]:
    """A subject's verdicts, and its case.

    An agreement's duties keep the version at each trigger; what it forbids is told by the one at each violation (R27).
    """
    case = judged(versions, subject, agreement, as_of, entries=entries)
    if case is None:
        return [], None
    if subject.kind != "agreement":
        return [v for v in verdicts_of(case) if in_force(versions[-1], v)], case
    found: list[Verdict] = []
    for version, binds in zip(versions, bindings(versions), strict=True):
        own = judged([version], subject, agreement, as_of, entries=entries) if len(versions) > 1 else case
        assert own is not None
        terms_of = under_terms_of(own)
        found += [
            v
            for v in verdicts_of(own, binds)
            if in_force(version, v) and (v.rule == "prohibition" or binds.begin <= terms_of(v) < binds.end)
        ]
    return (found if len(versions) == 1 else _renumbered(_kept_once(found))), case


def bindings(versions: Sequence[Adopted]) -> list[Binds]:
    """Of each version of the terms: when what it forbids an agreement's parties binds them (R27)."""
    binding: dict[str, int] = {}
    first, _ = dates_in_force(versions[-1])
    times = list(terms_in_force(versions))
    for version, (since, _) in zip(versions, times, strict=True):
        for name in version.terms.prohibitions:
            binding.setdefault(name, max(first, since))
    gaps = {
        name: [time for version, time in zip(versions, times, strict=True) if name not in version.terms.prohibitions]
        for name in binding
    }
    return [Binds(binding, since, until, gaps) for since, until in times]


def _kept_once(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """What several versions forbid is kept once, as the last of them says; not where it was violated under any."""
    last = {v.duty: v for v in verdicts if v.rule == "prohibition" and not v.events}
    violated = {v.duty for v in verdicts if v.rule == "prohibition" and v.events}
    kept = {id(v) for name, v in last.items() if name not in violated}
    return [v for v in verdicts if v.rule != "prohibition" or v.events or id(v) in kept]


def _renumbered(verdicts: Sequence[Verdict]) -> list[Verdict]:
    counts: dict[tuple[str, str], int] = {}
    numbered = []
    for verdict in sorted(verdicts, key=lambda v: v.triggered_at):
        key = (verdict.rule, verdict.duty)
        counts[key] = counts.get(key, 0) + 1
        numbered.append(attrs.evolve(verdict, number=counts[key]))
    return numbered


def judged(
    versions: Sequence[Adopted],
    subject: SubjectHistory,
    agreement: Agreement | None,
    as_of: int,
    tracing: bool = False,
    entries: Sequence[Entry] | None = None,
) -> Case | None:
    """The subject's case as of an instant; None where nothing had happened to it yet."""
    happened: Sequence[Entry] = subject.entries if entries is None else entries
    if happened and happened[-1].at > as_of:
        happened = [e for e in happened if e.at <= as_of]
    if not happened:
        return None
    case = Case(_plan(versions, subject, happened), subject, agreement, tracing)
    case.now = happened[0].at - 1  # what comes of time alone begins with the subject
    everything = _with_the_agreements(case, happened, as_of)
    for at, batch in _instants(everything, subject.at_once or everything is not happened):
        pass_time(case, at)
        step(case, at, batch)
    pass_time(case, as_of + 1)
    case.now = as_of
    return case


def pass_time(case: Case, until: int) -> None:
    """Everything before ``until`` that comes of time alone."""
    while (timer := case.next_timer(until)) is not None and timer < until:
        step(case, timer, ())


def _instants(entries: Sequence[Entry], at_once: bool) -> Iterator[tuple[int, Sequence[Entry]]]:
    """Entries instant by instant: those of one instant are one batch (R1); ``at_once``: there may be such."""
    batch: list[Entry] = []
    for entry in entries:
        if not at_once:
            yield entry.at, (entry,)
            continue
        if batch and batch[0].at != entry.at:
            yield batch[0].at, batch
            batch = []
        batch.append(entry)
    if batch:
        yield batch[0].at, batch


def _with_the_agreements(case: Case, happened: Sequence[Entry], as_of: int) -> Sequence[Entry]:
    """The subject's events, and those of its agreement that end one of its duties."""
    if not case.plan.ending_agreement or case.agreement is None or case.agreement.name == case.history.subject:
        return happened
    foreign = [e for e in case.agreement.among(frozenset(case.plan.ending_agreement)) if e.at <= as_of]
    return sorted([*foreign, *happened], key=lambda e: e.at) if foreign else happened


def _plan(versions: Sequence[Adopted], subject: SubjectHistory, happened: Sequence[Entry]) -> Plan:
    """The terms in force when the ticket was opened (R27)."""
    if len(versions) == 1:
        return plan_of(versions[0])
    opened = next((e.at for e in happened if e.type == "opened"), happened[0].at)
    chosen = versions[0]
    for version, (since, _) in zip(versions, terms_in_force(versions), strict=True):
        if since <= opened:
            chosen = version
    return plan_of(chosen)


def _changes_next(versions: Sequence[Adopted], subject: SubjectHistory, case: Case, as_of: int) -> int | None:
    """When a subject's verdicts change next if nothing happens (R17); an amended agreement's, version by version (R27).

    Moves the case on; take its verdicts first.
    """
    since, until = dates_in_force(versions[-1])
    if subject.kind != "agreement" or len(versions) == 1:
        changes = [_binding_turns(case, as_of, since, until), next_change(case, since, until)]
        changes.append(since if subject.kind == "agreement" and since > as_of and _forbidden(versions[-1]) else None)
        return min((change for change in changes if change is not None), default=None)
    changes = []
    for version, (begin, end) in zip(versions, terms_in_force(versions), strict=True):
        own = judged([version], subject, case.agreement, as_of)
        assert own is not None
        changes.append(_binding_turns(own, as_of, max(since, begin), min(until, end)))
        changes.append(max(since, begin) if _forbids_anew(versions, version) and max(since, begin) > as_of else None)
        changes.append(next_change(own, since, until, (begin, end)))
    return min((change for change in changes if change is not None), default=None)


def _forbids_anew(versions: Sequence[Adopted], version: Adopted) -> bool:
    """Whether a version forbids the parties to an agreement something else than the one before it."""
    place = [one is version for one in versions].index(True)
    return _forbidden(version) != (_forbidden(versions[place - 1]) if place else set())


def _forbidden(version: Adopted) -> set[str]:
    """The prohibitions about an agreement: they bind from the contract's first date at the earliest."""
    return {p.name for p in version.terms.prohibitions.values() if p.kind == "agreement"}


def _binding_turns(case: Case, as_of: int, since: int, until: int) -> int | None:
    """When a prohibition that does not survive the term binds no more, or binds again (R25)."""
    if not any(p.kind == case.history.kind and not p.survives for p, _ in case.plan.prohibitions):
        return None
    started = begins(case.history)
    if started is None or started > as_of:
        return None
    if not (started < until if case.history.kind == "agreement" else since <= started < until):
        return None
    return next_turn(case.adopted, case.agreement, as_of)


def next_change(
    case: Case, since: int = -NEVER, until: int = NEVER, terms: tuple[int, int] | None = None
) -> int | None:
    """The first instant after ``as_of`` at which a state changes or an instance arises if nothing happens (R17).

    Only of instances that arise from ``since`` on and before ``until``, and under the ``terms`` of that time (R27):
    others have no verdict. Moves the case on.
    """
    timer = case.next_timer()
    if timer is None:
        return None
    before = standing(case, since, until, terms)
    for _ in range(QUIET):
        _leave_out(case, until, until if terms is None else terms[1])
        timer = case.next_timer()
        if timer is None:
            return None
        try:
            step(case, timer, ())
        except OutOfRange:  # what it sets off lies past the calendars
            return timer if standing(case, since, until, terms) != before else None
        if standing(case, since, until, terms) != before:
            return timer
    return None


def _leave_out(case: Case, until: int, end: int) -> None:
    """What recurs when the contract, or its version, is in force no more has no verdict, nor has what follows."""
    leave_out(case, until, end)
    for row in case.rows:
        if row.next_at is not None and (row.next_at >= until or (row.next_at if row.root is None else row.root) >= end):
            row.over = True


def _within(verdict: Verdict, precision: int) -> Verdict:
    """Flag a verdict that the log's own precision could turn."""
    if verdict.performed_at is None or verdict.deadline is None:
        return verdict
    if abs(verdict.performed_at - verdict.deadline) >= precision:
        return verdict
    return attrs.evolve(verdict, flags=tuple(sorted({*verdict.flags, "within_precision"})))


# ---- Ties (R12) -----------------------------------------------------------------------------------------------------


def with_ties(
    verdicts: list[Verdict],
    versions: Sequence[Adopted],
    subject: SubjectHistory,
    agreement: Agreement | None,
    as_of: int,
) -> list[Verdict]:
    """Verdicts whose state or deadline another allowed order of one instant's events would change are flagged.

    Where there are too many orders to try, all are: none is said to be safe that may not be.
    """
    runs = tied(subject.entries, as_of) if subject.at_once else ()
    if too_many(runs, len(subject.entries)):
        return [_sensitive(verdict) for verdict in verdicts]
    sensitive: set[tuple[str, int]] = set()
    for start, end in runs:
        for order in orders(subject.entries[start:end]):
            entries = [*subject.entries[:start], *order, *subject.entries[end:]]
            otherwise, _ = judged_all(versions, subject, agreement, as_of, entries)
            others = {(v.duty, v.number): (v.state, v.deadline) for v in otherwise}
            for verdict in verdicts:
                if others.get((verdict.duty, verdict.number)) != (verdict.state, verdict.deadline):
                    sensitive.add((verdict.duty, verdict.number))
    if not sensitive:
        return verdicts
    return [_sensitive(v) if (v.duty, v.number) in sensitive else v for v in verdicts]


def _sensitive(verdict: Verdict) -> Verdict:
    return attrs.evolve(verdict, flags=tuple(sorted({*verdict.flags, "tie_sensitive"})))
