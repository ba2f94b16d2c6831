"""Whether a duty arises, for the quick way: by who opened the ticket, by its severity, by what the opening says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels import quick_layout as quick
from slarules.columnar.tables.parts import (
    Parts,
    by_whom,
    fixed_of,
    limits_of,
    part,
)
from slarules.columnar.tables.quick_questions import guard_of, inputs_of, is_known, kinds_of
from slarules.engine.plan import DutyPlan
from slarules.model.rules import OnEvent


def on_opening(own: Parts) -> list[tuple[int, OnEvent]]:
    """The duties that openings set off, once for each trigger."""
    return [
        (own.rules[planned.name], trigger)
        for planned, trigger in own.plan.on_event.get("opened", ())
        if planned.kind == "ticket" and isinstance(planned, DutyPlan)
    ]


def standing(own: Parts) -> list[int]:
    """The duties that stand from the ticket's opening on."""
    return [own.rules[planned.name] for planned in own.plan.standing if planned.kind == "ticket"]


def born_of(own: Parts, duty: int, cause: int, known: Sequence[bool], clocks: Mapping[int, int]) -> list[list[int]]:
    """[actor + 1][severity] → whether the duty arises; ``known`` [severity] whether its clock then is a known one."""
    limits = limits_of(own, duty)
    found = [[quick.UNKNOWN_BIRTH] * (own.levels + 1) for _ in range(len(own.parties) + 2)]
    for actor, level in product(range(len(own.parties) + 2), range(own.levels + 1)):
        set_off = at.YES if cause >= 0 else _set_off(own, duty, actor - 1)
        if set_off == at.NO:
            found[actor][level] = quick.NOT_BORN
        elif set_off == at.YES and fixed_of(own, duty)[at.D_BEYOND] == 0:
            asked = _answer(own, duty, actor + 1 if cause < 0 else 0, level, clocks)
            if asked == quick.NOT_BORN or (asked == quick.BORN and limits[level, at.L_KIND] == at.NO_PROMISE):
                found[actor][level] = quick.NOT_BORN
            elif known[level]:
                found[actor][level] = asked
            elif asked == quick.ASKED:
                found[actor][level] = quick.ASKED_ALONE
    return found


def _set_off(own: Parts, duty: int, actor: int) -> int:
    """Whether an opening by an actor sets the duty off, once; 2: the general kernels know."""
    times = standing(own).count(duty)
    for rule, trigger in on_opening(own):
        by = by_whom(trigger.pattern.by, actor, own)
        if rule == duty and by != at.NO:
            times += 1 if by == at.YES and trigger.during is None and trigger.outside is None else 2
    return min(times, 2)


def _answer(own: Parts, duty: int, actor: int, level: int, clocks: Mapping[int, int]) -> int:
    """What the condition beside its trigger comes to, where the severity and the actor decide it."""
    number = guard_of(own, duty)
    if number < 0:
        return quick.BORN
    if not is_known(own, number, clocks):
        return quick.UNKNOWN_BIRTH
    if not kinds_of(own, number) <= {at.Q_SEVERITY, at.Q_ACTOR}:
        return quick.ASKED
    place = int(part(own, at.T_QUESTIONS, number + 1, 3)[number][2])
    for kind, _, stride in inputs_of(own, number).tolist():
        if kind == at.Q_SEVERITY:
            place += stride * (0 if level == own.levels else level + 1)
        elif duty in [rule for rule, _ in on_opening(own)]:
            place += stride * actor
    found = int(part(own, at.T_ANSWERS, place + 1)[place])
    return {at.YES: quick.BORN, at.NO: quick.NOT_BORN}.get(found, quick.ASKED)
