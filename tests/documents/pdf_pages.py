"""What a PDF has, read by libraries that had no part in making it: its pages' words, where they stand, its tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ctypes import c_double
from io import BytesIO
from typing import Any

import pypdf
import pypdfium2
import pypdfium2.raw as raw
from attrs import frozen


@frozen
class Box:
    """Where a piece of text stands, in points from the left and the top of its page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def texts(pdf: bytes) -> list[str]:
    """The words of each page."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def squeezed(text: str) -> str:
    """Without blanks, and without marks that are not seen: lines break where they like."""
    return re.sub(r"[\s\u200b-\u200d\u2060\ufeff\u00ad\u2068\u2069\ufffe\x02]+", "", text)


def found(pdf: bytes, text: str) -> int:
    """How often the text stands in the PDF, over lines and pages."""
    return squeezed("".join(texts(pdf))).count(squeezed(text))


def boxes(pdf: bytes) -> Iterator[tuple[int, float, list[Box]]]:
    """Each page's number and width, and its characters that can be seen."""
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    for number, page in enumerate(pypdfium2.PdfDocument(pdf), 1):
        width, height = page.get_size()
        words = page.get_textpage()
        placed = []
        for n in range(words.count_chars()):
            char = chr(raw.FPDFText_GetUnicode(words, n))
            if char.isspace():
                continue
            raw.FPDFText_GetCharBox(words, n, left, right, bottom, top)
            if right.value > left.value:
                placed.append(Box(char, left.value, height - top.value, right.value, height - bottom.value))
        assert placed
        yield number, width, placed


def lines(page: list[Box]) -> list[Box]:
    """Its characters put together to lines, from top to bottom; words beside each other are one line."""
    rows: list[list[Box]] = []
    for box in sorted(page, key=lambda one: (one.bottom, one.left)):
        if rows and abs(rows[-1][-1].bottom - box.bottom) < 4:
            rows[-1].append(box)
        else:
            rows.append([box])
    made = []
    for row in rows:
        row.sort(key=lambda one: one.left)
        text = "".join(one.text for one in row)
        top, bottom = min(one.top for one in row), max(one.bottom for one in row)
        made.append(Box(text, row[0].left, top, max(one.right for one in row), bottom))
    return made


def tags(pdf: bytes) -> list[tuple[str, Any]]:
    """The tags of its structure in reading order, each with its entry."""
    root = pypdf.PdfReader(BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]
    made: list[tuple[str, Any]] = []

    def enter(entry: Any) -> None:
        entry = entry.get_object()
        if isinstance(entry, list):
            for one in entry:
                enter(one)
        elif isinstance(entry, dict):
            if "/S" in entry:
                made.append((entry["/S"], entry))
            if "/K" in entry:
                enter(entry["/K"])

    enter(root["/K"])
    return made
