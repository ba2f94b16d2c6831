"""What beginners write instead of what the language has: told with what to write, and mended by it."""

from __future__ import annotations

import pytest

from slarules.source import Source
from slarules.syntax.parse import parse

POLICY = """slarules 1

contract A
  zone America/Denver
  provider B
  customer C

calendar Hours
  open Monday to Friday 09:00 to 17:00
  closed on 2026-03-02

fact channel of ticket: one of email, web
fact effort of ticket: number

duty respond
  when ticket opened during Hours
  if effort is more than 4
  B must respond to C within 4 hours counted in Hours
"""


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("09:00 to 17:00", "09:00-17:00", "`to`"),
        ("09:00 to 17:00", "09:00 – 17:00", "`to`"),
        ("09:00 to 17:00", "09:00 until 17:00", "`to`"),
        ("Monday to Friday", "Monday through Friday", "`to`"),
        ("2026-03-02", "31.02.2026", "`2026-02-31`"),
        ("09:00 to 17:00", "9-17", "`09:00 to 17:00`"),
        ("09:00 to 17:00", "9.30am to 5.15pm", "`09:30 to 17:15`"),
        ("09:00 to 17:00", "12am - 12pm", "`00:00 to 12:00`"),
        ("Monday to Friday", "Mon–Sat", "`Monday to Saturday`"),
        ("Monday to Friday", "monday", "`Monday`"),
        ("2026-03-02", "2026/03/02", "`2026-03-02`"),
        ("2026-03-02", "2 March 2026", "`2026-03-02`"),
        ("2026-03-02", "31.12.2026", "write `2026-12-31`"),
        ("2026-03-02", "12/31/2026", "write `2026-12-31`"),
        ("2026-03-02", "2/3/2026", "`2026-03-02` or `2026-02-03`"),
        ("is more than", "!=", "`is not`"),
        ("is more than", ">=", "`is at least`"),
        ("is more than", "<=", "`is at most`"),
        ("is more than", "<", "`is less than`"),
        ("is more than", ">", "`is more than`"),
        ("4 hours", "4hrs", "`4 hours`"),
        ("4 hours", "1 min", "`1 minute`"),
        ("4 hours", "2 working days", "`2 days counted in CALENDAR`"),
        ("4 hours", "4", "`4 hours`"),
        ("is more than 4", "is more than 4 then", "a line of its own"),
        ("B must", "B will", "`must`"),
        ("within 4 hours", "within 4 hours from opening", "`after request opened`"),
        ("duty respond", "duty respond {", "indented under it"),
        ("09:00 to 17:00", "9:00 a.m. to 5:00 p.m.", "`09:00 to 17:00`"),
        ("09:00 to 17:00", "09:00 AM - 5:30 PM", "`09:00 to 17:30`"),
        ("09:00 to 17:00", "09:00 to 5:00 p.m.", "write `17:00`"),
        ("09:00 to 17:00", "12:00 a.m. to 12:00 p.m.", "`00:00 to 12:00`"),
        ("Monday to Friday", "Mo-Fr", "`Monday to Friday`"),
        ("B must", "B SHALL", "`must`"),
        ("B must", "B MUST", "`must`"),
        ("B must respond", "B mustrespond", "`must respond`"),
        ("if effort is", "if severity P1 and effort is", "`severity is P1`"),
        ("America/Denver", '"America/Denver"', "`America/Denver`"),
        ("duty respond", 'scenario "s"\n  03/14/2026 09:00  T1 opened\n\nduty respond', "`2026-03-14`"),
        ("duty respond", 'scenario "s"\n  2026-03-14T09:00  T1 opened\n\nduty respond', "`2026-03-14 09:00`"),
        ("America/Denver", "PST", "`America/Los_Angeles`"),
        ("America/Denver", "cet", "`Europe/Berlin`"),
        ("when ticket", "# at first\n  when ticket", "`--`"),
    ],
)
def test_one_slip_is_one_message_that_says_what_to_write(right: str, wrong: str, told: str) -> None:
    assert POLICY.count(right) >= 1
    text = POLICY.replace(right, wrong, 1)
    _, found = parse(Source("policy.sla", text))
    (one,) = found
    assert told in (one.help or ""), one
    if one.edit is not None:
        mended = text[: one.edit.span.start] + one.edit.text + text[one.edit.span.end :]
        assert parse(Source("policy.sla", mended))[1] == ()


def test_the_policy_itself_has_none() -> None:
    assert parse(Source("policy.sla", POLICY))[1] == ()
