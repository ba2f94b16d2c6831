"""Broken exports are told of in the same words whichever way they are read, whichever engine judges, and where.

`SLARULES_BROKEN_EXPORTS=5000` tries so many of each.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from slarules.cli import ran_columns
from slarules.cli.main import cli
from slarules.columnar.disk.ranges import Sizes
from slarules.readers.columns import blocks, courses
from tests.cli.conftest import POLICY, SOURCE
from tests.readers.both import compared
from tests.readers.broken import export

MANY = int(os.environ.get("SLARULES_BROKEN_EXPORTS", "0"))
DISK = Sizes(run=2_000, rows=1_000_000, row=1_000, range=6, held=0)
"""Runs of a few events, ranges of a few tickets."""
Told = tuple[int, Any, bytes | None, bytes | None]


@pytest.fixture(autouse=True, scope="module")
def small_stretches() -> Iterator[None]:
    """Few rows at once, so that small files have many stretches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", 700)
        patch.setattr(courses, "AT_ONCE", 5)
        yield


def test_both_ways_of_reading_say_the_same(tmp_path: Path) -> None:
    for seed in range(MANY or 120):
        rng, folder = random.Random(seed), tmp_path / str(seed)
        folder.mkdir()
        compared(*export(rng, folder), strict=rng.random() < 0.2)


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    (tmp_path / "source.txt").write_text(SOURCE, "utf-8")
    text = POLICY.replace("  closed on TrakHolidays\n", "").replace("holidays TrakHolidays supplied by Trak\n", "")
    (tmp_path / "policy.sla").write_text(text, "utf-8")
    return tmp_path / "policy.sla"


def run(folder: Path, policy: Path, files: Sequence[tuple[Path, Path | None]], *how: str) -> Told:
    """The exit code, what is printed but for the engine, the verdicts and the rejects."""
    out, aside = folder / "out.jsonl", folder / "aside.jsonl"
    for path in (out, aside):
        path.unlink(missing_ok=True)
    words = ["run", str(policy), *(str(path) for path, _ in files), "--as-of", "2026-03-04T00:00:00Z", "--json", *how]
    for path, mapping in files:
        words += ["--map", f"{path}={mapping}"] if mapping else []
    done = CliRunner(env={"SLARULES_TRACEBACK": "1"}).invoke(cli, [*words, "-o", str(out), "--rejects", str(aside)])
    assert isinstance(done.exception, SystemExit | None), words
    shown = json.loads(done.stdout) if done.stdout else [line for line in done.stderr.splitlines() if "rror" in line]
    if isinstance(shown, dict):
        del shown["engine"]
    verdicts, rejects = (path.read_bytes() if path.exists() else None for path in (out, aside))
    return done.exit_code, shown, verdicts, rejects


def several(seed: int, folder: Path) -> tuple[random.Random, list[tuple[Path, Path | None]]]:
    rng = random.Random(seed)
    folder.mkdir()
    return rng, [export(rng, folder, number) for number in range(rng.choice([1, 1, 2]))]


def test_both_engines_say_the_same(tmp_path: Path, policy: Path) -> None:
    for seed in range(MANY or 15):
        _, files = several(seed, tmp_path / str(seed))
        reference = run(tmp_path, policy, files, "--engine", "reference")
        assert run(tmp_path, policy, files, "--engine", "columnar") == reference, seed


def test_a_log_on_disk_says_the_same(tmp_path: Path, policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = ran_columns.judge_files
    monkeypatch.setattr(ran_columns, "judge_files", lambda *log, **how: judge(*log, **{**how, "sizes": DISK}))
    for seed in range(1_000, 1_000 + (MANY or 6)):
        rng, files = several(seed, tmp_path / str(seed))
        reference = run(tmp_path, policy, files, "--engine", "reference")
        way = rng.choice([["--memory", "4GB"], ["--resume"]])
        assert run(tmp_path, policy, files, *way) == reference, (seed, way)
        assert not list(tmp_path.glob(".*")), seed
        if reference[0] == 0:
            kept = str(tmp_path / f"kept{seed}")
            told = [run(tmp_path, policy, [file], "--state", kept) for file in files][-1]
            assert told[0] == 0 and told[2] == reference[2], seed
