"""Lines of a status that an earlier line always comes before: of those that fit, the first counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from attrs import frozen

from slarules.analysis.guards import NOT_DECIDED, Told
from slarules.analysis.moments import moments, ordinary, versions_of
from slarules.analysis.openings import left_open, opened
from slarules.analysis.points import Goal, Point, TooLarge, ask, found, is_false, is_true, space_of
from slarules.analysis.stories import begun, judged, raw
from slarules.engine.adopt import Adopted
from slarules.lint.domain import opaque
from slarules.lint.examined import Examined
from slarules.lint.finding import Found, InState, Witness
from slarules.model.expression import AllOf, Condition, FactRef, InCalendar, Pattern, StatusRef
from slarules.model.life import State, Status, Transition
from slarules.model.value import Unknown
from slarules.model.walk import inside
from slarules.syntax.tree import Node

SHADOWED, NEVER = "shadowed-rule", "never-holds"
MOVES = ("becomes_when", "becomes_at_end", "becomes_after")


@frozen
class Move:
    """A line by which a status leaves a state, with those above it that may come before."""

    status: Status
    state: State
    node: Node
    """Its line."""
    move: Transition
    """As it stands under the adopted options."""
    condition: Condition
    """What it asks, with every reading left open."""
    before: tuple[tuple[Transition, Condition, Node], ...]
    adopted: Adopted


@lru_cache(maxsize=2)
def everything(examined: Examined) -> tuple[Told, ...]:
    """What is told of each line of each status."""
    told: list[Told] = []
    for adopted in versions_of(examined.contract) if examined.contract is not None else ():
        for move in _moves(examined, adopted):
            try:
                told += _of(move)
            except TooLarge:
                words = f"`{move.status.name}` asks of so much that its conditions were not gone through"
                help = "look at it with care: nothing is said of it here"
                told.append((NOT_DECIDED, Found(move.node.span, words, help)))
    return tuple(told)


def _moves(examined: Examined, adopted: Adopted) -> Iterator[Move]:
    contract = adopted.contract
    at = versions_of(contract).index(adopted)
    for name, status in adopted.terms.statuses.items():
        undecided = opened(contract.versions[at].statuses[name], contract, at)
        block = examined.node_of(status.citation.rule)
        nodes = block.all("state") if block is not None else ()
        for state, open_state, node in zip(status.states, undecided.states, nodes, strict=False):
            lines = [line for line in node.parts if line.kind in MOVES]
            rows = [(one, opaque(AllOf(its.conditions)), line) for one, its, line in
                    zip(state.transitions, open_state.transitions, lines, strict=True)]
            for number, (move, condition, line) in enumerate(rows):
                yield Move(status, state, line, move, condition, tuple(rows[:number]), adopted)


def _of(one: Move) -> Iterator[Told]:
    freed = left_open(one.adopted)
    if _never(one, freed, [ask(one.condition, freed.terms, is_true)]):
        yield NEVER, Found(one.node.span, "this never happens: its condition never holds", "mend it, or leave it out",
                           witness=_witness(one, ()))
        return
    ways: Sequence[Pattern | None] = one.move.patterns or ((None,) if one.move.at_end_of_term else ())
    rivals = {way: [(condition, move, node) for move, condition, node in one.before if _comes(move, way)]
              for way in ways}
    hidden = bool(ways) and all(
        _never(one, freed, [ask(one.condition, freed.terms, is_true),
                            *(ask(condition, freed.terms, is_false) for condition, _, _ in rivals[way])])
        for way in ways
    )
    if hidden:
        winners = tuple(dict.fromkeys((move, node) for _, move, node in rivals[ways[0]]))
        yield SHADOWED, Found(
            one.node.span, "this line never counts: whenever it fits, one above it fits as well and comes first",
            "put it above the line that hides it, or leave it out",
            tuple((node.span, "comes first") for _, node in winners),
            witness=_witness(one, tuple(move for move, _ in winners)),
        )


def _comes(move: Transition, way: Pattern | None) -> bool:
    """Whether a line is looked at for an event, or at the end of the term."""
    if way is None:
        return move.at_end_of_term
    return any(pattern.type == way.type and pattern.by in (None, way.by) for pattern in move.patterns)


def _never(one: Move, adopted: Adopted, goals: list[Goal]) -> bool:
    asked = (one.condition, [condition for _, condition, _ in one.before])
    calendars = frozenset(part.calendar for part in inside(asked) if isinstance(part, InCalendar))
    return found(space_of(asked, adopted, moments(adopted, calendars)), goals) is None


def _witness(one: Move, winners: tuple[Transition, ...]) -> Witness | None:
    """An agreement in the state, for which the line fits and another one counts."""
    asked = tuple(opaque(AllOf(move.conditions)) for move in (one.move, *winners))
    space = space_of(asked, one.adopted, (ordinary(one.adopted),)).known()
    own = [ask(asked[0], one.adopted.terms, is_true)] if winners else []
    for number, winner in enumerate(winners or (None,)):
        first = [ask(asked[number + 1], one.adopted.terms, is_true)] if winner is not None else []
        point = found(space, [*own, *first])
        if point is None or one.move.after is not None:
            continue
        to = winner.to if winner is not None else one.state.name
        made = _played(one, point, to)
        if made is not None:
            return made
    return None


def _played(one: Move, point: Point, to: str) -> Witness | None:
    values = {**point.values, StatusRef(one.status.name): one.state.name}
    known = {key: value for key, value in values.items() if not isinstance(value, Unknown)}
    story = begun("agreement", Point(one.adopted, values, point.now), known, 1)
    if story is None:
        return None
    if one.move.patterns:
        pattern = one.move.patterns[0]
        carried = {key.name: raw(value) for key, value in known.items()
                   if isinstance(key, FactRef) and one.adopted.terms.facts[key.name].kind == "any"}
        customer = next((p.name for p in one.adopted.contract.parties if p.role == "customer"), None)
        story.add(pattern.type, story.at, pattern.by or customer, carried)
    else:
        end = judged(story).next_change_at
        if end is None:
            return None
        story.at = end
    events = tuple(sorted(story.events, key=lambda event: event.at))
    told = f"`{one.status.name}` becomes `{to}`" if to != one.state.name else f"`{one.status.name}` stays `{to}`"
    return Witness(events, story.at, (InState(story.subject, one.status.name, to),), told)
