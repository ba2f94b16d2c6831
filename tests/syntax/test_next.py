"""What may come next: at each word of the four contracts, the word that stands there is among what is offered."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from slarules.source import Source
from slarules.syntax.layout import lay_out
from slarules.syntax.next import Next, what_comes_next
from slarules.syntax.parse import NAME, parse
from slarules.syntax.tree import Node
from tests.docs.pages import ROOT

FILES = [f"contracts/{name}/{file}.sla" for name in ("trak", "cpi", "copiun", "collabware")
         for file in ("policy", "scenarios")]
EACH = 37
"""Of so many words one is asked for."""


def words(source: Source) -> Iterator[tuple[int, str]]:
    """The words of a file that are no quotations, strings, comments or zones, and stand on no line of examples."""
    free = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|[A-Z][A-Za-z_]+(?:/\w+)+|UTC[-+]\S+|[A-Z]{2}-[A-Z]+|[A-Za-z_]\w*")
    for line in lay_out(source)[0].lines:
        said = source.text[line.start : line.end]
        example = said == "examples" or ("scenarios" in source.name and said.startswith("|"))
        for start, end in () if line.quote or example or "<" in source.text[line.start : line.end] else line.pieces:
            for found in free.finditer(source.text, start, end):
                if NAME.fullmatch(found.group()):
                    yield found.start(), found.group()


@pytest.mark.parametrize("file", FILES)
def test_the_word_that_stands_there_may_come(file: str) -> None:
    source = Source(file, (ROOT / file).read_text("utf-8"))
    names = names_of(source)
    asked = 0
    for at, word in list(words(source))[:: EACH]:
        coming = what_comes_next(source, at)
        assert coming is not None and coming.start == at, f"{file}:{source.line_of(at)}: `{word}`"
        expected = may_come(coming, word, names.get(at))
        assert expected, f"{file}:{source.line_of(at)}: `{word}` is not among {coming.phrases} {coming.spots}"
        asked += 1
    assert asked > 25


def names_of(source: Source) -> dict[int, tuple[str, str]]:
    """Where each name stands: the rule of the grammar that it is in, and the one around that."""
    tree, _ = parse(source)
    found: dict[int, tuple[str, str]] = {}
    todo: list[tuple[Node, str]] = [(item, "") for item in (tree.contract, *tree.items) if item is not None]
    while todo:
        node, around = todo.pop()
        found |= {part.span.start: (node.kind, around) for part in node.parts if part.kind == "NAME"}
        todo += [(part, node.kind) for part in node.parts]
    return found


def may_come(coming: Next, word: str, name: tuple[str, str] | None) -> bool:
    if name is not None:
        return any((spot.rule, spot.within) == name or (spot.rule == name[0] and not name[1]) for spot in coming.spots)
    if word in {phrase.split(" ")[0] for phrase in coming.phrases}:
        return True
    return bool(coming.terminals & {"UNIT", "DAY", "MONTH", "ORDINAL", "ROUNDING", "REGION", "CURRENCY", "ZONE",
                                    "OR_NUMBER", "LABEL", "STRING"})


@pytest.mark.parametrize(("text", "phrases"), [
    ("‸", {"slarules 1"}),
    ("slarules 1\n\n‸", {"contract", "scenarios of", "duty"}),
    ("slarules 1\ncontract X\n  zone UTC\n‸", {"duty", "clause", "scenario", "these lines are"}),
    ("contract X\n  ‸", {"source", "provider", "zone", "a ticket is called"}),
    ("contract X\n  so‸", {"source", "provider", "zone", "a ticket is called"}),
    ("duty x\n  if a is 1 and‸", {"and"}),
    ("duty x\n  if a is 1 and\n    ‸", {"not", "reading", "severity"}),
    ("duty x\n  oops oops\n  ‸", {"when", "unless"}),
    ("calendar C\n  open every day 08:00 ‸", {"to"}),
    ("duty x\n  on ‸", {"severity change", "reopening"}),
])
def test_phrases(text: str, phrases: set[str]) -> None:
    at = text.index("‸")
    coming = what_comes_next(Source("x", text.replace("‸", "")), at)
    assert coming is not None
    assert phrases <= set(coming.phrases), coming.phrases


@pytest.mark.parametrize("text", ["> word‸", "  -- word‸", 'fact x of y: date "wo‸', "“wo‸", "duty x\n  ))) ‸"])
def test_nothing_comes(text: str) -> None:
    at = text.index("‸")
    coming = what_comes_next(Source("x", text[:at]), at)
    assert coming is None or not (coming.phrases or coming.spots)
