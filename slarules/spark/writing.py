"""Verdicts as Parquet files that the workers write themselves, with the commit that Spark's own writer makes.

Each task writes a file of its own beside the others, which nobody reads. When all are done, the driver puts the file of
that try of each task which Spark took in its place: a task that was lost, or tried twice at once, leaves nothing.
"""

from __future__ import annotations

import base64
import errno
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs
from pyspark import TaskContext
from pyspark.errors import AnalysisException
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from slarules.columnar.verdicts.naming import coded_alike
from slarules.columnar.verdicts.rows import LISTS
from slarules.columnar.verdicts.table import NAMES
from slarules.columnar.verdicts.table import VERDICTS as VERDICT_COLUMNS
from slarules.columnar.verdicts.writing import FILED, GROUP
from slarules.spark import chunks
from slarules.spark.batch import Judging
from slarules.spark.files import system_of
from slarules.spark.packing import EVENTS
from slarules.spark.schema import VERDICTS, coded

_REPEATED = [*NAMES, "number", "allowed", *(f"{name}.list.element" for name in LISTS if name != "events")]
"""Columns of which each value stands once in a group."""
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
_FOR_SPARK = "org.apache.spark.sql.parquet.row.metadata"
"""Where Spark looks for the types of columns: Parquet itself knows no durations."""


def write(found: Judging, folder: str) -> int:
    """Judges, and writes the verdicts to a folder that is not there yet; says how many there are.

    The workers write with pyarrow: to files, or where pyarrow has a way (S3, Google Cloud Storage, Azure, HDFS). To a
    URL that pyarrow does not know and Spark may, Spark's own writer does it. Raises ``OSError``, and what reading the
    verdicts raises: then nothing stays there.
    """
    names, apart = found.verdicts.columns, found.apart
    place = folder if _URL.match(folder) else os.path.abspath(folder)
    try:
        system, root = system_of(place)
    except (OSError, pa.ArrowException):
        return _by_spark(found, folder)
    if system.get_file_info(root).type != fs.FileType.NotFound:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), folder)
    beside = f"_temporary/{uuid4().hex}"
    system.create_dir(f"{root}/{beside}")
    try:
        task = partial(_written, sent=found.sent, names=tuple(names), place=place, beside=beside)
        rows = found.packed.filter(F.col("what") == EVENTS).select("bucket", "block")
        done = rows.mapInArrow(task, "part int, name string, rows long").collect()
        for part, name, _ in done:
            system.move(f"{root}/{beside}/{name}", f"{root}/part-{part:05}.parquet")
        if apart.num_rows:
            with system.open_output_stream(f"{root}/part-driver.parquet") as file, _writer(file, names) as writer:
                writer.write_table(coded(apart, _schema(names)))
        system.delete_dir(f"{root}/_temporary")
        with system.open_output_stream(f"{root}/_SUCCESS"):
            pass
    except BaseException:
        system.delete_dir(root)
        raise
    return sum(int(many) for _, _, many in done) + int(apart.num_rows)


def _by_spark(found: Judging, folder: str) -> int:
    """The same by Spark's own writer, with its commit and its credentials."""
    try:
        found.verdicts.write.mode("errorifexists").parquet(folder)
    except AnalysisException as wrong:
        if wrong.getCondition() != "PATH_ALREADY_EXISTS":
            raise
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), folder) from None
    return int(found.verdicts.sparkSession.read.parquet(folder).count())


def _written(
    rows: Iterable[pa.RecordBatch], sent: bytes, names: Sequence[str], place: str, beside: str
) -> Iterator[pa.RecordBatch]:
    """A file of the verdicts of one task, whose row is told when the file is whole."""
    context = TaskContext.get()
    assert context is not None
    name = f"{context.partitionId():05}-{context.taskAttemptId()}.parquet"
    tables = chunks.own_verdicts(rows, sent)
    first = next(tables, None)
    if first is None:
        return
    many = 0
    system, root = system_of(place)
    with system.open_output_stream(f"{root}/{beside}/{name}") as file, _writer(file, names) as writer:
        for own, _ in chain([first], tables):
            writer.write_table(coded_alike(own.select(names)), row_group_size=GROUP)
            many += own.num_rows
    columns = [pa.array([context.partitionId()], pa.int32()), pa.array([name]), pa.array([many], pa.int64())]
    yield pa.record_batch(columns, names=["part", "name", "rows"])


def _writer(file: Any, names: Sequence[str]) -> pq.ParquetWriter:
    """Names go to the file as the codes that they are; whoever reads it gets plain text."""
    repeated = [name for name in _REPEATED if name.partition(".")[0] in names]
    writer = pq.ParquetWriter(file, _schema(names), use_dictionary=repeated, store_schema=False)
    filed = pa.schema([FILED.field(name) for name in names])
    writer.add_key_value_metadata(
        {
            "ARROW:schema": base64.b64encode(filed.serialize()).decode(),
            _FOR_SPARK: StructType([VERDICTS[name] for name in names]).json(),
        }
    )
    return writer


def _schema(names: Sequence[str]) -> pa.Schema:
    return pa.schema([VERDICT_COLUMNS.field(name) for name in names])
