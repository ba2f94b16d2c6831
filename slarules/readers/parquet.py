"""Parquet files as rows of cells, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from slarules.model.event import Raw
from slarules.readers.instants import Stamp
from slarules.readers.rejects import Refused, Rejected, Tally
from slarules.readers.rows import Cell, Cells

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
            read = [python_cells(batch.column(batch.schema.get_field_index(name))) for name in columns]
            for cells in zip(*read, strict=True):
                row += 1
                tally.rows += 1
                yield row, cells
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError, OverflowError) as wrong:
        # The last two: text that is none, and dates that no calendar has.
        yield _damaged(wrong).at(row + 1, "")


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
    return [_cell(value) for value in column.to_pylist()]


def _stamp(number: int, unit: str, naive: bool) -> Cell:
    if unit != "ns":
        return Stamp(number * _UNITS[unit], naive)
    if number % 1_000 == 0:
        return Stamp(number // 1_000, naive)
    # As text it is refused for its seventh digit, where its row is known; nothing is cut off.
    return Stamp(number // 1_000, True).local.isoformat(timespec="microseconds") + f"{number % 1_000:03}"


def _cell(value: Any) -> Raw:
    if value is None or isinstance(value, bool | int | str | Decimal):
        return value
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return tuple(_cell(item) for item in value)
    return str(value)
