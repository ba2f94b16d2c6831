"""An independent judge of the duty cases: it lives through the ticket, one step of time after another.

It knows nothing of the engine and shares no idea with it. There is one world, one `now`, and a list of
duties with a counter each; every step (a minute, or less where a case needs seconds) adds one step to
the counters whose calendar is open at that minute by the wall clock and which do not stand still. At the
instants at which anything may happen, `instant` goes through R1's list. The future (a deadline, the next
change) is found by living on with no event.

Where the text leaves a genuine doubt, the stepper decides, and notes the doubt's name when a history
gets there: see `DOUBTS`.

Shapes that the cases' schema leaves open, as they are read here: `corrected.set` holds `at`, `actor`,
`type` or `facts` (merged; any other name is a fact); `presumed` is {fact: value}; `severity_changed_by`
a party or a list of parties; `happened` an event type or a list of them; an elected option stands in
`facts.option`; `minus` takes the later calendars out of the first; an unknown actor is an absent one;
`after` in a target is the event, or the duty whose performance, it runs from; `versions` are amendments,
each `{"from": date, "duties": […]}` with the duties that it puts in the place of others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from itertools import groupby
from math import gcd
from typing import Any

from .wall import (
    DAY,
    OPEN,
    UNKNOWN,
    calendar_day,
    date_after,
    date_at,
    date_hours,
    first_instant,
    seconds,
    spelled,
    written,
    zone_of,
)

Json = dict[str, Any]

DOUBTS = {
    "acts-of-one-instant": (
        "two acts of one kind at one instant meet a recurring duty: may the second serve the next period?"
    ),
    "answered-after-act": (
        "an act came before the fact that made the duty certain: here it performs, deadline floored (R9)"
    ),
    "automatic-unknown": (
        "automatic replies do not count, and nobody said whether this one was: here it counts"
    ),
    "before-opening": "events of a ticket that is not open yet: here they do nothing, and are not listed",
    "civil-while-resolved": "a civil duty on a resolved ticket: here it goes on, for R14 knows no pauses",
    "later-used-up-then-paused": (
        "of the later of two one is used up, then the clock stands: here what is used up stays so (R16, R33)"
    ),
    "milestone-by-time": (
        "time alone reaches a milestone, by an act of before: here it is foretold for the duty that waits for it"
    ),
    "act-is-the-milestone": (
        "one act performs a duty, and another whose time runs from that: here in the order in which they arose"
    ),
    "milestone-over-at-trigger": (
        "the time that runs from a milestone was over at the trigger: here it could not arise (R29)"
    ),
    "closing-at-resolution": (
        "resolved at the last counted closing: here that date counts for the deadline shown (R15)"
    ),
    "early-acts": (
        "more than one act since the breached duty's trigger: here the first one performs (R10, R23)"
    ),
    "early-act-while-suspended": "met by an earlier act, suspended when it arises: deadline null (R10, R16)",
    "ended-while-undetermined": "a duty of unknown guard on a ticket that ends: here it stays undetermined",
    "missing-several": "more than one fact is missing, or the severity beside the guard: which are named",
    "no-reopen-rule": (
        "a reopening undoes a performance or an ending, and no rule is given: here it is ignored"
    ),
    "overdrawn-while-suspended": (
        "the target is used up while the clock stands: here breached when it runs again (R6, R16)"
    ),
    "pause-at-act": (
        "waiting begins, or the ticket is resolved, at the instant of the act: waiting makes the deadline "
        "null (R1, R16), the resolution does not"
    ),
    "pause-at-deadline": (
        "the clock is stopped at the instant at which the target is reached: here suspended (R1)"
    ),
    "period-at-ending": "a period would begin at the instant at which the series ends: a rolling one does not"
    " arise, a date's does, and ends (R1, R4)",
    "recurring-unknown": "a recurring duty whose guard is unknown",
    "reopened-after-ending": (
        "reopened after cancelled, or after closed while open: here the ended duties stay ended"
    ),
    "resolved-reopened-at-once": (
        "resolved and reopened at one instant: here events first, so the act performs nothing undone"
    ),
    "resolved-while-waiting": (
        "resolved while waiting: here performed while suspended, deadline null (R16, R18)"
    ),
    "restart-then-recount": "recount after restart: here from the restarted clock",
    "severity-while-resolved": (
        "a met duty's severity changes before the reopening: here resumed on the new terms"
    ),
    "severity-while-unknown": (
        "severity changes while the guard is unknown under restart: here the clock keeps its own start"
    ),
    "several-at-once": (
        "both limits are over when the clock runs again: here the first that is written was missed (R33)"
    ),
    "several-overdrawn-at-once": (
        "several limits were over before it was known that the duty runs: here the last of them was missed (R9, R33)"
    ),
    "start-in-overnight-tail": (
        "days counted from inside a window of the date before: here the wall's date is the start's"
    ),
    "unknown-actor-early": (
        "an act of unknown actor before the consequence arose: here it makes it undetermined (R10, R23)"
    ),
    "unknown-actor-ended": "ended after an act of unknown actor: here undetermined",
    "unknown-actor-late": "an act of unknown actor after the breach: here breached and owed",
    "unknown-actor-pending": (
        "as of an instant between an act of unknown actor and the deadline: here undetermined at once"
    ),
    "unknown-actor-recurring": "an act of unknown actor on a recurring duty: here it does nothing",
    "unknown-actor-reopened": "reopened after a resolution of unknown actor",
    "until-after-breach": (
        "a breached duty that is still owed, and its `until` or `while` comes: here no longer owed"
    ),
    "until-at-birth": "the ending event stands at the instant at which a consequence arises: here it ends it",
    "waiting-while-resolved": (
        "waiting, or resumed, on a resolved ticket: here it counts, and lasts past the reopening"
    ),
    "while-again": "`while` becomes true again: here the duty stays ended",
    "while-false-at-trigger": "`while` is false when the duty would arise: here it does not arise",
}
"""The open questions, each with what the stepper decides; a doubt is noted when a history gets there."""

LOOK_AHEAD = 45 * DAY
"""How far the stepper lives on without events, looking for a deadline or the next change."""

RANK = (
    *("started", "contact_removed", "contact_designated", "opened", "asked", "severity_changed", "waiting"),
    *("resumed", "acknowledged", "responded", "updated", "workaround", "escalated", "reported", "agreed"),
    *("elected", "hours_purchased", "hours_logged", "resolved", "closed", "reopened", "cancelled"),
)

OF_THE_AGREEMENT = ("started", "contact_removed", "contact_designated", "hours_purchased", "hours_logged")

COUNTED = ("elapsed", "business", "business_days")
"""Targets with a clock, which can stand still; civil ones know no pauses (R14)."""


@dataclass(eq=False)
class Series:
    """The periods of one recurring duty (R4)."""

    duty: Json
    start: int
    cause: Instance | None
    over: bool = False


@dataclass(eq=False)
class Instance:
    duty: Json
    triggered: int
    start: int  # of its clock; differs from `triggered` only after a restart
    cause: Instance | None = None
    series: Series | None = None
    level: Any = None  # the severity whose terms apply
    state: str = "pending"  # unknown, pending, met, breached, ended; the pause is looked up, not kept
    seen: Json = field(default_factory=dict)  # what the trigger's conditions read at its instant (R8)
    missing: list[str] = field(default_factory=list)
    kind: str = "none"
    allowed: int | None = None  # seconds, or days
    calendar: str | None = None
    flags: bytes = b""
    start_date: int = 0  # where days are counted
    used: int = 0
    fixed: int | None = None  # a civil deadline, or a date's last closing
    deadline: int | None = None
    used_at_deadline: int = 0
    performed: int | None = None
    performed_by: str | None = None
    owed: bool = True
    ended_by: str | None = None
    ended_at: int | None = None
    unsure: str | None = None  # the act of unknown actor that may have performed it
    lost: bool = False  # undetermined for good
    parts: list[Instance] = field(default_factory=list)  # the clocks of the sooner or the later of several
    owner: Instance | None = None  # whose part it is
    awaits: Json | None = None  # the target that runs from a milestone which is not reached
    reached: bool = False  # its time was used up while it ran,
    due: int = 0  # and when
    begun: int | None = None  # when its milestone was reached
    missed: Instance | None = None  # the part whose deadline was missed


@dataclass(eq=False)
class World:
    contract: Json
    home: str
    step: int
    base: int
    last: int
    timeline: dict[int, list[Json]]
    doubts: set[str]
    now: int = 0
    marks: list[int] = field(default_factory=list)
    cache: dict[str, bytes] = field(default_factory=dict)
    spelling: dict[str, str] = field(default_factory=dict)
    closings: dict[str, dict[int, int]] = field(default_factory=dict)  # calendar: last closing: its date
    opened: bool = False
    resolved: bool = False
    resolved_at: int | None = None
    resolution: str | None = None
    undone: set[str] = field(default_factory=set)  # the resolutions that a reopening has undone
    over: int | None = None
    over_by: str = ""
    waiting: Any = None
    cleared: Any = None  # the waiting that the resolution ended
    past: list[tuple[int, Any, bool]] = field(default_factory=list)  # (from, waiting on, resolved)
    severity: Any = None
    facts: Json = field(default_factory=dict)
    contacts: set[str] = field(default_factory=set)
    happened: set[str] = field(default_factory=set)
    acts: list[Json] = field(default_factory=list)
    served: set[tuple[str, int]] = field(default_factory=set)
    impossible: list[str] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    rolling: list[Series] = field(default_factory=list)  # those whose next period is to arise
    choices: list[Json] = field(default_factory=list)
    terms: list[tuple[int, str]] = field(default_factory=list)  # the agreement's states, by their beginnings
    balance: Any = 0
    draws: list[Json] = field(default_factory=list)
    hours: bool = False


def doubt(world: World, name: str) -> None:
    assert name in DOUBTS, name
    world.doubts.add(name)


# --- the log


def known_events(events: list[Json], log_upto: int | None) -> list[Json]:
    """What the log says happened, at a position of the log (R3), in the order of R12."""
    log: dict[tuple[str, str], Json] = {}
    for event in events if log_upto is None else events[:log_upto]:
        log.setdefault((event.get("source", "desk"), event["id"]), event)  # R32: the earlier stands

    def stands(one: str) -> bool:  # a retraction can be retracted
        return not any(e["type"] == "retracted" and e["target"] == one and stands(e["id"]) for e in log.values())

    gone = {event["id"] for event in log.values() if not stands(event["id"])}
    told = {}
    for event in log.values():
        if event["type"] not in ("corrected", "retracted") and event["id"] not in gone:
            told[event["id"]] = {**event, "facts": dict(event.get("facts", {}))}
    for event in log.values():  # in log order: the last correction wins
        if event["type"] == "corrected" and event["id"] not in gone and event["target"] in told:
            corrected = told[event["target"]]
            for name, value in event["set"].items():
                if name == "facts":
                    corrected["facts"].update(value)
                elif name in ("at", "actor", "type"):
                    corrected[name] = value
                else:
                    corrected["facts"][name] = value
    for event in told.values():
        event["when"] = seconds(event["at"])
    return sorted(told.values(), key=_order)


def of_nothing(events: list[Json], log_upto: int | None) -> list[str]:
    """The corrections and retractions of what the log does not have at a position (R3)."""
    log = events if log_upto is None else events[:log_upto]
    there = {event["id"] for event in log}
    return [one["id"] for one in log if one["type"] in ("corrected", "retracted") and one["target"] not in there]


def _order(event: Json) -> tuple[Any, ...]:
    """R12: the source's name, its own sequence; rank and id only where it has none."""
    rank = RANK.index(event["type"]) if event["type"] in RANK else len(RANK)
    sequence = event.get("seq")
    without = (rank, event["type"] if rank == len(RANK) else "", event["id"])
    return (event["when"], event.get("source", "desk"), sequence is None, sequence or 0, without)


# --- conditions


def _all(values: Iterable[bool | None]) -> bool | None:
    values = list(values)
    return False if False in values else None if None in values else True


def _any(values: Iterable[bool | None]) -> bool | None:
    values = list(values)
    return True if True in values else None if None in values else False


def holds(condition: Json | None, seen: Json, missing: list[str]) -> bool | None:
    """Strong Kleene (R9); the names of unknown facts are added to `missing`."""
    if condition is None:
        return True
    if "all" in condition or "any" in condition:
        names: list[str] = []
        parts = [holds(part, seen, names) for part in condition["all" if "all" in condition else "any"]]
        value = _all(parts) if "all" in condition else _any(parts)
        if value is None:
            missing += names
        return value
    if "not" in condition:
        value = holds(condition["not"], seen, missing)
        return None if value is None else not value
    if "fact" in condition:
        if condition["fact"] not in seen["facts"]:
            missing.append(condition["fact"])
            return None
        return seen["facts"][condition["fact"]] in condition["is"]
    if "severity" in condition:
        if seen["severity"] is None:
            missing.append("severity")
            return None
        return seen["severity"] in condition["severity"]
    if "happened" in condition:  # events are closed-world (R5)
        wanted = condition["happened"]
        return any(one in seen["happened"] for one in ([wanted] if isinstance(wanted, str) else wanted))
    if "status_in" in condition:
        return seen["status"] in condition["status_in"]
    if "right" in condition:
        if "caller" not in seen["facts"]:
            missing.append("caller")
            return None
        return seen["facts"]["caller"] in seen["contacts"]
    raise ValueError(f"unknown condition {condition}")


def situation(world: World) -> Json:
    return {
        "facts": dict(world.facts),
        "severity": world.severity,
        "happened": set(world.happened),
        "status": status_at(world, world.now),
        "contacts": set(world.contacts),
    }


def guard(world: World, trigger: Json, seen: Json) -> tuple[bool | None, list[str]]:
    """`when` and `unless` together: `A unless B` is `A and not B` (R9)."""
    missing: list[str] = []
    parts: list[Json] = []
    if trigger.get("when") is not None:
        parts.append(trigger["when"])
    if trigger.get("unless") is not None:
        parts.append({"not": trigger["unless"]})
    return holds({"all": parts}, seen, missing), list(dict.fromkeys(missing))


def status_at(world: World, instant: int) -> str | None:
    current = None
    for begins, state in world.terms:  # R20: half-open
        if begins <= instant:
            current = state
    return current


def set_terms_of_agreement(world: World, started: int) -> None:
    """R20: a term ends at the first instant of the date that much after its starting date."""
    term = world.contract.get("term")
    if term is None:
        return
    first = date_at(world.home, started)
    expiry = date_after(
        first, days=term.get("days", 0), months=term.get("months", 0), rounding=term.get("rounding")
    )
    world.terms = [(started, "active")]
    if term.get("grace_days"):
        world.terms.append((first_instant(world.home, expiry), "grace"))
    gone = first_instant(world.home, expiry + term.get("grace_days", 0))
    world.terms.append((gone, "expired"))
    world.marks += [begins for begins, _ in world.terms]


# --- clocks


def spell(world: World, calendar: str) -> str:
    if calendar not in world.spelling:
        world.spelling[calendar] = spelled(world.contract.get("calendars", {}), calendar, world.home)
    return world.spelling[calendar]


def flags_of(world: World, calendar: str) -> bytes:
    """One byte for each minute of the world, from its base on."""
    if calendar not in world.cache:
        days = range(world.base // DAY, world.last // DAY + 1)
        world.cache[calendar] = b"".join(calendar_day(spell(world, calendar), day)[0] for day in days)
    return world.cache[calendar]


def closings_of(world: World, calendar: str) -> dict[int, int]:
    """The last closings of a calendar's open dates, each with its date; the world stops at each of them."""
    if calendar not in world.closings:
        where = zone_of(spell(world, calendar))
        found = {}
        for ordinal in range(date_at(where, world.base) - 1, date_at(where, world.last - DAY)):
            hours = date_hours(spell(world, calendar), ordinal)
            if hours is not None:
                found[hours[1]] = ordinal
        world.closings[calendar] = found
        world.marks += list(found)
    return world.closings[calendar]


def stands_still(instance: Instance, waiting: Any, resolved: bool) -> bool:
    """Waiting on a named party, or a resolved ticket (R7); a civil duty knows no pauses (R14)."""
    if instance.kind not in COUNTED:
        return False
    return resolved or (waiting is not None and waiting in instance.duty.get("paused_while", ()))


def suspended(world: World, instance: Instance) -> bool:
    if instance.state != "pending":
        return False
    if instance.parts:  # R16: a clock stands still, and for that there is no deadline
        still = [part for part in instance.parts if stands_still(part, world.waiting, world.resolved)]
        return bool(still) and project(world, instance, world.now) is None
    return stands_still(instance, world.waiting, world.resolved)


def clocks_of(instance: Instance) -> list[Instance]:
    return instance.parts or [instance]


def clocks(world: World) -> list[Instance]:
    return [clock for instance in world.instances for clock in clocks_of(instance)]


def ticks(world: World, clock: Instance) -> bool:
    if clock.kind not in ("elapsed", "business"):
        return False
    instance = clock.owner or clock
    if instance.lost:
        return False
    if instance.state == "pending":
        return not stands_still(clock, world.waiting, world.resolved)
    if instance.state != "breached" or not instance.owed or world.resolved:  # R13
        return False
    return clock is instance or clock is instance.missed


def counts_day(world: World, instance: Instance, instant: int) -> bool:
    """R15: a last closing of an open date after the start's date."""
    assert instance.calendar is not None
    ordinal = closings_of(world, instance.calendar).get(instant)
    return ordinal is not None and ordinal > instance.start_date


def replay(world: World, instance: Instance, upto: int) -> int:
    """What the clock would show had these terms applied from the start: pauses already taken stay (R6)."""
    if instance.kind not in COUNTED:
        return 0
    used, past, place = 0, world.past, 0
    still = False
    for instant in range(instance.start, upto, world.step):
        while place < len(past) and past[place][0] <= instant:
            still = stands_still(instance, past[place][1], past[place][2])
            place += 1
        if still:
            continue
        if instance.kind == "business_days":
            # The closing at the start itself belongs to the start's date or one before: it never counts.
            used += instant > instance.start and instant % 60 == 0 and counts_day(world, instance, instant)
        elif instance.flags[(instant - world.base) // 60] == OPEN:
            used += world.step
    return used


def project_parts(world: World, instance: Instance, now: int, performing: bool) -> int | None:
    """R33: an unreached milestone drops out of the sooner; the later has no deadline before all have one."""
    found: list[int | None] = []
    resolving = performing and world.resolved_at == now  # the resolution does not suspend what it performs
    waiting = world.cleared if resolving else world.waiting
    for part in instance.parts:
        if stands_still(part, waiting, world.resolved and not resolving) and not part.reached:
            found.append(None)
        else:
            found.append(project(world, part, now))
    known = [one for one in found if one is not None]
    if instance.kind == "sooner_of":
        return min(known, default=None)
    return max(known) if len(known) == len(found) else None


def project(world: World, instance: Instance, now: int, performing: bool = False) -> int | None:
    """When the target is reached if the clock runs on as it does now; None when that cannot be said."""
    if instance.parts:
        return project_parts(world, instance, now, performing)
    if instance.kind in ("civil", "each_day"):
        return instance.fixed
    if instance.kind in ("none", "awaiting"):
        return None
    assert instance.allowed is not None
    left, instant = instance.allowed - instance.used, now
    if left <= 0:
        return now  # R6: never before the event that made it so
    if instance.kind == "business_days":
        while left > 0:
            instant += 60
            if instant >= world.last:
                return None
            left -= counts_day(world, instance, instant - instant % 60)
        return instant - instant % 60
    flags, base, step = instance.flags, world.base, world.step
    while left > 0:
        minute = (instant - base) // 60
        if minute >= len(flags) or flags[minute] == UNKNOWN:
            return None
        if flags[minute]:
            left -= step
        instant += step
    return instant


def leaf(target: Json, level: Any) -> Json | None:
    """The target in force: a row of the table, or None while the severity is unknown (R9)."""
    if target["kind"] == "by_severity":
        return None if level is None else target["table"][str(level)]
    return target


def set_terms(world: World, instance: Instance) -> None:
    target = leaf(instance.duty["target"], instance.level)
    assert target is not None
    if target["kind"] not in ("sooner_of", "later_of"):
        wind(world, instance, target)
        return
    instance.kind, instance.parts = target["kind"], []
    for one in target["of"]:
        part = Instance(instance.duty, instance.triggered, instance.start, owner=instance)
        wind(world, part, one)
        if part.state != "could_not_arise":
            instance.parts.append(part)
    if not instance.parts:
        instance.state, instance.owed = "could_not_arise", False


def milestone(world: World, name: str) -> int | None:
    """When a milestone was reached last: an event, or another duty's performance."""
    if any(duty["name"] == name for duty in world.contract.get("duties", ())):
        done = [one.performed for one in world.instances if one.duty["name"] == name]
        return max((at for at in done if at is not None), default=None)
    return max((act["when"] for act in world.acts if act["type"] == name), default=None)


def milestones(world: World) -> bool:
    """Clocks that wait for a milestone begin when it is reached."""
    changed = False
    for clock in clocks(world):
        target = clock.awaits
        if target is None or (clock.owner or clock).state != "pending":
            continue
        if milestone(world, target["after"]) is not None:
            wind(world, clock, target)
            clock.begun = world.now
            changed = True
    return changed


def wind(world: World, instance: Instance, target: Json) -> None:
    instance.awaits = None
    if target.get("after") is not None:
        begun = milestone(world, target["after"])
        if begun is None:
            instance.kind, instance.awaits = "awaiting", target
            return
        wind(world, instance, {name: one for name, one in target.items() if name != "after"} | {"begun": begun})
        if begun < instance.triggered == world.now:
            due = project(world, instance, world.now) if not used_up(instance) else world.now
            if due is not None and due <= world.now:  # R29
                doubt(world, "milestone-over-at-trigger")
                instance.state, instance.owed = "could_not_arise", False
        return
    instance.start = target.get("begun", instance.start)
    instance.kind, instance.fixed, instance.allowed, instance.flags = target["kind"], None, None, b""
    if instance.kind in ("elapsed", "business"):
        instance.calendar = target.get("calendar", "always") if instance.kind == "business" else "always"
        instance.flags = flags_of(world, instance.calendar)
        instance.allowed = target["seconds"]
    elif instance.kind == "business_days":
        instance.calendar, instance.allowed = target["calendar"], target["days"]
        closings_of(world, target["calendar"])
        instance.start_date = date_at(zone_of(spell(world, target["calendar"])), instance.start)
        tail_doubt(world, instance)
    elif instance.kind == "civil":  # R14: the resulting date, at the next date's first instant
        due = date_after(
            date_at(world.home, instance.start),
            days=target.get("days", 0),
            months=target.get("months", 0),
            rounding=target.get("rounding"),
        )
        instance.fixed = first_instant(world.home, due + 1)
        world.marks.append(instance.fixed)
    elif instance.kind == "date_fact":
        if target["fact"] not in world.facts:
            instance.state, instance.missing = "unknown", [target["fact"]]
            return
        due = date.fromisoformat(world.facts[target["fact"]]).toordinal()
        instance.kind, instance.fixed = "civil", first_instant(world.home, due + 1)
        world.marks.append(instance.fixed)
    elif instance.kind != "none":
        raise NotImplementedError(f"target {target['kind']}")
    if instance.start < world.now and "begun" in target:
        instance.used = replay(world, instance, world.now)


def used_up(clock: Instance) -> bool:
    return clock.allowed is not None and clock.used >= clock.allowed


def tail_doubt(world: World, instance: Instance) -> None:
    assert instance.calendar is not None
    owners = calendar_day(spell(world, instance.calendar), instance.start // DAY)
    minute = instance.start % DAY // 60
    if owners[0][minute] and owners[1][minute] != instance.start_date:
        doubt(world, "start-in-overnight-tail")


# --- births and endings


def arise(
    world: World,
    duty: Json,
    *,
    cause: Instance | None = None,
    series: Series | None = None,
    fixed: int | None = None,
    again: bool = False,
) -> Instance | None:
    """An instance arises now. `again`: a further period or a restart, the conditions once read (R8)."""
    now, mode = world.now, duty.get("recurring", {}).get("mode")
    seen = situation(world)
    value, missing = (True, []) if again else guard(world, duty["trigger"], seen)
    if value is False:
        return None
    if duty.get("while") is not None and holds(duty["while"], seen, []) is False:
        doubt(world, "while-false-at-trigger")
        return None
    if mode is not None and series is None:
        if value is None:
            doubt(world, "recurring-unknown")
        series = Series(duty, now, cause)
        world.series.append(series)
        if mode == "each_day_of":
            each_day(world, series)
            return None
    instance = Instance(duty, now, now, cause, series, world.severity, seen=seen)
    if mode == "each_day_of":
        instance.kind, instance.fixed = "each_day", fixed
    elif value is None or leaf(duty["target"], world.severity) is None:
        instance.state = "unknown"
        instance.missing = missing if value is None else ["severity"]
        no_level = leaf(duty["target"], world.severity) is None
        if len(missing) > 1 or (value is None and no_level and missing != ["severity"]):
            doubt(world, "missing-several")
    else:
        set_terms(world, instance)
    world.instances.append(instance)
    if suspended(world, instance) and instance.allowed == 0:
        doubt(world, "overdrawn-while-suspended")
    return instance


def each_day(world: World, series: Series) -> None:
    """R4: an instance for each open date whose first opening is not before the start."""
    calendar = series.duty["recurring"]["calendar"]
    where = zone_of(spell(world, calendar))
    ordinal = date_at(where, world.now)
    begins = first_instant(where, ordinal)
    if world.now == series.start:  # the dates to come, so that the world stops at their first instants
        for later in range(ordinal + 1, date_at(where, world.last - DAY)):
            hours = date_hours(spell(world, calendar), later)
            if hours is not None:
                world.marks += [first_instant(where, later), hours[1]]
    elif world.now != begins:
        return
    hours = date_hours(spell(world, calendar), ordinal)
    if hours is not None and hours[0] >= series.start:
        world.marks.append(hours[1])
        arise(world, series.duty, cause=series.cause, series=series, fixed=hours[1], again=True)


def answer(world: World, instance: Instance) -> bool:
    """R9: the first answering event makes the duty run from its own start with R6's floor, or never arise."""
    now = world.now
    seen = dict(instance.seen)
    seen["facts"] = {**world.facts, **instance.seen["facts"]}
    if seen["severity"] is None:
        seen["severity"] = world.severity
    instance.seen = seen  # what was answered first stays answered
    value, missing = guard(world, instance.duty["trigger"], seen)
    if value is False:
        world.instances.remove(instance)
        return True
    if value is None:
        instance.missing = missing
        return False
    if instance.level is None:
        instance.level = world.severity
    if leaf(instance.duty["target"], instance.level) is None:
        instance.missing = ["severity"]
        return False
    instance.state, instance.missing = "pending", []
    set_terms(world, instance)
    if instance.state == "unknown":
        return False
    for clock in clocks_of(instance):
        clock.used = replay(world, clock, now) if clock.kind != "awaiting" else 0
    acts = [act for act in world.acts if since(instance) <= act["when"] < now]
    if instance.duty.get("on_reopen") == "resume":  # R1, R7: what a reopening undid performs nothing
        acts = [act for act in acts if act["id"] not in world.undone]
    certain = [act for act in acts if serves(world, instance, act) is True]
    unsure = [act for act in acts if serves(world, instance, act) is None]
    if certain:
        doubt(world, "answered-after-act")
        at = certain[0]["when"]
        instance.used = replay(world, instance, min(at, now)) if at > instance.start else 0
        due = project(world, instance, max(at, instance.start))
        instance.deadline = None if due is None else max(due, now)
        instance.state, instance.owed = "met", False
        instance.performed, instance.performed_by = at, certain[0]["id"]
    elif unsure:
        doubt(world, "answered-after-act")
        instance.unsure = unsure[0]["id"]
    if suspended(world, instance) and instance.allowed is not None and instance.used >= instance.allowed:
        doubt(world, "overdrawn-while-suspended")
    if instance.ended_by is not None and instance.state == "pending":
        instance.state, instance.owed = "ended", False
    return True


def end(world: World, instance: Instance, why: str) -> bool:
    """R19 and `until`: pending duties end from this instant; earlier breaches stand, no longer owed."""
    if instance.state == "unknown":
        if instance.ended_by is None:
            doubt(world, "ended-while-undetermined")
            instance.ended_by, instance.ended_at = why, world.now
        return False
    if instance.state == "breached" and instance.owed and instance.triggered <= world.now:
        if why not in ("closed", "cancelled"):
            doubt(world, "until-after-breach")
        instance.owed = False
        return True
    if instance.state != "pending" or instance.lost:
        return False
    if instance.unsure is not None:
        doubt(world, "unknown-actor-ended")
        instance.lost = True
        return True
    if instance.triggered == world.now and instance.cause is not None and instance.series is None:
        doubt(world, "until-at-birth")
    if instance.triggered == world.now and instance.series is not None and world.now > instance.series.start:
        doubt(world, "period-at-ending")
    instance.state, instance.owed = "ended", False
    instance.ended_by, instance.ended_at = why, world.now
    return True


# --- performance


def since(instance: Instance) -> int:
    """R23, and R10: a one-shot consequence is met by an act done since the breached duty's trigger."""
    if instance.cause is not None and instance.series is None:
        return instance.cause.triggered
    return instance.triggered


def serves(world: World, instance: Instance, act: Json) -> bool | None:
    """Whether an act is of the kind that performs the duty; None when its actor is unknown (R23)."""
    how = instance.duty["performed_by"]
    if act["type"] not in how["events"]:
        return False
    if how.get("automatic_counts") is False:
        if act["facts"].get("automatic"):
            return False
        if "automatic" not in act["facts"]:
            doubt(world, "automatic-unknown")
    if how.get("actor") is None:
        return True
    if act.get("actor") is None:
        return None
    return bool(act["actor"] == how["actor"])


def perform(world: World, instance: Instance, act: Json) -> bool:
    """One act on one instance; says whether anything changed."""
    now, at = world.now, act["when"]
    if instance.state == "breached":
        if not instance.owed or at < now:
            return False
        instance.performed, instance.performed_by, instance.owed = at, act["id"], False
        return True
    due: int | None = None
    if not paused_for(world, instance, act):  # R16: while suspended there is no deadline
        if instance.kind == "business_days" and world.resolved_at == now and counts_day(world, instance, now):
            doubt(world, "closing-at-resolution")
            instance.used += 1
        due = project(world, instance, now, performing=True)
        if instance.duty.get("strict") and due == now:
            instance.missed = next((part for part in instance.parts if is_due(world, part)), None)
            breach(world, instance)  # at the deadline is too late, also for the resolution that stops the clock
            return perform(world, instance, act)
    if at < now:  # done before the consequence arose (R10)
        instance.used = 0
        if suspended(world, instance):
            doubt(world, "early-act-while-suspended")
    if any(clock.begun == now or clock.awaits is not None for clock in clocks_of(instance)):
        doubt(world, "act-is-the-milestone")
    instance.state, instance.owed, instance.deadline = "met", False, due
    instance.performed, instance.performed_by = at, act["id"]
    instance.unsure = None
    milestones(world)  # one act may perform a duty, and one whose time runs from that performance
    return True


def paused_for(world: World, instance: Instance, act: Json) -> bool:
    """Whether the clock stands still for an act of this instant.

    Events and their effects come before performance (R1); but the resolution neither suspends the duty that
    it performs, nor does it first wake one that stood still, by clearing the waiting.
    """
    now_resolving = world.resolved and world.resolved_at == world.now
    waiting = world.cleared if now_resolving else world.waiting
    still = stands_still(instance, waiting, world.resolved and not now_resolving)
    if instance.kind in COUNTED and act["when"] == world.now:
        earlier = [entry for entry in world.past if entry[0] < world.now]
        was_still = bool(earlier) and stands_still(instance, earlier[-1][1], earlier[-1][2])
        if now_resolving and still:
            doubt(world, "resolved-while-waiting")
        elif (still and not was_still) or (now_resolving and act["type"] != "resolved"):
            doubt(world, "pause-at-act")
    return still


def performances(world: World) -> bool:
    changed = False
    todays = [act for act in world.acts if act["when"] == world.now]
    for series in world.series:
        for act in todays:
            mine = [one for one in world.instances if one.series is series and one.state == "pending"]
            if not mine or (act["id"], id(series)) in world.served:
                continue
            kind = serves(world, mine[0], act)
            if kind is None:
                doubt(world, "unknown-actor-recurring")
            if not kind:
                continue
            if any(one.performed == world.now for one in world.instances if one.series is series):
                doubt(world, "acts-of-one-instant")
            # R4: an act serves the period it falls in; at a boundary the ending period, if unserved.
            if perform(world, mine[0], act):
                world.served.add((act["id"], id(series)))
                changed = True
                world.rolling.append(series)
    for instance in list(world.instances):
        if instance.series is not None or instance.lost or instance.state not in ("pending", "breached"):
            continue
        if instance.state == "breached" and not instance.owed:
            continue
        acts = todays
        if instance.triggered == world.now:
            acts = [act for act in world.acts if act["when"] >= since(instance)]
        kinds = [(act, serves(world, instance, act)) for act in acts]
        certain = [act for act, kind in kinds if kind is True]
        if len(certain) > 1 and certain[0]["when"] < world.now:
            doubt(world, "early-acts")
        for act, kind in kinds:
            if kind is None and not certain and instance.unsure is None:
                if instance.state == "breached":
                    doubt(world, "unknown-actor-late")
                    continue
                if act["when"] < world.now:
                    doubt(world, "unknown-actor-early")
                instance.unsure = act["id"]
                changed = True
        if certain and perform(world, instance, certain[0]):
            changed = True
    return changed


def roll(world: World) -> bool:
    """R4: the next period rolls from the performance, or from the missed deadline.

    It is a trigger of R1's next round: by then a series that ends at this instant has ended.
    """
    rolling, world.rolling = world.rolling, []
    for series in rolling:
        if series.over:
            doubt(world, "period-at-ending")
        elif series.duty["recurring"]["mode"] == "rolling":
            arise(world, series.duty, cause=series.cause, series=series, again=True)
    return bool(rolling)


# --- the events


def happen(world: World, event: Json) -> bool:
    """One event's effect on the ticket and on the duties there are; False when it is impossible (R18)."""
    kind, facts = event["type"], event["facts"]
    if kind in OF_THE_AGREEMENT:
        happen_to_agreement(world, event)
        return True
    if kind == "opened":
        if world.opened:
            return False
        world.opened = True
        world.severity = facts.get("severity")
    elif not world.opened:
        doubt(world, "before-opening")
        return True
    elif kind == "severity_changed":
        return change_severity(world, event)
    elif kind == "waiting":
        if world.waiting == facts.get("on"):
            return False
        if world.resolved:
            doubt(world, "waiting-while-resolved")
        world.waiting = facts.get("on")  # the new one replaces the old
    elif kind == "resumed":
        if world.waiting is None:
            return False
        if world.resolved:
            doubt(world, "waiting-while-resolved")
        world.waiting = None
    elif kind == "resolved":
        if world.resolved:
            return False
        world.resolved, world.resolved_at, world.resolution = True, world.now, event["id"]
        world.cleared, world.waiting = world.waiting, None
    elif kind == "closed":
        if not world.resolved and world.over is None:
            world.over, world.over_by = world.now, "closed"
    elif kind == "cancelled":
        if world.over is None:
            world.over, world.over_by = world.now, "cancelled"
    elif kind == "reopened":
        if not world.resolved and world.over is None:
            return False
        if world.over is not None:
            doubt(world, "reopened-after-ending")
        reopen(world)
    elif kind == "elected":
        elect(world, event)
    world.past.append((world.now, world.waiting, world.resolved))
    world.facts.update({name: value for name, value in facts.items() if name != "severity"})
    world.happened.add(kind)
    world.acts.append(event)
    return True


def happen_to_agreement(world: World, event: Json) -> None:
    kind, facts = event["type"], event["facts"]
    if kind == "started":
        set_terms_of_agreement(world, world.now)
    elif kind == "contact_designated":
        world.contacts.add(facts["who"])
    elif kind == "contact_removed":
        world.contacts.discard(facts["who"])
    elif kind == "hours_purchased":
        world.balance, world.hours = world.balance + facts["hours"], True
    elif kind == "hours_logged":  # R34: the crossing entry is split
        covered = min(world.balance, facts["hours"])
        world.balance, world.hours = world.balance - covered, True
        world.draws.append({"event": event["id"], "covered": covered, "excess": facts["hours"] - covered})


def change_severity(world: World, event: Json) -> bool:
    new = event["facts"].get("severity")
    entitled = world.contract.get("severity_changed_by")
    if entitled is not None and event.get("actor") not in (
        [entitled] if isinstance(entitled, str) else entitled
    ):
        return True  # R24: only the entitled party assigns
    if new == world.severity:
        return False
    before, world.severity = world.severity, new
    world.happened.add("severity_changed")
    world.acts.append(event)
    world.facts.update({name: value for name, value in event["facts"].items() if name != "severity"})
    for instance in world.instances:
        if instance.duty["target"]["kind"] == "by_severity" and instance.state in ("pending", "unknown"):
            new_level(world, instance, new, before)
    return True


def policy_of(instance: Instance, new: Any, before: Any) -> str:
    """The rule for the ticket's own step: whether its severity rose or fell, whatever level the duty kept."""
    rule = instance.duty.get("on_severity_change", "keep")
    if isinstance(rule, dict):
        rule = rule["up" if new < (instance.level if before is None else before) else "down"]  # level 1 is the gravest
    return str(rule)


def new_level(world: World, instance: Instance, new: Any, before: Any) -> None:
    if instance.level is None:
        return  # a change from unknown: `answer` lets it run from its own start (R9, R24)
    rule = policy_of(instance, new, before)
    if rule == "keep" or instance.kind == "each_day":
        return
    instance.level = new
    if instance.state == "unknown":
        if rule == "restart":
            doubt(world, "severity-while-unknown")
        return
    if rule == "restart":
        instance.start = world.now
    elif instance.start != instance.triggered:
        doubt(world, "restart-then-recount")
    set_terms(world, instance)
    instance.used = replay(
        world, instance, world.now
    )  # R6: `instant` sees to it that no breach dates from before
    if suspended(world, instance) and instance.allowed is not None and instance.used >= instance.allowed:
        doubt(world, "overdrawn-while-suspended")


def reopen(world: World) -> None:
    """R7: undoes only what the resolution performed or ended, on the newest instance."""
    was, at = world.resolution, world.resolved_at
    world.resolved, world.over = False, None
    if at == world.now:
        doubt(world, "resolved-reopened-at-once")
    world.resolution = world.resolved_at = None
    world.undone.add(str(was))
    newest = {id(instance.duty): instance for instance in world.instances}
    for instance in newest.values():
        ended = instance.ended_by == "resolved" and instance.ended_at == at and at is not None
        if instance.state == "unknown" and ended and instance.duty.get("on_reopen") == "resume":
            instance.ended_by = instance.ended_at = None
            continue
        performed = was is not None and instance.performed_by == was
        if instance.unsure == was and was is not None:
            doubt(world, "unknown-actor-reopened")
        if not (ended or performed):
            continue
        rule = instance.duty.get("on_reopen")
        if rule is None:
            doubt(world, "no-reopen-rule")
        if rule == "resume":
            resume(world, instance)
        elif rule == "restart":
            series = instance.series
            if series is not None:
                series = Series(instance.duty, world.now, instance.cause)
                world.series.append(series)
            arise(world, instance.duty, cause=instance.cause, series=series, again=True)


def resume(world: World, instance: Instance) -> None:
    instance.performed = instance.performed_by = instance.ended_by = instance.ended_at = None
    instance.owed = True
    if instance.series is not None:
        instance.series.over = False
    if instance.state == "breached":
        return  # a breach stays, owed again
    instance.state, instance.deadline = "pending", None
    if instance.duty["target"]["kind"] == "by_severity" and instance.level != world.severity:
        doubt(world, "severity-while-resolved")
        new_level(world, instance, world.severity, instance.level)


def elect(world: World, event: Json) -> None:
    """R22: early, second, wrong-party and post-resolution elections have no effect."""
    for choice in world.choices:
        right = event.get("actor") == choice["spec"]["elector"]
        option = event["facts"].get("option")
        if choice["state"] == "open" and right and not world.resolved and option in choice["spec"]["options"]:
            choose(world, choice, "elected", option)


def choose(world: World, choice: Json, state: str, option: str) -> None:
    choice.update(state=state, elected=option, at=world.now)
    for duty in choice["spec"]["options"][option]:
        arise(world, duty, again=True)


# --- instant


def instant(world: World) -> None:
    """R1: everything that belongs to one instant, in its order, until nothing changes."""
    now = world.now
    todays = world.timeline.get(now, ())
    fresh: list[Json] = []
    for event in todays:
        before = len(world.acts)
        if not happen(world, event):
            world.impossible.append(event["id"])
        fresh += world.acts[before:]
    if fresh:
        for instance in [one for one in world.instances if one.state == "unknown"]:
            answer(world, instance)
    for clock in clocks(world):
        if (clock.owner or clock).state != "pending" or clock.kind != "business_days" or clock.start == now:
            continue
        if not stands_still(clock, world.waiting, world.resolved) and counts_day(world, clock, now):
            clock.used += 1  # R15: that instant's events applied, the clock runs
    milestones(world)
    triggers(world, fresh)
    changed = True
    while changed:
        changed = roll(world)
        changed = performances(world) or changed
        changed = milestones(world) or changed
        changed = endings(world, fresh) or changed
        changed = deadlines(world) or changed


def triggers(world: World, fresh: list[Json]) -> None:
    if world.over is None or world.over == world.now:
        for duty in world.contract.get("duties", ()):
            for event in fresh:
                if duty["trigger"].get("event") == event["type"]:
                    arise(world, duty)
    for series in list(world.series):
        if series.duty["recurring"]["mode"] == "each_day_of" and not series.over and series.start < world.now:
            each_day(world, series)


def endings(world: World, fresh: list[Json]) -> bool:
    changed = False
    types = {event["type"] for event in fresh}
    seen: Json | None = None
    for instance in list(world.instances):
        until = [kind for kind in instance.duty.get("until", ()) if kind in types]
        if until:
            changed = end(world, instance, until[0]) or changed
        elif world.over is not None:
            changed = end(world, instance, world.over_by) or changed
        elif instance.duty.get("while") is not None:
            seen = situation(world) if seen is None else seen
            names: list[str] = []
            value = holds(instance.duty["while"], seen, names)
            if value is False:
                changed = end(world, instance, "while") or changed
            elif instance.state == "ended" and instance.ended_by == "while" and value is True:
                doubt(world, "while-again")
    for series in world.series:
        stops = any(kind in types for kind in series.duty.get("until", ())) or world.over is not None
        if not stops and series.duty.get("while") is not None:
            stops = holds(series.duty["while"], situation(world), []) is False
        series.over = series.over or stops
    for choice in world.choices:
        if choice["state"] == "open" and (world.over is not None or world.resolved):
            choice["state"], changed = "ended", True
    return changed


def is_due(world: World, clock: Instance) -> bool:
    if clock.kind in ("civil", "each_day"):
        return clock.fixed is not None and world.now >= clock.fixed
    return clock.kind not in ("none", "awaiting") and used_up(clock)


def parts_due(world: World, instance: Instance) -> bool:
    """R33; the part that was missed is the first of those that fall due, of the later the last."""
    for part in instance.parts:
        still = stands_still(part, world.waiting, world.resolved)
        if still and part.reached:
            doubt(world, "later-used-up-then-paused")
        if not part.reached and not still and is_due(world, part):
            part.reached, part.due = True, world.now
            if instance.kind == "sooner_of" and sum(one.due == world.now for one in instance.parts) > 1:
                doubt(world, "several-at-once")
            if part.allowed is not None and part.used > part.allowed:
                doubt(world, "several-overdrawn-at-once")
    due = [part for part in instance.parts if part.reached]
    if not due or (instance.kind == "later_of" and len(due) < len(instance.parts)):
        return False
    instance.missed = due[0]
    if instance.kind == "later_of":
        instance.missed = next(part for part in reversed(instance.parts) if part.due == max(one.due for one in due))
    return True


def deadlines(world: World) -> bool:
    now, changed = world.now, False
    for instance in list(world.instances):
        if instance.state != "pending" or instance.lost:
            continue
        if instance.kind == "later_of":
            parts_due(world, instance)
        if suspended(world, instance):  # R16: no deadline, only a remainder
            if instance.used == instance.allowed and world.past[-1][0] == now:
                doubt(world, "pause-at-deadline")
            continue
        if instance.kind == "civil" and world.resolved:
            doubt(world, "civil-while-resolved")
        due = parts_due(world, instance) if instance.parts else is_due(world, instance)
        if not due and instance.flags and instance.flags[(now - world.base) // 60] == UNKNOWN:
            name = world.contract["calendars"][instance.calendar].get("name", instance.calendar)
            instance.lost, instance.missing = True, [f"holidays of {name}"]  # R30
            changed = True
        if due:
            changed = True
            breach(world, instance)
    for choice in world.choices:
        if choice["state"] == "open" and choice["lapse"] is not None and now >= choice["lapse"]:
            choose(world, choice, "lapsed", choice["spec"]["otherwise"])
            changed = True
    return changed


def breach(world: World, instance: Instance) -> None:
    if instance.unsure is not None:  # R23: no certain act came in time
        instance.lost = True
        return
    used = (instance.missed or instance).used
    instance.state, instance.deadline, instance.used_at_deadline = "breached", world.now, used
    if instance.series is not None:
        instance.owed = False  # R4: missed periods are never performed late
        world.rolling.append(instance.series)
    for duty in world.contract.get("duties", ()):
        if duty["trigger"].get("breach_of") == instance.duty["name"]:
            arise(world, duty, cause=instance)  # R10: one per breached instance
    for spec in world.contract.get("choices", ()):
        if spec["trigger"].get("breach_of") == instance.duty["name"]:
            if guard(world, spec["trigger"], situation(world))[0] is not True:
                continue
            within = spec.get("within_seconds")
            lapse = None if within is None else world.now + within
            world.choices.append({"spec": spec, "state": "open", "elected": None, "at": None, "lapse": lapse})
            if lapse is not None:
                world.marks.append(lapse)


# --- walking


def walk(world: World, stop: int, *, counting: bool) -> int:
    """Steps on until a clock reaches its target, or until `stop`; says where."""
    ticking = [one for one in clocks(world) if ticks(world, one)]
    watched = [one for one in ticking if (one.owner or one).state == "pending"]
    counted = ticking if counting else watched
    if not counted:
        return stop
    at, base, step, start = world.now, world.base, world.step, world.now
    unknowns = [one for one in watched if UNKNOWN in one.flags]
    while at < stop:
        minute = (at - base) // 60
        if unknowns and at > start and any(one.flags[minute] == UNKNOWN for one in unknowns):
            return at
        reached = False
        for clock in counted:
            if clock.flags[minute] == OPEN:
                clock.used += step
                if clock.used == clock.allowed:
                    reached = True
        at += step
        if reached:
            return at
    return at


def next_mark(world: World, last: int) -> int:
    return min((mark for mark in world.marks if mark > world.now), default=last)


def live_until(world: World, last: int) -> None:
    while world.now < last:
        world.now = walk(world, min(next_mark(world, last), last), counting=True)
        instant(world)


def shown_state(world: World, instance: Instance) -> str:
    if instance.state == "unknown" or instance.lost:
        return "undetermined"
    if instance.state == "pending" and instance.unsure is not None:
        return "undetermined"
    return "suspended" if suspended(world, instance) else instance.state


def look_ahead(world: World) -> tuple[dict[Instance, int], int | None]:
    """R17: lives on with no further event; when each state changes next, and when the first thing changes."""
    before = {instance: shown_state(world, instance) for instance in world.instances}
    changes: dict[Instance, int] = {}
    first: int | None = None
    status = status_at(world, world.now)
    choices = [choice["state"] for choice in world.choices]
    last = world.last - DAY
    while world.now < last:
        waits = [one for one in before if one not in changes and one.state == "pending" and not one.lost]
        waits = [one for one in waits if not suspended(world, one) or one.duty.get("while") is not None]
        if first is not None and not waits:
            break
        mark = next_mark(world, -1)
        ticking = [one for one in clocks(world) if ticks(world, one) and (one.owner or one).state == "pending"]
        if mark == -1 and not ticking:
            break
        world.now = walk(world, last if mark == -1 else min(mark, last), counting=False)
        instant(world)
        for instance, state in before.items():
            if instance not in changes and shown_state(world, instance) != state:
                changes[instance] = world.now
        moved = changes or len(world.instances) != len(before) or status_at(world, world.now) != status
        if first is None and (moved or [choice["state"] for choice in world.choices] != choices):
            first = world.now
    return changes, first


# --- judging


def judge(
    case_contract: Json,
    events: list[Json],
    as_of: str,
    log_upto: int | None = None,
    *,
    doubts: set[str] | None = None,
) -> Json:
    """What the rules say of these events at this instant, in the shape of a case's `expect`, without `flags`.

    `doubts`, if given, receives the names (see above) of the open questions that this history ran into.
    """
    until = seconds(as_of)
    known = [event for event in known_events(events, log_upto) if event["when"] <= until]
    world = new_world(in_force(case_contract, known), known, until, set() if doubts is None else doubts)
    world.impossible = of_nothing(events, log_upto)
    live_until(world, until)
    result: Json = {"duties": {}}
    shown = [(name, one, show(world, one)) for name, one in numbered(world)]
    names = {id(one): name for name, one, _ in shown}
    describe_rest(world, result)
    waiting = {one: [clock for clock in clocks_of(one) if clock.kind == "awaiting"] for _, one, _ in shown}
    changes, first = look_ahead(world)
    for name, instance, entry in shown:
        if instance.cause is not None:
            entry["cause"] = names[id(instance.cause)]
        if instance in changes and waiting[instance]:
            doubt(world, "milestone-by-time")
        entry["next_change_at"] = written(changes.get(instance))
        result["duties"][name] = entry
    result["next_change_at"] = written(first)
    return result


def in_force(contract: Json, known: list[Json]) -> Json:
    """R27: a ticket keeps the terms of its opening; an amendment is in force from its date's first instant."""
    opened = min((event["when"] for event in known if event["type"] == "opened"), default=None)
    for amendment in sorted(contract.get("versions", ()), key=lambda one: str(one["from"])):
        since = first_instant(contract["zone"], date.fromisoformat(amendment["from"]).toordinal())
        if opened is not None and opened >= since:
            named = {duty["name"]: duty for duty in amendment["duties"]}
            contract = {**contract, "duties": [named.get(duty["name"], duty) for duty in contract["duties"]]}
    return contract


def new_world(contract: Json, known: list[Json], until: int, doubts: set[str]) -> World:
    ticket = [event["when"] for event in known if event["type"] not in OF_THE_AGREEMENT]
    sizes = [60, until % 60, *(event["when"] % 60 for event in known), *_seconds_in(contract)]
    world = World(
        contract=contract,
        home=contract["zone"],
        step=reduce(gcd, sizes),
        base=(min([*ticket, until]) // DAY - 1) * DAY,
        last=(until // DAY + 1) * DAY + LOOK_AHEAD + DAY,
        timeline={when: list(group) for when, group in groupby(known, key=lambda event: event["when"])},
        doubts=doubts,
    )
    presumed = contract.get("presumed", {})  # R5: presumed until recorded
    world.facts = dict(presumed)
    world.marks = list(world.timeline)
    world.now = min([*world.timeline, until])
    instant(world)
    return world


def _seconds_in(value: Any) -> list[int]:
    if isinstance(value, dict):
        own = [part % 60 for name, part in value.items() if name in ("seconds", "within_seconds")]
        return own + [size for part in value.values() for size in _seconds_in(part)]
    if isinstance(value, list):
        return [size for part in value for size in _seconds_in(part)]
    return []


def numbered(world: World) -> list[tuple[str, Instance]]:
    """`name#n`, in the order in which the instances arose; the numbers are display only (R11)."""
    counts: dict[str, int] = {}
    found = []
    for instance in world.instances:
        name = instance.duty["name"]
        counts[name] = counts.get(name, 0) + 1
        found.append((f"{name}#{counts[name]}", instance))
    return found


def show(world: World, instance: Instance) -> Json:
    state = shown_state(world, instance)
    entry: Json = {
        "state": state,
        "triggered_at": written(instance.triggered),
        "performed_at": written(instance.performed),
    }
    if state == "ended":
        return {**entry, "owed": False, "ended_by": instance.ended_by}
    if state == "could_not_arise":
        return {**entry, "owed": False}
    if state == "undetermined":
        missing = instance.missing or [f"actor of {instance.unsure}"]
        if instance.state == "pending" and not instance.lost and instance.unsure is not None:
            doubt(world, "unknown-actor-pending")
        return {**entry, "deadline": None, "owed": None, "missing": missing}
    if state == "pending":
        entry["deadline"] = written(project(world, instance, world.now))
    else:
        entry["deadline"] = None if state == "suspended" else written(instance.deadline)
    entry["owed"] = instance.owed
    clock = instance.missed if state == "breached" and instance.missed is not None else instance
    if clock.kind in ("elapsed", "business"):
        entry["consumed"], entry["allowed"] = clock.used, clock.allowed
    if state == "breached" and instance.performed is not None:  # R13
        assert instance.deadline is not None
        entry["late_by"] = instance.performed - instance.deadline
        if clock.kind in ("elapsed", "business"):
            entry["late_by_counted"] = clock.used - instance.used_at_deadline
    return entry


def describe_rest(world: World, result: Json) -> None:
    result["impossible"] = list(world.impossible)
    if world.contract.get("choices"):
        result["choices"] = [
            {
                "name": choice["spec"]["name"],
                "state": choice["state"],
                "elected": choice["elected"],
                "at": written(choice["at"]),
            }
            for choice in world.choices
        ]
    if world.contract.get("term") is not None:
        result["status"] = status_at(world, world.now)
    if world.hours:
        result["allowance"] = {"balance": world.balance, "draws": [dict(draw) for draw in world.draws]}
