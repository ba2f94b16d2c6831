"""A picture as points of colour: its size, the same bytes each time, and each of its words there."""

from __future__ import annotations

import struct
import zlib
from itertools import pairwise

import pytest
from attrs import evolve

from slarules.documents.formats.raster import png
from slarules.documents.render import CannotBeWritten
from slarules.pictures.picture import Picture
from tests.documents.sample import SQUARE


def worded(text: str, style: str) -> Picture:
    words = f'<text x="50" y="30" font-size="20" {style}>{text}</text></svg>'
    return evolve(SQUARE, svg=SQUARE.svg.replace("</svg>", words))


def inked(image: bytes, left: float) -> int:
    """Rows of bytes, right of a share of the width, that are not all white; an image of 8 bits without interlacing."""
    width, height = struct.unpack(">II", image[16:24])
    data, at = b"", 8
    while at < len(image):
        size, kind = struct.unpack(">I4s", image[at : at + 8])
        data += image[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
        at += size + 12
    raw = zlib.decompress(data)
    row = len(raw) // height
    channels = (row - 1) // width
    before, seen = bytearray(row - 1), 0
    for start in range(0, len(raw), row):
        line = bytearray(raw[start + 1 : start + row])
        for n in range(row - 1):
            a = line[n - channels] if n >= channels else 0
            b, c = before[n], before[n - channels] if n >= channels else 0
            line[n] = (line[n] + (0, a, b, (a + b) // 2, _paeth(a, b, c))[raw[start]]) % 256
        seen += any(value < 128 for value in line[int(width * left) * channels :: channels])
        before = line
    return seen


def _paeth(a: int, b: int, c: int) -> int:
    guess = a + b - c
    return min((abs(guess - a), 0, a), (abs(guess - b), 1, b), (abs(guess - c), 2, c))[2]


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_its_size_is_the_pictures_times_the_scale(scale: int) -> None:
    image = png(SQUARE, scale)

    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", image[16:24]) == (96 * scale, 48 * scale)


def test_the_same_picture_gives_the_same_bytes_and_another_picture_others() -> None:
    assert png(SQUARE) == png(SQUARE) != png(worded("x", ""))


@pytest.mark.parametrize(
    "style",
    ['font-family="sans-serif"', 'style="font-family:Arial,serif"', 'style="font:italic 20px \'No such\'"', ""],
)
@pytest.mark.parametrize("text", ["abc", "日本", "Ωψ"])
def test_words_are_drawn_whatever_family_they_ask_for(style: str, text: str) -> None:
    assert inked(png(SQUARE), 0.51) == 0
    assert inked(png(worded(text, style)), 0.51) > 15


def test_words_in_bold_are_drawn_bolder() -> None:
    sizes = [len(png(worded("abc", f'font-weight="{weight}"'))) for weight in (400, 700)]
    assert all(a != b for a, b in pairwise(sizes))


def test_a_character_that_no_font_can_draw_is_an_error() -> None:
    with pytest.raises(CannotBeWritten, match=r"`A square`.*U\+1F600 grinning face"):
        png(worded("\U0001f600", ""))
