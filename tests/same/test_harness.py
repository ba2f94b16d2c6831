"""The harness itself: whatever one answer has otherwise is told, and a case is shrunk to what matters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from slarules.engine.adopt import adopt
from slarules.model.verdict import Evaluation, Finding
from tests.same.cases import Case, written
from tests.same.comparing import FIELDS, Seen, differences
from tests.same.constructs import constructs
from tests.same.implementations import reference
from tests.same.trying import Tally, compared, random_cases, smallest


def case_of(seed: int) -> Case:
    return next(random_cases(seed, tickets=12, logs=1))[0]


@pytest.fixture(scope="module")
def answered() -> tuple[Case, Seen]:
    found = next(case for case in map(case_of, range(50)) if len(reference(case).evaluation.verdicts) > 20)
    return found, reference(found)


def test_an_answer_is_equal_to_itself(answered: tuple[Case, Seen]) -> None:
    case, seen = answered
    assert differences(seen, reference(case)) == []


def test_every_field_of_a_verdict_is_compared(answered: tuple[Case, Seen]) -> None:
    _, seen = answered
    place = len(seen.evaluation.verdicts) // 2
    for name in FIELDS:
        verdict = seen.evaluation.verdicts[place]
        value = getattr(verdict, name)
        other: Any = ("x",) if isinstance(value, tuple) else (value or 0) + 1 if isinstance(value, int) else "other"
        if name == "citation":
            other = evolve(value, readings=("x",))
        if isinstance(value, bool):
            other = not value
        verdicts = list(seen.evaluation.verdicts)
        verdicts[place] = evolve(verdict, **{name: other})
        found = differences(seen, _with(seen, verdicts=tuple(verdicts)))
        assert found, name
        assert name in ("subject", "duty", "number", "rule") or [one.field for one in found] == [name]


def test_a_number_of_another_type_is_another(answered: tuple[Case, Seen]) -> None:
    _, seen = answered
    first = seen.evaluation.verdicts[0]
    verdicts = (evolve(first, triggered_at=float(first.triggered_at)), *seen.evaluation.verdicts[1:])
    assert [one.field for one in differences(seen, _with(seen, verdicts=verdicts))] == ["triggered_at"]


def test_order_and_number_of_verdicts_are_compared(answered: tuple[Case, Seen]) -> None:
    _, seen = answered
    verdicts = seen.evaluation.verdicts
    assert [d.field for d in differences(seen, _with(seen, verdicts=verdicts[::-1]))] == ["order"]
    assert [d.field for d in differences(seen, _with(seen, verdicts=verdicts[1:]))] == ["verdicts"]
    assert [d.field for d in differences(_with(seen, verdicts=verdicts[1:]), seen)] == ["verdicts"]


OTHERWISE: dict[str, Any] = {
    "as_of": 1,
    "readings": {"x": "y"},
    "statuses": {("A", "s"): None},
    "allowances": ("x",),
    "amounts": {("A", "a"): Decimal(1)},
    "findings": (Finding("T", "e", "impossible", "x"),),
    "next_change_at": 1,
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_everything_else_is_compared(name: str, answered: tuple[Case, Seen]) -> None:
    _, seen = answered
    assert [d.field for d in differences(seen, _with(seen, **{name: OTHERWISE[name]}))] == [name]


def test_each_subjects_next_change_is_compared(answered: tuple[Case, Seen]) -> None:
    _, seen = answered
    assert seen.changes is not None
    subject = next(iter(seen.changes))
    other = evolve(seen, changes={**seen.changes, subject: 7})
    assert [(d.field, d.where) for d in differences(seen, other)] == [("next_change_at", subject)]


def _with(seen: Seen, **fields: Any) -> Seen:
    return evolve(seen, evaluation=evolve(seen.evaluation, **fields))


def mistaken(case: Case) -> Seen:
    """An engine that takes a suspended duty for a pending one."""
    seen = reference(case)
    verdicts = tuple(evolve(v, state="pending") if v.state == "suspended" else v for v in seen.evaluation.verdicts)
    return _with(seen, verdicts=verdicts)


def failing(case: Case) -> Seen:
    """An engine that cannot read a retraction."""
    if any(event.type == "retracted" for event in case.events):
        raise KeyError("retracted")
    return reference(case)


def test_a_wrong_engine_is_found_and_its_case_is_small() -> None:
    tally = Tally()
    cases = (pair for seed in range(60) for pair in random_cases(seed, tickets=30, logs=1))
    found = next(compared(cases, mistaken, tally))
    assert [(d.field, d.expected, d.seen) for d in found.differences] == [("state", "suspended", "pending")]
    assert len(found.case.events) <= 3
    assert len(found.case.policy.splitlines()) <= 20
    assert {"waiting", "resolved"} & {event.type for event in found.case.events}


def test_an_engine_that_fails_is_found_and_its_case_is_small() -> None:
    cases = (pair for seed in range(60) for pair in random_cases(seed, tickets=30, logs=1))
    found = next(compared(cases, failing, Tally()))
    assert found.raised == "KeyError: 'retracted'"
    assert [event.type for event in found.case.events] == ["retracted"]


def test_the_same_seed_gives_the_same_cases() -> None:
    one, two = ([written(case) for case, _ in random_cases(11, tickets=20)] for _ in range(2))
    assert one == two
    assert len(set(one)) == len(one)


def test_a_smaller_case_is_the_same_question() -> None:
    case = case_of(3)
    found = differences(reference(case), mistaken(case))
    if found:
        assert smallest(case, mistaken, found, 5.0).differences


def test_constructs_are_told_of_every_rule() -> None:
    for seed in range(20):
        case = case_of(seed)
        evaluation: Evaluation = reference(case).evaluation
        known = {k for a in adopt(case.contract, case.readings, case.supplied) for k in constructs(a)}
        assert {v.duty for v in evaluation.verdicts} <= known
