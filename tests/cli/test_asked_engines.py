"""``readings``, ``compare``, ``advise``, ``report``, ``summary`` by either engine: the same screen, the same bytes."""

from __future__ import annotations

import json
import os
import zipfile
from itertools import islice
from pathlib import Path

import pytest
from click.testing import Result

from slarules.cli import engines
from slarules.columnar import stretches
from slarules.columnar.review import either
from slarules.stakes import asked
from tests.cli.conftest import SUPPLIED, Run
from tests.cli.test_readings import evenings
from tests.cli.test_run_engines import CONTRACTS, EXAMPLES, ROOT, SERVICENOW, called

TRAK, COLLABWARE = str(CONTRACTS / "trak/policy.sla"), str(CONTRACTS / "collabware/policy.sla")
AS_OF = ["--as-of", "2025-07-01"]


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Some weeks of Trak's example year, with an agreement, corrections, and what no contract knows."""
    lines = (EXAMPLES / "trak/events.jsonl").read_text("utf-8").splitlines()
    told = [json.loads(line) for line in lines]
    some = [one for one in told if one["subject"] < "R-0025" or not one["subject"].startswith("R-")]
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


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few subjects are judged again, the columnar engine does it, some tickets at a time."""
    monkeypatch.setattr(asked, "FEW", -1)
    monkeypatch.setattr(either, "AT_ONCE", 40)
    monkeypatch.setattr(stretches, "SHARED", 0)


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
    return shown[engines.COLUMNAR]


def test_readings(run: Run, folder: Path) -> None:
    evenings(folder)
    with (folder / "evenings.jsonl").open("a", encoding="utf-8") as log:
        odd = {"id": "o1", "subject": "T3", "type": "exploded", "at": "2026-03-03T16:00:00Z", "facts": {"severity": 9}}
        log.write(json.dumps(odd) + "\n")
    arguments = ["readings", "policy.sla", "evenings.jsonl", "--as-of", "2026-03-05T00:00:00Z", *SUPPLIED]
    assert "come out otherwise" in same(folder, [*arguments, "--flips", "ack"], ".md").stdout
    found = json.loads(same(folder, [*arguments, "--flips", "ack", "--json"]).stdout)
    assert found["readings"][0]["options"][0]["flips"] == 1


def test_summary_with_what_the_ambiguities_are_worth(run: Run, folder: Path) -> None:
    evenings(folder)
    arguments = ["summary", "policy.sla", "--events", "evenings.jsonl", "--as-of", "2026-03-05T00:00:00Z", *SUPPLIED]
    same(folder, arguments, ".md")
    assert "Read as “elapsed” it is due on" in " ".join((folder / "columnar.md").read_text("utf-8").split())


@pytest.mark.skipif(not os.environ.get("SLARULES_STAKES_SCENARIOS"), reason="SLARULES_STAKES_SCENARIOS is not set")
def test_every_reading_of_trak_on_its_example_year(tmp_path: Path) -> None:
    arguments = ["readings", TRAK, str(EXAMPLES / "trak/events.jsonl"), "--as-of", "2026-04-01"]
    found = same(tmp_path, [*arguments, "--flips", "who_assigns", "--json"], ".md")
    assert any(option["flips"] for one in json.loads(found.stdout)["readings"] for option in one["options"])


def test_compare(events: str, tmp_path: Path) -> None:
    words = ["--match", "satisfied=acceptable", "--match", "channel.web=web_form"]
    arguments = ["compare", TRAK, COLLABWARE, events, *AS_OF, *words, "--show", "confirm_receipt"]
    found = same(tmp_path, [*arguments, "--json"], ".md")
    told = json.loads(found.stdout)["history"]
    assert told["changes"] and told["untold"]["facts"]
    assert "subjects went to the reference engine under B:" in found.stderr


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
    arguments = [TRAK, str(tmp_path / "log.csv"), *mapping, "--duty", "resolution", "--calendar", "Always", "--json"]
    assert json.loads(same(tmp_path, ["advise", *arguments]).stdout)["lines"]


def test_the_choice_and_why_are_told_as_run_tells_them(events: str) -> None:
    short = called("advise", TRAK, events, *AS_OF, "--duty", "confirm_receipt")
    assert "reference engine: the log is short; below some 20,000 events it is the faster one" in short.stderr
    wrong = called("advise", TRAK, events, *AS_OF, "--engine", "duckdb")
    assert wrong.exit_code != 0 and "columnar" in wrong.stderr
