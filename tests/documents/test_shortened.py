"""Rules as they are read here: nothing is left of other ways of reading, and nothing else is left out."""

from __future__ import annotations

import pytest

from slarules.documents.summary.register import register
from slarules.documents.summary.shortened import as_read_here, plainly
from slarules.engine.adopt import decided
from slarules.engine.folding import folded
from slarules.model.expression import FactRef, Pattern
from slarules.model.walk import inside
from slarules.wording.grammar import words
from tests.documents.outlines import loaded, statements, summary, text_of

CONTRACTS = ("collabware", "copiun", "cpi", "trak")
EVERY = pytest.mark.parametrize("name", (*CONTRACTS, "corpus"))


@EVERY
def test_no_other_way_of_reading_is_spoken_of(name: str) -> None:
    found = register(loaded(name))
    checked = 0
    for entry in found.entries:
        for sentence in plainly(entry, found):
            checked += 1
            for word in ("adopted", "as read in", "the reading “", "In the reading", "is the case", "what is said"):
                assert word not in sentence, (entry.anchor, sentence)
    assert checked


@EVERY
def test_every_fact_and_event_that_still_counts_is_named(name: str) -> None:
    found = register(loaded(name))
    for entry in found.entries:
        said = " ".join(plainly(entry, found))
        if not said or entry.sort == "scope":
            continue
        rule = folded(decided(entry.rule, found.read[entry.versions[0]].readings))
        for part in inside(rule):
            if isinstance(part, FactRef):
                assert words(part.name) in said, (entry.anchor, part)


@EVERY
def test_what_is_idle_or_rests_on_no_reading_is_said_once(name: str) -> None:
    found = register(loaded(name))
    for entry in found.entries:
        if not entry.readings or entry.anchor in found.idle:
            assert plainly(entry, found) == () == as_read_here(entry, found)


def test_what_is_left() -> None:
    found = register(loaded("trak"))
    entry = next(one for one in found.entries if one.anchor == "right-make-request")
    assert plainly(entry, found) == (
        "Customer may open a request, but only if all of these hold: (a) “authorized” is yes; and (b) “channel” is "
        "“telephone”, “voicemail”, “email” or “web”.",
    )
    said = [text_of(one) for one in statements(summary("trak"))["right-make-request"].sentences]
    assert said[0].startswith("As read here: Customer may open a request")
    assert said[1].startswith("\nIn full: Customer may open a request, but only if all of these hold: (a)")


def test_a_state_leaves_out_only_ways_that_never_hold() -> None:
    found = register(loaded("collabware"))
    entry = next(one for one in found.entries if one.anchor == "status-maintenance")
    said = " ".join(plainly(entry, found))
    first = "“active” becomes (a) renewed when a purchase order under the agreement is received"
    assert f"{first}, if “for renewal” is yes" in said
    assert "(c) grace at the end of its term" in said and "expired 30 days after it began" in said
    assert not any(isinstance(part, Pattern) and part.type not in ("started", "purchase_order_received", "paid")
                   for part in inside(entry.rule))
