"""What the commands that write documents share: where to, on which paper, and what keeps one from being written."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from slarules.cli import files, output
from slarules.cli.main import COULD_NOT_RUN, FINE

INSTALL = "install what documents are written with: pip install 'slarules[documents]'"
PACKAGES = ("jinja2", "docx", "typst", "fontTools", "xlsxwriter", "icalendar", "scipy")
"""What that installs, as it is imported."""


def target(*endings: str, required: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option ``-o FILE`` for files of these endings."""

    def checked(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
        if value is not None and value.suffix.lower() not in endings:
            raise click.BadParameter(f"`{value}` ends in none of {', '.join(endings)}")
        missing = next((name for name in PACKAGES if find_spec(name) is None), None)
        if value is not None and missing is not None:
            raise click.ClickException(f"cannot write `{value}`: the package `{missing}` is not installed; {INSTALL}")
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


def files_of(given: Iterable[str]) -> Iterator[str]:
    """The files that options as ``NAME=FILE``, or ``FILE`` alone, name."""
    for text in given:
        name = text.partition("=")[2] or text
        if Path(name).is_file():
            yield name


def digests(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each file's own name, without its folder, and the SHA-256 of its bytes."""
    for path in dict.fromkeys(paths):
        with Path(path).open("rb") as file:
            yield Path(path).name, hashlib.file_digest(file, "sha256").hexdigest()


def write(path: Path, made: Callable[[], bytes]) -> int:
    """Makes the bytes and puts them in place at once, or not at all; the exit code. Says what keeps it from that."""
    from slarules.documents.render import CannotBeWritten

    try:
        data = made()
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
