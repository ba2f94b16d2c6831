"""Counterexamples put to the engine before anybody sees them: what it does not confirm is never shown as a fact."""

from __future__ import annotations

from slarules.analysis.moments import supplied_for
from slarules.calendars.zones import format_instant
from slarules.engine.evaluate import evaluate
from slarules.lint.finding import Claim, Disputed, Due, DueLater, InState, NotArisen, Seen, Wants, Witness
from slarules.model.contract import Contract
from slarules.model.verdict import Evaluation, Verdict


def confirmed(contract: Contract, witness: Witness) -> Evaluation | str:
    """What the engine says of a witness; or, where it does not bear every claim out, which one and what it says."""
    supplied = {**supplied_for(contract), **witness.supplied}
    seen = evaluate(contract, witness.readings, witness.events, witness.as_of, supplied=supplied)
    for claim in witness.claims:
        why = _against(claim, seen, seen.verdicts)
        if why is not None:
            return why
    return seen


def _against(claim: Claim, seen: Evaluation, verdicts: tuple[Verdict, ...]) -> str | None:
    """What speaks against a claim; None where it is borne out."""
    match claim:
        case Seen(subject, rule, states, number):
            own = _of(verdicts, subject, rule, number)
            if not own:
                return f"{subject} has no instance of `{rule}`"
            other = next((v for v in own if states and v.state not in states), None)
            return None if other is None else f"{_said(other)}, not {' or '.join(states)}"
        case NotArisen(subject, rule):
            return next((_said(v) for v in _of(verdicts, subject, rule)), None)
        case Due(subject, rule, at):
            own = _of(verdicts, subject, rule)
            if not own:
                return f"{subject} has no instance of `{rule}`"
            return next((f"{_said(v)}, due at {_when(v.deadline)}" for v in own if v.deadline != at), None)
        case DueLater():
            return _not_later(claim, verdicts)
        case Wants(subject, rule, fact):
            own = _of(verdicts, subject, rule)
            return None if any(fact in v.missing for v in own) else f"{subject} `{rule}` does not want `{fact}`"
        case InState(subject, rule, state):
            is_in = seen.statuses.get((subject, rule))
            return None if is_in == state else f"{subject} `{rule}` is `{is_in}`, not `{state}`"
        case Disputed(subject, disputed):
            told = any(f.subject == subject and f.code == "severity_disputed" for f in seen.findings)
            return None if told is disputed else f"the severity of {subject} is{'' if told else ' not'} disputed"


def _not_later(claim: DueLater, verdicts: tuple[Verdict, ...]) -> str | None:
    one = next((v.deadline for v in _of(verdicts, claim.subject, claim.rule)), None)
    than = next((v.deadline for v in _of(verdicts, claim.than_subject, claim.than_rule)), None)
    if one is None or than is None:
        without = claim.rule if one is None else claim.than_rule
        return f"`{without}` has no deadline"
    if one > than or (claim.or_equal and one == than):
        return None
    return f"`{claim.rule}` is due at {_when(one)}, `{claim.than_rule}` at {_when(than)}"


def _of(verdicts: tuple[Verdict, ...], subject: str, rule: str, number: int | None = None) -> list[Verdict]:
    return [v for v in verdicts if (v.subject, v.duty) == (subject, rule) and number in (None, v.number)]


def _said(verdict: Verdict) -> str:
    return f"{verdict.subject} `{verdict.label}` is {verdict.state.replace('_', ' ')}"


def _when(at: int | None) -> str:
    return "no time" if at is None else format_instant(at, "UTC")
