"""The engines that are compared: each by a name for the command line and a title for the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from attrs import frozen


@frozen(eq=False)
class Engine:
    """One line of the table."""

    name: str
    title: str
    part: str
    """``memory``, ``file`` or ``reduced``: what is timed, and with what it is compared."""
    does: str
    """The function of ``jobs`` that makes it ready."""
    threads: int = 1
    needs: str | None = None
    """A module without which it cannot run."""
    sampled: bool = False
    """Whether it judges some of the tickets only."""

    @property
    def prepare(self) -> Callable[[Path, int], Any]:
        """Makes it ready; heavy libraries are imported only now."""
        return getattr(import_module("benchmarks.engines.jobs"), self.does)

    @property
    def missing(self) -> bool:
        """Whether what it needs is not installed."""
        return self.needs is not None and find_spec(self.needs) is None


OURS = "columnar"
"""The engine whose verdicts all others must equal."""

_ALL = (
    Engine("kernel", "slarules, its kernel alone, sorted columns", "memory", "kernel", 1, "numba"),
    Engine("kernel-2", "slarules, its kernel alone, 2 threads", "memory", "kernel", 2, "numba"),
    Engine("columnar", "slarules, table of events to table of verdicts", "memory", "columnar", 1, "numba"),
    Engine("columnar-2", "slarules, table to table, 2 threads", "memory", "columnar", 2, "numba"),
    Engine("specialised", "numba kernel written by hand for this contract", "memory", "specialised", 1, "numba"),
    Engine("specialised-2", "numba kernel written by hand, 2 threads", "memory", "specialised", 2, "numba"),
    Engine("every-field", "numba kernel written by hand, every field", "memory", "every_field", 1, "numba"),
    Engine("numpy", "NumPy, whole-column operations", "memory", "numpy"),
    Engine("polars", "Polars, lazy frames", "memory", "polars", 1, "polars"),
    Engine("polars-2", "Polars, lazy frames, 2 threads", "memory", "polars", 2, "polars"),
    Engine("duckdb", "DuckDB, SQL with window functions", "memory", "duckdb", 1, "duckdb"),
    Engine("duckdb-2", "DuckDB, SQL with window functions, 2 threads", "memory", "duckdb", 2, "duckdb"),
    Engine("reference", "slarules, the reference engine", "memory", "reference", 1, None, True),
    Engine("objects", "objects and datetimes, plain Python", "memory", "objects", 1, None, True),
    Engine("openfisca", "OpenFisca, a formula over all tickets", "reduced", "openfisca", 1, "openfisca_core"),
    Engine("zen", "Zen, a decision table, one call a ticket", "reduced", "zen", 1, "zen", True),
    Engine("run-parquet", "slarules run, Parquet", "file", "run_parquet", 2, "numba"),
    Engine("run-csv", "slarules run, CSV", "file", "run_csv", 2, "numba"),
    Engine("run-jsonl", "slarules run, JSON lines", "file", "run_jsonl", 2, "numba"),
    Engine("run-1gb", "slarules run --memory 1GB, Parquet", "file", "run_small", 2, "numba"),
    Engine("run-duckdb", "DuckDB, Parquet; states and deadlines only", "file", "run_duckdb", 2, "duckdb"),
    Engine("run-polars", "Polars, Parquet; states and deadlines only", "file", "run_polars", 2, "polars"),
)
ENGINES: Mapping[str, Engine] = {engine.name: engine for engine in _ALL}
"""By name, in the order of the page."""
