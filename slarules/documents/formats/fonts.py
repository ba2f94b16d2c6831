"""The fonts that documents are set in: from one pinned package, never the machine's, so pages are the same anywhere.

The package `weblate-fonts` (SIL Open Font License) has Source Sans 3 and Source Code Pro for Latin, Greek and Cyrillic,
and Kurinto Sans for Japanese, Korean, Chinese and some fifty other scripts.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

from slarules.documents.formats.as_set import UNSEEN

TEXT = "Source Sans 3"
"""The family for words."""
CODE = "Source Code Pro"
"""The family for names of rules and for what is typed."""
WIDER = ("Kurinto Sans JP", "Kurinto Sans", "Kurinto Sans KR", "Kurinto Sans SC", "Kurinto Sans TC")
"""Families for characters that those two lack, asked in this order."""

_FACES = (
    tuple(f"source-sans/ttf/SourceSans3-{face}.ttf" for face in ("Regular", "It", "Semibold", "Bold", "BoldIt")),
    *(
        tuple(f"kurinto/ttf/KurintoSans{script}-{face}.ttf" for face in ("Rg", "Bd"))
        for script in ("JP", "", "KR", "SC", "TC")
    ),
)
"""The files of each family that every character may be set in; what one of them lacks the family lacks."""


@cache
def folder() -> Path:
    """Where the package keeps its fonts; it is a folder of files however it was installed."""
    with as_file(files("weblate_fonts") / "static" / "weblate_fonts") as path:
        return path


@cache
def book() -> typst.Fonts:
    """All fonts that Typst may use."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder())])


@cache
def _covered(faces: tuple[str, ...]) -> frozenset[int]:
    """Code points for which each of these files has a drawing."""
    found: frozenset[int] | None = None
    for face in faces:
        with TTFont(folder() / face, lazy=True) as font:
            points = frozenset(font.getBestCmap())
        found = points if found is None else found & points
    return found or frozenset()


def lacking(characters: Iterable[str]) -> list[str]:
    """Those of the characters that no font can draw, each once, in order of their numbers."""
    left = {char for char in characters if char not in UNSEEN}
    for faces in _FACES:
        if not left:
            break
        covered = _covered(faces)
        left = {char for char in left if ord(char) not in covered}
    return sorted(left)


def named(char: str) -> str:
    """A character by its number and name, and as it is where that can be read: ``U+1F600 grinning face``."""
    name = unicodedata.name(char, "").lower()
    return f"U+{ord(char):04X} {name}".rstrip()
