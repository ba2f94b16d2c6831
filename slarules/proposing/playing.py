"""A plot played out: what happens one after the other from a start, and the instance of a rule that it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from attrs import evolve, field, frozen

from slarules.calendars import zones
from slarules.engine.evaluate import evaluate, verdicts_on
from slarules.model.calendar import Supplied, Window
from slarules.model.contract import Contract
from slarules.model.event import Event, Raw
from slarules.model.value import HOUR
from slarules.model.verdict import Evaluation, Verdict

PATIENCE = 24
"""Changes that are waited for."""
WEEKS = 8
"""For so long a supplied calendar is known."""


@frozen
class Deed:
    """Something that happens."""

    type: str
    subject: str
    kind: str
    actor: str | None
    facts: Mapping[str, Raw] = field(factory=dict)
    after: int = 0
    """Microseconds after what stands before it."""


@frozen
class WaitFor:
    """Nothing happens until there is an instance of a rule."""

    rule: str
    breach_of: str | None = None
    """The duty from whose breach it follows: its deadline is looked at first."""


@frozen
class WaitUntil:
    """Nothing happens until the agreement is in a state."""

    status: str
    state: str


@frozen
class Plot:
    """How an instance of a rule comes to be."""

    contract: Contract
    rule: str
    subject: str
    """The ticket, agreement … that it is about."""
    kind: str
    readings: Mapping[str, str]
    """Readings that differ from the adopted ones."""
    steps: tuple[Deed | WaitFor | WaitUntil, ...]
    without: frozenset[str] = frozenset()
    """Lists and calendars that nobody needs to supply, because nothing hangs on them."""


@frozen
class Played:
    """A plot played from a start."""

    plot: Plot
    supplied: Mapping[str, Supplied]
    events: tuple[Event, ...]
    at: int
    """When the instance is there."""
    verdict: Verdict
    """The instance, the newest of its rule."""

    @property
    def due(self) -> int | None:
        return self.verdict.deadline


def play(plot: Plot, start: int) -> Played | None:
    """What the plot leads to; None where it leads to no instance of its rule."""
    given = supplies(plot.contract, zones.local_date(start, "UTC"))
    supplied = {name: what for name, what in given.items() if name not in plot.without}
    played = Played(plot, supplied, (), start, None)  # type: ignore[arg-type]
    for step in plot.steps:
        match step:
            case Deed():
                played = did(played, step, played.at + step.after)
            case _:
                waited = _wait(played, step)
                if waited is None:
                    return None
                played = waited
    found = instances(played, played.at)
    return evolve(played, verdict=found[-1]) if found else None


def did(played: Played, deed: Deed, at: int) -> Played:
    """The tale with something more that happens."""
    same = sum(event.subject == deed.subject and event.type == deed.type for event in played.events)
    name = f"{deed.subject}-{deed.type}" + (f"-{same + 1}" if same else "")
    event = Event(name, deed.subject, deed.type, at, deed.actor, dict(deed.facts), kind=deed.kind)
    return evolve(played, events=(*played.events, event), at=at)


def seen(played: Played, as_of: int) -> Evaluation:
    """What the engine sees of it."""
    plot = played.plot
    return evaluate(plot.contract, plot.readings, played.events, as_of, supplied=played.supplied)


def instances(played: Played, as_of: int) -> list[Verdict]:
    """The instances of its rule, in their order."""
    return [v for v in owed(played, as_of) if v.duty == played.plot.rule]


def owed(played: Played, as_of: int) -> list[Verdict]:
    """What the engine says of its subject."""
    plot = played.plot
    return verdicts_on(plot.contract, plot.readings, played.events, as_of, plot.subject, supplied=played.supplied)


def sparing(played: Played) -> Played:
    """The same, supplied only with what something hangs on."""
    for name in played.supplied:
        plot = evolve(played.plot, without=played.plot.without | {name})
        again = play(plot, played.events[0].at)
        if again is not None and _alike(again.verdict, played.verdict):
            played = again
    return played


def _alike(one: Verdict, other: Verdict) -> bool:
    return (one.state, one.deadline, one.triggered_at) == (other.state, other.deadline, other.triggered_at)


def _wait(played: Played, step: WaitFor | WaitUntil) -> Played | None:
    at = played.at
    if isinstance(step, WaitFor) and step.breach_of is not None:
        before = [v for v in owed(played, at) if v.duty == step.breach_of]
        at = before[-1].deadline if before and before[-1].state == "pending" and before[-1].deadline is not None else at
    for _ in range(PATIENCE):
        evaluation = seen(played, at)
        if isinstance(step, WaitFor):
            there = any(v.duty == step.rule and v.subject == played.plot.subject for v in evaluation.verdicts)
        else:
            there = any(n == step.status and s == step.state for (_, n), s in evaluation.statuses.items())
        if there:
            return evolve(played, at=at)
        if evaluation.next_change_at is None:
            return None
        at = evaluation.next_change_at
    return None


def supplies(contract: Contract, day: date) -> dict[str, Supplied]:
    """What parties would supply: lists with a Wednesday soon after, calendars open on Saturday evenings."""
    given: dict[str, Supplied] = {}
    monday = day - timedelta(days=day.weekday() + 7)
    for terms in contract.versions:
        for name, listed in terms.holidays.items():
            if listed.supplied_by:
                given[name] = Supplied((holiday_of(contract),), known_until=date(day.year + 5, 1, 1))
        for name, calendar in terms.calendars.items():
            if calendar.supplied_by:
                saturdays = [monday + timedelta(days=5 + 7 * week) for week in range(WEEKS)]
                windows = tuple((saturday, (Window(20 * HOUR, 22 * HOUR),)) for saturday in saturdays)
                given[name] = Supplied(windows=windows, known_until=saturdays[-1] + timedelta(days=1))
    return given


def holiday_of(contract: Contract) -> date:
    """The date that a supplied list of holidays has: the Wednesday of the week after the first."""
    return first_monday(contract, len(contract.versions) - 1) + timedelta(days=9)


def first_monday(contract: Contract, version: int) -> date:
    """A Monday on which that version of the contract is in force: 2 March 2026, else the first one there is."""
    stated = contract.versions[version].in_force_from or contract.in_force[0]
    after = contract.versions[version + 1].in_force_from if version + 1 < len(contract.versions) else None
    after = after or contract.in_force[1]
    usual = date(2026, 3, 2)
    if (stated is None or stated <= usual) and (after is None or usual + timedelta(days=60) < after):
        return usual
    if stated is None:
        assert after is not None
        stated = after - timedelta(days=90)
    return stated + timedelta(days=-stated.weekday() % 7 or 7)
