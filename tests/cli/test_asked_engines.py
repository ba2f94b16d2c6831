"""``readings``, ``compare``, ``advise`` and ``report`` by either engine: the same screen, the same bytes."""

from __future__ import annotations

import json
import zipfile
from itertools import islice
from pathlib import Path

import pytest
from click.testing import Result

from slarules.cli import engines
from tests.cli.test_run_engines import CONTRACTS, EXAMPLES, ROOT, SERVICENOW, called

TRAK, COLLABWARE = str(CONTRACTS / "trak/policy.sla"), str(CONTRACTS / "collabware/policy.sla")
AS_OF = ["--as-of", "2025-07-01"]


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Some weeks of Trak's example year, with an agreement, corrections, and what no contract knows."""
    lines = (EXAMPLES / "trak/events.jsonl").read_text("utf-8").splitlines()
    told = [json.loads(line) for line in lines]
    some = [one for one in told if one["subject"] < "R-0040" or not one["subject"].startswith("R-")]
    first = next(one for one in some if one["subject"].startswith("R-"))
    some += [
        first | {"id": "odd1", "type": "[red]exploded[/red]"},
        first | {"id": "odd2", "facts": {"severity": "9", "shade": "red"}},
        first | {"facts": {"severity": "1"}},
        first | {"id": "odd4", "type": "corrected", "target": first["id"], "facts": {"severity": "1"}},
    ]
    path = tmp_path_factory.mktemp("asked") / "events.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in some), "utf-8")
    return str(path)


def same(folder: Path, arguments: list[str], ending: str | None = None) -> Result:
    """Both engines show the same screen and write the same bytes; what the columnar one gave."""
    shown = {}
    for engine in (engines.REFERENCE, engines.COLUMNAR):
        target = [] if ending is None else ["-o", str(folder / f"{engine}{ending}")]
        shown[engine] = called(*arguments, "--engine", engine, *target)
        assert shown[engine].exit_code == 0, shown[engine].stderr
        assert f"{engine} engine: it was asked for" in shown[engine].stderr
    assert shown[engines.REFERENCE].stdout == shown[engines.COLUMNAR].stdout
    if ending is not None:
        one, other = ((folder / f"{engine}{ending}").read_bytes() for engine in shown)
        assert one == other and len(one) > 1000
    assert "went to the reference engine" in shown[engines.COLUMNAR].stderr
    return shown[engines.COLUMNAR]


def test_readings(events: str, tmp_path: Path) -> None:
    found = same(tmp_path, ["readings", TRAK, events, *AS_OF, "--flips", "who_assigns", "--pairs", "20"], ".md")
    assert "verdicts that come out otherwise" in found.stdout


def test_compare(events: str, tmp_path: Path) -> None:
    words = ["--match", "satisfied=acceptable", "--match", "channel.web=web_form"]
    arguments = ["compare", TRAK, COLLABWARE, events, *AS_OF, *words, "--show", "confirm_receipt"]
    found = same(tmp_path, [*arguments, "--json"], ".md")
    told = json.loads(found.stdout)["history"]
    assert told["changes"] and told["untold"]["facts"] and "under B" in found.stderr


def test_advise(events: str, tmp_path: Path) -> None:
    found = same(tmp_path, ["advise", TRAK, events, *AS_OF, "--calendar", "BusinessHours", "--json"], ".md")
    assert any(line["targets"][0]["done"] for line in json.loads(found.stdout)["lines"])


@pytest.mark.parametrize("ending", [".md", ".xlsx"])
def test_report(events: str, tmp_path: Path, ending: str) -> None:
    same(tmp_path, ["report", TRAK, events, *AS_OF, "--from", "2025-02", "--top", "3"], ending)


@pytest.mark.skipif(not SERVICENOW.exists(), reason="the real log is not beside the project")
def test_a_slice_of_a_real_log(tmp_path: Path) -> None:
    with zipfile.ZipFile(SERVICENOW) as packed, packed.open("incident_event_log.csv") as log:
        (tmp_path / "log.csv").write_bytes(b"".join(islice(log, 400)))
    mapping = ["--map", str(ROOT / "examples/servicenow/mapping.toml"), "--as-of", "2016-06-01"]
    for command in (["readings", "--pairs", "0"], ["advise", "--duty", "confirm_receipt"]):
        found = same(tmp_path, [command[0], TRAK, str(tmp_path / "log.csv"), *mapping, *command[1:], "--json"])
        assert json.loads(found.stdout)["contract"] == "Trak"


def test_the_choice_and_why_are_told_as_run_tells_them(events: str) -> None:
    short = called("advise", TRAK, events, *AS_OF, "--duty", "confirm_receipt")
    assert "reference engine: the log is short; below some 100,000 events it is the faster one" in short.stderr
    wrong = called("advise", TRAK, events, *AS_OF, "--engine", "duckdb")
    assert wrong.exit_code != 0 and "columnar" in wrong.stderr
