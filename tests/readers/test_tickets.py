"""Snapshots become events by differences, in whatever order their rows come; tasks say what they imply."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slarules.model.event import Event
from slarules.readers import Rejected, load_mapping, read_events
from slarules.readers.mapping import EventMapping
from slarules.readers.ordering import in_order
from slarules.readers.rows import Row
from slarules.source import Source

SNAPSHOTS = """
layout = "snapshots"
unknown = ["?", ""]
[columns]
subject = "ticket"
state = "state"
at = "changed"
sequence = "n"
opened_at = "opened"
[time]
format = "%H:%M %d/%m/%Y"
zone = "UTC"
[constants]
opened_by = "customer"
actor = "provider"
[states]
"New" = "active"
"Active" = "active"
"Assigned" = { type = "acknowledged", state = "active" }
"Awaiting User" = { type = "waiting", on = "customer" }
"Awaiting Caller" = { type = "waiting", on = "customer" }
"Awaiting Vendor" = { type = "waiting", on = "vendor" }
"Resolved" = "resolved"
"Closed" = "closed"
"-100" = "unknown"
[facts]
group = "group"
[facts.severity]
column = "severity"
type = "integer"
[facts.made_sla]
column = "sla"
type = "yes or no"
last_row = true
"""
HEADING = "ticket,n,changed,state,severity,group,sla,opened\n"


def mapping(text: str = SNAPSHOTS) -> EventMapping:
    found, problems = load_mapping(Source("mapping.toml", text))
    assert found is not None, problems
    return found


def row(
    n: int | str,
    time: str,
    state: str,
    severity: object = 3,
    group: str = "A",
    ticket: str = "T1",
    sla: str = "true",
) -> str:
    return f"{ticket},{n},{time} 2/3/2026,{state},{severity},{group},{sla},07:00 2/3/2026\n"


def read(tmp_path: Path, content: str, how: EventMapping) -> list[Event | Rejected]:
    (tmp_path / "log.csv").write_text(content, encoding="utf-8")
    found = read_events(tmp_path / "log.csv", how)
    assert not found.problems, found.problems
    return list(found)


def short(entry: Event | Rejected) -> str:
    """``08:00 waiting on=customer``."""
    if isinstance(entry, Rejected):
        return f"line {entry.line} {entry.code}"
    minutes = entry.at // 60_000_000 % 1440
    facts = [f"{name}={value}" for name, value in sorted(entry.facts.items())]
    return " ".join([f"{minutes // 60:02}:{minutes % 60:02}", entry.type, *facts])


def story(tmp_path: Path, *rows: str, how: EventMapping | None = None) -> list[str]:
    return [short(entry) for entry in read(tmp_path, HEADING + "".join(rows), how or mapping())]


OPENED = "07:00 opened group=A severity=3"


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ("New", []),
        ("New, New", ["updated"]),
        ("New, Active", ["updated"]),
        ("New, Assigned, Assigned", ["acknowledged", "updated"]),
        ("New, Awaiting User", ["waiting on=customer"]),
        ("Awaiting User", ["waiting on=customer"]),
        ("New, Awaiting User, Active", ["waiting on=customer", "resumed"]),
        ("New, Awaiting User, Assigned", ["waiting on=customer", "resumed acknowledged"]),
        ("New, Awaiting User, Awaiting User", ["waiting on=customer", "updated"]),
        ("New, Awaiting User, Awaiting Caller", ["waiting on=customer", "updated"]),
        ("New, Awaiting User, Awaiting Vendor", ["waiting on=customer", "waiting on=vendor"]),
        ("New, Awaiting User, Resolved", ["waiting on=customer", "resolved"]),
        ("New, Resolved, Closed", ["resolved", "closed"]),
        ("New, Resolved, Resolved", ["resolved", "updated"]),
        ("New, Resolved, Active", ["resolved", "reopened"]),
        ("New, Resolved, Awaiting User", ["resolved", "reopened waiting on=customer"]),
        ("New, Closed, Active, Closed", ["closed", "reopened", "closed"]),
        ("New, Closed, Resolved", ["closed", "reopened resolved"]),
        ("Resolved", ["resolved"]),
        ("New, Awaiting User, -100, Active", ["waiting on=customer", "updated", "resumed"]),
        ("-100, Resolved", ["resolved"]),
    ],
)
def test_states_become_events(tmp_path: Path, states: str, expected: list[str]) -> None:
    rows = [row(n, f"08:{n:02}", state, sla="?") for n, state in enumerate(states.split(", "))]
    first, *rest = story(tmp_path, *rows)
    assert first == OPENED
    minutes = [entry.partition(" ")[0] for entry in rest]
    grouped = [
        " ".join(entry.partition(" ")[2] for entry in rest if entry.startswith(minute))
        for minute in dict.fromkeys(minutes)
    ]
    assert grouped == expected


def test_a_changed_severity_is_an_event_and_other_changes_go_with_what_happened(tmp_path: Path) -> None:
    assert story(
        tmp_path,
        row(0, "08:00", "New"),
        row(1, "08:01", "New", severity=2),
        row(2, "08:02", "New", severity=2, group="B"),
        row(3, "08:03", "New", severity=1, group="C"),
        row(4, "08:04", "Resolved", severity=2, group="D"),
        row(5, "08:05", "Resolved", severity=2, group="?"),
        row(6, "08:06", "Closed", severity=2, group="?", sla="false"),
    ) == [
        "07:00 opened group=A severity=3",
        "08:01 severity_changed severity=2",
        "08:02 updated group=B",
        "08:03 severity_changed group=C severity=1",
        "08:04 severity_changed severity=2",
        "08:04 resolved group=D",
        "08:05 updated group=None",
        "08:06 closed made_sla=False",
    ]


def test_a_severity_that_a_row_does_not_know_stays_what_it_was(tmp_path: Path) -> None:
    assert story(
        tmp_path,
        row(0, "08:00", "New"),
        row(1, "08:01", "New", severity="?"),
        row(2, "08:02", "New", severity=3),
    ) == [OPENED, "08:01 updated", "08:02 updated made_sla=True"]


def test_a_severity_that_is_known_late_is_a_change_from_unknown(tmp_path: Path) -> None:
    assert story(tmp_path, row(0, "08:00", "New", severity="?"), row(1, "08:01", "New", severity=2)) == [
        "07:00 opened group=A",
        "08:01 severity_changed made_sla=True severity=2",
    ]


def test_who_did_it_and_how_events_are_named_and_ordered(tmp_path: Path) -> None:
    found = read(
        tmp_path, HEADING + row(0, "07:00", "Resolved") + row(4, "08:00", "Active", severity=1), mapping()
    )
    assert [(e.id, e.actor, e.sequence) for e in found if isinstance(e, Event)] == [
        ("T1:0:opened", "customer", 0),
        ("T1:0:resolved", "provider", 1),
        ("T1:4:severity_changed", "provider", 40),
        ("T1:4:reopened", "provider", 41),
    ]


def test_rows_of_many_tickets_may_be_mixed_and_in_any_order(tmp_path: Path) -> None:
    rows = [
        row(1, "08:01", "Resolved", ticket="T2"),
        row(2, "09:00", "Resolved"),
        row(0, "08:00", "New"),
        row(0, "08:00", "New", ticket="T2"),
        row(1, "08:00", "Awaiting User"),
    ]
    assert story(tmp_path, *rows) == [
        OPENED,
        "08:00 waiting on=customer",
        "09:00 resolved made_sla=True",
        OPENED,
        "08:01 resolved made_sla=True",
    ]


ROWS = [
    row(n, f"{8 + n // 2:02}:00", state, severity=1 + n % 2, ticket=ticket)
    for ticket in ("T1", "T2", "T3")
    for n, state in enumerate(["New", "Awaiting User", "Active", "Resolved", "Active", "Resolved", "Closed"])
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.permutations(ROWS))
def test_the_order_of_arrival_changes_nothing(tmp_path: Path, rows: list[str]) -> None:
    assert read(tmp_path, HEADING + "".join(rows), mapping()) == read(
        tmp_path, HEADING + "".join(ROWS), mapping()
    )


def test_more_rows_than_are_held_in_memory_are_sorted_on_disk() -> None:
    def one(n: int) -> Row:
        return Row(f"T{n * 7919 % 100:02}", n * 31 % 50, None, n, "New", {}, None, None, (n,))

    rows = [one(n) for n in range(2_500)]
    aside = Rejected(1, "E0620", "", "")
    sorted_rows = sorted(rows, key=lambda r: r.place)
    for run in (7, 1_000, 2_500, 5_000):
        assert list(in_order([rows[0], aside, *rows[1:]], run)) == [aside, *sorted_rows]


def test_a_row_that_is_there_twice_is_one_row(tmp_path: Path) -> None:
    twice = row(1, "08:01", "Active", group="B")
    assert story(tmp_path, row(0, "08:00", "New"), twice, twice) == [
        OPENED,
        "08:01 updated group=B made_sla=True",
    ]


def test_a_count_that_is_there_twice_names_two_events(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        HEADING + row(0, "08:00", "New") + row(1, "08:01", "New") + row(1, "08:02", "New"),
        mapping(),
    )
    assert [e.id for e in found if isinstance(e, Event)] == ["T1:0:opened", "T1:1:updated", "T1:1@4:updated"]


def test_a_row_that_cannot_be_read_is_set_aside_and_the_ticket_goes_on(tmp_path: Path) -> None:
    assert story(
        tmp_path,
        row(0, "08:00", "New"),
        row(1, "08:01", "Lost"),
        row(2, "08:02", "New", severity="high"),
        row(3, "25:00", "New"),
        row(4, "08:04", "Closed"),
    ) == ["line 3 E0634", "line 4 E0635", "line 5 E0631", OPENED, "08:04 closed made_sla=True"]


def test_a_ticket_without_an_opening_is_told(tmp_path: Path) -> None:
    content = row(0, "08:00", "Resolved").replace("07:00 2/3/2026", "?")
    assert story(tmp_path, content) == ["line 2 E0626", "08:00 resolved made_sla=True"]


def test_without_a_count_rows_of_one_instant_stand_as_in_the_file(tmp_path: Path) -> None:
    how = mapping(SNAPSHOTS.replace('sequence = "n"\n', ""))
    found = read(tmp_path, HEADING + row("", "08:00", "New") + row("", "08:00", "Resolved"), how)
    assert [(e.id, e.sequence) for e in found if isinstance(e, Event)] == [
        ("T1:2:opened", 0),
        ("T1:3:resolved", 10),
    ]


def test_snapshots_may_open_at_their_first_row(tmp_path: Path) -> None:
    how = mapping(SNAPSHOTS.replace('opened_at = "opened"\n', "").replace("\n", '\nopens = "first row"\n', 1))
    assert story(tmp_path, row(0, "08:00", "New"), row(1, "08:01", "New"), how=how)[0] == (
        "08:00 opened group=A severity=3"
    )
    never = mapping(SNAPSHOTS.replace('opened_at = "opened"\n', "").replace('opened_by = "customer"\n', ""))
    assert story(tmp_path, row(0, "08:00", "New"), row(1, "08:01", "New"), how=never) == [
        "08:01 updated made_sla=True"
    ]


# Logs of tasks.

TASKS = """
layout = "events"
opens = "first row"
[columns]
subject = "case"
type = "task"
at = "end"
[time]
zone = "Europe/Rome"
[constants]
opened_by = "customer"
actor = "provider"
[types]
"take" = [{ type = "acknowledged", state = "active" }, "responded"]
"wait" = { type = "waiting", on = "customer" }
"resolve" = "resolved"
"close" = "closed"
"note" = "updated"
"skip" = { state = "unknown" }
"""


@pytest.mark.parametrize(
    ("tasks", "expected"),
    [
        ("take", ["opened", "acknowledged", "responded"]),
        ("resolve take", ["opened", "resolved", "reopened", "acknowledged", "responded"]),
        ("wait take", ["opened", "waiting", "resumed", "acknowledged", "responded"]),
        ("wait note resolve close", ["opened", "waiting", "updated", "resolved", "closed"]),
        ("close take", ["opened", "closed", "reopened", "acknowledged", "responded"]),
        ("skip note", ["opened", "updated"]),
    ],
)
def test_what_a_log_of_tasks_implies(tmp_path: Path, tasks: str, expected: list[str]) -> None:
    rows = [f"C1,{task},2026-03-02T09:{n:02}:00\n" for n, task in enumerate(tasks.split())]
    found = read(tmp_path, "case,task,end\n" + "".join(reversed(rows)), mapping(TASKS))
    assert [entry.type for entry in found if isinstance(entry, Event)] == expected
    assert len({entry.id for entry in found if isinstance(entry, Event)}) == len(expected)
    assert isinstance(found[0], Event)
    assert (found[0].actor, found[0].sequence) == ("customer", None)


def test_an_id_of_the_logs_own_names_its_first_event(tmp_path: Path) -> None:
    how = mapping(TASKS.replace('type = "task"', 'type = "task"\nid = "n"'))
    found = read(tmp_path, "n,case,task,end\n17,C1,take,2026-03-02T09:00:00\n", how)
    assert [e.id for e in found if isinstance(e, Event)] == ["17:opened", "17", "17:responded"]
