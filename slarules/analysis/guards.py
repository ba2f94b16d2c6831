"""The rules of a contract with the lines that guard them, each line with the condition that it states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, field, frozen

from slarules.analysis.moments import versions_of
from slarules.analysis.openings import is_sure, left_open, opened
from slarules.analysis.points import TooLarge
from slarules.engine.adopt import Adopted
from slarules.lint.domain import opaque
from slarules.lint.examined import Examined
from slarules.lint.finding import Found
from slarules.model.contract import Terms
from slarules.model.expression import AllOf, AnyOf, Condition, InCalendar, Literal, Not
from slarules.model.rules import Choice, Duty, OnEvent, Prohibition, Right, Scope, SeverityLevel, Trigger
from slarules.source import Span
from slarules.syntax.tree import Node, bare

Ruled = Duty | Choice | Prohibition | Right | Scope | SeverityLevel
SORTS = {"duty": "duties", "choice": "choices", "prohibition": "prohibitions", "right": "rights", "scope": "scopes"}
"""What a rule is called, and where ``Terms`` has the rules of its sort; severities besides."""


@frozen
class Line:
    """One line of a rule, and what it states."""

    kind: str
    """``if``, ``unless``, ``while``, ``outside``, ``applies``, or ``when``: a trigger's calendar."""
    condition: Condition
    """What must hold; of ``unless`` the negation of its words. Computed values are opaque."""
    span: Span
    node: Node | None = field(eq=False, repr=False)
    """The words of the condition; None where it has none of its own."""
    alternatives: tuple[Node, ...] = field(default=(), eq=False, repr=False)
    """Of ``outside``: the words of each line, any of which will do."""


@frozen
class Guarded:
    """A rule as it stands under certain readings, with one of its triggers and everything that must hold at it."""

    rule: Ruled
    trigger: Trigger | None
    lines: tuple[Line, ...]
    adopted: Adopted = field(repr=False)
    promised: bool = True
    """Whether it is certain what its table promises; not where that hangs on a reading left open."""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What all its lines state."""
        return tuple(line.condition for line in self.lines)

    def replaced(self, at: int, condition: Condition) -> Guarded:
        """The same rule with another condition in one of its lines."""
        lines = (evolve(line, condition=condition) if n == at else line for n, line in enumerate(self.lines))
        return evolve(self, lines=tuple(lines))


def guarded(examined: Examined, adopted: Adopted) -> Iterator[tuple[tuple[Guarded, ...], tuple[Guarded, ...]]]:
    """Every rule of a version, in the contract's order; of each what it is at each of its triggers.

    Each as it stands under the adopted options, and again with every reading left open: what that holds of, holds
    under every reading.
    """
    at = versions_of(adopted.contract).index(adopted)
    freed = left_open(adopted)
    for sort in (*SORTS, "severity"):
        undecided = rules_of(sort, adopted.contract.versions[at])
        for name, rule in rules_of(sort, adopted.terms).items():
            open_rule = opened(undecided[name], adopted.contract, at)
            sure = is_sure(undecided[name], adopted.contract, at)
            frees = (evolve(free, promised=sure) for free in each_trigger(examined, open_rule, freed))
            yield tuple(each_trigger(examined, rule, adopted)), tuple(frees)


def rules_of(sort: str, terms: Terms) -> Mapping[str, Ruled]:
    """The rules of a sort, by name; of severities those that have a definition."""
    if sort == "severity":
        levels = terms.severities.levels if terms.severities is not None else ()
        return {level.name: level for level in levels if level.applies}
    rules: Mapping[str, Ruled] = getattr(terms, SORTS[sort])
    return rules


def each_trigger(examined: Examined, rule: Ruled, adopted: Adopted) -> Iterator[Guarded]:
    """A rule with each of its triggers."""
    lines = _lines(examined, rule)
    triggers = rule.triggers if isinstance(rule, (Duty, Choice)) else ()
    for trigger in triggers or (None,):
        yield Guarded(rule, trigger, (*lines, *_calendar(examined, rule, trigger)), adopted)


def _lines(examined: Examined, rule: Ruled) -> tuple[Line, ...]:
    if rule.citation is None:
        return ()
    node = examined.node_of(rule.citation.rule)
    parts = node.parts if node is not None else ()
    if isinstance(rule, Scope):
        stated = tuple(part.parts[0] for part in parts if part.kind == "outside_if")
        anything = AnyOf(tuple(opaque(one) for one in rule.outside))
        span = stated[0].span if len(stated) == 1 else examined.name_at(rule.citation.rule)
        return (Line("outside", anything, span, None, stated),)
    if isinstance(rule, SeverityLevel):
        nodes = [part for part in parts if part.kind == "applies_if"]
        pairs = zip(nodes, rule.applies, strict=True)
        return tuple(Line("applies", opaque(one), part.span, part.parts[0]) for part, one in pairs)
    once = [part for part in parts if part.kind in ("if_line", "unless_line")]
    whiles = [part for part in parts if part.kind == "while_line"]
    more = len(rule.only_if) - len(once)
    found = [Line("when", opaque(c), examined.name_at(rule.citation.rule), None) for c in rule.only_if[:more]]
    if isinstance(rule, Right) and rule.during is not None:
        found.append(Line("when", InCalendar(rule.during, True), examined.name_at(rule.citation.rule), None))
    for part, condition in zip((*once, *whiles), (*rule.only_if[more:], *rule.whiles), strict=True):
        found.append(Line(part.kind.split("_")[0], opaque(condition), part.span, part.parts[0]))
    return tuple(found)


def _calendar(examined: Examined, rule: Ruled, trigger: Trigger | None) -> Iterator[Line]:
    if not isinstance(trigger, OnEvent):
        return
    assert rule.citation is not None
    whens = examined.lines_at(rule.citation.rule, "when")
    span = whens[0].span if whens else rule.citation.rule
    for name, inside_it in ((trigger.during, True), (trigger.outside, False)):
        if name is not None:
            yield Line("when", InCalendar(name, inside_it), span, None)


# ---- What is told of a rule, and what is too large to tell -----------------------------------------------------------

Told = tuple[str, Found]
"""The name of a rule of lint, and what it found."""
NOT_DECIDED = "not-decided"


def told(examined: Examined, one: Guarded, name: str, finds: Iterable[Found]) -> Iterator[Told]:
    """What a rule of lint finds of a rule of the contract; that it stopped, where the question was too large."""
    try:
        for found in finds:
            yield name, found
    except TooLarge:
        yield NOT_DECIDED, too_large(examined, one)


def too_large(examined: Examined, one: Guarded) -> Found:
    """That nothing is said of a rule, since too much can be so."""
    return Found(
        named(examined, one),
        f"`{one.rule.name}` asks of so much that its conditions were not gone through",
        "cut it into rules of fewer facts, or look at it with care: nothing is said of it here",
    )


def named(examined: Examined, one: Guarded) -> Span:
    """Where a rule is named."""
    assert one.rule.citation is not None
    return examined.name_at(one.rule.citation.rule)


# ---- The parts of a line --------------------------------------------------------------------------------------------


@frozen
class Part:
    """Words inside a line that are joined with others by `and` or `or`."""

    condition: Condition
    span: Span
    joined: str
    """``all``: every part must hold; ``any``: one of them."""
    others: tuple[tuple[Condition, bool], ...]
    """What stands beside it, and beside what it stands in: where one of these is so, the part decides nothing."""
    path: tuple[int, ...]
    """Where it is in its line, part by part."""


def parts(line: Line) -> Iterator[Part]:
    """Every part of a line, outer ones first; words that stand elsewhere (`as read in`) are not gone into."""
    for number, node in enumerate(line.alternatives):
        assert isinstance(line.condition, AnyOf)
        several = line.condition.parts
        beside = tuple((other, True) for other in several if other is not several[number])
        if len(several) > 1:
            yield Part(several[number], node.span, "any", beside, (number,))
        yield from _inner(several[number], node, beside, (number,))
    if line.node is not None:
        yield from _inner(_negated(line), line.node, (), (0,) if line.kind == "unless" else ())


def _negated(line: Line) -> Condition:
    return line.condition.part if line.kind == "unless" and isinstance(line.condition, Not) else line.condition


def _inner(condition: Condition, node: Node, others: tuple[tuple[Condition, bool], ...],
           path: tuple[int, ...]) -> Iterator[Part]:
    node = bare(node)
    match condition:
        case Not(part) if node.kind == "negation":
            yield from _inner(part, node.parts[0], others, (*path, 0))
        case AllOf(several) | AnyOf(several):
            nodes = [part for part in node.parts if part.kind != "quote"]
            if node.kind not in ("conjunction", "all_of", "disjunction", "any_of") or len(nodes) != len(several):
                return
            joined = "all" if isinstance(condition, AllOf) else "any"
            for number, (part, its) in enumerate(zip(several, nodes, strict=True)):
                beside = tuple((other, joined == "any") for other in several if other is not part)
                whole = (*others, *beside)
                yield Part(part, bare(its).span, joined, whole, (*path, number))
                yield from _inner(part, its, whole, (*path, number))


def without(condition: Condition, path: tuple[int, ...], joined: str) -> Condition:
    """The condition as it would be if the part at ``path`` were not there."""
    if not path:
        return Literal(joined == "all")
    match condition:
        case Not(part):
            return Not(without(part, path[1:], joined))
        case AllOf(several) | AnyOf(several):
            changed = list(several)
            changed[path[0]] = without(several[path[0]], path[1:], joined)
            return AllOf(tuple(changed)) if isinstance(condition, AllOf) else AnyOf(tuple(changed))
    raise AssertionError("no such part")

