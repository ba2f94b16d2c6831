"""What help desks export, each in its own way, read row by row and in columns with the same outcome."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from slarules.calendars.zones import SECOND
from slarules.model.event import Event
from slarules.readers import load_mapping
from slarules.readers.columns.mapped import Mapped
from slarules.readers.columns.reading import ColumnReading
from slarules.readers.lengths import CLOCK, length
from slarules.readers.mapping import EventMapping
from slarules.readers.numbers import NumberFormat
from slarules.readers.rejects import Refused, Rejected
from slarules.source import Source
from tests.readers.both import compared

LIST = """
layout = "tickets"
precision = "minute"
{top}
[columns]
subject = "Id"
{columns}
[time]
format = "%Y-%m-%d %H:%M"
zone = "UTC"
[constants]
actor = "provider"
[times]
"Created at" = {{ type = "opened", actor = "customer" }}
{times}
{rest}
"""
HISTORY = """
layout = "events"
{top}
[columns]
subject = "Case"
at = "Date"
type = ["Field", "New"]
actor = "By"
[actors]
ada = "customer"
"*" = "provider"
[types]
{types}
"""


def mapping(text: str) -> EventMapping:
    found, problems = load_mapping(Source("mapping.toml", text))
    assert found is not None, problems
    return found


def listed(times: str = "", rest: str = "", top: str = "", columns: str = "") -> EventMapping:
    return mapping(LIST.format(times=times, rest=rest, top=top, columns=columns))


def read(folder: Path, content: str, how: EventMapping, name: str = "log.csv") -> list[Event | Rejected]:
    (folder / name).write_text(content, encoding="utf-8")
    found = compared(folder / name, how)
    assert not found.problems, found.problems
    return list(found)


def told(entries: list[Event | Rejected]) -> list[tuple[str, str, str | None, dict[str, object]]]:
    """Of each event its id, its time of day, who did it, and what was recorded."""
    return [
        (e.id, f"{datetime.fromtimestamp(e.at / 1e6, UTC):%H:%M}", e.actor, dict(e.facts))
        for e in entries
        if isinstance(e, Event)
    ]


def refusals(entries: list[Event | Rejected]) -> list[tuple[int, str, str]]:
    return [(entry.line, entry.code, entry.cause) for entry in entries if isinstance(entry, Rejected)]


# ---- A row a ticket -----------------------------------------------------------------------------------------------

TICKETS = """Id,Priority,Created at,First reply,Solved at
7,High,2026-03-02 09:05,2026-03-02 09:52,2026-03-02 15:00
8,Low,2026-03-02 10:00,,
"""


def test_each_time_of_a_row_is_an_event(tmp_path: Path) -> None:
    how = listed(
        '"First reply" = "responded"\n"Solved at" = { type = "resolved", facts = { automatic = false } }',
        '[facts.severity]\ncolumn = "Priority"\nvalues = { "High" = 1, "Low" = 3 }',
    )
    assert told(read(tmp_path, TICKETS, how)) == [
        ("7:opened", "09:05", "customer", {"severity": 1}),
        ("7:responded", "09:52", "provider", {}),
        ("7:resolved", "15:00", "provider", {"automatic": False}),
        ("8:opened", "10:00", "customer", {"severity": 3}),
    ]


def test_a_fact_that_is_known_at_the_end_goes_with_the_last_event(tmp_path: Path) -> None:
    how = listed('"Solved at" = "resolved"', '[facts.severity]\ncolumn = "Priority"\nlast_row = true')
    entries = read(tmp_path, TICKETS, how)
    assert [facts for *_, facts in told(entries)] == [{}, {"severity": "High"}, {"severity": "Low"}]


def test_events_come_by_time_and_two_of_a_type_are_told_apart(tmp_path: Path) -> None:
    how = listed('"First reply" = "responded"\n"Last reply" = "responded"', '[facts]\nprio = "Priority"')
    rows = "Id,Priority,Created at,First reply,Last reply\n7,P1,2026-03-02 09:05,2026-03-02 09:00,2026-03-02 15:00\n"
    assert told(read(tmp_path, rows, how)) == [
        ("7:responded", "09:00", "provider", {"prio": "P1"}),
        ("7:opened", "09:05", "customer", {}),
        ("7:responded:2", "15:00", "provider", {}),
    ]


def test_a_row_without_any_time_or_with_a_wrong_one_is_set_aside(tmp_path: Path) -> None:
    how = listed('"Solved at" = "resolved"', columns='actor = "Agent"')
    rows = "Id,Agent,Created at,Solved at\n7,provider,,\n8,,2026-03-02 10:00,yesterday\n,,2026-03-02 10:00,\n"
    entries = read(tmp_path, rows + "9,bob,2026-03-02 10:00,2026-03-02 10:30\n", how)
    assert refusals(entries) == [
        (2, "E0626", "the columns `Created at`, `Solved at` have no time"),
        (3, "E0631", "the column `Solved at`: `yesterday` is not a time written as `%Y-%m-%d %H:%M`"),
        (4, "E0626", "the column `Id` is empty"),
    ]
    assert [actor for _, _, actor, _ in told(entries)] == ["customer", "bob"]


@pytest.mark.parametrize(
    ("unit", "cell", "at"),
    [
        ("minutes", "47", "09:52"),
        ("minutes", "0", "09:05"),
        ("minutes", "1.5", "09:06"),
        ("hours", "2,25", "11:20"),
        ("hours", "1.02,5", None),
        ("hh:mm:ss", "02:15:30", "11:20"),
        ("hh:mm:ss", "26:15", "11:20"),
        ("hh:mm:ss", "2:65:00", None),
        ("hh:mm:ss", "47", None),
        ("seconds", "90", "09:06"),
        ("minutes", "-5", None),
        ("minutes", "soon", None),
        ("minutes", "1e99", None),
    ],
)
def test_a_length_of_time_runs_from_another_column(tmp_path: Path, unit: str, cell: str, at: str | None) -> None:
    comma = 'delimiter = ";"' + ('\ndecimal = ","\nthousands = "."' if unit == "hours" else "")
    how = listed(f'"First reply" = {{ type = "responded", after = "Created at", unit = "{unit}" }}', top=comma)
    entries = read(tmp_path, f"Id;Created at;First reply\n7;2026-03-02 09:05;{cell}\n", how)
    if at is None:
        assert refusals(entries) == [
            (2, "E0631", f"the column `First reply`: `{cell}` is not a length of time in {unit}")
        ]
    else:
        assert [time for _, time, _, _ in told(entries)] == ["09:05", at]


def test_a_length_is_read_to_the_second() -> None:
    assert length("02:15:30", CLOCK, NumberFormat()) == 8_130 * SECOND
    assert length("0:59:59", CLOCK, NumberFormat()) == 3_599 * SECOND
    for wrong in ("0:60:00", "0:00:60"):
        with pytest.raises(Refused):
            length(wrong, CLOCK, NumberFormat())


def test_a_length_of_time_that_runs_from_nothing(tmp_path: Path) -> None:
    how = listed('"First reply" = { type = "responded", after = "Created at", unit = "minutes" }')
    entries = read(tmp_path, "Id,Created at,First reply\n7,,5\n8,2026-03-02 09:05,\n", how)
    cause = "the column `Created at` is empty, from which `First reply` runs"
    assert refusals(entries) == [(2, "E0626", cause)]
    assert len(told(entries)) == 1


def test_tickets_of_json_lines(tmp_path: Path) -> None:
    how = listed('"reply.minutes" = { type = "responded", after = "Created at", unit = "minutes" }')
    lines = '{"Id": 7, "Created at": "2026-03-02 09:05", "reply": {"minutes": 47}}\n{"Id": 8, "reply": {}}\n'
    entries = read(tmp_path, lines, how, "log.jsonl")
    assert [id for id, *_ in told(entries)] == ["7:opened", "7:responded"]
    assert [code for _, code, _ in refusals(entries)] == ["E0626"]


def test_a_length_that_the_file_holds_as_a_number_has_a_point(tmp_path: Path) -> None:
    how = listed(
        '"reply.hours" = { type = "responded", after = "Created at", unit = "hours" }',
        top='decimal = ","\nthousands = "."',
    )
    lines = '{"Id": 7, "Created at": "2026-03-02 09:00", "reply": {"hours": 1.125}}\n'
    assert [time for _, time, _, _ in told(read(tmp_path, lines, how, "log.jsonl"))] == ["09:00", "10:07"]


# ---- A row a change -----------------------------------------------------------------------------------------------

CHANGES = """Case,Field,Old,New,Date,By
1,Created,,,2026-03-02T09:05:00Z,ada
1,Status,New,Waiting,2026-03-02T10:00:00Z,bob
1,Owner,,Bob,2026-03-02T10:01:00Z,bob
1,Priority,P2,P1,2026-03-02T10:05:00Z,bob
1,Status,Waiting,Working,2026-03-02T12:00:00Z,ada
1,Status,Working,Frozen,2026-03-02T13:00:00Z,bob
1,Closed,,,2026-03-02T15:00:00Z,bob
"""
TYPES = """
"Created = " = "opened"
"Status = Waiting" = { type = "waiting", on = "customer" }
"Status = Working" = { state = "active" }
"Priority = P1" = { type = "severity_changed", facts = { severity = 1 } }
"Owner = *" = { state = "unknown" }
"Closed = " = "resolved"
"""


def test_what_happened_may_stand_in_two_columns(tmp_path: Path) -> None:
    entries = read(tmp_path, CHANGES, mapping(HISTORY.format(types=TYPES, top="")))
    assert [(id.rpartition(":")[2], *rest) for id, *rest in told(entries)] == [
        ("opened", "09:05", "customer", {}),
        ("waiting", "10:00", "provider", {"on": "customer"}),
        ("severity_changed", "10:05", "provider", {"severity": 1}),
        ("resumed", "12:00", "customer", {}),
        ("resolved", "15:00", "provider", {}),
    ]
    assert refusals(entries) == [(7, "E0634", "the type `Status = Frozen` is not in the mapping")]


def test_a_star_stands_for_what_no_other_line_names(tmp_path: Path) -> None:
    for star, many in (('"*"', 6), ('"Status = *"', 6)):
        how = mapping(HISTORY.format(types=TYPES + f'{star} = "updated"', top=""))
        entries = read(tmp_path, CHANGES, how)
        assert len(told(entries)) == many and refusals(entries) == []


def test_a_state_in_two_columns(tmp_path: Path) -> None:
    text = 'layout = "snapshots"\n[columns]\nsubject = "s"\nstate = ["state", "why"]\nat = "at"\n[states]\n'
    text += '"Hold = Caller" = { type = "waiting", on = "customer" }\n'
    text += '"Hold = *" = { type = "waiting", on = "vendor" }\n'
    rows = "T1,Open,,2026-03-02T08:00:00Z\nT1,Hold,Caller,2026-03-02T09:00:00Z\nT1,Hold,Part,2026-03-02T10:00:00Z\n"
    entries = read(tmp_path, "s,state,why,at\n" + rows, mapping(text + '"Open = " = "active"\n'))
    assert [facts.get("on") for *_, facts in told(entries)] == ["customer", "vendor"]


# ---- Mappings that cannot be meant --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (LIST.format(times='"x" = { actor = "provider" }', rest="", top="", columns=""), "E0604", "`x` names no event"),
        (
            LIST.format(times='"x" = { type = "a", state = "active" }', rest="", top="", columns=""),
            "E0602",
            "`state` is not known here",
        ),
        (LIST.format(times='"x" = "a"', rest="", top="", columns='at = "x"'), "E0602", "`at` is not known here"),
        (
            LIST.format(times='"x" = "a"', rest='[types]\n"a" = "b"', top="", columns=""),
            "E0608",
            "`types` has no place in the layout `tickets`",
        ),
        (
            LIST.format(times='"x" = "a"', rest="", top='opens = "first row"', columns=""),
            "E0608",
            "`opens` says nothing of tickets in rows",
        ),
        (
            LIST.format(times='"x" = { type = "a", unit = "hours" }', rest="", top="", columns=""),
            "E0604",
            "`after` is missing in `[times.x]`",
        ),
        (
            LIST.format(times='"x" = { type = "a", after = "y", unit = "days" }', rest="", top="", columns=""),
            "E0603",
            "`unit` cannot be `days`",
        ),
        (
            LIST.format(times='"x" = { type = "a", after = "y", unit = "hours" }', rest="", top="", columns="").replace(
                'precision = "minute"', 'precision = "second"'
            ),
            "E0608",
            "`x` counts hours, and `precision` is finer",
        ),
        ('layout = "tickets"\n[columns]\nsubject = "s"\n', "E0604", "`times` is missing"),
        (
            HISTORY.format(types='"a" = "b"', top="") + '[times]\n"x" = "a"\n',
            "E0608",
            "`times` has no place in the layout `events`",
        ),
        (
            HISTORY.format(types='"a" = { type = "b", facts = { x = [1] } }', top=""),
            "E0603",
            "`x` is no value that a fact can have",
        ),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_told(text: str, code: str, message: str) -> None:
    found, problems = load_mapping(Source("mapping.toml", text))
    assert found is None
    assert [(one.code, one.message) for one in problems] == [(code, message)]


# ---- Files that a mapping is yet to be written for ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "help"),
    [
        ("log.csv", '"id";"at";\n', 'a mapping with `delimiter = ";"` cuts it at `;`'),
        ("log.tsv", '"id"\t"at"\n', 'a mapping with `delimiter = "\\t"` cuts it at `\\t`'),
        ("log.txt", "id\tat\n", 'its first line is one cell; a mapping with `delimiter = "\\t"` cuts it at `\\t`'),
        ("log.csv", "sep=;\nid;at\n", "its first line only tells a spreadsheet what divides cells: take that line out"),
        (
            "log.xlsx",
            "PK",
            "save the sheet as CSV; "
            "read are .jsonl, .ndjson, .json, .csv, .tsv, .txt, .parquet, also as .gz or in a .zip",
        ),
    ],
)
def test_what_to_do_about_a_file_is_told(tmp_path: Path, name: str, content: str, help: str) -> None:
    (tmp_path / name).write_text(content)
    (problem,) = compared(tmp_path / name).problems
    assert problem.help == help
    assert problem.code == ("E0607" if help.startswith("its") else "E0610")


# ---- In columns -----------------------------------------------------------------------------------------------------


def test_lists_and_histories_are_read_in_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not row by row, which takes twenty times as long."""

    def nobody(*_: object) -> Iterator[Event | Rejected]:
        raise AssertionError("read row by row")

    monkeypatch.setattr(Mapped, "_events", nobody)
    monkeypatch.setattr(ColumnReading, "_row_by_row", nobody)
    how = listed('"First reply" = "responded"\n"Solved at" = { type = "resolved", facts = { automatic = false } }')
    assert len(read(tmp_path, TICKETS, how)) == 4
    changes = "Case,Date,Field,New,By\n1,2026-03-02T09:00:00Z,Status,Closed,ada\n1,2026-03-02T10:00:00Z,Owner,bob,bob\n"
    history = mapping(HISTORY.format(top="", types='"Status = Closed" = "resolved"\n"Owner = *" = "updated"'))
    assert [one.type for one in read(tmp_path, changes, history) if isinstance(one, Event)] == ["resolved", "updated"]


@pytest.mark.parametrize("seed", range(12))
def test_random_lists_are_read_alike(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    how = listed(
        '"First reply" = "responded"\n"Last reply" = "responded"\n'
        '"Solved at" = { type = "resolved", actor = "customer", '
        'facts = { automatic = false, rate = 1.5, why = "done" } }\n'
        '"Open for" = { type = "closed", after = "Created at", unit = "minutes", facts = { on = "customer" } }',
        '[facts.severity]\ncolumn = "Priority"\nvalues = { "High" = 1, "Low" = 3 }\n'
        '[facts.rating]\ncolumn = "Rating"\ntype = "number"\nlast_row = true\n'
        '[facts.agents]\ncolumn = "Agents"\ntype = "integer"',
        columns='actor = "Agent"\nagreement = "Contract"\nrecorded_at = "Exported"',
    )
    times = ["2026-03-02 09:05", "2026-03-02 09:06", "2026-03-02 15:00", "", "", "soon"]
    cells = {
        "Id": ["7", "8", "9", "10", ""], "Priority": ["High", "Low", "", "Odd"], "Rating": ["4", "2.5", "", "-"],
        "Agents": ["1", "2", "", "two"], "Agent": ["provider", "bob", ""], "Contract": ["C1", ""],
        "Exported": ["2026-03-03 00:00", ""], **dict.fromkeys(("Created at", "First reply"), times),
        **dict.fromkeys(("Last reply", "Solved at"), times), "Open for": ["90", "", "", "-1", "many", "1.5"],
    }  # fmt: skip
    likely = rng.choice([0.0, 0.3, 1.0])
    rows = [
        ",".join(rng.choice(own if rng.random() < likely else own[:2]) for own in cells.values()) for _ in range(60)
    ]
    read(tmp_path, "\n".join([",".join(cells), *rows, ""]), how)


@pytest.mark.parametrize("seed", range(4))
def test_random_histories_are_read_alike(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    types = (
        '"Status = Closed" = { type = "resolved", facts = { automatic = true } }\n"Status = *" = "updated"\n'
        '"Owner = *" = [{ type = "updated", facts = { rate = 2, why = "moved" } }, { type = "acknowledged" }]'
    )
    how = mapping(HISTORY.format(top="", types=types))
    cells = [
        ["1", "2", ""], [f"2026-03-02T0{n}:00:00Z" for n in range(9)], ["Status", "Owner", "", "Other"],
        ["Closed", "Open", ""], ["ada", "bob", ""],
    ]  # fmt: skip
    rows = [",".join(map(rng.choice, cells)) for _ in range(60)]
    read(tmp_path, "\n".join(["Case,Date,Field,New,By", *rows, ""]), how)
