"""A picture as points of colour, for files that cannot hold a drawing: the same drawing, the same fonts as in a PDF."""

from __future__ import annotations

from functools import cache
from typing import cast

import typst

from slarules.documents.formats import fonts
from slarules.documents.render import CannotBeWritten
from slarules.pictures.picture import Picture

_PAGE = b"""#let units(name) = int(sys.inputs.at(name)) * 0.75pt
#set page(width: units("width"), height: units("height"), margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%, height: 100%)
"""
_POINTS = 96
"""Points of colour in an inch at scale 1: one for each unit of a picture."""


def png(picture: Picture, scale: float = 2.0) -> bytes:
    """The picture as PNG on white, ``scale`` points of colour for each of its units. Raises `CannotBeWritten`."""
    missing = fonts.lacking(picture.svg)
    if missing:
        names = ", ".join(fonts.named(char) for char in missing)
        raise CannotBeWritten(f"the picture `{picture.title}` has characters that no font at hand can draw: {names}")
    inputs = {"svg": dressed(picture), "width": str(picture.width), "height": str(picture.height)}
    made = _compiler().compile(_PAGE, format="png", ppi=_POINTS * scale, sys_inputs=inputs)
    return cast(bytes, made)


def dressed(picture: Picture) -> str:
    """The picture's SVG with each of its words in the font of documents, whatever family it asked for.

    Without this words whose family is not at hand would vanish from the drawing.
    """
    head, end = picture.svg.rstrip().removesuffix("</svg>"), "</svg>"
    return f'{head}<style>* {{ font-family: "{fonts.TEXT}" !important }}</style>{end}'


@cache
def _compiler() -> typst.Compiler:
    """One compiler for all pictures: it keeps what it has read of the fonts."""
    return typst.Compiler(_PAGE, font_paths=fonts.book(), ignore_system_fonts=True)
