"""Scenarios with a table of examples: one outcome for each row, and mistakes that point into the row."""

from __future__ import annotations

import re

import pytest

from slarules.diagnostics import Diagnostic
from slarules.scenario.reading import read_all
from slarules.scenario.run import Outcome, run
from slarules.scenario.script import Script
from slarules.source import Source
from slarules.syntax.format import format_policy
from slarules.syntax.parse import parse
from tests.scenario.conftest import contract

HEAD = 'slarules 1\n\nscenarios of "policy.sla"\n\n'
LEVELS = '''scenario "level <level> by <channel> is fixed by <due>" in America/Denver
  supplied TrakHolidays none known until 2027-01-01
  2026-03-02 <at>  T1 opened by Customer, channel <channel>, severity <level>
  expect T1 fix pending, due at <due>
  <due>  T1 resolved by Trak, <word>
  expect T1 fix <state>
  examples
    | level | channel   | at    | due              | word          | state                     |
    | 1     | email     | 08:00 | 16:00            | satisfied     | met at 16:00              |
    | 2     | telephone | 12:00 | 2026-03-03 11:00 | not satisfied | suspended                 |
    | 2     | email     | 09:00 | 17:00            | note "a|b"    | undetermined for want of satisfied |
'''


def read(text: str) -> tuple[tuple[Script, ...], list[Diagnostic]]:
    tree, spelling = parse(Source("s.sla", HEAD + text))
    scripts, problems = read_all(contract(), tree.scenarios)
    return scripts, [*spelling, *problems]


def outcomes(text: str) -> list[Outcome]:
    scripts, problems = read(text)
    assert not problems, [(str(p.span), p.message) for p in problems]
    return [run(contract(), script) for script in scripts]


def test_each_row_is_a_scenario_of_its_own() -> None:
    found = outcomes(LEVELS)
    assert [(o.script.title, o.script.span.line, o.passed) for o in found] == [
        ("level 1 by email is fixed by 16:00", 13, True),
        ("level 2 by telephone is fixed by 2026-03-03 11:00", 14, True),
        ("level 2 by email is fixed by 17:00", 15, True),
    ]
    assert all(o.script.block is not None and o.script.block.line == 5 for o in found)


def test_a_row_that_fails_is_that_row_alone() -> None:
    found = outcomes(LEVELS.replace("| met at 16:00 ", "| met at 15:59 "))
    assert [o.passed for o in found] == [False, True, True]


def test_rows_that_the_title_does_not_tell_apart_are_told_apart_by_their_words() -> None:
    text = 'scenario "{}" in UTC\n  2026-03-02 08:00  T1 opened by Customer, severity <s>\n  examples\n' \
           '    | s |\n    | 1 |\n    | 2 |\n'
    assert [o.script.title for o in outcomes(text.format("a level"))] == ["a level (s 1)", "a level (s 2)"]
    text = text.replace("severity <s>", "severity <s>, channel <c>").replace("| s |", "| s | c |")
    text = text.replace("| 1 |", "| 1 | email |").replace("| 2 |", "| 1 | web |")
    assert [o.script.title for o in outcomes(text.format("level <s>"))] == [
        "level 1 (s 1, c email)", "level 1 (s 1, c web)",
    ]


WRONG = {
    "a word of a row": ("severity <s>", "| s |\n    | 1 |\n    | 3 |", ("E0810", 10, "3")),
    "a line that a row breaks": ("severity <s>", "| s |\n    | 1 and |", ("E0201", 9, "and")),
    "a placeholder without a column": ("severity <level>", "| s |\n    | 1 |", ("E0822", 6, "<level>")),
    "a row too short": ("severity <s>, channel <c>", "| s | c |\n    | 1 |", ("E0823", 9, "| 1 |")),
    "a cell without words": ("severity <s>", "| s |\n    | |", ("E0201", 9, "|")),
    "a head alone": ("severity <s>", "| s |", ("E0823", 8, "| s |")),
    "a head that is no name": ("severity <s>", "| 1 |\n    | 1 |", ("E0822", 6, "<s>")),
    "a column twice": ("severity <s>", "| s | s |\n    | 1 | 2 |", ("E0823", 8, "s")),
    "a column that nothing uses": ("severity <s>", "| s | t |\n    | 1 | 2 |", ("W0804", 8, "t")),
    "no row at all": ("severity 1", "T1 opened", ("E0201", 8, "T1")),
}


@pytest.mark.parametrize("case", WRONG)
def test_mistakes_point_into_the_table(case: str) -> None:
    line, rows, wanted = WRONG[case]
    text = f'scenario "x" in UTC\n  2026-03-02 08:00  T1 opened by Customer, {line}\n  examples\n    {rows}\n'
    _, problems = read(text)
    assert wanted in [(p.code, p.span.line, p.span.text) for p in problems], [(p.code, str(p.span)) for p in problems]
    assert len([p for p in problems if p.code == wanted[0]]) == 1


def test_a_placeholder_needs_examples() -> None:
    _, problems = read('scenario "x" in UTC\n  2026-03-02 08:00  T1 opened by <who>\n')
    assert [(p.code, p.span.text) for p in problems] == [("E0205", "<")]
    assert "examples" in (problems[0].help or "")


def test_the_rows_of_a_mistaken_table_are_not_run() -> None:
    scripts, problems = read(LEVELS.replace("| 1     |", "| 7     |"))
    assert [p.code for p in problems] == ["E0810"] and len(scripts) == 2


def test_a_part_of_a_second_in_a_time() -> None:
    lines = 'scenario "x" in UTC\n  2026-03-02 08:00:00.5  T1 opened by Customer, channel email\n' \
            "  09:00:00.500001  T1 acknowledged by Trak\n" \
            "  expect T1 confirm breached at 09:00:00.5, performed late by 0.000001 seconds\n"
    assert outcomes(lines)[0].passed


def test_formatting_keeps_placeholders_and_sets_the_table_in_columns() -> None:
    formatted = format_policy(Source("s.sla", HEAD + re.sub(r"(\S) +\|", r"\1 |", LEVELS))).text
    assert formatted is not None and "severity <level>" in formatted
    rows = [line for line in formatted.splitlines() if line.lstrip().startswith("|")]
    assert len({tuple(i for i, c in enumerate(row.replace('"a|b"', '"a b"')) if c == "|") for row in rows}) == 1
