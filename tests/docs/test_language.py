"""Every snippet of the pages about the language is read, judged and run as the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from slarules.diagnostics import Level
from slarules.source import Source
from slarules.syntax.parse import grammar_text, parse, parser
from tests.docs.pages import (
    PAGES,
    Command,
    Fence,
    commands,
    failures,
    fences,
    plain,
    policies,
    put_files,
    read,
    shown_by,
)

POLICIES = [(fence, whole, source) for page in PAGES for fence, whole, source in policies(page)]
GOOD = [one for one in POLICIES if "bad" not in one[0].info]
BAD = [one for one in POLICIES if "bad" in one[0].info]
SHELL = [(fence, command) for page in PAGES for fence in fences(page) if fence.kind == "console"
         for command in commands(fence)]


def named(one: object) -> str:
    return str(one) if isinstance(one, Fence) else ""


@pytest.mark.parametrize(("fence", "whole", "source"), GOOD, ids=[str(one[0]) for one in GOOD])
def test_snippet_is_sound_and_its_scenarios_pass(fence: Fence, whole: str, source: str, tmp_path: Path) -> None:
    found = read(whole, source, tmp_path)
    assert not found.errors, f"{fence}: {found.errors}"
    for outcome in found.outcomes:
        assert not failures(outcome), f"{fence}, `{outcome.script.title}`: {failures(outcome)}"


@pytest.mark.parametrize(("fence", "whole", "source"), BAD, ids=[str(one[0]) for one in BAD])
def test_bad_snippet_gives_its_code(fence: Fence, whole: str, source: str, tmp_path: Path) -> None:
    assert fence.codes, f"{fence} does not say which code it gives"
    found = read(whole, source, tmp_path)
    given = {d.code for d in found.diagnostics if d.level is Level.ERROR or d.code in fence.codes}
    assert given == fence.codes, f"{fence}: {[(d.code, d.span.line, d.message) for d in found.diagnostics]}"


@pytest.mark.parametrize(("fence", "command"), SHELL, ids=[f"{f}: {c.words[:40]}" for f, c in SHELL])
def test_command_shows_what_the_page_shows(fence: Fence, command: Command, tmp_path: Path) -> None:
    put_files(fence.page, tmp_path, before=fence.line)
    assert shown_by(command, tmp_path) == plain(command.shown), f"{fence}: `{command.words}`"


def test_every_policy_snippet_says_what_it_is() -> None:
    words = {"sla", "fragment", "bad", "preamble"}
    for page in PAGES:
        for fence in fences(page):
            if fence.kind == "sla":
                assert not set(fence.info) - words - {fence.file}, f"{fence}: {fence.info}"


WRAPPERS = {"file", "item", "version", "scenarios_of"}
"""Rules of the grammar that no block of a policy is made of."""


def test_every_rule_of_the_grammar_is_in_a_snippet_of_the_reference() -> None:
    inlined = set(re.findall(r"^\?(\w+):", grammar_text(), re.MULTILINE))
    rules = {str(rule.alias or rule.origin.name) for rule in parser().rules}
    named = {rule for rule in rules if not rule.startswith("_")} - inlined - WRAPPERS
    shown: set[str] = set()
    for fence, whole, _ in policies("docs/language.md"):
        if "bad" not in fence.info:
            tree, _ = parse(Source("policy.sla", whole))
            shown.update(node.kind for item in (tree.contract, *tree.items) if item for node in item.walk())
    assert not sorted(named - shown)
