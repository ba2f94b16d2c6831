"""What stands at known places of a file's bytes, as columns: texts, names by number, whole numbers, instants.

Plain loops over arrays, compiled where numba is installed. ``starts`` and ``sizes`` say for each row where its value
stands; rows that are not ``chosen`` have none.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from slarules.calendars import zones
from slarules.readers.columns.compiled import compiled, small
from slarules.readers.columns.words import LOW, MASKS, TOPS

ABSENT, TEXT, ESCAPED, INTEGER, FRACTION, TRUE, FALSE, NULL, LIST, OBJECT = range(10)
"""What a value is; ``ESCAPED`` is text with escapes."""


@compiled
def integers(data: Any, starts: Any, sizes: Any, chosen: Any, values: Any) -> None:
    """The whole numbers that stand at the places of the chosen rows."""
    for row in range(len(starts)):
        if not chosen[row]:
            continue
        at, end, value = starts[row], starts[row] + sizes[row], 0
        negative = data[at] == 45
        if negative:
            at += 1
        while at < end:
            value = value * 10 + (int(data[at]) - 48)
            at += 1
        values[row] = -value if negative else value


# ---- Texts ------------------------------------------------------------------------------------------------------


@small
def _copied(data: Any, words: Any, begin: Any, size: Any, out: Any, out_words: Any, at: Any) -> None:
    """Copies so many bytes. Behind them ``out`` has room for a word, which may be written to."""
    n = 0
    if begin + size + 8 <= len(data):
        while n < size:  # a range with steps divides, which takes longer than all of this
            out_words[at + n] = words[begin + n]
            n += 8
    while n < size:
        out[at + n] = data[begin + n]
        n += 1


@compiled
def texts(
    data: Any, words: Any, starts: Any, sizes: Any, kinds: Any, chosen: Any, doubled: Any, offsets: Any, out: Any,
    out_words: Any,
) -> int:
    """Copies the texts of the chosen rows, one behind the other; how many bytes there are.

    ``out`` has room for them and a word more, ``offsets`` for one more than there are rows. Escapes are resolved to
    UTF-8; where ``doubled``, the only escape is a doubled quotation mark.
    """
    at = 0
    for row in range(len(starts)):
        offsets[row] = at
        if not chosen[row]:
            continue
        if kinds[row] != ESCAPED:
            _copied(data, words, starts[row], sizes[row], out, out_words, at)
            at += sizes[row]
        elif doubled:
            at = _single(data, starts[row], starts[row] + sizes[row], out, at)
        else:
            at = _resolved(data, starts[row], starts[row] + sizes[row], out, at)
    offsets[len(starts)] = at
    return at


@compiled
def _single(data: Any, begin: int, end: int, out: Any, at: int) -> int:
    """Copies with one quotation mark for two; behind what was written."""
    while begin < end:
        byte = data[begin]
        out[at] = byte
        at += 1
        begin += 2 if byte == 34 else 1
    return at


@compiled
def _resolved(data: Any, begin: int, end: int, out: Any, at: int) -> int:
    """Copies with the escapes of JSON resolved; behind what was written."""
    while begin < end:
        byte = data[begin]
        if byte != 92:
            out[at] = byte
            at, begin = at + 1, begin + 1
            continue
        byte = data[begin + 1]
        begin += 2
        if byte == 117:
            point = unit(data, begin, end)
            begin += 4
            if 0xD800 <= point < 0xDC00:
                point = 0x10000 + (point - 0xD800) * 1024 + unit(data, begin + 2, end) - 0xDC00
                begin += 6
            at = _encoded(point, out, at)
            continue
        if byte == 98:
            byte = 8
        elif byte == 102:
            byte = 12
        elif byte == 110:
            byte = 10
        elif byte == 114:
            byte = 13
        elif byte == 116:
            byte = 9
        out[at] = byte
        at += 1
    return at


@compiled
def unit(data: Any, at: int, end: int) -> int:
    """The number of four hexadecimal digits; -1 where they are none."""
    if at + 4 > end:
        return -1
    value = 0
    for n in range(at, at + 4):
        byte = int(data[n])
        if 48 <= byte <= 57:
            value = value * 16 + byte - 48
        elif 97 <= byte <= 102:
            value = value * 16 + byte - 87
        elif 65 <= byte <= 70:
            value = value * 16 + byte - 55
        else:
            return -1
    return value


@compiled
def _encoded(point: int, out: Any, at: int) -> int:
    """Writes a character as UTF-8; behind it."""
    if point < 0x80:
        out[at] = point
        return at + 1
    if point < 0x800:
        out[at] = 0xC0 | (point >> 6)
        out[at + 1] = 0x80 | (point & 0x3F)
        return at + 2
    if point < 0x10000:
        out[at] = 0xE0 | (point >> 12)
        out[at + 1] = 0x80 | ((point >> 6) & 0x3F)
        out[at + 2] = 0x80 | (point & 0x3F)
        return at + 3
    out[at] = 0xF0 | (point >> 18)
    out[at + 1] = 0x80 | ((point >> 12) & 0x3F)
    out[at + 2] = 0x80 | ((point >> 6) & 0x3F)
    out[at + 3] = 0x80 | (point & 0x3F)
    return at + 4


# ---- Names by number --------------------------------------------------------------------------------------------

_FACTOR, _HALF, _SHIFT, _MIDST = np.uint64(0x5BD1E995), np.uint64(32), np.uint64(15), np.uint64(24)
_LOWER = np.uint64(0xFFFFFFFF)


@small
def _word(data: Any, words: Any, at: Any, size: Any) -> Any:
    """The next bytes of a value, eight at most, as a word."""
    if at < len(words):
        return words[at] & MASKS[min(size, 8)]
    word = np.uint64(0)
    for n in range(min(size, 8)):
        word |= np.uint64(data[at + n]) << np.uint64(8 * n)
    return word


@compiled
def numbered(
    data: Any, words: Any, starts: Any, sizes: Any, chosen: Any, most: int, heads: Any, codes: Any, firsts: Any,
    near: Any, told: Any,
) -> int:
    """Numbers the different values in the order in which they come; how many there are, -1 for more than ``most``.

    Written are ``codes``, the number of each row, and ``firsts``, the row of each number's first value. ``heads`` is a
    power of two long, at least twice ``most``, and -1 throughout. Short values that came lately are kept in ``near``
    [place, 2 words] and ``told`` [place, size and number], -1 throughout: where a column has few values, each is found
    there at once.
    """
    count, mask, places = 0, len(heads) - 1, len(told) - 1
    one, two, spot = np.uint64(0), np.uint64(0), np.int64(0)
    for row in range(len(starts)):
        if not chosen[row]:
            codes[row] = 0
            continue
        begin, size = np.int64(starts[row]), np.int64(sizes[row])
        short = 0 < size <= 16
        if short:
            one, two = _word(data, words, begin, size), np.uint64(0)
            if size > 8:
                two = _word(data, words, begin + 8, size - 8)
            mixed = one ^ two
            mixed = ((mixed ^ (mixed >> _HALF)) & _LOWER) * _FACTOR
            spot = np.int64((mixed >> _MIDST) & _LOWER) & places
            if told[spot, 0] == size and near[spot, 0] == one and near[spot, 1] == two:
                codes[row] = told[spot, 1]
                continue
        mixed = np.uint64(size)
        n = 0
        while n < size:
            word = _word(data, words, begin + n, size - n)
            n += 8
            mixed = ((mixed ^ (word & _LOWER)) & _LOWER) * _FACTOR
            mixed ^= mixed >> _SHIFT
            mixed = ((mixed ^ (word >> _HALF)) & _LOWER) * _FACTOR
            mixed ^= mixed >> _HALF
        place = np.int64(mixed & _LOWER) & mask
        code = heads[place]
        while code >= 0:
            first = firsts[code]
            if sizes[first] == size:
                other, n = starts[first], 0
                while n < size and _word(data, words, begin + n, size - n) == _word(data, words, other + n, size - n):
                    n += 8
                if n >= size:
                    break
            place = (place + 1) & mask
            code = heads[place]
        if code < 0:
            if count == most:
                return -1
            code = count
            heads[place], firsts[code] = code, row
            count += 1
        codes[row] = code
        if short:
            near[spot, 0], near[spot, 1], told[spot, 0], told[spot, 1] = one, two, size, code
    return count


# ---- Instants ---------------------------------------------------------------------------------------------------

_FIRST, _LAST = zones.FIRST_YEAR, zones.LAST_YEAR
_MONTHS = [date(year, month, 1).toordinal() for year in range(_FIRST, _LAST + 1) for month in range(1, 13)]
_STARTS = np.array(_MONTHS, np.int64) - zones.EPOCH_ORDINAL
"""The first day of each month, in days since 1970."""
_LENGTHS = np.diff(np.append(_STARTS, date(_LAST + 1, 1, 1).toordinal() - zones.EPOCH_ORDINAL))


def _pattern(text: str) -> np.uint64:
    return np.uint64(int.from_bytes(text.encode(), "little"))


def _gaps(text: str) -> np.uint64:
    """What, added to a byte of which the pattern was taken off by xor, reaches 128 if it is not as wanted."""
    return np.uint64(int.from_bytes(bytes(0x76 if char == "0" else 0x7F for char in text), "little"))


_DAY, _CLOCK, _END = (_pattern(text) for text in ("0000-00-", "00T00:00", "0:00:00Z"))
_DAY_GAPS, _CLOCK_GAPS, _END_GAPS = (_gaps(text) for text in ("0000-00-", "00T00:00", "0:00:00Z"))
_DIGIT, _BITS = np.uint64(15), np.array([8 * n for n in range(8)], np.uint64)


@small
def _digit(word: Any, at: int) -> Any:
    return np.int64((word >> _BITS[at]) & _DIGIT)


@small
def _unlike(digits: Any, gaps: Any) -> Any:
    """Marks the bytes that are not as a pattern has them, which was taken off by xor."""
    return (((digits & LOW) + gaps) | digits) & TOPS


@compiled
def zulu_times(words: Any, starts: Any, sizes: Any, chosen: Any, instants: Any) -> bool:
    """The instants of times written ``2026-03-02T08:00:00Z``; whether all of the chosen are, and in our years."""
    for row in range(len(starts)):
        if not chosen[row]:
            continue
        if sizes[row] != 20:
            return False
        at = starts[row]
        day, clock, end = words[at] ^ _DAY, words[at + 8] ^ _CLOCK, words[at + 12] ^ _END
        if _unlike(day, _DAY_GAPS) | _unlike(clock, _CLOCK_GAPS) | _unlike(end, _END_GAPS):
            return False
        year = _digit(day, 0) * 1000 + _digit(day, 1) * 100 + _digit(day, 2) * 10 + _digit(day, 3)
        month = _digit(day, 5) * 10 + _digit(day, 6)
        if year < _FIRST or year > _LAST or month < 1 or month > 12:
            return False
        place = (year - _FIRST) * 12 + month - 1
        date = _digit(clock, 0) * 10 + _digit(clock, 1)
        hour, minute = _digit(clock, 3) * 10 + _digit(clock, 4), _digit(clock, 6) * 10 + _digit(clock, 7)
        second = _digit(end, 5) * 10 + _digit(end, 6)
        if date < 1 or date > _LENGTHS[place] or hour > 23 or minute > 59 or second > 59:
            return False
        instants[row] = (((_STARTS[place] + date - 1) * 24 + hour) * 3600 + minute * 60 + second) * 1_000_000
    return True
