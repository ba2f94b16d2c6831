"""Parquet files as rows of cells, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any, BinaryIO
from uuid import UUID

from slarules.readers.instants import Stamp
from slarules.readers.rejects import Refused, Rejected, Tally
from slarules.readers.rows import Cell, Cells, Odd

_BATCH = 16_384
"""Rows held at once."""
_UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1}


def parquet_heading(stream: BinaryIO) -> list[str]:
    """The columns' headings. Raises ``Refused`` where it is no Parquet file."""
    return list(_open(stream).schema_arrow.names)


def parquet_rows(stream: BinaryIO, columns: Sequence[str], tally: Tally) -> Iterator[Cells | Rejected]:
    """The cells of ``columns`` for each row, counted from 1; the file must hold these columns."""
    import pyarrow

    row = 0
    try:
        for batch in _open(stream).iter_batches(batch_size=_BATCH, columns=list(columns)):
            read = [batch.column(batch.schema.get_field_index(name)) for name in columns]
            for cells in cells_of(columns, read):
                row += 1
                tally.rows += 1
                yield cells.at(row, "") if isinstance(cells, Refused) else (row, cells)
    except (pyarrow.ArrowException, OSError) as wrong:
        yield _damaged(wrong).at(row + 1, "")


def cells_of(names: Sequence[str], columns: Sequence[Any]) -> Iterator[tuple[Cell, ...] | Refused]:
    """The rows of some columns; where a cell cannot be told, why its row is set aside."""
    try:
        found = [python_cells(column) for column in columns]
    except (ValueError, OverflowError):
        yield from (_row(names, columns, place) for place in range(len(columns[0])))
    else:
        yield from zip(*found, strict=True)


def _row(names: Sequence[str], columns: Sequence[Any], place: int) -> tuple[Cell, ...] | Refused:
    cells: list[Cell] = []
    for name, column in zip(names, columns, strict=True):
        try:
            cells += python_cells(column.slice(place, 1))
        except UnicodeDecodeError:
            return Refused("E0620", f"the column `{name}` holds bytes that are not UTF-8")
        except (ValueError, OverflowError):
            return Refused("E0631", f"the column `{name}` holds a date that no calendar has")
    return tuple(cells)


def _open(stream: BinaryIO) -> Any:
    import pyarrow
    from pyarrow import parquet

    try:
        return parquet.ParquetFile(stream)
    except (pyarrow.ArrowException, OSError) as wrong:
        raise _damaged(wrong) from None


def _damaged(wrong: Exception) -> Refused:
    first = str(wrong).partition("\n")[0]
    return Refused("E0630", f"not a sound Parquet file: {first[:120]}")


def python_cells(column: Any) -> list[Cell]:
    """A column's values as a log can hold them; times stay the integers that they are."""
    import pyarrow

    if pyarrow.types.is_timestamp(column.type):
        naive, unit = column.type.tz is None, column.type.unit
        numbers = column.cast(pyarrow.int64()).to_pylist()
        return [None if n is None else _stamp(n, unit, naive) for n in numbers]
    if "[ns" in str(column.type):  # within lists, and of what else there is: Python has no nanoseconds
        return [Odd(str(column.type)) if there else None for there in column.is_valid().to_pylist()]
    if pyarrow.types.is_string(column.type):
        return list(column.to_pylist())
    return [_cell(value) for value in column.to_pylist()]


def _stamp(number: int, unit: str, naive: bool) -> Cell:
    if unit != "ns":
        return Stamp(number * _UNITS[unit], naive, unit)
    if number % 1_000 == 0:
        return Stamp(number // 1_000, naive, unit)
    # As text it is refused for its seventh digit, where its row is known; nothing is cut off.
    return Stamp(number // 1_000, True).local.isoformat(timespec="microseconds") + f"{number % 1_000:03}"


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str | Decimal):
        return value
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return tuple(_cell(item) for item in value)
    return str(value) if isinstance(value, time | UUID) else Odd(str(value))
