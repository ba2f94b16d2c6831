"""``slarules run`` by either engine: the same screen, the same bytes in files; and which engine it was, and why."""

from __future__ import annotations

import csv
import io
import json
import threading
import zipfile
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from slarules.cli import engines, ran_columns
from slarules.cli.main import cli
from slarules.readers.columns.reading import ColumnReading
from tests.cli.conftest import EVENTS, SUPPLIED, Run

ROOT = Path(__file__).parents[2]
EXAMPLES, CONTRACTS = ROOT / "examples", ROOT / "contracts"
SERVICENOW = ROOT.parent / "shared/data/servicenow-incidents.zip"
ENDINGS = ("jsonl", "csv", "parquet")
AS_OF = ["--as-of", "2026-03-03T00:00:00Z"]
JUDGE = ["run", "policy.sla", "events.jsonl", *AS_OF, *SUPPLIED]
TRAK = ["run", str(CONTRACTS / "trak/policy.sla"), str(EXAMPLES / "trak/events.jsonl"), "--as-of", "2026-04-01"]


def called(*arguments: str) -> Result:
    return CliRunner(env={"SLARULES_TRACEBACK": "1"}).invoke(cli, list(arguments))


def same(folder: Path, arguments: list[str], endings: tuple[str, ...] = ("parquet",)) -> Result:
    """Both engines write the same bytes and show the same screen; what the columnar one gave."""
    for ending in endings:
        shown = {}
        for engine in (engines.REFERENCE, engines.COLUMNAR):
            shown[engine] = called(*arguments, "--engine", engine, "-o", str(folder / f"{engine}.{ending}"))
            assert shown[engine].exit_code == 0, shown[engine].stderr
        assert shown[engines.REFERENCE].stdout == shown[engines.COLUMNAR].stdout
        one, other = (folder / f"{engine}.{ending}" for engine in shown)
        assert one.read_bytes() == other.read_bytes() and one.stat().st_size > 1000
    return shown[engines.COLUMNAR]


# ---- The same from both -------------------------------------------------------------------------------------------


def test_a_small_log_with_oddities(run: Run, folder: Path) -> None:
    odd = [
        EVENTS[0] | {"id": "o1", "subject": "T3", "type": "[red]exploded[/red]"},
        EVENTS[0] | {"id": "o2", "subject": 'a "b", c', "facts": {"shade": "red", "severity": "9"}},
        EVENTS[0] | {"id": "e1", "subject": "T1", "actor": "Trak"},
        EVENTS[0] | {"id": "o3", "subject": "T5", "at": "2027-01-01T00:00:00Z"},
    ]
    with (folder / "events.jsonl").open("a") as log:
        log.writelines(json.dumps(event) + "\n" for event in odd)
        log.write("not json\n")
    found = same(folder, JUDGE, ENDINGS)
    assert "Worth a look" in found.stdout and "Set aside: 1 line of 9" in found.stdout


def test_facts_that_are_called_as_the_columns_of_tables_are(run: Run, folder: Path) -> None:
    named = dict.fromkeys(("place in the log", "facts", "at", "line", "fact 0", "", "a.b", "__index_level_0__"), 1)
    with (folder / "events.jsonl").open("a") as log:
        for number, subject in enumerate(("T3", "T4", "T3")):
            log.write(json.dumps(EVENTS[0] | {"id": f"o{number}", "subject": subject, "facts": named}) + "\n")
    same(folder, JUDGE)


def test_a_year_of_trak(tmp_path: Path) -> None:
    assert "Trak Software support policy: 2,235 events of" in same(tmp_path, TRAK).stdout


def test_collabware_with_its_agreements(tmp_path: Path) -> None:
    folder = EXAMPLES / "collabware"
    lines = (folder / "events.jsonl").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "events.jsonl").write_text("".join(lines[:400]), "utf-8")
    supplied = f"CollabwareHolidays={folder / 'holidays.txt'}"
    policy = str(CONTRACTS / "collabware/policy.sla")
    arguments = ["run", policy, str(tmp_path / "events.jsonl"), "--as-of", "2026-01-01", "--supplied", supplied]
    assert "Agreements" in same(tmp_path, arguments, ("jsonl",)).stdout


@pytest.mark.skipif(not SERVICENOW.exists(), reason="the real log is not beside the project")
@pytest.mark.parametrize("policy", ["examples/servicenow/policy.sla", "contracts/trak/policy.sla"])
def test_a_slice_of_a_real_log(tmp_path: Path, policy: str) -> None:
    with zipfile.ZipFile(SERVICENOW) as packed, packed.open("incident_event_log.csv") as log:
        (tmp_path / "log.csv").write_bytes(b"".join(islice(log, 2_000)))
    mapping = str(EXAMPLES / "servicenow/mapping.toml")
    log_file = str(tmp_path / "log.csv")
    same(tmp_path, ["run", str(ROOT / policy), log_file, "--map", mapping, "--as-of", "2016-08-01T00:00:00Z"])


def test_json_is_the_same_but_for_the_engine(run: Run) -> None:
    found = {}
    for engine in (engines.REFERENCE, engines.COLUMNAR):
        found[engine] = json.loads(run(*JUDGE, "--json", "--engine", engine).stdout)
        assert found[engine].pop("engine")["name"] == engine
    assert found[engines.REFERENCE] == found[engines.COLUMNAR]


# ---- Which engine, and why ----------------------------------------------------------------------------------------


def test_a_short_log_goes_to_the_reference_engine(run: Run) -> None:
    result = run(*JUDGE, "--json")
    why = "the log is short; below some 20,000 events it is the faster one"
    assert result.stderr == f"reference engine: {why}\n"
    told = json.loads(result.stdout)["engine"]
    assert told == {"name": "reference", "why": why, "by_reference": {"subjects": 0, "reasons": {}}}


def test_a_long_log_goes_to_the_columnar_engine(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "MANY", 2)
    monkeypatch.setattr(engines, "find_spec", lambda name: object())
    long = "columnar engine: the log is long; from some 2 events on it is the faster one\n"
    assert run(*JUDGE).stderr.startswith(long)
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    assert run(*JUDGE).stderr.startswith("reference engine: numba is not installed: pip install 'slarules[fast]'\n")
    slow = "columnar engine: it was asked for; slowly, as numba is not installed: pip install 'slarules[fast]'\n"
    assert run(*JUDGE, "--engine", "columnar").stderr.startswith(slow)


@pytest.mark.parametrize(("policy", "readings"), [("absent.sla", ()), ("policy.sla", ("--readings", "ack=nonsense"))])
def test_a_reading_under_way_ends_with_the_command(
    run: Run, monkeypatch: pytest.MonkeyPatch, policy: str, readings: tuple[str, ...]
) -> None:
    """The log's reading begins before the policy is looked at."""
    begun, before, begin = [], threading.active_count(), ColumnReading.begin
    monkeypatch.setattr(ColumnReading, "begin", lambda one: begun.append(one) or begin(one))
    done = run("run", policy, "events.jsonl", *AS_OF, "--engine", "columnar", *readings)
    assert done.exit_code == 1 and done.stdout == ""
    assert len(begun) == 1 and threading.active_count() == before


def test_what_went_to_the_reference_engine_is_counted(run: Run, folder: Path) -> None:
    with (folder / "events.jsonl").open("a") as log:
        log.write(json.dumps({"id": "a1", "subject": "A1", "type": "started", "at": "2026-01-01T00:00:00Z"}) + "\n")
    result = run(*JUDGE, "--json", "--engine", "columnar")
    told = json.loads(result.stdout)["engine"]["by_reference"]
    assert told["subjects"] == sum(told["reasons"].values()) >= 1
    lines = run(*JUDGE, "--engine", "columnar").stderr.splitlines()
    at = lines.index(f"{told['subjects']} of 3 subjects went to the reference engine:")
    assert lines[at + 1 : at + 1 + len(told["reasons"])] == [f"  {n}: {why}" for why, n in told["reasons"].items()]


@pytest.mark.parametrize(("name", "many"), [("a.jsonl", 10), ("a.CSV", 20), ("a.parquet", 80), ("a.jsonl.gz", 106)])
def test_a_log_is_sized_by_its_file(tmp_path: Path, name: str, many: int) -> None:
    (tmp_path / name).write_bytes(b"x" * 1_600)
    assert engines.events_about([str(tmp_path / name), str(tmp_path / "absent.csv")]) == many


# ---- Memory, and going on -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "size"),
    [("1GB", 10**9), ("500 MB", 5 * 10**8), ("1.5gb", 15 * 10**8), ("2GiB", 2 << 30), ("4096kb", 4_096_000)],
)
def test_sizes_of_memory(text: str, size: int) -> None:
    assert engines.size(text) == size


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--memory", "1 gigabyte"], "`1 gigabyte` is no size: write 1GB or 500MB"),
        (["--memory", "1000"], "`1000` is no size"),
        (["--memory", "-1GB"], "`-1GB` is no size"),
        (["--memory", "20MB"], "20MB of memory is too little"),
        (["--memory", "1GB", "--engine", "reference"], "only the columnar engine has --memory, --resume and --state"),
        (["--resume"], "say with --output where the verdicts go"),
        (["--resume", "-o", "out.csv", "--state", "kept"], "a run with --state begins again where it was interrupted"),
        (["--state", "."], "cannot judge: `.` holds other files: name a folder that is new or empty"),
        (["--engine", "fast"], "'fast' is not one of 'auto', 'reference', 'columnar'"),
    ],
)
def test_what_cannot_be_asked_for(run: Run, folder: Path, arguments: list[str], said: str) -> None:
    result = run(*JUDGE, *arguments)
    assert result.exit_code == 1 and result.stdout == ""
    assert said in " ".join(result.stderr.split())


def test_a_limit_asks_for_the_columnar_engine(run: Run, folder: Path) -> None:
    result = run(*JUDGE, "--memory", "4GB", "-o", "out.jsonl")
    assert result.stderr.startswith("columnar engine: it alone has --memory, --resume and --state")
    assert "4 verdicts written to out.jsonl" in result.stderr
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(".")) == []


def test_an_interrupted_run_goes_on(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from slarules.columnar.disk.ranges import Sizes

    lines = (EXAMPLES / "trak/events.jsonl").read_text("utf-8").splitlines(keepends=True)
    (folder / "events.jsonl").write_text("".join(lines[:200]), "utf-8")
    arguments = ["run", TRAK[1], "events.jsonl", "--as-of", "2025-04-01", "--engine", "columnar"]
    assert run(*arguments, "-o", "whole.csv").exit_code == 0
    judge, seen = ran_columns.judge_files, [0]

    def interrupted(*given: object, **named: object) -> object:
        done = named["done"]

        def stop(judged: int, total: int) -> None:
            done(judged, total)  # type: ignore[operator]
            seen[0] += 1
            if seen[0] == 2:
                raise KeyboardInterrupt

        return judge(*given, **{**named, "done": stop, "sizes": Sizes(1 << 14, 120, 100)})  # type: ignore[arg-type]

    monkeypatch.setattr(ran_columns, "judge_files", interrupted)
    assert run(*arguments, "-o", "out.csv", "--resume").exit_code == 130
    assert not (folder / "out.csv").exists()
    result = run(*arguments, "-o", "out.csv", "--resume")
    assert result.exit_code == 0 and "judged before, and not again" in result.stderr
    assert (folder / "out.csv").read_bytes() == (folder / "whole.csv").read_bytes()
    assert not list(folder.glob(".out*"))


def test_a_run_through_a_mapping_can_be_resumed(run: Run, folder: Path) -> None:
    """What was asked is compared with what was asked before, the mapping with its way to write times among it."""
    (folder / "desk.csv").write_text("t,what,when\nT1,opened,02/03/2026 15:00\n")
    (folder / "desk.toml").write_text(
        'layout = "events"\n[columns]\nsubject = "t"\ntype = "what"\nat = "when"\n'
        '[time]\nformat = "%d/%m/%Y %H:%M"\nzone = "UTC"\n'
    )
    judge = ["run", "policy.sla", "desk.csv", "--map", "desk.toml", *AS_OF, *SUPPLIED]
    done = run(*judge, "--resume", "-o", "out.csv")
    assert done.exit_code == 0, done.stderr
    assert run(*judge, "-o", "whole.csv").exit_code == 0
    assert (folder / "out.csv").read_bytes() == (folder / "whole.csv").read_bytes()


def test_a_log_that_grows(run: Run, folder: Path) -> None:
    lines = (EXAMPLES / "trak/events.jsonl").read_text("utf-8").splitlines(keepends=True)[:160]
    (folder / "all.jsonl").write_text("".join(lines), "utf-8")
    (folder / "old.jsonl").write_text("".join(lines[:150]), "utf-8")
    (folder / "new.jsonl").write_text("".join(lines[150:]), "utf-8")
    judge, later = ["run", TRAK[1]], ["--as-of", "2025-04-01", "--engine", "columnar"]
    whole = run(*judge, "all.jsonl", *later, "-o", "whole.jsonl")
    assert run(*judge, "old.jsonl", "--as-of", "2025-02-01", "--state", "kept").exit_code == 0
    result = run(*judge, "new.jsonl", *later, "--state", "kept", "-o", "out.jsonl")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == whole.stdout
    assert (folder / "out.jsonl").read_bytes() == (folder / "whole.jsonl").read_bytes()
    again = run(*judge, *later, "--state", "kept")
    assert again.stdout == whole.stdout and "judged now; all others stand as they were judged before" in again.stderr
    known = run(*judge, "new.jsonl", *later, "--state", "kept")
    assert known.exit_code == 1 and "name only the events that came since" in known.stderr


# ---- Bad input ----------------------------------------------------------------------------------------------------


def test_rejects_are_the_same_and_whole(run: Run, folder: Path) -> None:
    with (folder / "events.jsonl").open("a") as log:
        log.write('{"id": "x", bad\n{"id": "y", "subject": "T1", "type": "updated", "at": "2026-03-02T15:00:00"}\n')
    written = []
    for engine in (engines.REFERENCE, engines.COLUMNAR):
        assert run(*JUDGE, "--engine", engine, "--rejects", "aside.jsonl").exit_code == 0
        written.append((folder / "aside.jsonl").read_bytes())
    assert written[0] == written[1] and written[0].count(b"\n") == 2
    wrong = run(*JUDGE, "--engine", "columnar", "--rejects", "no/such/folder.jsonl")
    assert wrong.exit_code == 1 and "cannot write `no/such/folder.jsonl`" in wrong.stderr
    assert not list(folder.glob(".aside*"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "policy.sla", "nowhere.jsonl", *AS_OF], "nowhere.jsonl"),
        (["run", "policy.sla", "policy.sla", *AS_OF], "is of no kind that is read"),
        ([*JUDGE, "--map", "nowhere.toml"], "nowhere.toml"),
        ([*JUDGE, "-o", "no/such/out.csv"], "cannot write `no/such/out.csv`"),
    ],
)
def test_bad_files_are_told_in_columns_too(run: Run, folder: Path, arguments: list[str], said: str) -> None:
    result = run(*arguments, "--engine", "columnar")
    assert result.exit_code == 1 and result.stdout == ""
    assert said in " ".join(result.stderr.split())


def test_an_empty_log_in_columns(run: Run, folder: Path) -> None:
    (folder / "events.jsonl").write_text("")
    result = run(*JUDGE, "--engine", "columnar", "-o", "out.csv")
    assert result.exit_code == 0 and "nothing was owed" in result.stdout and "is empty" in result.stderr
    assert len(list(csv.reader(io.StringIO((folder / "out.csv").read_text())))) == 1


# ---- Why, of one ticket -------------------------------------------------------------------------------------------


def test_explaining_reads_only_what_bears_on_the_ticket(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["explain", "policy.sla", "events.jsonl", *AS_OF, *SUPPLIED]
    told = [run(*asked, "--subject", "T1"), run(*asked, "--subject", "=T2", "--duty", "confirm", "--json")]
    nobody = run(*asked, "--subject", "T11")
    monkeypatch.setattr(engines, "MANY", 1)
    again = [run(*asked, "--subject", "T1"), run(*asked, "--subject", "=T2", "--duty", "confirm", "--json")]
    assert [one.stdout for one in again] == [one.stdout for one in told]
    assert run(*asked, "--subject", "T11").stderr == nobody.stderr and nobody.exit_code == 1
    assert "did you mean `T1`?" in nobody.stderr


