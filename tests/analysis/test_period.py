"""Looking back on a period: nothing is counted twice or lost, whatever months are chosen."""

from __future__ import annotations

from slarules.analysis import tally
from slarules.analysis.period import Month, heat, owed, period, share_kept
from slarules.calendars import zones
from slarules.cli import logs, options
from slarules.columnar.review.either import told_of
from slarules.engine.evaluate import evaluate
from slarules.loader import load
from slarules.model.contract import Contract
from slarules.model.verdict import Evaluation

ZONE = "America/Denver"


def judged() -> tuple[Contract, Evaluation]:
    contract = load("contracts/trak/policy.sla").contract
    log = logs.read_log({"examples/trak/events.jsonl": None}, False, None)
    assert contract is not None and not isinstance(log, int)
    return contract, evaluate(contract, {}, log.events, options.instant(contract, {}, "2025-07-01"))


CONTRACT, EVALUATION = judged()
TOLD = told_of(EVALUATION, CONTRACT, len({v.subject for v in EVALUATION.verdicts}))


def test_months_add_up_to_the_whole() -> None:
    whole = period(CONTRACT, TOLD, ZONE)
    for line in whole.lines:
        key = (line.duty, line.rule, line.severity)
        monthly = [one for lines in whole.months.values() for one in lines if (one.duty, one.rule, one.severity) == key]
        for outcome, many in line.counts.items():
            assert sum(one.counts.get(outcome, 0) for one in monthly) == many
    assert sum(sum(line.counts.values()) for line in whole.lines) == len(EVALUATION.verdicts)


def test_a_month_has_just_what_arose_in_it() -> None:
    march = period(CONTRACT, TOLD, ZONE, Month(2025, 3), Month(2025, 3))
    wanted = [v for v in EVALUATION.verdicts if str(zones.local_date(v.triggered_at, ZONE)).startswith("2025-03")]
    assert list(march.verdicts) == wanted and wanted
    assert list(march.months) == [Month(2025, 3)]
    parts = [period(CONTRACT, TOLD, ZONE, Month(2025, n), Month(2025, n)) for n in range(1, 7)]
    whole = period(CONTRACT, TOLD, ZONE, Month(2025, 1), Month(2025, 6))
    assert sum(len(part.verdicts) for part in parts) == len(whole.verdicts)
    assert sum(part.count("broken") for part in parts) == whole.count("broken")
    assert {v.label + v.subject for part in parts for v in part.worst} == {v.label + v.subject for v in whole.worst}


def test_every_breach_is_in_the_heat_map_once() -> None:
    whole = period(CONTRACT, TOLD, ZONE)
    counts = heat(whole.breaches, ZONE)
    assert len(counts) == 7 and all(len(row) == 24 for row in counts)
    broken = [v for v in EVALUATION.verdicts if v.state in ("breached", "missed")]
    assert sum(map(sum, counts)) == len(broken) > 50


def test_a_thing_done_without_a_right_is_no_breach() -> None:
    """Nobody owes to have a right: a request made without one is told as such, and breaks no promise."""
    whole = period(CONTRACT, TOLD, ZONE)
    assert any(v.state == "not_permitted" for v in EVALUATION.verdicts)
    assert len(whole.breaches) == whole.count("broken") - sum(v.state == "not_permitted" for v in EVALUATION.verdicts)


def test_an_instant_stands_at_its_local_weekday_and_hour() -> None:
    monday_eight = 20_514 * 24 * 3_600_000_000 + 15 * 3_600_000_000  # 2026-03-02T15:00Z
    counts = heat([monday_eight], ZONE)
    assert counts[0][8] == 1 and sum(map(sum, counts)) == 1


def test_what_is_due_comes_soonest_first_and_is_not_of_one_month_alone() -> None:
    march = period(CONTRACT, TOLD, ZONE, Month(2025, 3), Month(2025, 3))
    whole = period(CONTRACT, TOLD, ZONE)
    assert list(march.due) == list(whole.due)
    deadlines = [v.deadline for v in whole.due]
    assert deadlines and deadlines == sorted(deadlines, key=lambda at: at or 0)
    assert all(at is not None and at > EVALUATION.as_of for at in deadlines)
    assert all(v.deadline is None for v in whole.standing)


def test_undetermined_verdicts_are_all_told_with_what_they_lack() -> None:
    whole = period(CONTRACT, TOLD, ZONE)
    unknown = [v for v in EVALUATION.verdicts if v.state == "undetermined"]
    assert {(v.duty, v.missing, v.subject) for v in unknown} == {
        (one.duty, one.missing, subject) for one in whole.undetermined for subject in one.subjects
    }


def test_the_share_kept_is_of_what_is_decided() -> None:
    lines = owed(period(CONTRACT, TOLD, ZONE).lines)
    decided = [tally.OUTCOME[v.state] for v in EVALUATION.verdicts if v.rule in ("duty", "target")]
    kept, broken = decided.count("kept"), decided.count("broken")
    assert share_kept(lines) == kept * 1000 // (kept + broken) / 10
    assert share_kept([]) is None
