"""Runs each engine, and stops loudly where one says of a ticket what ours does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from attrs import frozen

from benchmarks.engines.given import DUTIES, NONE, STATES
from benchmarks.engines.table import ENGINES, OURS, Engine

ROOT = Path(__file__).parents[2]


class Differs(Exception):
    """An engine's verdicts are not ours."""


@frozen
class Measured:
    """One engine's figures."""

    name: str
    events: int
    """Events judged in each run."""
    seconds: float
    """The median of the runs."""
    first: float
    """Seconds of the first run, with all that is compiled or cached in it."""
    prepared: float
    """Seconds before it: reading, coding, sorting."""
    peak_mb: float
    equal: bool
    sampled: int
    """Tickets that were judged; 0: all."""

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds


def measured(directory: Path, names: Iterable[str], runs: int, compare: bool = True) -> list[Measured]:
    """Each engine, and before them ours, whose verdicts are the measure. Raises ``Differs``."""
    chosen = [ENGINES[name] for name in names]
    ours = directory / "verdicts-ours.npz"
    found: list[Measured] = []
    compared = [engine for engine in chosen if engine.part != "reduced" and compare]
    if compared:
        told = _run(ENGINES[OURS], directory, runs if OURS in names else 0, ours)
        if OURS in names:
            found.append(_figures(told, True))
            _say(found[-1])
    for engine in chosen:
        if engine.name == OURS:
            continue
        theirs = directory / f"verdicts-{engine.name}.npz"
        told = _run(engine, directory, runs, theirs if compare else None)
        if engine.part == "reduced":
            if not told["equal"]:
                raise Differs(f"{engine.title}: its answers to the reduced rule are not the expected ones")
        elif compare:
            _compare(engine, ours, theirs)
        theirs.unlink(missing_ok=True)
        found.append(_figures(told, compare or engine.part == "reduced"))
        _say(found[-1])
    order = list(ENGINES)
    return sorted(found, key=lambda one: order.index(one.name))


def _run(engine: Engine, directory: Path, runs: int, verdicts: Path | None) -> dict[str, Any]:
    """What a process of its own says of the engine."""
    command = [sys.executable, "-m", "benchmarks.engines.one", engine.name, str(directory), str(runs)]
    command += [str(verdicts)] if verdicts is not None else []
    names = ("POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "ARROW_NUM_THREADS")
    environment = os.environ | dict.fromkeys(names, str(engine.threads))
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled to bytecode, ours as the peers'
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Differs(f"{engine.title}: it did not run to its end")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _say(one: Measured) -> None:
    """A line on stderr: a long run shows how far it is."""
    print(f"{one.name}: {one.rate / 1e6:,.3g} M events/s, {one.peak_mb:,.0f} MB", file=sys.stderr, flush=True)


def _figures(told: dict[str, Any], equal: bool) -> Measured:
    return Measured(
        told["name"],
        told["events"],
        median(told["seconds"]),
        told["first"],
        told["prepared"],
        told["peak_mb"],
        equal,
        told.get("sampled", 0),
    )


def _compare(engine: Engine, ours: Path, theirs: Path) -> None:
    """Raises ``Differs`` with the first tickets of which they say another thing."""
    right, said = np.load(ours), np.load(theirs)
    tickets = said["tickets"] if len(said["tickets"]) else np.arange(len(right["state"]))
    state, deadline = right["state"][tickets], right["deadline"][tickets]
    if said["state"].shape != state.shape:
        raise Differs(f"{engine.title}: verdicts on {len(said['state'])} tickets, ours on {len(state)}")
    rows, duties = np.nonzero((said["state"] != state) | (said["deadline"] != deadline))
    if len(rows) == 0:
        return
    lines = [f"{engine.title}: {len(rows)} verdicts differ"]
    for row, duty in list(zip(rows, duties, strict=True))[:5]:
        one, other = _told(state, deadline, row, duty), _told(said["state"], said["deadline"], row, duty)
        lines.append(f"  T{tickets[row]:08d} {DUTIES[duty]}: ours {one}, theirs {other}")
    raise Differs("\n".join(lines))


def _told(state: Any, deadline: Any, row: int, duty: int) -> str:
    due = int(deadline[row, duty])
    return f"{STATES[state[row, duty]]}, due {'never' if due == NONE else due}"
