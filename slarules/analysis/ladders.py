"""Times by severity laid side by side: graver ones are not slower, and a response comes before the resolution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice

from slarules.analysis.families import Family, arises, compared, deadline, families, is_owed, space_of_family
from slarules.analysis.guards import Guarded, Told, told
from slarules.analysis.moments import starts
from slarules.analysis.points import Goal, Point, points
from slarules.analysis.stories import Story, story
from slarules.analysis.trials import kind_of, row_at, tables_of
from slarules.analysis.witnesses import confirmed
from slarules.lint.domain import Key, keys_of
from slarules.lint.examined import Examined
from slarules.lint.finding import Due, DueLater, Found, Witness
from slarules.model.expression import SeverityRef
from slarules.model.limit import Column, Within
from slarules.model.rules import Duty, OnEvent, SeverityLevel
from slarules.model.value import Value
from slarules.source import Span

TRIED = 24
"""Surroundings in which two levels are laid side by side."""
LADDER, RESPONSE = "ladder-not-monotone", "response-not-before-resolution"
HOURS_APART = 7
"""Between the hours of a week that are tried."""
RESPONSES = frozenset(("acknowledged", "responded"))
RESOLUTION = "resolved"


@lru_cache(maxsize=2)
def everything(examined: Examined) -> tuple[Told, ...]:
    """What is told of each family of duties, and of each response beside its resolution."""
    found: list[Told] = []
    for family in families(examined):
        found += told(examined, family.members[0], LADDER, _slower(examined, family))
    every = [one for family in families(examined) for one in family.members]
    for one in every:
        for other in every:
            if _are_parallel(one, other):
                found += told(examined, one, RESPONSE, _rows(examined, one, other))
    return tuple(found)


def _slower(examined: Examined, family: Family) -> Iterator[Found]:
    space = space_of_family(family.members, family.adopted).known()
    severities = family.adopted.terms.severities
    if SeverityRef() not in space.domain.values or severities is None:
        return
    levels = severities.levels
    some = Goal(lambda point: any(is_owed(one, point) for one in family.members), frozenset(space.domain.values))
    rest = list(islice(points(space, [some]), TRIED * len(levels)))
    for graver, milder in ((a, b) for n, a in enumerate(levels) for b in levels[n + 1 :]):
        for around in rest:
            if around.values[SeverityRef()] != graver.name:
                continue
            its = Point(around.adopted, {**around.values, SeverityRef(): milder.name}, around.now)
            late = _later(family, around, its)
            witness = _both(late, f"severity {graver.name} is due after severity {milder.name}") if late else None
            if late is not None and (witness is not None or isinstance(late[0].trigger, OnEvent)):
                yield _told_slower(examined, late, graver, milder, witness)
                return


Late = tuple[Guarded, Guarded, Point, Point]
"""The duty of the graver level, that of the milder one, and the points of both, at an instant at which it is later."""


def _later(family: Family, graver: Point, milder: Point) -> Late | None:
    """Whether what is owed at a graver level can be due later than what is owed at a milder one."""
    mine = [one for one in family.members if is_owed(one, graver)]
    its = [one for one in family.members if is_owed(one, milder)]
    if len(mine) != 1 or len(its) != 1:
        return None  # where two are owed together, that is told by itself
    order = compared(mine[0], its[0], graver.values, milder.values)
    if order is None or order[0] != 1 or order[1] is None:
        return None
    at = order[1] if not _asks_the_clock(mine[0], its[0]) else graver.now
    return mine[0], its[0], Point(graver.adopted, graver.values, at), Point(milder.adopted, milder.values, at)


def _asks_the_clock(*several: Guarded) -> bool:
    return any(line.kind == "when" for one in several for line in one.lines)


def _told_slower(
    examined: Examined, late: Late, graver: SeverityLevel, milder: SeverityLevel, witness: Witness | None
) -> Found:
    mine, its, first, second = late
    words = f"the time of `{_source(mine)}`" if _source(mine) == _source(its) else f"`{mine.rule.name}`"
    return Found(
        _row(examined, mine, first.values),
        f"at severity {graver.name} {words} can end later than at severity {milder.name}, which is milder",
        "give the graver severity the shorter time, or both the same kind of time",
        ((_row(examined, its, second.values), f"severity {milder.name}"),),
        witness=witness,
    )


def _both(late: Late, told: str) -> Witness | None:
    """Two tickets, alike but for the severity, whose duties begin at one instant.

    What follows from something else begins when that happens: other hours of the week are tried until the engine
    confirms one.
    """
    mine, its, first, second = late
    begins = [first.now] if isinstance(mine.trigger, OnEvent) else list(starts(mine.adopted))[::HOURS_APART]
    found: Witness | None = None
    for start in begins:
        one = _story(mine, first, start, 1)
        other = _story(its, second, start, 2)
        if one is not None and other is not None and one.at != other.at:
            other = _story(its, second, start + one.at - other.at, 2)
        if one is None or other is None or one.at != other.at:
            continue
        events = tuple(sorted((*one.events, *other.events), key=lambda e: e.at))
        later = DueLater(one.subject, mine.rule.name, other.subject, its.rule.name)
        found = Witness(events, one.at, (later,), told)
        if len(begins) == 1 or not isinstance(confirmed(mine.adopted.contract, found), str):
            return found
    return None


def _story(one: Guarded, point: Point, start: int, number: int) -> Story | None:
    return story(kind_of(one.rule), one.rule, one.trigger, Point(point.adopted, point.values, start), number)


# ---- Response and resolution ----------------------------------------------------------------------------------------


def _are_parallel(one: Guarded, other: Guarded) -> bool:
    """A response and a resolution set off together, each with the time of a table's column."""
    if one.adopted is not other.adopted or one.trigger != other.trigger or one.rule is other.rule:
        return False
    mine, its = _performed_by(one), _performed_by(other)
    if not mine & RESPONSES or RESOLUTION in mine or RESOLUTION not in its:
        return False
    limits = [getattr(each.rule, "limit", None) for each in (one, other)]
    return all(isinstance(limit, Within) and isinstance(limit.span, Column) for limit in limits)


def _performed_by(one: Guarded) -> frozenset[str]:
    patterns = one.rule.performance.patterns if isinstance(one.rule, Duty) else ()
    return frozenset(pattern.type for pattern in patterns)


def _rows(examined: Examined, one: Guarded, other: Guarded) -> Iterator[Found]:
    space = space_of_family((one, other), one.adopted).known()
    seen: set[object] = set()
    tables = [table.inputs for each in (one, other) for table, _ in tables_of(each.rule, one.adopted.terms)]
    inputs = keys_of(tables, one.adopted.terms)
    for point in islice(points(space, [*arises(one), *arises(other)]), TRIED * 8):
        row = tuple(str(point.values.get(key)) for key in inputs)
        if row in seen:
            continue
        seen.add(row)
        order = compared(one, other, point.values, point.values)
        if order is not None and order[0] >= 0:
            yield _told_late(examined, one, other, point, order)


def _told_late(examined: Examined, one: Guarded, other: Guarded, point: Point, order: tuple[int, int | None]) -> Found:
    at = order[1] if order[1] is not None and not _asks_the_clock(one, other) else point.now
    when = Point(point.adopted, point.values, at)
    words = "can be due after" if order[0] else "is due no sooner than"
    return Found(
        _row(examined, one, point.values),
        f"`{_source(one)}` {words} `{_source(other)}` of this row",
        "let the response be due before the resolution is",
        ((examined.name_at(_cited(one)), "the response"), (examined.name_at(_cited(other)), "the resolution")),
        witness=_one_ticket(one, other, when),
    )


def _one_ticket(one: Guarded, other: Guarded, point: Point) -> Witness | None:
    made: Story | None = story(kind_of(one.rule), one.rule, one.trigger, point)
    mine, its = deadline(one, point.values, point.now), deadline(other, point.values, point.now)
    if made is None or mine is None or its is None:
        return None
    names = (one.rule.name, other.rule.name)
    claims = (DueLater(made.subject, names[0], made.subject, names[1], True), Due(made.subject, names[0], mine))
    return Witness(tuple(made.events), made.at, claims, f"`{names[0]}` is due no sooner than `{names[1]}`")


def _cited(one: Guarded) -> Span:
    assert isinstance(one.rule, Duty)
    return one.rule.citation.rule


def _source(one: Guarded) -> str:
    """The column that gives a duty its time, or else the duty."""
    return next((column for _, column in tables_of(one.rule, one.adopted.terms)), one.rule.name)


def _row(examined: Examined, one: Guarded, values: Mapping[Key, Value]) -> Span:
    """The row that gives a duty its time at a point, or else where the duty is named."""
    tables = tables_of(one.rule, one.adopted.terms)
    return row_at(examined, tables[0][0], values) if tables else examined.name_at(_cited(one))
