"""How an instance of a rule comes to be: its trigger, and facts under which its conditions hold, found by trying."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import islice

from attrs import evolve

from slarules.calendars import zones
from slarules.model.event import Raw
from slarules.model.limit import EachDay, Milestone, OnEach, Within
from slarules.model.rules import (
    Choice,
    Duty,
    EachTerm,
    OnOutcome,
    OnRemaining,
    Trigger,
)
from slarules.model.value import HOUR, MINUTE
from slarules.model.walk import inside
from slarules.proposing.deeds import agreement, facts_of, opening, usual
from slarules.proposing.needs import TRIALS, at_once, needs
from slarules.proposing.playing import (
    Deed,
    Played,
    Plot,
    WaitFor,
    did,
    instances,
    play,
    sparing,
)
from slarules.proposing.setting import AGREEMENT, DEEPEST, Setting, Steps, subject_of
from slarules.proposing.ways import Way, together, ways

UNDER_WAY = ("pending", "suspended", "open")
"""States of an instance that has just come to be."""


def plot_for(setting: Setting, name: str, levels: tuple[str, ...] = (), depth: int = 0) -> Played | None:
    """An instance of the rule that is under way, played from the first Monday; None: none was found.

    ``levels`` are the severities that the ticket may have; none: any.
    """
    key = name, levels
    if key not in setting.made:
        setting.made[key] = None  # a circle finds nothing new
        setting.made[key] = next(_found(setting, name, levels, depth), None)
    return setting.made[key]


def _found(setting: Setting, name: str, levels: tuple[str, ...], depth: int) -> Iterator[Played]:
    rule = setting.terms.duties.get(name) or setting.terms.choices.get(name)
    if rule is None or depth > DEEPEST:
        return
    last = setting.tried[0] + TRIALS
    good = (*UNDER_WAY, "met", "reached") if at_once(rule) else UNDER_WAY
    for trigger in _triggers(setting, rule):
        for need in needs(setting, rule, trigger, levels):
            steps = _steps(setting, rule, trigger, need, levels, depth)
            if steps is None:
                continue
            later = _at_last(setting, rule, trigger, depth)
            for all_steps in ((*steps, *later), steps) if later else (steps,):
                for start in _starts(setting, need):
                    setting.tried[0] += 1
                    if setting.tried[0] > last:
                        return
                    plot = Plot(
                        setting.contract, name, subject_of(rule.kind), rule.kind, setting.readings, all_steps
                    )
                    played = play(plot, start)
                    if played is not None and played.verdict.state in good:
                        yield sparing(played)


def _triggers(setting: Setting, rule: Duty | Choice) -> tuple[Trigger | str, ...]:
    """What sets it off; of a choice's duty the choice."""
    if isinstance(rule, Duty) and rule.choice is not None:
        return (rule.choice,)
    return rule.triggers


def _steps(
    setting: Setting, rule: Duty | Choice, trigger: Trigger | str, need: Way, levels: tuple[str, ...], depth: int
) -> Steps | None:
    """Everything that happens until the trigger; None where what it follows from cannot come to be."""
    subject = subject_of(rule.kind)
    before: Steps = ()
    level = need.get(("severity",))
    levels = (level,) if level is not None else levels
    match trigger:
        case str():
            offered = plot_for(setting, trigger, levels, depth + 1)
            if offered is None:
                return None
            before = (*offered.plot.steps, _election(setting, rule, trigger, subject))
        case OnOutcome(name, outcome):
            owed = plot_for(setting, name, levels, depth + 1)
            if owed is None:
                return None
            done = performing(setting, owed) if outcome != "breached" else None
            if outcome != "breached" and done is None:
                return None
            before = (*owed.plot.steps, *((evolve(done, after=HOUR // 2),) if done else (WaitFor(rule.name, name),)))
        case OnRemaining(name):
            owed = plot_for(setting, name, levels, depth + 1)
            if owed is None:
                return None
            before = (*owed.plot.steps, WaitFor(rule.name))
    first = opening(setting, rule, trigger, need)
    if before:
        return _with_facts(before, first)
    return (*agreement(setting, rule, need, trigger), *first)


def _with_facts(before: Steps, opening: Steps) -> Steps:
    """What led up to it, with the facts that this rule needs recorded from the first."""
    facts: dict[str, Raw] = {}
    for deed in opening:
        if isinstance(deed, Deed):
            facts |= {name: value for name, value in deed.facts.items() if name != "severity"}
    first = next((n for n, d in enumerate(before) if isinstance(d, Deed) and d.subject != AGREEMENT), None)
    if not facts or first is None:
        return before
    deed = before[first]
    assert isinstance(deed, Deed)
    return (*before[:first], evolve(deed, facts={**facts, **deed.facts}), *before[first + 1 :])


def _election(setting: Setting, rule: Duty | Choice, choice: str, subject: str) -> Deed:
    elector = setting.terms.choices[choice].elector
    option = rule.option if isinstance(rule, Duty) else None
    kind = "elected" if elector is not None else "agreed"
    return Deed(kind, subject, rule.kind, elector, {choice: option}, HOUR // 2)


def _at_last(setting: Setting, rule: Duty | Choice, trigger: Trigger | str, depth: int) -> Steps:
    """What comes after the trigger: what a limit runs from; the first term, the first of several dates."""
    dated = isinstance(rule, Duty) and isinstance(rule.limit, (OnEach, EachDay))
    if dated or isinstance(trigger, EachTerm):
        return (WaitFor(rule.name),)
    after = [part.after for part in inside(getattr(rule, "limit", None)) if isinstance(part, Within) and part.after]
    after = [one for one in after if isinstance(one, Milestone) or one.type != "opened"]  # a ticket is opened once
    done: list[Deed] = []
    for milestone in after:
        if isinstance(milestone, Milestone):
            owed = plot_for(setting, milestone.duty, (), depth + 1)
            act = performing(setting, owed) if owed is not None else None
        else:
            act = Deed(milestone.type, subject_of(rule.kind), rule.kind, milestone.by or usual(setting, milestone.type))
        done += [evolve(act, after=HOUR // 2)] if act is not None else []
    return tuple(done)


def _starts(setting: Setting, need: Way) -> list[int]:
    """Monday at ten; where a calendar must be open or closed, times at which it is."""
    monday = setting.monday
    times = [(0, 10, 0), (0, 22, 0), (5, 12, 0), (5, 20, 30), (6, 3, 0)]
    starts = [
        zones.instant(datetime.combine(monday + timedelta(days=d), time(h, m)), setting.zone, 0) for d, h, m in times
    ]
    asked = [(setting.adopted.calendars[key[1]], so) for key, so in need.items() if key[0] == "calendar"]
    if not asked:
        return starts[:1]
    for calendar, so in asked:
        turn = calendar.next_open(starts[0]) if so else calendar.next_close(starts[0])
        starts += [turn + 10 * MINUTE] if turn is not None else []
    fitting = [s for s in starts if all(c.is_open(s) is so for c, so in asked)]
    return fitting[:2] or starts[:1]


def performing(setting: Setting, played: Played) -> Deed | None:
    """The act that performs the duty; None where none was found."""
    duty = setting.terms.duties.get(played.plot.rule)
    if duty is None:
        return None
    due = played.due
    middle = played.at + (HOUR if due is None else (due - played.at) // 2)
    for pattern in duty.performance.patterns:
        each = [list(ways(c, True, setting.adopted, setting.monday)) for c in duty.performance.conditions]
        for way in islice(together(each), TRIALS // 4):
            facts, carried = facts_of(setting, way, duty.kind)
            deed = Deed(pattern.type, played.plot.subject, duty.kind, pattern.by or duty.bearer, {**facts, **carried})
            if any(_performs(played, deed, at) for at in (middle, due) if at is not None):
                return deed
    return None


def _performs(played: Played, deed: Deed, at: int) -> bool:
    now = instances(did(played, deed, at), at)
    return any(v.number == played.verdict.number and v.state in ("met", "reached") for v in now)


def failing(setting: Setting, played: Played) -> Played | None:
    """The same tale with facts under which its trigger does not perform a duty that is due at once; None: no such."""
    duty = setting.terms.duties[played.plot.rule]
    recorded = {name: value for event in played.events for name, value in event.facts.items()}
    for condition in duty.performance.conditions:
        found = [facts_of(setting, way, duty.kind) for way in ways(condition, False, setting.adopted, setting.monday)]
        facts = [{**own, **carried} for own, carried in found]
        for one in sorted(facts, key=lambda one: sum(recorded.get(name) != value for name, value in one.items())):
            again = play(_with(played.plot, one), played.events[0].at)
            if again is not None and again.verdict.state in ("breached", "missed"):
                return again
    return None


def _with(plot: Plot, facts: dict[str, Raw]) -> Plot:
    """The plot with these facts recorded by the subject's last event."""
    last = max(n for n, s in enumerate(plot.steps) if isinstance(s, Deed) and s.subject == plot.subject)
    deed = plot.steps[last]
    assert isinstance(deed, Deed)
    changed = evolve(deed, facts={**deed.facts, **facts})
    return evolve(plot, steps=(*plot.steps[:last], changed, *plot.steps[last + 1 :]))
