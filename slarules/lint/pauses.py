"""Clocks that may stand still for ever: pauses that nothing ends, and times that begin when a ticket is over."""

from __future__ import annotations

from collections.abc import Iterator

from slarules.diagnostics import Level
from slarules.lint.examined import Examined
from slarules.lint.finding import Found, Rule
from slarules.model.contract import Contract, Terms
from slarules.model.limit import BeforeTermEnds, ByEndOf, Later, Limit, NextClose, Sooner, Within
from slarules.model.rules import Duty, OnEvent, Trigger
from slarules.model.value import AsRead, Civil
from slarules.model.walk import inside

ENDS = ("cancelled", "out_of_scope")
"""What ends all that is owed on a ticket from its instant on (R19)."""
STILL = ("resolved", "closed")
"""From then on the clocks of a ticket stand still (R7); `closed` while open ends what is owed."""
DATED = "promise a date, which nothing stops, such as `within 5 days`"
APART = "let what is owed afterwards be of a subject of its own: `subject review`, `when review requested`"


def endless(examined: Examined) -> Iterator[Found]:
    """A duty that waits for somebody who owes nothing, with no event, condition or date that caps the wait."""
    contract = examined.contract
    if contract is None:
        return
    for terms in examined.versions:
        for duty in terms.duties.values():
            waited = _waited_on(duty, contract)
            if not waited or duty.until or duty.whiles or _is_capped(duty.limit):
                continue
            idle = [name for name in waited if not _owes(name, duty.kind, terms)]
            if idle:
                lines = examined.lines_at(duty.citation.rule, "paused_while")
                whom = " or ".join(f"`{name}`" for name in idle)
                yield Found(
                    lines[0].span if lines else examined.name_at(duty.citation.rule),
                    f"the clock of `{duty.name}` may stand still for ever: nothing obliges {whom} to answer, and "
                    "nothing ends the wait",
                    "let a duty say by when the answer is owed; or cap it: `by the sooner of … and within 30 days`, "
                    "`until …`, `while …`",
                )


def _waited_on(duty: Duty, contract: Contract) -> tuple[str, ...]:
    """Parties and states waited on, as adopted."""
    paused = duty.paused_on
    if isinstance(paused, AsRead):
        adopted = paused.options.get(contract.readings[paused.reading].adopted)
        return tuple(one for one in inside(adopted) if isinstance(one, str))
    return paused


def _owes(party: str, kind: str, terms: Terms) -> bool:
    """Whether a party owes anything about such a subject."""
    return any(duty.bearer == party and duty.kind == kind for duty in terms.duties.values())


def _is_capped(limit: Limit | None) -> bool:
    """Whether a pause does not move the deadline for ever: dates are not paused (R14)."""
    match limit:
        case Within(span=Civil(), basis=None) | ByEndOf() | NextClose() | BeforeTermEnds():
            return True
        case Sooner(parts):
            return any(_is_capped(part) for part in parts)
        case Later(parts):
            return all(_is_capped(part) for part in parts)
    return False


def too_late(examined: Examined) -> Iterator[Found]:
    """A duty that the end of a ticket sets off: it ends with the ticket, or its clock stands still (R7, R19)."""
    for terms in examined.versions:
        for duty in terms.duties.values():
            ended = next(filter(None, (ending(duty, one) for one in duty.triggers)), None)
            if ended is None:
                continue
            what, then, instead = (
                ("ends as soon as it begins", "ends what is owed on the ticket", APART) if ended in ENDS else
                ("never falls due", "the clocks of a resolved ticket stand still", f"{DATED}; or {APART}")
            )  # fmt: skip
            told = f"`{duty.name}` {what}: `{ended}` sets it off, and {then}"
            yield Found(examined.name_at(duty.citation.rule), told, instead)


def ending(duty: Duty, trigger: Trigger) -> str | None:
    """The event that sets the duty off and by which its ticket is over, so that its time never runs."""
    if duty.kind != "ticket" or not isinstance(trigger, OnEvent):
        return None
    by = trigger.pattern.type
    runs = duty.limit is not None and not _is_capped(duty.limit)
    return by if by in ENDS or (by in STILL and runs) else None


RULES: tuple[Rule, ...] = (
    Rule("L0501", "endless-pause", Level.WARNING,
         "a pause that nobody is obliged to end and that nothing caps", endless),
    Rule("L0502", "begins-at-the-end", Level.WARNING,
         "a time that begins when the ticket is resolved, closed or cancelled, and so never runs", too_late),
)
