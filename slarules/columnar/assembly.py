"""What the kernels wrote, as a table of verdicts in the contract's own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import frozen

from slarules.columnar.kernels import layout as at
from slarules.columnar.log.coding import Column
from slarules.columnar.log.ids import Ids, id_at, ids_at
from slarules.columnar.subjects import Subjects
from slarules.columnar.tables.version import Compiled, Rule
from slarules.columnar.tickets import Tickets
from slarules.columnar.verdicts.rows import COLUMNS
from slarules.columnar.verdicts.table import VERDICTS
from slarules.model.rules import Choice, Duty, Prohibition, Right
from slarules.model.value import Unknown

FLAGS = {
    at.SKEW: "skew",
    at.NO_DEADLINE: "no_deadline_found",
    at.WITHIN_PRECISION: "within_precision",
    at.TIED: "tie_sensitive",
}
BOUND = ("owed", "ended_by")
"""Columns that turn on whether the agreement still binds (R25)."""
Over = str | Unknown | None
"""What has ended an agreement (see ``engine.agreements.binding``)."""


@frozen(eq=False)
class Written:
    """Rows that the kernels wrote under one version of the contract."""

    version: Compiled
    """The version."""
    out: Any
    """[O_…, row]."""


def table_of_rows(
    written: Written,
    tickets: Tickets,
    subjects: Subjects,
    ids: Ids,
    actors: Column,
    readings: Mapping[str, str],
    over: Sequence[Over],
    precision: int,
    wanted: Sequence[str] = COLUMNS,
) -> pa.Table:
    """The rows as verdicts. ``over`` [agreement, the last for none] tells what has ended each.

    ``ids`` and ``actors`` are those of the log's rows; ``wanted`` are the columns that are made.
    """
    out, version = written.out, written.version
    rules = version.rules
    rule, subject = out[at.O_RULE], tickets.subject[out[at.O_TICKET]]
    owed, ended = _bound(written, subjects.agreement[subject], over) if {*BOUND} & {*wanted} else (None, None)
    columns: dict[str, Callable[[], Any]] = {
        "subject": lambda: subjects.names.take(pa.array(subject)),
        "duty": lambda: _by_rule(rule, [one.name for one in rules]),
        "number": lambda: pa.array(out[at.O_NUMBER].copy()),
        "rule": lambda: _by_rule(rule, [_kind(one) for one in rules]),
        "state": lambda: _named(out[at.O_STATE], at.STATES),
        "bearer": lambda: _bearers(written, tickets, actors),
        "counterparty": lambda: _by_rule(rule, [one.counterparty if isinstance(one, Duty) else None for one in rules]),
        "agreement": lambda: _named(subjects.agreement[subject], subjects.agreements),
        "severity": lambda: _named(out[at.O_SEVERITY], version.words.levels),
        "triggered_at": lambda: _micros(out[at.O_TRIGGERED]),
        "deadline": lambda: _micros(out[at.O_DEADLINE]),
        "performed_at": lambda: _micros(out[at.O_PERFORMED]),
        "consumed": lambda: _micros(out[at.O_CONSUMED]),
        "allowed": lambda: _micros(out[at.O_ALLOWED]),
        "margin": lambda: _margin(out),
        "late_by": lambda: _micros(out[at.O_LATE]),
        "late_by_counted": lambda: _micros(out[at.O_LATE_COUNTED]),
        "owed": lambda: pa.array(owed == 1, mask=owed == at.UNKNOWN_OWED),
        "ended_by": lambda: ended,
        "missing": lambda: _missing(out, version, tickets, ids),
        "cause": lambda: _causes(out, rules),
        "elected": lambda: _elected(out, version),
        "next_change_at": lambda: _micros(out[at.O_CHANGE]),
        "calendar": lambda: _named(out[at.O_NAME], version.calendars),
        "events": lambda: _events(out, tickets, ids),
        "flags": lambda: _lists_by(_flags(out, precision), [_flag_names(code) for code in range(16)]),
        "clause": lambda: _by_rule(rule, [one.citation.clause for one in rules]),
        "quotes": lambda: _lists_by(rule, [[q.text for q in one.citation.quotations] for one in rules]),
        "readings": lambda: _lists_by(
            rule, [[f"{n}={readings[n]}" for n in one.citation.readings if n in readings] for one in rules]
        ),
    }
    return pa.table({name: _as(name, columns[name]()) for name in wanted}, schema=_schema(tuple(wanted)))


@cache
def _schema(names: tuple[str, ...]) -> pa.Schema:
    return pa.schema([VERDICTS.field(name) for name in names])


def _as(name: str, values: Any) -> Any:
    kind = VERDICTS.field(name).type
    if values.type == kind:
        return values
    if pa.types.is_timestamp(kind) or pa.types.is_duration(kind):
        return values.view(kind)
    return values.cast(kind)


def _micros(values: Any) -> pa.Array:
    return _but(values.copy(), values == at.NEVER)  # Arrow would take what is written over next as it is


def _but(values: Any, none: Any) -> pa.Array:
    """Whole numbers as they lie in memory, null where there is none; Arrow itself is slow at making bits of a mask."""
    there = pa.py_buffer(np.packbits(~none, bitorder="little")) if none.any() else None
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [there, pa.py_buffer(values)])


def _margin(out: Any) -> pa.Array:
    consumed, allowed = out[at.O_CONSUMED], out[at.O_ALLOWED]
    none = (consumed == at.NEVER) | (allowed == at.NEVER)
    margin = allowed - consumed
    margin[none] = 0
    return _but(margin, none)


def _named(codes: Any, names: Sequence[str]) -> pa.Array:
    """Names by code; below 0: none."""
    indices = _but(codes.astype(np.int32), codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string()))


def _by_rule(rule: Any, names: Sequence[str | None]) -> pa.Array:
    known = list(dict.fromkeys(name for name in names if name is not None))
    place = np.array([-1 if name is None else known.index(name) for name in names] or [-1], np.int32)
    alike = (place == place[0]).all()
    return _named(np.full(len(rule), place[0]) if alike else place.take(rule), known)


def _lists(lists: Sequence[Sequence[str]]) -> pa.Array:
    """Lists of names; each name is there once."""
    names = list(dict.fromkeys(name for own in lists for name in own))
    place = {name: number for number, name in enumerate(names)}
    codes = pa.array([place[name] for own in lists for name in own], pa.int32())
    offsets = pa.array(np.concatenate(([0], np.cumsum([len(own) for own in lists]))), pa.int32())
    return pa.ListArray.from_arrays(offsets, pa.DictionaryArray.from_arrays(codes, pa.array(names, pa.string())))


def _lists_by(codes: Any, lists: Sequence[Sequence[str]]) -> pa.Array:
    """A list of names for each code."""
    lengths = {len(own) for own in lists}
    if len(lengths) > 1 and not codes.any():
        lists, lengths = lists[:1], {len(lists[0])}
    whole = _lists(lists)
    if len(lengths) != 1:
        return whole.take(pa.array(codes))
    (length,) = lengths  # all are of one length, so that where each begins need not be looked up
    every = whole.values.indices.to_numpy()
    names = np.tile(every, len(codes)) if len(lists) == 1 else every.reshape(len(lists), length)[codes].ravel()
    offsets = np.arange(len(codes) + 1, dtype=np.int32) * np.int32(length)
    values = pa.DictionaryArray.from_arrays(pa.array(names), whole.values.dictionary)
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def _kind(rule: Rule) -> str:
    if isinstance(rule, Duty):
        return "target" if rule.effort else "duty"
    return type(rule).__name__.lower()


def _bearer(rule: Rule) -> str | None:
    match rule:
        case Duty(bearer=bearer):
            return bearer
        case Choice(elector=elector):
            return elector
        case Prohibition(bearers=bearers):
            return bearers[0] if len(bearers) == 1 else None
        case Right(holder=holder):
            return holder
    return None


def _bearers(written: Written, tickets: Tickets, actors: Column) -> pa.Array:
    """Who owes each; of a prohibition that several are under, who broke it."""
    out, rules, parties = written.out, written.version.rules, written.version.words.parties
    names = [_bearer(one) for one in rules]
    several = [n for n, one in enumerate(rules) if isinstance(one, Prohibition) and names[n] is None]
    broken = np.flatnonzero(np.isin(out[at.O_RULE], several) & (out[at.O_TRIGGER] >= 0) if several else ())
    if not len(broken):
        return _by_rule(out[at.O_RULE], names)
    known = list(dict.fromkeys([*parties, *(name for name in names if name is not None)]))
    codes = np.array([-1 if name is None else known.index(name) for name in names], np.int64)[out[at.O_RULE]]
    for row in broken.tolist():
        event = int(out[at.O_TRIGGER][row])
        party = (int(tickets.events[event, 1]) >> 16 & 0xFF) - 1
        if party >= len(parties):  # somebody whom the contract does not know
            known.append(str(actors.values[actors.codes[tickets.order[event]]]))
            party = len(known) - 1
        codes[row] = party
    return _named(codes, known)


def _bound(written: Written, agreement: Any, over: Sequence[Over]) -> tuple[Any, pa.Array]:
    """Whether each is owed, and what ended it; a prohibition is as its agreement is (R25)."""
    out, version = written.out, written.version
    owed, code = out[at.O_OWED], out[at.O_ENDED_BY]
    scopes = [one.name for one in version.rules[len(version.rules) - int(version.tables[at.T_SCOPE_COUNT - at.WORK]) :]]
    many = min(len(version.types), at.BY_SCOPE)  # of a contract with more the reference engine judges every ticket
    names = ["while", "no promise", "pause", *version.types[:many], *scopes]
    means = np.full(at.BY_SCOPE + len(scopes) + 4, -1, np.int32)  # [code] → its name; those below 0 stand at the end
    means[[at.BY_WHILE, at.BY_NO_PROMISE, at.BY_PAUSE]] = 0, 1, 2
    means[:many], means[at.BY_SCOPE : -4] = np.arange(3, 3 + many), np.arange(3 + many, len(names))
    place = means[code]
    for number, rule in enumerate(version.rules):
        if not isinstance(rule, Prohibition):
            continue
        own = out[at.O_RULE] == number
        ends = [None if rule.survives or not isinstance(one, str) else one for one in over]
        for name in dict.fromkeys(one for one in ends if one is not None):
            if name not in names[3:]:
                names.append(name)
        codes = np.array([-1 if one is None else names.index(one, 3) for one in ends], np.int64)[agreement]
        place = np.where(own, codes, place)
        owed = np.where(own, codes < 0, owed)
    return owed, _named(place, names)


def _flags(out: Any, precision: int) -> Any:
    flags = out[at.O_FLAGS]
    if precision > 1:
        deadline, performed = out[at.O_DEADLINE], out[at.O_PERFORMED]
        both = (deadline != at.NEVER) & (performed != at.NEVER)
        near = both & (np.abs(np.where(both, performed, 0) - np.where(both, deadline, precision)) < precision)
        flags = flags | np.where(near, at.WITHIN_PRECISION, 0)
    return flags


def _flag_names(code: int) -> list[str]:
    return sorted(name for bit, name in FLAGS.items() if code & bit)


def _missing(out: Any, version: Compiled, tickets: Tickets, ids: Ids) -> pa.Array:
    """The names of what is wanted; of an actor who is wanted, by the event."""
    masks = out[at.O_MISSING]
    if not masks.any():
        return _lists_by(np.zeros(len(masks), np.int64), [[]])
    different, place = np.unique(masks, return_inverse=True)
    wanted = [(name, bit) for name, bit in version.words.wanted.items() if bit != at.ACTOR_WANTED]
    lists = [sorted(name for name, bit in wanted if int(mask) & bit) for mask in different]
    place = place.ravel()
    for row in np.flatnonzero(masks & at.ACTOR_WANTED).tolist():
        event = id_at(ids, int(tickets.order[out[at.O_WHO][row]]))
        lists.append(sorted([*lists[place[row]], f"actor of {event}"]))
        place[row] = len(lists) - 1
    return _lists_by(place, lists)


def _causes(out: Any, rules: Sequence[Rule]) -> pa.Array:
    caused = np.flatnonzero(out[at.O_CAUSE] >= 0)
    if not len(caused):
        return pa.nulls(out.shape[1], VERDICTS.field("cause").type)
    keys = out[at.O_CAUSE][caused] << 32 | out[at.O_CAUSE_NUMBER][caused]
    different, place = np.unique(keys, return_inverse=True)
    codes = np.full(out.shape[1], -1, np.int64)
    codes[caused] = place.ravel()
    return _named(codes, [f"{rules[int(k) >> 32].name}#{int(k) & 0xFFFFFFFF}" for k in different])


def _elected(out: Any, version: Compiled) -> pa.Array:
    """The options that were elected, or into which choices have lapsed."""
    options = list(version.words.options)
    if not options:
        return _named(np.full(out.shape[1], -1, np.int32), options)
    chosen = np.isin(out[at.O_STATE], (at.LAPSED, at.CHOSEN))
    return _named(np.where(chosen, out[at.O_OPTION] - 1, -1), options)


def _events(out: Any, tickets: Tickets, ids: Ids) -> pa.Array:
    """The ids of the events that it used: trigger first."""
    both = np.stack([out[at.O_TRIGGER], out[at.O_ACT]], axis=1)
    used = both >= 0
    many = used[:, 0].astype(np.int32) + used[:, 1]  # a sum along two columns takes ten times as long
    offsets = np.concatenate(([0], np.cumsum(many))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), ids_at(ids, tickets.order[both[used]]))
