"""Rules that lead back to themselves: values without end, duties that never begin, breaches without time (R10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from slarules.model.contract import Terms
from slarules.model.limit import Column, Counted, Limit, Milestone, Within
from slarules.model.rules import Duty, OnOutcome, OnRemaining, Trigger
from slarules.model.value import Elapsed
from slarules.model.walk import inside
from slarules.resolve.demands import place_of
from slarules.resolve.names import Names
from slarules.resolve.tables import times
from slarules.resolve.terms import Uses
from slarules.source import Span

SORTS = {"amount": ("amount", "date"), "calendar": ("calendar",), "right": ("right",), "table": ("table",)}
"""Sorts of rules that are made of others; a circle among them has no value."""
Graph = Mapping[str, Iterable[str]]


def circle(start: str, leads: Graph) -> tuple[str, ...] | None:
    """The shortest way from a rule back to itself."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    for way in ways:
        for following in leads.get(way[-1], ()):
            if following == start:
                return (*way, start)
            if following not in seen:
                seen.add(following)
                ways.append((*way, following))
    return None


def each_circle(leads: Graph, tell: Callable[[tuple[str, ...]], None]) -> None:
    """Tells each circle once."""
    told: set[str] = set()
    for name in _on_a_way_back(leads):
        way = circle(name, leads) if name not in told else None
        if way is not None:
            told.update(way)
            tell(way)


def _on_a_way_back(leads: Graph) -> list[str]:
    """The rules left when those that lead nowhere are taken away, again and again."""
    before: dict[str, list[str]] = {}
    open_ways = {name: set(following) & leads.keys() for name, following in leads.items()}
    for name, following in open_ways.items():
        for one in following:
            before.setdefault(one, []).append(name)
    ended = [name for name, following in open_ways.items() if not following]
    for name in ended:
        for one in before.get(name, ()):
            open_ways[one].discard(name)
            if not open_ways[one]:
                ended.append(one)
    gone = set(ended)
    return [name for name in leads if name not in gone]


def _way(names: Iterable[str]) -> str:
    return " → ".join(f"`{name}`" for name in names)


def circles(names: Names, uses: Uses) -> None:
    """Amounts, dates, calendars, rights and tables that are made of themselves."""
    leads: dict[str, list[str]] = {}
    spans: dict[str, Span] = {}
    for sort, kinds in SORTS.items():
        for kind in kinds:
            for name, item in names.items[kind].items():
                key = f"{sort} {name}"
                leads[key] = [f"{s} {n}" for s, n in sorted(uses.get((sort, name), ())) if s in SORTS]
                spans[key] = item.node.name.span

    def tell(way: tuple[str, ...]) -> None:
        called = [key.split(" ")[1] for key in way]
        names.problems.error("E0705", spans[way[0]], f"`{called[0]}` is made of itself: {_way(called)}",
                             "define one of them without the others")

    each_circle(leads, tell)


def duties_in_circles(terms: Terms, names: Names) -> None:
    """Duties that wait for each other, and circles that would turn without end at one instant."""
    waits = _never_begin(terms)

    def never(way: tuple[str, ...]) -> None:
        names.problems.error("E0705", _span(way[0], names), f"`{way[0]}` can never begin: {_way(way)}",
                             "give one of them a trigger of its own: `when` an event happens")

    def without_time(way: tuple[str, ...]) -> None:
        names.problems.error("E0711", _span(way[0], names), f"this circle of duties takes no time: {_way(way)}",
                             "break it, or let what recurs be `every` so long")

    def clocks(way: tuple[str, ...]) -> None:
        names.problems.error("E0705", _span(way[0], names), f"these limits wait for each other: {_way(way)}",
                             "let one of them run from an event")

    each_circle(waits, never)
    quick = _at_once(terms)
    each_circle({name: [n for n in leads if n not in waits] for name, leads in quick.items() if name not in waits},
                without_time)
    each_circle(_milestones(terms), clocks)


def _span(name: str, names: Names) -> Span:
    owed = names.owed.get(name)
    return place_of(owed) if owed is not None else names.items["choice"][name].node.name.span


def _rules(terms: Terms) -> dict[str, tuple[Trigger, ...]]:
    """Triggers of duties and choices; a choice's duties wait for the choice."""
    rules: dict[str, tuple[Trigger, ...]] = {name: choice.triggers for name, choice in terms.choices.items()}
    for name, duty in terms.duties.items():
        rules[name] = (OnOutcome(duty.choice, "met"),) if duty.choice is not None else duty.triggers
    return rules


def _before(trigger: Trigger) -> str | None:
    """The duty or choice that a trigger waits for."""
    return trigger.duty if isinstance(trigger, (OnOutcome, OnRemaining)) else None


def _never_begin(terms: Terms) -> dict[str, list[str]]:
    """Rules whose every trigger waits for another such rule, each with those it waits for."""
    rules = _rules(terms)
    waiting = {name for name, triggers in rules.items() if all(_before(t) in rules for t in triggers)}
    while True:
        begun = {name for name in waiting if any(_before(t) not in waiting for t in rules[name])}
        if not begun:
            break
        waiting -= begun
    return {name: [_before(t) or "" for t in rules[name]] for name in rules if name in waiting}


def _at_once(terms: Terms) -> dict[str, list[str]]:
    """Rule → the rules that it may call up at the instant at which it was called up itself."""
    leads: dict[str, list[str]] = {}
    for name, triggers in _rules(terms).items():
        for trigger in triggers:
            duty = terms.duties.get(_before(trigger) or "")
            if duty is not None and _takes_no_time(trigger, duty, terms):
                leads.setdefault(duty.name, []).append(name)
            elif isinstance(trigger, OnOutcome) and trigger.duty in terms.choices:
                leads.setdefault(trigger.duty, []).append(name)
    return leads


def _takes_no_time(trigger: Trigger, duty: Duty, terms: Terms) -> bool:
    """Whether the trigger can come at the instant of the other duty's own: an act at that very instant
    performs it, and a time of nothing breaches it."""
    if isinstance(trigger, OnRemaining):
        remaining = trigger.remaining.micros if trigger.remaining is not None else -1
        return any(length.micros <= remaining for length in _elapsed(duty.limit, terms))
    assert isinstance(trigger, OnOutcome)
    return trigger.outcome in ("met", "performed") or duty.keeps is not None or any(
        length.micros == 0 for length in _elapsed(duty.limit, terms))


def _elapsed(limit: Limit | None, terms: Terms) -> list[Elapsed]:
    """Every length of time that the limit may be, in hours; dates are never at once."""
    found: list[Elapsed] = []
    for one in inside(limit):
        match one:
            case Within(span=Column() as column):
                found += [t for t, _ in times(terms.tables[column.table], column) if isinstance(t, Elapsed)]
            case Within(span=Counted(Elapsed() as length, _)) | Within(span=Elapsed() as length):
                found.append(length)
            case Within(span=span) if span is not None:
                found += [length for length in inside(span) if isinstance(length, Elapsed)]
    return found


def _milestones(terms: Terms) -> dict[str, list[str]]:
    """Duty → duties from whose performance its limit runs."""
    return {name: [one.duty for one in inside(duty.limit) if isinstance(one, Milestone)]
            for name, duty in terms.duties.items()}


