"""Scenarios as test cases: each with an id of its own, and told as a timeline where it fails."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from slarules.diagnostics import has_errors
from slarules.loader import load_scenarios
from slarules.model.contract import Contract
from slarules.scenario.reading import read_all
from slarules.scenario.report import timeline
from slarules.scenario.run import run
from slarules.scenario.script import Script


@cache
def scripts_of(path: Path) -> tuple[Contract, tuple[Script, ...]]:
    """A file's scenarios and the contract that they try; fails where anything in them is mistaken."""
    loaded = load_scenarios(path)
    contract = loaded.policy.contract
    told = [f"{d.span}: {d.code} {d.message}" for d in loaded.diagnostics]
    assert contract is not None and not has_errors(loaded.diagnostics), told
    scripts, problems = read_all(contract, loaded.file.scenarios)
    assert not problems, [f"{d.span}: {d.code} {d.message}" for d in problems]
    return contract, scripts


def cases(paths: list[Path]) -> Iterator[tuple[Path, int, str]]:
    """(file, number of the scenario, its title) of every scenario; a mistaken file is one case that fails."""
    for path in paths:
        try:
            titles = [script.title for script in scripts_of(path)[1]]
        except AssertionError:
            titles = ["is read without mistakes"]
        yield from ((path, number, title) for number, title in enumerate(titles))


def unseen(path: Path, number: int) -> list[str]:
    """What a scenario expects and was not seen, in words."""
    contract, scripts = scripts_of(path)
    return [
        f"line {row.span.line}, at {row.time}: expected {row.expected}; seen {row.seen}"
        for row in timeline(run(contract, scripts[number]))
        if row.holds is False
    ]
