"""Rows of a table read through a mapping: cells become names, instants and facts, or the row is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from attrs import field, frozen

from slarules.model.event import Raw
from slarules.readers.fields import count, fact_value, number
from slarules.readers.instants import Stamp, in_years
from slarules.readers.lengths import length
from slarules.readers.mapping import ANY, TICKETS, EventMapping, FactColumn, Outcome
from slarules.readers.numbers import NumberFormat
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
AND = " = "
"""Between what two columns say of what happened: `Status = Closed`."""
_REMEMBERED = 10_000
"""Times kept as read: the rows of a ticket, and rows of one minute, repeat each other's."""
_TRUTHS = dict.fromkeys(("true", "t", "yes", "y", "on", "1"), True)
_TRUTHS |= dict.fromkeys(("false", "f", "no", "n", "off", "0"), False)


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
    times: tuple[int | None, ...] = ()
    """In the order of ``EventMapping.times``; None where it has not happened."""

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
        in_row = mapping.layout == TICKETS
        value = "" if in_row else self.value(cells)
        names = {key: text for key in self._others if (text := self._text(cells, key)) is not None}
        actor = self.actor(cells)
        if actor is not None:
            names["actor"] = actor
        times = tuple(self._happened(cells, name) for name in mapping.times)
        at = min((time for time in times if time is not None), default=None) if in_row else self._time(cells, "at")
        if at is None:
            missing = f"the column `{mapping.columns['at']}` has" if not in_row else f"{_column([*mapping.times])} have"
            raise Refused("E0626", f"{missing} no time")
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
            times=times,
        )

    def value(self, cells: tuple[Cell, ...]) -> str:
        """What the type or the state column says. Raises ``Refused``."""
        mapping, value = self._mapping, self._needed(cells, self._value)
        if self._value in mapping.beside:
            headings = mapping.beside[self._value]
            known = (self._known(cells[self._place[heading]]) for heading in headings)
            value = AND.join((value, *("" if cell is None else _as_text(cell).strip() for cell in known)))
        if mapping.outcomes and not told_of(mapping, value):
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

    def _happened(self, cells: tuple[Cell, ...], heading: str) -> int | None:
        """The time in a column, or one that lies so long as it says after another's. Raises ``Refused``."""
        cell = self._known(cells[self._place[heading]])
        if cell is None or heading not in self._mapping.after:
            return self._instant(cell, (heading,))
        start, _ = self._mapping.after[heading]
        begun = self._instant(self._known(cells[self._place[start]]), (start,))
        if begun is None:
            raise Refused("E0626", f"the column `{start}` is empty, from which `{heading}` runs")
        try:
            return in_years(begun + self._length(heading, cell), f"{begun} and {cell}")
        except Refused as refused:
            raise Refused(refused.code, f"the column `{heading}`: {refused.cause}") from None

    def length(self, heading: str, cells: tuple[Cell, ...]) -> int | None:
        """How long after another time what a column tells of happened, if it did. Raises ``Refused``."""
        cell = self._known(cells[self._place[heading]])
        return None if cell is None else self._length(heading, cell)

    def _length(self, heading: str, cell: Cell) -> int:
        own = NumberFormat() if not isinstance(cell, str) else self._mapping.numbers
        return length(_as_text(cell).strip(), self._mapping.after[heading][1], own)

    def _time(self, cells: tuple[Cell, ...], key: str) -> int | None:
        cell = self._cell(cells, key)
        if key in self._mapping.beside:
            cell = self._whole_time(cells, key, cell)
        return self._instant(cell, self._mapping.headings(key))

    def _instant(self, cell: Cell, headings: Sequence[str]) -> int | None:
        if cell is None:
            return None
        if isinstance(cell, str) and cell in self._times:
            return self._times[cell]
        try:
            instant = self._mapping.time.instant(cell)
        except Refused as refused:
            raise Refused(refused.code, f"{_column(headings)}: {refused.cause}") from None
        if isinstance(cell, str):
            if len(self._times) >= _REMEMBERED:
                self._times.clear()
            self._times[cell] = instant
        return instant

    def _whole_time(self, cells: tuple[Cell, ...], key: str, first: Cell) -> Cell:
        """A day and a time of day from several columns, as one text. Raises ``Refused``."""
        headings = self._mapping.headings(key)
        parts = [first, *(self._known(cells[self._place[heading]]) for heading in headings[1:])]
        absent = [heading for heading, part in zip(headings, parts, strict=True) if part is None]
        if absent:
            if len(absent) == len(parts):
                return None
            raise Refused("E0626", f"of {_column(headings)} only some hold something: nothing in `{absent[0]}`")
        for heading, part in zip(headings, parts, strict=True):
            if not isinstance(part, str | int | Decimal) or isinstance(part, bool):
                raise Refused("E0627", f"the column `{heading}` holds no text: part of a time is written out")
        return " ".join(str(part).strip() for part in parts)

    def fact(self, fact: FactColumn, cell: Cell) -> Raw:
        """What a cell of a fact's column means; None is not known. Raises ``Refused``."""
        return _fact(fact, self._known(cell), self._mapping)

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
    return told_of(mapping, value) if mapping.outcomes else (Outcome(type=value),)


def told_of(mapping: EventMapping, value: str) -> tuple[Outcome, ...]:
    """The same as far as the mapping's table goes; nothing for a value that it does not know."""
    found = mapping.outcomes.get(value)
    if found is None and mapping.beside:
        found = mapping.outcomes.get(value.partition(AND)[0] + AND + ANY)
    return found or mapping.outcomes.get(ANY, ())


def _column(headings: Sequence[str]) -> str:
    named = ", ".join(f"`{heading}`" for heading in headings)
    return f"the column{'s' * (len(headings) > 1)} {named}"


def _fact(fact: FactColumn, cell: Cell, mapping: EventMapping) -> Raw:
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
        return _typed(fact.type, cell, mapping)
    except Refused as refused:
        raise Refused(refused.code, f"the column `{fact.column}`: {refused.cause}") from None
    except (ValueError, InvalidOperation):
        said = f"`{_as_text(cell)[:60]}` in the column `{fact.column}` is not of the type `{fact.type}`"
        help = ": say in `values` what it means" if fact.type == "yes or no" else ""
        raise Refused("E0635", said + help) from None


def _typed(kind: str, cell: Cell, mapping: EventMapping) -> Raw:
    """The cell as a fact's type wants it. Raises ``Refused``, ``ValueError`` or ``InvalidOperation``."""
    if isinstance(cell, Decimal):
        number(str(cell))  # a Parquet column's NaN is no text either
    if kind == "yes or no":
        if _as_text(cell).lower() not in _TRUTHS:
            raise ValueError
        return _TRUTHS[_as_text(cell).lower()]
    if kind == "integer":
        value = _number(cell, mapping)
        if value != value.to_integral_value():
            raise ValueError
        return int(value)
    if kind == "number":
        return _number(cell, mapping)
    if kind == "time":
        return Stamp(mapping.time.instant(cell), naive=False).text
    return fact_value(cell if isinstance(cell, str | list | tuple) else _as_text(cell), kind)


def _number(cell: Cell, mapping: EventMapping) -> Decimal:
    """A number; one that the file holds as such is not written in any country's way."""
    text = _as_text(cell).strip()
    return mapping.numbers.number(text) if isinstance(cell, str) else number(text)


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
