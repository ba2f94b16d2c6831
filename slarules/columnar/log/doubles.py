"""Events that a log has twice, word for word (R32): the later ones say nothing, and need not be gone through again."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen

from slarules.columnar.log.coding import DESK, Coded, Instants, micros
from slarules.columnar.log.ids import ids_at

_NONE = -(1 << 63)
"""No instant, and no number of a source."""


@frozen(eq=False)
class Doubles:
    """The rows whose id the log has, or seems to have, twice."""

    again: Instants
    """Those that repeat an earlier row word for word, by subject, then as in the log."""
    disputed: Instants
    """Those of ids under which not all rows say the same, in the order of the log."""


def doubles_in(log: Coded) -> Doubles:
    """What is said again in a log, and what is said otherwise than before."""
    rows = log.twice
    if not len(rows):
        return Doubles(rows, rows)
    sources = log.column("source")
    names = [*(name or DESK for name in sources.values), DESK]
    named = np.array([names.index(name) for name in names], np.int64)[sources.codes[rows]]
    ids = ids_at(log.ids, rows).dictionary_encode().indices.to_numpy(zero_copy_only=False)
    order = np.lexsort((rows, named, ids))
    rows, ids, named = rows[order], ids[order], named[order]
    begins = np.ones(len(rows), bool)
    begins[1:] = (ids[1:] != ids[:-1]) | (named[1:] != named[:-1])
    first = np.flatnonzero(begins)
    group = np.cumsum(begins) - 1
    alike = _alike(log, rows, rows[first][group])
    sound = np.logical_and.reduceat(alike, first)[group]
    again = rows[sound & ~begins]
    again = again[np.lexsort((again, log.subject[again]))]
    return Doubles(again, np.sort(rows[~sound]))


def _alike(log: Coded, rows: Instants, others: Instants) -> Any:
    """[row] → whether it says the same as the other row, column by column."""
    alike = (log.subject[rows] == log.subject[others]) & (log.instants[rows] == log.instants[others])
    for column in log.columns.values():
        alike &= column.codes[rows] == column.codes[others]
    for name in ("recorded_at", "sequence"):
        if name in log.table.column_names:
            told = micros(log.table.column(name), _NONE)
            alike &= told[rows] == told[others]
    return alike
