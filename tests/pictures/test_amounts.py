"""Bars, months, heat maps and curves: every number is written, told in words, and drawn as long as it is great."""

from __future__ import annotations

import pytest

from slarules.pictures import bars, curve, heat, months
from slarules.pictures.picture import Picture
from tests.pictures import geometry


def wide(picture: Picture) -> list[float]:
    return [round(box.right - box.left, 1) for box in geometry.boxes(picture)]


def test_bars_are_as_long_as_their_amounts() -> None:
    picture = bars.bars("Stakes", [bars.Row("one", 400), bars.Row("two", 100), bars.Row("three", -200)], "verdicts")
    first, second, third = wide(picture)
    assert first == pytest.approx(4 * second, abs=0.2) and first == pytest.approx(2 * third, abs=0.2)
    left, _, below = geometry.boxes(picture)
    assert below.right == pytest.approx(left.left, abs=0.1)


def test_bars_in_words() -> None:
    rows = [
        bars.Row("as adopted", 0, note="adopted", group="Business hours"),
        bars.Row("in the customer's zone", 1234.5, group="Business hours"),
        bars.Row("at close", -3, "−3 min", group="Reopening"),
    ]
    picture = bars.bars("Stakes", rows, "verdicts that flip")
    assert picture.description == (
        "Bars show: verdicts that flip. Business hours. as adopted: 0 (adopted). in the customer's zone: 1,234.5. "
        "Reopening. at close: −3 min."
    )
    assert {"1,234.5", "−3 min", "adopted", "Business hours"} <= set(geometry.texts(picture))
    assert "nothing to compare" in bars.bars("Stakes", [], "verdicts").description


def test_many_bars() -> None:
    geometry.well_drawn(bars.bars("Stakes", [bars.Row(f"option {n}", n) for n in range(60)], "verdicts"))


def test_months() -> None:
    picture = months.months("Kept", [months.Month("March 2026", 30, 10, 5), months.Month("April 2026", 0, 0, 2)])
    assert wide(picture)[3:6] == pytest.approx([x * wide(picture)[4] / 10 for x in (30, 10, 5)], abs=0.2)
    assert picture.description == (
        "March 2026: 30 kept, 10 broken, 5 undetermined; 75% of those kept or broken were kept. "
        "April 2026: 0 kept, 0 broken, 2 undetermined."
    )
    assert {"30", "10", "5", "75%", "–"} <= set(geometry.texts(picture))


@pytest.mark.parametrize(
    ("kept", "broken", "said"),
    [(0, 0, "–"), (0, 5, "0%"), (5, 0, "100%"), (9999, 1, "99.9%"), (1, 9999, "0.1%"), (1, 7, "12.5%")],
)
def test_a_share_is_never_rounded_to_all_or_none(kept: int, broken: int, said: str) -> None:
    assert months.share(kept, broken) == said
    if kept + broken:
        assert curve.percent(kept / (kept + broken)) == said


def test_heat() -> None:
    picture = heat.heat("Breaches", ["Monday", "Tuesday"], ["08:00", "09:00"], [[1, 20], [0, 5]])
    assert picture.description == (
        "26 in all, by 2 rows and 2 columns. Monday: 1 at 08:00, 20 at 09:00; 21 in all. Tuesday: 5 at 09:00; 5 in all."
    )
    texts = geometry.texts(picture)
    assert all(texts.count(text) >= 1 for text in ("1", "20", "5", "21", "25", "26"))
    tones = [element.get("fill-opacity") for element in geometry.root(picture).iter(f"{geometry.SVG}rect")]
    assert float(tones[1] or 1) > float(tones[3] or 1) > float(tones[0] or 1) > float(tones[2] or 1)


def test_heat_of_great_counts() -> None:
    picture = heat.heat("Breaches", ["Monday"], [f"{hour:02}" for hour in range(24)], [[1234] * 23 + [99999]])
    geometry.well_drawn(picture)
    assert "1.2k" in geometry.texts(picture) and "100k" in geometry.texts(picture)
    assert "1,234 at 00" in picture.description and "99,999 at 23" in picture.description


def test_heat_of_nothing() -> None:
    assert "nothing to count" in heat.heat("Breaches", [], [], []).description
    assert heat.heat("Breaches", ["Monday"], ["08"], [[0]]).description.endswith("Monday: none.")


LINES = (
    curve.Line("severity 1", ((30.0, 0.25), (60.0, 0.5), (120.0, 0.75), (480.0, 1.0))),
    curve.Line("severity 2", ((600.0, 0.5), (1440.0, 1.0)), ((600.0, 0.3, 0.7), (1440.0, 0.8, 1.0))),
)


def test_curve_in_words() -> None:
    picture = curve.curve("Kept", LINES, [curve.Target(60, "1 h, as agreed", 0.5)], asked=0.95)
    assert picture.description == (
        "The share kept, against the target. "
        "severity 1: 50% at 1 h, 90% at 8 h, 95% at 8 h, 100% at 8 h. "
        "severity 2: 50% at 10 h, 90% at 1 day, 95% at 1 day, 100% at 1 day. "
        "Marked: 1 h, as agreed: 50% kept. 95% is asked for."
    )
    assert {"95%", "severity 1", "severity 2", "1 h, as agreed: 50% kept"} <= set(geometry.texts(picture))


def test_lines_are_told_apart_by_their_dashes() -> None:
    picture = curve.curve("Kept", LINES * 2, [])
    strokes = [element for element in geometry.root(picture).iter(f"{geometry.SVG}path")
               if element.get("stroke-width") == "1.6"]  # fmt: skip
    assert len({element.get("stroke-dasharray") for element in strokes}) == 4


def test_business_hours_are_not_counted_as_days() -> None:
    line = [curve.Line("severity 1", ((60.0, 0.5), (60.0 * 400, 1.0)))]
    around, business = (" ".join(geometry.texts(curve.curve("Kept", line, [], days=days))) for days in (True, False))
    assert "7 days" in around and "day" not in business and "160 h" in business
    assert "day" not in curve.curve("Kept", line, [], days=False).description


def test_a_curve_of_no_cases() -> None:
    assert "no cases" in curve.curve("Kept", [], []).description
    geometry.well_drawn(curve.curve("Kept", [curve.Line("severity 1", ())], [curve.Target(60, "as agreed")]))
