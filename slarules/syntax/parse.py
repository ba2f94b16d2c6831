"""Text to tree. Recovers from every mistake, one diagnostic for each; the only module that uses Lark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import lark
from attrs import evolve, frozen
from lark import Lark, Token, Tree
from lark.common import LexerConf
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer, PatternStr
from lark.parsers.lalr_interactive_parser import InteractiveParser

from slarules import kept
from slarules.diagnostics import Diagnostic, in_order
from slarules.source import Source, Span
from slarules.syntax import messages
from slarules.syntax.examples import CELL, PLACEHOLDER, examples_of, fill, with_row
from slarules.syntax.layout import BLANKS, Layout, Line, lay_out
from slarules.syntax.messages import Mend, Unexpected
from slarules.syntax.tree import Node, PolicyTree

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PLAIN = ("DATE", "TIME", "NUMBER", "STRING", "INSTANCE")
WORDS = ("UNIT", "DAY", "MONTH", "ORDINAL", "ROUNDING", "REGION", "CURRENCY")
MANY = 100
"""Mistakes reported in one block; past that the block is not a policy."""


class _Unused(Lexer):
    """Tokens are found line by line below, by what may stand at that place; Lark's own lexers are not used."""

    def __init__(self, conf: LexerConf) -> None:
        self.conf = conf

    def lex(self, *_: object) -> Iterator[Token]:
        return iter(())


def grammar_text() -> str:
    """The grammar, from the wheel or, in a checkout, from ``grammar/``."""
    here = Path(__file__).resolve().parent
    shipped = here / "slarules.lark"
    return (shipped if shipped.exists() else here.parents[1] / "grammar" / "slarules.lark").read_text("utf-8")


@cache
def parser(strict: bool = False) -> Lark:
    """The LALR(1) parser; ``strict`` refuses a grammar with any conflict (for the tests).

    Its tables take longer to make than most policies to read, so they are kept.
    """
    folder = None if strict else kept.folder("grammar")
    return Lark(
        grammar_text(),
        parser="lalr",
        lexer=_Unused,
        start=["file", "contract", "scenarios_of", "item", "examples"],
        strict=strict,
        cache=False if folder is None else str(folder / f"{lark.__version__}.tables"),  # it knows its grammar by a hash
        propagate_positions=True,
        maybe_placeholders=False,
    )


@frozen
class _Terminals:
    keywords: dict[str, str]
    """What is written, e.g. ``until`` or ``|`` → the terminal's name."""
    patterns: dict[str, re.Pattern[str]]


@cache
def _terminals() -> _Terminals:
    keywords, patterns = {}, {}
    for terminal in parser().terminals:
        if isinstance(terminal.pattern, PatternStr):
            keywords[terminal.pattern.value] = terminal.name
        else:
            patterns[terminal.name] = re.compile(terminal.pattern.to_regexp())
    return _Terminals(keywords, patterns)


def keywords() -> tuple[str, ...]:
    """Every keyword of the language."""
    return tuple(sorted(w for w in _terminals().keywords if w[0].isalpha()))


def parse(source: Source) -> tuple[PolicyTree, tuple[Diagnostic, ...]]:
    """The tree of a policy file and everything that is wrong with its spelling. Never raises."""
    layout, problems = lay_out(source)
    if any(p.code in ("E0107", "E0108") for p in problems):
        return PolicyTree(None, (), frozenset()), in_order(problems)
    broken: set[str] = set()
    contract: Node | None = None
    items: list[Node] = []
    blocks = list(_blocks(layout))
    if not blocks or not re.fullmatch(r"slarules\s+1", _text(source, blocks[0][0])):
        first = blocks[0][0] if blocks else None
        span = Span(source, first.start, first.end) if first else Span(source, 0, 0)
        problems.append(messages.missing_version(span))
    for i, block in enumerate(blocks):
        if i == 0 and _text(source, block[0]).lower().startswith("slarules"):
            if len(block) > 1:
                problems.append(messages.nothing_under(Span(source, block[1].start, block[1].end)))
                broken.update(name for line in block[1:] for name in NAME.findall(_text(source, line)))
            continue
        word = _text(source, block[0]).split(" ")[0]
        start = {"contract": "contract", "scenarios": "scenarios_of"}.get(word, "item")
        if contract is None and word not in keywords() and get_close_matches(word.lower(), ["contract"], cutoff=0.75):
            start = "contract"  # read so, it is told to be misspelt
        table = examples_of(source, block) if word == "scenario" else None
        if table is not None:
            items.append(_with_examples(source, block, table, problems, broken))
            continue
        node = _Block(source, block, start).read(problems, broken)
        if node is not None and start != "item":
            if contract is not None:
                problems.append(messages.second_contract(node.span, contract.span))
            contract = contract or node
        elif node is not None:
            items.append(node)
    codes = {one.code for one in problems}
    if contract is None and not items and "E0110" in codes and codes <= {"E0110", "E0201", "E0202", "E0205"}:
        return PolicyTree(None, (), frozenset(broken)), (messages.no_policy(source),)
    if contract is None and not broken and blocks:
        problems.append(messages.missing_contract(Span(source, blocks[0][0].start, blocks[0][0].end)))
    return PolicyTree(contract, tuple(items), frozenset(broken)), in_order(_once(problems))


def _with_examples(
    source: Source, block: list[Line], table: range, problems: list[Diagnostic], broken: set[str]
) -> Node:
    """A scenario with a table of examples: the table, then the scenario of each row, read with the row's words."""
    examples = _Block(source, block[table.start : table.stop], "examples").read(problems, broken)
    rest = [*block[: table.start], *block[table.stop :]]
    rows, wrong = fill(source, rest, examples)
    problems += wrong
    made = []
    for row, filled in rows:
        node = _Block(source, rest, "item", filled).read(problems, broken)
        if node is not None:
            made.append(with_row(node, row, examples))
    span = Span(source, block[0].start, block[-1].end)
    return Node("scenario_with_examples", span, (*((examples,) if examples else ()), *made))


def _once(problems: list[Diagnostic]) -> list[Diagnostic]:
    """A line whose characters or indentation are wrong is not also reported as unreadable."""
    told = {p.span.line for p in problems if p.code in ("E0101", "E0102", "E0105", "E0106")}
    return [p for p in problems if not (p.code.startswith("E02") and p.span.line in told)]


def _text(source: Source, line: Line) -> str:
    return " ".join(source.text[a:b] for a, b in line.pieces)


def _blocks(layout: Layout) -> Iterator[list[Line]]:
    """The lines of each block at the left margin."""
    block: list[Line] = []
    for line in layout.lines:
        if line.indent == 0 and block and not (block[-1].quote and len(block) == 1):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


@frozen
class _Mistake:
    line: int
    """Which line of the block."""
    unexpected: Unexpected


class _Block:
    """Reads one block; a line that cannot be read is mended if a near keyword mends it, else left out."""

    def __init__(
        self, source: Source, lines: Sequence[Line], start: str, filled: Mapping[str, tuple[int, int]] = {}
    ) -> None:
        self.source, self.lines, self.start = source, lines, start
        self.filled = filled
        self.mended: dict[int, str] = {}

    def read(self, problems: list[Diagnostic], broken: set[str]) -> Node | None:
        left_out: set[int] = set()
        for _ in range(MANY):
            result = self._attempt(left_out)
            if not isinstance(result, _Mistake):
                return result
            empty = result.unexpected.kind == "_DEDENT" or result.unexpected.accepts == {"_INDENT"}
            if empty and self._children_left_out(result.line, left_out):
                left_out.update(self._with_children(result.line))
                broken.update(NAME.findall(_text(self.source, self.lines[result.line])))  # what it names is not missing
                if 0 in left_out:
                    return None
                continue
            mend = self._mend(result, left_out)
            problems.append(messages.unexpected(result.unexpected, mend))
            if mend is not None:
                self.mended[mend.span.start] = mend.text
                continue
            dropped = list(self._with_children(result.line))
            for index in dropped:
                text = _text(self.source, self.lines[index])
                broken.update(NAME.findall(text))
                heads = (cell.partition(" in ")[0] for cell in text.split("|")[1:])
                broken.update("_".join(head.split()) for head in heads)  # a name in two words
            left_out.update(dropped)
            if 0 in left_out:
                return None
        return None

    def _with_children(self, index: int) -> Iterator[int]:
        yield index
        for child in range(index + 1, len(self.lines)):
            if self.lines[child].indent <= self.lines[index].indent:
                return
            yield child

    def _children_left_out(self, index: int, left_out: set[int]) -> bool:
        """Whether a block is empty only because its lines, already reported, were left out."""
        return any(i in left_out for i in self._with_children(index) if i != index)

    def _mend(self, mistake: _Mistake, left_out: set[int]) -> Mend | None:
        """The near keyword that lets the line be read, if there is one."""
        for mend in messages.candidates(mistake.unexpected, keywords()):
            if mend.span.start in self.mended:
                continue
            self.mended[mend.span.start] = mend.text
            again = self._attempt(left_out)
            del self.mended[mend.span.start]
            if not isinstance(again, _Mistake) or again.line > mistake.line:
                return mend
        return None

    def _attempt(self, left_out: set[int]) -> Node | _Mistake | None:
        reader = parser().parse_interactive("", start=self.start)
        depths = [self.lines[0].indent]
        end = self.lines[0].start
        previous: int | None = None
        for index, line in enumerate(self.lines):
            if index in left_out:
                continue
            before = self._change(depths, line.indent, end)
            seen: list[Token] = []
            try:
                for token in before:
                    reader.feed_token(token)
                for token in tokens(self.source.text, line, lambda: _accepts(reader), self.mended, self.filled):
                    seen.append(token)
                    reader.feed_token(token)
                reader.feed_token(_mark("_NL", line.end))
            except UnexpectedToken as wrong:
                where = wrong.token if wrong.token.type not in ("_INDENT", "_DEDENT") else None
                unexpected = self._unexpected(wrong, where, line, seen)
                if unexpected.accepts == {"_INDENT"} and previous is not None:
                    return _Mistake(previous, evolve(unexpected, kind="_DEDENT"))
                return _Mistake(index, unexpected)
            previous = index
            end = line.end
        try:
            for token in self._change(depths, self.lines[0].indent, end):
                reader.feed_token(token)
            tree = reader.feed_token(Token("$END", "", start_pos=end, end_pos=end))
        except UnexpectedToken as wrong:
            last = max(i for i in range(len(self.lines)) if i not in left_out)
            return _Mistake(last, self._unexpected(wrong, None, self.lines[last], []))
        return self._node(tree)

    def _unexpected(self, wrong: UnexpectedToken, token: Token | None, line: Line, seen: list[Token]) -> Unexpected:
        span = (
            Span(self.source, *_place(token)) if token is not None else Span(self.source, line.start, line.end)
        )
        words = tuple((t.type, Span(self.source, *_place(t))) for t in seen)
        expected = frozenset(wrong.accepts or wrong.expected or ())
        return Unexpected(wrong.token.type, span, expected, words, _written())

    def _change(self, depths: list[int], indent: int, end: int) -> Iterable[Token]:
        if indent > depths[-1]:
            depths.append(indent)
            return [_mark("_INDENT", end)]
        marks = []
        while len(depths) > 1 and indent < depths[-1]:  # the first line of a file may stand deeper than the rest
            depths.pop()
            marks.append(_mark("_DEDENT", end))
        return marks

    def _node(self, tree: Tree[Token] | Token) -> Node:
        """Lark's tree as ours, from the leaves up: a long chain of `plus` must not exhaust the stack."""
        source, made = self.source, dict[int, Node]()
        if isinstance(tree, Token):
            return Node(tree.type, Span(source, *_place(tree)))
        order: list[Tree[Token]] = []
        todo = [tree]
        while todo:
            one = todo.pop()
            order.append(one)
            todo += [child for child in one.children if not isinstance(child, Token)]
        for one in reversed(order):
            meta = one.meta
            place = (0, 0) if meta.empty else (meta.start_pos, meta.end_pos)
            if self.filled and source.text[place[0] : place[1]] in self.filled:
                place = meta.line, meta.end_line  # all of it stands in a cell, see `_of_cell`
            parts = [
                Node(child.type, Span(source, *_place(child))) if isinstance(child, Token) else made[id(child)]
                for child in one.children
            ]
            made[id(one)] = Node(str(one.data), Span(source, *place), tuple(parts))
        return made[id(tree)]


Accepts = Callable[[], Mapping[str, object]]
"""Tells which terminals may come next, and some that a rule's end then refuses."""


def tokens(
    text: str, line: Line, accepts: Accepts, mended: Mapping[int, str] = {}, filled: Mapping[str, tuple[int, int]] = {}
) -> Iterator[Token]:
    """A line's words, each found by what may stand at its place.

    ``mended``: offset → the word read there instead; ``filled``: placeholder → where the words stand that it is for.
    """
    if line.quote:
        yield Token("QUOTE", "", start_pos=line.start, end_pos=line.end)
        return
    for start, end in line.pieces:
        at = start
        while at < end:
            if text[at] in BLANKS or text[at] in "\t\r":
                at += 1
                continue
            found = PLACEHOLDER.match(text, at, end) if filled else None
            if found and found.group() in filled:
                yield from _of_cell(text, found.span(), filled[found.group()], accepts, mended)
                at = found.end()
                continue
            token = _token(text, at, end, accepts(), mended)
            yield token
            at = token.end_pos or at + 1


def _of_cell(
    text: str, holder: tuple[int, int], cell: tuple[int, int], accepts: Accepts, mended: Mapping[int, str]
) -> Iterator[Token]:
    """The words of a cell, standing where the placeholder stands; their own places are where Lark keeps lines, so that
    it tells those of the trees that it makes of them."""
    line = Line(0, (cell,))
    for token in tokens(text, line, accepts, mended):
        own = {"line": token.start_pos, "end_line": token.end_pos}
        yield Token(token.type, "", start_pos=holder[0], end_pos=holder[1], **own)


def _place(token: Token) -> tuple[int, int]:
    """Where a token's words are written."""
    if token.line is not None and token.end_line is not None:
        return token.line, token.end_line
    return token.start_pos or 0, token.end_pos or 0


def written(terminal: str) -> str:
    """The keyword or sign that a terminal is; empty of names, numbers and the like."""
    return _written().get(terminal, "")


@cache
def _written() -> dict[str, str]:
    return {name: word for word, name in _terminals().keywords.items()}


def _accepts(reader: InteractiveParser) -> Mapping[str, object]:
    state = reader.parser_state
    found: Mapping[str, object] = state.parse_conf.parse_table.states[state.position]
    return found


def _token(text: str, at: int, end: int, accepts: Mapping[str, object], mended: Mapping[int, str]) -> Token:
    known = _terminals()
    char = text[at]
    if "CELL" in accepts and (cell := CELL.match(text, at, end)):
        return _found("CELL", at, at + len(cell.group().rstrip()))
    word = NAME.match(text, at, end)
    if word:
        return _word(mended.get(at, word.group()), text, at, word.end(), end, accepts)
    if char == "(" and "LABEL" in accepts:
        label = known.patterns["LABEL"].match(text, at, end)
        if label:
            return _found("LABEL", at, label.end())
    if char in known.keywords:
        return _found(known.keywords[char], at, at + 1)
    for kind in PLAIN:
        match = known.patterns[kind].match(text, at, end)
        if match:
            return _found(kind, at, match.end())
    return _found("_STRANGE", at, at + 1)


def _word(written: str, text: str, at: int, end: int, last: int, accepts: Mapping[str, object]) -> Token:
    """A word is a zone, a keyword, a unit … or a name: whichever may stand here; none goes on past ``last``."""
    known = _terminals()
    if "ZONE" in accepts:
        zone = known.patterns["ZONE"].match(text, at, last)
        if zone and (zone.end() > end or written == "UTC"):
            return _found("ZONE", at, zone.end())
    if written == "or" and "OR_NUMBER" in accepts and known.patterns["OR_NUMBER"].match(text, at):
        return _found("OR_NUMBER", at, end)
    keyword = known.keywords.get(written)
    if keyword in accepts:
        return _found(str(keyword), at, end)
    for kind in WORDS:
        if kind in accepts:
            match = known.patterns[kind].match(text, at, last)
            if match and match.end() >= end:
                return _found(kind, at, match.end())
    if "NAME" in accepts or keyword is None:
        return _found("NAME", at, end)
    return _found(keyword, at, end)


def _found(kind: str, start: int, end: int) -> Token:
    return Token(kind, "", start, None, None, None, None, end)  # by keywords it takes thrice as long


def _mark(kind: str, at: int) -> Token:
    return _found(kind, at, at)
