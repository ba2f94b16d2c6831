"""JSON lines looked at byte by byte: where each value stands, for keys that are known; what is not plain is told.

Plain loops over arrays, compiled where numba is installed. A line is plain if it is one JSON object of known keys, each
there once, nested as it is known, with whole numbers of at most 18 digits and fractions without an exponent. Every
other line is left to the reader of single lines, sound or not.
"""

from __future__ import annotations

from typing import Any

from slarules.readers.columns.compiled import compiled, small
from slarules.readers.columns.values import (
    ABSENT,
    ESCAPED,
    FALSE,
    FRACTION,
    INTEGER,
    LIST,
    NULL,
    OBJECT,
    TEXT,
    TRUE,
    unit,
)
from slarules.readers.columns.words import MASKS, TOPS, before_first, bytes_below, every, same_bytes

PLAIN, ODD, NEW_KEY = range(3)
"""What a line is."""
DEPTH = 8
"""So many objects may stand inside each other."""
_DIGITS = 18
_LONG = 40
_QUOTES, _BACKSLASHES, _BELOW_32 = every(34), every(92), every(128 - 32)


@small
def _text_stop(data: Any, words: Any, at: Any, end: Any, ascii_only: Any) -> Any:
    """Where a text's inside at ``at`` stops: at a quotation mark, a backslash, or what no text may have; or the end."""
    while at < len(words):
        word = words[at]
        marks = same_bytes(word, _QUOTES) | same_bytes(word, _BACKSLASHES) | bytes_below(word, _BELOW_32)
        if ascii_only:
            marks |= word & TOPS
        if marks:
            return at + before_first(marks)
        at += 8
    while at < end:
        byte = data[at]
        if byte == 34 or byte == 92 or byte < 32 or (byte > 127 and ascii_only):
            break
        at += 1
    return at


@small
def _is_name(words: Any, at: Any, name_words: Any, place: Any, size: Any) -> Any:
    """Whether a name stands there with the mark that closes it; the bytes go on for a word behind it at least."""
    while size >= 8:
        if words[at] != name_words[place]:
            return False
        at, place, size = at + 8, place + 8, size - 8
    return ((words[at] ^ name_words[place]) & MASKS[size + 1]) == 0


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
                high = unit(data, at + 1, end)
                if high < 0 or 0xDC00 <= high < 0xE000:
                    return 0
                at += 4
                if 0xD800 <= high < 0xDC00:
                    if at + 2 >= end or data[at + 1] != 92 or data[at + 2] != 117:
                        return 0
                    low = unit(data, at + 3, end)
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
    data: Any, words: Any, ascii_only: bool, longest: int, names: Any, name_words: Any, name_at: Any, child: Any,
    sibling: Any, usual: Any, above: Any, kinds: Any, starts: Any, sizes: Any, states: Any, lines: Any,
) -> int:
    """Looks at every line of ``data``; how many there are.

    Keys are numbered, 0 being the object of the line itself. ``names`` from ``name_at[key]`` is a key's name with the
    mark that closes it, ``child`` the first key inside its object, ``sibling`` the next beside it, -1 where there is
    none; ``usual`` is what followed it last, ``above`` has room for the objects around one. Written are, for each key
    and line, ``kinds``, ``starts`` and ``sizes`` of its value, all zero before, of a text without its quotation marks;
    and for each line its state and where it begins.

    It is one long function because what is called for each value costs more than reading the value: only what is rare
    is called.
    """
    end, at, row, count = len(data), 0, 0, len(child)
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
                key = usual[before]
                size = name_at[key + 1] - name_at[key] - 1 if key >= 0 else 0
                if (
                    key >= 0
                    and begin + size + 8 < len(words)
                    and _is_name(words, begin, name_words, name_at[key], size)
                ):
                    at = begin + size
                else:
                    at = _text_stop(data, words, begin, end, ascii_only)
                    if at >= end or data[at] != 34:
                        break
                    size = at - begin
                    key = child[inside]
                    while key >= 0:
                        place = name_at[key]
                        if name_at[key + 1] - place - 1 == size:
                            same = True
                            for n in range(size):
                                if data[begin + n] != names[place + n]:
                                    same = False
                                    break
                            if same:
                                break
                        key = sibling[key]
                    if key < 0:
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
                if byte == 34:
                    begin = at + 1
                    at = _text_stop(data, words, begin, end, ascii_only)
                    if at >= end:
                        break
                    kind = TEXT
                    if data[at] == 92:
                        at = -_text_end(data, at, end, ascii_only) - 1
                        kind = ESCAPED
                        if at < 0:
                            break
                    elif data[at] != 34:
                        break
                    kinds[key, row], starts[key, row], sizes[key, row] = kind, begin, at - begin
                    at += 1
                    before = key
                elif byte == 123:
                    if depth >= DEPTH:
                        break
                    kinds[key, row], starts[key, row] = OBJECT, begin
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
                    kinds[key, row], starts[key, row], sizes[key, row] = kind, begin, at - begin
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
