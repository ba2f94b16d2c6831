"""Proposed scenarios: they can be read, they pass, they are the same each time, and nothing is left out silently.

``SLARULES_PROPOSE=all`` tries the policies of ``tests/rules`` and ``tests/corpus/good`` too.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from slarules.cli.scenarios import as_text
from slarules.loader import load
from slarules.model.contract import Contract
from slarules.proposing.propose import Proposal, propose
from slarules.resolve.build import resolve
from slarules.scenario.reading import read_all
from slarules.scenario.run import Outcome, run
from slarules.source import Source
from slarules.syntax.format import format_policy
from slarules.syntax.parse import parse

ROOT = Path(__file__).parents[2]
POLICIES = [*sorted(ROOT.glob("contracts/*/policy.sla")), ROOT / "examples" / "servicenow" / "policy.sla"]
if os.environ.get("SLARULES_PROPOSE") == "all":
    POLICIES += [*sorted(ROOT.glob("tests/rules/**/*.sla")), *sorted(ROOT.glob("tests/corpus/good/*.sla"))]
TRIED = ("performed at the deadline", "performed a microsecond before the deadline",
         "performed a microsecond after the deadline", "never performed")  # fmt: skip


def tried(contract: Contract, text: str) -> list[Outcome]:
    """The outcomes of a file of proposals, which must have no mistake and fail nowhere."""
    tree, spelling = parse(Source("proposed.sla", text))
    scripts, problems = read_all(contract, tree.scenarios)
    assert not spelling and not problems, [(str(p.span), p.message) for p in (*spelling, *problems)]
    outcomes = [run(contract, script) for script in scripts]
    failing = [s.judged for o in outcomes for s in o.steps if s.judged is not None and not s.judged.holds]
    assert failing == []
    return outcomes


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_proposed_is_read_and_passes(path: Path) -> None:
    contract = load(path).contract
    if contract is None or not any(terms.duties for terms in contract.versions):
        pytest.skip("there is no duty")
    proposals = list(propose(contract))
    assert {one.duty.name for one in proposals} == {name for terms in contract.versions for name in terms.duties}
    for one in proposals:
        assert one.scenarios or one.left_out
        assert all(why for _, why in one.left_out)
    text = as_text(proposals, str(path), None)
    outcomes = tried(contract, text)
    assert len(outcomes) == sum(len(one.scenarios) for one in proposals)
    assert all(outcome.expectations for outcome in outcomes)
    formatted = format_policy(Source("proposed.sla", text))
    assert formatted.text == text, "proposals are written in the one style"


def test_the_same_each_time() -> None:
    texts = []
    for _ in range(2):
        contract = load(ROOT / "contracts" / "copiun" / "policy.sla").contract
        assert contract is not None
        texts.append(as_text(list(propose(contract)), "policy.sla", None))
    assert texts[0] == texts[1]


def test_only_what_is_asked_for() -> None:
    contract = load(ROOT / "contracts" / "trak" / "policy.sla").contract
    assert contract is not None
    assert [one.duty.name for one in propose(contract, ("escalate",))] == ["escalate"]


# ---- One small policy of each sort of duty --------------------------------------------------------------------

START = '''slarules 1

contract Demo "Demo"
  provider Trak
  customer Customer
  zone America/Denver
  a ticket is called "request"

fact channel of request: one of email, telephone
fact size of request: number
fact done_well of request: yes or no
fact agreed_on of request: date
fact open_door of request: yes or no

holidays Feasts supplied by Trak

calendar Desk
  open Monday to Friday 09:00 to 17:00
  closed on holidays of US

calendar Office
  open Monday to Friday 09:00 to 17:00
  closed on Feasts

severities 1, 2
  assigned by Customer
  changed by Customer, Trak

'''


def proposed(rules: str) -> tuple[Contract, list[Proposal]]:
    source = Source("policy.sla", START + rules)
    tree, spelling = parse(source)
    contract, problems = resolve(tree, source, None)
    assert contract is not None and not spelling, [(str(p.span), p.message) for p in (*spelling, *problems)]
    found = list(propose(contract))
    tried(contract, as_text(found, "policy.sla", None))
    return contract, found


def texts(proposal: Proposal) -> dict[str, str]:
    return {title.partition(": ")[2]: text for title, text in proposal.scenarios}


def test_a_duty_in_business_hours_is_tried_on_every_occasion() -> None:
    _, (answer,) = proposed("""duty answer
  when request opened
  if channel is telephone and size is more than 10
  Trak must respond within 4 hours counted in Desk
  performed when request responded by Trak and done_well
  paused while waiting on Customer
  on severity change count again from the start
""")
    found = texts(answer)
    assert set(found) == {
        *TRIED, "over a weekend", "over a holiday, Memorial Day", "over the night on which clocks go forward",
        "over the night on which clocks go back", "waiting on Customer", "severity 2 becomes 1", "severity 1 becomes 2",
    }
    assert answer.left_out == ()
    assert found["performed a microsecond after the deadline"] == """\
scenario "answer: performed a microsecond after the deadline"
  2026-03-02 10:00  T1 opened by Customer, channel telephone, size 11, severity 1
  expect T1 answer pending, due at 14:00
  14:00:00.000001   T1 responded by Trak, done_well
  expect T1 answer breached at 14:00, performed late by 0.000001 seconds
"""
    assert "2026-03-06 16:30  T1 opened" in found["over a weekend"]
    assert "due at 2026-03-09 12:30" in found["over a weekend"]
    assert "2026-05-26" in found["over a holiday, Memorial Day"]
    assert "suspended" in found["waiting on Customer"]
    assert "T1 severity_changed by Customer, severity 1" in found["severity 2 becomes 1"]


def test_consequences_wait_for_the_breach() -> None:
    _, (answer, apology, *_) = proposed("""duty answer
  when request opened
  Trak must respond within 4 hours

duty apologise
  when answer breached
  if channel is email
  Trak must notify Customer within 2 days
""")
    found = texts(apology)["performed at the deadline"]
    assert answer.duty.name == "answer"
    assert "T1 opened by Customer, channel email" in found
    assert "as of 14:00       expect T1 apologise pending, due at 2026-03-05 00:00" in found


def test_every_kind_of_limit() -> None:
    rules = """duty rolling
  when request opened
  Trak must report every 24 hours until request resolved
  on reopening change nothing

duty daily
  when request opened
  Trak must update each day of Desk until request resolved
  on reopening change nothing

duty dated
  when request opened
  Trak must escalate by the end of agreed_on

duty counted
  when request opened
  Trak must ask within 2 days counted in Office

duty civil
  when request opened
  Trak must acknowledge within 3 days

duty kept
  when request opened
  Trak must keep open_door until request resolved
  on reopening change nothing

duty someday
  when request opened
  Trak must resolve
  on reopening change nothing
"""
    _, found = proposed(rules)
    by_name = {one.duty.name: texts(one) for one in found}
    for name in ("rolling", "daily", "dated", "counted", "civil"):
        assert set(TRIED) <= set(by_name[name]), name
    assert "rolling#2" in by_name["rolling"]["performed at the deadline"]
    assert "agreed_on 2026-03-12" in by_name["dated"]["never performed"]
    assert "supplied Feasts 2026-03-11" in by_name["counted"]["over a holiday, Feasts"]
    assert "not open_door" in by_name["kept"]["not kept any more"]
    assert "performed after an hour" in by_name["someday"]
    left = {one.duty.name: one.left_out for one in found}
    assert {why for _, why in left["someday"]} == {"it has no deadline"}


def test_choices_statuses_and_rights() -> None:
    _, found = proposed("""fact caller of request: text

role Contact of Customer
  designated by Customer

status support of agreement
  state active
    begins when agreement started
    lasts 3 months rounding down
    becomes lapsed at the end of term
  state lapsed

right call
  only Contact may open request

choice remedy of Customer
  when request escalated
  option swift: Trak must respond within 1 hour
  option calm: Trak must report within 8 hours

duty help
  when request opened
  if right call holds
  if support is active
  Trak must acknowledge within 1 hour

duty remind
  when support becomes lapsed
  Trak must invoice within 5 days
""")
    by_name = {one.duty.name: texts(one) for one in found}
    help = by_name["help"]["performed at the deadline"]
    assert "contact_designated by Customer" in help and "caller somebody" in help
    swift = next(found for name, found in by_name.items() if "swift" in name or name == "respond")
    assert "T1 elected by Customer, remedy swift" in swift["performed at the deadline"]
    assert "A1 started" in by_name["remind"]["never performed"]


def test_another_reading_is_taken_where_the_adopted_one_lets_nothing_arise() -> None:
    _, (only,) = proposed("""reading strict "Is it strict?"
  option yes_it_is "so it says"
  option no_it_is "so it means"
  adopt yes_it_is because "it says so"

duty answer
  when request opened
  if reading strict is no_it_is
  Trak must respond within 4 hours
""")
    assert all("  reading strict is no_it_is\n" in text for _, text in only.scenarios)


def test_what_cannot_be_proposed_is_told() -> None:
    _, (never,) = proposed("""duty answer
  when request opened
  if request_was_lost has happened and not request_was_lost has happened
  Trak must respond within 4 hours

event request_was_lost of request
""")
    assert never.scenarios == ()
    assert never.left_out == (("anything", "no facts were found under which its conditions hold"),)
