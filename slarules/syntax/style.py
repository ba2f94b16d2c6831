"""The one style: indentation, blank lines, where comments stand, and words put together to lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve, frozen
from rich.cells import cell_len

from slarules.syntax.breaks import indents, pieces
from slarules.syntax.columns import DEEPER, Spacing, find_columns, plain, widen
from slarules.syntax.statements import Remark, Statement, Written, level_of

SET_OFF = frozenset({"clause"})
"""Blocks with a blank line below their first line."""
BESIDE = 2
"""Blanks before a comment at the end of a line."""


@frozen
class _Row:
    """One line of the result."""

    code: str
    """Its words, indented."""
    remark: str
    """The comment at its end."""
    statement: int
    """The number of the statement that it belongs to."""


def style(written: Written, width: int, as_written: frozenset[int]) -> tuple[list[str], list[int]]:
    """The file's lines in the one style, and for each the number of the statement that it belongs to.

    The statements ``as_written`` keep their own blanks and line breaks.
    """
    rows = _styled(written, width, as_written)
    while rows and not rows[0].code:
        rows.pop(0)
    return list(_joined(rows, width)), [row.statement for row in rows]


def _styled(written: Written, width: int, as_written: frozenset[int]) -> list[_Row]:
    """The lines of the result, blank ones among them."""
    statements = [
        evolve(one, kept=True) if n in as_written else one for n, one in enumerate(written.statements)
    ]
    spacings = [plain(one) for one in statements]
    for columns in find_columns(statements):
        widen(columns, statements, spacings, width)
    rows: list[_Row] = []
    above: Statement | None = None
    for number, statement in enumerate(statements):
        remarks = statement.pieces[0].above
        parted = _parted(statements, number, remarks)
        for n, remark in enumerate(remarks):
            if remark.apart or parted == n:
                rows.append(_Row("", "", number))
            rows.append(_Row(" " * DEEPER * level_of(remark, above, statement) + remark.text, "", number))
        if statement.apart or parted == len(remarks):
            rows.append(_Row("", "", number))
        rows += _lines(statement, spacings[number], width, number)
        above = statement
    for remark in written.after:
        if remark.apart:
            rows.append(_Row("", "", len(statements) - 1))
        rows.append(_Row(" " * DEEPER * level_of(remark, above, None) + remark.text, "", len(statements) - 1))
    return rows


def _parted(statements: Sequence[Statement], number: int, remarks: Sequence[Remark]) -> int | None:
    """Before which of the comments above a statement a blank line is put, or, past them, before itself."""
    statement = statements[number]
    if number == 0 or statement.apart or any(remark.apart for remark in remarks):
        return None
    above = statements[number - 1]
    if statement.level > above.level:
        return 0 if above.kind in SET_OFF else None
    if statement.level > 0 or (above.quote and above.level == 0):
        return None
    body = number + 1 < len(statements) and statements[number + 1].level > 0
    if number > 1 and above.level == 0 and not body:
        return None
    outside = [n for n, remark in enumerate(remarks) if level_of(remark, above, statement) == 0]
    inside = [n for n in range(len(remarks)) if n not in outside]
    return max(inside) + 1 if inside else 0


def _lines(statement: Statement, spacing: Spacing, width: int, number: int) -> Iterator[_Row]:
    """A statement's own lines."""
    if statement.quote:
        for line in statement.quote:
            yield _Row(" " * DEEPER * statement.level + line, "", number)
        return
    atoms, held = statement.atoms, statement.held
    starts = pieces(statement, spacing, width)
    ends = [*starts[1:], len(atoms)]
    lines = zip(starts, ends, indents(statement, spacing, starts), strict=True)
    for n, (start, end, indent) in enumerate(lines):
        if held and n:
            for remark in statement.pieces[n].above:
                if remark.apart:
                    yield _Row("", "", number)
                yield _Row(" " * indent + remark.text, "", number)
        words = "".join(" " * spacing.gaps[i] * (i > start) + atoms[i].text for i in range(start, end))
        last = statement.pieces[n if held else -1].remark
        yield _Row(" " * indent + words, last or "", number)


def _joined(rows: Sequence[_Row], width: int) -> Iterator[str]:
    """Words and the comments at their ends; comments of lines that follow one another stand in a column."""
    run: list[_Row] = []
    for row in [*rows, _Row("", "", -1)]:
        if row.remark:
            run.append(row)
            continue
        yield from _with_remarks(run, width)
        run = []
        if row.statement >= 0:
            yield row.code


def _with_remarks(run: Sequence[_Row], width: int) -> Iterator[str]:
    ends = [cell_len(row.code) for row in run]
    column = max(ends, default=0)
    fit = all(column + BESIDE + cell_len(row.remark) <= width for row in run)
    for row, end in zip(run, ends, strict=True):
        yield row.code + " " * ((column - end if fit else 0) + BESIDE) + row.remark
