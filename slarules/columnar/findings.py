"""What the kernels found odd about events, in the words of findings; and all findings in the order of one judging."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from slarules.columnar.kernels import layout as at
from slarules.columnar.log.coding import Column
from slarules.columnar.log.ids import Ids, id_at
from slarules.columnar.subjects import Subjects
from slarules.columnar.tables.version import Compiled
from slarules.columnar.tickets import Tickets
from slarules.engine import findings
from slarules.engine.judging import events
from slarules.model.verdict import Finding

TWICE, NOTHING_TO_CHANGE, TYPED, NO_AGREEMENT, JUDGED = range(5)
"""When judging comes to tell it: what is told of one subject after the other comes last."""
_ORDER = np.array([0, 1, 1, 2, 3, 4])
"""By what is odd: its place among what is told of one ticket."""


def phase_of(finding: Finding) -> int:
    """When judging comes to tell it."""
    match finding.code:
        case "duplicate" | "disputed":
            return TWICE
        case "impossible" if finding.message.endswith(": nothing to change"):
            return NOTHING_TO_CHANGE
        case "unknown_type" | "bad_fact" | "unknown_fact":
            return TYPED
        case "not_entitled" if " is judged by `" in finding.message:
            return TYPED
        case "unknown_agreement":
            return NO_AGREEMENT
    return JUDGED


def found_in(
    out: Any,
    version: Compiled,
    tickets: Tickets,
    subjects: Subjects,
    ids: Ids,
    actors: Column,
) -> Iterator[Finding]:
    """What rows [O_…, row] that are of no rule tell. ``ids`` and ``actors`` are those of the log's rows."""
    levels: Mapping[int, str | None] = {-1: None, **dict(enumerate(version.words.levels))}
    told = out[:, np.lexsort((_ORDER[out[at.O_STATE]], out[at.O_TICKET]))]
    for ticket, code, event, found, severity in told[
        [at.O_TICKET, at.O_STATE, at.O_TRIGGER, at.O_SEVERITY, at.O_CAUSE_NUMBER]
    ].T.tolist():
        row = int(tickets.order[event])
        subject, name = subjects.names[int(tickets.subject[ticket])].as_py(), id_at(ids, row)
        match code:
            case at.F_IMPOSSIBLE:
                kind = version.types[int(tickets.events[event, 1]) & 0xFFFF]
                yield findings.impossible(subject, name, events.IMPOSSIBLE[kind])
            case at.F_MAY_NOT_SET | at.F_MAY_NOT_CONFIRM:
                act = events.SET if code == at.F_MAY_NOT_SET else events.CONFIRM
                who = _actor(version, tickets, actors, event)
                yield findings.not_entitled(subject, name, events.may_not(who, act))
            case at.F_UNCONFIRMED:
                yield findings.disputed(subject, name, events.unconfirmed(levels[found], levels[severity]))
            case at.F_UNDEFINED:
                yield findings.undefined(subject, name, str(levels[found]))
            case at.F_NOT_OPENED:
                yield findings.not_opened(subject, name)


def _actor(version: Compiled, tickets: Tickets, actors: Column, event: int) -> str:
    """Who did it: a party's name, or what the log calls somebody whom the contract does not know."""
    party = (int(tickets.events[event, 1]) >> 16 & 0xFF) - 1
    parties = version.words.parties
    return parties[party] if party < len(parties) else str(actors.values[actors.codes[tickets.order[event]]])
