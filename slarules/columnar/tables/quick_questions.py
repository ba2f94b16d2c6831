"""Conditions as the quick way asks them: what they turn on, and the answers (see ``kernels.quick_asking``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from slarules.columnar.kernels import layout as at
from slarules.columnar.tables.parts import Parts, fixed_of, length, part


def inputs_of(own: Parts, question: int) -> Any:
    """[·, (kind, what, stride)]: what a question turns on; nothing where none is asked."""
    if question < 0:
        return np.zeros((0, 3), np.int64)
    first, many, _ = _row(own, question)
    return part(own, at.T_INPUTS, first + many, 3)[first:]


def kinds_of(own: Parts, question: int) -> set[int]:
    """What kinds of things a question turns on (``layout.Q_…``)."""
    return set(inputs_of(own, question)[:, 0].tolist())


def facts_of(own: Parts, question: int) -> int:
    """The facts that a question turns on, a bit each."""
    found = 0
    for kind, what, _ in inputs_of(own, question).tolist():
        if kind in (at.Q_FACT, at.Q_FACT_OR_AGREEMENT, at.Q_MEMBER):
            found |= 1 << (what & 0xFFFF)
    return found


def is_known(own: Parts, question: int, clocks: Mapping[int, int]) -> bool:
    """Whether the quick way can ask a question; ``clocks`` are the calendars that it knows."""
    return all(kind != at.Q_OPEN or what in clocks for kind, what, _ in inputs_of(own, question).tolist())


def asked_calendars(own: Parts, questions: Iterable[int]) -> list[int]:
    """The calendars that questions ask."""
    found = (inputs_of(own, question) for question in questions)
    return list(dict.fromkeys(int(what) for inputs in found for kind, what, _ in inputs if kind == at.Q_OPEN))


def guard_of(own: Parts, duty: int) -> int:
    """The question beside a duty's trigger; -1 for none."""
    return int(fixed_of(own, duty)[at.D_GUARD])


def question_of(own: Parts, question: int, clocks: Mapping[int, int]) -> Any:
    """A question as it is laid out: how many inputs, each of them, and the answers."""
    inputs = inputs_of(own, question).copy()
    for row in inputs:
        if row[0] == at.Q_OPEN:
            row[1] = clocks[int(row[1])]
    answers = part(own, at.T_ANSWERS, length(own, at.T_ANSWERS))
    begin = _row(own, question)[2]
    starts = part(own, at.T_QUESTIONS, length(own, at.T_QUESTIONS) // 3, 3)[:, 2]
    later = starts[starts > begin]
    end = int(later.min()) if len(later) else len(answers)
    return np.concatenate([[len(inputs)], inputs.ravel(), answers[begin:end]]).astype(np.int64)


def _row(own: Parts, question: int) -> tuple[int, int, int]:
    first, many, begin = (int(n) for n in part(own, at.T_QUESTIONS, question + 1, 3)[question])
    return first, many, begin
