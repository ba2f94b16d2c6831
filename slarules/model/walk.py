"""Every value inside a rule, whatever it is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from slarules.model.rules import Citation


def inside(value: object) -> Iterator[object]:
    """The value and everything in it; under ``as read in``, in every option."""
    todo = [value]
    while todo:
        one = todo.pop()
        yield one
        if isinstance(one, (tuple, list)):
            todo.extend(reversed(one))
        elif isinstance(one, Mapping):
            todo.extend(reversed(list(one.values())))
        elif attrs.has(type(one)) and not isinstance(one, Citation):
            fields: tuple[attrs.Attribute[object], ...] = getattr(type(one), "__attrs_attrs__")  # noqa: B009
            todo.extend(getattr(one, field.name) for field in reversed(fields))
