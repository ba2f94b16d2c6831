"""The rules R1 to R36 in the product's own language: every scenario of this folder is a test of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.engine import test_bad_events, test_rules
from tests.rules.scripts import cases, unseen

FILES = sorted(Path(__file__).parent.glob("*.sla"))
CASES = list(cases(FILES))
MORE = list(cases(sorted(Path(__file__).parent.glob("*/*.sla"))))
"""By theme: what several rules say together, and constructs that no rule names, as amounts, tables and people."""
RULES = [f"R{number}" for number in range(1, 37)]

IN_PYTHON = {
    "R3": ["test_the_log_position_cuts_what_is_known"],
    "R4": ["test_every_one_day_is_refused"],
    "R8": ["test_a_guarded_consequence_must_say_what_later_changes_do"],
    "R7": [
        "test_a_duty_that_a_resolution_performs_must_say_what_reopening_does",
        "test_lateness_on_two_clocks",
    ],
    "R10": ["test_a_circle_without_time_is_refused", "test_a_vanished_consequence_leaves_a_revision"],
    "R11": ["test_identity_outlives_the_number", "test_no_two_verdicts_have_one_identity"],
    "R12": ["test_an_order_that_decides_is_flagged", "test_an_order_that_decides_nothing_is_not_flagged"],
    "R13": ["test_lateness_on_two_clocks", "test_consumed_stops_when_nothing_is_owed"],
    "R14": ["test_dates_have_no_margin"],
    "R16": ["test_performed_while_suspended_has_no_deadline"],
    "R17": ["test_nothing_changes_any_more", "test_next_change_of_one_verdict"],
    "R24": ["test_definitions_flag_a_dispute"],
    "R26": ["test_one_cell_with_two_values_is_refused", "test_one_duty_may_cite_several_places"],
    "R28": ["test_no_time_between_is_refused"],
    "R31": ["test_a_calendar_must_state_gap_and_fold"],
    "R34": ["test_the_crossing_entry_is_split"],
}
"""Rules, or sentences of them, that no scenario can show → tests in tests/engine/test_rules.py that do."""


@pytest.mark.parametrize(
    ("path", "number"),
    [case[:2] for case in CASES],
    ids=[f"{path.stem}: {title}" for path, _, title in CASES],
)
def test_the_rule_is_carried_out(path: Path, number: int) -> None:
    assert unseen(path, number) == []


@pytest.mark.parametrize(
    ("path", "number"), [case[:2] for case in MORE], ids=[f"{path.stem}: {title}" for path, _, title in MORE]
)
def test_the_construct_means_what_it_says(path: Path, number: int) -> None:
    assert unseen(path, number) == []


def test_every_rule_is_shown() -> None:
    shown = {match.group() for _, _, title in CASES if (match := re.match(r"R\d+(?=:)", title))}
    assert sorted(set(RULES) - shown - set(IN_PYTHON)) == []
    assert sorted((shown | set(IN_PYTHON)) - set(RULES)) == []


def test_every_scenario_stands_in_its_rules_file() -> None:
    wrong = [title for path, _, title in CASES if title.split(":")[0] != f"R{int(path.stem[1:3])}"]
    assert wrong == []


def test_the_tests_named_above_exist() -> None:
    tests = {**vars(test_rules), **vars(test_bad_events)}
    named = [name for names in IN_PYTHON.values() for name in names]
    assert [name for name in named if not callable(tests.get(name))] == []
