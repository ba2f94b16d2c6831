"""Links in the sentences of a rule to what they name: other rules, readings, calendars, what is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from slarules.documents.blocks import Link, Run, Words
from slarules.documents.summary.register import Entry, Register
from slarules.model.calendar import Combined, ListedHolidays
from slarules.model.contract import Terms
from slarules.model.expression import (
    AllowanceRef,
    AmountRef,
    FactRef,
    Happened,
    InCalendar,
    Includes,
    ReadingIs,
    RightHolds,
    StatusRef,
)
from slarules.model.limit import ByEndOf, Column, CountedIn, EachDay, Milestone, NextClose, NthClose, OnEach
from slarules.model.rules import Choice, Duty, EachTerm, OnEvent, OnOutcome, OnRemaining, OnState, Right, Table
from slarules.model.value import AsRead
from slarules.model.walk import inside
from slarules.wording.grammar import quoted, words
from slarules.wording.rules import Rule

_READING = r"(?:reading|read in|and in) "
"""What stands before the name of a reading."""
_COUNTS = r"(?:in|during|outside|within|of) "
"""What stands before the name of a calendar."""


def linked(sentences: Iterable[str], links: Mapping[str, str]) -> Iterator[Words]:
    """Sentences with links. ``links``: a pattern with one group, the words of a link → the anchor."""
    met: set[str] = set()
    for text in sentences:
        places: list[tuple[int, int, str]] = []
        for pattern, anchor in links.items():
            match = _compiled(pattern).search(text) if anchor not in met else None
            if match and not any(match.start(1) < end and start < match.end(1) for start, end, _ in places):
                met.add(anchor)
                places.append((match.start(1), match.end(1), anchor))
        yield _cut(text, sorted(places))


_compiled = lru_cache(maxsize=8192)(re.compile)


def _cut(text: str, places: list[tuple[int, int, str]]) -> Words:
    found: list[Run | Link] = []
    at = 0
    for start, end, anchor in places:
        if start > at:
            found.append(Run(text[at:start]))
        found.append(Link(text[start:end], anchor))
        at = end
    if at < len(text):
        found.append(Run(text[at:]))
    return tuple(found)


def targets(entry: Entry, found: Register) -> dict[str, str]:
    """What an entry names: a pattern of its words → the anchor of what they name.

    Names that stand for two things are left alone, but for readings, which are always called so.
    """
    named: dict[str, set[tuple[str, str]]] = {}
    links: dict[str, str] = {}
    plain: dict[str, str] = {}  # amounts stand without quotation marks; the longer of two that begin alike comes first
    names = dict.fromkeys(_names(entry.rule, found.terms(entry)))
    for sort, name in names:
        anchor = found.anchors.get((entry.versions[0], sort, name))
        if anchor is None or anchor == entry.anchor:
            continue
        if sort == "reading":
            links[f"{_READING}({re.escape(quoted(name))})"] = anchor
        elif sort in ("calendar", "holidays"):
            links[rf"{_COUNTS}({re.escape(words(name))})(?!\w)"] = anchor
        elif sort == "amount" and name.count("_") and words(name) not in words(entry.name):
            plain[rf"\bthe ({re.escape(words(name))})(?!\w)"] = anchor
        else:
            named.setdefault(quoted(name), set()).add((sort, anchor))
    options = {quoted(option) for reading in _readings(entry, found) for option in reading}
    facts = found.terms(entry).facts
    values = (facts[name].type.values for sort, name in names if sort == "fact" and name in facts)
    options |= {quoted(value) for some in values for value in some}
    for text, meant in named.items():
        if len(meant) == 1 and text not in options:
            links[f"(?<!reading )(?<!read in )(?<!and in )({re.escape(text)})"] = next(iter(meant))[1]
    return links | dict(sorted(plain.items(), key=lambda one: -len(one[0])))


def _readings(entry: Entry, found: Register) -> Iterator[tuple[str, ...]]:
    for name in entry.readings:
        known = found.contract.readings.get(name)
        if known is not None:
            yield (name, *(option.name for option in known.options))


def _names(rule: Rule, terms: Terms) -> Iterator[tuple[str, str]]:
    """(sort, name) of everything that a rule names."""
    for part in inside(rule):
        yield from _of(part)
    if isinstance(rule, Duty):
        breach = OnOutcome(rule.name, "breached")
        yield from (("duty", name) for name, other in terms.duties.items() if breach in other.triggers)
        yield from (("choice", name) for name, other in terms.choices.items() if breach in other.triggers)
    if isinstance(rule, Choice):
        yield from (("duty", duty) for _, duties in rule.options for duty in duties)
    if isinstance(rule, Duty) and rule.choice is not None:
        yield "choice", rule.choice


def _of(part: object) -> Iterator[tuple[str, str]]:
    match part:
        case AsRead(name) | ReadingIs(name):
            yield "reading", name
        case OnOutcome(name) | OnRemaining(name) | Milestone(name):
            yield "duty", name
        case OnState(name) | EachTerm(name) | StatusRef(name) | Includes(name):
            yield "status", name
        case FactRef(name) | OnEach(name):
            yield "fact", name
        case AllowanceRef(name):
            yield "allowance", name
        case AmountRef(name):
            yield "amount", name
        case RightHolds(name):
            yield "right", name
        case Column(name):
            yield "table", name
        case Happened(basis=str() as name):
            yield "calendar", name
        case CountedIn(name) | EachDay(name) | NextClose(name) | NthClose(name) | InCalendar(name):
            yield "calendar", name
        case ListedHolidays(name):
            yield "holidays", name
        case ByEndOf(name, close_in):
            yield "fact", name
            yield from [("calendar", close_in)] if close_in is not None else ()
        case Combined(_, calendars):
            yield from (("calendar", name) for name in calendars)
        case OnEvent(_, during, outside):
            yield from (("calendar", name) for name in (during, outside) if name is not None)
        case Duty(keeps=str() as name):
            yield "fact", name
        case Right(during=str() as name):
            yield "calendar", name
        case Table(bases=bases):
            yield from (("calendar", name) for name in bases if name is not None)
