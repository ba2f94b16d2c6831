"""A log told part by part is the log told whole, whichever engine judges it; names are found where they stand."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from slarules.columnar import stretches
from slarules.columnar.log.coding import coded_log
from slarules.columnar.log.columns import table_of
from slarules.columnar.review import either, happenings, sheets
from slarules.columnar.review.either import Log, Part, go_through, judge
from slarules.columnar.verdicts.rows import COLUMNS
from tests.engine.small import at, contract, log
from tests.stakes import test_pairs
from tests.stakes.test_engines import ODD

TERMS = contract(test_pairs.RULES)
EVENTS = [*log(test_pairs.RULES, test_pairs.LINES), *ODD]
AS_OF = at("2026-03-06 00:00")


def in_parts(events: Log) -> tuple[list[Part], object]:
    parts: list[Part] = []
    besides = go_through(TERMS, {}, events, AS_OF, parts.append)
    return parts, besides


def test_many_parts_are_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = judge(TERMS, {}, EVENTS, AS_OF)
    monkeypatch.setattr(either, "AT_ONCE", 2)
    monkeypatch.setattr(stretches, "SHARED", 0)
    coded = coded_log(table_of(EVENTS))
    parts, besides = in_parts(coded)
    assert len([part for part in parts if part.verdicts.num_rows]) > 5
    assert pa.concat_tables([part.verdicts for part in parts]).to_pylist() == whole.verdicts.to_pylist()
    again = judge(TERMS, {}, coded, AS_OF)
    assert again.verdicts.to_pylist() == whole.verdicts.to_pylist()
    assert again.versions.tolist() == whole.versions.tolist()
    for name in ("readings", "statuses", "allowances", "amounts", "findings", "subjects"):
        assert getattr(besides, name) == getattr(again, name) == getattr(whole, name), name
    assert sum(again.by_reference.values()) > 2


@pytest.mark.parametrize("log", [EVENTS, coded_log(table_of(EVENTS))], ids=["reference", "columnar"])
def test_the_columns_that_are_wanted_are_as_in_the_whole(log: Log) -> None:
    whole = judge(TERMS, {}, EVENTS, AS_OF).verdicts
    for columns in (("subject", "state"), ("subject", "owed", "missing", "late_by"), COLUMNS[::-1]):
        parts: list[Part] = []
        go_through(TERMS, {}, log, AS_OF, parts.append, columns=columns)
        found = pa.concat_tables([part.verdicts for part in parts])
        assert found.column_names == list(columns)
        assert found.to_pylist() == whole.select(columns).to_pylist()


def test_the_subjects_of_a_part_are_found_among_all() -> None:
    names = pa.array(["A", "B", "b", "ä", "C10"]).sort()
    known = names.to_pylist()
    for some in ([], ["B"], ["A", "A", "B"], ["B", "b", "b", "ä"], ["0", "B", "ß"]):
        found = sheets.subjects(pa.table({"subject": pa.array(some, pa.string())}), names)
        assert found.tolist() == [known.index(name) if name in known else -1 for name in some]
    assert [sheets.place(names, name) for name in (*known, "0", "C1", "ß")] == [0, 1, 2, 3, 4, -1, -1, -1]


def test_whoever_a_correction_gives_an_event_to_is_named() -> None:
    events = [event for event in EVENTS if event.subject != "T4"]
    coded = coded_log(table_of(events))
    assert happenings.moved(coded) == ["T4"]
    assert happenings.named(coded).to_pylist() == sorted({*coded.names.to_pylist(), "T4"})
    plain = coded_log(table_of([event for event in events if event.type != "corrected"]))
    assert happenings.moved(plain) == [] and happenings.named(plain).equals(plain.names.cast(pa.string()))


def test_parts_put_end_to_end_keep_their_places() -> None:
    parts = [pa.array(["A", "B"]), pa.array([], pa.string()), pa.array(["C"])]
    assert sheets.end_to_end(parts).to_pylist() == ["A", "B", "C"]
    assert np.array_equal(sheets.found_in(pa.array(["C", "x"]), sheets.end_to_end(parts)), [2, -1])
