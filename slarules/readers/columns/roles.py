"""What each key of a log of JSON lines says of an event: our own fields, or those of a CloudEvents envelope."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from slarules.readers.fields import KNOWN
from slarules.readers.jsonl import ENVELOPE, FIELDS, SILENT

Path = tuple[str, ...]


@frozen
class Role:
    """What a key's value is."""

    field: str | None = None
    """A field of an event; ``facts`` and ``data`` are objects that hold others."""
    fact: str | None = None
    """A fact, by its name."""
    unknown: str | None = None
    """The outermost key that nobody knows, around it or itself: kept as a fact and counted."""


NOTHING = Role()
"""A key that says nothing about the ticket."""


def roles(paths: Sequence[Path], envelope: bool) -> list[Role]:
    """The role of each key."""
    return [(_in_envelope if envelope else _own)(path) if path else NOTHING for path in paths]


def _own(path: Path) -> Role:
    if path[0] not in KNOWN:
        return Role(fact=".".join(path), unknown=path[0])
    if path[0] == "facts" and len(path) > 1:
        return Role(fact=".".join(path[1:]))
    return Role(field=path[0]) if len(path) == 1 else NOTHING


def _in_envelope(path: Path) -> Role:
    head, rest = path[0], path[1:]
    if head == "data" and rest:
        if rest[0] == "facts":
            return Role(fact=".".join(rest[1:])) if len(rest) > 1 else Role(field="facts")
        if rest[0] in FIELDS:
            return Role(field=rest[0]) if len(rest) == 1 else NOTHING
        return Role(fact=".".join(rest))
    if head in SILENT or (head in ENVELOPE and rest):
        return NOTHING
    if head in ENVELOPE:
        return Role(field={"time": "at", "recordedtime": "recorded_at"}.get(head, head))
    if head in ("at", "facts", "data_base64"):
        return Role(field="data_base64") if not rest else NOTHING  # refused, or nearly always
    if head in KNOWN:
        return Role(field=head) if not rest else NOTHING
    return Role(fact=".".join(path), unknown=head)
