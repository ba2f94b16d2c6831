"""English as a careful person writes it: articles, plurals, lists, names turned to words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
_SILENT_H = ("hour", "honest", "honour", "heir")
_LIKE_YOU = ("user", "use", "unit", "union", "uniform", "unique", "one", "euro")


def words(name: str) -> str:
    """A name of the policy as words: `agreed_date` is "agreed date"; capitals stay."""
    return " ".join(part for part in name.split("_") if part) or name


def quoted(name: str) -> str:
    """A name of the policy as words, marked as a name: “daily report”."""
    return f"“{words(name)}”"


def article(noun: str) -> str:
    """The noun with `a` or `an`."""
    low = noun.lower()
    spoken_vowel = (low[:1] in "aeiou" and not low.startswith(_LIKE_YOU)) or low.startswith(_SILENT_H)
    return f"{'an' if spoken_vowel else 'a'} {noun}"


def counted(many: int | Decimal, unit: str) -> str:
    """A number with its unit: `1 hour`, `2 hours`."""
    return f"{many} {unit}" if many == 1 else f"{many} {unit}s"


def definite(noun: str) -> str:
    """`the fee`; what begins with its article already keeps it."""
    return noun if noun.startswith("the ") else f"the {noun}"


def listed(items: Iterable[str], joint: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    found = list(items)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} {joint} {found[-1]}"


def labelled(items: Sequence[str], joint: str, depth: int = 0) -> str:
    """`(a) one; (b) two; and (c) three`.

    Deeper lists are labelled i, ii, iii, then 1, 2, 3, then A, B, C, then I, II, III, and below that 1, 2, 3 again.
    """
    numbers = [str(n) for n in range(1, len(items) + 1)]
    lists: Sequence[Sequence[str]] = (LETTERS, ROMANS, numbers, LETTERS.upper(), [one.upper() for one in ROMANS])
    labels = lists[depth] if depth < len(lists) else numbers
    shown = [f"({labels[n] if n < len(labels) else n + 1}) {item}" for n, item in enumerate(items)]
    return "; ".join(shown[:-1]) + f"; {joint} {shown[-1]}" if len(shown) > 1 else "".join(shown)


def ordinal(n: int) -> str:
    """`third`; beyond ten `11th`, `12th`, `21st`."""
    if 1 <= n <= len(ORDINALS):
        return ORDINALS[n - 1]
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def finished(text: str) -> str:
    """The text as a sentence: a capital at its beginning and a full stop at its end; a quoted name stays as it is."""
    text = " ".join(text.split())
    ended = text if text.endswith((".", "?", "!")) else f"{text}."
    return capital(ended)
