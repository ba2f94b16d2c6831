"""What a run was asked, in a few words that can be compared: an interrupted run goes on only where all is the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from importlib.metadata import version
from pathlib import Path
from typing import Any

import attrs

from slarules.columnar.disk.budget import CannotJudge
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.version import __version__

FORM = 2
"""Counts up when the files of a folder change their form."""
_CALENDARS = ("tzdata", "holidays")
"""Packages of which another release may open and close a calendar at other times."""
_EDGE = 1 << 20
"""Bytes at the head and at the tail of a file that are looked at."""


class OtherRun(CannotJudge):
    """A folder holds another run than the one that is asked for."""


def asked(
    contract: Contract,
    readings: Mapping[str, str] | None,
    supplied: Mapping[str, Supplied] | None,
    as_of: int | None,
    files: Iterable[Path] = (),
) -> dict[str, str]:
    """What is asked, part by part: the part's name in words → a digest of it.

    Of each event file: its size, the time of its last change and its first and last mebibyte. Reading all of a file of
    many gigabytes would take as long as judging it; who changes the middle of a file changes that time. Raises
    ``OSError`` where a file cannot be read.
    """
    return {
        "version of slarules": f"{__version__}, form {FORM}",
        "release of zones and holidays": ", ".join(f"{name} {version(name)}" for name in _CALENDARS),
        "contract": digest(contract),
        "readings": digest(sorted((readings or {}).items())),
        "supplied lists": digest(sorted((supplied or {}).items(), key=lambda pair: pair[0])),
        **({} if as_of is None else {"instant to judge as of": str(as_of)}),
        **files_of(files),
    }


def files_of(files: Iterable[Path]) -> dict[str, str]:
    """Each event file's part of what is asked. Raises ``OSError``."""
    return {f"event file `{path.name}` ({number})": _file(path) for number, path in enumerate(files, 1)}


def same(before: Mapping[str, str], now: Mapping[str, str], directory: Path) -> None:
    """Raises ``OtherRun`` where what is asked is not what a folder was made for."""
    differ = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    if differ:
        parts = ", ".join(f"the {name}" for name in differ[:3]) + (" and more" if len(differ) > 3 else "")
        raise OtherRun(
            f"the run in `{directory}` was another one: {parts} differ{'s' if len(differ) == 1 else ''}; "
            "remove the folder to begin again, or name another"
        )


def _file(path: Path) -> str:
    told = path.stat()
    found = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        found.update(file.read(_EDGE))
        if told.st_size > 2 * _EDGE:
            file.seek(told.st_size - _EDGE)
        found.update(file.read(_EDGE))
    return f"{told.st_size} bytes, changed {told.st_mtime_ns}, {found.hexdigest()}"


def digest(value: Any) -> str:
    """A digest of data of the model; the same in every process, whatever the order of its sets."""
    found = hashlib.blake2b(digest_size=16)
    for piece in _pieces(value):
        found.update(piece.encode("utf-8", "surrogatepass"))
        found.update(b"\0")
    return found.hexdigest()


def _pieces(value: Any) -> Iterable[str]:
    match value:
        case Enum():
            yield f"{type(value).__name__}.{value.name}"
        case None | bool() | int() | float() | str() | bytes() | Decimal() | date():
            yield f"{type(value).__name__} {value!r}"
        case Mapping():
            yield f"mapping {len(value)}"
            for key, own in value.items():
                yield from _pieces(key)
                yield from _pieces(own)
        case set() | frozenset():
            yield f"set {len(value)}"
            yield from sorted(digest(own) for own in value)
        case list() | tuple():
            yield f"list {len(value)}"
            for own in value:
                yield from _pieces(own)
        case re.Pattern():
            yield f"pattern {value.flags} {value.pattern!r}"
        case _ if attrs.has(type(value)):
            yield type(value).__name__
            for own in attrs.fields(type(value)):
                yield own.name
                yield from _pieces(getattr(value, own.name))
        case _:
            raise TypeError(f"{type(value).__name__} has no digest")
