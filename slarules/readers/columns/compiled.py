"""Compiles loops over the bytes of a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from slarules import machine_code

P = ParamSpec("P")
R = TypeVar("R")

_FILES = ("compiled.py", "words.py", "scan.py", "cells.py", "values.py")
_FOLDER = machine_code.folder_for("readers", [Path(__file__).parent / name for name in _FILES])


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function as machine code, or itself. It makes no arrays, so none are counted when they are handed on."""
    return machine_code.compiled(function, _FOLDER)


def small(function: Callable[P, R]) -> Callable[P, R]:
    """The same for a function that is put in place of each call."""
    return machine_code.compiled(function, _FOLDER, forceinline=True)
