"""A contract with more kinds of event than the kernels' tables hold: the reference engine judges it, and is told of."""

from __future__ import annotations

import pytest

from slarules.columnar.kernels import layout
from slarules.resolve.builtin import EVENTS
from tests.same.cases import Case, contract_of
from tests.same.comparing import differences
from tests.same.implementations import columnar, reference
from tests.same.test_by_kernels import HEAD, at, event

MOST = layout.BY_SCOPE - len({*layout.BUILT_IN, *(one.name for one in EVENTS)})
"""Kinds of event of its own that a contract may have."""


@pytest.mark.parametrize(("own", "engine"), [(MOST, "columnar"), (MOST + 1, "reference"), (MOST + 200, "reference")])
def test_ended_by_the_last_kind(own: int, engine: str) -> None:
    kinds = [f"kind_{number}" for number in range(own)]
    declared = "".join(f'event {kind} of request "a kind of event"\n' for kind in kinds)
    text = (
        HEAD.replace("duty first\n  when request opened\n", declared)
        + 'fact foreign of request: yes or no presumed no until recorded "it is none of ours"\n\n'
        + "scope ours\n  outside if foreign\n\n"
        + f"duty first\n  when request opened\n  Desk must respond within 4 hours\n  until request {kinds[-1]}\n"
    )
    contract, wrong = contract_of(text)
    assert contract is not None, [text.splitlines()[line - 1] for line in wrong]
    events = (
        event(1, "02T08:15", "opened", "Client"),
        event(2, "02T09:00", kinds[-1]),
        event(1, "02T08:15", "opened", "Client", "T2"),
        event(2, "02T09:00", "recorded", "Client", "T2", foreign=True),
    )
    case = Case("many kinds", text, contract, events, at("03T00:00"))
    seen = columnar(case)
    assert differences(reference(case), seen) == []
    told = {verdict.subject: verdict.ended_by for verdict in seen.evaluation.verdicts if verdict.duty == "first"}
    assert told == {"T1": kinds[-1], "T2": "ours"}
    assert {used for used, _ in (seen.engines or {}).values()} == {engine}
