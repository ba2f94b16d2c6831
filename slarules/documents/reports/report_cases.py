"""The worst cases, each told in full: its time drawn, the words of the contract, and how it came to be late."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from slarules.calendars import zones
from slarules.documents.blocks import Block, Figure, Item, Listing, Paragraph, Section, plain
from slarules.documents.moments import due, moment, span
from slarules.documents.reports.reported import Case, Report
from slarules.documents.reports.timelines import drawn
from slarules.documents.summary.statements import quotations
from slarules.engine.reasons.reason import Reason
from slarules.model.verdict import Verdict
from slarules.wording.grammar import words
from slarules.wording.values import day

INSTANT = re.compile(
    r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d{4}-\d\d-\d\d) (\d\d:\d\d(?::\d\d(?:\.\d+)?)?) \(([+-]\d\d:\d\d)\)", re.ASCII
)
"""An instant as an explanation tells it."""
APART = ("words", "rule", "plain", "reading")
"""What a reason tells that stands elsewhere: the words and the rule above it, the readings in the summary."""


def cases(report: Report) -> Section:
    """A section for each of the worst cases."""
    many = len(report.period.worst)
    shown = len(report.worst)
    said = f"{shown:,} of {many:,} not kept in time" if many > shown else f"All {many:,} not kept in time"
    says = f"{said}: promises before efforts, the latest first."
    if report.period.undone:
        says += " What ended without ever being done has no length of lateness and comes last of each kind."
    lead = Paragraph(plain(says))
    parts = tuple(_case(report, told, place) for place, told in enumerate(report.worst, 1))
    return Section("The worst cases", "worst", (lead,), parts)


def _case(report: Report, told: Case, place: int) -> Section:
    verdict = told.course.verdict
    level = f", severity {words(verdict.severity)}" if verdict.severity else ""
    title = f"{verdict.subject}: {words(verdict.duty)}{level}"
    return Section(title, f"case-{place}", tuple(_blocks(report, told)))


def _blocks(report: Report, told: Case) -> Iterator[Block]:
    verdict = told.course.verdict
    yield Paragraph(plain(_headline(verdict, report)))
    picture = drawn(told.course, report.zone, report.evaluation.as_of)
    if picture is not None:
        yield Figure(picture, f"The time of {verdict.subject}, {words(verdict.duty)}")
    said = [part.text for part in told.reason.parts if part.about == "plain"]
    for text in said:
        yield Paragraph(plain(text.removeprefix("in plain words: ")), "note")
    yield from quotations(verdict.citation.quotations)
    items = tuple(_item(part, report.zone) for part in told.reason.parts if part.about not in APART)
    if items:
        yield Listing(items)


def _item(reason: Reason, zone: str) -> Item:
    return Item(plain(_readable(reason.text, zone)), tuple(_item(part, zone) for part in reason.parts))


def _readable(text: str, zone: str) -> str:
    """Without the rules of judging that engineers look up and without backticks, dates as documents write them."""
    text = re.sub(r" \(R\d+(?:, R\d+)*\)", "", text).replace("`", "")
    return INSTANT.sub(lambda met: _instant(met, zone), text)


def _instant(met: re.Match[str], zone: str) -> str:
    """`Mon 3 March 2025, 14:12`; the offset stays where clocks there show the time twice."""
    weekday, clock, offset = met[1], met[3], met[4]
    local = datetime.fromisoformat(f"{met[2]} {clock[:5]}").replace(tzinfo=zones.zone(zone))
    twice = local.utcoffset() != local.replace(fold=1).utcoffset()
    return f"{weekday} {day(local.date())}, {clock}" + (f" ({offset})" if twice else "")


def _headline(verdict: Verdict, report: Report) -> str:
    by = "Not kept" if verdict.deadline is None else f"Due {due(verdict.deadline, report.zone)}"
    if verdict.performed_at is not None and verdict.late_by is not None:
        return f"{by}; done on {moment(verdict.performed_at, report.zone)}, {span(verdict.late_by)} late."
    if verdict.owed and verdict.deadline is not None:
        return f"{by}; not done yet, {span(report.evaluation.as_of - verdict.deadline)} late."
    return f"{by}; never done, and no longer owed."
