"""Each code has its page, each page its code, and each page's example says what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from slarules.resolve.build import resolve
from slarules.source import Source
from slarules.syntax.parse import parse

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "diagnostics").glob("*.md"))
HEAD = """slarules 1

contract Acme "Support"
  source "source.txt"
  provider Acme
  customer Client
  zone America/Denver

"""
WORDS = Source("source.txt", "Acme Support\nAcme shall respond to each request.\nFees are due.\nFees are due.\n")


def emitted() -> set[str]:
    """Every code that stands in the package's sources."""
    sources = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "slarules").rglob("*.py")))
    return {code for text in sources for code in re.findall(r'"([EWN]\d{4})"', text)}


def codes_of(example: str) -> set[str]:
    policy = Source("policy.sla", example if re.match("slarules 1|contract Acme", example) else HEAD + example)
    tree, spelling = parse(policy)
    _, meaning = resolve(tree, policy, WORDS)
    return {diagnostic.code for diagnostic in (*spelling, *meaning)}


def test_each_code_has_a_page_and_each_page_a_code() -> None:
    assert {page.stem for page in PAGES} == emitted()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_says_what_the_code_means_and_what_to_do(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.stem}: ")
    assert "\n## How to mend it\n" in text
    examples = re.findall(r"```sla\n(.*?)```", text, re.DOTALL)
    if examples and page.stem != "E0405":
        assert page.stem in codes_of(examples[0])
    for mended in examples[1:]:
        assert codes_of(mended) <= {"W0701"} - {page.stem}
