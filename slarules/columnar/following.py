"""The tickets of a stretch followed by the kernels, as far as these can."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from attrs import define, field

from slarules.calendars import zones
from slarules.columnar.assembly import Written, table_of_rows
from slarules.columnar.begun import Begun, Version
from slarules.columnar.findings import found_in
from slarules.columnar.kernels import layout as at
from slarules.columnar.log.coding import Instants
from slarules.columnar.rest import under
from slarules.columnar.running import follow_all
from slarules.columnar.tables.version import Compiled
from slarules.columnar.tickets import Tickets, tickets_of
from slarules.columnar.ties import Outcome, in_other_orders, sensitive
from slarules.engine.in_force import dates_in_force
from slarules.model.verdict import Finding


@define(eq=False)
class Followed:
    """What the kernels said of the tickets of a stretch."""

    low: int
    high: int
    """Subjects from the first up to, without, the second."""
    tickets: Tickets
    change: Instants
    """[ticket] → when it changes next."""
    version: Instants
    """[ticket] → under which of the contract's versions it stands (R27)."""
    verdicts: list[pa.Table] = field(factory=list)
    findings: list[Finding] = field(factory=list)


def followed(begun: Begun, low: int, high: int) -> Followed:
    """What the kernels say of the tickets among some subjects."""
    tickets = tickets_of(begun.typed, low, high)
    strange = begun.agreements.strangers(begun.typed.subjects, tickets)
    tickets.beyond[(tickets.beyond == 0) & strange] = at.OTHER_AGREEMENT
    change = np.full(len(tickets.subject), at.NEVER, np.int64)
    found = Followed(low, high, tickets, change, _versions(begun, tickets))
    for number, version in enumerate(begun.versions):
        if (own := found.version == number).any():
            _under(begun, number, version, found, own)
    return found


def _under(begun: Begun, number: int, version: Version, found: Followed, own: Any) -> None:
    """The tickets of one version (R27), as far as the kernels can."""
    tickets, made, subjects = found.tickets, version.made, begun.typed.subjects
    beyond = np.where(own, tickets.beyond, -2)
    if made.all_beyond is not None:
        beyond[beyond == 0] = at.ALL_BEYOND
    agreement = begun.agreements.of_ticket(subjects, tickets)
    actors = begun.typed.standing.log.column("actor")
    outcomes = _in_other_orders(begun, made, tickets, agreement, beyond) if tickets.ties else {}

    def told(out: Any) -> pa.Table:
        odd = out[at.O_RULE] == at.FINDING
        out, strange = (out[:, ~odd], out[:, odd]) if odd.any() else (out, out[:, :0])
        sensitive(out, outcomes)
        written = Written(made, _in_force(begun, made, out, beyond))
        strange = strange[:, beyond[strange[at.O_TICKET]] == 0]
        found.findings += found_in(strange, made, tickets, subjects, begun.ids, actors)
        rows = table_of_rows(
            written, tickets, subjects, begun.ids, actors, version.adopted.readings, version.over,
            begun.asked.precision, begun.asked.columns,
        )  # fmt: skip
        return under(rows, np.full(rows.num_rows, number, np.int16))

    found.verdicts += follow_all(made, tickets, agreement, begun.asked.as_of, beyond, found.change, told)
    tickets.beyond[own] = beyond[own]
    if version.turns is not None:
        _until_nothing_binds(begun, version.turns, found, own & (beyond == 0))


def _until_nothing_binds(begun: Begun, turns: Instants, found: Followed, own: Any) -> None:
    """A prohibition that binds no more, or again, is a change of its tickets, where it has a verdict (R17, R25)."""
    tickets = found.tickets
    opened = _openings(begun, tickets)
    rows = np.flatnonzero(own & (opened != at.NEVER))
    when = turns[begun.typed.subjects.agreement[tickets.subject[rows]]]
    first = opened[rows]
    since, until = dates_in_force(begun.versions[-1].adopted)
    told = (when != at.NEVER) & (first >= max(since, at.NEVER)) & (first < min(until, at.AFTER_ALL))
    rows, when = rows[told], when[told]
    known = found.change[rows]
    found.change[rows] = np.where(known == at.NEVER, when, np.minimum(known, when))


def _in_other_orders(
    begun: Begun, made: Compiled, tickets: Tickets, agreement: Any, beyond: Instants
) -> dict[int, list[Outcome]]:
    """What becomes of a ticket in each other order of its events (R12); one that is beyond the kernels in one of them
    is marked."""
    as_of = begun.asked.as_of
    of, first, own, facts = in_other_orders(tickets.ties, tickets.first, tickets.events, tickets.facts, beyond, as_of)
    why, change = np.zeros(len(of), np.int64), np.full(len(of), at.NEVER, np.int64)
    others = Tickets(tickets.subject[of], first, tickets.order[own], tickets.events[own], facts, why)
    found: list[Outcome] = [{} for _ in of]
    for out in follow_all(
        made, others, agreement[of], as_of, why, change, lambda out: _in_force(begun, made, out, why).copy()
    ):
        columns = (out[at.O_TICKET], out[at.O_RULE], out[at.O_NUMBER], out[at.O_STATE], out[at.O_DEADLINE])
        for ticket, rule, number, state, deadline in zip(*(column.tolist() for column in columns), strict=True):
            found[ticket][rule, number] = state, deadline
    beyond[of[why > 0]] = at.AT_ONCE
    outcomes: dict[int, list[Outcome]] = {}
    for ticket, one in zip(of.tolist(), found, strict=True):
        outcomes.setdefault(ticket, []).append(one)
    return outcomes


def _openings(begun: Begun, tickets: Tickets) -> Instants:
    """[ticket] → when it was opened; ``NEVER``: not yet."""
    opened, events = np.full(len(tickets.subject), at.NEVER, np.int64), tickets.events
    openings = np.flatnonzero((events[:, 1] & 0xFFFF == at.OPENED) & (events[:, 0] <= begun.asked.as_of))[::-1]
    opened[np.searchsorted(tickets.first, openings, side="right") - 1] = events[openings, 0]  # the first comes last
    return opened


def _versions(begun: Begun, tickets: Tickets) -> Instants:
    """[ticket] → the version under which it was opened (R27)."""
    chosen = np.zeros(len(tickets.subject), np.int64)
    if len(begun.versions) < 2:
        return chosen
    opened = _openings(begun, tickets)
    some = (tickets.first[:-1] < tickets.first[1:]) & (opened == at.NEVER)
    opened[some] = tickets.events[tickets.first[:-1][some], 0]
    for place, version in enumerate(begun.versions):
        day = version.adopted.terms.in_force_from
        if day is not None:
            chosen[opened >= zones.day_start(day, version.adopted.zone or "UTC")] = place
    return chosen


def _in_force(begun: Begun, made: Compiled, out: Any, beyond: Instants) -> Any:
    """The rows of instances that arose while the contract was in force.

    A ticket of which another could change yet is marked in ``beyond``: it has no verdict, but may set one off (R17).
    """
    first, after = begun.asked.contract.in_force
    if first is None and after is None:
        return out
    last = begun.versions[-1].adopted
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
