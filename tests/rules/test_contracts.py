"""Every scenario of the contracts that ship is a test of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.scripts import cases, unseen

FILES = sorted((Path(__file__).parents[2] / "contracts").glob("*/scenarios.sla"))
CASES = list(cases(FILES))


@pytest.mark.parametrize(
    ("path", "number"),
    [case[:2] for case in CASES],
    ids=[f"{path.parent.name}: {title}" for path, _, title in CASES],
)
def test_the_contract_is_judged_as_its_scenario_says(path: Path, number: int) -> None:
    assert unseen(path, number) == []


def test_each_contract_has_its_scenarios() -> None:
    assert [path.parent.name for path in FILES] == ["collabware", "copiun", "cpi", "trak"]
