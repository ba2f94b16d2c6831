"""What scenarios can reach of a policy: its rules, the cells of its tables, and its conditions, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from slarules.model.contract import Contract, Terms
from slarules.model.expression import (
    AllOf,
    AnyOf,
    AsRead,
    Condition,
    Literal,
    Not,
)
from slarules.model.life import Allowance, Status
from slarules.model.rules import Amount, Citation
from slarules.scenario.answers import may_be_unknown
from slarules.source import Span
from slarules.syntax.tree import Node, PolicyTree, bare

TRUE, FALSE, UNKNOWN = "true", "false", "unknown"

Key = tuple[int, int]
"""Where something stands in the policy: its first character and the one after its last."""


@frozen
class Rule:
    """A rule that can be judged."""

    sort: str
    """``duty``, ``target``, ``prohibition``, ``right``, ``choice``, ``status``, ``allowance``, ``amount``, ``date`` or
    ``scope``."""
    name: str
    clause: str
    span: Span


@frozen
class TableCell:
    """An output of a table's row."""

    table: str
    column: str
    span: Span


@frozen
class Asked:
    """A condition, or one of the smallest parts of it."""

    rule: str
    span: Span
    answers: tuple[str, ...]
    """The answers that it can give: of ``true``, ``false`` and ``unknown`` those that are possible."""


@frozen
class Reachable:
    """Everything that scenarios can reach, in reading order."""

    rules: tuple[Rule, ...]
    cells: tuple[TableCell, ...]
    conditions: tuple[Asked, ...]


@frozen
class Stated:
    """The conditions of one line of a rule, where the model has them and where the file has them."""

    field: str
    """The field of the rule's class; dotted within its parts: ``states.0.transitions.2.conditions``."""
    index: int
    """Which of the field's conditions."""
    condition: Condition
    node: Node


def reachable(contract: Contract, tree: PolicyTree) -> Reachable:
    """What can be reached of a policy; rules of several versions count once for each place in the file."""
    places = Places(tree)
    rules: dict[tuple[str, Key], Rule] = {}
    cells: dict[Key, TableCell] = {}
    conditions: dict[Key, Asked] = {}
    for terms in contract.versions:
        for rule in _rules(terms):
            rules.setdefault((rule.name, key(rule.span)), rule)
        for table in terms.tables.values():
            for (_, column), node in places.cells(table.citation, len(table.inputs), table.columns).items():
                cells.setdefault(key(node.span), TableCell(table.name, column, node.span))
        for name, owner in conditioned(terms):
            for stated in places.stated(owner):
                for node, asked in places.parts(stated.node, stated.condition, None):
                    answers = _answers(asked, terms, getattr(owner, "kind", _KINDS.get(type(owner), "ticket")))
                    conditions.setdefault(key(node.span), Asked(name, node.span, answers))
    return Reachable(
        tuple(sorted(rules.values(), key=lambda rule: rule.span.start)),
        tuple(sorted(cells.values(), key=lambda cell: cell.span.start)),
        tuple(sorted(conditions.values(), key=lambda asked: (asked.span.start, -asked.span.end))),
    )


def key(span: Span) -> Key:
    """Names a place of one file."""
    return span.start, span.end


def conditioned(terms: Terms) -> Iterator[tuple[str, object]]:
    """Each rule that may have conditions, with its name."""
    for rules in (terms.duties, terms.prohibitions, terms.rights, terms.choices, terms.statuses, terms.allowances,
                  terms.scopes):
        yield from rules.items()
    for level in terms.severities.levels if terms.severities else ():
        yield f"severity {level.name}", level


def _rules(terms: Terms) -> Iterator[Rule]:
    named = (
        ("duty", terms.duties), ("prohibition", terms.prohibitions), ("right", terms.rights),
        ("choice", terms.choices), ("status", terms.statuses), ("allowance", terms.allowances),
        ("amount", terms.amounts), ("scope", terms.scopes),
    )  # fmt: skip
    for sort, rules in named:
        for name, rule in rules.items():
            citation: Citation = rule.citation
            said = "target" if getattr(rule, "effort", False) else sort
            said = "date" if isinstance(rule, Amount) and rule.currency is None else said
            yield Rule(said, name, citation.clause, citation.rule)


_KINDS: Mapping[type, str] = {Status: "agreement", Allowance: "agreement"}
"""What rules without a kind of their own are about; severities are about tickets."""


def _answers(condition: Condition, terms: Terms, kind: str) -> tuple[str, ...]:
    if isinstance(condition, Literal):
        return (TRUE,) if condition.value else (FALSE,)
    return (TRUE, FALSE, UNKNOWN) if may_be_unknown(condition, terms, kind) else (TRUE, FALSE)


class Places:
    """Where the conditions and cells of a contract's rules stand in its policy file."""

    def __init__(self, tree: PolicyTree) -> None:
        self._nodes: dict[Key, Node] = {}
        self._options: dict[tuple[str, str], Node] = {}
        for item in tree.items:
            for node in item.parts if item.kind == "clause" else (item,):
                self._note(node)

    def _note(self, node: Node) -> None:
        self._nodes[key(node.span)] = node
        for option in node.all("choice_option", "choice_option_block"):
            self._nodes[key(option.span)] = option
        if node.kind == "reading":
            for option in node.all("option"):
                phrase = next((part for part in option.parts if part.kind not in ("NAME", "STRING")), None)
                if phrase is not None:
                    self._options[node.name.text, option.name.text] = phrase

    def cells(self, citation: Citation, inputs: int, columns: tuple[str, ...]) -> Mapping[tuple[int, str], Node]:
        """The outputs of a table: (row, column) → its place."""
        node = self._nodes.get(key(citation.rule))
        rows = node.all("row")[1:] if node is not None else ()
        return {
            (number, column): cell
            for number, row in enumerate(rows)
            for column, cell in zip(columns, row.parts[inputs:], strict=False)
        }

    def stated(self, rule: object) -> Iterator[Stated]:
        """Each condition of a rule with the node that states it."""
        node = self._nodes.get(key(rule.citation.rule)) if getattr(rule, "citation", None) else None  # type: ignore[attr-defined]
        if node is None:
            return
        for field, conditions in conditions_of(rule):
            for index, (condition, place) in enumerate(zip(conditions, _lines(node, field), strict=True)):
                yield Stated(field, index, condition, place)

    def parts(
        self, node: Node, condition: Condition, options: Mapping[str, str] | None
    ) -> Iterator[tuple[Node, Condition]]:
        """The condition and the smallest parts of it, each with its place.

        ``options`` says which option of each reading is followed; None: all of them.
        """
        node = bare(node)
        if isinstance(condition, Not) and node.kind != "negation":
            condition = condition.part  # `unless X` is told as X
        yield node, condition
        yield from (pair for pair in self._inner(node, condition, options) if pair[0] is not node)

    def _inner(
        self, node: Node, condition: Condition, options: Mapping[str, str] | None
    ) -> Iterator[tuple[Node, Condition]]:
        node = bare(node)
        match condition:
            case AllOf(parts) | AnyOf(parts):
                nodes = [part for part in node.parts if part.kind != "quote"]
                for place, part in zip(nodes, parts, strict=True):
                    yield from self._inner(place, part, options)
            case Not(part):
                yield from self._inner(node.parts[0], part, options)
            case AsRead(reading, ways):
                for option, way in ways.items():
                    phrase = self._options.get((reading, option))
                    if phrase is not None and (options is None or options[reading] == option):
                        yield from self.parts(phrase, way, options)  # type: ignore[arg-type]
            case _:
                yield node, condition


def conditions_of(rule: object) -> Iterator[tuple[str, tuple[Condition, ...]]]:
    """The fields of a rule that hold conditions, each with them."""
    for field in ("only_if", "whiles", "outside", "applies"):
        if hasattr(rule, field):
            yield field, getattr(rule, field)
    if hasattr(rule, "performance"):
        yield "performance", rule.performance.conditions
    for number, state in enumerate(getattr(rule, "states", ())):
        for place, transition in enumerate(state.transitions):
            yield f"states.{number}.{place}", transition.conditions
    for number, draw in enumerate(getattr(rule, "draws", ())):
        yield f"draws.{number}", draw[2]


def _lines(node: Node, field: str) -> list[Node]:
    """The nodes that state a field's conditions, in their order."""
    match field.split("."):
        case ["only_if"]:
            lines = [line.parts[0] for line in node.parts if line.kind in ("if_line", "unless_line")]
            return [*_calendars(node), *lines]
        case ["whiles"]:
            return [line.parts[0] for line in node.all("while_line")]
        case ["outside"]:
            return [line.parts[0] for line in node.all("outside_if")]
        case ["applies"]:
            return [line.parts[0] for line in node.all("applies_if")]
        case ["performance"]:
            return _operands(node.all("performed_when")[:1], ("pattern",))
        case ["states", state, number]:
            moves = node.all("state")[int(state)].all("becomes_when", "becomes_at_end", "becomes_after")
            return _operands(moves[int(number) :][:1], ("pattern", "NAME", "duration"))
        case ["draws", number]:
            return _operands(node.all("decreases")[int(number) :][:1], ("NAME",))
    raise AssertionError(f"no rule has conditions in `{field}`")


def _calendars(node: Node) -> list[Node]:
    """``when release applied outside C`` is a condition of a prohibition or right, and the trigger of other rules."""
    if node.kind not in ("prohibition", "right"):
        return []
    happenings = [part for line in node.all("when") for part in line.parts]
    return [part for part in happenings if part.kind in ("happened_during", "happened_outside")][:1]


def _operands(lines: Iterable[Node], others: tuple[str, ...]) -> list[Node]:
    return [part for line in lines for part in line.parts if part.kind not in others]
