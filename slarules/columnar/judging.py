"""A table of events judged: by the kernels what they can express, by the reference engine the rest, counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, field, frozen

from slarules.calendars import zones
from slarules.columnar.agreements import Agreements, agreements_in
from slarules.columnar.assembly import Written, table_of_rows
from slarules.columnar.coding import Coded, Instants, coded_log
from slarules.columnar.columns import events_of
from slarules.columnar.correcting import carried_out
from slarules.columnar.findings import found_in, in_order
from slarules.columnar.joining import by_subject
from slarules.columnar.kernels import layout as at
from slarules.columnar.running import follow_all
from slarules.columnar.subjects import Subjects, merged, subjects_of
from slarules.columnar.tables.conditions import Vocabulary
from slarules.columnar.tables.lives import lives_of
from slarules.columnar.tables.version import Compiled, compiled, turns_on
from slarules.columnar.tickets import Tickets, numbered, tickets_of
from slarules.columnar.ties import Outcome, in_other_orders, sensitive
from slarules.columnar.verdicts import table_of, verdicts_of, versions_of
from slarules.engine import batches
from slarules.engine.adopt import Adopted, adopt
from slarules.engine.history import SubjectHistory, words_of
from slarules.engine.plan import plan_of
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.value import Value
from slarules.model.verdict import AllowanceLevel, Evaluation, Finding

_NAME = pa.dictionary(pa.int32(), pa.string())
SUBJECTS: pa.Schema = pa.schema(
    [
        ("subject", pa.string()),
        ("kind", _NAME),
        ("agreement", _NAME),
        ("next_change_at", pa.timestamp("us", tz="UTC")),
        ("engine", _NAME),
        ("why", _NAME),
    ]
)
"""One row a subject that was judged: when its own verdicts change next (R17), and which engine judged it, why."""
_VERSION = "version"
NO_TICKET = "it is no ticket"


@frozen(eq=False)
class Judged:
    """What ``judge`` says of a table of events; ``evaluation_of`` gives it as ``evaluate`` would."""

    as_of: int
    """The instant judged as of, in microseconds UTC."""
    readings: Mapping[str, str]
    """Every reading → the option it was judged under."""
    verdicts: pa.Table
    """The schema ``VERDICTS``: by subject, then rule in the contract's order, then instance."""
    versions: pa.Array
    """[verdict] → under which of the contract's versions it was judged (R27)."""
    subjects: pa.Table
    """The schema ``SUBJECTS``, by subject."""
    statuses: Mapping[tuple[str, str], str | None]
    """(agreement, status) → state; None before it begins."""
    allowances: tuple[AllowanceLevel, ...]
    """Each allowance of each agreement, as it stands."""
    amounts: Mapping[tuple[str, str], Value]
    """(agreement, amount) → money, date or unknown."""
    findings: tuple[Finding, ...]
    """What a reader should know of events and subjects, in order of the log."""
    next_change_at: int | None
    """The first instant after ``as_of`` at which a state changes or an instance arises if nothing happens (R17)."""


@define(eq=False)
class _Run:
    """One judging under way."""

    contract: Contract
    asked: Mapping[str, str] | None
    """The readings that were asked for."""
    versions: tuple[Adopted, ...]
    log: Coded
    as_of: int
    precision: int
    supplied: Mapping[str, Supplied]
    subjects: Subjects
    tickets: Tickets
    agreements: Agreements
    done: Callable[[int, int], None]
    change: Instants
    """[ticket] → when it changes next."""
    standing: Coded
    """The log after its corrections."""
    reasons: dict[int, str] = field(factory=lambda: dict(at.REASONS))
    """Why a ticket is beyond the kernels, in words."""
    verdicts: list[pa.Table] = field(factory=list)
    findings: list[Finding] = field(factory=list)


def judge(
    contract: Contract,
    readings: Mapping[str, str] | None,
    events: pa.Table | Coded,
    as_of: int,
    *,
    supplied: Mapping[str, Supplied] | None = None,
    precision: int = 0,
    done: Callable[[int, int], None] | None = None,
) -> Judged:
    """What ``evaluate`` says of the events of a table, as columns; see there.

    A log that is judged under several contracts or readings is coded once before (see ``coding``).
    ``done`` is told how many subjects are judged, and how many there are. Raises ``BadTable`` and ``UnknownReading``.
    """
    versions = adopt(contract, readings, supplied)
    log = events if isinstance(events, Coded) else coded_log(events)
    terms = merged([version.terms for version in versions])
    standing = carried_out(log)
    subjects = subjects_of(standing.log, contract, [version.terms for version in versions], as_of)
    words = Vocabulary(versions[-1].terms, tuple(p.name for p in contract.parties), _levels(versions[-1]))
    for version in versions:
        for one in turns_on(plan_of(version)):
            if one.kind == "fact" and one.name in terms.facts:
                words.facts.setdefault(one.name, len(words.facts))
        words.offer(version.terms.choices.values())
    types = (*at.BUILT_IN, *(name for name in terms.events if name not in at.BUILT_IN))
    tickets, waited, values = tickets_of(
        standing, subjects, contract, terms, words, types, words_of(contract, [version.terms for version in versions])
    )
    agreements = agreements_in(contract, versions, log, standing.log, subjects, as_of)
    tell = done or (lambda judged, count: None)
    change = np.full(len(tickets.subject), at.NEVER, np.int64)
    run = _Run(
        contract, readings, versions, log, as_of, precision, supplied or {},
        subjects, tickets, agreements, tell, change, standing.log,
    )  # fmt: skip
    tickets.beyond[(tickets.beyond == 0) & agreements.strangers(subjects, tickets)] = at.OTHER_AGREEMENT
    for number, version in enumerate(versions):
        _by_kernels(run, number, version, words, types, waited, values)
    return _with_the_rest(run)


def _levels(version: Adopted) -> tuple[str, ...]:
    severities = version.terms.severities
    return tuple(level.name for level in severities.levels) if severities is not None else ()


# ---- By the kernels -------------------------------------------------------------------------------------------------


def _by_kernels(
    run: _Run,
    number: int,
    version: Adopted,
    words: Vocabulary,
    types: Sequence[str],
    waited: Mapping[str, int],
    values: Mapping[str, Sequence[Value]],
) -> None:
    """The tickets of one version (R27), as far as the kernels can."""
    own = _of_version(run, number)
    if not own.any():
        return
    plan = plan_of(version)
    words = Vocabulary(
        version.terms, words.parties, _levels(version), words.facts, {name: list(v) for name, v in values.items()},
        choices=words.choices, options=words.options,
    )  # fmt: skip
    lives = lives_of(list(run.agreements.own.values()), list(turns_on(plan)), words, version)
    made = compiled(plan, words, types, waited, run.agreements.types, lives)
    beyond = np.where(own, run.tickets.beyond, -2)
    if made.all_beyond is not None:
        run.reasons[at.ALL_BEYOND] = made.all_beyond
        beyond[beyond == 0] = at.ALL_BEYOND
    under = run.agreements.of_ticket(run.subjects, run.tickets)
    ids = run.log.table.column("id").cast(pa.string()).combine_chunks()
    actors = run.standing.column("actor")
    over = run.agreements.over(version, run.as_of)
    count = len(run.subjects.names)

    outcomes = _in_other_orders(run, made, under, beyond) if run.tickets.ties else {}

    def told(out: Any) -> pa.Table:
        odd = out[at.O_RULE] == at.FINDING
        out, found = (out[:, ~odd], out[:, odd]) if odd.any() else (out, out[:, :0])
        sensitive(out, outcomes)
        written = Written(made, _in_force(run, made, out, beyond))
        found = found[:, beyond[found[at.O_TICKET]] == 0]
        run.findings += list(found_in(found, made, run.tickets, run.subjects, ids, actors))  # at once: parts run beside
        rows = table_of_rows(written, run.tickets, run.subjects, ids, actors, version.readings, over, run.precision)
        return _under(rows, np.full(rows.num_rows, number, np.int16))

    run.verdicts += follow_all(
        made, run.tickets, under, run.as_of, beyond, run.change, told, lambda n: run.done(n, count)
    )
    more = max(run.reasons) + 1 - at.FIRST_RULE if max(run.reasons) >= at.FIRST_RULE else 0
    run.reasons.update({at.FIRST_RULE + more + place: why for place, why in enumerate(made.reasons)})
    run.tickets.beyond[own] = np.where(beyond >= at.FIRST_RULE, beyond + more, beyond)[own]


def _in_other_orders(run: _Run, made: Compiled, under: Any, beyond: Instants) -> dict[int, list[Outcome]]:
    """What becomes of a ticket in each other order of its events (R12); one that is beyond the kernels in one of them
    is marked."""
    tickets = run.tickets
    of, first, own, facts = in_other_orders(
        tickets.ties, tickets.first, tickets.events, tickets.facts, beyond, run.as_of
    )
    why, change = np.zeros(len(of), np.int64), np.full(len(of), at.NEVER, np.int64)
    others = Tickets(tickets.number, tickets.subject[of], first, tickets.order[own], tickets.events[own], facts, why)
    found: list[Outcome] = [{} for _ in of]
    for out in follow_all(
        made, others, under[of], run.as_of, why, change, lambda out: _in_force(run, made, out, why)
    ):
        columns = (out[at.O_TICKET], out[at.O_RULE], out[at.O_NUMBER], out[at.O_STATE], out[at.O_DEADLINE])
        for ticket, rule, number, state, deadline in zip(*(column.tolist() for column in columns), strict=True):
            found[ticket][rule, number] = state, deadline
    beyond[of[why > 0]] = at.AT_ONCE
    outcomes: dict[int, list[Outcome]] = {}
    for ticket, one in zip(of.tolist(), found, strict=True):
        outcomes.setdefault(ticket, []).append(one)
    return outcomes


def _of_version(run: _Run, number: int) -> Any:
    """[ticket] → whether it was opened under a version (R27)."""
    if len(run.versions) == 1:
        return np.ones(len(run.tickets.subject), bool)
    opened = np.full(len(run.tickets.subject), at.NEVER, np.int64)
    some = run.tickets.first[:-1] < run.tickets.first[1:]
    opened[some] = run.tickets.events[run.tickets.first[:-1][some], 0]
    events = run.tickets.events
    openings = np.flatnonzero((events[:, 1] & 0xFFFF == at.OPENED) & (events[:, 0] <= run.as_of))[::-1]
    opened[np.searchsorted(run.tickets.first, openings, side="right") - 1] = events[openings, 0]  # the first comes last
    chosen = np.zeros(len(opened), np.int64)
    for place, version in enumerate(run.versions):
        day = version.terms.in_force_from
        if day is not None:
            chosen[opened >= zones.day_start(day, version.zone or "UTC")] = place
    return chosen == number


def _in_force(run: _Run, made: Compiled, out: Any, beyond: Instants) -> Any:
    """The rows of instances that arose while the contract was in force.

    A ticket of which another could change yet is marked in ``beyond``: it has no verdict, but may set one off (R17).
    """
    first, after = run.contract.in_force
    if first is None and after is None:
        return out
    last = run.versions[-1]
    zone = last.zone or "UTC"
    triggered = out[at.O_TRIGGERED]
    kept = np.ones(out.shape[1], bool)
    if first is not None:
        kept &= triggered >= zones.day_start(first, zone)
    if after is not None:
        surviving = [
            place
            for place, rule in enumerate(made.rules)
            if rule.name in last.terms.prohibitions and last.terms.prohibitions[rule.name].survives
        ]
        kept &= (triggered < zones.day_start(after, zone)) | np.isin(out[at.O_RULE], surviving)
    changing = np.unique(out[at.O_TICKET][~kept & (out[at.O_CHANGE] != at.NEVER)])
    beyond[changing] = at.NOT_IN_FORCE
    kept &= ~np.isin(out[at.O_TICKET], changing)
    return np.ascontiguousarray(out[:, kept])


# ---- By the reference engine, and all together ----------------------------------------------------------------------


def _with_the_rest(run: _Run) -> Judged:
    """What the kernels could not express, judged by the reference engine; and all of it in order."""
    left = ~run.subjects.is_ticket
    number, _ = numbered(run.subjects)
    some = len(run.tickets.beyond) > 0  # a log may have agreements alone
    beyond = np.where(run.subjects.is_ticket, run.tickets.beyond[np.maximum(number, 0)] if some else 0, 0)
    left = left | (beyond > 0)
    rows = np.flatnonzero(left[run.subjects.of_row])
    events = events_of(run.log.table.take(pa.array(rows)))
    seen: dict[str, tuple[str, str | None, int | None]] = {}

    def each(subject: SubjectHistory, change: int | None) -> None:
        seen[subject.subject] = (subject.kind, subject.agreement, change)

    count, kernels = len(run.subjects.names), int((~left).sum())
    found = batches.judge(
        run.contract,
        run.asked or {},
        events,
        run.as_of,
        supplied=run.supplied,
        precision=run.precision,
        done=lambda judged, _: run.done(min(count, kernels + judged), count),
        each=each,
    )
    run.done(count, count)
    rest = _under(table_of(found.verdicts, found.readings), versions_of(found.verdicts, run.contract))
    names = _all_names(run, seen)
    verdicts = by_subject([*run.verdicts, rest], names)
    changes = run.change[run.change != at.NEVER]
    soonest = [c for c in (found.next_change_at, int(changes.min()) if len(changes) else None) if c is not None]
    return Judged(
        run.as_of,
        found.readings,
        verdicts.drop_columns([_VERSION]),
        pa.concat_arrays(verdicts.column(_VERSION).chunks or [pa.array([], pa.int16())]),
        _subjects(run, seen, beyond, names),
        found.statuses,
        found.allowances,
        found.amounts,
        in_order(found.findings, run.findings),
        min(soonest, default=None),
    )


def _under(verdicts: pa.Table, versions: Any) -> pa.Table:
    return verdicts.append_column(_VERSION, pa.array(versions, pa.int16()))


def _all_names(run: _Run, seen: Collection[str]) -> pa.Array:
    """Every subject in order; a correction may have given an event to one that no row names (R3)."""
    known = run.subjects.names
    if not seen:
        return known
    more = pa.array(sorted(seen), pa.string())
    more = more.filter(pc.invert(pc.is_in(more, value_set=known)))
    if not len(more):
        return known
    names = pa.concat_arrays([known, more])
    return names.take(pc.sort_indices(names))


def _subjects(
    run: _Run, seen: Mapping[str, tuple[str, str | None, int | None]], beyond: Instants, all_names: pa.Array
) -> pa.Table:
    names, agreement = run.subjects.names, run.subjects.agreement
    by_kernels = np.flatnonzero(run.tickets.beyond == 0)
    own = run.tickets.subject[by_kernels]
    change = run.change[by_kernels]
    ours = pa.table(
        {
            "subject": names.take(pa.array(own)),
            "kind": _same("ticket", len(own)),
            "agreement": pa.DictionaryArray.from_arrays(
                pa.array(agreement[own].astype(np.int32), mask=agreement[own] < 0),
                pa.array(run.subjects.agreements, pa.string()),
            ),
            "next_change_at": pa.array(change, mask=change == at.NEVER).view(SUBJECTS.field("next_change_at").type),
            "engine": _same("columnar", len(own)),
            "why": pa.nulls(len(own), _NAME),
        },
        schema=SUBJECTS,
    )
    place = {name: n for n, name in enumerate(names.to_pylist())} if seen else {}
    rows: list[list[Any]] = [
        [name, kind, under, change_at, "reference", run.reasons.get(_code(beyond, place.get(name)), NO_TICKET)]
        for name, (kind, under, change_at) in sorted(seen.items())
    ]
    columns = [_column(name, [row[n] for row in rows]) for n, name in enumerate(SUBJECTS.names)]
    theirs = pa.table(dict(zip(SUBJECTS.names, columns, strict=True)), schema=SUBJECTS)
    return by_subject([ours, theirs], all_names)


def _code(beyond: Instants, place: int | None) -> int:
    return at.CORRECTED if place is None else int(beyond[place])


def _same(text: str, many: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(many, np.int32)), pa.array([text]))


def _column(name: str, values: list[Any]) -> pa.Array:
    kind = SUBJECTS.field(name).type
    return pa.array(values, pa.string()).dictionary_encode() if pa.types.is_dictionary(kind) else pa.array(values, kind)


def evaluation_of(judged: Judged, contract: Contract) -> Evaluation:
    """The same as ``evaluate`` gives it."""
    return Evaluation(
        judged.as_of,
        judged.readings,
        tuple(verdicts_of(judged.verdicts, contract, judged.versions.to_pylist())),
        judged.statuses,
        judged.allowances,
        judged.amounts,
        judged.findings,
        judged.next_change_at,
    )
