"""A mapping file in TOML: read, checked as a whole, every problem told at once."""

from __future__ import annotations

import codecs
import re
from typing import Any

from slarules.calendars import zones
from slarules.diagnostics import Diagnostic, in_order, nearest
from slarules.model.event import Raw
from slarules.readers.instants import TimeFormat, compile_pattern
from slarules.readers.mapping import (
    ACTIVE,
    EVENTS,
    FACT_TYPES,
    PRECISIONS,
    SNAPSHOTS,
    STATE_OF_TYPE,
    STATES,
    UNKNOWN,
    EventMapping,
    FactColumn,
    Outcome,
)
from slarules.readers.toml_tables import Table, TomlFile, plain
from slarules.source import Source

_COLUMNS = ("id", "sequence", "actor", "agreement", "recorded_at", "opened_at", "target")
"""Columns that a log may have, beside those it must have."""
_NAME = re.compile(r"[^\W\d]\w*")
_MOST = 5
"""How many events one value may give, so that a row's own count leaves room for them."""


def load_mapping(source: Source) -> tuple[EventMapping | None, tuple[Diagnostic, ...]]:
    """The mapping that the file describes, or None with what keeps it from being used.

    Problems: E0601 not TOML, E0602 an unknown key, E0603 a wrong value, E0604 a missing key, E0605 a
    zone that does not exist, E0606 a time's pattern, E0608 settings that contradict each other.
    """
    file = TomlFile(source)
    root = file.root()
    if root is None:
        return None, in_order(file.problems)
    mapping = _mapping(root)
    root.nothing_else()
    return (None if file.problems else mapping), in_order(file.problems)


def _mapping(root: Table) -> EventMapping:
    layout = root.one_of("layout", (EVENTS, SNAPSHOTS)) or root.needed("layout", "`events` or `snapshots`")
    constants = root.table("constants")
    actors = root.table("actors")
    mapping = EventMapping(
        layout=layout,
        columns=_columns(root, layout),
        outcomes=_outcomes(root, layout),
        time=_time(root.table("time")),
        facts=_facts(root.table("facts")),
        source=root.text("source", "desk") or "desk",
        kind=root.text("kind"),
        precision=PRECISIONS[root.one_of("precision", PRECISIONS, "microsecond") or "microsecond"],
        unknown=frozenset(root.texts("unknown", [""])),
        encoding=_encoding(root),
        delimiter=_delimiter(root),
        agreement=constants.text("agreement"),
        actor=constants.text("actor"),
        opened_by=constants.text("opened_by"),
        actors={key: actors.text(key) or "" for key in actors.names()},
        opens_at_first_row=root.one_of("opens", ["first row"]) is not None,
    )
    constants.nothing_else()
    _contradictions(root, mapping)
    return mapping


def _columns(root: Table, layout: str) -> dict[str, str]:
    table = root.table("columns")
    what = "state" if layout == SNAPSHOTS else "type"
    why = {
        "subject": "name the column that tells tickets apart",
        "at": "name the column with the time of each row",
        what: f"name the column with the {what} of each row",
    }
    if isinstance(table.values.get("at"), list):
        table.wrong("at", "names several columns", "join them into one first: a time stands in one column")
        table.values = {**table.values, "at": "?"}
    found = {key: table.needed(key, reason) for key, reason in why.items()}
    for key in _COLUMNS:
        heading = table.text(key)
        if heading is not None:
            found[key] = heading
    table.nothing_else()
    return found


def _time(table: Table) -> TimeFormat:
    pattern = table.text("format")
    if pattern is not None:
        try:
            compile_pattern(pattern)
        except ValueError as wrong:
            table.wrong("format", f"cannot be read: {wrong}", _mended(str(wrong)), "E0606")
            pattern = None
    zone = table.text("zone")
    if zone is not None:
        try:
            zones.zone(zone)
        except zones.UnknownZone as wrong:
            table.wrong("zone", f"does not exist: {wrong}", _near_zone(zone), "E0605")
            zone = None
    gap, fold = table.one_of("gap", ["shift"]), table.one_of("fold", ["first", "second"])
    for key, value in (("gap", gap), ("fold", fold)):
        if value is not None and "zone" not in table:
            table.wrong(key, "says nothing without a zone", "add `zone`, or leave it out", "E0608")
    table.nothing_else()
    return TimeFormat(pattern, zone, gap, fold)


def _mended(wrong: str) -> str | None:
    """What to do about a time that no format reads."""
    if wrong.startswith(("it has no hour", "it has no minute")):
        return "a date alone names no instant: take a column that has the time too, or join the two into one first"
    if "`%y`" in wrong:
        return "two digits do not say the century: write the year in four first, for `%Y`"
    if wrong.startswith(("`%B`", "`%A`", "`%a`")):
        return "names depend on the language: write the month as a number first, for `%m`"
    return None


def _near_zone(zone: str) -> str | None:
    """The zone whose last part resembles this one's: ``Roma`` or ``Europe/Roma`` for ``Europe/Rome``."""
    near = nearest(zone, zones.names())
    if near is None:
        ends = {name.rpartition("/")[2]: name for name in sorted(zones.names())}
        near = ends.get(nearest(zone.rpartition("/")[2], ends) or "")
    return f"did you mean `{near}`?" if near else None


def _outcomes(root: Table, layout: str) -> dict[str, tuple[Outcome, ...]]:
    name, other = ("states", "types") if layout == SNAPSHOTS else ("types", "states")
    if other in root:
        root.table(other)
        root.wrong(other, f"has no place in the layout `{layout}`", f"name the table `[{name}]`", "E0608")
    if name not in root and layout == SNAPSHOTS:
        root.needed(name, "say what each state means, such as `\"Resolved\" = \"resolved\"`")
        return {}
    table = root.table(name)
    found = {}
    for key in table.names():
        value = table.any(key)
        several = value if isinstance(value, list) else [value]
        if not 1 <= len(several) <= (1 if layout == SNAPSHOTS else _MOST):
            most = "a state gives one" if layout == SNAPSHOTS else f"one to {_MOST} can follow from one value"
            table.wrong(key, f"gives {len(several)} events", most)
            continue
        found[key] = tuple(_outcome(table, key, item, layout) for item in several)
    return found


def _outcome(table: Table, key: str, value: Any, layout: str) -> Outcome:
    """``"resolved"``, ``"active"``, or ``{ type = "waiting", on = "customer" }``."""
    if isinstance(value, str):
        if layout == SNAPSHOTS and value in (ACTIVE, UNKNOWN):
            return Outcome(state=value)
        value = {"type": value}
    if not isinstance(value, dict):
        table.wrong(key, "is no event's type and no table", 'write `{ type = "waiting", on = "customer" }`')
        return Outcome()
    inner = Table(table.file, (*table.path, key), value)
    type, on = inner.text("type"), inner.text("on")
    if type is not None and not _NAME.fullmatch(type):
        inner.wrong("type", f"cannot be `{type}`", "an event's type is one word, such as `severity_changed`")
    implied = STATE_OF_TYPE.get(type or "", ACTIVE if layout == SNAPSHOTS else None)
    state = inner.one_of("state", STATES, implied)
    if type is None and state is None:
        table.wrong(key, "says nothing", "give it a `type`, a `state` or both", "E0604")
    found = Outcome(type, state, inner.text("actor"), {} if on is None else {"on": on})
    inner.nothing_else()
    return found


def _facts(table: Table) -> tuple[FactColumn, ...]:
    found = []
    for name in table.names():
        if isinstance(table.values[name], str):
            found.append(FactColumn(name, table.text(name) or ""))
            continue
        inner = table.table(name)
        values = inner.table("values")
        meant: dict[str, Raw] = {}
        for cell in values.names():
            value = values.any(cell)
            if not plain(value):
                values.wrong(cell, "is no value that a fact can have", "a text, a number, `true` or `false`")
            meant[cell] = value
        column = inner.needed("column", "name the column that the fact is read from")
        kind = inner.one_of("type", FACT_TYPES, "text") or "text"
        found.append(FactColumn(name, column, kind, meant, inner.yes("last_row")))
        if meant and "type" in inner:
            inner.wrong("type", "says nothing beside `values`", "leave one of them out", "E0608")
        inner.nothing_else()
    return tuple(found)


def _encoding(root: Table) -> str:
    name = root.text("encoding", "utf-8") or "utf-8"
    try:
        found = codecs.lookup(name)
        if "\n".encode(found.name) == b"\n" and "é".encode(found.name):
            return found.name
    except (LookupError, UnicodeError, TypeError):
        pass
    told = "use `utf-8`, `latin-1` or `cp1252`" + "; a file in UTF-16 is saved as UTF-8 first" * ("16" in name)
    root.wrong("encoding", f"`{name}` cannot be read line by line", told)
    return "utf-8"


def _delimiter(root: Table) -> str:
    value = root.text("delimiter", ",") or ","
    if len(value) == 1 and value not in "\"\r\n" and value.isascii():
        return value
    root.wrong("delimiter", "is not one character", 'such as `","`, `";"` or `"\\t"`')
    return ","


def _contradictions(root: Table, mapping: EventMapping) -> None:
    opened_at = "opened_at" in mapping.columns
    columns = root.table("columns")
    if opened_at and mapping.layout == EVENTS:
        columns.wrong("opened_at", "is read from snapshots only", 'say `opens = "first row"`', "E0608")
    elif opened_at and mapping.opens_at_first_row:
        columns.wrong("opened_at", "and `opens` both say when a ticket is opened", "leave one out", "E0608")
    elif mapping.opened_by and not opened_at and not mapping.opens_at_first_row:
        root.table("constants").wrong(
            "opened_by", "says nothing: no ticket is opened", 'add `opens = "first row"`', "E0608"
        )
    if mapping.actors and "actor" not in mapping.columns:
        root.wrong("actors", "says nothing without a column", "name it: `actor` in `[columns]`", "E0608")
    if mapping.layout == SNAPSHOTS and "id" in mapping.columns:
        columns.wrong("id", "cannot name several events", "leave it out: each gets its own", "E0608")
