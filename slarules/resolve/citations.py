"""Quotations found in a contract's own words, and the ledger that accounts for each of its sentences.

A quotation is verified by exact match with white space folded, and by nothing else; a near match is only ever
shown as a suggestion. The ledger asks, word by word, which sentences of the contract the policy has quoted.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache

from attrs import frozen

from slarules.diagnostics import Diagnostic, error
from slarules.resolve.nearest import nearest_passage
from slarules.resolve.sentences import BLANK, WORD, fold, sentences
from slarules.source import Source, Span


@frozen
class Found:
    """What looking for a quotation gave: its places, or why it is refused. One of the two is empty."""

    spans: tuple[Span, ...] = ()
    """Where the quotation stands in the source, in order; several only under ``every occurrence of N``."""
    problems: tuple[Diagnostic, ...] = ()
    """E0401 not in the source, E0402 there more than once, E0403 the stated count is wrong."""


def find_quote(
    source: Source, quote: str, occurrence: tuple[int, int] | None = None, *,
    where: Span, all_of: int | None = None,
) -> Found:
    """Finds the words ``quote`` in ``source``.

    ``occurrence`` is ``(n, m)`` for ``occurrence n of m``, counted from 1 in reading order; ``all_of`` is m
    for ``every occurrence of m``; at most one of them is given. ``where`` is the quotation in the policy, which a
    problem points at. Words are not cut: ``authorized use`` is not found in ``unauthorized use``.
    """
    places = tuple(_places(source, quote))
    if not places:
        return Found(problems=(_absent(source, quote, where),))
    stated = all_of if all_of is not None else occurrence[1] if occurrence else None
    if stated is None and len(places) > 1:
        return Found(problems=(_ambiguous(places, where),))
    if stated is not None and stated != len(places):
        seen = f"{_times(len(places))} in `{source.name}`, not {_times(stated)}"
        message = f"the quotation stands {seen}: {_lines(places)}"
        return Found(problems=(error("E0403", where, message, _how_to_say(places), _related(places)),))
    if all_of is not None or occurrence is None:
        return Found(places)
    nth = occurrence[0]
    if not 1 <= nth <= len(places):
        message = f"there is no occurrence {nth} of {stated}: they are counted from 1 to {stated}"
        return Found(problems=(error("E0403", where, message, _how_to_say(places), _related(places)),))
    return Found((places[nth - 1],))


def _places(source: Source, quote: str, whole_words: bool = True) -> Iterator[Span]:
    """Every place of the quotation, overlapping ones too, since each could be the one that is meant."""
    words = fold(quote)
    if not words:
        return
    text, (folded, places) = source.text, _folded(source.text)
    at = folded.find(words)
    while at >= 0:
        start, end = places[at], places[at + len(words) - 1] + 1
        before, after = text[max(start - 1, 0) : start], text[end : end + 1]
        cut = (words[0].isalnum() and before.isalnum()) or (words[-1].isalnum() and after.isalnum())
        if not (whole_words and cut):
            yield Span(source, start, end)
        at = folded.find(words, at + 1)


@lru_cache(maxsize=8)
def _folded(text: str) -> tuple[str, list[int]]:
    """The text with each run of blanks as one, and where each of its characters stood."""
    places: list[int] = []
    end = 0
    for blanks in re.finditer(f"{BLANK}+", text):
        places += range(end, blanks.start() + 1)
        end = blanks.end()
    places += range(end, len(text))
    return re.sub(f"{BLANK}+", " ", text), places


def _absent(source: Source, quote: str, where: Span) -> Diagnostic:
    if not fold(quote):
        return error("E0401", where, "the quotation is empty", f"quote words of `{source.name}`")
    message = f"these words do not stand in `{source.name}`"
    cut = next(_places(source, quote, whole_words=False), None)
    if cut is not None:
        help = f"line {cut.line} has them inside a longer word: quote whole words"
        return error("E0401", where, message, help, [(cut, "part of a longer word")])
    near = nearest_passage(source, quote)
    if near is None:
        return error("E0401", where, message, "quote the source exactly; only white space may differ")
    passage, difference = near
    said = f"the nearest words, line {passage.line}: “{fold(passage.text)}”"
    if _apart(source, where):
        said = "each of its lines stands there by itself: with a blank line between them they are several quotations"
    return error("E0401", where, message, f"{said}{difference}", [(passage, "the nearest words")])


def _apart(source: Source, where: Span) -> bool:
    """Whether each line of a quotation of several lines stands in the source, though they do not follow each other."""
    lines = [line.strip().removeprefix(">") for line in where.text.split("\n")]
    return len(lines) > 1 and all(next(_places(source, line), None) is not None for line in lines)


def _ambiguous(places: Sequence[Span], where: Span) -> Diagnostic:
    message = f"the quotation stands {_times(len(places))} in `{places[0].source.name}`: {_lines(places)}"
    return error("E0402", where, message, _how_to_say(places), _related(places))


def _how_to_say(places: Sequence[Span]) -> str:
    if len(places) == 1:
        return "leave the occurrence out"
    many = len(places)
    return f"quote more words, or say which: `occurrence 1 of {many}` … , or `every occurrence of {many}`"


def _related(places: Sequence[Span]) -> list[tuple[Span, str]]:
    return [(place, f"occurrence {n} of {len(places)}") for n, place in enumerate(places, 1)]


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _lines(places: Sequence[Span]) -> str:
    """``line 3``, ``lines 3, 7 and 9``; each line once."""
    lines = list(dict.fromkeys(str(place.line) for place in places))
    return f"line {lines[0]}" if len(lines) == 1 else f"lines {', '.join(lines[:-1])} and {lines[-1]}"


class Status(Enum):
    """How a sentence of the contract is accounted for; the earlier is the stronger."""

    ENCODED = "encoded"
    INFORMATION = "information"
    NOT_ENCODED = "not encoded"
    MISSING = "missing"


@frozen
class Cited:
    """A passage of the contract that the policy quotes."""

    span: Span
    """The passage, in the contract's text."""
    kind: Status
    """What the policy does with it; never ``MISSING``."""
    by: str
    """The duty, calendar, remark … that quotes it, as the ledger names it."""
    idle: bool = False
    """Whether it is a question on which nothing hangs: what else quotes the words says what became of them."""


@frozen
class Row:
    """One sentence of the contract in the ledger."""

    span: Span
    """The sentence."""
    status: Status
    """The strongest kind that quotes it, but for idle ones; ``MISSING`` while a word of it is unquoted."""
    by: tuple[str, ...]
    """Who quotes words of it, in the policy's order, each once."""
    uncovered: str
    """The words that nobody quotes, `` … `` between passages; empty unless ``MISSING``."""


@frozen
class Ledger:
    """Every sentence of a contract and what became of it."""

    rows: tuple[Row, ...]
    """In the contract's order."""

    @property
    def counts(self) -> dict[Status, int]:
        """How many sentences have each status, zeros included."""
        return {status: sum(row.status is status for row in self.rows) for status in Status}

    @property
    def percent(self) -> float:
        """Share of sentences accounted for, 0 to 100, rounded down to a tenth: 100 means all of them."""
        if not self.rows:
            return 100.0
        return (len(self.rows) - self.counts[Status.MISSING]) * 1000 // len(self.rows) / 10


def coverage(source: Source, cited: Sequence[Cited]) -> Ledger:
    """The ledger of ``source``: a sentence is accounted for when each word of it lies in a cited passage."""
    rows = sentences(source)
    starts, ends = [row.start for row in rows], [row.end for row in rows]
    quoted = bytearray(len(source.text))
    citing: list[list[Cited]] = [[] for _ in rows]
    for cite in cited:
        start, end = cite.span.start, cite.span.end
        quoted[start:end] = b"\1" * (end - start)
        for n in range(bisect_right(ends, start), bisect_left(starts, end)):
            if WORD.search(source.text, max(start, starts[n]), min(end, ends[n])):
                citing[n].append(cite)
    return Ledger(tuple(_row(row, by, quoted) for row, by in zip(rows, citing, strict=True)))


def _row(sentence: Span, citing: Sequence[Cited], quoted: bytearray) -> Row:
    by = tuple(dict.fromkeys(cite.by for cite in citing))
    uncovered = _uncovered(sentence, quoted)
    if uncovered:
        return Row(sentence, Status.MISSING, by, uncovered)
    kinds = {cite.kind for cite in citing if not cite.idle} or {cite.kind for cite in citing}
    return Row(sentence, next(status for status in Status if status in kinds), by, "")


def _uncovered(sentence: Span, quoted: bytearray) -> str:
    """The words not quoted; neighbours stay together with what stands between them."""
    text = sentence.source.text
    passages: list[list[int]] = []
    joined = False
    for word in WORD.finditer(text, sentence.start, sentence.end):
        if all(quoted[word.start() : word.end()]):
            joined = False
            continue
        if joined:
            passages[-1][1] = word.end()
        else:
            passages.append([word.start(), word.end()])
        joined = True
    return " … ".join(fold(text[start:end]) for start, end in passages)
