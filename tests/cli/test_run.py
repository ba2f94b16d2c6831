"""``slarules run``: verdicts, summary, what was set aside; every bad input has a clear end."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from slarules.cli.verdicts import COLUMNS
from slarules.columnar.verdicts.spelling import cells
from tests.cli.conftest import EVENTS, SUPPLIED, Run

AS_OF = ["--as-of", "2026-03-03T00:00:00Z"]
JUDGE = ["run", "policy.sla", "events.jsonl", *AS_OF, *SUPPLIED]


def test_the_summary(run: Run) -> None:
    result = run(*JUDGE)
    assert result.exit_code == 0
    rows = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert rows[0] == "Demo support: 4 events of 2 subjects, as of 2026-03-02 17:00 MST"
    assert "rule severity kept broken kept %" in rows
    assert "confirm 1 · 1 0.0" in rows
    assert "resolution (target) 1 1 · 100.0" in rows
    assert "=T2 confirm#1 2 2026-03-02 09:00 MST still owed 8 h" in rows
    assert "T1 confirm#1 1 2026-03-02 09:00 MST 2026-03-02 09:30 MST 30 min" in rows
    assert not any(line.endswith(" ") for line in result.stdout.splitlines())


def test_a_list_not_supplied_leaves_it_undetermined(run: Run) -> None:
    result = run("run", "policy.sla", "events.jsonl", *AS_OF, "--json")
    assert json.loads(result.stdout)["states"]["undetermined"] == 2
    assert run(*JUDGE[:-2], "--fail-on", "missed").exit_code == 2
    assert run(*JUDGE[:-2], "--fail-on", "never").exit_code == 0


@pytest.mark.parametrize(
    ("threshold", "exit_code"), [("breach", 2), ("undetermined", 2), ("finding", 2), ("never", 0)]
)
def test_the_threshold(run: Run, threshold: str, exit_code: int) -> None:
    assert run(*JUDGE, "--fail-on", threshold).exit_code == exit_code


def test_findings_alone_fail_only_as_findings(run: Run, folder: Path) -> None:
    event = EVENTS[0] | {"facts": {"colour": "red"}}
    (folder / "events.jsonl").write_text(json.dumps(event) + "\nnot json\n")
    soon = ["run", "policy.sla", "events.jsonl", "--as-of", "2026-03-02T15:01:00Z", *SUPPLIED]
    assert run(*soon, "--fail-on", "breach").exit_code == 0
    assert run(*soon, "--fail-on", "finding").exit_code == 2


def test_another_reading(run: Run) -> None:
    early = EVENTS[0] | {"at": "2026-03-02T14:00:00Z"}
    Path("events.jsonl").write_text("\n".join(json.dumps(e) for e in [early, EVENTS[1]]) + "\n")
    assert json.loads(run(*JUDGE, "--json").stdout)["states"]["breached"] == 1
    business = json.loads(run(*JUDGE, "--json", "--readings", "ack=business").stdout)
    assert business["readings"] == {"ack": "business"}
    assert business["late"][0]["late_by"] == 1800


# ---- The file of verdicts -----------------------------------------------------------------------------------------


def test_verdicts_as_json_lines(run: Run, folder: Path) -> None:
    result = run(*JUDGE, "-o", "out.jsonl")
    assert "4 verdicts written to out.jsonl" in result.stderr
    rows = [json.loads(line) for line in (folder / "out.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == 4 and all(tuple(row) == COLUMNS for row in rows)
    confirm = next(row for row in rows if row["subject"] == "T1" and row["duty"] == "confirm")
    assert confirm["deadline"] == "2026-03-02T16:00:00Z"
    assert confirm["late_by"] == 1800 and confirm["owed"] is False and confirm["readings"] == ["ack=elapsed"]
    assert confirm["quotes"] == ["Trak shall acknowledge each request within one hour."]


def test_verdicts_as_csv_hold_no_formula(run: Run, folder: Path) -> None:
    run(*JUDGE, "-o", "out.csv")
    rows = list(csv.DictReader((folder / "out.csv").open(encoding="utf-8", newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert {row["subject"] for row in rows} == {"T1", "'=T2"}
    assert {row["owed"] for row in rows} <= {"yes", "no", ""}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1"])
def test_what_a_spreadsheet_would_run(text: str) -> None:
    (cell,) = cells(pa.array([text])).to_pylist()
    assert next(csv.reader([cell], strict=True)) == ["'" + text]


def test_verdicts_as_parquet(run: Run, folder: Path) -> None:
    run(*JUDGE, "-o", "out.parquet")
    table = pq.read_table(folder / "out.parquet")
    assert tuple(table.column_names) == COLUMNS
    assert str(table.schema.field("deadline").type) == "timestamp[us, tz=UTC]"
    assert str(table.schema.field("late_by").type) == "duration[us]"
    late = next(r for r in table.to_pylist() if r["subject"] == "T1" and r["duty"] == "confirm")
    assert late["late_by"].total_seconds() == 1800


def test_no_half_file_is_left(run: Run, folder: Path) -> None:
    (folder / "out.csv").mkdir()
    result = run(*JUDGE, "-o", "out.csv")
    assert result.exit_code == 1 and "cannot write" in result.stderr
    assert not list(folder.glob(".out*"))


# ---- What is set aside --------------------------------------------------------------------------------------------


def test_rejects_name_file_line_and_cause(run: Run, folder: Path) -> None:
    with (folder / "events.jsonl").open("a") as log:
        log.write('{"id": "x", bad\n{"id": "y", "subject": "T1", "type": "updated", "at": "2026-03-02T15:00:00"}\n')
    result = run(*JUDGE, "--rejects", "aside.jsonl")
    assert result.exit_code == 0
    assert "Set aside: 2 lines of 6" in result.stdout
    for first in ("events.jsonl:5: not JSON", "events.jsonl:6: `at`: `2026-03-02T15:00:00` names no zone"):
        assert first in result.stdout, "the first line of each cause is shown"
    entries = [json.loads(line) for line in (folder / "aside.jsonl").read_text().splitlines()]
    assert [(e["file"], e["line"], e["code"]) for e in entries] == [
        ("events.jsonl", 5, "E0621"), ("events.jsonl", 6, "E0632"),
    ]


def test_user_text_is_never_markup(run: Run, folder: Path) -> None:
    event = EVENTS[0] | {"subject": "[bold]T1[/bold] \x1b[31m", "type": "[red]exploded[/red]"}
    (folder / "events.jsonl").write_text(json.dumps(EVENTS[0]) + "\n" + json.dumps(event | {"id": "e9"}) + "\n")
    result = run(*JUDGE)
    assert "[bold]T1[/bold] ␛[31m" in result.stdout and "[red]exploded[/red]" in result.stdout
    assert "\x1b" not in result.stdout


def test_a_table_through_a_mapping(run: Run, folder: Path) -> None:
    (folder / "log.csv").write_text("ticket,what,when,level\nT9,opened,02/03/2026 08:00,1\n")
    (folder / "map.toml").write_text(
        'layout = "events"\n[columns]\nsubject = "ticket"\ntype = "what"\nat = "when"\n'
        '[time]\nformat = "%d/%m/%Y %H:%M"\n'
        'zone = "America/Denver"\n[facts]\nseverity = "level"\n'
    )
    arguments = ["run", "policy.sla", "log.csv", "events.jsonl", *AS_OF, *SUPPLIED, "--json"]
    result = run(*arguments, "--map", "log.csv=map.toml")
    assert result.exit_code == 0, result.stderr
    data = json.loads(result.stdout)
    assert data["log"]["events"] == 5 and "T9" in {row["subject"] for row in data["late"]}


# ---- Bad input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "policy.sla", "events.jsonl"], "Missing option '--as-of'"),
        (["run", "policy.sla", "events.jsonl", "--as-of", "2026-03-02T00:00:00"], "contract's zone is America/Denver"),
        (["run", "policy.sla", "events.jsonl", "--as-of", "yesterday"], "`yesterday` is neither a date such as 2026-"),
        (["run", "policy.sla", "-", *AS_OF], "a log is a file that stays"),
        (["run", "policy.sla", "events.jsonl", "--as-of", "2026-02-30"], "there is no date `2026-02-30`"),
        (["run", "policy.sla", "events.jsonl", "--as-of", "2300-01-01"], "no date `2300-01-01` within 1970 to 2200"),
        (["run", "policy.sla", "events.jsonl", "--as-of", "2026-13-01T00:00:00Z"], "does not exist"),
        ([*JUDGE, "--readings", "acks=business"], "no reading `acks`; did you mean `ack`?"),
        ([*JUDGE, "--readings", "ack=busines"], "no option `busines`; did you mean `business`?"),
        ([*JUDGE, "--readings", "ack"], "is not of the form NAME=OPTION"),
        ([*JUDGE, "--supplied", "TrakHoliday=none,known until 2027-01-01"], "did you mean `TrakHolidays`?"),
        ([*JUDGE, "--supplied", "TrakHolidays=2026-12-25"], "does not say how far it reaches"),
        ([*JUDGE, "--supplied", "TrakHolidays=2026-12-32,known until 2027-01-01"], "`2026-12-32` in `TrakHolidays`"),
        ([*JUDGE, "--supplied", "TrakHolidays=nowhere.txt"], "cannot read `nowhere.txt`"),
        ([*JUDGE, "--map", "evnets.jsonl=map.toml"], "did you mean `events.jsonl`?"),
        ([*JUDGE, "--map", "nowhere.toml"], "nowhere.toml"),
        ([*JUDGE, "-o", "out.xlsx"], "ends in none of .jsonl, .csv, .parquet"),
        ([*JUDGE, "--rejects", "no/such/folder.jsonl"], "cannot write `no/such/folder.jsonl`"),
        (["run", "policy.sla", "nowhere.jsonl", *AS_OF], "nowhere.jsonl"),
        (["run", "policy.sla", "policy.sla", *AS_OF], "is of no kind that is read"),
        (["run", "nowhere.sla", "events.jsonl", *AS_OF], "there is no such file"),
        (["run", "scenarios.sla", "events.jsonl", *AS_OF], "holds no contract"),
    ],
)
def test_what_cannot_be_run_says_why(run: Run, folder: Path, arguments: list[str], said: str) -> None:
    apart = 'slarules 1\nscenarios of "policy.sla"\nscenario "x"\n  2026-01-01 08:00 T1 opened\n'
    (folder / "scenarios.sla").write_text(apart)
    result = run(*arguments)
    assert result.exit_code == 1
    assert said in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_a_date_is_its_first_instant_in_the_contracts_zone(run: Run) -> None:
    result = run("run", "policy.sla", "events.jsonl", "--as-of", "2026-03-03", "--json")
    assert json.loads(result.stdout)["as_of"] == "2026-03-03T07:00:00Z"


def test_supplied_from_a_file(run: Run, folder: Path) -> None:
    (folder / "days.txt").write_text("# Trak's list\n2026-03-02 Founders' day\n\nknown until 2027-01-01\n")
    result = run("run", "policy.sla", "events.jsonl", *AS_OF, "--supplied", "TrakHolidays=days.txt", "--json")
    assert json.loads(result.stdout)["states"]["pending"] == 1


def test_a_policy_with_errors(run: Run, folder: Path) -> None:
    (folder / "policy.sla").write_text("slarules 1\n")
    result = run(*JUDGE)
    assert result.exit_code == 3 and "E0111" in result.stderr


def test_an_empty_log(run: Run, folder: Path) -> None:
    (folder / "events.jsonl").write_text("")
    result = run(*JUDGE)
    assert result.exit_code == 0
    assert "nothing was owed" in result.stdout and "is empty" in result.stderr
