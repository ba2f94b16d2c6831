"""Tables of other libraries: the events that they hold, the verdicts that come back, and what is wrong, in words."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from slarules.columnar.log.arriving import arrived
from slarules.columnar.log.columns import BadTable, events_of
from slarules.readers import read_events
from tests.cli.conftest import EVENTS


def columns() -> dict[str, list[Any]]:
    """The events of the demo log as columns."""
    rows = [{**event, **dict(event.get("facts", {}))} for event in EVENTS]  # type: ignore[call-overload]
    names = ("id", "subject", "type", "at", "actor", "severity", "channel")
    found = {name: [row.get(name) for row in rows] for name in names}
    found["at"] = [datetime.fromisoformat(str(at)) for at in found["at"]]
    return found


def test_whole_numbers_that_pandas_made_floats() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(columns())
    frame["severity"] = [1, None, None, 2]
    frame["hours"] = [1.5, 2, None, None]
    assert str(frame["severity"].dtype) == "float64"
    facts = [event.facts for event in events_of(arrived(frame.set_index("subject", drop=False).rename_axis(None)))]
    assert facts[0] == {"severity": 1, "channel": "email", "hours": Decimal("1.5")}
    assert facts[1:] == [{"hours": Decimal("2.0")}, {}, {"severity": 2}]


@pytest.mark.parametrize("severities", [[1, None, None, 2], [1.0, None, None, 2.0]])
def test_categories_of_numbers_are_numbers(severities: list[float | None]) -> None:
    table = pa.table({**columns(), "severity": pa.array(severities).dictionary_encode()})
    assert [event.facts.get("severity") for event in events_of(arrived(table))] == [1, None, None, 2]


@pytest.mark.parametrize("floats", [[1.0, float("nan")], [1.0, float("inf")], [1.0, 2.0**60], [1.0, 0.5]])
def test_floats_that_are_not_all_whole_stay(floats: list[float]) -> None:
    at = [datetime(2026, 3, 2, tzinfo=UTC)] * 2
    table = pa.table({"id": ["1", "2"], "subject": ["a", "b"], "type": ["opened"] * 2, "at": at, "hours": floats})
    assert arrived(table).schema.field("hours").type == pa.float64()


def test_a_cell_of_empty_text_says_nothing_as_in_a_file(tmp_path: Path) -> None:
    """In columns of names and of facts, coded or not; the facts of a file's JSON text stay as they are."""
    more = {"actor": ["", "Trak", None, ""], "channel": ["email", "", None, " "], "source": ["", "web", "", None]}
    coded = {name: pa.array(cells, pa.string()).dictionary_encode() for name, cells in more.items()}
    at = pa.array([1_772_438_400_000_000] * 4, pa.timestamp("us", "UTC"))
    wanted = None
    for cells in (more, coded):
        table = pa.table({**columns(), "at": at, **cells})
        pq.write_table(table, tmp_path / "log.parquet")
        found = events_of(arrived(table))
        assert found == list(read_events(tmp_path / "log.parquet").events())
        assert [event.actor for event in found] == [None, "Trak", None, None]
        assert wanted in (None, found)
        wanted = found


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([1, 2], "a table that speaks Arrow is wanted: .* this is of type list"),
        (pa.chunked_array([[1, 2]]), "the table cannot be handed over"),
        (pa.table({"id": ["1"], "subjet": ["T"], "type": ["opened"]}), "no column `subject`"),
        (pa.table(columns()).append_column("id", pa.nulls(4, pa.string())), "twice"),
        (pa.table({**columns(), "place in the log": [1] * 4}), "cannot be called `place in the log`: rename it"),
        (pa.table({**columns(), "at": [datetime(2026, 3, 2)] * 4}), "`at` has times without a zone"),
        (pa.table({**columns(), "at": ["2026-03-02"] * 4}), "a timestamp with its zone is wanted"),
        (
            pa.table({**columns(), "at": pa.array([1_772_438_400_000] * 4, pa.timestamp("us", "UTC"))}),
            "row 1: `at` is in the first weeks of 1970; is its unit right?",
        ),
        (pa.table({**columns(), "subject": ["T1", None, "T1", "T2"]}), "row 2: `subject` is null"),
        (pa.table({**columns(), "id": ["1", "2", "", "4"]}), "row 3: `id` is empty"),
        (pa.table({**columns(), "type": pa.array(["opened", "\u2003"] * 2).dictionary_encode()}), "`type` is empty"),
        (pa.table({**columns(), "actor": ["Trak", "", None, "\t"]}), "row 4: `actor` is empty"),
    ],
)
def test_what_is_wrong_is_told(table: Any, said: str) -> None:
    with pytest.raises(BadTable, match=said):
        arrived(table)
