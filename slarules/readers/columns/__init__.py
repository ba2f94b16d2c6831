"""Event files to event tables: what `slarules.readers` reads row by row, in columns."""

from slarules.readers.columns.reading import ColumnReading, read_columns
from slarules.readers.columns.tables import joined

__all__ = ["ColumnReading", "joined", "read_columns"]
