"""An agreement's life followed, event by event and beyond the last: its statuses side by side (R20)."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from attrs import evolve

from slarules.calendars import zones
from slarules.engine.actors import by_any
from slarules.engine.adopt import Adopted
from slarules.engine.agreements.agreement import FURTHER, Agreement, term_ends
from slarules.engine.agreements.allowances import Finds, drawn
from slarules.engine.agreements.people import People
from slarules.engine.agreements.stays import Change, Run, Stay, begins
from slarules.engine.expression import Truth3, all_hold, missing, shifted
from slarules.engine.history import Entry, SubjectHistory
from slarules.engine.in_force import terms_in_force, together, worded, wordings
from slarules.engine.plan import mentions, passing
from slarules.model.expression import Happened, InCalendar, Includes, RightHolds, StatusRef
from slarules.model.life import Status, Transition
from slarules.model.value import Civil, Unknown
from slarules.model.walk import inside

ALL = 1 << 30
"""As many as there are."""


def of_itself(agreement: Agreement) -> Callable[[Entry], Agreement]:
    """What an entry finds where only the agreement's own move its allowances."""

    def found(entry: Entry) -> Agreement:
        agreement.now, agreement.entry = entry.at, entry
        return agreement

    return found


def agreement_of(
    versions: Sequence[Adopted],
    history: SubjectHistory,
    others: Sequence[SubjectHistory],
    as_of: int,
    finds: Callable[[Agreement], Finds] = of_itself,
) -> Agreement:
    """The agreement's life up to ``as_of``, with the timed changes that follow if nothing more happens.

    ``versions`` are those of the contract's terms: each rule is worded as at the instant at hand (R27). ``finds`` tells
    as what the entries of ``others``, which stand under it, find their own subjects.
    """
    entries = tuple(e for e in history.entries if e.at <= as_of)
    agreement = Agreement(
        history.subject,
        versions[-1],
        evolve(history, entries=entries),  # a condition at a term's end, too, is asked what has happened by now (R2)
        together(versions),
        {name: calendar for version in versions for name, calendar in version.calendars.items()},
        finds,
        wordings(versions, lambda terms: terms.allowances),
        [(since, version) for version, (since, _) in zip(versions, terms_in_force(versions), strict=True)],
    )
    of_one_event = passing(versions[-1].terms)
    for entry in entries:
        for name, value in entry.facts.items():
            if name in of_one_event:
                continue
            times, values = agreement.facts.setdefault(name, ([], []))
            times.append(entry.at)
            values.append(value)
    roles = wordings(versions, lambda terms: terms.roles)
    for name, role in roles.items():
        agreement.people[name] = People.of(role, entries, len(roles) == 1, of_itself(agreement))
    everything = [e for other in others for e in other.entries if e.at <= as_of]
    statuses = wordings(versions, lambda terms: terms.statuses)
    agreement.runs = [Run(own, agreement.stays.setdefault(name, []), name) for name, own in statuses.items()]
    agreement.further = ALL if any(map(_turn_on_time, versions)) else FURTHER
    agreement.moving = everything
    agreement.ahead = _live(agreement, entries, as_of)
    next(agreement.ahead)
    agreement.moving = ()
    for name, allowance in agreement.allowances.items():
        agreement.levels[name] = drawn(agreement.finds(agreement), allowance, everything, term_ends(agreement))
    moved = [at for times, _, _ in agreement.levels.values() for at in times]
    agreement.turns = sorted({*(e.at for e in entries), *moved})
    agreement.now, agreement.entry = as_of, None
    return agreement


# ---- Statuses (R20) ---------------------------------------------------------------------------------------------


def _live(agreement: Agreement, entries: Sequence[Entry], as_of: int) -> Iterator[None]:
    """All statuses side by side, for one may hang on another; halts where each is looked up far enough (R17)."""
    place = 0
    while True:
        soonest: tuple[Run, Change] | None = None
        for run in agreement.runs:
            run.ended = run.ahead < agreement.further
            if run.ended and run.at_once <= run.most:  # not in a circle without time
                timed = _timed(agreement, run)
                run.ended = timed is None
                if timed is not None and (soonest is None or timed.at < soonest[1].at):
                    soonest = run, timed
        at = entries[place].at if place < len(entries) else None
        if soonest is not None and (at is None or soonest[1].at <= at):  # R1: timed changes come first
            run, change = soonest
            before = run.stays[-1]
            _enter(agreement, run, change)
            stands = (before.since, before.term_to) == (change.at, run.stays[-1].term_to)
            run.at_once = run.at_once + 1 if stands else 0
            run.ahead += change.at > as_of
        elif at is not None:
            for run in agreement.runs:
                run.at_once = 0
                found = _by_event(agreement, run, entries[place])
                if found is not None:
                    to, sure = found
                    wanted = sure.missing if isinstance(sure, Unknown) else frozenset()
                    change = Change(at, None if wanted else to, _runs_from(run, at), wanted, to if wanted else None)
                    _enter(agreement, run, change, by_event=True)
            place += 1
        else:
            yield


def _by_event(agreement: Agreement, run: Run, entry: Entry) -> tuple[str, Truth3] | None:
    """The state that an event leads to, or may lead to: unknown where a condition beside it is (R9)."""
    stays, states = run.stays, run.states(entry.at)
    if not stays:
        found = [(s.name, by_any(s.begins_when, entry)) for s in states.values()]
        return next(((name, by) for name, by in found if by is not False), None)
    if stays[-1].state is None:
        return None
    for transition in states[stays[-1].state].transitions:
        by = by_any(transition.patterns, entry)
        holds = by if by is False else _read(agreement, run, transition, entry.at, entry)
        if holds is not False:
            return transition.to, missing(by, holds) or True
    return None


def _read(agreement: Agreement, run: Run, transition: Transition, at: int, entry: Entry | None) -> Truth3:
    """Whether a transition's conditions hold; its `this term` is one of its own status."""
    agreement.now, agreement.entry, agreement.reading = at, entry, run.name
    holds = all_hold(transition.conditions)(agreement)
    agreement.reading = None
    return holds


@lru_cache(maxsize=256)
def _turn_on_time(version: Adopted) -> bool:
    """Whether a status of these terms may go otherwise in later terms, as ``_turns_on_time`` says."""
    return any(map(_turns_on_time, version.terms.statuses.values()))


def _turns_on_time(status: Status) -> bool:
    """Whether its later terms may go otherwise than its next ones though nothing happens."""
    conditions = [transition.conditions for state in status.states for transition in state.transitions]
    lately = any(isinstance(part, Happened) and part.within is not None for part in inside(tuple(conditions)))
    return lately or mentions(tuple(conditions), (StatusRef, Includes, InCalendar, RightHolds))


def _runs_from(run: Run, at: int) -> int:
    """From when a term runs that an event begins: from the event, or from the expiry of the term before."""
    expiry = run.stays[-1].term_to if run.stays else None
    return expiry if expiry is not None and worded(run.wordings, at).reinstated_from == "expiry" else at


def _timed(agreement: Agreement, run: Run) -> Change | None:
    """When the present state ends by time, and what follows, by the terms in force when it was entered (R27)."""
    if not run.stays or run.stays[-1].state is None:
        return None
    stay = run.stays[-1]
    found: list[Change] = []
    for transition in run.states(stay.since)[str(stay.state)].transitions:
        when = None
        if transition.at_end_of_term:
            when = stay.term_to
        elif transition.after is not None:
            when = _much_after(agreement, stay.since, transition.after)
        if when is None:  # not by time, or past the calendars
            continue
        agreement.ending = stay.term_from if transition.at_end_of_term else None
        holds = _read(agreement, run, transition, when - 1, None)
        agreement.ending = None
        if holds is True:
            found.append(Change(max(when, stay.since), transition.to, when))
        elif isinstance(holds, Unknown):
            found.append(Change(max(when, stay.since), None, when, holds.missing, transition.to))
    return min(found, key=lambda change: change.at, default=None)


def _enter(agreement: Agreement, run: Run, change: Change, by_event: bool = False) -> None:
    before = run.stays[-1] if run.stays else None
    term_from = before.term_from if before else None
    term_to = before.term_to if before else None
    lasts = run.states(change.at)[change.to].lasts if change.to is not None else None
    if isinstance(lasts, Civil):
        term_from, term_to = change.term_from, _much_after(agreement, change.term_from, lasts)
    perhaps = run.states(change.at)[change.perhaps].lasts if change.perhaps is not None else None
    stay = Stay(
        change.at, change.to, term_from, term_to, change.wanted, isinstance(lasts, Civil), by_event, change.perhaps,
        isinstance(perhaps, Civil) and change.term_from <= change.at,
    )  # fmt: skip
    run.stays.append(stay)
    if begins(stay) > stay.since:
        insort(agreement.renewed, begins(stay))


def _much_after(agreement: Agreement, start: int, much: Civil) -> int | None:
    """The first instant of the date that much after the starting date (R20); None: past the calendars."""
    zone = agreement.adopted.zone or "UTC"
    first: date = zones.local_date(start, zone)
    try:
        return zones.day_start(shifted(first, much, 1), zone)
    except zones.OutOfRange:
        return None
