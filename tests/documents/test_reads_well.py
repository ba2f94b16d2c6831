"""The summaries read as a careful person wrote them: no programmers' names, no slips of a machine, no untrue lead."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from slarules.documents.blocks import Beside, Link, Quotation, Run
from slarules.documents.summary.links import linked, targets
from slarules.documents.summary.register import register
from slarules.loader import load
from tests.documents.outlines import parts, statements, summary, text_of
from tests.documents.test_summaries import CONTRACTS
from tests.engine.small import HEAD

SLIPS = {
    r"\w_\w": "a name as programmers write it",
    r"  +(?! )": "two blanks",
    r"`": "a backtick",
    r"\b(the|a|an|of|is|to|and|or|in|by) \1\b": "a word twice",
    r"\b[Aa] (hour|Incident|invoice|agreement|order)\b": "a wrong article",
    r"\b1 (hours|minutes|days|months)\b": "a wrong plural",
    r"\bthe “[^”]*” is\b": "an article before a quoted name",
    r"\bany subject\b": "a programmers' word",
    r"\b(line|lines) (\d+) and \2\b": "one line named twice",
    r"\bof US\b": "a country without its article",
    r"\ball of these hold: \(a\)[^.]*, unless\b": "what follows a lettered list reads as part of its last item",
    r"[Aa]t least one of these holds: \(\w\) at least one of these holds:": "a list within a list of the same sort",
}  # fmt: skip
"""Pattern → what is wrong with it."""


def _said(name: str) -> list[str]:
    """All text of the summary but the contract's own words and the digests."""
    found = []
    for part in parts(summary(name)):
        if isinstance(part, tuple) and part and all(hasattr(one, "text") for one in part):
            text = text_of(tuple(one for one in part if getattr(one, "style", None) != "code"))
            found.append(re.sub(r"\b[\w.]+\.txt\b|\b[A-Z]\w+/\w+", "such", text))  # names of files and of zones
    return found


@pytest.mark.parametrize("name", CONTRACTS)
def test_no_slip_of_a_machine(name: str) -> None:
    quoted = {one.text for part in parts(summary(name)) if isinstance(part, Beside) for one in part.quotations
              if isinstance(one, Quotation)}
    said = _said(name)
    assert len(said) > 500, "the text of the document was found"
    for text in said:
        if any(text.strip("“” \n") in words for words in quoted):
            continue
        for pattern, wrong in SLIPS.items():
            match = re.search(pattern, text)
            assert match is None, f"{wrong}: {text[max(0, match.start() - 60):match.end() + 60]!r}"


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_value_is_no_link(name: str) -> None:
    """What a fact is said to be stands in quotation marks, and leads nowhere: it is not the rule of the same name."""
    for statement in statements(summary(name)).values():
        for sentence in statement.sentences:
            for before, one in pairwise(sentence):
                if isinstance(before, Run) and isinstance(one, Link):
                    assert not before.text.endswith(("” is ", "” is not ")), (statement.anchor, one.text)


def test_a_value_called_as_another_fact_is_no_link(tmp_path: Path) -> None:
    rules = """
fact letter of request: yes or no
fact kind of request: one of letter or mail
duty answer
  when request opened by Client
  if kind is letter and letter
  Desk must respond to Client within 2 hours
"""
    path = tmp_path / "small.sla"
    path.write_text(HEAD + rules, "utf-8")
    found = register(load(path))
    entry = next(one for one in found.entries if one.anchor == "duty-answer")
    said = list(linked(entry.sentences, targets(entry, found)))
    assert "“kind” is “letter” and “letter” is yes" in " ".join(map(text_of, said))
    assert [one.text for words in said for one in words if isinstance(one, Link)] == ["“kind”"]
