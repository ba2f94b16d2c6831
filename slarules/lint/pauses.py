"""Pauses that nothing ends: a clock that may stand still for ever."""

from __future__ import annotations

from collections.abc import Iterator

from slarules.diagnostics import Level
from slarules.lint.examined import Examined
from slarules.lint.finding import Found, Rule
from slarules.model.contract import Contract, Terms
from slarules.model.limit import BeforeTermEnds, ByEndOf, Limit, NextClose, NthClose, Sooner, Within
from slarules.model.rules import Duty
from slarules.model.value import AsRead, Civil
from slarules.model.walk import inside


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
        case Within(span=Civil()) | ByEndOf() | NextClose() | NthClose() | BeforeTermEnds():
            return True
        case Sooner(parts):
            return any(_is_capped(part) for part in parts)
    return False


RULES: tuple[Rule, ...] = (
    Rule("L0501", "endless-pause", Level.WARNING,
         "a pause that nobody is obliged to end and that nothing caps", endless),
)
