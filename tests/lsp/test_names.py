"""The index of names: every name of the four contracts is in it, and all may get others without a verdict moving."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from attrs import evolve

from slarules.loader import Loaded, load, load_scenarios
from slarules.lsp.definitions import BUILT_IN, Symbol, definitions
from slarules.lsp.names import Index, Named, index
from slarules.lsp.rename import Change, changed
from slarules.lsp.roles import role_of
from slarules.resolve.builtin import OUTCOMES
from slarules.scenario.reading import read_all
from slarules.scenario.run import run
from slarules.scenario.vocabulary import CHOICE, DUTY, PROHIBITION, RIGHT, SCOPE, TARGET
from slarules.syntax.parse import parser
from tests.docs.pages import ROOT
from tests.lsp.editor import unsaved

CONTRACTS = sorted(path.parent.name for path in (ROOT / "contracts").glob("*/policy.sla"))
STATES = {*DUTY, *TARGET, *PROHIBITION, *RIGHT, *CHOICE, *SCOPE, *OUTCOMES, "owed", "while"}
"""Words for what became of a rule: the language's own, though they stand where names do."""


@cache
def policy(name: str) -> tuple[Loaded, Index]:
    loaded = load(ROOT / "contracts" / name / "policy.sla")
    assert loaded.tree is not None
    return loaded, index(loaded.tree, definitions(loaded.tree))


@cache
def scenarios(name: str) -> tuple[Loaded, Index]:
    _, known = policy(name)
    loaded = load_scenarios(ROOT / "contracts" / name / "scenarios.sla").file
    assert loaded.tree is not None
    return loaded, index(loaded.tree, known.known)


def test_the_grammar_says_what_each_name_is_a_name_of() -> None:
    for rule in parser().rules:
        kind, nth = str(rule.alias or rule.origin.name), 0
        for symbol in rule.expansion:
            if symbol.name == "NAME":
                listed = kind in ("names", "_level", "_given_level") or kind.startswith("__names")
                assert listed or role_of(kind, nth, "") is not None, f"nobody knows what `{kind}` {nth} is a name of"
                nth += 1


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_name_of_a_contract_is_found(name: str) -> None:
    loaded, found = policy(name)
    tried, there = scenarios(name)
    for file, known in ((loaded, found), (tried, there)):
        assert file.tree is not None
        told = {place for one in known.named for place in range(one.span.start, one.span.end)}
        items = [item for item in (file.tree.contract, *file.tree.items) if item is not None]
        missed = {
            node.text for item in items for node in item.walk() if node.kind == "NAME" and node.span.start not in told
        }
        assert missed <= STATES | {"hours", "unknown", "severity", "Ann", "Bob"}, missed
        ends = 0
        for one in known.named:
            assert one.span.start >= ends, f"two names share a place: {one}"
            ends = one.span.end


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_name_that_resolves_is_defined_where_the_index_says(name: str) -> None:
    loaded, found = policy(name)
    contract = loaded.contract
    assert contract is not None
    known = found.known
    for terms in contract.versions:
        for space, names in (
            ("rule", {*terms.duties, *terms.prohibitions, *terms.rights, *terms.choices, *terms.scopes}),
            ("value", {*terms.facts, *terms.statuses, *terms.allowances, *terms.amounts} - BUILT_IN["value"]
             - {*terms.choices}),
            ("calendar", {*terms.calendars, *terms.holidays}), ("event", {*terms.events} - BUILT_IN["event"]),
            ("table", {*terms.tables}), ("declaration", {*terms.declarations}), ("reading", {*contract.readings}),
            ("party", {*terms.roles, *(party.name for party in contract.parties)}),
            ("column", {column for table in terms.tables.values() for column in table.columns}),
        ):
            made = set(known.made) if space == "rule" else set()
            assert names <= {*known.names(space)} | made, (space, names - {*known.names(space)})
        owed = {duty.name: (duty.choice, duty.option, duty.keeps or duty.act) for duty in terms.duties.values()
                if duty.choice is not None}
        assert {duty: known.made[duty] for duty in owed} == owed
    for symbol in found.places:
        built_in = symbol.name in BUILT_IN.get(symbol.space, ())
        assert symbol in known.defined or built_in, f"{symbol} is defined nowhere"


def renamed(named: Named, new: dict[Symbol, str]) -> Change | None:
    word = named.span.text
    if named.symbol not in new or (named.symbol.space == "party" and word in ("provider", "customer")):
        return None
    if named.symbol.space == "noun" and word in BUILT_IN["noun"]:
        return None
    return Change(named.span, new[named.symbol])


@pytest.mark.parametrize("name", CONTRACTS)
def test_all_names_changed_at_once_mean_the_same(name: str, tmp_path: Path) -> None:
    loaded, found = policy(name)
    tried, there = scenarios(name)
    assert loaded.policy is not None and loaded.text is not None and tried.policy is not None
    new = {
        symbol: f"{symbol.name}_x" if symbol.space not in ("party", "calendar") else f"{symbol.name}X"
        for symbol in found.known.defined if not symbol.name.isdigit()
    }
    assert len(new) > 100
    (tmp_path / "source.txt").write_text(loaded.text.text, "utf-8")
    texts = []
    for file, known in ((loaded.policy, found), (tried.policy, there)):
        changes = [change for one in known.named if (change := renamed(one, new)) is not None]
        texts.append(changed(file.text, changes))
    other = unsaved(tmp_path / "policy.sla", texts[0]).policy
    assert other.contract is not None, [f"{d.span.line}: {d.message}" for d in other.diagnostics]
    then = unsaved(tmp_path / "scenarios.sla", texts[1], lambda _: other)
    assert loaded.contract is not None
    before, wrong = read_all(loaded.contract, tried.scenarios)
    after, wrong_then = read_all(other.contract, then.file.scenarios)
    assert [d.message for d in wrong_then] == [] == [d.message for d in wrong]
    assert len(after) == len(before)
    for script in after[::4]:
        outcome = run(other.contract, script)
        assert outcome.passed, (script.title, [step.judged for step in outcome.steps if step.judged])
    nodes = [(n.kind, len(n.parts)) for item in loaded.tree.items for n in item.walk()] if loaded.tree else []
    assert other.tree is not None
    assert [(n.kind, len(n.parts)) for item in other.tree.items for n in item.walk()] == nodes
    again = index(other.tree, definitions(other.tree))
    assert [evolve(one.symbol, scope="", name="") for one in again.named] == [
        evolve(one.symbol, scope="", name="") for one in found.named]
