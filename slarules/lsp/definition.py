"""Definition: where the name under the cursor is given; from a quotation, the contract's own words."""

from __future__ import annotations

import os
import re

from lsprotocol import types
from pygls.uris import from_fs_path

from slarules.lsp import desk as desks
from slarules.lsp.definitions import Symbol
from slarules.lsp.desk import Desk, Document
from slarules.lsp.places import Encoding, range_of
from slarules.source import Source, Span
from slarules.syntax.tree import Node

TOP = types.Range(types.Position(0, 0), types.Position(0, 0))


def definition(desk: Desk, document: Document, offset: int, encoding: Encoding) -> list[types.Location]:
    """The places at which the name is given; a file where its path stands; the words where they are quoted."""
    named = desks.names(desk, document).at(offset)
    if named is None:
        return _file(document, offset) or _quoted(desk, document, offset, encoding)
    if named.symbol.space in ("subject", "id"):
        first = desks.names(desk, document).places[named.symbol][0]
        return [types.Location(document.uri, range_of(first.span, encoding))]
    policy = desks.policy_of(desk, document)
    return [] if policy is None else _defined(desk, policy, named.symbol, encoding)


def _defined(desk: Desk, policy: Document, symbol: Symbol, encoding: Encoding) -> list[types.Location]:
    found = desks.known_names(desk, policy).defined.get(symbol, [])
    if found:
        return [types.Location(policy.uri, range_of(one.name, encoding)) for one in found]
    last = policy.good.index.known.defined.get(symbol, []) if policy.good is not None else []
    moved = [_moved(one.name, policy.source) for one in last]
    return [types.Location(policy.uri, range_of(span, encoding)) for span in moved if span is not None]


def _moved(span: Span, now: Source) -> Span | None:
    """Where a name that stood in an earlier text stands now: where its word stands nearest to the old place."""
    places = [found.start() for found in re.finditer(rf"\b{re.escape(span.text)}\b", now.text)]
    if not places:
        return None
    start = min(places, key=lambda place: abs(place - span.start))
    return Span(now, start, start + (span.end - span.start))


def _node(document: Document, offset: int, kinds: tuple[str, ...]) -> Node | None:
    """The node of one of these kinds around an offset."""
    tree = desks.tree(document)
    for item in (tree.contract, *tree.items):
        if item is not None and item.span.start <= offset <= item.span.end:
            for node in item.walk():
                if node.kind in kinds and node.span.start <= offset <= node.span.end:
                    return node
    return None


def _file(document: Document, offset: int) -> list[types.Location]:
    node = _node(document, offset, ("source_file", "scenarios_of"))
    stated = node.first("STRING") if node is not None else None
    if stated is None or not stated.span.start <= offset <= stated.span.end:
        return []
    path = os.path.normpath(os.path.join(os.path.dirname(document.path), stated.text))
    uri = from_fs_path(path)
    return [types.Location(uri, TOP)] if uri and os.path.exists(path) else []


def _quoted(desk: Desk, document: Document, offset: int, encoding: Encoding) -> list[types.Location]:
    """Every place of the contract's text at which the words of a quotation stand."""
    node = _node(document, offset, ("QUOTE",))
    contract = desks.contract_of(desk, document)
    if node is None or contract is None or contract.text is None:
        return []
    words = " ".join(line.strip().removeprefix(">") for line in node.span.text.split("\n")).split()
    uri = from_fs_path(os.path.abspath(contract.text.name))
    if not words or not uri:
        return []
    places = re.finditer(r"\s+".join(re.escape(word) for word in words), contract.text.text)
    spans = [Span(contract.text, found.start(), found.end()) for found in places]
    return [types.Location(uri, range_of(span, encoding)) for span in spans]
