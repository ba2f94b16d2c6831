"""Each rule has its page, and each page's examples do what the page says: the bad is told, the good is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from slarules.analysis.rules import BY_NAME, RULES
from slarules.cli.lint_text import example as shown
from tests.lint.pages import FOLDER, UNTRIED, Example, examples, failing, lint, pages

EXAMPLES = examples()
CODES = {rule.code: rule for rule in RULES}
SECTIONS = ("Avoid", "Prefer", "Why", "From which contract")


def test_each_rule_has_its_page_and_each_page_its_rule() -> None:
    assert [page.stem for page in pages()] == [rule.code for rule in RULES]


def test_codes_and_names_are_one_each() -> None:
    assert len(CODES) == len(BY_NAME) == len(RULES)
    for rule in RULES:
        assert re.fullmatch(r"L\d{4}", rule.code) and re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
        assert rule.says[0].islower() and not rule.says.endswith(".")


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_a_page_says_what_to_avoid_what_to_prefer_and_why(page: Path) -> None:
    text = page.read_text("utf-8")
    assert text.startswith(f"# {page.stem}: {CODES[page.stem].name}\n")
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == SECTIONS
    for section in SECTIONS:
        assert re.search(rf"^## {section}\n\n\S", text, re.MULTILINE), f"nothing under {section}"
    kinds = [fence.fence.info[1] for fence in EXAMPLES if fence.page == page.stem]
    assert "bad" in kinds and "good" in kinds


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_is_told_what_it_should_be_and_nothing_else(example: Example) -> None:
    rule = CODES[example.page]
    only = frozenset(BY_NAME) if rule.name == UNTRIED else None
    done = lint(example.text, example.words, only)
    assert failing(done) == []
    assert done.unconfirmed == ()
    told = {(one.rule.name, one.diagnostic.span.line) for one in done.findings}
    assert {name for name, _ in told} == (set() if example.good else {rule.name}), sorted(told)


@pytest.mark.parametrize("example", [one for one in EXAMPLES if not one.good], ids=str)
def test_a_finding_is_worded_as_all_messages_are(example: Example) -> None:
    only = frozenset(BY_NAME) if CODES[example.page].name == UNTRIED else None
    for one in lint(example.text, example.words, only).findings:
        told = one.diagnostic
        assert not told.message.endswith(".") and "\n" not in told.message
        assert told.message[0].islower() or told.message[0] == "`"
        assert told.help and not told.help.endswith(".") and told.message.count("`") % 2 == 0
        assert told.span.text, "it points at words of the policy"


def test_the_index_names_every_rule() -> None:
    index = (FOLDER / "README.md").read_text("utf-8")
    for rule in RULES:
        assert f"| [{rule.code}]({rule.code}.md) | `{rule.name}` | {rule.level.value} | {rule.says} |" in index


SHOWN = [one for one in EXAMPLES if not one.good and one.page >= "L2"]


@pytest.mark.parametrize("example", SHOWN, ids=str)
def test_a_counterexample_is_a_scenario_that_passes(example: Example) -> None:
    done = lint(example.text, example.words)
    assert done.loaded.contract is not None
    for number, one in enumerate(done.findings):
        if one.witness is not None:
            lines = "\n".join(f"  {line}" for line in shown(done.loaded.contract, one.witness, done.shown[number]))
            again = lint(f'{example.text}\nscenario "the counterexample"\n{lines}\n', example.words)
            assert failing(again) == [], lines
