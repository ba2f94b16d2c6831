"""Tables as Word holds them: heads that come again on each page, rows that stay whole, widths that fit their words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len

from slarules.documents.blocks import Cell, Definitions, Grid, SignOff, Words, plain
from slarules.documents.formats.characters import one_line, shown
from slarules.documents.formats.docx_words import Element, Writing, paragraph, run, runs, w
from slarules.documents.formats.measures import BOLD, broadest, columns, longest, parted

LINES = ("Name", "Title", "Date", "Signature")
"""What each party's representative fills in."""
ABREAST = 3
"""Parties that sign beside one another."""
TERM_PARTS = (27, 73)
"""How a term and its meaning share the page."""
LETTER = 95
"""About how wide a letter of a table is, in twentieths of a point."""
MARGINS = 240
"""Of a cell, left and right together."""
EM = 205
"""How wide an em of a table is, in twentieths of a point, for letters a little wider than those of our own font."""
WHOLE = 46
"""Lines up to which a row is kept on one page; a taller one may not fit on any, and would be cut off."""


def table(
    style: str, widths: Sequence[int], rows: Iterable[Element], *,
    caption: str = "", head: bool = True, row_heads: bool = False,
) -> list[Element]:
    """A table, and a small gap below it, without which the next one would be joined to it."""
    bits = 0x0600 | 0x20 * head | 0x80 * row_heads  # no bands of colour; the same in words is for newer readers
    look = {"firstRow": int(head), "lastRow": 0, "firstColumn": int(row_heads), "lastColumn": 0}
    made = w(
        "tbl",
        w(
            "tblPr",
            w("tblStyle", val=style),
            w("tblW", w=sum(widths), type="dxa"),
            w("tblLayout", type="fixed"),
            w("tblLook", val=f"{bits:04X}", **look, noHBand=1, noVBand=1),
            w("tblCaption", val=caption) if caption else None,
        ),
        w("tblGrid", *(w("gridCol", w=width) for width in widths)),
        *rows,
    )
    return [made, w("p", w("pPr", w("pStyle", val="TableGap")))]


def row(cells: Iterable[Element], *, whole: bool, head: bool = False, height: int = 0) -> Element:
    """A row. ``whole``: it stays on one page; ``head``: it comes again on each; ``height``: at least so high."""
    properties = (
        w("cantSplit") if whole else None,
        w("trHeight", val=height, hRule="atLeast") if height else None,
        w("tblHeader") if head else None,
    )
    stated = any(part is not None for part in properties)
    return w("tr", w("trPr", *properties) if stated else None, *cells)


def cell(content: Sequence[Element], widths: Sequence[int], borders: Element | None = None) -> Element:
    """A cell over so many columns. It holds one paragraph at least."""
    across = w("gridSpan", val=len(widths)) if len(widths) > 1 else None
    properties = w("tcPr", w("tcW", w=sum(widths), type="dxa"), across, borders)
    return w("tc", properties, *(content or [paragraph("TableText", ())]))


def lines(words: str, width: int) -> int:
    """About how many lines the words take in a column of this width."""
    letters = max(1, (width - MARGINS) // LETTER)
    return sum(1 + cell_len(line) // letters for line in words.split("\n"))


def shares(parts: Sequence[int], width: int) -> list[int]:
    """The width cut in these proportions; nothing of it is lost."""
    ends = [width * sum(parts[: n + 1]) // sum(parts) for n in range(len(parts))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def grid(block: Grid, writing: Writing) -> list[Element]:
    """A table of data with its caption above it."""
    widths = _widths(block, writing.width)
    made = [row(_cells(block.head, widths, "TableHead", "TableHead", writing), whole=True, head=True)]
    for given in block.rows:
        tallest = max((lines(_said(one.words), sum(span)) for one, span in _spans(given, widths)), default=0)
        first = "TableRowHead" if block.row_heads else "TableText"
        made.append(row(_cells(given, widths, first, "TableText", writing), whole=tallest <= WHOLE))
    caption = one_line(block.caption)
    above = [paragraph("Caption", [run(caption)], w("keepNext"))] if caption else []
    return [*above, *table("DataTable", widths, made, caption=caption, row_heads=block.row_heads)]


def _cells(given: Sequence[Cell], widths: Sequence[int], first: str, style: str, writing: Writing) -> Iterator[Element]:
    for number, (one, span) in enumerate(_spans(given, widths)):
        to_right = w("jc", val="right") if one.right else None
        yield cell([paragraph(style if number else first, runs(one.words, writing), to_right)], span)


def _spans(given: Sequence[Cell], widths: Sequence[int]) -> Iterator[tuple[Cell, Sequence[int]]]:
    """Each cell with the widths of its columns; empty cells make a short row as long as the others."""
    start = 0
    for one in given:
        yield one, widths[start : start + one.across]
        start += one.across
    for width in widths[start:]:
        yield Cell(plain("")), [width]


def _widths(block: Grid, whole: int) -> list[int]:
    """How wide the columns are: as stated, or as their words want; no word is broken where that can be helped."""
    least, wanted = ([float(MARGINS + 2 * EM)] * sum(one.across for one in block.head) for _ in range(2))
    for number, given in enumerate((block.head, *block.rows)):
        for at, one in _alone(given):
            said = _said(one.words)
            em = EM * BOLD if number == 0 or (at == 0 and block.row_heads) else EM
            least[at] = max(least[at], MARGINS + min(em * longest(said), whole / 3))
            wanted[at] = max(wanted[at], MARGINS + em * broadest(said))
    made = parted(block.widths, least, whole) if block.widths is not None else columns(least, wanted, whole)
    ends = [round(sum(made[: n + 1])) for n in range(len(made))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _alone(given: Sequence[Cell]) -> Iterator[tuple[int, Cell]]:
    """The cells that have a column to themselves, with its number."""
    at = 0
    for one in given:
        if one.across == 1:
            yield at, one
        at += one.across


def _said(words: Words) -> str:
    return shown("".join(word.text for word in words))


def definitions(block: Definitions, writing: Writing) -> list[Element]:
    """Terms, each with its meaning beside it."""
    widths = shares(TERM_PARTS, writing.width)
    made = []
    for term, meanings in block.entries:
        told = [paragraph("TermText", runs(meaning, writing)) for meaning in meanings]
        height = sum(lines(_said(meaning), widths[1]) for meaning in meanings)
        cells = (cell([paragraph("Term", runs(term, writing))], widths[:1]), cell(told, widths[1:]))
        made.append(row(cells, whole=height <= WHOLE))
    return table("TermTable", widths, made, head=False, row_heads=True) if made else []


def sign_off(block: SignOff, writing: Writing) -> list[Element]:
    """What is signed, and lines for each party; the whole stays together."""
    made = [paragraph("BodyText", runs(block.says, writing), w("keepNext"))]
    for start in range(0, len(block.parties), ABREAST):
        parties = [one_line(party) for party in block.parties[start : start + ABREAST]]
        widths = shares((16, *[84 // len(parties)] * len(parties)), writing.width)
        heads = [paragraph("TableHead", [run(text)]) for text in ("", *parties)]
        rows = [row((cell([head], [width]) for head, width in zip(heads, widths, strict=True)), whole=True, head=True)]
        for line in LINES:
            together = w("keepNext") if line != LINES[-1] else None
            first = cell([paragraph("TableRowHead", [run(line)], together)], widths[:1])
            empty = [cell([paragraph("TableText", (), together)], [width]) for width in widths[1:]]
            rows.append(row([first, *empty], whole=True, height=900 if line == LINES[-1] else 480))
        made += table("SignatureTable", widths, rows, caption="Lines to sign on", row_heads=True)
    return made
