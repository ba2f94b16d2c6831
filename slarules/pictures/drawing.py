"""What all pictures share: their marks, tones and sizes, and how marks become an SVG.

A picture is drawn in the ink of the text around it (``currentColor``), in tones of that ink, and in one colour that can
be seen on light and on dark ground. Nothing is told by colour alone: each kind has a pattern, a shape or a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha256

from attrs import evolve, frozen
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from slarules.pictures.picture import Picture
from slarules.pictures.text import clean, wrapped

WIDTH = 640
"""Units across: the width of the text on A4 and Letter."""
SMALL, BODY, HEAD = 10.0, 11.0, 12.0
"""Sizes of letters: 7.5, 8.25 and 9 points on paper."""
LEADING = 1.3
"""From line to line, in sizes of letters."""

FILLS = (
    "none", "ink", "dark", "mid", "light", "faint", "tone1", "tone2", "tone3", "tone4", "tone5", "bad", "hatch", "dots",
)  # fmt: skip
"""How an area is filled: tones of ink, and patterns. ``bad`` is the one colour, with a hatch of its own."""
EDGES = ("none", "ink", "soft", "hair", "bad")
"""How a line is drawn: strong, grey, light grey, or in the colour of what is bad."""


@frozen
class Box:
    """A rectangle."""

    x: float
    """Its left."""
    y: float
    """Its top."""
    width: float
    """Units across."""
    height: float
    """Units down."""
    fill: str = "none"
    """One of `FILLS`."""
    edge: str = "none"
    """One of `EDGES`."""
    weight: float = 1
    """The thickness of its edge."""
    radius: float = 0
    """How round its corners are."""
    title: str = ""
    """Said where the pointer rests on it."""
    role: str = ""
    """What it stands for, if others must find it: ``state``."""


@frozen
class Stroke:
    """A line, straight or curved."""

    path: str
    """As SVG writes it: ``M 0 0 L 10 10``."""
    edge: str = "ink"
    """One of `EDGES`."""
    weight: float = 1
    """Its thickness."""
    dash: str = ""
    """Lengths of strokes and gaps: ``4 3``; empty: drawn through."""
    fill: str = "none"
    """One of `FILLS`, for what it encloses."""
    title: str = ""
    """Said where the pointer rests on it."""


@frozen
class Dot:
    """A circle."""

    x: float
    """Its middle."""
    y: float
    """Its middle."""
    radius: float
    """Half its width."""
    fill: str = "ink"
    """One of `FILLS`."""
    edge: str = "none"
    """One of `EDGES`."""
    weight: float = 1
    """The thickness of its edge."""
    title: str = ""
    """Said where the pointer rests on it."""


@frozen
class Label:
    """One line of text."""

    x: float
    """Where it begins, has its middle or ends."""
    y: float
    """Its base line."""
    text: str
    """As it is shown."""
    size: float = BODY
    """The size of its letters."""
    anchor: str = "start"
    """``start``, ``middle`` or ``end``: which part of it stands at `x`."""
    bold: bool = False
    """In bold letters."""
    soft: bool = False
    """In grey letters."""
    title: str = ""
    """The full text, where `text` is cut short."""


Mark = Box | Stroke | Dot | Label


def picture(title: str, description: str, height: float, marks: Sequence[Mark], across: float = WIDTH) -> Picture:
    """The marks as an SVG, drawn in their order.

    Its patterns are named after what is drawn, so that pictures on one page do not take each other's.
    """
    down, wide = round(height + 0.4999), round(across + 0.4999)
    name, said = clean(title), clean(description)
    drawn = [_written(mark) for mark in marks if not isinstance(mark, Label) or clean(mark.text)]
    key = sha256(repr((name, said, wide, down, drawn)).encode("utf-8")).hexdigest()[:10]
    svg = _template().render(
        title=name,
        description=said,
        width=wide,
        height=down,
        marks=[(type(mark).__name__, mark) for mark in drawn],
        key=f"p{key}",
        fills=frozenset(mark.fill for mark in marks if not isinstance(mark, Label)),
    )
    return Picture(svg, wide, down, name, said)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("slarules.pictures"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters["number"] = number
    return environment.get_template("picture.svg")


def _written(mark: Mark) -> Mark:
    """The mark, its texts without what XML cannot hold; a label needs no title that says the same."""
    title = clean(mark.title)
    if isinstance(mark, Label):
        text = clean(mark.text)
        return evolve(mark, text=text, title="" if title == text else title)
    return evolve(mark, title=title)


def number(value: float) -> str:
    """A length as SVG has it: two digits after the point at most."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def line(x1: float, y1: float, x2: float, y2: float) -> str:
    """The path of a straight line."""
    return f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}"


def paragraph(
    x: float, y: float, text: str, room: float, *, size: float = BODY, lines: int = 99, anchor: str = "start",
    bold: bool = False, soft: bool = False,
) -> tuple[Label, ...]:
    """The text in lines no wider than the room, the first with its base line at ``y``; its title if it is cut short."""
    made = wrapped(text, size, room, lines, bold)
    cut = clean(text) if made and " ".join(made) != clean(text) else ""
    return tuple(
        Label(x, y + n * size * LEADING, shown, size, anchor, bold, soft, cut) for n, shown in enumerate(made)
    )
