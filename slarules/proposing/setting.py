"""Where plots are made: one version of a contract under chosen readings, and what is at hand there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import combinations, islice

from attrs import define, field

from slarules.engine.adopt import Adopted, adopt
from slarules.model.contract import Contract, Terms
from slarules.model.expression import AsRead, ReadingIs
from slarules.model.rules import (
    Duty,
    OnOutcome,
    OnRemaining,
)
from slarules.model.walk import inside
from slarules.proposing.playing import (
    Deed,
    Played,
    WaitFor,
    WaitUntil,
    first_monday,
    supplies,
)

ALL_TRIALS = 600
"""Plots that are tried for one rule in all."""
DEEPEST = 5
"""Rules that may follow from one another."""
AGREEMENT = "A1"
"""What the agreement is called."""

Steps = tuple[Deed | WaitFor | WaitUntil, ...]


@define(eq=False)
class Setting:
    """What plots of one version of a contract are made of."""

    contract: Contract
    version: int
    readings: Mapping[str, str] = field(factory=dict)
    made: dict[tuple[str, tuple[str, ...]], Played | None] = field(factory=dict)
    tried: list[int] = field(factory=lambda: [0])
    """How many plots were tried; settings of one rule share it."""

    @cached_property
    def monday(self) -> date:
        return first_monday(self.contract, self.version)

    @cached_property
    def adopted(self) -> Adopted:
        return adopt(self.contract, self.readings, supplies(self.contract, self.monday))[self.version]

    @property
    def terms(self) -> Terms:
        return self.adopted.terms

    @property
    def zone(self) -> str:
        return self.adopted.zone or "UTC"

    def party(self, role: str) -> str:
        return next(party.name for party in self.contract.parties if party.role == role)


def settings(contract: Contract, version: int, rule: str) -> Iterator[Setting]:
    """Settings under the adopted readings first, then under others of the readings that the rule hangs on."""
    stated = contract.versions[version]
    flips = [
        (name, option.name)
        for name in sorted(_hangs_on(stated, rule, 0))
        for option in contract.readings[name].options
        if option.name != contract.readings[name].adopted
    ]
    tried = [0]
    for many in (0, 1, 2):
        for several in islice(combinations(flips, many), 120):
            if len({name for name, _ in several}) == many and tried[0] < ALL_TRIALS:
                yield Setting(contract, version, dict(several), tried=tried)


def _hangs_on(terms: Terms, name: str, depth: int) -> set[str]:
    """The readings that decide whether a rule comes to be."""
    rule = terms.duties.get(name) or terms.choices.get(name)
    if rule is None or depth > DEEPEST:
        return set()
    parts = [*inside((rule.only_if, rule.whiles, rule.triggers))]
    found = {part.reading for part in parts if isinstance(part, (ReadingIs, AsRead))}
    for scope in terms.scopes.values():
        found |= {part.reading for part in inside(scope.outside) if isinstance(part, (ReadingIs, AsRead))}
    before = [part.duty for part in parts if isinstance(part, (OnOutcome, OnRemaining))]
    before += [rule.choice] if isinstance(rule, Duty) and rule.choice else []
    return found.union(*(_hangs_on(terms, other, depth + 1) for other in before))


def subject_of(kind: str) -> str:
    """``T1`` of a ticket, ``A1`` of an agreement, ``release1`` of what the contract declares."""
    return {"ticket": "T1", "agreement": AGREEMENT}.get(kind, f"{kind}1")
