"""Every value inside a rule, whatever it is made of, and a rule with others in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import attrs

from slarules.model.rules import Citation

Parts = Callable[[Any], Iterable[object]]
"""Gives the parts of a value, the last one first."""
_KNOWN: dict[type, Parts | None] = {}
"""What was found out of each sort of value that was met."""


def inside(value: object) -> Iterator[object]:
    """The value and everything in it; under ``as read in``, in every option."""
    todo = [value]
    while todo:
        one = todo.pop()
        yield one
        sort = type(one)
        if sort not in _KNOWN:
            _KNOWN[sort] = _parts(sort)
        parts = _KNOWN[sort]
        if parts is not None:
            todo.extend(parts(one))


def rewritten(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value with each of its parts changed; itself where none is. Nothing within a citation is touched."""
    match value:
        case Citation() | str() | int() | None:
            return value
        case tuple():
            parts = tuple(map(change, value))
            return parts if any(a is not b for a, b in zip(parts, value, strict=True)) else value
        case Mapping():
            return {key: change(part) for key, part in value.items()}
    changed, sort = {}, value.__class__
    for name in _fields(sort):
        old = getattr(value, name)
        new = change(old)
        if new is not old:
            changed[name] = new
    return attrs.evolve(value, **changed) if changed else value


@cache
def _fields(sort: type) -> tuple[str, ...]:
    """The names of what a value of this sort is made of; none where it is whole."""
    return tuple(at.name for at in attrs.fields(sort)) if attrs.has(sort) else ()


def _parts(sort: type) -> Parts | None:
    """What gives the parts of a value of this sort; None: it has none that count."""
    if issubclass(sort, (tuple, list)):
        return reversed
    if issubclass(sort, Mapping):
        return lambda one: reversed(list(one.values()))
    if attrs.has(sort) and not issubclass(sort, Citation):
        names = tuple(field.name for field in reversed(attrs.fields(sort)))
        return lambda one: [getattr(one, name) for name in names]
    return None
