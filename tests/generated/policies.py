"""Random policies, generated from the grammar itself: every rule of it, written as untidily as the language allows.

They are spelt rightly and mean nothing: names are found nowhere, kinds do not agree. ``Writer(seed)`` gives the same
files for the same seed; the expansions of the grammar that were written least are chosen most.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from attrs import field, frozen
from lark.grammar import Rule

from slarules.source import Source
from slarules.syntax.parse import _terminals, keywords, parse, parser
from tests.generated.words import QUOTES, REMARKS, SPELLINGS, WORDS

DEEP = 14
"""From this depth of the derivation on only the shortest expansions are chosen."""
TRIES = 60
GOES_ON = re.compile(r"(,|\b(?:and|or|because))$")


@frozen
class Expansion:
    """One alternative of a rule: of the grammar as Lark compiled it, each option and repetition by itself."""

    rule: str
    symbols: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule}: {' '.join(self.symbols)}"


@cache
def expansions() -> dict[str, tuple[Expansion, ...]]:
    """The alternatives of every rule below `file`."""
    found: dict[str, list[Expansion]] = {}
    rules: list[Rule] = parser().rules
    for rule in rules:
        made = Expansion(rule.origin.name, tuple(s.name for s in rule.expansion))
        found.setdefault(made.rule, []).append(made)
    return {rule: tuple(dict.fromkeys(ways)) for rule, ways in found.items()}


@cache
def sizes() -> dict[str, int]:
    """How many terminals each rule needs at least; a derivation that must end takes the smallest."""
    known: dict[str, int] = {}
    before = -1
    while before != sum(known.values()):
        before = sum(known.values())
        for rule, ways in expansions().items():
            made = [size for size in (_size(way, known) for way in ways) if size is not None]
            if made:
                known[rule] = min(made)
    return known


def _size(way: Expansion, known: dict[str, int]) -> int | None:
    total = 0
    for symbol in way.symbols:
        if symbol in expansions():
            if symbol not in known:
                return None
            total += known[symbol]
        else:
            total += 1
    return total


@cache
def _spelt() -> dict[str, str]:
    return {name: word for word, name in _terminals().keywords.items()}


@cache
def reachable(*starts: str) -> frozenset[Expansion]:
    """Every alternative of every rule that stands within these."""
    seen: set[str] = set()
    todo = [rule for rule in starts if rule in expansions()]
    while todo:
        rule = todo.pop()
        if rule not in seen:
            seen.add(rule)
            todo += [s for way in expansions()[rule] for s in way.symbols if s in expansions()]
    return frozenset(way for rule in seen for way in expansions()[rule])


BLOCKS = ("contract", "scenarios_of", "item")
"""What a file is made of."""


@cache
def _leads_to(way: Expansion) -> int:
    """The alternatives that a choice may lead to, as a set of bits."""
    return sum(_bits()[one] for one in {way, *reachable(*way.symbols)})


@cache
def _bits() -> dict[Expansion, int]:
    return {way: 1 << n for n, way in enumerate(sorted(reachable(*BLOCKS), key=str))}


@frozen
class Written:
    """A random policy."""

    text: str
    used: Counter[Expansion] = field(repr=False)
    """The alternatives that it was made of."""


class Writer:
    """Writes random policies, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.used: Counter[Expansion] = Counter()
        self.unseen = sum(_bits().values())
        """The alternatives that no file had yet, as a set of bits."""
        self.refused = 0
        """Blocks that were written, could not be read, and were written anew: words that are keywords there."""

    def files(self, count: int) -> Iterator[Written]:
        """So many policies."""
        for _ in range(count):
            yield self.file()

    def file(self) -> Written:
        """One policy."""
        used: Counter[Expansion] = Counter()
        parts = [self._untidy_above() + "slarules 1" + self._end()]
        starts = [self.dice.choice(("contract", "contract", "scenarios_of"))]
        starts += ["item"] * self.dice.choice((0, 1, 1, 2, 3, 5))
        for start in starts:
            parts.append(self._block(start, used))
        text = "".join(parts)
        if self.dice.random() < 0.2:
            text = text.rstrip("\n")
        return Written(text, used)

    def _block(self, start: str, used: Counter[Expansion]) -> str:
        """A block that can be read; what a random name turned into something else is written anew."""
        for _ in range(TRIES):
            mine: Counter[Expansion] = Counter()
            symbols = self._derive(start, mine)
            text = _Page(self.dice, self.dice.random() < 0.3).lines(symbols)
            head = "slarules 1\n" if start != "item" else "slarules 1\ncontract C\n  provider P\n"
            tree, problems = parse(Source("random.sla", head + text))
            whole = tree.contract is not None if start != "item" else len(tree.items) == 1
            if not problems and whole:
                used += mine
                self.used += mine
                self.unseen &= ~sum(_bits()[way] for way in mine)
                return text
            self.refused += 1
        raise AssertionError(f"no `{start}` could be written that can be read; the last:\n{text}\n{problems[0]}")

    def _derive(self, start: str, used: Counter[Expansion]) -> list[str]:
        """The terminals of a random derivation."""
        out: list[str] = []
        todo: list[tuple[str, int]] = [(start, 0)]
        while todo:
            symbol, depth = todo.pop()
            ways = expansions().get(symbol)
            if ways is None:
                out.append(symbol)
                continue
            way = self._choose(ways, depth, used)
            used[way] += 1
            helper = symbol.startswith("__")
            todo += [(s, depth if helper else depth + 1) for s in reversed(way.symbols)]
        return out

    def _choose(self, ways: tuple[Expansion, ...], depth: int, used: Counter[Expansion]) -> Expansion:
        if depth > DEEP:
            return min(ways, key=lambda way: (_size(way, sizes()) or 0, way.symbols))
        weights = []
        for way in ways:
            weight = 0.5 if way.rule in way.symbols else 1.0
            weight *= 9 if _leads_to(way) & self.unseen else 1
            weights.append(weight / (1 + self.used[way] + 3 * used[way]))
        return self.dice.choices(ways, weights)[0]

    def _untidy_above(self) -> str:
        return self.dice.choice(("", "", "", "\n", "-- first\n", "\n\n-- first\n\n", "   \n"))

    def _end(self) -> str:
        return self.dice.choice(("\n", "\n", "\n\n", "  -- version\n", "   \n\n\n"))


class _Page:
    """Terminals written out as lines, untidily."""

    def __init__(self, dice: random.Random, examples: bool = False) -> None:
        self.dice = dice
        self.examples = examples
        """Whether a scenario is written with placeholders, and a table of what they stand for."""
        self.cells: list[str] = []
        """What each placeholder stands for."""
        self.base = 0
        """How deep the block's own lines stand."""
        self.out: list[str] = []
        self.indents = [0]
        self.above = ""
        """The statement above, in plain words; empty after a quotation."""
        self.quoted = False

    def lines(self, symbols: list[str]) -> str:
        """The whole block."""
        line: list[str] = []
        deeper = False
        self.examples = self.examples and symbols[0] == "SCENARIO"
        for symbol in symbols:
            if symbol == "_NL":
                self._line(line)
                line = []
            elif symbol == "_INDENT":
                deeper = True
            elif symbol == "_DEDENT":
                self.indents.pop()
            else:
                if deeper:
                    self.indents.append(self.indents[-1] + self.dice.choice((1, 2, 2, 2, 3, 7)))
                    self.base = self.base or self.indents[-1]
                    deeper = False
                line.append(symbol)
        if self.cells:
            self._table()
        return "".join(f"{one}\n" for one in self.out)

    def _table(self) -> None:
        """The table of examples, its rows alike."""
        self.out.append(" " * self.base + "examples" + self.dice.choice(("", "  -- which")))
        heads = [f"p{n}" for n in range(len(self.cells))]
        for row in (heads, *[self.cells] * self.dice.choice((1, 2, 3))):
            gaps = [self.dice.choice((" ", "  ", "")) for _ in range(2 * len(row))]
            words = "".join(f"{a}{cell}{b}|" for cell, a, b in zip(row, gaps[::2], gaps[1::2], strict=True))
            self.out.append(" " * (self.base + 3) + "|" + words + self.dice.choice(("", "", "  -- a row")))

    def _line(self, symbols: list[str]) -> None:
        self._above(symbols == ["QUOTE"])
        if symbols == ["QUOTE"]:
            for _ in range(self.dice.choice((1, 1, 2, 3))):
                words = self.dice.choice(("> ", ">", ">  ")) + self.dice.choice(QUOTES)
                self.out.append(" " * self.indents[-1] + words + self.dice.choice(("", "", "  ")))
            self.quoted, self.above = True, ""
            return
        words = [self._spelling(symbol) for symbol in symbols]
        if self.examples and self.out and symbols[0] != "SCENARIO":
            words = [self._held(symbol, word) for symbol, word in zip(symbols, words, strict=True)]
        indent = self.indents[-1]
        stepped = re.match(r"\d|as of\b|expect\b|<", self.above) is not None
        if words[0] == "expect" and stepped and self.dice.random() < 0.3:
            indent += self.dice.choice((2, 9))
        self._broken(words, indent)
        self.quoted, self.above = False, " ".join(words)

    def _held(self, symbol: str, word: str) -> str:
        """The word, or a placeholder for it."""
        if symbol not in ("NAME", "DATE", "TIME", "NUMBER") or len(self.cells) > 5 or self.dice.random() > 0.15:
            return word
        self.cells.append(word)
        return f"<p{len(self.cells) - 1}>"

    def _above(self, quote: bool) -> None:
        """Blank lines and comments above a line; two quotations stay apart."""
        apart = self.quoted and quote
        for _ in range(self.dice.choice((0, 0, 0, 0, 1, 2))):
            self.out.append(self._remark_line() if self.dice.random() < 0.5 else " " * self.dice.choice((0, 0, 3)))
            apart = False
        if apart:
            self.out.append("")

    def _remark_line(self) -> str:
        return " " * self.dice.choice((0, *self.indents, self.indents[-1] + 3)) + self.dice.choice(REMARKS)

    def _broken(self, words: list[str], indent: int) -> None:
        """A statement on one line, or on several where the language lets it go on."""
        lines = [words[0]]
        for before, after in pairwise(words):
            may = bool(GOES_ON.search(before)) or after in ("and", "or") or after[0] in '"“'
            if may and self.dice.random() < 0.25:
                lines.append(after)
            else:
                lines[-1] += self._gap(before, after) + after
        for number, text in enumerate(lines):
            deeper = indent + self.dice.choice((1, 2, 4, 11)) if number else indent
            remark = self.dice.choice(("  ", " ", "")) + self.dice.choice(REMARKS) if self.dice.random() < 0.06 else ""
            self.out.append(" " * deeper + text + (remark or self.dice.choice(("", "", "", " ", "\t"))))
            if number < len(lines) - 1 and self.dice.random() < 0.05:
                self.out += [*self.dice.choice(([], [""])), self._remark_line()]

    def _gap(self, before: str, after: str) -> str:
        tight = before in "(,|" or after in ",:)|%" or (before in ":" and after[0] != " ") or after[0] in '#"“'
        tight = tight or before[-1] in '"”'
        if tight and self.dice.random() < 0.5:
            return ""
        return self.dice.choice((" ", " ", " ", " ", "  ", "     ", "\t", "\u00a0"))

    def _spelling(self, terminal: str) -> str:
        if terminal in _spelt():
            return _spelt()[terminal]
        if terminal == "STRING":
            words = self.dice.choice(WORDS)
            return f"“{words.replace('”', '')}”" if self.dice.random() < 0.3 else f'"{words}"'
        if terminal == "NAME" and self.dice.random() < 0.03:
            return self.dice.choice(keywords())
        return self.dice.choice(SPELLINGS[terminal])
