"""The real logs, judged end to end. They are no part of the project: the tests run where they lie beside it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from slarules.engine.evaluate import evaluate
from slarules.loader import load
from slarules.model.verdict import Evaluation
from slarules.readers import Reading, read_events

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
DAY = 86_400_000_000

pytestmark = pytest.mark.skipif(
    not DATA.exists(), reason=f"the real logs are not beside the project ({DATA.name}/ is absent)"
)


def judged(policy: str, log: str, mapping: str) -> tuple[Evaluation, Reading, Counter[str], dict[str, object]]:
    """The evaluation a year after the log's last event, the reading, rejects, and each ticket's `made_sla`."""
    contract = load(ROOT / policy).contract
    assert contract is not None
    reading = read_events(DATA / log, ROOT / mapping)
    events = list(reading.events())
    made = {e.subject: e.facts["made_sla"] for e in events if "made_sla" in e.facts}
    seen = evaluate(contract, None, events, max(e.at for e in events) + 365 * DAY)
    return seen, reading, reading.tally.rejected, made


def test_the_help_desks_own_verdicts_are_reproduced() -> None:
    seen, reading, rejected, made = judged(
        "examples/servicenow/policy.sla", "servicenow-incidents.zip", "examples/servicenow/made_sla.toml"
    )
    assert reading.tally.rows == 141_712
    assert not rejected
    assert len(made) == 24_918
    total: Counter[str] = Counter()
    agree: Counter[str] = Counter()
    for verdict in seen.verdicts:
        if verdict.duty == "close" and verdict.severity is not None:
            total[verdict.severity] += 1
            agree[verdict.severity] += (verdict.state == "met") == (made[verdict.subject] in (True, "yes", "true"))
    print({level: f"{agree[level]}/{total[level]}" for level in sorted(total)})
    assert agree["3"] / total["3"] >= 0.992
    assert agree["4"] / total["4"] >= 0.998


def test_a_year_of_incidents_under_trak() -> None:
    seen, reading, rejected, _ = judged(
        "contracts/trak/policy.sla", "servicenow-incidents.zip", "examples/servicenow/mapping.toml"
    )
    assert reading.tally.rows == 141_712
    assert not rejected
    resolutions = [v for v in seen.verdicts if v.duty == "resolution" and v.number == 1]
    assert len({v.subject for v in resolutions}) == 24_918
    assert {v.state for v in resolutions} <= {"reached", "missed", "undetermined", "ended", "pending", "suspended"}


def test_the_italian_help_desk_under_collabware() -> None:
    seen, reading, rejected, _ = judged(
        "contracts/collabware/policy.sla", "helpdesk-italian.csv", "examples/helpdesk-italian/mapping.toml"
    )
    assert reading.tally.rows == 21_348
    assert not rejected
    assert len({v.subject for v in seen.verdicts}) == 4_580
    # no severity and no agreement stand in this log: what rests on them is undetermined, and says so
    waiting = [v for v in seen.verdicts if v.state == "undetermined"]
    assert waiting and all(v.missing for v in waiting)
