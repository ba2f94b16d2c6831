"""Each mistake in a scenario is one diagnostic with its place and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from slarules.resolve.build import resolve
from slarules.scenario.reading import read_all
from slarules.source import Source
from slarules.syntax.parse import parse
from tests.scenario.conftest import read

OPENED = "2026-03-02 08:00  T1 opened by Customer, id first"

MISTAKES = [
    ("T1 opend by Customer", "E0804", "opend", "did you mean `opened`?"),
    ("T1 updated, chanel email", "E0805", "chanel", "did you mean `channel`?"),
    ("T1 updated, channel emial", "E0805", "emial", "did you mean `email`?"),
    ("T1 updated, channel fax", "E0805", "fax", "it is one of `email`, `telephone`, `web`"),
    ("T1 updated, channel", "E0805", "channel", "it is one of"),
    ("T1 updated, size large", "E0805", "large", "it is a number"),
    ("T1 updated, size 100 USD", "E0805", "100 USD", "it is a number"),
    ("T1 updated, satisfied 1", "E0805", "1", "it is yes or no"),
    ("T1 updated, agreed_date 12", "E0805", "12", "it is a date"),
    ("T1 updated, agreed_date 2026-02-30", "E0821", "2026-02-30", "that month has 28 days"),
    ("A1 started, fee 100 EUR", "E0805", "100 EUR", "as 100.00 USD"),
    ("A1 started, fee 100", "E0805", "100", "as 100.00 USD"),
    ("T1 updated, effort 2 days", "E0805", "2 days", "a number of hours"),
    ("T1 severity_changed by Customer, severity 3", "E0810", "3", "it has `1`, `2`"),
    ("T1 waiting", "E0805", "waiting", "write `waiting on Customer`"),
    ("T1 updated on Customer", "E0805", "on Customer", "leave it out"),
    ("T1 updated by Trakk", "E0816", "Trakk", "did you mean `Trak`?"),
    ("T1 corrected second, size 1", "E0813", "second", "give that line an id"),
    ("T1 retracted frist", "E0813", "frist", "did you mean `first`?"),
    ("T1 retracted", "E0813", "retracted", "name it by its id"),
    ("T1 updated first", "E0813", "first", "facts stand after commas"),
    ("T2 updated, id first", "E0814", "T2 updated, id first", "another id"),
    ("T1 started", "E0817", "started", "a name of its own"),
    ("expect T2 confirm met", "E0806", "T2", "they tell of `T1`"),
    ("expect Ticket9 confirm met", "E0806", "Ticket9", "sees only the lines above"),
    ("expect T1 confrim met", "E0807", "confrim", "did you mean `confirm`?"),
    ("expect T1 confirm breeched", "E0812", "breeched", "did you mean `breached`?"),
    ("expect T1 confirm reached", "E0812", "reached", "did you mean `breached`?"),
    ("expect T1 care breached", "E0812", "breached", "say `missed`"),
    ("expect T1 care not met", "E0812", "not met", "say `reached`"),
    ("expect T1 secret owed", "E0812", "owed", "it can be `kept`"),
    ("expect T1 confirm out of scope", "E0812", "out of scope", "it can be"),
    ("expect T1 confirm", "E0812", "expect T1 confirm", "say a state"),
    ("expect T1 fix undetermined for want of satisfide", "E0805", "satisfide", "did you mean `satisfied`?"),
    ("expect T1 confirm breached, performed late by 1 month", "E0819", "1 month", "days, hours and minutes"),
    ("expect T1 maintenence is grace", "E0807", "maintenence", "did you mean `maintenance`?"),
    ("expect T1 maintenance is gracious", "E0819", "gracious", "it has `active`, `expired`, `grace`"),
    ("expect T1 remedy is scedule", "E0819", "scedule", "did you mean `schedule`?"),
    ("expect T1 block is much", "E0819", "much", "say a quantity"),
    ("expect T1 confirm is met", "E0807", "confirm", "leave `is` out"),
    ("expect confirm met", "E0806", "confirm", "write `expect T1 confirm …`"),
    ("am T1 updated", "E0804", "am", "`21:20`"),
    ("CET  T1 updated by Trak", "E0804", "CET", "the contract's zone"),
    ("PM  T1 updated by Trak, size 1", "E0804", "PM", "`21:20`"),
    ("expect T1 block is 1 plus 2", "E0819", "1 plus 2", "say a quantity"),
]


@pytest.mark.parametrize(("line", "code", "words", "told"), MISTAKES)
def test_a_mistaken_line(line: str, code: str, words: str, told: str) -> None:
    found, problems = read(f"{OPENED}\n09:00  {line}")
    assert found is None
    assert [(p.code, p.span.text) for p in problems] == [(code, words)]
    assert told in (problems[0].help or "")


ABOVE = [
    ("reading msst is standard", "E0808", "msst", "did you mean `mst`?"),
    ("reading mst is wallclock", "E0808", "wallclock", "did you mean `wall_clock`?"),
    ("reading mst is standard\nreading mst is wall_clock", "E0808", "reading mst is wall_clock", "leave one out"),
    ("supplied TrakHoliday none known until 2027-01-01", "E0809", "TrakHoliday", "did you mean `TrakHolidays`?"),
    ("supplied Desk none known until 2027-01-01", "E0809", "supplied Desk none known until 2027-01-01", "09:00 to"),
    ("supplied TrakHolidays 2026-12-24 09:00 to 10:00", "E0809", "supplied TrakHolidays 2026-12-24 09:00 to 10:00",
     "known until"),
    ("supplied TrakHolidays 2026-12-32 known until 2027-01-01", "E0821", "2026-12-32", "31 days"),
    ("supplied Desk 2026-12-24 09:00 to 24:00", "E0821", "24:00", "midnight"),
]


@pytest.mark.parametrize(("lines", "code", "words", "told"), ABOVE)
def test_a_mistaken_line_before_the_timeline(lines: str, code: str, words: str, told: str) -> None:
    found, problems = read(f"{lines}\n{OPENED}")
    assert found is None
    assert [(p.code, p.span.text.strip()) for p in problems] == [(code, words)]
    assert told in (problems[0].help or "")


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("reading mst is standard", "E0815"),
        ("expect next change at 2026-03-02 08:00", "E0815"),
        (OPENED + "\n2 hours after T1 resolved  T1 updated", "E0811"),
        (OPENED + "\n2 hours after T2 opened  T1 updated", "E0811"),
        ("2026-01-01 08:00 A1 started\n09:00 A2 started\n10:00 T1 opened\n11:00 T1 updated", "E0820"),
    ],
)
def test_other_mistakes(lines: str, code: str) -> None:
    found, problems = read(lines)
    assert found is None and [p.code for p in problems] == [code]


def test_a_zone_that_does_not_exist() -> None:
    found, problems = read(OPENED, "America/Devner")
    assert found is None
    assert [(p.code, p.help) for p in problems] == [("E0818", "did you mean `America/Denver`?")]


def test_one_mistake_does_not_breed_others() -> None:
    _, problems = read("""
        2026-03-08 02:30  T1 opend by Customer, id first
        1 hour after T1 first  T1 acknowledged by Trak
        expect T1 confirm met
    """)
    assert [p.code for p in problems] == ["E0801", "E0804"]


def test_every_code_has_its_page() -> None:
    """A page docs/diagnostics/<code>.md explains each code that scenarios, the loader and the commands give."""
    root = Path(__file__).resolve().parents[2]
    code = [*(root / "slarules" / "scenario").glob("*.py"), root / "slarules" / "loader.py"]
    given = {c for file in code for c in re.findall(r'"([EW]0\d{3})"', file.read_text("utf-8"))}
    assert {"E0801", "E0802", "E0100"} <= given
    assert given <= {page.stem for page in (root / "docs" / "diagnostics").glob("*.md")}


def test_whom_a_ticket_may_wait_on_is_named_as_the_contract_does() -> None:
    policy = Source("p.sla", 'slarules 1\n\ncontract A "a"\n  provider Desk "d"\n  customer Client "c"\n  zone UTC\n')
    terms, _ = resolve(parse(policy)[0], policy, None)
    assert terms is not None
    tree, _ = parse(Source("s.sla", 'slarules 1\nscenarios of "p.sla"\nscenario "x"\n  2026-03-02 08:00  T1 waiting\n'))
    _, problems = read_all(terms, tree.items)
    assert [p.help for p in problems] == ["write `waiting on Client`"]


def test_a_date_that_no_line_says_is_told_once() -> None:
    _, problems = read("09:00  T1 opened by Customer\n09:30  T1 updated\nexpect T1 confirm met, due at 10:00")
    assert [one.code for one in problems] == ["E0803"]
