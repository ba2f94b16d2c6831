"""A case's contract, through the language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from slarules.diagnostics import Level
from slarules.model.contract import Contract
from slarules.resolve.build import resolve
from slarules.source import Source
from slarules.syntax.parse import parse
from tests.case_files import Unfit
from tests.duty_cases.conditions import NO
from tests.duty_cases.policy import policy_text

Case = Mapping[str, Any]

POINTLESS = ("E0706", "E0715")
"""What the language says of a guard that is always or never so, as in a contract cut down to one case;"""
GUARD = re.compile(r"(?m)^( +(?:if|unless) )(?!severity (?:rises|falls), )(.+)$")
"""so the case's guards are then written such that it cannot tell: with an alternative that is never so."""


def contract_of(case: Case) -> Contract:
    """What a case's contract says, as the language has it."""
    text = policy_text(case)
    contract, wrong = _resolved(case, text)
    if wrong and all(one.startswith(POINTLESS) for one in wrong):
        contract, wrong = _resolved(case, GUARD.sub(rf"\1(\2) or {NO}", text))
    if contract is None or wrong:
        raise Unfit(f"the language refuses its contract: {'; '.join(wrong)}")
    return contract


def _resolved(case: Case, text: str) -> tuple[Contract | None, list[str]]:
    """The contract that a text says, and what the language finds wrong with it."""
    source = Source(str(case.get("id", "case")), text)
    tree, problems = parse(source)
    contract, more = resolve(tree, source, None, calendars_check=False)
    return contract, [f"{one.code} {one.message}" for one in (*problems, *more) if one.level is Level.ERROR]
