"""What a run loads and compiles: what its tickets need, and no more; and it says so when it takes long."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from slarules.cli import first_use
from slarules.columnar.kernels import GENERAL, QUICK, WIDE, quick, telling
from slarules.machine_code import name_of

POLICY = """slarules 1
contract Plain "plain support"
  provider Desk
  customer Client
  zone UTC

clause "Support"
  duty respond
    when ticket opened
    Desk must respond to Client within 4 hours
"""
RUN = """
import sys
sys.argv = ["slarules", "run", "policy.sla", "events.jsonl", "--engine", "columnar", "--as-of", "2026-04-01"]
from slarules.cli.main import main
try:
    main()
except SystemExit as done:
    assert not done.code, done.code
print(*sorted(sys.modules), file=sys.stderr)
"""


def loaded(folder: Path, *types: str) -> set[str]:
    """What is imported when the columnar engine, uncompiled, judges one ticket with these events."""
    events = [
        {"id": f"e{n}", "subject": "T1", "type": kind, "at": f"2026-03-02T1{n}:00:00Z", "actor": actor}
        for n, (kind, actor) in enumerate(zip(types, ("Client", "Desk", "Client"), strict=False))
    ]
    (folder / "policy.sla").write_text(POLICY, "utf-8")
    (folder / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events), "utf-8")
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(
        [sys.executable, "-c", RUN], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    assert "respond" in done.stdout
    return set(done.stderr.split())


def test_a_log_of_plain_tickets_loads_no_kernel_for_others(tmp_path: Path) -> None:
    plain = loaded(tmp_path, "opened", "responded")
    assert "slarules.columnar.kernels.quick" in plain
    assert not plain & {"slarules.columnar.kernels.telling", "slarules.columnar.disk.incremental", "pandas", "numba"}
    assert "slarules.columnar.kernels.telling" in loaded(tmp_path, "opened", "responded", "opened")


def test_each_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    first_use.tell.cache_clear()
    for kernel in ("grouping.laid", QUICK, "grouping.by_subject", GENERAL, QUICK, GENERAL):
        first_use.tell(kernel)
    first_use.tell.cache_clear()
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "what plain tickets need is compiled, once on this machine: some seconds\n"
        "what all other tickets need is compiled, once on this machine: half a minute or so\n"
    )


def test_the_names_are_those_of_the_kernels() -> None:
    for name, kernel in ((QUICK, quick.quick_all), (WIDE, quick.wide_all), (GENERAL, telling.tell_all)):
        assert name_of(getattr(kernel, "function", kernel)) == name
