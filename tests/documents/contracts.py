"""The four contracts of the repository, each loaded once, and sections as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from slarules.documents.blocks import (
    Definitions,
    Figure,
    Grid,
    Item,
    Listing,
    Paragraph,
    Section,
    Words,
)
from slarules.loader import load
from slarules.model.contract import Contract

ROOT = Path(__file__).parents[2]
NAMES = ("collabware", "copiun", "cpi", "trak")


@cache
def contract(name: str) -> Contract:
    """One of the four, or the policy at a path of the repository."""
    path = ROOT / (f"contracts/{name}/policy.sla" if name in NAMES else name)
    found = load(path).contract
    assert found is not None, path
    return found


def said(words: Words) -> str:
    return "".join(part.text for part in words)


def lines(section: Section | None) -> list[str]:
    """A section as a reader meets it: headings with `#`, points with their numbers, grids as rows."""
    return [] if section is None else [f"# {section.title}", *_blocks(section), *_below(section)]


def _below(section: Section) -> Iterator[str]:
    for part in section.sections:
        yield f"## {part.title}"
        yield from _blocks(part)
        yield from _below(part)


def _blocks(section: Section) -> Iterator[str]:
    for block in section.blocks:
        match block:
            case Paragraph(words):
                yield said(words)
            case Listing(items, ordered):
                yield from _items(items, ordered, "")
            case Grid(caption, head, rows):
                yield f"[{caption}]"
                yield " | ".join(said(cell.words) for cell in head)
                yield from (" | ".join(said(cell.words) for cell in row).rstrip() for row in rows)
            case Figure(_, caption):
                yield f"({caption})"
            case Definitions(entries):
                for term, meanings in entries:
                    yield f"{said(term)}:"
                    yield from (f"  {said(one)}" for one in meanings)
            case _:
                raise AssertionError(block)


def _items(items: tuple[Item, ...], ordered: bool, before: str) -> Iterator[str]:
    for n, item in enumerate(items, 1):
        yield f"{before}{f'{n}. ' if ordered else '- '}{said(item.words)}"
        yield from _items(item.items, False, before + "   ")


def anchors(section: Section) -> Iterator[str]:
    """The section's anchor and those below it."""
    yield section.anchor
    for part in section.sections:
        yield from anchors(part)
