"""The corpus that every implementation of the meaning meets: the duty cases, and a golden year of tickets.

A second implementation joins by being named in ``IMPLEMENTATIONS``; it is trusted only while this passes.
Re-record the golden year with `RECORD=1 python -m pytest tests/meaning`, and read the difference.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from slarules.calendars.zones import format_instant
from slarules.engine.evaluate import evaluate
from slarules.loader import load
from slarules.model.verdict import Evaluation, Verdict
from slarules.readers import read_events
from tests.duty_cases import compared, contract_of, events_of, instant, main, supplied_of

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "tests" / "tables" / "duty-cases.json"
GOLDEN = ROOT / "tests" / "corpus" / "good" / "trak_2025.txt"
IMPLEMENTATIONS: tuple[Callable[..., Evaluation], ...] = (evaluate,)
CASES: list[dict[str, Any]] = json.loads(TABLE.read_text("utf-8"))["cases"]


@pytest.mark.parametrize("judge", IMPLEMENTATIONS, ids=lambda judge: judge.__module__)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_duty_case(case: dict[str, Any], judge: Callable[..., Evaluation]) -> None:
    contract, events = contract_of(case), events_of(case)
    for evaluation in case["evaluations"]:
        seen = judge(
            contract,
            None,
            events,
            instant(evaluation["as_of"]),
            supplied=supplied_of(case["contract"]),
            upto=evaluation.get("log_upto"),
        )
        assert compared(evaluation["expect"], seen) == []


def test_a_wrong_expectation_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    case = json.loads(json.dumps(CASES[0]))
    label = next(iter(case["evaluations"][0]["expect"]["duties"]))
    case["evaluations"][0]["expect"]["duties"][label]["state"] = "suspended"
    (tmp_path / "cases.json").write_text(json.dumps({"cases": [case, CASES[1]]}), "utf-8")
    assert main([str(tmp_path / "cases.json")]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0].endswith(f"{label}.state: expected suspended, seen met")
    assert told[-1] == "1 passed, 1 failed"


@pytest.mark.parametrize("judge", IMPLEMENTATIONS, ids=lambda judge: judge.__module__)
def test_a_golden_year(judge: Callable[..., Evaluation]) -> None:
    contract = load(ROOT / "contracts" / "trak" / "policy.sla").contract
    assert contract is not None
    events = list(read_events(ROOT / "examples" / "trak" / "events.jsonl").events())
    seen = judge(contract, None, events, instant("2026-01-01T07:00:00Z"))
    text = "\n".join(_line(v) for v in seen.verdicts if v.rule in ("duty", "target", "choice")) + "\n"
    if os.environ.get("RECORD"):
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")


def _line(verdict: Verdict) -> str:
    """A verdict as a line that a lawyer can read."""
    at = lambda us: format_instant(us, "America/Denver")[:16].replace("T", " ")  # noqa: E731
    words = [f"{verdict.subject} {verdict.label}: {verdict.state}"]
    words += [f"severity {verdict.severity}"] if verdict.severity else []
    words += [f"due {at(verdict.deadline)}"] if verdict.deadline is not None else []
    words += [f"performed {at(verdict.performed_at)}"] if verdict.performed_at is not None else []
    words += [f"elected {verdict.elected}"] if verdict.elected else []
    words += [f"ended by {verdict.ended_by}"] if verdict.ended_by else []
    words += [f"for want of {', '.join(verdict.missing)}"] if verdict.missing else []
    return ", ".join(words)
