"""A policy in other words, and what is told of a log under it, for the laws that nothing else may change by that."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from slarules.engine.evaluate import evaluate
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.verdict import Evaluation
from tests.same.cases import Case, contract_of

Told = dict[tuple[str, str, str, str | None, int], dict[str, Any]]

FIELDS = (
    *("state", "bearer", "counterparty", "agreement", "severity", "triggered_at", "deadline", "performed_at"),
    *("consumed", "allowed", "late_by", "late_by_counted", "owed", "ended_by", "missing", "cause", "elected"),
    *("next_change_at", "calendar", "events", "flags"),
)
"""What a verdict says, but for the place in the policy where it stands."""


def read(text: str) -> Contract:
    """The contract that a text means; one that is refused is a mistake of the law."""
    contract, wrong = contract_of(text)
    assert contract is not None, [text.splitlines()[line - 1] for line in wrong if line]
    return contract


def judged(
    case: Case, contract: Contract | None = None, events: Sequence[Event] | None = None, as_of: int | None = None
) -> Evaluation:
    """The case's log, or another, under the case's contract or another."""
    return evaluate(
        case.contract if contract is None else contract,
        case.readings,
        case.events if events is None else events,
        case.as_of if as_of is None else as_of,
        supplied=case.supplied,
        precision=case.precision,
    )


def told(evaluation: Evaluation, *, without: Sequence[str] = (), of: Callable[[str], bool] = lambda name: True) -> Told:
    """Verdict by verdict what is said, in no order; of some subjects only."""
    return {
        (v.subject, v.rule, v.duty, v.cause, v.number): {n: getattr(v, n) for n in FIELDS if n not in without}
        for v in evaluation.verdicts
        if of(v.subject)
    }


def blocks_of(text: str) -> tuple[str, list[str]]:
    """The head of a random policy, and its blocks."""
    head, *blocks = re.split(r"\n\n(?=\S)", text.rstrip("\n"))
    if blocks and blocks[0].startswith("contract"):
        head, blocks = f"{head}\n\n{blocks[0]}", blocks[1:]
    return head, blocks


def joined(head: str, blocks: Sequence[str]) -> str:
    return "\n\n".join([head, *blocks]) + "\n"


def differing(one: Told, other: Told) -> list[tuple[Any, ...]]:
    """What two tellings say differently: the verdict, the field, what each says of it."""
    found: list[tuple[Any, ...]] = []
    for key in {**one, **other}:
        if key not in one or key not in other:
            found.append((key, "only in the first" if key in one else "only in the second"))
        else:
            found += [(key, n, v, other[key][n]) for n, v in one[key].items() if other[key][n] != v]
    return found
