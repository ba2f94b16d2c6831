"""Severities for which a ladder of duties, or a table of times, comes to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product

from attrs import frozen

from slarules.analysis.families import Family, arises, is_owed, several, space_of_family
from slarules.analysis.guards import Guarded, Told, guarded, told
from slarules.analysis.moments import versions_of
from slarules.analysis.points import Goal, Point, TooLarge, ask, found, is_true
from slarules.analysis.stories import story
from slarules.analysis.trials import kind_of, row_at, space_for, sure, witness_of
from slarules.engine.adopt import Adopted
from slarules.engine.judging.limits import NO_PROMISE, looked_up
from slarules.lint.domain import Key, domain_of
from slarules.lint.examined import Examined
from slarules.lint.finding import Found, NotArisen, Seen, Witness
from slarules.model.expression import SeverityRef
from slarules.model.limit import Column
from slarules.model.rules import Duty, Table
from slarules.model.value import Unknown, Value
from slarules.model.walk import inside

GAP = "severity-gap"
MOST_ROWS = 2_000
"""Combinations of a table's inputs that are gone through."""


@lru_cache(maxsize=2)
def everything(examined: Examined) -> tuple[Told, ...]:
    """What is told of each family of duties, and of each column."""
    found: list[Told] = []
    for family in several(examined):
        found += told(examined, family.members[-1], GAP, _left_out(examined, family))
    for adopted in versions_of(examined.contract) if examined.contract is not None else ():
        for column in _columns(examined, adopted):
            found += told(examined, column.duties[0][0], GAP, _unused(examined, column))
    return tuple(found)


# ---- A level between or above those that duties of one act are owed for ---------------------------------------------


def _left_out(examined: Examined, family: Family) -> Iterator[Found]:
    by_level = [one for one in family.members if any(isinstance(p, SeverityRef) for p in inside(one.conditions))]
    severities = family.adopted.terms.severities
    if len(by_level) < 2 or severities is None:
        return
    space = space_of_family(family.members, family.adopted).known()
    owed: dict[str, tuple[Guarded, Point]] = {}
    for level in severities.levels:
        at = Goal(lambda point, name=level.name: point.values[SeverityRef()] == name,  # type: ignore[misc]
                  frozenset({SeverityRef()}))
        for one in family.members:
            point = found(space, [*arises(one), at])
            if point is not None:
                owed.setdefault(level.name, (one, point))
    names = [level.name for level in severities.levels]
    for number, name in enumerate(names):
        milder = next((other for other in names[number + 1 :] if other in owed), None)
        if name not in owed and milder is not None:
            yield _gap(examined, family, name, owed[milder])


def _gap(examined: Examined, family: Family, level: str, milder: tuple[Guarded, Point]) -> Found:
    """What is owed for nobody at a level, beside what is owed at a milder one."""
    one, point = milder
    milder_level = point.values[SeverityRef()]
    at = Point(point.adopted, {**point.values, SeverityRef(): level}, point.now)
    names = [duty.name for duty in family.duties]
    said = ", ".join(f"`{name}`" for name in names)
    witness = None
    stories = [story(kind_of(one.rule), one.rule, one.trigger, p, n + 1) for n, p in enumerate((at, point))]
    if stories[0] is not None and stories[1] is not None and not any(is_owed(other, at) for other in family.members):
        nothing = [(stories[0], NotArisen(stories[0].subject, name)) for name in names]
        seen = (stories[1], Seen(stories[1].subject, one.rule.name, ()))
        witness = witness_of([*nothing, seen], f"nothing is owed at severity {level}")
    return Found(
        examined.name_at(family.duties[-1].citation.rule),
        f"severity {level} is left out: none of {said} is owed for it, though one is for severity {milder_level}",
        f"say what is owed at severity {level}; or allow it, and say why nothing is",
        tuple((examined.name_at(duty.citation.rule), "not at that severity") for duty in family.duties[:-1]),
        witness=witness,
    )


# ---- A time that a table gives and no duty takes --------------------------------------------------------------------


@frozen
class Used:
    """A column of a table, with the duties that take their time from it."""

    table: Table
    column: str
    duties: tuple[tuple[Guarded, Guarded], ...]
    """Each at each of its triggers: under the adopted options, and with its readings left open."""
    adopted: Adopted


def _columns(examined: Examined, adopted: Adopted) -> Iterator[Used]:
    used: dict[tuple[str, str], list[tuple[Guarded, Guarded]]] = {}
    for ones, frees in guarded(examined, adopted):
        for one, free in zip(ones, frees, strict=True):
            limit = free.rule.limit if isinstance(free.rule, Duty) else None
            for part in inside(limit):
                if isinstance(part, Column):
                    used.setdefault((part.table, part.column), []).append((one, free))
    for (table, column), duties in used.items():
        yield Used(adopted.terms.tables[table], column, tuple(duties), adopted)


def _unused(examined: Examined, used: Used) -> Iterator[Found]:
    domain = domain_of(used.table.inputs, used.adopted.terms).known.values
    count = 1
    for several_values in domain.values():
        count *= len(several_values)
    if count > MOST_ROWS:
        raise TooLarge
    bare: list[Mapping[Key, Value]] = []
    for combination in product(*domain.values()):
        values = dict(zip(domain, combination, strict=True))
        cell = looked_up(used.table, used.column, Point(used.adopted, values, 0))
        stated = cell != NO_PROMISE and not isinstance(cell, Unknown)
        if stated and not any(_can_be(free, values) for _, free in used.duties):
            bare.append(values)
    if bare:
        yield _promised_in_vain(examined, used, bare)


def _can_be(free: Guarded, values: Mapping[Key, Value]) -> bool:
    """Whether a duty can be owed where a table's inputs are these."""
    goals = [ask(c, free.adopted.terms, is_true) for c in free.conditions]
    space = space_for(free)
    for key, value in values.items():
        if key in space.domain.values:
            goals.append(Goal(lambda point, key=key, value=value: point.values[key] == value,  # type: ignore[misc]
                              frozenset({key})))
    return found(space, [*goals, *sure(free)]) is not None


def _promised_in_vain(examined: Examined, used: Used, bare: list[Mapping[Key, Value]]) -> Found:
    names = list(dict.fromkeys(one.rule.name for one, _ in used.duties))
    said = ", ".join(_said(key, value) for key, value in bare[0].items())
    more = f", and for {len(bare) - 1} more" if len(bare) > 1 else ""
    return Found(
        row_at(examined, used.table, bare[0]),
        f"`{used.table.name}` promises `{used.column}` for {said}{more}, and no duty ever asks for it",
        f"write `none` there, or let {' or '.join(f'`{name}`' for name in names)} be owed for it too",
        tuple((examined.name_at(one.rule.citation.rule), "not owed there") for one, _ in used.duties[:1]
              if isinstance(one.rule, Duty)),
        witness=_in_vain(used, names, bare[0], said),
    )


def _said(key: Key, value: Value) -> str:
    name = "severity" if isinstance(key, SeverityRef) else getattr(key, "name", "")
    return f"{name} {value}" if not isinstance(value, bool) else f"{'' if value else 'not '}{name}"


def _in_vain(used: Used, names: list[str], values: Mapping[Key, Value], said: str) -> Witness | None:
    """A ticket of that row, whatever else can be so being so, for which no duty takes its time."""
    for one, _ in used.duties:
        others = {k: several[0] for k, several in space_for(one).known().domain.values.items()}
        point = Point(one.adopted, {**others, **values}, space_for(one).moments[0])
        made = story(kind_of(one.rule), one.rule, one.trigger, point)
        if made is not None:
            nothing = [(made, NotArisen(made.subject, name)) for name in names]
            return witness_of(nothing, f"no duty takes the time for {said}")
    return None
