"""Each kind of change of a small contract is told as what it is, with a ticket that both contracts judge so."""

from __future__ import annotations

from pathlib import Path

import pytest

from slarules.comparison.compare import Comparison, compare
from slarules.comparison.meaning import MIRRORED, NO_DIFFERENCE, SAME, Row
from slarules.comparison.sides import Side
from slarules.comparison.tickets import RANKS, Tried
from slarules.engine.evaluate import evaluate
from tests.comparison.small import as_side, made

Change = tuple[str, str]
ACK = "option elapsed: within 30 minutes "
HOURS = "open Monday to Friday 09:00 to 17:00"
ONE = "| 1        | 2 hours |"
FIX = "    when request opened\n    Desk must resolve"

CASES: dict[str, tuple[tuple[Change, ...], dict[str, str]]] = {
    "a minute more": (((ACK, "option elapsed: within 31 minutes "),), {"confirm": "looser"}),
    "a minute less": (((ACK, "option elapsed: within 29 minutes "),), {"confirm": "stricter"}),
    "another reading": ((("adopt elapsed", "adopt business"),), {"confirm": "looser"}),
    "a cell of a table": (((ONE, "| 1        | 121 minutes |"),), {"resolution 1": "looser"}),
    "open a minute longer": (((HOURS, HOURS + " and 17:00 to 17:01"),),
                             {"resolution 1": "stricter", "resolution 2": "stricter"}),
    "open a minute later": (((HOURS, "open Monday to Friday 09:01 to 17:00"),),
                            {"resolution 1": "looser", "resolution 2": "looser"}),
    "one holiday fewer": ((("  closed on 2026-12-25\n", ""),), {"resolution 1": "stricter"}),
    "one holiday more": ((("2026-12-25", "2026-12-25\n  closed on 2031-05-02"),), {"resolution 1": "looser"}),
    "another zone": (((HOURS, "zone Europe/London\n  " + HOURS),), {"resolution 1": "not comparable"}),
    "real time": ((("fix counted in Hours", "fix"),), {"resolution 1": "stricter", "resolution 2": "stricter"}),
    "a condition gone": ((("    if channel is email\n", ""),), {"confirm": "stricter"}),
    "a value more": ((("if channel is email", "if channel is any of email, web"),), {"confirm": "stricter"}),
    "another value": ((("if channel is email", "if channel is web"),), {"confirm": "not comparable"}),
    "more to be done": ((("as read in ack",
                          "as read in ack\n    performed when request acknowledged by Desk and complete"),),
                        {"confirm": "stricter"}),
    "no pause": ((("    paused while waiting on Client\n", ""),), {"resolution 1": "stricter"}),
    "waiting on another": ((("paused while waiting on Client", "paused while waiting on Desk"),),
                           {"resolution 1": "not comparable"}),
    "a promise become an aim": (((FIX, FIX.replace("must resolve", "aims to resolve")),
                                 ("duty resolution", "target resolution"),
                                 ("when resolution breached", "when resolution missed")), {"resolution 1": "looser"}),
    "an aim become a promise": ((("target escalation", "duty escalation"), ("Desk aims to", "Desk must")),
                                {"escalation 1": "stricter"}),
    "rarer reports": ((("every 24 hours", "every 25 hours"),), {"daily 1": "looser"}),
    "reports for all": ((("    if severity is 1\n", ""),), {"daily 2": "stricter"}),
    "a prohibition always": ((("    if urgent\n", ""),), {"no_change": "stricter"}),
    "urgent unless said": ((("urgent of request: yes or no presumed no", "urgent of request: yes or no presumed yes"),),
                           {"no_change": "stricter"}),
    "a narrower right": ((("any of email, telephone", "email"),), {"ask": "stricter"}),
    "no scope": ((("  scope software\n    outside if hardware\n", "  information because \"told\"\n"),),
                 {"confirm": "stricter", "resolution 1": "stricter", "at_hand": "stricter"}),
    "less than": ((("within 30 minutes\n    on severity", "in less than 30 minutes\n    on severity"),),
                  {"escalation 1": "stricter", "escalation 2": "stricter"}),
    "settled once resolved": ((("on reopening run on", "on reopening change nothing"),), {"resolution 1": "looser"}),
    "a later end": ((("every 24 hours until request resolved", "every 24 hours until request closed"),),
                    {"daily 1": "stricter"}),
    "the deadline stays": ((("count again from the start", "keep the deadline"),),
                           {"resolution as it changes": "not comparable"}),
    "owed to another": ((("escalate request to Client", "escalate request"),),
                        {"escalation 1": NO_DIFFERENCE, "escalation 2": NO_DIFFERENCE}),
}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Side:
    return as_side(made(tmp_path_factory.mktemp("before")))


def named(row: Row) -> str:
    level = " as it changes" if row.changing else f" {row.levels[1]}" if row.levels else ""
    return row.pair.theirs[0] + level


def verdicts(compared: Comparison) -> dict[str, str]:
    return {named(row): row.verdict for row in compared.rows}


@pytest.mark.parametrize("case", CASES)
def test_a_change_is_told(case: str, before: Side, tmp_path: Path) -> None:
    changes, expected = CASES[case]
    only = frozenset(name.split()[0] for name in expected)
    compared = compare(before, as_side(made(tmp_path, *changes)), only=only)
    found = verdicts(compared)
    assert {name: found.get(name) for name in expected} == expected
    for row in compared.rows:
        assert row.tried > 0 or row.verdict == SAME
        _bears_out(compared, row)


@pytest.mark.parametrize("case", ["a minute more", "another value", "a narrower right", "the deadline stays"])
def test_the_other_way_round(case: str, before: Side, tmp_path: Path) -> None:
    after = as_side(made(tmp_path, *CASES[case][0]))
    only = frozenset(name.split()[0] for name in CASES[case][1])
    there, back = compare(before, after, only=only), compare(after, before, only=only)
    assert {name: MIRRORED.get(one, one) for name, one in verdicts(there).items()} == verdicts(back)
    for one, other in zip(there.rows, back.rows, strict=True):
        assert one.mirrored() == other
        assert one.tried == other.tried


def test_a_contract_and_itself(before: Side, tmp_path: Path) -> None:
    compared = compare(before, as_side(made(tmp_path)))
    assert set(verdicts(compared).values()) == {SAME}
    assert all(one.same for one in compared.others)
    assert compared.matching.only_ours == compared.matching.only_theirs == ()


AMOUNT = """

fact fee of agreement: money in EUR

amount credit in EUR is the lesser of half and 100 EUR
  where half is fee divided by 2
"""


def test_an_amount_of_named_parts_and_itself(tmp_path: Path) -> None:
    end = 'reading ack "Is'
    sides = []
    for name, divisor in (("one", "2"), ("same", "2"), ("other", "3")):
        (tmp_path / name).mkdir()
        added = AMOUNT.lstrip().replace("by 2", f"by {divisor}") + "\n" + end
        sides.append(as_side(made(tmp_path / name, (end, added))))
    one, same, other = sides
    assert all(found.same for found in compare(one, same, only=frozenset({"confirm"})).others)
    assert [found.same for found in compare(one, other, only=frozenset({"confirm"})).others].count(False) == 1


LATELY = ("    if urgent\n", "    if urgent\n    if closed has happened within {}\n")


def test_how_long_ago_something_may_have_happened_makes_a_difference(tmp_path: Path) -> None:
    sides = []
    for name, time in (("one", "2 hours counted in Hours"), ("same", "2 hours counted in Hours"), ("other", "3 hours")):
        (tmp_path / name).mkdir()
        sides.append(as_side(made(tmp_path / name, (LATELY[0], LATELY[1].format(time)))))
    one, same, other = sides
    only = frozenset({"no_change"})
    assert verdicts(compare(one, same, only=only)) == {"no_change": SAME}
    assert verdicts(compare(one, other, only=only)) != {"no_change": SAME}


def test_names_alone_change_nothing(before: Side, tmp_path: Path) -> None:
    """Other names for parties, the calendar, the table and the reading are no difference."""
    after = as_side(made(tmp_path, ("Desk", "Helpdesk"), ("Client", "Buyer"), ("Hours", "OpeningTimes"),
                         ("table times", "table lengths"), ("reading ack", "reading half_hour"),
                         ("as read in ack", "as read in half_hour")))
    compared = compare(before, after)
    assert set(verdicts(compared).values()) == {SAME}


def test_the_same_input_gives_the_same(before: Side, tmp_path: Path) -> None:
    after = as_side(made(tmp_path, *CASES["another value"][0]))
    only = frozenset({"confirm"})
    assert compare(before, after, only=only).rows == compare(before, after, only=only).rows


def _bears_out(compared: Comparison, row: Row) -> None:
    """Every counterexample, judged anew by the engine, says what the row tells."""
    signs = {"stricter": (1,), "looser": (-1,), "not comparable": (1, -1)}.get(row.verdict, ())
    assert len(row.examples) == len(signs)
    for one, sign in zip(row.examples, signs, strict=True):
        ranks = [_rank(side, row, one, of) for of, side in enumerate((compared.ours, compared.theirs))]
        assert ranks == [outcome.rank for outcome in one.outcomes]
        assert (ranks[1] - ranks[0]) * sign > 0


def _rank(side: Side, row: Row, one: Tried, of: int) -> int:
    names = row.pair.ours if of == 0 else row.pair.theirs
    seen = evaluate(side.stated, side.readings, one.ticket.logs[of], one.ticket.as_of, supplied=side.supplied)
    own = [v for v in seen.verdicts if v.subject == one.ticket.subject and v.duty in names]
    assert not any(v.state == "undetermined" for v in own)
    return max((RANKS.get(v.state, 0) for v in own), default=0)
