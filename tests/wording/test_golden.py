"""What the four contracts and the corpus say, rule by rule, as recorded in files that a lawyer can read.

``RECORD=1`` records them again.
"""

from __future__ import annotations

import os
from pathlib import Path
from textwrap import fill

import pytest

from slarules.wording.rules import sentence
from tests.wording.contracts import NAMES, contract_of, rules_of

HERE = Path(__file__).parent


def told(name: str) -> str:
    contract = contract_of(name)
    said = [f"{label}\n{fill(sentence(rule, terms, contract), 118, initial_indent='  ', subsequent_indent='  ')}\n"
            for label, rule, terms in rules_of(contract)]
    return "\n".join(said)


@pytest.mark.parametrize("name", [*NAMES, "corpus"])
def test_sentences_are_as_recorded(name: str) -> None:
    recorded = HERE / f"{name}.txt"
    if os.environ.get("RECORD"):
        recorded.write_text(told(name), encoding="utf-8")
    assert recorded.read_text(encoding="utf-8") == told(name)
