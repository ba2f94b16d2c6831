"""A document as bytes, by the ending of the file that it goes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import cast

from slarules.documents.blocks import Document

FORMATS: Mapping[str, str] = {".html": "html", ".docx": "docx", ".pdf": "pdf", ".md": "markdown"}
"""Ending → the module of `formats` that writes it."""


class CannotBeWritten(Exception):
    """A document that this format cannot show in full, and what to do about it; never written in part."""


def render(document: Document, ending: str, paper: str = "a4") -> bytes:
    """The document as a file with this ending, one of `FORMATS`. Raises `CannotBeWritten`.

    The same document gives the same bytes. ``paper`` is ``a4`` or ``letter``.
    """
    module = import_module(f"slarules.documents.formats.{FORMATS[ending]}")
    return cast(Callable[[Document, str], bytes], module.written)(document, paper)
