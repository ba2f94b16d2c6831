"""Text in pictures: never wider than measured, broken where it must be, and inert."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slarules.pictures.text import clean, short, width, wrapped

DEJAVU = Path("/usr/share/fonts/truetype/dejavu")
SAID = (
    "Trak must acknowledge a request, 09:00–17:00 (Europe/Berlin): 97.5% of 1,234 — “kept”, due 24 December 2026; "
    "ÄÖÜ äöüß éèñ çøå Œœ · Обслуживание запроса · Υποστήριξη · ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz"
)


def test_nothing_comes_out_wider_in_the_font_of_documents() -> None:
    fonts = pytest.importorskip("slarules.documents.formats.fonts", reason="the fonts of documents are not installed")
    for face, bold in (("Regular", False), ("Semibold", True), ("Bold", True)):
        _narrower(fonts.folder() / f"source-sans/ttf/SourceSans3-{face}.ttf", bold)


@pytest.mark.skipif(not DEJAVU.is_dir(), reason="DejaVu Sans, the widest common font, is not installed")
def test_nothing_comes_out_wider_in_the_widest_common_font() -> None:
    _narrower(DEJAVU / "DejaVuSans.ttf", False)
    _narrower(DEJAVU / "DejaVuSans-Bold.ttf", True)


def _narrower(path: Path, bold: bool) -> None:
    """Words are measured as wide as the font has them, or wider; in bold a single word may be a little wider."""
    font = pytest.importorskip("fontTools.ttLib").TTFont(str(path))
    names, advances, unit = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    for word in SAID.split():
        real = sum(advances[names[ord(char)]][0] for char in word) / unit
        assert real <= width(word, 1, bold) * (1.03 if bold else 1), (word, real, width(word, 1, bold))


@given(st.text(max_size=60), st.floats(30, 200), st.integers(1, 4))
def test_lines_fit_and_lose_nothing(text: str, room: float, most: int) -> None:
    lines = wrapped(text, 11, room)
    assert all(width(line, 11) <= room for line in lines)
    assert "".join(lines).replace(" ", "") == clean(text).replace(" ", "")
    cut = wrapped(text, 11, room, most)
    assert len(cut) <= most and all(width(line, 11) <= room for line in cut)
    assert cut == lines if len(lines) <= most else cut[-1].endswith("…")


@given(st.text(max_size=60), st.floats(0, 200))
def test_what_is_cut_short_fits(text: str, room: float) -> None:
    assert width(short(text, 11, room), 11) <= room


@given(st.text())
def test_cleaned_text_is_one_line_that_xml_can_hold(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == " ".join(cleaned.split()) == clean(cleaned)
    assert all(ord(char) >= 32 and not 0xD800 <= ord(char) <= 0xDFFF for char in cleaned)


def test_marks_that_turn_writing_are_replaced() -> None:
    assert clean("a\u202eb\u2066c\u200fd\u061ce") == "a\ufffdb\ufffdc\ufffdd\ufffde"
    assert clean("a\x00b\ufffe") == "a\ufffdb\ufffd"
    assert clean(" two\n\tlines ") == "two lines"


def test_wide_characters_and_marks_on_letters() -> None:
    assert width("日本", 10) >= 20 > width("ab", 10)
    assert width("e\u0301", 10) == width("e", 10)
