"""A mapping file's problems are told all at once, each at its line with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from slarules.readers import load_mapping, read_events
from slarules.readers.mapping import FactColumn, Outcome
from slarules.source import Source

SOUND = """
layout = "snapshots"
[columns]
subject = "s"
state = "st"
at = "a"
opened_at = "o"
[states]
"New" = "active"
"""
EVENTS = 'layout = "events"\n[columns]\nsubject = "s"\ntype = "t"\nat = "a"\n'
EXAMPLES = sorted(Path(__file__).parents[2].glob("examples/*/mapping.toml"))


def problems(text: str) -> list[tuple[str, int, str, str | None]]:
    found, diagnostics = load_mapping(Source("mapping.toml", text))
    assert (found is None) == bool(diagnostics)
    return [(d.code, d.span.line, d.message, d.help) for d in diagnostics]


def test_a_sound_mapping() -> None:
    text = (
        SOUND
        + """
"Hold" = { type = "waiting", on = "customer" }
[facts]
site = "x"
[facts.sla]
column = "y"
last_row = true
"""
    )
    found, diagnostics = load_mapping(Source("mapping.toml", text))
    assert diagnostics == ()
    assert found is not None
    assert found.outcomes == {
        "New": (Outcome(state="active"),),
        "Hold": (Outcome("waiting", "waiting", facts={"on": "customer"}),),
    }
    assert found.facts == (FactColumn("site", "x"), FactColumn("sla", "y", last_row=True))
    assert found.needed == ("s", "a", "st", "o", "x", "y")
    assert found.by_ticket


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_the_examples_are_sound(path: Path) -> None:
    assert problems(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "code", "line", "message", "help"),
    [
        ("layout = ", "E0601", 1, "not TOML: invalid value", None),
        ("a = 1\na = 2\n", "E0601", 2, "not TOML: cannot overwrite a value", None),
        (
            SOUND + '[time]\nzone = "Europe/Rom"\n',
            "E0605",
            11,
            "`zone` does not exist",
            "did you mean `Europe/Rome`?",
        ),
        (
            SOUND + '[time]\nzone = "Rome"\n',
            "E0605",
            11,
            "`zone` does not exist",
            "did you mean `Europe/Rome`?",
        ),
        (
            SOUND + '[time]\nformat = "%d/%m/%y"\n',
            "E0606",
            11,
            "`format` cannot be read: `%y` is not known",
            "two digits do not say the century: add `century = 2000`, or write the year in four first, for `%Y`",
        ),
        (
            SOUND + '[time]\nformat = "%d. %B %Y %H:%M"\n',
            "E0606",
            11,
            "`format` cannot be read: `%B` is not known",
            "names depend on the language: write the month as a number first, for `%m`",
        ),
        (
            SOUND + '[time]\nformat = "%d.%m.%Y"\n',
            "E0606",
            11,
            "`format` cannot be read: it has no hour",
            'a date alone names no instant: name the column with the time of day too, `at = ["Date", "Time"]`',
        ),
        (
            EVENTS.replace('at = "a"', 'at = ["day", "day"]'),
            "E0603",
            5,
            "`at` does not name several columns",
            'write them as `["Date", "Time"]`',
        ),
        (
            EVENTS.replace('at = "a"', 'at = ["day"]'),
            "E0603",
            5,
            "`at` does not name several columns",
            'write them as `["Date", "Time"]`',
        ),
        (
            EVENTS.replace('at = "a"', 'at = ["day", 7]'),
            "E0603",
            5,
            "`at` is not a list of texts",
            'write it as `["Date", "Time"]`',
        ),
        (
            EVENTS + '[time]\nformat = "%d/%m/%Y %H:%M"\ncentury = 2000\n',
            "E0608",
            8,
            "`century` says nothing without `%y` in `format`",
            "leave it out",
        ),
        (EVENTS + "[time]\ncentury = 20\n", "E0603", 7, "`century` cannot be `20`", "it is `1900` or `2000`"),
        (
            'precision = "minute"\n' + EVENTS + '[time]\nzone = "UTC"\nday_numbers = 1903\n',
            "E0603",
            9,
            "`day_numbers` cannot be `1903`",
            "it is `1900` or `1904`",
        ),
        (
            'precision = "minute"\n' + EVENTS + "[time]\nday_numbers = 1900\n",
            "E0604",
            7,
            "`zone` is missing in `[time]`",
            "a number of days is a time on somebody's clock: say in which zone it hangs",
        ),
        (
            EVENTS + '[time]\nzone = "UTC"\nday_numbers = 1900\n',
            "E0604",
            1,
            "`precision` is missing",
            'a fraction of a day is hardly ever exact: say `precision = "minute"`, or `"second"` or `"hour"`',
        ),
        (
            'precision = "millisecond"\n' + EVENTS + '[time]\nzone = "UTC"\nday_numbers = 1900\n',
            "E0608",
            1,
            "`precision` cannot be `millisecond` beside `day_numbers`",
            'a fraction of a day is hardly ever exact: say `precision = "minute"`, or `"second"` or `"hour"`',
        ),
        (
            'precision = "minute"\n' + EVENTS + '[time]\nzone = "UTC"\nday_numbers = 1900\nformat = "%Y-%m-%d %H:%M"\n',
            "E0608",
            10,
            "`format` says nothing of numbers of days",
            "leave it or `day_numbers` out",
        ),
        (
            'thousands = "."\n' + EVENTS + '[facts.f]\ncolumn = "f"\ntype = "number"\n',
            "E0608",
            1,
            "`thousands` and `decimal` are both `.`",
            'such as `decimal = ","`',
        ),
        (
            'decimal = ","\n' + EVENTS + '[facts.f]\ncolumn = "f"\n',
            "E0608",
            1,
            "`decimal` says nothing: no fact is a number",
            'give one `type = "number"`',
        ),
        (
            'thousands = "_"\n' + EVENTS + '[facts.f]\ncolumn = "f"\ntype = "number"\n',
            "E0603",
            1,
            "`thousands` cannot be `_`",
            "it is one of `.`, `,`, ` `, `'`, `’`",
        ),
        (
            SOUND + '[time]\ngap = "shift"\n',
            "E0608",
            11,
            "`gap` says nothing without a zone",
            "add `zone`, or leave it out",
        ),
        (
            SOUND + '[time]\nzone = "UTC"\nfold = "frist"\n',
            "E0603",
            12,
            "`fold` cannot be `frist`",
            "did you mean `first`?",
        ),
        ('layuot = "events"\n' + EVENTS, "E0602", 1, "`layuot` is not known here", "did you mean `layout`?"),
        (EVENTS + 'aktor = "x"\n', "E0602", 6, "`aktor` is not known here", "did you mean `actor`?"),
        (
            EVENTS.replace('subject = "s"\n', ""),
            "E0604",
            2,
            "`subject` is missing in `[columns]`",
            "name the column that tells tickets apart",
        ),
        (EVENTS.replace('"s"', "5"), "E0603", 3, "`subject` is not a text", "write it in quotation marks"),
        (
            'layout = "rows"' + EVENTS[17:],
            "E0603",
            1,
            "`layout` cannot be `rows`",
            "it is one of `events`, `snapshots`, `tickets`",
        ),
        (
            'precision = "minutes"\n' + EVENTS,
            "E0603",
            1,
            "`precision` cannot be `minutes`",
            "did you mean `minute`?",
        ),
        (
            'unknown = "?"\n' + EVENTS,
            "E0603",
            1,
            "`unknown` is not a list of texts",
            'write it as `["?", ""]`',
        ),
        (
            'encoding = "utf-32"\n' + EVENTS,
            "E0603",
            1,
            "`encoding` `utf-32` cannot be read line by line",
            "use `utf-8`, `utf-16`, `latin-1` or `cp1252`",
        ),
        (
            'encoding = "klingon"\n' + EVENTS,
            "E0603",
            1,
            "`encoding` `klingon` cannot be read line by line",
            "use `utf-8`, `utf-16`, `latin-1` or `cp1252`",
        ),
        (
            'delimiter = ";;"\n' + EVENTS,
            "E0603",
            1,
            "`delimiter` is not one character",
            'such as `","`, `";"` or `"\\t"`',
        ),
        ("types = 1\n" + EVENTS, "E0603", 1, "`types` is not a table", "write `[types]` and its keys below"),
        (
            EVENTS + '[types]\n"a b" = 1\n',
            "E0603",
            7,
            "`a b` is no event's type and no table",
            'write `{ type = "waiting", on = "customer" }`',
        ),
        (
            EVENTS + '[types]\na = "set aside"\n',
            "E0603",
            7,
            "`type` cannot be `set aside`",
            "an event's type is one word, such as `severity_changed`",
        ),
        (
            EVENTS + '[types]\na = { on = "x" }\n',
            "E0604",
            7,
            "`a` says nothing",
            "give it a `type`, a `state` or both",
        ),
        (
            EVENTS + '[types]\na = { type = "x", stat = "active" }\n',
            "E0602",
            7,
            "`stat` is not known here",
            "did you mean `state`?",
        ),
        (
            EVENTS + "[types]\na = []\n",
            "E0603",
            7,
            "`a` gives 0 events",
            "one to 5 can follow from one value",
        ),
        (
            SOUND + '"Old" = ["resolved", "closed"]\n',
            "E0603",
            10,
            "`Old` gives 2 events",
            "a state gives one",
        ),
        (
            EVENTS + '[states]\na = "resolved"\n',
            "E0608",
            6,
            "`states` has no place in the layout `events`",
            "name the table `[types]`",
        ),
        (
            SOUND.partition("[states]")[0],
            "E0604",
            1,
            "`states` is missing",
            'say what each state means, such as `"Resolved" = "resolved"`',
        ),
        (
            EVENTS + 'opened_at = "o"\n',
            "E0608",
            6,
            "`opened_at` is read from snapshots only",
            'say `opens = "first row"`',
        ),
        (
            'opens = "first row"' + SOUND,
            "E0608",
            7,
            "`opened_at` and `opens` both say when a ticket is opened",
            "leave one out",
        ),
        (
            EVENTS + '[constants]\nopened_by = "customer"\n',
            "E0608",
            7,
            "`opened_by` says nothing: no ticket is opened",
            'add `opens = "first row"`',
        ),
        (
            EVENTS + '[actors]\n"*" = "provider"\n',
            "E0608",
            6,
            "`actors` says nothing without a column",
            "name it: `actor` in `[columns]`",
        ),
        (
            SOUND.replace("[states]", 'id = "i"\n[states]'),
            "E0608",
            8,
            "`id` cannot name several events",
            "leave it out: each gets its own",
        ),
        (
            EVENTS + '[facts.f]\ncolumn = "f"\ntype = "integr"\n',
            "E0603",
            8,
            "`type` cannot be `integr`",
            "did you mean `integer`?",
        ),
        (
            EVENTS + '[facts.f]\ntype = "text"\n',
            "E0604",
            6,
            "`column` is missing in `[facts.f]`",
            "name the column that the fact is read from",
        ),
        (
            EVENTS + '[facts.f]\ncolumn = "f"\ntype = "text"\nvalues = { a = 1 }\n',
            "E0608",
            8,
            "`type` says nothing beside `values`",
            "leave one of them out",
        ),
        (
            EVENTS + '[facts.f]\ncolumn = "f"\nvalues = { a = 2026-03-02 }\n',
            "E0603",
            8,
            "`a` is no value that a fact can have",
            "a text, a number, `true` or `false`",
        ),
        (
            EVENTS + '[facts.f]\ncolumn = "f"\nlast_row = 1\n',
            "E0603",
            8,
            "`last_row` is not `true` or `false`",
            None,
        ),
    ],
)
def test_each_problem(text: str, code: str, line: int, message: str, help: str | None) -> None:
    found = problems(text)
    assert len(found) == 1, found
    assert found[0][:2] == (code, line)
    assert found[0][2].startswith(message)
    assert found[0][3] == help


def test_all_problems_are_told_at_once() -> None:
    text = """precision = "week"
layout = "events"
[columns]
subject = "s"
[time]
zone = "Nowhere"
formt = "x"
"""
    assert [(code, line) for code, line, _, _ in problems(text)] == [
        ("E0603", 1),
        ("E0604", 3),
        ("E0604", 3),
        ("E0605", 6),
        ("E0602", 7),
    ]


def test_a_mapping_that_cannot_be_read_keeps_the_log_from_being_read(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("s,t,a\n", encoding="utf-8")
    found = read_events(tmp_path / "log.csv", tmp_path / "none.toml")
    assert [d.message for d in found.problems] == ["the mapping cannot be read: no such file or directory"]
    (tmp_path / "bad.toml").write_bytes(b'layout = "\xe9"\n')
    assert read_events(tmp_path / "log.csv", tmp_path / "bad.toml").problems[0].code == "E0601"
    (tmp_path / "bom.toml").write_bytes(b"\xef\xbb\xbf" + EVENTS.replace("\n", "\r\n").encode())
    assert read_events(tmp_path / "log.csv", tmp_path / "bom.toml").problems == ()
    assert list(found) == []


@pytest.mark.parametrize(
    "text",
    [
        SOUND + '"Hold" = { state = "waiting", on = "customer" }\n',
        SOUND + '"Hold" = { state = "waiting" }\n',
        SOUND + '"Done" = { state = "resolved", facts = { by_phone = true } }\n',
        EVENTS + '[types]\n"hold" = { state = "waiting", on = "customer" }\n',
    ],
)
def test_what_is_recorded_with_no_event_is_told(text: str) -> None:
    """A waiting that is none would leave a clock running."""
    ((code, line, message, help),) = problems(text)
    assert (code, line) == ("E0608", len(text.splitlines()))
    assert message.endswith("gives no event")
    assert '`{ type = "waiting", on = "customer" }`' in (help or "")


def test_a_state_without_an_event() -> None:
    for text in (SOUND + '"Odd" = { state = "unknown" }\n', EVENTS + '[types]\n"x" = { state = "waiting" }\n'):
        assert problems(text) == []
