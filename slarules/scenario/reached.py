"""What scenarios reached of a policy: noted while they run, by conditions and tables that tell what they are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs
from attrs import define, field

from slarules.engine.adopt import Adopted, decided
from slarules.engine.expression import Observed, Scene, Truth3, test
from slarules.engine.judging.limits import ObservedCell
from slarules.model.contract import Contract, Terms
from slarules.model.rules import Table
from slarules.model.value import Unknown
from slarules.model.verdict import Evaluation
from slarules.scenario.reachable import FALSE, TRUE, UNKNOWN, Key, Places, key
from slarules.scenario.script import Expectation, OfNextChange, OfRule, OfValue
from slarules.syntax.tree import PolicyTree

VALUED = ("status", "allowance", "amount")


@define(eq=False)
class Reached:
    """What was seen of one policy so far."""

    contract: Contract
    places: Places
    answers: dict[Key, set[str]] = field(factory=dict)
    """Condition → the answers that it gave."""
    cells: set[Key] = field(factory=set)
    """Cells that were read."""
    judged: set[str] = field(factory=set)
    """Rules of which there was something to judge."""
    expected: set[str] = field(factory=set)
    """Rules that an expectation names, and of which there was something to see."""
    as_of: int = 0
    """What is asked beyond it is not seen: the engine looks ahead for the next change."""
    known: dict[tuple[Adopted, ...], tuple[Adopted, ...]] = field(factory=dict)

    def observe(self, versions: Sequence[Adopted], as_of: int) -> Sequence[Adopted]:
        """The versions with every condition and table cell telling of itself; see `engine.evaluate.Observer`."""
        self.as_of = as_of
        plain = tuple(versions)
        if plain not in self.known:
            pairs = zip(self.contract.versions, plain, strict=True)
            self.known[plain] = tuple(_observed(self, stated, adopted) for stated, adopted in pairs)
        return self.known[plain]

    def note(self, evaluation: Evaluation) -> None:
        """What an evaluation had to judge."""
        for verdict in evaluation.verdicts:
            if verdict.rule != "prohibition" or verdict.events:
                self.judged.add(verdict.duty)
        self.judged |= {name for (_, name), state in evaluation.statuses.items() if state is not None}
        self.judged |= {name for (_, name), value in evaluation.amounts.items() if not isinstance(value, Unknown)}
        self.judged |= {level.allowance for level in evaluation.allowances if level.draws or level.balance}

    def expects(self, expectation: Expectation, evaluation: Evaluation) -> None:
        """An expectation that was judged against an evaluation."""
        if isinstance(expectation, OfNextChange):
            return
        name = expectation.rule if isinstance(expectation, OfRule) else expectation.name
        valued = isinstance(expectation, OfValue) and expectation.kind in VALUED
        if valued or any(verdict.duty == name for verdict in evaluation.verdicts):
            self.expected.add(name)


def reached_of(contract: Contract, tree: PolicyTree) -> Reached:
    """Nothing seen yet."""
    return Reached(contract, Places(tree))


def _observed(reached: Reached, stated: Terms, adopted: Adopted) -> Adopted:
    """``adopted`` with each condition and cell that ``stated`` has telling ``reached`` of itself."""
    plain = adopted.terms
    changed: dict[str, Any] = {}
    for name in ("duties", "prohibitions", "rights", "choices", "statuses", "allowances", "scopes"):
        rules = getattr(plain, name)
        changed[name] = {n: _rule(reached, getattr(stated, name)[n], rule, adopted) for n, rule in rules.items()}
    changed["tables"] = {n: _table(reached, table) for n, table in plain.tables.items()}
    if plain.severities is not None and stated.severities is not None:
        levels = zip(stated.severities.levels, plain.severities.levels, strict=True)
        changed["severities"] = attrs.evolve(
            plain.severities, levels=tuple(_rule(reached, was, level, adopted) for was, level in levels)
        )
    return attrs.evolve(adopted, terms=attrs.evolve(plain, **changed))


def _rule(reached: Reached, stated: Any, rule: Any, adopted: Adopted) -> Any:
    """A rule with its conditions observed."""
    for one in reached.places.stated(stated):
        watched = _condition(reached, one.node, one.condition, adopted)
        rule = _put(rule, one.field.split("."), one.index, watched)
    return rule


def _put(rule: Any, path: Sequence[str], index: int, watched: Callable[[Any], Observed]) -> Any:
    """The rule with the condition at a place replaced by what observes it."""
    match path:
        case ["performance"]:
            return attrs.evolve(rule, performance=_put(rule.performance, ["conditions"], index, watched))
        case ["states", state, move]:
            moves = rule.states[int(state)].transitions
            moved = _at(moves, int(move), lambda m: _put(m, ["conditions"], index, watched))
            return attrs.evolve(
                rule, states=_at(rule.states, int(state), lambda s: attrs.evolve(s, transitions=moved))
            )
        case ["draws", draw]:
            return attrs.evolve(
                rule, draws=_at(rule.draws, int(draw), lambda d: (d[0], d[1], _at(d[2], index, watched)))
            )
    return attrs.evolve(rule, **{path[0]: _at(getattr(rule, path[0]), index, watched)})


def _at(several: tuple[Any, ...], place: int, change: Callable[[Any], Any]) -> tuple[Any, ...]:
    return (*several[:place], change(several[place]), *several[place + 1 :])


def _condition(reached: Reached, node: Any, stated: Any, adopted: Adopted) -> Callable[[Any], Observed]:
    """Makes the condition tell its own answer, and those of its smallest parts in the same scene.

    The parts are asked by themselves, also those that the whole did not need: `A and B` is false by A alone.
    """
    asked = [
        (reached.answers.setdefault(key(place.span), set()), test(decided(part, adopted.readings)))
        for place, part in reached.places.parts(node, stated, adopted.readings)
    ]

    def saw(scene: Scene, _: Truth3) -> None:
        if scene.now <= reached.as_of:
            for answers, ask in asked:
                value = ask(scene)
                answers.add(UNKNOWN if isinstance(value, Unknown) else TRUE if value else FALSE)

    return lambda plain: Observed(plain, saw)


def _table(reached: Reached, table: Table) -> Table:
    places: Mapping[tuple[int, str], Any] = reached.places.cells(table.citation, len(table.inputs), table.columns)
    rows = []
    for number, (cells, outputs) in enumerate(table.rows):
        observed = tuple(
            ObservedCell(output, _reading(reached, places[number, column].span))
            for column, output in zip(table.columns, outputs, strict=True)
        )
        rows.append((cells, observed))
    return attrs.evolve(table, rows=tuple(rows))


def _reading(reached: Reached, span: Any) -> Callable[[Scene], None]:
    def saw(scene: Scene) -> None:
        if scene.now <= reached.as_of:
            reached.cells.add(key(span))

    return saw
