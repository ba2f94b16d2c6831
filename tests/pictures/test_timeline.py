"""One ticket's time: instants stand where they belong, closed stretches are shortened, and all is told in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slarules.pictures import timescale
from slarules.pictures.drawing import SMALL, Label, Stroke
from slarules.pictures.flags import flags
from slarules.pictures.text import width
from slarules.pictures.timeline import OVERDUE, PAUSED, RUNS, Clock, Event, Part, timeline
from tests.pictures import geometry

BERLIN = ZoneInfo("Europe/Berlin")


def on(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


OPEN = [(on(day, 9), on(day, 17)) for day in (2, 3, 4)]


def story(outcome: str = "broken", kept: bool | None = False) -> Clock:
    parts = (
        Part(on(2, 16), on(2, 17), RUNS), Part(on(3, 9), on(3, 10), PAUSED), Part(on(3, 10), on(3, 11), RUNS),
        Part(on(3, 11), on(3, 12), OVERDUE),
    )  # fmt: skip
    return Clock("respond", parts, on(3, 11), outcome, kept)


def test_nights_are_shortened_and_marked() -> None:
    scale = timescale.pieces(on(2, 16), on(3, 12), OPEN, 0, 400)
    assert [piece.short for piece in scale] == [False, True, False]
    opened = [(piece.right - piece.left) / (piece.end - piece.begin) for piece in scale if not piece.short]
    assert opened[0] == pytest.approx(opened[1])
    picture = timeline("Ticket", on(2, 16), on(3, 12), OPEN, [], [story()])
    assert "closed time, drawn shorter" in geometry.texts(picture)
    assert {"overdue", "paused", "clock runs", "open hours"} <= set(geometry.texts(picture))


def test_without_closed_time_nothing_is_shortened() -> None:
    assert not any(piece.short for piece in timescale.pieces(on(2, 10), on(2, 12), OPEN, 0, 400))
    assert not any(piece.short for piece in timescale.pieces(on(2, 18), on(2, 20), OPEN, 0, 400))
    assert not any(piece.short for piece in timescale.pieces(on(2, 10), on(4, 12), [], 0, 400))


@given(st.lists(st.integers(0, 5000), min_size=2, max_size=2, unique=True), st.sets(st.integers(0, 5000), max_size=12))
def test_time_runs_to_the_right_and_fills_the_room(window: list[int], edges: set[int]) -> None:
    begin, end = (datetime(2026, 3, 2, tzinfo=UTC) + timedelta(minutes=n) for n in sorted(window))
    cuts = [datetime(2026, 3, 2, tzinfo=UTC) + timedelta(minutes=n) for n in sorted(edges)]
    scale = timescale.pieces(begin, end, list(zip(cuts[::2], cuts[1::2], strict=False)), 10, 410)
    assert scale[0].left == 10 and scale[-1].right == pytest.approx(410)
    for before, after in pairwise(scale):
        assert before.end == after.begin and before.right == pytest.approx(after.left)
    places = [timescale.at(begin + (end - begin) * n / 20, scale) for n in range(21)]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("end", "first", "second"),
    [
        (on(2, 9, 10), "09:00", "09:02"),
        (on(2, 12), "09:00", "09:30"),
        (on(2, 17), "09:00", "10:00"),
        (on(4, 9), "12:00", "18:00"),
    ],
)
def test_ticks_are_round(end: datetime, first: str, second: str) -> None:
    scale = timescale.pieces(on(2, 9), end, [], 0, 400)
    assert [tick.text for tick in timescale.clocks(on(2, 9), end, scale)][:2] == [first, second]


def test_weeks_have_dates_only() -> None:
    scale = timescale.pieces(on(2, 9), on(30, 9), [], 0, 400)
    assert timescale.clocks(on(2, 9), on(30, 9), scale) == []
    dates = [tick.text for tick in timescale.dates(on(2, 9), on(30, 9), scale, 400)]
    assert dates == ["Mon 2 Mar 2026", "Mon 9 Mar", "Mon 16 Mar", "Mon 23 Mar"]


def test_clocks_go_forward() -> None:
    """On 29 March 2026 clocks in Berlin go from 02:00 to 03:00: no tick between, and each at its own place."""
    begin, end = on(29, 0), on(29, 6)
    ticks = timescale.clocks(begin, end, timescale.pieces(begin, end, [], 0, 500))
    assert [tick.text for tick in ticks] == sorted({tick.text for tick in ticks})
    assert "02:00" not in [tick.text for tick in ticks] and ticks[0].text == "00:00"
    assert all(a.x < b.x for a, b in pairwise(ticks))


def test_the_deadline_and_what_became_of_it() -> None:
    for outcome, kept in (("kept, 1 h before the deadline", True), ("broken, 1 h late", False), ("pending", None)):
        picture = timeline("Ticket", on(2, 16), on(3, 12), OPEN, [], [story(outcome, kept)])
        geometry.well_drawn(picture)
        said = " ".join(geometry.texts(picture))
        assert "due Tue 3 Mar 11:00" in said and outcome in said
    stories = [story("x", kept) for kept in (True, False, None)]
    assert len({timeline("Ticket", on(2, 16), on(3, 12), OPEN, [], [one]).svg for one in stories}) == 3


def test_a_timeline_in_words() -> None:
    events = [Event(on(3, 12), "request resolved"), Event(on(2, 16), "request opened by Customer")]
    picture = timeline("Ticket", on(2, 16), on(3, 12), OPEN[:2], events, [story("broken, 1 h late")])
    assert picture.description == (
        "The time from Mon 2 Mar 2026, 16:00 to Tue 3 Mar 2026, 12:00. "
        "Open hours: Mon 2 Mar 2026, 09:00 to Mon 2 Mar 2026, 17:00; Tue 3 Mar 2026, 09:00 to Tue 3 Mar 2026, 17:00. "
        "Mon 2 Mar 2026, 16:00: request opened by Customer. Tue 3 Mar 2026, 12:00: request resolved. "
        "respond: clock runs from Mon 2 Mar 2026, 16:00 to Mon 2 Mar 2026, 17:00; "
        "paused from Tue 3 Mar 2026, 09:00 to Tue 3 Mar 2026, 10:00; "
        "clock runs from Tue 3 Mar 2026, 10:00 to Tue 3 Mar 2026, 11:00; "
        "overdue from Tue 3 Mar 2026, 11:00 to Tue 3 Mar 2026, 12:00; "
        "due Tue 3 Mar 2026, 11:00; broken, 1 h late."
    )
    texts = " ".join(geometry.texts(picture))
    assert "Mon 2 Mar 16:00 request opened by Customer" in texts and "Tue 3 Mar 12:00 request resolved" in texts


def test_an_instant_and_years() -> None:
    geometry.well_drawn(timeline("Ticket", on(2, 9), on(2, 9), [], [Event(on(2, 9), "opened")], []))
    begin, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (1975, 2199))
    geometry.well_drawn(timeline("Ticket", begin, end, [], [], []))


@given(
    st.lists(st.floats(0, 480), max_size=10),
    st.lists(st.sampled_from(["a", "request opened by Customer", "w " * 60]), min_size=10, max_size=10),
)
def test_no_stem_runs_through_words(places: list[float], words: list[str]) -> None:
    marks, bottom = flags(list(zip(sorted(places), words, strict=False)), 0)
    labels = [mark for mark in marks if isinstance(mark, Label)]
    paths = [mark.path for mark in marks if isinstance(mark, Stroke)]
    stems = [[float(one) for one in path.replace("M", "").replace("L", " ").split()] for path in paths]
    for label in labels:
        for x, top, _, low in stems:
            crossed = label.x < x - 0.5 < label.x + width(label.text, SMALL) - 1
            assert not (crossed and top < label.y - 1 and label.y - 8 < low), (label, x)
    assert all(low == pytest.approx(bottom, abs=0.01) for *_, low in stems)
