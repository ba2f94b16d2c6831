"""The pairs on the page about the style: the first becomes the second, which stays as it is."""

from __future__ import annotations

from itertools import pairwise

import pytest

from slarules.source import Source
from slarules.syntax.format import WIDTH, format_policy
from tests.docs.pages import Fence, fences, policies

PAGE = "docs/format.md"
PAIRS = [(a, b) for a, b in pairwise(fences(PAGE)) if a.kind == "untidy"]
HEAD = "slarules 1\n\ncontract C\n  provider P\n"
SHOWN = ("docs/language.md", "docs/semantics.md", "docs/commands.md", "docs/events.md", "README.md")


def formatted(text: str, width: int = WIDTH) -> str:
    made = format_policy(Source(PAGE, text), width)
    assert made.text is not None, made.diagnostics
    return made.text


@pytest.mark.parametrize(("untidy", "tidy"), PAIRS, ids=[str(a) for a, _ in PAIRS])
def test_the_first_becomes_the_second(untidy: Fence, tidy: Fence) -> None:
    assert tidy.kind == "tidy" and untidy.text != tidy.text
    width = int(untidy.info[1]) if len(untidy.info) > 1 else WIDTH
    assert formatted(f"{HEAD}{untidy.text}", width) == f"{HEAD}\n{tidy.text}"
    assert formatted(f"{HEAD}\n{tidy.text}", width) == f"{HEAD}\n{tidy.text}"


def test_there_are_pairs() -> None:
    assert len(PAIRS) >= 7
    assert [fence.kind for fence in fences(PAGE)] == ["untidy", "tidy"] * len(PAIRS)


@pytest.mark.parametrize("page", SHOWN)
def test_policies_of_the_other_pages_are_formatted_without_refusal(page: str) -> None:
    for fence, whole, _ in policies(page):
        source = Source(str(fence), whole)
        made = format_policy(source)
        if "bad" in fence.info and made.text is None:
            continue
        assert made.text is not None, f"{fence}: {made.diagnostics}"
        assert format_policy(Source(str(fence), made.text)).text == made.text
