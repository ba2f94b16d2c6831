"""The contract's words and the lines of the policy that a verdict rests on, as reasons."""

from __future__ import annotations

from slarules.engine.reasons.reason import Reason
from slarules.model.rules import Citation, Quotation


def words_of(citation: Citation) -> Reason:
    """The words, with the lines on which they stand."""
    clause = f"clause “{citation.clause}”" if citation.clause else "the contract"
    quotes = tuple(
        Reason(
            f"“{' '.join(q.text.split())}”" + (f" (line {_lines(q)} of the contract's text)" if q.places else "")
        )
        for q in citation.quotations
    )
    told = f"the words: {clause}" if quotes else f"{clause}: no words are quoted for this rule"
    return Reason(told, quotes, "words")


def _lines(quoted: Quotation) -> str:
    """The lines on which the words stand: `9`, or `9, and line 14`."""
    return ", and line ".join(str(line) for line in dict.fromkeys(place.line for place in quoted.places))


def rule_of(citation: Citation) -> Reason:
    """The lines of the policy that encode them."""
    lines = [line.strip() for line in citation.rule.text.splitlines()]
    told = [line for line in lines if line and not line.startswith((">", "--", "occurrence", "every occurrence"))]
    where = f"{citation.rule.source.name}:{citation.rule.line}"
    return Reason(f"the rule that encodes them ({where})", tuple(Reason(line) for line in told), "rule")
