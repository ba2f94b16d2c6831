"""What readings are worth is the same whichever engine judges the log, oddities of logs among them."""

from __future__ import annotations

import pytest
from attrs import evolve

from slarules.cli.readings_json import as_data
from slarules.columnar import stretches
from slarules.columnar.log.coding import coded_log
from slarules.columnar.log.columns import table_of
from slarules.columnar.review import either
from slarules.loader import load
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.readers.log import Log
from slarules.stakes import asked
from slarules.stakes.stakes import stakes
from slarules.stakes.worth import Stakes
from tests.engine.small import at, contract, log
from tests.stakes import test_pairs, test_stakes
from tests.stakes.brute import CONTRACTS

ODD = [
    Event("x1", "T7", "exploded", at("2026-03-02 10:00"), "Client"),
    Event("x2", "T8", "opened", at("2026-03-02 10:00"), "Client", {"severity": "9", "channel": "phone"}),
    Event("x3", "T8", "severity_changed", at("2026-03-02 11:00"), "Client", {"severity": "2"}),
    Event("x4", "T9", "opened", at("2026-03-02 10:00"), "Client", {"severity": "1", "channel": "mail"}),
    Event("x5", "T9", "opened", at("2026-03-02 12:00"), "Client", {"severity": "2"}),
    Event("x6", "T9", "responded", at("2026-03-02 16:00"), "Desk", {"satisfied": "perhaps"}),
    Event("x4", "Tx", "opened", at("2026-03-02 12:00"), "Client", {"severity": "2", "channel": "phone"}),
    Event("x7", "Tx", "opened", at("2026-03-03 12:00"), "Client", {"severity": "2", "channel": "phone"}),
    Event("x8", "Ty", "opened", at("2026-03-03 09:30"), "Client", {"severity": "1", "channel": "phone"}),
    Event("x9", "Ty", "responded", at("2026-03-03 18:30"), "Desk", {"satisfied": True}),
    Event("xa", "Ty", "corrected", at("2026-03-03 19:00"), "Desk", {"at": at("2026-03-03 10:30")}, target="x9"),
    Event("xb", "Tz", "opened", at("2026-03-03 09:30"), "Client", {"severity": "1", "channel": "phone"}),
    Event("xc", "Tz", "responded", at("2026-03-03 15:30"), "Desk", {"satisfied": True}),
    Event("xd", "Ty", "corrected", at("2026-03-03 20:00"), "Desk", {"subject": "T4"}, target="xc"),
    Event("xe", "Tw", "opened", at("2026-03-03 09:30"), "Client", {"severity": "1", "channel": "phone"}),
    Event("xf", "Tw", "retracted", at("2026-03-03 20:00"), "Desk", target="xe"),
    Event("xg", "Tv", "opened", at("2027-03-03 09:30"), "Client", {"severity": "1", "channel": "phone"}),
]
"""Types and values that the contract does not have, tickets opened twice, doubled ids, corrections within a ticket and
across, an opening retracted, a ticket of days to come."""


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few subjects are judged again, the columnar engine does it, a ticket or two at a time."""
    monkeypatch.setattr(asked, "FEW", -1)
    monkeypatch.setattr(either, "AT_ONCE", 3)
    monkeypatch.setattr(stretches, "SHARED", 0)


def by_both(terms: Contract, events: list[Event], as_of: int, readings: dict[str, str] | None = None) -> Stakes:
    """What both engines say, held against each other in all that is told of it."""
    told = []
    for own in (events, coded_log(table_of(events))):
        found = stakes(terms, own, as_of, readings=readings, precision=60_000_000, judgings=None)
        options = [option for one in found.readings for option in one.options]
        told.append((found, as_data(found, Log(), "1", options, 10_000)))
    assert told[0][1] == told[1][1]
    assert not told[0][0].by_reference
    return told[1][0]


def test_oddities() -> None:
    terms = contract(test_pairs.RULES)
    events = [*log(test_pairs.RULES, test_pairs.LINES), *ODD]
    found = by_both(terms, events, at("2026-03-06 00:00"))
    assert found.subjects == 11 and found.pairs.found  # all but Tw, of which nothing stands
    assert found.by_reference
    assert by_both(terms, events, at("2026-03-03 14:30"), {"hours": "all", "who": "client"}).verdicts


def test_oddities_where_the_reference_engine_judges_the_few_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "FEW", 500)
    events = [*log(test_pairs.RULES, test_pairs.LINES), *ODD]
    assert by_both(contract(test_pairs.RULES), events, at("2026-03-06 00:00")).pairs.judged


def test_periods_that_are_others_altogether() -> None:
    terms, events = contract(test_stakes.RULES), log(test_stakes.RULES, test_stakes.LINES)
    odd = Event("x1", "T7", "exploded", at("2026-03-02 10:00"), "Client")
    found = by_both(terms, [*events, odd], at("2026-03-05 09:00"))
    assert any(option.effect.arisen and option.effect.vanished for one in found.readings for option in one.options)


def test_an_amended_contract() -> None:
    terms = load(CONTRACTS.parent / "tests" / "stakes" / "amended.sla").contract
    assert terms is not None
    events = [
        Event(f"{name}-{n}", name, kind, when * 60_000_000, "Desk" if kind == "resolved" else "Client", facts)
        for name, start in (("T1", 29_000_000), ("T2", 29_500_000), ("T3", 29_700_000))
        for n, (kind, when, facts) in enumerate(
            [("opened", start, {"severity": "1"}), ("waiting", start + 30, {"on": "Client"}),
             ("resumed", start + 400, {}), ("resolved", start + 900, {}), ("reopened", start + 1000, {})]
        )
    ]  # fmt: skip
    odd = evolve(events[0], id="odd", subject="T9", type="exploded")
    by_both(terms, [*events, odd], 29_900_000 * 60_000_000)
