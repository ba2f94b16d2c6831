"""Symbols: the outline of a file by clause, and names looked for in the whole workspace."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from slarules.lsp import desk as desks
from slarules.lsp.definitions import definitions
from slarules.lsp.desk import Desk, Document
from slarules.lsp.places import Encoding, range_of
from slarules.source import Span
from slarules.syntax.tree import Node

OF = types.SymbolKind
KINDS = {
    "contract": OF.Package, "provider": OF.Class, "customer": OF.Class, "other_party": OF.Class, "party": OF.Class,
    "clause": OF.Namespace, "scenario": OF.Method, "scenario_with_examples": OF.Method, "fact": OF.Field,
    "event": OF.Event, "subject": OF.Class,
    "ticket": OF.Class, "reading": OF.Interface, "calendar": OF.Module, "supplied_calendar": OF.Module,
    "holidays": OF.Module, "supplied_holidays": OF.Module, "severities": OF.Enum, "severity": OF.EnumMember,
    "table": OF.Struct, "column": OF.Property, "role": OF.Class, "duty": OF.Function, "target": OF.Function,
    "prohibition": OF.Function, "right": OF.Function, "scope": OF.Function, "choice": OF.Function,
    "choice_by_agreement": OF.Function, "status": OF.Variable, "state": OF.EnumMember, "option": OF.EnumMember,
    "choice_option": OF.EnumMember, "choice_option_block": OF.EnumMember, "value": OF.EnumMember,
    "benefit": OF.EnumMember, "allowance": OF.Variable, "amount": OF.Variable, "date_rule": OF.Variable,
    "date": OF.Variable, "part": OF.Variable, "declaration": OF.Constant, "act": OF.Method,
}
"""Kind of block, or sort of name → its sign in the editor."""
NAMED_THERE = ("party", "act")
"""Pieces of a line, not lines of their own, that bear the name of something else."""
MOST = 500
"""Names that an answer about the workspace has at most."""


def outline(document: Document, encoding: Encoding) -> list[types.DocumentSymbol]:
    """The contract, the clauses with their rules, and the scenarios."""
    tree = desks.tree(document)
    items = [*([tree.contract] if tree.contract is not None else []), *tree.items]
    return [made for item in items if (made := _symbol(item, encoding)) is not None]


def _symbol(node: Node, encoding: Encoding) -> types.DocumentSymbol | None:
    kind = KINDS.get(node.kind) if node.kind not in NAMED_THERE else None
    name = node.first("NAME", "STRING", "NUMBER", "levels")
    if node.kind == "scenario_with_examples" and node.first("scenario") is not None:
        name = node.one("scenario").first("STRING")
    if kind is None or name is None:
        return None
    title = node.first("STRING")
    parts = node.parts if node.kind != "scenario_with_examples" else ()
    inside = [made for part in parts if (made := _symbol(part, encoding)) is not None]
    return types.DocumentSymbol(
        name=name.text.strip() or "…",
        detail=_detail(node.kind, title if title is not name else None),
        kind=kind,
        range=range_of(_whole(node), encoding),
        selection_range=range_of(name.span, encoding),
        children=inside,
    )


def _detail(kind: str, title: Node | None) -> str:
    said = kind.replace("_rule", "").replace("choice_option_block", "option").replace("choice_option", "option")
    said = said.replace("_by_agreement", "").replace("_", " ")
    return f"{said}: {title.text}" if title is not None else said


def _whole(node: Node) -> Span:
    """The block without the line ends after it."""
    text = node.span.text
    return Span(node.span.source, node.span.start, node.span.start + len(text.rstrip()))


def workspace(desk: Desk, query: str, encoding: Encoding) -> list[types.WorkspaceSymbol]:
    """Names whose letters those of the query are among, in their order, whatever the case."""
    found = [made for one in desks.files(desk) for made in _all(one, query.casefold(), encoding)]
    return found[:MOST]


def _all(document: Document, query: str, encoding: Encoding) -> Iterator[types.WorkspaceSymbol]:
    tree = desks.tree(document)
    known = document.known if document.known is not None else definitions(tree)
    for places in known.defined.values():
        for one in places:
            if _fits(query, one.symbol.name):
                kind = KINDS.get(one.sort, OF.Variable)
                where = types.Location(document.uri, range_of(one.name, encoding))
                yield types.WorkspaceSymbol(where, one.symbol.name, kind, container_name=one.clause or one.symbol.scope)
    for item in (*(item for item in tree.items if item.kind == "clause"), *tree.scenarios):
        title = item.one("STRING")
        if _fits(query, title.text):
            where = types.Location(document.uri, range_of(title.span, encoding))
            yield types.WorkspaceSymbol(where, title.text, KINDS[item.kind], container_name=item.kind)


def _fits(query: str, name: str) -> bool:
    letters = iter(name.casefold())
    return all(char in letters for char in query)
