"""Says that part of the engine is compiled for this machine: it takes long, and happens once."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

from slarules.cli import output
from slarules.columnar.kernels import GENERAL, QUICK, WIDE
from slarules.machine_code import heard

TOLD = {
    QUICK: "what plain tickets need is compiled, once on this machine: some seconds",
    WIDE: "what plain tickets of such a contract need is compiled, once on this machine: some seconds",
    GENERAL: "what all other tickets need is compiled, once on this machine: half a minute or so",
}
"""Kernel → what is said when it is compiled; of the others, which are quick, nothing."""


def told() -> AbstractContextManager[None]:
    """Meanwhile it is said on stderr what is compiled, when it is."""
    return heard(tell)


@cache
def tell(kernel: str) -> None:
    """Says that a kernel is compiled, once."""
    if kernel in TOLD:
        output.say(TOLD[kernel], "dim")
