"""What may come between: waiting, reopening, a change of severity, a fact that changes, an act that comes again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from slarules.analysis.stories import raw
from slarules.comparison.histories import Begun, Deed, done, happens
from slarules.comparison.occasions import Bench, Compared
from slarules.comparison.tickets import Tried
from slarules.comparison.trying import CHANGED, COURSE, Trial, acted, first_due, judged, recording, to_the_end
from slarules.model.expression import FactRef, Pattern
from slarules.model.limit import EachDay, Every, OnEach, Within
from slarules.model.rules import Duty
from slarules.model.value import HOUR, MINUTE, Unknown
from slarules.model.walk import inside


def courses(made: Trial, begun: Begun) -> Iterator[Tried]:
    """Waiting, reopening, a fact that changes, an end that comes first, an act that comes again."""
    for after in _interrupted(made, begun):
        if made.settled:
            return
        last = max(event.at for log in after.logs for event in log)
        yield from to_the_end(made, after, COURSE, max(last, after.at))
        yield from judged(made, after, COURSE)
        if made.acts:
            yield from judged(made, acted(made, after, max(last, after.at) + MINUTE), COURSE)


def _interrupted(made: Trial, begun: Begun) -> Iterator[Begun]:
    bench, at = made.bench, begun.at + MINUTE
    rules: list[Compared] = [rule for of in (0, 1) for rule in bench.rules(of)]
    if begun.kind == "ticket":
        for of, party in _parties(bench):
            waits = done(bench, begun, Deed(of, "waiting", bench.sides[of].party("provider"), {"on": party}, {}), at)
            yield waits
            yield done(bench, waits, Deed(of, "resumed", bench.sides[of].party("customer"), {}, {}), at + 3 * HOUR)
        solved = happens(bench, begun, "resolved", "provider", at)
        yield from (solved, happens(bench, solved, "reopened", "customer", at + HOUR))
        yield happens(bench, begun, "closed", "provider", at)
        yield happens(bench, begun, "cancelled", "customer", at)
        if made.acts:
            again = happens(bench, acted(made, begun, at), "resolved", "provider", at + MINUTE)
            yield happens(bench, again, "reopened", "customer", at + HOUR)
    if made.acts and any(isinstance(part, (Every, EachDay, OnEach)) for part in inside(rules)):
        once = acted(made, begun, at)
        yield from (once, acted(made, once, at + 20 * HOUR), acted(made, once, at + 30 * HOUR))
    for of in (0, 1):
        yield from _changed_later(made, begun, of, at)


def changed_severity(made: Trial, begun: Begun) -> Iterator[Tried]:
    """The severity becomes any other, by word of either party: at once, and when half of the time is used."""
    bench = made.bench
    dues = [due for due in map(first_due, made.looked(begun, begun.at)) if due is not None]
    half = begun.at + (min(dues, default=begun.at + 2 * HOUR) - begun.at) // 2
    for level in bench.languages[0].severities:
        for at, role in product((begun.at + MINUTE, half), ("customer", "provider")):
            if level != bench.levels[0] and at > begun.at and not made.settled:
                after = happens(bench, begun, "severity_changed", role, at, {"severity": level})
                yield from to_the_end(made, after, CHANGED, at)
                yield from judged(made, after, CHANGED)


def _parties(bench: Bench) -> list[tuple[int, str]]:
    return [(of, party.name) for of in (0, 1) for party in bench.sides[of].contract.parties
            if of == 0 or party.name not in bench.languages[1].parties]


def _changed_later(made: Trial, begun: Begun, of: int, at: int) -> Iterator[Begun]:
    """What ends a rule, what its time runs from, what it wants kept, and what it is owed under: each a little later."""
    bench, side = made.bench, made.bench.sides[of]
    for rule in bench.rules(of):
        if not isinstance(rule, Duty):
            continue
        for pattern in rule.until:
            yield done(bench, begun, Deed(of, pattern.type, pattern.by or side.party("provider"), {}, {}), at)
        for limit in inside(rule.limit):
            if isinstance(limit, Within) and isinstance(limit.after, Pattern):
                after = limit.after
                yield done(bench, begun, Deed(of, after.type, after.by or side.party("provider"), {}, {}), at)
        if rule.keeps is not None:
            for so in (False, True):
                yield recording(made, begun, of, {rule.keeps: so}, at)
        for occasion in made.occasions[of]:
            if occasion.rule is rule:
                for key, several in occasion.domain.values.items():
                    if isinstance(key, FactRef) and key.name in side.terms.facts:
                        for value in several:
                            if not isinstance(value, Unknown):
                                yield recording(made, begun, of, {key.name: raw(value)}, at)
