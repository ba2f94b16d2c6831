"""A case as a picture in the terminal: opening hours, each duty's clock with its pauses and deadline, events, now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slarules.calendars.calendar import Calendar
from slarules.engine.judging.case import Case as Inside
from slarules.engine.judging.clock import Counting, Several
from slarules.engine.judging.instance import Instance
from slarules.model.verdict import Verdict
from slarules.repl.answers import (
    BAD,
    DOUBT,
    FAINT,
    GOOD,
    NOW,
    PLAIN,
    RUNNING,
    STILL,
    STRONG,
    Line,
    Look,
    Part,
    line,
    remark,
)
from slarules.repl.arguments import Target
from slarules.repl.judging import (
    adopted,
    clock_words,
    contract_of,
    evaluated,
    insides,
    now_of,
    of_subject,
    short_teller,
    subjects_of,
    tell_of,
    zone_in,
)
from slarules.repl.moving import Done
from slarules.repl.picture import ASCII, HOUR, MINUTE, UNICODE, Row, Scale, Signs, heading
from slarules.repl.session import Session
from slarules.scenario.judging import Tell

LABEL, BESIDE = 18, 24
"""Cells of the names on the left and of the words on the right, at most."""
NARROW = 20
"""Cells of a picture at least."""
MANY = 6
"""Subjects that are drawn at once."""
MARKS = "123456789abcdefghijklmnopqrstuvwxyz"
FAR = 4
"""A deadline so many times further off than everything else is told beside the picture, not drawn."""


def timeline(session: Session, asked: Target | None, look: Look) -> Done:
    """``timeline``, ``timeline T1``, ``timeline T1.respond``."""
    known = subjects_of(session.case) if asked is None else (asked.subject,)
    parts: list[Part] = []
    for subject in known[-MANY:]:
        parts += _of_subject(session, subject, asked.rule if asked is not None else None, look)
    if len(known) > MANY:
        parts.append(line((f"  and {len(known) - MANY} subjects before these: `timeline NAME` draws one", FAINT)))
    return Done(session, tuple(parts) or remark("  nothing has happened yet"))


def _of_subject(session: Session, subject: str, rule: str | None, look: Look) -> Iterator[Line]:
    contract, case, now = contract_of(session), session.case, now_of(session.case)
    found = insides(contract, case, subject, now)
    tell, short = tell_of(session), short_teller(zone_in(session), now)
    if not found:
        yield line((subject, STRONG), ("  nothing has happened to it yet", FAINT))
        return
    verdicts = [v for v in of_subject(evaluated(contract, case), subject) if _is_drawn(v, rule)]
    instances = {i.label: i for inside in found for i in inside.instances}
    names = list(dict.fromkeys(v.duty for v in verdicts))
    calendars = list(dict.fromkeys(v.calendar for v in verdicts if v.calendar not in (None, "Always")))
    signs = ASCII if look.ascii else UNICODE
    label = min(LABEL, max(map(len, (*names, *calendars, "events"))))
    beside = BESIDE if look.width >= 72 else 0
    cells = max(NARROW, look.width - label - 3 - beside)
    scale = Scale(*_reach(found[-1], verdicts, now), cells, zone_in(session))
    before = " " * (label + 2)
    at = scale.cell(now)
    yield line((subject, STRONG), (f"  at {clock_words(now, zone_in(session))}", FAINT))
    yield from heading(scale, signs, before)
    compiled = adopted(contract, case)[-1].calendars
    for name in calendars:
        row = _calendar(compiled[str(name)], scale, signs)
        open_now = "open now" if compiled[str(name)].is_open(now) else "closed now"
        yield _drawn(str(name), label, row, at, signs, (open_now, FAINT), beside)
    for name in names:
        own = [v for v in verdicts if v.duty == name]
        row = Row(cells)
        for draw in (_clock, _marks):
            for verdict in own:
                draw(row, verdict, instances.get(verdict.label), scale, now, signs)
        yield _drawn(name, label, row, at, signs, _beside(own[-1], short), beside)
    yield from _events(found[-1], scale, at, label, signs, tell, look)


def _is_drawn(verdict: Verdict, rule: str | None) -> bool:
    """Whether it has something to draw: a clock, a deadline, or a violation."""
    if rule is not None:
        return verdict.duty == rule
    if verdict.rule in ("duty", "target"):
        dated = verdict.deadline is not None or verdict.allowed is not None or verdict.performed_at is not None
        return dated or verdict.state in ("suspended", "undetermined")
    return verdict.state in ("open", "lapsed") or (verdict.rule == "prohibition" and verdict.state == "breached")


def _reach(inside: Inside, verdicts: Sequence[Verdict], now: int) -> tuple[int, int]:
    """From when to when the picture reaches: everything so far, and deadlines that are not too far off."""
    instants = [e.at for e in inside.history.entries if e.at <= now]
    instants += [v.triggered_at for v in verdicts] + [v.performed_at for v in verdicts if v.performed_at is not None]
    begin, end = min((*instants, now)), max((*instants, now))
    due = sorted(v.deadline for v in verdicts if v.deadline is not None)
    near = next((d for d in due if d > end), None)
    if near is not None and (near - begin <= FAR * (end - begin) or end - begin < HOUR):
        end = near
    end = max([end, *(d for d in due if d - begin <= 2 * (end - begin))])
    pad = max((end - begin) // 24, MINUTE)
    return begin, end + pad


def _drawn(
    name: str, label: int, row: Row, at: int, signs: Signs, words: tuple[str, str], beside: int
) -> Line:
    shown = name if len(name) <= label else name[: label - 1] + ("…" if signs is UNICODE else "~")
    right = ((f" {words[0]}"[: beside + 1], words[1]),) if beside else ()
    return Line(((f"{shown:<{label}}  ", PLAIN), *row.words(at, signs), *right))


def _calendar(calendar: Calendar, scale: Scale, signs: Signs) -> Row:
    row = Row(scale.cells)
    for cell in range(scale.cells):
        begin, end = scale.bounds(cell)
        if calendar.consumed_between(begin, end) * 2 >= end - begin:
            row.put(cell, signs.open, FAINT)
    return row


def _clock(row: Row, verdict: Verdict, instance: Instance | None, scale: Scale, now: int, signs: Signs) -> None:
    """One instance on its duty's row: what has been counted, what is still to come, its marks."""
    begin, due, done = _times(verdict, instance)
    last = done if done is not None else max(now, due) if due is not None else now
    for cell in range(max(0, scale.cell(begin)), min(scale.cells - 1, scale.cell(last)) + 1):
        a, b = scale.bounds(cell)
        a, b = max(a, begin), max(min(b, last), a + 1)
        over = due is not None and a >= due and verdict.state in ("breached", "missed")
        counts = instance is None or _counts(instance, a, b)
        style = BAD if over else RUNNING if a < now and counts else FAINT
        row.put(cell, signs.over if over else signs.runs if counts else signs.stands, style)


def _times(verdict: Verdict, instance: Instance | None) -> tuple[int, int | None, int | None]:
    """When it began, when it is due, and when it was done or ended."""
    begin = instance.start if instance is not None else verdict.triggered_at
    due = verdict.deadline if instance is None or instance.due is None else instance.due
    done = verdict.performed_at if verdict.performed_at is not None else instance.ceased_at if instance else None
    return begin, due, done


def _counts(instance: Instance, begin: int, end: int) -> bool:
    """Whether any of the stretch is counted by its clock."""
    clock = instance.clock
    if isinstance(clock, Several) and clock.clocks:
        clock = clock.governing()
    if not isinstance(clock, Counting):
        return not any(since < end and (until is None or until > begin) for since, until, _ in instance.pauses)
    stretches = [*clock.segments, *([(clock.since, end)] if clock.since is not None else [])]
    return any(clock.measure(max(a, begin), min(b, end)) > 0 for a, b in stretches if a < end and b > begin)


def _marks(row: Row, verdict: Verdict, instance: Instance | None, scale: Scale, now: int, signs: Signs) -> None:
    """Where it began, was due, and was done; a breach is never covered by what begins then."""
    begin, due, done = _times(verdict, instance)
    broken = verdict.state in ("breached", "missed")
    if row.signs.get(scale.cell(begin), ("", ""))[0] not in (signs.missed, signs.done):
        row.put(scale.cell(begin), signs.begins, PLAIN)
    if due is not None:
        row.put(scale.cell(due), signs.missed if broken else signs.due, BAD if broken else PLAIN)
        if scale.cell(due) >= scale.cells:
            row.put(scale.cells - 1, signs.beyond, FAINT)
    if done is not None:
        kept = verdict.performed_at is not None
        style = FAINT if not kept else DOUBT if broken else GOOD
        row.put(scale.cell(done), signs.done if kept else signs.ends, style)


def _beside(verdict: Verdict, tell: Tell) -> tuple[str, str]:
    """A few words on a duty's latest instance."""
    state = verdict.state.replace("_", " ")
    match verdict.state:
        case "pending" if verdict.deadline is not None:
            return f"due {tell(verdict.deadline)}", RUNNING
        case "met" | "reached":
            return f"{state} {tell(verdict.performed_at or verdict.triggered_at)}", GOOD
        case "breached" | "missed":
            return f"{state} {tell(verdict.deadline)}" if verdict.deadline is not None else state, BAD
        case "suspended":
            return state, STILL
        case "undetermined":
            return state, DOUBT
        case _:
            return state, FAINT


def _events(
    inside: Inside, scale: Scale, at: int, label: int, signs: Signs, tell: Tell, look: Look
) -> Iterator[Line]:
    """The events on a row of their own, numbered, and what the numbers stand for."""
    entries = [e for e in inside.history.entries if e.at <= inside.now]
    shown = entries[-len(MARKS) :]
    row = Row(scale.cells)
    legend: list[str] = []
    for mark, entry in zip(MARKS, shown, strict=False):
        row.put_beside(min(scale.cell(entry.at), scale.cells - 1), mark, STRONG)
        by = f" by {entry.actor}" if entry.actor else ""
        on = f" on {entry.facts['on']}" if entry.type == "waiting" and "on" in entry.facts else ""
        legend.append(f"{mark} {tell(entry.at)} {entry.type}{on}{by}")
    yield Line(((f"{'events':<{label}}  ", PLAIN), *row.words(at, signs)))
    foot = Row(scale.cells)
    for offset, char in enumerate("now"):
        foot.put(min(max(0, at - 1), scale.cells - 3) + offset, char, NOW)
    yield Line(((" " * (label + 2), PLAIN), *foot.words(-1, signs)))
    left_out = len(entries) - len(shown)
    if left_out:
        yield line((f"  {left_out} events before these", FAINT))
    yield from _columns(legend, look.width)


def _columns(words: Sequence[str], width: int) -> Iterator[Line]:
    """Short words side by side."""
    wide = max(map(len, words), default=0) + 2
    beside = max(1, (width - 2) // max(1, wide))
    for first in range(0, len(words), beside):
        cells = "".join(f"{one:<{wide}}" for one in words[first : first + beside])
        yield line((f"  {cells.rstrip()}", FAINT))
