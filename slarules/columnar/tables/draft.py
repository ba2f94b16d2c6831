"""The tables of a version while they grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import define, field

from slarules.columnar.kernels import layout as at
from slarules.columnar.tables.conditions import (
    Beyond,
    Input,
    Vocabulary,
    inputs_of,
    question,
    recorded_beside,
)
from slarules.engine.expression import Test
from slarules.engine.plan import Plan


@define(eq=False)
class Draft:
    """The tables while they grow."""

    plan: Plan
    words: Vocabulary
    types: dict[str, int]
    waited: Mapping[str, int]
    """Whom a ticket waits on → its code."""
    questions: list[tuple[int, int, int]] = field(factory=list)
    inputs: list[tuple[int, int, int]] = field(factory=list)
    answers: list[int] = field(factory=list)
    wanting: dict[int, int] = field(factory=lambda: {-1: 0, 0: 1})
    """Bits wanted → the answer that stands for them; 0 and 1 are no and yes."""
    reasons: list[str] = field(factory=list)
    rules: dict[str, int] = field(factory=dict)
    """Duties and choices about tickets → their number."""
    cells: dict[tuple[int, ...], int] = field(factory=dict)
    """What limits can come to → its number."""
    parts: list[int] = field(factory=list)
    """The questions of limits of which the sooner or the later counts."""
    lists: list[int] = field(factory=list)
    """The dates of recorded lists, counted from 1970-01-01, one list after the other."""
    all_beyond: str | None = None
    """Why every ticket is beyond the kernels."""

    def ask(self, test: Test, conditions: object, *more: Input, later: bool = False) -> int:
        """The number of a question, which turns on its conditions and on ``more``; ``later``: it may be answered later.

        Raises ``Beyond``.
        """
        turns_on = [*inputs_of(conditions, self.words.terms), *more]
        calendars = self.plan.adopted.calendars
        asked = question(test, turns_on, self.words, calendars)
        if later and recorded_beside(test, conditions, asked, turns_on, self.words, calendars):
            raise Beyond("asks whether something is recorded, beside what may not be known")
        self.questions.append((len(self.inputs), len(asked.inputs), len(self.answers)))
        self.inputs.extend(asked.inputs)
        self.answers.extend(self._answer(one) for one in asked.answers)
        return len(self.questions) - 1

    def _answer(self, one: int | tuple[int]) -> int:
        if isinstance(one, int):
            return one
        return self.wanting.setdefault(one[0], len(self.wanting))

    def beyond(self, rule: str, why: Beyond) -> int:
        """The mark of a rule that no table can hold."""
        self.reasons.append(f"`{rule}` {why}")
        return at.FIRST_RULE + len(self.reasons) - 1


def array(rows: Sequence[Sequence[int]], width: int) -> Any:
    return np.array(rows, np.int64).reshape(len(rows), width)


def offsets(groups: Sequence[Sequence[object]]) -> Any:
    return np.concatenate(([0], np.cumsum([len(group) for group in groups]))).astype(np.int64)
