"""How wide words are on paper, where long ones may break, and how wide the columns of a table become."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from fontTools.ttLib import TTFont

from slarules.documents.formats import fonts
from slarules.documents.formats.as_set import UNSEEN

ANY_OTHER = 1.0
"""How wide a character is taken to be that the font for words lacks, in ems."""
DOTS = 1.3
"""How wide a blank and three dots are, in ems."""
WIDEST = 2.2
"""No character is wider, in ems."""
BOLD = 1.15
"""How much wider bold words are."""
LONG = 20
"""Letters of a name or an address from which on it may break at its own marks."""
BROKEN = 14.0
"""A piece wider than this, in ems, is broken rather than let a table grow for it."""
_RUN = re.compile(r"\S+")
_JOINTS = re.compile(r"(?<=[^\W_])(?<=.{3})[_/.\-@:=&?,;]+(?=[^\W_]{2})")


@cache
def _advances() -> defaultdict[int, float]:
    """How wide each character of the font for words is, in ems."""
    with TTFont(fonts.folder() / "source-sans/ttf/SourceSans3-Regular.ttf", lazy=True) as font:
        em = font["head"].unitsPerEm
        glyphs = font["hmtx"].metrics
        made = defaultdict(lambda: ANY_OTHER, {n: glyphs[name][0] / em for n, name in font.getBestCmap().items()})
    made.update((ord(char), 0.0) for char in UNSEEN)
    return made


def width(text: str) -> float:
    """The text on one line, in ems of its size."""
    return sum(map(_advances().__getitem__, map(ord, text)))


def pieces(text: str, room: float) -> list[str]:
    """The text cut where its line may break beside its blanks, so that no piece is wider than ``room`` ems.

    Names and addresses break after their own marks; what has none breaks anywhere. A line break is a piece by itself,
    and a blank of no width is where a piece ends.
    """
    found: list[str] = []
    for number, line in enumerate(text.split("\n")):
        if number:
            found.append("\n")
        for part in line.split("\u200b"):
            at = 0
            for cut in _cuts(part, room):
                found.append(part[at:cut])
                at = cut
            found.append(part[at:])
    return [piece for piece in found if piece]


def _cuts(line: str, room: float) -> list[int]:
    cuts = []
    for run in _RUN.finditer(line):
        word = run.group()
        if len(word) < LONG and (len(word) * WIDEST <= room or width(word) <= room):
            continue
        joints = [joint.end() for joint in _JOINTS.finditer(word)]
        for start, end in zip([0, *joints], [*joints, len(word)], strict=True):
            if end < len(word):
                cuts.append(run.start() + end)
            if width(word[start:end]) > room:
                cuts.extend(run.start() + at for at in range(start + 1, end))
    return sorted(cuts)


def longest(text: str) -> float:
    """The widest piece of the text that is not to be broken, in ems."""
    runs = (run for piece in pieces(text, float("inf")) for run in _RUN.findall(piece))
    return min(BROKEN, max(map(width, runs), default=0.0))


def broadest(text: str) -> float:
    """The widest line of the text, in ems."""
    return max(map(width, text.split("\n")), default=0.0)


def columns(least: Sequence[float], wanted: Sequence[float], whole: float) -> list[float]:
    """So wide each column becomes, together no more than ``whole``: what it wants, and never less than its least.

    """
    if sum(wanted) <= whole:
        stretch = whole / sum(wanted) if sum(wanted) > whole * 0.7 else 1.0
        return [one * stretch for one in wanted]
    if sum(least) >= whole:
        return _narrowed(least, whole)
    over = [max(0.0, want - need) for want, need in zip(wanted, least, strict=True)]
    share = (whole - sum(least)) / (sum(over) or 1.0)
    return [need + more * share for need, more in zip(least, over, strict=True)]


def _narrowed(least: Sequence[float], whole: float) -> list[float]:
    """Columns that cannot all have their least: those that need little have it, the others share what is left."""
    made = list(least)
    left = whole
    for rank, n in enumerate(sorted(range(len(least)), key=lambda n: least[n])):
        made[n] = min(least[n], left / (len(least) - rank))
        left -= made[n]
    return made


def parted(parts: Sequence[int], least: Sequence[float], whole: float) -> list[float]:
    """Columns so wide as their parts of ``whole`` say; one whose words need more takes it from the others."""
    if sum(least) >= whole:
        return _narrowed(least, whole)
    fixed: dict[int, float] = {}
    while True:
        left = whole - sum(fixed.values())
        of = sum(part for n, part in enumerate(parts) if n not in fixed)
        made = [fixed.get(n, left * part / of if of else 0.0) for n, part in enumerate(parts)]
        tight = [n for n, one in enumerate(made) if n not in fixed and one < least[n]]
        if not tight:
            return made
        fixed.update((n, least[n]) for n in tight)


def shortened(text: str, room: float) -> str:
    """The text, or as much of it as fits into ``room`` ems with dots after it."""
    taken, left = 0, room
    for char in text:
        left -= width(char)
        if left < 0:
            break
        taken += 1
    if taken == len(text):
        return text
    while taken and width(text[:taken]) + DOTS > room:
        taken -= 1
    return text[:taken].rstrip() + " …"
