"""``slarules advise``: what it prints and writes, and what it says of options that make no sense."""

from __future__ import annotations

import builtins
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import SUPPLIED, Run

LOG = ["policy.sla", "events.jsonl", "--as-of", "2026-03-03T00:00:00Z", *SUPPLIED]


def test_targets_are_shown_and_what_is_left_out_is_said(run: Run) -> None:
    result = run("advise", *LOG, "--share", "50%")
    assert result.exit_code == 0
    assert "kept by 50%" in result.stdout and "1 h 30 min" in result.stdout
    assert "Kaplan–Meier" in result.stderr


def test_the_same_as_json(run: Run) -> None:
    found = json.loads(run("advise", *LOG, "--share", "0.5", "--duty", "confirm", "--json").stdout)
    line = next(one for one in found["lines"] if one["severity"] == "1")
    assert {one["calendar"]: one["tightest"] for one in line["targets"]} == {"Always": 5400, "BusinessHours": 5400}
    assert (line["present"]["allowed"], line["present"]["kept"], line["present"]["broken"]) == (3600, 0, 1)


def test_only_the_calendars_asked_for(run: Run) -> None:
    found = json.loads(run("advise", *LOG, "--calendar", "BusinessHours", "--json").stdout)
    assert {t["calendar"] for line in found["lines"] for t in line["targets"]} == {"BusinessHours"}


def test_a_document(run: Run, folder: Path) -> None:
    result = run("advise", *LOG, "-o", "out.md")
    assert result.exit_code == 0 and "Targets that the past would have kept" in (folder / "out.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--share", "110%"], "`110%` is no share between 0 % and 100 %: write 95%"),
        (["--share", "1"], "`1` is no share"),
        (["--confidence", "much"], "`much` is no share"),
        (["--duty", "confrm"], "the contract has no `confrm`; did you mean `confirm`?"),
        (["--calendar", "Nights"], "the contract has no `Nights`; there are `Always`, `BusinessHours`"),
    ],
)
def test_options_that_make_no_sense(run: Run, options: list[str], said: str) -> None:
    result = run("advise", *LOG, *options)
    assert result.exit_code == 1 and said in " ".join(result.stderr.split())


def test_without_the_library_it_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.split(".")[0] == "scipy":
            raise ModuleNotFoundError("No module named 'scipy'", name="scipy")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    result = run("advise", *LOG)
    assert result.exit_code == 1 and "pip install 'slarules[documents]'" in result.stderr
