"""The sections of a summary around its clauses: what each of them says, and of what."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from slarules.analysis.ledger import ledger_of
from slarules.analysis.linting import lint_file
from slarules.documents.blocks import (
    Cell,
    Definitions,
    Document,
    Grid,
    Link,
    Paragraph,
    Remark,
    SignOff,
    Statement,
    Words,
)
from slarules.documents.outline import outline
from slarules.documents.summary.links import linked
from slarules.loader import load
from slarules.model.rules import Duty, Prohibition, Right
from tests.documents.outlines import POLICIES, ROOT, loaded, parts, section, statements, summary, text_of


def entries(document: Document) -> dict[str, str]:
    """The front page: what → what is said of it."""
    block = next(one for one in document.front if isinstance(one, Definitions))
    return {text_of(term): "\n".join(text_of(words) for words in said) for term, said in block.entries}


def grids(document: Document, anchor: str) -> dict[str, Grid]:
    """The grids of a section and of those below it, by their captions."""
    return {one.caption: one for one in parts(section(document, anchor)) if isinstance(one, Grid)}


def said(cell: Cell) -> str:
    return text_of(cell.words)


# ---- Front page and last page -------------------------------------------------------------------------------------


def test_the_front_page() -> None:
    front = entries(summary("trak"))
    assert front["Provider"] == "Trak (in the contract’s words: Trak Software, Service Provider)"
    assert front["Other party"] == "Management (the management to which a request is escalated)"
    assert front["Term"] == "The rules name none: they hold for as long as the agreement lasts."
    assert front["In force"].startswith("The policy limits it to no dates.")
    text = (ROOT / "contracts" / "trak" / "source.txt").read_bytes()
    assert front["Source"] == f"source.txt, received as 003_85daf5e6f92d431d.txt.\nSHA-256: {sha256(text).hexdigest()}"
    assert front["Dates and times"] == "Dates of the contract are kept in America/Denver (as read in “mst”)."
    assert front["Severity"] == "4 levels, gravest first: 1, 2, 3 and 4. See Severity."
    assert "65 ambiguities, of which 42 can change a verdict" in front["What is stated"]
    assert "100% of its 40 sentences are accounted for (33 encoded in rules or ambiguities and 7 for information)" \
        in front["What is stated"]
    assert front["To be signed by"] == "Trak and Customer: see Sign-off."


def test_terms_and_dates_in_force_on_the_front_page() -> None:
    term = entries(summary("collabware"))["Term"]
    assert term == "The state “active” of “maintenance” lasts 12 months (rounding down)."
    assert entries(summary("corpus"))["In force"].splitlines()[0] == "From 1 January 2026 until 31 December 2026."
    assert entries(summary("amendments"))["In force"].splitlines()[1] == (
        "Terms change on 1 January 2025 and 1 April 2026: 3 versions. A rule that holds only for a time says so.")


def test_a_state_that_only_divides_time_is_not_taken_for_the_term(tmp_path: Path) -> None:
    policy = tmp_path / "policy.sla"
    policy.write_text("""slarules 1

contract Monthly "Monthly reports"
  provider Acme
  customer Client
  zone America/Denver

status month of agreement
  state running
    begins when agreement started
    lasts 1 month rounding down
    becomes running at the end of term
""", encoding="utf-8")
    term = entries(outline(load(policy)))["Term"]
    assert term == "The state “running” of “month” lasts 1 month (rounding down), and then begins again."


def test_the_last_page_names_what_it_was_made_from() -> None:
    loaded_now = loaded("copiun")
    document = outline(loaded_now, used=(("/somewhere/events.jsonl", "ab12"),))
    grid = grids(document, "provenance")["What this document was made from"]
    rows = {said(row[0]): said(row[1]) for row in grid.rows}
    policy, text = POLICIES["copiun"].read_bytes(), (ROOT / "contracts" / "copiun" / "source.txt").read_bytes()
    assert rows["Policy"] == f"policy.sla\nSHA-256: {sha256(policy).hexdigest()}"
    assert rows["The contract’s words"] == f"source.txt\nSHA-256: {sha256(text).hexdigest()}"
    assert rows["Also used"] == "events.jsonl\nSHA-256: ab12"
    assert rows["Made with"].startswith("slarules ") and rows["Zones"].startswith("tzdata 20")
    assert rows["Public holidays"].startswith("holidays 0.")
    assert document.sections[-1].anchor == "provenance"


def test_without_a_text_the_summary_says_so(tmp_path: Path) -> None:
    path = tmp_path / "policy.sla"
    path.write_text('slarules 1\n\ncontract Acme "Acme"\n  provider Acme\n  customer Buyer\n\nduty answer\n'
                    "  when ticket opened\n  Acme must respond to Buyer within 2 hours\n", "utf-8")
    document = outline(load(path))
    assert entries(document)["Source"].startswith("The policy names no text of the contract")
    assert "duty-answer" in statements(document)
    told = section(document, "ledger").blocks[0]
    assert isinstance(told, Paragraph) and text_of(told.words).startswith("The policy names no text of the contract")


# ---- Definitions, severity, parties -------------------------------------------------------------------------------


def test_terms_used_lead_to_where_they_are_told() -> None:
    block = next(one for one in section(summary("collabware"), "terms-used").blocks if isinstance(one, Definitions))
    terms = {text_of(term): (term, said) for term, said in block.entries}
    assert text_of(terms["Incident"][1][0]) == "What the contract calls a ticket, from its opening to its end."
    role = terms["AuthorizedCaller"][0][0]
    assert isinstance(role, Link) and role.to == "role-authorizedcaller"
    assert {"SupportHours", "CollabwareHolidays", "levels of severity", "maintenance", "release"} <= set(terms)


def test_every_duty_prohibition_and_right_stands_with_its_party() -> None:
    for name in POLICIES:
        contract, document = loaded(name).contract, summary(name)
        assert contract is not None
        shown = {
            link.to for grid in grids(document, "by-party").values() for row in grid.rows
            for link in row[0].words if isinstance(link, Link)
        }
        ruling = {one.anchor for one in statements(document).values()
                  if one.sort in ("duty", "target", "prohibition", "right", "choice")}
        assert shown == ruling


def test_each_row_of_a_party_is_of_that_party() -> None:
    contract, document = loaded("cpi").contract, summary("cpi")
    assert contract is not None
    terms = contract.versions[0]
    for party in ("CPI", "Client"):
        for caption, grid in grids(document, "by-party").items():
            if party not in caption.split():
                continue
            for row in grid.rows:
                name = said(row[0]).split("\n")[0].removesuffix(" (target)").replace(" ", "_")
                rule: object = terms.duties.get(name) or terms.prohibitions.get(name) or terms.rights.get(name)
                match rule:
                    case Duty(bearer=bearer):
                        assert bearer == party
                    case Prohibition(bearers=bearers):
                        assert party in bearers
                    case Right(holder=holder):
                        assert holder == party
                    case _:
                        raise AssertionError(name)


def test_severities_by_duty() -> None:
    grid = grids(summary("trak"), "severity")["Duties and targets by severity"]
    rows = {said(row[0]): [said(cell) for cell in row[1:]] for row in grid.rows}
    assert rows["resolution (target)"] == [f"within {hours} hours counted in BusinessHours" for hours in (2, 8, 24, 48)]
    assert rows["escalate"] == ["within 15 minutes", "within 15 minutes", "not owed", "not owed"]
    assert rows["working continuously"] == ["not owed", "not owed", "throughout", "throughout"]
    assert "timely correction" not in rows, "it never applies as the words are read"


# ---- Ambiguities, findings, ledger, sign-off ----------------------------------------------------------------------


def test_an_ambiguity_says_in_what_it_stands_and_on_what_it_bears() -> None:
    mst = statements(summary("trak"))["reading-mst"]
    stands = next(text_of(words) for words in mst.sentences if text_of(words).startswith("\nIt stands in"))
    assert stands == "\nIt stands in the calendar “BusinessHours”."
    assert text_of(mst.sentences[-2]) == "It decides in which zone the contract’s dates are kept."
    bears = text_of(mst.sentences[-1])
    assert bears.startswith(
        "Through that, it bears on the targets “resolution” and “resolution at new level”; the duties “timely "
        "correction”, ")
    assert bears.endswith("the prohibition “hours of support”.")


def test_those_that_matter_stand_before_those_that_do_not() -> None:
    contract = loaded("trak").contract
    assert contract is not None
    for anchor, nothing in (("ambiguities-that-matter", False), ("ambiguities-that-change-nothing", True)):
        names = {one.anchor for one in parts(section(summary("trak"), anchor)) if isinstance(one, Statement)}
        assert names == {f"reading-{name.replace('_', '-')}" for name, reading in contract.readings.items()
                         if (reading.changes_nothing is not None) is nothing}


def test_findings_are_asked_where_they_were_found() -> None:
    path = ROOT / "tests" / "corpus" / "good" / "every_construct.sla"
    found = lint_file(path).findings
    assert len(found) > 3
    document = outline(load(path), findings=found)
    asked = [part for part in parts(document) if isinstance(part, Remark) and part.kind == "finding"]
    assert sorted(one.title for one in asked) == sorted(f"{one.rule.code} {one.rule.name}" for one in found)
    assert not any("`" in one.text for one in asked)
    rows = next(iter(grids(document, "findings").values())).rows
    assert len(rows) == len(found)
    spans = {entry.anchor: entry for entry in statements(document).values()}
    for row, finding in zip(rows, found, strict=True):
        link = row[0].words[0]
        if isinstance(link, Link):
            remarks = spans[link.to].remarks
            assert any(one.title == f"{finding.rule.code} {finding.rule.name}" for one in remarks)


@pytest.mark.parametrize("name", ["collabware", "copiun", "cpi", "trak"])
def test_the_ledger_has_every_sentence_and_every_note_its_reason(name: str) -> None:
    contract = loaded(name).contract
    assert contract is not None
    ledger = ledger_of(contract)
    assert ledger is not None
    grid = grids(summary(name), "ledger")["Every sentence and what became of it"]
    assert [said(row[0]) for row in grid.rows] == [str(row.span.line) for row in ledger.rows]
    assert [said(row[2]) for row in grid.rows] == [row.status.value for row in ledger.rows]
    reasons = {
        said(row[1]).rstrip(".").lower() for caption, grid in grids(summary(name), "coverage").items()
        if caption in ("Not encoded", "For information") for row in grid.rows
    }
    assert {note.because.rstrip(".").lower() for note in contract.notes if note.kind != "encoded"} == reasons


def test_provider_and_customer_sign() -> None:
    block = next(part for part in parts(section(summary("trak"), "sign-off")) if isinstance(part, SignOff))
    assert block.parties == ("Trak", "Customer")
    assert "the 42 ambiguities on which something hangs" in text_of(block.says)


# ---- Links --------------------------------------------------------------------------------------------------------


def test_links_leave_every_word_as_it_is() -> None:
    sentence = "Trak must respond within 2 hours counted in Hours (as read in “when”), “when” it can."
    found: tuple[Words, ...] = tuple(linked([sentence, sentence], {
        r"(?:reading|read in|and in) (“when”)": "reading-when", r"(?:in|of) (Hours)(?!\w)": "calendar-hours"}))
    assert [text_of(words) for words in found] == [sentence, sentence]
    assert [part.text for part in found[0] if isinstance(part, Link)] == ["Hours", "“when”"]
    assert not any(isinstance(part, Link) for part in found[1]), "each the first time only"


def test_a_name_that_stands_for_two_things_is_no_link() -> None:
    """In Trak's policy `telephone` names a reading, and a value of the channel; `remedy` a choice and a fact."""
    for name in ("collabware", "copiun", "cpi", "trak"):
        contract = loaded(name).contract
        assert contract is not None
        options = {option.name.replace("_", " ") for one in contract.readings.values() for option in one.options}
        for statement in statements(summary(name)).values():
            for words in statement.sentences:
                for before, part in zip(("", *(one.text for one in words)), words, strict=False):
                    if isinstance(part, Link) and part.to.startswith("reading-"):
                        assert before.endswith(("reading ", "read in ", "and in ")), (statement.anchor, part)
                    elif isinstance(part, Link) and part.text.strip("“”") in options:
                        assert not before.endswith((" is ", "; ", ", ")) or part.to.startswith("fact-"), part
