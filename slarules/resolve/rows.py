"""A table's rows: each combination of its inputs has one, and only one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from itertools import product
from operator import and_, or_

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
        taking = [_taking(row[place] for row in wanted) for place in range(len(domains))]
        _doubled(table, nodes, wanted, domains, taking, names)
        if _is_whole(item, nodes, table) and all(domains):
            _missing(table, item, domains, len(wanted), taking, names)


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


def _taking(column: Iterable[Wanted]) -> dict[str | bool, int]:
    """For each value of an input, the rows that take it: a bit for each row, so that columns are laid together fast."""
    taking: dict[str | bool, int] = {}
    for number, values in enumerate(column):
        for value in values:
            taking[value] = taking.get(value, 0) | 1 << number
    return taking


def _doubled(
    table: Table, nodes: list[Node], wanted: list[tuple[Wanted, ...]], domains: list[tuple[str | bool, ...]],
    taking: list[dict[str | bool, int]], names: Names,
) -> None:
    """R26: two rows for one combination are two values in one cell."""
    known = [frozenset(domain) for domain in domains]
    for second, cells in enumerate(wanted):
        rows = (1 << second) - 1
        for values, domain, of_value in zip(cells, known, taking, strict=True):
            rows &= reduce(or_, (of_value[value] for value in values & domain), 0)  # a value that is none has been told
        if not rows:
            continue
        first = (rows & -rows).bit_length() - 1
        both = [a & b & domain for a, b, domain in zip(cells, wanted[first], known, strict=True)]
        same = cells == wanted[first]
        names.problems.error(
            "E0710", nodes[second].span,
            f"a second row for {_said(table, tuple(min(values, key=str) for values in both))}",
            "leave one of the two rows out" if same else "let the two rows share no combination",
            [(nodes[first].span, "the first")])


def _missing(
    table: Table, item: Item, domains: list[tuple[str | bool, ...]], rows: int, taking: list[dict[str | bool, int]],
    names: Names,
) -> None:
    count = 1
    for domain in domains:
        count *= len(domain)
    if count > MOST:
        return
    bare = [
        combination for combination in product(*domains)
        if not reduce(and_, (own.get(v, 0) for v, own in zip(combination, taking, strict=True)), (1 << rows) - 1)
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
