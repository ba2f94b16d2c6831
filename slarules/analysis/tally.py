"""A year of verdicts on one screen: by duty and severity, the worst breaches, what else is worth a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from attrs import define, field, frozen

from slarules.model.contract import Contract, with_verdicts
from slarules.model.verdict import NOT_KEPT, OWING, Evaluation, Finding, Verdict

Counts = Mapping[tuple[str, str, str | None, str], int]
"""(Rule's name, kind of rule, severity, state) → how many verdicts: all that a summary is made of."""

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


def counted(verdicts: Iterable[Verdict]) -> Counts:
    """How many of the verdicts there are of each sort."""
    return Counter((v.duty, v.rule, v.severity, v.state) for v in verdicts)


def lines(contract: Contract, counts: Counts) -> list[Line]:
    """Rules in the contract's order, severities gravest first, those without any last."""
    outcomes: dict[tuple[str, str, str | None], Counter[str]] = {}
    for (duty, rule, severity, state), many in counts.items():
        outcomes.setdefault((duty, rule, severity), Counter())[OUTCOME[state]] += many
    rules = _order(contract)
    levels = _levels(contract)
    keys = sorted(outcomes, key=lambda k: (rules.get(k[0], len(rules)), levels.get(k[2], len(levels)), k[2] or ""))
    return [Line(*key, {column: n for column in COLUMNS if (n := outcomes[key][column])}) for key in keys]


def _order(contract: Contract) -> dict[str, int]:
    names = dict.fromkeys(rule.name for terms in contract.versions for rule in with_verdicts(terms))
    return {name: place for place, name in enumerate(names)}


def _levels(contract: Contract) -> dict[str | None, int]:
    severities = contract.versions[-1].severities
    return {level.name: place for place, level in enumerate(severities.levels if severities else ())}


def lateness(verdict: Verdict, as_of: int) -> int | None:
    """How late a broken duty was performed or, while it is owed, is by now; microseconds.

    Of one that ended unperformed, None: it got no later.
    """
    return late_by(verdict.late_by, verdict.performed_at, verdict.owed, verdict.deadline, as_of)


def late_by(
    performed: int | None, performed_at: int | None, owed: bool | None, deadline: int | None, as_of: int
) -> int | None:
    """The same, of what a row of verdicts holds; ``performed`` is its ``late_by``."""
    if performed is not None:
        return performed
    if performed_at is None and owed and deadline is not None:
        return as_of - deadline
    return None


def late(evaluation: Evaluation) -> list[Verdict]:
    """Duties and targets not kept in time: promises before efforts, the latest first, the ended ones last."""
    broken = [v for v in evaluation.verdicts if v.state in NOT_KEPT and v.rule in OWING]
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


@define
class FindingsCounted:
    """Findings, counted as they come."""

    many: Counter[str] = field(factory=Counter)
    """Code → how many."""
    first: dict[str, tuple[str, str, str]] = field(factory=dict)
    """Code → subject, event and words of the first one by subject and event."""


def count_finding(counted: FindingsCounted, finding: Finding) -> None:
    """Counts one more."""
    counted.many[finding.code] += 1
    own = (finding.subject, finding.event, finding.message)
    counted.first[finding.code] = min(counted.first.get(finding.code, own), own)


def told(counted: FindingsCounted) -> dict[str, tuple[int, str]]:
    """Code → how many findings, and the words of the first one by subject and event; the most frequent code first."""
    codes = sorted(counted.many, key=lambda code: (-counted.many[code], code))
    return {code: (counted.many[code], "{} {}: {}".format(*counted.first[code])) for code in codes}


def findings(found: Iterable[Finding]) -> dict[str, tuple[int, str]]:
    """The same of all of them."""
    counted = FindingsCounted()
    for finding in found:
        count_finding(counted, finding)
    return told(counted)


def states(counts: Counts) -> Counter[str]:
    """How many verdicts have each state."""
    found: Counter[str] = Counter()
    for (*_, state), many in counts.items():
        found[state] += many
    return found


def at_or_above(counts: Counts, threshold: str, oddities: int) -> bool:
    """Whether there is something as grave as ``--fail-on`` asks: breach, missed, undetermined, finding.

    ``oddities`` are findings and lines set aside.
    """
    order: Sequence[tuple[str, frozenset[str]]] = (
        ("breach", frozenset({"breached", "not_permitted"})),
        ("missed", frozenset({"missed"})),
        ("undetermined", frozenset({"undetermined"})),
    )
    if threshold == "never":
        return False
    of_state = states(counts)
    for name, grave in order:
        if any(of_state[state] for state in grave):
            return True
        if name == threshold:
            return False
    return oddities > 0
