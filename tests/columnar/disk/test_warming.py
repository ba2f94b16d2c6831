"""A few events load all kernels, so that none is compiled or loaded when memory has been divided up."""

from __future__ import annotations

import pytest

from slarules.columnar import running
from slarules.columnar.columns import table_of
from slarules.columnar.disk.warming import both_ways
from slarules.model.event import Event
from tests.engine.small import at, contract

RULES = """
duty respond
  when ticket opened
  Desk must respond to Client within 4 hours
"""


def test_plain_tickets_load_the_kernels_of_all_others_too(monkeypatch: pytest.MonkeyPatch) -> None:
    ways: list[str] = []
    quickly, part = running.quickly, running._part
    monkeypatch.setattr(running, "quickly", lambda *given: [ways.append("quick"), *quickly(*given)][1:])
    monkeypatch.setattr(running, "_part", lambda *given: [ways.append("all others"), *part(*given)][1:])
    plain = [Event(f"e{n}", f"T{n}", "opened", at("2026-03-02 09:00"), "Client") for n in range(3)]
    both_ways(contract(RULES), None, table_of(plain), at("2026-03-02 10:00"))
    assert ways == ["quick", "quick", "all others"]
