"""The form shown for a line that cannot be read: every line of the language has one, and each can itself be read."""

from __future__ import annotations

import pytest

from slarules.source import Source
from slarules.syntax import parse as parsing
from slarules.syntax.forms import FORMS, PARTY_LINES, forms

HEADS = (
    "",
    "contract C",
    'clause "C"',
    'reading r "?"',
    "calendar C",
    "holidays H",
    "severities 1",
    "severity 1",
    "table t by severity",
    "role r of P",
    "duty d",
    "prohibition p",
    "right r",
    "choice c of P",
    "status s of agreement",
    "status s of agreement\n  state t",
    "allowance a of agreement in hours",
    "amount a in USD is 1 USD",
    "scope s",
    'scenario "s"',
    "> words",
)
"""What a line may stand under."""

AFTER = ("", "zone UTC", "lasts 1 day", "expect T1 d met", "| a |")
"""What a line may need under it."""


def _leads() -> list[str]:
    """The keywords with which each kind of line of the grammar begins."""
    words = {name: word for word, name in parsing._terminals().keywords.items()}
    leads = set()
    for rule in parsing.parser().rules:
        symbols = [symbol.name for symbol in rule.expansion]
        if "_NL" not in symbols:
            continue
        lead = []
        for symbol in symbols:
            if symbol not in words:
                break
            lead.append(words[symbol])
        if lead:
            leads.add(" ".join(lead))
    return sorted(leads)


@pytest.mark.parametrize("lead", [lead for lead in _leads() if lead not in ("expect", "any of", "all of")])
def test_each_kind_of_line_has_a_form(lead: str) -> None:
    assert forms(lead)


@pytest.mark.parametrize("line", [line for _, line in (*FORMS, *PARTY_LINES)])
def test_each_form_can_be_read(line: str) -> None:
    assert any(_reads(line, head) for head in HEADS)


def _reads(line: str, head: str) -> bool:
    deep = head.count("\n") + 1 if head else 0
    under = "  " * deep + line
    block = f"{head}\n{under}" if head else line
    for after in AFTER:
        more = "\n" + "  " * (deep + 1) + after if after else ""
        source = Source("f.sla", f"slarules 1\n\n{block}{more}\n")
        _, problems = parsing.parse(source)
        number = source.text[: source.text.index(under)].count("\n") + 1
        if not any(p.span.line == number and p.code not in ("E0111", "E0207", "E0112") for p in problems):
            return True
    return False


def test_the_longest_beginning_decides() -> None:
    assert len(forms("on severity change keep")) == 3
    assert forms("Vendor must restore") == ("PARTY must ACT within 4 hours counted in CALENDAR",)
    assert forms("Vendor must not restore") == ("PARTY must not ACT",)
    assert forms("nonsense") == ()
