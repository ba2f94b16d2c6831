"""What may come next at a place of a policy: which keywords, and a name of what."""

from __future__ import annotations

import re

from attrs import frozen

from slarules.source import Source
from slarules.syntax.layout import BLANKS, Line, before_comment, lay_out
from slarules.syntax.parse import parser, tokens, written
from slarules.syntax.states import Reader, Spot, spots

WORD = re.compile(r"[A-Za-z0-9_]*\Z")
ZONE = re.compile(r"[A-Z][A-Za-z_]+(?:/[A-Za-z0-9_+\-]*)+\Z")
"""A zone half typed, which is more than a word."""
MARGIN = re.compile(r"^(?!--|>)[^\s]", re.MULTILINE)
VERSION = "slarules 1"
ANY_WORD = "x"
JOINING = ("and", "or")
"""Words with which a line may begin that goes on with the one above."""
LONGEST_PHRASE = 8
"""Keywords that are offered as one phrase at most."""


@frozen
class Next:
    """What may come next."""

    start: int
    """Where the word at the place begins."""
    typed: str
    """As much of it as stands there."""
    phrases: tuple[str, ...]
    """Keywords; those that always come together are one phrase: ``counted in``."""
    spots: frozenset[Spot]
    """What a name would be the name of."""
    terminals: frozenset[str]
    """Other words that may come, by their terminal: ``DATE``, ``UNIT`` …"""
    before: tuple[tuple[str, str], ...]
    """The line's words so far, each with its terminal."""


def what_comes_next(source: Source, offset: int) -> Next | None:
    """What may stand at ``offset`` (in code points). None within a comment, a string or a quotation."""
    text = source.text[:offset]
    line_start = text.rfind("\n") + 1
    line = text[line_start:]
    if line.lstrip(BLANKS).startswith(">") or before_comment(line) < len(line) or _in_string(line):
        return None
    for begun in (WORD.search(text), ZONE.search(text)):
        found = _coming(source, text, begun.start(), line_start) if begun is not None else None
        if found is not None:
            return found
    return None


def _coming(source: Source, text: str, start: int, line_start: int) -> Next | None:
    """What may come where a word begins at ``start``, of a text up to the place."""
    begun = text[line_start:start]
    beginnings = _beginnings(text[:line_start]) if not begun else ()
    if beginnings == (VERSION,):
        return Next(start, text[start:], beginnings, frozenset(), frozenset(), ())
    block = _block_start(text, line_start) if begun else line_start
    kind = _start(source.text[block:] if block < start else "")
    here = _reader(text[block:start], ANY_WORD, kind)
    more = _reader(text[block:start], "and", kind) if begun and not begun.strip(BLANKS) else None
    if here is None and more is None:
        return None
    words = here[1] if here is not None else []
    accepted = _accepted(here[0]) if here is not None else []
    phrases = {_phrase(here[0], one) for one in accepted if written(one)[:1].isalpha()} if here is not None else set()
    if more is not None:
        phrases |= {written(one) for one in _accepted(more[0]) if written(one) in JOINING}
    named = here[0].fed("NAME") if here is not None and "NAME" in accepted else None
    others = frozenset(one for one in accepted if not written(one)) - {"NAME"}
    return Next(
        start, text[start:], (*beginnings, *sorted(phrases - set(beginnings))),
        frozenset(spots(named) if named else ()), others, tuple(words),
    )


def _accepted(reader: Reader) -> list[str]:
    return [kind for kind in reader.accepts if kind.isupper() and reader.fed(kind) is not None]


def _beginnings(above: str) -> tuple[str, ...]:
    """What a file begins with, as far as the lines above do not have it."""
    if not re.search(r"^slarules\b", above, re.MULTILINE):
        return (VERSION,)
    return () if re.search(r"^(contract|scenarios)\b", above, re.MULTILINE) else ("contract", "scenarios of")


def _in_string(line: str) -> bool:
    return line.count('"') % 2 == 1 or line.rfind("“") > line.rfind("”")


def _block_start(text: str, line_start: int) -> int:
    """Where the block at the left margin that holds the line begins."""
    if text[line_start:] and text[line_start] not in BLANKS + "\t":
        return line_start
    begins = [found.start() for found in MARGIN.finditer(text, 0, line_start)]
    return begins[-1] if begins else line_start


def _start(block: str) -> str:
    word = block.split(maxsplit=1)[:1]
    return {"contract": "contract", "scenarios": "scenarios_of"}.get(word[0] if word else "", "item")


# ---- Walking the parser's states --------------------------------------------------------------------------------


Words = list[tuple[str, str]]
"""The words of a line, each with its terminal."""


def _reader(before: str, word: str, start: str) -> tuple[Reader, Words] | None:
    """The reader where a text ends, and the words of the line there; None where that line cannot be read so far.

    ``word`` stands at the end for the one to come, so that layout tells which line it would be on. Lines above that
    cannot be read are passed over, with what is under them.
    """
    text = before + word
    conf = parser().parse_interactive("", start=start).parser_state.parse_conf
    reader = Reader(conf, [conf.start_state], [])
    depths = [0]
    passed: int | None = None
    lines = lay_out(Source("", text))[0].lines
    for line in lines[:-1]:
        if passed is not None and line.indent > passed:
            continue
        tried = _line(reader, text, line, list(depths), len(text))
        passed = None if tried is not None else line.indent
        if tried is not None:
            reader, depths = tried[0].fed("_NL") or reader, tried[1]
    if not lines or (passed is not None and lines[-1].indent > passed):
        return None
    tried = _line(reader, text, lines[-1], list(depths), len(before))
    return (tried[0], tried[2]) if tried is not None else None


def _line(
    reader: Reader, text: str, line: Line, depths: list[int], until: int
) -> tuple[Reader, list[int], Words] | None:
    """The reader after the words of a line that begin before ``until``; None where one of them cannot be read."""
    at = _indented(reader, depths, line.indent)
    if at is None:
        return None
    here = [at]
    words: Words = []
    for token in tokens(text, line, lambda: here[-1].accepts):
        start, end = token.start_pos or 0, token.end_pos or 0
        if start >= until:
            break
        after = here[-1].fed(token.type)
        if after is None or end > until:
            return None
        here.append(after)
        words.append((token.type, text[start:end]))
    return (here[-1], depths, words) if until < len(text) or here[-1].fed("_NL") is not None else None


def _indented(reader: Reader, depths: list[int], indent: int) -> Reader | None:
    """The reader at a line's indentation; ``depths`` is brought up to it."""
    at: Reader | None = reader
    if indent > depths[-1]:
        depths.append(indent)
        return reader.fed("_INDENT")
    while indent < depths[-1] and at is not None:
        depths.pop()
        at = at.fed("_DEDENT")
    return at


def _phrase(reader: Reader, kind: str) -> str:
    """The keyword with those that must follow it."""
    words = [written(kind)]
    at = reader.fed(kind)
    while at is not None and len(words) < LONGEST_PHRASE:
        choices = [k for k in at.accepts if k.isupper() and at.fed(k) is not None]
        if len(choices) != 1 or not written(choices[0])[:1].isalpha():
            break
        words.append(written(choices[0]))
        at = at.fed(choices[0])
    return " ".join(words)
