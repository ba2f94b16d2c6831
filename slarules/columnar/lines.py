"""A table of verdicts as lines of text, JSON or CSV: the bytes that writing them one by one gives, a column at a time.

What is said in the same words of many rows, which rule it is and on which clause it rests, is made text once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slarules.columnar.rows import COLUMNS, DURATIONS, INSTANTS, LISTS

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
_SECOND = 1_000_000
_EXACT = range(100, 1 << 53)
"""Microseconds whose seconds Python writes out in full: smaller ones get an exponent, `5e-05`."""
FORMULA = "^[=+\\-@\t\r\n＝＋－＠]"
"""What a spreadsheet takes for a formula, at the head of a cell."""

Texts: TypeAlias = Any
"""An Arrow array of strings, one for each row; null where there is no value."""
Telling = Callable[[str, pa.Array], pa.Array | str]
"""A column by its name as text: for each row, or the same for all."""


def json_lines(table: pa.Table) -> Iterator[pa.Buffer]:
    """The rows as JSON lines in UTF-8, one buffer after the other; instants are RFC 3339, durations seconds."""
    signs = ['{"' + COLUMNS[0] + '": ', *(f', "{name}": ' for name in COLUMNS[1:])]
    yield from _lines(table, signs, _json, "}\n")


def csv_lines(table: pa.Table) -> Iterator[pa.Buffer]:
    """The rows as CSV (RFC 4180) without heading: no cell is a formula, lists are joined by ``; ``."""
    yield from _lines(table, ["", *("," for _ in COLUMNS[1:])], _csv, "\r\n")


def _lines(table: pa.Table, signs: list[str], telling: Telling, end: str) -> Iterator[pa.Buffer]:
    """Each row's columns behind their signs; ``table`` has the schema ``VERDICTS``."""
    for start in range(0, table.num_rows, ROWS):
        for rows in _pieces(table.slice(start, ROWS)):
            columns = {name: _whole(rows.column(name)) for name in COLUMNS}
            told: list[pa.Array | str] = []
            for names in RUNS:
                behind = dict(zip(COLUMNS, signs, strict=True))
                told += _told({name: columns[name] for name in names}, behind, telling)
            yield _bytes(pc.binary_join_element_wise(*told, end, ""))


def _told(columns: dict[str, pa.Array], signs: dict[str, str], telling: Telling) -> list[pa.Array | str]:
    """Columns that stand side by side, behind their signs. Of several, rows that are alike are told once."""
    if len(columns) == 1:
        ((name, column),) = columns.items()
        text = telling(name, column)
        return [signs[name] + text] if isinstance(text, str) else [signs[name], text]
    first, which = alike(list(columns.values()))
    told: list[pa.Array | str] = []
    for name, column in columns.items():
        told += [signs[name], telling(name, column.take(first))]
    return [pc.binary_join_element_wise(*told, "").take(which)]


def alike(columns: list[pa.Array]) -> tuple[pa.Array, pa.Array]:
    """The first row of each sort, and of which sort each row is; rows of one sort are the same in all columns."""
    sorts = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        codes, many = _coded(column)
        sorts = _coded(pa.array(sorts * many + codes))[0]
    coded = pa.array(sorts).dictionary_encode()
    which = coded.indices.to_numpy()
    first = np.zeros(len(coded.dictionary), np.int64)
    first[which[::-1]] = np.arange(len(which))[::-1]
    return pa.array(first), coded.indices


def _coded(column: pa.Array) -> tuple[Any, int]:
    """A number for each row's value, and a number above all of them; there are fewer values than 2**32."""
    if pa.types.is_list(column.type):
        return _coded_lists(column)
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    codes = pc.fill_null(coded.indices.cast(pa.int64()), len(coded.dictionary))
    return codes.to_numpy(), len(coded.dictionary) + 1


def _coded_lists(column: pa.Array) -> tuple[Any, int]:
    """The same of lists: the numbers of their values, one position after the other."""
    values, many = _coded(column.flatten())
    lengths = pc.fill_null(column.value_lengths(), 0).to_numpy().astype(np.int64)
    starts = np.cumsum(lengths) - lengths
    codes, most = np.zeros(len(lengths), np.int64), 1
    for position in range(int(lengths.max(initial=0))):
        there = lengths > position
        own = np.zeros(len(lengths), np.int64)
        own[there] = values[starts[there] + position] + 1
        codes, most = _coded(pa.array(codes * (many + 1) + own))
    return codes, most


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


def _json(name: str, column: pa.Array) -> pa.Array | str:
    if name in INSTANTS:
        return pc.fill_null(pc.binary_join_element_wise('"', instants(column), '"', ""), "null")
    if name in DURATIONS:
        return pc.fill_null(seconds(column), "null")
    if name in LISTS:
        values = column.flatten()
        if not len(values):
            return "[]"
        told = _joined(_names(values, _quoted, "null"), column, ", ")
        return pc.binary_join_element_wise("[", told, "]", "")
    if pa.types.is_boolean(column.type) or pa.types.is_integer(column.type):
        return pc.fill_null(column.cast(pa.string()), "null")
    return _names(column, _quoted, "null")


def _csv(name: str, column: pa.Array) -> pa.Array | str:
    if name in INSTANTS:
        return pc.fill_null(instants(column), "")
    if name in DURATIONS:
        return pc.fill_null(seconds(column), "")
    if name in LISTS:
        values = column.flatten()
        return cells(_joined(values.cast(pa.string()), column, "; ")) if len(values) else ""
    if pa.types.is_boolean(column.type):
        return pc.fill_null(pc.if_else(column, "yes", "no"), "")
    if pa.types.is_integer(column.type):
        return pc.fill_null(column.cast(pa.string()), "")
    return _names(column, cells, "")


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
    ends = pc.cumulative_sum(pc.fill_null(lists.value_lengths(), 0)).cast(pa.int32())
    ends = pa.concat_arrays([pa.array([0], pa.int32()), ends])
    return pc.binary_join(pa.ListArray.from_arrays(ends, values), between)


def _quoted(texts: Texts) -> Texts:
    """Text as JSON has it. What needs escaping is rare, and escaped by itself."""
    odd = _odd(texts, '["\\\\\\x00-\\x1f]')
    if odd is not None:
        texts = _replaced(texts, odd, lambda text: json.dumps(text, ensure_ascii=False)[1:-1])
    return pc.binary_join_element_wise('"', texts, '"', "")


def cells(texts: Texts) -> Texts:
    """Text as a cell of a CSV file that no spreadsheet runs."""
    risky = _odd(texts, FORMULA)
    if risky is not None:
        texts = _replaced(texts, risky, lambda text: "'" + text)
    odd = _odd(texts, '[",\\r\\n]')
    if odd is None:
        return texts
    return _replaced(texts, odd, lambda text: '"' + text.replace('"', '""') + '"')


def _odd(texts: Texts, pattern: str) -> pa.Array | None:
    """Where the pattern is found; None: nowhere."""
    found = pc.fill_null(pc.match_substring_regex(texts, pattern), False)
    return found if pc.any(found).as_py() else None


def _replaced(texts: Texts, where: pa.Array, change: Callable[[str], str]) -> Texts:
    changed = pa.array([change(text) for text in texts.filter(where).to_pylist()], pa.string())
    return pc.replace_with_mask(texts.cast(pa.string()), where, changed)


def instants(column: pa.Array) -> Texts:
    """``2026-03-02T15:00:00Z``; a fraction, of six digits, only where there is one."""
    text = column.cast(pa.int64()).cast(pa.timestamp("us")).cast(pa.string())
    text = pc.binary_replace_slice(text, 10, 11, "T")
    whole = pc.binary_replace_slice(text, 19, 26, "Z")
    odd = _remainder(column.cast(pa.int64()))
    return whole if odd is None else pc.if_else(odd, pc.binary_join_element_wise(text, "Z", ""), whole)


def seconds(column: pa.Array) -> Texts:
    """Microseconds as seconds, as Python writes them: whole ones without a point."""
    micros = column.cast(pa.int64())
    text = pc.divide(micros, _SECOND).cast(pa.string())
    odd = _remainder(micros)
    return text if odd is None else pc.replace_with_mask(text, pc.fill_null(odd, False), _fractions(micros.filter(odd)))


def _remainder(micros: pa.Array) -> pa.Array | None:
    """Where there is a fraction of a second; None: nowhere."""
    odd = pc.not_equal(pc.multiply(pc.divide(micros, _SECOND), _SECOND), micros)
    return odd if pc.any(odd).as_py() else None


def _fractions(micros: pa.Array) -> Texts:
    size = pc.abs(micros)
    sign = pc.if_else(pc.less(micros, 0), "-", "")
    part = pc.subtract(size, pc.multiply(pc.divide(size, _SECOND), _SECOND)).cast(pa.string())
    part = pc.ascii_rtrim(pc.ascii_lpad(part, 6, "0"), "0")
    text = pc.binary_join_element_wise(sign, pc.divide(size, _SECOND).cast(pa.string()), ".", part, "")
    small = pc.or_(pc.less(size, _EXACT.start), pc.greater_equal(size, _EXACT.stop))
    if not pc.any(small).as_py():
        return text
    return pc.replace_with_mask(text, small, pa.array([repr(n / _SECOND) for n in micros.filter(small).to_pylist()]))
