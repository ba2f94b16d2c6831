"""The grammar has no conflict that Lark would shift silently, and every keyword belongs to a rule."""

from __future__ import annotations

import pytest
from lark import Lark
from lark.exceptions import GrammarError

from slarules.source import Source
from slarules.syntax import parse as syntax
from slarules.syntax.parse import grammar_text, keywords, parser


def test_the_grammar_is_built_strictly() -> None:
    assert parser(strict=True).parse_interactive("", start="file") is not None


def test_strict_means_that_a_conflict_is_refused() -> None:
    ambiguous = grammar_text().replace('dates: DATE ("and" DATE)*', 'dates: DATE (("and" | ",") DATE)*')
    ambiguous += '\n?extra: dates ("," DATE)*\n'
    ambiguous = ambiguous.replace("?item: clause", "?item: extra | clause")
    with pytest.raises(GrammarError, match="conflict"):
        Lark(ambiguous, parser="lalr", lexer=syntax._Unused, start=["item"], strict=True)


def test_keywords_are_free_as_names_where_nothing_else_can_stand() -> None:
    assert {"term", "open", "source"} <= set(keywords())
    text = 'slarules 1\ncontract C "c"\n  provider A "a"\n  customer B "b"\nfact term of ticket: yes or no\n'
    tree, problems = syntax.parse(Source("names.sla", text))
    assert problems == () and tree.items[0].all("NAME")[0].text == "term"


@pytest.mark.parametrize("count", [1, 3000])
def test_a_long_chain_is_read(count: int) -> None:
    chain = " plus ".join(["1"] * (count + 1))
    text = f'slarules 1\ncontract C "c"\n  provider A "a"\n  customer B "b"\namount x in USD is {chain}\n'
    tree, problems = syntax.parse(Source("long.sla", text))
    assert problems == () and tree.items[0].kind == "amount"
