"""One picture of each kind, with a text in each place that a policy's or a log's words can reach; and random ones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from slarules.pictures import bars, curve, heat, months, states, timeline, week, year
from slarules.pictures.picture import Picture

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """So many minutes after Monday 2 March 2026, 08:00."""
    return START + timedelta(minutes=minutes)


def every_kind(text: str) -> dict[str, Picture]:
    """Each kind of picture; ``text`` stands wherever words can."""
    span = week.Span(540, 1020)
    return {
        "week": week.week(text, [week.Day(text, (span,), text), week.Day("Sunday", ())]),
        "year": year.year(text, date(2026, 3, 1), [year.Closed(date(2026, 12, 25), year.CLOSED, text)]),
        "states": states.states(
            text, [states.State(text, True, True, text), states.State("next")],
            [states.Move(text, "next", text), states.Move(text, text, text)],
        ),
        "timeline": timeline.timeline(
            text, at(0), at(600), [(at(0), at(300))], [timeline.Event(at(30), text)],
            [timeline.Clock(text, (timeline.Part(at(0), at(60), timeline.RUNS),), at(90), text, True)],
        ),
        "bars": bars.bars(text, [bars.Row(text, 3, text, text, text), bars.Row("other", -1)], text),
        "months": months.months(text, [months.Month(text, 3, 1, 2)]),
        "heat": heat.heat(text, [text, "other"], [text, "second"], [[1, 2], [0, 3]]),
        "curve": curve.curve(
            text, [curve.Line(text, ((30, 0.5), (60, 1.0)))], [curve.Target(45, text, 0.5)], axis=text
        ),
    }  # fmt: skip


SOME = st.text(max_size=60) | st.sampled_from(["Monday", "request opened by Customer", "W" * 80, "日本語の説明" * 9])


@st.composite
def weeks(draw: st.DrawFn) -> Picture:
    days = []
    for _ in range(draw(st.integers(0, 9))):
        edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=8)))
        spans = tuple(week.Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))
        days.append(week.Day(draw(SOME), spans, draw(SOME)))
    return week.week(draw(SOME), days)


@st.composite
def years(draw: st.DrawFn) -> Picture:
    first = draw(st.dates(date(1970, 1, 1), date(2199, 1, 1)))
    marks = st.sampled_from([year.WEEKLY, year.CLOSED, year.SHORT])
    days = st.integers(-40, 400).map(lambda n: first + timedelta(days=n))
    return year.year(draw(SOME), first, draw(st.lists(st.builds(year.Closed, days, marks, SOME), max_size=30)))


@st.composite
def timelines(draw: st.DrawFn) -> Picture:
    length = draw(st.sampled_from([1, 10, 90, 600, 3000, 9000, 40000, 400000]))
    instants = st.floats(0, length).map(at)

    def spans(most: int) -> list[tuple[datetime, datetime]]:
        edges = sorted(draw(st.sets(instants, max_size=2 * most)))
        return list(zip(edges[::2], edges[1::2], strict=False))

    kinds = st.sampled_from([timeline.RUNS, timeline.PAUSED, timeline.OVERDUE])
    clocks = [
        timeline.Clock(
            draw(SOME), tuple(timeline.Part(a, b, draw(kinds)) for a, b in spans(4)), draw(st.none() | instants),
            draw(SOME), draw(st.sampled_from([True, False, None])),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    events = draw(st.lists(st.builds(timeline.Event, instants, SOME), max_size=12))
    return timeline.timeline(draw(SOME), at(0), at(length), spans(6), events, clocks)


@st.composite
def barred(draw: st.DrawFn) -> Picture:
    values = st.integers(-(10**7), 10**7) | st.floats(-1e4, 1e4)
    rows = st.builds(bars.Row, SOME, values, st.just("") | SOME, SOME, st.sampled_from(["", "one", "W" * 120]))
    return bars.bars(draw(SOME), draw(st.lists(rows, max_size=12)), draw(SOME))


@st.composite
def monthly(draw: st.DrawFn) -> Picture:
    counts = st.integers(0, 3) | st.integers(0, 99999)
    return months.months(draw(SOME), draw(st.lists(st.builds(months.Month, SOME, counts, counts, counts), max_size=15)))


@st.composite
def heats(draw: st.DrawFn) -> Picture:
    rows, columns = (draw(st.lists(SOME, max_size=most)) for most in (8, 31))
    most = draw(st.sampled_from([0, 9, 999, 200000]))
    counts = [draw(st.lists(st.integers(0, most), min_size=len(columns), max_size=len(columns))) for _ in rows]
    return heat.heat(draw(SOME), rows, columns, counts)


@st.composite
def curves(draw: st.DrawFn) -> Picture:
    times = st.floats(1 / 60, 1e6)
    lines = []
    for _ in range(draw(st.integers(0, 4))):
        xs = sorted(draw(st.sets(times, max_size=12)))
        points = tuple((x, (n + 1) / len(xs)) for n, x in enumerate(xs))
        band = tuple((x, max(share - 0.1, 0), min(share + 0.1, 1)) for x, share in points)
        lines.append(curve.Line(draw(SOME), points, band if draw(st.booleans()) else ()))
    targets = draw(st.lists(st.builds(curve.Target, times, SOME, st.none() | st.floats(0, 1)), max_size=4))
    asked = draw(st.none() | st.floats(0, 1))
    return curve.curve(draw(SOME), lines, targets, asked=asked, days=draw(st.booleans()), axis=draw(SOME))


ANY = st.one_of(weeks(), years(), timelines(), barred(), monthly(), heats(), curves())
