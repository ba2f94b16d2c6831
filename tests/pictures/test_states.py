"""Diagrams of states: no box, label or line lies on another, whatever the states and moves."""

from __future__ import annotations

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from slarules.pictures.states import Move, State, states
from tests.pictures import geometry

MAINTENANCE = (
    (State("active", starts=True), State("renewed"), State("grace"), State("expired", ends=True)),
    (
        Move("active", "renewed", "the supplier receives a purchase order for the renewal"),
        Move("active", "renewed", "the renewal is paid"),
        Move("active", "grace", "the term ends"),
        Move("renewed", "active", "the term ends"),
        Move("grace", "active", "a purchase order is received, in any order"),
        Move("grace", "active", "the renewal is paid"),
        Move("grace", "expired", "30 days have passed"),
        Move("expired", "active", "the reinstatement fee and the renewal are paid"),
        Move("active", "active", "the severity changes"),
    ),
)
WORDS = st.lists(
    st.sampled_from(["when", "the", "request", "is", "reopened", "30", "days", "by", "Customer"]), max_size=12
)


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[State], list[Move]]:
    """Up to nine states and fourteen moves of any kind."""
    count = draw(st.integers(1, 9))
    kinds = st.sampled_from(["due", "kept", "not known", "suspended by the supplier"])
    names = [f"{draw(kinds)} {n}" for n in range(count)]
    made = [State(name, draw(st.booleans()), draw(st.booleans()), " ".join(draw(WORDS))) for name in names]
    moves = draw(st.lists(
        st.builds(Move, st.sampled_from(names), st.sampled_from(names), WORDS.map(" ".join)), max_size=14
    ))  # fmt: skip
    return made, moves


def drawn_apart(made: list[State], moves: list[Move]) -> None:
    """No two boxes, no two labels, no label and box of another state, and no line through any of them."""
    picture = states("A life", made, moves)
    geometry.well_drawn(picture)
    boxes, labels = geometry.boxes(picture, "state"), geometry.labels(picture)
    assert len(boxes) == len(made)
    geometry.apart(boxes)
    for label in labels:
        for box in boxes:
            assert label.within(box) or not label.touches(box), (label, box)
    geometry.clear(picture, [*labels, *boxes], 0.3)


def test_a_life_of_maintenance() -> None:
    made, moves = (list(part) for part in MAINTENANCE)
    drawn_apart(made, moves)
    picture = states("Maintenance", made, moves)
    assert 400 < picture.width <= 640
    said = " ".join(geometry.texts(picture))
    for move in moves:
        assert all(word in said for word in move.label.split())
        assert f"From {move.source} to {move.target}" in picture.description and move.label in picture.description
    assert "It begins in active. It ends in expired." in picture.description


def test_starts_and_ends_are_marked() -> None:
    def circles(starts: bool, ends: bool) -> int:
        return states("Life", [State("only", starts, ends)], []).svg.count("<circle")

    assert (circles(False, False), circles(True, False), circles(False, True)) == (0, 1, 2)


def test_an_arrow_points_where_its_move_leads() -> None:
    """A move down ends at the top of the lower box, a move back at the bottom of the upper one."""
    for source, target in (("a", "b"), ("b", "a")):
        picture = states("Life", [State("a", starts=True), State("b")], [Move("a", "b", ""), Move(source, target, "x")])
        upper, lower = sorted(geometry.boxes(picture, "state"), key=lambda box: box.top)
        heads = [element.attrib["d"] for element in geometry.root(picture).iter(f"{geometry.SVG}path")
                 if element.get("fill") == "currentColor"]  # fmt: skip
        tips = sorted(float(head.split()[1].split("L")[0]) for head in heads)[-2:]
        expected = [lower.top, lower.top] if source == "a" else [upper.bottom, lower.top]
        assert all(abs(tip - at) < 0.6 for tip, at in zip(tips, expected, strict=True)), (tips, expected)


def test_no_states_and_one() -> None:
    geometry.well_drawn(states("None", [], []))
    assert "no states" in states("None", [], []).description
    drawn_apart([State("only", True, True, "a note")], [Move("only", "only", "again")])


@settings(max_examples=int(os.environ.get("SLARULES_PICTURES", "40")))
@given(lives())
def test_nothing_lies_on_anything(life: tuple[list[State], list[Move]]) -> None:
    drawn_apart(*life)


@settings(max_examples=20)
@given(lives())
def test_the_same_bytes(life: tuple[list[State], list[Move]]) -> None:
    assert states("A life", *life) == states("A life", *life)
