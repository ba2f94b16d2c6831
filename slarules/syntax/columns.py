"""What stands in columns: the cells of a table, the times of a scenario, the options of a reading, the parties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve, frozen

from slarules.syntax.statements import Atom, Statement

LONGEST = 30
"""Cells of the widest first cell that others stand beside, a time or a name; a wider one stands out."""
HAPPENS = "step"
LOOKS = "step_as_of"
STAMPED = frozenset({HAPPENS, LOOKS})
HEADER = frozenset({"source_file", "provider", "customer"})
BEFORE = frozenset({",", ":", ")"})
"""No blank before these."""
AFTER = frozenset({"("})
"""No blank after these."""
INSTANCE = "#"
"""No blank before a word that begins with it, the number of one of several duties."""
DEEPER = 2
"""Blanks of a level, and of a line that goes on."""
SIGNS = frozenset({*BEFORE, *AFTER, "|", "%"})

Cells = list[tuple[int, int]]
"""The columns of a statement: which column, and the number of the word that begins it. Column 0 begins the line."""


@frozen
class Spacing:
    """The blanks of a statement."""

    gaps: tuple[int, ...]
    """Before each word; the first has none."""
    hang: int
    """Before a line that goes on, where no bracket is open."""


@frozen
class Columns:
    """Statements whose words stand under one another."""

    members: tuple[int, ...]
    """Numbers of the statements."""
    cells: tuple[Cells, ...]
    """Their columns."""
    space: int
    """Blanks between columns."""
    fitting: bool
    """Whether only the first column stands where not all of them fit on one line each."""


def plain(statement: Statement) -> Spacing:
    """One blank between words, none where signs want none; a kept statement keeps each place with or without."""
    atoms = statement.atoms
    gaps = [0] * len(atoms)
    for i in range(1, len(atoms)):
        left, right = atoms[i - 1].text, atoms[i].text
        if statement.kept or not (_known(left) and _known(right)):
            gaps[i] = 0 if atoms[i].glued else 1
        elif right not in BEFORE and left not in AFTER and not right.startswith(INSTANCE):
            gaps[i] = 1
    return Spacing(tuple(gaps), DEEPER * (statement.level + 1))


def _known(text: str) -> bool:
    """A sign of a construct that the style says nothing of is left beside what it stands beside."""
    return len(text) > 1 or text.isalnum() or text in SIGNS


def widen(columns: Columns, statements: Sequence[Statement], spacings: list[Spacing], width: int) -> None:
    """Makes the gaps before columns so wide that they stand under one another, as many of them as fit."""
    made = _widened(columns, statements, spacings)
    lines = [
        DEEPER * statements[m].level + breadth(statements[m].atoms, own.gaps)
        for m, own in zip(columns.members, made, strict=True)
    ]
    if columns.fitting and max(lines) > width:
        first = tuple([(c, atom) for c, atom in cells if c == 1] for cells in columns.cells)
        made = _widened(evolve(columns, cells=first), statements, spacings)
    for member, own in zip(columns.members, made, strict=True):
        spacings[member] = own


def _widened(columns: Columns, statements: Sequence[Statement], spacings: Sequence[Spacing]) -> list[Spacing]:
    starts: dict[int, int] = {0: 0}
    rows = [
        (statements[member].atoms, cells, spacings[member])
        for member, cells in zip(columns.members, columns.cells, strict=True)
    ]
    for column in sorted({c for cells in columns.cells for c, _ in cells}):
        ends = [end for atoms, cells, own in rows for end in _end(cells, column, starts, atoms, own.gaps)]
        starts[column] = max(ends) + columns.space
    made = []
    for member, (atoms, cells, own) in zip(columns.members, rows, strict=True):
        gaps = list(own.gaps)
        for column, atom in cells:
            (end,) = _end(cells, column, starts, atoms, own.gaps)
            gaps[atom] = starts[column] - end
        hang = own.hang if columns.fitting else DEEPER * statements[member].level + starts[1]
        made.append(Spacing(tuple(gaps), hang))
    return made


def _end(
    cells: Cells, column: int, starts: Mapping[int, int], atoms: Sequence[Atom], gaps: Sequence[int]
) -> Iterator[int]:
    """Where the words before a statement's column end, counted from the statement's beginning."""
    before, first = 0, 0
    for other, atom in cells:
        if other == column:
            yield starts[before] + breadth(atoms[first:atom], [0, *gaps[first + 1 : atom]])
            return
        before, first = other, atom


def breadth(atoms: Sequence[Atom], gaps: Sequence[int]) -> int:
    """Cells of these words on one line."""
    return sum(atom.cells for atom in atoms) + sum(gaps)


def find_columns(statements: Sequence[Statement]) -> Iterator[Columns]:
    """Everything in a file that stands in columns."""
    rows: dict[int, list[int]] = {}
    stamps: dict[int, list[int]] = {}
    run: list[int] = []
    parents: list[int] = []
    for number, statement in enumerate(statements):
        parent = ([-1, *parents])[statement.level]
        parents[statement.level :] = [number]
        if statement.quote or statement.held:
            continue
        if statement.atoms[0].text == "|":
            rows.setdefault(parent, []).append(number)
        elif statement.kind in STAMPED:
            stamps.setdefault(parent, []).append(number)
        elif _sort(statement) is not None:
            if run and not _follows(statements, run[-1], number):
                yield _run(statements, run)
                run = []
            run.append(number)
    if run:
        yield _run(statements, run)
    for members in rows.values():
        yield Columns(tuple(members), tuple(_bars(statements[m].atoms) for m in members), 1, False)
    for members in stamps.values():
        yield from _timeline(statements, members)


def _sort(statement: Statement) -> str | None:
    """Which lines stand in columns with it where they follow one another."""
    if statement.kind in HEADER:
        return "header"
    return "option" if statement.kind == "option" else None


def _follows(statements: Sequence[Statement], last: int, number: int) -> bool:
    """Whether nothing stands between two lines of one sort: no other line, no blank one, no comment."""
    before, after = statements[last], statements[number]
    return (
        number == last + 1
        and _sort(before) == _sort(after)
        and before.level == after.level
        and not after.apart
        and not after.pieces[0].above
    )


def _run(statements: Sequence[Statement], members: Sequence[int]) -> Columns:
    return Columns(tuple(members), tuple(_parts(statements[m]) for m in members), 1, True)


def _parts(statement: Statement) -> Cells:
    """The columns of an option (name, what it stands for, words) or of a party (name, words)."""
    parts = statement.nodes[0].parts
    if statement.kind == "option":
        chosen = [(2 if part.kind == "STRING" else 1, part) for part in parts[1:]]
    else:
        chosen = [(n, part) for n, part in enumerate(parts[: 1 if statement.kind == "source_file" else 2], start=1)]
    numbers = {atom.start: i for i, atom in enumerate(statement.atoms)}
    return [(column, numbers[part.span.start]) for column, part in chosen]


def _bars(atoms: Sequence[Atom]) -> Cells:
    bars = [i for i, atom in enumerate(atoms) if atom.text == "|"]
    return [(column, atom) for column, atom in enumerate(bars) if column]


def _timeline(statements: Sequence[Statement], members: Sequence[int]) -> Iterator[Columns]:
    """The times of a scenario: those of what happens make a column, in which an `as of` stands where it fits."""
    cells: dict[int, Cells] = {}
    sizes: dict[int, int] = {}
    for member in members:
        statement = statements[member]
        first = _behind_the_time(statement)
        cells[member] = [(1, first)]
        sizes[member] = breadth(statement.atoms[:first], plain(statement).gaps[:first])
    happens = [sizes[m] for m in members if statements[m].kind == HAPPENS and sizes[m] <= LONGEST]
    widest = max(happens, default=LONGEST)
    column = tuple(member for member in members if sizes[member] <= widest)
    if column:
        yield Columns(column, tuple(cells[member] for member in column), 2, False)
    for member in members:
        if member not in column:
            yield Columns((member,), (cells[member],), 2, False)


def _behind_the_time(statement: Statement) -> int:
    """The number of the first word behind a time; a placeholder's node stands in the table of examples."""
    time, what = statement.nodes[0].parts[:2]
    last = statement.atoms[-1].start
    if statement.start <= what.span.start <= last:
        return next(i for i, atom in enumerate(statement.atoms) if atom.start >= what.span.start)
    if statement.start <= time.span.start <= last:
        return next(i for i, atom in enumerate(statement.atoms) if atom.start >= time.span.end)
    return 1
