"""A coded log in other words: types, parties and facts by other names, each value looked at once; the rest stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, frozen

from slarules.columnar.log.coding import Coded, Codes, Column, coded, facts_among
from slarules.columnar.log.columns import facts_of, raw_of
from slarules.columnar.review.happenings import Mask, part
from slarules.model.event import Raw
from slarules.readers.columns.facts import written


@frozen(eq=False)
class Words:
    """What is said instead; None: there is no word for it."""

    type: Callable[[str], str | None]
    """Of a type of event."""
    actor: Callable[[str | None], str | None]
    """Of whoever did it; None for nobody."""
    fact: Callable[[str, str, Raw], tuple[str, Raw] | None]
    """Of a fact that an event of a type records: its name and its value."""
    untold: Callable[[str, Raw], str]
    """What a fact without a word is called where it is counted."""


def reworded(log: Coded, words: Words) -> tuple[Coded, Counter[str], Counter[str]]:
    """The same log in other words, without the events that these do not have; types of those, and facts without a word,
    counted. Raises ``BadTable``."""
    types = log.column("type")
    new = [words.type(name) for name in types.values]
    known = np.array([*(name is not None for name in new), False])[types.codes]
    many = np.bincount(types.codes[~known], minlength=len(new))
    lost = Counter({types.values[code]: int(many[code]) for code in np.flatnonzero(many).tolist()})
    kept = log if known.all() else part(log, known)
    told = _named(kept, "type", new)
    told = _named(told, "actor", [words.actor(name) for name in log.column("actor").values])
    facts, unsaid = _facts(kept, words)
    rest = [name for name in facts_among(kept) if name in kept.table.column_names]
    return _with_facts(told, rest, facts), lost, unsaid


def _named(log: Coded, name: str, values: Sequence[str | None]) -> Coded:
    """A log with other names in a column; of several values with one name the first stands for all."""
    if name not in log.columns:
        return log
    column = log.columns[name]
    return _replaced(log, {name: _text(column.codes, values)})


def _text(codes: Codes, values: Sequence[str | None]) -> pa.Array:
    """[row] → the text of its code, null for -1."""
    every = list(dict.fromkeys(value for value in values if value is not None))
    place = {value: number for number, value in enumerate(every)}
    own = np.array([*(-1 if value is None else place[value] for value in values), -1], np.int32)[codes]
    return pa.DictionaryArray.from_arrays(pa.array(own, mask=own < 0), pa.array(every, pa.string()))


def _replaced(log: Coded, columns: dict[str, pa.Array]) -> Coded:
    """A log with some columns put in place of those of their names, or beside all."""
    table, found = log.table, dict(log.columns)
    for name, array in columns.items():
        place = table.schema.get_field_index(name)
        table = table.append_column(name, array) if place < 0 else table.set_column(place, name, array)
        found.pop(name, None)
        if array.null_count < len(array):
            found[name] = coded(pa.chunked_array([array]))
    return evolve(log, table=table, columns=found)


def _with_facts(log: Coded, old: Sequence[str], new: dict[str, pa.Array]) -> Coded:
    columns = {name: column for name, column in log.columns.items() if name not in old}
    return _replaced(evolve(log, table=log.table.drop_columns(list(old)), columns=columns), new)


# ---- Facts ----------------------------------------------------------------------------------------------------------


def _facts(log: Coded, words: Words) -> tuple[dict[str, pa.Array], Counter[str]]:
    """The columns of facts in other words, and the facts without one, counted."""
    types = log.column("type")
    unsaid: Counter[str] = Counter()
    found: dict[str, pa.Array] = {}
    for name in facts_among(log):
        column = log.columns[name]
        if name == "facts":
            found["facts"] = _json(column, types, words, unsaid)
            continue
        given = [raw_of(value) for value in column.values]
        said = [words.fact("", name, value) for value in given]
        many = np.bincount(column.codes[column.codes >= 0], minlength=len(given))
        for value, one, number in zip(given, said, many.tolist(), strict=True):
            if one is None and number:
                unsaid[words.untold(name, value)] += number
        for own, array in _by_name(log, name, column, given, said).items():
            found[own] = array if own not in found else _over(found[own], array)
    return found, unsaid


def _by_name(
    log: Coded, name: str, column: Column, given: Sequence[Raw], said: Sequence[tuple[str, Raw] | None]
) -> dict[str, pa.Array]:
    """A column in other words, by the name it has there; mostly one."""
    found = {}
    for own in dict.fromkeys(one[0] for one in said if one is not None):
        if all(one is not None and one == (own, value) for one, value in zip(said, given, strict=True)):
            found[own] = _whole(log.table.column(name))
            continue
        values = [one[1] if one is not None and one[0] == own else None for one in said]
        if all(value is None or isinstance(value, str) for value in values):
            found[own] = _text(column.codes, values)  # type: ignore[arg-type]
        else:
            same = [value is not None for value in values]
            mask: Mask = np.array([*same, False])[column.codes]
            whole = _whole(log.table.column(name))
            found[own] = pc.if_else(pa.array(mask), whole, pa.nulls(len(whole), whole.type))
    return found


def _whole(column: pa.ChunkedArray) -> pa.Array:
    found = column.combine_chunks()
    return pa.concat_arrays(found.chunks) if isinstance(found, pa.ChunkedArray) else found


def _over(before: pa.Array, after: pa.Array) -> pa.Array:
    """Two facts that have one name: the later of the two columns, where it has a value."""
    return pc.coalesce(after.cast(pa.string()), before.cast(pa.string())).dictionary_encode()


def _json(column: Column, types: Column, words: Words, unsaid: Counter[str]) -> pa.Array:
    """The text of further facts in other words; each text once for each type of event that has it."""
    rows = np.flatnonzero(column.codes >= 0)
    keys, of, many = np.unique(
        column.codes[rows].astype(np.int64) * (len(types.values) + 1) + types.codes[rows],
        return_inverse=True, return_counts=True,
    )  # fmt: skip
    texts: list[str | None] = []
    for key, number in zip(keys.tolist(), many.tolist(), strict=True):
        text, kind = divmod(key, len(types.values) + 1)
        facts: dict[str, Raw] = {}
        for name, value in facts_of(column.values[text], int(np.argmax(column.codes == text))).items():
            said = words.fact(types.values[kind], name, value) if value is not None else None
            if said is not None:
                facts[said[0]] = said[1]
            elif value is not None:
                unsaid[words.untold(name, value)] += number
        texts.append(written(facts) if facts else None)
    codes = np.full(len(column.codes), -1, np.int32)
    codes[rows] = of
    found = _text(codes, texts)
    return found.cast(pa.string())
