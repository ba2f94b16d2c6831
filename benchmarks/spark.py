"""Spark on two threads of this machine: the benchmark's tickets judged, with the shuffle; memory of JVM and workers.

`python -m benchmarks.spark --tickets 1000000` prints a table, with `--json` one JSON object for each way of judging.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parents[1]
MASTER = "local[2]"
KEEPING = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "4000000000",
    "MALLOC_TRIM_THRESHOLD_": "4000000000",
}
"""Workers keep the memory that they have had, as docs/spark.md advises: to have it anew takes the system's time."""
FOUR = ("subject", "duty", "state", "deadline")
Counts = dict[tuple[str, str], int]
"""How many verdicts there are of each duty in each state."""


def main() -> None:
    """Makes the log where it is not there, and judges it."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--tickets", type=int, default=1_000_000)
    told.add_argument("--runs", type=int, default=3, help="after one that warms up; the median counts")
    told.add_argument("--directory", type=Path, default=Path(tempfile.gettempdir()) / "slarules-spark")
    told.add_argument("--json", action="store_true")
    asked = told.parse_args()
    log = _log(asked.directory, asked.tickets)
    os.environ.update({"PYSPARK_PYTHON": sys.executable, **KEEPING})
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    figures = _measured(log, asked.runs, asked.directory)
    if asked.json:
        for figure in figures:
            print(json.dumps(figure))
        return
    print("| on Spark, `local[2]`, with the shuffle | events/s | seconds | CPU | JVM, MB | workers, MB | equal |")
    print("|---|---:|---:|---:|---:|---:|---|")
    for one in figures:
        times = f"{one['events_per_s']:,} | {one['seconds']:.1f} | {one['cpu_s']:.1f}"
        memory = f"{one['peak_mb']:,} | {one['workers_peak_mb']:,}"
        print(f"| {one['name']} | {times} | {memory} | {'yes' if one['equal'] else 'NO'} |")


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


def _measured(log: Path, runs: int, directory: Path) -> list[dict[str, Any]]:
    from pyspark.sql import SparkSession

    from benchmarks.engines import workload
    from slarules.spark import event_files, judging, write

    made = SparkSession.builder.master(MASTER).config("spark.ui.enabled", "false").config("spark.driver.memory", "3g")
    made = made.config("spark.ui.showConsoleProgress", "false").config("spark.local.dir", str(directory))
    spark = made.config("spark.sql.execution.arrow.maxRecordsPerBatch", "65536").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    contract = workload.contract()
    events = spark.read.parquet(str(log))
    many, folder = events.count(), directory / "verdicts"
    wanted = _wanted(log)

    def counts(verdicts: Any) -> Counts:
        return {(row.duty, row.state): row["count"] for row in verdicts.groupBy("duty", "state").count().collect()}

    def frame() -> Any:
        return events

    def files() -> Any:
        return event_files(spark, str(log))

    def counted(given: Callable[[], Any], **more: Any) -> Callable[[], Counts]:
        found = judging(given(), contract, workload.AS_OF, **more)
        told = counts(found.verdicts)
        found.packed.unpersist(blocking=True)  # or the next run would find the log packed
        return lambda: told

    def written(given: Callable[[], Any], way: Callable[[Any, str], object]) -> Callable[[], Counts]:
        found = judging(given(), contract, workload.AS_OF)
        way(found, str(folder))
        found.packed.unpersist(blocking=True)
        return lambda: counts(spark.read.parquet(str(folder)))

    def by_spark(found: Any, path: str) -> None:
        found.verdicts.write.parquet(path)

    ways: dict[str, Callable[[], Callable[[], Counts]]] = {
        "a DataFrame, counted by duty and state": partial(counted, frame),
        "a DataFrame, four columns, counted": partial(counted, frame, columns=FOUR),
        "a DataFrame, written as Parquet by Spark": partial(written, frame, by_spark),
        "files, counted by duty and state": partial(counted, files),
        "files, four columns, counted": partial(counted, files, columns=FOUR),
        "files, written as Parquet by the workers": partial(written, files, write),
    }
    figures = []
    for name, way in ways.items():
        measured = sorted([_timed(way, wanted, folder, _jvm(spark)) for _ in range(runs + 1)][1:])
        seconds, cpu, _ = measured[len(measured) // 2]
        figures.append(
            {
                "name": name,
                "events_per_s": round(many / seconds),
                "seconds": seconds,
                "cpu_s": cpu,
                "peak_mb": _peak(_jvm(spark)),
                "workers_peak_mb": sum(_peak(pid) for pid in _workers(_jvm(spark))),
                "equal": all(equal for _, _, equal in measured),
            }
        )
    spark.stop()
    return figures


def _timed(
    way: Callable[[], Callable[[], Counts]], wanted: Counts, folder: Path, jvm: int
) -> tuple[float, float, bool]:
    """Seconds, seconds of CPU of JVM and workers, and whether the verdicts are the laptop's.

    What was written is read afterwards.
    """
    shutil.rmtree(folder, ignore_errors=True)
    start, before = perf_counter(), _cpu(jvm)
    found = way()
    seconds, cpu = perf_counter() - start, _cpu(jvm) - before
    return seconds, cpu, found() == wanted


def _wanted(log: Path) -> Counts:
    """What the columnar engine says without Spark, counted."""
    import pyarrow.parquet as pq

    from benchmarks.engines import workload
    from slarules.columnar.judging import judge

    found = judge(workload.contract(), None, pq.read_table(log), workload.AS_OF).verdicts
    names = found.select(["duty", "state"]).unify_dictionaries()
    counts = names.group_by(["duty", "state"]).aggregate([([], "count_all")])
    return {(row["duty"], row["state"]): row["count_all"] for row in counts.to_pylist()}


# ---- CPU and memory -----------------------------------------------------------------------------------------------


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


def _cpu(jvm: int) -> float:
    """Seconds that the JVM and its workers, those that have ended too, were at work."""
    ticks = 0
    for pid in (jvm, *_workers(jvm)):
        try:
            told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(word) for word in told[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def _peak(pid: int) -> int:
    """The most memory that a process ever had: resident, in megabytes."""
    try:
        lines = (Path("/proc") / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1000 for line in lines if line.startswith("VmHWM")), 0)


if __name__ == "__main__":
    main()
