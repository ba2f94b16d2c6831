"""The two real logs, read whole wherever they are at hand; they are no part of the project."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from slarules.model.event import Event
from slarules.readers import read_events

PROJECT = Path(__file__).parents[2]
DATA = PROJECT.parent / "shared" / "data"
SERVICENOW = DATA / "servicenow-incidents.zip"
ITALIAN = DATA / "helpdesk-italian.csv"


def events(log: Path, example: str) -> list[Event]:
    if not log.exists():
        pytest.skip(f"the real log {log.name} is not at hand: it is not part of the project")
    found = read_events(log, PROJECT / "examples" / example / "mapping.toml")
    assert found.problems == ()
    result = list(found.events())
    assert not found.tally.rejected, "both logs are read without setting a row aside"
    assert len({(event.source, event.id) for event in result}) == len(result)
    return result


def test_the_servicenow_log() -> None:
    found = events(SERVICENOW, "servicenow")
    types = Counter(event.type for event in found)
    assert len({event.subject for event in found}) == types["opened"] == 24_918
    # Counted apart from the reader, by comparing the state and priority columns of successive rows.
    assert {
        name: types[name] for name in ("severity_changed", "resolved", "closed", "reopened")
    } == expected()
    assert types["waiting"] > types["resumed"] > 1_000
    last = {event.subject: event for event in found}
    made = Counter(event.facts["made_sla"] for event in last.values())
    assert round(100 * made[True] / 24_918, 1) == 63.4, "the share that the data's notes give"


def expected() -> dict[str, int]:
    counts: Counter[str] = Counter()
    before: dict[str, dict[str, str]] = {}
    with zipfile.ZipFile(SERVICENOW) as archive, archive.open(archive.namelist()[0]) as raw:
        rows = list(csv.DictReader(io.TextIOWrapper(raw, "utf-8")))
    for row in sorted(rows, key=place):
        was = before.get(row["number"], {"incident_state": "New", "priority": row["priority"]})
        now, old = row["incident_state"], was["incident_state"]
        counts["severity_changed"] += row["priority"] != was["priority"]
        counts["resolved"] += now == "Resolved" != old
        counts["closed"] += now == "Closed" != old
        counts["reopened"] += old in ("Resolved", "Closed") and now not in ("Resolved", "Closed")
        before[row["number"]] = row
    return dict(counts)


def place(row: dict[str, str]) -> tuple[str, list[int], str, int]:
    day, clock = row["sys_updated_at"].split()
    return row["number"], [int(part) for part in reversed(day.split("/"))], clock, int(row["sys_mod_count"])


def test_the_italian_log() -> None:
    found = events(ITALIAN, "helpdesk-italian")
    types = Counter(event.type for event in found)
    assert types["opened"] == 4_580
    assert (types["resolved"], types["closed"], types["waiting"]) == (4_983, 4_574, 1_463)
    assert types["acknowledged"] == types["responded"] == 5_060
    assert len({event.subject for event in found if event.type == "waiting"}) == 1_236
