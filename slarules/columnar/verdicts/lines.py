"""A table of verdicts as lines of text, JSON or CSV: the bytes that writing them one by one gives, a column at a time.

What is said in the same words of many rows, which rule it is and on which clause it rests, is made text once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slarules.columnar.verdicts.naming import codes_of
from slarules.columnar.verdicts.rows import COLUMNS, DURATIONS, INSTANTS, LISTS
from slarules.columnar.verdicts.spelling import Texts, cells, instants, quoted, seconds

RUNS = (
    ("subject",),
    ("duty", "number", "rule", "state", "bearer", "counterparty", "agreement", "severity"),
    *((name,) for name in (*INSTANTS[:3], *DURATIONS)),
    ("owed", "ended_by", "missing", "cause", "elected"),
    ("next_change_at",),
    ("calendar",),
    ("events",),
    ("flags", "clause", "quotes", "readings"),
)
"""The columns in their order: those side by side of which there are few different rows are told together."""
ROWS, BYTES = 1 << 15, 1 << 28
"""Rows and bytes made to text at once: what they take stays near the processor, and below what one array can hold."""
_ROOM = 1 << 62
"""Below this a number of a sort may be."""

Told: TypeAlias = list[pa.Array | str]
"""Texts to be put side by side: each for every row its own, or the same for all."""
Telling = Callable[[str, pa.Array], Told]
"""A column by its name as text."""


def json_lines(table: pa.Table) -> Iterator[pa.Buffer]:
    """The rows as JSON lines in UTF-8, one buffer after the other; instants are RFC 3339, durations seconds."""
    signs = ['{"' + COLUMNS[0] + '": ', *(f', "{name}": ' for name in COLUMNS[1:])]
    yield from _lines(table, signs, _json, "", "}\n")


def csv_lines(table: pa.Table) -> Iterator[pa.Buffer]:
    """The rows as CSV (RFC 4180) without heading: no cell is a formula, lists are joined by ``; ``."""
    yield from _lines(table, [""] * len(COLUMNS), _csv, ",", "\r\n")


def _lines(table: pa.Table, signs: list[str], telling: Telling, between: str, end: str) -> Iterator[pa.Buffer]:
    """Each row's columns behind their signs; ``table`` has the schema ``VERDICTS``."""
    behind = dict(zip(COLUMNS, signs, strict=True))
    for start in range(0, table.num_rows, ROWS):
        for rows in _pieces(table.slice(start, ROWS)):
            told: Told = []
            for names in RUNS:
                columns = {name: _whole(rows.column(name)) for name in names}
                told += _told(columns, behind, telling, between, end if names is RUNS[-1] else "")
            yield _bytes(pc.binary_join_element_wise(*_together(told, between), between))


def _told(columns: dict[str, pa.Array], signs: dict[str, str], telling: Telling, between: str, end: str) -> Told:
    """Columns that stand side by side, behind their signs. Of several, rows that are alike are told once."""
    if len(columns) == 1:
        ((name, column),) = columns.items()
        return _signed(signs[name], telling(name, column))
    first, which = alike(list(columns.values()))
    told: Told = []
    for name, column in columns.items():
        told += _signed(signs[name], telling(name, column.take(first)))
    beside = pc.binary_join_element_wise(*_together(told, between), between)
    text = pc.binary_join_element_wise(beside, end, "")
    return [text.take(which) if isinstance(text, pa.Array) else text.as_py()]


def _signed(sign: str, told: Told) -> Told:
    return [sign, *told] if sign else told


def _together(told: Told, between: str) -> Told:
    """The same; what stands side by side and is the same in all rows is one."""
    apart: Told = []
    for one in told:
        if apart and isinstance(one, str) and isinstance(apart[-1], str):
            apart[-1] += between + one
        else:
            apart.append(one)
    return apart


def alike(columns: list[pa.Array]) -> tuple[pa.Array, pa.Array]:
    """The first row of each sort, and of which sort each row is; rows of one sort are the same in all columns."""
    sorts, many = np.zeros(len(columns[0]), np.int64), 1
    for column in columns:
        sorts, many = _finer(sorts, many, *_coded(column))
    coded = pa.array(sorts).dictionary_encode()
    which = coded.indices.to_numpy()
    first = np.zeros(len(coded.dictionary), np.int64)
    first[which[::-1]] = np.arange(len(which))[::-1]
    return pa.array(first), coded.indices


def _finer(sorts: Any, many: int, codes: Any, more: int) -> tuple[Any, int]:
    """A number for each sort and code; ``many`` and ``more`` are above all of them. There are fewer than 2**31 rows."""
    if many * more > _ROOM:
        sorts, many = _coded(pa.array(sorts))
    return sorts * np.int64(more) + codes, many * more


def _coded(column: pa.Array) -> tuple[Any, int]:
    """A number for each row's value, and a number above all of them; there are fewer values than 2**31."""
    if pa.types.is_list(column.type):
        return _coded_lists(column)
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    return codes_of(coded), len(coded.dictionary) + 1


def _coded_lists(column: pa.Array) -> tuple[Any, int]:
    """The same of lists: the numbers of their values, one position after the other."""
    values, more = _coded(column.flatten())
    lengths = pc.fill_null(column.value_lengths(), 0).to_numpy().astype(np.int64)
    starts = np.cumsum(lengths) - lengths
    codes, many = np.zeros(len(lengths), np.int64), 1
    for position in range(int(lengths.max(initial=0))):
        there = lengths > position
        own = np.zeros(len(lengths), np.int64)
        own[there] = values[starts[there] + position] + 1
        codes, many = _finer(codes, many, own, more + 1)
    return _coded(pa.array(codes)) if many > _ROOM >> 31 else (codes, many)


def _pieces(rows: pa.Table) -> Iterator[pa.Table]:
    """The rows in pieces whose text fits into one array."""
    if rows.nbytes <= BYTES or rows.num_rows == 1:
        yield rows
        return
    half = rows.num_rows // 2
    yield from _pieces(rows.slice(0, half))
    yield from _pieces(rows.slice(half))


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _bytes(lines: pa.Array) -> pa.Buffer:
    """The text of all lines, one after the other, as it lies in memory."""
    _, offsets, data = lines.buffers()
    ends = pa.Array.from_buffers(pa.int32(), len(lines) + 1, [None, offsets], offset=lines.offset)
    return data.slice(ends[0].as_py(), ends[-1].as_py() - ends[0].as_py())


# ---- One column -------------------------------------------------------------------------------------------------


def _json(name: str, column: pa.Array) -> Told:
    if column.null_count == len(column):
        return ["null"]
    if name in INSTANTS:
        return [instants(column, '"', "null")]
    if name in DURATIONS:
        return [pc.fill_null(seconds(column), "null")]
    if name in LISTS:
        return _json_lists(column)
    if pa.types.is_boolean(column.type) or pa.types.is_integer(column.type):
        return [pc.fill_null(column.cast(pa.string()), "null")]
    if pa.types.is_dictionary(column.type) or column.null_count:
        return [_names(column, _within_marks, "null")]
    return ['"', quoted(column), '"']


def _json_lists(column: pa.Array) -> Told:
    values = column.flatten()
    if not len(values):
        return ["[]"]
    if not values.null_count and pc.all(pc.greater(column.value_lengths(), 0), skip_nulls=False).as_py():
        return ['["', _joined(_names(values, quoted, ""), column, '", "'), '"]']
    return ["[", _joined(_names(values, _within_marks, "null"), column, ", "), "]"]


def _within_marks(texts: Texts) -> Texts:
    return pc.binary_join_element_wise('"', quoted(texts), '"', "")


def _csv(name: str, column: pa.Array) -> Told:
    """One text: commas come between."""
    if column.null_count == len(column):
        return [""]
    if name in INSTANTS:
        return [instants(column)]
    if name in DURATIONS:
        return [pc.fill_null(seconds(column), "")]
    if name in LISTS:
        values = column.flatten()
        return [cells(_joined(values.cast(pa.string()), column, "; ")) if len(values) else ""]
    if pa.types.is_boolean(column.type):
        return [pc.fill_null(pc.if_else(column, "yes", "no"), "")]
    if pa.types.is_integer(column.type):
        return [pc.fill_null(column.cast(pa.string()), "")]
    return [_names(column, cells, "")]


def _names(column: pa.Array, told: Callable[[Texts], Texts], none: str) -> Texts:
    """Each name as ``told`` gives it, ``none`` for null; of dictionary-coded ones each is told once."""
    if not pa.types.is_dictionary(column.type):
        return pc.fill_null(told(column), none)
    if len(column.dictionary) > len(column):
        return _names(column.cast(pa.string()), told, none)
    texts = pa.concat_arrays([told(column.dictionary), pa.array([none])])
    return pc.fill_null(texts, none).take(pc.fill_null(column.indices, len(column.dictionary)))


def _joined(values: Texts, lists: pa.Array, between: str) -> Texts:
    """The values of each list, as ``values`` has those of all, in one text."""
    ends = np.zeros(len(lists) + 1, np.int32)
    np.cumsum(pc.fill_null(lists.value_lengths(), 0).to_numpy(), out=ends[1:])
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(ends), values), between)
