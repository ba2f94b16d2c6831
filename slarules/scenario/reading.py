"""Scenario blocks to scripts: every mistake in them is a diagnostic, and a mistaken one is not run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from attrs import evolve

from slarules.calendars import zones
from slarules.diagnostics import Diagnostic, did_you_mean, error, has_errors, in_order
from slarules.engine.adopt import decided
from slarules.model.calendar import Supplied, Window
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.scenario.expectations import read_expectation
from slarules.scenario.happenings import read_event
from slarules.scenario.moments import Teller, read_date, read_time
from slarules.scenario.script import Line, Script
from slarules.scenario.vocabulary import Vocabulary, unknown, vocabulary
from slarules.source import Span
from slarules.syntax.tree import Node


def read_all(contract: Contract, nodes: Iterable[Node]) -> tuple[tuple[Script, ...], tuple[Diagnostic, ...]]:
    """The scripts of ``scenario`` nodes, mistaken ones left out, and everything wrong with any of them."""
    names = vocabulary(contract)
    scripts: list[Script] = []
    problems: list[Diagnostic] = []
    for node in nodes:
        script, found = read_scenario(contract, names, node)
        problems += found
        if script is not None:
            scripts.append(script)
    return tuple(_told_apart(scripts)), in_order(problems)


def _told_apart(scripts: list[Script]) -> Iterator[Script]:
    """Rows of one table that their title does not tell apart are told apart by their words."""
    titles = Counter(script.title for script in scripts)
    for script in scripts:
        alike = script.example is not None and titles[script.title] > 1
        yield evolve(script, title=f"{script.title} ({script.example})") if alike else script


def read_scenario(
    contract: Contract, names: Vocabulary, node: Node
) -> tuple[Script | None, tuple[Diagnostic, ...]]:
    """The script of one ``scenario`` node. None with an error among the diagnostics: it cannot be run."""
    problems: list[Diagnostic] = []
    readings = _readings(node, names, problems)
    zone = _zone(contract, node, readings, problems)
    supplied = _supplied(node, names, problems)
    teller = Teller(zone or "UTC", problems)
    lines: list[Line] = []
    for part in node.parts:
        if part.kind.startswith("step"):
            line = _line(part, names, teller)
            if line is not None:
                lines.append(line)
    if not lines and not problems:
        problems.append(
            error(
                "E0815",
                node.span,
                "nothing happens in this scenario",
                "write a line: `2026-03-02 08:00  T1 opened by Customer`",
            )
        )
    _check_agreements([line.event for line in lines if line.event], lines, problems)
    if has_errors(problems) or zone is None:
        return None, tuple(problems)
    title, example, span = _told(node)
    return Script(title, span, zone, readings, supplied, tuple(lines), node.span, example), tuple(problems)


def _told(node: Node) -> tuple[str, str | None, Span]:
    """A scenario's title, what it is an example of, and its place; of one with examples, the row's."""
    title, row = node.one("STRING").text, node.first("row_of_examples")
    if row is None:
        return title, None, node.span
    pairs = [(head.text, cell.text) for head, cell in zip(row.parts[0].parts, row.parts[1].parts, strict=True)]
    words = ", ".join(f"{name} {value}" for name, value in pairs)
    filled = title
    for name, value in pairs:
        filled = filled.replace(f"<{name}>", value.strip('"“”'))
    return (filled if filled != title else f"{title} ({words})"), words, row.span


def _readings(node: Node, names: Vocabulary, problems: list[Diagnostic]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for line in node.all("scenario_reading"):
        reading, option = line.all("NAME")
        if reading.text not in names.readings:
            problems.append(unknown("E0808", reading, "reading", names.readings))
        elif option.text not in names.readings[reading.text]:
            options = names.readings[reading.text]
            told = did_you_mean(option.text, options) or "its options are " + ", ".join(f"`{o}`" for o in options)
            problems.append(
                error(
                    "E0808", option.span, f"the reading `{reading.text}` has no option `{option.text}`", told
                )
            )
        elif chosen.get(reading.text, option.text) != option.text:
            problems.append(
                error("E0808", line.span, f"`{reading.text}` is read in two ways here", "leave one out")
            )
        else:
            chosen[reading.text] = option.text
    return chosen


def _zone(contract: Contract, node: Node, readings: dict[str, str], problems: list[Diagnostic]) -> str | None:
    """The scenario's zone, else the contract's under the scenario's readings (R36)."""
    stated = node.first("ZONE")
    if stated is None:
        adopted = {name: reading.adopted for name, reading in contract.readings.items()} | readings
        zone = decided(contract.zone, adopted)
        if not isinstance(zone, str):
            problems.append(
                error(
                    "E0818",
                    node.one("STRING").span,
                    "neither the scenario nor the contract says its zone",
                    'write `scenario "…" in America/Denver`',
                )
            )
            return None
        return zone
    try:
        zones.zone(stated.text)
    except zones.UnknownZone:
        told = did_you_mean(stated.text, zones.names()) or "use an IANA name such as America/Denver, or UTC-07:00"
        problems.append(error("E0818", stated.span, f"there is no zone `{stated.text}`", told))
        return None
    return stated.text


def _supplied(node: Node, names: Vocabulary, problems: list[Diagnostic]) -> dict[str, Supplied]:
    given: dict[str, Supplied] = {}
    for line in node.all("scenario_supplied", "scenario_windows"):
        name = line.name
        kind = names.supplied.get(name.text)
        wanted = "holidays" if line.kind == "scenario_supplied" else "calendar"
        if kind is None:
            problems.append(unknown("E0809", name, "supplied list or calendar", names.supplied))
            continue
        if kind != wanted:
            form = (
                "`supplied X 2026-12-25 known until 2027-01-01`"
                if kind == "holidays"
                else ("`supplied X 2026-12-24 09:00 to 12:00`")
            )
            problems.append(
                error("E0809", line.span, f"`{name.text}` is a supplied {_KINDS[kind]}", f"write {form}")
            )
            continue
        given[name.text] = _list(line, problems) if kind == "holidays" else _windows(line, problems)
    return given


_KINDS = {"holidays": "list of dates", "calendar": "calendar"}


def _list(line: Node, problems: list[Diagnostic]) -> Supplied:
    dates = line.first("dates")
    days = [read_date(day, problems) for day in dates.all("DATE")] if dates else []
    until = read_date(line.one("DATE"), problems)
    return Supplied(tuple(day for day in days if day), known_until=until)


def _windows(line: Node, problems: list[Diagnostic]) -> Supplied:
    """A calendar's times date by date; it is known through the last one."""
    days: list[tuple[date, tuple[Window, ...]]] = []
    for part in line.all("windows_on"):
        day = read_date(part.one("DATE"), problems)
        windows = [_window(window, problems) for window in part.one("windows").parts]
        if day is not None:
            days.append((day, tuple(window for window in windows if window)))
    last = max((day for day, _ in days), default=None)
    after = date.fromordinal(last.toordinal() + 1) if last else None
    return Supplied(windows=tuple(days), known_until=after)


def _window(node: Node, problems: list[Diagnostic]) -> Window | None:
    opens, closes = (read_time(part, problems) for part in node.all("TIME"))
    if opens is None or closes is None:
        return None
    first, last = (((t.hour * 60 + t.minute) * 60 + t.second) * zones.SECOND for t in (opens, closes))
    return Window(first, last)


def _line(step: Node, names: Vocabulary, teller: Teller) -> Line | None:
    """One line of the timeline, or None where it cannot be told."""
    stamp = step.first("moment", "time_of_day", "offset")
    what = step.first("occurs", "expect", "expect_value", "expect_next_change")
    assert what is not None  # the grammar promises one
    at = teller.stamp(stamp) if stamp is not None else teller.at
    if at is None and stamp is None and not teller.problems:
        told = "an `expect` alone sees the instant of the line above"
        teller.problems.append(error("E0815", step.span, "there is nothing above for this to see", told))
    if what.kind == "occurs":
        event = read_event(what, at or 0, names, teller)
        _check_id(event, what.span, teller)
        teller.above.append(event)
        return None if at is None else Line(at, step.span, event, None, what)
    expected = read_expectation(what, names, teller)
    return None if expected is None or at is None else Line(at, step.span, None, expected, what)


def _check_id(event: Event, span: Span, teller: Teller) -> None:
    """A doubled id is a disputed event (R32), which a scenario may well try; but not across subjects."""
    if any(e.subject != event.subject and (e.source, e.id) == (event.source, event.id) for e in teller.above):
        teller.problems.append(
            error("E0814", span, f"the id `{event.id}` is another subject's already", "give it another id")
        )


def _check_agreements(events: list[Event], lines: list[Line], problems: list[Diagnostic]) -> None:
    """With several agreements each ticket must say under which it stands."""
    agreements = {e.subject for e in events if e.kind == "agreement"} | {
        e.agreement for e in events if e.agreement
    }
    if len(agreements) < 2:
        return
    placed = {e.subject for e in events if e.agreement} | agreements
    for line in lines:
        if line.event is not None and line.event.subject not in placed:
            placed.add(line.event.subject)
            several = ", ".join(f"`{name}`" for name in sorted(a for a in agreements if a))
            problems.append(
                error(
                    "E0820",
                    line.span,
                    f"`{line.event.subject}` does not say which agreement it stands under",
                    f"write `under` and one of {several}",
                )
            )
