"""Functions that call each other are compiled in one piece, each once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from slarules import machine_code
from slarules.machine_code import compiled

pytestmark = pytest.mark.skipif(not machine_code.COMPILED, reason="numba, the extra `fast`, compiles functions")


def _shifted(numbers: Any, by: int, back: bool) -> int:
    return int(numbers[0] - by if back else numbers[0] + by)


def _both(numbers: Any, by: int) -> tuple[int, int]:
    return SHIFTED(numbers, 3, True), SHIFTED(numbers, by, False)


def _many(numbers: Any) -> tuple[int, int, int]:
    there, back = BOTH(numbers, 7)
    again, _ = BOTH(numbers, numbers[1])
    return there, back, again + SHIFTED(numbers, 0, False)


def _wrong(numbers: Any) -> int:
    return int(numbers.nothing)


def _wrong_within(numbers: Any) -> int:
    return WRONG(numbers) + WRONG(numbers)


def _wrong_far_within(numbers: Any) -> int:
    return WRONG_WITHIN(numbers)


def _counted(number: int) -> int:
    return 0 if number == 0 else 1 + COUNTED(number - 1)


def _named(numbers: Any) -> int:
    return SHIFTED(numbers, back=True, by=2)


SHIFTED: Any = compiled(_shifted, None)
BOTH: Any = compiled(_both, None)
MANY: Any = compiled(_many, None)
WRONG: Any = compiled(_wrong, None)
WRONG_WITHIN: Any = compiled(_wrong_within, None)
WRONG_FAR_WITHIN: Any = compiled(_wrong_far_within, None)
COUNTED: Any = compiled(_counted, None)
NAMED: Any = compiled(_named, None)


def test_each_function_is_compiled_once_whatever_numbers_are_passed() -> None:
    from numba.core import event

    numbers = np.array([5, 11], np.int64)
    with event.install_recorder("numba:run_pass") as recorder:
        found = MANY(numbers)
    passes = [one.data["name"] for _, one in recorder.buffer if one.is_start]
    lowered = sorted(name.partition(" ")[2] for name in passes if name.startswith("native_lowering [_"))
    assert lowered == ["[_both]", "[_many]", "[_shifted]"]
    assert found == (2, 12, 7)


def test_what_cannot_be_compiled_is_named_and_its_callers_are_not_tried_again() -> None:
    from numba.core import event

    with (
        event.install_recorder("numba:run_pass") as recorder,
        pytest.raises(TypeError, match="`_wrong` cannot be compiled"),
    ):
        WRONG_FAR_WITHIN(np.zeros(1, np.int64))
    started = [one.data["name"] for _, one in recorder.buffer if one.is_start]
    assert started.count("nopython_type_inference [_wrong]") == 1
    assert MANY(np.array([1, 1], np.int64)) == (-2, 8, -1)  # others are not harmed


@pytest.mark.parametrize(
    ("kernel", "given", "message"),
    [(COUNTED, 3, "`_counted` calls itself"), (NAMED, np.zeros(2, np.int64), "`_shifted` is called with names")],
)
def test_what_is_not_done_is_refused(kernel: Any, given: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        kernel(given)
