"""Which duties of a version are plain enough for the quick way, and the tables that it reads (see ``kernels.quick``).

Only what is known to be plain is: a ticket with anything else goes to the general kernels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from slarules.calendars import zones
from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels import quick_layout as quick
from slarules.columnar.tables.parts import Parts, by_whom, fixed_of, limits_of, part
from slarules.columnar.tables.quick_births import (
    born_of,
    on_opening,
    question_of,
    standing,
)
from slarules.columnar.tables.quick_classes import Classes, classes_of
from slarules.columnar.tables.quick_clocks import clock_of
from slarules.engine.plan import DutyPlan
from slarules.model.limit import Continuously, Within
from slarules.model.rules import Duty, OnEvent, OnOutcome, Standing

FIELDS = frozenset((
    "name", "title", "effort", "kind", "bearer", "counterparty", "act", "triggers", "only_if", "whiles", "limit",
    "performance", "keeps", "paused_on", "until", "rises", "falls", "reopening", "ends_at_next_opening", "citation",
    "choice", "option", "object",
))  # fmt: skip
"""The fields of a duty that are looked at here, or say nothing that could matter."""
PLAIN_ROW = {at.D_KEEPS: -1, at.D_WHILE: -1, at.D_QUALIFIES: -1, at.D_ROLLING: 0, at.D_TO_OPENING: 0, at.D_BEYOND: 0}
TOLD = frozenset((
    "TICKET", "RULE", "NUMBER", "STATE", "SEVERITY", "TRIGGERED", "DEADLINE", "PERFORMED", "CONSUMED", "ALLOWED",
    "LATE", "LATE_COUNTED", "OWED", "ENDED_BY", "MISSING", "CAUSE", "CAUSE_NUMBER", "CHANGE", "NAME", "TRIGGER",
    "ACT", "FLAGS", "OPTION", "WHO",
))  # fmt: skip
"""What the quick way writes of a row (``layout.O_…``)."""
OUTCOMES = ("breached", "met", "performed")


def quick_tables(own: Parts) -> Any:
    """The tables of the quick way: one array, led by where each part begins; None: it is for no ticket."""
    if not _plain_version(own):
        return None
    causes = _causes(own)
    plain = {number: duty for number, duty in enumerate(causes) if _plain(own, duty)}
    if not plain or len(causes) > quick.DUTIES:
        return None
    classes = classes_of(own, plain)
    return None if classes is None else _laid_out(own, causes, plain, classes)


# ---- What is plain ---------------------------------------------------------------------------------------------------


def _plain_version(own: Parts) -> bool:
    """Whether nothing that stands beside the duties touches every ticket."""
    plan, terms = own.plan, own.plan.adopted.terms
    told = {name[2:] for name in dir(at) if name.startswith("O_")}
    if {one.name for one in attrs.fields(Duty)} != FIELDS or told != TOLD:
        return False
    if plan.adopted.contract.in_force != (None, None) or any(one.kind == "ticket" for one in terms.scopes.values()):
        return False
    if plan.watches_status or plan.watches_agreement or plan.watched_calendars or plan.ending_agreement:
        return False
    if plan.on_remaining or any(not isinstance(p, DutyPlan) for p in plan.standing if p.kind == "ticket"):
        return False
    if any(both.first.pattern.type == both.second.pattern.type for _, both in plan.on_both):
        return False
    return not any(p.kind == "ticket" for p, _ in (*plan.on_state, *plan.each_term))


def _plain(own: Parts, number: int) -> bool:
    """Whether the quick way knows all that becomes of a duty once it has arisen."""
    duty = own.duties[number].duty
    if not all(isinstance(trigger, (OnEvent, OnOutcome, Standing)) for trigger in duty.triggers):
        return False
    if duty.whiles or duty.keeps is not None or duty.until or duty.ends_at_next_opening or duty.choice is not None:
        return False
    if duty.performance.conditions or not isinstance(duty.paused_on, tuple):
        return False
    limit = duty.limit
    if not (limit is None or isinstance(limit, Continuously) or (isinstance(limit, Within) and limit.after is None)):
        return False
    fixed = fixed_of(own, number)
    return all(fixed[place] == value for place, value in PLAIN_ROW.items())


def _outcomes(own: Parts) -> list[tuple[int, int, str]]:
    """Each (duty, outcome, what it sets off)."""
    return [
        (own.rules[cause], OUTCOMES.index(outcome), planned.name)
        for (cause, outcome), several in own.plan.on_outcome.items()
        if cause in own.rules
        for planned in several
    ]


def _causes(own: Parts) -> dict[int, int]:
    """The duties that the quick way may meet, by number → the duty whose breach sets it off, -1 for the opening."""
    found = dict.fromkeys(sorted({*standing(own), *(rule for rule, _ in on_opening(own))}), -1)
    told = [(cause, outcome, own.rules.get(name, -1)) for cause, outcome, name in _outcomes(own)]
    for cause, outcome, rule in sorted(told):
        if outcome != 0 or rule in found or cause not in found or not cause < rule < len(own.duties):
            continue
        alone = len(own.duties[rule].duty.triggers) <= 1 and [r for _, _, r in told].count(rule) == 1
        if alone and _plain(own, rule) and _plain(own, cause):
            found[rule] = cause
    return dict(sorted(found.items()))


# ---- Laying out ------------------------------------------------------------------------------------------------------


def _laid_out(own: Parts, causes: Mapping[int, int], plain: Mapping[int, int], classes: Classes) -> Any:
    limits = {duty: limits_of(own, duty) for duty in causes}
    counting = [limits[duty][limits[duty][:, at.L_KIND] == at.COUNTING] for duty in plain.values()]
    wanted = dict.fromkeys(int(row[at.L_CALENDAR]) for rows in counting for row in rows)
    known = [calendar for calendar in wanted if clock_of(own, calendar, 0) is not None]
    clocks = {calendar: number for number, calendar in enumerate(known[: quick.CLOCKS])}
    kinds = np.array(classes.kinds, np.int64)
    severe = np.isin(kinds, (quick.BEGINS, quick.REGRADES))
    parts: dict[str, Any] = {
        "class": classes.of | np.where(severe, 0, quick.SEVERE)[classes.of],
        "kind": kinds,
        "performs": np.array(classes.performs, np.int64),
        "duties": np.zeros((len(causes), quick.PLAIN), np.int64),
        "grants": np.array([_grants(limits[duty], clocks) for duty in causes], np.int64),
        "born": np.array([born_of(own, d, cause, _known(own, d, clocks)) for d, cause in causes.items()], np.int64),
        "grave": np.append(part(own, at.T_GRAVE, own.levels), 1 << 30),
        "settled": np.append(part(own, at.T_DISPUTES, own.levels) == -1, True).astype(np.int64),
        "assigns": _entitled(own, own.plan.assigners),
        "changes": _entitled(own, own.plan.changers),
        "clocks": np.zeros((len(clocks), quick.CLOCK), np.int64),
    }
    header = np.zeros(quick.QUICK_HEADER, np.int64)
    place = quick.QUICK_HEADER
    for name, one in parts.items():
        header[int(getattr(quick, f"Q_{name.upper()}"))] = place
        place += one.size
    tail: list[Any] = []
    for number, duty in enumerate(causes):
        acts = [n for n, bits in enumerate(classes.performs) if bits >> number & 1]
        asked = question_of(own, duty)
        row = _duty(own, duty, causes, limits[duty], clocks)
        row[quick.P_ACTS], row[quick.P_ACT_COUNT] = place, len(acts)
        row[quick.P_GUARD] = place + len(acts) if len(asked) else 0
        parts["duties"][number] = row
        tail += [np.array(acts, np.int64), asked]
        place += len(acts) + len(asked)
    for calendar, number in clocks.items():
        made = clock_of(own, calendar, place)
        assert made is not None
        parts["clocks"][number] = made[0]
        tail.append(made[1])
        place += len(made[1])
    for name, value in _counts(own, causes, classes, clocks).items():
        header[int(name)] = value
    return np.concatenate([header, *(one.ravel() for one in parts.values()), *tail])


def _known(own: Parts, duty: int, clocks: Mapping[int, int]) -> list[bool]:
    """[severity] → whether the duty's clock is one that the quick way knows."""
    return [_plain(own, duty) and _usable(limit, clocks) for limit in limits_of(own, duty)]


def _grants(limits: Any, clocks: Mapping[int, int]) -> list[list[int]]:
    """[severity] → time allowed, clock and calendar's name."""
    return [[int(row[at.L_ALLOWED]), clocks.get(int(row[at.L_CALENDAR]), 0), int(row[at.L_NAME])] for row in limits]


def _duty(own: Parts, duty: int, causes: Mapping[int, int], limits: Any, clocks: Mapping[int, int]) -> Any:
    fixed = fixed_of(own, duty)
    row = np.zeros(quick.PLAIN, np.int64)
    graded = limits[: own.levels]
    alike = len(graded) > 0 and all(_usable(one, clocks) and one[at.L_KIND] == at.COUNTING for one in graded)
    row[quick.P_RULE], row[quick.P_COUNTS] = duty, int((limits[:, at.L_KIND] == at.COUNTING).any())
    row[quick.P_STRICT], row[quick.P_PAUSED] = fixed[at.D_STRICT], fixed[at.D_PAUSED]
    row[quick.P_RISES], row[quick.P_FALLS] = fixed[at.D_RISES], fixed[at.D_FALLS]
    row[quick.P_REOPENING], row[quick.P_BY_SEVERITY] = fixed[at.D_REOPENING], fixed[at.D_BY_SEVERITY]
    row[quick.P_ALIKE] = int(alike and len({(one[at.L_CALENDAR], one[at.L_NAME]) for one in graded.tolist()}) == 1)
    row[quick.P_EFFORT] = own.duties[duty].duty.effort
    row[quick.P_CAUSE] = -1 if causes[duty] < 0 else list(causes).index(causes[duty])
    row[quick.P_TRIGGER] = int(duty in [rule for rule, _ in on_opening(own)])
    for cause, outcome, name in _outcomes(own):
        if cause == duty and outcome == 0 and causes.get(own.rules.get(name, -1)) == duty:
            row[quick.P_SETS_OFF] = 1
        elif cause == duty:
            row[quick.P_OUTCOMES] |= 1 << outcome
    return row


def _usable(limit: Any, clocks: Mapping[int, int]) -> bool:
    """Whether a limit is one that the quick way knows."""
    if limit[at.L_KIND] == at.COUNTING:
        return bool(limit[at.L_ALLOWED] > 0) and int(limit[at.L_CALENDAR]) in clocks
    return bool(limit[at.L_KIND] == at.ENDLESS)


def _entitled(own: Parts, who: Sequence[str]) -> Any:
    """[actor + 1] → whether it is one of those who may assign a severity, or change one (R24)."""
    several = range(-1, len(own.parties) + 1)
    return np.array([n < 0 or not who or any(by_whom(one, n, own) == at.YES for one in who) for n in several], np.int64)


def _counts(own: Parts, causes: Mapping[int, int], classes: Classes, clocks: Mapping[int, int]) -> dict[Any, int]:
    kinds = classes.kinds
    usual = {}
    for does in (quick.RESOLVES, quick.CLOSES):
        own_classes = [n for n, kind in enumerate(kinds) if kind == does]
        usual[does] = max(own_classes, key=lambda n: (classes.performs[n].bit_count(), -n), default=len(kinds))

    def bits(*wanted: int) -> int:
        return sum(1 << n for n, kind in enumerate(kinds) if kind in wanted)

    others = bits(quick.RESOLVES, quick.CLOSES) & ~(1 << usual[quick.RESOLVES]) & ~(1 << usual[quick.CLOSES])
    terms = own.plan.adopted.terms
    return {
        quick.Q_ACTORS: len(own.parties) + 2,
        quick.Q_CLASSES: len(kinds),
        quick.Q_MOVING: others | bits(quick.WAITS, quick.RESUMES, quick.REGRADES, quick.REOPENS, quick.ENDS_ALL),
        quick.Q_ALIENS: bits(quick.ALIEN),
        quick.Q_BEGINNERS: bits(quick.BEGINS),
        quick.Q_ONCE: bits(quick.BEGINS, quick.RESOLVES, quick.CLOSES),
        quick.Q_RESOLVED: usual[quick.RESOLVES],
        quick.Q_CLOSED: usual[quick.CLOSES],
        quick.Q_DUTY_COUNT: len(causes),
        quick.Q_LEVELS: own.levels,
        quick.Q_CLOCK_COUNT: len(clocks),
        quick.Q_KEPT: len(own.rules),
        quick.Q_KEPT_COUNT: sum(one.kind == "ticket" for one in terms.prohibitions.values()),
        quick.Q_LATEST: zones.END - 1,
    }
