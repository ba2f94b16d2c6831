"""Random policies cover the whole grammar, and each is formatted so that it still says what it said."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from slarules.diagnostics import has_errors
from slarules.source import Source
from slarules.syntax.format import format_policy
from slarules.syntax.layout import lay_out
from slarules.syntax.parse import parse
from slarules.syntax.tree import PolicyTree
from tests.generated.policies import BLOCKS, Writer, reachable

FILES = int(os.environ.get("SLARULES_FORMAT_FILES", "320"))
"""How many random policies are formatted: 10,000 with `make long`."""
SHARES = 4
MOST = 2_000
"""Within so many files every alternative of the grammar must have been written."""
WIDTHS = (40, 60, 100, 120)


def spelt(tree: PolicyTree) -> list[tuple[str, int, str]]:
    """The tree without its places: kinds, how many parts each node has, words where it is one."""
    blocks = ((tree.contract,) if tree.contract else ()) + tree.items
    return [
        (node.kind, len(node.parts), " ".join(node.span.text.split()) if node.kind.isupper() else "")
        for block in blocks for node in block.walk()
    ]


def remarks(source: Source) -> list[str]:
    return [comment.text.rstrip() for comment in lay_out(source)[0].comments]


def test_each_alternative_of_the_grammar_is_written() -> None:
    writer = Writer(7)
    wanted = reachable(*BLOCKS)
    for _ in range(MOST):
        writer.file()
        if wanted <= set(writer.used):
            break
    assert sorted(map(str, wanted - set(writer.used))) == []


def test_the_same_seed_writes_the_same_files() -> None:
    one, other = ([file.text for file in Writer(3).files(5)] for _ in range(2))
    assert one == other and len(set(one)) > 1


def test_they_are_as_untidy_as_the_language_allows() -> None:
    text = "".join(file.text for file in Writer(5).files(60))
    for untidy in ("\t", "\u00a0", "   \n", "\n\n\n", "🎉", "-- ", ",\n", '\n "', "  and"):
        assert untidy in text, untidy


@pytest.mark.parametrize("share", range(SHARES))
def test_formatting_proves_itself(share: int) -> None:
    writer = Writer(1000 + share)
    seen: Counter[str] = Counter()
    for number in range(FILES // SHARES):
        text = writer.file().text
        source = Source("random.sla", text)
        before, problems = parse(source)
        assert not has_errors(problems), f"file {number} of seed {1000 + share}: {problems[0]}\n{text}"
        width = WIDTHS[number % len(WIDTHS)]
        made = format_policy(source, width)
        assert made.text is not None, f"file {number} of seed {1000 + share}: {made.diagnostics}\n{text}"
        again = Source("formatted.sla", made.text)
        after, problems = parse(again)
        assert not problems
        assert spelt(after) == spelt(before)
        assert remarks(again) == remarks(source)
        assert "".join(made.text.split()) == "".join(text.split())
        assert format_policy(again, width).text == made.text
        assert made.text.endswith("\n") and "\n\n\n" not in made.text and not made.text.startswith("\n")
        assert not [line for line in made.text.splitlines() if line != line.rstrip(" \t")]
        seen["changed" if made.text != text else "unchanged"] += 1
    assert seen["changed"] > seen["unchanged"]
