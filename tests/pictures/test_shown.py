"""Pictures as they are printed: Typst reads every kind and draws its shapes and its words."""

from __future__ import annotations

import pytest
from attrs import evolve

from slarules.pictures.drawing import picture
from slarules.pictures.picture import Picture
from tests.pictures import drawn

raster = pytest.importorskip("slarules.documents.formats.raster", reason="documents are not installed")


@pytest.mark.parametrize("kind", list(drawn.every_kind("x")))
def test_every_kind_is_drawn(kind: str) -> None:
    made = drawn.every_kind("Request opened by Customer")[kind]
    blank = picture("Nothing", "Nothing is drawn.", made.height, [], made.width)
    assert (blank.width, blank.height) == (made.width, made.height)
    assert len(raster.png(made)) > 2 * len(raster.png(blank))
    assert len(raster.png(made)) > 1.1 * len(raster.png(_wordless(made)))


def _wordless(made: Picture) -> Picture:
    return evolve(made, svg=made.svg.replace("<text ", "<desc ").replace("</text>", "</desc>"))
