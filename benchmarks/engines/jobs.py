"""Each engine made ready: what it reads before the clock starts, what is timed, and what it said."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from attrs import field, frozen

from benchmarks.engines import given
from benchmarks.engines.given import DUTIES, HIGH, LIMITS, LOW, NONE, STATES, Outcome
from benchmarks.engines.workload import AS_OF, POLICY, Ints

SAMPLE = 20_000
"""Tickets for the engines that would take too long for all; they are spread over the whole log."""
FEW = 5_000
"""Decisions for Zen, one call each."""


@frozen(eq=False)
class Job:
    """An engine, ready to judge."""

    judge: Callable[[], Any]
    """What is timed."""
    events: int
    """How many events it judges."""
    outcome: Callable[[], Outcome] | None
    """What it said; None: ``agrees`` says whether it was right."""
    tickets: Ints | None = None
    """The numbers of the tickets it judges; None: all."""
    agrees: Callable[[], bool] | None = None
    """For the reduced rule."""
    notes: dict[str, float] = field(factory=dict)
    """Seconds that were spent before, by what for."""


def _sample(directory: Path) -> tuple[Any, Ints]:
    """The events of some of the tickets, and their numbers."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = given.events(directory)
    number = pc.cast(pc.utf8_slice_codeunits(table["subject"], 1), pa.int64())
    most = pc.max(number).as_py() + 1
    step = max(1, most // SAMPLE)
    chosen = np.arange(0, most, step)[:SAMPLE]
    return table.filter(pc.is_in(number, pa.array(chosen))), chosen


def from_names(found: dict[str, dict[str, tuple[str, int | None]]]) -> Outcome:
    """Verdicts by ticket and duty, as columns in the order of the tickets' names."""
    state = np.zeros((len(found), len(DUTIES)), np.uint8)
    deadline = np.full(state.shape, NONE, np.int64)
    for row, name in enumerate(sorted(found)):
        for duty, (told, due) in found[name].items():
            place = DUTIES.index(duty)
            state[row, place] = STATES.index(told)
            deadline[row, place] = NONE if due is None else due
    return Outcome(state, deadline)


def from_verdicts(verdicts: Any, tickets: Ints | None = None) -> Outcome:
    """A table of our verdicts, as columns in the order of the tickets' names."""
    import pyarrow as pa
    import pyarrow.compute as pc

    def codes(name: str, known: tuple[str, ...]) -> Ints:
        text = verdicts[name].cast(pa.string())
        return np.asarray(pc.index_in(text, pa.array(known)).combine_chunks())

    number = np.asarray(pc.cast(pc.utf8_slice_codeunits(verdicts["subject"], 1), pa.int64()).combine_chunks())
    names = np.unique(number)
    row, duty = np.searchsorted(names, number), codes("duty", DUTIES)
    if len(np.unique(row * len(DUTIES) + duty)) != len(row):
        raise SystemExit("a duty of a ticket has more than one verdict")
    state = np.zeros((len(names), len(DUTIES)), np.uint8)
    deadline = np.full(state.shape, NONE, np.int64)
    state[row, duty] = codes("state", STATES)
    deadline[row, duty] = np.asarray(verdicts["deadline"].cast(pa.int64()).fill_null(NONE).combine_chunks())
    return Outcome(state, deadline)


# ---- Ours ------------------------------------------------------------------------------------------------------------


def reference(directory: Path, threads: int) -> Job:
    """The reference engine, without explanations, on some of the tickets."""
    from benchmarks.engines.workload import contract
    from slarules.columnar.log.columns import checked, events_of
    from slarules.engine.evaluate import evaluate

    table, chosen = _sample(directory)
    terms, log = contract(), events_of(checked(table))
    said: dict[str, Any] = {}

    def judge() -> None:
        said["all"] = evaluate(terms, None, log, AS_OF)

    def outcome() -> Outcome:
        found: dict[str, dict[str, tuple[str, int | None]]] = {}
        for verdict in said["all"].verdicts:
            found.setdefault(verdict.subject, {})[verdict.duty] = verdict.state, verdict.deadline
        return from_names(found)

    return Job(judge, table.num_rows, outcome, chosen)


def columnar(directory: Path, threads: int) -> Job:
    """The columnar engine, from a table of events in memory to a table of whole verdicts."""
    from benchmarks.engines.workload import contract
    from slarules.columnar.judging import judge as judge_table

    table, terms = given.events(directory), contract()
    said: dict[str, Any] = {}

    def judge() -> None:
        said["all"] = None
        said["all"] = judge_table(terms, None, table, AS_OF)

    def outcome() -> Outcome:
        by = said["all"].subjects["engine"].to_pylist()
        if by.count("columnar") != len(by):
            why = set(said["all"].subjects["why"].to_pylist()) - {None}
            raise SystemExit(f"{by.count('reference')} tickets went to the reference engine: {', '.join(sorted(why))}")
        return from_verdicts(said["all"].verdicts)

    return Job(judge, table.num_rows, outcome)


def _kernel_calls(table: Any) -> tuple[list[list[Any]], Outcome]:
    """What the kernel is given while the whole engine runs, a stretch of tickets each; and what the engine says."""
    from benchmarks.engines.workload import contract
    from slarules.columnar import following, judging

    follow, calls = following.follow_all, []

    def remembered(*given: Any) -> Any:
        calls.append([one.copy() if isinstance(one, np.ndarray) else one for one in given if not callable(one)])
        return follow(*given)

    following.follow_all = remembered
    said = judging.judge(contract(), None, table, AS_OF)
    following.follow_all = follow
    return calls, from_verdicts(said.verdicts)


def kernel(directory: Path, threads: int) -> Job:
    """The columnar engine's kernel alone, over columns that are coded and sorted already."""
    from slarules.columnar.running import follow_all

    table = given.events(directory)
    calls, said = _kernel_calls(table)
    rows = (said.state != 0).sum()

    def rows_of(arguments: Any) -> int:
        return sum(follow_all(*arguments, lambda out: int(out.shape[1])))

    def judge() -> None:
        with ThreadPoolExecutor(threads) as pool:
            written = sum(pool.map(rows_of, calls))
        if written != rows:
            raise SystemExit(f"the kernel wrote {written} verdicts, and {rows} with the rest of the engine")

    return Job(judge, table.num_rows, lambda: said)


# ---- Peers -----------------------------------------------------------------------------------------------------------


def specialised(directory: Path, threads: int) -> Job:
    """The kernel that was written by hand for this one contract."""
    from time import perf_counter

    from benchmarks.engines import specialised as kernel_file
    from benchmarks.engines.columns import sorted_columns

    table = given.events(directory)
    sorted_columns(table.slice(0, 1000))
    began = perf_counter()
    log = sorted_columns(table)
    sorting = perf_counter() - began
    calendar = kernel_file.tables(*given.openings(), LOW, HIGH)
    count = len(log.offsets) - 1
    said: dict[str, Any] = {}

    def judge() -> None:
        state, deadline = np.empty((count, 4), np.uint8), np.empty((count, 4), np.int64)
        kernel_file.judge(log, calendar, LIMITS, LOW, AS_OF, state, deadline, np.empty((count, 4), np.int64), threads)
        said["all"] = Outcome(state, deadline)

    def outcome() -> Outcome:
        return _by_name(log.names, said["all"])

    return Job(judge, len(log.at), outcome, notes={"coded and sorted": sorting})


def every_field(directory: Path, threads: int) -> Job:
    """The kernel that was written by hand, with every field that ours writes; each is compared with ours."""
    from benchmarks.engines import every_field as kernel_file
    from slarules.columnar.running import follow_all

    table = given.events(directory)
    calls, said = _kernel_calls(table)
    version = calls[0][0]
    calendar, closed = kernel_file.calendar(HIGH), version.types.index("closed")
    stretches = [kernel_file.stretch_of(tickets, version.types) for _, tickets, *_ in calls]
    room = kernel_file.Rows()

    def judge() -> None:
        for stretch in stretches:
            for _ in kernel_file.judged(stretch, calendar, AS_OF, closed, room):
                pass

    def outcome() -> Outcome:
        for arguments, stretch in zip(calls, stretches, strict=True):
            ours = list(follow_all(*arguments, np.copy))
            theirs = kernel_file.judged(stretch, calendar, AS_OF, closed, room)
            name = version.calendars.index("BusinessHours")
            kernel_file.compare(ours, [kernel_file.fields(room, written, name) for written in theirs])
        return said

    return Job(judge, table.num_rows, outcome)


def numpy(directory: Path, threads: int) -> Job:
    """Whole-column operations of NumPy, over the same sorted columns as the kernels."""
    from benchmarks.engines.columns import sorted_columns
    from benchmarks.engines.numpy_segments import judge as judge_columns
    from benchmarks.engines.numpy_segments import times

    log, calendar = sorted_columns(given.events(directory)), times()
    said: dict[str, Any] = {}

    def judge() -> None:
        said["all"] = judge_columns(log, calendar)

    return Job(judge, len(log.at), lambda: _by_name(log.names, said["all"]))


def _by_name(names: Any, said: Outcome) -> Outcome:
    import pyarrow.compute as pc

    order = np.asarray(pc.sort_indices(names))
    return Outcome(said.state[order], said.deadline[order])


def duckdb(directory: Path, threads: int) -> Job:
    """A query of window functions over a table in memory, sorted and coded already."""
    from benchmarks.engines.duckdb_sql import Duck

    duck = Duck(directory, threads)
    return Job(duck.judge, duck.count(), duck.outcome)


def polars(directory: Path, threads: int) -> Job:
    """Lazy frames over a frame in memory, sorted and coded already."""
    from benchmarks.engines.polars_frames import Frames, outcome

    frames = Frames(directory)
    return Job(frames.judge, frames.events.height, lambda: outcome(frames))


def objects(directory: Path, threads: int) -> Job:
    """Objects and datetimes, on some of the tickets."""
    from benchmarks.engines import objects as plain

    table, chosen = _sample(directory)
    plain.use_openings()
    tickets = plain.tickets(table.to_pylist())
    said: dict[str, dict[str, tuple[str, int | None]]] = {}

    def judge() -> None:
        for ticket in tickets:
            said[ticket.name] = {duty: (state, _micros(due)) for duty, (state, due) in ticket.judge().items()}

    return Job(judge, table.num_rows, lambda: from_names(said), chosen)


def _micros(instant: datetime | None) -> int | None:
    return None if instant is None else int((instant - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1_000_000


def zen(directory: Path, threads: int) -> Job:
    """Zen's decision table on the reduced rule, one call a ticket."""
    from benchmarks.engines.reduced import Reduced, Zen

    whole, share = _reduced(directory)
    few = Reduced(whole.severity[:FEW], whole.hours[:FEW])
    engine = Zen(few)
    return _reduced_job(engine, few, round(share * len(few.hours)))


def openfisca(directory: Path, threads: int) -> Job:
    """OpenFisca's formula on the reduced rule, all tickets at once."""
    from benchmarks.engines.reduced import OpenFisca

    whole, share = _reduced(directory)
    return _reduced_job(OpenFisca(whole), whole, round(share * len(whole.hours)))


def _reduced(directory: Path) -> tuple[Any, float]:
    """The reduced rule's inputs, and the events that each ticket stands for."""
    from benchmarks.engines.columns import sorted_columns
    from benchmarks.engines.reduced import reduced

    log = sorted_columns(given.events(directory))
    return reduced(log), len(log.at) / (len(log.offsets) - 1)


def _reduced_job(engine: Any, inputs: Any, events: int) -> Job:
    from benchmarks.engines.reduced import expected

    def agrees() -> bool:
        return bool((engine.within() == expected(inputs)).all())

    return Job(engine.judge, events, None, agrees=agrees)


# ---- Whole processes: a file of events in, a Parquet file of verdicts out --------------------------------------------


def run_parquet(directory: Path, threads: int) -> Job:
    """``slarules run`` on the Parquet file."""
    return _run(directory, "events.parquet")


def run_csv(directory: Path, threads: int) -> Job:
    """``slarules run`` on the CSV file."""
    return _run(directory, "events.csv")


def run_jsonl(directory: Path, threads: int) -> Job:
    """``slarules run`` on the file of JSON lines."""
    return _run(directory, "events.jsonl")


def run_small(directory: Path, threads: int) -> Job:
    """``slarules run`` on the Parquet file, within a gigabyte."""
    return _run(directory, "events.parquet", "--memory", "1GB")


def _run(directory: Path, name: str, *more: str) -> Job:
    import pyarrow.parquet as pq

    out = directory / f"verdicts-{name.rpartition('.')[2]}.parquet"
    instant = datetime.fromtimestamp(AS_OF / 1_000_000, UTC).isoformat()
    command = [str(Path(sys.executable).with_name("slarules")), "run", str(POLICY), str(directory / name)]
    command += ["--as-of", instant, "-o", str(out), "--engine", "columnar", *more]

    def judge() -> None:
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)}\n{done.stderr}")

    events = pq.ParquetFile(directory / "events.parquet").metadata.num_rows
    columns = ["subject", "duty", "state", "deadline"]
    return Job(judge, events, lambda: from_verdicts(pq.read_table(out, columns=columns)))


def run_duckdb(directory: Path, threads: int) -> Job:
    """DuckDB in a process of its own: states and deadlines only."""
    return _whole(directory, "duckdb_sql", threads)


def run_polars(directory: Path, threads: int) -> Job:
    """Polars in a process of its own: states and deadlines only."""
    return _whole(directory, "polars_frames", threads)


def _whole(directory: Path, module: str, threads: int) -> Job:
    import pyarrow.parquet as pq

    out = directory / f"verdicts-{module}.parquet"
    command = [sys.executable, "-m", f"benchmarks.engines.{module}", str(directory), str(out), str(threads)]

    def judge() -> None:
        subprocess.run(command, check=True)

    def outcome() -> Outcome:
        found = pq.read_table(out)
        state = np.stack([np.asarray(found[name].fill_null(0)) for name in DUTIES], axis=1).astype(np.uint8)
        due = [np.asarray(found[f"{name}_deadline"].fill_null(NONE)) for name in DUTIES]
        return Outcome(state, np.stack(due, axis=1))

    return Job(judge, pq.ParquetFile(directory / "events.parquet").metadata.num_rows, outcome)
