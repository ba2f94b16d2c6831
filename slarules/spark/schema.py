"""The columns of verdicts, subjects and findings as Spark has them: those of the Arrow tables, names as plain text."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from pyarrow.types import is_dictionary, is_duration, is_integer, is_list, is_timestamp
from pyspark.sql.types import (
    ArrayType,
    BooleanType,
    DataType,
    DayTimeIntervalType,
    LongType,
    StringType,
    StructField,
    StructType,
    TimestampType,
)

from slarules.columnar import stretches
from slarules.columnar.verdicts import table

ROWS = 32_768
"""Rows given to Spark at once."""

TOLD: pa.Schema = pa.schema(
    [(name, pa.string()) for name in ("subject", "event", "code", "message")]
    + [(name, pa.int64()) for name in ("phase", "place", "number")]
)
"""Findings. In the order of phase, place, subject and number they stand as in one judging of the whole log."""


def plain(schema: pa.Schema) -> pa.Schema:
    """The same columns with names as plain text: Spark reads no dictionaries."""
    return pa.schema([(f.name, _text(f.type)) for f in schema])


def _text(kind: pa.DataType) -> pa.DataType:
    if is_list(kind):
        return pa.list_(_text(kind.value_type))
    return kind.value_type if is_dictionary(kind) else kind


def coded(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """A table of plain text with its names dictionary-coded again, as ``schema`` has them."""
    return pa.table([_coded(table.column(f.name).combine_chunks(), f.type) for f in schema], schema=schema)


def _coded(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if is_list(kind) and is_dictionary(kind.value_type):
        whole = pa.concat_arrays([column])  # its offsets begin with 0
        return pa.ListArray.from_arrays(whole.offsets, whole.values.dictionary_encode()).cast(kind)
    return column.dictionary_encode().cast(kind) if is_dictionary(kind) else column.cast(kind)


def spark_type(kind: pa.DataType) -> DataType:
    """The type that Spark gives a column of verdicts; durations are intervals, exact to the microsecond."""
    if is_timestamp(kind):
        return TimestampType()
    if is_duration(kind):
        return DayTimeIntervalType()
    if is_list(kind):
        return ArrayType(StringType())
    if is_integer(kind):
        return LongType()
    return BooleanType() if pa.types.is_boolean(kind) else StringType()


def spark_schema(schema: pa.Schema) -> StructType:
    """The columns of an Arrow table as Spark's."""
    return StructType([StructField(f.name, spark_type(f.type)) for f in plain(schema)])


VERDICTS = spark_schema(table.VERDICTS)
"""The columns of verdicts, in the order of every verdict file."""
SUBJECTS = spark_schema(stretches.SUBJECTS)
"""The columns of subjects: when each changes next, which engine judged it, and why."""
FINDINGS = spark_schema(TOLD)
"""The columns of findings."""
CHANGES = StructType(
    [
        StructField("identity", StringType()),
        StructField("revision", LongType()),
        StructField("as_of", TimestampType()),
        StructField("gone", BooleanType()),
        *VERDICTS.fields,
    ]
)
"""What a stream tells: verdicts that changed, each with its identity, its revision and the instant judged as of."""


def batches(table: pa.Table, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The table as Spark takes it, a few thousand rows at a time, so that only those are ever written out in full."""
    wanted = plain(schema)
    for start in range(0, table.num_rows, ROWS):
        yield from table.slice(start, ROWS).cast(wanted).combine_chunks().to_batches()
