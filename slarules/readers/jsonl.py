"""JSON lines: one event an object, ours or a CloudEvents 1.0 envelope."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO, NoReturn

from slarules.model.event import Event
from slarules.readers.fields import event_of, flat, number
from slarules.readers.lines import text_lines
from slarules.readers.rejects import Refused, Rejected, Tally
from slarules.readers.rows import Cells

DEEPEST = 100
"""How many lists and objects may stand one in the other; Python's own limit turns on where it is asked from."""
_DEPTH = "the line nests deeper than can be read"
ENVELOPE = frozenset(("id", "source", "type", "subject", "specversion", "time", "data", "recordedtime"))
SILENT = frozenset(("datacontenttype", "dataschema", "sequencetype", "traceparent", "tracestate"))
"""CloudEvents attributes that say nothing about the ticket."""
FIELDS = frozenset(("actor", "agreement", "kind", "target", "recorded_at", "sequence", "seq"))
"""Fields of ours that an envelope may carry as extension attributes or inside its ``data``."""


def json_events(
    stream: BinaryIO, tally: Tally, strict: bool = False, first: int = 1
) -> Iterator[Event | Rejected]:
    """An event, or why there is none, for each line of ``stream`` that is not blank; its first is line ``first``."""
    for line, raw in text_lines(stream, tally, first):
        if isinstance(raw, Rejected):
            yield raw
            continue
        try:
            found = decode(raw)
            if "specversion" in found:
                found = from_cloud_event(found)
            yield event_of(found, tally.unknown_fields, strict)
        except Refused as refused:
            yield refused.at(line, raw)


def json_rows(
    stream: BinaryIO, columns: Sequence[str], tally: Tally, first: int = 1
) -> Iterator[Cells | Rejected]:
    """The objects as rows of a table, for a mapping; a column that an object lacks is empty."""
    for line, raw in text_lines(stream, tally, first):
        if isinstance(raw, Rejected):
            yield raw
            continue
        try:
            found = flat(decode(raw))
        except Refused as refused:
            yield refused.at(line, raw)
            continue
        yield line, tuple(found.get(column) for column in columns)


def decode(text: str) -> dict[str, Any]:
    """The one object that a line holds; whole numbers as int, others as Decimal. Raises ``Refused``."""
    try:
        found = _DECODER.decode(text)
        if text.count("[") + text.count("{") > DEEPEST:
            _refuse_depth(found)
        if "\\u" in text:
            _refuse_half_characters(found)
    except json.JSONDecodeError as wrong:
        if not text.endswith("\n") and _breaks_off(text.strip(), wrong.pos):
            raise Refused("E0621", "the last line is cut off") from None
        why = wrong.msg.lower().removesuffix(" at").removesuffix(" starting")  # the column stands before it
        column = min(wrong.pos, len(text.rstrip("\r\n"))) + 1  # what is found wrong at the line's end stands behind it
        raise Refused("E0621", f"not JSON at column {column}: {why}") from None
    except RecursionError:
        raise Refused("E0621", _DEPTH) from None
    if type(found) is not dict:
        raise Refused("E0622", "not an object: one event a line, in `{ }`")
    return found


def _refuse_depth(value: object) -> None:
    within = [value]
    for _ in range(DEEPEST + 1):
        lists = [one for one in within if isinstance(one, dict | list)]
        if not lists:
            return
        within = [inner for one in lists for inner in (one.values() if isinstance(one, dict) else one)]
    raise Refused("E0621", _DEPTH)


def _breaks_off(text: str, wrong_at: int) -> bool:
    """Whether an object that is not sound lacks its end, rather than something before it."""
    return text.startswith("{") and (not text.endswith("}") or wrong_at >= len(text))


def from_cloud_event(envelope: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of ours that a CloudEvents 1.0 envelope says. Raises ``Refused``.

    ``time`` is our ``at``, ``recordedtime`` our ``recorded_at``, and the part of ``type`` after its last
    dot our type; ``data`` holds facts and, by their names, our other fields, as extension attributes do.
    """
    version = envelope["specversion"]
    if version != "1.0":
        raise Refused("E0627", f"`specversion` is `{version}`: CloudEvents 1.0 is read")
    data = envelope.get("data")
    if "data_base64" in envelope or not (data is None or isinstance(data, dict)):
        raise Refused("E0627", "`data` is not a JSON object")
    kind = envelope.get("type")
    fields: dict[str, Any] = {name: envelope.get(name) for name in ("id", "source", "subject")}
    fields |= {"type": kind.rpartition(".")[2] if isinstance(kind, str) else kind, "at": envelope.get("time")}
    inner = dict(data or {})
    facts = inner.pop("facts", {})
    if not isinstance(facts, dict):
        raise Refused("E0627", "`facts` is not an object")
    for name in [*inner]:
        if name in FIELDS:
            fields[name] = inner.pop(name)
    doubled = next((name for name in inner if name in facts), None)
    if doubled is not None:
        raise Refused("E0623", f"`{doubled}` stands beside `facts` and in it")
    fields["facts"] = facts | inner
    extensions = {n: v for n, v in envelope.items() if n not in ENVELOPE and n not in SILENT}
    if "recordedtime" in envelope:
        extensions["recorded_at"] = envelope["recordedtime"]
    both = next((name for name, value in extensions.items() if fields.get(name, value) != value), None)
    if both is not None:
        raise Refused("E0623", f"`{both}` stands in the envelope and in `data` with different values")
    return fields | extensions


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for n, name in enumerate(names) if name in names[:n])
        raise Refused("E0623", f"the key `{doubled}` is given twice")
    return found


def _whole(text: str) -> int:
    if len(text) > 100:
        raise Refused("E0624", f"`{text[:40]}…` is not a number that can be kept")
    return int(text)


def _fraction(text: str) -> Decimal:
    try:
        return number(text)
    except InvalidOperation:  # an exponent of twenty digits
        raise Refused("E0624", f"`{text[:40]}` is not a number that can be kept") from None


def _no_number(text: str) -> NoReturn:
    raise Refused("E0624", f"`{text}` is not a number")


def _refuse_half_characters(value: object) -> None:
    """``"\\ud800"`` alone is no character, and could not be written again."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Refused("E0621", "a \\u escape is half a character") from None
    elif isinstance(value, dict):
        for name, inner in value.items():
            _refuse_half_characters(name)
            _refuse_half_characters(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_half_characters(inner)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_fraction, parse_int=_whole, parse_constant=_no_number
)
