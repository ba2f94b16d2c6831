"""JSON lines looked at byte by byte: where each value stands, for keys that are known; what is not plain is told.

Plain loops over arrays, compiled where numba is installed. A line is plain if it is one JSON object of known keys, each
there once, nested as it is known, with whole numbers of at most 18 digits and fractions without an exponent. Every
other line is left to the reader of single lines, sound or not.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from slarules.readers.columns.compiled import compiled

ABSENT, TEXT, ESCAPED, INTEGER, FRACTION, TRUE, FALSE, NULL, LIST, OBJECT = range(10)
"""What a value is; ``ESCAPED`` is text with escapes."""
PLAIN, ODD, NEW_KEY = range(3)
"""What a line is."""
_DEPTH = 8
_DIGITS = 18
_LONG = 40


@compiled
def _text_end(data: Any, at: int, end: int, ascii_only: bool) -> int:
    """Behind the closing quotation mark of a text's inside at ``at``; negative if it has escapes; 0 if unsound."""
    escaped = False
    while at < end:
        byte = data[at]
        if byte == 34:
            return -(at + 1) if escaped else at + 1
        if byte < 32 or (byte > 127 and ascii_only):
            return 0
        if byte == 92:
            escaped = True
            at += 1
            if at >= end:
                return 0
            byte = data[at]
            if byte == 117:
                unit = _unit(data, at + 1, end)
                if unit < 0 or 0xDC00 <= unit < 0xE000:
                    return 0
                at += 4
                if 0xD800 <= unit < 0xDC00:
                    if at + 2 >= end or data[at + 1] != 92 or data[at + 2] != 117:
                        return 0
                    low = _unit(data, at + 3, end)
                    if not 0xDC00 <= low < 0xE000:
                        return 0
                    at += 6
            elif not (
                byte == 34 or byte == 92 or byte == 47 or byte == 98 or byte == 102 or byte == 110 or byte == 114
                or byte == 116
            ):
                return 0
        at += 1
    return 0


@compiled
def _unit(data: Any, at: int, end: int) -> int:
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
def _number_end(data: Any, at: int, end: int) -> int:
    """Behind a number; negative if it has a fraction; 0 if it is none, or too long, or has an exponent."""
    begin = at
    if at < end and data[at] == 45:
        at += 1
    first = at
    while at < end and 48 <= data[at] <= 57:
        at += 1
    whole = at - first
    if whole == 0 or whole > _DIGITS or (whole > 1 and data[first] == 48):
        return 0
    if at < end and data[at] == 46:
        at += 1
        dot = at
        while at < end and 48 <= data[at] <= 57:
            at += 1
        if at == dot or at - begin > _LONG or (at < end and (data[at] == 101 or data[at] == 69)):
            return 0
        return -at
    if at < end and (data[at] == 101 or data[at] == 69):
        return 0
    if whole == 1 and data[first] == 48 and first > begin:
        return 0
    return at


@compiled
def _blanks(data: Any, at: int, end: int) -> int:
    while at < end and (data[at] == 32 or data[at] == 9 or data[at] == 13):
        at += 1
    return at


@compiled
def _word_end(data: Any, at: int, end: int) -> int:
    """Behind ``true``, ``false`` or ``null``; 0 where it is none of them."""
    if at + 4 <= end:
        if data[at] == 116 and data[at + 1] == 114 and data[at + 2] == 117 and data[at + 3] == 101:
            return at + 4
        if data[at] == 110 and data[at + 1] == 117 and data[at + 2] == 108 and data[at + 3] == 108:
            return at + 4
    if (
        at + 5 <= end
        and data[at] == 102 and data[at + 1] == 97 and data[at + 2] == 108 and data[at + 3] == 115
        and data[at + 4] == 101
    ):
        return at + 5
    return 0


@compiled
def _list_end(data: Any, at: int, end: int, ascii_only: bool) -> int:
    """Behind a list of texts, numbers and words that begins at ``at``; 0 where it is none."""
    at = _blanks(data, at + 1, end)
    if at < end and data[at] == 93:
        return at + 1
    while at < end:
        if data[at] == 34:
            at = abs(_text_end(data, at + 1, end, ascii_only))
        elif data[at] == 45 or 48 <= data[at] <= 57:
            at = abs(_number_end(data, at, end))
        else:
            at = _word_end(data, at, end)
        if at == 0:
            return 0
        at = _blanks(data, at, end)
        if at >= end:
            return 0
        if data[at] == 93:
            return at + 1
        if data[at] != 44:
            return 0
        at = _blanks(data, at + 1, end)
    return 0


@compiled
def _other_end(data: Any, at: int, end: int, ascii_only: bool) -> int:
    """Behind a value that is neither text nor an object; negative for a fraction; 0 if it is not plain."""
    byte = data[at]
    if byte == 45 or 48 <= byte <= 57:
        return _number_end(data, at, end)
    if byte == 91:
        return _list_end(data, at, end, ascii_only)
    return _word_end(data, at, end)


@compiled
def scan(
    data: Any, ascii_only: bool, longest: int, names: Any, name_at: Any, child: Any, sibling: Any, usual: Any,
    kinds: Any, starts: Any, sizes: Any, states: Any, lines: Any,
) -> int:
    """Looks at every line of ``data``; how many there are.

    Keys are numbered, 0 being the object of the line itself. ``names`` from ``name_at[key]`` is a key's name,
    ``child`` the first key inside its object, ``sibling`` the next beside it, -1 where there is none; ``usual`` is what
    followed it last. Written are, for each key and line, ``kinds``, ``starts`` and ``sizes`` of its value, all zero
    before; and for each line its state and where it begins.

    It is one long function because what is called for each value costs more than reading the value: only what is rare
    is called.
    """
    end, at, row, count = len(data), 0, 0, len(child)
    above = np.zeros(_DEPTH + 1, np.int64)
    while at < end:
        line, state = at, ODD
        lines[row] = line
        while at < end and (data[at] == 32 or data[at] == 9 or data[at] == 13):
            at += 1
        depth, inside, before, first = 0, 0, count, True
        going = at < end and data[at] == 123
        at += 1
        while going:
            going = False
            while at < end and (data[at] == 32 or data[at] == 9 or data[at] == 13):
                at += 1
            if at >= end:
                break
            closed = first and data[at] == 125
            if closed:
                at += 1
            else:
                # A key.
                if data[at] != 34:
                    break
                begin = at + 1
                at = begin
                while at < end:
                    byte = data[at]
                    if byte == 34 or byte == 92 or byte < 32 or (byte > 127 and ascii_only):
                        break
                    at += 1
                if at >= end or data[at] != 34:
                    break
                size = at - begin
                key = usual[before]
                same = key >= 0 and name_at[key + 1] - name_at[key] == size
                if same:
                    place = name_at[key]
                    for n in range(size):
                        if data[begin + n] != names[place + n]:
                            same = False
                            break
                if not same:
                    key = child[inside]
                    while key >= 0:
                        place = name_at[key]
                        if name_at[key + 1] - place == size:
                            same = True
                            for n in range(size):
                                if data[begin + n] != names[place + n]:
                                    same = False
                                    break
                            if same:
                                break
                        key = sibling[key]
                    if not same:
                        state = NEW_KEY
                        break
                    usual[before] = key
                if kinds[key, row] != ABSENT:
                    break
                at += 1
                while at < end and (data[at] == 32 or data[at] == 9 or data[at] == 13):
                    at += 1
                if at >= end or data[at] != 58:
                    break
                at += 1
                while at < end and (data[at] == 32 or data[at] == 9 or data[at] == 13):
                    at += 1
                if at >= end:
                    break
                # Its value.
                begin, byte = at, data[at]
                starts[key, row] = begin
                if byte == 34:
                    at += 1
                    while at < end:
                        byte = data[at]
                        if byte == 34 or byte == 92 or byte < 32 or (byte > 127 and ascii_only):
                            break
                        at += 1
                    if at >= end:
                        break
                    kind = TEXT
                    if data[at] == 34:
                        at += 1
                    elif data[at] == 92:
                        at = -_text_end(data, at, end, ascii_only)
                        kind = ESCAPED
                        if at <= 0:
                            break
                    else:
                        break
                elif byte == 123:
                    if depth >= _DEPTH:
                        break
                    kinds[key, row] = OBJECT
                    above[depth] = inside
                    depth, inside, before, first = depth + 1, key, count + key, True
                    at += 1
                    going = True
                    continue
                else:
                    at = _other_end(data, at, end, ascii_only)
                    if at == 0:
                        break
                    kind = INTEGER
                    if at < 0:
                        kind, at = FRACTION, -at
                    elif byte == 91:
                        kind = LIST
                    elif byte == 116:
                        kind = TRUE
                    elif byte == 102:
                        kind = FALSE
                    elif byte == 110:
                        kind = NULL
                kinds[key, row] = kind
                sizes[key, row] = at - begin
                before = key
            # Behind a value, or behind an object's end.
            while True:
                if closed:
                    if depth == 0:
                        while at < end and (data[at] == 32 or data[at] == 9 or data[at] == 13):
                            at += 1
                        if at >= end or data[at] == 10:
                            state = PLAIN
                        break
                    sizes[inside, row] = at - starts[inside, row]
                    depth -= 1
                    before, inside = inside, above[depth]
                while at < end and (data[at] == 32 or data[at] == 9 or data[at] == 13):
                    at += 1
                if at >= end:
                    break
                if data[at] == 44:
                    at += 1
                    first, going = False, True
                    break
                if data[at] != 125:
                    break
                at += 1
                closed = True
        if state != PLAIN:
            at = line
            while at < end and data[at] != 10:
                at += 1
        elif at + 1 - line > longest:
            state = ODD
        states[row] = state
        at += 1
        row += 1
    return row


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


@compiled
def copied(data: Any, starts: Any, sizes: Any, chosen: Any, offsets: Any, out: Any) -> int:
    """Copies the bytes at the places of the chosen rows, one behind the other; how many there are.

    ``out`` has room for them, ``offsets`` for one more than there are rows.
    """
    at = 0
    for row in range(len(starts)):
        offsets[row] = at
        if chosen[row]:
            begin = starts[row]
            for n in range(sizes[row]):
                out[at + n] = data[begin + n]
            at += sizes[row]
    offsets[len(starts)] = at
    return at


@compiled
def texts(data: Any, starts: Any, sizes: Any, kinds: Any, chosen: Any, offsets: Any, out: Any) -> int:
    """The same for texts, without their quotation marks, escapes resolved to UTF-8."""
    at = 0
    for row in range(len(starts)):
        offsets[row] = at
        if not chosen[row]:
            continue
        begin, end = starts[row] + 1, starts[row] + sizes[row] - 1
        if kinds[row] == TEXT:
            for n in range(end - begin):
                out[at + n] = data[begin + n]
            at += end - begin
            continue
        while begin < end:
            byte = data[begin]
            if byte != 92:
                out[at] = byte
                at, begin = at + 1, begin + 1
                continue
            byte = data[begin + 1]
            begin += 2
            if byte == 117:
                point = _unit(data, begin, end)
                begin += 4
                if 0xD800 <= point < 0xDC00:
                    point = 0x10000 + (point - 0xD800) * 1024 + _unit(data, begin + 2, end) - 0xDC00
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
    offsets[len(starts)] = at
    return at


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
