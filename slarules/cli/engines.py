"""Which engine judges a log: the reference engine, or the columnar one that must agree with it; and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
from attrs import frozen

AUTO, REFERENCE, COLUMNAR = "auto", "reference", "columnar"
MANY = 20_000
"""Events from which on the columnar engine is the faster one, its kernels' loading included."""
_PARQUET, _PACKED, _JSON, _CSV = 20, 15, 160, 80
"""Bytes that an event takes in a file, about."""
WANTING = "numba is not installed: pip install 'slarules[fast]'"
ITS_OWN = "--memory, --resume and --state"
_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*([kmgt]i?b)", re.ASCII | re.IGNORECASE)
_UNITS = {
    prefix + end: base**power
    for power, prefix in enumerate("kmgt", 1)
    for end, base in (("b", 1000), ("ib", 1024))
}
_BYTES = {".parquet": _PARQUET, ".gz": _PACKED, ".zip": _PACKED, ".csv": _CSV}


@frozen
class Choice:
    """An engine, and why it was chosen."""

    name: str
    """``reference`` or ``columnar``."""
    why: str
    """In words that go on from "because"."""


def option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--engine`` of a command that judges a log."""
    decorate = click.option(
        "--engine",
        type=click.Choice([AUTO, REFERENCE, COLUMNAR]),
        default=AUTO,
        show_default=True,
        help="Judge by the reference engine, or by the columnar one, which says the same of long logs in less time.",
    )
    return decorate(function)


def size(text: str | None) -> int | None:
    """The bytes of ``--memory``. Raises ``click.BadParameter``."""
    if text is None:
        return None
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise click.BadParameter(f"`{text}` is no size: write 1GB or 500MB", param_hint="--memory")
    unit = _UNITS[found[2].lower()]
    bytes_asked = int(Decimal(found[1]) * unit)
    if not bytes_asked:
        raise click.BadParameter(f"`{text}` is nothing: some 500MB are the least that may do", param_hint="--memory")
    return bytes_asked


def chosen(asked: str, files: Iterable[str], bounded: bool = False) -> Choice:
    """The engine for a log of these files: the one asked for, or by ``auto`` the one that is faster.

    ``bounded``: a memory, going on or a state was asked for, which the columnar engine alone has. Raises
    ``click.BadParameter``.
    """
    compiled = find_spec("numba") is not None
    if asked == REFERENCE:
        if bounded:
            told = f"only the columnar engine has {ITS_OWN}"
            raise click.BadParameter(told, param_hint="--engine")
        return Choice(REFERENCE, "it was asked for")
    if asked == COLUMNAR or bounded:
        why = "it was asked for" if asked == COLUMNAR else f"it alone has {ITS_OWN}"
        return Choice(COLUMNAR, why if compiled else f"{why}; slowly, as {WANTING}")
    if not compiled:
        return Choice(REFERENCE, WANTING)
    if events_about(files) < MANY:
        return Choice(REFERENCE, f"the log is short; below some {MANY:,} events it is the faster one")
    return Choice(COLUMNAR, f"the log is long; from some {MANY:,} events on it is the faster one")


def events_about(files: Iterable[str]) -> int:
    """How many events there may be, told by the files' sizes alone."""
    many = 0
    for file in files:
        path = Path(file)
        if path.is_file():
            many += path.stat().st_size // _BYTES.get(path.suffix.lower(), _JSON)
    return many


def tell(choice: Choice) -> None:
    """One line on stderr: which engine, and why."""
    from slarules.cli import output  # here and below: a run chooses its engine before it imports what takes long

    output.say(f"{choice.name} engine: {choice.why}", "dim")


def tell_rest(reasons: Mapping[str, int], subjects: int, under: str = "") -> None:
    """Which subjects the columnar engine left to the reference engine, and why: one line a reason, on stderr."""
    from slarules.cli import output

    if not reasons:
        return
    many = sum(reasons.values())
    output.say(f"{many:,} of {output.counted(subjects, 'subject')} went to the reference engine{under}:")
    for why, of_them in reasons.items():
        output.say(f"  {of_them:,}: {why}")
