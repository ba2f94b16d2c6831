"""A diagnostic as its reader sees it: code, place, the line itself, a caret under the words, what to do."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from slarules.diagnostics import Diagnostic, Level
from slarules.source import Span

STYLES = {Level.ERROR: "bold red", Level.WARNING: "bold yellow", Level.NOTE: "bold cyan"}
RULE = "blue"
WIDEST = 200
"""Cells of a line that are shown where no terminal says how many fit."""
NARROWEST = 40
TAB = "    "


def excerpt(
    diagnostic: Diagnostic, width: int | None = None, more: Sequence[tuple[str, Sequence[str]]] = ()
) -> Text:
    """The diagnostic over several lines, the last one ended; ``width`` is the terminal's, in cells.

    ``more`` are labels, each with the lines that stand behind and under it.
    """
    style = STYLES[diagnostic.level]
    text = Text()
    text.append(f"{diagnostic.level.value}[{diagnostic.code}]", style)
    text.append(f": {clean(diagnostic.message)}\n", "bold")
    places = [(diagnostic.span, "", "^", style)]
    places += [(span, label, "-", RULE) for span, label in diagnostic.related]
    gutter = max(len(str(span.line)) for span, *_ in places)
    for n, (span, label, mark, colour) in enumerate(places):
        arrow = "-->" if n == 0 else ":::"
        text.append(" " * gutter + arrow + " ", RULE)
        text.append(clean(str(span) if span.source.text else span.source.name) + "\n")
        if span.source.text:
            _line(text, span, gutter, label, mark, colour, width)
        elif label:
            text.append(" " * gutter + " = ", RULE)
            text.append(clean(label) + "\n")
    if diagnostic.help:
        text.append(" " * gutter + " = ", RULE)
        text.append("help: ", "bold green")
        text.append(_hanging(clean(diagnostic.help), gutter + len(" = help: "), width) + "\n")
    for label, lines in more:
        text.append(" " * gutter + " = ", RULE)
        text.append(f"{label}: ", "bold green")
        indent = "\n" + " " * (gutter + 3)
        text.append(indent.join((_hanging(clean(lines[0]), gutter + len(label) + 5, width), *map(clean, lines[1:]))))
        text.append("\n")
    return text


def _hanging(words: str, indent: int, width: int | None) -> str:
    """The words over lines that fit the terminal, all but the first indented."""
    if width is None or width - indent < NARROWEST:
        return words
    lines, used = [""], 0
    for word in words.split(" "):
        size = cell_len(word)
        if used and used + 1 + size > width - indent:
            lines.append(word)
            used = size
        else:
            lines[-1] += f" {word}" if used else word
            used += size + bool(used)
    return ("\n" + " " * indent).join(lines)


def _line(text: Text, span: Span, gutter: int, label: str, mark: str, colour: str, width: int | None) -> None:
    """The span's first line with marks under its words."""
    source, number = span.source, span.line
    line = source.line_text(number)
    first = span.column - 1
    last = max(min(first + span.end - span.start, len(line)), first)
    end_line = source.line_of(max(span.start, span.end - 1))
    room = max(NARROWEST, (width or WIDEST) - gutter - 3)
    shown, before, under = _window(line, first, last, room)
    text.append(" " * gutter + " |\n", RULE)
    text.append(f"{number:>{gutter}} | ", RULE)
    text.append(shown + "\n")
    text.append(" " * gutter + " | ", RULE)
    text.append(" " * before + mark * under, colour)
    said = f" … to line {end_line}" if end_line > number else ""
    said += f" {clean(label)}" if label else ""
    text.append(said + "\n", colour)


def _window(line: str, first: int, last: int, room: int) -> tuple[str, int, int]:
    """What fits of a line with the words ``[first, last)``: the text, cells before them, cells under them."""
    start = 0
    if len(line) > room * 4:  # do not measure a line of megabytes
        start = max(0, first - room)
        line = line[start : start + room * 3]
        first, last = first - start, min(last - start, len(line))
    pieces = [visible(char) for char in line]
    sizes = [cell_len(piece) for piece in pieces]
    before, under = sum(sizes[:first]), max(1, sum(sizes[first:last]))
    if start == 0 and sum(sizes) <= room:
        return "".join(pieces).rstrip(), before, under
    low = first
    left = 0 if start == 0 and before <= room // 2 else max(0, room // 3)
    if left == 0 and start == 0 and before <= room // 2:
        low = 0
    else:
        while low > 0 and sum(sizes[low - 1 : first]) <= left:
            low -= 1
    head = "…" if start or low else ""
    high, used = low, len(head)
    while high < len(pieces) and used + sizes[high] <= room - 1:
        used += sizes[high]
        high += 1
    tail = "…" if high < len(pieces) else ""
    before = len(head) + sum(sizes[low:first])
    return head + "".join(pieces[low:high]) + tail, before, max(1, min(under, room - before))


def visible(char: str) -> str:
    """A character as it may be shown: nothing moves the cursor, hides, or turns the writing's direction."""
    if char == "\t":
        return TAB
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if code > 0x7F and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
        return f"<U+{code:04X}>"
    return char


def clean(text: str) -> str:
    """Words of a file or of the user as they may be shown, on one line."""
    return (
        text
        if text.isascii() and text.isprintable()
        else "".join(visible(c) for c in text.replace("\n", " "))
    )
