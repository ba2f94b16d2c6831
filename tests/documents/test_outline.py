"""The summary says everything that the contract says, once, where it can be found, and in the contract's own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from slarules.documents.blocks import Beside, Link, Quotation, Remark, Section
from slarules.documents.outline import outline
from slarules.documents.summary.definitions import SAID_ABOVE
from slarules.documents.summary.register import register
from slarules.loader import load
from slarules.model.rules import EventType, Fact, Note, Severities, SeverityLevel
from slarules.resolve.sentences import fold
from slarules.resolve.sentences import sentences as sentences_of
from slarules.wording.rules import sentences
from tests.documents.outlines import (
    POLICIES,
    ROOT,
    anchors,
    links,
    loaded,
    parts,
    section,
    statements,
    summary,
    text_of,
)
from tests.documents.payloads import PAYLOADS, hostile, in_string
from tests.wording.contracts import rules_of

FIT = [text for text in PAYLOADS.values() if in_string(text) is not None]
EVERY = pytest.mark.parametrize("name", POLICIES)
FAMILIES = {
    "facts": "fact", "events": "event", "calendars": "calendar", "holidays": "holidays", "tables": "table",
    "roles": "role", "duties": "duty", "prohibitions": "prohibition", "rights": "right", "choices": "choice",
    "statuses": "status", "allowances": "allowance", "amounts": "amount", "scopes": "scope",
    "declarations": "declaration", "severity": "severity", "severities": "severities", "readings": "reading",
    "note": "note",
}


@EVERY
def test_each_rule_of_each_version_has_its_statement_with_each_of_its_sentences(name: str) -> None:
    policy = loaded(name)
    assert policy.contract is not None
    found, said = register(policy), statements(summary(name))
    checked = 0
    for label, rule, terms in rules_of(policy.contract):
        if isinstance(rule, Note) and rule.kind == "encoded":
            continue  # the words of a calendar, a fact or the parties, which stand beside these
        family = FAMILIES[label.split(" ")[0]]
        version = policy.contract.versions.index(terms)
        if isinstance(rule, Note):
            anchor = next(entry.anchor for entry in found.entries if entry.rule is rule)
        else:
            called = "severities" if isinstance(rule, Severities) else rule.name
            anchor = found.anchors[version if family != "reading" else 0, family, called]
        text = " ".join(text_of(words) for words in said[anchor].sentences)
        for sentence in sentences(rule, terms, policy.contract):
            if not (isinstance(rule, Fact) and sentence in SAID_ABOVE):  # said of all of them above the first
                assert sentence in text, (anchor, sentence)
            checked += 1
    assert checked > 5


@EVERY
def test_each_statement_is_of_a_rule_of_the_contract(name: str) -> None:
    """Nothing is told that the contract does not say: a statement less would be a rule less."""
    policy = loaded(name)
    found = register(policy)
    assert set(statements(summary(name))) == {entry.anchor for entry in found.entries}
    assert policy.contract is not None
    many = {entry.sort: 0 for entry in found.entries}
    for entry in found.entries:
        many[entry.sort] += len(entry.versions) if entry.sort not in ("reading", "note") else 1
    versions = policy.contract.versions
    assert many.get("duty", 0) + many.get("target", 0) == sum(len(terms.duties) for terms in versions)
    assert many.get("calendar", 0) == sum(len(terms.calendars) for terms in versions)
    assert many.get("severity", 0) == sum(len(terms.severities.levels) for terms in versions if terms.severities)


@EVERY
def test_each_quotation_stands_there_in_full_with_its_place(name: str) -> None:
    policy = loaded(name)
    shown = [part for part in parts(summary(name)) if isinstance(part, Quotation)]
    texts = {quotation.text for quotation in shown}
    for entry in register(policy).entries:
        for quotation in entry.quotations:
            assert fold(quotation.places[0].text if quotation.places else quotation.text) in texts
    for quotation in shown:
        if policy.text is not None:
            assert quotation.text in fold(policy.text.text)
            assert quotation.where.startswith("source.txt, line")


@pytest.mark.parametrize("name", ["collabware", "copiun", "cpi", "trak"])
def test_each_sentence_of_the_contract_stands_among_its_clauses(name: str) -> None:
    """Word for word: a lawyer who reads the left side has read the contract."""
    policy = loaded(name)
    assert policy.text is not None
    clauses = section(summary(name), "clauses")
    quoted = [part.text for part in parts(clauses) if isinstance(part, Quotation)]
    for sentence in sentences_of(policy.text):
        words = fold(sentence.text).split(" ")
        assert any(fold(sentence.text) in one or one in fold(sentence.text) for one in quoted), words


@EVERY
def test_anchors_are_unique_and_each_link_leads_somewhere(name: str) -> None:
    found = anchors(summary(name))
    assert len(found) == len(set(found))
    assert all(anchor.replace("-", "").isalnum() and anchor.isascii() for anchor in found)
    assert {link.to for link in links(summary(name))} <= set(found)
    assert len(links(summary(name))) > 5


@EVERY
def test_each_ambiguity_is_asked_once(name: str) -> None:
    contract = loaded(name).contract
    assert contract is not None
    asked = [part for part in parts(summary(name)) if isinstance(part, Remark) and part.kind == "ambiguity"]
    assert sorted(one.title for one in asked) == sorted(reading.replace("_", " ") for reading in contract.readings)
    for reading in contract.readings.values():
        remark = next(one for one in asked if one.title == reading.name.replace("_", " "))
        assert reading.question in remark.text
        assert all(option.why in remark.text for option in reading.options if option.why)


@EVERY
def test_sections_are_numbered_in_order(name: str) -> None:
    document = summary(name)
    assert [one.number for one in document.sections] == [str(n) for n in range(1, len(document.sections) + 1)]
    clauses = section(document, "clauses")
    assert all(one.number is None for one in clauses.sections), "clauses bear the contract's own numbers"
    below = section(document, "definitions")
    assert [one.number for one in below.sections] == [f"{below.number}.{n}" for n in range(1, len(below.sections) + 1)]


def test_clauses_are_in_the_contracts_order() -> None:
    titles = [one.title for one in section(summary("collabware"), "clauses").sections]
    assert titles[2:5] == ["1.1 Purpose", "1.2 Program Overview", "2.0 Definitions and Descriptions"]
    assert titles[-1] == "6.0 Contacting Collabware"


def test_what_rests_on_the_same_words_stands_beside_them_once() -> None:
    blocks = [one for one in parts(section(summary("collabware"), "clauses")) if isinstance(one, Beside)]
    shipped = next(one for one in blocks if one.quotations[0].text == "Automatic shipment of Software Updates.")
    assert [one.anchor for one in shipped.statements] == ["event-shipped", "duty-ship-updates"]
    assert shipped.quotations[0].where == "source.txt, line 21"


def test_amended_rules_say_when_they_hold() -> None:
    said = statements(summary("amendments"))
    first, then = said["duty-respond"], said["duty-respond-from-2026-04-01"]
    assert "In force from 1 January 2025 until 31 March 2026." in map(text_of, first.sentences)
    assert "In force from 1 April 2026." in map(text_of, then.sentences)


def test_what_never_applies_as_the_words_are_read_says_so() -> None:
    said = statements(summary("trak"))
    never = "\nAs the words are read here, this never applies."
    idle = {anchor for anchor, one in said.items() if never in map(text_of, one.sentences)}
    assert {"duty-timely-correction", "duty-answer-call", "choice-remedy-within-two-days"} <= idle
    assert "duty-remedy-within-two-days-continuous-work" in idle, "an option of a choice that never opens"
    assert not idle & {"target-resolution", "duty-escalate", "duty-confirm-receipt", "choice-remedy"}


@EVERY
def test_each_duty_leads_to_its_worked_example_and_back(name: str) -> None:
    document = summary(name)
    there = {part.anchor for part in section(document, "worked-examples").sections}
    led = {part.to for one in statements(document).values() for part in one.sentences[-1]
           if isinstance(part, Link) and part.text == "A worked example"}
    assert led == there
    back = {link.to for part in section(document, "worked-examples").sections for link in links(part)}
    duties = {anchor for anchor, one in statements(document).items() if one.sort in ("duty", "target")}
    assert len(back & duties) >= len(there)


def test_facts_and_events_without_words_of_their_own_are_among_the_definitions() -> None:
    below = section(summary("trak"), "definitions")
    told = {part.anchor for part in parts(below) if getattr(part, "sort", None) in ("fact", "event")}
    contract = loaded("trak").contract
    assert contract is not None
    assert {f"fact-{fact.replace('_', '-')}" for fact in contract.versions[0].facts
            if fact not in ("written", "who", "caller", "role", "on", "hours")} <= told
    assert all(isinstance(one.rule, Fact | EventType) for one in register(loaded("trak")).entries
               if one.anchor in told)


def test_levels_without_words_of_their_own_stand_with_the_list_of_levels() -> None:
    entries = [one for one in register(loaded("amendments")).entries if isinstance(one.rule, SeverityLevel)]
    assert all(isinstance(one.clause, int | None) for one in entries)


def test_the_document_has_all_its_parts() -> None:
    titles = [one.title for one in summary("collabware").sections]
    for wanted in ("Definitions", "Clause by clause", "Severity", "Duties, prohibitions and rights by party",
                   "Ambiguities", "What has no rule, and what became of each sentence", "Sign-off",
                   "What this document was made from"):
        assert wanted in titles
    assert isinstance(summary("collabware").sections[-1], Section)


# ---- Whatever a policy's free words are ----------------------------------------------------------------------------


@pytest.mark.parametrize("turn", range(0, len(FIT), 12))
def test_hostile_words_stand_there_as_they_are(tmp_path: Path, turn: int) -> None:
    """Text is data: no word of a policy changes an anchor, a link or another word."""
    policy = load(hostile(tmp_path, turn=turn))
    assert policy.contract is not None
    document = outline(policy)
    found = anchors(document)
    assert len(found) == len(set(found))
    assert all(anchor.replace("-", "").isalnum() and anchor.isascii() for anchor in found)
    assert {link.to for link in links(document)} <= set(found)
    assert document.title == policy.contract.title
    text = "\n".join(part for part in parts(document) if isinstance(part, str))
    folded = fold(text)
    for reading in policy.contract.readings.values():
        assert fold(reading.question) in folded
    for note in policy.contract.notes:
        if note.kind != "encoded":
            assert fold(note.because) in folded


POLICIES_HERE = [
    path for folder in ("tests/rules", "tests/corpus/good", "examples")
    for path in sorted((ROOT / folder).rglob("*.sla"))
]


@pytest.mark.parametrize("path", POLICIES_HERE, ids=lambda path: path.stem)
def test_every_policy_has_a_summary_whose_links_lead_somewhere(path: Path) -> None:
    policy = load(path)
    if policy.contract is None:
        pytest.skip("a file of scenarios")
    document = outline(policy)
    found = anchors(document)
    assert len(found) == len(set(found))
    assert {link.to for link in links(document)} <= set(found)
    assert set(statements(document)) == {entry.anchor for entry in register(policy).entries}
