"""A document as a PDF that keeps to PDF/UA-1: Typst sets it, and all of the document goes there as data."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Literal, cast

import typst

from slarules.documents.blocks import Document
from slarules.documents.formats import fonts, glyphs
from slarules.documents.formats.pages import PAPER, prepared
from slarules.documents.render import CannotBeWritten

STANDARD: Literal["ua-1"] = "ua-1"
"""What every PDF is checked against while it is made."""

UNDRAWN = ("could not be displayed", "disallowed codepoint")
"""What Typst says of words whose characters are there one by one, but not together."""


def written(document: Document, paper: str) -> bytes:
    """The document as a tagged PDF. Raises `CannotBeWritten` for characters that no font at hand can draw."""
    data = json.dumps(prepared(document, PAPER[paper]), ensure_ascii=False)
    glyphs.check(document, data)
    inputs = {"document": data}
    try:
        made = _compiler().compile(_template(), format="pdf", pdf_standards=[STANDARD], sys_inputs=inputs, timestamp=0)
    except typst.TypstError as why:
        if not any(word in why.message for word in UNDRAWN):
            raise
        raise CannotBeWritten(f"{why.message}: no font at hand can draw it; {glyphs.ADVICE}") from why
    return cast(bytes, made)


@cache
def _template() -> bytes:
    return (files("slarules.documents.formats") / "templates" / "document.typ").read_bytes()


@cache
def _compiler() -> typst.Compiler:
    """One compiler for all documents: it keeps what it has read of the fonts."""
    return typst.Compiler(_template(), font_paths=fonts.book(), ignore_system_fonts=True)
