"""Every fuzzed reader answers its seeds, and some changed ones, as it must; `make fuzz` tries many more."""

from __future__ import annotations

import random
import time

import pytest

from tests.fuzz.mutate import mutated
from tests.fuzz.targets import LONGEST, TARGETS

CHANGED = 150
SLOWEST = 1.0
"""Seconds of computing for one input."""


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_changed_seeds_are_answered(name: str) -> None:
    target = TARGETS[name]
    seeds, words = list(target.seeds()), target.words()
    dice = random.Random(1)
    chosen = dice.sample(seeds, min(len(seeds), CHANGED // 2))
    changed = [mutated(dice.choice(seeds), LONGEST, number, words, seeds) for number in range(CHANGED)]
    for data in (*chosen, *changed):
        began = time.process_time()
        target.run(data)
        assert time.process_time() - began < SLOWEST, data


def test_the_same_seed_changes_an_input_in_the_same_way() -> None:
    seeds = [b"one two\nthree\n", b"four\n"]
    made = [mutated(seeds[0], 100, number, ["word"], seeds) for number in range(40)]
    assert made == [mutated(seeds[0], 100, number, ["word"], seeds) for number in range(40)]
    assert len(set(made)) > 20 and all(len(one) <= 100 for one in made)
