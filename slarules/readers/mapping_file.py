"""A mapping file in TOML: read, checked as a whole, every problem told at once."""

from __future__ import annotations

import codecs
import re
from typing import Any

from slarules.diagnostics import Diagnostic, in_order
from slarules.model.event import Raw
from slarules.readers.files import UTF_16
from slarules.readers.lengths import UNITS
from slarules.readers.mapping import (
    ACTIVE,
    EVENTS,
    FACT_TYPES,
    PRECISIONS,
    SNAPSHOTS,
    STATE_OF_TYPE,
    STATES,
    TICKETS,
    UNKNOWN,
    WAITING,
    EventMapping,
    FactColumn,
    Outcome,
)
from slarules.readers.mapping_forms import number_format, time_format
from slarules.readers.toml_tables import Table, TomlFile, plain
from slarules.source import Source

_COLUMNS = ("id", "sequence", "actor", "agreement", "recorded_at", "opened_at", "target")
"""Columns that a log may have, beside those it must have."""
_OF_TICKETS = ("actor", "agreement", "recorded_at")
"""The same of rows that are tickets."""
_SEVERAL = ("at", "recorded_at", "opened_at")
"""Those that may name several columns, as a type or a state may."""
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
    layouts = (EVENTS, SNAPSHOTS, TICKETS)
    layout = root.one_of("layout", layouts) or root.needed("layout", "`events`, `snapshots` or `tickets`")
    constants = root.table("constants")
    actors = root.table("actors")
    columns, beside = _columns(root, layout)
    times, after = _times(root, layout)
    mapping = EventMapping(
        layout=layout,
        columns=columns,
        beside=beside,
        outcomes=_outcomes(root, layout),
        times=times,
        after=after,
        time=time_format(root),
        facts=_facts(root.table("facts")),
        numbers=number_format(root),
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
    for heading, (_, unit) in mapping.after.items():
        if unit in ("minutes", "hours") and mapping.precision < PRECISIONS["minute"]:
            help = 'say `precision = "minute"`: a length is rounded'
            root.table("times").wrong(heading, f"counts {unit}, and `precision` is finer", help, "E0608")
    return mapping


def _columns(root: Table, layout: str) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The heading of each field, and for times in several columns the headings of those after the first."""
    table = root.table("columns")
    what = "state" if layout == SNAPSHOTS else "type"
    why = {"subject": "name the column that tells tickets apart"}
    if layout != TICKETS:
        why["at"] = "name the column with the time of each row"
        why[what] = f"name the column with the {what} of each row"
    beside = {}
    for key in (*_SEVERAL, what):
        several = table.values.get(key)
        if isinstance(several, list):
            table.values = {**table.values, key: "?"}
            if not 2 <= len(set(map(str, several))) == len(several) or not all(several):
                table.wrong(key, "does not name several columns", 'write them as `["Date", "Time"]`')
            elif not all(isinstance(heading, str) for heading in several):
                table.wrong(key, "is not a list of texts", 'write it as `["Date", "Time"]`')
            else:
                table.values = {**table.values, key: several[0]}
                beside[key] = tuple(several[1:])
    found = {key: table.needed(key, reason) for key, reason in why.items()}
    for key in _OF_TICKETS if layout == TICKETS else _COLUMNS:
        heading = table.text(key)
        if heading is not None:
            found[key] = heading
    table.nothing_else()
    return found, beside


def _times(root: Table, layout: str) -> tuple[dict[str, Outcome], dict[str, tuple[str, str]]]:
    """What happened at the time of each column, where a row is a ticket; and which of them are lengths of time."""
    table = root.table("times")
    if layout != TICKETS:
        if "times" in root:
            root.wrong("times", f"has no place in the layout `{layout}`", "say `layout = \"tickets\"`", "E0608")
        return {}, {}
    if not table.names():
        root.needed("times", "say what happened at each time, such as `\"Resolved\" = \"resolved\"`")
    found, after = {}, {}
    for heading in table.names():
        value = table.any(heading)
        if isinstance(value, dict) and {"after", "unit"} & value.keys():
            inner = table.table(heading)
            start = inner.needed("after", "name the column with the time from which this length runs")
            after[heading] = (start, inner.one_of("unit", UNITS) or inner.needed("unit", f"say {', '.join(UNITS)}"))
            value = {key: one for key, one in value.items() if key not in ("after", "unit")}
        found[heading] = _outcome(table, heading, value, layout)
        if found[heading].type is None and isinstance(value, dict):
            table.wrong(heading, "names no event", "give it a `type`", "E0604")
    return found, after


def _outcomes(root: Table, layout: str) -> dict[str, tuple[Outcome, ...]]:
    if layout == TICKETS:
        for name in ("types", "states"):
            if name in root:
                root.table(name)
                root.wrong(name, f"has no place in the layout `{layout}`", "name the table `[times]`", "E0608")
        return {}
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
    state = None if layout == TICKETS else inner.one_of("state", STATES, implied)
    if type is None and state is None and layout != TICKETS:
        table.wrong(key, "says nothing", "give it a `type`, a `state` or both", "E0604")
    facts: dict[str, Raw] = {} if on is None else {"on": on}
    told = inner.table("facts")
    for name in told.names():
        facts[name] = told.any(name)
        if not plain(facts[name]):
            told.wrong(name, "is no value that a fact can have", "a text, a number, `true` or `false`")
    if type is None and state is not None and (facts or (layout == SNAPSHOTS and state == WAITING)):
        help = "give it a type, with which it is recorded, as `{ type = \"waiting\", on = \"customer\" }`"
        table.wrong(key, "gives no event", help, "E0608")
    found = Outcome(type, state, inner.text("actor"), facts)
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
        if found.name in UTF_16:
            return found.name
        if "\n".encode(found.name) == b"\n" and "é".encode(found.name):
            return found.name
    except (LookupError, UnicodeError, TypeError):
        pass
    told = "use `utf-8`, `utf-16`, `latin-1` or `cp1252`"
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
    elif mapping.layout == TICKETS and (mapping.opened_by or mapping.opens_at_first_row):
        key = "opens" if mapping.opens_at_first_row else "opened_by"
        where = root if mapping.opens_at_first_row else root.table("constants")
        told = 'say it in `[times]`: `{ type = "opened", actor = "customer" }`'
        where.wrong(key, "says nothing of tickets in rows", told, "E0608")
    elif mapping.opened_by and not opened_at and not mapping.opens_at_first_row:
        root.table("constants").wrong(
            "opened_by", "says nothing: no ticket is opened", 'add `opens = "first row"`', "E0608"
        )
    if mapping.actors and "actor" not in mapping.columns:
        root.wrong("actors", "says nothing without a column", "name it: `actor` in `[columns]`", "E0608")
    if mapping.layout == SNAPSHOTS and "id" in mapping.columns:
        columns.wrong("id", "cannot name several events", "leave it out: each gets its own", "E0608")
