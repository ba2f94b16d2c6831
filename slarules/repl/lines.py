"""Lines in a scenario's words, read one at a time beside a case: what happened, what is expected, what is assumed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import field, frozen

from slarules.calendars import zones
from slarules.diagnostics import Diagnostic, error, has_errors
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.repl.judging import zone_of
from slarules.repl.session import Case, Entry
from slarules.repl.spelling import Frame, at_home, framed, read_block
from slarules.scenario.expectations import read_expectation
from slarules.scenario.happenings import read_event
from slarules.scenario.moments import Teller
from slarules.scenario.reading import read_scenario
from slarules.scenario.vocabulary import Vocabulary
from slarules.source import Span
from slarules.syntax.tree import Node

HEAD = re.compile(r"(?:reading|supplied)\s")
"""Lines that say what is assumed."""
STAMPED = re.compile(r"\d|as\s+of\s|expect\b")
"""Lines that say when they stand, or need not: an expectation alone looks at the clock's instant."""
NOW = "00:00  "
"""Stands before a line without a time, for the grammar; the line happens at the clock's instant."""

Problems = tuple[Diagnostic, ...]


@frozen
class Told:
    """What some lines say."""

    entries: tuple[Entry, ...] = ()
    readings: Mapping[str, str] = field(factory=dict)
    supplied: Mapping[str, Supplied] = field(factory=dict)
    warnings: Problems = ()


def read_told(text: str, contract: Contract, names: Vocabulary, case: Case) -> Told | Problems:
    """What the line ``text`` says, told after the case's own; or everything wrong with it.

    It may go on over several rows, as a line of a scenario may.
    """
    if HEAD.match(text):
        return _assumed(text, contract, names)
    stamped = STAMPED.match(text) is not None
    if not stamped and case.now is None:
        written = framed("", "", text).written
        return (unset(Span(written, 0, len(text))),)
    frame = framed('scenario "-"\n', "  " if stamped else f"  {NOW}", text)
    block, problems = read_block(frame)
    if block is None:
        return at_home(frame, problems)
    teller = _teller(zone_of(contract, case), case)
    entries = []
    for number, step in enumerate(block.parts[1:]):
        entry = _entry(step, names, teller, case.now if number == 0 and not stamped else None)
        if entry is not None:
            entries.append(entry)
    found = (*problems, *teller.problems, *_placed(case, entries, frame, block))
    if has_errors(found):
        return at_home(frame, found)
    return Told(tuple(entries), warnings=at_home(frame, found))


def unset(span: Span) -> Diagnostic:
    """The clock has not been set, and this needs it."""
    told = "say when: `2026-03-02 08:00  T1 opened by Customer`, or set the clock first: `at 2026-03-02 08:00`"
    return error("E0903", span, "the clock is not set yet", told)


def _teller(zone: str, case: Case) -> Teller:
    date = zones.local_date(case.now, zone) if case.now is not None else None
    return Teller(zone, [], date, case.now, list(case.events))


def _entry(step: Node, names: Vocabulary, teller: Teller, at: int | None) -> Entry | None:
    """One line; ``at`` is the clock's instant where the line has none of its own."""
    stamp = step.first("moment", "time_of_day", "offset")
    what = step.first("occurs", "expect", "expect_value", "expect_next_change")
    if what is None:
        told = "say it by itself"
        teller.problems.append(error("E0902", step.span, "this says what is assumed, not what happens", told))
        return None
    if at is None:
        at = teller.stamp(stamp) if stamp is not None else teller.at
    if at is None and stamp is None:
        teller.problems.append(unset(step.span))
    if what.kind == "occurs":
        event = read_event(what, at or 0, names, teller)
        _check_id(event, what.span, teller)
        teller.above.append(event)
        return None if at is None else Entry(at, event)
    expected = read_expectation(what, names, teller)
    return None if expected is None or at is None else Entry(at, expected=expected)


def _check_id(event: Event, span: Span, teller: Teller) -> None:
    """An id names one event of one subject."""
    if any(e.subject != event.subject and (e.source, e.id) == (event.source, event.id) for e in teller.above):
        told = "give it another id"
        teller.problems.append(error("E0814", span, f"the id `{event.id}` is another subject's already", told))


def _placed(case: Case, entries: list[Entry], frame: Frame, block: Node) -> list[Diagnostic]:
    """With several agreements each new subject must say under which it stands."""
    events = [*case.events, *(entry.event for entry in entries if entry.event is not None)]
    agreements = {e.subject for e in events if e.kind == "agreement"} | {e.agreement for e in events if e.agreement}
    if len(agreements) < 2:
        return []
    placed = {e.subject for e in events if e.agreement} | agreements
    loose = sorted({e.event.subject for e in entries if e.event is not None} - placed)
    several = ", ".join(f"`{name}`" for name in sorted(a for a in agreements if a))
    return [
        error(
            "E0820",
            Span(frame.source, block.parts[1].span.start, block.span.end),
            f"`{name}` does not say which agreement it stands under",
            f"write `under` and one of {several}",
        )
        for name in loose
    ]


def _assumed(text: str, contract: Contract, names: Vocabulary) -> Told | Problems:
    """A line of a scenario's head: `reading NAME is OPTION`, `supplied LIST … known until DATE`."""
    frame = framed('scenario "-" in UTC\n  2026-01-01 00:00  X1 recorded\n', "  ", text)
    block, problems = read_block(frame)
    if block is None:
        return at_home(frame, problems)
    script, found = read_scenario(contract, names, block)
    problems = (*problems, *found)
    if script is None:
        return at_home(frame, problems)
    return Told((), script.readings, script.supplied, at_home(frame, problems))
