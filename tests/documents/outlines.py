"""The summaries of the contracts as blocks, and all that stands in a document."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import attrs

from slarules.documents.blocks import Document, Link, Section, Statement, Words
from slarules.documents.outline import outline
from slarules.loader import Loaded, load

ROOT = Path(__file__).parents[2]
POLICIES = {
    **{name: ROOT / "contracts" / name / "policy.sla" for name in ("collabware", "copiun", "cpi", "trak")},
    "corpus": ROOT / "tests" / "corpus" / "good" / "every_construct.sla",
    "amendments": ROOT / "tests" / "rules" / "r27_amendments.sla",
}


@cache
def loaded(name: str) -> Loaded:
    """One of the policies above."""
    found = load(POLICIES[name])
    assert found.contract is not None, found.diagnostics
    return found


@cache
def summary(name: str) -> Document:
    """Its summary."""
    return outline(loaded(name))


def parts(value: Any) -> Iterator[Any]:
    """The value and everything in it, in reading order."""
    yield value
    if isinstance(value, tuple):
        for one in value:
            yield from parts(one)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from parts(getattr(value, field.name))


def text_of(words: Words) -> str:
    """What words say."""
    return "".join(part.text for part in words)


def statements(document: Document) -> dict[str, Statement]:
    """Each statement by its anchor."""
    return {part.anchor: part for part in parts(document) if isinstance(part, Statement)}


def anchors(document: Document) -> list[str]:
    """The anchors of all sections and statements, in order."""
    return [part.anchor for part in parts(document.sections) if isinstance(part, Section | Statement)]


def links(document: Any) -> list[Link]:
    """All links."""
    return [part for part in parts(document) if isinstance(part, Link)]


def section(document: Document, anchor: str) -> Section:
    """The section with this anchor."""
    return next(part for part in parts(document.sections) if isinstance(part, Section) and part.anchor == anchor)
