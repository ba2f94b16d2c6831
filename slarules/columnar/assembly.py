"""What the kernels wrote, as a table of verdicts in the contract's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import frozen

from slarules.columnar.kernels import layout as at
from slarules.columnar.rows import COLUMNS
from slarules.columnar.subjects import Codes, Subjects
from slarules.columnar.tables.version import Compiled, Rule
from slarules.columnar.tickets import Tickets
from slarules.columnar.verdicts import VERDICTS
from slarules.model.rules import Choice, Duty, Prohibition, Right
from slarules.model.value import Unknown

WITHIN_PRECISION = 4
FLAGS = {at.SKEW: "skew", at.NO_DEADLINE: "no_deadline_found", WITHIN_PRECISION: "within_precision"}
Over = str | Unknown | None
"""What has ended an agreement (see ``engine.binding``)."""


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
    ids: pa.Array,
    readings: Mapping[str, str],
    over: Sequence[Over],
    precision: int,
) -> pa.Table:
    """The rows as verdicts. ``over`` [agreement, the last for none] tells what has ended each."""
    out, version = written.out, written.version
    rules = version.rules
    rule, subject = out[at.O_RULE], tickets.subject[out[at.O_TICKET]]
    owed, ended = _bound(written, subjects.agreement[subject], over)
    consumed, allowed = _micros(out[at.O_CONSUMED]), _micros(out[at.O_ALLOWED])
    flags = _flags(out, precision)
    columns: dict[str, Any] = {
        "subject": subjects.names.take(pa.array(subject)),
        "duty": _by_rule(rule, [one.name for one in rules]),
        "number": pa.array(out[at.O_NUMBER]),
        "rule": _by_rule(rule, [_kind(one) for one in rules]),
        "state": _named(out[at.O_STATE], at.STATES),
        "bearer": _by_rule(rule, [_bearer(one) for one in rules]),
        "counterparty": _by_rule(rule, [one.counterparty if isinstance(one, Duty) else None for one in rules]),
        "agreement": _named(subjects.agreement[subject], subjects.agreements),
        "severity": _named(out[at.O_SEVERITY], version.words.levels),
        "triggered_at": _micros(out[at.O_TRIGGERED]),
        "deadline": _micros(out[at.O_DEADLINE]),
        "performed_at": _micros(out[at.O_PERFORMED]),
        "consumed": consumed,
        "allowed": allowed,
        "margin": _margin(out),
        "late_by": _micros(out[at.O_LATE]),
        "late_by_counted": _micros(out[at.O_LATE_COUNTED]),
        "owed": pa.array(owed == 1, mask=owed == at.UNKNOWN_OWED),
        "ended_by": ended,
        "missing": _missing(out[at.O_MISSING], version),
        "cause": _causes(out, rules),
        "elected": _lapsed_into(out, rules),
        "next_change_at": _micros(out[at.O_CHANGE]),
        "calendar": _named(out[at.O_NAME], version.calendars),
        "events": _events(out, tickets, ids),
        "flags": _lists([_flag_names(code) for code in range(8)]).take(pa.array(flags)),
        "clause": _by_rule(rule, [one.citation.clause for one in rules]),
        "quotes": _by_rule_lists(rule, [[q.text for q in one.citation.quotations] for one in rules]),
        "readings": _by_rule_lists(
            rule, [[f"{n}={readings[n]}" for n in one.citation.readings if n in readings] for one in rules]
        ),
    }
    return pa.table({name: _as(name, columns[name]) for name in COLUMNS}, schema=VERDICTS)


def _as(name: str, values: Any) -> Any:
    kind = VERDICTS.field(name).type
    if values.type == kind:
        return values
    if pa.types.is_timestamp(kind) or pa.types.is_duration(kind):
        return values.view(kind)
    return values.cast(kind)


def _micros(values: Any) -> pa.Array:
    return pa.array(values, mask=values == at.NEVER)


def _margin(out: Any) -> pa.Array:
    consumed, allowed = out[at.O_CONSUMED], out[at.O_ALLOWED]
    none = (consumed == at.NEVER) | (allowed == at.NEVER)
    return pa.array(np.where(none, 0, allowed) - np.where(none, 0, consumed), mask=none)


def _named(codes: Any, names: Sequence[str]) -> pa.Array:
    """Names by code; below 0: none."""
    indices = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string()))


def _by_rule(rule: Any, names: Sequence[str | None]) -> pa.Array:
    known = list(dict.fromkeys(name for name in names if name is not None))
    place = np.array([-1 if name is None else known.index(name) for name in names] or [-1], np.int64)
    return _named(place[rule], known)


def _lists(lists: Sequence[Sequence[str]]) -> pa.Array:
    """Lists of names; each name is there once."""
    names = list(dict.fromkeys(name for own in lists for name in own))
    place = {name: number for number, name in enumerate(names)}
    codes = pa.array([place[name] for own in lists for name in own], pa.int32())
    offsets = pa.array(np.concatenate(([0], np.cumsum([len(own) for own in lists]))), pa.int32())
    return pa.ListArray.from_arrays(offsets, pa.DictionaryArray.from_arrays(codes, pa.array(names, pa.string())))


def _by_rule_lists(rule: Any, lists: Sequence[Sequence[str]]) -> pa.Array:
    return _lists(lists).take(pa.array(rule))


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


def _bound(written: Written, agreement: Codes, over: Sequence[Over]) -> tuple[Any, pa.Array]:
    """Whether each is owed, and what ended it; a prohibition is as its agreement is (R25)."""
    out, version = written.out, written.version
    owed, code = out[at.O_OWED], out[at.O_ENDED_BY]
    scopes = [one.name for one in version.rules[len(version.rules) - int(version.tables[at.T_SCOPE_COUNT - at.WORK]) :]]
    names = ["while", "no promise", *version.types, *scopes]
    many = len(version.types)
    place = np.where(code >= at.BY_SCOPE, code - at.BY_SCOPE + 2 + many, np.where(code >= 0, code + 2, -code - 2))
    place = np.where(code == at.BY_NOTHING, -1, place)
    for number, rule in enumerate(version.rules):
        if not isinstance(rule, Prohibition):
            continue
        own = out[at.O_RULE] == number
        ends = [None if rule.survives or not isinstance(one, str) else one for one in over]
        for name in dict.fromkeys(one for one in ends if one is not None):
            if name not in names[2:]:
                names.append(name)
        codes = np.array([-1 if one is None else names.index(one, 2) for one in ends], np.int64)[agreement]
        place = np.where(own, codes, place)
        owed = np.where(own, codes < 0, owed)
    return owed, _named(place, names)


def _flags(out: Any, precision: int) -> Any:
    flags = out[at.O_FLAGS]
    if precision > 1:
        deadline, performed = out[at.O_DEADLINE], out[at.O_PERFORMED]
        both = (deadline != at.NEVER) & (performed != at.NEVER)
        near = both & (np.abs(np.where(both, performed, 0) - np.where(both, deadline, precision)) < precision)
        flags = flags | np.where(near, WITHIN_PRECISION, 0)
    return flags


def _flag_names(code: int) -> list[str]:
    return sorted(name for bit, name in FLAGS.items() if code & bit)


def _missing(masks: Any, version: Compiled) -> pa.Array:
    if not masks.any():
        return _lists([[]]).take(pa.array(np.zeros(len(masks), np.int64)))
    different, place = np.unique(masks, return_inverse=True)
    wanted = version.words.wanted.items()
    lists = [sorted(name for name, bit in wanted if int(mask) & bit) for mask in different]
    return _lists(lists).take(pa.array(place.ravel()))


def _causes(out: Any, rules: Sequence[Rule]) -> pa.Array:
    cause = out[at.O_CAUSE]
    if not (cause >= 0).any():
        return pa.nulls(len(cause), VERDICTS.field("cause").type)
    key = np.where(cause < 0, -1, (cause << 32) | out[at.O_CAUSE_NUMBER])
    different, place = np.unique(key, return_inverse=True)
    names = ["" if k < 0 else f"{rules[int(k) >> 32].name}#{int(k) & 0xFFFFFFFF}" for k in different]
    codes = np.where(cause < 0, -1, place.ravel())
    return _named(codes, names)


def _lapsed_into(out: Any, rules: Sequence[Rule]) -> pa.Array:
    """The options into which choices have lapsed; what is elected is the reference engine's to tell."""
    names = [one.otherwise if isinstance(one, Choice) else None for one in rules]
    known = [name for name in dict.fromkeys(names) if name is not None]
    place = np.array([-1 if name is None else known.index(name) for name in names] or [-1], np.int64)
    return _named(np.where(out[at.O_STATE] == at.LAPSED, place[out[at.O_RULE]], -1), known)


def _events(out: Any, tickets: Tickets, ids: pa.Array) -> pa.Array:
    """The ids of the events that it used: trigger first."""
    both = np.stack([out[at.O_TRIGGER], out[at.O_ACT]], axis=1)
    used = both >= 0
    offsets = np.concatenate(([0], np.cumsum(used.sum(axis=1)))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), ids.take(pa.array(tickets.order[both[used]])))
