"""Compiles the kernels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from slarules import machine_code
from slarules.machine_code import COMPILED as COMPILED

P = ParamSpec("P")
R = TypeVar("R")

_FOLDER = machine_code.folder_for("kernels", Path(__file__).parent.glob("*.py"))


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function as machine code, or itself."""
    return machine_code.compiled(function, _FOLDER)


def small(function: Callable[P, R]) -> Callable[P, R]:
    """The same for a function that is put in place of each call: a call with several arrays costs more than it."""
    return machine_code.compiled(function, _FOLDER, forceinline=True)
