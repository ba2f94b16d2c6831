"""The benchmark's log is what it says it is, and every engine of it judges as the reference engine does."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from benchmarks.engines import given, jobs, measuring, workload
from benchmarks.engines.files import KINDS, written
from benchmarks.engines.given import DUTIES, LIMITS, Outcome
from slarules.columnar.judging import judge
from slarules.columnar.kernels import layout
from slarules.columnar.log.columns import checked, events_of
from slarules.engine.evaluate import evaluate
from slarules.readers.jsonl import json_events
from slarules.readers.rejects import Tally

TICKETS = 2_000


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("log")
    written(found, TICKETS, KINDS)
    return found


@pytest.fixture(scope="module")
def expected(directory: Path) -> Outcome:
    job = jobs.reference(directory, 1)
    job.judge()
    assert job.outcome is not None
    return job.outcome()


@pytest.fixture
def interpreted(directory: Path) -> Iterator[None]:
    """The peers' kernels as plain Python: what they say does not hang on the compiler, which takes longer than tests.

    Ours are compiled before, for numba compiles nothing meanwhile.
    """
    numba = pytest.importorskip("numba", reason="the peers' kernels need numba, the extra `fast`")
    judge(workload.contract(), None, given.events(directory), workload.AS_OF)
    before = numba.config.DISABLE_JIT
    numba.config.DISABLE_JIT = True
    yield
    numba.config.DISABLE_JIT = before


# ---- The log ---------------------------------------------------------------------------------------------------------


def test_the_log_is_the_same_every_time() -> None:
    assert workload.table(300).equals(workload.table(300))


def test_the_log_is_of_the_shape_that_the_page_states() -> None:
    table = workload.table(20_000)
    tickets = table["subject"].to_pylist()
    kinds = table["type"].to_pylist()
    seen = {kind: len({t for t, k in zip(tickets, kinds, strict=True) if k == kind}) / 20_000 for kind in set(kinds)}
    assert 6 <= len(tickets) / 20_000 <= 7
    assert seen["waiting"] == pytest.approx(0.20, abs=0.02)
    assert seen["severity_changed"] == pytest.approx(0.05, abs=0.01)
    assert seen["reopened"] == pytest.approx(0.03, abs=0.01)
    assert set(Counter(tickets).values()) >= {3, 6, 10}
    assert _impossible(tickets, kinds) == []


def _impossible(tickets: list[str], kinds: list[str]) -> list[tuple[str, str]]:
    """Events that cannot have happened as their ticket stood (R18)."""
    stands: dict[str, str] = {}
    may_follow = {
        "waiting": ("opened", "resumed", "reopened"),
        "resumed": ("waiting",),
        "resolved": ("opened", "waiting", "resumed", "reopened"),
        "reopened": ("resolved",),
        "opened": (None,),
    }
    found = []
    for ticket, kind in zip(tickets, kinds, strict=True):
        if kind in may_follow:
            if stands.get(ticket) not in may_follow[kind]:
                found.append((ticket, kind))
            stands[ticket] = kind
    return found


def test_the_log_is_written_by_time_and_a_ticket_has_one_event_at_an_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workload, "BLOCK", 450)  # several blocks, whose tickets overlap
    table = workload.table(TICKETS)
    at = table["at"].cast("int64").to_numpy()
    assert (np.diff(at) >= 0).all()
    assert len(set(zip(table["subject"].to_pylist(), at.tolist(), strict=True))) == table.num_rows
    assert len(set(table["id"].to_pylist())) == table.num_rows
    tickets = table["subject"].to_pylist()
    opened = [t for t, kind in zip(tickets, table["type"].to_pylist(), strict=True) if kind == "opened"]
    assert opened == sorted(opened)
    assert len(opened) == TICKETS
    assert sum(a != b for a, b in pairwise(tickets)) > table.num_rows / 2


def test_the_files_say_the_same(directory: Path) -> None:
    events = events_of(checked(pq.read_table(directory / "events.parquet")))
    lines = (directory / "events.jsonl").read_bytes()
    assert list(json_events(io.BytesIO(lines), Tally())) == events
    heads, *rows = (directory / "events.csv").read_text().splitlines()
    assert heads == '"id","subject","type","at","actor","severity","on"'
    assert len(rows) == len(events)
    assert rows[0].startswith(f'"{events[0].id}","{events[0].subject}","opened","2024-01-01T')


def test_the_limits_that_the_peers_are_given_are_those_of_the_policy(directory: Path) -> None:
    log = events_of(checked(given.events(directory)))
    for verdict in evaluate(workload.contract(), None, log, workload.AS_OF).verdicts:
        assert verdict.allowed == LIMITS[DUTIES.index(verdict.duty), int(verdict.severity or 0)]


# ---- The engines -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("specialised", "numba"),
        ("every_field", "numba"),
        ("numpy", "numba"),
        ("polars", "polars"),
        ("duckdb", "duckdb"),
        ("objects", "attrs"),
    ],
)
def test_a_peer_judges_as_the_reference_engine(
    name: str, needs: str, directory: Path, expected: Outcome, interpreted: None
) -> None:
    pytest.importorskip(needs, reason=f"{needs} is of the extra `peers`")
    job = getattr(jobs, name)(directory, 1)
    job.judge()
    said = job.outcome()
    assert (said.state == expected.state).all()
    assert (said.deadline == expected.deadline).all()


def test_all_that_may_become_of_a_duty_is_in_the_log(expected: Outcome) -> None:
    seen = {(DUTIES[duty], given.STATES[state]) for duty in range(4) for state in set(expected.state[:, duty].tolist())}
    assert seen >= {("resolve", state) for state in ("pending", "met", "breached", "ended")}
    assert seen >= {("escalate", state) for state in ("absent", "suspended", "met", "breached")}
    assert seen >= {("respond", state) for state in ("suspended", "met", "breached")}


def test_a_field_that_the_kernel_written_by_hand_has_otherwise_stops_the_run() -> None:
    pytest.importorskip("numba", reason="the peers' kernels need numba, the extra `fast`")
    from benchmarks.engines.every_field import compare

    ours = np.arange(5 * layout.OUT).reshape(layout.OUT, 5)
    theirs = ours.copy()
    compare([ours[:, :2], ours[:, 2:]], [theirs])
    theirs[layout.O_LATE_COUNTED, 3] += 1
    with pytest.raises(SystemExit, match="O_LATE_COUNTED differs in 1 rows, first 3"):
        compare([ours], [theirs])


@pytest.mark.parametrize(("name", "needs"), [("zen", "zen"), ("openfisca", "openfisca_core")])
def test_an_engine_of_the_reduced_rule_agrees(name: str, needs: str, directory: Path, interpreted: None) -> None:
    pytest.importorskip(needs, reason=f"{needs} is not installed")
    job = getattr(jobs, name)(directory, 1)
    job.judge()
    assert job.agrees is not None
    assert job.agrees()


def test_a_peer_that_differs_stops_the_run(tmp_path: Path) -> None:
    state, deadline = np.full((2, 4), given.MET, np.uint8), np.full((2, 4), 7, np.int64)
    none = np.zeros(0, np.int64)
    np.savez(tmp_path / "ours.npz", state=state, deadline=deadline, tickets=none)
    state[1, 2] = given.BREACHED
    np.savez(tmp_path / "theirs.npz", state=state, deadline=deadline, tickets=none)
    with pytest.raises(measuring.Differs) as told:
        measuring._compare(measuring.ENGINES["duckdb"], tmp_path / "ours.npz", tmp_path / "theirs.npz")
    assert "T00000001 resolve: ours met, due 7, theirs breached, due 7" in str(told.value)
