"""Tables whose rows are in the order of their subjects, put into one in that order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slarules.readers.columns.unifying import unified

FEW = 2_000
"""So many pieces are put together without copying a row."""


def by_subject(tables: Sequence[pa.Table], names: pa.Array) -> pa.Table:
    """One table of all rows by subject; each table is so ordered, or all that are not can be sorted so.

    ``names`` has every subject, in order. Rows of one subject stand in one table, and keep their order.
    """
    parts = [table for table in tables if table.num_rows]
    if not parts:
        return tables[0]
    if len(parts) == 1:
        return parts[0]
    whole: pa.Table = unified(pa.concat_tables(parts))
    place = pc.index_in(whole.column("subject"), value_set=names).combine_chunks().to_numpy(zero_copy_only=False)
    if (place[1:] >= place[:-1]).all():
        return whole
    order = np.argsort(place, kind="stable")
    cuts = np.flatnonzero(np.diff(order) != 1) + 1
    if len(cuts) > FEW:
        return unified(whole.take(pa.array(order)))
    starts, ends = np.concatenate(([0], cuts)), np.concatenate((cuts, [len(order)]))
    return pa.concat_tables(
        [whole.slice(int(order[a]), int(b - a)) for a, b in zip(starts, ends, strict=True)]
    )
