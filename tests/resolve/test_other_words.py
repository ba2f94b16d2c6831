"""Words of contracts and of ticket systems that a policy has not: one diagnostic each, with the word that it has."""

from __future__ import annotations

import pytest

from slarules.resolve.build import resolve
from slarules.source import Source
from slarules.syntax.parse import parse

POLICY = """slarules 1

contract A
  source "source.txt"
  zone Europe/Berlin
  provider B
  customer C
  in force from 2026-01-01
  a ticket is called "incident"

calendar Hours
  open Monday to Friday 09:00 to 17:00
  closed on holidays of DE

severities P1, P2

duty respond
  when incident opened
  if severity is P1
  B must respond to C within 4 hours counted in Hours
  on severity change start again

duty report
  when incident opened
  B must report to C every 1 hour until incident resolved
  on reopening run on
"""
SAID = [
    ("when incident opened\n  if", "when opened incident\n  if", "E0305", "opened incident", "write `incident opened`"),
    ("when incident opened\n  if", "when opened ticket\n  if", "E0305", "opened ticket", "write `ticket opened`"),
    ("every 1 hour", "every hour", "E0302", "hour", "write `1 hour`"),
    ("severity is P1", "priority is P1", "E0302", "priority", "say `severity`"),
    ("severity is P1", "P1", "E0302", "P1", "say `severity is P1`"),
    ("B must respond", "B must must respond", "E0304", "must", "leave one of them out"),
    (" to C within 4 hours counted in Hours", " NBD", "E0302", "NBD", "`within 1 day counted in CALENDAR`"),
    (" to C within 4 hours counted in Hours", " EOB", "E0302", "EOB", "`by the next close of CALENDAR`"),
    ("from 2026-01-01", "from 01/02/2026", "E0205", "01/02/2026", "`2026-02-01` or `2026-01-02`"),
]


@pytest.mark.parametrize(("right", "wrong", "code", "words", "told"), SAID)
def test_one_diagnostic_with_the_word_that_is_meant(right: str, wrong: str, code: str, words: str, told: str) -> None:
    assert right in POLICY
    policy = Source("policy.sla", POLICY.replace(right, wrong, 1))
    tree, unread = parse(policy)
    found = [*unread, *resolve(tree, policy, None)[1]]
    assert [(one.code, one.span.text) for one in found] == [(code, words)]
    assert told in (found[0].help or "")
