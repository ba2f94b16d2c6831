"""Every value inside a rule, whatever it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
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
