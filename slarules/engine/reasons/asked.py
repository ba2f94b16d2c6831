"""A question about one subject as of an instant, and what became of each instance of a rule."""

from __future__ import annotations

from attrs import frozen

from slarules.engine.adopt import Adopted
from slarules.engine.agreements.agreement import Agreement
from slarules.engine.evaluate import judged
from slarules.engine.history import SubjectHistory
from slarules.engine.judging.case import Case
from slarules.engine.reasons.reason import Reason, length, moment
from slarules.model.contract import Contract
from slarules.model.verdict import Verdict


@frozen
class Asked:
    """One question: the log as it stands, the subject, the instant."""

    contract: Contract
    versions: tuple[Adopted, ...]
    own: SubjectHistory
    agreement: Agreement | None
    verdicts: tuple[Verdict, ...]
    """All of the subject's."""
    case: Case
    """The subject as of the instant."""
    as_of: int
    zone: str


def standing(asked: Asked, verdict: Verdict) -> Reason:
    """What became of an instance."""
    at = f" at {moment(verdict.performed_at, asked.zone)}" if verdict.performed_at is not None else ""
    due = f" at {moment(verdict.deadline, asked.zone)}" if verdict.deadline is not None else ""
    text = f"{verdict.label}: {verdict.state.replace('_', ' ')}"
    match verdict.state:
        case "pending":
            text += f", due{due}" if due else ", without a deadline"
        case "met" | "reached":
            text += at
        case "breached" | "missed":
            late = f", performed late by {length(verdict.late_by)}" if verdict.late_by is not None else ""
            text += due + (late or (", still owed" if verdict.owed else ""))
        case "undetermined":
            text += " for want of " + ", ".join(f"`{name}`" for name in verdict.missing)
        case "elected" | "lapsed":
            text += f": `{verdict.elected}`" + at
        case "could_not_arise":
            passed = _passed(asked, verdict)
            return Reason(text, (Reason(passed),) if passed else ())
    if verdict.ended_by is not None:
        text += f", ended by `{verdict.ended_by}`"
    return Reason(text)


def _passed(asked: Asked, verdict: Verdict) -> str | None:
    """R29: the dated deadline, and the trigger that came no sooner."""
    for adopted in asked.versions:
        case = judged([adopted], asked.own, asked.agreement, asked.as_of)
        for instance in case.instances if case is not None else ():
            same = instance.plan.name == verdict.duty and instance.triggered_at == verdict.triggered_at
            if same and instance.due is not None and instance.phase == "could_not_arise":
                due, start = moment(instance.due, asked.zone), moment(instance.start, asked.zone)
                return f"by the words it is due {due}, which is not after {start}, when it would begin (R29)"
    return None
