"""What tells what: each mistake of docs/lint/README.md is told by the codes that stand beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from slarules.analysis.rules import RULES
from slarules.resolve.build import resolve
from slarules.scenario.reading import read_all
from slarules.source import Source
from slarules.syntax.parse import parse
from tests.lint.pages import FOLDER, HEAD, examples

DUTY = "duty answer\n  when ticket opened\n  Acme must respond to Client within 4 hours\n"
NO_ZONE = HEAD.replace("  zone America/Denver\n", "")
TABLE = """severities 1, 2
  assigned by Client

table times by severity
  | severity | fix     |
  | 1        | 2 hours |
{row}
duty answer
  when ticket opened
  Acme must respond to Client within fix
  on severity change keep the deadline
"""
OF_CHECK: Mapping[str, str] = {
    "E0301": HEAD + "\n".join(
        f'clause "{name}"\n  in force from {dates}\n  ' + DUTY.replace("\n", "\n  ").rstrip() + "\n"
        for name, dates in (("first", "2024-01-01 to 2025-12-31"), ("second", "2025-06-01"))),
    "E0302": HEAD + DUTY.replace("  Acme", "  if satisfied\n  Acme"),
    "E0303": HEAD + DUTY.replace("to Client", "to Clent"),
    "E0304": HEAD + DUTY.replace("respond", "dance"),
    "E0305": HEAD + DUTY.replace("opened", "opend"),
    "E0306": HEAD + DUTY.replace("within 4 hours", "as read in hours"),
    "E0506": NO_ZONE + DUTY.replace("4 hours", "4 days"),
    "E0507": HEAD.replace("  zone", "  in force from 2026-01-01 to 2025-01-01\n  zone") + DUTY,
    "E0517": HEAD + "role Caller of Client\n  at least 3\n  at most 2\n\n" + DUTY,
    "E0519": HEAD + "calendar Desk\n  open Monday 17:00 to 08:00\n\n" + DUTY,
    "E0520": HEAD.replace("America/Denver", "America/Dever") + DUTY,
    "E0705": HEAD + "duty a\n  when b breached\n  Acme must respond to Client within 1 hour\n\n"
                    "duty b\n  when a breached\n  Acme must respond to Client within 1 hour\n",
    "E0706": HEAD + "fact channel of ticket: one of web, email\n\n"
                    + DUTY.replace("  Acme", "  if channel is web\n  unless channel is email\n  Acme"),
    "E0707": HEAD + 'reading r "Which?"\n  option a "one"\n  option b "two"\n\n' + DUTY,
    "E0709": HEAD + TABLE.format(row=""),
    "E0710": HEAD + TABLE.format(row="  | 1 or 2   | 3 hours |\n"),
    "E0711": HEAD + "duty a\n  when ticket opened or b performed\n  Acme must respond to Client within 1 hour\n\n"
                    "duty b\n  when a performed\n  Acme must respond to Client within 1 hour\n",
    "E0712": HEAD + DUTY + "\nprohibition silence\n  Acme must not respond\n",
    "E0713": HEAD + "calendar Desk\n  open Sunday 01:30 to 02:30\n\n" + DUTY,
    "E0715": HEAD + "fact channel of ticket: one of web, email\n\n"
                    + DUTY.replace("  Acme", "  if channel is web\n  unless channel is web\n  Acme"),
    "E0801": HEAD + DUTY + '\nscenario "s"\n  2026-03-08 02:30  T1 opened by Client\n  expect T1 answer pending\n',
    "W0701": HEAD + DUTY,
}
"""A policy for each mistake that ``check`` tells."""
ROWS = [
    (mistake, re.findall(r"\[([A-Z]\d{4})\]", told))
    for mistake, told in re.findall(
        r"^\| (.+?) \| (\[.*) \|$",
        (FOLDER / "README.md").read_text("utf-8").split("## What tells what")[1].split("\n## ")[0], re.MULTILINE)
]


def codes_of(policy: str) -> set[str]:
    """The codes that ``check`` gives for a policy."""
    source = Source("policy.sla", policy)
    tree, spelling = parse(source)
    contract, meaning = resolve(tree, source, None)
    found = {one.code for one in (*spelling, *meaning)}
    if contract is not None:
        _, more = read_all(contract, [item for item in tree.items if item.kind == "scenario"])
        found |= {one.code for one in more}
    return found


@pytest.mark.parametrize("mistake, codes", ROWS, ids=[mistake for mistake, _ in ROWS])
def test_each_mistake_is_told_by_what_stands_beside_it(mistake: str, codes: list[str]) -> None:
    shown = {example.page for example in examples() if not example.good}
    assert codes
    for code in codes:
        if code.startswith("L"):
            assert code in shown, f"{mistake}: {code} has no page with an example that is told"
        else:
            assert code in codes_of(OF_CHECK[code]), f"{mistake}: the example does not give {code}"


def test_the_table_has_every_rule_but_those_about_lint_itself() -> None:
    told = {code for _, codes in ROWS for code in codes if code.startswith("L")}
    itself = {rule.code for rule in RULES if rule.code.startswith("L00") or rule.name == "not-decided"}
    assert told == {rule.code for rule in RULES} - itself
    assert set(OF_CHECK) == {code for _, codes in ROWS for code in codes if not code.startswith("L")}


def test_letters_without_a_city_are_no_zone() -> None:
    assert codes_of(HEAD.replace("America/Denver", "EST") + DUTY) & {"E0201", "E0520"}


@pytest.mark.parametrize("page", sorted(FOLDER.glob("*.md")), ids=lambda page: page.stem)
def test_links_lead_somewhere_and_lines_are_short(page: Path) -> None:
    text = page.read_text("utf-8")
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        assert (FOLDER / link).exists(), f"{page.name} leads to {link}"
    assert [line for line in text.splitlines() if len(line) > 120 and not line.startswith("|")] == []
