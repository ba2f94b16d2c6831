"""What an evaluation tells beside its verdicts: what is odd about events, and what each agreement comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from slarules.engine.agreements.agreement import Agreement
from slarules.engine.agreements.binding import over
from slarules.engine.expression import settled
from slarules.engine.history import SubjectHistory
from slarules.engine.judging.case import Case
from slarules.model.value import Unknown, Value
from slarules.model.verdict import AllowanceLevel, Finding


def findings_of(case: Case, subject: SubjectHistory) -> list[Finding]:
    """What was odd about a subject's events as they were judged."""
    name = subject.subject
    if case.is_ticket and case.opened_at is not None and not (
        case.impossible or case.not_entitled or case.disputed or case.plan.disputable or subject.disputes
    ):
        return []
    found = list(subject.disputes)
    found += [impossible(name, e.id, why) for e, why in case.impossible]
    found += [not_entitled(name, e.id, why) for e, why in case.not_entitled]
    found += [disputed(name, e.id, why) for e, why in case.disputed]
    if case.agreement is not None and case.agreement.name == subject.subject:
        found += _of_people(case.agreement, case.now)
    if severity_disputed(case) is not None:
        found.append(undefined(name, subject.entries[0].id, str(case.severity)))
    if case.is_ticket and case.opened_at is None:
        found.extend(not_opened(name, e.id) for e in subject.entries if e.at <= case.now)
    return found


def impossible(subject: str, event: str, why: str) -> Finding:
    """An event that cannot have happened as the ticket stood (R18)."""
    return Finding(subject, event, "impossible", f"{why}: no effect (R18)")


def not_entitled(subject: str, event: str, why: str) -> Finding:
    """Somebody did what only others may (R24)."""
    return Finding(subject, event, "not_entitled", f"{why}: no effect")


def disputed(subject: str, event: str, why: str) -> Finding:
    """A confirmation that confirms nothing (R24)."""
    return Finding(subject, event, "severity_disputed", f"{why} (R24)")


def undefined(subject: str, event: str, severity: str) -> Finding:
    """A severity was assigned that its own definition does not bear out (R24)."""
    return Finding(subject, event, "severity_disputed", _undefined(severity))


def not_opened(subject: str, event: str) -> Finding:
    """Something that happened to a ticket of which no opening is known."""
    return Finding(subject, event, "before_opening", "the ticket is not opened in this log")


def _undefined(severity: str) -> str:
    return f"severity {severity} was assigned, but its definition does not hold (R24)"


def _of_people(agreement: Agreement, as_of: int) -> Iterator[Finding]:
    """Designations without effect, and roles with fewer people than the contract asks for, while it lasts."""
    for name, people in agreement.people.items():
        for entry, code, why in people.refused:
            yield Finding(agreement.name, entry.id, code, why)
        agreement.now, agreement.entry = as_of, None
        least = people.least(as_of, agreement)
        if people.size(as_of) < least and over(agreement.adopted, agreement, as_of) is None:
            last = agreement.history.entries[0] if not people.changed else people.changed[-1]
            told = f"the role `{name}` has {people.size(as_of)} of at least {least} people"
            yield Finding(agreement.name, last.id, "role_below_minimum", told)


def severity_disputed(case: Case) -> str | None:
    """Definitions never assign a severity; they tell where the assigned one is open to dispute (R24)."""
    definition = case.plan.disputable.get(case.severity) if case.severity is not None and case.is_ticket else None
    if definition is None or definition(case) is not False:
        return None
    return _undefined(str(case.severity))


def states_of(agreements: Mapping[str, Agreement], as_of: int) -> dict[tuple[str, str], str | Unknown | None]:
    """(Agreement, status) → its state; None before it begins."""
    states: dict[tuple[str, str], str | Unknown | None] = {}
    for name, agreement in agreements.items():
        for status in agreement.terms.statuses:
            stay = agreement.stay_at(status, as_of)
            known = None if stay is None else stay.state
            states[name, status] = Unknown(stay.missing) if stay is not None and known is None else known
    return states


def allowances_of(agreements: Mapping[str, Agreement], as_of: int) -> tuple[AllowanceLevel, ...]:
    """What each allowance of each agreement stands at (R34)."""
    return tuple(
        AllowanceLevel(name, allowance, agreement.balance_at(allowance, as_of), tuple(agreement.levels[allowance][2]))
        for name, agreement in agreements.items()
        for allowance in agreement.terms.allowances
    )


def amounts_of(agreements: Mapping[str, Agreement], as_of: int) -> dict[tuple[str, str], Value]:
    """(Agreement, amount) → money, date or unknown."""
    values: dict[tuple[str, str], Value] = {}
    for name, agreement in agreements.items():
        agreement.now, agreement.entry = as_of, None
        agreement.worked_out = {}
        for amount in agreement.terms.amounts:
            values[name, amount] = settled(agreement.amount_now(amount))
        agreement.worked_out = None
    return values
