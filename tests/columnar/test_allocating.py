"""What one thread has used and given back is there for the next, without asking the system for it again."""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
import sys

import pyarrow
import pytest

from slarules.columnar.allocating import used_again

SCRIPT = """
import resource, sys, threading
from slarules.columnar.allocating import one_place, used_again

if sys.argv[1] == "again":
    one_place()
    used_again()

import pyarrow

def touched():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    own = threading.Thread(target=bytearray, args=(8 << 20,))
    own.start()
    own.join()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

touched()
print(touched() * resource.getpagesize() >> 20)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only the C library of Linux can be told")
def test_what_a_thread_gave_back_is_used_again_by_the_next() -> None:
    found = {}
    for how in ("again", "not"):
        done = subprocess.run([sys.executable, "-c", SCRIPT, how], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        found[how] = int(done.stdout)
    assert found["again"] <= 1 and found["not"] >= 7


def test_arrow_takes_memory_from_the_same_place() -> None:
    script = "from slarules.columnar.allocating import one_place; one_place(); import pyarrow; "
    script += "print(pyarrow.default_memory_pool().backend_name)"
    environment = {name: value for name, value in os.environ.items() if name != "ARROW_DEFAULT_MEMORY_POOL"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment)
    assert done.stdout == "system\n", done.stderr


def test_other_systems_need_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = pyarrow.default_memory_pool()
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    try:
        used_again()
        assert pyarrow.default_memory_pool().backend_name == "system"
    finally:
        pyarrow.set_memory_pool(pool)
