"""Random tickets get the reference's answer from every engine, field by field: so many as `SLARULES_SAME_TICKETS`."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.same.__main__ import by_construct, run_seed, told
from tests.same.trying import Tally

TICKETS = int(os.environ.get("SLARULES_SAME_TICKETS", "20000"))
PARTS = 4
"""The tickets are shared among so many tests, so that as many workers may judge them."""
FIRST = int.from_bytes(os.urandom(4)) if os.environ.get("SLARULES_RANDOM") else 0
"""The first seed: the same ones on every run, unless new ones are asked for."""


@cache
def tried(part: int) -> tuple[Tally, list[tuple[str, str]]]:
    tally, found = Tally(), []
    seed = FIRST + part
    while tally.tickets < TICKETS // PARTS and not found:
        found += run_seed(seed, "columnar", tally)
        seed += PARTS
    return tally, found


@pytest.mark.parametrize("part", range(PARTS))
def test_random_tickets_are_judged_alike(part: int) -> None:
    tally, found = tried(part)
    print(told(tally, 0))
    print(by_construct(tally))
    assert not found, f"first seed {FIRST}: {found[0][0]}\n{found[0][1]}"
    assert tally.tickets >= TICKETS // PARTS


def test_random_tickets_are_judged_alike_without_compilation() -> None:
    """The kernels as plain Python, as they run where numba is not installed."""
    command = [sys.executable, "-m", "tests.same", "--tickets", "400", "--log", "40", "--seed", "7000"]
    without = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    run = subprocess.run(command, env=without, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "judged by the kernel" in run.stdout
