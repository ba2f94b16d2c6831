"""What the commands that write documents share: where to, on which paper, and what keeps one from being written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from slarules.cli import files, output
from slarules.cli.main import COULD_NOT_RUN, FINE

INSTALL = "install what documents are written with: pip install 'slarules[documents]'"


def target(*endings: str, required: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option ``-o FILE`` for files of these endings."""

    def checked(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
        if value is not None and value.suffix.lower() not in endings:
            raise click.BadParameter(f"`{value}` ends in none of {', '.join(endings)}")
        return value

    return click.option(
        "-o",
        "--output",
        "target",
        metavar="FILE",
        required=required,
        type=click.Path(path_type=Path),
        callback=checked,
        help=f"Write to FILE: {', '.join(endings[:-1])} or {endings[-1]}.",
    )


def paper() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option ``--paper``."""
    return click.option(
        "--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True, help="The size of its pages."
    )


def write(path: Path, made: Callable[[], bytes]) -> int:
    """Makes the bytes and puts them in place at once, or not at all; the exit code. Says what keeps it from that."""
    from slarules.documents.render import CannotBeWritten

    try:
        data = made()
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] == "slarules":
            raise
        output.say(f"cannot write `{path}`: the package `{missing.name}` is not installed; {INSTALL}", "bold red")
        return COULD_NOT_RUN
    except CannotBeWritten as why:
        output.say(f"cannot write `{path}`: {why}", "bold red")
        return COULD_NOT_RUN
    try:
        _put(path, data)
    except OSError as wrong:
        output.say(f"cannot write `{path}`: {(wrong.strerror or str(wrong)).lower()}", "bold red")
        return COULD_NOT_RUN
    return FINE


def _put(path: Path, data: bytes) -> None:
    """Writes the file at once, whether or not there was one before."""
    if path.exists():
        files.replace(path, data)
        return
    with path.open("xb"):
        pass
    try:
        files.replace(path, data)
    except BaseException:
        os.unlink(path)
        raise
