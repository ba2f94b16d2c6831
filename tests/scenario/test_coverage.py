"""What scenarios reach: measured exactly, and without any difference to a verdict."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from slarules.engine.evaluate import evaluate
from slarules.loader import LoadedScenarios, load_scenarios
from slarules.model.expression import (
    Compare,
    Condition,
    Happened,
    InCalendar,
    Includes,
    Literal,
    NoMoreSevere,
    OneOf,
    ReadingIs,
    Recorded,
    RightHolds,
    Truth,
)
from slarules.model.value import AsRead
from slarules.scenario.coverage import Coverage, coverage
from slarules.scenario.reachable import Places, conditioned, key, reachable
from slarules.scenario.reached import reached_of
from slarules.scenario.reading import read_all
from slarules.scenario.run import run

ROOT = Path(__file__).parents[2]
CONTRACTS = ("collabware", "copiun", "cpi", "trak")

POLICY = '''slarules 1

contract Demo "Demo"
  provider Trak
  customer Customer
  zone UTC
  a ticket is called "request"

fact channel of request: one of email, telephone
fact urgent of request: yes or no
fact calm of request: yes or no presumed yes until recorded

severities 1, 2
  assigned by Customer

reading strict "Is it strict?"
  option yes_it_is "so it says"
  option no_it_is "so it means"
  adopt yes_it_is because "it says so"

clause "Answers"

  table times by severity
    | severity | answer  | repair  |
    | 1        | 1 hour  | 2 hours |
    | 2        | 4 hours | none    |

  duty answer
    when request opened
    if channel is email and urgent
    unless reading strict is no_it_is
    while calm
    Trak must respond within answer
    on severity change keep the deadline

clause "Repairs"

  duty repair
    when request opened
    if urgent
    Trak must update within repair
    on severity change keep the deadline

  duty never
    when request escalated
    Trak must report within 1 hour

  prohibition silent
    when request closed by Trak
    if not urgent
    Trak must not close

scenario "one"
  2026-03-02 08:00  T1 opened by Customer, channel email, urgent, severity 1
  expect T1 answer pending, due at 09:00

scenario "two"
  2026-03-02 08:00  T1 opened by Customer, channel telephone
  expect T1 answer not owed
  10:00             T1 closed by Trak
  expect T1 silent undetermined
'''


def measured(text: str, folder: Path) -> Coverage:
    path = folder / "policy.sla"
    path.write_text(text, "utf-8")
    loaded = load_scenarios(path).policy
    assert loaded.contract is not None and loaded.tree is not None, [d.message for d in loaded.diagnostics]
    scripts, problems = read_all(loaded.contract, loaded.scenarios)
    assert not problems
    reached = reached_of(loaded.contract, loaded.tree)
    outcomes = [run(loaded.contract, script, reached) for script in scripts]
    assert all(outcome.passed for outcome in outcomes), [s.judged for o in outcomes for s in o.steps if s.judged]
    return coverage("policy.sla", len(scripts), reachable(loaded.contract, loaded.tree), [reached])


def test_what_is_never_seen_is_told_with_its_place(tmp_path: Path) -> None:
    found = measured(POLICY, tmp_path)
    assert {s.kind: (s.reached, s.of) for s in found.shares} == {
        "clauses": (2, 2), "rules": (3, 4), "cells": (2, 4), "conditions": (12, 22),
    }
    assert [(m.span.line, m.kind, m.words, m.answers) for m in found.missed] == [
        (26, "cell", "4 hours", ()),
        (26, "cell", "none", ()),
        (30, "condition", "channel is email and urgent", ("unknown",)),
        (30, "condition", "channel is email", ("unknown",)),
        (30, "condition", "urgent", ("false",)),
        (31, "condition", "reading strict is no_it_is", ("true",)),
        (32, "condition", "calm", ("false",)),
        (40, "condition", "urgent", ("false",)),
        (44, "rule", "duty never", ()),
        (50, "condition", "not urgent", ("true", "false")),
        (50, "condition", "urgent", ("true", "false")),
    ]


def test_rules_that_nothing_expects_are_told(tmp_path: Path) -> None:
    assert [rule.name for rule in measured(POLICY, tmp_path).unexpected] == ["repair"]


def test_everything_is_reached_where_everything_is_tried(tmp_path: Path) -> None:
    more = '''
scenario "<what>"
  reading strict is <strict>
  2026-03-02 08:00  T1 opened by Customer, <facts>
  09:00             T1 escalated by Trak
  expect T1 never pending, due at 10:00
  09:30             T1 closed by Trak
  expect T1 silent <silent>
  examples
    | what        | strict    | facts                                         | silent                |
    | loud        | yes_it_is | channel email, not urgent, severity 2         | breached              |
    | calm        | yes_it_is | channel email, urgent, severity 2             | kept                  |
    | not calm    | yes_it_is | channel email, urgent, severity 2, not calm   | kept                  |
    | means it    | no_it_is  | urgent, severity 1                            | kept                  |
'''
    found = measured(POLICY + more, tmp_path)
    assert [(m.span.line, m.kind, m.words, m.answers) for m in found.missed] == []
    assert all(share.percent == 100 for share in found.shares)


def test_what_the_engine_looks_ahead_for_is_not_seen(tmp_path: Path) -> None:
    """R17 asks what changes next; a chained duty that arises only then was tried by nobody."""
    text = POLICY.replace("    when request escalated\n", "    when answer missed\n    if urgent\n")
    text = text.replace("unless reading", "-- unless reading").replace("answer missed", "answer breached")
    found = measured(text, tmp_path)
    line = next(n for n, words in enumerate(text.splitlines(), 1) if "answer breached" in words) + 1
    missed = [m.answers for m in found.missed if m.span.line == line]
    assert missed == [("true", "false", "unknown")]


@cache
def of_contract(name: str) -> LoadedScenarios:
    return load_scenarios(ROOT / "contracts" / name / "scenarios.sla")


KINDS: dict[type, tuple[str, ...]] = {
    Compare: ("is_", "is_not", "more_than", "less_than", "at_least_", "at_most_"), OneOf: ("is_any", "is_none_of"),
    Truth: ("truth",), Recorded: ("is_recorded",), Includes: ("includes_",), RightHolds: ("right_holds",),
    Happened: ("has_happened", "has_happened_this_term", "has_happened_within"),
    ReadingIs: ("reading_is",), AsRead: ("as_read",),
    InCalendar: ("during", "outside", "happened_during", "happened_outside"), NoMoreSevere: ("no_more_severe",),
}


@pytest.mark.parametrize("name", CONTRACTS)
def test_each_condition_of_the_contracts_is_found_in_its_place(name: str) -> None:
    policy = of_contract(name).policy
    assert policy.contract is not None and policy.tree is not None
    places = Places(policy.tree)
    seen: list[Condition] = []
    for terms in policy.contract.versions:
        for _, rule in conditioned(terms):
            for stated in places.stated(rule):
                for node, condition in places.parts(stated.node, stated.condition, None):
                    seen.append(condition)
                    if type(condition) in KINDS:
                        assert node.kind in KINDS[type(condition)], (str(node.span), condition)
                    else:
                        assert not isinstance(condition, Literal)
    assert len(seen) > 50


@pytest.mark.parametrize("name", ["copiun", "trak"])
def test_observing_changes_no_verdict(name: str) -> None:
    """Every evaluation of the contract's scenarios, whole; and no answer is seen that was held to be impossible."""
    loaded = of_contract(name)
    policy = loaded.policy
    assert policy.contract is not None and policy.tree is not None
    scripts, _ = read_all(policy.contract, loaded.file.scenarios)
    reached = reached_of(policy.contract, policy.tree)
    for script in scripts:
        events = tuple(line.event for line in script.lines if line.event is not None)
        instants = sorted({line.at for line in script.lines})
        for at in (instants[len(instants) // 2], instants[-1] + 5 * 86_400_000_000):
            plain = evaluate(policy.contract, script.readings, events, at, supplied=script.supplied)
            watched = evaluate(
                policy.contract, script.readings, events, at, supplied=script.supplied, observe=reached.observe
            )
            assert plain == watched
            assert [v.citation for v in plain.verdicts] == [v.citation for v in watched.verdicts]
    possible = {key(asked.span): set(asked.answers) for asked in reachable(policy.contract, policy.tree).conditions}
    assert all(given <= possible[place] for place, given in reached.answers.items())
