"""Logs larger than memory: time an event, the height of memory, and what lies on disk meanwhile, as logs grow.

    python -m benchmarks.outofcore --events 1000000,5000000 --memory 1GB [--parquet] [--state] [--json]
    python -m benchmarks.outofcore --heights 200000,800000

The log is that of `benchmarks.engines`: it is made piece by piece while it is judged, so that its making needs neither
memory nor disk, or with `--parquet` read from a file that is written first. What the making takes is measured by itself
and taken off. Each size is a process of its own; its height of memory is what the system says of it. `--state` judges a
last day behind all others, from the state that judging these left.

`--heights` measures how many bytes an event takes at the height of judging, and a verdict besides: the constants of
`slarules.columnar.disk.budget`. It judges logs in memory, under the whole contract and under its first duty alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import click
import pyarrow as pa

PER_TICKET = 6.7
"""Events of a ticket, on average."""
UNITS = {"KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}


@click.command()
@click.option("--events", default="1000000,5000000,20000000", help="Sizes of logs, with commas.")
@click.option("--memory", default="1GB", help="What the whole process may take.")
@click.option("--directory", default=None, help="Where to spill and write; a temporary folder if it is not said.")
@click.option("--parquet", is_flag=True, help="Read the log from a Parquet file.")
@click.option("--state", is_flag=True, help="Keep a state, and judge one day more from it.")
@click.option("--heights", default=None, help="Measure the height of judging logs of these sizes in memory instead.")
@click.option("--json", "as_json", is_flag=True)
def main(
    events: str, memory: str, directory: str | None, parquet: bool, state: bool, heights: str | None, as_json: bool
) -> None:
    """Judges logs of several sizes within a limit of memory."""
    if heights is not None:
        _heights([int(size) for size in heights.split(",")], as_json)
        return
    limit = int(float(memory[:-2]) * UNITS[memory[-2:].upper()])
    found = []
    for size in events.split(","):
        with tempfile.TemporaryDirectory(dir=directory) as folder:
            given = json.dumps([int(int(size) / PER_TICKET), limit, folder, parquet, state])
            done = subprocess.run([sys.executable, "-m", "benchmarks.outofcore", "--one", given], capture_output=True)
            if done.returncode:
                raise SystemExit(done.stderr.decode())
            found += [json.loads(line) for line in done.stdout.splitlines()]
        if not as_json:
            _show(found, memory)
    if as_json:
        print(json.dumps(found))


def _show(found: list[dict[str, Any]], memory: str) -> None:
    print(f"\n| what | events | µs an event | µs of CPU | events/s | height, limit {memory} | spilled | ranges |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for one in found:
        print(
            f"| {one['name']} | {one['events']:,} | {one['us']:.2f} | {one['cpu_us']:.2f} | "
            f"{one['events_per_s']:,.0f} | {one['peak_mb']:,.0f} MB | {one['spilled_mb']:,.0f} MB | {one['ranges']} |"
        )


# ---- The height of judging ------------------------------------------------------------------------------------------


def _heights(sizes: list[int], as_json: bool) -> None:
    found = []
    for size in sizes:
        given = json.dumps([int(size / PER_TICKET)])
        done = subprocess.run([sys.executable, "-m", "benchmarks.outofcore", "--height", given], capture_output=True)
        if done.returncode:
            raise SystemExit(done.stderr.decode())
        found.append(json.loads(done.stdout))
    if as_json:
        print(json.dumps(found))
        return
    print("| events | bytes an event of the table | verdicts an event | bytes at the height | an event | a verdict |")
    print("|---:|---:|---:|---:|---:|---:|")
    for one in found:
        print(
            "| {events:,} | {table:.0f} | {verdicts:.2f} | {height:.0f} | {event:.0f} | {verdict:.0f} |".format(**one)
        )


def height(tickets: int) -> None:
    """Judges one log under the whole contract and under one duty, and prints the height of memory per event."""
    from attrs import evolve

    from benchmarks.engines.workload import AS_OF, contract, table
    from slarules.columnar.judging import judge

    whole, events = contract(), table(tickets).combine_chunks()
    (terms,) = whole.versions
    name, duty = next(iter(terms.duties.items()))
    one_duty = evolve(whole, versions=(evolve(terms, duties={name: duty}),))
    figures = []
    for judged in (whole, one_duty):
        judge(judged, None, events.slice(0, 400), AS_OF)
        found, most = _highest(lambda judged=judged: judge(judged, None, events, AS_OF).verdicts.num_rows)
        figures.append((found / len(events), most / len(events)))
    (verdicts, most), (few, less) = figures
    verdict = (most - less) / (verdicts - few)
    print(
        json.dumps(
            {
                "events": len(events),
                "table": events.nbytes / len(events),
                "verdicts": verdicts,
                "height": most,
                "event": most - verdict * verdicts,
                "verdict": verdict,
            }
        )
    )


def _highest(work: Callable[[], int]) -> tuple[int, int]:
    """What the work gives, and how many bytes it takes at its height beside what was there before."""
    from slarules.columnar.disk import budget

    budget.given_back()
    Path("/proc/self/clear_refs").write_text("5")  # the height is told anew
    before = budget.in_use()
    found = work()
    return found, _told("VmHWM") - before


def _told(what: str) -> int:
    """Bytes that the system says of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) * 1024


# ---- One log, in a process of its own -------------------------------------------------------------------------------


def one(tickets: int, limit: int, folder: str, parquet: bool, state: bool) -> None:
    """Judges one log and prints its figures."""
    from benchmarks.engines.workload import AS_OF, contract, tables
    from slarules.columnar.disk.incremental import judge_again
    from slarules.columnar.disk.partitions import judge_files
    from slarules.columnar.verdicts import writing
    from slarules.readers.columns.reading import read_columns

    own, terms = Path(folder), contract()
    if parquet:
        subprocess.run([sys.executable, "-c", _WRITE, folder, str(tickets)], check=True)

    def log() -> Iterator[pa.Table]:
        return read_columns(own / "events.parquet").tables() if parquet else tables(tickets)

    def write(found: Iterator[pa.Table]) -> None:
        writing.write(own / "verdicts.parquet", found)

    making = (0.0, 0.0) if parquet else _making(tickets)
    with _Watching(own) as watching:
        clock = _Clock(making)
        if not state:
            told = judge_files(terms, None, log(), AS_OF, memory=limit, directory=own / "spill", write=write)
            _tell("all", told, clock, watching.most)
            return
        day = 86_400_000_000
        first = judge_again(
            terms, None, _until(log(), AS_OF - day), AS_OF - day, state=own / "state", memory=limit, write=write
        )
        _tell("all but a day", first.summary, clock, watching.most)
        clock = _Clock(making)
        again = judge_again(
            terms, None, _from(log(), AS_OF - day), AS_OF, state=own / "state", memory=limit, write=write
        )
        _tell(f"one day more ({again.judged:,} tickets again)", again.summary, clock, watching.most)


_WRITE = """
import sys
from pathlib import Path
from benchmarks.engines.files import written
written(Path(sys.argv[1]), int(sys.argv[2]), (".parquet",))
"""


_MAKE = """
import sys
from time import perf_counter, process_time
from benchmarks.engines.workload import tables
start, work = perf_counter(), process_time()
sum(len(table) for table in tables(int(sys.argv[1])))
print(perf_counter() - start, process_time() - work)
"""


def _making(tickets: int) -> tuple[float, float]:
    """The seconds that making the log takes by itself, and those of the processors."""
    command = [sys.executable, "-c", _MAKE, str(tickets)]
    seconds, work = subprocess.run(command, check=True, capture_output=True).stdout.split()
    return float(seconds), float(work)


class _Clock:
    """Seconds gone by, and those that the processors worked, without the making of the log."""

    def __init__(self, making: tuple[float, float]) -> None:
        self._start, self._work = perf_counter() + making[0], process_time() + making[1]

    def gone(self) -> tuple[float, float]:
        return perf_counter() - self._start, process_time() - self._work


def _until(log: Iterator[pa.Table], instant: int) -> Iterator[pa.Table]:
    import pyarrow.compute as pc

    for table in log:
        yield table.filter(pc.less(table.column("at").cast(pa.int64()), instant))


def _from(log: Iterator[pa.Table], instant: int) -> Iterator[pa.Table]:
    import pyarrow.compute as pc

    for table in log:
        yield table.filter(pc.greater_equal(table.column("at").cast(pa.int64()), instant))


def _tell(name: str, told: Any, clock: _Clock, spilled: int) -> None:
    seconds, work = clock.gone()
    figures = {
        "name": name,
        "events": told.events,
        "seconds": round(seconds, 2),
        "us": seconds / max(1, told.events) * 1e6,
        "cpu_us": work / max(1, told.events) * 1e6,
        "events_per_s": told.events / seconds,
        "peak_mb": _told("VmHWM") / 1e6,
        "spilled_mb": spilled / 1e6,
        "ranges": told.ranges,
        "verdicts": told.verdicts,
    }
    print(json.dumps(figures), flush=True)


class _Watching:
    """Looks now and then how much lies in a folder, beside events and verdicts."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.most, self._over = folder, 0, threading.Event()

    def __enter__(self) -> _Watching:
        threading.Thread(target=self._look, daemon=True).start()
        return self

    def __exit__(self, *wrong: object) -> None:
        self._over.set()

    def _look(self) -> None:
        while not self._over.wait(0.5):
            sizes = 0
            for path in self.folder.rglob("*"):
                try:
                    sizes += path.stat().st_size if path.parent != self.folder else 0
                except OSError:
                    continue
            self.most = max(self.most, sizes)


if __name__ == "__main__":
    if "--height" in sys.argv:
        height(*json.loads(sys.argv[-1]))
    elif "--one" in sys.argv:
        one(*json.loads(sys.argv[-1]))
    else:
        main()
