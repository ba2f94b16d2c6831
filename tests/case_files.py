"""Files of cases: one is read, each case is judged, and every disagreement is printed; a broken case hides no other."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

Case = Mapping[str, Any]

REMARKS = frozenset(
    (
        *("id", "name", "title", "note", "notes", "comment", "description", "why", "tags", "source", "clause", "text"),
        *("depends_on_rule", "rule", "rules", "verified", "derived"),
    )
)
"""Keys under which any part of a case may say something that no verdict rests on."""

UNREADABLE, DISAGREES, UNHEARD = 2, 1, 141


class Unfit(ValueError):
    """A file or a case that is not of its schema; the message says where and what."""


def read(path: Path) -> list[Any]:
    """The cases of a file: a list, or an object with the list `cases`."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=_whole)
    except OSError as trouble:
        raise Unfit(f"{path}: cannot be read: {trouble.strerror}") from None
    except UnicodeDecodeError as trouble:
        raise Unfit(f"{path}: is not UTF-8 (byte {trouble.start})") from None
    except json.JSONDecodeError as trouble:
        raise Unfit(f"{path}:{trouble.lineno}:{trouble.colno}: is not JSON: {trouble.msg}") from None
    except RecursionError:
        raise Unfit(f"{path}: is not JSON that can be read: nested too deeply") from None
    except ValueError as trouble:  # a number of thousands of digits
        raise Unfit(f"{path}: is not JSON that can be read: {_one_line(trouble)}") from None
    cases = content.get("cases") if isinstance(content, dict) else content
    if not isinstance(cases, list):
        raise Unfit(f"{path}: holds no cases: a list is needed, or an object with the list `cases`")
    return cases


def _whole(digits: str) -> int | float:
    """A number of JSON, which has one kind of them: `2.0` is the whole number 2."""
    number = float(digits)
    return int(number) if number.is_integer() else number


def told(case: Any, place: int, disagreements: Callable[[Case], list[str]]) -> list[str]:
    """Where a case is disagreed with; a case that cannot be judged is disagreed with, and the cause is told."""
    if not isinstance(case, dict):
        return [f"case {place}: could not be judged: an object is needed, this is {_kind(case)}"]
    name = str(case.get("id") or f"case {place}")
    kind = f" ({case['kind']})" if "kind" in case else ""
    try:
        found = disagreements(case)
    except Unfit as wrong:
        found = [f"could not be judged: {wrong}"]
    except KeyError as wrong:
        found = [f"could not be judged: `{wrong.args[0]}` is missing" if wrong.args else "could not be judged"]
    except (TypeError, AttributeError) as wrong:
        found = [f"could not be judged: something in it is of a wrong kind: {_one_line(wrong)}"]
    except Exception as wrong:  # one broken case must not hide the others
        found = [f"could not be judged: {type(wrong).__name__}: {_one_line(wrong)}"]
    return [_one_line(f"{name}{kind}: {what}") for what in found]


def _one_line(told: object) -> str:
    """A message as a line that any terminal takes."""
    encoding = sys.stdout.encoding or "utf-8"
    return " ".join(str(told).split()).encode(encoding, "backslashreplace").decode(encoding)


def _kind(value: Any) -> str:
    names = {str: "a text", bool: "true or false", int: "a whole number", float: "a number with a fraction"}
    return {**names, list: "a list", dict: "an object"}.get(type(value), "nothing")


def asked(value: Any, wanted: type, place: str) -> Any:
    """The value, where it is of the kind wanted."""
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise Unfit(f"`{place}` must be {_kind(wanted())}, and is {_kind(value)}")
    return value


class Many(NamedTuple):
    """One of a shape, or a list of them."""

    shape: Any


def fits(value: Any, shape: Any, place: str) -> None:
    """Sees that each part of a value is of its kind, where the shape names one; null is what is not said.

    A shape is a type, a list with one shape, `Many`, or an object: a shape for each key, under `*` for all others.
    """
    if value is None:
        return
    if isinstance(shape, dict):
        others = shape.get("*")
        for key, part in asked(value, dict, place).items():
            fits(part, shape.get(key, others), f"{place}.{key}".lstrip("."))
    elif isinstance(shape, list | Many):
        if isinstance(shape, list) or isinstance(value, list):
            inner = shape[0] if isinstance(shape, list) else shape.shape
            for number, part in enumerate(asked(value, list, place)):
                if part is None:
                    asked(part, inner if isinstance(inner, type) else type(inner), f"{place}[{number}]")
                fits(part, inner, f"{place}[{number}]")
        else:
            fits(value, shape.shape, place)
    elif shape is float:
        asked(value, int if isinstance(value, int) else float, place)
    elif shape is not None:
        asked(value, shape, place)


def only(part: Mapping[str, Any], known: Collection[str], place: str) -> None:
    """Sees that a part says nothing that is not known here, and so might mean something else; remarks may stand."""
    unknown = [f"`{key}`" for key in part if key not in known and key not in REMARKS and part[key] is not None]
    if unknown:
        raise Unfit(f"`{place}` says what is not known here: {', '.join(unknown)}")


def chosen(value: Any, known: Mapping[Any, str], place: str) -> str:
    """What a value stands for, where it is one of those known."""
    found = known.get(value) if isinstance(value, str | None) else None
    if found is None:
        raise Unfit(f"`{place}` is {', '.join(str(name) for name in known if name)}, and not {value!r}")
    return found


def given(part: Mapping[str, Any], key: str, wanted: type, place: str) -> Any:
    """The value of a key that must be there."""
    if key not in part:
        raise Unfit(f"`{place}.{key}` is missing")
    return asked(part[key], wanted, f"{place}.{key}")


def run(arguments: list[str], command: str, disagreements: Callable[[Case], list[str]]) -> int:
    """Prints every disagreement of a file's cases and, last, how many passed and failed; the command's exit code."""
    if len(arguments) != 1:
        print(f"usage: {command} FILE", file=sys.stderr)
        return UNREADABLE
    try:
        cases = read(Path(arguments[0]))
    except Unfit as wrong:
        print(_one_line(wrong), file=sys.stderr)
        return UNREADABLE
    try:
        return DISAGREES if _printed(cases, disagreements) else 0
    except BrokenPipeError:  # nobody reads on, as in `… FILE | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNHEARD


def _printed(cases: list[Any], disagreements: Callable[[Case], list[str]]) -> int:
    """How many cases failed, after every disagreement and the count have been printed."""
    failed = 0
    for place, case in enumerate(cases, start=1):
        found = told(case, place, disagreements)
        failed += bool(found)
        for line in found:
            print(line)
    print(f"{len(cases) - failed} passed, {failed} failed", flush=True)
    return failed
