"""What is printed as the language writes it is read as what it was."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from slarules.calendars.zones import moment, zone
from slarules.model.event import Event, Raw
from slarules.model.value import SECOND
from slarules.scenario.reading import read_all
from slarules.scenario.report import in_words
from slarules.source import Source
from slarules.syntax.parse import parse
from tests.engine.small import ZONE, at, contract
from tests.laws.histories import LAWS

RULES = """
fact channel of request: one of email, telephone or web
fact satisfied of request: yes or no
fact size of request: number
fact due_on of request: date
fact fee of request: money in USD
fact slots of request: list of dates
severities 1, 2, urgent
"""
days = st.dates(date(1975, 1, 1), date(2150, 1, 1)).map(date.isoformat)
facts = st.fixed_dictionaries(
    {},
    optional={
        "severity": st.sampled_from(["1", "2", "urgent"]),
        "channel": st.sampled_from(["email", "telephone", "web"]),
        "satisfied": st.booleans(),
        "automatic": st.booleans(),
        "size": st.decimals(0, 10**6, places=2).map(Decimal.normalize).map(lambda n: Decimal(f"{n:f}")),
        "due_on": days,
        "slots": st.lists(days, min_size=2, max_size=3).map(tuple),
        "fee": st.integers(0, 10**7).map(lambda cents: f"{cents // 100}.{cents % 100:02d} USD"),
    },
)
KINDS = ("opened", "asked", "responded", "updated", "resolved", "resumed", "severity_changed", "escalated")
instants = st.integers(at("2026-03-09 00:00") // SECOND, at("2026-10-30 00:00") // SECOND).map(
    lambda s: s * SECOND
)


@st.composite
def events(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from((*KINDS, "waiting")))
    carried: dict[str, Raw] = {}
    if kind == "waiting":
        carried["on"] = draw(st.sampled_from(["Client", "Desk", "vendor"]))
    carried |= draw(facts)
    actor = draw(st.sampled_from(["Client", "Desk", None]))
    agreement = draw(st.sampled_from(["A1", None]))
    return Event(f"T1-{kind}", "T1", kind, draw(instants), actor, carried, agreement=agreement)


def read(lines: str) -> list[Event]:
    source = Source("law.sla", f'slarules 1\nscenarios of "small.sla"\nscenario "x" in {ZONE}\n{lines}')
    tree, spelling = parse(source)
    scripts, problems = read_all(contract(RULES), tree.items)
    assert scripts, [(d.message, d.span.text) for d in (*spelling, *problems)]
    return [line.event for line in scripts[0].lines if line.event is not None]


def stamped(event: Event, when: int) -> str:
    return f"  {moment(when, zone(ZONE)):%Y-%m-%d %H:%M:%S}  {in_words(event, ZONE, when)}\n"


@LAWS
@given(events())
def test_an_event_in_words_is_that_event(event: Event) -> None:
    (again,) = read(stamped(event, event.at))
    assert evolve(again, kind=None) == event
    assert dict(again.facts) == dict(event.facts)


@LAWS
@given(events(), instants)
def test_an_event_told_late_is_that_event(event: Event, when: int) -> None:
    late = evolve(event, recorded_at=when)
    (again,) = read(stamped(late, when))
    assert again.at == event.at
    assert again.recorded_at == (when if when != event.at else None)
    assert dict(again.facts) == dict(event.facts)
