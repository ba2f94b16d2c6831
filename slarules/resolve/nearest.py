"""The passage of a contract that a quotation was most likely meant to be, and where the two differ."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from heapq import nlargest

from slarules.resolve.sentences import BLANK, fold, sentences
from slarules.source import Source, Span

_TOKEN = re.compile(rf"(?:(?!{BLANK}).)+", re.DOTALL)
_BESIDE = 3
"""Units taken at once when the passage is made longer: a wrapped line that a page number stands in is three."""
_MOST = 24
"""How often it is made longer."""
_SAME = str.maketrans(dict.fromkeys("‘’‚‛´`′", "'") | dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‐‑‒–—―−", "-"))
"""Marks that look alike → the one on the keyboard."""


def nearest_passage(source: Source, quote: str) -> tuple[Span, str] | None:
    """The passage that shares most words with the quotation, and how the two first differ."""
    wanted = fold(quote).split(" ")
    many = len(sentences(Source("quotation", quote))) or 1
    rows = sentences(source)
    windows = [(at, at + many) for at in range(len(rows) - many + 1)] or ([(0, len(rows))] if rows else [])

    def span(window: tuple[int, int]) -> Span:
        return Span(source, rows[window[0]].start, rows[window[1] - 1].end)

    def few(window: tuple[int, int]) -> int:
        return len(set(wanted) & set(fold(span(window).text).split(" ")))

    def fit(window: tuple[int, int]) -> float:
        return _fit(span(window), wanted)

    best = max(nlargest(8, windows, key=few), key=fit, default=None)
    if best is None:
        return None
    for _ in range(_MOST):  # a sentence wrapped over several lines may stand in several units
        wider = [(max(best[0] - n, 0), best[1]) for n in range(1, _BESIDE + 1)]
        wider += [(best[0], min(best[1] + n, len(rows))) for n in range(1, _BESIDE + 1)]
        wider += [(best[0] + 1, best[1]), (best[0], best[1] - 1)] if best[1] - best[0] > 1 else []
        better = max(wider, key=fit)
        if fit(better) <= fit(best):
            break
        best = better
    steps = _steps(span(best), wanted)[1]
    if 2 * sum(b - a for tag, a, b, _, _ in steps if tag == "equal") < len(wanted):
        return None
    return _narrowed(span(best), wanted)


Steps = list[tuple[str, int, int, int, int]]


def _steps(window: Span, wanted: list[str]) -> tuple[list[tuple[int, int]], Steps]:
    """The window's words, and how they become the quotation's, without what the quotation leaves out at its ends."""
    tokens = [(window.start + m.start(), window.start + m.end()) for m in _TOKEN.finditer(window.text)]
    words = [window.source.text[start:end] for start, end in tokens]
    steps: Steps = list(SequenceMatcher(None, words, wanted, autojunk=False).get_opcodes())
    if steps and steps[0][0] == "delete":
        steps = steps[1:]
    if steps and steps[-1][0] == "delete":
        steps = steps[:-1]
    return tokens, steps


def _fit(window: Span, wanted: list[str]) -> float:
    """How much of the quotation and of the passage is the same, from 0 to 1."""
    _, steps = _steps(window, wanted)
    same = sum(b - a for tag, a, b, _, _ in steps if tag == "equal")
    passage = steps[-1][2] - steps[0][1] if steps else 0
    return 2 * same / (len(wanted) + passage)


def _narrowed(window: Span, wanted: list[str]) -> tuple[Span, str]:
    """The window without what the quotation leaves out at either end, and the first difference."""
    tokens, steps = _steps(window, wanted)
    words = [window.source.text[start:end] for start, end in tokens]
    passage = Span(window.source, tokens[steps[0][1]][0], tokens[steps[-1][2] - 1][1])
    for tag, a, b, c, d in steps:
        if tag != "equal":
            theirs, ours = " ".join(words[a:b]), " ".join(wanted[c:d])
            there = f"has `{theirs}`" if theirs else "has nothing"
            here = f"`{ours}`" if ours else "nothing"
            return passage, f"; the source {there} where the quotation has {here}{_alike(theirs, ours)}"
    return passage, ""


def _alike(theirs: str, ours: str) -> str:
    """What to do about words that look the same on paper: other marks, a ligature, a word broken at a line's end."""
    if not theirs or not ours:
        return ""
    begun = theirs[-1] in "-\u00ad‐" and ours.startswith(theirs[:-1])  # at the end of the passage
    if begun or re.sub(r"[-\u00ad‐] ", "", theirs) == re.sub(r"[-\u00ad‐] ", "", ours):
        return ". A word is broken there at the end of a line: quote it as the source has it"
    if _plain(theirs) != _plain(ours):
        return ""
    a, b = next((one, two) for one, two in zip(f"{theirs}\n", f"{ours}\n", strict=False) if one != two)
    unseen = [char for char in (a, b) if unicodedata.category(char) == "Cf"]
    there, here = (_sign(char) if not unseen or char in unseen else "nothing" for char in (a, b))
    return f". They look alike and are other signs ({there} there, {here} here): copy the words from the source"


def _plain(words: str) -> str:
    """The words as the eye takes them."""
    shown = "".join(char for char in words if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", shown.translate(_SAME))


def _sign(char: str) -> str:
    return f"U+{ord(char):04X}" if char != "\n" else "nothing"
