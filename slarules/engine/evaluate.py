"""``evaluate(contract, readings, history, as_of)``: the one function that everything else calls."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import permutations

import attrs

from slarules.calendars import zones
from slarules.engine.adopt import Adopted, adopt
from slarules.engine.agreement import Agreement, agreement_of
from slarules.engine.amount import amount_value
from slarules.engine.binding import over
from slarules.engine.case import Case
from slarules.engine.history import Entry, History, SubjectHistory, settle
from slarules.engine.plan import Plan, plan_of
from slarules.engine.step import step
from slarules.engine.verdicts import verdicts_of
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.value import Value
from slarules.model.verdict import AllowanceLevel, Evaluation, Finding, Verdict

ORDERS = 24
"""Interleavings of one instant's events that are tried."""
QUIET = 500
"""Timers without effect that are passed over in search of the next change."""

Observer = Callable[[Sequence[Adopted], int], Sequence[Adopted]]
"""Takes the versions and ``as_of``; gives the same versions with `Observed` conditions and `ObservedCell`s in them."""
EachSubject = Callable[[SubjectHistory, int | None], None]
"""Is told a subject that was judged, and when its own verdicts change next if nothing happens."""


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
) -> Evaluation:
    """Every verdict under ``contract`` as of ``as_of`` (microseconds UTC), knowing the log's first ``upto`` entries.

    ``readings`` chooses options other than the adopted ones; ``supplied`` gives the lists and calendars that the
    contract only names; ``precision`` is how exact the log's instants are, in microseconds: verdicts that hang on less
    are flagged. ``observe`` is told what is asked of conditions and tables on the way, and changes no verdict. ``each``
    is told of every subject when its own verdicts change next (R17). Raises UnknownReading. Pure: the same arguments
    give the same result (R2, R3).
    """
    with _uncollected():
        plain = adopt(contract, readings, supplied)
        versions = plain if observe is None else observe(plain, as_of)
        told = settle(contract, [v.terms for v in versions], history, upto)
        agreements = agreements_of(versions, told, as_of)
        findings = list(told.findings)
        verdicts: list[Verdict] = []
        changes: list[int] = []
        for subject in told.subjects.values():
            own, case = judged_all(versions, subject, agreements.get(subject.agreement or ""), as_of)
            if case is None:
                continue
            if precision > 1:
                own = [_within(v, precision) for v in own]
            verdicts.extend(with_ties(own, plain, subject, agreements.get(subject.agreement or ""), as_of))
            findings.extend(_findings(case, subject))
            change = next_change(case)
            if change is not None:
                changes.append(change)
            if each is not None:
                each(subject, change)
        changes.extend(c for a in agreements.values() if (c := a.next_change(as_of)) is not None)
        return Evaluation(
            as_of,
            versions[-1].readings,
            tuple(verdicts),
            _states(agreements, as_of),
            _allowances(agreements, as_of),
            _amounts(agreements, as_of),
            tuple(findings),
            min(changes, default=None),
        )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of garbage: judging leaves no circles behind, and looking for them takes a tenth of it."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


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
    told = settle(contract, [v.terms for v in versions], history)
    own = told.subjects.get(subject)
    if own is None:
        return []
    agreement = agreements_of(versions, told, as_of).get(own.agreement or "")
    verdicts, _ = judged_all(versions, own, agreement, as_of)
    return with_ties(verdicts, versions, own, agreement, as_of)


def agreements_of(versions: Sequence[Adopted], told: History, as_of: int) -> dict[str, Agreement]:
    """The agreements of the log, each with its own life up to ``as_of``."""
    agreements = {}
    under: dict[str, list[SubjectHistory]] = {}
    for subject in told.subjects.values():
        if subject.agreement is not None:
            under.setdefault(subject.agreement, []).append(subject)
    for subject in told.subjects.values():
        if subject.kind == "agreement" and any(e.at <= as_of for e in subject.entries):
            agreements[subject.subject] = agreement_of(versions[-1], subject, under.get(subject.subject, []), as_of)
    return agreements


def judged_all(
    versions: Sequence[Adopted],
    subject: SubjectHistory,
    agreement: Agreement | None,
    as_of: int,
    entries: Sequence[Entry] | None = None,
) -> tuple[list[Verdict], Case | None]:
    """A subject's verdicts, and its case. An agreement's duties keep the version at each trigger (R27)."""
    case = judged(versions, subject, agreement, as_of, entries=entries)
    if case is None or subject.kind != "agreement" or len(versions) == 1:
        return ([v for v in verdicts_of(case) if in_force(versions[-1], v)], case) if case is not None else ([], None)
    found: list[Verdict] = []
    since = [_since(version) for version in versions] + [None]
    for number, version in enumerate(versions):
        own = judged([version], subject, agreement, as_of, entries=entries)
        assert own is not None
        begin, end = since[number], since[number + 1]
        found += [
            v
            for v in verdicts_of(own)
            if (begin is None or v.triggered_at >= begin) and (end is None or v.triggered_at < end)
            if in_force(version, v)
        ]
    return _renumbered(found), case


def in_force(adopted: Adopted, verdict: Verdict) -> bool:
    """Whether the contract was in force when the verdict's instance arose."""
    first, after = adopted.contract.in_force
    if first is None and after is None:
        return True
    zone = adopted.zone or "UTC"
    if first is not None and verdict.triggered_at < zones.day_start(first, zone):
        return False
    surviving = adopted.terms.prohibitions.get(verdict.duty) if verdict.rule == "prohibition" else None
    if surviving is not None and surviving.survives:
        return True
    return after is None or verdict.triggered_at < zones.day_start(after, zone)


def _since(version: Adopted) -> int | None:
    day = version.terms.in_force_from
    return None if day is None else zones.day_start(day, version.zone or "UTC")


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
    foreign = [e for e in case.agreement.history.entries if e.type in case.plan.ending_agreement and e.at <= as_of]
    return sorted([*foreign, *happened], key=lambda e: e.at) if foreign else happened


def _plan(versions: Sequence[Adopted], subject: SubjectHistory, happened: Sequence[Entry]) -> Plan:
    """The terms in force when the ticket was opened (R27)."""
    if len(versions) == 1:
        return plan_of(versions[0])
    opened = next((e.at for e in happened if e.type == "opened"), happened[0].at)
    chosen = versions[0]
    for version in versions:
        since = _since(version)
        if since is not None and since <= opened:
            chosen = version
    return plan_of(chosen)


def next_change(case: Case) -> int | None:
    """The first instant after ``as_of`` at which a state changes or an instance arises if nothing happens (R17).

    Moves the case on; take its verdicts first.
    """
    timer = case.next_timer()
    if timer is None:
        return None
    before = case.fingerprint()
    for _ in range(QUIET):
        timer = case.next_timer()
        if timer is None:
            return None
        step(case, timer, ())
        if case.fingerprint() != before:
            return timer
    return None


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
    """Verdicts whose state or deadline another allowed order of one instant's events would change are flagged."""
    sensitive: set[tuple[str, int]] = set()
    for start, end in _tied(subject.entries, as_of) if subject.at_once else ():
        for order in _orders(subject.entries[start:end]):
            entries = [*subject.entries[:start], *order, *subject.entries[end:]]
            otherwise, _ = judged_all(versions, subject, agreement, as_of, entries)
            others = {(v.duty, v.number): (v.state, v.deadline) for v in otherwise}
            for verdict in verdicts:
                if others.get((verdict.duty, verdict.number)) != (verdict.state, verdict.deadline):
                    sensitive.add((verdict.duty, verdict.number))
    if not sensitive:
        return verdicts
    return [
        attrs.evolve(v, flags=tuple(sorted({*v.flags, "tie_sensitive"}))) if (v.duty, v.number) in sensitive else v
        for v in verdicts
    ]


MOVES = frozenset({"opened", "severity_changed", "waiting", "resumed", "resolved", "reopened", "closed"})
"""Ticket events whose order among themselves can matter."""


def _tied(entries: Sequence[Entry], as_of: int) -> list[tuple[int, int]]:
    """Runs of two or more events of one instant whose order could matter."""
    runs = []
    start = 0
    while start < len(entries):
        end = start + 1
        while end < len(entries) and entries[end].at == entries[start].at:
            end += 1
        group = entries[start:end]
        if len(group) > 1 and group[0].at <= as_of and _order_matters(group):
            runs.append((start, end))
        start = end
    return runs


def _order_matters(group: Sequence[Entry]) -> bool:
    if len({e.event.source for e in group}) == 1 and all(e.event.sequence is not None for e in group):
        return False
    if sum(e.type in MOVES for e in group) > 1:
        return True
    names = [name for e in group for name in e.facts]
    return len(names) != len(set(names))


def _orders(group: Sequence[Entry]) -> list[list[Entry]]:
    """Other orders that keep each source's own sequence; long groups only swap neighbours."""
    if len(group) > 4:
        swaps = []
        for i in range(len(group) - 1):
            order = list(group)
            order[i], order[i + 1] = order[i + 1], order[i]
            swaps.append(order)
        found = swaps
    else:
        found = [list(p) for p in permutations(group)][1:]
    return [order for order in found if _in_sequence(order)][:ORDERS]


def _in_sequence(order: Sequence[Entry]) -> bool:
    last: dict[str, int] = {}
    for entry in order:
        sequence = entry.event.sequence
        if sequence is None:
            continue
        if sequence < last.get(entry.event.source, sequence):
            return False
        last[entry.event.source] = sequence
    return True


# ---- What else an evaluation tells ----------------------------------------------------------------------------------


def _findings(case: Case, subject: SubjectHistory) -> list[Finding]:
    name = subject.subject
    if case.is_ticket and case.opened_at is not None and not (
        case.impossible or case.not_entitled or case.disputed or case.plan.disputable
    ):
        return []
    found = [Finding(name, e.id, "impossible", f"{why}: no effect (R18)") for e, why in case.impossible]
    found += [Finding(name, e.id, "not_entitled", f"{why}: no effect") for e, why in case.not_entitled]
    found += [Finding(name, e.id, "severity_disputed", f"{why} (R24)") for e, why in case.disputed]
    if case.agreement is not None and case.agreement.name == subject.subject:
        found += _of_people(case.agreement, case.now)
    disputed = severity_disputed(case)
    if disputed is not None:
        found.append(Finding(subject.subject, subject.entries[0].id, "severity_disputed", disputed))
    if case.is_ticket and case.opened_at is None:
        found.extend(
            Finding(subject.subject, e.id, "before_opening", "the ticket is not opened in this log")
            for e in subject.entries
            if e.at <= case.now
        )
    return found


def _of_people(agreement: Agreement, as_of: int) -> Iterator[Finding]:
    """Designations without effect, and roles with fewer people than the contract asks for, while it lasts."""
    for name, people in agreement.people.items():
        for entry, code, why in people.refused:
            yield Finding(agreement.name, entry.id, code, why)
        short = people.short_of(as_of)
        if short and over(agreement.adopted, agreement, as_of) is None:
            last = agreement.history.entries[0] if not people.changed else people.changed[-1]
            told = f"the role `{name}` has {len(people.at(as_of))} of at least {people.role.at_least} people"
            yield Finding(agreement.name, last.id, "role_below_minimum", told)


def severity_disputed(case: Case) -> str | None:
    """Definitions never assign a severity; they tell where the assigned one is open to dispute (R24)."""
    definition = case.plan.disputable.get(case.severity) if case.severity is not None and case.is_ticket else None
    if definition is None or definition(case) is not False:
        return None
    return f"severity {case.severity} was assigned, but its definition does not hold (R24)"


def _states(agreements: Mapping[str, Agreement], as_of: int) -> dict[tuple[str, str], str | None]:
    states: dict[tuple[str, str], str | None] = {}
    for name, agreement in agreements.items():
        for status in agreement.terms.statuses:
            stay = agreement.stay_at(status, as_of)
            states[name, status] = None if stay is None else stay.state
    return states


def _allowances(agreements: Mapping[str, Agreement], as_of: int) -> tuple[AllowanceLevel, ...]:
    return tuple(
        AllowanceLevel(name, allowance, agreement.balance_at(allowance, as_of), tuple(agreement.levels[allowance][2]))
        for name, agreement in agreements.items()
        for allowance in agreement.terms.allowances
    )


def _amounts(agreements: Mapping[str, Agreement], as_of: int) -> dict[tuple[str, str], Value]:
    values: dict[tuple[str, str], Value] = {}
    for name, agreement in agreements.items():
        agreement.now, agreement.entry = as_of, None
        for amount in agreement.terms.amounts:
            values[name, amount] = amount_value(agreement, amount)
    return values
