"""The redline between two versions: words and meaning apart, and where they part from each other."""

from __future__ import annotations

from pathlib import Path

from slarules.documents.blocks import DELETED, INSERTED, Grid, Listing, Section, Words
from slarules.documents.reports.redline import DRIFTED, NEITHER, REWORDED, changed, difference, section, sentences
from tests.comparison.small import SOURCE, made
from tests.documents.outlines import text_of

EMAIL = "The provider shall acknowledge each request sent by email within 30 minutes."
BY_MAIL = "The provider shall acknowledge every request sent by email within 30 minutes."
ACK = "option elapsed: within 30 minutes "


def redline(tmp_path: Path, *changes: tuple[str, str], words: str = SOURCE) -> Section:
    old = made(tmp_path / "old")
    return section(changed(old, made(tmp_path / "new", *changes, words=words)))


def grids(made_of: Section) -> dict[str, dict[str, str]]:
    """Caption → head → what stands beside it, in the whole section; each run marked as a redline shows it."""
    found = {}
    for part in made_of.sections:
        for block in part.blocks:
            if isinstance(block, Grid):
                found[block.caption] = {text_of(row[0].words): marked(row[1].words) for row in block.rows}
    return found


def marked(words: Words) -> str:
    marks = {INSERTED: "[+{}]", DELETED: "[-{}]"}
    return "".join(marks.get(getattr(run, "style", ""), "{}").format(run.text) for run in words)


def test_nothing_changed(tmp_path: Path) -> None:
    found = redline(tmp_path)
    assert not found.sections
    assert NEITHER in text_of(found.blocks[0].words)  # type: ignore[union-attr]


def test_words_changed_and_the_meaning_did_not(tmp_path: Path) -> None:
    found = grids(redline(tmp_path, (EMAIL, BY_MAIL), words=SOURCE.replace("each request sent", "every request sent")))
    assert list(found) == ["Duty “confirm”"]
    told = found["Duty “confirm”"]
    assert told["The contract’s words"] == (
        "The provider shall acknowledge [-each] [+every] request sent by email within 30 minutes.")
    assert told["What the policy says"] == "Unchanged."
    assert told["In effect"] == REWORDED


def test_the_meaning_changed_and_the_words_did_not(tmp_path: Path) -> None:
    """The rule drifted from the words that it rests on."""
    found = redline(tmp_path, ("    if channel is email\n", ""))
    told = grids(found)["Duty “confirm”"]
    assert told["The contract’s words"] == EMAIL
    gone = told["What the policy says"]
    assert gone.startswith("… [-") and "email" in gone and "[+" not in gone
    assert DRIFTED in told["In effect"]
    assert told["In effect"].startswith("Stricter; nothing looser found among ")
    tickets = [text_of(item.words) for part in found.sections for block in part.blocks
               if isinstance(block, Listing) for item in block.items]
    assert tickets == ["A ticket, opened Mon 2 March 2026, 09:00 (channel telephone): before, not owed; now, broken, "
                       "due 09:30."]


def test_the_meaning_changed_by_what_the_rule_rests_on(tmp_path: Path) -> None:
    found = grids(redline(tmp_path, ("09:00 to 17:00", "09:00 to 18:00")))
    assert "what it rests on: “Hours”." in found["Duty “resolution”"]["In effect"]
    assert found["Duty “resolution”"]["The contract’s words"] == "Unchanged."
    assert "[-17:00.] [+18:00.]" in found["Calendar “Hours”"]["What the policy says"]
    assert "from Mon 2 March 2026, 17:00 to 18:00 now it is open and before it is closed" in (
        found["Calendar “Hours”"]["In effect"])


def test_another_reading_is_adopted(tmp_path: Path) -> None:
    found = grids(redline(tmp_path, ("adopt elapsed because", "adopt business because")))
    assert found["Reading “ack”"]["In effect"] == "Read as “business”; it was read as “elapsed”."
    assert "what it rests on: “ack”." in found["Duty “confirm”"]["In effect"]


def test_rules_that_came_and_went(tmp_path: Path) -> None:
    scope = "  scope software\n    outside if hardware\n"
    closing = ("  duty closing\n    when request resolved\n    Desk must close request within 1 hour\n"
               "    on severity change keep the deadline\n")
    at_hand = ("  duty at_hand\n    when request opened\n    Client must keep contact_there until request resolved\n"
               "    on reopening change nothing\n")
    found = grids(redline(tmp_path, (scope, scope + closing), (at_hand, "")))
    assert found["Duty “closing” (new)"]["In effect"] == "There was no such rule before."
    assert found["Duty “at hand” (gone)"]["In effect"] == "There is no such rule any more."
    assert found["Duty “at hand” (gone)"]["What the policy says"].startswith("[-When a request is opened,")


def test_notes_facts_and_tables(tmp_path: Path) -> None:
    fact = "fact complete of request: yes or no"
    found = grids(redline(tmp_path, ('information because "a heading"', 'information because "the title"'),
                          (fact, f"{fact} judged by Client"), ("| 2        | 8 hours |", "| 2        | 9 hours |")))
    assert found["Note"]["In effect"] == "No rule stands for these words."
    assert found["Note"]["What the policy says"] == "These words are for information: [-a heading.] [+the title.]"
    assert "[+" in found["Fact “complete”"]["What the policy says"]
    assert "[-8] [+9] hours for severity 2" in found["Duty “resolution”"]["What the policy says"]
    assert "Severity 2: looser" in found["Duty “resolution”"]["In effect"]
    assert "Severity 1: no difference found among " in found["Duty “resolution”"]["In effect"]


def test_what_changed_in_effect_stands_first(tmp_path: Path) -> None:
    found = redline(tmp_path, (ACK, "option elapsed: within 20 minutes "))
    grid = next(block for block in found.blocks if isinstance(block, Grid))
    assert [marked(cell.words) for cell in grid.rows[0]][:3] == [
        "confirm", "", "must acknowledge within [-30] [+20] minutes"]
    assert text_of(grid.rows[0][3].words).startswith("stricter; nothing looser found among ")


def test_both_texts_can_be_read_from_a_difference() -> None:
    before, now = "one two three, four.", "one 2 three, and four five."
    runs = difference(before, now)
    assert " ".join("".join(r.text for r in runs if getattr(r, "style", "") != DELETED).split()) == now
    assert " ".join("".join(r.text for r in runs if getattr(r, "style", "") != INSERTED).split()) == before
    assert marked(sentences(("A b.", "C d.", "E."), ("A b.", "C x.", "E."))) == "… C [-d.] [+x.] …"
