"""The four contracts that ship: nothing wrong, every sentence accounted for, every reading tried or given a reason."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from slarules.cli.main import cli
from slarules.engine.evaluate import evaluate
from slarules.loader import load, load_scenarios
from slarules.model.contract import Contract
from slarules.model.event import Event, Raw

ROOT = Path(__file__).parents[2]
NAMES = ("collabware", "copiun", "cpi", "trak")
RECEIVED = {
    "collabware": "002_3c0c8544c1449030.txt",
    "copiun": "000_f96f0e226f87e0e6.txt",
    "cpi": "001_5095b018ffe4436d.txt",
    "trak": "003_85daf5e6f92d431d.txt",
}


def contract_of(name: str) -> Contract:
    loaded = load(ROOT / "contracts" / name / "policy.sla")
    assert loaded.diagnostics == ()
    assert loaded.contract is not None
    return loaded.contract


@pytest.mark.parametrize("name", NAMES)
def test_every_sentence_is_accounted_for(name: str) -> None:
    seen = CliRunner().invoke(cli, ["coverage", str(ROOT / "contracts" / name / "policy.sla"), "--json"])
    ledger = json.loads(seen.stdout)
    assert seen.exit_code == 0
    assert ledger["percent"] == 100.0
    assert ledger["counts"]["missing"] == 0
    assert sum(ledger["counts"].values()) == ledger["sentences"] == len(ledger["rows"])


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_the_one_received(name: str) -> None:
    contract = contract_of(name)
    assert contract.received_as == RECEIVED[name]
    received = ROOT.parent / "shared" / "sources" / RECEIVED[name]
    if not received.exists():
        pytest.skip("the texts as received are not beside the project")
    ours = (ROOT / "contracts" / name / "source.txt").read_bytes()
    assert hashlib.sha256(ours).hexdigest() == hashlib.sha256(received.read_bytes()).hexdigest()


@pytest.mark.parametrize("name", NAMES)
def test_every_reading_is_tried_or_changes_nothing_for_a_reason(name: str) -> None:
    """A reading on which something hangs is read otherwise in some scenario; three steer only disputes of severity."""
    contract = contract_of(name)
    tried = set()
    scenarios = load_scenarios(ROOT / "contracts" / name / "scenarios.sla")
    for scenario in scenarios.file.tree.items:
        tried |= {part.all("NAME")[0].text for part in scenario.walk() if part.kind == "scenario_reading"}
    deciding = {r.name for r in contract.readings.values() if r.changes_nothing is None}
    assert deciding - tried <= {"overlap", "business_as_whole", "poor_workaround"}
    for reading in contract.readings.values():
        assert len(reading.options) >= 2
        assert reading.because or reading.changes_nothing
        assert reading.citation.quotations


SERIOUS = {"unavailable": "important_features", "use_continues": True, "serious_impact": True}
LESSER = {"unavailable": "lesser_features", "minor_loss": True}
STEERING = [
    ("cpi", 1, {"completely_down": True, "whole_business": False},
     ("business_as_whole", "as_a_whole", "any_site")),
    ("cpi", 2, {**SERIOUS, "workaround_found": "nothing", "whole_business": False},
     ("business_as_whole", "as_a_whole", "any_site")),
    ("cpi", 2, {**SERIOUS, "workaround_found": "unacceptable", "whole_business": True},
     ("poor_workaround", "level_3", "level_2")),
    ("cpi", 3, {**LESSER, "unavailable": "important_features", "workaround_found": "unacceptable"},
     ("poor_workaround", "level_2", "level_3")),
    ("cpi", 3, {**LESSER, "workaround_found": "unacceptable", "workaround_reasonable": True},
     ("reasonable", "own_measure", "same_measure")),
    ("cpi", 3, {**LESSER, "workaround_found": "acceptable", "workaround_reasonable": False},
     ("reasonable", "same_measure", "own_measure")),
    ("copiun", 3, {"failure": "feature", "major": True, "usable": True, "effect": "inconvenience",
                   "unusable_in_production": False},
     ("overlap", "more_severe", "both")),
]  # fmt: skip
"""Contract, level assigned, what is recorded, and a reading with the option that disputes the level and the one not."""


@pytest.mark.parametrize(("name", "level", "facts", "reading"), STEERING)
def test_a_reading_of_a_definition_decides_whether_a_level_is_disputed(
    name: str, level: int, facts: dict[str, Raw], reading: tuple[str, str, str]
) -> None:
    """No time hangs on these readings, and no scenario can expect a finding."""
    question, disputing, agreeing = reading
    contract = contract_of(name)
    opened = Event("e1", "T1", "opened", 1_780_000_000_000_000, "customer", {"severity": level, **facts})
    for option, found in ((disputing, ["severity_disputed"]), (agreeing, [])):
        seen = evaluate(contract, {question: option}, [opened], opened.at)
        assert [finding.code for finding in seen.findings] == found, option


def test_a_careful_reading_finds_well_over_a_hundred() -> None:
    assert sum(len(contract_of(name).readings) for name in NAMES) > 200
