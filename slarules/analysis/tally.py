"""A year of verdicts on one screen: by duty and severity, the worst breaches, what else is worth a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from slarules.model.contract import Contract
from slarules.model.verdict import Evaluation, Verdict

OUTCOME = {
    "met": "kept",
    "reached": "kept",
    "kept": "kept",
    "permitted": "kept",
    "in_scope": "in scope",
    "breached": "broken",
    "missed": "broken",
    "not_permitted": "broken",
    "out_of_scope": "out of scope",
    "pending": "pending",
    "suspended": "suspended",
    "open": "open",
    "elected": "elected",
    "lapsed": "lapsed",
    "undetermined": "undetermined",
    "ended": "ended",
    "could_not_arise": "could not arise",
}
"""State → the column it is counted in."""
COLUMNS = (
    "kept",
    "broken",
    "pending",
    "suspended",
    "undetermined",
    "ended",
    "could not arise",
    "open",
    "elected",
    "lapsed",
    "in scope",
    "out of scope",
)


@frozen
class Line:
    """One rule at one severity."""

    duty: str
    rule: str
    severity: str | None
    counts: Mapping[str, int]
    """Column → verdicts; columns without any are left out."""

    @property
    def kept_percent(self) -> float | None:
        """The share kept of those decided, 0 to 100, rounded down to a tenth; None where none is decided."""
        kept, broken = self.counts.get("kept", 0), self.counts.get("broken", 0)
        return kept * 1000 // (kept + broken) / 10 if kept + broken else None


def lines(contract: Contract, evaluation: Evaluation) -> list[Line]:
    """Rules in the contract's order, severities gravest first, those without any last."""
    counted: dict[tuple[str, str, str | None], Counter[str]] = {}
    for verdict in evaluation.verdicts:
        key = (verdict.duty, verdict.rule, verdict.severity)
        counted.setdefault(key, Counter())[OUTCOME[verdict.state]] += 1
    rules = _order(contract)
    levels = _levels(contract)
    keys = sorted(counted, key=lambda k: (rules.get(k[0], len(rules)), levels.get(k[2], len(levels))))
    return [Line(duty, rule, severity, counted[duty, rule, severity]) for duty, rule, severity in keys]


def _order(contract: Contract) -> dict[str, int]:
    names: dict[str, None] = {}
    for terms in contract.versions:
        for rules in (terms.duties, terms.prohibitions, terms.rights, terms.choices, terms.scopes):
            names |= dict.fromkeys(rules)
    return {name: place for place, name in enumerate(names)}


def _levels(contract: Contract) -> dict[str | None, int]:
    severities = contract.versions[-1].severities
    return {level.name: place for place, level in enumerate(severities.levels if severities else ())}


def lateness(verdict: Verdict, as_of: int) -> int | None:
    """How late a broken duty was performed or, while it is owed, is by now; microseconds.

    Of one that ended unperformed, None: it got no later.
    """
    if verdict.late_by is not None:
        return verdict.late_by
    if verdict.performed_at is None and verdict.owed and verdict.deadline is not None:
        return as_of - verdict.deadline
    return None


def late(evaluation: Evaluation) -> list[Verdict]:
    """Duties and targets not kept in time: promises before efforts, the latest first, the ended ones last."""
    broken = [
        v for v in evaluation.verdicts if v.state in ("breached", "missed") and v.rule in ("duty", "target")
    ]
    broken.sort(
        key=lambda v: (
            v.state == "missed",
            -(lateness(v, evaluation.as_of) or 0),
            v.subject,
            v.duty,
            v.number,
        )
    )
    return broken


def findings(evaluation: Evaluation) -> dict[str, tuple[int, str]]:
    """Code → how many findings, and the first one's words with its subject."""
    many = Counter(finding.code for finding in evaluation.findings)
    first: dict[str, str] = {}
    for finding in evaluation.findings:
        first.setdefault(finding.code, f"{finding.subject} {finding.event}: {finding.message}")
    return {code: (number, first[code]) for code, number in many.most_common()}


def states(verdicts: Iterable[Verdict]) -> Counter[str]:
    """How many verdicts have each state."""
    return Counter(verdict.state for verdict in verdicts)


def at_or_above(evaluation: Evaluation, threshold: str, rejected: int) -> bool:
    """Whether there is something as grave as ``--fail-on`` asks: breach, missed, undetermined, finding."""
    order: Sequence[tuple[str, frozenset[str]]] = (
        ("breach", frozenset({"breached", "not_permitted"})),
        ("missed", frozenset({"missed"})),
        ("undetermined", frozenset({"undetermined"})),
    )
    if threshold == "never":
        return False
    counts = states(evaluation.verdicts)
    for name, grave in order:
        if any(counts[state] for state in grave):
            return True
        if name == threshold:
            return False
    return bool(evaluation.findings or rejected)
