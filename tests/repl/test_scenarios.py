"""Scenarios of the contracts and of the rules, said in a session: they are seen as expected, and saved they pass.

``SLARULES_REPL_SCENARIOS=1000`` says so many of them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from slarules.cli.test import try_file
from slarules.loader import load_scenarios
from slarules.repl.answers import Look
from slarules.repl.loop import answered
from slarules.repl.session import Session
from slarules.scenario.reading import read_all
from tests.repl.small import plain

ROOT = Path(__file__).parents[2]
MANY = int(os.environ.get("SLARULES_REPL_SCENARIOS", "8"))
FILES = [
    *sorted((ROOT / "contracts").glob("*/scenarios.sla")), *sorted((ROOT / "tests" / "rules").rglob("*.sla")),
]  # fmt: skip
CHOSEN = FILES[:: max(1, len(FILES) // MANY)]


@pytest.mark.parametrize("path", CHOSEN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_scenario_said_in_a_session(path: Path, tmp_path: Path) -> None:
    found = load_scenarios(path)
    if found.policy.contract is None:
        pytest.skip("its policy is wrong on purpose")
    titles = [script.title for script in read_all(found.policy.contract, found.file.scenarios)[0]]
    each = max(1, MANY // len(CHOSEN))
    for title in [t for t in titles if '"' not in t and sum(t.casefold() in u.casefold() for u in titles) == 1][:each]:
        done = answered(Session(), f'replay {path} "{title}"', Look(80))
        assert not done.failed, plain(done.answer)
        session = done.session
        for subject in dict.fromkeys(event.subject for event in session.case.events):
            for question in (f"status {subject}", f"timeline {subject}", f"why {subject}"):
                assert plain(answered(session, question, Look(60, True)).answer)
        saved = answered(session, f"save {tmp_path / 'saved'}", Look(80))
        assert "left out" not in plain(saved.answer) and "without what was seen" not in plain(saved.answer)
        assert all(outcome.passed for outcome in try_file(str(tmp_path / "saved.sla")).outcomes), title
