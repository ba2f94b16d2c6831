"""Spark on two threads of this machine: the benchmark's tickets judged, with the shuffle; memory of JVM and workers.

`python -m benchmarks.spark --tickets 1000000` prints a table, with `--json` one JSON object for each way of judging.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parents[1]
MASTER = "local[2]"


def main() -> None:
    """Makes the log where it is not there, and judges it."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--tickets", type=int, default=1_000_000)
    told.add_argument("--runs", type=int, default=3, help="after one that warms up; the median counts")
    told.add_argument("--directory", type=Path, default=Path(tempfile.gettempdir()) / "slarules-spark")
    told.add_argument("--json", action="store_true")
    asked = told.parse_args()
    log = _log(asked.directory, asked.tickets)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    figures = _measured(log, asked.tickets, asked.runs, asked.directory)
    if asked.json:
        for figure in figures:
            print(json.dumps(figure))
        return
    print("| on Spark, `local[2]`, with the shuffle | events/s | seconds | JVM, MB | Python workers, MB | equal |")
    print("|---|---:|---:|---:|---:|---|")
    for one in figures:
        print(
            f"| {one['name']} | {one['events_per_s']:,} | {one['seconds']:.1f} | {one['peak_mb']:,} "
            f"| {one['workers_peak_mb']:,} | {'yes' if one['equal'] else 'NO'} |"
        )


def _log(directory: Path, tickets: int) -> Path:
    import pyarrow.parquet as pq

    from benchmarks.engines import workload

    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"events-{tickets}.parquet"
    if not path.exists():
        beside = path.with_suffix(".part")
        pieces = workload.tables(tickets)
        first = next(pieces)
        with pq.ParquetWriter(beside, first.schema) as writer:
            writer.write_table(first)
            for piece in pieces:
                writer.write_table(piece.cast(first.schema))
        beside.rename(path)
    return path


def _measured(log: Path, tickets: int, runs: int, directory: Path) -> list[dict[str, Any]]:
    from pyspark.sql import SparkSession

    from benchmarks.engines import workload
    from slarules.spark import judging

    made = SparkSession.builder.master(MASTER).config("spark.ui.enabled", "false").config("spark.driver.memory", "3g")
    made = made.config("spark.ui.showConsoleProgress", "false").config("spark.local.dir", str(directory))
    spark = made.config("spark.sql.execution.arrow.maxRecordsPerBatch", "65536").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    contract = workload.contract()
    events = spark.read.parquet(str(log))
    many = events.count()
    wanted = _wanted(log, tickets)

    def counts(verdicts: Any) -> dict[tuple[str, str], int]:
        return {(row.duty, row.state): row["count"] for row in verdicts.groupBy("duty", "state").count().collect()}

    def counted(**more: Any) -> dict[tuple[str, str], int]:
        found = judging(events, contract, workload.AS_OF, **more)
        told = counts(found.verdicts)
        found.packed.unpersist(blocking=True)  # or the next run would find the log packed
        return told

    def written() -> dict[tuple[str, str], int]:
        found = judging(events, contract, workload.AS_OF)
        found.verdicts.write.mode("overwrite").parquet(str(directory / "verdicts"))
        found.packed.unpersist(blocking=True)
        return counts(spark.read.parquet(str(directory / "verdicts")))

    ways: dict[str, Callable[[], dict[tuple[str, str], int]]] = {
        "judged and counted by duty and state": counted,
        "the same, of four columns": lambda: counted(columns=("subject", "duty", "state", "deadline")),
        "judged and written as Parquet": written,
    }
    figures = []
    for name, way in ways.items():
        way()
        seconds = sorted(_timed(way, wanted) for _ in range(runs))
        middle = seconds[len(seconds) // 2]
        figures.append(
            {
                "name": name,
                "events_per_s": round(many / abs(middle)),
                "seconds": abs(middle),
                "peak_mb": _peak(_jvm(spark)),
                "workers_peak_mb": sum(_peak(pid) for pid in _workers(_jvm(spark))),
                "equal": all(s > 0 for s in seconds),
            }
        )
    spark.stop()
    return figures


def _timed(way: Callable[[], dict[tuple[str, str], int]], wanted: dict[tuple[str, str], int]) -> float:
    """Seconds; negative where the verdicts are not the laptop's."""
    start = perf_counter()
    found = way()
    seconds = perf_counter() - start
    return seconds if found == wanted else -seconds


def _wanted(log: Path, tickets: int) -> dict[tuple[str, str], int]:
    """What the columnar engine says without Spark, counted."""
    import pyarrow.parquet as pq

    from benchmarks.engines import workload
    from slarules.columnar.judging import judge

    found = judge(workload.contract(), None, pq.read_table(log), workload.AS_OF).verdicts
    names = found.select(["duty", "state"]).unify_dictionaries()
    counts = names.group_by(["duty", "state"]).aggregate([([], "count_all")])
    return {(row["duty"], row["state"]): row["count_all"] for row in counts.to_pylist()}


# ---- Memory -------------------------------------------------------------------------------------------------------


def _jvm(spark: Any) -> int:
    return int(spark.sparkContext._jvm.java.lang.ProcessHandle.current().pid())


def _workers(jvm: int) -> list[int]:
    """The processes that the JVM began, and those that these began."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {jvm}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found - {jvm})


def _peak(pid: int) -> int:
    """The most memory that a process ever had: resident, in megabytes."""
    try:
        lines = (Path("/proc") / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1000 for line in lines if line.startswith("VmHWM")), 0)


if __name__ == "__main__":
    main()
