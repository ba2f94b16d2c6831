"""Columns of values as text: instants, seconds, text in JSON, cells of CSV files that no spreadsheet runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_SECOND = 1_000_000
_DAYS = range(84_006)
"""Days since 1970 of which instants are told from tables: to the end of 2199."""
_EXACT = range(100, 1 << 53)
"""Microseconds whose seconds Python writes out in full: smaller ones get an exponent, `5e-05`."""
FORMULA = "^[=+\\-@\t\r\n＝＋－＠]"
"""What a spreadsheet takes for a formula, at the head of a cell."""
_HEADS = np.isin(np.arange(256), np.frombuffer(b"=+-@\t\r\n\xef", np.uint8))
"""[byte] whether such text may begin with it."""

Texts: TypeAlias = Any
"""An Arrow array of strings, one for each row; null where there is no value."""


def quoted(texts: Texts) -> Texts:
    """Text as JSON has it, within its quotation marks. What needs escaping is rare, and escaped by itself."""
    odd = None if _plain(texts) else _odd(texts, '["\\\\\\x00-\\x1f]')
    return texts if odd is None else _replaced(texts, odd, lambda text: json.dumps(text, ensure_ascii=False)[1:-1])


def cells(texts: Texts) -> Texts:
    """Text as a cell of a CSV file that no spreadsheet runs."""
    risky = _odd(texts, FORMULA) if _risky(texts) else None
    if risky is not None:
        texts = _replaced(texts, risky, lambda text: "'" + text)
    odd = None if _plain(texts) else _odd(texts, '[",\\r\\n]')
    if odd is None:
        return texts
    return _replaced(texts, odd, lambda text: '"' + text.replace('"', '""') + '"')


def _plain(texts: Texts) -> bool:
    """Whether no byte of them means anything in JSON or CSV."""
    _, data = _lying(texts)
    return not any(there.any() for there in (data < 0x20, data == 0x22, data == 0x2C, data == 0x5C))


def _risky(texts: Texts) -> bool:
    """Whether any may begin as a formula does."""
    ends, data = _lying(texts)
    heads = ends[:-1][np.diff(ends) > 0] - ends[0]
    return bool(_HEADS[data[heads]].any())


def _lying(texts: Texts) -> tuple[Any, Any]:
    """Where each text ends, the first entry where the first one begins; and the bytes from there on."""
    _, offsets, data = texts.buffers()
    if not len(texts):
        return np.zeros(1, np.int32), np.zeros(0, np.uint8)
    ends = np.frombuffer(offsets, np.int32, len(texts) + 1, texts.offset * 4)
    whole = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return ends, whole[ends[0] : ends[-1]]


def _odd(texts: Texts, pattern: str) -> pa.Array | None:
    """Where the pattern is found; None: nowhere."""
    found = pc.fill_null(pc.match_substring_regex(texts, pattern), False)
    return found if pc.any(found).as_py() else None


def _replaced(texts: Texts, where: pa.Array, change: Callable[[str], str]) -> Texts:
    changed = pa.array([change(text) for text in texts.filter(where).to_pylist()], pa.string())
    return pc.replace_with_mask(texts.cast(pa.string()), where, changed)


def instants(column: pa.Array, mark: str = "", none: str = "") -> Texts:
    """``2026-03-02T15:00:00Z`` between marks; a fraction, of six digits, only where there is one. Of null, ``none``."""
    there = column.drop_null() if column.null_count else column
    seconds, fraction = np.divmod(there.view(pa.int64()).to_numpy(), _SECOND)
    days, second = np.divmod(seconds, 86_400)
    if fraction.any() or not len(days) or days.min() < _DAYS.start or days.max() >= _DAYS.stop:
        return pc.fill_null(pc.binary_join_element_wise(mark, _any_instants(column), mark, ""), none)
    dates, times = _tables()
    parts = [("day", 10, dates[days]), ("time", 10, times[second])]
    if mark:
        parts = [("before", len(mark), mark), *parts, ("after", len(mark), mark)]
    text = np.empty(len(days), [(name, f"S{size}") for name, size, _ in parts])
    for name, _, part in parts:
        text[name] = part
    return _spread(text, column, none)


def _spread(text: Any, column: pa.Array, none: str) -> Texts:
    """Texts of one length, one for each value that is there, as an array as long as the column."""
    ends = np.zeros(len(column) + 1, np.int32)
    if column.null_count:
        there = column.is_valid()
        np.cumsum(there.to_numpy(zero_copy_only=False), out=ends[1:])
    else:
        ends[:] = np.arange(len(ends))
    ends *= text.itemsize
    told = pa.Array.from_buffers(pa.string(), len(column), [None, pa.py_buffer(ends), pa.py_buffer(text)])
    return pc.if_else(there, told, none) if none and column.null_count else told


@cache
def _tables() -> tuple[Any, Any]:
    """The dates of ``_DAYS``, and ``T15:00:00Z`` for each second of a day; ten bytes each."""
    dates = pa.array(np.arange(len(_DAYS), dtype=np.int32)).cast(pa.date32()).cast(pa.string())
    times = pa.array(np.arange(86_400, dtype=np.int32)).cast(pa.time32("s")).cast(pa.string())
    times = pc.binary_join_element_wise("T", times, "Z", "")
    day, time = (np.frombuffer(texts.buffers()[2], "S10", len(texts)) for texts in (dates, times))
    return day, time


def _any_instants(column: pa.Array) -> Texts:
    """The same of any instants, one by one."""
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
