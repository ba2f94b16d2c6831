"""A clause as Word holds it: a table with the contract's words on the left and what the rules say on the right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from slarules.documents.blocks import Beside, Quotation, Run, Statement, Words, paragraphs
from slarules.documents.formats.characters import one_line
from slarules.documents.formats.docx_tables import WHOLE, cell, lines, row, shares, table
from slarules.documents.formats.docx_words import Element, Writing, bookmarked, commented, paragraph, run, runs, w

HEADS = ("The contract’s words", "In plain English")
"""Of the two columns."""
PARTS = (41, 59)
"""How they share the page."""
SAME = "The same words: {}"
"""On the left of a row that goes on with what is said of the words above."""
TOGETHER = 20
"""Lines up to which all that is said of the same words is one row."""


def besides(blocks: Iterable[Beside], writing: Writing) -> list[Element]:
    """Clauses that follow each other, in one table."""
    widths = shares(PARTS, writing.width)
    heads = [cell([paragraph("TableHead", [run(head)])], [width]) for head, width in zip(HEADS, widths, strict=True)]
    made = [row(heads, whole=True, head=True)]
    for number, block in enumerate(blocks):
        made += _rows(block, widths, number > 0, writing)
    return table("ClauseTable", widths, made, caption=" | ".join(HEADS))


def _rows(block: Beside, widths: Sequence[int], parted: bool, writing: Writing) -> list[Element]:
    """The rows of one clause: one, or as many as are needed to keep each short enough for a page.

    The first holds the contract's words and as many statements as stand beside them; each of the others holds one more
    statement. ``parted``: with a line above the first.
    """
    words = [part for quotation in block.quotations for part in quoted(quotation, "ContractWords")]
    left = sum(lines(quotation.text, widths[0]) + 2 for quotation in block.quotations)
    heights = [_height(one, widths[1]) for one in block.statements]
    first = _beside(heights, left)
    groups = [block.statements[:first], *((one,) for one in block.statements[first:])]
    places = "; ".join(dict.fromkeys(one_line(quotation.where) for quotation in block.quotations))
    made = []
    for number, group in enumerate(groups):
        edge = w("tcBorders", w("top", val="single", sz=4, space=0, color="A6A6A6")) if parted and not number else None
        told = [part for one in group for part in statement(one, writing)]
        height = max(sum(_height(one, widths[1]) for one in group), left if not number else 0)
        theirs = [paragraph("ContractWordsAgain", [run(SAME.format(places))])] if number and places else words
        words = []
        made.append(row((cell(theirs, widths[:1], edge), cell(told, widths[1:], edge)), whole=height <= WHOLE))
    return made


def _beside(heights: Sequence[int], left: int) -> int:
    """How many statements stand in the first row: all of a short clause, else those for which the left side is long
    enough, and one at least."""
    room = max(left, TOGETHER)
    return next((n for n in range(1, len(heights)) if sum(heights[: n + 1]) > room), len(heights))


def _height(one: Statement, width: int) -> int:
    """About how many lines it takes."""
    said = " ".join(word.text for sentence in one.sentences for word in sentence)
    title = lines(one.title, width) if one.title else 0
    return lines(f"{one.name} {one.sort}", width) + title + lines(said, width) + 1


def statement(one: Statement, writing: Writing, *, alone: bool = False) -> list[Element]:
    """A rule's name and sort, with the comments on it, and below it what it says.

    ``alone``: not in a table, where Word would take what keeps paragraphs together for what keeps rows together.
    """
    together = w("keepNext") if alone else None
    name = [run(one_line(one.name)), run(f"  {one_line(one.sort)}", "RuleSort")]
    named = paragraph("RuleName", bookmarked(one.anchor, commented(name, one.remarks, writing), writing), together)
    titled = [paragraph("RuleTitle", [run(one_line(one.title))], together)] if one.title else []
    said = [paragraph("RuleStatement", _joined(sentences, writing)) for sentences in paragraphs(one.sentences)]
    return [named, *titled, *said]


def _joined(sentences: Iterable[Words], writing: Writing) -> Iterator[Element]:
    for number, sentence in enumerate(sentences):
        if number:
            yield run(" ")
        elif sentence and isinstance(sentence[0], Run):
            sentence = (Run(sentence[0].text.lstrip("\n"), sentence[0].style), *sentence[1:])
        yield from runs(sentence, writing)


def quoted(quotation: Quotation, style: str) -> list[Element]:
    """The contract's own words, and below them where they stand; ``style`` and the same with ``Source``."""
    source = "QuotationSource" if style == "Quote" else f"{style}Source"
    words = paragraph(style, [run(quotation.text)], w("keepNext") if style == "Quote" else None)
    return [words, paragraph(source, [run(one_line(quotation.where))])]
