"""References: every place at which a thing is named, in the policy and in the files of scenarios that try it."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from slarules.lsp import desk as desks
from slarules.lsp.definitions import Symbol
from slarules.lsp.desk import Desk, Document
from slarules.lsp.names import Named
from slarules.lsp.places import Encoding, range_of

LOCAL = ("subject", "id")
"""Names that belong to one scenario."""


def references(
    desk: Desk, document: Document, offset: int, definitions: bool, encoding: Encoding
) -> list[types.Location]:
    """Every place of the name under the cursor, with or without those that define it."""
    named = desks.names(desk, document).at(offset)
    if named is None:
        return []
    return [
        types.Location(one.uri, range_of(place.span, encoding))
        for one, places in named_in(desk, document, named.symbol)
        for place in places
        if definitions or not place.defines
    ]


def highlights(desk: Desk, document: Document, offset: int, encoding: Encoding) -> list[types.DocumentHighlight]:
    """Every place of the name in the same file."""
    index = desks.names(desk, document)
    named = index.at(offset)
    if named is None:
        return []
    kinds = {True: types.DocumentHighlightKind.Write, False: types.DocumentHighlightKind.Read}
    return [
        types.DocumentHighlight(range_of(one.span, encoding), kinds[one.defines])
        for one in index.places[named.symbol]
    ]


def named_in(desk: Desk, document: Document, symbol: Symbol) -> Iterator[tuple[Document, list[Named]]]:
    """The files that name a thing, each with the places."""
    for one in together(desk, document, symbol):
        places = desks.names(desk, one).places.get(symbol)
        if places:
            yield one, places


def together(desk: Desk, document: Document, symbol: Symbol | None = None) -> list[Document]:
    """The policy that a document is or tries, and every file of scenarios that tries it."""
    policy = desks.policy_of(desk, document)
    if policy is None or (symbol is not None and symbol.space in LOCAL):
        return [document]
    found = [policy, *desks.scenarios_of(desk, policy)]
    return found if any(one.path == document.path for one in found) else [*found, document]
