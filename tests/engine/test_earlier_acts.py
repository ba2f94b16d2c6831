"""R10, R23: an act done before a duty arose counts by what held when it was done; and what else depends on order."""

from __future__ import annotations

from decimal import Decimal

from slarules.engine.evaluate import evaluate
from slarules.model.event import Event
from tests.engine.small import at, contract, event, judged, one
from tests.engine.test_recorded_anew import by_both

BREACHED = """
duty respond_to_them
  when request opened
  Desk must respond within 4 hours
"""
DURING = BREACHED + """
calendar Hours
  open Monday to Friday 09:00 to 17:00

duty report_it
  when respond_to_them breached
  Desk must report within 2 hours
  performed when request reported by Desk and during Hours
"""


def test_an_earlier_act_counts_by_the_hours_in_which_it_was_done() -> None:
    outside = "2026-03-02 07:00  T1 opened by Client\n08:00  T1 reported by Desk\n"
    assert one(by_both(DURING, outside, "2026-03-02 12:00"), "report_it#1").state == "pending"
    inside = "2026-03-02 16:00  T1 opened by Client\n16:30  T1 reported by Desk\n"
    seen = one(by_both(DURING, inside, "2026-03-02 21:00"), "report_it#1")
    assert (seen.state, seen.performed_at) == ("met", at("2026-03-02 16:30"))


EITHER = BREACHED + """
duty report_it
  when respond_to_them breached
  Desk must report within 2 hours
  performed when request {0} or {1} by Desk
"""


def test_of_two_earlier_acts_at_one_instant_the_first_by_their_order_counts() -> None:
    """R10, R12: it is the order of events, and not that in which the policy names them."""
    lines = "2026-03-02 09:00  T1 opened by Client\n10:00  T1 updated by Desk\n10:00  T1 reported by Desk\n"
    for names in (("updated", "reported"), ("reported", "updated")):
        seen = one(by_both(EITHER.format(*names), lines, "2026-03-02 14:00"), "report_it#1")
        assert (seen.state, seen.performed_at) == ("met", at("2026-03-02 10:00"))
        assert seen.events == ("T1-updated",)


WHO = DURING + """
fact on_paper of request: yes or no

duty ask_them
  when request opened
  Desk must ask within 10 hours
  performed when request asked by Desk and on_paper and during Hours
"""


def test_an_uncertain_act_counts_by_the_hours_in_which_it_was_done() -> None:
    """R23: that it is on paper is recorded in the evening."""
    lines = "2026-03-02 15:00  T1 opened by Client\n16:00  T1 asked by Desk\n20:00  T1 recorded, on_paper\n"
    seen = one(by_both(WHO, lines, "2026-03-02 20:00"), "ask_them#1")
    assert (seen.state, seen.performed_at) == ("met", at("2026-03-02 16:00"))


SEVERAL = """
duty a
  when request opened
  Desk must respond by the {0} of {1} and {2}
  paused while waiting on Client
"""


def test_the_order_in_which_two_limits_are_written_makes_no_difference() -> None:
    """R16, R33: what is suspended is so in either order."""
    lines = "2026-03-02 09:00  T1 opened by Client\n10:00  T1 waiting on Client\n"
    for which, first, second in (
        ("later", "within 8 hours", "within 3 days"),
        ("sooner", "within 9 hours", "within 8 hours after request acknowledged"),
    ):
        for parts in ((first, second), (second, first)):
            seen = one(by_both(SEVERAL.format(which, *parts), lines, "2026-03-02 14:00"), "a#1")
            assert (seen.state, seen.deadline, seen.consumed) == ("suspended", None, 3_600_000_000)


BOTH = """
duty a
  when both request acknowledged and request updated
  Desk must respond within 4 hours

duty b
  when request asked
  Desk must report within 4 hours
"""


def test_what_came_before_the_opening_sets_nothing_off_later() -> None:
    """R35: the later of the two events would, and it came too early; another event is none of them."""
    lines = """
2026-03-02 07:00  T1 acknowledged by Desk
08:00  T1 {} by Desk
09:00  T1 opened by Client
10:00  T1 {}
"""
    seen = by_both(BOTH, lines.format("updated", "asked by Client"), "2026-03-02 12:00")
    assert [v.label for v in seen.verdicts] == ["b#1"]
    seen = by_both(BOTH, lines.format("reported", "updated by Desk"), "2026-03-02 12:00")
    assert [(v.label, v.triggered_at) for v in seen.verdicts] == [("a#1", at("2026-03-02 10:00"))]


BLOCK = """
allowance block of Client in hours
  increases on hours_purchased by hours
  decreases on hours_logged by hours
"""


def test_entries_of_one_instant_draw_in_the_order_of_their_source() -> None:
    """R12, R34: its own sequence comes before their ids."""

    def logged(name: str, hours: int, sequence: int | None) -> Event:
        return Event(name, "A1", "hours_logged", at("2026-03-03 09:00"), "Desk", {"hours": hours}, "s", sequence)

    events = [
        event("a1", "started", "2026-03-02 09:00", "Client", "A1"),
        event("a2", "hours_purchased", "2026-03-02 09:00", "Client", "A1", hours=10),
    ]
    for sequences, excess in (((1, 2), ["y"]), ((2, 1), ["z"]), ((None, None), ["z"])):
        log = [*events, logged("z", 8, sequences[0]), logged("y", 5, sequences[1])]
        (block,) = evaluate(contract(BLOCK), None, log, at("2026-03-03 09:00")).allowances
        assert [draw.event for draw in block.draws if isinstance(draw.excess, Decimal) and draw.excess > 0] == excess


AMENDED = """
clause "until April"
  in force from 2026-01-01 to 2026-03-31
  duty pay
    when agreement invoiced
    Client must pay within 10 days

  duty remind
    when pay breached
    Desk must notify within 5 days

clause "from April"
  in force from 2026-04-01
  duty pay
    when agreement invoiced
    Client must pay within 30 days

  duty remind
    when pay breached
    Desk must notify within 6 days
"""


def test_what_follows_from_a_breach_keeps_the_terms_of_what_was_broken() -> None:
    """R27: each duty of the agreement keeps the terms at its trigger, with all that follows from it."""
    events = [
        event("a1", "started", "2026-01-05 09:00", "Client", "A1"),
        event("a2", "invoiced", "2026-03-25 09:00", "Desk", "A1"),
        event("a3", "invoiced", "2026-04-02 09:00", "Desk", "A1"),
    ]
    seen = evaluate(contract(AMENDED), None, events, at("2026-04-01 09:00"))
    assert seen.next_change_at == at("2026-04-05 00:00")
    for as_of in ("2026-04-05 00:00", "2026-04-26 09:00"):
        seen = evaluate(contract(AMENDED), None, events, at(as_of))
        assert [(v.label, v.deadline) for v in seen.verdicts if v.duty == "remind"] == [
            ("remind#1", at("2026-04-11 00:00"))
        ]
    assert one(seen, "pay#2", "A1").deadline == seen.next_change_at == at("2026-05-03 00:00")


HOURLY = """
calendar Hours
  open Monday to Friday 09:00 to 17:00

duty a
  when request opened
  while during Hours
  Desk must respond within 40 hours
"""


def test_a_duty_that_ends_with_the_opening_hours_says_when() -> None:
    """R17: of the one verdict as of all."""
    seen = by_both(HOURLY, "2026-03-02 10:00  T1 opened by Client\n", "2026-03-02 12:00")
    assert one(seen, "a#1").next_change_at == seen.next_change_at == at("2026-03-02 17:00")
    assert judged(HOURLY, "2026-03-02 10:00  T1 opened by Client\n", "2026-03-02 17:00").verdicts[0].state == "ended"


WARNED = """
duty a
  when request opened
  Desk must respond within {} hours

duty b
  when {} % of a is used
  Desk must report within 1 hour
"""


def test_a_share_of_a_time_is_exact() -> None:
    """Not a microsecond sooner, as 0.29 times an hour is in binary fractions."""
    for hours, share, seconds in ((1, "29", 1044), (3, "35", 3780), (1, "57", 2052), (1, "12.5", 450)):
        seen = by_both(WARNED.format(hours, share), "2026-03-02 09:00  T1 opened by Client\n", "2026-03-02 13:00")
        assert one(seen, "b#1").triggered_at == at("2026-03-02 09:00") + seconds * 1_000_000
