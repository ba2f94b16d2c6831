"""The tickets of a log judged a stretch at a time, so that no more than a few stretches take memory at once."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, frozen

from slarules.columnar.begun import Begun
from slarules.columnar.following import Followed, followed
from slarules.columnar.joining import by_subject
from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels.compiled import COMPILED
from slarules.columnar.log.coding import Instants
from slarules.columnar.placing import judged_rows, said_again
from slarules.columnar.rest import VERSION, Rest, Seen, judged_rest

EVENTS = 1 << 17
"""Events of one stretch, where no ticket has more."""
SHARED = 16
"""A stretch has so many times the events that the reference engine needs for each: these are gone through again."""
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
NO_TICKET = "it is no ticket"


@frozen(eq=False)
class Stretch:
    """What judging some subjects gave, all those from one name to another."""

    verdicts: pa.Table
    """The schema ``VERDICTS``: by subject, then rule in the contract's order, then instance."""
    versions: pa.Array
    """[verdict] → under which of the contract's versions it was judged (R27)."""
    subjects: pa.Table
    """The schema ``SUBJECTS``, by subject."""
    findings: pa.Table
    """The schema ``FINDINGS``: what a reader should know of these subjects' events."""
    next_change_at: int | None
    """The first instant after ``as_of`` at which one of them changes if nothing happens (R17)."""
    many: int
    """How many subjects these are."""
    events: int
    """How many events the log has of them."""


def stretches_of(begun: Begun, events: int = EVENTS) -> Iterator[Stretch]:
    """All subjects, in order, so many events at a time; the next stretches are followed beside, while one is used."""
    cuts = _cuts(begun, events)
    if len(cuts) == 1 or not COMPILED:
        for cut in cuts:
            yield _whole(begun, followed(begun, *cut))
        return
    many = os.cpu_count() or 1
    with ThreadPoolExecutor(many) as pool:
        coming: deque[Future[Followed]] = deque()
        for cut in cuts:
            coming.append(pool.submit(followed, begun, *cut))
            if len(coming) == many:
                yield _whole(begun, coming.popleft().result())
        while coming:
            yield _whole(begun, coming.popleft().result())


def _cuts(begun: Begun, events: int) -> list[tuple[int, int]]:
    """Subjects from the first up to, without, the second."""
    first = begun.typed.first
    size = max(events, SHARED * len(begun.shared))
    ends = np.searchsorted(first, np.arange(size, int(first[-1]) + size, size), side="right") - 1
    bounds = np.unique(np.concatenate(([0], ends, [len(first) - 1]))).tolist()
    return list(pairwise(bounds)) or [(0, 0)]


def _whole(begun: Begun, found: Followed) -> Stretch:
    """What was followed, and in its place what the reference engine says of all others among these subjects."""
    known = begun.typed.subjects.names
    below = known[found.low].as_py() if found.low else None
    above = known[found.high].as_py() if found.high < len(known) else None
    rests = [_between(begun.rest, below, above)]
    left = found.tickets.subject[found.tickets.beyond > 0]
    left = left[~np.isin(left, begun.typed.entangled.subjects)]
    if len(left):
        rests.append(_replayed(begun, left))
    seen = {name: told for rest in rests for name, told in rest.seen.items()}
    names = _names(known[found.low : found.high], seen)
    verdicts = by_subject([*found.verdicts, *(rest.verdicts for rest in rests)], names)
    changes = [rest.evaluation.next_change_at for rest in rests[1:]]
    own = found.change[found.change != at.NEVER]
    if len(own):
        changes.append(int(own.min()))
    return Stretch(
        verdicts.drop_columns([VERSION]),
        pa.concat_arrays(verdicts.column(VERSION).chunks or [pa.array([], pa.int16())]),
        _subjects(begun, found, seen, names),
        pa.concat_tables([_again(begun, found), judged_rows(found.findings), *(rest.findings for rest in rests[1:])]),
        min((one for one in changes if one is not None), default=None),
        found.high - found.low,
        int(begun.typed.first[found.high] - begun.typed.first[found.low]),
    )


def _again(begun: Begun, found: Followed) -> pa.Table:
    """What the log says twice of the tickets that are not left to the reference engine."""
    log, again = begun.log, begun.typed.standing.again
    low, high = np.searchsorted(log.subject[again], (found.low, found.high))
    own = found.tickets.subject[found.tickets.beyond <= 0]
    rows = again[low:high]
    return said_again(log, rows[np.isin(log.subject[rows], own)])


def _between(rest: Rest, below: str | None, above: str | None) -> Rest:
    """What was said of the subjects from one name up to, without, another; None: from the first, to the last."""
    if not rest.seen:
        return rest
    subjects, seen = rest.verdicts.column("subject"), list(rest.seen)
    low = 0 if below is None else bisect_left(subjects, below, key=lambda name: name.as_py())
    high = len(subjects) if above is None else bisect_left(subjects, above, key=lambda name: name.as_py())
    first = 0 if below is None else bisect_left(seen, below)
    last = len(seen) if above is None else bisect_left(seen, above)
    return evolve(
        rest, verdicts=rest.verdicts.slice(low, high - low), seen={name: rest.seen[name] for name in seen[first:last]}
    )


def _replayed(begun: Begun, left: Instants) -> Rest:
    """What the reference engine says of some tickets."""
    typed = begun.typed
    own = [typed.rows[typed.first[one] : typed.first[one + 1]] for one in left.tolist()]
    rows = np.union1d(begun.shared, np.concatenate(own).astype(np.int64))
    return judged_rest(begun.asked, begun.log, rows, set(typed.subjects.names.take(pa.array(left)).to_pylist()))


def _names(known: pa.Array, seen: Seen) -> pa.Array:
    """Every subject in order."""
    more = _unnamed(known, seen) if seen else []
    if not more:
        return known
    names = pa.concat_arrays([known, pa.array(more, pa.string())])
    return names.take(pc.sort_indices(names))


def _unnamed(known: pa.Array, seen: Seen) -> list[str]:
    """Subjects to which a correction gave an event, and that no row names (R3)."""
    names = pa.array(list(seen), pa.string())
    found: list[str] = names.filter(pc.invert(pc.is_in(names, value_set=known))).to_pylist()
    return found


def _subjects(begun: Begun, found: Followed, seen: Seen, all_names: pa.Array) -> pa.Table:
    subjects, tickets = begun.typed.subjects, found.tickets
    by_kernels = np.flatnonzero(tickets.beyond == 0)
    own = tickets.subject[by_kernels]
    change, agreement = found.change[by_kernels], subjects.agreement[own].astype(np.int32)
    ours = pa.table(
        {
            "subject": subjects.names.take(pa.array(own)),
            "kind": _same("ticket", len(own)),
            "agreement": pa.DictionaryArray.from_arrays(
                pa.array(agreement, mask=agreement < 0), pa.array(subjects.agreements, pa.string())
            ),
            "next_change_at": pa.array(change, mask=change == at.NEVER).view(SUBJECTS.field("next_change_at").type),
            "engine": _same("columnar", len(own)),
            "why": pa.nulls(len(own), _NAME),
        },
        schema=SUBJECTS,
    )
    if not seen:
        return ours
    why = _reasons(begun, found)
    why |= dict.fromkeys(_unnamed(subjects.names[found.low : found.high], seen), at.REASONS[at.CORRECTED])
    rows: list[list[Any]] = [
        [name, kind, under, change_at, "reference", why.get(name, NO_TICKET)]
        for name, (kind, under, change_at) in sorted(seen.items())
    ]
    columns = [_column(name, [row[n] for row in rows]) for n, name in enumerate(SUBJECTS.names)]
    theirs = pa.table(dict(zip(SUBJECTS.names, columns, strict=True)), schema=SUBJECTS)
    return by_subject([ours, theirs], all_names)


def _reasons(begun: Begun, found: Followed) -> dict[str, str]:
    """Ticket → why it is beyond the kernels."""
    tickets = found.tickets
    left = np.flatnonzero(tickets.beyond > 0)
    names = begun.typed.subjects.names.take(pa.array(tickets.subject[left])).to_pylist()
    codes = zip(found.version[left].tolist(), tickets.beyond[left].tolist(), strict=True)
    words = [begun.versions[version].reasons[code] for version, code in codes]
    return dict(zip(names, words, strict=True))


def _same(text: str, many: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(many, np.int32)), pa.array([text]))


def _column(name: str, values: list[Any]) -> pa.Array:
    kind = SUBJECTS.field(name).type
    return pa.array(values, pa.string()).dictionary_encode() if pa.types.is_dictionary(kind) else pa.array(values, kind)
