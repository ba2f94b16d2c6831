"""Comments that let a finding stand: where they reach, what they need, and what is told of them."""

from __future__ import annotations

import pytest

from slarules.lint.allowances import allowed
from slarules.source import Source
from tests.lint.pages import HEAD, lint

POLICY = """fact agreed_date of ticket: date

duty visit
  when ticket opened
  {above}
  Acme must respond to Client by the end of agreed_date{behind}
"""


def told(above: str = "-- ", behind: str = "", only: frozenset[str] | None = None) -> tuple[list[str], list[str]]:
    """The names of the findings that stand, and the reasons of those that are allowed."""
    done = lint(HEAD + POLICY.format(above=above, behind=behind), only=only)
    return [one.rule.name for one in done.findings], [reason for _, reason in done.allowed]


def test_without_a_comment_it_is_told() -> None:
    assert told() == (["moving-deadline"], [])


@pytest.mark.parametrize("above, behind", [
    ("-- allow moving-deadline: so agreed", ""),
    ("--allow moving-deadline : so agreed  ", ""),
    ("-- allow moving-deadline: so agreed\n  -- which is why", ""),
    ("-- allow moving-deadline: so agreed\n\n", ""),
    ("-- ", "  -- allow moving-deadline: so agreed"),
])
def test_a_comment_on_the_line_above_or_at_its_end_lets_it_stand(above: str, behind: str) -> None:
    assert told(above, behind) == ([], ["so agreed"])


def test_one_comment_may_allow_several_rules() -> None:
    names, reasons = told("-- allow moving-deadline, endless-pause: so agreed")
    assert (names, reasons) == (["allow-nothing"], ["so agreed"])


@pytest.mark.parametrize("comment, names", [
    ("-- allow moving-deadline", {"moving-deadline", "allow-without-reason"}),
    ("-- allow moving-deadline:  ", {"moving-deadline", "allow-without-reason"}),
    ("-- allow moving-dedline: so agreed", {"moving-deadline", "allow-unknown-rule"}),
    ("-- allow: so agreed", {"moving-deadline", "allow-unknown-rule"}),
    ("-- allow endless-pause: so agreed", {"moving-deadline", "allow-nothing"}),
    ("-- allow L0402: so agreed", {"moving-deadline", "allow-unknown-rule"}),
    ("-- allow two hours for it", {"moving-deadline"}),
    ("-- we allow moving-deadline: not a comment that allows", {"moving-deadline"}),
])
def test_a_comment_that_allows_wrongly_is_told_and_allows_nothing(comment: str, names: set[str]) -> None:
    assert set(told(comment)[0]) == names


def test_a_comment_reaches_one_line_and_no_further() -> None:
    policy = POLICY.replace("duty visit", "-- allow moving-deadline: so agreed\nduty visit")
    done = lint(HEAD + policy.format(above="-- ", behind=""))
    assert [one.rule.name for one in done.findings] == ["allow-nothing", "moving-deadline"]


def test_a_line_that_goes_on_is_one_line() -> None:
    policy = POLICY.replace("by the end", "by the sooner of within 9 days and\n    by the end")
    assert lint(HEAD + policy.format(above="-- ", behind="")).findings[0].diagnostic.span.line == 14
    done = lint(HEAD + policy.format(above="-- allow moving-deadline: so agreed", behind=""))
    assert (done.findings, len(done.allowed)) == ((), 1)


def test_a_quoted_comment_is_no_comment() -> None:
    source = Source("policy.sla", 'duty a "x -- allow moving-deadline: no"\n> -- allow moving-deadline: no\n')
    assert allowed(source) == ()


def test_a_rule_that_did_not_run_is_not_said_to_be_absent() -> None:
    only = frozenset({"never-used", "allow-nothing"})
    assert told("-- allow moving-deadline: so agreed", only=only) == ([], [])


def test_a_policy_with_errors_is_not_told_that_a_comment_allows_nothing() -> None:
    broken = POLICY.format(above="-- allow moving-deadline: so agreed", behind="").replace("when ticket", "when tickt")
    assert [one.rule.name for one in lint(HEAD + broken).findings] == []


def test_a_misspelt_name_has_its_mend() -> None:
    done = lint(HEAD + POLICY.format(above="-- allow moving-dedline: so agreed", behind=""))
    edits = [one.diagnostic.edit for one in done.findings if one.rule.name == "allow-unknown-rule"]
    assert [edit.text for edit in edits if edit is not None] == ["moving-deadline"]


def test_of_two_rules_that_are_allowed_the_one_without_a_finding_is_told() -> None:
    done = lint(HEAD + POLICY.format(above="-- allow moving-deadline, never-holds: so agreed", behind=""))
    assert [one.rule.name for one in done.findings] == ["allow-nothing"]
