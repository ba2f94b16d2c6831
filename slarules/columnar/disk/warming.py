"""The kernels compiled once, in a process of its own, so that compiling takes none of the memory that a run may use."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from slarules.columnar.judging import judge
from slarules.columnar.kernels import compiled
from slarules.model.contract import Contract

BEFORE = -1
"""An instant before all events: as of it the quick way is not tried, and all tickets go through the other kernels."""
_CHILD = "import pickle, sys; work, given, more = pickle.load(sys.stdin.buffer); work(*given, **more)"


def is_compiled() -> bool:
    """Whether the kernels' machine code is kept on this machine, or there is none to be made."""
    folder = compiled._FOLDER
    made = ("telling.tell_all*.nbi", "quick.quick_all*.nbi")
    return not compiled.COMPILED or folder is None or all(any(Path(folder).rglob(name)) for name in made)


def both_ways(contract: Contract, readings: Mapping[str, str] | None, table: pa.Table, as_of: int, **more: Any) -> None:
    """Judges a few events so that all kernels are loaded: those of the quick way, and those for all other tickets."""
    for instant in (as_of, BEFORE):
        judge(contract, readings, table, instant, **more)


def compile_apart(*given: Any, **more: Any) -> None:
    """Judges a few events in another process, which compiles and keeps the kernels; arguments as those of ``judge``.

    What fails there is not missed: it is done, or told, in this process then.
    """
    if is_compiled():
        return
    work = pickle.dumps((both_ways, given, more))
    paths = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "PYTHONPATH": paths}
    subprocess.run([sys.executable, "-c", _CHILD], input=work, env=environment, capture_output=True, check=False)
