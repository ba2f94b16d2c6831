"""Names that nothing uses, and facts that take the place of others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from slarules.diagnostics import Level
from slarules.lint.examined import Examined
from slarules.lint.finding import Found, Rule
from slarules.syntax.tree import Node

BUILT_IN = {
    "automatic": "yes_no", "written": "yes_no", "who": "text", "caller": "text", "role": "text", "on": "text",
    "hours": "hours",
}
"""Facts that every contract has, with their types."""
SORTS = {
    "fact": "fact", "event": "event", "subject": "subject", "calendar": "calendar", "supplied_calendar": "calendar",
    "holidays": "list of holidays", "supplied_holidays": "list of holidays", "role": "role", "reading": "reading",
}
WHY = {
    "fact": "let a rule ask for it, or leave it out: nobody need record it",
    "event": "let a rule speak of it, or leave it out: nobody need record it",
    "subject": "let a rule speak of it, or leave it out",
    "calendar": "count something in it, or leave it out",
    "list of holidays": "close a calendar on it, or leave it out",
    "role": "let a right name it, or leave it out",
    "reading": "let a rule ask it, or say that it `changes nothing because …`",
    "column": "let a duty be due `within` it, or leave it out",
    "party": "let a rule name it, or leave it out",
}


def unused(examined: Examined) -> Iterator[Found]:
    """What is defined and then named by nothing but scenarios."""
    if examined.contract is None:
        return
    named = _named(examined)
    for sort, name, words in _defined(examined):
        if not any(named[word] > own for word, own in words.items()):
            yield Found(name.span, f"the {sort} `{name.text}` is defined and never used", WHY[sort])


def _named(examined: Examined) -> Counter[str]:
    """How often each name stands in the policy, scenarios left out."""
    contract = examined.tree.contract
    blocks = [item for item in examined.tree.items if item.kind != "scenario"]
    return Counter(
        part.text for block in (*((contract,) if contract else ()), *blocks) for part in block.walk()
        if part.kind == "NAME"
    )


def _defined(examined: Examined) -> Iterator[tuple[str, Node, Counter[str]]]:
    """What may be unused: its sort, its name, and how often its own definition uses the words that stand for it."""
    for block, _ in examined.rules(*SORTS, "table"):
        if block.kind == "table":
            yield from (("column", name, Counter((name.text,))) for name in _columns(block))
        elif block.first("changes_nothing") is None:
            words = block.all("NAME")
            stands_for = {words[0].text, words[2].text} if block.kind == "event" and len(words) > 2 else {words[0].text}
            own = Counter(part.text for part in block.walk() if part.kind == "NAME")
            yield SORTS[block.kind], words[0], Counter({word: own[word] for word in sorted(stands_for)})
    for line in examined.tree.contract.all("other_party") if examined.tree.contract is not None else ():
        yield "party", line.name, Counter((line.name.text,))


def _columns(table: Node) -> Iterator[Node]:
    """The names in the heads of a table's outputs."""
    rows = table.all("row")
    inputs = len(table.one("inputs").parts)
    for cell in rows[0].parts[inputs:] if rows else ():
        if cell.kind == "head_in":
            yield cell.name
        elif cell.kind == "cell" and len(cell.parts) == 1 and cell.parts[0].kind == "name":
            yield cell.parts[0].name


def shadowed(examined: Examined) -> Iterator[Found]:
    """A fact that takes the place of one that every contract has, and is something else."""
    for terms in examined.versions:
        for block, _ in examined.rules("fact"):
            fact = terms.facts.get(block.name.text)
            if fact is not None and BUILT_IN.get(fact.name, fact.type.kind) != fact.type.kind:
                yield Found(
                    block.name.span, f"`{fact.name}` is built in as something else, and this takes its place",
                    "give the fact another name: whoever knows the built-in one will record that",
                )


RULES: tuple[Rule, ...] = (
    Rule("L0701", "never-used", Level.WARNING, "what is defined and never used", unused),
    Rule("L0702", "shadowed-name", Level.WARNING, "a fact that takes the place of a built-in one of another type",
         shadowed),
)
