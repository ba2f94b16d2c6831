"""The rows of duties for the quick way: what is fixed of each, and its limit at each severity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels import quick_layout as quick
from slarules.columnar.tables.parts import Parts, fixed_of
from slarules.columnar.tables.quick_births import on_opening
from slarules.columnar.tables.quick_questions import kinds_of

OUTCOMES = ("breached", "met", "performed")


def grants_of(limits: Any, clocks: Mapping[int, int]) -> list[list[int]]:
    """[severity] → time allowed, clock and calendar's name."""
    return [[int(row[at.L_ALLOWED]), clocks.get(int(row[at.L_CALENDAR]), 0), int(row[at.L_NAME])] for row in limits]


def duty_row(own: Parts, duty: int, causes: Mapping[int, int], limits: Any, clocks: Mapping[int, int]) -> Any:
    """What is fixed of a duty (``quick_layout.P_…``), as far as it stands in no other table."""
    fixed = fixed_of(own, duty)
    row = np.zeros(quick.PLAIN, np.int64)
    graded = limits[: own.levels]
    alike = len(graded) > 0 and all(is_usable(one, clocks) and one[at.L_KIND] == at.COUNTING for one in graded)
    row[quick.P_RULE], row[quick.P_COUNTS] = duty, int((limits[:, at.L_KIND] == at.COUNTING).any())
    row[quick.P_STRICT], row[quick.P_PAUSED] = fixed[at.D_STRICT], fixed[at.D_PAUSED]
    row[quick.P_RISES], row[quick.P_FALLS] = fixed[at.D_RISES], fixed[at.D_FALLS]
    row[quick.P_REOPENING], row[quick.P_BY_SEVERITY] = fixed[at.D_REOPENING], fixed[at.D_BY_SEVERITY]
    row[quick.P_ALIKE] = int(alike and len({(one[at.L_CALENDAR], one[at.L_NAME]) for one in graded.tolist()}) == 1)
    row[quick.P_EFFORT] = own.duties[duty].duty.effort
    row[quick.P_CAUSE] = -1 if causes[duty] < 0 else list(causes).index(causes[duty])
    row[quick.P_TRIGGER] = int(duty in [rule for rule, _ in on_opening(own)])
    row[quick.P_KEEPS] = fixed[at.D_KEEPS] + 1
    row[quick.P_STEADY] = int(at.Q_SEVERITY in kinds_of(own, int(fixed[at.D_WHILE])))
    for cause, outcome, name in outcomes_of(own):
        if cause == duty and outcome == 0 and causes.get(own.rules.get(name, -1)) == duty:
            row[quick.P_SETS_OFF] = 1
        elif cause == duty:
            row[quick.P_OUTCOMES] |= 1 << outcome
    return row


def is_usable(limit: Any, clocks: Mapping[int, int]) -> bool:
    """Whether a limit is one that the quick way knows."""
    if limit[at.L_KIND] == at.COUNTING:
        return bool(limit[at.L_ALLOWED] > 0) and int(limit[at.L_CALENDAR]) in clocks
    return bool(limit[at.L_KIND] == at.ENDLESS)


def outcomes_of(own: Parts) -> list[tuple[int, int, str]]:
    """Each (duty, outcome, what it sets off)."""
    return [
        (own.rules[cause], OUTCOMES.index(outcome), planned.name)
        for (cause, outcome), several in own.plan.on_outcome.items()
        if cause in own.rules
        for planned in several
    ]
