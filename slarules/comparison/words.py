"""What each contract says of a matter, in a line; and a counterexample told in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve

from slarules.calendars import zones
from slarules.comparison.meaning import (
    LOOSER,
    NO_DIFFERENCE,
    NOT_COMPARABLE,
    NOT_TRIED,
    SAME,
    STRICTER,
    Deadlines,
    Row,
)
from slarules.comparison.occasions import rules_of
from slarules.comparison.sides import Side
from slarules.comparison.tickets import BROKEN, KEPT, MISSED, Outcome, Tried
from slarules.engine.folding import YES, folded
from slarules.engine.reasons.reason import WEEKDAYS
from slarules.model.event import Event, Raw
from slarules.model.expression import Literal, SeverityRef
from slarules.model.limit import Column, Counted, CountedIn, Every, Later, Sooner, Within
from slarules.model.rules import Duty, Prohibition, Right
from slarules.model.verdict import Verdict
from slarules.wording.duties import owes
from slarules.wording.grammar import counted, listed, words
from slarules.wording.limits import limit as by_when
from slarules.wording.rules import sentences
from slarules.wording.voice import Voice

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")
STATES = {"breached": "broken", "missed": "missed", "pending": "owed, not late", "suspended": "suspended",
          "ended": "ended unbroken", "could_not_arise": "not owed"}
"""A verdict's state → what a line says of it."""
NO_TIME = "nothing: the table promises no time"


def said(side: Side, sort: str, names: Iterable[str], level: str | None) -> str:
    """What a contract's rules ask, as one paragraph; a time of a table is that of the severity."""
    voice = Voice(side.terms, side.contract)
    told = []
    for rule in rules_of(side, sort, names):
        if isinstance(rule, Duty):
            limit = _at(rule.limit, side, level)
            told.append(f"{rule.bearer} promises {NO_TIME}" if limit is NO_TIME else owes(
                evolve(rule, limit=limit), voice, True))
        else:
            told.append(sentences(_plain(rule), side.terms, side.contract)[0].rstrip("."))
    return "; ".join(dict.fromkeys(told))


def in_short(side: Side, sort: str, names: Iterable[str], level: str | None) -> str:
    """The same in a few words: whether it is owed or aimed at, what is done, and by when."""
    voice = Voice(side.terms, side.contract)
    told = []
    for rule in rules_of(side, sort, names):
        if isinstance(rule, Duty):
            limit = _at(rule.limit, side, level)
            when = NO_TIME if limit is NO_TIME else "" if limit is None else by_when(limit, voice)
            act = f"see that {words(rule.keeps)} stays yes" if rule.keeps else words(rule.act)
            when = when or ("" if rule.keeps else "at some time")
            told.append(f"{'aims to' if rule.effort else 'must'} {act} {when}")
        else:
            told.append(f"{'must not' if isinstance(rule, Prohibition) else 'may'} {words(rule.act)}")
    return "; ".join(dict.fromkeys(one.rstrip() for one in told))


def _plain(rule: Prohibition | Right) -> Prohibition | Right:
    """The rule without what its readings have decided."""
    kept = tuple(tuple(simple for one in several if (simple := folded(one)) != YES)
                 for several in (rule.only_if, rule.whiles))
    return evolve(rule, only_if=kept[0], whiles=kept[1])


def _at(limit: Any, side: Side, level: str | None) -> Any:
    """The limit with the cell of its table in place of the column, where the severity alone decides the row."""
    if isinstance(limit, (Sooner, Later)):
        parts = tuple(_at(part, side, level) for part in limit.parts)
        return limit if NO_TIME in parts else evolve(limit, parts=parts)
    if not isinstance(limit, (Within, Every)) or not isinstance(limit.span, Column) or level is None:
        return limit
    table = side.terms.tables[limit.span.table]
    place = table.columns.index(limit.span.column)
    for cells, outputs in table.rows:
        values = cells[0].values
        fits = values is None or Literal(level) in values
        if len(cells) == 1 and isinstance(table.inputs[0], SeverityRef) and fits:
            return _filled(limit, outputs[place], table.bases[place])
    return limit


def _filled(limit: Any, cell: Any, head: str | None) -> Any:
    if cell is None:
        return NO_TIME
    basis = limit.basis or (CountedIn(head) if head else None)
    if isinstance(cell, Counted):
        return evolve(limit, span=cell.span, basis=basis or cell.basis)
    return evolve(limit, span=cell, basis=basis)


# ---- A counterexample in a line -------------------------------------------------------------------------------------


def instant(at: int, zone: str, since: int | None = None) -> str:
    """``Mon 2 March 2026, 09:00``; without the date where it is that of ``since``; of whole hours and minutes."""
    local = zones.moment(at, zones.zone(zone))
    clock = f"{local.hour:02d}:{local.minute:02d}" + (f":{local.second:02d}" if local.second else "")
    if since is not None and zones.local_date(since, zone) == local.date():
        return clock
    return f"{WEEKDAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}, {clock}"


def verdict_words(row: Row) -> str:
    """The verdict with what it rests on: of the second contract against the first, for whoever owes."""
    among = f" among {counted(row.tried, 'ticket')} tried"
    match row.verdict:
        case "same" if row.idle:
            return "owed under neither"
        case "same":
            return SAME
        case "stricter" | "looser":
            other = LOOSER if row.verdict == STRICTER else STRICTER
            rare = "; no difference in the ordinary course" if row.ordinary == NO_DIFFERENCE else ""
            return f"{row.verdict}; nothing {other} found{among}{rare}"
        case "not comparable":
            now = row.ordinary
            more = f"; {now} in the ordinary course" if now in (STRICTER, LOOSER) else (
                "; no difference in the ordinary course" if now == NO_DIFFERENCE else "")
            return f"{NOT_COMPARABLE}: each is stricter on some tickets{more}"
        case "no difference found":
            return f"{NO_DIFFERENCE}{among}, though they are written otherwise"
    return f"{NOT_TRIED}: no events were found that set them off"


def outcome_words(outcome: Outcome, zone: str, since: int | None) -> str:
    """What became of it, ``broken (due 10:00)``."""
    if outcome.rank is None:
        return "cannot be told"
    if outcome.rank in (BROKEN, MISSED):
        state = "breached" if outcome.rank == BROKEN else "missed"
        worst = next((v for v in outcome.verdicts if v.state == state), outcome.verdicts[0])
        word = STATES.get(worst.state, "not permitted")
        return word + _by(worst, zone, since)
    if not outcome.verdicts:
        return "not owed"
    last = [v for v in outcome.verdicts if v.state in KEPT or not outcome.kept][-1]
    word = "kept" if outcome.kept else STATES.get(last.state, words(last.state))
    return word + _by(last, zone, since)


def _by(verdict: Verdict, zone: str, since: int | None) -> str:
    """By when it was due; and of what follows from a breach, since when."""
    at_once = verdict.rule == "prohibition" or verdict.deadline == since  # broken by an act, not by time
    told = "" if verdict.deadline is None or at_once else f", due {instant(verdict.deadline, zone, since)}"
    if verdict.cause is None:
        return told
    return f"{told} (since “{words(verdict.cause.split('#')[0])}” failed {instant(verdict.triggered_at, zone, since)})"


def example_words(one: Tried, zone: str, called: tuple[str, str] = ("A", "B")) -> str:
    """A counterexample in one sentence: what happened, and what each contract makes of it; times are of ``zone``.

    ``called``: what the two contracts are called.
    """
    mine, its = ({e.id: e for e in log if e.subject == one.ticket.subject} for log in one.ticket.logs)
    told, since = [], None
    for event in sorted({**its, **mine}.values(), key=lambda event: event.at):
        twin = its.get(event.id) if event.id in mine else None
        facts = dict(event.facts) | {n: v for n, v in (twin.facts if twin is not None else {}).items()
                                     if n not in event.facts}
        by = f" by {event.actor}" if event.type == "severity_changed" and event.actor else ""
        told.append(f"{words(event.type)}{by} {instant(event.at, zone, since)}{_with(event, facts)}")
        since = event.at
    a, b = (outcome_words(outcome, zone, since) for outcome in one.outcomes)
    return f"{listed(told)}: {called[0]} {a}; {called[1]} {b}"


def _with(event: Event, facts: Mapping[str, Raw]) -> str:
    """The facts that matter, in brackets; the severity at first stands beside the ticket."""
    said = [_fact(name, value) for name, value in facts.items() if name != "severity" or event.type != "opened"]
    return f" ({', '.join(said)})" if said else ""


def _fact(name: str, value: object) -> str:
    if isinstance(value, bool):
        return words(name) if value else f"not {words(name)}"
    return f"{words(name)} {words(str(value))}"


def deadlines_words(found: Deadlines) -> str:
    """When it is due, over the hours of an ordinary week: how often earlier, later and at the same time."""
    every = found.earlier + found.later + found.alike + found.once
    told = [f"earlier in {found.earlier}" if found.earlier else "", f"later in {found.later}" if found.later else "",
            f"at the same time in {found.alike}" if found.alike else "",
            f"owed under one alone in {found.once}" if found.once else ""]
    return f"due {listed(one for one in told if one)} of the {every} hours of a week in which it may begin"


def shift_words(moved: tuple[int, ...]) -> str:
    """By how much deadlines move: the middle one, and in brackets the two ends; a plus is later."""
    if not moved:
        return ""
    least, middle, most = moved[0], moved[len(moved) // 2], moved[-1]
    if least == most:
        return _shift(least)
    return f"{_shift(middle)} ({_shift(least)} to {_shift(most)})"


def _shift(micros: int) -> str:
    if not micros:
        return "0"
    minutes, seconds = divmod(abs(micros) // 1_000_000, 60)
    sizes = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"), (seconds, "s"))
    told = " ".join(f"{many} {unit}" for many, unit in sizes if many) or "less than 1 s"
    return ("−" if micros < 0 else "+") + told
