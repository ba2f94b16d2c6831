"""Tables of other libraries: the events that they hold, the verdicts that come back, and what is wrong, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from slarules.columnar.log import aside
from slarules.columnar.log.arriving import arrived
from slarules.columnar.log.columns import BadTable, events_of
from slarules.model.event import Event
from slarules.readers import Rejected, read_events
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
    found = arrived(frame.set_index("subject", drop=False).rename_axis(None))
    facts = [event.facts for event in events_of(found.events)]
    assert facts[0] == {"severity": 1, "channel": "email", "hours": Decimal("1.5")}
    assert facts[1:] == [{"hours": Decimal("2.0")}, {}, {"severity": 2}]


@pytest.mark.parametrize("severities", [[1, None, None, 2], [1.0, None, None, 2.0]])
def test_categories_of_numbers_are_numbers(severities: list[float | None]) -> None:
    table = pa.table({**columns(), "severity": pa.array(severities).dictionary_encode()})
    assert [event.facts.get("severity") for event in events_of(arrived(table).events)] == [1, None, None, 2]


@pytest.mark.parametrize("floats", [[1.0, float("nan")], [1.0, float("inf")], [1.0, 2.0**60], [1.0, 0.5]])
def test_floats_that_are_not_all_whole_stay(floats: list[float]) -> None:
    at = [datetime(2026, 3, 2, tzinfo=UTC)] * 2
    table = pa.table({"id": ["1", "2"], "subject": ["a", "b"], "type": ["opened"] * 2, "at": at, "hours": floats})
    assert arrived(table).events.schema.field("hours").type == pa.float64()


def test_a_cell_of_empty_text_says_nothing_as_in_a_file(tmp_path: Path) -> None:
    """In columns of names and of facts, coded or not; the facts of a file's JSON text stay as they are."""
    more = {"actor": ["", "Trak", None, ""], "channel": ["email", "", None, " "], "source": ["", "web", "", None]}
    coded = {name: pa.array(cells, pa.string()).dictionary_encode() for name, cells in more.items()}
    at = pa.array([1_772_438_400_000_000] * 4, pa.timestamp("us", "UTC"))
    wanted = None
    for cells in (more, coded):
        table = pa.table({**columns(), "at": at, **cells})
        pq.write_table(table, tmp_path / "log.parquet")
        found = events_of(arrived(table).events)
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
        (pa.table({}), "no column `id`, `subject`, `type`, `at`; it has none"),
        (pa.table(columns()).append_column("id", pa.nulls(4, pa.string())), "twice"),
        (pa.table({**columns(), "place in the log": [1] * 4}), "cannot be called `place in the log`: rename it"),
        (pa.table({**columns(), "at": [datetime(2026, 3, 2)] * 4}), "`at` has times without a zone"),
        (pa.table({**columns(), "at": ["2026-03-02"] * 4}), "a timestamp with its zone is wanted"),
    ],
)
def test_what_is_wrong_is_told(table: Any, said: str) -> None:
    with pytest.raises(BadTable, match=said):
        arrived(table)


US, NS, S = pa.timestamp("us", "UTC"), pa.timestamp("ns", "UTC"), pa.timestamp("s", "UTC")
NINE = 1_772_438_400_000_000
BAD_ROWS: list[tuple[dict[str, Any], list[tuple[int, str, str]]]] = [
    ({"subject": ["T1", None, "T1", "T2"]}, [(2, "E0626", "`subject` is missing")]),
    ({"id": ["1", "2", "", "\t"]}, [(3, "E0626", "`id` is missing"), (4, "E0626", "`id` is empty")]),
    ({"type": pa.array(["opened", "\u2003", "opened", None]).dictionary_encode()},
     [(2, "E0626", "`type` is empty"), (4, "E0626", "`type` is missing")]),
    ({"actor": ["Trak", "", None, "\t"]}, [(4, "E0626", "`actor` is empty")]),
    ({"at": pa.array([NINE, None, NINE, -1], US)},
     [(2, "E0626", "`at` is missing"),
      (4, "E0631", "`at`: the year of `-1 microseconds since 1970` is outside 1970 to 2200; is its unit right?")]),
    ({"at": pa.array([NINE * 1000] * 3 + [NINE * 1000 + 1], NS)},
     [(4, "E0631", "`at`: `2026-03-02T08:00:00.000000001` has 9 fractional digits: at most 6 are read, and none is "
                   "cut off")]),
    ({"at": pa.array([NINE] * 4, S)},
     [(n, "E0631", f"`at`: the year of `{NINE * 1_000_000} microseconds since 1970` is outside 1970 to 2200; "
                   "is its unit right?") for n in (1, 2, 3, 4)]),
    ({"recorded_at": pa.array([None, NINE // 1000, None, NINE], US)},
     [(2, "E0631", "`recorded_at`: `1970-01-21T12:20:38.400000Z` is in the first weeks of 1970: its file says that it "
                   "counts microseconds, but milliseconds would make it `2026-03-02T08:00:00Z`")]),
    ({"size": [1.5, float("nan"), float("-inf"), 1e101]},
     [(n, "E0624", f"`{number}` is not a number that can be kept")
      for n, number in ((2, "NaN"), (3, "-Infinity"), (4, "1E+101"))]),
    ({"size": pa.array([1e-101, 0.0, 9.5e100, None])}, [(1, "E0624", "`1E-101` is not a number that can be kept")]),
    ({"day": pa.array([-719_163, -719_162, 2_932_896, 2_932_897], pa.int32()).view(pa.date32())},
     [(n, "E0631", "the column `day` holds a date that no calendar has") for n in (1, 4)]),
    ({"sizes": [[1.5, None], None, [], [2.5, float("nan")]]},
     [(4, "E0624", "`NaN` is not a number that can be kept")]),
]


@pytest.mark.parametrize(("cells", "wanted"), BAD_ROWS)
def test_a_row_that_is_no_event_is_set_aside_as_of_a_file(
    tmp_path: Path, cells: dict[str, Any], wanted: list[tuple[int, str, str]]
) -> None:
    table = pa.table({**columns(), "at": pa.array([NINE] * 4, US), **cells})
    found = arrived(table)
    assert [(one.line, one.code, one.cause) for one in found.set_aside] == wanted
    pq.write_table(table, tmp_path / "log.parquet")
    entries = list(read_events(tmp_path / "log.parquet"))
    assert [entry for entry in entries if isinstance(entry, Rejected)] == list(found.set_aside)
    assert [entry for entry in entries if isinstance(entry, Event)] == events_of(found.events)


def test_rows_that_are_set_aside_are_told_when_they_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million of them cost no more than those that somebody looks at."""
    many = 10_000
    looked: list[int] = []
    row_told = aside._row_told

    def counted(heading: Sequence[str], row: int, *more: Any) -> Rejected:
        looked.append(row)
        return row_told(heading, row, *more)

    monkeypatch.setattr(aside, "_row_told", counted)
    cells = {"id": [f"E{n}" for n in range(many)], "type": ["opened"] * many, "at": pa.array([NINE] * many, US)}
    found = arrived(pa.table({**cells, "subject": pa.nulls(many)}))
    assert found.told == "10000 of 10000 rows are set aside; row 1: `subject` is missing (E0626)"
    assert (len(found.set_aside), found.set_aside[-1].line, looked) == (many, many, [1, many])
    assert [one.line for one in found.set_aside[5:8]] == [6, 7, 8]
    assert [one.line for one in found.set_aside] == list(range(1, many + 1))
    assert found.set_aside[1].excerpt == "E1,opened,2026-03-02T08:00:00Z,"
    assert "excerpt='E1,opened" in repr(found.set_aside) and repr(found.set_aside).endswith(", … 9997 more)")


def test_facts_that_are_no_json_or_stand_there_twice(tmp_path: Path) -> None:
    """As of JSON lines, where a fact stands beside `facts` and in it."""
    texts = ['{"hours": 2}', '{"channel": "web"}', '{"hours": 2', '["hours"]']
    table = pa.table({**columns(), "channel": ["email", "email", None, None], "facts": texts})
    for facts in (pa.array(texts), pa.array(texts).dictionary_encode()):
        found = arrived(table.set_column(table.column_names.index("facts"), "facts", facts))
        assert [event.facts.get("hours") for event in events_of(found.events)] == [2]
        assert [(one.line, one.code, one.cause) for one in found.set_aside] == [
            (2, "E0623", "`channel` stands beside `facts` and in it"),
            (3, "E0621", "`facts` is cut off, or no JSON"),
            (4, "E0622", "`facts` cannot be meant: not an object: one event a line, in `{ }`"),
        ]
    line = '{"id": "2", "subject": "T", "type": "updated", "at": "2026-03-02T08:00:00Z", "channel": "email", "facts": '
    (tmp_path / "log.jsonl").write_text(line + texts[1] + "}\n")
    (entry,) = read_events(tmp_path / "log.jsonl")
    assert isinstance(entry, Rejected) and entry.cause == "`channel` stands beside `facts` and in it"
    empty = table.set_column(table.column_names.index("channel"), "channel", pa.array([""] * 4))
    assert [one.line for one in arrived(empty).set_aside] == [3, 4]


def test_what_people_are_told_of_rows_that_were_set_aside() -> None:
    assert arrived(pa.table(columns())).told is None
    one = arrived(pa.table({**columns(), "subject": ["T1", None, "T1", "T2"]}))
    assert one.told == "1 of 4 rows is set aside; row 2: `subject` is missing (E0626)"
    none = arrived(pa.table({**columns(), "subject": pa.nulls(4)}))
    assert none.told == "4 of 4 rows are set aside; row 1: `subject` is missing (E0626)"
    assert events_of(none.events) == []
