"""One engine in a process of its own: made ready, warmed up, timed, and its verdicts written down for comparison.

`python -m benchmarks.engines.one NAME DIRECTORY RUNS [VERDICTS.npz]` prints one JSON object.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path
from time import perf_counter

from benchmarks.engines.table import ENGINES


def peak_mb() -> float:
    """The most memory that this process, or one that it waited for, ever had: resident, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():
        own = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    else:
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return float(max(own, children) / 1000)


def main(name: str, directory: Path, runs: int, verdicts: Path | None) -> None:
    """Prints the seconds of each run, and of what came before, with the peak of memory."""
    import numpy as np

    engine = ENGINES[name]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-engine.threads :])
    began = perf_counter()
    job = engine.prepare(directory, engine.threads)
    ready = perf_counter()
    job.judge()
    warm = perf_counter()
    seconds = []
    for _ in range(runs):
        start = perf_counter()
        job.judge()
        seconds.append(perf_counter() - start)
    told = {"name": name, "events": job.events, "seconds": seconds, "peak_mb": peak_mb(), "notes": job.notes}
    told |= {"prepared": ready - began, "first": warm - ready}
    if job.outcome is None:
        told["equal"] = job.agrees is not None and job.agrees()
    elif verdicts is not None:
        said = job.outcome()
        tickets = np.zeros(0, np.int64) if job.tickets is None else job.tickets
        np.savez(verdicts, state=said.state, deadline=said.deadline, tickets=tickets)
        told["sampled"] = len(tickets)
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]) if sys.argv[4:] else None)
