"""What an explanation claims is so: every claim is tried with the engine, on what is written down and on random logs.

``SLARULES_CLAIMS=N`` tries the whole of what is written down, and N random policies with their logs besides; of the
contracts' instants one in 25 under every reading.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import chain, islice

import pytest

from tests.engine.claims import (
    by_whom,
    changes,
    clock,
    kept,
    next_change,
    readings,
    sums,
    told,
    unheld,
    wanting,
    words,
)
from tests.same.cases import Case
from tests.same.corpus import CONTRACTS, RULES, duty_cases, scenarios
from tests.same.trying import random_cases

MORE = int(os.environ.get("SLARULES_CLAIMS", "0"))
MORE_CLAIMS = (changes, by_whom, sums, next_change)

EVERY = (1500, 120, 150, 200)
"""Of Collabware's instants, Copiun's, CPI's and Trak's one in so many is looked at under every reading."""


def some(cases: Iterable[Case], every: int, wide: int = 1) -> Iterator[Case]:
    """One in so many of them; with more asked for, one in ``wide``."""
    return islice(cases, None, None, wide if MORE else every)


def drawn(first: int, count: int) -> Iterator[Case]:
    """Random policies with short logs."""
    for seed in range(first, first + (MORE or count)):
        yield from (case for case, _ in random_cases(seed, 5, 1))


def false(cases: Iterable[Case], *claims: object) -> list[str]:
    """What is claimed and not so."""
    found = []
    for case in cases:
        for one in told(case):
            for claim in claims:
                found += list(claim(one))  # type: ignore[operator]
    return found


def test_of_what_is_written_down() -> None:
    cases = chain(some(scenarios(RULES), 20), some(duty_cases(), 19))
    assert false(cases, kept, clock, words, wanting, *MORE_CLAIMS) == []


def test_of_corrected_logs_and_sums() -> None:
    """Each scenario about them, and not one in so many."""
    names = ("r03_two_axes.sla", "lives_corrected.sla", "sums.sla", "amounts.sla", "r32_disputed.sla")
    paths = [path for path in RULES if path.name in names]
    assert len(paths) == len(names)
    assert false(some(scenarios(paths), 3), *MORE_CLAIMS) == []


def test_of_random_logs() -> None:
    assert false(drawn(300, 6), kept, clock, words, wanting, *MORE_CLAIMS) == []


@pytest.mark.parametrize("number", range(len(CONTRACTS)))
def test_which_readings_decide(number: int) -> None:
    """Those named, and no others."""
    assert false(some(scenarios(CONTRACTS[number : number + 1]), EVERY[number], 25), readings, words) == []


def test_what_keeps_a_rule_from_being_owed() -> None:
    cases = chain(some(scenarios(RULES), 5), some(duty_cases(), 9), drawn(500, 3))
    tried = [claim for case in cases for claim in unheld(case)]
    assert [text for text in tried if text] == []
    assert tried

