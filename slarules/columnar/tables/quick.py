"""Which duties of a version are plain enough for the quick way, and the tables that it reads (see ``kernels.quick``).

Only what is known to be plain is: a ticket with anything else goes to the general kernels.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels import quick_layout as quick
from slarules.columnar.tables.parts import Parts, fixed_of, limits_of
from slarules.columnar.tables.quick_births import on_opening, standing
from slarules.columnar.tables.quick_classes import classes_of, rows_of
from slarules.columnar.tables.quick_clocks import clock_of
from slarules.columnar.tables.quick_duties import outcomes_of
from slarules.columnar.tables.quick_laying import laid_out
from slarules.columnar.tables.quick_powers import disputes_of, scopes_of
from slarules.columnar.tables.quick_questions import asked_calendars, is_known, kinds_of
from slarules.engine.plan import DutyPlan
from slarules.model.limit import Continuously, Within
from slarules.model.rules import Duty, OnEvent, OnOutcome, Standing

FIELDS = frozenset((
    "name", "title", "effort", "kind", "bearer", "counterparty", "act", "triggers", "only_if", "whiles", "limit",
    "performance", "keeps", "paused_on", "until", "rises", "falls", "reopening", "ends_at_next_opening", "citation",
    "choice", "option", "object",
))  # fmt: skip
"""The fields of a duty that are looked at here, or say nothing that could matter."""
PLAIN_ROW = {at.D_ROLLING: 0, at.D_TO_OPENING: 0, at.D_BEYOND: 0}
TOLD = frozenset((
    "TICKET", "RULE", "NUMBER", "STATE", "SEVERITY", "TRIGGERED", "DEADLINE", "PERFORMED", "CONSUMED", "ALLOWED",
    "LATE", "LATE_COUNTED", "OWED", "ENDED_BY", "MISSING", "CAUSE", "CAUSE_NUMBER", "CHANGE", "NAME", "TRIGGER",
    "ACT", "FLAGS", "OPTION", "WHO",
))  # fmt: skip
"""What the quick way writes of a row (``layout.O_…``)."""


def quick_tables(own: Parts) -> Any:
    """The tables of the quick way: one array, led by where each part begins; None: it is for no ticket."""
    if not _plain_version(own):
        return None
    clocks = _clocks(own)
    if not all(lasting(own, scope) for scope in scopes_of(own)):
        return None
    causes = _causes(own, clocks)
    plain = {number: duty for number, duty in enumerate(causes) if _plain(own, duty, clocks)}
    if not plain or len(causes) > quick.DUTIES:
        return None
    classes = classes_of(own, plain, clocks)
    return None if classes is None else laid_out(own, causes, plain, classes, clocks)


# ---- What is plain ---------------------------------------------------------------------------------------------------


def _plain_version(own: Parts) -> bool:
    """Whether nothing that stands beside the duties touches every ticket."""
    plan = own.plan
    told = {name[2:] for name in dir(at) if name.startswith("O_")}
    if {one.name for one in attrs.fields(Duty)} != FIELDS or told != TOLD:
        return False
    if plan.watches_status or plan.watches_agreement or plan.watched_calendars or plan.ending_agreement:
        return False
    if plan.on_remaining or any(not isinstance(p, DutyPlan) for p in plan.standing if p.kind == "ticket"):
        return False
    if any(both.first.pattern.type == both.second.pattern.type for _, both in plan.on_both):
        return False
    return not any(p.kind == "ticket" for p, _ in (*plan.on_state, *plan.each_term))


def _plain(own: Parts, number: int, clocks: Mapping[int, int]) -> bool:
    """Whether the quick way knows all that becomes of a duty once it has arisen."""
    duty = own.duties[number].duty
    if not all(isinstance(trigger, (OnEvent, OnOutcome, Standing)) for trigger in duty.triggers):
        return False
    if duty.ends_at_next_opening or duty.choice is not None or not isinstance(duty.paused_on, tuple):
        return False
    limit = duty.limit
    if duty.keeps is not None and limit is not None:
        return False
    if not (limit is None or isinstance(limit, Continuously) or (isinstance(limit, Within) and limit.after is None)):
        return False
    fixed = fixed_of(own, number)
    if not lasting(own, int(fixed[at.D_WHILE])) or not is_known(own, int(fixed[at.D_QUALIFIES]), clocks):
        return False
    return all(fixed[place] == value for place, value in PLAIN_ROW.items())


def _clocks(own: Parts) -> dict[int, int]:
    """The calendars that the quick way knows → their number there."""
    limits = (row for duty in range(len(own.duties)) for row in limits_of(own, duty) if row[at.L_KIND] == at.COUNTING)
    wanted = dict.fromkeys([*(int(row[at.L_CALENDAR]) for row in limits), *asked_calendars(own, _questions(own))])
    known = [calendar for calendar in wanted if clock_of(own, calendar, 0) is not None]
    return {calendar: number for number, calendar in enumerate(known[: quick.CLOCKS])}


def _questions(own: Parts) -> list[int]:
    """All questions that the quick way may ask."""
    fixed = [fixed_of(own, duty) for duty in range(len(own.duties))]
    found = [int(row[place]) for row in fixed for place in (at.D_GUARD, at.D_WHILE, at.D_QUALIFIES)]
    for begins, name in ((at.T_RIGHTS_AT, at.T_RIGHTS), (at.T_FORBIDS_AT, at.T_FORBIDS)):
        found += [row[2] for code in own.types.values() for row in rows_of(own, begins, name, code)]
    return [*found, *scopes_of(own), *disputes_of(own)]


def _causes(own: Parts, clocks: Mapping[int, int]) -> dict[int, int]:
    """The duties that the quick way may meet, by number → the duty whose breach sets it off, -1 for the opening."""
    found = dict.fromkeys(sorted({*standing(own), *(rule for rule, _ in on_opening(own))}), -1)
    told = [(cause, outcome, own.rules.get(name, -1)) for cause, outcome, name in outcomes_of(own)]
    for cause, outcome, rule in sorted(told):
        if outcome != 0 or rule in found or cause not in found or not cause < rule < len(own.duties):
            continue
        alone = len(own.duties[rule].duty.triggers) <= 1 and [r for _, _, r in told].count(rule) == 1
        if alone and _plain(own, rule, clocks) and _plain(own, cause, clocks):
            found[rule] = cause
    return dict(sorted(found.items()))


def lasting(own: Parts, question: int) -> bool:
    """Whether a question comes to the same throughout unless a fact or a severity is recorded anew."""
    return kinds_of(own, question) <= {at.Q_FACT, at.Q_SEVERITY}
