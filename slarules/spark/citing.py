"""The contract's own words are the same for each verdict of a rule: its number is sent with a verdict, not its words.

A worker sends with each verdict the number of its rule; Spark puts the rule's name, clause, quotations and readings
beside it where they are read. Sent as text, they are most of a verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, IntegerType, StringType, StructField, StructType

from slarules.engine.adopt import Adopted
from slarules.model.contract import with_verdicts
from slarules.spark.schema import VERDICTS

RULE = "rule (slarules)"
"""The column with the number of the rule that a verdict rests on."""
WORDS = ("duty", "clause", "quotes", "readings")
"""The columns that are the same for all verdicts of a rule."""
Words = tuple[str, str, tuple[str, ...], tuple[str, ...]]
"""Name, clause, quotations and readings of a rule, in the order of ``WORDS``."""


def words_of(versions: Sequence[Adopted]) -> tuple[Words, ...]:
    """The words of every rule under every version of the contract, each once."""
    last = versions[-1].readings
    found: dict[Words, None] = {}
    for terms in versions[-1].contract.versions:
        for rule in with_verdicts(terms):
            own = rule.citation
            readings = tuple(f"{one}={last[one]}" for one in own.readings if one in last)
            found[rule.name, own.clause, tuple(quote.text for quote in own.quotations), readings] = None
    return tuple(found)


def numbered(verdicts: pa.Table, versions: pa.Array, words: Sequence[Words], names: Sequence[str]) -> pa.Table:
    """The columns ``names`` of verdicts, those of ``WORDS`` as one number instead, the last column.

    ``versions`` [verdict] tells under which of the contract's versions each was judged: the name and the kind of a
    rule tell its words within one version.
    """
    own = verdicts.select([name for name in names if name not in WORDS])
    if len(own.column_names) == len(names):
        return own
    codes = [_codes(verdicts.column(name)) for name in ("duty", "rule")]
    codes.append((np.asarray(versions).astype(np.int64), 1 << 16))
    key = np.zeros(verdicts.num_rows, np.int64)
    for code, many in codes:
        key = key * many + code
    different, first, place = np.unique(key, return_index=True, return_inverse=True)
    known = {one: number for number, one in enumerate(words)}
    rows = [verdicts.slice(row, 1).select(WORDS).to_pylist()[0] for row in first.tolist()]
    found = [known[r["duty"], r["clause"], tuple(r["quotes"]), tuple(r["readings"])] for r in rows]
    numbers = np.array(found, np.int32)[place] if len(different) else np.zeros(0, np.int32)
    return own.append_column(RULE, pa.array(numbers))


def _codes(column: pa.ChunkedArray) -> tuple[Any, int]:
    """A number for each name of a column without nulls, and how many numbers there are."""
    whole = column.unify_dictionaries().combine_chunks()
    whole = whole if isinstance(whole, pa.DictionaryArray) else pa.concat_arrays(whole.chunks)
    return whole.indices.to_numpy().astype(np.int64), max(1, len(whole.dictionary))


def schema_of(names: Sequence[str]) -> StructType:
    """What workers send of the columns ``names`` of verdicts."""
    sent = [VERDICTS[name] for name in names if name not in WORDS]
    return StructType([*sent, StructField(RULE, IntegerType())] if len(sent) < len(names) else sent)


def in_words(sent: DataFrame, words: Sequence[Words], names: Sequence[str]) -> DataFrame:
    """The columns ``names`` of verdicts, of what workers sent."""
    said = {name: _said([own[place] for own in words], name) for place, name in enumerate(WORDS)}
    return sent.select(*(said[name].alias(name) if name in said else F.col(name) for name in names))


def _said(values: Sequence[Any], name: str) -> Column:
    lists = isinstance(VERDICTS[name].dataType, ArrayType)
    literals = [_texts(value) if lists else F.lit(value) for value in values]
    whole = F.array(*literals).cast(ArrayType(VERDICTS[name].dataType))
    return F.get(whole, F.col(f"`{RULE}`"))


def _texts(values: Sequence[str]) -> Column:
    return F.array(*(F.lit(value) for value in values)).cast(ArrayType(StringType()))
