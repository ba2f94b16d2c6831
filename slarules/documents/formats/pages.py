"""A document as data for setting it on paper: each of its blocks, and what of it is kept on one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

from attrs import evolve, frozen

from slarules.documents.blocks import (
    Beside,
    Block,
    Definitions,
    Document,
    Figure,
    Grid,
    Item,
    Link,
    Listing,
    Paragraph,
    Quotation,
    Remark,
    Run,
    Section,
    SignOff,
    Statement,
    Words,
    plain,
)
from slarules.documents.formats import fonts, measures
from slarules.documents.formats.as_set import UNSEEN, as_set
from slarules.documents.formats.characters import one_line, shown
from slarules.documents.formats.page_tables import of_grid
from slarules.documents.formats.placed import TOGETHER, Data, Place, lines_of, of_text, of_words, within
from slarules.documents.formats.raster import dressed


@frozen
class Sheet:
    """A size of paper, in points: 72 are an inch."""

    name: str
    """As Typst calls it."""
    width: float
    """Across."""
    height: float
    """Down."""


PAPER: Mapping[str, Sheet] = {"a4": Sheet("a4", 595.28, 841.89), "letter": Sheet("us-letter", 612.0, 792.0)}
"""The papers that there are."""
MARGIN = 62.0
"""Points on the left and on the right of the text."""
HEADS = 144.0
"""Points above and below it, together."""
SIZE = 10.0
"""Points of the letters."""
BESIDE = (5, 7)
"""How the contract's words and plain English share the width."""
GUTTER = 16.0
"""Points between the two."""
SPACE, SPACE_OF_PARTS, LETTERS, CONTENTS = 7.2, 11.5, 6.6, 22.0
"""Points between lines of the contents, before a part of the document, of a line itself, and of the heading."""
LEVELS = 3
"""Levels of sections that the contents show."""
LEADING = 5
"""Lines that lead to what follows them, at most."""
UNTITLED = "(no title)"
"""Stands where a heading has no words: none may be empty."""


def prepared(document: Document, sheet: Sheet) -> Data:
    """The document as the template `document.typ` reads it."""
    anchors = list(chain.from_iterable(map(_anchors, document.sections)))
    place = Place(sheet.width - 2 * MARGIN, sheet.height - HEADS, SIZE, frozenset(anchors))
    sections = [_section(section, place) for section in document.sections]
    if len(place.anchors) < len(anchors):
        sections = _placed_once(sections, set())
    return {
        "paper": sheet.name,
        "margin": MARGIN,
        "size": SIZE,
        "fonts": {"text": [fonts.TEXT, *fonts.WIDER], "code": [fonts.CODE, fonts.TEXT, *fonts.WIDER]},
        "language": document.language,
        "plain_title": one_line(f"{document.title}: {document.subtitle}"),
        "title": of_text(_title(document.title), place, 2.7 * measures.BOLD),
        "subtitle": of_text(one_line(document.subtitle), place, 1.2),
        "running_head": measures.shortened(as_set(one_line(document.running_head)), place.width / 8 * 0.95),
        "tightness": _tightness(sections, place),
        "front": _blocks(document.front, place),
        "sections": sections,
    }


def _tightness(sections: Sequence[Data], place: Place) -> float:
    """How much of the usual space is between lines of the contents: less, so that no page has a few of them only."""

    def spaces(found: Sequence[Data], level: int) -> list[float]:
        below = (spaces(one["sections"], level + 1) for one in found if level < LEVELS)
        return [*(SPACE_OF_PARTS if level == 1 else SPACE for _ in found), *chain.from_iterable(below)]

    between = spaces(sections, 1)
    letters, room = len(between) * LETTERS, place.height - CONTENTS
    pages = (letters + sum(between)) / room
    if pages < 1 or pages % 1 > 0.15 or not between:
        return 1.0
    return max(0.6, (int(pages) * room - letters) / sum(between))


def _placed_once(made: Any, seen: set[str]) -> Any:
    """The same, with each anchor at the first place that has it: Typst refuses a place that stands twice."""
    if isinstance(made, list):
        return [_placed_once(one, seen) for one in made]
    if not isinstance(made, dict):
        return made
    again = {"anchor": None} if made.get("anchor") in seen else {}
    seen.update({made["anchor"]} if "anchor" in made else ())
    return {key: _placed_once(value, seen) for key, value in made.items()} | again


def _anchors(section: Section) -> list[str]:
    found = [section.anchor]
    for block in section.blocks:
        stated = block.statements if isinstance(block, Beside) else (block,) if isinstance(block, Statement) else ()
        found += [statement.anchor for statement in stated]
    return [*found, *chain.from_iterable(map(_anchors, section.sections))]


def _title(text: str) -> str:
    """A heading's words on one line; where none of them would be seen, it says so."""
    title = one_line(text)
    return title if as_set(title).strip(UNSEEN) else UNTITLED


def _section(section: Section, place: Place) -> Data:
    return {
        "title": of_text(_title(section.title), place, 1.8),
        "anchor": section.anchor,
        "number": section.number and one_line(section.number),
        "new_page": section.new_page,
        "blocks": _blocks(section.blocks, place),
        "sections": [_section(below, place) for below in section.sections],
    }


# ---- Blocks --------------------------------------------------------------------------------------------------


def _blocks(blocks: Sequence[Block], place: Place) -> list[Data]:
    """Blocks in order; a few lines that lead to a list, a table or a picture stay with it, and notes with the next."""
    made = [_block(block, place) for block in blocks]
    for one, block, after in zip(made, blocks, blocks[1:], strict=False):
        if isinstance(block, Paragraph) and _led_to(after, block):
            one["leads"] = not block.remarks and lines_of(block.words, place) <= LEADING
    return made


def _led_to(block: Block, by: Paragraph) -> bool:
    return isinstance(block, Listing | Grid | Figure | SignOff) or (by.role == "note" and isinstance(block, Paragraph))


def _block(block: Block, place: Place) -> Data:
    made, kind = _makers()[type(block)], type(block).__name__.lower()
    return {"kind": kind, **made(block, place)}


def _makers() -> Mapping[type, Callable[[Any, Place], Data]]:
    return {
        Paragraph: _paragraph,
        Beside: _beside,
        Quotation: _quotation,
        Statement: _statement,
        Listing: _listing,
        Definitions: _definitions,
        Grid: of_grid,
        Figure: _figure,
        SignOff: _sign_off,
    }


def _paragraph(block: Paragraph, place: Place) -> Data:
    larger = 1.2 if block.role == "lead" else 1.0
    remarks = [_remark(one, place) for one in block.remarks]
    return {"role": block.role, "words": of_words(block.words, place, larger), "remarks": remarks, "leads": False}


def _remark(remark: Remark, place: Place) -> Data:
    inner = within(place, 20, size=place.size * 0.85)
    return {
        "kind": remark.kind,
        "title": of_text(one_line(remark.title), inner, measures.BOLD),
        "lines": [of_text(line, inner) for line in shown(remark.text).split("\n") if line],
        "long": lines_of(remark.text, inner) > TOGETHER,
    }


def _quotation(block: Quotation, place: Place) -> Data:
    inner = within(place, 11)
    return {
        "text": of_text(block.text, inner),
        "where": of_text(one_line(block.where), inner),
        "long": lines_of(block.text, inner) > TOGETHER,
    }


def _statement(block: Statement, place: Place) -> Data:
    return {
        "anchor": block.anchor,
        "name": of_text(one_line(block.name), place, 1.25),
        "sort": block.sort,
        "title": None if block.title is None else of_text(block.title, place),
        "paragraphs": [of_words(said, place) for said in _paragraphs(_said(block))],
        "remarks": [_remark(one, place) for one in block.remarks],
        "long": _statement_lines(block, place) > TOGETHER,
    }


def _said(block: Statement) -> Words:
    """Its sentences, one after the other."""
    return tuple(chain.from_iterable((*sentence, *plain(" ")) for sentence in block.sentences))


def _paragraphs(words: Words) -> list[Words]:
    """The words, parted at their line breaks."""
    found: list[list[Run | Link]] = [[]]
    for word in words:
        for number, part in enumerate(shown(word.text).split("\n")):
            if number:
                found.append([])
            if part:
                found[-1].append(evolve(word, text=part))
    return [tuple(one) for one in found if any(word.text.strip() for word in one)]


def _statement_lines(block: Statement, place: Place) -> int:
    remarks = sum(lines_of(one.text, place) + 3 for one in block.remarks)
    return lines_of(_said(block), place) + (2 if block.title is None else 3) + remarks


def _beside(block: Beside, place: Place) -> Data:
    left, right = (within(place, GUTTER, part / sum(BESIDE)) for part in BESIDE)
    lines = (
        sum(lines_of(one.text, within(left, 11)) + 3 for one in block.quotations),
        sum(_statement_lines(one, right) for one in block.statements),
    )
    return {
        "columns": BESIDE,
        "quotations": [_quotation(one, left) for one in block.quotations],
        "statements": [_statement(one, right) for one in block.statements],
        "long": max(lines) > TOGETHER,
    }


def _listing(block: Listing, place: Place) -> Data:
    return {"ordered": block.ordered, "items": [_item(one, within(place, 20)) for one in block.items]}


def _item(item: Item, place: Place) -> Data:
    return {"words": of_words(item.words, place), "items": [_item(one, within(place, 20)) for one in item.items]}


def _definitions(block: Definitions, place: Place) -> Data:
    inner = within(place, 20)
    return {
        "entries": [
            {"term": of_words(term, inner, measures.BOLD), "meanings": [of_words(one, inner) for one in meanings]}
            for term, meanings in block.entries
        ]
    }


def _figure(block: Figure, place: Place) -> Data:
    picture = block.picture
    width, height = picture.width * 0.75, picture.height * 0.75
    scale = min(1.0, place.width / width, place.height * 0.85 / height)
    return {
        "caption": of_text(one_line(block.caption), place),
        "svg": dressed(picture),
        "alt": one_line(f"{picture.title}. {picture.description}"),
        "width": width * scale,
    }


def _sign_off(block: SignOff, place: Place) -> Data:
    half = within(place, 24, 0.5)
    return {
        "says": of_words(block.says, place),
        "parties": [of_text(one_line(party), half, measures.BOLD) for party in block.parties],
        "long": lines_of(block.says, place) + 5 * len(block.parties) > TOGETHER,
    }
