"""The rules of lint that words alone decide, family by family, and the one function that runs rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from attrs import frozen

from slarules.lint import (
    allowances,
    amendments,
    amounts,
    calendars,
    citations,
    deadlines,
    durations,
    escalations,
    facts,
    names,
    pauses,
    readings,
)
from slarules.lint.allowances import sorted_out
from slarules.lint.examined import Examined
from slarules.lint.finding import Finding, Rule, finding

FAMILIES: tuple[tuple[Rule, ...], ...] = (
    allowances.RULES,
    amendments.RULES,
    amounts.RULES,
    calendars.RULES,
    citations.RULES,
    deadlines.RULES,
    durations.RULES,
    escalations.RULES,
    facts.RULES,
    names.RULES,
    pauses.RULES,
    readings.RULES,
)
RULES: tuple[Rule, ...] = tuple(sorted((rule for family in FAMILIES for rule in family), key=lambda rule: rule.code))
"""Every rule that the words of a policy decide by themselves, by code; ``analysis.rules`` has the others too."""


@frozen
class Report:
    """What lint has to say of one policy."""

    findings: tuple[Finding, ...]
    """In reading order."""
    allowed: tuple[tuple[Finding, str], ...] = ()
    """Findings that a comment in the policy lets stand, each with its reason."""


def report(examined: Examined, only: Collection[str] | None, rules: Mapping[str, Rule]) -> Report:
    """Everything that the rules (or ``only`` those of these names) find, doubles dropped, allowances heeded.

    ``rules`` are all there are, by name: those of this package and of ``analysis``.
    """
    ran = {name: rule for name, rule in rules.items() if only is None or name in only}
    found: dict[tuple[object, ...], Finding] = {}
    for rule in ran.values():
        for one in rule.check(examined):
            found.setdefault((rule.code, one.span, one.message), finding(rule, one))
    standing, let = sorted_out(found.values(), examined.policy, ran, rules, examined.contract is not None)
    return Report(
        tuple(sorted(standing, key=lambda one: one.diagnostic.place)),
        tuple(sorted(let, key=lambda one: one[0].diagnostic.place)),
    )
