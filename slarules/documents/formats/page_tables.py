"""A table on a page: how large its letters are, how wide each column becomes, and which rows may break."""

from __future__ import annotations

from collections.abc import Sequence

from slarules.documents.blocks import Cell, Grid
from slarules.documents.formats import measures
from slarules.documents.formats.as_set import as_set
from slarules.documents.formats.characters import one_line
from slarules.documents.formats.placed import TOGETHER, Data, Place, lines_of, of_text, of_words, within

SIZES = (9.0, 8.0, 7.0)
"""Points of the letters; the first that fits is taken."""
CELL = 11.0
"""Points that a cell needs beside its words."""


def of_grid(block: Grid, place: Place) -> Data:
    """The table as the template reads it, its widths in points."""
    rows = (block.head, *block.rows)
    size, columns = _columns(block, rows, place)
    head, *below = (_row(row, columns, within(place, size=size)) for row in rows)
    return {
        "caption": of_text(one_line(block.caption), place),
        "size": size,
        "columns": columns,
        "row_heads": block.row_heads,
        "head": head,
        "rows": below,
        "long": sum(max(cell["lines"] for cell in row) for row in (head, *below) if row) > TOGETHER,
    }


def _columns(block: Grid, rows: Sequence[Sequence[Cell]], place: Place) -> tuple[float, list[float]]:
    """How large the letters are, and how wide each column is."""
    count = sum(cell.across for cell in block.head)
    least, wanted = [0.0] * count, [0.0] * count
    for row in rows:
        at = 0
        for n, cell in enumerate(row):
            if cell.across == 1 and at < count:
                bold = measures.BOLD if row is block.head or (n == 0 and block.row_heads) else 1.04
                text = "".join(as_set(word.text) for word in cell.words)
                least[at] = max(least[at], measures.longest(text) * bold)
                wanted[at] = max(wanted[at], measures.broadest(text) * bold)
            at += cell.across
    size = next((one for one in SIZES if sum(least) * one + CELL * count <= place.width), SIZES[-1])
    needs = [one * size + CELL for one in least]
    if block.widths is not None:
        return size, measures.parted(block.widths, needs, place.width)
    return size, measures.columns(needs, [one * size + CELL for one in wanted], place.width)


def _row(row: Sequence[Cell], columns: Sequence[float], place: Place) -> list[Data]:
    made: list[Data] = []
    at = 0
    for cell in row:
        width = sum(columns[at : at + cell.across])
        at += cell.across
        inner = Place(max(width - CELL, place.size), place.height, place.size, place.anchors)
        lines = lines_of(cell.words, inner)
        made.append({
            "words": of_words(cell.words, inner, measures.BOLD),
            "right": cell.right,
            "across": cell.across,
            "lines": lines,
        })
    long = any(cell["lines"] * place.size * 1.35 > place.height * 0.6 for cell in made)
    return [cell | {"long": long} for cell in made]  # a row breaks only if each of its cells may
