"""The oracle itself: it reproduces the given cases, and the generator draws what it says it draws."""

from __future__ import annotations

import json
import random
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from .random_cases import COMPOSITE, features, random_case
from .stepper import DOUBTS, RANK, judge
from .wall import seconds, written

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


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_given_cases(case: Json) -> None:
    for evaluation in case["evaluations"]:
        expected = {name: value for name, value in evaluation["expect"].items() if name != "flags"}
        assert judged(case, evaluation) == expected, evaluation["as_of"]


def test_there_are_62_given_cases() -> None:
    assert len(CASES) == 62


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
    *(
        f"calendar {name}"
        for name in ("office", "lunch", "round", "night", "holiday", "irregular", "elsewhere")
    ),
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
    for case in drawn():
        doubts: set[str] = set()
        for evaluation in case["evaluations"]:
            states.update(entry["state"] for entry in judged(case, evaluation, doubts)["duties"].values())
        assert doubts <= set(DOUBTS)
        clean += not doubts
    assert (
        min(states[one] for one in ("pending", "suspended", "met", "breached", "ended", "undetermined")) >= 50
    )
    assert clean >= 0.75 * DRAWN


def test_what_changes_next_does_change_then_and_not_before() -> None:
    """R17 against R1: the look ahead and a later judgement of the same events must tell the same story."""
    looked = 0
    for case in drawn():
        evaluation = case["evaluations"][-1]
        now = judged(case, evaluation)
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
    for case in drawn():
        ending = {duty["name"] for duty in case["contract"]["duties"] if "while" in duty}
        for evaluation in case["evaluations"]:
            for name, entry in judged(case, evaluation)["duties"].items():
                if entry["state"] != "pending" or name.split("#")[0] in ending:
                    continue
                assert entry["next_change_at"] == entry["deadline"], case["id"]
                told += 1
    assert told >= 200


def _states(result: Json) -> tuple[Any, ...]:
    return ({name: entry["state"] for name, entry in result["duties"].items()}, result.get("status"))


# --- a few rules that the given cases do not show, reckoned by hand


def story(duties: list[Json], lines: list[str], as_of: str, **contract: Any) -> Json:
    """Lines of `HH:MM type [actor] [name=value ...]`, all on one day, in UTC; the provider's unless said."""
    events: list[Json] = []
    for number, line in enumerate(lines):
        at, kind, *rest = line.split()
        event: Json = {"id": f"e{number}", "type": kind, "at": f"2025-03-04T{at}:00Z", "actor": "provider"}
        event["facts"] = {}
        for word in rest:
            name, _, value = word.partition("=")
            if not value:
                event["actor"] = word
            elif name == "target":
                event["target"] = value
            else:
                event["facts"][name] = int(value) if value.isdigit() else value
        if kind == "corrected":
            event["set"] = {"facts": event.pop("facts")}
        events.append(event)
    whole = {"zone": "UTC", "duties": duties, **contract}
    result = judge(whole, events, f"2025-03-04T{as_of}:00Z")
    return {name: _short(entry) for name, entry in result["duties"].items()}


def _short(entry: Json) -> str:
    times = [entry.get(name) for name in ("triggered_at", "deadline", "performed_at")]
    shown = [entry["state"], *("-" if time is None else time[11:16] for time in times)]
    return " ".join([*shown, *(["owed"] if entry["owed"] else [])])


def duty(name: str, minutes: int | Json, act: str, event: str = "opened", **more: Any) -> Json:
    target = {"kind": "elapsed", "seconds": minutes * 60} if isinstance(minutes, int) else minutes
    how = {"events": [act], "actor": "provider"}
    return {"name": name, "trigger": {"event": event}, "target": target, "performed_by": how, **more}


def levels(*minutes: int) -> Json:
    rows = {
        str(level): {"kind": "elapsed", "seconds": one * 60} for level, one in enumerate(minutes, start=1)
    }
    return {"kind": "by_severity", "table": rows}


def test_recount_never_dates_a_breach_before_the_change() -> None:
    """R6."""
    duties = [duty("fix", levels(60, 480), "resolved", on_severity_change="recount", on_reopen="resume")]
    told = ["08:00 opened severity=2", "10:00 severity_changed severity=1"]
    assert story(duties, told, "11:00") == {"fix#1": "breached 08:00 10:00 - owed"}
    assert story(duties, [*told, "10:00 resolved"], "11:00") == {"fix#1": "met 08:00 10:00 10:00"}


def test_the_first_assignment_lets_the_duty_run_from_its_own_start() -> None:
    """R9, R24: with the floor; a correction answers without one."""
    duties = [duty("fix", levels(60, 480), "resolved", on_severity_change="restart", on_reopen="resume")]
    assert story(duties, ["08:00 opened"], "08:30") == {"fix#1": "undetermined 08:00 - -"}
    late = ["08:00 opened", "10:00 severity_changed severity=1"]
    assert story(duties, late, "11:00") == {"fix#1": "breached 08:00 10:00 - owed"}
    early = ["08:00 opened", "08:30 severity_changed severity=1"]
    assert story(duties, early, "08:45") == {"fix#1": "pending 08:00 09:00 - owed"}
    corrected = ["08:00 opened", "10:00 corrected target=e0 severity=1"]
    assert story(duties, corrected, "10:30") == {"fix#1": "breached 08:00 09:00 - owed"}


def test_reopening() -> None:
    """R7: on the newest instance, what the resolution performed."""
    told = ["08:00 opened", "09:00 resolved", "12:00 reopened customer"]
    for rule, expected in (
        ("resume", {"fix#1": "pending 08:00 13:00 - owed"}),
        ("restart", {"fix#1": "met 08:00 10:00 09:00", "fix#2": "pending 12:00 14:00 - owed"}),
        ("ignore", {"fix#1": "met 08:00 10:00 09:00"}),
    ):
        assert story([duty("fix", 120, "resolved", on_reopen=rule)], told, "12:30") == expected
    late = ["08:00 opened", "11:00 resolved", "12:00 reopened customer"]
    fix = duty("fix", 120, "resolved", on_reopen="resume")
    assert story([fix], late, "12:30") == {"fix#1": "breached 08:00 10:00 - owed"}
    assert story([fix], [*late, "13:00 resolved"], "14:00") == {"fix#1": "breached 08:00 10:00 13:00"}


def test_a_suspended_duty_has_no_deadline() -> None:
    """R16, R18."""
    duties = [duty("answer", 60, "responded", paused_while=["customer"])]
    told = ["08:00 opened", "08:30 waiting on=customer"]
    assert story(duties, told, "12:00") == {"answer#1": "suspended 08:00 - - owed"}
    assert story(duties, [*told, "11:00 responded"], "12:00") == {"answer#1": "met 08:00 - 11:00"}
    resumed = [*told, "11:00 resumed customer"]
    assert story(duties, resumed, "11:10") == {"answer#1": "pending 08:00 11:30 - owed"}


def test_endings_and_what_was_breached_before() -> None:
    """R1, R19: ended beats breached; an earlier breach stands and is no longer owed."""
    duties = [duty("answer", 60, "responded"), duty("fix", 120, "resolved", on_reopen="resume")]
    told = ["08:00 opened", "10:00 closed"]
    assert story(duties, told, "11:00") == {"answer#1": "breached 08:00 09:00 -", "fix#1": "ended 08:00 - -"}


def test_retractions_can_be_retracted() -> None:
    """R3."""
    duties = [duty("answer", 60, "responded")]
    told = ["08:00 opened", "08:30 responded", "11:00 retracted target=e1"]
    assert story(duties, told, "11:00") == {"answer#1": "breached 08:00 09:00 - owed"}
    again = [*told, "12:00 retracted target=e2"]
    assert story(duties, again, "11:00") == {"answer#1": "met 08:00 09:00 08:30"}


def test_the_sooner_and_the_later_and_what_they_run_from() -> None:
    """R33, and R7: a time that began before its trigger stood still before it."""
    two = [{"kind": "elapsed", "seconds": 4 * 3600}, {"kind": "elapsed", "seconds": 3600, "after": "acknowledged"}]
    for kind, before, after in (
        ("sooner_of", "breached 08:00 12:00 - owed", "pending 08:00 10:00 - owed"),
        ("later_of", "pending 08:00 - - owed", "pending 08:00 12:00 - owed"),
    ):
        duties = [duty("answer", {"kind": kind, "of": two}, "responded")]
        assert story(duties, ["08:00 opened"], "12:30") == {"answer#1": before}
        assert story(duties, ["08:00 opened", "09:00 acknowledged"], "09:30") == {"answer#1": after}
    since = {"kind": "elapsed", "seconds": 2 * 3600, "after": "acknowledged"}
    told = ["08:00 opened", "09:00 acknowledged", "09:30 waiting on=customer", "10:30 resumed customer", "10:40 asked"]
    calling = [duty("call", since, "responded", event="asked", paused_while=["customer"])]
    assert story(calling, told, "11:00") == {"call#1": "pending 10:40 12:00 - owed"}
    running = [duty("call", since, "responded", event="asked")]
    assert story(running, told, "12:00") == {"call#1": "breached 10:40 11:00 - owed"}


def test_a_ticket_keeps_the_terms_of_its_opening() -> None:
    """R27: an amendment is in force from its date's first instant."""
    amended = [{"from": "2025-03-04", "duties": [duty("answer", 30, "responded")]}]
    for since, expected in (("2025-03-04", "08:30"), ("2025-03-05", "09:00")):
        amended[0]["from"] = since
        seen = story([duty("answer", 60, "responded")], ["08:00 opened"], "08:10", versions=amended)
        assert seen == {"answer#1": f"pending 08:00 {expected} - owed"}


def test_an_act_of_unknown_actor() -> None:
    """R23: undetermined, as no certain act came in time."""
    fix = duty("fix", 60, "responded")
    events = [
        {"id": "e1", "type": "opened", "at": "2025-03-04T08:00:00Z", "actor": "customer"},
        {"id": "e2", "type": "responded", "at": "2025-03-04T08:30:00Z"},
    ]
    result = judge({"zone": "UTC", "duties": [fix]}, events, "2025-03-04T10:00:00Z", None)
    assert result["duties"]["fix#1"]["missing"] == ["actor of e2"]


def test_a_boundary_act_serves_the_ending_period() -> None:
    """R4."""
    duties = [
        duty("news", 60, "updated", recurring={"mode": "rolling"}, until=["resolved"], on_reopen="ignore")
    ]
    told = ["08:00 opened", "09:00 updated", "09:30 resolved"]
    expected = {"news#1": "met 08:00 09:00 09:00", "news#2": "ended 09:00 - -"}
    assert story(duties, told, "12:00") == expected
