"""``summary``, ``readings``, ``compare``, ``report`` and ``advise`` say the same, byte for byte, on every machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import EVENTS, POLICY, SOURCE, SUPPLIED

ROOT = Path(__file__).parents[2]
MACHINES = (
    {"TZ": "America/Denver", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "0"},
    {"TZ": "Asia/Kathmandu", "LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "Nowhere/At_All", "LANG": "tr_TR.ISO8859-9", "LC_ALL": "tr_TR.ISO8859-9", "PYTHONHASHSEED": "4242"},
)
LOG = ["events.jsonl", "--as-of", "2026-03-03T00:00:00Z", *SUPPLIED]
COMMANDS = {
    "summary": [["summary", "policy.sla", "-o", f"summary.{ending}", *more]
                for ending, more in (("html", ["--ics", "summary.ics"]), ("docx", []), ("pdf", []),
                                     ("md", ["--compare", "other.sla"]))],
    "readings": [["readings", "policy.sla", *LOG, *more] for more in (["--json"], ["-o", "readings.html"])],
    "compare": [["compare", "policy.sla", "other.sla", *more]
                for more in (["--json"], [*LOG, "-o", "compare.html"])],
    "report": [["report", "policy.sla", *LOG, "-o", f"report.{ending}"] for ending in ("html", "xlsx")],
    "advise": [["advise", "policy.sla", *LOG, *more] for more in (["--json"], ["-o", "advise.html"])],
}  # fmt: skip
CODE = """
import json, sys
from click.testing import CliRunner
from slarules.cli.main import cli
said = {}
for name, asked in json.loads(sys.argv[1]).items():
    made = [CliRunner().invoke(cli, words) for words in asked]
    assert all(one.exit_code == 0 for one in made), [one.output + repr(one.exception) for one in made]
    said[name] = [stream for one in made for stream in (one.stdout, one.stderr)]
print(json.dumps(said))
"""
READING = '''
clause "Times"
  reading hours "Do the hours run at night?"
    option open:   counted in BusinessHours "in business hours"
    option always: counted in Always        "night and day"
    adopt open because "the table says so"
'''


Made = dict[str, tuple[list[str], dict[str, bytes]]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Made]:
    """For each machine and command: what it says, and each file that it leaves; one process for each machine."""
    policy = POLICY.replace("within fix counted in BusinessHours", "within fix counted as read in hours")
    policy = policy.replace('\nclause "', READING + '\nclause "', 1)
    texts = {"source.txt": SOURCE, "policy.sla": policy, "other.sla": policy.replace("8 hours", "9 hours"),
             "events.jsonl": "".join(json.dumps(event) + "\n" for event in EVENTS)}  # fmt: skip
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "PYTHON", "COVERAGE"))}
    found = []
    for machine in MACHINES:
        there = tmp_path_factory.mktemp("machine")
        for name, text in texts.items():
            (there / name).write_text(text, "utf-8")
        done = subprocess.run(
            [sys.executable, "-c", CODE, json.dumps(COMMANDS)], cwd=there, capture_output=True, timeout=600,
            env={**kept, **machine, "PYTHONPATH": str(ROOT)}, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
        made = {path.name: path.read_bytes() for path in there.iterdir() if path.name not in texts}
        assert not any(str(there).encode() in one for one in (done.stdout, *made.values()))
        said = json.loads(done.stdout)
        found.append({name: (said[name], {file: one for file, one in made.items() if file.startswith(name)})
                      for name in COMMANDS})  # fmt: skip
    return found


@pytest.mark.parametrize("command", COMMANDS)
def test_the_same_bytes_on_every_machine(command: str, told: list[Made]) -> None:
    here, *elsewhere = (one[command] for one in told)
    assert sum(map(len, here[0])) > 30 and here[1]
    assert all(one == here for one in elsewhere)
