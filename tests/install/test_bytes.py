"""The same bytes whatever the machine's zone, language and hash seed, for every command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TICKETS = 100
AS_OF = "2025-12-31T00:00:00-07:00"
MACHINES = {
    "denver": {"TZ": "America/Denver", "LANG": "C", "PYTHONHASHSEED": "0"},
    "kathmandu": {"TZ": "Asia/Kathmandu", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "1"},
    "nowhere": {"TZ": "Nowhere/At_All", "LANG": "tr_TR.ISO8859-9", "PYTHONHASHSEED": "4242"},
}
MACHINES["nowhere"] |= {
    "PYTHONIOENCODING": "iso8859-9",
    "PYTHONUTF8": "0",
}  # also where that locale is not installed
POLICY = "contracts/trak/policy.sla"
COMMANDS = {
    "run": ["run", POLICY, "LOG", "--as-of", AS_OF, "--fail-on", "never", "-o", "OUT/verdicts.jsonl"],
    "run csv": ["run", POLICY, "LOG", "--as-of", AS_OF, "--fail-on", "never", "-o", "OUT/verdicts.csv"],
    "run json": ["run", POLICY, "LOG", "--as-of", AS_OF, "--fail-on", "never", "--json"],
    "check": ["check", POLICY, "tests/corpus/bad/circles.sla", "tests/corpus/bad/misspelt_keyword.sla"],
    "check json": ["check", "--json", POLICY, "tests/corpus/bad/circles.sla"],
    "coverage": ["coverage", POLICY],
    "explain": ["explain", POLICY, "LOG", "--as-of", AS_OF, "--subject", "R-0001"],
    "explain json": ["explain", POLICY, "LOG", "--as-of", AS_OF, "--subject", "R-0001", "--json"],
    "test": ["test", "--all", "contracts/trak"],
    "test json": ["test", "--json", "--all", "tests/rules/r07_reopening.sla"],
}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The agreements and the first hundred tickets of the example."""
    lines = (ROOT / "examples" / "trak" / "events.jsonl").read_text("utf-8").splitlines(keepends=True)
    subjects: dict[str, None] = {}
    for line in lines:
        subjects.setdefault(json.loads(line)["subject"])
    kept = set(list(subjects)[: TICKETS + 3])
    path = tmp_path_factory.mktemp("log") / "events.jsonl"
    path.write_text("".join(line for line in lines if json.loads(line)["subject"] in kept), "utf-8")
    return path


def made(
    command: list[str], log: Path, out: Path, machine: dict[str, str]
) -> tuple[int, bytes, bytes, dict[str, bytes]]:
    """Exit code, both streams and each file that a command leaves on such a machine."""
    out.mkdir()
    words = [word.replace("LOG", str(log)).replace("OUT", ".") for word in command]
    here = [str(ROOT / w) if w.startswith(("contracts/", "tests/")) else w for w in words]
    env = {
        key: value for key, value in os.environ.items() if not key.startswith(("LC_", "PYTHON", "COVERAGE"))
    }
    run = subprocess.run(
        [sys.executable, "-c", "from slarules.cli.main import main; main()", *here],
        cwd=out,
        env={**env, **machine, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=600,
        check=False,
    )
    return run.returncode, run.stdout, run.stderr, {p.name: p.read_bytes() for p in sorted(out.iterdir())}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_same_bytes_on_every_machine(name: str, log: Path, tmp_path: Path) -> None:
    told = {
        machine: made(COMMANDS[name], log, tmp_path / machine, settings)
        for machine, settings in MACHINES.items()
    }
    code, stdout, stderr, files = told["denver"]
    assert code in (0, 3) and b"Traceback" not in stderr, stderr.decode("utf-8", "replace")
    assert code == (3 if name.startswith("check") else 0)
    assert len(stdout) + sum(map(len, files.values())) > 100
    assert told["kathmandu"] == told["denver"]
    assert told["nowhere"] == told["denver"]
