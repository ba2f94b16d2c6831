"""The log as plain columns sorted by ticket: what the kernels and the NumPy peer judge."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from attrs import frozen
from numba import njit

from benchmarks.engines.kinds import BY_PROVIDER, NAMED
from benchmarks.engines.workload import Ints


@frozen(eq=False)
class Sorted:
    """Events by ticket, then by time."""

    names: pa.Array
    """The tickets' names, in the order of their first events."""
    offsets: Ints
    """Where each ticket's events begin; one entry more than tickets."""
    at: Ints
    """Microseconds."""
    code: Ints
    """What happened, as in ``kinds``."""
    severity: Ints
    """What was recorded with it; 0: nothing."""


@njit(nogil=True, cache=False)
def _by_ticket(ticket, tickets, at, code, severity):
    """A counting sort: stable, so that each ticket's events stay in the order of the log."""
    offsets = np.zeros(tickets + 1, np.int32)
    for i in range(len(ticket)):
        offsets[ticket[i] + 1] += 1
    for i in range(tickets):
        offsets[i + 1] += offsets[i]
    place = offsets[:-1].copy()
    ats, codes, severities = np.empty_like(at), np.empty_like(code), np.empty_like(severity)
    for i in range(len(ticket)):
        to = place[ticket[i]]
        place[ticket[i]] = to + 1
        ats[to], codes[to], severities[to] = at[i], code[i], severity[i]
    return offsets, ats, codes, severities


def sorted_columns(table: pa.Table) -> Sorted:
    """The event table as sorted columns; the log is in order of time."""
    subject = table["subject"].combine_chunks()
    if isinstance(subject, pa.ChunkedArray):
        subject = pa.concat_arrays(subject.chunks)
    coded = subject.dictionary_encode()
    types = table["type"].unify_dictionaries().combine_chunks()
    actors = table["actor"].unify_dictionaries().combine_chunks()
    meaning = np.array(
        [
            [NAMED.get(kind, 0) if by or kind not in BY_PROVIDER else 0 for kind in types.dictionary.to_pylist()]
            for by in (False, True)
        ],
        np.uint8,
    )
    trak = actors.dictionary.to_pylist().index("Trak")
    by = (np.asarray(actors.indices) == trak).astype(np.int8)
    code = meaning[by, np.asarray(types.indices)]
    severity = table["severity"].combine_chunks().fill_null(0).cast(pa.int8())
    at = np.asarray(table["at"].combine_chunks().cast(pa.int64()))
    return Sorted(
        coded.dictionary, *_by_ticket(np.asarray(coded.indices), len(coded.dictionary), at, code, np.asarray(severity))
    )
