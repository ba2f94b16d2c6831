"""The hostile policy is a policy: it loads, and each payload stands in it as it was given."""

from __future__ import annotations

from pathlib import Path

import pytest

from slarules.loader import load
from tests.documents.payloads import PAYLOADS, hostile, in_quotation, in_string

FIT = [text for text in PAYLOADS.values() if in_string(text) is not None]


@pytest.mark.parametrize("turn", range(0, len(FIT), 9))
def test_hostile_policy_loads_with_every_payload_as_given(tmp_path: Path, turn: int) -> None:
    loaded = load(hostile(tmp_path, turn=turn))

    assert [d.message for d in loaded.diagnostics] == []
    assert loaded.contract is not None and loaded.text is not None
    assert loaded.contract.title == FIT[turn]
    reasons = [note.because for note in loaded.contract.notes]
    assert [text for text in FIT if in_quotation(text) and text not in reasons] == []
    assert [text for text in PAYLOADS.values() if "\r" not in text and text not in loaded.text.text] == []


def test_few_payloads_make_a_policy_too(tmp_path: Path) -> None:
    loaded = load(hostile(tmp_path, ["<b>", "\u202e"]))

    assert loaded.contract is not None and loaded.contract.title == "<b>"


def test_what_no_policy_may_hold_is_refused_there(tmp_path: Path) -> None:
    """`in_string` leaves out no more than the language does: otherwise a payload would never be tried."""
    for name, text in PAYLOADS.items():
        if in_string(text) is not None or "\n" in text or "\r" in text or "”" in text:
            continue
        (tmp_path / "policy.sla").write_text(f'slarules 1\n\ncontract C "{text}"\n', encoding="utf-8")
        assert load(tmp_path / "policy.sla").contract is None, name
