"""The kernels compiled once, in a process of its own, so that compiling takes none of the memory that a run may use."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

from slarules.columnar.judging import judge
from slarules.columnar.kernels import compiled

_CHILD = "import pickle, sys; work, given, more = pickle.load(sys.stdin.buffer); work(*given, **more)"


def is_compiled() -> bool:
    """Whether the kernels' machine code is kept on this machine, or there is none to be made."""
    folder = compiled._FOLDER
    return not compiled.COMPILED or folder is None or any(Path(folder).rglob("telling.tell_all*.nbi"))


def compile_apart(*given: Any, **more: Any) -> None:
    """Judges a few events in another process, which compiles and keeps the kernels; arguments as those of ``judge``.

    What fails there is not missed: it is done, or told, in this process then.
    """
    if is_compiled():
        return
    work = pickle.dumps((judge, given, more))
    paths = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "PYTHONPATH": paths}
    subprocess.run([sys.executable, "-c", _CHILD], input=work, env=environment, capture_output=True, check=False)
