"""Names of a few forms, as ``INC0012345``, each as one whole number: nothing else need be kept of it, or compared.

A form is what a name begins with and how many digits follow. Each has as many numbers to itself as its digits can
write, so that a number tells its name exactly, and two names never have one number.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import field, frozen

from slarules.columnar.log.columns import BadTable

DIGITS = 9
"""The digits, at most, that are taken for a number: what stands before them is of the form."""
_MOST = 32
"""Forms of one column, at most: each is looked for by itself."""
_LONGEST = 64
"""Bytes of a name that has a form, at most."""
_ROOM = (1 << 31) - 1
"""Numbers that there are for a column's names."""
_TEXT = (1 << 31) - 1
"""Bytes that one array of texts holds, at most."""
_AT_ONCE = 1 << 14
"""Names looked at together: what is at work stays in the processor's cache."""
_NUMBERED = re.compile(rb"(?s)(.*?)([0-9]{0,%d})" % DIGITS)
_ZEROS, _SIXES, _UPPER, _SAME = (np.uint64(digit * 0x0101010101010101) for digit in (0x30, 0x06, 0xF0, 0x33))
_PAIRS, _FOURS, _EIGHTS = (np.uint64(mask) for mask in (0x00FF00FF00FF00FF, 0x0000FFFF0000FFFF, 0xFFFFFFFF))
_4, _8, _16, _32, _56 = (np.uint64(bits) for bits in (4, 8, 16, 32, 56))
_10, _100, _10000 = (np.uint64(ten) for ten in (10, 100, 10_000))

_SPELT = (np.arange(10_000)[:, None] // (1_000, 100, 10, 1) % 10 + ord("0")).astype(np.uint8).view(np.uint32).ravel()
"""[number below 10,000] → its four digits, as they lie in memory."""


@frozen
class Form:
    """What names of one form have alike."""

    before: bytes
    """What stands before the digits."""
    digits: int
    """How many digits follow."""
    base: int = field(eq=False)
    """The number of the name of which all digits are 0."""

    @property
    def length(self) -> int:
        """Bytes of a name."""
        return len(self.before) + self.digits


class Forms:
    """The forms of a column's names, as they come."""

    def __init__(self) -> None:
        self._by_name: dict[tuple[bytes, int], Form] = {}
        self._used = 0

    def numbers(self, texts: pa.Array) -> Any | None:
        """[text] → its number, of a column without nulls; None where one has no form, or there are too many forms."""
        found = np.empty(len(texts), np.int32)
        if not len(texts):
            return found
        offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
        data = np.frombuffer(texts.buffers()[2] or b"", np.uint8)
        for start in range(0, len(texts), _AT_ONCE):
            own = offsets[start : start + _AT_ONCE + 1]
            if not self._some(own, data[int(own[0]) : int(own[-1])], found[start : start + _AT_ONCE]):
                return None
        return found

    def number_of(self, text: str) -> int | None:
        """The number of one name; None where no name of its form came."""
        before, digits = _apart(text.encode())
        form = self._by_name.get((before, len(digits)))
        return None if form is None else form.base + int(digits or b"0")

    def texts(self, numbers: Any) -> pa.Array:
        """The names that have these numbers."""
        forms = list(self._by_name.values())
        if len(forms) == 1 or not len(numbers):
            return _spelt(forms[0], numbers) if forms else pa.array([], pa.string())
        of = np.searchsorted([form.base for form in forms], numbers, "right") - 1
        lengths = np.array([form.length for form in forms], np.int32)[of]
        _fits(int(lengths.sum(dtype=np.int64)))
        ends = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
        data = np.empty(int(ends[-1]), np.uint8)
        for number in np.unique(of).tolist():
            rows, form = np.flatnonzero(of == number), forms[number]
            if form.length:
                own = np.frombuffer(_spelt(form, numbers[rows]).buffers()[2], np.uint8).reshape(-1, form.length)
                data[ends[rows][:, None] + np.arange(form.length, dtype=np.int32)] = own
        return pa.Array.from_buffers(pa.string(), len(numbers), [None, pa.py_buffer(ends), pa.py_buffer(data)])

    def spans(self, numbers: Any) -> list[tuple[int, int]]:
        """The least number of each form that came, and the greatest, in order."""
        if len(self._by_name) == 1:
            return [(int(numbers.min()), int(numbers.max()))]
        bases = np.array([form.base for form in self._by_name.values()])
        low, high = np.full(len(bases), _ROOM), np.full(len(bases), -1)
        for start in range(0, len(numbers), _AT_ONCE):
            own = numbers[start : start + _AT_ONCE]
            of = np.searchsorted(bases, own, "right") - 1
            np.minimum.at(low, of, own)
            np.maximum.at(high, of, own)
        return [(one, other) for one, other in zip(low.tolist(), high.tolist(), strict=True) if other >= 0]

    def _some(self, offsets: Any, data: Any, found: Any) -> bool:
        """Into ``found`` the numbers of some names; whether each has a form."""
        lengths = np.diff(offsets)
        longest = int(lengths.max())
        if longest > _LONGEST:
            return False
        before = 8 * max(1, -(-longest // 8))
        padded = np.zeros(before + len(data), np.uint8)
        padded[before:] = data
        words = np.ndarray((len(padded) - 7,), "<u8", buffer=padded.data, strides=(1,))
        last = offsets[1:] - (int(offsets[0]) + 8 - before)  # where the last eight bytes of each stand
        even = int(lengths.min()) == longest
        left = np.arange(len(found)) if not even else None
        while left is None or len(left):
            row = 0 if left is None else int(left[0])
            end = int(offsets[row + 1]) - int(offsets[0])
            form = self._form(data[end - int(lengths[row]) : end].tobytes())
            if form is None:
                return False
            if left is None and form.length:
                own = [words[int(last[0]) - back :: form.length][: len(found)] for back in range(0, before, 8)]
                is_one, numbers = _numbers(form, own)
                found[:] = numbers
                left = np.flatnonzero(~is_one)
            else:
                rows = np.arange(len(found)) if left is None else left
                own = [words[last[rows] - back] for back in range(0, 8 * max(1, -(-form.length // 8)), 8)]
                is_one, numbers = _numbers(form, own)
                is_one &= lengths[rows] == form.length
                found[rows[is_one]] = numbers[is_one]
                left = rows[~is_one]
        return True

    def _form(self, name: bytes) -> Form | None:
        """The form of a name, new or known; None where there is no room for another."""
        before, digits = _apart(name)
        known = self._by_name.get((before, len(digits)))
        if known is not None:
            return known
        base, used = self._used, self._used + 10 ** len(digits)
        if len(self._by_name) == _MOST or used > _ROOM:
            return None
        self._used = used
        made = self._by_name[before, len(digits)] = Form(before, len(digits), base)
        return made


def _apart(name: bytes) -> tuple[bytes, bytes]:
    """What a name begins with, and its last digits."""
    found = _NUMBERED.fullmatch(name)
    assert found is not None
    return found[1], found[2]


def _numbers(form: Form, words: list[Any]) -> tuple[Any, Any]:
    """Which names are of a form, by their last eight bytes, those before …; and the numbers of these."""
    found = np.full(len(words[0]), form.base, np.int32)
    is_one = np.ones(len(found), bool)
    for place, word in enumerate(words):
        at = [form.length - 8 * (place + 1) + n for n in range(8)]
        mask = sum(0xFF << (8 * n) for n, byte in enumerate(at) if 0 <= byte < len(form.before))
        if mask:
            said = sum(form.before[byte] << (8 * n) for n, byte in enumerate(at) if 0 <= byte < len(form.before))
            is_one &= (word & np.uint64(mask)) == np.uint64(said)
    if form.digits:
        of_digits = sum(0xFF << (8 * n) for n in range(8) if 8 - n <= form.digits)
        digits = words[0] & np.uint64(of_digits) | _ZEROS & ~np.uint64(of_digits)
        is_one &= (digits & _UPPER | (digits + _SIXES & _UPPER) >> _4) == _SAME
        digits -= _ZEROS
        digits = digits * _10 + (digits >> _8) & _PAIRS
        digits = digits * _100 + (digits >> _16) & _FOURS
        digits = digits * _10000 + (digits >> _32) & _EIGHTS
        if form.digits > 8:
            first = (words[1] >> _56) - np.uint64(ord("0"))
            is_one &= first < _10
            digits += first * np.uint64(10**8)
        found += digits.astype(np.int32)
    return is_one, found


def _fits(size: int) -> None:
    """Raises ``BadTable`` where so many bytes of names are more than one array of texts holds."""
    if size > _TEXT:
        raise BadTable(f"its names come to {size:,} bytes, and 2 GiB are the most at once: judge the log in parts")


def _spelt(form: Form, numbers: Any) -> pa.Array:
    """The names of one form that have these numbers."""
    length, before = form.length, len(form.before)
    _fits(length * len(numbers))
    data = np.empty((len(numbers), length), np.uint8)
    data[:, :before] = np.frombuffer(form.before, np.uint8)
    for start in range(0, len(numbers), _AT_ONCE):
        own = data[start : start + _AT_ONCE]
        rest = (numbers[start : start + _AT_ONCE] - form.base).astype(np.uint32)
        for place in range(length - 4, before - 1, -4):
            more = rest // np.uint32(10_000)
            np.ndarray((len(own),), np.uint32, own.data, place, (length,))[:] = _SPELT[rest - more * np.uint32(10_000)]
            rest = more
        for place in range(before + form.digits % 4 - 1, before - 1, -1):
            tenth = rest // np.uint32(10)
            own[:, place] = rest - tenth * np.uint32(10) + np.uint32(ord("0"))
            rest = tenth
    ends = np.arange(0, length * len(numbers) + 1, length or 1, dtype=np.int32)
    ends = ends if length else np.zeros(len(numbers) + 1, np.int32)
    return pa.Array.from_buffers(pa.string(), len(numbers), [None, pa.py_buffer(ends), pa.py_buffer(data)])
