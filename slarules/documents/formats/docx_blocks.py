"""Sections as Word holds them: headings that it can navigate, a table of contents, and each kind of block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import zip_longest

from docx.shared import Emu

from slarules.documents.blocks import (
    Beside,
    Block,
    Definitions,
    Figure,
    Grid,
    Item,
    Listing,
    Paragraph,
    Quotation,
    Section,
    SignOff,
    Statement,
)
from slarules.documents.formats.characters import one_line
from slarules.documents.formats.docx_clauses import besides, quoted, statement
from slarules.documents.formats.docx_tables import definitions, grid, sign_off
from slarules.documents.formats.docx_words import (
    Element,
    Writing,
    bookmarked,
    commented,
    field_start,
    link,
    paragraph,
    run,
    runs,
    w,
)
from slarules.documents.formats.raster import png

CONTENTS = "Contents"
ROLES = {"body": "BodyText", "lead": "Lead", "note": "SideNote"}
"""Role of a paragraph → its style."""
DEEPEST = 6
"""Levels of headings that there are styles for."""
LISTED_AT = (0, 567, 1247)
"""Where the entries of the table of contents begin, one for each level of headings in it."""
BULLETS = 1
"""Number of the bullets' own list."""
EMU_OF_TWIP, EMU_OF_UNIT = 635, 9525
"""Word's measure of pictures: in a twentieth of a point, and in 1/96 inch."""


def contents(sections: Sequence[Section], writing: Writing) -> list[Element]:
    """The table of contents, which Word and LibreOffice can make anew; its entries stand there already, as links.

    They have no page numbers: these are known to who sets the pages, and wrong ones would be worse than none.
    """
    entries = [
        paragraph(
            f"TOC{level}",
            link(section.anchor, [run(_title(section))], writing),
            None if section.number else w("ind", left=LISTED_AT[level - 1], firstLine=0),
        )
        for section, level in _levels(sections, 1)
        if level <= len(LISTED_AT)
    ]
    if not entries:
        return []
    for number, part in enumerate(field_start(f'TOC \\o "1-{len(LISTED_AT)}" \\h \\z \\u')):
        entries[0].insert(1 + number, part)
    end = paragraph("TableGap", [w("r", w("fldChar", fldCharType="end"))])
    heading = paragraph("TOCHeading", [run(CONTENTS)], w("pageBreakBefore"))
    gallery = w("docPartObj", w("docPartGallery", val="Table of Contents"), w("docPartUnique"))
    return [w("sdt", w("sdtPr", gallery), w("sdtContent", heading, *entries, end))]


def _levels(sections: Iterable[Section], level: int) -> Iterator[tuple[Section, int]]:
    for section in sections:
        yield section, level
        yield from _levels(section.sections, level + 1)


def _title(section: Section) -> str:
    title = one_line(section.title)
    return f"{one_line(section.number)}\t{title}" if section.number else title


def section(given: Section, writing: Writing, level: int = 1, *, new_page: bool = False) -> Iterator[Element]:
    """A heading and all that stands below it."""
    yield paragraph(
        f"Heading{min(level, DEEPEST)}",
        bookmarked(given.anchor, [run(_title(given))], writing),
        w("pageBreakBefore") if new_page or given.new_page else None,
        None if given.number else w("ind", left=0, firstLine=0),
    )
    yield from blocks(given.blocks, writing)
    for below in given.sections:
        yield from section(below, writing, level + 1)


def blocks(given: Iterable[Block], writing: Writing) -> Iterator[Element]:
    """Each block; clauses that follow each other stand in one table."""
    listed = list(given)
    clauses: list[Beside] = []
    for block, following in zip_longest(listed, listed[1:]):
        if isinstance(block, Beside):
            clauses.append(block)
            if not isinstance(following, Beside):
                yield from besides(clauses, writing)
                clauses = []
        else:
            yield from _block(block, following, writing)


def _block(block: Block, following: Block | None, writing: Writing) -> Iterable[Element]:
    match block:
        case Paragraph():
            together = w("keepNext") if isinstance(following, Listing) else None
            content = commented(runs(block.words, writing), block.remarks, writing)
            return [paragraph(ROLES[block.role], content, together)]
        case Quotation():
            return quoted(block, "Quote")
        case Beside():
            return besides([block], writing)
        case Statement():
            return statement(block, writing, alone=True)
        case Listing():
            style, number = ("ListNumber", next(writing.lists)) if block.ordered else ("ListBullet", BULLETS)
            return _items(block.items, style, number, 0, writing)
        case Definitions():
            return definitions(block, writing)
        case Grid():
            return grid(block, writing)
        case Figure():
            return _figure(block, writing)
        case SignOff():
            return sign_off(block, writing)


def _items(items: Iterable[Item], style: str, number: int, level: int, writing: Writing) -> Iterator[Element]:
    for item in items:
        place = w("numPr", w("ilvl", val=min(level, 8)), w("numId", val=number))
        yield paragraph(style, runs(item.words, writing), place)
        yield from _items(item.items, style, number, level + 1, writing)


def _figure(figure: Figure, writing: Writing) -> list[Element]:
    """A picture, no larger than the page, with its words for who cannot see it; its caption stays with it."""
    picture = figure.picture
    widest, highest = writing.width * EMU_OF_TWIP, writing.height * EMU_OF_TWIP * 4 // 5
    units = (picture.width * EMU_OF_UNIT, picture.height * EMU_OF_UNIT)
    scale = min(1.0, widest / units[0], highest / units[1])
    width, height = (Emu(round(side * scale)) for side in units)
    inline = writing.document.part.new_pic_inline(BytesIO(png(picture)), width, height)
    for side in ("distT", "distB", "distL", "distR"):  # where they are not stated, LibreOffice adds some
        inline.set(side, "0")
    number = next(writing.pictures)
    for name, value in (("id", number), ("name", f"Picture {number}"), ("descr", one_line(picture.description)),
                        ("title", one_line(picture.title))):
        inline.docPr.set(name, str(value))
    drawn = paragraph("Figure", [w("r", w("drawing", inline))])
    return [drawn, paragraph("FigureCaption", [run(one_line(figure.caption))])]
