"""Workers that open the log's files and write the verdicts themselves: the same verdicts, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from attrs import evolve

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'slarules[spark]'")

from slarules import spark as on_spark
from slarules.columnar import judging
from slarules.columnar.log.columns import BadTable, table_of
from slarules.spark import writing
from slarules.spark.schema import plain
from tests.engine import small
from tests.spark.logs import contract, example, file_of, frame, given
from tests.spark.test_batch import AS_OF, RULES, FailsOnce, hanging


def kept(folder: Path, table: pa.Table, **how: Any) -> str:
    """The log as Parquet: two files, of several row groups."""
    folder.mkdir()
    half = table.num_rows // 2
    for name, part in (("b", table.slice(0, half)), ("a", table.slice(half))):
        pq.write_table(part, folder / f"{name}.parquet", row_group_size=64, **how)
    return str(folder)


def test_what_workers_read_and_write_is_the_laptop_s_to_the_byte(spark: Any, tmp_path: Path) -> None:
    terms, log = contract("trak"), example("trak")[:200]
    lists = given(terms, "ScheduledMaintenance", "trak/maintenance.txt")
    table, as_of = table_of(log), log[-1].at
    placed = table.append_column("place", pa.array(range(len(log)), pa.int64()))
    files = on_spark.event_files(spark, kept(tmp_path / "a log", placed, use_deprecated_int96_timestamps=True))
    assert (files.events, len(files.pieces)) == (200, 2)
    found = on_spark.judging(files, terms, as_of, supplied=lists, position="place", partitions=2)
    laptop = judging.judge(terms, None, table, as_of, supplied=lists).verdicts
    assert laptop.num_rows > 100
    wanted = file_of(tmp_path / "laptop.jsonl", laptop)
    lost = found.packed.mapInArrow(FailsOnce(tmp_path / "failed"), found.packed.schema)
    assert on_spark.write(evolve(found, packed=lost), str(tmp_path / "out")) == laptop.num_rows
    assert (tmp_path / "failed").exists()
    back = spark.read.parquet(str(tmp_path / "out"))
    assert back.schema == found.verdicts.schema
    assert file_of(tmp_path / "written.jsonl", on_spark.collected(back)) == wanted
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"_SUCCESS", *(f"part-{part}.parquet" for part in ("00000", "00001", "driver"))}
    assert pq.read_table(tmp_path / "out").schema.equals(plain(laptop.schema))
    with pytest.raises(FileExistsError):
        on_spark.write(found, str(tmp_path / "out"))
    found.packed.unpersist()


def test_tickets_of_files_that_share_an_id_are_judged_together(spark: Any, tmp_path: Path) -> None:
    """Ids rise in neither file, and then in both of them, but not from the one to the other."""
    terms, log = small.contract(RULES), hanging()
    laptop = judging.judge(terms, None, table_of(log), AS_OF).verdicts.to_pylist()
    table = table_of(log).append_column("place", pa.array(range(len(log)), pa.int64()))
    for name, order in (("falling", "descending"), ("rising", "ascending")):
        rows = table.sort_by([("id", order)])
        halves = [rows.take(pa.array(range(n, rows.num_rows, 2))) for n in (0, 1)]
        files = on_spark.event_files(spark, kept(tmp_path / name, pa.concat_tables(halves)))
        found = on_spark.judging(files, terms, AS_OF, position="place", partitions=2)
        assert on_spark.collected(found.verdicts).to_pylist() == laptop, name


def test_verdicts_that_cannot_be_told_leave_no_folder(spark: Any, tmp_path: Path) -> None:
    log = [
        small.event("a1", "started", "2026-03-02 08:00", "Desk", "A1"),
        small.event("o", "opened", "2026-03-02 08:00", "Client", severity="1"),
        small.event("o", "opened", "2026-03-02 09:00", "Client", severity="1"),
    ]
    files = on_spark.event_files(spark, kept(tmp_path / "log", table_of(log)))
    found = on_spark.judging(files, small.contract(RULES), AS_OF, columns=("subject", "state"))
    with pytest.raises(Exception, match="the id `o` stands for two different events"):
        on_spark.write(found, str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_files_that_are_not_of_one_form_are_refused_in_words(spark: Any, tmp_path: Path) -> None:
    table = table_of(hanging())
    where = kept(tmp_path / "log", table)
    files = on_spark.event_files(spark, where)
    pq.write_table(table.slice(0, 3), tmp_path / "log" / "a.parquet")
    with pytest.raises(Exception, match=r"a.parquet` was changed after its log was begun"):
        on_spark.judging(files, small.contract(RULES), AS_OF)
    pq.write_table(table.drop_columns(["facts"]), tmp_path / "log" / "a.parquet")
    with pytest.raises(BadTable, match=r"has not the columns of the whole log \(`facts`\); give `spark.read.parquet"):
        on_spark.event_files(spark, where)
    naive = table.set_column(table.column_names.index("at"), "at", table.column("at").cast(pa.timestamp("us")))
    where = kept(tmp_path / "naive", naive)
    with pytest.raises(BadTable, match="`at` is of type timestamp_ntz: a time without a zone"):
        on_spark.judging(on_spark.event_files(spark, where), small.contract(RULES), AS_OF)


@pytest.mark.parametrize("knows", [True, False], ids=["by the workers", "by Spark"])
def test_verdicts_go_to_a_url(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, knows: bool) -> None:
    """Where pyarrow does not know what kind of URL it is, Spark writes."""
    if not knows:

        def unknown(uri: str) -> Any:
            raise pa.ArrowInvalid(f"Unrecognized filesystem type in URI: {uri}")

        monkeypatch.setattr(writing, "system_of", unknown)
    terms, log = small.contract(RULES), hanging()
    found = on_spark.judging(frame(spark, log), terms, AS_OF, position="place", partitions=2)
    laptop = judging.judge(terms, None, table_of(log), AS_OF).verdicts
    url = f"file:{tmp_path}/out"
    assert on_spark.write(found, url) == laptop.num_rows
    written = on_spark.collected(spark.read.parquet(str(tmp_path / "out")))
    assert file_of(tmp_path / "written.jsonl", written) == file_of(tmp_path / "laptop.jsonl", laptop)
    with pytest.raises(FileExistsError):
        on_spark.write(found, url)
    found.packed.unpersist()
