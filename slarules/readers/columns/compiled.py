"""Compiles loops over the bytes of a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from slarules import machine_code

P = ParamSpec("P")
R = TypeVar("R")

_FOLDER = machine_code.folder_for("readers", [Path(__file__).parent / "scan.py"])


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function as machine code, or itself."""
    return machine_code.compiled(function, _FOLDER)
