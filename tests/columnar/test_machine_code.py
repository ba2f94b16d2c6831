"""Functions compiled, kept, and loaded again without numba."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from slarules import compiling, machine_code
from slarules.machine_code import Kernel, apart, compiled, heard, name_of

pytestmark = pytest.mark.skipif(not machine_code.COMPILED, reason="numba, the extra `fast`, compiles functions")


def _twice(number: Any) -> Any:
    return 2 * number


def _sums(rows: Any, odd: bool, sums: Any) -> tuple[int, bool]:
    """Sums of rows; of the odd numbers alone, where that is asked."""
    many = 0
    for row in range(rows.shape[0]):
        for place in range(rows.shape[1]):
            if not odd or rows[row, place] % 2:
                sums[row] += DOUBLE(rows[row, place])
                many += 1
    return many, many > 0


def _cleared(array: Any) -> None:
    array[:] = 0


def _quotient(whole: int, part: int) -> int:
    return whole // part


DOUBLE: Any = compiled(_twice, None, forceinline=True)
"""A kernel that another calls."""


def kernel(function: Any, folder: Path | None = None) -> Kernel:
    made = compiled(function, folder)
    assert isinstance(made, Kernel)
    return made


def test_a_function_compiled_gives_what_it_gives_as_written(tmp_path: Path) -> None:
    sums = kernel(_sums, tmp_path)
    wide = np.arange(24, dtype=np.int64).reshape(4, 6)
    unchanging = wide.copy()
    unchanging.flags.writeable = False
    for rows in (wide, wide[:, ::2], wide[::-1], np.asfortranarray(wide), unchanging, wide[:0], wide.astype(np.int8)):
        for odd in (False, True):
            ours, theirs = np.zeros(4, np.int64), np.zeros(4, np.int64)
            assert sums(rows, odd, ours) == _sums(rows, odd, theirs)
            assert ours.tolist() == theirs.tolist()
    made = sorted(path.name for path in tmp_path.iterdir())
    assert len(made) == len(sums.loaded) == 5  # by rows, with steps, by columns, not to be changed, of bytes
    assert all(name.startswith("test_machine_code._sums-") for name in made)


def test_what_is_kept_is_loaded_without_numba(tmp_path: Path) -> None:
    """In a process of its own, which finds the function in this very file."""
    script = f"""
import sys
from importlib import import_module
from pathlib import Path
import numpy as np
from slarules.machine_code import compiled
from tests.columnar.test_machine_code import _sums
sums = np.zeros(2, np.int64)
found = compiled(_sums, Path({str(tmp_path)!r}))(np.ones((2, 3), np.int64), True, sums)
print(found, sums.tolist(), "numba" in sys.modules)
"""
    ran = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert ran == ["(6, True) [6, 6] True\n", "(6, True) [6, 6] False\n"]


def test_what_somebody_wrote_to_is_compiled_again(tmp_path: Path) -> None:
    array = np.ones(3, np.int64)
    assert kernel(_cleared, tmp_path)(array) is None
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    for damaged in (whole[:-100], b"", whole[:200] + b"?" + whole[201:]):
        path.write_bytes(damaged)
        array[:] = 1
        kernel(_cleared, tmp_path)(array)
        assert array.tolist() == [0, 0, 0]
        with heard(pytest.fail):
            kernel(_cleared, tmp_path)(array)
        assert list(tmp_path.iterdir()) == [path]


def test_it_is_told_what_is_compiled_when_it_is_compiled(tmp_path: Path) -> None:
    names: list[str] = []
    with heard(names.append):
        kernel(_cleared, tmp_path)(np.ones(1, np.int64))
        kernel(_cleared, tmp_path)(np.ones(2, np.int64))
    kernel(_cleared, tmp_path)(np.ones(1, np.int8))
    assert names == ["test_machine_code._cleared"] == [name_of(_cleared)]


def test_compiled_in_another_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (
        "from pathlib import Path",
        "from slarules.machine_code import compiled",
        "def tripled(array, by):",
        "    for place in range(len(array)): array[place] *= by",
        f"tripled = compiled(tripled, Path({str(tmp_path)!r}))",
    )
    (tmp_path / "loops_of_a_test.py").write_text("\n".join(lines), "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    tripled = import_module("loops_of_a_test").tripled
    array = np.arange(3)
    names: list[str] = []
    with apart(), heard(names.append), monkeypatch.context() as alone:
        alone.setattr(compiling, "made", lambda *_: pytest.fail("it was compiled here"))
        tripled(array, 3)
    assert array.tolist() == [0, 3, 6] and names == ["loops_of_a_test.tripled"]
    tripled(array.astype(np.int16), 2)
    assert len(list(tmp_path.glob("*.code"))) == 2


def test_what_no_machine_code_takes_is_refused() -> None:
    quotient = kernel(_quotient)
    assert quotient(7, 2) == 3
    assert quotient(-(1 << 63), 1) == -(1 << 63)
    with pytest.raises(ArithmeticError, match=r"test_machine_code\._quotient met what it cannot compute"):
        quotient(7, 0)
    for wrong in (1 << 63, None, [1]):
        with pytest.raises(TypeError, match="no machine code takes"):
            quotient(wrong, 1)


def test_where_numba_cannot_be_imported_functions_run_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> Any:
        raise ImportError("numba needs another NumPy")

    monkeypatch.setattr(compiling, "_numba", broken)
    array = np.ones(3, np.int64)
    kernel(_cleared, tmp_path)(array)
    assert array.tolist() == [0, 0, 0]
    assert not list(tmp_path.iterdir())
