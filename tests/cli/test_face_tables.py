"""The Python face for tables: every library's frames are judged and explained as events are."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import slarules
from tests.cli.conftest import EVENTS
from tests.columnar.log.test_arriving import columns

SUPPLIED = {"TrakHolidays": slarules.Supplied(known_until=date(2027, 1, 1))}
AS_OF = "2026-03-02T12:00:00-07:00"


def frames() -> list[Any]:
    made: list[Any] = [lambda: pa.table(columns()), lambda: pa.table(columns()).to_reader()]
    for name in ("polars", "pandas"):
        made.append(lambda name=name: pytest.importorskip(name).DataFrame(columns()))
    return [*made, relation]


def relation() -> Any:
    duckdb = pytest.importorskip("duckdb")
    duckdb.register("log_of_events", pa.table(columns()))
    return duckdb.sql("select * from log_of_events")


@pytest.mark.parametrize("frame", frames(), ids=["pyarrow", "reader", "polars", "pandas", "duckdb"])
def test_every_library_gives_the_same_verdicts(folder: Path, frame: Any) -> None:
    policy = slarules.load("policy.sla")
    wanted = policy.evaluate(EVENTS, as_of=AS_OF, supplied=SUPPLIED)
    judged = policy.evaluate_table(frame(), as_of=AS_OF, supplied=SUPPLIED)
    assert isinstance(judged, slarules.Judged) and judged.as_of == wanted.as_of
    told = zip(*(judged.verdicts.column(name).to_pylist() for name in ("subject", "duty", "state")), strict=True)
    assert list(told) == [(v.subject, v.duty, v.state) for v in wanted.verdicts]
    assert judged.findings == wanted.findings
    reasons = policy.explain(frame(), "T1", as_of=AS_OF, supplied=SUPPLIED)
    assert reasons == policy.explain(EVENTS, "T1", as_of=AS_OF, supplied=SUPPLIED) and reasons
    why = policy.why_not(frame(), "=T2", "confirm", as_of=AS_OF, supplied=SUPPLIED)
    assert why == policy.why_not(EVENTS, "=T2", "confirm", as_of=AS_OF, supplied=SUPPLIED)


def test_a_reading_and_an_unknown_one(folder: Path) -> None:
    policy, table = slarules.load("policy.sla"), pa.table(columns())
    assert policy.evaluate_table(table, as_of=AS_OF, readings={"ack": "business"}).readings == {"ack": "business"}
    wrong = [{"readings": {"akc": "business"}}, {"supplied": {"Holidays": slarules.Supplied()}}, {"as_of": "noon"}]
    for named in wrong:
        with pytest.raises(ValueError):
            policy.evaluate_table(table, **{"as_of": AS_OF, **named})


def test_rows_that_are_no_events_are_set_aside_with_a_warning(folder: Path) -> None:
    policy, table = slarules.load("policy.sla"), columns()
    sound = policy.evaluate_table(pa.table(table), as_of=AS_OF, supplied=SUPPLIED)
    assert sound.set_aside == ()
    more = {name: [*cells, cells[-1]] for name, cells in table.items()} | {"id": [*table["id"], None]}
    with pytest.warns(UserWarning, match="1 of 5 rows is set aside; row 5: `id` is missing"):
        judged = policy.evaluate_table(pa.table(more), as_of=AS_OF, supplied=SUPPLIED)
    assert [(one.line, one.code) for one in judged.set_aside] == [(5, "E0626")]
    assert judged.verdicts.equals(sound.verdicts) and judged.findings == sound.findings
    with pytest.warns(UserWarning, match="row 5"):
        reasons = policy.explain(pa.table(more), "T1", as_of=AS_OF, supplied=SUPPLIED)
    assert reasons == policy.explain(pa.table(table), "T1", as_of=AS_OF, supplied=SUPPLIED)


def test_rows_of_polars_are_set_aside_whatever_its_columns_hold(folder: Path) -> None:
    """Its texts are views, of which Arrow cannot pick rows: they are made plain where rows are set aside."""
    polars = pytest.importorskip("polars")
    table = {**columns(), "tags": [["a"]] * 4}
    table["id"] = [*table["id"][:3], None]
    frame = polars.DataFrame(table).with_columns(polars.col("type").cast(polars.Categorical))
    policy = slarules.load("policy.sla")
    with pytest.warns(UserWarning, match="1 of 4 rows is set aside; row 4: `id` is missing"):
        judged = policy.evaluate_table(frame, as_of=AS_OF, supplied=SUPPLIED)
    assert [(one.line, one.code) for one in judged.set_aside] == [(4, "E0626")]
    assert [one.line for one in judged.set_aside[:1]] == [4] and judged.verdicts.num_rows


@pytest.mark.parametrize("kind", ["String", "Categorical"])
def test_texts_of_polars_may_be_empty(folder: Path, kind: str) -> None:
    """An empty cell is one in which nothing was recorded, as of any other library."""
    polars = pytest.importorskip("polars")
    table: dict[str, list[Any]] = {**columns(), "channel": ["email", "", None, ""], "tags": [["a"], [], None, ["b"]]}
    table["actor"] = ["Customer", "Trak", "", None]
    frame = polars.DataFrame(table)
    frame = frame.with_columns(polars.col("channel", "actor").cast(getattr(polars, kind)))
    policy = slarules.load("policy.sla")
    wanted = policy.evaluate_table(pa.table(table), as_of=AS_OF, supplied=SUPPLIED)
    judged = policy.evaluate_table(frame, as_of=AS_OF, supplied=SUPPLIED)
    assert judged.verdicts.equals(wanted.verdicts) and judged.findings == wanted.findings
