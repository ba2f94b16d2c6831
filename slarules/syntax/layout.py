"""A text's lines: what is indented under what, which lines go on, what is a comment, what is quoted."""

from __future__ import annotations

import re
import unicodedata

from attrs import define, frozen

from slarules.diagnostics import Diagnostic, Edit, error
from slarules.source import Source, Span

DEEPEST = 64
"""Blocks may stand this deep; so may parentheses."""
LARGEST = 4_000_000
"""Characters in one policy file; a contract has tens of thousands."""

BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Control characters of ASCII that no text needs; a tab and the ends of lines have rules of their own."""
BLANKS = " \u00a0"
GOES_ON = re.compile(r"(,|\b(?:and|or|because))$")
GOES_ON_NEXT = re.compile(r"(?:and|or)\b|[\"“]")
EXPECT = re.compile(r"expect\b")
WORDS_OR_PARENTHESIS = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|[()]")
STEP = re.compile(r"\d|as of\b|expect\b|<")
LOOKALIKES = {"а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "х": "x", "у": "y", "і": "i", "ѕ": "s", "ο": "o"}


@frozen
class Line:
    """One line as the grammar sees it: lines that go on are joined."""

    indent: int
    """Blanks before its first word."""
    pieces: tuple[tuple[int, int], ...]
    """Offsets of the text of each physical line, without indentation and comment."""
    quote: bool = False
    """Whether it is a run of ``>`` lines."""

    @property
    def start(self) -> int:
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        return self.pieces[-1][1]


@frozen
class Layout:
    """The lines of a text, and its comments."""

    lines: tuple[Line, ...]
    comments: tuple[Span, ...]


def lay_out(source: Source) -> tuple[Layout, list[Diagnostic]]:
    """The lines of ``source``, with what is wrong in its characters and indentation."""
    if len(source.text) > LARGEST:
        size = f"{len(source.text):,} characters"
        told = "a policy file may have 4,000,000; is this an event log?"
        return Layout((), ()), [error("E0108", Span(source, 0, 0), f"the file is too large: {size}", told)]
    problems = _characters(source)
    begun: list[_Begun] = []
    comments: list[Span] = []
    blank = True
    remark = False
    for number in range(1, len(source.line_starts) + 1):
        start = source.line_starts[number - 1]
        text = source.line_text(number)
        body = text.lstrip(BLANKS + "\t\ufeff\r")
        if not body.strip():
            blank = True
            continue
        indent = len(text) - len(body)
        at = start + indent
        if "\t" in text[:indent]:
            problems.append(_tab(source, number, indent))
            indent = _width(source, number, text[:indent])  # so that one tab is one mistake
        elif "\ufeff" in text[:indent]:
            indent -= text[:indent].count("\ufeff")  # told by `_characters`, and takes no room
        if body.startswith(">"):
            _quote(begun, indent, at, start + len(text.rstrip()), blank or remark)
            blank = remark = False
            continue
        end = start + before_comment(text)
        if end < start + len(text):
            comments.append(Span(source, end, start + len(text)))
            end = start + len(text[: end - start].rstrip(BLANKS + "\t\r"))
        else:
            end = start + len(text.rstrip(BLANKS + "\t\r"))
        remark = end <= at  # a line that is only a comment ends a quotation
        if not remark:
            _add(begun, source, indent, at, end, blank)
        blank = False
    lines = [Line(one.indent, tuple(one.pieces), one.quote) for one in begun]
    return Layout(tuple(lines), tuple(comments)), problems + _depths(source, lines) + _parentheses(source, lines)


@define
class _Begun:
    """A line that may still go on."""

    indent: int
    pieces: list[tuple[int, int]]
    quote: bool = False


def _unended(text: str, start: int, end: int) -> bool:
    """Whether a piece ends in a word after which a line goes on."""
    may = text.endswith((",", "and", "or", "because"), start, end)  # else each of its characters would be looked at
    return may and GOES_ON.search(text[start:end]) is not None


def _quote(lines: list[_Begun], indent: int, at: int, end: int, blank: bool) -> None:
    if lines and lines[-1].quote and lines[-1].indent == indent and not blank:
        lines[-1].pieces = [(lines[-1].pieces[0][0], end)]
    else:
        lines.append(_Begun(indent, [(at, end)], True))


def _add(lines: list[_Begun], source: Source, indent: int, at: int, end: int, blank: bool) -> None:
    last = lines[-1] if lines else None
    goes_on = (
        last is not None
        and not last.quote
        and not blank
        and indent > last.indent
        and (_unended(source.text, *last.pieces[-1]) or GOES_ON_NEXT.match(source.text, at, end))
    )
    if last is not None and EXPECT.match(source.text, at) and STEP.match(source.text, last.pieces[0][0]):
        indent = min(indent, last.indent)  # `expect` lines stand under their step as columns do
    if last is not None and goes_on:
        last.pieces.append((at, end))
    else:
        lines.append(_Begun(indent, [(at, end)]))


def before_comment(text: str) -> int:
    """Where the comment of a line begins, or its length; ``--`` within a string is text."""
    at = text.find("--")
    if at < 0:
        return len(text)
    if '"' not in text[:at] and "“" not in text[:at]:
        return at
    closing: str | None = None
    for i, char in enumerate(text):
        if closing:
            if char == closing:
                closing = None
        elif char in '"“':
            closing = "”" if char == "“" else char
        elif char == "-" and text.startswith("--", i):
            return i
    return len(text)


def _tab(source: Source, number: int, indent: int) -> Diagnostic:
    start = source.line_starts[number - 1]
    span = Span(source, start, start + indent)
    blanks = Edit(span, " " * _width(source, number, span.text))
    return error("E0101", span, "a tab in the indentation", "indent with blanks, two for each level", edit=blanks)


def _width(source: Source, number: int, indentation: str) -> int:
    """How many blanks its tabs most likely stand for: as many as the next line or the one above has, else two each."""
    widths = [len(indentation.expandtabs(size)) for size in (2, 4, 8)]
    for other in (number + 1, number - 1):
        text = source.line_text(other) if 1 <= other <= len(source.line_starts) else ""
        beside = len(text) - len(text.lstrip(BLANKS))
        if text.strip() and "\t" not in text[: beside + 1] and beside in widths:
            return beside
    return widths[0]


def _depths(source: Source, lines: list[Line]) -> list[Diagnostic]:
    """Lines that go back to an indentation that no line above has, and blocks too deep."""
    problems = []
    depths = [0]
    for line in lines:
        if line.indent > depths[-1]:
            depths.append(line.indent)
            if len(depths) == DEEPEST + 2:
                problems.append(
                    error(
                        "E0107",
                        Span(source, line.start, line.end),
                        f"blocks stand more than {DEEPEST} deep",
                        "say it with fewer levels",
                    )
                )
            continue
        left = line.indent
        while line.indent < depths[-1]:
            left = depths.pop()
        if line.indent != depths[-1]:
            above = f"{depths[-1]} or {left} blanks"
            problems.append(
                error(
                    "E0102",
                    Span(source, line.start, line.end),
                    "this line's indentation fits no line above it",
                    f"indent it by {above}",
                )
            )
            depths.append(line.indent)
    return problems


def _parentheses(source: Source, lines: list[Line]) -> list[Diagnostic]:
    """Lines with parentheses too deep in one another."""
    problems = []
    for line in lines:
        if line.quote or source.text.count("(", line.start, line.end) <= DEEPEST:
            continue
        depth = 0
        for found in (m for piece in line.pieces for m in WORDS_OR_PARENTHESIS.finditer(source.text, *piece)):
            depth += {"(": 1, ")": -1}.get(found.group(), 0)
            if depth > DEEPEST:
                told = f"parentheses stand more than {DEEPEST} deep"
                problems.append(error("E0107", Span(source, *found.span()), told, "say it with fewer levels"))
                break
    return problems


def _characters(source: Source) -> list[Diagnostic]:
    """Characters that mislead a reader: controls, what is invisible, letters and digits that look like others."""
    if source.text.isascii() and CONTROLS.search(source.text) is None:
        return []
    problems = []
    quoted = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|--[^\n]*|(?m:^[ \t\u00a0]*>[^\n]*)")
    data = [m.span() for m in quoted.finditer(source.text)]
    for found in re.finditer(rf"[^\x00-\x7f]|{CONTROLS.pattern}", source.text):
        char, at = found.group(), found.start()
        span = Span(source, at, at + 1)
        if char in BIDI:
            problems.append(
                error(
                    "E0105",
                    span,
                    f"a mark that turns the writing's direction (U+{ord(char):04X})",
                    "remove it: what a reader sees and what is judged would differ",
                    edit=Edit(span, ""),
                )
            )
        elif unicodedata.category(char) in ("Cc", "Co", "Cn"):
            problems.append(error("E0105", span, f"a control character (U+{ord(char):04X})", "remove it"))
        elif any(a <= at < b for a, b in data):
            continue
        elif unicodedata.category(char) == "Cf" and at:  # a byte-order mark at the beginning is W0103
            told = f"an invisible character (U+{ord(char):04X})"
            problems.append(error("E0105", span, told, "remove it", edit=Edit(span, "")))
        elif unicodedata.category(char) == "Nd":
            digit = str(unicodedata.digit(char))  # a Bengali 4 looks like an 8
            told = f"it is a {digit}: numbers are written with the digits 0 to 9"
            number = f"the digit `{char}` (U+{ord(char):04X})"
            problems.append(error("E0106", span, number, told, edit=Edit(span, digit)))
        elif unicodedata.category(char)[0] == "L":
            like = LOOKALIKES.get(char)
            told = f"it looks like `{like}`" if like else "names are written with the letters a to z"
            edit = Edit(span, like) if like else None
            problems.append(error("E0106", span, f"the letter `{char}` (U+{ord(char):04X}) in a name", told, edit=edit))
    return problems
