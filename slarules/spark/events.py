"""A DataFrame of events: which columns it may have, and which of its rows are no events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import (
    ArrayType,
    BooleanType,
    DataType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    FractionalType,
    IntegralType,
    NullType,
    StringType,
    StructField,
    StructType,
    TimestampNTZType,
    TimestampType,
)

from slarules.calendars.zones import EARLY, END
from slarules.columnar.log.aside import DAYS
from slarules.columnar.log.columns import FIELDS, NAMES, NEEDED, TEXTS, TIMES, BadTable
from slarules.diagnostics import nearest
from slarules.model.event import Raw
from slarules.readers.columns.facts import PLACE
from slarules.readers.fields import fact_value, flat
from slarules.readers.jsonl import decode
from slarules.readers.rejects import Refused

MISSING, OUTSIDE, NO_NUMBER, TWICE_TOLD = "E0626", "E0631", "E0624", "E0623"
"""The codes of a row that lacks what an event needs, whose time or a date cannot be, of which a number cannot be kept,
and that tells a fact in a column and in ``facts``."""
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
    """The rows that are events: with an id, a subject, a type, a time within 1970 to 2200, and facts that can be."""
    return events.filter(is_event(events))


def is_event(events: DataFrame) -> Column:
    """Whether a row is an event."""
    return _first(code for code, _ in _wrong(events)).isNull()


def set_aside(events: DataFrame) -> DataFrame:
    """How many rows are no events, by ``code`` and ``cause``; the codes are those of ``slarules run``."""
    return rejects(events).groupBy("code", "cause").agg(F.count("*").alias("rows"))


def rejects(events: DataFrame) -> DataFrame:
    """The rows that are no events: ``code``, ``cause``, and the ``row`` with all its columns."""
    wrong = list(_wrong(events))
    code, cause = _first(code for code, _ in wrong), _first(cause for _, cause in wrong)
    row = F.struct(*(F.col(f"`{name}`") for name in events.columns))
    return events.select(code.alias("code"), cause.alias("cause"), row.alias("row")).filter("code is not null")


def _first(told: Iterable[Column]) -> Column:
    return F.coalesce(*told)


def _wrong(events: DataFrame) -> Iterator[tuple[Column, Column]]:
    """Code and cause of each thing that may be wrong, null in rows where it is not, in the order of a file."""
    others = [field for field in events.schema.fields if field.name not in FIELDS]
    for field in others:
        for bad in _any(field, _no_date, DateType):
            yield _where(bad, OUTSIDE, f"the column `{field.name}` holds a date that no calendar has")
    for name in NEEDED:
        yield _where(F.col(name).isNull(), MISSING, f"`{name}` is null")
    for name, bad in _empty(events):
        yield _where(bad, MISSING, f"`{name}` is empty")
    yield _where(_outside(events), OUTSIDE, _WHEN)
    told = _facts(events, others) if "facts" in events.columns else None
    if told is not None:
        twice = told["code"] == TWICE_TOLD
        yield F.when(twice, told["code"]), F.when(twice, told["cause"])
    for field in others:
        for bad in _any(field, _no_number, DoubleType, FloatType):
            yield _where(bad, NO_NUMBER, f"`{field.name}` holds a number that cannot be kept")
    if told is not None:
        yield told["code"], told["cause"]


def _where(bad: Column, code: str, cause: str) -> tuple[Column, Column]:
    return F.when(bad, code), F.when(bad, cause)


def _any(field: StructField, bad: Callable[[Column], Column], *kinds: type[DataType]) -> Iterator[Column]:
    """Whether a fact of these kinds is bad, or one of a list of them."""
    column = F.col(f"`{field.name}`")
    if isinstance(field.dataType, kinds):
        yield bad(column)
    elif isinstance(field.dataType, ArrayType) and isinstance(field.dataType.elementType, kinds):
        yield F.exists(column, bad)


def _no_date(column: Column) -> Column:
    """Whether it is a date that no calendar has."""
    days = F.unix_date(column)
    return F.coalesce((days < DAYS[0]) | (days > DAYS[1]), F.lit(False))


def _no_number(column: Column) -> Column:
    """Whether it is a number that cannot be kept."""
    size = F.abs(column)
    return F.coalesce(F.isnan(column) | (size >= 1e101) | ((size > 0) & (size < 1e-100)), F.lit(False))


def _facts(events: DataFrame, others: Sequence[StructField]) -> Column:
    """Code and cause where the JSON text of further facts is none, or holds a fact that a column tells too."""
    told = F.udf(_refused, "code string, cause string", useArrow=False)
    named = [F.when(_said(field), F.lit(field.name)) for field in others]
    return told(F.col("facts").cast("string"), F.array(*named) if named else F.lit(None).cast("array<string>"))


def _said(field: StructField) -> Column:
    """Whether a column tells a fact; empty text tells nothing."""
    column = F.col(f"`{field.name}`")
    return column.isNotNull() & (column != "") if isinstance(field.dataType, StringType) else column.isNotNull()


def facts_in(text: str | None) -> dict[str, Raw]:
    """The facts that JSON text holds. Raises ``Refused``."""
    return {} if text is None else {name: fact_value(value, name) for name, value in flat(decode(text)).items()}


def _refused(text: str | None, columns: Sequence[str | None] | None = None) -> tuple[str, str] | None:
    if not text:
        return None
    try:
        found = facts_in(text)
    except Refused as refused:
        told = "is cut off, or no JSON" if refused.code == "E0621" else f"cannot be meant: {refused.cause}"
        return refused.code, f"`facts` {told}"
    twice = next((name for name in columns or () if name in found), None)
    return None if twice is None else (TWICE_TOLD, f"`{twice}` stands beside `facts` and in it")


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
