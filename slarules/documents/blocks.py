"""What a document is made of, whatever it is written as: sections of blocks, blocks of words.

Each text in it is data: a renderer shows every character as it is and takes none for its own markup.
"""

from __future__ import annotations

from attrs import frozen

from slarules.pictures.picture import Picture

PLAIN, STRONG, EMPHASIS, CODE, INSERTED, DELETED = "plain", "strong", "emphasis", "code", "inserted", "deleted"
"""Styles of a run. ``INSERTED`` and ``DELETED`` are a redline's; they are never told by colour alone."""


@frozen
class Run:
    """Words in one style."""

    text: str
    """As it is shown; a line break in it is a line break."""
    style: str = PLAIN
    """One of the six styles."""


@frozen
class Link:
    """Words that lead to another place of the same document."""

    text: str
    """As it is shown."""
    to: str
    """The `anchor` of a section or a statement."""


Words = tuple[Run | Link, ...]
"""A line or a paragraph of text."""


@frozen
class Remark:
    """What a reader is asked about one place: an ambiguity, or what lint found. A comment in Word, a note elsewhere."""

    kind: str
    """``ambiguity`` or ``finding``."""
    title: str
    """A few words: the reading's name, or the lint rule's code and name."""
    text: str
    """What is to be answered, in sentences; paragraphs are parted by a line break."""


@frozen
class Paragraph:
    """Sentences."""

    words: Words
    """What it says."""
    role: str = "body"
    """``body``; ``lead``, said first and larger; ``note``, said beside and smaller."""
    remarks: tuple[Remark, ...] = ()
    """What is asked of it."""


@frozen
class Quotation:
    """The contract's own words, exact."""

    text: str
    """The words, with the line breaks of the source taken as blanks."""
    where: str
    """Where they stand: ``source.txt, lines 12 to 14``."""


@frozen
class Statement:
    """One rule in plain English."""

    anchor: str
    """Unique in the document: letters, digits and hyphens."""
    name: str
    """The rule's name in the policy."""
    sort: str
    """``duty``, ``target``, ``right`` …, in the glossary's words."""
    sentences: tuple[Words, ...]
    """What it says, sentence by sentence."""
    remarks: tuple[Remark, ...] = ()
    """What is asked of it."""
    title: str | None = None
    """Words of the policy's writer that say more than the name."""


@frozen
class Beside:
    """The contract's words and, beside them, what the rules say that rest on them."""

    quotations: tuple[Quotation, ...]
    """On the left, in the contract's order."""
    statements: tuple[Statement, ...]
    """On the right, in the policy's order."""


@frozen
class Item:
    """One point of a list."""

    words: Words
    """What it says."""
    items: tuple[Item, ...] = ()
    """Points below it."""


@frozen
class Listing:
    """Points, one under the other."""

    items: tuple[Item, ...]
    """In order."""
    ordered: bool = False
    """Numbered, for what is to be done or to happen in this order."""


@frozen
class Definitions:
    """Terms, each with what it means."""

    entries: tuple[tuple[Words, tuple[Words, ...]], ...]
    """Term → one or more paragraphs."""


@frozen
class Cell:
    """One cell of a grid."""

    words: Words
    """What stands in it."""
    right: bool = False
    """Set to the right, as numbers are."""
    across: int = 1
    """Columns that it spans."""


@frozen
class Grid:
    """A table with a head row; each row's first cell is its head."""

    caption: str
    """What it shows; its name for a screen reader."""
    head: tuple[Cell, ...]
    """The heads of its columns."""
    rows: tuple[tuple[Cell, ...], ...]
    """As many columns as the head."""
    widths: tuple[int, ...] | None = None
    """How wide the columns are, in parts of the whole; None: as wide as they need."""
    row_heads: bool = True
    """Whether the first cell of a row is its head."""


@frozen
class Figure:
    """A picture with a caption below it."""

    picture: Picture
    """The drawing, and the same in words."""
    caption: str
    """What it shows, in one line."""


@frozen
class SignOff:
    """A block to sign: one line for each party's representative."""

    says: Words
    """What is signed."""
    parties: tuple[str, ...]
    """Who signs, each with lines for name, title, date and signature."""


Block = Paragraph | Beside | Quotation | Statement | Listing | Definitions | Grid | Figure | SignOff


@frozen
class Section:
    """A heading and what stands below it."""

    title: str
    """Its heading."""
    anchor: str
    """Unique in the document: letters, digits and hyphens."""
    blocks: tuple[Block, ...]
    """What stands before its own sections."""
    sections: tuple[Section, ...] = ()
    """Sections below it."""
    number: str | None = None
    """As shown before the title, ``3.2``; None: none is shown."""
    new_page: bool = False
    """Begins a page where there are pages."""


@frozen
class Document:
    """A whole document. It begins with a front page and a table of contents, made from its sections."""

    title: str
    """Its title: the contract's name."""
    subtitle: str
    """What kind of document it is."""
    running_head: str
    """What stands at the head of each page but the first."""
    front: tuple[Block, ...]
    """Below the title on the front page."""
    sections: tuple[Section, ...]
    """The rest, in order."""
    language: str = "en"
    """Its language, as BCP 47 says it."""


def plain(text: str) -> Words:
    """Words in no particular style."""
    return (Run(text),)


def cells(*texts: str) -> tuple[Cell, ...]:
    """A row of plain cells."""
    return tuple(Cell(plain(text)) for text in texts)


def paragraphs(sentences: tuple[Words, ...]) -> list[list[Words]]:
    """Sentences of a statement, put together to paragraphs: one that begins with a line break begins a paragraph."""
    made: list[list[Words]] = []
    for sentence in sentences:
        if not made or (sentence and sentence[0].text.startswith("\n")):
            made.append([])
        made[-1].append(sentence)
    return made
