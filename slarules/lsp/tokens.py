"""Semantic tokens: every word of a file with what it is, also for editors that have no grammar of the language."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen
from lsprotocol import types

from slarules.lsp import desk as desks
from slarules.lsp.definitions import BUILT_IN
from slarules.lsp.desk import Desk, Document
from slarules.lsp.names import Named
from slarules.lsp.places import Encoding, position, units
from slarules.source import Source, Span
from slarules.syntax.layout import lay_out
from slarules.syntax.parse import NAME

TYPES = (
    "keyword", "string", "number", "comment", "operator", "class", "namespace", "function", "property", "event",
    "method", "interface", "enumMember", "struct", "variable", "type", "parameter", "macro",
)
MODIFIERS = ("definition", "defaultLibrary", "documentation")
LEGEND = types.SemanticTokensLegend(list(TYPES), list(MODIFIERS))
OF_SPACE = {
    "contract": "namespace", "party": "class", "calendar": "type", "rule": "function", "value": "property",
    "event": "event", "act": "method", "reading": "interface", "option": "enumMember", "state": "enumMember",
    "benefit": "enumMember", "word": "enumMember", "level": "enumMember", "table": "struct", "column": "property",
    "part": "variable", "noun": "class", "declaration": "function", "subject": "parameter", "id": "parameter",
}
"""Where a name is looked for → the type of its token."""
OF_TERMINAL = {
    "STRING": "string", "NUMBER": "number", "DATE": "number", "TIME": "number", "INSTANCE": "number",
    "CURRENCY": "macro", "REGION": "macro", "ZONE": "macro", "UNIT": "keyword", "DAY": "keyword", "MONTH": "keyword",
    "ORDINAL": "keyword", "ROUNDING": "keyword", "LABEL": "operator", "OR_NUMBER": "keyword",
}


@frozen
class Shown:
    """A stretch of one line with its type."""

    start: int
    end: int
    type: str
    modifiers: tuple[str, ...] = ()


def tokens(desk: Desk, document: Document, encoding: Encoding) -> types.SemanticTokens:
    """The tokens of a whole file, each told by its distance from the one before."""
    data: list[int] = []
    line = column = 0
    source = document.source
    for one in _found(desk, document):
        place = position(source, one.start, encoding)
        marks = sum(1 << MODIFIERS.index(mark) for mark in one.modifiers)
        away = place.line - line
        data += [
            away,
            place.character - (0 if away else column),
            units(source.text[one.start : one.end], encoding),
            TYPES.index(one.type),
            marks,
        ]
        line, column = place.line, place.character
    return types.SemanticTokens(data)


def _found(desk: Desk, document: Document) -> list[Shown]:
    """Every token, in reading order; none overlaps another."""
    source = document.source
    layout, _ = lay_out(source)
    known = [*_names(desk, document), *_leaves(document)]
    taken = {one.start for one in known}
    found = [*known, *(Shown(span.start, span.end, "comment") for span in layout.comments)]
    for line in layout.lines:
        if line.quote:
            found += [Shown(a, b, "string", ("documentation",)) for a, b in _lines(source, line.start, line.end)]
            continue
        for start, end in line.pieces:
            found += _keywords(source.text, start, end, taken)
    ends, kept = 0, []
    for one in sorted(found, key=lambda one: one.start):
        if one.start >= ends and one.end > one.start:
            kept.append(one)
            ends = one.end
    return kept


def _names(desk: Desk, document: Document) -> Iterator[Shown]:
    for one in desks.names(desk, document).named:
        yield Shown(one.span.start, one.span.end, OF_SPACE.get(one.symbol.space, "variable"), _modifiers(one))


def _modifiers(named: Named) -> tuple[str, ...]:
    if named.defines:
        return ("definition",)
    return ("defaultLibrary",) if named.symbol.name in BUILT_IN.get(named.symbol.space, ()) else ()


def _leaves(document: Document) -> Iterator[Shown]:
    """The words of the tree that are no names: numbers, dates, strings …"""
    tree = desks.tree(document)
    for item in (tree.contract, *tree.items):
        for node in item.walk() if item is not None else ():
            if node.kind in OF_TERMINAL:
                yield Shown(node.span.start, node.span.end, OF_TERMINAL[node.kind])
            elif node.kind == "NAME":
                yield Shown(node.span.start, node.span.end, "variable")


def _keywords(text: str, start: int, end: int, taken: set[int]) -> Iterator[Shown]:
    """Words of a line that the tree leaves out: keywords, and what could not be read."""
    quoted = False
    at = start
    while at < end:
        char = text[at]
        if char in '"“”':
            quoted = not quoted
        word = NAME.match(text, at, end)
        if word and not quoted and at not in taken:
            yield Shown(at, word.end(), "keyword")
        at = word.end() if word else at + 1


def _lines(source: Source, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines of a quotation: a token stands on one line."""
    span = Span(source, start, end)
    at = span.start
    for line in span.text.split("\n"):
        blank = len(line) - len(line.lstrip())
        yield at + blank, at + len(line.rstrip())
        at += len(line) + 1
