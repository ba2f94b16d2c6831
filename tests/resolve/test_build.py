"""What a policy's lines mean: the contract that comes of them, part by part."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from slarules.model.calendar import HolidaysOf, Opening, Window
from slarules.model.contract import Contract, Terms
from slarules.model.expression import (
    Compare,
    FactRef,
    Includes,
    Literal,
    Not,
    OneOf,
    Pattern,
    ReadingIs,
    SeverityRef,
    StatusRef,
    Truth,
)
from slarules.model.limit import ByEndOf, CountedIn, Every, Milestone, NthClose, Within
from slarules.model.rules import OnEvent, OnOutcome, OnRemaining, Standing
from slarules.model.value import HOUR, MINUTE, AsRead, Civil, Elapsed
from slarules.resolve.build import resolve
from slarules.source import Source
from slarules.syntax.parse import parse

HEAD = """slarules 1

contract Acme "Acme Support"
  source "source.txt" received as "acme.txt"
  provider Acme "Acme, the Provider"
  customer Client
  zone America/Denver
  in force from 2026-01-01 to 2026-12-31
  a ticket is called "Support request"

"""
WORDS = Source("source.txt", "One shall respond.\nTwo shall report.\nThree is three.\nFour is four.\n")


def contract(body: str, head: str = HEAD, text: Source | None = None) -> Contract:
    policy = Source("policy.sla", head + body)
    tree, spelling = parse(policy)
    found, problems = resolve(tree, policy, text)
    assert not spelling and found is not None, [f"{d.span} {d.message}" for d in (*spelling, *problems)]
    return found


def terms(body: str) -> Terms:
    (version,) = contract(body).versions
    return version


def test_the_contract_block() -> None:
    acme = contract("")
    assert [(p.name, p.role, p.called) for p in acme.parties] == [
        ("Acme", "provider", ("Acme", "the Provider")), ("Client", "customer", ())]
    assert acme.in_force == (date(2026, 1, 1), date(2027, 1, 1))
    assert (acme.zone, acme.ticket, acme.received_as) == ("America/Denver", "Support request", "acme.txt")


@pytest.mark.parametrize("noun", ["ticket", "request", "Support_request", "support_request"])
def test_a_ticket_goes_by_the_contracts_word(noun: str) -> None:
    lines = f"duty respond\n  when {noun} opened by Client\n  Acme must respond to Client within 2 hours\n"
    duty = terms(lines).duties["respond"]
    assert duty.triggers == (OnEvent(Pattern("opened", "Client")),)
    assert (duty.kind, duty.bearer, duty.counterparty, duty.effort) == ("ticket", "Acme", "Client", False)
    assert duty.limit == Within(Elapsed(2 * HOUR))
    assert duty.performance.patterns == (Pattern("responded", "Acme"),)


def test_performed_when_is_taken_exactly_as_written() -> None:
    duty = terms("duty respond\n  when ticket opened\n  Acme must respond within 2 hours\n"
                 "  performed when ticket responded or acknowledged by Acme and not automatic\n").duties["respond"]
    assert duty.performance.patterns == (Pattern("responded"), Pattern("acknowledged", "Acme"))
    assert duty.performance.conditions == (Not(Truth(FactRef("automatic"))),)


def test_outcomes_of_other_duties() -> None:
    found = terms("""
target resolution
  when ticket opened
  Acme aims to resolve within 8 hours
  on reopening run on
  if breached, escalate applies
duty escalate
  Acme must escalate within 1 hour after resolution performed
duty late
  when resolution missed
  Acme must report by the close of the third open day of Always
duty early
  when resolution reached or 10 minutes remain of resolution or 75 % of resolution is used
  Acme must notify every 24 hours
""").duties
    assert found["resolution"].effort
    assert found["escalate"].triggers == found["late"].triggers == (OnOutcome("resolution", "breached"),)
    assert found["escalate"].limit == Within(Elapsed(HOUR), None, Milestone("resolution"))
    assert found["late"].limit == NthClose("Always", 3)
    assert found["early"].triggers == (
        OnOutcome("resolution", "met"), OnRemaining("resolution", Elapsed(10 * MINUTE)),
        OnRemaining("resolution", None, "0.75"))
    assert {duty.kind for duty in found.values()} == {"ticket"}
    assert found["early"].limit == Every(Elapsed(24 * HOUR))


@pytest.mark.parametrize(("lines", "kind"), [
    ("when request opened\n  Acme must notify", "ticket"),
    ("when agreement invoiced\n  Acme must notify", "agreement"),
    ("when release applied\n  Acme must notify", "release"),
    ("when applied\n  Acme must notify", "release"),
    ("when maintenance becomes over\n  Acme must notify", "agreement"),
    ("once each term of maintenance\n  Acme must notify", "agreement"),
    ("Acme must notify", "agreement"),
    ("Acme must apply", "release"),
    ("Acme must keep safe", "release"),
    ("if severity is 1\n  Acme must notify", "ticket"),
    ("if urgent\n  Acme must notify", "release"),
    ("Acme must notify\n  performed when ticket agreed", "ticket"),
    ("when agreed\n  Acme must notify", "ticket"),
])
def test_what_a_rule_is_about(lines: str, kind: str) -> None:
    found = terms(f"""
subject release
event applied of release act apply
fact safe of release: yes or no
fact urgent of release: yes or no
severities 1
status maintenance of agreement
  state on
    begins when agreement started
    lasts 1 year rounding down
    becomes over at the end of term
  state over
duty it
  {lines}
""")
    assert found.duties["it"].kind == kind


def test_standing_rules() -> None:
    lines = "fact safe of agreement: yes or no\nduty it\n  Acme must keep safe until agreement terminated\n"
    found = terms(lines).duties["it"]
    assert found.triggers == (Standing(),)
    assert (found.keeps, found.act, found.performance.patterns) == ("safe", "keep", ())
    assert found.until == (Pattern("terminated"),)


def test_conditions_know_values_by_what_they_are_compared_with() -> None:
    found = terms("""
fact channel of ticket: one of email, yes, severity
fact worked of ticket: hours
severities 1, 2, low
status maintenance of agreement
  state active
    begins when agreement started
    includes support
scope other
  outside if channel is email
  outside if severity is 1 or 2
  outside if severity is at least low
  outside if maintenance is active
  outside if maintenance includes support
  outside if worked is more than 90 minutes
  outside if 2 hours is less than worked
  outside if channel is none of email, yes
""").scopes["other"].outside
    assert found == (
        Compare("is", FactRef("channel"), Literal("email")),
        OneOf(SeverityRef(), (Literal("1"), Literal("2"))),
        Compare("at_least", SeverityRef(), Literal("low")),
        Compare("is", StatusRef("maintenance"), Literal("active")),
        Includes("maintenance", "support"),
        Compare("more", FactRef("worked"), Literal(Decimal("1.5"))),
        Compare("less", Literal(Decimal(2)), FactRef("worked")),
        OneOf(FactRef("channel"), (Literal("email"), Literal("yes")), True),
    )


def test_as_read_carries_every_option() -> None:
    found = terms("""
reading zone "Which zone?"
  option denver: America/Denver
  option fixed:  UTC-07:00
  adopt denver because "so"
reading kept "Which holidays?"
  option some: holidays of US
  option none_kept: change nothing
  adopt some because "so"
reading long "How long?"
  option hours: within 2 hours counted in Hours
  option days:  within 3 days
  adopt hours because "so"
calendar Hours
  zone as read in zone
  open Monday to Friday 09:00 to 17:00
  closed on as read in kept
duty respond
  when ticket opened
  if reading long is days
  Acme must respond as read in long
""")
    assert found.calendars["Hours"].zone == AsRead("zone", {"denver": "America/Denver", "fixed": "UTC-07:00"})
    assert found.calendars["Hours"].openings == (Opening((0, 1, 2, 3, 4), (Window(9 * HOUR, 17 * HOUR),)),)
    assert found.calendars["Hours"].closed == (AsRead("kept", {"some": HolidaysOf("US", None, True), "none_kept": ()}),)
    duty = found.duties["respond"]
    assert duty.only_if == (ReadingIs("long", "days"),)
    assert duty.limit == AsRead("long", {
        "hours": Within(Elapsed(2 * HOUR), CountedIn("Hours")), "days": Within(Civil(3))})
    assert duty.citation.readings == ("zone", "kept", "long"), "those of its calendar are its own"


def test_options_of_a_choice_are_duties() -> None:
    found = terms("""
fact due of ticket: date
event worked of ticket act work_on
duty report
  when ticket opened
  Acme must report within 1 hour
choice remedy of Client
  when report breached
  option now: Acme must work_on continuously
  option later
    Acme must resolve by the end of due
    Acme must report
    on reopening run on
  option other: Acme must report
  within 2 days otherwise now
""")
    remedy = found.choices["remedy"]
    assert remedy.options == (
        ("now", ("work_on",)), ("later", ("resolve", "remedy_later")), ("other", ("remedy_other",)))
    assert (remedy.elector, remedy.kind) == ("Client", "ticket")
    assert (remedy.within, remedy.otherwise) == (Within(Civil(2)), "now")
    resolve_ = found.duties["resolve"]
    assert (resolve_.choice, resolve_.option, resolve_.triggers) == ("remedy", "later", ())
    assert resolve_.limit == ByEndOf("due")
    assert found.facts["remedy"].type.values == ("now", "later", "other")


def test_rights_and_prohibitions() -> None:
    found = terms("""
event called of ticket act call
role Caller of Client
  exactly 1
right call
  only Caller may call
right ask
  Client may ask
right only_they
  only Client may open
prohibition each
  each party must not report
prohibition outside
  when ticket updated outside Hours
  Acme must not update
calendar Hours
  open every day 09:00 to 17:00
""")
    call = found.rights["call"]
    assert (call.holder, call.role, call.patterns) == ("Client", "Caller", (Pattern("called", "Client"),))
    assert found.rights["ask"].patterns == (Pattern("asked", "Client"),)
    assert found.rights["only_they"].patterns == (Pattern("opened"),), "whoever opens one is judged"
    assert found.prohibitions["each"].patterns == (Pattern("reported", "Acme"), Pattern("reported", "Client"))
    assert found.prohibitions["outside"].patterns == (Pattern("updated"),)
    assert len(found.prohibitions["outside"].only_if) == 1


CLAUSES = """
clause "One"
  > One shall respond.

  > Two shall report.
  duty respond
    when ticket opened

    > Three is three.
    Acme must respond within 2 hours

  fact calm of ticket: yes or no

  duty report
    when ticket opened
    Acme must report within 2 hours

  > Four is four.
  information because "a remark"

clause "Two"
  duty update
    when ticket opened
    Acme must update within 2 hours

  > Four is four.
  calendar Hours
    open every day 09:00 to 17:00
"""


def test_rules_rest_on_the_words_above_and_inside_or_on_those_of_the_rule_above() -> None:
    found = contract(CLAUSES, text=WORDS)
    duties = found.versions[0].duties
    assert [q.text for q in duties["respond"].citation.quotations] == [
        "One shall respond.", "Two shall report.", "Three is three."]
    assert [p.text for q in duties["respond"].citation.quotations for p in q.places] == [
        "One shall respond.", "Two shall report.", "Three is three."]
    assert duties["report"].citation.quotations == duties["respond"].citation.quotations
    assert duties["report"].citation.clause == "One"
    assert duties["update"].citation.quotations == ()
    assert [(n.kind, n.because, n.citation.quotations[0].text) for n in found.notes] == [
        ("information", "a remark", "Four is four."), ("encoded", "calendar Hours", "Four is four.")]


def test_without_the_text_no_quotation_is_verified() -> None:
    found = contract(CLAUSES.replace("One shall", "Nobody shall"))
    assert found.versions[0].duties["respond"].citation.quotations[0].places == ()


def test_r27_amendments_make_versions() -> None:
    found = contract("""
fact channel of ticket: one of email, web
reading long "How long?"
  option short: 1 hour
  option whole: 8 hours
  adopt short because "so"
clause "Until June"
  in force from 2025-01-01 to 2026-06-30
  duty respond
    when ticket opened
    Acme must respond within 2 hours
clause "From July"
  in force from 2026-07-01
  duty respond
    when ticket opened
    if channel is email
    Acme must respond within as read in long
""")
    assert [version.in_force_from for version in found.versions] == [None, date(2025, 1, 1), date(2026, 7, 1)]
    none, old, new = found.versions
    assert none.duties == {}
    assert old.duties["respond"].limit == Within(Elapsed(2 * HOUR))
    assert isinstance(new.duties["respond"].limit, Within)
    assert new.duties["respond"].citation.readings == ("long",)
    assert all("channel" in version.facts for version in found.versions)


def test_a_file_of_scenarios_has_no_contract_of_its_own() -> None:
    policy = Source("s.sla", 'slarules 1\nscenarios of "policy.sla"\n')
    tree, _ = parse(policy)
    assert resolve(tree, policy, None) == (None, ())


@pytest.mark.parametrize(("what", "lines"), [
    ("a sum", "amount a in USD is " + " plus ".join(["fee"] * 150)),
    ("a condition", "scope s\n  outside if " + "not " * 120 + "ripe"),
    ("a limit", "duty d\n  when ticket opened\n  Acme must update " + "by the sooner of " * 120 + "within 1 hour"
     + " and within 1 hour" * 120),
])
def test_nothing_is_so_deep_that_it_cannot_be_told(what: str, lines: str) -> None:
    body = f"fact fee of agreement: money in USD\nfact ripe of ticket: yes or no\n{lines}\n"
    policy = Source("policy.sla", HEAD + body)
    tree, _ = parse(policy)
    found, problems = resolve(tree, policy, None)
    assert found is None and [d.code for d in problems] == ["E0107"], what


def test_readings_of_readings_end() -> None:
    chain = "".join(
        f'reading r{n} "q"\n  option a: if as read in r{n + 1}\n  option b: if as read in r{n + 1}\n'
        '  adopt a because "x"\n'
        for n in range(40))
    policy = Source("policy.sla", HEAD + chain)
    tree, _ = parse(policy)
    _, problems = resolve(tree, policy, None)
    assert {d.code for d in problems} == {"E0705", "E0306"}
