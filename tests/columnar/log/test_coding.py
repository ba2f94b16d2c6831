"""A log coded while it comes in says of each event what was said of it, whatever the pieces it comes in have."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slarules.columnar.log.coding import Coded, Coming, add, coded_log, finished, table_of, whole_table, widened
from slarules.columnar.log.columns import TIME, checked, events_of
from slarules.columnar.log.columns import table_of as table_of_events
from slarules.columnar.log.correcting import carried_out
from slarules.model.event import Event

NAMES = st.sampled_from(["T1", "T2", "T10", "é"])
FACTS = st.dictionaries(
    st.sampled_from(["severity", "on", "note"]),
    st.sampled_from([1, 2, 300, "urgent", "Customer", True, ("a", "b")]),
    max_size=3,
)
EVENTS = st.builds(
    Event,
    st.integers(0, 99).map("E{}".format),
    NAMES,
    st.sampled_from(["opened", "resolved"]),
    st.integers(0, 10**15),
    st.none() | st.sampled_from(["Trak", "Customer"]),
    FACTS,
    st.sampled_from(["desk", "mail"]),
    st.none() | st.integers(0, 9),
    st.none() | st.integers(0, 10**15),
)
BATCHES = st.lists(st.lists(EVENTS, max_size=5), max_size=4)


def came(batches: list[list[Event]], bare: bool) -> Coming:
    """Batches as they come; ``bare`` ones lack the columns of which all is null, and a source that is the desk."""
    coming = Coming()
    for batch in batches:
        table = table_of_events(batch)
        gone = [n for n in table.column_names if n != "id" and table.column(n).null_count == len(table) > 0]
        if all(event.source == "desk" for event in batch):
            gone.append("source")
        add(coming, checked(table.drop_columns(gone) if bare else table))
    return coming


def said(log: Coded) -> list[dict[str, Any]]:
    """Each event as its codes tell."""
    return [
        {
            "subject": log.names[int(log.subject[row])].as_py(),
            "at": int(log.instants[row]),
            **{n: c.values[c.codes[row]] for n, c in log.columns.items() if c.codes[row] >= 0 and n != "facts"},
        }
        for row in range(log.table.num_rows)
    ]


def plain(event: Event, columns: Any) -> dict[str, Any]:
    own = {"subject": event.subject, "at": event.at, "type": event.type, "actor": event.actor, "source": event.source}
    return {name: value for name, value in own.items() if value is not None and (name in columns or name != "source")}


@settings(max_examples=60)
@given(BATCHES, st.booleans())
def test_events_come_back_as_they_came(batches: list[list[Event]], bare: bool) -> None:
    events = [event for batch in batches for event in batch]
    log = finished(came(batches, bare))
    assert events_of(whole_table(log)) == events
    assert events_of(widened(table_of(came(batches, bare)))) == events
    assert log.names.to_pylist() == sorted({event.subject for event in events})
    for event, own in zip(events, said(log), strict=True):
        assert plain(event, log.columns).items() <= own.items()


@settings(max_examples=60)
@given(BATCHES)
def test_in_pieces_or_at_once(batches: list[list[Event]]) -> None:
    """Only where a fact is of several kinds do the columns differ: it stays of the kind that came first."""
    events = [event for batch in batches for event in batch]
    by_pieces, at_once = finished(came(batches, False)), coded_log(table_of_events(events))
    assert events_of(whole_table(by_pieces)) == events_of(whole_table(at_once))
    assert by_pieces.twice.tolist() == at_once.twice.tolist()
    assert np.array_equal(by_pieces.subject, at_once.subject)
    assert np.array_equal(by_pieces.instants, at_once.instants)


@settings(max_examples=60)
@given(BATCHES)
def test_what_is_put_on_disk_has_the_same_types_whatever_the_values(batches: list[list[Event]]) -> None:
    table = widened(table_of(came(batches, False)))
    assert checked(table).schema == table.schema


def test_a_column_that_is_of_another_kind_later() -> None:
    first = pa.table({"id": ["1", "2"], "subject": ["A", "A"], "type": ["x", "x"], "at": pa.array([1, 2], TIME)})
    coming = Coming()
    for severity in ([1, None], ["high", None], [None, None], [2.5, 3.5]):
        add(coming, checked(first.append_column("severity", pa.array(severity))))
    events = events_of(whole_table(finished(coming)))
    assert [dict(event.facts) for event in events] == [
        {"severity": 1}, {}, {"severity": "high"}, {}, {}, {},
        {"severity": Decimal("2.5")}, {"severity": Decimal("3.5")},
    ]  # fmt: skip


def test_what_the_table_shares_is_not_to_be_changed() -> None:
    log = coded_log(table_of_events([Event("E1", "T1", "opened", 5), Event("E2", "T1", "opened", 7)]))
    with pytest.raises(ValueError, match="read-only"):
        log.instants[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        log.column("type").codes[0] = 1


def test_corrections_may_say_more_words_than_narrow_codes_hold() -> None:
    events = [Event(f"E{n}", f"T{n}", "opened", n, f"A{n}") for n in range(127)]
    for n in (5, 6):
        events.append(Event(f"C{n}", f"T{n}", "corrected", 900, "A1", {"actor": f"somebody {n}"}, target=f"E{n}"))
    log = coded_log(table_of_events(events))
    assert log.column("actor").codes.dtype == np.int8
    standing = carried_out(log).log.column("actor")
    assert [standing.values[code] for code in standing.codes[4:8]] == ["A4", "somebody 5", "somebody 6", "A7"]
