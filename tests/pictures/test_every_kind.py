"""What holds of pictures of every kind: well-formed, inside their edges, no label on another, all texts inert."""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slarules.pictures.picture import Picture
from slarules.pictures.text import clean
from tests.documents.payloads import PAYLOADS
from tests.pictures import drawn, geometry

KINDS = {
    "week": drawn.weeks(),
    "year": drawn.years(),
    "timeline": drawn.timelines(),
    "bars": drawn.barred(),
    "months": drawn.monthly(),
    "heat": drawn.heats(),
    "curve": drawn.curves(),
}
MANY = int(os.environ.get("SLARULES_PICTURES", "25"))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_lies_on_anything(kind: str) -> None:
    @settings(max_examples=MANY)
    @given(KINDS[kind])
    def check(picture: Picture) -> None:
        geometry.well_drawn(picture)

    check()


@pytest.mark.parametrize("name", PAYLOADS)
def test_texts_are_inert(name: str) -> None:
    for picture in drawn.every_kind(PAYLOADS[name]).values():
        geometry.well_drawn(picture)
        assert clean(PAYLOADS[name]) == picture.title


@pytest.mark.parametrize("kind", list(drawn.every_kind("x")))
def test_texts_are_all_told(kind: str) -> None:
    """Whatever text is given stands in the description as well."""
    picture = drawn.every_kind("Grüße & <Küsse>")[kind]
    assert "Grüße & <Küsse>" in picture.description
    assert "Grüße &amp; &lt;Küsse&gt;" in picture.svg


def test_parts_of_pictures_are_named_apart() -> None:
    """Two pictures on one page have no name in common, unless they are the same."""
    one, other = (
        {name for picture in drawn.every_kind(text).values() for name in re.findall(r' id="([^"]*)"', picture.svg)}
        for text in ("one", "other")
    )
    assert one and other and not one & other


@settings(max_examples=10)
@given(st.text(max_size=30))
def test_the_same_bytes(text: str) -> None:
    assert drawn.every_kind(text) == drawn.every_kind(text)
