"""Every implementation of ``evaluate``, by name. A new one is trusted once it stands here and the tests pass."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

import pyarrow as pa
from attrs import evolve

from slarules.columnar.judging import Judged, evaluation_of, judge
from slarules.columnar.log.columns import FIELDS, table_of
from slarules.columnar.stretches import EVENTS
from slarules.engine.evaluate import evaluate
from slarules.engine.history import SubjectHistory
from slarules.model.event import Event, Raw
from tests.same.cases import Case
from tests.same.comparing import Seen

Implementation = Callable[[Case], Seen]
SHORT = 40
"""Events of a stretch in which every other log is judged, so that most of these logs have several."""


@lru_cache(maxsize=2)
def reference(case: Case) -> Seen:
    """The engine that defines the meaning; its last answers are kept, for they are asked for again."""
    changes: dict[str, int | None] = {}

    def each(subject: SubjectHistory, change: int | None) -> None:
        changes[subject.subject] = change

    found = evaluate(
        case.contract,
        case.readings,
        case.events,
        case.as_of,
        supplied=case.supplied,
        precision=case.precision,
        each=each,
    )
    return Seen(found, changes)


def columnar(case: Case) -> Seen:
    """The kernel over columns, with numba where it is there."""
    return judged(case, columns_of(case.events))


def judged(case: Case, table: pa.Table) -> Seen:
    """What the columnar engine says of the case, its events told by a table."""
    stretch = SHORT if len(case.events) % 2 else EVENTS
    found = judge(
        case.contract, case.readings, table, case.as_of,
        supplied=case.supplied, precision=case.precision, stretch=stretch,
    )  # fmt: skip
    return seen_of(found, case)


def columns_of(events: Sequence[Event]) -> pa.Table:
    """The events with each fact in a column of its most usual kind; the events that this does not hold say JSON."""
    kinds: dict[str, Counter[object]] = {}
    for event in events:
        for name, value in event.facts.items():
            kinds.setdefault(name, Counter())[_kind(value)] += 1
    whole = {name: found.most_common(1)[0][0] for name, found in kinds.items() if name not in FIELDS}
    whole = {name: kind for name, kind in whole.items() if kind is not None}
    plain = [
        all(whole.get(name) == _kind(value) and name in whole for name, value in e.facts.items())
        and list(e.facts) == sorted(e.facts)
        for e in events
    ]
    table = table_of([evolve(event, facts={}) for event in events])
    for name in sorted(whole):
        values = pa.array([e.facts.get(name) if ok else None for e, ok in zip(events, plain, strict=True)])
        table = table.append_column(name, values)
    texts = [None if ok else _text(event.facts) for event, ok in zip(events, plain, strict=True)]
    return table.append_column("facts", pa.array(texts, pa.string())) if not all(plain) else table


def _text(value: object) -> str:
    """A fact, or all facts of an event, as JSON; a decimal keeps all its digits."""
    match value:
        case Mapping():
            return "{" + ", ".join(f"{json.dumps(name)}: {_text(one)}" for name, one in value.items()) + "}"
        case tuple():
            return "[" + ", ".join(_text(one) for one in value) + "]"
        case Decimal():
            return str(value) if "." in str(value) or "E" in str(value) else f"{value}e0"
    return json.dumps(value)


def _kind(value: Raw) -> object:
    """The kind of column that holds a value as it is; None: none does."""
    match value:
        case Decimal():
            return value.as_tuple().exponent if value.is_finite() else None
        case tuple():
            return tuple if value and all(isinstance(item, str) for item in value) else None
    return type(value) if isinstance(value, (bool, int, str)) else None


def seen_of(found: Judged, case: Case) -> Seen:
    """What was judged in columns, as the reference engine tells it."""
    rows = found.subjects
    names = rows["subject"].to_pylist()
    changes = dict(zip(names, rows["next_change_at"].cast("int64").to_pylist(), strict=True))
    engines = dict(zip(names, zip(rows["engine"].to_pylist(), rows["why"].to_pylist(), strict=True), strict=True))
    return Seen(evaluation_of(found, case.contract), changes, engines)


IMPLEMENTATIONS: Mapping[str, Implementation] = {"columnar": columnar}
"""All but the reference, with which each is compared."""
