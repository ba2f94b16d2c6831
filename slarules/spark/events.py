"""A DataFrame of events: which columns it may have, and which of its rows are no events."""

from __future__ import annotations

from collections.abc import Iterator
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
from slarules.columnar.log.columns import FIELDS, NAMES, NEEDED, TEXTS, TIMES, BadTable
from slarules.diagnostics import nearest
from slarules.model.event import Raw
from slarules.readers.columns.facts import PLACE
from slarules.readers.fields import fact_value, flat
from slarules.readers.jsonl import decode
from slarules.readers.rejects import Refused

MISSING, OUTSIDE = "E0626", "E0631"
"""The codes of a row that lacks what an event needs, and of one whose time cannot be."""
_BLANK = r"[\t-\r\x1c-\x20\x85\p{Z}]+"
"""What Python's ``strip`` takes off."""
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


def recorded(events: DataFrame) -> DataFrame:
    """The same rows; a cell of empty text is one in which nothing was recorded, as in an event file."""
    found = [
        F.nullif(F.col(f"`{field.name}`"), F.lit("")).alias(field.name)
        if isinstance(field.dataType, StringType)
        else F.col(f"`{field.name}`")
        for field in events.schema.fields
    ]
    return events.select(*found)


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
    empty = reduce(Column.__or__, (is_so for _, is_so in _empty(events)))
    found = F.when(absent | empty, MISSING).when(_outside(events), OUTSIDE)
    return found.otherwise(_facts(events)["code"]) if "facts" in events.columns else found


def _cause(events: DataFrame) -> Column:
    found = F.when(F.col("id").isNull(), "`id` is null")
    for name in NEEDED[1:]:
        found = found.when(F.col(name).isNull(), f"`{name}` is null")
    for name, is_so in _empty(events):
        found = found.when(is_so, f"`{name}` is empty")
    found = found.when(_outside(events), _WHEN)
    return found.otherwise(_facts(events)["cause"]) if "facts" in events.columns else found


def _facts(events: DataFrame) -> Column:
    """Code and cause where the JSON text of further facts is none."""
    told = F.udf(_refused, "code string, cause string", useArrow=False)
    return told(F.col("facts").cast("string"))


def facts_in(text: str | None) -> dict[str, Raw]:
    """The facts that JSON text holds. Raises ``Refused``."""
    return {} if text is None else {name: fact_value(value, name) for name, value in flat(decode(text)).items()}


def _refused(text: str | None) -> tuple[str, str] | None:
    if not text:
        return None
    try:
        facts_in(text)
    except Refused as refused:
        told = "is cut off, or no JSON" if refused.code == "E0621" else f"cannot be meant: {refused.cause}"
        return refused.code, f"`facts` {told}"
    return None


def _empty(events: DataFrame) -> Iterator[tuple[str, Column]]:
    """Of each name, whether it is none: blanks alone, or nothing where a name is needed."""
    kinds = {field.name: field.dataType for field in events.schema.fields}
    for name in TEXTS:
        if isinstance(kinds.get(name), StringType):
            blank = F.col(name).rlike(f"^{_BLANK}$")
            yield name, F.coalesce(blank | (F.col(name) == "") if name in NEEDED else blank, F.lit(False))


def _outside(events: DataFrame) -> Column:
    times = [F.unix_micros(name) for name in TIMES if name in events.columns]
    return reduce(Column.__or__, (F.coalesce((t < EARLY) | (t >= END), F.lit(False)) for t in times))
