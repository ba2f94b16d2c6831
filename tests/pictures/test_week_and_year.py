"""Drawn weeks and years: what is open and closed, where it stands, and the same in words."""

from __future__ import annotations

from datetime import date

from slarules.pictures import week, year
from tests.pictures import geometry


def test_a_bar_is_as_long_as_it_is_open() -> None:
    days = [week.Day("Monday", (week.Span(540, 1020),)), week.Day("Tuesday", (week.Span(0, 1440),))]
    short, whole = geometry.boxes(week.week("Hours", days))
    assert round((short.right - short.left) / (whole.right - whole.left), 4) == round(480 / 1440, 4)
    assert round((short.left - whole.left) / (whole.right - whole.left), 4) == round(540 / 1440, 4)


def test_times_stand_in_their_bars_or_beside_them() -> None:
    days = [week.Day("Monday", (week.Span(360, 720), week.Span(780, 900))), week.Day("Sunday", ())]
    picture = week.week("Hours", days)
    first, second = geometry.boxes(picture)
    at = {area.what: area for area in geometry.labels(picture)}
    assert at["06:00–12:00"].within(first)
    assert not at["13:00–15:00"].touches(second) and at["13:00–15:00"].left > second.right
    assert "closed" in at


def test_times_that_have_no_room_are_listed_below() -> None:
    spans = tuple(week.Span(start, start + 30) for start in range(0, 240, 60))
    picture = week.week("Hours", [week.Day("Monday", spans)])
    below = [area for area in geometry.labels(picture) if "00:00–00:30, 01:00–01:30" in area.what]
    assert len(below) == 1 and all(below[0].top > bar.bottom - 3 for bar in geometry.boxes(picture))


def test_a_week_in_words() -> None:
    days = [
        week.Day("Monday", (week.Span(540, 720), week.Span(780, 1440)), "closed on public holidays"),
        week.Day("Saturday", (week.Span(0, 1440),)),
        week.Day("Sunday", ()),
    ]
    assert week.week("Hours", days).description == (
        "Monday: open 09:00 to 12:00 and 13:00 to 24:00; closed on public holidays. "
        "Saturday: open all day. Sunday: closed."
    )


def test_a_year_has_every_date_once() -> None:
    picture = year.year("Closures", date(2027, 2, 20), [])
    written = [text for text in geometry.texts(picture) if text.isdigit()]
    assert len(written) == 365 + 1  # and one in the legend
    assert "January 2028" in geometry.texts(picture) and "February 2028" not in geometry.texts(picture)


def test_each_mark_is_told_apart_without_colour() -> None:
    """Closed every week: a plain square; closed on the date: a framed one; partly open: a triangle."""
    marks = (year.WEEKLY, year.CLOSED, year.SHORT)
    drawn = []
    for mark in marks:
        read = geometry.root(year.year("Closures", date(2026, 1, 1), [year.Closed(date(2026, 5, 4), mark)]))
        rects = list(read.iter(f"{geometry.SVG}rect"))
        drawn.append((len(rects), sum("stroke" in element.attrib for element in rects)))
    assert drawn == [(2, 0), (2, 2), (0, 0)]


def test_a_year_in_words() -> None:
    closed = [
        year.Closed(date(2026, 12, 25), year.CLOSED, "Christmas Day"),
        year.Closed(date(2026, 12, 24), year.SHORT, "Christmas Eve"),
        year.Closed(date(2026, 12, 26), year.WEEKLY),
        year.Closed(date(2027, 3, 1), year.CLOSED, "too late"),
    ]
    picture = year.year("Closures", date(2026, 3, 9), closed)
    assert picture.description == (
        "The twelve months from March 2026 to February 2027. 1 date is closed as every week. "
        "Closed on a date of their own: 25 December 2026 (Christmas Day). "
        "Open for part of the usual hours: 24 December 2026 (Christmas Eve)."
    )
    assert "25 December 2026: Christmas Day" in picture.svg
