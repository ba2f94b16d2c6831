"""What a policy defines: each name with its block, and what must be known to tell which name a word is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import Factory, frozen

from slarules.resolve import builtin
from slarules.resolve.declare import column_name, head_cells
from slarules.resolve.names import SORTS
from slarules.source import Span
from slarules.syntax.tree import Node, PolicyTree


@frozen
class Symbol:
    """A thing that has a name; wherever it is named, it is the same."""

    space: str
    """The names among which its own is unique: ``rule``, ``value``, ``calendar`` …"""
    name: str
    """As it is defined."""
    scope: str = ""
    """What it belongs to, where that is not the whole policy: the reading of an option, the fact of a value."""


@frozen
class Defined:
    """A place where a name is given."""

    symbol: Symbol
    """What is named."""
    sort: str
    """What it is, in the language's own word: ``duty``, ``fact``, ``option`` …"""
    name: Span
    """The name itself."""
    node: Node
    """The whole block or line."""
    clause: str
    """The clause's title; empty outside any."""


@frozen
class Definitions:
    """Everything that a policy defines."""

    defined: dict[Symbol, list[Defined]] = Factory(dict)
    """In the file's order; several for a rule that an amendment words anew."""
    words: dict[str, tuple[str, ...]] = Factory(dict)
    """Fact → its values, of one that has a list of them."""
    parts: dict[str, tuple[str, ...]] = Factory(dict)
    """Status → its states; choice or reading → its options; amount → its parts; each under its space and name."""
    nouns: dict[str, str] = Factory(lambda: {builtin.TICKET: builtin.TICKET, builtin.AGREEMENT: builtin.AGREEMENT})
    """Word for a subject → its kind."""
    roles: dict[str, str] = Factory(dict)
    """Party → ``provider``, ``customer`` or ``other_party``."""
    made: dict[str, tuple[str, str, str]] = Factory(dict)
    """Duty that an option of a choice makes → the choice, the option, the word for the act or the fact kept."""
    owed: dict[str, list[Node]] = Factory(dict)
    """Duty or target → its lines that say who owes what."""

    def has(self, space: str, name: str, scope: str = "") -> bool:
        """Whether something of this name is defined."""
        return Symbol(space, name, scope) in self.defined

    def names(self, space: str, scope: str = "") -> tuple[str, ...]:
        """The names defined among these, in the file's order."""
        return tuple(s.name for s in self.defined if s.space == space and s.scope == scope)


BUILT_IN: Mapping[str, frozenset[str]] = {
    "event": frozenset(event.name for event in builtin.EVENTS),
    "value": frozenset(fact.name for fact in builtin.FACTS),
    "act": frozenset(event.act for event in builtin.EVENTS if event.act),
    "calendar": frozenset((builtin.ALWAYS,)),
    "noun": frozenset((builtin.TICKET, builtin.AGREEMENT)),
}
"""Names that need no definition, by their space."""


SCENARIOS = ("scenario", "scenario_with_examples")
"""Blocks at the left margin that try a policy and define nothing."""


def definitions(tree: PolicyTree) -> Definitions:
    """What the readable lines of a policy define."""
    found = Definitions()
    if tree.contract is not None and tree.contract.kind == "contract":
        _contract(tree.contract, found)
    for block, clause in blocks(tree):
        _block(block, clause, found)
    _made(tree, found)
    return found


def blocks(tree: PolicyTree) -> Iterator[tuple[Node, str]]:
    """Each rule of the file with its clause's title; scenarios are none."""
    for item in tree.items:
        if item.kind == "clause":
            title = item.one("STRING").text
            for part in item.parts:
                if part.kind not in ("STRING", "quote", "in_force"):
                    yield part, title
        elif item.kind not in SCENARIOS:
            yield item, ""


def _add(found: Definitions, symbol: Symbol, sort: str, name: Span, node: Node, clause: str) -> None:
    found.defined.setdefault(symbol, []).append(Defined(symbol, sort, name, node, clause))


def _contract(block: Node, found: Definitions) -> None:
    _add(found, Symbol("contract", block.name.text), "contract", block.name.span, block, "")
    for line in block.all("provider", "customer", "other_party"):
        name = line.name
        _add(found, Symbol("party", name.text), "party", name.span, line, "")
        found.roles.setdefault(name.text, line.kind)
    called = block.first("ticket_called")
    if called is not None:
        stated = called.one("STRING")
        inside = Span(stated.span.source, stated.span.start + 1, stated.span.end - 1)
        for word in (stated.text, stated.text.lower()):
            words = word.split()
            found.nouns.update(dict.fromkeys(("_".join(words), *words[-1:]), builtin.TICKET))
        _add(found, Symbol("noun", builtin.TICKET), "ticket", inside, called, "")


def _block(block: Node, clause: str, found: Definitions) -> None:
    if block.kind == "severities":
        for level in block.one("levels").parts:
            _add(found, Symbol("level", level.text), "severity", level.span, block, clause)
        return
    space, sort = SORTS.get(block.kind, ("", ""))
    if not space or space == "level" or block.first("NAME") is None:
        return
    space = "noun" if space == "subject" else space
    name = block.name
    _add(found, Symbol(space, name.text), sort, name.span, block, clause)
    match block.kind:
        case "subject":
            found.nouns[name.text] = name.text
        case "event":
            words = block.all("NAME")
            if len(words) > 2 and words[2].text not in BUILT_IN["act"]:
                _add(found, Symbol("act", words[2].text), "act", words[2].span, block, clause)
        case "fact":
            _values(block, clause, found)
        case "table":
            _columns(block, clause, found)
        case _:
            _inner(block, clause, found)


def _values(fact: Node, clause: str, found: Definitions) -> None:
    listed = fact.first("type_one_of")
    if listed is None:
        return
    values = listed.one("names").parts
    found.words[fact.name.text] = tuple(value.text for value in values)
    for value in values:
        _add(found, Symbol("word", value.text, fact.name.text), "value", value.span, fact, clause)


def _columns(table: Node, clause: str, found: Definitions) -> None:
    for cell in head_cells(table)[1]:
        name = column_name(cell)
        if name is not None:
            _add(found, Symbol("column", name.text), "column", name.span, table, clause)


_INNER = {
    "reading": ("option", "option", ("option",)),
    "choice": ("option", "option", ("choice_option", "choice_option_block")),
    "choice_by_agreement": ("option", "option", ("choice_option", "choice_option_block")),
    "status": ("state", "state", ("state",)),
    "amount": ("part", "part", ("where",)),
}
"""Block → the space, the sort and the lines of what is named in it."""


def _inner(block: Node, clause: str, found: Definitions) -> None:
    """Options, states, benefits and parts of an amount."""
    if block.kind not in _INNER:
        return
    space, sort, kinds = _INNER[block.kind]
    scope = scope_of(block)
    lines = block.all(*kinds)
    found.parts[scope] = tuple(dict.fromkeys((*found.parts.get(scope, ()), *(line.name.text for line in lines))))
    for line in lines:
        _add(found, Symbol(space, line.name.text, scope), sort, line.name.span, line, clause)
        for listed in line.all("includes"):
            for benefit in listed.one("names").parts:
                symbol = Symbol("benefit", benefit.text, scope)
                _add(found, symbol, "benefit", benefit.span, line, clause)


def scope_of(block: Node) -> str:
    """The scope of what a block names inside it: ``reading mst``."""
    return f"{block.kind.removesuffix('_by_agreement')} {block.name.text}"


def _made(tree: PolicyTree, found: Definitions) -> None:
    """What is owed; the duties that options make are named after their acts where that is free, as in ``resolve``."""
    rules = set(found.names("rule"))
    for block, _ in blocks(tree):
        if block.kind in ("duty", "target"):
            found.owed.setdefault(block.name.text, []).extend(block.all("must", "aims_to")[:1])
        if not block.kind.startswith("choice"):
            continue
        for option in block.all("choice_option", "choice_option_block"):
            for verb in (option,) if option.kind == "choice_option" else option.all("must", "aims_to"):
                _option(block, option, verb, rules, found)


def _option(block: Node, option: Node, verb: Node, rules: set[str], found: Definitions) -> None:
    act = verb.one("act", "keep_fact").name.text
    whole = f"{block.name.text}_{option.name.text}"
    origin = (block.name.text, option.name.text, act)
    for word in (act, whole, f"{whole}_{act}", f"{whole}_{act}_{verb.span.line}"):
        if word not in rules and found.made.get(word, origin) == origin:
            found.made[word] = origin
            found.owed.setdefault(word, []).append(verb)
            return
