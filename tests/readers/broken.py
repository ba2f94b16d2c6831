"""Exports of a help desk, broken in the ways in which real ones are: one file and its mapping for each seed."""

from __future__ import annotations

import gzip
import io
import json
import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

AT = 1_772_438_400_000_000  # 2026-03-02T08:00:00Z
HOUR = 3_600_000_000
TYPES = {
    "acknowledged": "work", "updated": "note", "waiting": "ask", "resumed": "told", "resolved": "solved",
    "reopened": "again", "severity_changed": "level", "closed": "done",
}  # fmt: skip
TIMES = [
    "", " ", None, "2026-03-02T08:00:60Z", "2026-03-02T08:00:00.1234567Z", "2026-03-29T02:30:00", "2026-03-02",
    "2026-10-25T02:30:00", "1969-12-31T23:59:59Z", "2201-01-01T00:00:00Z", "1970-01-21T12:20:38Z", "1772438400",
    " 2026-03-02T08:00:00Z", "2026-03-02T08:00:00,5+0100", "2026-02-30T00:00:00Z", "29/3/2026 02:30", "31/4/2026 10:00",
]
TEXTS = [
    "", " ", "\u2003", None, "?", "x" * 300, "a\r\nb", 'say "hi"', "a,b", "\0", "é", "\U0001f600", "NaN", "1e999",
    "007", "1.0", "1", "true", "null", "\ufeff", " 1", "-1",
]
JSON = [
    "null", "true", "0", "1.0", "1.50", "-0", "1e2", "1e999", "NaN", "12345678901234567890", "1e-200", "[]",
    '"\\ud800"', '["a"]', '["a",null]', "[[1]]", "{}", '{"a":{"b":"c"}}', '{"a":1,"a":2}', '[{"a":1}]', '"\\u0000"',
]
BYTES = [b'"', b"\n", b"\r", b",", b"\0", b"\xff", b"\\", b"{", b"}", b"\xef\xbb\xbf", b"", b"1", b"\xe9"]
FIELDS = ("id", "subject", "type", "at", "actor", "severity", "channel", "on", "sequence", "recorded_at", "target")
HEADINGS = ("ticket", "when", "what", "id", "n", "who", "known", "born", "level", "chan", "cost")
Row = dict[str, Any]


def export(rng: random.Random, folder: Path, number: int = 0) -> tuple[Path, Path | None]:
    """A file, and its mapping or none."""
    log = _happened(rng)
    if rng.random() < 0.4:
        plain = rng.choice([_json_lines, _csv, _parquet])
        return plain(rng, folder / f"log{number}", log, FIELDS, ("at", "recorded_at")), None
    layout = rng.choice(["events", "snapshots"])
    mapping = folder / f"map{number}.toml"
    mapping.write_text(_mapping(rng, layout), "utf-8")
    write = rng.choice([_json_lines, _csv, _parquet, _parquet])
    return write(rng, folder / f"log{number}", _foreign(rng, log), HEADINGS, ("when", "known", "born")), mapping


def _happened(rng: random.Random) -> list[Row]:
    """Tickets as they went, out of order and twice now and then; times in microseconds."""
    found: list[Row] = []
    for ticket in range(rng.randrange(1, 5)):
        at = AT + rng.randrange(40) * HOUR // 2
        for kind in ("opened", *rng.choices([*TYPES, "corrected", "retracted"], k=rng.randrange(5))):
            one: Row = {"id": f"e{len(found)}", "subject": f"T{ticket}", "type": kind, "at": at}
            one["actor"] = "Customer" if kind == "opened" else rng.choice(["Trak", "provider", "Customer", None])
            if kind in ("opened", "severity_changed"):
                one["severity"] = rng.choice([1, 2, "1", "2"])
            if kind in ("corrected", "retracted"):
                one["target"] = f"e{rng.randrange(len(found) + 1)}"
            if rng.random() < 0.3:
                one |= {"sequence": len(found), "recorded_at": at + HOUR, "channel": rng.choice(["web", "fax"])}
            found.append(one)
            at += rng.choice([0, 1, HOUR // 60, HOUR, 5 * HOUR])
    if rng.random() < 0.3:
        rng.shuffle(found)
    for _ in range(rng.choice([0, 0, 1, 2])):
        found.append({**rng.choice(found), **rng.choice([{}, {"at": AT}, {"subject": "T9"}, {"type": "closed"}])})
    return found


def _foreign(rng: random.Random, log: Sequence[Row]) -> list[Row]:
    return [
        {
            "ticket": one["subject"], "when": one["at"], "what": TYPES.get(one["type"], "new"), "id": one["id"],
            "n": one.get("sequence", rng.randrange(4)), "who": one["actor"], "known": one.get("recorded_at"),
            "born": rng.choice([one["at"] - HOUR, None]), "level": one.get("severity", rng.choice([1, 2, None])),
            "chan": one.get("channel"), "cost": rng.choice(["1", "1.50", "1.0", None]),
        }
        for one in log
    ]  # fmt: skip


def _mapping(rng: random.Random, layout: str) -> str:
    def some(line: str, often: float) -> list[str]:
        return [line] if rng.random() < often else []

    states = {"new": "active", "work": "active", "told": "active", "level": "active", "note": "unknown"}
    words = {theirs: ours for ours, theirs in TYPES.items()} | {"new": "opened"}
    words = words | states | {"again": "active"} if layout == "snapshots" else words
    opens = rng.choice(["", "", 'opens = "first row"'])
    born = layout == "snapshots" and not opens and rng.random() < 0.6
    lines = [
        f'layout = "{layout}"', opens, *some('unknown = ["?", ""]', 0.4), *some('precision = "minute"', 0.3),
        "[columns]", 'subject = "ticket"', 'at = "when"', f'{"state" if layout == "snapshots" else "type"} = "what"',
        *some('sequence = "n"', 0.5), *some('actor = "who"', 0.6), *some('recorded_at = "known"', 0.4),
        *(some('id = "id"', 0.5) if layout == "events" else []), *(['opened_at = "born"'] if born else []),
        "[time]", 'zone = "Europe/Rome"', *some('format = "%d/%m/%Y %H:%M"', 0.2), *some('fold = "first"', 0.4),
        *some('gap = "shift"', 0.4), "[states]" if layout == "snapshots" else "[types]",
        *(f'"{theirs}" = "{ours}"' for theirs, ours in words.items()), *some('"*" = { state = "unknown" }', 0.3),
        "[facts.severity]", 'column = "level"', rng.choice(['values = { "1" = 1, "*" = 2 }', 'type = "integer"', ""]),
        *some("last_row = true", 0.2), "[facts]", 'channel = "chan"',
        *some('cost = { column = "cost", type = "number" }', 0.5),
        *some('known = { column = "known", type = "time" }', 0.3),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


# ---- Files ----------------------------------------------------------------------------------------------------------


def _text(rng: random.Random, value: Any, is_time: bool) -> Any:
    if rng.random() < 0.03:
        return rng.choice(TIMES if is_time else TEXTS)
    if not is_time or value is None:
        return value
    told = datetime(1970, 1, 1) + timedelta(microseconds=value)
    if rng.random() < 0.1:
        return told.strftime("%d/%m/%Y %H:%M")
    return told.isoformat() + rng.choice(["Z", "Z", "+00:00"])


def _damaged(rng: random.Random, content: bytes) -> bytes:
    """Now and then cut off, with a byte too many or few, or written by a program of its own mind."""
    way = rng.randrange(16)
    at = rng.randrange(len(content) + 1)
    if way == 0:
        return content[:at]
    if way in (1, 2):
        return content[:at] + rng.choice(BYTES) + content[at + rng.choice([0, 1, 5]) :]
    changes: dict[int, Callable[[], bytes]] = {
        3: lambda: content.replace(b"\n", b"\r\n"), 4: lambda: b"\xef\xbb\xbf" + content,
        5: lambda: content.decode("utf-8", "replace").encode("latin-1", "replace"), 6: lambda: b"",
    }  # fmt: skip
    return changes[way]() if way in changes and rng.random() < 0.5 else content


def _put(rng: random.Random, path: Path, content: bytes) -> Path:
    if rng.random() < 0.1:
        path, content = path.with_name(f"{path.name}.gz"), gzip.compress(content, mtime=0)
        content = content[: rng.randrange(len(content))] if rng.random() < 0.3 else content
    path.write_bytes(content)
    return path


def _json_lines(rng: random.Random, path: Path, log: Sequence[Row], names: Sequence[str], times: Sequence[str]) -> Path:
    lines = []
    for row in log:
        cells = {n: json.dumps(_text(rng, row[n], n in times)) for n in names if n in row and rng.random() < 0.98}
        if rng.random() < 0.1:
            cells[rng.choice([*names, "facts", "seq", "more"])] = rng.choice(JSON)
        if "at" in cells and rng.random() < 0.2:
            cells = {"specversion": '"1.0"', "time": cells.pop("at"), "source": '"/desk"', **cells}
        items = [f'"{name}":{cell}' for name, cell in cells.items()]
        lines.append("{" + ",".join([*items, *rng.choices(items, k=rng.random() < 0.02)]) + "}")
        if rng.random() < 0.03:
            lines.append(rng.choice(["", "  ", "[]", "oops", "[" * 500, lines[-1] + ","]))
    return _put(rng, path.with_suffix(".jsonl"), _damaged(rng, "\n".join(lines).encode()))


def _csv(rng: random.Random, path: Path, log: Sequence[Row], names: Sequence[str], times: Sequence[str]) -> Path:
    heading = [*names, *rng.choices([*names, "", "more"], k=rng.random() < 0.05)]
    rows: list[list[Any]] = [heading]
    for row in log:
        cells = [_text(rng, row.get(name), name in times) for name in heading]
        rows.append(cells[: -1 if rng.random() < 0.02 else None] + ["x"] * (rng.random() < 0.02))
    text = "\n".join(",".join(_cell(rng, cell) for cell in row) for row in rows)
    return _put(rng, path.with_suffix(".csv"), _damaged(rng, (text + rng.choice(["\n", "", '\n"x"y'])).encode()))


def _cell(rng: random.Random, cell: Any) -> str:
    text = "" if cell is None else str(cell)
    quoted = any(char in text for char in '",\n\r') and rng.random() < 0.97
    return '"' + text.replace('"', '""') + '"' if quoted or rng.random() < 0.05 else text


def _parquet(rng: random.Random, path: Path, log: Sequence[Row], names: Sequence[str], times: Sequence[str]) -> Path:
    columns = {}
    for name in names:
        values = [row.get(name) for row in log]
        columns[name] = _instants(rng, values) if name in times else _column(rng, values)
    sink = io.BytesIO()
    how = {"store_schema": rng.random() < 0.7, "use_dictionary": rng.random() < 0.7}
    parquet.write_table(pa.table(columns), sink, row_group_size=rng.choice([3, 7, 100]), **how)
    content = sink.getvalue()
    return _put(rng, path.with_suffix(".parquet"), _damaged(rng, content) if rng.random() < 0.2 else content)


def _instants(rng: random.Random, values: Sequence[int | None]) -> pa.Array:
    """Times of any unit, some of them not of the one that is said."""
    unit, less, more = rng.choice([("s", 10**6, 1), ("ms", 1_000, 1), ("us", 1, 1), ("us", 1, 1), ("ns", 1, 1_000)])
    wrong = rng.choice([1, 1, 1, 1_000, 10**6])
    numbers = [None if n is None else n // less * more // wrong for n in values]
    if rng.random() < 0.2:
        numbers = [rng.choice([n, n, None, 0, -1, 1 << 50, n and n + 1]) for n in numbers]
    if rng.random() < 0.15:
        return pa.array([_text(rng, n, True) for n in values], rng.choice([pa.string(), pa.large_string()]))
    if rng.random() < 0.05:
        return pa.array(numbers, pa.int64())
    return pa.array(numbers, pa.int64()).cast(pa.timestamp(unit, rng.choice(["UTC", "UTC", "America/Denver", None])))


def _column(rng: random.Random, values: Sequence[Any]) -> pa.Array:
    """As text, and now and then as something else."""
    texts = pa.array([None if value is None else str(_text(rng, value, False)) for value in values], pa.string())
    if rng.random() < 0.85:
        return texts if rng.random() < 0.8 else texts.dictionary_encode()
    kinds: list[tuple[pa.DataType, list[Any]]] = [
        (pa.int32(), [1, 2, None]), (pa.uint64(), [1, 2**64 - 1, None]), (pa.float64(), [1.0, 1.5, float("nan"), None]),
        (pa.float32(), [1.0, 0.1]), (pa.decimal128(10, 2), [Decimal("1.00"), None]), (pa.bool_(), [True, None]),
        (pa.date32(), [date(2026, 3, 2), None]), (pa.list_(pa.string()), [["a"], [], None, ["a", None]]),
        (pa.list_(pa.int64()), [[1], None]), (pa.struct([("a", pa.int64())]), [{"a": 1}, None]), (pa.null(), [None]),
        (pa.duration("us"), [5, None]), (pa.time64("us"), [5, None]), (pa.binary(), [b"T1", b"\xff", None]),
        (pa.list_(pa.struct([("a", pa.string())])), [[{"a": "b"}], None]),
        (pa.timestamp("ns", "UTC"), [AT * 1_000 + 1]),
    ]  # fmt: skip
    kind, some = rng.choice(kinds)
    return rng.choice([
        lambda: pa.array([rng.choice(some) for _ in values], kind), lambda: texts.cast(pa.large_string()),
        lambda: texts.cast(pa.string_view()),
    ])()  # fmt: skip
