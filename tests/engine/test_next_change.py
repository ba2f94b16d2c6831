"""R17, the next change: what is told and what is not, where instances are hidden and states begin anew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from slarules.calendars.zones import EPOCH
from slarules.columnar.judging import evaluation_of, judge
from slarules.columnar.log.columns import table_of
from slarules.engine.evaluate import evaluate
from slarules.model.contract import Contract
from slarules.resolve.build import resolve
from slarules.source import Source
from slarules.syntax.parse import parse
from tests.engine.small import HEAD, at, contract, event, judged, log, one


def dated(rules: str, dates: str) -> Contract:
    """The contract of these rules, in force between dates only."""
    source = Source("small.sla", HEAD.rstrip() + f"\n  in force {dates}\n\n" + rules)
    tree, spelling = parse(source)
    found, problems = resolve(tree, source, None)
    assert found is not None and not spelling, (*spelling, *problems)
    return found


ANSWER = """
duty answer
  when request opened
  Desk must respond within 4 hours

duty apologise
  when answer breached
  Desk must notify within 3 days
"""


def test_an_instance_from_before_the_contract_tells_no_instant() -> None:
    """It has no verdict, so nothing of it changes; what follows from it while the contract is in force has one."""
    terms = dated(ANSWER, "from 2026-03-03")
    before = [event("t1", "opened", "2026-03-02 09:00", "Client")]
    seen = evaluate(terms, None, before, at("2026-03-02 10:00"))
    assert (seen.verdicts, seen.next_change_at) == ((), None)
    eve = [event("t1", "opened", "2026-03-02 21:00", "Client")]
    seen = evaluate(terms, None, eve, at("2026-03-02 22:00"))
    assert (seen.verdicts, seen.next_change_at) == ((), at("2026-03-03 01:00"))
    after = evaluate(terms, None, eve, at("2026-03-03 01:00"))
    assert [v.label for v in after.verdicts] == ["apologise#1"]
    assert after.next_change_at == one(after, "apologise#1").deadline == at("2026-03-07 00:00")


def test_what_would_arise_after_the_contract_tells_no_instant() -> None:
    terms = dated(ANSWER, "from 2024-01-01 to 2026-03-03")
    seen = evaluate(terms, None, [event("t1", "opened", "2026-03-03 22:00", "Client")], at("2026-03-03 23:00"))
    assert seen.next_change_at == at("2026-03-04 02:00")
    seen = evaluate(terms, None, [event("t1", "opened", "2026-03-03 22:00", "Client")], at("2026-03-04 02:00"))
    assert [(v.label, v.state) for v in seen.verdicts] == [("answer#1", "breached")]
    assert seen.next_change_at is None


FAR = """
duty answer
  when request opened
  Desk must respond within 1200 months rounding down

duty apologise
  when answer breached
  Desk must notify within 1200 months rounding down
"""


def test_a_change_that_sets_off_what_lies_past_the_calendars() -> None:
    """The first is breached in 2126; when the second would be due, in 2226, no calendar says."""
    opened = [event("t1", "opened", "2026-03-02 09:00", "Client")]
    seen = evaluate(contract(FAR), None, opened, at("2026-03-02 10:00"))
    assert seen.next_change_at == one(seen, "answer#1").deadline
    table = evaluation_of(judge(contract(FAR), None, table_of(opened), at("2026-03-02 10:00")), contract(FAR))
    assert table.next_change_at == seen.next_change_at


RENEWED = """
status license of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
    becomes active at the end of term if paid has happened this term
    becomes over at the end of term if not (paid has happened this term)
  state over
"""
REMINDED = RENEWED + """
duty remind
  once each term of license
  Desk must notify within 10 days
"""
PAID = """
2025-01-01 09:00  A1 started by Client
2025-02-01 09:00  A1 paid by Client
2025-02-02 09:00  A1 notified by Desk
"""


def test_a_state_that_begins_anew_does_not_change() -> None:
    """The renewal is no change: the state is what it was. The end of the term after it is one."""
    seen = judged(RENEWED, PAID, "2025-06-01 09:00")
    assert seen.statuses["A1", "license"] == "active"
    assert seen.next_change_at == at("2027-01-01 00:00")
    assert judged(RENEWED, PAID, "2026-12-31 23:59").statuses == seen.statuses
    assert judged(RENEWED, PAID, "2027-01-01 00:00").statuses["A1", "license"] == "over"


def test_what_arises_with_the_new_term_is_told() -> None:
    seen = judged(REMINDED, PAID, "2025-06-01 09:00")
    assert seen.next_change_at == at("2026-01-01 00:00")


AMENDED = """
clause "until April"
  in force from 2025-01-01 to 2026-03-31
  duty pay
    when agreement invoiced
    Client must pay within 60 days

clause "from April"
  in force from 2026-04-01
  duty settle_up
    when agreement invoiced
    Client must pay within 10 days
"""


def test_an_amended_agreement_tells_what_its_own_versions_tell() -> None:
    """R27: each instance by the version at its trigger."""
    events = [
        event("e0", "started", "2026-01-05 08:00", "Client", "A1"),
        event("e1", "invoiced", "2026-03-21 08:00", "Desk", "A1"),
        event("e2", "invoiced", "2026-04-02 08:00", "Desk", "A1"),
    ]
    seen = evaluate(contract(AMENDED), None, events, at("2026-04-05 08:00"))
    assert [v.label for v in seen.verdicts] == ["pay#1", "settle_up#1"]
    assert seen.next_change_at == one(seen, "settle_up#1", "A1").deadline
    before = evaluate(contract(AMENDED), None, events[:2], at("2026-03-25 08:00"))
    assert before.next_change_at == one(before, "pay#1", "A1").deadline


UNSURE = RENEWED + """
duty report
  when request opened
  while license is active
  Desk must report within 800 days
"""


def test_what_ends_while_it_cannot_be_known_does_not_change() -> None:
    """R23: who reported is not recorded; that the term ends tells nothing more."""
    log = [
        event("a1", "started", "2025-01-01 09:00", "Client", "A1"),
        event("t1", "opened", "2025-03-01 09:00", "Client"),
        event("t2", "reported", "2025-03-02 09:00", None),
    ]
    changes: dict[str, int | None] = {}
    for as_of in (at("2025-04-01 09:00"), at("2026-01-01 00:00")):
        seen = evaluate(contract(UNSURE), None, log, as_of, each=lambda s, c: changes.__setitem__(s.subject, c))
        assert (one(seen, "report#1").state, one(seen, "report#1").owed) == ("undetermined", None)
        assert changes["T1"] is None


BOUND = """
status license of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
    becomes over at the end of term
  state over
    becomes active after 30 days

event told_all of request act tell_all

prohibition discretion
  Desk must not tell_all

prohibition secrecy
  Desk must not tell_all
  survives the term
"""


def test_a_prohibition_that_binds_no_more_is_a_change() -> None:
    """R25: what is not owed any more has changed, though it is kept; and what the next term revives."""
    events = [
        event("a1", "started", "2025-01-01 09:00", "Client", "A1"),
        event("t1", "opened", "2025-03-01 09:00", "Client"),
        event("t2", "told_all", "2025-03-02 09:00", "Desk"),
    ]
    terms = contract(BOUND)
    end, anew = at("2026-01-01 00:00"), at("2026-01-31 00:00")
    for as_of, next_change, owed in (
        (at("2025-04-01 09:00"), end, True), (end - 1, end, True), (end, anew, False),
        (anew, at("2027-01-31 00:00"), True),
    ):  # fmt: skip
        changes: dict[str, int | None] = {}
        seen = evaluate(terms, None, events, as_of, each=lambda s, c, own=changes: own.__setitem__(s.subject, c))
        assert (one(seen, "discretion#1").owed, changes["T1"]) == (owed, next_change)
        assert one(seen, "secrecy#1").owed
        table = judge(terms, None, table_of(events), as_of)
        assert evaluation_of(table, terms) == seen
        own = {row["subject"]: row["next_change_at"] for row in table.subjects.to_pylist()}
        assert (own["T1"] - EPOCH) // timedelta(microseconds=1) == next_change


def test_a_prohibition_binds_up_to_the_contracts_last_date() -> None:
    terms = dated("event told_all of request act tell_all\nprohibition discretion\n  Desk must not tell_all\n" + ANSWER,
                  "from 2024-01-01 to 2026-03-03")  # fmt: skip
    events = [event("t1", "opened", "2026-03-01 22:00", "Client"), event("t2", "responded", "2026-03-01 23:00")]
    seen = evaluate(terms, None, events, at("2026-03-02 23:00"))
    assert seen.next_change_at == at("2026-03-04 00:00")
    assert evaluation_of(judge(terms, None, table_of(events), seen.as_of), terms) == seen
    assert evaluate(terms, None, events, at("2026-03-04 00:00")).next_change_at is None


FOR_LONG = """
status license of agreement
  state active
    begins when agreement started
    lasts 1 month rounding down
    becomes active at the end of term

duty remind
  once each term of license
  Desk must notify within 10 days
"""


def test_terms_are_looked_past_however_many_there_are() -> None:
    """R17: the contract is in force from the sixtieth of them on."""
    terms = dated(FOR_LONG, "from 2029-12-15")
    changes: dict[str, int | None] = {}
    seen = evaluate(
        terms, None, [event("a1", "started", "2025-01-01 09:00", "Client", "A1")], at("2025-01-20 09:00"),
        each=lambda s, c: changes.__setitem__(s.subject, c),
    )  # fmt: skip
    assert (seen.verdicts, seen.next_change_at, changes) == ((), at("2030-01-01 00:00"), {"A1": at("2030-01-01 00:00")})


BY_THE_OTHER = """
status support of agreement
  state yearly
    begins when agreement started
    lasts 60 months rounding down
    becomes over at the end of term
  state over

status license of agreement
  state active
    begins when agreement started
    lasts 1 month rounding down
    becomes active at the end of term if support is yearly
    becomes lapsed at the end of term
  state lapsed

duty answer
  when request opened
  while license is active
  Desk must respond within 3000 days
"""


def test_a_state_that_hangs_on_another_is_looked_up_as_far_as_it_goes() -> None:
    events = [
        event("a1", "started", "2025-01-01 09:00", "Client", "A1"),
        event("t1", "opened", "2025-03-01 09:00", "Client"),
    ]
    terms = contract(BY_THE_OTHER)
    seen = evaluate(terms, None, events, at("2025-03-01 10:00"))
    assert seen.next_change_at == at("2030-01-01 00:00")  # the yearly state ends
    assert one(seen, "answer#1").next_change_at == at("2030-02-01 00:00")  # and with it the next renewal
    assert evaluation_of(judge(terms, None, table_of(events), seen.as_of), terms) == seen


HOURS_AND_YEARS = """
calendar Hours
  open Monday to Friday 09:00 to 17:00

duty answer
  when request opened
  while during Hours
  Desk must respond within 4 hours

duty tidy_up
  when request opened
  {}Desk must report within 1000 days
"""


@pytest.mark.parametrize("condition", ["", "while during Hours or acknowledged has happened\n  "])
def test_opening_hours_that_change_nothing_are_looked_past(condition: str) -> None:
    """However many of them there are: three years of days."""
    events = [
        event("t0", "opened", "2026-03-02 10:00", "Client"), event("t1", "acknowledged", "2026-03-02 10:30"),
        event("t2", "responded", "2026-03-02 11:00"),
    ]  # fmt: skip
    terms = contract(HOURS_AND_YEARS.format(condition))
    seen = evaluate(terms, None, events, at("2026-03-03 09:00"))
    assert seen.next_change_at == one(seen, "tidy_up#1").deadline == at("2028-11-27 00:00")
    assert evaluation_of(judge(terms, None, table_of(events), seen.as_of), terms) == seen


PAID_FOR = """
status license of agreement
  state active
    begins when agreement started
    lasts 3 days
    becomes active at the end of term if paid has happened this term
    becomes expired at the end of term
  state expired
"""


def test_what_is_paid_later_does_not_renew_a_term_to_come() -> None:
    """R2, R17: an event after the instant judged as of is not known, also where a term's end asks what has happened."""
    terms = contract(PAID_FOR)
    paid = [event(f"p{day}", "paid", f"2026-03-{day:02} 12:00", "Client", "A1") for day in (3, 6)]
    events = [event("a1", "started", "2026-03-02 09:00", subject="A1"), *paid]
    seen = evaluate(terms, None, events, at("2026-03-04 09:00"))
    assert seen.next_change_at == at("2026-03-08 00:00")
    assert seen == evaluate(terms, None, events[:2], seen.as_of)
    assert evaluation_of(judge(terms, None, table_of(events), seen.as_of), terms) == seen


RENEWED_FOR_GOOD = """
status license of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
    becomes active at the end of term

prohibition silence
  each party must not notify
"""


def test_what_binds_in_a_term_that_time_renews_for_good_binds_on() -> None:
    """R17, R25: however many terms lie ahead, none of them is the last."""
    terms = contract(RENEWED_FOR_GOOD)
    events = [event("a1", "started", "2026-03-02 09:00", subject="A1")]
    seen = evaluate(terms, None, events, at("2026-03-04 09:00"))
    assert seen.next_change_at is None
    assert evaluation_of(judge(terms, None, table_of(events), seen.as_of), terms) == seen


OVER = """
event credited of agreement act credit

clause "As agreed"

  in force from 2024-01-01 to 2025-06-30

  duty rolling
    when agreement started
    Desk must credit every 1 hours until agreement terminated

  duty settle
    when agreement invoiced
    Client must pay within 1 year rounding down

clause "As amended"

  in force from 2025-07-01

  duty bill
    when agreement invoiced
    Client must pay within 10 days
"""


def test_what_recurs_under_terms_that_are_over_hides_no_change() -> None:
    """R17, R27: it has no verdict any more, however often it would fall due before what is to come."""
    terms = contract(OVER)
    events = [
        event("a1", "started", "2025-06-29 09:00", "Client", "A1"),
        event("a2", "invoiced", "2025-06-29 10:00", subject="A1"),
    ]
    seen = evaluate(terms, None, events, at("2025-07-02 09:00"))
    settle = one(seen, "settle#1", "A1")
    assert (settle.state, settle.deadline, seen.next_change_at) == ("pending", *[at("2026-06-30 00:00")] * 2)
    assert evaluation_of(judge(terms, None, table_of(events), seen.as_of), terms) == seen


FORBIDDEN = """
event leaked of agreement act leak
event copied of agreement act copy

status care of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
    becomes over at the end of term
  state over

clause "As agreed"

  in force from 2025-01-01 to 2025-12-31

  prohibition no_leak
    Desk must not leak

  prohibition no_copy
    Desk must not copy

clause "As amended"

  in force from 2026-01-01

  prohibition no_leak
    Desk must not leak
"""


def test_what_is_forbidden_after_the_amendment_too_binds_on_after_a_violation_of_before() -> None:
    log = [event("a", "started", "2025-06-01 09:00", subject="A1"),
           event("l", "leaked", "2025-07-01 09:00", subject="A1"),
           event("c", "copied", "2025-07-02 09:00", subject="A1")]  # fmt: skip
    seen = {}
    for when in ("2025-12-31 23:59", "2026-01-01 00:00", "2026-05-31 23:59", "2026-06-01 00:00"):
        found = evaluate(contract(FORBIDDEN), None, log, at(when))
        seen[when] = [(v.duty, v.state, v.owed, v.ended_by) for v in found.verdicts]
    assert seen == {
        "2025-12-31 23:59": [("no_leak", "breached", True, None), ("no_copy", "breached", True, None)],
        "2026-01-01 00:00": [("no_leak", "breached", True, None), ("no_copy", "breached", False, "term")],
        "2026-05-31 23:59": [("no_leak", "breached", True, None), ("no_copy", "breached", False, "term")],
        "2026-06-01 00:00": [("no_leak", "breached", False, "term"), ("no_copy", "breached", False, "term")],
    }


def test_a_verdict_that_the_agreement_ends_before_its_deadline() -> None:
    """R19: the ticket is outside as soon as the agreement lapses, and the verdict tells that instant, not the later."""
    rules = """
status care of agreement
  state active
    begins when agreement started
    lasts 1 month rounding down
    becomes lapsed at the end of term
  state lapsed

scope paid_for
  outside if care is lapsed

duty respond
  when request opened
  Desk must respond within 8 hours
"""
    lines = """
    2026-02-02 08:00  A1 started by Client
    2026-03-01 22:00  T1 opened by Client
    """
    seen = evaluate(contract(rules), None, log(rules, lines), at("2026-03-01 23:00"))
    assert one(seen, "respond#1").deadline == at("2026-03-02 06:00")
    assert one(seen, "respond#1").next_change_at == seen.next_change_at == at("2026-03-02 00:00")


def test_what_an_act_may_have_performed_late_ends_all_the_same() -> None:
    """R8, R23: missed already, it is owed until its `while` fails, whoever acted meanwhile."""
    rules = """
calendar Office
  open Monday to Friday 09:00 to 17:00

duty answer
  when request opened
  while during Office
  Desk must respond within 1 hour
"""
    log = [event("t1", "opened", "2026-03-02 10:00", "Client"), event("t2", "responded", "2026-03-02 12:00", None)]
    seen = evaluate(contract(rules), None, log, at("2026-03-02 13:00"))
    assert one(seen, "answer#1").owed is True
    table = evaluation_of(judge(contract(rules), None, table_of(log), at("2026-03-02 13:00")), contract(rules))
    assert table.next_change_at == seen.next_change_at == at("2026-03-02 17:00")
