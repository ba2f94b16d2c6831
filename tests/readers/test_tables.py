"""CSV and Parquet, packed and plain: rows become events or are set aside; a file's own faults are told."""

from __future__ import annotations

import gzip
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from slarules.diagnostics import Level
from slarules.model.event import Event
from slarules.readers import Reading, Rejected, load_mapping, read_events
from slarules.readers.mapping import EventMapping
from slarules.source import Source

EIGHT = 1_772_438_400_000_000
HEADING = "id,subject,type,at,actor,severity\n"
ROW = "e1,T1,opened,2026-03-02T08:00:00Z,customer,2\n"
MAPPING = """
layout = "events"
source = "desk-2"
[columns]
subject = "ticket"
type = "what"
at = "when"
sequence = "n"
actor = "who"
[time]
zone = "Europe/Rome"
[actors]
"agent" = "provider"
"*" = "customer"
[types]
"new" = "opened"
"hold" = { type = "waiting", on = "customer", actor = "provider" }
[facts]
site = "site"
[facts.severity]
column = "level"
values = { "high" = 1, "low" = 2 }
[facts.hours]
column = "hours"
type = "number"
"""
COLUMNS = "ticket,what,when,n,who,site,level,hours,more\n"


def mapping(text: str = MAPPING) -> EventMapping:
    found, problems = load_mapping(Source("mapping.toml", text))
    assert found is not None, problems
    return found


def reading(
    tmp_path: Path,
    content: str | bytes,
    name: str = "log.csv",
    how: EventMapping | None = None,
    strict: bool = False,
) -> Reading:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_events(path, how, strict)


def events(found: Reading) -> list[Event]:
    assert not found.problems, found.problems
    entries = list(found)
    assert all(isinstance(entry, Event) for entry in entries), entries
    return [entry for entry in entries if isinstance(entry, Event)]


def rejects(found: Reading) -> list[tuple[int, str, str]]:
    return [(entry.line, entry.code, entry.cause) for entry in found if isinstance(entry, Rejected)]


def problem(found: Reading) -> tuple[str, str, str | None]:
    (one,) = found.problems
    assert one.level is Level.ERROR
    assert list(found) == []
    return one.code, one.message, one.help


# CSV.


def test_columns_named_like_an_events_fields_need_no_mapping(tmp_path: Path) -> None:
    (found,) = events(reading(tmp_path, HEADING + ROW))
    assert found == Event(
        id="e1", subject="T1", type="opened", at=EIGHT, actor="customer", facts={"severity": "2"}
    )


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_a_byte_order_mark_and_line_ends_make_no_difference(tmp_path: Path, start: bytes, end: str) -> None:
    content = start + (HEADING + ROW).replace("\n", end or "\n").encode()
    assert len(events(reading(tmp_path, content if end else content.rstrip()))) == 1


def test_an_empty_cell_says_nothing(tmp_path: Path) -> None:
    (found,) = events(reading(tmp_path, HEADING + "e1,T1,opened,2026-03-02T08:00:00Z,,\n\n"))
    assert (found.actor, found.facts) == (None, {})


def test_unknown_columns_are_counted_and_under_strict_refused(tmp_path: Path) -> None:
    found = reading(tmp_path, HEADING + ROW)
    assert len(list(found)) == 1
    assert found.tally.unknown_fields == {"severity": 1}
    assert rejects(reading(tmp_path, HEADING + ROW, strict=True))[0][1] == "E0628"


def test_a_missing_column_is_one_diagnostic_that_names_those_that_are_there(tmp_path: Path) -> None:
    assert problem(reading(tmp_path, "id,subject,when\n1,2,3\n")) == (
        "E0607",
        "`log.csv` has no column `type`, `at`",
        "its columns are `id`, `subject`, `when`; a mapping says what they are",
    )
    assert problem(reading(tmp_path, "id;subject;type;at\n1;2;3;4\n"))[2] == (
        'its first line is one cell; a mapping with `delimiter = ";"` cuts it at `;`'
    )
    assert "`delimiter = \"\\t\"` cuts it at `\\t`" in str(problem(reading(tmp_path, "id\tsubject\n1\t2\n"))[2])
    path = tmp_path / "mapping.toml"
    path.write_text(MAPPING, encoding="utf-8")
    (tmp_path / "log.csv").write_text("ticket,when,n,who,site,level\n", encoding="utf-8")
    found = read_events(tmp_path / "log.csv", path)
    assert problem(found) == (
        "E0607",
        "`log.csv` has no column `what`, `hours`",
        "its columns are `ticket`, `when`, `n`, `who`, `site`, `level`",
    )
    assert (found.problems[0].span.text, found.problems[0].span.line) == ('"what"', 6)


def test_a_column_that_is_there_twice(tmp_path: Path) -> None:
    assert problem(reading(tmp_path, "id,subject,type,at,at\n"))[1] == "`log.csv` has twice the column `at`"
    twice = COLUMNS.replace("more", "more,more")
    assert events(reading(tmp_path, twice, how=mapping())) == [], "no harm in a column that nobody reads"


@pytest.mark.parametrize("content", ["", "\ufeff", "\n", '"a\n'])
def test_a_file_without_a_heading(tmp_path: Path, content: str) -> None:
    assert problem(reading(tmp_path, content)) == (
        "E0610",
        "`log.csv` has no readable first line with its columns' headings",
        None,
    )


def test_a_heading_in_another_encoding(tmp_path: Path) -> None:
    found = reading(tmp_path, "id,subject,type,at,Priorit\u00e4t\n".encode("cp1252"))
    assert problem(found) == (
        "E0610",
        "`log.csv` has no readable first line with its columns' headings",
        'save it as UTF-8; or a mapping names another encoding, as `encoding = "cp1252"` of Windows',
    )


@pytest.mark.parametrize(
    ("beginning", "what", "help"),
    [
        (b"\x1f\x8b\x08\x00", "is packed by gzip, which its name does not say", "`log.jsonl.gz`"),
        (b"PK\x03\x04", "is an archive or a spreadsheet, which its name does not say", "save a sheet as CSV"),
        (b"PAR1\x15", "is a Parquet file, which its name does not say", "`.parquet`"),
    ],
)
@pytest.mark.parametrize("name", ["log.csv", "log.jsonl"])
def test_bytes_of_another_kind_than_the_name_says(
    tmp_path: Path, name: str, beginning: bytes, what: str, help: str
) -> None:
    (tmp_path / name).write_bytes(beginning + b"\x00\n" * 20)
    code, message, hint = problem(read_events(tmp_path / name))
    assert (code, message) == ("E0610", f"`{name}` {what}")
    assert help in str(hint)


def test_a_line_that_is_one_cell_says_where_it_is_cut(tmp_path: Path) -> None:
    """Also where the mapping says so, and wrongly."""
    path = tmp_path / "mapping.toml"
    path.write_text('delimiter = ";"\n' + MAPPING, encoding="utf-8")
    (tmp_path / "log.csv").write_text("ticket,what,hours,when,n,who,site,level\n", encoding="utf-8")
    help = str(problem(read_events(tmp_path / "log.csv", path))[2])
    assert help == 'its first line is one cell; a mapping with `delimiter = ","` cuts it at `,`'


def test_a_heading_alone_is_a_log_without_events(tmp_path: Path) -> None:
    assert events(reading(tmp_path, HEADING)) == []


def test_an_empty_file_of_json_lines_is_told(tmp_path: Path) -> None:
    found = reading(tmp_path, "", "log.jsonl")
    assert [(p.code, p.level, p.message) for p in found.problems] == [
        ("E0611", Level.WARNING, "`log.jsonl` is empty")
    ]
    assert list(found) == []


def test_rows_that_do_not_fit(tmp_path: Path) -> None:
    content = (
        HEADING
        + ROW
        + "e2,T1\n"
        + 'e3,"a"b,opened,2026-03-02T08:00:00Z,,\n'
        + 'e4,"T\n1",opened,2026-03-02T08:00:00,,\n'
        + ROW.replace("e1", "e5")
        + 'e6,"unclosed\n'
    )
    found = reading(tmp_path, content)
    entries = list(found)
    assert [entry.id for entry in entries if isinstance(entry, Event)] == ["e1", "e5"]
    assert [(e.line, e.code) for e in entries if isinstance(e, Rejected)] == [
        (3, "E0629"),
        (4, "E0629"),
        (5, "E0632"),
        (8, "E0629"),
    ]
    assert "the row has 2 cells, the heading 6" in [cause for _, _, cause in rejects(found)]


def test_another_encoding_is_refused_line_by_line_until_the_mapping_names_it(tmp_path: Path) -> None:
    rows = "T1,new,2026-03-02 09:00,1,x,Forlì,high,,\nT2,new,2026-03-02 09:00,1,x,,,,\n"
    content = (COLUMNS + rows).encode("latin-1")
    found = reading(tmp_path, content, how=mapping())
    assert rejects(found) == [(2, "E0620", "byte 33 of the line, 0xec, is not UTF-8")]
    assert found.tally.events == 1
    latin = events(reading(tmp_path, content, how=mapping('encoding = "latin-1"' + MAPPING)))
    assert latin[0].facts["site"] == "Forlì"


def test_a_long_line_and_a_long_cell_are_set_aside(tmp_path: Path) -> None:
    long, cell = '"' + "x" * 2_000_000 + '",1\n', "e2,T1," + "y" * 200_000 + ",z,,\n"
    found = reading(tmp_path, HEADING + long + cell + ROW)
    assert [(line, code) for line, code, _ in rejects(found)] == [(2, "E0625"), (3, "E0629")]
    assert found.tally.events == 1


# Through a mapping.


def test_a_mapping_says_what_the_columns_mean(tmp_path: Path) -> None:
    content = COLUMNS + (
        "T1,new,2026-03-02 09:00,4,ann,Rome,high,1.50,x\nT1,hold,2026-03-02T10:00:00+01:00,,agent,,,,\n"
    )
    first, second = events(reading(tmp_path, content, how=mapping()))
    assert first == Event(
        id="T1:2:opened",
        subject="T1",
        type="opened",
        at=EIGHT,
        actor="customer",
        source="desk-2",
        sequence=4,
        facts={"site": "Rome", "severity": 1, "hours": Decimal("1.50")},
    )
    assert (second.type, second.actor, dict(second.facts)) == ("waiting", "provider", {"on": "customer"})
    assert (second.at, second.sequence) == (EIGHT + 3_600_000_000, None)


@pytest.mark.parametrize(
    ("row", "code", "cause"),
    [
        ("T1,old,2026-03-02 09:00,1,x,,,,", "E0634", "the type `old` is not in the mapping"),
        ("T1,,2026-03-02 09:00,1,x,,,,", "E0626", "the column `what` is empty"),
        (",new,2026-03-02 09:00,1,x,,,,", "E0626", "the column `ticket` is empty"),
        ("T1,new,,1,x,,,,", "E0626", "the column `when` has no time"),
        ("T1,new,2026-02-30 09:00,1,x,,,,", "E0631", "the column `when`: the date of `2026-02-30 09:00`"),
        (
            "T1,new,2026-03-29 02:30,1,x,,,,",
            "E0633",
            "the column `when`: `2026-03-29 02:30:00` does not exist",
        ),
        ("T1,new,2026-03-02 09:00,a,x,,,,", "E0627", "the column `n` is no count: `a`"),
        ("T1,new,2026-03-02 09:00,²,x,,,,", "E0627", "the column `n` is no count: `²`"),
        (f"T1,new,2026-03-02 09:00,{'1' * 19},x,,,,", "E0627", "the column `n` is no count: `1111111111111111111`"),
        ("T1,new,2026-03-02 09:00,1,x,,mid,,", "E0634", "the value `mid` of `level` is not in the mapping"),
        (
            "T1,new,2026-03-02 09:00,1,x,,,soon,",
            "E0635",
            "`soon` in the column `hours` is not of the type `number`",
        ),
        ("T1,new,2026-03-02 09:00,1,x,,,1e999,", "E0624", "the column `hours`: `1e999` is not a number"),
    ],
)
def test_a_row_that_the_mapping_cannot_read(tmp_path: Path, row: str, code: str, cause: str) -> None:
    ((line, found, why),) = rejects(reading(tmp_path, COLUMNS + row + "\n", how=mapping()))
    assert (line, found) == (2, code)
    assert why.startswith(cause)


def test_an_actor_without_a_party_is_set_aside(tmp_path: Path) -> None:
    how = mapping(MAPPING.replace('"*" = "customer"', ""))
    ((_, code, cause),) = rejects(reading(tmp_path, COLUMNS + "T1,new,2026-03-02 09:00,1,x,,,,\n", how=how))
    assert (code, cause) == ("E0634", "the actor `x` is not in the mapping")


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("text", "007", "007"),
        ("integer", "7.0", 7),
        ("integer", "7.5", None),
        ("number", "0.10", Decimal("0.10")),
        ("number", "NaN", None),
        ("yes or no", "Yes", True),
        ("yes or no", "0", False),
        ("yes or no", "2", None),
        ("time", "2026-03-02 09:00", "2026-03-02T08:00:00Z"),
        ("time", "noon", None),
        ("integer", "", "unknown"),
    ],
)
def test_facts_have_types(tmp_path: Path, kind: str, cell: str, value: object) -> None:
    how = mapping(
        'layout = "events"\ncolumns = { subject = "s", type = "t", at = "a" }\ntime.zone = "Europe/Rome"\n'
        f'facts.f = {{ column = "f", type = "{kind}" }}'
    )
    (found,) = reading(tmp_path, f"s,t,a,f\nT1,opened,2026-03-02T08:00:00Z,{cell}\n", how=how)
    if value is None:
        assert isinstance(found, Rejected)
    else:
        assert isinstance(found, Event)
        assert found.facts == ({} if value == "unknown" else {"f": value})


def test_json_lines_can_be_read_through_a_mapping_too(tmp_path: Path) -> None:
    how = mapping(
        'layout = "events"\ncolumns = { subject = "issue.key", type = "what", at = "when", id = "n" }'
    )
    content = '{"issue": {"key": "T1"}, "what": "opened", "when": "2026-03-02T08:00:00Z", "n": 9}\noops\n'
    found = reading(tmp_path, content, "log.ndjson", how)
    entries = list(found)
    assert entries[0] == Event(id="9", subject="T1", type="opened", at=EIGHT)
    assert isinstance(entries[1], Rejected)


# Parquet.


def table() -> pyarrow.Table:
    when = datetime(2026, 3, 2, 8, tzinfo=UTC)
    return pyarrow.table(
        {
            "id": ["e1", "e2"],
            "subject": ["T1", "T2"],
            "type": pyarrow.array(["opened", "opened"]).dictionary_encode(),
            "at": pyarrow.array([when, when], pyarrow.timestamp("us", "UTC")),
            "sequence": [1, None],
            "hours": [Decimal("1.50"), None],
            "share": [0.1, float("nan")],
            "day": [when.date(), None],
            "tags": [["a"], []],
        }
    )


def test_parquet_without_a_mapping(tmp_path: Path) -> None:
    parquet.write_table(table(), tmp_path / "log.parquet")
    found = read_events(tmp_path / "log.parquet")
    first, second = found
    assert isinstance(first, Event)
    assert (first.id, first.at, first.sequence) == ("e1", EIGHT, 1)
    assert first.facts == {
        "hours": Decimal("1.50"),
        "share": Decimal("0.1"),
        "day": "2026-03-02",
        "tags": ("a",),
    }
    assert isinstance(second, Rejected)
    assert (second.line, second.code) == (2, "E0624"), "NaN"


@pytest.mark.parametrize(
    ("unit", "zone", "number", "seen"),
    [
        ("s", "UTC", EIGHT // 1_000_000, EIGHT),
        ("ms", "America/Denver", EIGHT // 1_000, EIGHT),
        ("ns", "UTC", EIGHT * 1_000, EIGHT),
        ("ns", "UTC", EIGHT * 1_000 + 1, "E0631"),
        ("us", None, EIGHT, EIGHT - 3_600_000_000),
        ("us", "UTC", -1, "E0631"),
    ],
)
def test_times_of_every_unit(
    tmp_path: Path, unit: str, zone: str | None, number: int, seen: int | str
) -> None:
    when = pyarrow.array([number], pyarrow.int64()).cast(pyarrow.timestamp(unit, zone))
    parquet.write_table(pyarrow.table({"s": ["T1"], "t": ["opened"], "a": when}), tmp_path / "log.parquet")
    how = mapping(
        'layout = "events"\ncolumns = { subject = "s", type = "t", at = "a" }\ntime.zone = "Europe/Rome"'
    )
    (found,) = read_events(tmp_path / "log.parquet", how)
    assert (found.at if isinstance(found, Event) else found.code) == seen


@pytest.mark.parametrize(
    ("unit", "zone", "number", "why"),
    [
        ("us", "UTC", EIGHT // 1_000, "its file says that it counts microseconds, but milliseconds would make it `2"),
        ("us", "UTC", EIGHT // 1_000_000, "it counts microseconds, but seconds would make it `2026-03-02T08:00:00Z`"),
        ("us", None, EIGHT // 1_000, "it counts microseconds, but milliseconds would make it `2026-03-02T08:00:00`"),
        ("ms", "UTC", EIGHT // 1_000_000, "it counts milliseconds, but seconds would make it `2026-03-02T08:00:00Z`"),
        ("ns", "UTC", EIGHT // 1_000, "it counts nanoseconds, but milliseconds would make it `2026-03-02T08:00:00Z`"),
        ("ns", "UTC", EIGHT, "it counts nanoseconds, but microseconds would make it `2026-03-02T08:00:00Z`"),
        ("s", "UTC", 20_514, "a number that stands for no time, or one of another unit"),
        ("us", "UTC", 0, "a number that stands for no time, or one of another unit"),
        ("ms", "UTC", EIGHT, "is outside 1970 to 2200; is its unit right?"),
    ],
)
def test_times_of_a_wrong_unit_are_set_aside(
    tmp_path: Path, unit: str, zone: str | None, number: int, why: str
) -> None:
    """They are not taken for times of January 1970."""
    when = pyarrow.array([number], pyarrow.int64()).cast(pyarrow.timestamp(unit, zone))
    parquet.write_table(pyarrow.table({"s": ["T1"], "t": ["opened"], "a": when}), tmp_path / "log.parquet")
    how = mapping('layout = "events"\ncolumns = { subject = "s", type = "t", at = "a" }\ntime.zone = "UTC"')
    (found,) = read_events(tmp_path / "log.parquet", how)
    assert isinstance(found, Rejected)
    assert (found.line, found.code) == (1, "E0631")
    assert found.cause.startswith("the column `a`: ") and why in found.cause
    assert "Stamp" not in found.excerpt


def test_a_text_that_says_1970_is_believed(tmp_path: Path) -> None:
    said = pyarrow.table({"id": ["e1"], "subject": ["T1"], "type": ["opened"], "at": ["1970-01-21T12:20:38Z"]})
    parquet.write_table(said, tmp_path / "log.parquet")
    (found,) = read_events(tmp_path / "log.parquet")
    assert isinstance(found, Event) and found.at == 1_772_438_000_000


def test_a_parquet_file_without_a_column_and_one_that_is_none(tmp_path: Path) -> None:
    parquet.write_table(table().drop_columns(["at"]), tmp_path / "log.parquet")
    assert problem(read_events(tmp_path / "log.parquet"))[1] == "`log.parquet` has no column `at`"
    code, message, _ = problem(reading(tmp_path, "no such thing", "log.parquet"))
    assert code == "E0610"
    assert message.startswith("`log.parquet` is not a sound Parquet file")


@pytest.mark.parametrize(
    ("column", "code", "cause"),
    [
        (pyarrow.array([b"\xff", b"a"]).view(pyarrow.string()), "E0620", "the column `hue` holds bytes"),
        (pyarrow.array([10**8, 5], pyarrow.int32()).view(pyarrow.date32()), "E0631", "the column `hue` holds a date"),
        (pyarrow.array([1 << 62, 5]).view(pyarrow.timestamp("us")), "E0631", "the year of `4611686018427387904 micro"),
    ],
)
def test_cells_that_nothing_can_hold(tmp_path: Path, column: pyarrow.Array, code: str, cause: str) -> None:
    when = pyarrow.array([EIGHT, EIGHT]).cast(pyarrow.timestamp("us", "UTC"))
    names = {name: ["a", "b"] for name in ("id", "subject", "type")}
    parquet.write_table(pyarrow.table({**names, "at": when, "hue": column}), tmp_path / "log.parquet")
    ((line, found, why),) = rejects(read_events(tmp_path / "log.parquet"))
    assert (line, found) == (1, code)
    assert why.startswith(cause)


def test_a_count_beyond_what_comparing_rows_leaves_room_for(tmp_path: Path) -> None:
    how = MAPPING.replace('layout = "events"', 'layout = "events"\nopens = "first row"')
    row = "T1,new,2026-03-02 09:00,999999999999999999,x,,,,\n"
    assert events(reading(tmp_path, COLUMNS + row, how=mapping()))[0].sequence == 10**18 - 1
    assert rejects(reading(tmp_path, COLUMNS + row, how=mapping(how)))[0][1] == "E0624"


# Packed files.


def packed(tmp_path: Path, name: str, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return tmp_path / name


def test_packed_files_are_read_as_they_are(tmp_path: Path) -> None:
    plain = (HEADING + ROW).encode()
    parquet.write_table(table().slice(0, 1), tmp_path / "log.parquet")
    columns = (tmp_path / "log.parquet").read_bytes()
    (tmp_path / "log.csv.gz").write_bytes(gzip.compress(plain))
    (tmp_path / "log.parquet.gz").write_bytes(gzip.compress(columns))
    paths = [
        tmp_path / "log.csv.gz",
        tmp_path / "log.parquet.gz",
        packed(tmp_path, "a.zip", {"in/": b"", "in/log.csv": plain, "__MACOSX/log.csv": b"x"}),
        packed(tmp_path, "b.ZIP", {"log.PARQUET": columns}),
        packed(tmp_path, "c.zip", {"log.csv.gz": gzip.compress(plain)}),
    ]
    for path in paths:
        assert [event.id for event in events(read_events(path))] == ["e1"], path


def test_archives_that_cannot_be_read(tmp_path: Path) -> None:
    two = packed(tmp_path, "two.zip", {"a.csv": b"", "b.csv": b""})
    assert problem(read_events(two)) == (
        "E0610",
        "`two.zip` holds 2 files",
        "put exactly one event file into it",
    )
    assert (
        problem(reading(tmp_path, "PK no", "bad.zip"))[1]
        == "`bad.zip` cannot be opened: file is not a zip file"
    )
    assert problem(reading(tmp_path, "plain", "bad.csv.gz"))[1].startswith(
        "`bad.csv.gz` cannot be read: not a gz"
    )


def test_a_file_of_no_known_kind_and_one_that_is_not_there(tmp_path: Path) -> None:
    assert problem(reading(tmp_path, "", "log.xlsx"))[:2] == (
        "E0610",
        "`log.xlsx` is of no kind that is read",
    )
    assert problem(read_events(tmp_path / "none.csv"))[:2] == (
        "E0610",
        "`none.csv` cannot be opened: no such file or directory",
    )
    assert problem(read_events(Path(".")))[:2] == ("E0610", "`.` cannot be opened: is a directory")


def test_a_packed_file_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    lines = "".join(
        f'{{"id":"e{n}","subject":"T","type":"opened","at":"2026-03-02T08:00:00Z"}}\n' for n in range(20_000)
    )
    whole = gzip.compress(lines.encode())
    found = reading(tmp_path, whole[: len(whole) // 2], "log.jsonl.gz")
    *before, last = list(found)
    assert len(before) > 1_000
    assert isinstance(last, Rejected)
    assert last.code == "E0630"
    assert last.cause.startswith("the file breaks off or is damaged")


def test_a_reading_can_be_read_again(tmp_path: Path) -> None:
    found = reading(tmp_path, HEADING + ROW)
    assert events(found) == events(found)
    assert found.tally.events == 1
