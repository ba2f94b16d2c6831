"""Only what depends on a reading is judged again; what comes of it is what judging everything anew would have given.

`SLARULES_STAKES_SCENARIOS=1` takes every scenario of the contracts, not every sixth or so;
`SLARULES_STAKES_EXAMPLES` says how many random logs are tried.
"""

from __future__ import annotations

import os
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slarules.loader import load
from slarules.model.event import Event
from slarules.stakes.judging import bench
from tests.laws.histories import requests, trak
from tests.stakes.brute import (
    CONTRACTS,
    NAMES,
    Story,
    changes,
    changes_of,
    contract,
    every,
    full,
    options,
    pruned,
    pruned_values,
    said,
    stories,
    together,
    told,
    values,
)

EVERY = {"collabware": 6, "copiun": 15, "cpi": 1, "trak": 2}
if os.environ.get("SLARULES_STAKES_SCENARIOS"):
    EVERY = dict.fromkeys(NAMES, 1)
"""Which scenarios of each contract are taken: each so-manieth."""
EXAMPLES = int(os.environ.get("SLARULES_STAKES_EXAMPLES", "25"))
TERMS = trak()
CHOICES = options(TERMS, {})


@cache
def logs(name: str) -> list[Story]:
    """The scenarios of a contract, put together where parties supplied the same."""
    groups: dict[str, list[Story]] = {}
    for story in stories(contract(name), name)[:: EVERY[name]]:
        groups.setdefault(repr(sorted(story.supplied.items())), []).append(story)
    return [together(found) for found in groups.values()]


@pytest.mark.parametrize("name", NAMES)
def test_every_option_of_every_contract_over_its_scenarios(name: str) -> None:
    terms = contract(name)
    seen = 0
    for story in logs(name):
        base = bench(terms, {}, story.events, story.as_of, story.supplied, lambda many: None)
        whole = full(terms, {}, story)
        for option in options(terms, {}):
            other = full(terms, dict([option]), story)
            again = pruned(base, option)
            want = changes(whole, other, again.difference.periodic)
            assert {said(change): 1 for change in changes_of(base, again)} == want, option
            assert pruned_values(base, again) == values(whole, other), option
            seen += len(want)
    assert seen > 50  # the scenarios try the readings: something must have differed


def test_a_contract_with_what_is_not_asked_left_out_says_the_same_of_the_rest() -> None:
    story = logs("trak")[0]
    base = bench(TERMS, {}, story.events, story.as_of, story.supplied, lambda many: None)
    for option in CHOICES[::2]:
        other = full(TERMS, dict([option]), story)
        again = pruned(base, option)
        for name, own in every(base, again.again).items():
            if not own:
                continue
            mine = sorted(repr(told(v)) for v in own)
            names = again.difference.judged
            whole = [v for v in other.verdicts[name] if ("duty" if v.rule == "target" else v.rule, v.duty) in names]
            assert mine == sorted(repr(told(v)) for v in whole), option


@settings(max_examples=EXAMPLES, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_random_requests_under_random_bases(data: st.DataObject) -> None:
    events: list[Event] = [e for n in range(4) for e in data.draw(requests(f"T{n}", 12))]
    base = dict(data.draw(st.lists(st.sampled_from(CHOICES), max_size=3)))
    as_of = max(e.at for e in events) + data.draw(st.sampled_from([0, 3600, 3 * 86400, 30 * 86400])) * 1_000_000
    story = Story(tuple(events), as_of, {})
    whole = full(TERMS, base, story)
    mine = bench(TERMS, base, events, as_of, {}, lambda many: None)
    seen = every(mine, mine.verdicts)
    for name, own in whole.verdicts.items():
        assert sorted(repr(told(v)) for v in own) == sorted(repr(told(v)) for v in seen[name])
    for option in data.draw(st.lists(st.sampled_from(options(TERMS, base)), min_size=12, max_size=12, unique=True)):
        again = pruned(mine, option)
        other = full(TERMS, base | dict([option]), story)
        want = changes(whole, other, again.difference.periodic)
        assert {said(change): 1 for change in changes_of(mine, again)} == want, (base, option)


def test_an_amended_contract_whose_dates_hide_verdicts() -> None:
    """Of a contract with versions and dates in force, verdicts do not tell what has arisen (R27)."""
    terms = load(CONTRACTS.parent / "tests" / "stakes" / "amended.sla").contract
    assert terms is not None and len(terms.versions) == 3
    events = [
        Event(f"{name}-{n}", name, kind, at * 60_000_000, "Desk" if kind == "resolved" else "Client", facts)
        for name, start in (("T1", 29_000_000), ("T2", 29_500_000), ("T3", 29_700_000))
        for n, (kind, at, facts) in enumerate(
            [("opened", start, {"severity": "1"}), ("waiting", start + 30, {"on": "Client"}),
             ("resumed", start + 400, {}), ("resolved", start + 900, {}), ("reopened", start + 1000, {})]
        )
    ]  # fmt: skip
    story = Story(tuple(events), 29_900_000 * 60_000_000, {})
    base = bench(terms, {}, events, story.as_of, {}, lambda many: None)
    whole = full(terms, {}, story)
    differing = 0
    for option in options(terms, {}):
        again = pruned(base, option)
        want = changes(whole, full(terms, dict([option]), story), again.difference.periodic)
        assert {said(change): 1 for change in changes_of(base, again)} == want, option
        differing += len(want)
    assert differing > 3
