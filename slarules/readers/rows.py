"""Rows of a table read through a mapping: cells become names, instants and facts, or the row is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from attrs import field, frozen

from slarules.model.event import Raw
from slarules.readers.fields import count, fact_value, number
from slarules.readers.instants import Stamp, TimeFormat
from slarules.readers.mapping import ANY, EventMapping, FactColumn, Outcome
from slarules.readers.rejects import Refused, Rejected


@frozen
class Odd:
    """A cell of a kind that nothing in a log can be: bytes, an object, a length of time."""

    said: str
    """What it is, for people to recognise it by."""

    def __str__(self) -> str:
        return self.said


Cell = Raw | Stamp | Odd
Cells = tuple[int, tuple[Cell, ...]]
"""A row as its file has it: its line, and its cells in the order of ``EventMapping.needed``."""

ROOM = 10
"""Events that follow from comparing rows get the row's own count times this, plus their place among them."""
_REMEMBERED = 10_000
"""Times kept as read: the rows of a ticket, and rows of one minute, repeat each other's."""
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@frozen
class Row:
    """A row in the log's terms."""

    subject: str
    """The ticket."""
    at: int
    """When it happened, or when the ticket came to stand so; microseconds."""
    sequence: int | None
    """The source's own count, where it has one."""
    line: int
    """Where it stands in the file."""
    value: str
    """What the type or the state column says."""
    names: Mapping[str, str] = field(hash=False)
    """Of id, actor, agreement and target those that it has; the actor is a party."""
    recorded_at: int | None
    """When it became known, where a column tells."""
    opened_at: int | None
    """When the ticket was opened, where a column tells."""
    facts: tuple[Raw, ...]
    """In the order of ``EventMapping.facts``; None is not known."""

    @property
    def place(self) -> tuple[str, int, int, int]:
        """Puts rows in order: by ticket, then time, then the source's count, then the file's order."""
        return (self.subject, self.at, -1 if self.sequence is None else self.sequence, self.line)


def read_rows(mapping: EventMapping, table: Iterable[Cells | Rejected]) -> Iterator[Row | Rejected]:
    """Each row in the log's terms, or why it is set aside; what the table set aside passes through."""
    read = RowReader(mapping)
    for entry in table:
        if isinstance(entry, Rejected):
            yield entry
            continue
        try:
            yield read.row(*entry)
        except Refused as refused:
            yield refused.at(entry[0], entry[1])


class RowReader:
    """Reads rows through one mapping."""

    def __init__(self, mapping: EventMapping) -> None:
        self._mapping = mapping
        self._place = {heading: n for n, heading in enumerate(mapping.needed)}
        self._value = "state" if "state" in mapping.columns else "type"
        self._times: dict[str, int] = {}
        self._others = tuple(key for key in ("id", "agreement", "target") if key in mapping.columns)

    def row(self, line: int, cells: tuple[Cell, ...]) -> Row:
        """The row that the cells are. Raises ``Refused``."""
        mapping = self._mapping
        value = self.value(cells)
        names = {key: text for key in self._others if (text := self._text(cells, key)) is not None}
        actor = self.actor(cells)
        if actor is not None:
            names["actor"] = actor
        at = self._time(cells, "at")
        if at is None:
            raise Refused("E0626", f"the column `{mapping.columns['at']}` has no time")
        return Row(
            subject=self._needed(cells, "subject"),
            at=at,
            sequence=self.sequence(cells),
            line=line,
            value=value,
            names=names,
            recorded_at=self._time(cells, "recorded_at"),
            opened_at=self._time(cells, "opened_at"),
            facts=tuple(self.fact(fact, cells[self._place[fact.column]]) for fact in mapping.facts),
        )

    def value(self, cells: tuple[Cell, ...]) -> str:
        """What the type or the state column says. Raises ``Refused``."""
        mapping, value = self._mapping, self._needed(cells, self._value)
        if mapping.outcomes and value not in mapping.outcomes and ANY not in mapping.outcomes:
            raise Refused("E0634", f"the {self._value} `{value[:60]}` is not in the mapping")
        return value

    def _known(self, cell: Cell) -> Cell:
        """The cell, or None where it is one of the marks for a value that is not known."""
        return None if isinstance(cell, str) and cell.strip() in self._mapping.unknown else cell

    def _cell(self, cells: tuple[Cell, ...], key: str) -> Cell:
        heading = self._mapping.columns.get(key)
        return None if heading is None else self._known(cells[self._place[heading]])

    def _text(self, cells: tuple[Cell, ...], key: str) -> str | None:
        cell = self._cell(cells, key)
        if cell is None or (isinstance(cell, str) and cell.strip()):
            return cell
        if isinstance(cell, Decimal):
            found = number(str(cell))  # where some are missing, a data frame makes floats of whole numbers
            return str(int(found) if found == found.to_integral_value() else found)
        if isinstance(cell, int | Stamp):
            return _as_text(cell)
        raise Refused("E0627", f"the column `{self._mapping.columns[key]}` holds no name")

    def _needed(self, cells: tuple[Cell, ...], key: str) -> str:
        text = self._text(cells, key)
        if text is None:
            raise Refused("E0626", f"the column `{self._mapping.columns[key]}` is empty")
        return text

    def actor(self, cells: tuple[Cell, ...]) -> str | None:
        """The party that the actor column names, if any. Raises ``Refused``."""
        text, parties = self._text(cells, "actor"), self._mapping.actors
        if text is None or not parties:
            return text
        party = parties.get(text, parties.get(ANY))
        if party is None:
            raise Refused("E0634", f"the actor `{text[:60]}` is not in the mapping")
        return party

    def _time(self, cells: tuple[Cell, ...], key: str) -> int | None:
        cell = self._cell(cells, key)
        if cell is None:
            return None
        if isinstance(cell, str) and cell in self._times:
            return self._times[cell]
        try:
            instant = self._mapping.time.instant(cell)
        except Refused as refused:
            cause = f"the column `{self._mapping.columns[key]}`: {refused.cause}"
            raise Refused(refused.code, cause) from None
        if isinstance(cell, str):
            if len(self._times) >= _REMEMBERED:
                self._times.clear()
            self._times[cell] = instant
        return instant

    def fact(self, fact: FactColumn, cell: Cell) -> Raw:
        """What a cell of a fact's column means; None is not known. Raises ``Refused``."""
        return _fact(fact, self._known(cell), self._mapping.time)

    def sequence(self, cells: tuple[Cell, ...]) -> int | None:
        """The source's own count, if any. Raises ``Refused``."""
        cell = self._cell(cells, "sequence")
        room = ROOM if self._mapping.by_ticket else 1
        if cell is None or type(cell) is int:
            return cell if cell is None else count(cell, room)
        text = str(cell).strip()
        if text.isascii() and text.isdigit() and len(text) <= 18:
            return count(int(text), room)
        raise Refused("E0627", f"the column `{self._mapping.columns['sequence']}` is no count: `{text[:40]}`")


def outcomes_of(mapping: EventMapping, value: str) -> tuple[Outcome, ...]:
    """What a value of the type or state column says; without a table of values it is the event's type."""
    if not mapping.outcomes:
        return (Outcome(type=value),)
    return mapping.outcomes.get(value) or mapping.outcomes[ANY]


def _fact(fact: FactColumn, cell: Cell, time: TimeFormat) -> Raw:
    if cell is None:
        return None
    if not _can_be_a_fact(cell):
        said = "a list of objects or another kind that no fact can be"
        raise Refused("E0627", f"the column `{fact.column}` holds {said}")
    if fact.values:
        text = _as_text(cell)
        if text not in fact.values and ANY not in fact.values:
            raise Refused("E0634", f"the value `{text[:60]}` of `{fact.column}` is not in the mapping")
        return fact.values.get(text, fact.values.get(ANY))
    try:
        return _typed(fact.type, cell, time)
    except Refused as refused:
        raise Refused(refused.code, f"the column `{fact.column}`: {refused.cause}") from None
    except (ValueError, InvalidOperation):
        said = f"`{_as_text(cell)[:60]}` in the column `{fact.column}`"
        raise Refused("E0635", f"{said} is not of the type `{fact.type}`") from None


def _typed(kind: str, cell: Cell, time: TimeFormat) -> Raw:
    """The cell as a fact's type wants it. Raises ``Refused``, ``ValueError`` or ``InvalidOperation``."""
    if isinstance(cell, Decimal):
        number(str(cell))  # a Parquet column's NaN is no text either
    if kind == "yes or no":
        if _as_text(cell).lower() not in _TRUTHS:
            raise ValueError
        return _TRUTHS[_as_text(cell).lower()]
    if kind == "integer":
        value = number(_as_text(cell).strip())
        if value != value.to_integral_value():
            raise ValueError
        return int(value)
    if kind == "number":
        return number(_as_text(cell).strip())
    if kind == "time":
        return Stamp(time.instant(cell), naive=False).text
    return fact_value(cell if isinstance(cell, str | list | tuple) else _as_text(cell), kind)


def _can_be_a_fact(cell: object) -> bool:
    if isinstance(cell, list | tuple):
        return all(map(_can_be_a_fact, cell))
    return not isinstance(cell, Odd | Mapping)


def _as_text(cell: Cell) -> str:
    if isinstance(cell, Stamp):
        return cell.text
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell)
