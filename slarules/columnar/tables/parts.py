"""The tables of a version looked at part by part, beside the plan that they were made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from slarules.columnar.kernels import layout as at
from slarules.engine.plan import DutyPlan, Plan


@frozen(eq=False)
class Parts:
    """The tables of a version, and what their numbers mean."""

    whole: Any
    """As the general kernels read them."""
    plan: Plan
    rules: Mapping[str, int]
    """Duties and choices about tickets → their number."""
    duties: Sequence[DutyPlan]
    """Duties about tickets by number."""
    types: Mapping[str, int]
    """Types of event → their code."""
    parties: Sequence[str]
    """By code."""
    levels: int
    """How many severities there are."""


def part(own: Parts, name: int, *shape: int) -> Any:
    """A part, by the name of where it begins (``layout.T_…``)."""
    begin = int(own.whole[name - at.WORK]) - at.WORK
    return own.whole[begin : begin + int(np.prod(shape))].reshape(shape)


def length(own: Parts, name: int) -> int:
    """How long a part is."""
    begin, head = own.whole[name - at.WORK], own.whole[: at.T_DUTY_COUNT - at.WORK]
    later = head[(head > begin) & (head < at.WORK + len(own.whole))]
    return int((later.min() if len(later) else at.WORK + len(own.whole)) - begin)


def count(own: Parts, name: int) -> int:
    """A count of the header, or whatever else stands there itself."""
    return int(own.whole[name - at.WORK])


def fixed_of(own: Parts, duty: int) -> Any:
    """What is fixed of a duty (``layout.D_…``)."""
    return part(own, at.T_DUTIES, len(own.duties), at.DUTY)[duty]


def limits_of(own: Parts, duty: int) -> Any:
    """Its limit at each severity, the last for none (``layout.L_…``)."""
    return part(own, at.T_LIMITS, len(own.duties), own.levels + 1, at.LIMIT)[duty]


def by_whom(by: str | None, actor: int, own: Parts) -> int:
    """Whether an act is by a party, or by whoever; 2 where that is not known: the actor is -1 (R23), or no party is
    meant."""
    if by is None:
        return at.YES
    if actor < 0 or by not in own.parties:
        return 2
    return at.YES if own.parties.index(by) == actor else at.NO
