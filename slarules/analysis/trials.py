"""A rule tried at points of its domain: what its conditions say there, as claims that the engine is to bear out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from slarules.analysis.guards import Guarded, Ruled
from slarules.analysis.moments import moments
from slarules.analysis.points import Goal, Point, Space, TooLarge, ask, found, is_false, points, space_of
from slarules.analysis.stories import Story, story
from slarules.analysis.witnesses import confirmed
from slarules.engine.expression import Truth3, all_hold
from slarules.engine.judging.limits import NO_PROMISE, looked_up
from slarules.lint.domain import Key, keys_of, opaque
from slarules.lint.examined import Examined
from slarules.lint.finding import Claim, Disputed, NotArisen, Seen, Witness
from slarules.model.contract import Terms
from slarules.model.expression import AnyOf, Condition, FactRef, Happened, InCalendar, Literal, SeverityRef
from slarules.model.limit import Column
from slarules.model.rules import Duty, OnEvent, Prohibition, Right, Scope, SeverityLevel, Table
from slarules.model.value import Value
from slarules.model.walk import inside
from slarules.source import Span

EACH = 3
"""Tickets tried of each kind."""
MANY, SPREAD = 2_000, 16
"""Of the first so many points of a domain, so many are tried, equally far apart."""


def scopes_of(rule: Ruled, terms: Terms) -> tuple[Condition, ...]:
    """What leaves a subject of the rule's kind outside the contract."""
    if isinstance(rule, (Scope, SeverityLevel)):
        return ()
    return tuple(opaque(AnyOf(scope.outside)) for scope in terms.scopes.values() if scope.kind == rule.kind)


def kind_of(rule: Ruled) -> str:
    """The kind of subject that a rule is about."""
    return "ticket" if isinstance(rule, SeverityLevel) else rule.kind


def tables_of(rule: Ruled, terms: Terms) -> tuple[tuple[Table, str], ...]:
    """The columns that give a duty its limit."""
    limit = rule.limit if isinstance(rule, Duty) else None
    return tuple((terms.tables[c.table], c.column) for c in inside(limit) if isinstance(c, Column))


def row_at(examined: Examined, table: Table, values: Mapping[Key, Value]) -> Span:
    """The row of a table that fits where its inputs are these; where none does, the table's name."""
    node = examined.node_of(table.citation.rule)
    for row, (cells, _) in zip(node.all("row")[1:] if node is not None else (), table.rows, strict=False):
        given = [values.get(key) if isinstance(key, (FactRef, SeverityRef)) else None for key in table.inputs]
        if all(cell.values is None or any(isinstance(one, Literal) and one.value == value for one in cell.values)
               for value, cell in zip(given, cells, strict=True)):
            return row.span
    return examined.name_at(table.citation.rule)


def promises(one: Guarded) -> list[Goal]:
    """That no table says `none` where the rule's limit comes from."""
    goals: list[Goal] = []
    if not one.promised:
        return goals
    for table, column in tables_of(one.rule, one.adopted.terms):
        keys = keys_of(table.inputs, one.adopted.terms)

        def met(point: Point, table: Table = table, column: str = column) -> bool:
            return bool(looked_up(table, column, point) != NO_PROMISE)

        goals.append(Goal(met, frozenset(keys)))
    return goals


def happened(one: Guarded, conditions: object) -> list[Goal]:
    """What has happened whenever the trigger happens: the trigger, and the opening of a ticket."""
    terms = one.adopted.terms
    goals: list[Goal] = []
    for key in keys_of(conditions, terms):
        if isinstance(key, Happened) and _is_sure(one, key):
            goals.append(Goal(lambda point, key=key: point.values[key] is True, frozenset({key})))  # type: ignore[misc]
    return goals


def _is_sure(one: Guarded, key: Happened) -> bool:
    if key.this_term or key.within is not None:
        return False
    if key.pattern.type == "opened" and key.pattern.by is None and kind_of(one.rule) == "ticket":
        return True
    trigger = one.trigger
    if not isinstance(trigger, OnEvent):
        return False
    return trigger.pattern.type == key.pattern.type and key.pattern.by in (None, trigger.pattern.by)


def space_for(one: Guarded, *more: Condition) -> Space:
    """The points that a rule's conditions range over, with its table's inputs and further conditions."""
    terms = one.adopted.terms
    asked = (one.conditions, more)
    inputs: list[Key] = [k for table, _ in tables_of(one.rule, terms) for k in keys_of(table.inputs, terms)]
    calendars = frozenset(part.calendar for part in inside(asked) if isinstance(part, InCalendar))
    return space_of(asked, one.adopted, moments(one.adopted, calendars), inputs)


def sure(one: Guarded, *more: Condition) -> list[Goal]:
    """Goals that any ticket meets at which the rule is looked at."""
    return happened(one, (one.conditions, more))


# ---- From points to a witness ---------------------------------------------------------------------------------------


def claim_for(rule: Ruled, subject: str, guard: Truth3) -> Claim:
    """What the engine must say of a rule whose conditions come out so."""
    if isinstance(rule, SeverityLevel):
        return Disputed(subject, guard is False)
    state = {Prohibition: ("breached", "kept"), Right: ("permitted", "not_permitted"),
             Scope: ("out_of_scope", "in_scope")}.get(type(rule))
    if guard is not True and guard is not False:
        return Seen(subject, rule.name, ("undetermined",))
    if state is not None:
        return Seen(subject, rule.name, (state[0] if guard else state[1],))
    return Seen(subject, rule.name, ()) if guard else NotArisen(subject, rule.name)


def guard_at(conditions: Iterable[Condition], point: Point) -> Truth3:
    """What conditions come to at a point, with the engine's own meaning."""
    return all_hold(tuple(conditions))(point)


def sampled(space: Space, kinds: Sequence[Sequence[Goal]], each: int = EACH) -> list[Point]:
    """A few points of each kind, those at which everything is recorded first."""
    picked: list[Point] = []
    for goals in kinds:
        first = found(space, goals)
        if first is None:
            continue
        try:
            several = [first, *islice(points(space, goals), 4 * each)]
        except TooLarge:
            several = [first]
        for point in several[:: max(1, len(several) // each)][:each]:
            if all((p.values, p.now) != (point.values, point.now) for p in picked):
                picked.append(point)
    return picked


def spread(one: Guarded, *more: Condition) -> list[Point]:
    """Points from all over a rule's domain at which everything is recorded."""
    try:
        several = list(islice(points(space_for(one, *more).known(), sure(one)), MANY))
    except TooLarge:
        return []
    return several[:: max(1, len(several) // SPREAD)][:SPREAD]


def indoors(one: Guarded) -> tuple[tuple[Condition, ...], list[Goal]]:
    """Scopes of the rule's kind, and the goals that none leaves the subject outside."""
    scopes = scopes_of(one.rule, one.adopted.terms)
    return scopes, [ask(scope, one.adopted.terms, is_false) for scope in scopes]


def shown(one: Guarded, tried: Sequence[Point], conditions: Sequence[Condition], told: str,
          few: int = 2) -> Witness | None:
    """The witness of what conditions say at these points; None where no events bring any of them about.

    All are put to the engine; ``few`` are shown. Where the engine says otherwise of one of them, the witness is that
    whole log, which will not be confirmed.
    """
    stories: list[tuple[Story, Claim, Truth3]] = []
    for point in tried:
        if isinstance(one.rule, SeverityLevel):
            point.values = {**point.values, SeverityRef(): one.rule.name}
        made = story(kind_of(one.rule), one.rule, one.trigger, point, len(stories) + 1)
        if made is not None:
            guard = guard_at(conditions, point)
            stories.append((made, claim_for(one.rule, made.subject, guard), guard))
    if not stories:
        return None
    whole = witness_of([(made, claim) for made, claim, _ in stories], told)
    if isinstance(confirmed(one.adopted.contract, whole), str):
        return whole
    picked: dict[str, tuple[Story, Claim]] = {}
    for made, claim, guard in stories:
        picked.setdefault(str(guard), (made, claim))
    return witness_of(list(picked.values())[:few], told)


def witness_of(stories: Sequence[tuple[Story, Claim]], told: str) -> Witness:
    """One log of several stories, judged as of the last of their instants."""
    events = sorted((event for made, _ in stories for event in made.events), key=lambda e: e.at)
    unique = {event.id: event for event in events}
    return Witness(tuple(unique.values()), max(made.at for made, _ in stories), tuple(c for _, c in stories), told)

