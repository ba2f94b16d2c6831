"""What stakes are: hand-made cases whose figures can be told on paper."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from slarules.engine.adopt import UnknownReading
from slarules.model.event import Event
from slarules.model.value import MINUTE, Money
from slarules.stakes.comparing import money
from slarules.stakes.stakes import stakes
from slarules.stakes.words import favour, idle, ranked, told
from slarules.stakes.worth import SAME, UNASKED, UNTOUCHED, OptionStake, Stakes, Standing
from tests.engine.small import at, contract, log

RULES = """
reading speed "How soon is soon?"
  option hour: within 1 hour  "an hour"
  option day:  within 24 hours "a day"
  adopt hour because "sooner is soon"

reading reports "How often is a report due?"
  option rolling: every 24 hours     "a day after the last"
  option dates:   each day of Always "on each date"
  adopt rolling because "no date is named"

reading calls "Are calls requests?"
  option yes "they are"
  option no  "they are not"
  adopt yes because "all are"

reading visits "Who may come?"
  option anybody "anybody"
  option staff   "staff alone"
  adopt anybody because "no word of staff"

reading secret "Is it secret?"
  option yes "it is"
  option no  "it is not"
  adopt no because "no word of it"

reading loud "Is it still a secret when all could hear it?"
  option yes "it is"
  option no  "it is not"
  adopt yes because "no word of hearing"

reading mood "Must one smile?"
  option yes "one must"
  option no  "one need not"
  adopt no because "no word of it"
  changes nothing because "no event shows it"

fact by_phone of request: yes or no
fact whispered of request: yes or no
event visited of request act visit

severities 1, 2

duty answer
  when request opened
  if reading calls is yes or not by_phone
  Desk must respond as read in speed
  performed when request responded by Desk
  on severity change keep the deadline
  on reopening change nothing

duty report_daily
  when answer breached
  Desk must report as read in reports until request resolved
  performed when request reported by Desk
  on severity change keep the deadline
  on reopening change nothing

prohibition no_visits
  when request visited by Desk
  if reading visits is staff
  Desk must not visit request

duty keep_secret
  when request opened
  if whispered and reading secret is yes
  if whispered and (reading loud is yes or whispered)
  Desk must escalate request within 1 hour
  on severity change keep the deadline
  on reopening change nothing
"""
LINES = """
2026-03-02 09:00  T1 opened by Client, by_phone, severity 1
2026-03-02 12:30  T1 responded by Desk
2026-03-02 12:45  T1 resolved by Desk
2026-03-02 09:00  T2 opened by Client, not by_phone, severity 2
2026-03-02 09:30  T2 responded by Desk
2026-03-02 10:00  T3 opened by Client, not by_phone, severity 2
"""


def worth(readings: dict[str, str] | None = None, lines: str = LINES, as_of: str = "2026-03-02 18:00") -> Stakes:
    events: Sequence[Event] = log(RULES, lines)
    return stakes(contract(RULES), events, at(as_of), readings=readings)


def of(found: Stakes, reading: str, option: str) -> OptionStake:
    return next(o for r in found.readings if r.reading == reading for o in r.options if o.option == option)


def test_what_flips_moves_and_vanishes() -> None:
    day = of(worth(), "speed", "day")
    flips = [(c.before and c.before.subject, told(c.before), told(c.after)) for c in day.effect.changes[:2]]
    assert flips == [("T1", "breached", "met"), ("T3", "breached", "pending")]
    assert [c.before and c.before.label for c in day.effect.changes[2:]] == ["report_daily#1", "report_daily#1"]
    assert (day.effect.flips, day.effect.arisen, day.effect.vanished, day.effect.decided) == (2, 0, 2, 4)
    moves = day.effect.moves
    assert (moves.later, moves.earlier, moves.median, moves.largest) == (3, 0, 23 * 60 * MINUTE, 23 * 60 * MINUTE)
    assert (day.effect.lateness.gained, day.effect.lateness.lost) == (0, 150 * MINUTE)  # 10:00 to 12:30
    assert day.effect.lateness.unperformed == -1  # T3 was never answered, and by then still may be
    (desk,) = day.effect.favours
    assert (desk.bearer, desk.to_kept, desk.to_broken, desk.broken) == ("Desk", 1, 0, -2)
    assert favour(day.effect) == ["for Desk: 2 fewer"]
    assert day.effect.rules == {"answer": 3, "report_daily": 2}


def test_the_same_told_from_the_other_side() -> None:
    here, there = of(worth(), "speed", "day").effect, of(worth({"speed": "day"}), "speed", "hour").effect
    flips = [[(c.before, c.after) for c in one.changes if c.before and c.after] for one in (here, there)]
    assert sorted(flips[0], key=str) == sorted(((after, before) for before, after in flips[1]), key=str)
    assert here.vanished == there.arisen and here.moves.later == there.moves.earlier
    assert here.lateness.lost == there.lateness.gained


def test_why_nothing_hangs_on_a_reading() -> None:
    found = worth()
    assert of(found, "visits", "staff").nothing == UNTOUCHED
    assert of(found, "secret", "yes").effect.undetermined == 3  # nobody recorded whether it was whispered
    assert of(worth({"secret": "yes"}), "loud", "no").nothing == UNASKED  # both ways that alone is asked
    assert of(found, "calls", "no").nothing is None
    told = {one.reading: why for one, why in idle(found)}
    assert told["mood"] == "marked `changes nothing`"
    assert told["visits"] == "nothing happened in this log that it could touch"
    visited = LINES + "2026-03-02 13:00  T2 visited by Client"
    assert of(worth(lines=visited), "visits", "staff").nothing == SAME


def test_a_report_of_another_rhythm_is_another_report() -> None:
    """Of a recurring duty whose rhythm the reading changes, no period is matched with one that begins elsewhere."""
    dates = of(worth(as_of="2026-03-05 09:00"), "reports", "dates").effect
    assert dates.vanished and dates.arisen
    matched = {(c.before.triggered_at, c.after.triggered_at) for c in dates.changes if c.before and c.after}
    assert all(one == other for one, other in matched)


def test_readings_are_ranked_by_what_hangs_on_them() -> None:
    names = [one.reading for one in ranked(worth())]
    assert names[0] == "speed" and "mood" not in names and "visits" not in names


def test_only_those_are_judged_again_that_can_differ() -> None:
    found = worth()
    assert of(found, "speed", "day").judged == 3
    assert of(found, "reports", "dates").judged == 2  # those of which an answer is late
    assert of(found, "visits", "staff").judged == 0
    assert of(found, "reports", "dates").rests == ("report_daily",)


def test_amounts_are_told_by_currency() -> None:
    values = [
        Standing("money", "A1", "fee", Money(Decimal(100), "USD"), Money(Decimal("120.50"), "USD")),
        Standing("money", "A2", "fee", Money(Decimal(90), "USD"), Money(Decimal(80), "USD")),
        Standing("money", "A1", "tax", Money(Decimal(5), "EUR"), Money(Decimal(7), "EUR")),
    ]
    assert money(values) == {
        "EUR": (Decimal(2), Decimal(0)), "USD": (Decimal("20.50"), Decimal(10))}  # fmt: skip


def test_an_unknown_reading_is_refused() -> None:
    with pytest.raises(UnknownReading, match="did you mean `speed`"):
        worth({"sped": "day"})


def test_flips_within_the_log_s_own_precision_are_counted() -> None:
    lines = """
    2026-03-02 09:00  T1 opened by Client, severity 1
    2026-03-02 10:01  T1 responded by Desk
    """
    events = log(RULES, lines)
    for precision, doubtful in ((MINUTE, 0), (2 * MINUTE, 1)):
        found = stakes(contract(RULES), events, at("2026-03-02 18:00"), precision=precision)
        day = of(found, "speed", "day").effect
        assert (day.flips, day.doubtful) == (1, doubtful)
