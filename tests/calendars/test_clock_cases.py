"""Every case of the table, each a test of its own; the few that our rules decide otherwise are named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.case_files import Case, read
from tests.clock_cases import disagreements, main

TABLE = Path(__file__).parents[1] / "tables" / "clock-cases.json"

DIFFERS = {
    "zam-09-closed-late": "R7",
    "glpi-la-5d-pauses-ttr": "R15",
    "glpi-la-4h-multiday-tto": "R15 (its escalation)",
}
"""Cases whose source decides otherwise than our rules, with the rule."""

CASES = read(TABLE)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_clock_case(case: Case) -> None:
    found = disagreements(case)
    if case["id"] in DIFFERS:
        assert found, f"agrees with its source after all, against {DIFFERS[case['id']]}"
    else:
        assert found == []


def test_the_named_differences_are_in_the_table() -> None:
    assert DIFFERS.keys() <= {case["id"] for case in CASES}


def changed(case_id: str, **changes: object) -> Case:
    """A case of the table with other contents."""
    return {**next(case for case in CASES if case["id"] == case_id), **changes}


def test_fields_the_table_does_not_show() -> None:
    start = {"start": "2014-08-01T08:00:00Z"}
    for add, direction, end in (
        ({"hours": 3.5}, "forward", "2014-08-01T12:30:00Z"),
        ({"hours": -1}, "backward", "2014-08-01T10:00:00Z"),
        ({"hours": -1}, "forward", "2014-07-31T16:00:00Z"),
        ({"minutes": 0}, "backward", "2014-07-31T17:00:00Z"),
        ({"days_of_24h": 1, "seconds": 1}, "forward", "2014-08-06T09:00:01Z"),
        ({"business_days": 1, "hours": 1}, "forward", "2014-08-05T10:00:00Z"),
        ({"business_days": 1}, "backward", "2014-07-31T17:00:00Z"),
    ):
        given = {**start, "add": add, "direction": direction}
        assert disagreements(changed("pd-bh-2", input=given, expect={"at": end})) == []
    assert disagreements(changed("pd-bh-2", expect={"at": "2014-08-01T11:00:00Z"})) == [
        "at: expected 2014-08-01T11:00:00Z, got 2014-08-01T10:00:00Z"
    ]


def test_reversed_input_has_a_sign_where_the_source_says_so() -> None:
    for case_id in ("wh-between-reversed", "biz-within-reversed"):
        for note in ("", None):
            assert disagreements(changed(case_id, **({} if note is None else {"note": note}))) == []
    assert disagreements(changed("biz-within-reversed", note="negative")) == [
        "seconds: expected 0, got -142200",
        "minutes: expected 0, got -2370",
    ]


def test_the_command_prints_disagreements_and_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cases.json"
    wrong = changed("pd-bh-2", expect={"at": "2014-08-01T11:00:00Z"})
    file.write_text(json.dumps({"cases": [changed("pd-bh-2"), wrong, changed("pd-bh-2", kind="odd")]}))
    assert main([str(file)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "pd-bh-2 (add_business_time): at: expected 2014-08-01T11:00:00Z, got 2014-08-01T10:00:00Z",
        "pd-bh-2 (odd): could not be judged: no kind is called `odd`: there are "
        "add_business_time, elapsed_business_time, sla_ticket",
        "1 passed, 2 failed",
    ]
    file.write_text(json.dumps([changed("pd-bh-2")]))
    assert main([str(file)]) == 0
    assert main([]) == 2
