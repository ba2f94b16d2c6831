"""Every name in a file: what it names, and where that is defined."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from attrs import Factory, frozen

from slarules.lsp.definitions import BUILT_IN, SCENARIOS, Definitions, Symbol, blocks, scope_of
from slarules.lsp.roles import Role, role_of
from slarules.resolve import builtin
from slarules.resolve.declare import column_name, head_cells
from slarules.source import Span
from slarules.syntax.tree import Node, PolicyTree


@frozen
class Named:
    """A name where it stands."""

    symbol: Symbol
    """What it is the name of."""
    span: Span
    """The name's own letters."""
    defines: bool = False
    """Whether the name is given here."""


@frozen
class Index:
    """The names of one file, in reading order."""

    named: tuple[Named, ...]
    """None overlaps another."""
    known: Definitions
    """What the policy defines; of a file of scenarios, the policy that it tries."""
    starts: tuple[int, ...]
    """Where each name begins."""
    places: dict[Symbol, list[Named]] = Factory(dict)
    """Each thing with every place at which it is named."""

    def at(self, offset: int) -> Named | None:
        """The name that stands at an offset, or ends there."""
        for index in (bisect_right(self.starts, offset) - 1, bisect_right(self.starts, offset) - 2):
            if index >= 0 and self.named[index].span.start <= offset <= self.named[index].span.end:
                return self.named[index]
        return None


Like = tuple[str, str, frozenset[str]] | None
"""What stands on the left: the space, the scope and the words of what may be meant on the right."""
Task = tuple[Node, str, Like]
"""A node, the kind of the one around it, and what its words are beside."""


def index(tree: PolicyTree, known: Definitions) -> Index:
    """The names of a file. ``known``: what the policy that it is, or tries, defines."""
    found: list[Named] = []
    if tree.contract is not None and tree.contract.kind == "contract":
        found += _Walk(tree.contract, known, "").names()
    for block, _ in blocks(tree):
        found += _Walk(block, known, "").names()
    for number, item in enumerate(item for item in tree.items if item.kind in SCENARIOS):
        for scenario in item.all("scenario") if item.kind == "scenario_with_examples" else (item,):
            found += _Walk(scenario, known, f"scenario {number}").names()
    told = _once(found)
    places: dict[Symbol, list[Named]] = {}
    for one in told:
        places.setdefault(one.symbol, []).append(one)
    return Index(told, known, tuple(one.span.start for one in told), places)


def _once(found: list[Named]) -> tuple[Named, ...]:
    """In reading order, each place once: a scenario with examples is read for each row of its table."""
    told: list[Named] = []
    for one in sorted(found, key=lambda one: (one.span.start, one.span.end)):
        if not told or one.span.start >= told[-1].span.end:
            told.append(one)
    return tuple(told)


class _Walk:
    """Goes through one block and tells each of its names."""

    def __init__(self, block: Node, known: Definitions, scenario: str) -> None:
        self.block, self.known, self.scenario = block, known, scenario
        self.found: list[Named] = []
        self.ids = frozenset(node.name.text for node in block.walk() if node.kind == "given_id") if scenario else ()

    def names(self) -> list[Named]:
        todo: list[Task] = [(self.block, "", None)]
        while todo:
            node, within, like = todo.pop()
            todo.extend(reversed(self._node(node, within, like)))
        return self.found

    def tell(self, symbol: Symbol, span: Span, defines: bool = False) -> None:
        self.found.append(Named(symbol, span, defines))

    def _node(self, node: Node, within: str, like: Like) -> list[Task]:
        """Tells the names that stand directly in a node; gives back what is in it."""
        if like is not None and self._beside(node, like):
            return []
        match node.kind:
            case "pattern":
                return self._pattern(node)
            case "table":
                return self._table(node)
            case "given" | "expect_value":
                return self._given(node)
            case "presumed":
                return [(part, node.kind, self._words(self.block.name.text)) for part in node.parts]
            case "ticket_called":
                stated = node.one("STRING").span
                inside = Span(stated.source, stated.start + 1, stated.end - 1)
                self.tell(Symbol("noun", builtin.TICKET), inside, True)
                return []
            case "levels" | "severity" | "given_severity":
                self._level(node)
            case _:
                self._direct(node, within)
        if node.kind in _COMPARED:
            left = self._left(node.parts[0])
            return [(node.parts[0], node.kind, None), *((part, node.kind, left) for part in node.parts[1:])]
        return [(part, node.kind, None) for part in node.parts if part.parts]

    # ---- names that stand directly in a node

    def _direct(self, node: Node, within: str) -> None:
        names = [part for part in node.parts if part.kind == "NAME"]
        for nth, name in enumerate(names):
            role = role_of(node.kind, nth, within)
            if role is not None and role.space:
                self._role(role, name, node, names)

    def _role(self, role: Role, name: Node, node: Node, names: list[Node]) -> None:
        word, span = name.text, name.span
        match role.space:
            case "value" | "rule" if role.defines:
                self.tell(Symbol(role.space, word), span, True)
            case "value":
                self._value(name)
            case "rule":
                self._rule(name)
            case "party":
                self._party(name, role.defines)
            case "noun":
                kind = word if role.defines else self.known.nouns.get(word, word)
                self.tell(Symbol("noun", kind), span, role.defines)
            case "option" | "state" | "benefit" | "part" | "word":
                self.tell(Symbol(role.space, word, self._scope(role.space, node, names)), span, role.defines)
            case "subject" | "id":
                self.tell(Symbol(role.space, word, self.scenario), span, role.defines)
            case "event" if node.kind == "offset" and word in self.ids:
                self.tell(Symbol("id", word, self.scenario), span)
            case "awaited" | "object" | "ender" | "outcome":
                self._word(role.space, name)
            case _:
                self.tell(Symbol(role.space, word), span, role.defines)

    def _scope(self, space: str, node: Node, names: list[Node]) -> str:
        """What an option, a state, a benefit or a value belongs to."""
        if space == "word":
            return self.block.name.text
        match node.kind:
            case "reading_is" | "scenario_reading":
                return f"reading {names[0].text}"
            case "becomes_state":
                return f"status {names[0].text}"
            case "includes_":
                return f"status {node.parts[0].span.text}"
        return scope_of(self.block)

    def _value(self, name: Node) -> None:
        word = name.text
        if self.block.kind == "amount" and word in self.known.parts.get(scope_of(self.block), ()):
            self.tell(Symbol("part", word, scope_of(self.block)), name.span)
        elif not self._is("value", word) and self.known.has("calendar", word):
            self.tell(Symbol("calendar", word), name.span)
        elif not self._is("value", word) and self.known.has("rule", word):
            self.tell(Symbol("rule", word), name.span)
        elif self._is("value", word) or not (self.scenario and word in _NOTHING):
            self.tell(Symbol("value", word), name.span)

    def _is(self, space: str, word: str) -> bool:
        return self.known.has(space, word) or word in BUILT_IN.get(space, ())

    def _rule(self, name: Node) -> None:
        """A rule's name; of a duty that an option makes, the names that its own is put together from."""
        word, span = name.text, name.span
        made = self.known.made.get(word)
        if made is None or self.known.has("rule", word):
            self.tell(Symbol("rule", word), span)
            return
        choice, option, act = made
        space = "act" if act not in self.known.words and not self.known.has("value", act) else "value"
        if word == act:
            self.tell(Symbol(space, act), span)
            return
        at = span.start
        parts = ((Symbol("rule", choice), choice), (Symbol("option", option, f"choice {choice}"), option))
        more = ((Symbol(space, act), act),) if word.startswith(f"{choice}_{option}_{act}") else ()
        for symbol, text in (*parts, *more):
            self.tell(symbol, Span(span.source, at, at + len(text)))
            at += len(text) + 1

    def _party(self, name: Node, defines: bool) -> None:
        word = name.text
        if not self.known.has("party", word) and self.scenario:
            called = {role: party for party, role in self.known.roles.items() if role != "other_party"}
            called |= {party.lower(): party for party in self.known.roles if party.lower() not in called}
            word = called.get(word, word)
        self.tell(Symbol("party", word), name.span, defines)

    def _word(self, space: str, name: Node) -> None:
        """Words that may name something, and may be free."""
        word = name.text
        match space:
            case "awaited":
                lower = {party.lower() for party in self.known.roles} | {"provider", "customer"}
                if self.known.has("party", word) or (self.scenario and word in lower):
                    self._party(name, False)
            case "object" if word in self.known.nouns:
                self.tell(Symbol("noun", self.known.nouns[word]), name.span)
            case "object" if self.known.has("party", word):
                self.tell(Symbol("party", word), name.span)
            case "ender" if self._is("event", word):
                self.tell(Symbol("event", word), name.span)
            case "ender" if self.known.has("rule", word):
                self.tell(Symbol("rule", word), name.span)

    def _level(self, node: Node) -> None:
        for part in node.parts:
            if part.kind in ("NUMBER", "NAME"):
                self.tell(Symbol("level", part.text), part.span, node.kind == "levels")

    # ---- events, and what became of duties

    def _pattern(self, node: Node) -> list[Task]:
        words = [part for part in node.parts if part.kind == "NAME"]
        first = words[0].text
        if len(words) == 2:
            if first in self.known.nouns or not (self.known.has("rule", first) or first in self.known.made):
                self.tell(Symbol("noun", self.known.nouns.get(first, first)), words[0].span)
            elif words[1].text in builtin.OUTCOMES:
                self._rule(words[0])
                return [(part, node.kind, None) for part in node.parts if part.parts]
        self.tell(Symbol("event", words[-1].text), words[-1].span)
        return [(part, node.kind, None) for part in node.parts if part.parts]

    # ---- words that are known by what stands beside them

    def _words(self, fact: str) -> Like:
        if fact == "role" and not self.known.has("value", "role"):
            return ("party", "", frozenset(self.known.names("party")))
        if fact == "on" and not self.known.has("value", "on"):
            return ("party", "", frozenset(self.known.roles))
        values = self.known.words.get(fact)
        return ("word", fact, frozenset(values)) if values else None

    def _left(self, node: Node) -> Like:
        """What the words beside a value can be."""
        if node.kind == "severity_value":
            return ("level", "", frozenset(self.known.names("level")))
        if node.kind != "name":
            return None
        word = node.name.text
        states = self.known.parts.get(f"status {word}")
        return ("state", f"status {word}", frozenset(states)) if states else self._words(word)

    def _beside(self, node: Node, like: Like) -> bool:
        """Tells a word that is known by what stands beside it."""
        assert like is not None
        space, scope, words = like
        text, span = node.span.text, node.span
        if node.kind == "text":
            text, span = text[1:-1], Span(span.source, span.start + 1, span.end - 1)
        if node.kind in ("name", "number", "yes", "no", "none_value", "text") and text in words:
            self.tell(Symbol(space, text, scope), span)
            return True
        return False

    def _given(self, node: Node) -> list[Task]:
        """A fact and its value, or what is expected of a status, an amount, a choice."""
        self._direct(node, "")
        names = node.all("NAME")
        word = names[-1].text
        like = self._left(Node("name", names[-1].span, (names[-1],)))
        options = self.known.parts.get(f"choice {word}")
        if options and not self.known.has("value", word):
            like = ("option", f"choice {word}", frozenset(options))
        if node.kind == "given" and not self._is("value", word):
            like = like or {
                "actor": ("party", "", frozenset(self.known.roles)),
                "type": ("event", "", frozenset((*self.known.names("event"), *BUILT_IN["event"]))),
                "subject": ("subject", self.scenario, frozenset((node.parts[-1].span.text,))),
            }.get(word)
        free = node.kind == "given" and like is None
        inside = (part for part in node.parts if part.kind not in ("NAME", "DATE"))
        return [(part, node.kind, like) for part in inside if not (free and part.kind == "name")]

    # ---- tables

    def _table(self, node: Node) -> list[Task]:
        self._direct(node, "")
        ins, outs = head_cells(node)
        for cell in outs:
            name = column_name(cell)
            if name is not None and cell.kind != "head_in":
                self.tell(Symbol("column", name.text), name.span, True)
        todo: list[Task] = [(node.one("inputs"), node.kind, None)]
        todo += [(cell, "row", None) for cell in (*ins, *(cell for cell in outs if cell.kind == "head_in"))]
        likes = [self._input(part) for part in node.one("inputs").parts]
        for row in node.all("row")[1:]:
            for at, cell in enumerate(row.parts):
                like = likes[at] if at < len(likes) else None
                todo += self._cell(cell, like)
        return todo

    def _input(self, node: Node) -> Like:
        kind = "severity_value" if node.kind == "severity_input" else "name"
        return self._left(Node(kind, node.span, node.parts))

    def _cell(self, cell: Node, like: Like) -> Iterator[Task]:
        if cell.kind == "none_value":
            yield cell, "row", like
        elif cell.kind == "cell":
            for part in cell.parts:
                yield part, cell.kind, like
        else:
            yield cell, "row", None


_NOTHING = ("unknown", "severity", "actor")
"""Words that a scenario may say in place of a name."""
_COMPARED = frozenset((
    "is_", "is_not", "more_than", "less_than", "at_least_", "at_most_", "is_any", "is_none_of",
))
