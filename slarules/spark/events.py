"""A DataFrame of events: which columns it may have, and which of its rows are no events."""

from __future__ import annotations

from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import (
    ArrayType,
    BooleanType,
    DataType,
    DateType,
    DecimalType,
    FractionalType,
    IntegralType,
    NullType,
    StringType,
    StructType,
    TimestampNTZType,
    TimestampType,
)

from slarules.calendars.zones import EARLY, END
from slarules.columnar.log.columns import FIELDS, NAMES, NEEDED, TIMES, BadTable
from slarules.diagnostics import nearest
from slarules.readers.columns.facts import PLACE

MISSING, OUTSIDE = "E0626", "E0631"
"""The codes of a row that lacks what an event needs, and of one whose time cannot be."""
_WHEN = "a time is in the first weeks of 1970, or not in 1970 to 2200; is its unit right?"


def checked(events: DataFrame, position: str | None) -> None:
    """Raises ``BadTable`` where the columns cannot be those of events."""
    names = events.columns
    for name in (*NEEDED, *([position] if position else [])):
        if name not in names:
            near = nearest(name, names)
            known = f"is it `{near}`?" if near else f"its columns are {', '.join(f'`{n}`' for n in names)}"
            raise BadTable(f"the events have no column `{name}`; {known}")
    schema: StructType = events.schema
    for field in schema.fields:
        told = _wanted(field.name, field.dataType, position)
        if told is not None:
            raise BadTable(f"`{field.name}` is of type {field.dataType.simpleString()}: {told}")


def _wanted(name: str, kind: DataType, position: str | None) -> str | None:
    """What is wanted of a column instead of what it is; None: it is as it should be."""
    if name == PLACE:
        return "no column can be called so; rename it"
    if isinstance(kind, NullType):
        return None
    if name in TIMES:
        if isinstance(kind, TimestampNTZType):
            return "a time without a zone; which instants they are cannot be known"
        return None if isinstance(kind, TimestampType) else "a timestamp is wanted"
    if name in (position, "sequence"):
        return None if isinstance(kind, IntegralType) else "whole numbers are wanted"
    if name in FIELDS or name in NAMES:
        return None if isinstance(kind, StringType) else "text is wanted"
    inner = kind.elementType if isinstance(kind, ArrayType) else kind
    known = (StringType, BooleanType, IntegralType, DecimalType, FractionalType, DateType)
    return None if isinstance(inner, known) else "no fact can be of it; leave the column out, or write it as text"


def usable(events: DataFrame) -> DataFrame:
    """The rows that are events: with an id, a subject, a type and a time within 1970 to 2200."""
    return events.filter(is_event(events))


def is_event(events: DataFrame) -> Column:
    """Whether a row is an event."""
    return _code(events).isNull()


def set_aside(events: DataFrame) -> DataFrame:
    """How many rows are no events, by ``code`` and ``cause``; the codes are those of ``slarules run``."""
    found = events.select(_code(events).alias("code"), _cause(events).alias("cause"))
    return found.filter("code is not null").groupBy("code", "cause").agg(F.count("*").alias("rows"))


def _code(events: DataFrame) -> Column:
    absent = reduce(Column.__or__, (F.col(name).isNull() for name in NEEDED))
    return F.when(absent, MISSING).when(_outside(events), OUTSIDE)


def _cause(events: DataFrame) -> Column:
    found = F.when(F.col("id").isNull(), "`id` is null")
    for name in NEEDED[1:]:
        found = found.when(F.col(name).isNull(), f"`{name}` is null")
    return found.when(_outside(events), _WHEN)


def _outside(events: DataFrame) -> Column:
    times = [F.unix_micros(name) for name in TIMES if name in events.columns]
    return reduce(Column.__or__, (F.coalesce((t < EARLY) | (t >= END), F.lit(False)) for t in times))
