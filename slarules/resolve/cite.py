"""Which words each rule rests on: those above it, those inside it, else those of the rule above in its clause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from attrs import define, evolve, field

from slarules.model.rules import Citation, Note, Quotation
from slarules.resolve.citations import find_quote
from slarules.resolve.header import in_force
from slarules.resolve.names import SORTS, Item
from slarules.resolve.problems import Problems
from slarules.source import Source
from slarules.syntax.tree import Node, PolicyTree

DEEPEST = 100
"""Parts of a rule may stand so deep in one another."""
REMARKS = {
    "information": ("information", False), "information_many": ("information", True),
    "not_encoded": ("not encoded", False), "not_encoded_many": ("not encoded", True),
}
"""Kind of node → the note's kind, and whether it covers several quotations."""
UNCITED = frozenset((
    "fact", "event", "subject", "calendar", "supplied_calendar", "holidays", "supplied_holidays",
))
"""Rules whose model carries no citation: their words are kept as notes, so that the ledger counts them."""


@define
class Cited:
    """Every rule with its citation, and the notes."""

    items: list[Item] = field(factory=list)
    notes: list[Note] = field(factory=list)


def cited(tree: PolicyTree, text: Source | None, problems: Problems) -> Cited:
    """Attaches each quotation, verified against the contract's text, to what rests on it."""
    found = Cited()
    if tree.contract is not None and tree.contract.first("quote"):
        words = _quotations(tree.contract.all("quote"), text, problems)
        citation = Citation("", words, tree.contract.span)
        found.notes.append(Note("encoded", "the contract's parties", citation))
    for top in tree.items:
        if top.kind == "clause":
            _clause(top, text, problems, found)
        elif top.kind != "scenario":
            _rule(top, "", (), (None, None), text, problems, found, ())
    return found


def _clause(clause: Node, text: Source | None, problems: Problems, found: Cited) -> None:
    title = clause.one("STRING").text
    dates = in_force(clause, problems)
    above: tuple[Quotation, ...] = ()
    stacked: list[Node] = []
    for part in clause.parts:
        if part.kind == "quote":
            stacked.append(part)
        elif part.kind in REMARKS:
            _remark(part, title, stacked, text, problems, found)
            stacked = []
        elif part.kind not in ("STRING", "in_force"):
            above = _rule(part, title, above, dates, text, problems, found, tuple(stacked))
            stacked = []
    if stacked and not problems.broken:
        problems.error("E0404", stacked[-1].span, "this quotation stands above nothing",
                       "write the rule that it is the ground of, or `information because \"…\"`")


def _rule(
    node: Node, clause: str, above: tuple[Quotation, ...], dates: tuple[date | None, date | None], text: Source | None,
    problems: Problems, found: Cited, stacked: tuple[Node, ...],
) -> tuple[Quotation, ...]:
    """Notes one rule; what it rests on is what the next one rests on that has no words of its own."""
    if node.kind in REMARKS:
        _remark(node, clause, list(stacked), text, problems, found)
        return above
    own = _quotations((*stacked, *_inside(node)), text, problems)
    citation = Citation(clause, own or above, node.span)
    if node.kind in UNCITED and own:
        sort = SORTS[node.kind][1]
        found.notes.append(Note("encoded", f"{sort} {node.name.text}", citation))
    if node.kind in SORTS and not _too_deep(node, problems):
        found.items.append(Item(node, citation, *dates, _of_options(node, citation, text)))
    return own or above


def _too_deep(node: Node, problems: Problems) -> bool:
    """Whether a rule's parts stand deeper than anybody writes by hand; every later pass goes down into them."""
    todo = [(node, 0)]
    while todo:
        one, depth = todo.pop()
        if depth > DEEPEST:
            problems.error("E0107", node.span, f"the parts of this rule stand more than {DEEPEST} deep",
                           "give some of them names of their own")
            problems.broken |= {word.text for word in node.parts[:1]}
            return True
        todo.extend((part, depth + 1) for part in one.parts)
    return False


def _inside(node: Node) -> Iterator[Node]:
    return (part for part in node.walk() if part.kind == "quote")


def _of_options(node: Node, citation: Citation, text: Source | None) -> dict[str, Citation]:
    """Each option's own words, else the choice's; they are verified with the choice."""
    found: dict[str, Citation] = {}
    for option in node.all("choice_option", "choice_option_block"):
        own = _quotations(tuple(_inside(option)), text, Problems())
        found[option.name.text] = evolve(citation, quotations=own or citation.quotations, rule=option.span)
    return found


def _remark(
    node: Node, clause: str, stacked: list[Node], text: Source | None, problems: Problems, found: Cited,
) -> None:
    """``information`` covers one quotation, ``these lines are information`` several."""
    kind, many = REMARKS[node.kind]
    words = "information" if kind == "information" else "not encoded"
    if not stacked and not problems.broken:
        problems.error("E0404", node.span, f"`{words}` stands under no quotation",
                       "quote the contract's words above it")
    elif len(stacked) > 1 and not many:
        problems.error("E0406", node.span, f"`{words}` stands under {len(stacked)} quotations, and covers one",
                       f"say `these lines are {words} because …`, or join the quotations with a line `>`")
    elif len(stacked) == 1 and many and not problems.broken:
        problems.error("E0406", node.span, "`these lines` stands under a single quotation",
                       f"say `{words} because …`")
    because = " ".join(part.text for part in node.all("STRING"))
    citation = Citation(clause, _quotations(stacked, text, problems), node.span)
    found.notes.append(Note(kind, because, citation))


def _quotations(
    nodes: tuple[Node, ...] | list[Node], text: Source | None, problems: Problems,
) -> tuple[Quotation, ...]:
    return tuple(_quotation(node, text, problems) for node in nodes)


_MARK = re.compile(r"^[ \t\u00a0]*> ?", re.MULTILINE)


def _quotation(node: Node, text: Source | None, problems: Problems) -> Quotation:
    """One quotation, found in the text as its ``occurrence`` line says."""
    mark = node.one("QUOTE")
    words = _MARK.sub("", mark.span.text)
    if text is None:
        return Quotation(words, ())
    which, every = node.first("occurrence"), node.first("all_occurrences")
    numbers = [_whole(number) for number in (which or every or node).all("NUMBER")]
    pair = (numbers[0], numbers[1]) if which is not None else None
    result = find_quote(text, words, pair, where=mark.span, all_of=numbers[0] if every is not None else None)
    problems.found.extend(result.problems)
    return Quotation(words, result.spans)


def _whole(number: Node) -> int:
    """The number; one with a fraction is no count, and none that can be right."""
    return int(number.text) if number.text.isdigit() else -1
