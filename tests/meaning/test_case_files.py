"""Files of cases as others may write them: every field and spelling, and files that are not fit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import clock_cases, duty_cases
from tests.case_files import read

TABLES = Path(__file__).parents[1] / "tables"
DUTIES = read(TABLES / "duty-cases-by-hand.json")
CLOCKS = read(TABLES / "clock-cases-by-hand.json")
OPENED = {"type": "opened", "at": "2025-03-04T08:00:00Z"}
DUTY = {"name": "answer", "trigger": {"event": "opened"}, "target": {"kind": "elapsed", "seconds": 60}}
WEEK = {"tz": "UTC", "weekly": {"mon": [["09:00", "17:00"]]}}
MONDAY = "2025-03-03T08:00:00Z"
CREATED = {"type": "created", "at": MONDAY}


@pytest.mark.parametrize("case", DUTIES, ids=lambda case: case["id"])
def test_duties_reckoned_by_hand(case: dict[str, Any]) -> None:
    """R1 to R35 in the fields and spellings that the table of cases does not show."""
    assert duty_cases.disagreements(case) == []


def test_open_time_and_tickets_reckoned_by_hand() -> None:
    """Over changes of clocks, lost days and odd zones, by a walk through the windows that shares nothing with us."""
    assert {case["id"]: found for case in CLOCKS if (found := clock_cases.disagreements(case))} == {}


def _duties(**changes: Any) -> dict[str, Any]:
    return {"id": "odd", "contract": {"duties": [DUTY]}, "events": [OPENED], "evaluations": [], **changes}


def _clock(kind: str, told: dict[str, Any], expect: Any, **calendar: Any) -> dict[str, Any]:
    return {"id": "odd", "kind": kind, "calendar": {**WEEK, **calendar}, "input": told, "expect": expect}


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("a text", "case 1: could not be judged: an object is needed, this is a text"),
        ({}, "case 1: could not be judged: `case.contract` is missing"),
        (_duties(contract=[]), "`case.contract` must be an object, and is a list"),
        (_duties(events=[{"type": "opened"}], evaluations=[{}]), "`events[0].at` is missing"),
        (_duties(events=[{**OPENED, "at": "2025-03-04T08:00:00"}]), "a naive time is not an instant"),
        (_duties(contract={"duties": [{"name": "answer"}]}), "`contract.duties[0].trigger` is missing"),
        (_duties(contract={"duties": [{**DUTY, "target": {"kind": "magic"}}]}), "unknown kind: `magic`"),
        (_duties(contract={"duties": [{**DUTY, "on_reopen": "dance"}]}), "`on_reopen` is resume, restart, ignore"),
        (_duties(contract={"duties": [{**DUTY, "while": {"moon": 1}}]}), "a condition of an unknown kind: `moon`"),
        (_duties(contract={"zone": "Mars/Base"}), "E0520 there is no zone `Mars/Base`"),
        (_duties(evaluations=[{"as_of": MONDAY}]), "`evaluations[0].expect` is missing"),
        (_duties(evaluations=[None]), "`evaluations[0]` must be an object, and is nothing"),
        (_duties(evaluations=[{"as_of": MONDAY, "expect": {"flags": [{}]}}]), "expect.flags[0]` must be a text"),
        (_duties(evaluations=[{"as_of": MONDAY, "expect": {"moon": 1}}]), "`expect.moon` is not known here"),
        (_duties(evaluations=[{"as_of": MONDAY, "log_upto": "all", "expect": {}}]), "must be a whole number"),
        (_duties(evaluations=[{"as_of": MONDAY, "log_upto": -1, "expect": {}}]), "[0].log_upto` is -1, and"),
        (_duties(), "`case.evaluations` asks for nothing"),
        (_duties(id="\ud800 of\ntwo lines", contract=[]), "\\ud800 of two lines: could not be judged"),
        (_duties(contract={"duties": [{**DUTY, "until": {}}]}), "`contract.duties[0].until` must be a text, and is an"),
        (_duties(contract={"duties": [{**DUTY, "recurring": -1}]}), "`recurring` is rolling or each_day_of, not -1"),
        (_duties(contract={"versions": [{"from": "2025-01-01", "duty": 1}]}), "an amendment says no `duties`"),
        (_duties(evaluations=[{"as_of": MONDAY, "expect": {"flags": ["moon"]}}]), "flags: expected ['moon'], seen []"),
        (_duties(contract={"duties": [{**DUTY, "recurring": "rolling", "strict": True}]}), "`strict` cannot be said"),
        (_duties(contract={"duties": [{**DUTY, "recurring": True, "target": None}]}), "and no target `none`"),
        (_duties(contract={"duties": [{**DUTY, "target": {"kind": "date_fact", "fact": "d"}, "strict": True}]}), "`st"),
        (_duties(moon=1), "`case` says what is not known here: `moon`"),
        (_duties(contract={"duties": [DUTY], "moon": 1}), "`contract` says what is not known here: `moon`"),
        (_duties(contract={"calendars": {"BH": {"moon": 1}}}), "`contract.calendars.BH` says what is not known"),
        (_duties(contract={"duties": [{**DUTY, "moon": 1}]}), "`duty answer` says what is not known here: `moon`"),
        (_duties(contract={"duties": [{**DUTY, "trigger": {"event": "opened", "moon": 1}}]}), "trigger` says what is"),
        (_duties(contract={"duties": [{**DUTY, "performed_by": {"moon": 1}}]}), "performed_by` says what is not known"),
        (_duties(contract={"duties": [{**DUTY, "target": {"kind": "none", "moon": 1}}]}), "target` says what is not"),
        (_duties(contract={"duties": [{**DUTY, "target": {"kind": "civil", "rounding": "up"}}]}), "says no days"),
        (_duties(contract={"term": {"months": 1, "moon": 1}}), "`contract.term` says what is not known here: `moon`"),
        (_duties(contract={"term": {"reinstates": "moon"}}), "`contract.term.reinstates` is from_expiry, from_event"),
        (_duties(contract={"versions": [{"from": "2025-01-01", "duties": [], "zone": "UTC"}]}), "known here: `zone`"),
        (_duties(events=[{**OPENED, "severity": 1}]), "`events[0]` says what is not known here: `severity`"),
        (_duties(evaluations=[{"as_of": MONDAY, "expect": {}, "moon": 1}]), "`evaluations[0]` says what is not known"),
        (_duties(evaluations=[{"as_of": MONDAY, "expect": {"status": "open"}}]), "the contract has no `term`"),
        (_duties(contract={"duties": [{**DUTY, "until": [None]}]}), "`contract.duties[0].until[0]` must be a text"),
        (_duties(contract={"versions": [[]]}), "`contract.versions[0]` must be an object, and is a list"),
        (_duties(contract={"calendars": {"BH": {"closed": [3]}}}), "BH.closed[0]` must be a text, and is"),
        (_duties(contract={"calendars": {"BH": {"known_until": "99"}}}, evaluations=[{}]), "known_until` names a date"),
        (_duties(contract={"choices": [{"name": "c", "options": {"a": 3}}]}), "choices[0].options.a` must be a list"),
    ],
)
def test_an_unfit_duty_case_is_told_and_hides_no_other(
    case: Any, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _beside_a_fit_one(duty_cases.main, case, DUTIES[0], tmp_path, capsys, said)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ({"kind": "odd"}, "no kind is called `odd`: there are add_business_time"),
        (_clock("add_business_time", {"start": MONDAY}, {"at": None}), "`input.add` is missing"),
        (_clock("add_business_time", {"start": MONDAY, "add": {"moons": 1}}, {"at": None}), "no unit `moons`"),
        (_clock("add_business_time", {"start": MONDAY, "add": {"hours": 1}}, {"at": None, "moon": 1}), "here: `moon`"),
        (_clock("sla_ticket", {"escalation": {"offset_from_due": {"hours": "x"}}}, {}), "from_due.hours` must b"),
        (_clock("add_business_time", {"start": 3, "add": {"hours": 1}}, {"at": None}), "`input.start` must be a text"),
        (_clock("add_business_time", {}, {}, tz="Mars"), "no zone is called `Mars`"),
        (_clock("add_business_time", {}, {}, weekly={"mon": [["25:00", "26:00"]]}), "'25:00' is no wall-clock time"),
        (_clock("elapsed_business_time", {"start": MONDAY, "end": MONDAY}, {"moons": 0}), "and here moons"),
        (_clock("sla_ticket", {}, {}), "`input.targets` is missing"),
        (_clock("sla_ticket", {"targets": {"resolution": {}}, "events": []}, {}), "says no time"),
        (_clock("sla_ticket", {"targets": {}, "events": [CREATED]}, {}), "`expect` of a ticket expects nothing"),
        (_clock("sla_ticket", {"targets": {"resolution": {"minutes": "x"}}}, {}), "resolution.minutes` must be a n"),
        (_clock("sla_ticket", {"events": [{"at": MONDAY, "type": "x", "state": 3}]}, {}), "events[0].state` must be"),
        (_clock("elapsed_business_time", {}, {}, holidays="2025-01-01"), "`calendar.holidays` must be a list"),
        (_clock("elapsed_business_time", {"moon": 1}, {}), "`input` says what is not known here: `moon`"),
        (_clock("elapsed_business_time", {}, {}, moon=1), "`calendar` says what is not known here: `moon`"),
        (_clock("sla_ticket", {"targets": {"moon": {"minutes": 1}}, "events": []}, {}), "and not `moon`"),
        (
            _clock("sla_ticket", {"targets": {}, "events": [CREATED]}, {"update": {"moon": None}}),
            "`moon` is no field of a target",
        ),
        (_clock("sla_ticket", {"targets": {"update": {"minutes": 1, "moon": 1}}}, {}), "update` says what is not"),
        (_clock("sla_ticket", {"events": [{"at": MONDAY, "type": "moon"}]}, {}), "type` is not known here: `moon`"),
        (_clock("sla_ticket", {"events": [{**CREATED, "moon": 1}]}, {}), "events[0]` says what is not known here"),
        (_clock("sla_ticket", {"paused_states": [None]}, {}), "`input.paused_states[0]` must be a text, and"),
    ],
)
def test_an_unfit_clock_case_is_told_and_hides_no_other(
    case: Any, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _beside_a_fit_one(clock_cases.main, case, CLOCKS[0], tmp_path, capsys, said)


def _beside_a_fit_one(
    main: Callable[[list[str]], int],
    case: Any,
    fit: Any,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    said: str,
) -> bool:
    (folder / "cases.json").write_text(json.dumps([case, fit]), "utf-8")
    assert main([str(folder / "cases.json")]) == 1
    *lines, last = capsys.readouterr().out.splitlines()
    assert last == "1 passed, 1 failed"
    return len(lines) == 1 and said in lines[0]


@pytest.mark.parametrize("main", [duty_cases.main, clock_cases.main])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", ":1:2: is not JSON"),
        (b"\xff", "is not UTF-8 (byte 0)"),
        (b'{"cases": 3}', "holds no cases"),
        (None, "cannot be read: No such file"),
        (b"[" + b"1" * 5000 + b"]", "is not JSON that can be read: Exceeds the limit"),
    ],
)
def test_an_unfit_file_is_told(
    main: Callable[[list[str]], int],
    content: bytes | None,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "cases.json"
    if content is not None:
        file.write_bytes(content)
    assert main([str(file)]) == 2
    told = capsys.readouterr()
    assert told.out == "" and said in told.err and len(told.err.splitlines()) == 1
    assert main([]) == 2


def test_who_stops_reading_stops_the_run(tmp_path: Path) -> None:
    """`… FILE | head` ends without a word."""
    file = tmp_path / "cases.json"
    file.write_text("[3]", "utf-8")
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "wb") as unread:
        command = [sys.executable, "-m", "tests.clock_cases", str(file)]
        ran = subprocess.run(command, cwd=TABLES.parents[1], stdout=unread, stderr=subprocess.PIPE, check=False)
    assert (ran.returncode, ran.stderr) == (141, b"")
