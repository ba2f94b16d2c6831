"""A story with real dates for each duty and target, found by trying: what leads to it, how it is kept, broken, paused.

Everything in it was judged by the engine; nothing is computed beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from attrs import evolve, frozen

from slarules.calendars import zones
from slarules.documents.examples.apart import sparse
from slarules.engine.adopt import Adopted, adopt
from slarules.engine.evaluate import agreements_of, judged
from slarules.engine.history import settle
from slarules.engine.plan import term_of
from slarules.engine.reasons.stretches import Stretch, stretches
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.expression import Pattern
from slarules.model.limit import ByEndOf, OnEach, Within
from slarules.model.rules import Duty
from slarules.model.value import HOUR, MINUTE
from slarules.model.verdict import Verdict
from slarules.model.walk import inside
from slarules.proposing.deeds import usual
from slarules.proposing.playing import Deed, Played, did, owed, play
from slarules.proposing.plots import failing, performing, plot_for
from slarules.proposing.setting import AGREEMENT, Setting, settings

DAY = 24 * HOUR
KEPT, BROKEN, UNDONE, PAUSED, ENDED = "kept", "broken", "undone", "paused", "ended"
DONE = ("met", "reached")
LATE = ("breached", "missed")
OVER_A_WEEKEND = ((11, 16, 30), (11, 22, 30), (12, 10, 0), (8, 10, 0))
"""Days after the first Monday, and times of that day: first a Friday afternoon, so that time runs over a weekend; late
that evening and on the Saturday, for what begins only while it is closed; last a Tuesday morning."""
BEFORE_A_DATE = ((8, 10, 0),)
"""For what is due on a date that is recorded: the Tuesday before the date that `proposing` takes."""
ON_A_TUESDAY = ((15, 10, 0),)
"""For what has no deadline, or is due at once: no weekend shows anything of it; such dates have passed by then."""


@frozen
class Ending:
    """One way in which a story goes on, and what the engine says of it."""

    how: str
    """``kept``, ``broken`` (done too late, or against it), ``undone`` (never done), ``paused`` or ``ended``."""
    events: tuple[Event, ...]
    """The whole story up to there."""
    as_of: int
    """When it is judged, in microseconds UTC."""
    verdict: Verdict
    """What becomes of the instance that the story is about."""
    following: tuple[Verdict, ...] = ()
    """What comes to be then: consequences, and the next of a recurring duty."""
    clock: tuple[Stretch, ...] = ()
    """Of ``paused``: what its clock does up to the deadline."""


@frozen
class Story:
    """An instance of a duty that is under way, and ways in which it goes on."""

    duty: Duty
    """The duty, as it stands under the readings of the story."""
    adopted: Adopted
    """The terms under the readings of the story."""
    readings: Mapping[str, str]
    """Readings that differ from those that the contract adopts; none: it arises under those."""
    supplied: Mapping[str, Supplied]
    """What parties are taken to have supplied."""
    events: tuple[Event, ...]
    """What leads to it."""
    at: int
    """When it is there, in microseconds UTC."""
    verdict: Verdict
    """The instance then."""
    clock: tuple[Stretch, ...] = ()
    """What its clock does up to the deadline; none: it counts no time."""
    endings: tuple[Ending, ...] = ()
    """Ways in which it goes on."""
    levels: tuple[tuple[str, int | None], ...] = ()
    """The deadline at each other severity; None: none is owed then."""
    before: tuple[tuple[int, Verdict], ...] = ()
    """What led to it besides events: when, and the duty whose outcome or the choice whose opening it was."""
    term_ends: int | None = None
    """The first instant after the agreement's term; None: it has no term."""


@frozen
class Untold:
    """A duty of which no story was found."""

    duty: Duty
    """The duty, as the contract states it."""
    reason: str
    """Why, as the rest of a sentence that begins with what was looked for."""


def stories(contract: Contract) -> Iterator[Story | Untold]:
    """One story for each duty and target, in the contract's order; of one that was amended, in its last version."""
    for name in dict.fromkeys(name for terms in contract.versions for name in terms.duties):
        version = max(n for n, terms in enumerate(contract.versions) if name in terms.duties)
        yield _of_duty(contract, version, contract.versions[version].duties[name])


def _of_duty(contract: Contract, version: int, duty: Duty) -> Story | Untold:
    tried = 0
    for setting in settings(sparse(contract, duty.name), version, duty.name):
        found = plot_for(setting, duty.name)
        tried = setting.tried[0]
        if found is not None:
            return _told(setting, _placed(setting, found))
    if not tried:
        return Untold(duty, "no facts were found under which its conditions hold, under any of its readings")
    return Untold(duty, f"it comes to be in none of the courses of events that were tried ({tried})")


# ---- When it happens ------------------------------------------------------------------------------------------


def _placed(setting: Setting, found: Played) -> Played:
    """The same plot at a time that shows more: the agreement begun well before, the rest over a weekend."""
    limit = setting.terms.duties[found.plot.rule].limit
    on_a_date = any(isinstance(part, (ByEndOf, OnEach)) for part in inside(limit))
    counts = found.due is not None and found.due > found.at
    beginnings = BEFORE_A_DATE if on_a_date else OVER_A_WEEKEND if counts else ON_A_TUESDAY
    zone = _zone_of(setting, found)
    begun = _at(setting.monday, (0, 9, 0), zone)
    for days, hour, minute in beginnings:
        again = _played_at(found, begun, _at(setting.monday, (days, hour, minute), zone))
        if again is not None and _alike(again.verdict, found.verdict):
            return again
    return found


def _zone_of(setting: Setting, found: Played) -> str:
    calendar = setting.adopted.calendars.get(found.verdict.calendar or "")
    return calendar.zone if calendar is not None and found.verdict.calendar != "Always" else setting.zone


def _at(monday: date, moment: tuple[int, int, int], zone: str) -> int:
    days, hour, minute = moment
    return zones.instant(datetime.combine(monday + timedelta(days=days), time(hour, minute)), zone, 0)


def _played_at(found: Played, begun: int, at: int) -> Played | None:
    """The plot with its agreement begun at ``begun`` and what happens next at ``at``; None where that leads nowhere."""
    steps = found.plot.steps
    apart = 0
    while apart < len(steps) and isinstance(step := steps[apart], Deed) and step.subject == AGREEMENT:
        apart += 1
    if found.plot.kind == "agreement":
        apart = min(apart, 1) if len(steps) > 1 else 0
    if apart == 0:
        return play(found.plot, at)
    if apart == len(steps) or not isinstance(steps[apart], Deed):
        return None
    own = [step for step in steps[:apart] if isinstance(step, Deed)]
    before = [evolve(deed, after=deed.after or (HOUR if n else 0)) for n, deed in enumerate(own)]
    first = steps[apart]
    assert isinstance(first, Deed)
    gap = at - begun - sum(deed.after for deed in before)
    return play(evolve(found.plot, steps=(*before, evolve(first, after=gap), *steps[apart + 1 :])), begun)


def _alike(one: Verdict, other: Verdict) -> bool:
    """Whether the other time tells the same story: under way, due or not, at the same severity."""
    known = (one.deadline is None) == (other.deadline is None)
    return one.state == other.state and known and one.severity == other.severity and one.allowed == other.allowed


# ---- How it goes on -------------------------------------------------------------------------------------------


def _told(setting: Setting, played: Played) -> Story:
    duty = setting.terms.duties[played.plot.rule]
    act = performing(setting, played)
    if played.due == played.at:
        endings = tuple(_at_once(setting, played, act))
    elif played.due is not None:
        endings = tuple(_dated(setting, played, duty, act, played.due))
    else:
        endings = tuple(_undated(setting, played, duty, act))
    clock, term_ends = _clock(setting, played)
    return Story(
        duty,
        adopted_of(setting.contract, setting.version, played.plot.readings, played.supplied),
        played.plot.readings,
        played.supplied,
        played.events,
        played.at,
        played.verdict,
        clock,
        endings,
        tuple(_levels(setting, played)),
        tuple(_before(played, duty)),
        term_ends,
    )


def adopted_of(
    contract: Contract, version: int, readings: Mapping[str, str], supplied: Mapping[str, Supplied]
) -> Adopted:
    """The terms of a version as a story has them."""
    return adopt(contract, readings, supplied)[version]


def _ending(how: str, played: Played, as_of: int, since: int | None = None) -> Ending | None:
    """The story judged as of an instant; ``since``: what came to be after that instant is told, too."""
    mine = played.verdict
    own = owed(played, as_of)
    found = next((v for v in own if (v.duty, v.number) == (mine.duty, mine.number)), None)
    if found is None:
        return None
    new: tuple[Verdict, ...] = ()
    if since is not None:
        kinds = ("duty", "target", "choice")
        new = tuple(v for v in own if v.rule in kinds and v.triggered_at > since and v is not found)
    return Ending(how, played.events, as_of, found, new)


def _dated(setting: Setting, played: Played, duty: Duty, act: Deed | None, due: int) -> Iterator[Ending]:
    if act is not None:
        kept = (_ending(KEPT, did(played, act, at), at, played.at) for at in _in_time(setting, played, due))
        yield from _first(kept, DONE)
        after = _after(setting, played, due)
        if after <= zones.END:
            yield from _first((_ending(BROKEN, did(played, act, after), after, due - 1),), LATE)
    yield from _first((_ending(UNDONE, played, due, due - 1),), (*LATE, *DONE))
    yield from _paused(setting, played, duty, due)


def _first(tried: Iterator[Ending | None] | tuple[Ending | None, ...], states: tuple[str, ...]) -> Iterator[Ending]:
    """The first that comes out in one of these states; what comes out otherwise is another story."""
    for one in tried:
        if one is not None and one.verdict.state in states:
            yield one
            return


def _in_time(setting: Setting, played: Played, due: int) -> Iterator[int]:
    """Instants at which it may be done: in good time on the last day, in the opening hours; else shortly before."""
    zone, calendar = _zone_of(setting, played), setting.adopted.calendars.get(played.verdict.calendar or "")
    allowed = played.verdict.allowed
    if allowed is None or allowed > 12 * HOUR:
        on = zones.local_date(due - 1, zone)
        for hour in (10, 12, 9):
            at = zones.instant(datetime.combine(on, time(hour)), zone, 0)
            if played.at < at < due and (calendar is None or calendar.is_open(at)):
                yield at
    spare = max(MINUTE, (allowed or due - played.at) // 8 // MINUTE * MINUTE)
    spare = spare // (5 * MINUTE) * 5 * MINUTE or spare
    for many in (spare, MINUTE):
        at = due - many
        if calendar is not None and not calendar.is_open(at):
            at = (calendar.previous_open(at) or at) - many
        if played.at < at < due:
            yield at
    yield due


def _after(setting: Setting, played: Played, due: int) -> int:
    """Shortly too late: a minute after; the next morning, where a day's end was the deadline."""
    zone = _zone_of(setting, played)
    on = zones.local_date(due, zone)
    return due + MINUTE if due != zones.day_start(on, zone) else zones.instant(datetime.combine(on, time(10)), zone, 0)


def _paused(setting: Setting, played: Played, duty: Duty, due: int) -> Iterator[Ending]:
    """Waiting on a party that stops the clock: an hour of it, or half of what is left."""
    allowed, parties = played.verdict.allowed, duty.paused_on
    if duty.kind != "ticket" or not isinstance(parties, tuple) or not parties or not allowed:
        return
    calendar = setting.adopted.calendars.get(played.verdict.calendar or "")
    spare = min(HOUR, allowed // 4)
    stops = due - spare
    if calendar is not None and not calendar.is_open(stops):
        stops = (calendar.previous_open(stops) or stops) - spare
    if stops <= played.at:
        return
    by, on = setting.party("provider"), parties[0]
    waiting = Deed("waiting", played.plot.subject, "ticket", by, {"on": on})
    resumed = Deed("resumed", played.plot.subject, "ticket", by)
    still = _ending(PAUSED, did(played, waiting, stops), stops)
    if still is None or still.verdict.state != "suspended":
        return
    goes_on = stops + HOUR
    again = did(did(played, waiting, stops), resumed, goes_on)
    told = _ending(PAUSED, again, goes_on)
    if told is not None and told.verdict.state == "pending" and told.verdict.deadline is not None:
        yield evolve(told, clock=_clock(setting, evolve(again, verdict=told.verdict))[0])


def _undated(setting: Setting, played: Played, duty: Duty, act: Deed | None) -> Iterator[Ending]:
    later = played.at + DAY
    if duty.keeps is not None:
        fact = setting.terms.facts.get(duty.keeps)
        by = (fact.judged_by if fact is not None else None) or duty.counterparty or setting.party("customer")
        broken = Deed("recorded", played.plot.subject, duty.kind, by, {duty.keeps: False})
        yield from _first((_ending(BROKEN, did(played, broken, later), later),), LATE)
    elif act is not None:
        yield from _first((_ending(KEPT, did(played, act, later), later),), DONE)
    awaited = [limit.after for limit in inside(duty.limit) if isinstance(limit, Within)]
    for pattern in (one for one in awaited if isinstance(one, Pattern)):
        deed = Deed(pattern.type, played.plot.subject, duty.kind, pattern.by or usual(setting, pattern.type))
        yield from _first((_ending(UNDONE, did(played, deed, later), later),), LATE)
        return
    month = played.at + 30 * DAY
    yield from _first((_ending(UNDONE, played, month),), ("pending",))
    for pattern in duty.until:
        deed = Deed(pattern.type, played.plot.subject, duty.kind, pattern.by or setting.party("provider"))
        ended = _ending(ENDED, did(played, deed, later), later)
        if ended is not None and ended.verdict.state in ("ended", *DONE):
            yield ended
            return


def _at_once(setting: Setting, played: Played, act: Deed | None) -> Iterator[Ending]:
    """Its own trigger performs it, or breaks it; what is done afterwards is late."""
    yield from _first((_ending(KEPT, played, played.at),), DONE)
    failed = failing(setting, played)
    if failed is not None:
        yield from _first((_ending(UNDONE, failed, failed.at),), LATE)
        if act is not None:
            later = failed.at + DAY
            made_good = _ending(BROKEN, did(failed, act, later), later)
            if made_good is not None and made_good.verdict.late_by is not None:
                yield made_good


def _before(played: Played, duty: Duty) -> Iterator[tuple[int, Verdict]]:
    """The duty that was broken and the choice that was opened on the way, each with its instant."""
    if played.verdict.cause is None and duty.choice is None:
        return
    labels = {v.label: v for v in owed(played, played.at)}
    chosen = next((v for v in labels.values() if v.rule == "choice" and v.duty == duty.choice), None)
    for verdict in (chosen, played.verdict):
        cause = labels.get(verdict.cause) if verdict is not None and verdict.cause is not None else None
        if cause is not None and cause.deadline is not None:
            yield cause.deadline, cause
    if chosen is not None:
        yield chosen.triggered_at, chosen


# ---- What the clock does, and what other severities give -------------------------------------------------------


def _clock(setting: Setting, played: Played) -> tuple[tuple[Stretch, ...], int | None]:
    """What its clock does up to the deadline, told by the case itself; and when the agreement's term is over."""
    due = played.due
    if due is None or due <= played.at:
        return (), None
    versions = adopt(setting.contract, played.plot.readings, played.supplied)
    told = settle(setting.contract, [v.terms for v in versions], played.events, due - 1)
    own = told.subjects[played.plot.subject]
    agreement = agreements_of(versions, told, due - 1).get(own.agreement or "")
    of = term_of(setting.terms.duties[played.plot.rule])
    ends = agreement.term_at(played.verdict.triggered_at, of)[1] if agreement is not None else None
    case = judged(versions, own, agreement, due - 1)
    if case is None or played.verdict.allowed is None:
        return (), ends
    mine = (played.verdict.duty, played.verdict.triggered_at)
    found = [i for i in case.instances if (i.plan.name, i.triggered_at) == mine]
    return (tuple(stretches(found[-1], due)) if found else ()), ends


def _levels(setting: Setting, played: Played) -> Iterator[tuple[str, int | None]]:
    """The same request at each other severity."""
    severities, own = setting.terms.severities, played.verdict.severity
    carriers = [n for n, e in enumerate(played.events) if "severity" in e.facts and e.subject == played.plot.subject]
    if severities is None or own is None or len(carriers) != 1 or played.due is None or played.due <= played.at:
        return
    place = carriers[0]
    if {played.events[-1].at, played.verdict.triggered_at} != {played.events[place].at}:
        return  # what came after may have come at a time that hangs on the severity
    for level in severities.levels:
        if level.name == own:
            continue
        event = played.events[place]
        changed = evolve(event, facts={**event.facts, "severity": level.name})
        other = evolve(played, events=(*played.events[:place], changed, *played.events[place + 1 :]))
        found = _ending(KEPT, other, played.at)
        if found is None:
            yield level.name, None
        elif found.verdict.deadline is not None:
            yield level.name, found.verdict.deadline
