"""A document as Markdown that reads well as plain text: what is quoted is the contract's own, the rest is told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from attrs import fields, has
from rich.cells import cell_len

from slarules.documents.blocks import (
    EMPHASIS,
    STRONG,
    Beside,
    Block,
    Cell,
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
    paragraphs,
)
from slarules.documents.formats.characters import one_line, shown
from slarules.documents.formats.markdown_words import Anchors, line
from slarules.pictures.picture import Picture

CONTENTS = "Contents"
DEEPEST = 6
"""Levels of headings that there are."""
WIDEST = 120
"""Columns of a table up to which its cells are set under one another."""
TO_FILL = "_" * 40
"""A line to write on."""
LINES = ("Name", "Title", "Date", "Signature")
"""What each party's representative fills in."""


def written(document: Document, paper: str) -> bytes:
    """The document as GitHub's Markdown in UTF-8. It has no pages, so ``paper`` changes nothing."""
    anchors = _anchors(document)
    parts = [f"# {_heading(document.title)}", _words(document.subtitle), *_blocks(document.front, anchors)]
    if document.sections:
        parts += [f"## {CONTENTS}", "\n".join(_contents(document.sections, anchors))]
    for section in document.sections:
        parts += _section(section, anchors, 2)
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _anchors(document: Document) -> Anchors:
    """Each section's anchor → the name that GitHub and editors give to its heading; and each statement's to which a
    link leads → a name of its own."""
    made: dict[str, str] = {}
    used: Counter[str] = Counter()

    def named(name: str) -> str:
        used[name] += 1
        return name if used[name] == 1 else f"{name}-{used[name] - 1}"

    found = list(_sections(document.sections))
    for title in (document.title, CONTENTS):
        named(_slug(title))
    for section in found:
        made[section.anchor] = named(_slug(_title(section)))
    wanted = set(_links(document))
    for section in found:
        for block in section.blocks:
            stated = block.statements if isinstance(block, Beside) else (block,) if isinstance(block, Statement) else ()
            made.update((one.anchor, named(one.anchor)) for one in stated if one.anchor in wanted)
    return made


def _slug(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", one_line(title).lower()).replace(" ", "-")


def _sections(sections: Iterable[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _sections(section.sections)


def _links(part: object) -> Iterator[str]:
    """Where the links of a document, or of a part of one, lead to."""
    if isinstance(part, Link):
        yield part.to
    elif isinstance(part, tuple):
        for one in part:
            yield from _links(one)
    elif has(type(part)) and not isinstance(part, Picture):
        for field in fields(cast(Any, type(part))):
            yield from _links(getattr(part, field.name))


def _contents(sections: Sequence[Section], anchors: Anchors, depth: int = 0) -> Iterator[str]:
    for section in sections:
        yield "  " * depth + "- " + line((Link(_title(section), section.anchor),), anchors)
        yield from _contents(section.sections, anchors, depth + 1)


def _section(section: Section, anchors: Anchors, level: int) -> Iterator[str]:
    yield "#" * min(level, DEEPEST) + " " + _heading(_title(section))
    yield from _blocks(section.blocks, anchors)
    for below in section.sections:
        yield from _section(below, anchors, level + 1)


def _title(section: Section) -> str:
    return one_line(f"{section.number} {section.title}" if section.number else section.title)


def _heading(title: str) -> str:
    """A heading's words; number signs at its end would be taken for its own."""
    return re.sub(r"#(?=#*$)", r"\\#", line((Run(one_line(title)),), {}, cell=True), count=1)


def _words(text: str, style: str = "plain") -> str:
    """A line of text in one style."""
    return line((Run(one_line(text), style),), {})


def _blocks(blocks: Iterable[Block], anchors: Anchors) -> Iterator[str]:
    """The paragraphs of each block. A list right after a list has other marks, or the two would be one."""
    again = listed = False
    for block in blocks:
        again = isinstance(block, Listing) and listed and not again
        listed = isinstance(block, Listing | SignOff | Definitions)
        match block:
            case Paragraph():
                yield line(block.words, anchors)
                yield from map(_remark, block.remarks)
            case Quotation():
                yield _quotation(block)
            case Beside():
                yield from map(_quotation, block.quotations)
                for statement in block.statements:
                    yield from _statement(statement, anchors)
            case Statement():
                yield from _statement(block, anchors)
            case Listing():
                yield "\n".join(_listing(block.items, block.ordered, anchors, again))
            case Definitions():
                for term, meanings in block.entries:
                    yield from _definition(term, meanings, anchors)
            case Grid():
                yield _words(block.caption, STRONG)
                yield "\n".join(_grid(block, anchors))
            case Figure():
                yield _words(block.caption, STRONG)
                told = Run(f"Picture, {one_line(block.picture.title)}:", EMPHASIS)
                yield line((told, Run(" " + block.picture.description)), {})
            case SignOff():
                yield line(block.says, anchors)
                for party in block.parties:
                    yield _words(party, STRONG)
                    yield "\n".join(f"- {name}: {TO_FILL}" for name in LINES)


def _quotation(quotation: Quotation) -> str:
    words = line((Run(quotation.text),), {}).split("\n")
    return "\n".join(f"> {part}".rstrip() for part in (*words, "", f"— {_words(quotation.where)}"))


def _statement(statement: Statement, anchors: Anchors) -> Iterator[str]:
    """A rule's name and sort, then its sentences, each on a line of its own so that a change is seen where it is."""
    title = f": {_words(statement.title)}" if statement.title else ""
    place = f' <a id="{anchors[statement.anchor]}"></a>' if statement.anchor in anchors else ""
    yield f"{_words(statement.name, STRONG)} ({_words(statement.sort)}){title}{place}"
    for sentences in paragraphs(statement.sentences):
        yield "\n".join(filter(None, (line(sentence, anchors) for sentence in sentences)))
    yield from map(_remark, statement.remarks)


def _definition(term: Words, meanings: Sequence[Words], anchors: Anchors) -> Iterator[str]:
    """A term and its meaning on one line; below it where there are several."""
    told = [line(meaning, anchors) for meaning in meanings]
    if len(told) == 1:
        yield f"{line(term, anchors, label=True)}: {told[0]}"
    else:
        yield line(term, anchors, label=True)
        yield "\n".join("- " + meaning.replace("\n", "\n  ") for meaning in told)


def _remark(remark: Remark) -> str:
    """What is asked, under a label that tells it from what is said."""
    kind = one_line(remark.kind).capitalize()
    return line((Run(f"{kind}, {one_line(remark.title)}:", STRONG), Run(" " + shown(remark.text))), {})


def _listing(items: Sequence[Item], ordered: bool, anchors: Anchors, again: bool) -> Iterator[str]:
    for number, item in enumerate(items, 1):
        sign = f"{number}{')' if again else '.'}" if ordered else "*" if again else "-"
        first, *more = line(item.words, anchors).split("\n")
        yield f"{sign} {first}".rstrip()
        for part in (*more, *_listing(item.items, ordered, anchors, again)):
            yield " " * (len(sign) + 1) + part


def _grid(grid: Grid, anchors: Anchors) -> list[str]:
    """A table. A cell over several columns is followed by empty ones."""
    rows = [[text for cell in row for text in _cell(cell, anchors)] for row in (grid.head, *grid.rows)]
    columns = max(map(len, rows))
    rows = [row + [""] * (columns - len(row)) for row in rows]
    widths = [max(3, *(cell_len(row[n]) for row in rows)) for n in range(columns)]
    if sum(widths) + 3 * columns > WIDEST:
        widths = [0] * columns
    rights = [_to_right(grid, column) for column in range(columns)]
    rule = ["-" * max(2, width - 1) + (":" if right else "-") for width, right in zip(widths, rights, strict=True)]
    head, *below = [list(map(_padded, row, widths, rights)) for row in rows]
    return ["| " + " | ".join(texts) + " |" for texts in (head, rule, *below)]


def _cell(cell: Cell, anchors: Anchors) -> list[str]:
    return [line(cell.words, anchors, cell=True), *[""] * (cell.across - 1)]


def _to_right(grid: Grid, column: int) -> bool:
    """Whether each cell that begins in this column is set to the right."""
    rights = [[right for cell in row for right in (cell.right, *[None] * (cell.across - 1))] for row in grid.rows]
    stated = {row[column] for row in rights if column < len(row)} - {None}
    return stated == {True}


def _padded(text: str, width: int, right: bool) -> str:
    blanks = " " * max(0, width - cell_len(text))
    return blanks + text if right else text + blanks
