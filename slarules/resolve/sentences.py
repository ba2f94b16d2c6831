"""A contract's text cut into its sentences, headings, bullets and table cells, by rules alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from slarules.source import Source, Span

BLANK = "[ \t\r\n\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
"""What counts as white space in a contract's text: the ASCII blanks, and those of print (wide, narrow, no-break)."""
WORD = re.compile(r"[^\W_]+")
"""A run of letters and digits."""
_BLANKS = re.compile(f"{BLANK}+")

_NEVER_LAST = frozenset({
    "i.e", "e.g", "cf", "vs", "viz", "tel", "fax", "art", "sec", "mr", "mrs", "ms", "dr", "st", "approx",
    "incl", "ext", "fig", "para",
})
"""Abbreviations after which a sentence goes on."""
_SELDOM_LAST = frozenset({
    "a.m", "p.m", "etc", "u.s", "u.k", "u.s.a", "inc", "ltd", "co", "corp", "llc",
})
"""Abbreviations that end a sentence only before a word that begins one."""
_BEGINNERS = frozenset({
    "A", "All", "An", "And", "Any", "As", "At", "Both", "But", "By", "Each", "Either", "For", "However",
    "If", "In", "It", "Neither", "No", "Nor", "Notwithstanding", "On", "Otherwise", "Such", "That", "The",
    "Their", "Then", "There", "These", "They", "This", "Those", "To", "Upon", "When", "Where", "While",
    "With", "Within",
})
"""Words that, written with a capital, begin a sentence rather than continue a name."""
_BULLETS = "•·◦▪●○■–—*-"
_NUMBER = r"\(?(?:[a-zA-Z]|[ivxIVX]+|\d+(?:\.\d+)*)[.)]"
_MARKER = re.compile(rf"{BLANK}*[{_BULLETS}]*{BLANK}*(?:{_NUMBER}{BLANK}+)?")
"""What may stand before the words of a list's line: a bullet, ``a.``, ``(b)``, ``2.``."""
_STOP = re.compile(rf"[.!?]+[\"'”’)\]]*(?={BLANK}+[\"'“‘(\[]*([^\W_]))")
"""A full stop with what follows it; the group is the first letter or digit after it."""
_UNFINISHED = re.compile(rf"[\w,’'”\")]{BLANK}*\Z")


def fold(text: str) -> str:
    """Each run of blanks, tabs, line ends and no-break spaces as one blank, and none at the ends."""
    return _BLANKS.sub(" ", text).strip(" ")


@lru_cache(maxsize=64)
def sentences(source: Source) -> tuple[Span, ...]:
    """The sentences of ``source`` in order; each letter and digit is in exactly one of them.

    A line is a unit of its own, since headings and cells carry no full stop; but a line that begins with a
    small letter goes on with an unfinished one before it.
    """
    return tuple(piece for start, end in _units(source) for piece in _split(source, start, end))


def _units(source: Source) -> Iterator[tuple[int, int]]:
    """Lines that hold a word, joined where a sentence was broken over several."""
    text = source.text
    ends = (*(start - 1 for start in source.line_starts[1:]), len(text))
    lines = [(a, b) for a, b in zip(source.line_starts, ends, strict=True) if WORD.search(text, a, b)]
    unit: tuple[int, int] | None = None
    for (start, end), (before, before_end) in zip(lines, [(0, 0), *lines], strict=False):
        if unit and _goes_on(text[before:before_end], text[start:end]):
            unit = (unit[0], end)
            continue
        if unit:
            yield unit
        unit = (start, end)
    if unit:
        yield unit


def _goes_on(before: str, line: str) -> bool:
    words = fold(line)
    marker = _MARKER.match(words)
    return words[0].islower() and not (marker and marker.end()) and bool(_UNFINISHED.search(before))


def _split(source: Source, start: int, end: int) -> Iterator[Span]:
    """The sentences of one unit; marks that stand alone are no sentence."""
    text = source.text
    marker = _MARKER.match(text, start, end)
    body = marker.end() if marker else start
    cuts = [stop.end() for stop in _STOP.finditer(text, body, end) if _ends(text, body, stop)]
    at = start
    for cut in [*cuts, end]:
        if WORD.search(text, at, cut):
            yield _trimmed(source, at, cut)
            at = cut


def _ends(text: str, body: int, stop: re.Match[str]) -> bool:
    """Whether the full stop ends a sentence, rather than an abbreviation, an initial or a number."""
    following = text[stop.start(1)]
    if not (following.isupper() or following.isdigit()):
        return False
    if text[stop.start()] != ".":
        return True
    word_before = fold(text[max(body, stop.start() - 20) : stop.start()]).rpartition(" ")[2]
    before = word_before.lstrip("\"'“‘([").lower()
    if before in ("no", "nos"):
        return not following.isdigit()
    if before in _NEVER_LAST:
        return False
    if before in _SELDOM_LAST or (len(before) == 1 and before.isalpha()):
        word = WORD.match(text, stop.start(1))
        return bool(word and word.group() in _BEGINNERS)
    return True


def _trimmed(source: Source, start: int, end: int) -> Span:
    """Without blanks at either end and bullets before it."""
    while source.text[start] in _BULLETS or _BLANKS.match(source.text, start):
        start += 1
    while _BLANKS.match(source.text, end - 1):
        end -= 1
    return Span(source, start, end)
