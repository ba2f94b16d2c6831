"""Rules that rest on no words of the contract, and clauses that no scenario tries."""

from __future__ import annotations

from collections.abc import Iterator

from slarules.diagnostics import Level
from slarules.lint.examined import Examined
from slarules.lint.finding import Found, Rule
from slarules.model.contract import Terms
from slarules.model.life import Allowance, Status
from slarules.model.rules import Amount, Choice, Citation, Duty, Prohibition, Right, Scope
from slarules.source import Span

JUDGED = ("duties", "prohibitions", "rights", "choices", "statuses", "allowances", "amounts", "scopes")
"""What a scenario can expect something of."""
CITED = (*JUDGED, "tables", "declarations")
MOST = 8
"""Names that a message lists."""
Judged = Duty | Prohibition | Right | Choice | Status | Allowance | Amount | Scope


def without_words(examined: Examined) -> Iterator[Found]:
    """Rules with no quotation above them, though the contract's text is there to be quoted; told clause by clause."""
    if examined.text is None:
        return
    bare: dict[str, dict[Span, Span]] = {}
    for terms in examined.versions:
        for citation in _citations(terms):
            if not citation.quotations:
                bare.setdefault(citation.clause, {})[citation.rule] = examined.name_at(citation.rule)
    for clause, rules in bare.items():
        names = sorted(rules.values(), key=lambda span: span.start)
        called = ", ".join(f"`{name.text}`" for name in names[:MOST]) + (" …" if len(names) > MOST else "")
        where = f" in clause “{clause}”" if clause else ""
        rest, them = ("rests", "it") if len(names) == 1 else ("rest", "them")
        yield Found(
            names[0], f"{called}{where} {rest} on no words: nothing is quoted above {them}",
            "quote the words that are encoded, on lines that begin with `>`; coverage cannot count them else",
        )


def _citations(terms: Terms) -> Iterator[Citation]:
    for attribute in CITED:
        for rule in getattr(terms, attribute).values():
            yield rule.citation
    if terms.severities is not None:
        yield terms.severities.citation


def untried(examined: Examined) -> Iterator[Found]:
    """A clause of whose rules no scenario expects anything; or a policy without any scenario."""
    contract, block = examined.contract, examined.tree.contract
    if contract is None or block is None:
        return
    expected = {
        part.all("NAME")[1].text for scenario in examined.scenarios for part in scenario.walk()
        if part.kind in ("expect", "expect_value")
    }
    clauses = _clauses(examined)
    if clauses and not expected:
        yield Found(
            block.name.span, "no scenario tries this policy", "add one: `slarules scenarios FILE` proposes some"
        )
        return
    for title, rules in clauses.items():
        if not any(name in expected for name, _ in rules):
            called = f"clause “{title}”" if title else "the rules outside any clause"
            names = ", ".join(f"`{name}`" for name, _ in rules[:MOST]) + (" …" if len(rules) > MOST else "")
            yield Found(
                examined.name_at(rules[0][1].rule), f"no scenario tries {called}: nothing is expected of {names}",
                "add a scenario with an `expect` line for one of them; `slarules scenarios FILE` proposes some",
            )


def _clauses(examined: Examined) -> dict[str, list[tuple[str, Citation]]]:
    """The rules of each clause, of which a scenario can expect something."""
    found: dict[str, dict[str, Citation]] = {}
    for terms in examined.versions:
        for attribute in JUDGED:
            rules: dict[str, Judged] = getattr(terms, attribute)
            for name, rule in rules.items():
                found.setdefault(rule.citation.clause, {}).setdefault(name, rule.citation)
    return {title: sorted(rules.items(), key=lambda one: one[1].rule.start) for title, rules in found.items()}


RULES: tuple[Rule, ...] = (
    Rule("L0901", "rule-without-citation", Level.WARNING, "a rule with no words of the contract above it",
         without_words),
    Rule("L0902", "clause-without-scenario", Level.WARNING, "a clause of whose rules no scenario expects anything",
         untried),
)
