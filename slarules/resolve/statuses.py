"""The agreement's life: its states, its terms (R20), and quantities that fill and empty (R34)."""

from __future__ import annotations

from collections.abc import Iterable

from slarules.model.expression import Condition
from slarules.model.life import Allowance, State, Status, Transition
from slarules.model.value import AsRead, Civil
from slarules.resolve import literals
from slarules.resolve.builtin import AGREEMENT
from slarules.resolve.conditions import condition, event_type
from slarules.resolve.dates import contract_zone
from slarules.resolve.names import Item, Names, Place
from slarules.resolve.patterns import patterns
from slarules.resolve.readings import as_read
from slarules.resolve.types import HOURS, of_fact, said
from slarules.syntax.tree import Node


def status(item: Item, names: Names, uses: set[tuple[str, str]]) -> Status:
    """A lifecycle: its states, what each includes, and what leads from one to the next."""
    node = item.node
    kind = names.kind(node.all("NAME")[1])
    wrong = kind not in (AGREEMENT, "any")
    place = Place(names, None if wrong else AGREEMENT, uses)  # of what its events are is then told once, not of each
    if wrong:
        place.error("E0308", node.all("NAME")[1].span, "a status is the agreement's",
                    f"say `of agreement`; of {names.noun(kind)}, let dates tell it: `fact NAME of {kind}: date`")
    seen: dict[str, Node] = {}
    for state in node.all("state"):
        if state.name.text in seen:
            place.problems.error("E0301", state.name.span, f"the state `{state.name.text}` is defined twice",
                                 "join the two blocks", [(seen[state.name.text].span, "the first")])
        seen.setdefault(state.name.text, state.name)
    begins = any(state.first("begins_when") for state in node.all("state"))
    if not begins and not place.problems.broken & {"begins", "state"}:
        place.error("E0515", node.name.span, f"the status `{item.name}` never begins",
                    "say it in its first state: `begins when agreement started`")
    return Status(item.name, tuple(_state(state, item.name, place) for state in node.all("state")),
                  _runs_from(node, place), item.citation)


def _runs_from(node: Node, place: Place) -> str | AsRead | None:
    lines = node.all("runs_from_line")
    for line in lines[1:]:
        place.error("E0513", line.span, "the status says this a second time", "leave one of the two lines out")
    if not lines:
        return None
    given = lines[0].parts[0]
    kinds = frozenset(("runs_from_event", "runs_from_expiry"))
    if given.kind == "as_read":
        return as_read(given, place, "`runs from the event` or `runs from expiry`", kinds, lambda stands,
                       _: _from(stands))
    return _from(given)


def _from(node: Node) -> str:
    return node.kind.removeprefix("runs_from_")


def _state(node: Node, name: str, place: Place) -> State:
    for kind in ("lasts", "begins_when", "includes_nothing"):
        for line in node.all(kind)[1:]:
            place.error("E0513", line.span, "the state says this a second time", "leave one of the two lines out")
    title, lasts = node.first("STRING"), node.first("lasts")
    for line in node.all("includes_nothing"):
        if node.first("includes"):
            place.error("E0513", line.span, "the state includes nothing, and something",
                        "leave one of the two lines out")
    begins = (part for line in node.all("begins_when") for part in line.parts)
    included = (part.text for line in node.all("includes") for part in line.parts[0].parts)
    moves = node.all("becomes_when", "becomes_at_end", "becomes_after")
    return State(
        node.name.text, title.text if title else None, patterns(begins, place),
        _days(lasts.parts[0], place) if lasts is not None else None, tuple(included),
        tuple(_transition(move, name, place) for move in moves),
    )


def _days(node: Node, place: Place) -> Civil | None:
    """A term's length, in dates of the contract's zone."""
    contract_zone(node, place)
    length = literals.duration(node, place.problems)
    if length is not None and not isinstance(length, Civil):
        place.error("E0501", node.span, "a state lasts for dates, not for hours", "say it in days or months")
        return None
    if length == Civil():
        place.error("E0509", node.span, "a state that lasts no time", "say how long it lasts")
    return length


def _transition(line: Node, name: str, place: Place) -> Transition:
    known = place.names.states[name]
    if line.name.text not in known:
        place.problems.missing("E0307", f"state of `{name}`", line.name, known, f"its states are {', '.join(known)}")
    match line.kind:
        case "becomes_when":
            return Transition(line.name.text, patterns(line.parts, place), _conditions(line.parts[1:], place))
        case "becomes_after":
            return Transition(line.name.text, after=_days(line.one("duration"), place))
    whole = place.names.items["status"][name].node
    if not any(other.first("lasts") for other in whole.all("state")) and not place.problems.broken & {"lasts"}:
        place.error("E0515", line.span, f"no state of `{name}` begins a term that could end",
                    "say how long one lasts: `lasts 12 months rounding down`")
    return Transition(line.name.text, (), _conditions(line.parts[1:], place), at_end_of_term=True)


def _conditions(parts: Iterable[Node], place: Place) -> tuple[Condition, ...]:
    return tuple(condition(part, place) for part in parts if part.kind not in ("pattern", "NAME"))


def allowance(item: Item, names: Names, uses: set[tuple[str, str]]) -> Allowance:
    """What fills it and what draws on it."""
    node = item.node
    place = Place(names, None, uses)
    party, unit = node.all("NAME")[1:3]
    fills, draws = node.all("increases"), node.all("decreases")
    if not fills and not place.problems.broken & {"increases"}:
        place.error("E0515", node.name.span, f"nothing fills the allowance `{item.name}`",
                    "say what does: `increases on hours_purchased by hours`")
    return Allowance(
        item.name, names.party(party), unit.text,
        tuple(_entry(line, unit, place) for line in fills),
        tuple((*_entry(line, unit, place), _conditions(line.parts[2:], place)) for line in draws),
        node.first("carries_over") is not None, item.citation,
    )


def _entry(line: Node, unit: Node, place: Place) -> tuple[str, str]:
    """The event, and the fact that says how much."""
    event, fact = line.all("NAME")
    found = place.names.facts.get(fact.text)
    event_type(event, place, (None,))
    if found is None:
        place.names.missing("E0302", "fact", fact, place.names.facts, f"declare it: `fact {fact.text} of agreement: …`")
    elif (of_fact(found.type) == HOURS) != (unit.text == "hours"):
        place.error("E0501", fact.span,
                    f"`{fact.text}` is {said(of_fact(found.type))}, and the allowance is in {unit.text}",
                    "count both in one unit")
    return event.text, fact.text
