"""A failing scenario as rows of a timeline."""

from __future__ import annotations

from slarules.scenario.report import timeline
from tests.scenario.conftest import outcome


def test_the_rows() -> None:
    rows = timeline(outcome("""
        2026-03-02 08:00  T1 opened by Customer under A1, channel email, severity 1, not satisfied, id e1
        09:00             T1 waiting on Customer
        2026-03-03 10:00  T1 corrected e1, happened at 2026-03-02 07:00, channel telephone
        as of 11:00       expect T1 confirm met at 2026-03-02 07:30
        expect T1 care missed
    """))
    assert [(row.date, row.time, row.happened) for row in rows] == [
        ("2026-03-02", "08:00", "T1 opened by Customer under A1, channel email, severity 1, not satisfied"),
        ("", "09:00", "T1 waiting on Customer"),
        ("2026-03-03", "10:00", "T1 corrected e1, channel telephone, happened at 2026-03-02 07:00"),
        ("", "11:00", ""),
        ("", "11:00", ""),
    ]
    assert [row.holds for row in rows] == [None, None, None, False, True]
    assert rows[3].expected == "T1 confirm met at 2026-03-02 07:30"
    assert [row.span.line for row in rows] == [4, 5, 6, 7, 8]


def test_late_news_in_words() -> None:
    row = timeline(outcome("2026-03-02 08:00  T1 opened, happened at 07:00"))[0]
    assert row.time == "08:00"
    assert row.happened == "T1 opened, happened at 07:00"
