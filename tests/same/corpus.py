"""What is written down already, as cases: scenarios, duty cases, example logs, and a real log where it lies beside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from attrs import evolve

from slarules.cli.options import supplied
from slarules.loader import load
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.readers import read_events
from slarules.scenario.reading import read_all
from slarules.scenario.script import Script
from tests.case_files import read
from tests.duty_cases import contract_of, events_of, instant, policy_text, supplied_of
from tests.duty_cases.names import plainly_named
from tests.duty_cases.policy import looked_at
from tests.rules.scripts import scripts_of
from tests.same.cases import Case

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
DAY = 86_400_000_000
CONTRACTS = sorted((ROOT / "contracts").glob("*/scenarios.sla"))
RULES = sorted((ROOT / "tests" / "rules").rglob("*.sla"))
DUTY_CASES = [ROOT / "tests" / "tables" / name for name in ("duty-cases.json", "duty-cases-by-hand.json")]


def plain(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events with their facts in the order of names, as a table with a column for each has them."""
    return tuple(evolve(event, facts=dict(sorted(event.facts.items()))) for event in events)


def scenarios(paths: list[Path]) -> Iterator[Case]:
    """Each instant at which a scenario expects something, with the lines above it."""
    for path in paths:
        contract, scripts = scripts_of(path)
        for script in scripts:
            yield from _asked(f"{path.relative_to(ROOT)}: {script.title}", contract, script)


def _asked(name: str, contract: Contract, script: Script) -> Iterator[Case]:
    above: list[Event] = []
    asked: set[tuple[int, int]] = set()
    for line in script.lines:
        if line.event is not None:
            above.append(line.event)
        if line.expected is not None and (len(above), line.at) not in asked:
            asked.add((len(above), line.at))
            yield Case(
                name,
                contract.policy.text,
                contract,
                plain(above),
                line.at,
                dict(script.readings),
                dict(script.supplied),
            )


def scenarios_within(paths: list[Path]) -> Iterator[Case]:
    """The scenarios that stand in policies themselves."""
    for path in paths:
        loaded = load(path)
        if loaded.contract is None:
            continue
        scripts, _ = read_all(loaded.contract, loaded.scenarios)
        for script in scripts:
            yield from _asked(f"{path.relative_to(ROOT)}: {script.title}", loaded.contract, script)


def duty_cases() -> Iterator[Case]:
    """The table of cases that came with the rules of judging, and those reckoned by hand besides."""
    for one in (plainly_named(looked_at(case)) for table in DUTY_CASES for case in read(table)):
        contract, events = contract_of(one), events_of(one)
        for asked in one["evaluations"]:
            yield Case(
                f"duty case {one['id']}",
                policy_text(one),
                contract,
                plain(events[: asked.get("log_upto")]),
                instant(asked["as_of"]),
                {},
                supplied_of(one["contract"]),
            )


NAMES = ("trak", "collabware", "copiun", "cpi")


def shipped(name: str) -> Contract:
    """One of the four contracts."""
    return _contract(f"contracts/{name}/policy.sla")


@cache
def _contract(path: str) -> Contract:
    found = load(ROOT / path).contract
    assert found is not None
    return found


def examples() -> Iterator[Case]:
    """A year of tickets under Trak and under Collabware, as of four instants each."""
    for name, told in (
        ("trak", "ScheduledMaintenance=%s/maintenance.txt"),
        ("collabware", "CollabwareHolidays=%s/holidays.txt"),
    ):
        contract, folder = shipped(name), ROOT / "examples" / name
        events = plain(read_events(folder / "events.jsonl").events())
        first, last = min(e.at for e in events), max(e.at for e in events)
        given = supplied(contract, [told % folder])
        for share in (3, 6, 9, 12):
            as_of = first + (last - first) * share // 9
            yield Case(f"examples/{name} at {share}/9", contract.policy.text, contract, events, as_of, {}, given)


def every_reading() -> Iterator[Case]:
    """The example year under each option of each reading of Trak's policy."""
    contract = shipped("trak")
    events = plain(read_events(ROOT / "examples" / "trak" / "events.jsonl").events())
    tickets = sorted({event.subject for event in events})[::9]
    some = tuple(event for event in events if event.subject in tickets)
    as_of = some[len(some) * 2 // 3].at
    for name, reading in contract.readings.items():
        for option in reading.options:
            if option.name != reading.adopted and reading.changes_nothing is None:
                told = f"examples/trak, {name} is {option.name}"
                yield Case(told, contract.policy.text, contract, some, as_of, {name: option.name})


def real_log(tickets: int | None) -> Iterator[Case]:
    """A help desk's real incidents under its own targets and under Trak's; so many of them, or all."""
    log = DATA / "servicenow-incidents.zip"
    for policy, mapping in (("examples/servicenow/policy.sla", "made_sla"), ("contracts/trak/policy.sla", "mapping")):
        events = _incidents(log, ROOT / "examples" / "servicenow" / f"{mapping}.toml", tickets)
        first, last = min(e.at for e in events), max(e.at for e in events)
        contract = _contract(policy)
        for as_of in ((first + last) // 2, last + 365 * DAY):
            name = f"the ServiceNow log under {policy}"
            yield Case(name, contract.policy.text, contract, events, as_of, precision=60_000_000)


@cache
def _incidents(log: Path, mapping: Path, tickets: int | None) -> tuple[Event, ...]:
    if tickets is None:
        return plain(read_events(log, mapping).events())
    with ZipFile(log) as whole, TemporaryDirectory() as folder:
        name = next(name for name in whole.namelist() if name.endswith(".csv"))
        few = Path(folder) / "incidents.csv"
        with whole.open(name) as lines:
            few.write_bytes(b"".join(islice(lines, 8 * tickets)))
        return plain(read_events(few, mapping).events())
