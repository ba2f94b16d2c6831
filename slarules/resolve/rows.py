"""A table's rows: each combination of its inputs has one, and only one."""

from __future__ import annotations

from itertools import product

from slarules.model.contract import Terms
from slarules.model.expression import Expression, FactRef, Literal, SeverityRef
from slarules.model.rules import Cell, Table
from slarules.resolve.declare import head_cells
from slarules.resolve.expressions import LOST
from slarules.resolve.names import Item, Names
from slarules.syntax.tree import Node

MOST = 50_000
"""Combinations gone through; a table of more inputs is looked at pair by pair of rows only."""
Wanted = frozenset[str | bool]


def rows(terms: Terms, names: Names) -> None:
    """Tells of each table the combinations without a row, and those with two."""
    for name, table in terms.tables.items():
        item = names.items["table"][name]
        if not table.columns:
            continue
        ins, outs = head_cells(item.node)
        nodes = [row for row in item.node.all("row")[1:] if len(row.parts) == len(ins) + len(outs)]
        domains = [_values(one, names) for one in table.inputs]
        wanted = [_row(cells, domains) for cells, _ in table.rows]
        _doubled(table, nodes, wanted, domains, names)
        if _is_whole(item, nodes, table) and all(domains):
            _missing(table, item, domains, wanted, names)


def _values(value: Expression, names: Names) -> tuple[str | bool, ...]:
    """Everything that an input can be."""
    match value:
        case SeverityRef():
            return names.levels
        case FactRef(name):
            type = names.facts[name].type
            return (True, False) if type.kind == "yes_no" else type.values
    return ()


def _row(cells: tuple[Cell, ...], domains: list[tuple[str | bool, ...]]) -> tuple[Wanted, ...]:
    return tuple(
        frozenset(domain) if cell.values is None
        else frozenset(v.value for v in cell.values if isinstance(v, Literal) and isinstance(v.value, (str, bool)))
        for cell, domain in zip(cells, domains, strict=True)
    )


def _doubled(
    table: Table, nodes: list[Node], wanted: list[tuple[Wanted, ...]], domains: list[tuple[str | bool, ...]],
    names: Names,
) -> None:
    """R26: two rows for one combination are two values in one cell."""
    for second, cells in enumerate(wanted):
        for first, before in enumerate(wanted[:second]):
            both = [a & b & frozenset(domain) for a, b, domain in zip(cells, before, domains, strict=True)]
            if not all(both):  # a value that is none has been told
                continue
            same = cells == before
            names.problems.error(
                "E0710", nodes[second].span,
                f"a second row for {_said(table, tuple(min(values, key=str) for values in both))}",
                "leave one of the two rows out" if same else "let the two rows share no combination",
                [(nodes[first].span, "the first")])
            break


def _missing(
    table: Table, item: Item, domains: list[tuple[str | bool, ...]], wanted: list[tuple[Wanted, ...]], names: Names,
) -> None:
    count = 1
    for domain in domains:
        count *= len(domain)
    if count > MOST:
        return
    bare = [
        combination for combination in product(*domains)
        if not any(all(v in values for v, values in zip(combination, row, strict=True)) for row in wanted)
    ]
    if bare:
        more = f", and for {len(bare) - 1} more" if len(bare) > 1 else ""
        names.problems.error(
            "E0709", item.node.name.span, f"the table `{table.name}` has no row for {_said(table, bare[0])}{more}",
            "add a row; `none` in an output says that there is no time, `any` in an input that it does not matter")


def _is_whole(item: Item, nodes: list[Node], table: Table) -> bool:
    """Whether all its rows could be read: a row that was told of already may be the one that is missing."""
    span = item.node.span
    lines = sum("|" in line and not line.lstrip().startswith((">", "--")) for line in span.text.split("\n"))
    for line in span.source.text[span.end :].split("\n")[1:]:  # rows that could not be read may be its last ones
        if "|" not in line or line.lstrip().startswith((">", "--")):
            break
        lines += 1
    unread = any(cell.values == () or LOST[0] in (cell.values or ()) for cells, _ in table.rows for cell in cells)
    return lines == len(item.node.all("row")) == len(nodes) + 1 and not unread


def _said(table: Table, combination: tuple[str | bool, ...]) -> str:
    parts = []
    for value, one in zip(table.inputs, combination, strict=True):
        name = value.name if isinstance(value, FactRef) else "severity"
        said = {True: "yes", False: "no"}[one] if isinstance(one, bool) else one
        parts.append(f"{name} {said}")
    return ", ".join(parts)
