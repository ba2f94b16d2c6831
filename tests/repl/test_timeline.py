"""The picture of a case: it fits the width, marks what it should, and needs no more than ASCII."""

from __future__ import annotations

import pytest

from slarules.repl.answers import Look
from slarules.repl.loop import answered
from slarules.repl.session import Session
from tests.repl.small import KNOWN, OPENED, plain, say

LINES = (KNOWN, OPENED, "08:30  T1 acknowledged by Trak", "09:00  T1 waiting on Customer", "10:00  T1 resumed")
IN_ASCII = """\
T1  at Mon 2026-03-02 10:00
               Mon 2026-03-02
               08:00       09:00        10:00
               +-----------+------------+------------+-
BusinessHours  ######################################## open now
confirm        o=====v     D            |               met 08:30
resolution     o============............=============D  due 11:00
events         1     2     3            4
                                       now
  1 08:00 opened by Customer    2 08:30 acknowledged by Trak
  3 09:00 waiting on Customer   4 10:00 resumed"""


def drawn(session: Session, look: Look, *lines: str) -> list[str]:
    return plain(answered(say(session, *lines).session, "timeline", look).answer).splitlines()


def test_the_picture_in_ascii(empty: Session) -> None:
    assert "\n".join(drawn(empty, Look(80, True), *LINES)) == IN_ASCII


@pytest.mark.parametrize("width", [40, 60, 80, 132, 200])
def test_it_fits_the_width(empty: Session, width: int) -> None:
    rows = drawn(empty, Look(width), *LINES, "2026-03-06 09:00  T1 resolved by Trak")
    last = next(n for n, row in enumerate(rows) if row.strip() == "now")
    assert max(map(len, rows[:last])) <= width
    assert any("✗" in row for row in rows if row.startswith("resolution"))


def test_a_breach_is_marked_at_its_deadline_and_what_comes_late_after_it(empty: Session) -> None:
    rows = drawn(empty, Look(80, True), KNOWN, OPENED, "09:30  T1 acknowledged by Trak")
    row = next(row for row in rows if row.startswith("confirm"))
    assert row.index("x") < row.index("v") and "!" in row[row.index("x") : row.index("v")]


def test_nights_and_weekends_are_not_counted(empty: Session) -> None:
    opened = say(empty, KNOWN, "2026-03-06 16:00  T1 opened by Customer, severity 2").session
    rows = plain(answered(opened, "timeline T1.resolution", Look(80, True)).answer).splitlines()
    row = next(row for row in rows if row.startswith("resolution"))
    assert ".........." in row and row.rstrip().endswith("due Mon 03-09 15:00")
    assert any("Sun 03-08" in row for row in rows)


def test_many_events_at_once_each_have_a_mark(empty: Session) -> None:
    rows = drawn(empty, Look(80, True), KNOWN, OPENED, *["T1 responded by Trak"] * 5)
    assert next(row for row in rows if row.startswith("events")).split()[1].startswith("123456")


def test_a_case_without_anything_dated_is_still_drawn(empty: Session) -> None:
    assert "events" in "\n".join(drawn(empty, Look(80, True), "2026-03-02 08:00  T1 acknowledged by Trak"))
