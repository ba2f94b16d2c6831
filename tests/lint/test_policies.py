"""Whole policies under all rules: those that ship are clean, broken ones never make lint fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from slarules.analysis.linting import lint_file
from slarules.analysis.mending import mended
from slarules.analysis.rules import BY_NAME
from slarules.lint.rules import RULES as OF_WORDS
from slarules.source import Span
from tests.docs.pages import ROOT
from tests.lint.pages import examples, lint

SHIPPED = sorted((ROOT / "contracts").glob("*/policy.sla")) + sorted((ROOT / "examples").glob("*/policy.sla"))
CORPUS = sorted((ROOT / "tests/corpus").rglob("*.sla")) + sorted((ROOT / "tests/rules").glob("*.sla"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_what_ships_is_clean_or_says_why_not(path: Path) -> None:
    done = lint_file(path)
    assert done.loaded.contract is not None
    assert [f"{one.diagnostic.span.line}: {one.rule.name}" for one in done.findings] == []
    assert done.unconfirmed == ()
    assert all(len(reason.split()) >= 5 for _, reason in done.allowed)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_no_policy_however_broken_makes_lint_fail(path: Path) -> None:
    only = frozenset(rule.name for rule in OF_WORDS) if path.parent.name != "good" else frozenset(BY_NAME)
    done = lint_file(path, only=only)
    assert done.unconfirmed == ()
    for one in done.findings:
        for span in (one.diagnostic.span, *(span for span, _ in one.diagnostic.related)):
            assert is_inside(span) and span.text
    again = mended(done.loaded, done.scenarios, only)
    assert all(one.edit is not None for one in again.fixed)


def is_inside(span: Span) -> bool:
    return 0 <= span.start <= span.end <= len(span.source.text)


def test_findings_stand_where_they_are_when_lines_are_moved() -> None:
    """Comments and blank lines above a policy's rules move findings and change none."""
    for example in examples():
        if example.good or example.page == "L2011":  # whose example is large on purpose
            continue
        moved = example.text.replace("\n\n", "\n\n-- a remark\n\n", 3)
        first = [(one.rule.name, one.diagnostic.message) for one in lint(example.text, example.words).findings]
        assert [(one.rule.name, one.diagnostic.message) for one in lint(moved, example.words).findings] == first


def test_the_same_bytes_under_any_seed_zone_and_language(tmp_path: Path) -> None:
    text = next(one.text for one in examples() if not one.good and one.page == "L2006")
    (tmp_path / "policy.sla").write_text(text + "\nfact z of ticket: text\nfact a of ticket: text\n", "utf-8")
    seen = set()
    for seed, zone, language in (("0", "UTC", "C"), ("7", "Asia/Tokyo", "de_DE.UTF-8")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LANG": language, "PYTHONPATH": str(ROOT)}
        program = "from slarules.cli.main import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", program, "lint", "policy.sla", "--format", "sarif"], cwd=tmp_path,
            env=environment, capture_output=True, check=False, timeout=60)
        assert done.returncode == 2, done.stderr
        seen.add(done.stdout)
    assert len(seen) == 1
