"""The rules that go through everything that can be so: what they must find, what they must not, and on what tickets."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from slarules.analysis.linting import Linted, lint_file
from slarules.analysis.rules import DECIDED
from tests.lint.pages import HEAD, lint

ROOT = Path(__file__).parents[2]
ONLY = frozenset(rule.name for rule in DECIDED)
LEVELS = "severities 1, 2, 3\n  assigned by Client\n\n"
DESK = "calendar Desk\n  open Monday to Friday 08:00 to 17:00\n\n"
FACTS = """fact users of ticket: number
fact urgent of ticket: yes or no
fact agreed_date of ticket: date
fact fee of agreement: money in USD
fact effort of ticket: hours
fact channel of ticket: one of telephone, email or web

"""
STATUS = """status term of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
{}  state over
    becomes active when invoiced

"""
ANSWER = "duty answer\n  when ticket opened\n{}  Acme must respond to Client within 1 hour\n\n"


def found(policy: str) -> Linted:
    done = lint(HEAD + policy, only=ONLY)
    assert [d.message for d in done.loaded.diagnostics if d.level.value == "error"] == []
    assert done.unconfirmed == ()
    return done


def answer(*lines: str) -> str:
    return FACTS + ANSWER.format("".join(f"  {line}\n" for line in lines))


QUIET = {
    "a lower and an upper bound": answer("if users is more than 5", "if users is less than 6"),
    "a bound that a day meets": answer(
        "if agreed_date is more than 2026-03-01", "if agreed_date is less than 2026-03-03"),
    "a fact that must be recorded before it is compared": answer("if users is recorded", "if users is more than 5"),
    "two facts that may differ": FACTS + "fact limit of ticket: number\n\n" + ANSWER.format(
        "  if users is more than limit\n  if limit is more than 3\n"),
    "computed values, which may be anything": answer(
        "if users plus 1 is more than 5", "if users plus 1 is less than 9"),
    "an event that may have happened": answer("unless acknowledged has happened by Acme"),
    "an exception of a state": """
status term of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
    becomes over at the end of term
  state over

""" + answer("if term is active", "unless fee is less than 100 USD"),
    "opening times that are not always open": DESK + ANSWER.format("  if during Desk\n"),
    "a condition that another option calls up": """
reading machines "Do machines answer?"
  option count "a reply is a reply"
  option no "nobody has read it"
  adopt no because "an answer supposes a reader"

""" + answer("if reading machines is count"),
    "an option that states the opposite": """
reading who "Who is urgent?"
  option urgent_only: if urgent "the words say so"
  option others: if not urgent "the words say otherwise"
  adopt urgent_only because "it is nearer"

""" + answer("if as read in who", "if not urgent or users is more than 5"),
    "what goes on being asked": LEVELS + answer("if severity is 1", "while severity is 1"),
    "any of two events sets it off": FACTS + """duty answer
  when ticket opened or ticket reopened
  if not reopened has happened or urgent
  Acme must respond to Client within 1 hour

""",
    "an effort beside a promise": LEVELS + """target answer
  when ticket opened
  Acme aims to respond to Client within 1 hour

duty promise
  when ticket opened
  Acme must respond to Client within 4 hours
""",
    "two duties to different parties": LEVELS + """other_party

duty answer
  when ticket opened
  Acme must report to Client within 1 hour

duty report
  when ticket opened
  Acme must report within 4 hours
""".replace("other_party\n\n", ""),
    "duties that exclude each other": LEVELS + FACTS + """duty answer
  when ticket opened
  if severity is 1 or urgent
  Acme must respond to Client within 1 hour

duty answer_others
  when ticket opened
  unless severity is 1 or urgent
  Acme must respond to Client within 4 hours
""",
    "a ladder that ends": LEVELS + """duty answer
  when ticket opened
  if severity is 1
  Acme must respond to Client within 1 hour

duty answer_two
  when ticket opened
  if severity is 2
  Acme must respond to Client within 4 hours
""",
    "a table that promises nothing for the mildest": LEVELS + """table times by severity
  | severity | answer_time |
  | 1        | 1 hour      |
  | 2        | 1 hour      |
  | 3        | none        |

duty answer
  when ticket opened
  Acme must respond to Client within answer_time
  on severity change keep the deadline
""",
    "definitions with everything else below": LEVELS + FACTS + """severity 1
  applies if users is more than 100

severity 2
  applies if users is less than 100 and users is more than 5

severity 3
  applies if no more severe level applies
""",
    "a quantity parted without a rest": FACTS + """duty answer
  when ticket opened
  if effort is at most 4 hours
  Acme must respond to Client within 1 hour

duty answer_large
  when ticket opened
  if effort is more than 4 hours
  Acme must respond to Client within 8 hours
""",
    "a value that is left out on purpose": answer("if users is not 4"),
    "lines of a status that part the cases": FACTS + STATUS.format(
        "    becomes active at the end of term if paid has happened this term\n    becomes over at the end of term\n"
        "    becomes over when paid and fee is less than 100 USD\n    becomes active when paid\n"),
    "lines of a status under different parties": FACTS + STATUS.format(
        "    becomes over when paid by Acme\n    becomes active when paid\n"),
    "a scope beside what it leaves": FACTS + "scope ours\n  outside if channel is web\n\n"
    + ANSWER.format("  if channel is telephone\n"),
}


@pytest.mark.parametrize("policy", QUIET.values(), ids=QUIET)
def test_what_is_sound_is_not_told(policy: str) -> None:
    assert [(one.rule.name, one.diagnostic.message) for one in found(policy).findings] == []


TOLD = {
    "nothing between two adjacent days": ("never-holds", answer(
        "if agreed_date is more than 2026-03-01", "if agreed_date is less than 2026-03-02")),
    "money": ("never-holds", answer("if fee is less than 100 USD and fee is at least 100 USD")),
    "three facts in a circle": ("never-holds", FACTS + "fact limit of ticket: number\n"
                                "fact least of ticket: number\n\n" + ANSWER.format(
                                    "  if users is more than limit and limit is more than least\n"
                                    "  if least is at least users\n")),
    "the opening as what has not happened": ("never-holds", answer("if not opened has happened")),
    "a calendar that lies inside another": ("never-holds", DESK + "calendar Morning\n  open Monday 08:00 to 12:00\n\n"
                                            + "duty answer\n  when ticket opened outside Desk\n  if during Morning\n"
                                            "  Acme must respond to Client within 1 hour\n"),
    "what a table promises nothing for": ("never-holds", LEVELS + """table times by severity
  | severity | answer_time |
  | 1        | 1 hour      |
  | 2        | 1 hour      |
  | 3        | none        |

duty answer
  when ticket opened
  Acme must respond to Client within answer_time
  on severity change keep the deadline

duty answer_mild
  when ticket opened
  if severity is 3
  Acme must acknowledge to Client within answer_time
  on severity change keep the deadline
"""),
    "a right that nobody has": ("never-holds", FACTS + "right ask\n  Client may ask\n  if users is more than 5\n"
                                "  if users is less than 4\n"),
    "a prohibition that nothing breaks": ("never-holds", FACTS + "prohibition quiet\n  when ticket updated by Acme\n"
                                          "  if users is more than 5 and users is less than 4\n"
                                          "  Acme must not update\n"),
    "a scope that leaves nothing outside": ("never-holds", FACTS + "scope all_of_it\n"
                                            "  outside if users is more than 5 and users is less than 4\n"),
    "under every reading": ("never-holds", """
reading few "How many are few?"
  option five: if users is at most 5 "five are few"
  option three: if users is at most 3 "three are few"
  adopt five because "it is usual"

""" + answer("if as read in few", "if users is more than 10")),
    "what is presumed is always recorded": ("always-holds", "fact modified of ticket: yes or no presumed no until "
                                            "recorded\n" + ANSWER.format("  if modified is recorded\n")),
    "a calendar that is always open": ("always-holds", ANSWER.format("  if during Always\n")),
    "a demand that the others make": ("always-holds", answer("if users is more than 5", "if users is more than 3")),
    "an exception that the conditions exclude": ("shadowed-rule", answer(
        "if channel is telephone or (channel is email and urgent)", "unless channel is web or users is more than 5")),
    "a boundary of hours": ("boundary-hole", FACTS + """duty answer
  when ticket opened
  if effort is less than 4 hours
  Acme must respond to Client within 1 hour

duty answer_large
  when ticket opened
  if effort is more than 4 hours
  Acme must respond to Client within 8 hours
"""),
    "a boundary of money": ("boundary-double", FACTS + """duty answer
  when ticket opened
  if fee is at most 100 USD
  Acme must respond to Client within 8 hours

duty answer_rich
  when ticket opened
  if fee is at least 100 USD
  Acme must respond to Client within 1 hour
"""),
    "definitions that share a value": ("boundary-double", LEVELS + FACTS + """severity 1
  applies if users is at least 100

severity 2
  applies if users is at most 100
"""),
    "a ladder of duties": ("ladder-not-monotone", LEVELS + """duty answer
  when ticket opened
  if severity is 1
  Acme must respond to Client within 8 hours

duty answer_two
  when ticket opened
  if severity is 2
  Acme must respond to Client within 4 hours

duty answer_three
  when ticket opened
  if severity is 3
  Acme must respond to Client within 9 hours
"""),
    "after a breach": ("ladder-not-monotone", LEVELS + """table times by severity
  | severity | fix_time | tell_time |
  | 1        | 1 hour   | 4 hours   |
  | 2        | 2 hours  | 3 hours   |
  | 3        | 9 hours  | 8 hours   |

duty fix
  when ticket opened
  Acme must escalate ticket within fix_time
  on severity change keep the deadline

duty tell
  when fix breached
  Acme must update Client within tell_time
  on severity change keep the deadline
"""),
    "the end of a term that a line above always takes": ("shadowed-rule", STATUS.format(
        "    becomes over at the end of term\n    becomes active at the end of term if paid has happened this term\n")),
    "an event that a line above always takes": ("shadowed-rule", FACTS + STATUS.format(
        "    becomes over when paid\n    becomes active when paid by Client and fee is more than 100 USD\n")),
    "a change of state that never happens": ("never-holds", FACTS + STATUS.format(
        "    becomes over when paid and fee is more than 100 USD and fee is less than 50 USD\n")),
    "a duty of each term": ("never-holds", FACTS + STATUS.format("    becomes active at the end of term\n") + """
duty remind
  once each term of term
  if fee is more than 100 USD
  if fee is less than 50 USD
  Acme must notify Client within 10 days
"""),
    "a duty of a state": ("always-holds", FACTS + STATUS.format("    becomes over after 30 days\n") + """
duty remind
  when term becomes over
  if fee is more than 100 USD or fee is less than 200 USD
  Acme must notify Client within 10 days
"""),
    "a state that a ticket asks for": ("never-holds", """
status term of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
    becomes grace at the end of term
  state grace
    becomes over after 30 days
  state over

""" + answer("if term is grace and users is more than 5", "if users is less than 4")),
}


@pytest.mark.parametrize("name, policy", TOLD.values(), ids=TOLD)
def test_a_mistake_is_told_with_a_ticket_that_the_engine_confirms(name: str, policy: str) -> None:
    done = found(policy)
    assert {one.rule.name for one in done.findings} == {name}, [one.diagnostic.message for one in done.findings]
    for number, one in enumerate(done.findings):
        assert one.witness is not None and one.witness.events and one.witness.claims
        assert number in done.shown


MEANT = {
    ("r09_unknown.sla", "by_gold"): "overlap-without-precedence",
    ("r26_disagreement.sla", "by_evening"): "shadowed-rule",
}
"""Test policies that show what the engine does with just what lint warns of."""
ONE_TIME = {"triples_terms.sla", "triples_unknown.sla"}
"""Those in which one time is as good as another for responses and resolutions: it is the clock that is shown."""


def test_the_policies_that_show_the_rules_of_judging_are_told_nothing_that_is_not_so() -> None:
    told = {}
    for path in sorted(ROOT.glob("tests/rules/**/*.sla")):
        done = lint_file(path, only=ONLY)
        assert done.unconfirmed == (), path
        for one in done.findings:
            if path.name not in ONE_TIME or one.rule.name != "response-not-before-resolution":
                told[path.name, one.diagnostic.span.text] = one.rule.name
        assert all(one.witness is not None for one in done.findings)
    assert told == MEANT


def test_a_duty_that_asks_for_nothing_is_told_once() -> None:
    """Of ten duties alike, nine, each beside the first; and one that is due sooner hides all of them, once each."""
    alike = "".join(ANSWER.replace("answer", f"answer_{number}").format("") for number in range(10))
    sooner = ANSWER.replace("answer", "at_once").replace("1 hour", "30 minutes").format("")
    for policy, by, hidden in ((alike, "answer_0", 9), (sooner + alike, "at_once", 10)):
        done = found(policy)
        assert {one.rule.name for one in done.findings} == {"shadowed-rule"}
        assert len({one.diagnostic.span.text for one in done.findings}) == len(done.findings) == hidden
        assert all(f"wherever it is owed `{by}` is owed too" in one.diagnostic.message for one in done.findings)


@pytest.mark.parametrize("order", list(permutations(("urgent", "many", "all"))), ids="-".join)
def test_what_is_told_of_three_duties_does_not_hang_on_their_order(order: tuple[str, ...]) -> None:
    """Of one that asks for nothing no overlap is told either, wherever it stands: who keeps the other keeps it."""
    duties = {
        "urgent": ANSWER.replace("answer", "when_urgent").replace("1 hour", "4 hours").format("  if urgent\n"),
        "many": ANSWER.replace("answer", "for_many").format("  if users is more than 5\n"),
        "all": ANSWER.replace("answer", "for_all").replace("1 hour", "2 hours").format(""),
    }
    done = found(FACTS + "".join(duties[name] for name in order))
    told = {one.rule.name: one.diagnostic.message for one in done.findings}
    assert len(done.findings) == 2 and told.keys() == {"shadowed-rule", "overlap-without-precedence"}
    assert "`when_urgent` asks for nothing" in told["shadowed-rule"]
    assert "`for_many`" in told["overlap-without-precedence"] and "`for_all`" in told["overlap-without-precedence"]
