"""An event from named fields, as a JSON object or an unmapped table gives them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from slarules.diagnostics import nearest
from slarules.model.event import Event, Raw
from slarules.readers.instants import Stamp, TimeFormat, rfc3339
from slarules.readers.rejects import Refused

NEEDED = ("id", "subject", "type", "at")
"""Fields without which there is no event."""
_OPTIONAL = ("source", "recorded_at", "actor", "agreement", "kind", "sequence", "seq", "target", "facts")
KNOWN = frozenset((*NEEDED, *_OPTIONAL))
"""Every field of an event; ``seq`` is short for ``sequence``."""
_NAMES = frozenset(("id", "subject", "type", "source", "actor", "agreement", "kind", "target"))
_SCALARS = frozenset((str, int, bool, type(None)))
_ANY_TIME = TimeFormat()


def event_of(fields: Mapping[str, Any], unknown: Counter[str], strict: bool = False) -> Event:
    """The event that ``fields`` describe. Raises ``Refused``.

    A field that nobody knows is kept as a fact of its name and counted in ``unknown``; under
    ``strict`` it is refused. Times are RFC 3339 texts with an offset.
    """
    names = {key: _name(key, fields[key]) for key in fields if key in _NAMES and fields[key] is not None}
    recorded = fields.get("recorded_at")
    return Event(
        id=_needed(names, "id"),
        subject=_needed(names, "subject"),
        type=_needed(names, "type"),
        at=_time("at", fields.get("at")),
        actor=names.get("actor"),
        facts=_facts(fields, unknown, strict),
        source=names.get("source", "desk"),
        sequence=_sequence(fields) if "sequence" in fields or "seq" in fields else None,
        recorded_at=None if recorded is None else _time("recorded_at", recorded),
        agreement=names.get("agreement"),
        kind=names.get("kind"),
        target=names.get("target"),
    )


def fact_value(value: Any, name: str) -> Raw:
    """A fact's value in the log's terms; a list becomes a tuple. Raises ``Refused``."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return number(str(value))
    if isinstance(value, list | tuple):
        return tuple(fact_value(item, name) for item in value)
    if isinstance(value, Stamp):
        return value.text
    raise Refused("E0627", f"the fact `{name}` is a list of objects or another kind that no fact can be")


def number(text: str) -> Decimal:
    """A decimal number exactly as written. Raises ``Refused`` for what no log can mean."""
    value = Decimal(text)
    if not value.is_finite() or len(text) > 100 or abs(value.adjusted()) > 100:
        raise Refused("E0624", f"`{text[:40]}` is not a number that can be kept")
    return value


def count(value: int, room: int = 1) -> int:
    """A source's own count, which ``room`` times over must fit into a column. Raises ``Refused``."""
    if not -(1 << 63) <= value * room <= (1 << 63) - room:
        raise Refused("E0624", f"the count `{str(value)[:40]}` is too large to be kept")
    return value


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """The same with objects inside objects spelt out: ``{"a": {"b": 1}}`` is ``{"a.b": 1}``."""
    result: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            result.update(flat(value, f"{prefix}{name}."))
        else:
            result[prefix + name] = value
    return result


def _facts(fields: Mapping[str, Any], unknown: Counter[str], strict: bool) -> Mapping[str, Raw]:
    given = fields.get("facts")
    if given is not None and not isinstance(given, Mapping):
        raise Refused("E0627", "`facts` is not an object")
    found: dict[str, Raw] = {}
    if given:
        found = dict(given) if _all_scalars(given) else {n: fact_value(v, n) for n, v in flat(given).items()}
    if fields.keys() <= KNOWN:
        return found
    others = [name for name in fields if name not in KNOWN]
    if strict:
        near = nearest(others[0], KNOWN)
        hint = f": did you mean `{near}`?" if near else ": facts belong into `facts`"
        raise Refused("E0628", f"the field `{others[0]}` is not known{hint}")
    for name, value in flat({name: fields[name] for name in others}).items():
        if name in found:
            raise Refused("E0623", f"`{name}` stands beside `facts` and in it")
        found[name] = fact_value(value, name)
    unknown.update(others)
    return found


def _all_scalars(values: Mapping[str, Any]) -> bool:
    return all(type(value) in _SCALARS for value in values.values())


def _needed(names: Mapping[str, str], key: str) -> str:
    if key not in names:
        raise Refused("E0626", f"`{key}` is missing")
    return names[key]


def _name(key: str, value: object) -> str:
    """A name: text, or a whole number that stands for it."""
    if type(value) is str and value.strip():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        raise Refused("E0626", f"`{key}` is empty")
    raise Refused("E0627", f"`{key}` is not text")


def _time(key: str, value: object) -> int:
    if value is None:
        raise Refused("E0626", f"`{key}` is missing")
    try:
        return rfc3339(value) if type(value) is str else _ANY_TIME.instant(value)
    except Refused as refused:
        raise Refused(refused.code, f"`{key}`: {refused.cause}") from None


def _sequence(fields: Mapping[str, Any]) -> int | None:
    """The source's own count; CloudEvents writes it as digits."""
    if "seq" in fields and "sequence" in fields:
        raise Refused("E0623", "`seq` and `sequence` are both given")
    value = fields.get("sequence", fields.get("seq"))
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return count(value)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
        return int(value)
    raise Refused("E0627", f"`sequence` is not a whole number: `{str(value)[:40]}`")
