"""Files as spreadsheets and other countries write them; read row by row and in columns, with the same outcome."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from slarules.model.event import Event
from slarules.readers import load_mapping
from slarules.readers.mapping import EventMapping
from slarules.readers.rejects import Rejected
from slarules.source import Source
from tests.readers.both import compared

PLAIN = "id,subject,type,at,site\ne1,T1,opened,2026-03-02T08:00:00Z,Forlì 🙂\ne2,T2,opened,2026-03-02T09:00:00Z,\n"
TOP = 'layout = "events"\n{top}\n[columns]\nsubject = "s"\ntype = "t"\nat = {at}\n{columns}\n[time]\n{time}\n{rest}\n'


def mapping(top: str = "", at: str = '"at"', columns: str = "", time: str = "", rest: str = "") -> EventMapping:
    found, problems = load_mapping(
        Source("mapping.toml", TOP.format(top=top, at=at, columns=columns, time=time, rest=rest))
    )
    assert found is not None, problems
    return found


def read(
    folder: Path, content: str | bytes, how: EventMapping | None = None, name: str = "log.csv"
) -> list[Event | Rejected]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = compared(path, how)
    assert not found.problems, found.problems
    return list(found)


def instants(entries: list[Event | Rejected]) -> list[str]:
    return [str(datetime.fromtimestamp(e.at / 1e6, UTC))[:19] for e in entries if isinstance(e, Event)]


def refusals(entries: list[Event | Rejected]) -> list[tuple[int, str, str]]:
    return [(entry.line, entry.code, entry.cause) for entry in entries if isinstance(entry, Rejected)]


def refused(folder: Path, content: bytes, how: EventMapping | None = None, name: str = "log.csv") -> tuple[str, object]:
    path = folder / name
    path.write_bytes(content)
    (problem,) = compared(path, how).problems
    assert problem.code == "E0610"
    return problem.message, problem.help


def test_facts_of_json_cells_that_are_no_text(tmp_path: Path) -> None:
    sure, level = '[facts.sure]\ncolumn = "sure"\ntype = "yes or no"', '[facts.level]\ncolumn = "level"'
    how = mapping(rest=f'[facts]\nnote = "note"\n{sure}\n{level}\nvalues = {{ "P1" = 1, "*" = 3 }}')
    cells = [
        {"note": False, "sure": False, "level": "P9"},
        {"note": 7, "sure": True, "level": "P1"},
        {"note": ["a", {"b": 1}], "sure": "no", "level": 2},
    ]
    rows = [{"s": f"T{n}", "t": "opened", "at": "2026-03-02T08:00:00Z", **one} for n, one in enumerate(cells)]
    entries = read(tmp_path, "".join(json.dumps(row) + "\n" for row in rows), how, "log.jsonl")
    assert [entry.facts for entry in entries if isinstance(entry, Event)] == [
        {"note": "false", "sure": False, "level": 3}, {"note": "7", "sure": True, "level": 1},
    ]  # fmt: skip
    assert [(line, code) for line, code, _ in refusals(entries)] == [(3, "E0627")]


def test_a_value_that_gives_no_event(tmp_path: Path) -> None:
    how = mapping(rest='[types]\nopened = "opened"\nnote = { state = "unknown" }')
    rows = "s,t,at\nT1,opened,2026-03-02T08:00:00Z\nT1,note,2026-03-02T09:00:00Z\n"
    (only,) = read(tmp_path, rows, how)
    assert isinstance(only, Event) and only.type == "opened"


def test_a_count_that_is_too_large_for_what_follows_from_its_row(tmp_path: Path) -> None:
    row = {"s": "T1", "t": "opened", "at": "2026-03-02T08:00:00Z", "n": (1 << 62)}
    for types, refusals_of in (('"*" = "opened"', []), ('"*" = { type = "opened", state = "active" }', ["E0624"])):
        how = mapping(columns='sequence = "n"', rest=f"[types]\n{types}")
        entries = read(tmp_path, json.dumps(row) + "\n", how, "log.jsonl")
        assert [code for _, code, _ in refusals(entries)] == refusals_of


# ---- UTF-16 -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_by_its_mark(tmp_path: Path, encoding: str) -> None:
    wanted = read(tmp_path, PLAIN)
    for name in ("log.csv", "log.csv.gz"):
        content = ("\ufeff" + PLAIN).encode(encoding)
        assert read(tmp_path, gzip.compress(content) if name.endswith("gz") else content, name=name) == wanted
    row = {"id": "e1", "subject": "T1", "type": "opened", "at": "2026-03-02T08:00:00Z", "facts": {"site": "Forlì 🙂"}}
    (found,) = read(tmp_path, f"\ufeff{json.dumps(row, ensure_ascii=False)}\n".encode(encoding), name="log.jsonl")
    assert isinstance(found, Event) and found.facts["site"] == "Forlì 🙂"


def test_utf_16_without_a_mark_is_read_where_the_mapping_names_it(tmp_path: Path) -> None:
    content = "s;t;at\nT1;opened;2026-03-02T08:00:00Z\nT2;opened;2026-03-02T08:00:00Z\n"
    wanted = read(tmp_path, content, mapping('delimiter = ";"'))
    for encoding in ("utf-16-le", "utf-16-be"):
        how = mapping(f'delimiter = ";"\nencoding = "{encoding}"')
        assert read(tmp_path, content.encode(encoding), how) == wanted
        assert read(tmp_path, ("\ufeff" + content).encode(encoding), how) == wanted
        assert read(tmp_path, ("\ufeff" + content).encode(encoding), mapping('delimiter = ";"')) == wanted
    assert read(tmp_path, content.encode("utf-16"), mapping('delimiter = ";"\nencoding = "utf-16"')) == wanted


def test_an_encoding_that_the_file_contradicts_is_told(tmp_path: Path) -> None:
    content = PLAIN.encode("utf-16-le")
    message, help = refused(tmp_path, content, mapping('encoding = "utf-16"'))
    assert message == "`log.csv` has no mark at its beginning that says in which order UTF-16 puts its bytes"
    assert help == 'say `encoding = "utf-16-le"`, as Windows writes it, or `"utf-16-be"`'
    for said in ("cp1252", "utf-16-be"):
        message, help = refused(tmp_path, b"\xff\xfe" + content, mapping(f'encoding = "{said}"'))
        assert message == f"`log.csv` begins as utf-16-le does, and the mapping says `{said}`"
        assert help == 'say `encoding = "utf-16-le"`'
    assert refused(tmp_path, PLAIN.encode("utf-32")) == ("`log.csv` is UTF-32, which is not read", "save it as UTF-8")


def test_half_a_character_costs_its_line(tmp_path: Path) -> None:
    head, first, second = PLAIN.splitlines(keepends=True)
    high, low = "\ud83d", "\ude42"
    for half in (high, low, low + high):
        content = (head + first + second.replace("T2", f"T2{half}") + first.replace("e1", "e3")).encode(
            "utf-16", "surrogatepass"
        )
        entries = read(tmp_path, content)
        assert refusals(entries) == [(3, "E0620", "the character 6 of the line is half of one")]
        assert len(entries) == 3
    entries = read(tmp_path, (head + first + second.rstrip("\n")).encode("utf-16") + b"\x20")
    assert [(line, code) for line, code, _ in refusals(entries)] == [(3, "E0620")]


def test_a_long_file_of_utf_16(tmp_path: Path) -> None:
    rows = [f"T{n % 50},opened,2026-03-02T08:{n % 60:02}:00Z,Città {n} 🙂\n" for n in range(30_000)]
    how = mapping(rest='[facts]\nsite = "site"')
    wanted = read(tmp_path, "s,t,at,site\n" + "".join(rows), how)
    assert read(tmp_path, ("s,t,at,site\n" + "".join(rows)).encode("utf-16"), how) == wanted


# ---- A day and a time of day in two columns -----------------------------------------------------------------------

ROWS = "s,t,day,hour\nT1,opened,2/3/2026,9:05\nT2,opened, 2/3/2026 ,13:30 \nT3,opened,,9:00\nT4,opened,2/3/2026,\n"
TWO = '["day", "hour"]'


def test_a_day_and_a_time_of_day_in_two_columns(tmp_path: Path) -> None:
    how = mapping(at=TWO, time='format = "%d/%m/%Y %H:%M"\nzone = "Europe/Rome"')
    entries = read(tmp_path, ROWS + "T5,opened,2/3/2026,noon\nT6,opened,,\n", how)
    assert instants(entries) == ["2026-03-02 08:05:00", "2026-03-02 12:30:00"]
    assert refusals(entries) == [
        (4, "E0626", "of the columns `day`, `hour` only some hold something: nothing in `day`"),
        (5, "E0626", "of the columns `day`, `hour` only some hold something: nothing in `hour`"),
        (6, "E0631", "the columns `day`, `hour`: `2/3/2026 noon` is not a time written as `%d/%m/%Y %H:%M`"),
        (7, "E0626", "the column `day` has no time"),
    ]


def test_the_order_is_the_mappings_and_three_columns_are_as_good(tmp_path: Path) -> None:
    how = mapping(at='["hour", "half", "day"]', time='format = "%I:%M %p %d/%m/%Y"\nzone = "UTC"')
    entries = read(tmp_path, "s,t,day,hour,half\nT1,opened,2/3/2026,1:05,PM\n", how)
    assert instants(entries) == ["2026-03-02 13:05:00"]


def test_without_a_format_the_two_are_rfc_3339(tmp_path: Path) -> None:
    how = mapping(at=TWO, columns='recorded_at = ["noted", "noted at"]', time='zone = "Europe/Rome"')
    rows = "T1,opened,2026-03-02,09:00,,\nT2,opened,2026-03-02,09:00:30+00:00,2026-03-03,08:00\n"
    entries = read(tmp_path, f"s,t,day,hour,noted,noted at\n{rows}", how)
    assert instants(entries) == ["2026-03-02 08:00:00", "2026-03-02 09:00:30"]
    assert [e.recorded_at for e in entries if isinstance(e, Event)] == [None, 1_772_521_200_000_000]


def test_two_columns_of_json_lines_and_of_parquet(tmp_path: Path) -> None:
    how = mapping(at=TWO, time='zone = "UTC"')
    rows: list[dict[str, object]] = [{"s": "T1", "t": "opened", "day": "2026-03-02", "hour": "09:00"}]
    rows += [{"s": "T2", "t": "opened", "day": 20260302, "hour": "09:00"}, {"s": "T3", "t": "opened", "hour": True}]
    rows += [{"s": "T4", "t": "opened", "day": "2026-03-02", "hour": True}]
    entries = read(tmp_path, "".join(json.dumps(row) + "\n" for row in rows), how, "log.jsonl")
    assert instants(entries) == ["2026-03-02 09:00:00"]
    assert [(line, code) for line, code, _ in refusals(entries)] == [(2, "E0631"), (3, "E0626"), (4, "E0627")]
    days = pyarrow.array([datetime(2026, 3, 2)] * 2, pyarrow.date32())
    for day, several in ((days, 2), (days.cast(pyarrow.timestamp("us")), 0)):
        columns = {"s": ["T1", "T2"], "t": ["opened"] * 2, "day": day, "hour": ["09:00", "10:00"]}
        parquet.write_table(pyarrow.table(columns), tmp_path / "log.parquet")
        found = compared(tmp_path / "log.parquet", how)
        assert instants(list(found)) == ["2026-03-02 09:00:00", "2026-03-02 10:00:00"][:several]


def test_snapshots_have_two_columns_too(tmp_path: Path) -> None:
    text = """
layout = "snapshots"
precision = "minute"
[columns]
subject = "s"
state = "st"
at = ["day", "hour"]
opened_at = ["from", "from hour"]
[time]
format = "%d/%m/%Y %H:%M"
zone = "UTC"
[states]
"New" = "active"
"Done" = "resolved"
"""
    how, problems = load_mapping(Source("mapping.toml", text))
    assert how is not None, problems
    rows = "T1,New,2/3/2026,9:00,2/3/2026,8:55\nT1,Done,2/3/2026,9:30,,\n"
    rows += "T2,New,2/3/2026,9:00,2/3/2026,\nT3,New,2/3/2026,9:00,,\n"
    entries = read(tmp_path, "s,st,day,hour,from,from hour\n" + rows, how)
    assert instants(entries) == ["2026-03-02 08:55:00", "2026-03-02 09:30:00"]
    assert [(line, code) for line, code, _ in refusals(entries)] == [(4, "E0626"), (5, "E0626")]


# ---- Numbers of days ----------------------------------------------------------------------------------------------

NUMBERS = {
    "46083": "2026-03-02 00:00:00",
    "46083.375": "2026-03-02 09:00:00",
    "46083,375": "2026-03-02 09:00:00",
    " 46083.3958333333 ": "2026-03-02 09:30:00",
    "46083.39583": "2026-03-02 09:30:00",
    "46083.99999": "2026-03-03 00:00:00",
    "25569": "1970-01-01 00:00:00",
}
NO_NUMBERS = """4.61E+04
46,083.375
-46083
0.375
46083 46083.375
2026-03-02 09:00
25568.9
nan
١٢
9999999""".splitlines()


def test_numbers_of_days(tmp_path: Path) -> None:
    how = mapping('precision = "minute"\ndelimiter = ";"', time='zone = "UTC"\nday_numbers = 1900')
    rows = "".join(f"T{n};opened;{text}\n" for n, text in enumerate((*NUMBERS, *NO_NUMBERS)))
    entries = read(tmp_path, "s;t;at\n" + rows, how)
    assert instants(entries) == list(NUMBERS.values())
    assert {code for _, code, _ in refusals(entries)} == {"E0631"}
    assert len(refusals(entries)) == len(NO_NUMBERS)
    assert refusals(entries)[0][2] == "the column `at`: `4.61E+04` is not a number of days such as 46083.375"


def test_numbers_of_days_from_1904_and_on_a_clock(tmp_path: Path) -> None:
    how = mapping('precision = "second"', time='zone = "Europe/Rome"\nday_numbers = 1904')
    entries = read(tmp_path, "s,t,at\nT1,opened,44621.375\nT2,opened,44648.1041666667\n", how)
    assert instants(entries) == ["2026-03-02 08:00:00"]
    assert [(line, code) for line, code, _ in refusals(entries)] == [(3, "E0633")]


def test_a_day_and_a_time_of_day_as_two_numbers(tmp_path: Path) -> None:
    how = mapping('precision = "second"', at=TWO, time='zone = "UTC"\nday_numbers = 1900')
    rows = "T1,opened,46083,0.375\nT2,opened,46083,1.15741E-05\nT3,opened,46083,0\n"
    wrong = "T4,opened,46083.375,46083.375\nT5,opened,46083,1.5\nT6,opened,0.5,0.5\nT7,opened,46083.5,0.25\n"
    entries = read(tmp_path, "s,t,day,hour\n" + rows + wrong, how)
    assert instants(entries) == ["2026-03-02 09:00:00", "2026-03-02 00:00:01", "2026-03-02 00:00:00"]
    said = "is not the whole number of a day and a time of day below 1"
    assert [cause.partition(": ")[2] for _, _, cause in refusals(entries)] == [
        f"`{cells}` {said}" for cells in ("46083.375 46083.375", "46083 1.5", "0.5 0.5", "46083.5 0.25")
    ]


def test_numbers_of_days_that_a_file_holds_as_numbers(tmp_path: Path) -> None:
    how = mapping('precision = "minute"', time='zone = "UTC"\nday_numbers = 1900')
    lines = '{"s": "T1", "t": "opened", "at": 46083}\n{"s": "T2", "t": "opened", "at": 46083.375}\n'
    lines += '{"s": "T3", "t": "opened", "at": "46083.5"}\n{"s": "T4", "t": "opened", "at": true}\n'
    entries = read(tmp_path, lines, how, "log.jsonl")
    wanted = ["2026-03-02 00:00:00", "2026-03-02 09:00:00", "2026-03-02 12:00:00"]
    assert instants(entries) == wanted
    assert [(line, code) for line, code, _ in refusals(entries)] == [(4, "E0631")]
    columns = {"s": ["T1", "T2", "T3"], "t": ["opened"] * 3, "at": [46083.0, 46083.375, 46083.5]}
    parquet.write_table(pyarrow.table(columns), tmp_path / "log.parquet")
    assert instants(list(compared(tmp_path / "log.parquet", how))) == wanted


def test_years_of_two_digits(tmp_path: Path) -> None:
    rows = "s,t,at\nT1,opened,02/Mar/26 9:05 AM\nT2,opened,02/Mar/99 9:05 AM\n"
    how = mapping(time='format = "%d/%b/%y %I:%M %p"\nzone = "UTC"\ncentury = 2000')
    assert instants(read(tmp_path, rows, how)) == ["2026-03-02 09:05:00", "2099-03-02 09:05:00"]
    how = mapping(time='format = "%d/%b/%y %I:%M %p"\nzone = "UTC"\ncentury = 1900')
    entries = read(tmp_path, rows, how)
    assert instants(entries) == ["1999-03-02 09:05:00"]
    assert refusals(entries)[0][1] == "E0631"


# ---- Numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("top", "text", "value"),
    [
        ('decimal = ","', "1234,50", "1234.50"),
        ('decimal = ","', "-0,5", "-0.5"),
        ('decimal = ","', "1.234,50", None),
        ('decimal = ","', "1.5", None),
        ('decimal = ","\nthousands = "."', "1.234.567,5", "1234567.5"),
        ('decimal = ","\nthousands = "."', "1234567,5", "1234567.5"),
        ('decimal = ","\nthousands = "."', "1.234", "1234"),
        ('decimal = ","\nthousands = "."', "1.23", None),
        ('decimal = ","\nthousands = "."', "12.34.567", None),
        ('decimal = ","\nthousands = "."', "1,234,567", None),
        ('decimal = ","\nthousands = " "', "1\u202f234,5", "1234.5"),
        ('decimal = ","\nthousands = " "', "1\u00a0234", "1234"),
        ('thousands = ","', "1,234.5", "1234.5"),
        ('thousands = ","', "1234.5", "1234.5"),
        ('thousands = ","', "1,23", None),
        ("thousands = \"'\"", "1'234.5", "1234.5"),
        ("", "1234.5", "1234.5"),
        ("", "1,5", None),
    ],
)
def test_numbers_as_a_country_writes_them(tmp_path: Path, top: str, text: str, value: str | None) -> None:
    how = mapping(f'{top}\ndelimiter = ";"', rest='[facts.sum]\ncolumn = "sum"\ntype = "number"')
    entries = read(tmp_path, f"s;t;at;sum\nT1;opened;2026-03-02T08:00:00Z;{text}\n", how)
    if value is None:
        assert refusals(entries) == [(2, "E0635", f"`{text}` in the column `sum` is not of the type `number`")]
    else:
        (found,) = entries
        assert isinstance(found, Event) and str(found.facts["sum"]) == value


def test_whole_numbers_and_numbers_that_are_no_text(tmp_path: Path) -> None:
    how = mapping('decimal = ","\nthousands = "."', rest='[facts.n]\ncolumn = "n"\ntype = "integer"')
    lines = [f'{{"s": "T{n}", "t": "opened", "at": "2026-03-02T08:00:00Z", "n": {cell}}}\n' for n, cell in
             enumerate(('"1.234"', "1234", "1234.0", '"1,5"', "1.5"))]
    entries = read(tmp_path, "".join(lines), how, "log.jsonl")
    assert [e.facts["n"] for e in entries if isinstance(e, Event)] == [1234, 1234, 1234]
    assert [(line, code) for line, code, _ in refusals(entries)] == [(4, "E0635"), (5, "E0635")]
    assert all(not isinstance(e.facts["n"], Decimal) for e in entries if isinstance(e, Event))


@pytest.mark.parametrize(("words", "value"), [("Yes y TRUE t on 1", True), ("No n FALSE f off 0", False)])
def test_yes_and_no(tmp_path: Path, words: str, value: bool) -> None:
    how = mapping(rest='[facts.vip]\ncolumn = "vip"\ntype = "yes or no"')
    rows = "".join(f"T{n},opened,2026-03-02T08:00:00Z,{word}\n" for n, word in enumerate(words.split()))
    entries = read(tmp_path, "s,t,at,vip\n" + rows, how)
    assert [e.facts["vip"] for e in entries if isinstance(e, Event)] == [value] * len(words.split())


def test_other_words_for_yes_and_no_are_values(tmp_path: Path) -> None:
    rows = "s,t,at,vip\nT1,opened,2026-03-02T08:00:00Z,ja\nT2,opened,2026-03-02T08:00:00Z,nein\n"
    entries = read(tmp_path, rows, mapping(rest='[facts.vip]\ncolumn = "vip"\ntype = "yes or no"'))
    said = "is not of the type `yes or no`: say in `values` what it means"
    assert [cause for _, _, cause in refusals(entries)] == [f"`{w}` in the column `vip` {said}" for w in ("ja", "nein")]
    how = mapping(rest='[facts.vip]\ncolumn = "vip"\nvalues = { "ja" = true, "nein" = false }')
    assert [e.facts["vip"] for e in read(tmp_path, rows, how) if isinstance(e, Event)] == [True, False]
