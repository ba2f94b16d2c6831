"""Where words break and how wide columns become: nothing is lost, nothing is wider than its room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slarules.documents.formats import fonts, measures
from slarules.documents.formats.as_set import as_set

TEXTS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz_/.-  WMüя日\n", max_size=120)
WIDTHS = st.lists(st.floats(1, 300), min_size=1, max_size=12)


@given(TEXTS, st.floats(2, 60))
def test_pieces_are_the_text_and_none_is_wider_than_its_room(text: str, room: float) -> None:
    pieces = measures.pieces(text, room)

    assert "".join(pieces) == text
    assert all(measures.width(run) <= room for piece in pieces for run in piece.split())


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("a short_name", ["a short_name"]),
        ("now respond_within_business_hours here", ["now respond_", "within_", "business_", "hours here"]),
        ("https://example.test/support/terms?version=2",
         ["https://", "example.", "test/", "support/", "terms?", "version=2"]),
        ("one\ntwo", ["one", "\n", "two"]),
        ("here\u200bor there", ["here", "or there"]),
    ],
)
def test_names_and_addresses_break_after_their_own_marks(text: str, pieces: list[str]) -> None:
    assert measures.pieces(text, 40) == pieces


@given(WIDTHS, st.data())
def test_columns_fill_no_more_than_the_whole_and_none_gets_less_than_its_words_need(
    least: list[float], data: st.DataObject
) -> None:
    wanted = [one + data.draw(st.floats(0, 400)) for one in least]
    parts = [data.draw(st.integers(1, 9)) for _ in least]
    whole = data.draw(st.floats(100, 500))

    for made in (measures.columns(least, wanted, whole), measures.parted(parts, least, whole)):
        assert sum(made) <= whole + 0.01 and all(one > 0 for one in made)
        if sum(least) <= whole:
            assert all(one >= need - 0.01 for one, need in zip(made, least, strict=True))


def test_columns_given_in_parts_are_so_wide() -> None:
    assert measures.parted((1, 3), (10, 10), 400) == [100, 300]
    assert measures.parted((1, 3), (200, 10), 400) == [200, 200]


def test_where_not_all_columns_have_room_those_that_need_little_have_it() -> None:
    assert measures.columns((30, 900, 50, 300), (30, 900, 50, 300), 480) == [30, 200, 50, 200]
    assert measures.parted((1, 3), (900, 40), 400) == [360, 40]


@given(TEXTS, st.floats(5, 40))
def test_what_is_shortened_fits_and_begins_alike(text: str, room: float) -> None:
    made = measures.shortened(text, room)

    assert measures.width(made) <= room + 0.01
    assert made == text or (made.endswith(" …") and text.startswith(made[:-2]))


def test_which_characters_the_fonts_lack() -> None:
    assert fonts.lacking("abc ΩЖ日한ابגüẞ€→✓\ufffd\u2068\u200b") == []
    assert fonts.lacking("\U0001f680a\U0001f600\ue000") == ["\ue000", "\U0001f600", "\U0001f680"]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("tab\tbreak\u2028soft\u00adend", "tab    break\nsoft\u200bend"),
        ("to הלקוח, 5 days", "to \u2068הלקוח\u2069, 5 days"),
        ("(see הלקוח) 3", "(see \u2068הלקוח\u2069) 3"),
        ("אבג 12 (ד) end", "\u2068אבג 12 (ד)\u2069 end"),
        ("\u202eabc\x00", "\ufffdabc\ufffd"),
        ("Ωя日", "Ωя日"),
    ],
)
def test_text_as_it_is_set(text: str, made: str) -> None:
    assert as_set(text) == made
