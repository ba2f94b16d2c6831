"""The oracle itself: it reproduces the given cases, and the generator draws what it says it draws."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from .drawing.calendars import COMPOSITE, PERIODS
from .drawing.features import features
from .random_cases import random_case
from .stepper import judge
from .stepping.doubts import DOUBTS
from .stepping.log import RANK
from .wall import DAY, seconds, shown, written, zone

Json = dict[str, Any]

TABLE = Path(__file__).parent.parent / "tables" / "duty-cases.json"
CASES: list[Json] = json.loads(TABLE.read_text(encoding="utf-8"))["cases"]

DRAWN = 400


@cache
def drawn(doubtful: bool = False) -> list[Json]:
    return [random_case(random.Random(seed), doubtful=doubtful) for seed in range(DRAWN)]


def judged(case: Json, evaluation: Json, doubts: set[str] | None = None) -> Json:
    upto = evaluation.get("log_upto")
    return judge(case["contract"], case["events"], evaluation["as_of"], upto, doubts=doubts)


@cache
def answers() -> list[tuple[Json, list[Json], set[str]]]:
    """Each drawn case with what the stepper says at its instants, and the doubts that it met."""
    found = []
    for case in drawn():
        doubts: set[str] = set()
        found.append((case, [judged(case, one, doubts) for one in case["evaluations"]], doubts))
    return found


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_given_cases(case: Json) -> None:
    for evaluation in case["evaluations"]:
        expected = {name: value for name, value in evaluation["expect"].items() if name != "flags"}
        assert judged(case, evaluation) == expected, evaluation["as_of"]


def test_there_are_62_given_cases() -> None:
    assert len(CASES) == 62


@pytest.mark.parametrize(("period", "zone_name"), PERIODS)
def test_the_wall_shows_each_minute_what_it_is_taken_to_show(period: str, zone_name: str) -> None:
    """Between hours that go on by an hour it is not looked at."""
    first = seconds(f"{period}T00:00:00Z") // DAY
    for day in range(first - 2, first + 9):
        looks = [datetime.fromtimestamp(at, zone(zone_name)) for at in range(day * DAY, (day + 1) * DAY, 60)]
        told = [(ordinal, minute + more) for ordinal, minute, count in shown(zone_name, day) for more in range(count)]
        assert told == [(look.toordinal(), look.hour * 60 + look.minute) for look in looks]


def test_the_same_seed_draws_the_same_case() -> None:
    assert random_case(random.Random(7)) == random_case(random.Random(7))


COMMON = (
    *("target elapsed", "target business", "target business_days", "target civil", "target by_severity"),
    *("target none", "paused_while", "until", "while", "strict", "zero duration", "automatic replies"),
    *("trigger event", "trigger breach_of", "trigger when", "trigger unless", "consequence by severity"),
    *("severity recount", "severity restart", "severity keep", "severity up/down"),
    *("reopen resume", "reopen restart", "reopen ignore", "severity_changed_by", "presumed"),
    *("recurring rolling", "recurring each_day_of", "recurring consequence"),
    *("unknown fact", "unknown actor", "late record", "out of order", "duplicate", "sources", "log position"),
    *(
        "event waiting",
        "event resumed",
        "event resolved",
        "event reopened",
        "event closed",
        "event cancelled",
    ),
    *("event severity_changed", "event corrected", "event retracted", "event asked", "event updated"),
    *(f"calendar {name}" for name in ("office", "lunch", "round", "night", "holiday", "irregular", "elsewhere")),
    *(f"calendar {name}" for name in COMPOSITE),
)
SHOWN = ("pending", "suspended", "met", "breached", "ended", "undetermined")
RARE = ("unknown fact, answered", "unknown severity", "term", "right", "event hours_logged")


def test_every_feature_is_drawn() -> None:
    counts = Counter(name for case in drawn() for name in features(case))
    assert {name: counts[name] for name in COMMON if counts[name] < 10} == {}
    assert {name: counts[name] for name in RARE if counts[name] < 3} == {}


def test_what_is_drawn_only_where_it_is_asked_for() -> None:
    """R27, R33: amendments, times that run from milestones, the sooner and the later."""
    names = ("version", "milestone", "target sooner_of", "target later_of")
    counts = Counter(name for seed in range(60) for name in features(random_case(random.Random(seed), wide=True)))
    assert {name: counts[name] for name in names if counts[name] < 8} == {}
    assert not {name for case in drawn() for name in features(case)} & set(names)


TOGETHER = (
    *("choices", "supplied", "tie", "term of days", "otherwise", "target date_fact", "trigger both", "trigger actor"),
    *("event elected", "event out_of_scope", "event paid", "event recorded", "event hours_logged", "target none"),
)


def test_what_is_drawn_where_several_constructs_meet() -> None:
    cases = [random_case(random.Random(seed), together=True) for seed in range(120)]
    counts = Counter(name for case in cases for name in features(case))
    assert {name: counts[name] for name in TOGETHER if counts[name] < 5} == {}


FURTHER = (
    *("performed if", "target by_fact", "target next_close", "next_opening", "until_by"),
    *("trigger remain", "trigger used", "trigger outcome", "trigger during", "trigger outside"),
)


def test_what_else_is_drawn_where_it_is_asked_for() -> None:
    """R9, R23: acts that count only if; R6: times by a fact; warnings, hours, and what follows a duty."""
    cases = [random_case(random.Random(seed), further=True) for seed in range(200)]
    counts = Counter(name for case in cases for name in features(case))
    assert {name: counts[name] for name in FURTHER if counts[name] < 5} == {}


def test_drawn_cases_are_valid() -> None:
    for case in drawn() + drawn(doubtful=True):
        contract, events = case["contract"], case["events"]
        names = [duty["name"] for duty in contract["duties"]]
        assert len(set(names)) == len(names)
        known = {*contract.get("calendars", {}), "always"}
        for calendar in contract.get("calendars", {}).values():
            for how in ("union", "intersection", "minus"):
                assert known.issuperset(calendar.get(how, ()))
        for duty in contract["duties"]:
            rows = duty["target"].get("table", {"": duty["target"]})
            assert set(rows) in ({""}, {"1", "2", "3"})
            assert {row.get("calendar", "always") for row in rows.values()} <= known
            assert ("on_severity_change" in duty) == (duty["target"]["kind"] == "by_severity")
            assert duty["trigger"].get("breach_of", names[0]) in names
            ends = {*duty["performed_by"]["events"], *duty.get("until", ())}
            assert "resolved" not in ends or "on_reopen" in duty  # R7
        ids = {event["id"] for event in events}
        assert all(event.get("target", event["id"]) in ids for event in events)
        assert all(seconds(event["at"]) % 60 == 0 for event in events)
        assert all(seconds(evaluation["as_of"]) % 60 == 0 for evaluation in case["evaluations"])
        assert {event["type"] for event in events} <= {*RANK, "informed", "corrected", "retracted"}


def test_drawn_cases_come_to_every_state_and_are_rarely_doubtful() -> None:
    states: Counter[str] = Counter()
    clean = 0
    for _, results, doubts in answers():
        for result in results:
            states.update(entry["state"] for entry in result["duties"].values())
        assert doubts <= set(DOUBTS)
        clean += not doubts
    assert min(states[one] for one in ("pending", "suspended", "met", "breached", "ended", "undetermined")) >= 50
    assert clean >= 0.75 * DRAWN


def test_what_changes_next_does_change_then_and_not_before() -> None:
    """R17 against R1: the look ahead and a later judgement of the same events must tell the same story."""
    looked = 0
    for case, results, _ in answers():
        evaluation, now = case["evaluations"][-1], results[-1]
        if now["next_change_at"] is None:
            continue
        upto, until = evaluation.get("log_upto"), seconds(evaluation["as_of"])
        telling = ("corrected", "retracted")  # they act whenever they are dated (R3)
        log = case["events"] if upto is None else case["events"][:upto]
        if any(event["type"] in telling for event in log):
            continue
        events = [event for event in log if seconds(event["at"]) <= until]
        then = judge(case["contract"], events, now["next_change_at"], None)
        minute_before = seconds(now["next_change_at"]) - 60
        before = judge(case["contract"], events, str(written(max(until, minute_before))), None)
        assert _states(before) == _states(now), case["id"]
        assert _states(then) != _states(now), case["id"]
        looked += 1
    assert looked >= 60


def test_a_pending_duty_is_breached_at_the_deadline_that_was_foretold() -> None:
    told = 0
    for case, results, _ in answers():
        ending = {duty["name"] for duty in case["contract"]["duties"] if "while" in duty}
        for result in results:
            for name, entry in result["duties"].items():
                if entry["state"] != "pending" or name.split("#")[0] in ending:
                    continue
                assert entry["next_change_at"] == entry["deadline"], case["id"]
                told += 1
    assert told >= 200


def _states(result: Json) -> tuple[Any, ...]:
    return ({name: entry["state"] for name, entry in result["duties"].items()}, result.get("status"))
