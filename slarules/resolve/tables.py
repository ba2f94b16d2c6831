"""Decision tables: inputs that can be counted up, outputs that say their own basis or none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import NoneType

from slarules.model.expression import Expression, FactRef, Literal, SeverityRef
from slarules.model.limit import Column, Counted, CountedIn
from slarules.model.rules import Cell, Table
from slarules.model.value import Civil, Elapsed
from slarules.resolve import literals
from slarules.resolve.declare import column_name, head_cells
from slarules.resolve.expressions import LOST, expression, operand
from slarules.resolve.limits import basis
from slarules.resolve.names import Item, Place
from slarules.resolve.readings import as_read
from slarules.resolve.types import Type, mend, mixes, said
from slarules.syntax.tree import Node

Row = tuple[tuple[Cell, ...], tuple[object, ...]]
FINITE = ("severity", "one_of", "yes_no", "any")
READABLE = frozenset(("duration", "number", "date"))


def table(item: Item, place: Place) -> Table:
    """A table whose head fits its inputs and whose rows fit its head."""
    node = item.node
    inputs = [_input(part, place) for part in node.one("inputs").parts]
    if _head_is_lost(node):
        if "|" not in node.span.text:
            place.error("E0515", node.name.span, f"the table `{item.name}` has no rows",
                        "write its head and its rows, with `|` between the cells")
        return Table(item.name, (), (), (), (), item.citation)
    ins, outs = head_cells(node)
    _head(node, ins, place)
    columns, bases = [], []
    for cell in outs:
        name = column_name(cell)
        if name is None:
            place.error("E0514", cell.span, f"`{cell.span.text}` is no head of a column", "write a name")
        columns.append(name.text if name is not None else "")
        bases.append(_basis(cell, place))
    types = [(part.span.text, type) for part, (_, type) in zip(node.one("inputs").parts, inputs, strict=True)]
    rows = [_row(row, types, bases, place) for row in node.all("row")[1:] if _fits(row, len(ins) + len(outs), place)]
    if not outs:
        place.error("E0515", node.name.span, f"the table `{item.name}` has no output column",
                    "add a column beside the inputs")
    return Table(item.name, tuple(value for value, _ in inputs), tuple(columns), tuple(bases), tuple(rows),
                 item.citation)


def _head_is_lost(node: Node) -> bool:
    """Whether the head is a line that could not be read, which has been told."""
    first = node.first("row")
    return first is None or node.span.text.find("|") < first.span.start - node.span.start


def _input(node: Node, place: Place) -> tuple[Expression, Type]:
    word = Node("severity_value", node.span) if node.kind == "severity_input" else Node("name", node.span, node.parts)
    value, type = expression(word, place)
    if type.kind not in FINITE or not isinstance(value, (FactRef, SeverityRef, Literal)):
        place.error("E0501", node.span, f"{said(type)} has no list of values that rows could go through",
                    "take severities, enumerations, or yes or no")
    return value, type


def _head(node: Node, ins: tuple[Node, ...], place: Place) -> None:
    """The head's first columns are the inputs, in their order."""
    for wanted, cell in zip(node.one("inputs").parts, ins, strict=False):
        if cell.span.text != wanted.span.text:
            place.error("E0514", cell.span, f"the column `{cell.span.text}` stands where the input "
                        f"`{wanted.span.text}` should", f"name it `{wanted.span.text}`, or change the first line")


def _basis(cell: Node, place: Place) -> str | None:
    if cell.kind != "head_in":
        return None
    calendar = place.names.calendar(cell.all("NAME")[1])
    place.uses.add(("calendar", calendar))
    return calendar


def _fits(row: Node, width: int, place: Place) -> bool:
    if len(row.parts) == width:
        return True
    cells = "1 cell" if len(row.parts) == 1 else f"{len(row.parts)} cells"
    place.error("E0702", row.span, f"this row has {cells}, and the head has {width}", "give each column a cell")
    return False


def _row(row: Node, inputs: list[tuple[str, Type]], bases: list[str | None], place: Place) -> Row:
    ins, outs = row.parts[: len(inputs)], row.parts[len(inputs) :]
    return (
        tuple(_required(cell, type, name, place) for cell, (name, type) in zip(ins, inputs, strict=True)),
        tuple(_output(cell, head, place) for cell, head in zip(outs, bases, strict=True)),
    )


def _required(cell: Node, type: Type, name: str, place: Place) -> Cell:
    """What a row asks of one input."""
    if cell.kind == "any_value":
        return Cell(None)
    if cell.kind == "none_value":
        return Cell((operand(cell, place, type, name)[0],))
    if cell.kind != "cell" or any(part.kind == "as_read" for part in cell.parts):
        place.error("E0514", cell.span, f"`{cell.span.text}` is no value of an input", "list values, or say `any`")
        return Cell(())
    values: list[Expression] = []
    for part in cell.parts:
        if part.kind == "OR_NUMBER":
            continue
        value, found = operand(part, place, type, name)
        if not mixes(type, found) or not isinstance(value, Literal):
            place.error("E0501", part.span, f"{said(found)} beside {said(type)}",
                        mend(type, found) or "list values of the input")
            value = LOST[0]
        values.append(value)
    return Cell(tuple(values))


def _output(cell: Node, head: str | None, place: Place) -> object:
    """A time, a value, or nothing."""
    if cell.kind == "none_value":
        return None
    if cell.kind == "counted":
        if head is not None:
            place.error("E0522", cell.span, "the cell and its column's head both say what is counted",
                        "leave one of them out")
        length = literals.duration(cell.one("duration"), place.problems)
        counted = basis(cell.one("basis"), place)
        return Counted(length, counted) if length is not None and isinstance(counted, CountedIn) else None
    comma = re.match(r"(\d+) ?, ?(\d+)(?= ?[a-z])", cell.span.text)
    if comma is not None:
        place.error("E0514", cell.span, f"`{comma[0]}` is not how a number is written",
                    f"write `{comma[1]}.{comma[2]}`")
        return None
    if cell.kind != "cell" or len(cell.parts) != 1:
        place.error("E0514", cell.span, f"`{cell.span.text}` is no single value", "write one value, or `none`")
        return None
    if cell.parts[0].kind == "as_read":
        return as_read(cell.parts[0], place, "a time or a value", READABLE, _read_value)
    if cell.parts[0].kind == "duration":
        return literals.duration(cell.parts[0], place.problems)
    return expression(cell.parts[0], place)[0]


def _read_value(node: Node, place: Place) -> object:
    if node.kind == "duration":
        return literals.duration(node, place.problems)
    return expression(node, place)[0]


def no_times(table: Table, column: Column, node: Node) -> Iterator[Node]:
    """The cells of a column that give something else than a length of time, such as a number without its unit."""
    if column.column not in table.columns:
        return
    at = table.columns.index(column.column)
    ins, outs = head_cells(node)
    rows = [row for row in node.all("row")[1:] if len(row.parts) == len(ins) + len(outs)]
    for row, (_, outputs) in zip(rows, table.rows, strict=False):
        options = getattr(outputs[at], "options", {"": outputs[at]}).values()
        if any(not isinstance(one, (Counted, Elapsed, Civil, NoneType)) and one != LOST[0] for one in options):
            yield row.parts[len(ins) + at]


def times(table: Table, column: Column) -> list[tuple[Elapsed | Civil, bool]]:
    """Every length of time that a column may give, and whether it says its own basis."""
    if column.column not in table.columns:
        return []
    at = table.columns.index(column.column)
    head = table.bases[at] is not None
    found: list[tuple[Elapsed | Civil, bool]] = []
    for _, outputs in table.rows:
        value = outputs[at]
        options = getattr(value, "options", {"": value}).values()
        for option in options:
            match option:
                case Counted(length, _):
                    found.append((length, True))
                case Elapsed() | Civil():
                    found.append((option, head))
    return found
