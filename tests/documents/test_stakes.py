"""The page on what ambiguities are worth: each reading in its place, figures as they are, cases in words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from slarules.documents.blocks import Grid, Item, Listing, Paragraph, Section
from slarules.documents.reports.stakes import document, section
from slarules.documents.reports.stakes_told import case, changed, standing
from slarules.model.value import Money
from slarules.stakes.comparing import money
from slarules.stakes.stakes import stakes
from slarules.stakes.words import telling
from slarules.stakes.worth import Effect, Stakes, Standing
from tests.engine.small import at, contract, log
from tests.stakes.test_stakes import LINES, RULES, of


def found() -> Stakes:
    return stakes(contract(RULES), log(RULES, LINES), at("2026-03-02 18:00"))


def all_of(section: Section) -> Iterator[Section]:
    yield section
    for one in section.sections:
        yield from all_of(one)


def text(block: object) -> str:
    match block:
        case Paragraph(words) | Item(words):
            return "".join(run.text for run in words)
        case Listing(items):
            return " ".join(text(item) for item in items)
        case Grid():
            return " ".join("".join(run.text for run in cell.words) for row in block.rows for cell in row)
    return ""


def test_each_reading_stands_once_either_with_what_hangs_on_it_or_with_why_nothing_does() -> None:
    made = section(found(), contract(RULES))
    anchors = [one.anchor for one in all_of(made)]
    assert len(set(anchors)) == len(anchors)
    hanging = next(one for one in made.sections if one.anchor == "stakes-by-reading")
    idle = next(one for one in made.sections if one.anchor == "stakes-nothing")
    named = [one.title.lower() for one in hanging.sections]
    listed = " ".join(text(block) for block in idle.blocks)
    for name in contract(RULES).readings:
        assert (name in named) != (f"{name.capitalize()}. " in listed), name


def test_figures_in_sentences() -> None:
    option = of(found(), "speed", "day")
    assert list(changed(option.effect)) == [
        "2 verdicts flip and 2 verdicts vanish.",
        "For what Desk owes or may do: 1 broken verdict turns kept; in all 2 fewer are broken, in its favour.",
        "Deadlines that move: 3 later; the middle one by 23 hours, the furthest 23 hours later.",
        "Lateness: 150 min less.",
        "1 fewer are broken and, as far as is known, never performed.",
        "It touches “answer” (3) and “report daily” (2).",
    ]
    change = telling(option.effect)
    assert change is not None
    assert case(change, "hour", "day", contract(RULES), "America/Denver") == (
        "Request T1, “answer”, severity 1. Read as “hour” it is due on Monday 2 March 2026 at 10:00 and is broken; "
        "read as “day” it is due on Tuesday 3 March 2026 at 09:00 and is kept. "
        "It was done on Monday 2 March 2026 at 12:30."
    )


def test_money_is_never_mixed() -> None:
    values = [
        Standing("money", "A1", "fee", Money(Decimal(100), "USD"), Money(Decimal(120), "USD")),
        Standing("money", "A2", "fee", Money(Decimal(90), "EUR"), Money(Decimal(80), "EUR")),
    ]
    assert list(standing(Effect(standings=tuple(values), money=money(values)))) == [
        "Amounts: 10 EUR less.", "Amounts: 20 USD more.", "2 values of 2 agreements come out otherwise."]  # fmt: skip


def test_the_document_numbers_its_sections() -> None:
    made = document(found(), contract(RULES))
    assert [one.number for one in made.sections] == [str(n) for n in range(1, len(made.sections) + 1)]
    by_reading = next(one for one in made.sections if one.anchor == "stakes-by-reading")
    assert by_reading.sections[0].number == f"{by_reading.number}.1"
