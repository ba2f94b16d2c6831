"""What stands beside the duties, for the quick way: rights, scopes, prohibitions, severities and who sets them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from slarules.columnar.kernels import layout as at
from slarules.columnar.tables.parts import Parts, by_whom, count, fixed_of, part
from slarules.columnar.tables.quick_classes import rows_of
from slarules.columnar.tables.quick_questions import facts_of


def kept_of(own: Parts) -> int:
    """How many prohibitions there are about tickets."""
    return sum(one.kind == "ticket" for one in own.plan.adopted.terms.prohibitions.values())


def rights_of(own: Parts) -> list[tuple[int, int, int]]:
    """The rights that an opening is checked against: rule, parties, question."""
    first = len(own.rules) + kept_of(own)
    rows = rows_of(own, at.T_RIGHTS_AT, at.T_RIGHTS, own.types["opened"])
    return [(first + right, parties, question) for right, parties, question, _ in rows]


def scopes_of(own: Parts) -> list[int]:
    """The question of each scope."""
    found: list[int] = part(own, at.T_SCOPES, count(own, at.T_SCOPE_COUNT)).tolist()
    return found


def first_scope(own: Parts) -> int:
    """The first scope's number among rules."""
    rights = own.plan.adopted.terms.rights.values()
    return len(own.rules) + kept_of(own) + sum(one.kind == "ticket" for one in rights)


def disputes_of(own: Parts) -> list[int]:
    """[severity] → the question whether its definition holds; -1 for none, -2 for one that no table holds."""
    found: list[int] = part(own, at.T_DISPUTES, own.levels).tolist()
    return found


def lasting_facts(own: Parts, duties: Iterable[int]) -> int:
    """The facts that duties and scopes turn on throughout, a bit each."""
    found = 0
    for duty in duties:
        fixed = fixed_of(own, duty)
        found |= facts_of(own, int(fixed[at.D_WHILE]))
        found |= 1 << int(fixed[at.D_KEEPS]) if fixed[at.D_KEEPS] >= 0 else 0
    for scope in scopes_of(own):
        found |= facts_of(own, scope)
    return found


def entitled(own: Parts, who: Sequence[str]) -> Any:
    """[actor + 1] → whether it is one of those who may assign a severity, or change one (R24)."""
    several = range(-1, len(own.parties) + 1)
    return np.array([n < 0 or not who or any(by_whom(one, n, own) == at.YES for one in who) for n in several], np.int64)
