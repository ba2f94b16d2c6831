"""A log of Parquet files that the workers open themselves: its events need not become rows of Spark first.

Spark reads Parquet value by value into rows, and moves them to Python value by value again. What a worker's Python
opens is in columns from the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from attrs import frozen
from pyarrow import fs
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import to_arrow_type
from pyspark.sql.types import DataType, StringType, StructType, TimestampType

from slarules.columnar.log.arriving import recorded
from slarules.columnar.log.columns import TIME, BadTable
from slarules.spark.packing import CODED, HELD, Packing, pack

_TOGETHER = 750_000
"""Events that a task reads, at most, unless one row group has more."""
_INSTEAD = "give `spark.read.parquet(…)` instead"


@frozen
class Piece:
    """What one task reads."""

    file: str
    """As a URI."""
    groups: tuple[int, ...]
    """Its row groups."""
    events: int
    """How many there are."""


@frozen(eq=False)
class EventFiles:
    """A log of Parquet files."""

    frame: DataFrame
    """The same log as Spark reads it, for the few questions that are asked of it."""
    pieces: tuple[Piece, ...]
    """What each task reads."""
    schema: pa.Schema
    """The columns as the workers give them on."""
    events: int
    """How many there are."""


def event_files(spark: SparkSession, *paths: str) -> EventFiles:
    """The log in these files or folders of Parquet, to be judged as a DataFrame of its events would be.

    Driver and workers open them with pyarrow: they must reach them, as files, or where pyarrow has a way (S3, Google
    Cloud Storage, Azure, HDFS). Raises ``BadTable`` where they cannot be opened so, or are not all of one form.
    """
    frame = spark.read.parquet(*paths)
    schema = _schema(frame.schema)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda uri: _pieces(uri, frame.schema), sorted(frame.inputFiles())))
    pieces = tuple(piece for pieces in found for piece in pieces)
    return EventFiles(frame, pieces, schema, sum(piece.events for piece in pieces))


def _schema(columns: StructType) -> pa.Schema:
    """As Spark gives the columns to Python; names of which there are few are coded."""
    return pa.schema([(field.name, _kind(field.name, field.dataType)) for field in columns.fields])


def _kind(name: str, kind: DataType) -> pa.DataType:
    if isinstance(kind, StringType):
        return pa.dictionary(pa.int32(), pa.string()) if name in CODED else pa.string()
    return TIME if isinstance(kind, TimestampType) else to_arrow_type(kind, timezone="UTC")


# ---- The driver -----------------------------------------------------------------------------------------------------


def _pieces(uri: str, columns: StructType) -> list[Piece]:
    """What of a file each task reads. Raises ``BadTable``."""
    try:
        with _opened(uri) as file:
            metadata, own = file.metadata, file.schema_arrow
    except (OSError, pa.ArrowException) as wrong:
        why = next(iter(str(wrong).splitlines()), "") or type(wrong).__name__
        raise BadTable(f"Python cannot open `{uri}`: {why}; {_INSTEAD}") from None
    differ = set(own.names) ^ set(columns.names)
    if differ or len(own.names) != len(columns.names):
        told = ", ".join(f"`{name}`" for name in sorted(differ))
        raise BadTable(f"`{uri}` has not the columns of the whole log ({told}); {_INSTEAD}")
    for field in columns.fields:
        kind = own.field(field.name).type
        zoned = pa.types.is_timestamp(kind) and (kind.tz is not None or _is_int96(metadata, field.name))
        if isinstance(field.dataType, TimestampType) and not zoned:
            raise BadTable(f"`{field.name}` in `{uri}` is of type {kind}, a time without a zone; {_INSTEAD}")
    return _cut(uri, metadata)


def _cut(uri: str, metadata: Any) -> list[Piece]:
    """A file's row groups, some for each task."""
    found: list[Piece] = []
    groups: list[int] = []
    held = 0
    for number in range(metadata.num_row_groups):
        many = metadata.row_group(number).num_rows
        if groups and held + many > _TOGETHER:
            found.append(Piece(uri, tuple(groups), held))
            groups, held = [], 0
        groups.append(number)
        held += many
    return [*found, Piece(uri, tuple(groups), held)] if held else found


def _is_int96(metadata: Any, name: str) -> bool:
    """Whether instants are written as Spark did of old: in UTC, though the file does not say so."""
    schema = metadata.schema
    return any(schema.column(n).path == name and schema.column(n).physical_type == "INT96" for n in range(len(schema)))


def _opened(uri: str, coded: Sequence[str] = ()) -> pq.ParquetFile:
    system, path = system_of(uri)
    remote = not isinstance(system, fs.LocalFileSystem)  # there, each request takes its time
    return pq.ParquetFile(
        system.open_input_file(path), read_dictionary=list(coded), coerce_int96_timestamp_unit="us", pre_buffer=remote
    )


def system_of(uri: str) -> tuple[fs.FileSystem, str]:
    """The file system of a URI, or of a whole path, and the path within it."""
    found: tuple[fs.FileSystem, str] = fs.FileSystem.from_uri(uri)
    return found


# ---- The workers ----------------------------------------------------------------------------------------------------


def numbered(log: EventFiles) -> DataFrame:
    """The number of each piece, one to a task."""
    many = len(log.pieces)
    return log.frame.sparkSession.range(0, many, 1, max(1, many))


def packed(
    batches: Iterable[pa.RecordBatch], pieces: Sequence[Piece], schema: pa.Schema, how: Packing
) -> Iterator[pa.RecordBatch]:
    """The events of the pieces with these numbers as blocks, and what was seen in them."""
    numbers = [number for batch in batches for number in batch.column(0).to_pylist()]
    return pack((table for number in numbers for table in _tables(pieces[number], schema)), how)


def _tables(piece: Piece, schema: pa.Schema) -> Iterator[pa.Table]:
    """A piece's events. Raises ``OSError`` where the file is not as it was."""
    coded = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    with _opened(piece.file, coded) as file:
        known = range(file.metadata.num_row_groups)
        if sum(file.metadata.row_group(n).num_rows for n in piece.groups if n in known) != piece.events:
            raise OSError(f"`{piece.file}` was changed after its log was begun")
        if piece.events <= HELD:
            yield recorded(file.read_row_groups(piece.groups, use_threads=False).select(schema.names).cast(schema))
            return
        for batch in file.iter_batches(HELD, row_groups=piece.groups, use_threads=False):
            yield recorded(pa.Table.from_batches([batch]).select(schema.names).cast(schema))
