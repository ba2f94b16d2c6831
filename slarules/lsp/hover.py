"""Hover: what stands behind the name under the cursor."""

from __future__ import annotations

from lsprotocol import types

from slarules.lsp import desk as desks
from slarules.lsp.cards import card, plain
from slarules.lsp.desk import Desk, Document
from slarules.lsp.names import Named
from slarules.lsp.places import Encoding, range_of
from slarules.source import Source
from slarules.syntax.tree import Node

MOST_LINES = 12
"""Lines of a definition that are shown where there is no contract to ask."""
SAID = {
    "word": "value", "level": "severity", "noun": "subject", "part": "part of an amount"
}
"""What a name without a definition is called, where its space has another name."""


def hover(desk: Desk, document: Document, offset: int, encoding: Encoding) -> types.Hover | None:
    """What is told of the name at a place, by the last good state of the contract."""
    index = desks.names(desk, document)
    named = index.at(offset)
    if named is None or named.symbol.space in ("subject", "id"):
        return None
    word = _whole_word(document.source, offset)
    places = index.known.defined.get(named.symbol, [])
    sort = places[0].sort if places else SAID.get(named.symbol.space, named.symbol.space)
    told = [f"**{sort}** `{_title(named, word)}`"]
    contract = desks.contract_of(desk, document)
    about = card(contract, named.symbol, word) if contract is not None else []
    if not about and places:
        about = [_lines(places[0].node)]
    return types.Hover(
        types.MarkupContent(types.MarkupKind.Markdown, "\n\n".join([*told, *about])), range_of(named.span, encoding)
    )


def _whole_word(source: Source, offset: int) -> str:
    """The word around an offset: of a duty that an option makes, its whole name."""
    start = end = offset
    text = source.text
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return text[start:end]


def _title(named: Named, word: str) -> str:
    name = word if named.symbol.space in ("rule", "act", "noun") and word else named.span.text
    return plain(name).replace("\\", "")


def _lines(node: Node) -> str:
    """The definition as it is written."""
    lines = node.span.text.split("\n")
    more = ["…"] if len(lines) > MOST_LINES else []
    return "```sla\n" + "\n".join([*lines[:MOST_LINES], *more]).replace("```", "'''") + "\n```"
