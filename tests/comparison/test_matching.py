"""What of the four contracts answers to what, and by what; what was said to match goes first."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from slarules.comparison.language import translated
from slarules.comparison.matching import NoSuchName, matched
from slarules.comparison.sides import Side, side
from slarules.loader import load
from slarules.model.event import Event
from tests.comparison.small import as_side, made

RULES = ("duty", "prohibition", "right")
BY_ACT, BY_DEED = "by act, roles, subject and trigger", "by what performs them, roles, subject and trigger"
BY_EVENT = "by act, roles and events"
FOUND = {
    ("trak", "collabware"): [
        (("resolution",), ("resolution",), BY_ACT),
        (("confirm_receipt",), ("first_response", "next_day_response"), BY_DEED),
        (("make_request",), ("authorized", "submit", "contact_support"), BY_EVENT),
    ],
    ("trak", "cpi"): [(("confirm_receipt",), ("respond",), BY_DEED)],
    ("trak", "copiun"): [(("confirm_receipt",), ("respond",), BY_DEED)],
    ("collabware", "cpi"): [(("first_response", "next_day_response"), ("respond",), BY_ACT)],
    ("collabware", "copiun"): [(("first_response", "next_day_response"), ("respond",), BY_ACT)],
    ("cpi", "copiun"): [(("respond",), ("respond",), BY_ACT)],
}


@cache
def contract(name: str) -> Side:
    loaded = load(f"contracts/{name}/policy.sla")
    assert loaded.contract is not None
    return side(loaded.contract)


@pytest.mark.parametrize(("one", "other"), FOUND)
def test_rules_of_different_contracts(one: str, other: str) -> None:
    there = matched(contract(one), contract(other))
    assert [(p.ours, p.theirs, p.by) for p in there.pairs if p.sort in RULES] == FOUND[one, other]
    assert there.versions is None
    back = matched(contract(other), contract(one))
    assert {(p.theirs, p.ours) for p in back.pairs if p.sort in RULES} == {(a, b) for a, b, _ in FOUND[one, other]}


def test_every_rule_is_matched_or_told_as_alone() -> None:
    found = matched(contract("trak"), contract("collabware"))
    for of, terms, only in ((0, contract("trak").terms, found.only_ours),
                            (1, contract("collabware").terms, found.only_theirs)):
        told = [name for pair in found.pairs if pair.sort == "duty" for name in (pair.ours, pair.theirs)[of]]
        told += [name for sort, name in only if sort == "duty"]
        assert sorted(told) == sorted(terms.duties)


def test_parties_by_role_and_severities_by_order(tmp_path: Path) -> None:
    named = as_side(made(
        tmp_path / "b", ("severities 1, 2", "severities high, low"), ("| 1        | 2", "| high     | 2"),
        ("| 2        | 8", "| low      | 8"), ("severity is 1", "severity is high"), ("Desk", "Helpdesk"),
        ("Client", "Buyer"), ("contract Small", "contract Other")))
    found = matched(as_side(made(tmp_path / "a")), named)
    assert found.there.parties == {"Desk": "Helpdesk", "Client": "Buyer"}
    assert found.there.severities == {"1": "high", "2": "low"}
    assert found.there.severities_by == "by order, gravest first"
    said = matched(as_side(made(tmp_path / "a")), named, {}, {"2": "high"})
    assert said.there.severities == {"1": "high", "2": "high"}
    assert said.back.severities == {"high": "1"}


def test_what_is_said_goes_first() -> None:
    found = matched(contract("trak"), contract("collabware"), {"confirm_receipt": "verify_in_time"})
    pairs = {p.ours: (p.theirs, p.by) for p in found.pairs if p.sort == "duty"}
    assert pairs["confirm_receipt",] == (("verify_in_time",), "as you said")


@pytest.mark.parametrize(("said", "levels", "why"), [
    ({"confirm_recept": "respond"}, {}, "the first contract has no such rule"),
    ({"confirm_receipt": "respnd"}, {}, "the second contract has no duty `respnd`"),
    ({"channel.fax": "other"}, {}, "the first contract has no such"),
    ({}, {"5": "1"}, "the first contract has no severity `5`"),
    ({}, {"1": "9"}, "the second contract has no severity `9`"),
])
def test_what_is_not_there_is_told(said: dict[str, str], levels: dict[str, str], why: str) -> None:
    with pytest.raises(NoSuchName, match=why):
        matched(contract("trak"), contract("cpi"), said, levels)


def test_a_log_in_the_other_contracts_words() -> None:
    said = {"satisfied": "acceptable", "channel.web": "web_form"}
    there = matched(contract("trak"), contract("collabware"), said).there
    log = [
        Event("e1", "R", "opened", 0, "Customer", {"severity": "2", "channel": "web", "authorized": True}),
        Event("e2", "R", "waiting", 1, "trak", {"on": "Customer"}),
        Event("e3", "R", "level_assigned", 2, "Trak", {"assigned_level": "2"}),
        Event("e4", "R", "resolved", 3, "provider", {"satisfied": True}),
        Event("e5", "R", "severity_changed", 4, "Customer", {"severity": "4"}),
        Event("e6", "R", "corrected", 5, None, {"satisfied": False, "actor": "Trak"}, target="e4"),
    ]
    told, untold = translated(log, there)
    assert [(e.id, e.type, e.actor, dict(e.facts)) for e in told] == [
        ("e1", "opened", "Licensee", {"severity": "2", "channel": "web_form"}),
        ("e2", "waiting", "Collabware", {"on": "Licensee"}),
        ("e4", "resolved", "provider", {"acceptable": True}),
        ("e5", "severity_changed", "Licensee", {}),
        ("e6", "corrected", None, {"acceptable": False, "actor": "Collabware"}),
    ]
    assert untold.events == {"level_assigned": 1}
    assert untold.facts == {"authorized": 1, "severity is 4": 1}
