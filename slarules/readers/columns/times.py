"""Columns of times, read all at once; the ones that are written in another way are left to be read one by one."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from slarules.calendars import zones
from slarules.readers.columns.text import Bytes, Integers, Truths, distinct_cells, present, spans
from slarules.readers.instants import TimeFormat
from slarules.readers.rejects import Refused

TIME = pa.timestamp("us", tz="UTC")
_UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1}
_FIRST, _LAST = zones.FIRST_YEAR - 1, zones.LAST_YEAR + 1
_MONTHS = [date(year, month, 1).toordinal() for year in range(_FIRST, _LAST + 1) for month in range(1, 13)]
_STARTS = np.array(_MONTHS, np.int64) - zones.EPOCH_ORDINAL
"""The first day of each month, in days since 1970."""
_LENGTHS = np.diff(np.append(_STARTS, date(_LAST + 1, 1, 1).toordinal() - zones.EPOCH_ORDINAL))
_AT_ONCE = 32_768
"""Cells read at once: what is computed of them stays in the processor's cache."""
_LENGTHS_OF_ZULU = np.isin(np.arange(41), (17, 20, 22, 23, 24, 25, 26, 27))
"""Which lengths a time that ends in ``Z`` may have: to the minute, to the second, with one to six further digits."""


@frozen(eq=False)
class Civil:
    """Times as they are written."""

    naive: Integers
    """Microseconds since 1970 on the clock of whoever wrote it."""
    ahead: Integers
    """How far that clock is ahead of UTC, where it says so."""
    zoned: Truths
    """Whether it says so."""
    fine: Truths
    """Whether it was read; the others may be times all the same."""


def time_column(instants: Integers, there: Truths) -> pa.Array:
    """Instants as a column; null where there is none."""
    if there.all():
        return pa.Array.from_buffers(TIME, len(instants), [None, pa.py_buffer(np.ascontiguousarray(instants))])
    return pa.array(instants, pa.int64(), mask=~there).cast(TIME)


def instants_of(column: pa.Array, time: TimeFormat) -> tuple[Integers, Truths]:
    """The instant of each cell, and which were read; what is null, odd or refused was not."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        return _stamps(column, time)
    if time.day_numbers is not None:
        return _by_number(column, time)
    if not pa.types.is_string(kind):
        return np.zeros(len(column), np.int64), np.zeros(len(column), np.bool_)
    if time.pattern is None:
        quick = _by_arrow(column)
        return _in_parts(column, time) if quick is None else quick
    distinct = column.dictionary_encode()  # a pattern takes long, and tells no seconds: many times are equal
    instants, fine = _in_parts(distinct.dictionary, time)
    places = distinct.indices.fill_null(len(instants)).to_numpy()
    return np.append(instants, 0)[places], np.append(fine, False)[places]


def _by_number(column: pa.Array, time: TimeFormat) -> tuple[Integers, Truths]:
    """Times that are numbers of days; each that differs is read once."""
    cells, places = distinct_cells(column)
    found: list[int | None] = []
    for cell in cells:
        try:
            found.append(None if cell is None else time.instant(cell))
        except Refused:
            found.append(None)
    fine = np.array([instant is not None for instant in found], np.bool_)
    return np.array([instant or 0 for instant in found], np.int64)[places], fine[places]


def _in_parts(column: pa.Array, time: TimeFormat) -> tuple[Integers, Truths]:
    parts = [_read(column.slice(start, _AT_ONCE), time) for start in range(0, len(column), _AT_ONCE)]
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.bool_)
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _by_arrow(column: pa.Array) -> tuple[Integers, Truths] | None:
    """Where every time ends in ``Z`` or an offset such as ``+01:00``; None where Arrow cannot read all of them.

    Arrow also takes times without minutes, and offsets of hours alone; neither has the length of ours.
    """
    offsets, data = spans(column)
    if data.size < 20:
        return None
    there, ends, sizes = present(column), offsets[1:], np.diff(offsets)
    zulu = data[ends - 1] == ord("Z")
    plain = np.where(zulu, _LENGTHS_OF_ZULU[np.minimum(sizes, 40)], False)
    if not plain.all():
        from_end = np.maximum(ends - 6, 0)
        offset = (data[ends - 3] == ord(":")) & ((data[from_end] == ord("+")) | (data[from_end] == ord("-")))
        plain |= ~zulu & offset & _LENGTHS_OF_ZULU[np.clip(sizes - 5, 0, 40)]
    if not (plain | ~there).all():
        return None
    try:
        found = column.cast(TIME).cast(pa.int64())
    except pa.ArrowInvalid:
        return None
    instants: Integers = found.fill_null(0).to_numpy(zero_copy_only=False)
    return instants, there & (instants >= 0) & (instants < zones.END)


def _read(column: pa.Array, time: TimeFormat) -> tuple[Integers, Truths]:
    civil = rfc3339(column) if time.pattern is None else _by_pattern(column, time)
    instants = civil.naive - civil.ahead
    fine = civil.fine
    if not civil.zoned.all():
        local, certain = _local(civil.naive, time)
        instants = np.where(civil.zoned, instants, local)
        fine = fine & (civil.zoned | certain)
    return instants, fine & (instants >= 0) & (instants < zones.END)


def _local(naive: Integers, time: TimeFormat) -> tuple[Integers, Truths]:
    """Instants of local times, and which of them are certain: no change of clocks makes them doubtful."""
    sensible = (naive >= 0) & (naive < zones.END)
    if time.zone is None:
        return naive, np.zeros(len(naive), np.bool_)
    if time.zone == "UTC":
        return naive, sensible
    within = np.where(sensible, naive, 0)
    before = zones.to_instants(within, time.zone, "later", "first")
    return before, sensible & (before == zones.to_instants(within, time.zone, "earlier", "second"))


def _stamps(column: pa.Array, time: TimeFormat) -> tuple[Integers, Truths]:
    """Times that the file holds as numbers."""
    unit, there = column.type.unit, present(column)
    numbers: Integers = column.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    if unit == "ns":
        there, numbers = there & (numbers % 1_000 == 0), numbers // 1_000
    else:
        each = _UNITS[unit]
        there = there & (numbers >= 0) & (numbers <= zones.END // each)
        numbers = numbers if each == 1 else np.where(there, numbers, 0) * each
    there = there & (numbers >= zones.EARLY)
    if column.type.tz is None:
        numbers, certain = _local(numbers, time)
        there = there & certain
    return numbers, there & (numbers >= 0) & (numbers < zones.END)


# ---- RFC 3339 ---------------------------------------------------------------------------------------------------

_DIGIT, _SAME = 0x76, 0x7F
"""What, added to a byte of which the wanted one was taken off by xor, reaches 128 if it is not as wanted."""


def _word(pattern: str) -> tuple[np.uint64, np.uint64]:
    """For a stretch such as ``0000-00-``: what to take off by xor, and what to add, to see whether it is so."""
    wanted = int.from_bytes(pattern.encode(), "little")
    add = int.from_bytes(bytes(_DIGIT if char == "0" else _SAME for char in pattern), "little")
    return np.uint64(wanted), np.uint64(add)


_DAY, _CLOCK, _SECOND = _word("0000-00-"), _word("00T00:00"), _word(":00")
_TOPS = np.uint64(0x8080808080808080)


def _bits(words: Any, wanted: tuple[np.uint64, np.uint64]) -> tuple[Any, Truths]:
    """The words with digits as numbers from 0 to 9, and which words are not as wanted."""
    digits = words ^ wanted[0]
    return digits, ((digits | (digits + wanted[1])) & _TOPS) != 0


def _pair(digits: Any, at: int) -> Integers:
    """The number of two digits at a byte of each word."""
    low = np.uint64(8 * at)
    tens = (digits >> low) & np.uint64(15)
    found: Integers = (tens * np.uint64(10) + ((digits >> (low + np.uint64(8))) & np.uint64(15))).astype(np.int64)
    return found


def rfc3339(column: pa.Array) -> Civil:
    """Times written ``2026-03-02T08:00:00``, with a fraction of up to six digits, with ``Z``, ``+01:00`` or neither.

    Everything else that the reader of single times takes, such as a time without seconds, is left to it.
    """
    offsets, data = spans(column)
    count, sizes = len(column), np.diff(offsets)
    if data.size < 19:
        none = np.zeros(count, np.int64)
        return Civil(none, none, none != 0, none != 0)
    fine = (sizes >= 19) & (sizes <= 32)
    if count and sizes.min() == sizes.max() == 20:
        start = int(offsets[0])
        words = [_strided(data, start + at, count, kind) for at, kind in ((0, "<u8"), (8, "<u8"), (16, "<u4"))]
    else:
        places = np.where(fine, offsets[:-1], 0)
        words = [_gathered(data, places + at, kind) for at, kind in ((0, "<u8"), (8, "<u8"), (15, "<u4"))]
        words[2] = words[2] >> np.uint32(8)
    day, day_odd = _bits(words[0].astype(np.uint64), _DAY)
    clock, clock_odd = _bits(_with_t(words[1].astype(np.uint64)), _CLOCK)
    tail = words[2].astype(np.uint64)
    second, second_odd = _bits(tail & np.uint64(0xFFFFFF), _SECOND)
    naive, exists = _civil(
        _pair(day, 0) * 100 + _pair(day, 2), _pair(day, 5), _pair(clock, 0),
        _pair(clock, 3), _pair(clock, 6), _pair(second, 1),
    )
    fine = fine & exists & ~(day_odd | clock_odd | second_odd)
    return _with_rest(Civil(naive, np.zeros(count, np.int64), np.zeros(count, np.bool_), fine), offsets, data)


def _strided(data: Bytes, start: int, count: int, kind: str) -> Integers:
    """A word of each cell, where all cells are 20 bytes long and stand one after the other."""
    found: Integers = np.ndarray((count,), kind, data, start, (20,))
    return found


def _gathered(data: Bytes, places: Integers, kind: str) -> Integers:
    """A word at each place; the bytes end at least 19 after any place's cell begins."""
    every = np.ndarray((data.size - np.dtype(kind).itemsize + 1,), kind, data, 0, (1,))
    found: Integers = every[places]
    return found


def _with_t(words: Any) -> Any:
    """A blank between date and time of day is as good as a ``T``."""
    blank = (words & np.uint64(0xFF0000)) == np.uint64(0x200000)
    return np.where(blank, words ^ np.uint64(0x740000), words) if blank.any() else words


def _civil(
    year: Integers, month: Integers, day: Integers, hour: Integers, minute: Integers, second: Integers
) -> tuple[Integers, Truths]:
    """Microseconds since 1970 on the same clock, and which dates and times of day there are."""
    exists = (year >= _FIRST) & (year <= _LAST) & (month >= 1) & (month <= 12) & (day >= 1)
    place = np.where(exists, (year - _FIRST) * 12 + month - 1, 0)
    exists = exists & (day <= _LENGTHS[place]) & (hour < 24) & (minute < 60) & (second < 60)
    seconds = ((_STARTS[place] + day - 1) * 24 + hour) * 3600 + minute * 60 + second
    return seconds * zones.SECOND, exists


def _with_rest(civil: Civil, offsets: Integers, data: Bytes) -> Civil:
    """What follows the seconds: nothing, a fraction, ``Z`` or an offset; cells of each length together."""
    naive, ahead, zoned, fine = civil.naive, civil.ahead, civil.zoned, civil.fine.copy()
    sizes = np.diff(offsets)
    for size in np.unique(sizes[fine]).tolist():
        rows: Integers | slice = slice(None) if (sizes == size).all() else np.flatnonzero(fine & (sizes == size))
        start = offsets[:-1][rows]
        ends_in_z = data[start + size - 1] == ord("Z")
        sign = data[start + size - 6]
        has_offset = (size >= 25) & ((sign == ord("+")) | (sign == ord("-"))) & (data[start + size - 3] == ord(":"))
        left = size - 19 - np.where(ends_in_z, 1, np.where(has_offset, 6, 0))
        good = fine[rows] & ((left == 0) | ((left >= 2) & (left <= 7)))
        for digits in np.unique(left[good]).tolist():
            if digits:
                micro, is_fraction = _fraction(data, start, digits - 1)
                naive[rows] += np.where(left == digits, micro, 0)
                good &= (left != digits) | is_fraction
        if has_offset.any():
            shift, exists = _offset(data, start + size - 6)
            ahead[rows] = np.where(has_offset, shift, 0)
            good &= ~has_offset | exists
        zoned[rows] = ends_in_z | has_offset
        fine[rows] = good
    return Civil(naive, ahead, zoned, fine)


def _fraction(data: Bytes, start: Integers, digits: int) -> tuple[Integers, Truths]:
    """Microseconds of ``.123``, which follows the seconds, and whether it is such a thing."""
    fine = data[np.minimum(start + 19, data.size - 1)] == ord(".")
    micro = np.zeros(len(start), np.int64)
    for n in range(digits):
        digit = data[np.minimum(start + 20 + n, data.size - 1)].astype(np.int64) - ord("0")
        fine &= (digit >= 0) & (digit <= 9)
        micro = micro * 10 + digit
    return micro * int(10 ** (6 - digits)), fine


def _offset(data: Bytes, start: Integers) -> tuple[Integers, Truths]:
    """Microseconds of ``+01:00``, and whether there is such an offset."""
    digit = [data[start + n].astype(np.int64) - ord("0") for n in (1, 2, 4, 5)]
    fine = np.ones(len(start), np.bool_)
    for one in digit:
        fine &= (one >= 0) & (one <= 9)
    hours, minutes = digit[0] * 10 + digit[1], digit[2] * 10 + digit[3]
    ahead = (hours * 60 + minutes) * zones.MINUTE
    return np.where(data[start] == ord("-"), -ahead, ahead), fine & (hours < 24) & (minutes < 60)


# ---- Patterns ---------------------------------------------------------------------------------------------------

_NAMES = pa.array(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])


def _by_pattern(column: pa.Array, time: TimeFormat) -> Civil:
    """Times written as a mapping says, such as ``%d/%m/%Y %H:%M``; with an offset of their own they are left."""
    count = len(column)
    none = np.zeros(count, np.int64)
    compiled = time._compiled
    if compiled is None or "offset" in compiled.groupindex or "fraction" in compiled.groupindex:
        return Civil(none, none, none != 0, none != 0)
    parts = pc.extract_regex(column, f"^(?:{compiled.pattern})$")
    fine = present(parts)
    names = [parts.type.field(n).name for n in range(parts.type.num_fields)]
    number = {name: _numbers(part, name) for name, part in zip(names, parts.flatten(), strict=True)}
    hour = number.get("hour", none)
    if "hour12" in number:
        fine &= (number["hour12"] >= 1) & (number["hour12"] <= 12)
        hour = number["hour12"] % 12 + number["half"]
    year = number["year"] if "year" in number else number["short_year"] + (time.century or 0)
    month = number["month"] if "month" in number else number["month_name"]
    naive, exists = _civil(year, month, number["day"], hour, number["minute"], number.get("second", none))
    return Civil(naive, none, none != 0, fine & exists)


def _numbers(part: pa.Array, name: str) -> Integers:
    """The part of a time that a name stands for; -1 where there is none."""
    if name == "month_name":
        found = pc.add(pc.index_in(pc.utf8_lower(part), _NAMES), 1).cast(pa.int64())
    elif name == "half":
        found = pc.if_else(pc.starts_with(pc.utf8_lower(part), "p"), 12, 0).cast(pa.int64())
    else:
        found = part.cast(pa.int64())
    values: Integers = found.fill_null(-1).to_numpy(zero_copy_only=False)
    return values
