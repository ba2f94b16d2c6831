"""The whole summary, with all that may be added to it: what changed, and what its ambiguities are worth."""

from __future__ import annotations

from pathlib import Path

from slarules.documents.blocks import Section
from slarules.documents.outline import apart, numbered, outline
from slarules.documents.reports.redline import changed
from tests.documents.outlines import anchors, links
from tests.documents.test_as_read import policy


def test_what_changed_stands_first(tmp_path: Path) -> None:
    before = policy(tmp_path / "before", "it_is_not")
    now = policy(tmp_path / "now", "it_is_not", ("| 4 hours ", "| 3 hours "))
    document = outline(now, changed=changed(before, now))
    assert document.sections[0].title == "What changed" and document.sections[0].number == "1"
    assert document.sections[1].title == "Definitions" and document.sections[1].number == "2"
    found = anchors(document)
    assert len(found) == len(set(found))
    assert {link.to for link in links(document)} <= set(found)


def test_sections_of_the_same_anchor_are_kept_apart() -> None:
    one = Section("Amounts", "amounts", (), (Section("Fee", "amount-fee", ()), Section("Fee again", "amount-fee", ())))
    other = Section("More", "amounts", ())
    taken = {"amount-fee"}
    done = numbered(apart(section, taken) for section in (one, other))
    assert [section.anchor for section in done] == ["amounts", "amounts-2"]
    assert [section.anchor for section in done[0].sections] == ["amounts-amount-fee", "amounts-amount-fee-2"]
    assert [section.number for section in done[0].sections] == ["1.1", "1.2"]
