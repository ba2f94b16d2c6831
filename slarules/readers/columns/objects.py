"""Events of JSON lines in columns: every key has its role, and lines in which something is not plain stay odd."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from slarules.model.event import Event
from slarules.readers.columns.facts import FIELDS
from slarules.readers.columns.found import Found
from slarules.readers.columns.json import Scanned
from slarules.readers.columns.keys import Keys
from slarules.readers.columns.parts import Draft, Part, finished
from slarules.readers.columns.plain import NAMES, TIMES, add_counts, add_names, add_times
from slarules.readers.columns.roles import Role, roles
from slarules.readers.columns.tables import filled
from slarules.readers.columns.text import Integers, Truths, plain, repeats
from slarules.readers.columns.values import ABSENT, ESCAPED, FALSE, FRACTION, INTEGER, LIST, NULL, OBJECT, TEXT, TRUE
from slarules.readers.fields import NEEDED
from slarules.readers.jsonl import json_events
from slarules.readers.rejects import Rejected, Tally

Kinds = npt.NDArray[np.uint8]


@frozen
class Objects:
    """What lines mean that are events, or CloudEvents envelopes."""

    strict: bool = False
    """Whether fields that nobody knows are refused."""

    def of_lines(self, lines: Scanned) -> Part:
        """The events of a stretch of lines."""
        found, keys = lines.found, lines.keys
        draft, part = Draft(found.count, found.odd.copy()), Part()
        if found.count == 0:
            return part
        enveloped = _enveloped(found, keys, draft)
        meant = roles(keys.paths, enveloped)
        _fields(found, keys, meant, enveloped, draft)
        _facts(found, keys, meant, draft)
        if self.strict:
            for key, role in enumerate(meant):
                if role.unknown is not None:
                    draft.odd |= found.kinds[key] != ABSENT
        for key, role in enumerate(meant):
            if role.unknown is not None and keys.above[key] == 0:
                many = int(((found.kinds[key] != ABSENT) & ~draft.odd).sum())
                if many:
                    part.unknown[role.unknown] += many
        part.rows = found.count - int(draft.odd.sum())
        return finished(draft, part, lambda places: self._odd(places, found, part))

    def _odd(self, places: Integers, found: Found, part: Part) -> Iterator[tuple[int, Event | Rejected]]:
        for place in places.tolist():
            tally = Tally()
            line, content = found.by_itself(place)
            for entry in json_events(io.BytesIO(content), tally, self.strict, line):
                yield place, entry
            part.rows += tally.rows
            part.unknown += tally.unknown_fields


def _enveloped(found: Found, keys: Keys, draft: Draft) -> bool:
    """Whether lines are CloudEvents, as most of them are; the others are odd."""
    key = keys.places.get((0, b"specversion"))
    if key is None:
        return False
    there = found.kinds[key] != ABSENT
    if there.sum() * 2 < (~draft.odd).sum():
        draft.odd |= there
        return False
    text = is_text(found.kinds[key]) & ~draft.odd
    version = pc.fill_null(pc.equal(found.text(key, text), "1.0"), False)
    draft.odd |= ~version.to_numpy(zero_copy_only=False)
    return True


def _fields(found: Found, keys: Keys, meant: Sequence[Role], enveloped: bool, draft: Draft) -> None:
    """The columns of an event's own fields."""
    places: dict[str, int] = {}
    for key, role in enumerate(meant):
        if role.field is None:
            continue
        name = "sequence" if role.field == "seq" else role.field
        if name == "data_base64":
            draft.odd |= found.kinds[key] != ABSENT
            continue
        if name in places:  # said twice: whether that may be is seen to line by line
            draft.odd |= (found.kinds[key] != ABSENT) & (found.kinds[places[name]] != ABSENT)
            if (found.kinds[key] != ABSENT).sum() <= (found.kinds[places[name]] != ABSENT).sum():
                draft.odd |= found.kinds[key] != ABSENT
                continue
            draft.odd |= found.kinds[places[name]] != ABSENT
        places[name] = key
    for name, key in places.items():
        kinds = found.kinds[key]
        if name in ("facts", "data"):
            may_be_null = keys.above[key] == 0
            draft.odd |= ~_one_of(kinds, (ABSENT, OBJECT, NULL) if may_be_null else (ABSENT, OBJECT))
        elif name in (*NAMES, *TIMES, "sequence"):
            _field(name, key, found, enveloped, draft)
    for name in NEEDED:
        if name not in draft.columns:
            draft.odd[:] = True
            draft.columns[name] = pa.nulls(draft.count, pa.string())
    if "source" in draft.columns:
        draft.columns["source"] = filled(draft.columns["source"], "desk")


def _field(name: str, key: int, found: Found, enveloped: bool, draft: Draft) -> None:
    kinds = found.kinds[key]
    text, integer = is_text(kinds) & ~draft.odd, (kinds == INTEGER) & ~draft.odd
    draft.odd |= ~_one_of(kinds, (ABSENT, NULL, TEXT, ESCAPED, INTEGER))
    if name in NEEDED:
        draft.odd |= _one_of(kinds, (ABSENT, NULL))
    if name == "sequence" and not text.any():
        draft.columns[name] = found.integers(key, integer)
        return
    if name in TIMES:
        draft.odd |= kinds == INTEGER
        add_times(name, found.times(key, text), draft)
        return
    column = found.coded(key, text) if repeats(name) else found.text(key, text)
    if integer.any():
        column = pc.coalesce(plain(column), found.raw(key, integer))
    if name == "sequence":
        add_counts(column, draft)
    else:
        add_names(name, _last_part(column) if name == "type" and enveloped else column, draft)


def _last_part(column: pa.Array) -> pa.Array:
    """``com.example.ticket.opened`` is ``opened``."""
    distinct = plain(column).dictionary_encode()
    parts = [text.rpartition(".")[2] for text in distinct.dictionary.to_pylist()]
    return pa.array(parts, pa.string()).take(distinct.indices)


# ---- Facts ------------------------------------------------------------------------------------------------------


def _facts(found: Found, keys: Keys, meant: Sequence[Role], draft: Draft) -> None:
    """The columns of facts, and the text of those that no column holds."""
    first: dict[str, int] = {}
    # What stands in `facts` comes first, then what stands beside it.
    for key in sorted(range(len(meant)), key=lambda key: meant[key].unknown is not None):
        name = meant[key].fact
        if name is None:
            continue
        if name in first:
            draft.odd |= _valued(found.kinds[key])
            continue
        first[name] = key
    _doubled(found, keys, meant, draft)
    for name, key in first.items():
        if _valued(found.kinds[key]).any():
            _fact(name, key, found, draft)


def _valued(kinds: Kinds) -> Truths:
    found: Truths = (kinds != ABSENT) & (kinds != OBJECT)
    return found


def _doubled(found: Found, keys: Keys, meant: Sequence[Role], draft: Draft) -> None:
    """Lines in which a name stands both in ``facts`` and beside it, whatever is inside."""
    inside: dict[bytes, Truths] = {}
    facts = [key for key, role in enumerate(meant) if role.field == "facts"]
    names, above = keys.names, keys.above
    for key, role in enumerate(meant):
        if role.fact is not None and above[key] in facts:
            inside[names[key]] = found.kinds[key] != ABSENT
    for key, role in enumerate(meant):
        if role.fact is not None and above[key] not in facts and names[key] in inside:
            draft.odd |= inside[names[key]] & (found.kinds[key] != ABSENT)


_GROUPS = ((TEXT, ESCAPED), (INTEGER,), (TRUE, FALSE), (FRACTION,), (LIST,))


def _fact(name: str, key: int, found: Found, draft: Draft) -> None:
    """One fact: a column of the kind that it mostly has, JSON text where it has another."""
    kinds = np.where(draft.odd, np.uint8(ABSENT), found.kinds[key])
    group = max(_GROUPS, key=lambda group: int(np.count_nonzero(_one_of(kinds, group))))
    chosen = _one_of(kinds, group) if name not in FIELDS else np.zeros(found.count, np.bool_)
    column = _column(key, group, chosen, found) if chosen.any() else None
    if column is not None:
        draft.columns[name] = column
    rest = _valued(kinds) & ~chosen if column is not None else _valued(kinds)
    if rest.any():
        draft.pieces.append(_named(name, found.raw(key, rest)))


def _named(name: str, values: pa.Array) -> pa.Array:
    import json

    return pc.binary_join_element_wise(json.dumps(name) + ":", values, "")


def _column(key: int, group: tuple[int, ...], chosen: Truths, found: Found) -> pa.Array | None:
    if TEXT in group:
        return found.coded(key, chosen)
    if INTEGER in group:
        return found.integers(key, chosen)
    if TRUE in group:
        return pa.array(found.kinds[key] == TRUE, pa.bool_(), mask=~chosen)
    if FRACTION in group:
        return _decimals(found.raw(key, chosen))
    return None


def _decimals(texts: pa.Array) -> pa.Array | None:
    """Fractions as decimal numbers, where all have as many digits behind the point; none is minus nothing."""
    digits = pc.subtract(pc.binary_length(texts), pc.find_substring(texts, "."))
    bounds = pc.min_max(digits).as_py()
    if bounds["min"] != bounds["max"] or pc.any(pc.starts_with(texts, "-0")).as_py():
        return None
    if pc.max(pc.binary_length(texts)).as_py() > 38:
        return None
    return texts.cast(pa.decimal128(38, bounds["min"] - 1))


def is_text(kinds: Kinds) -> Truths:
    """Which values are text."""
    return _one_of(kinds, (TEXT, ESCAPED))


def _one_of(kinds: Kinds, wanted: Sequence[int]) -> Truths:
    found: Truths = kinds == wanted[0]
    for kind in wanted[1:]:
        found |= kinds == kind
    return found
