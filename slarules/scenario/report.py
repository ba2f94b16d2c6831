"""A failing scenario as a timeline: when, what happened, expected and seen side by side."""

from __future__ import annotations

from attrs import frozen

from slarules.calendars import zones
from slarules.model.event import Event
from slarules.scenario.judging import words_of
from slarules.scenario.run import Outcome, Step, teller
from slarules.source import Span


@frozen
class Row:
    """One line of a timeline, in words."""

    date: str
    """``Mon 2026-03-02``, empty where the row above has the same."""
    time: str
    """``08:00``."""
    happened: str
    """What happened; empty of a row that looks."""
    expected: str
    seen: str
    holds: bool | None
    """Whether it was seen as expected; None: nothing was expected."""
    span: Span
    """The line in its file."""


def timeline(outcome: Outcome) -> tuple[Row, ...]:
    """The rows of a scenario in its own order and zone."""
    rows: list[Row] = []
    tz = zones.zone(outcome.script.zone)
    previous = ""
    for step in outcome.steps:
        shown = zones.moment(step.line.at, tz).strftime("%Y-%m-%d")
        rows.append(_row(step, outcome.script.zone, "" if shown == previous else shown))
        previous = shown
    return tuple(rows)


def _row(step: Step, zone: str, day: str) -> Row:
    time = teller(zone, step.line.at)(step.line.at)
    happened = in_words(step.line.event, zone, step.line.at) if step.line.event else ""
    judged = step.judged
    return Row(
        day,
        time,
        happened,
        judged.expected if judged else "",
        judged.seen if judged else "",
        judged.holds if judged else None,
        step.line.span,
    )


def in_words(event: Event, zone: str, at: int) -> str:
    """An event as a scenario's line at ``at`` writes it: ``T1 opened by Customer, severity 1``."""
    words = f"{event.subject} {event.type}"
    facts = dict(event.facts)
    if event.target is not None:
        words += f" {event.target}"
    if "on" in facts:
        words += f" on {facts.pop('on')}"
    if event.actor is not None:
        words += f" by {event.actor}"
    if event.agreement is not None:
        words += f" under {event.agreement}"
    for name, value in facts.items():
        if isinstance(value, bool):
            words += f", {name}" if value else f", not {name}"
        elif name == "at" and isinstance(value, int):
            words += f", happened at {teller(zone, at)(value)}"
        else:
            words += f", {name} {words_of(value)}"
    tell = teller(zone, at)
    if event.at != at:
        words += f", happened at {tell(event.at)}"
    if event.recorded_at not in (None, at):
        words += f", recorded at {tell(event.recorded_at or 0)}"
    return words
