"""The engine, through the language, against a stepper that looks at the wall clock minute by minute.

`python -m tests.engine.test_oracle FIRST COUNT` compares further cases, each with its open questions.

Compared are, of every duty: all that the cases' schema tells (state, trigger, deadline, performance, consumed,
allowed, lateness in real time and counted, owed, what ended it, what is missing, cause, next change), its margin, the
severity of its terms, its calendar, and by which events it was set off and performed; of the whole: impossible events,
the agreement's state, choices, the allowance, the next change. Not compared: flags, the words it rests on, who owes
what to whom, what was used of a limit that is the sooner or the later of several and is not missed yet, the severity of
what is undetermined, prohibitions and rights as verdicts of their own, amounts.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from functools import cache
from typing import Any

import pytest

from slarules.engine.evaluate import evaluate
from slarules.model.verdict import Evaluation
from tests.duty_cases import compared, contract_of, events_of, instant, supplied_of
from tests.oracle.drawing.calendars import PERIODS
from tests.oracle.random_cases import random_case
from tests.oracle.stepper import judge

TICKETS = int(os.environ.get("SLARULES_ORACLE_TICKETS", "20000"))
SHARES = 3
"""So many tests share the tickets of one period and zone: they stand next to each other, with the same calendars, so
that both judges work out a calendar once."""

OPEN = 0.06
"""Share of tickets that may differ where the stepper names an open question of the rules that it decides otherwise
(`docs/semantics.md`, "Decisions", gives the engine's answers). None may differ where it names none."""


TOGETHER = (6, 15)
"""The seeds, of sixteen, whose contract has several constructs at once; one is plain else, one wide."""
FURTHER = (6, 10)
"""Those with acts that count only if, warnings, times by a fact, and what follows; one with several constructs, too."""


def drawn(seed: int) -> dict[str, Any]:
    """A ticket; every second one stands under a wide contract."""
    place = seed % 16
    return random_case(random.Random(seed), wide=seed % 2 == 1, together=place in TOGETHER, further=place in FURTHER)


def differences(seed: int) -> tuple[list[str], set[str]]:
    """Where the engine and the stepper differ on one random ticket, and the open questions it met."""
    case = drawn(seed)
    contract, events = contract_of(case), events_of(case)
    found: list[str] = []
    doubts: set[str] = set()
    for evaluation in case["evaluations"]:
        as_of, upto = evaluation["as_of"], evaluation.get("log_upto")
        expected = judge(case["contract"], case["events"], as_of, upto, doubts=doubts, whole=True)
        seen = evaluate(contract, None, events, instant(as_of), supplied=supplied_of(case["contract"]), upto=upto)
        used = by_which_events(expected, seen)
        found += [f"seed {seed} as of {as_of}: {what}" for what in [*used, *compared(expected, seen)]]
    return found, doubts


def by_which_events(expected: dict[str, Any], seen: Evaluation) -> list[str]:
    """Where a verdict does not name the events that set the duty off and performed it; takes them from ``expected``."""
    verdicts = {verdict.label: verdict for verdict in seen.verdicts}
    found = []
    for label, fields in expected["duties"].items():
        first, act = fields.pop("set_off_by", None), fields.pop("performed_by", None)
        used = verdicts[label].events if label in verdicts else None
        if used is not None and first is not None and used[:1] != (first,):
            found.append(f"{label}.events: expected {first} first, seen {used}")
        if used is not None and act is not None and act not in used:
            found.append(f"{label}.events: expected {act} among them, seen {used}")
    return found


@cache
def seeds_of() -> dict[tuple[str, str], list[int]]:
    """The seeds of the tickets of each period and zone, which is the first that is drawn of them."""
    found: dict[tuple[str, str], list[int]] = {period: [] for period in PERIODS}
    for seed in range(TICKETS):
        found[random.Random(seed).choice(PERIODS)].append(seed)
    return found


def test_each_ticket_is_of_one_period() -> None:
    assert sorted(seed for seeds in seeds_of().values() for seed in seeds) == list(range(TICKETS))
    for (_, zone), seeds in seeds_of().items():
        assert {drawn(seed)["contract"]["zone"] for seed in seeds[:5]} == {zone}


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("period", PERIODS, ids=lambda period: f"{period[0]} {period[1].rpartition('/')[2]}")
def test_the_engine_agrees_with_the_stepper(period: tuple[str, str], share: int) -> None:
    wrong: list[str] = []
    open_questions = 0
    seeds = seeds_of()[period][share::SHARES]
    for seed in seeds:
        found, doubts = differences(seed)
        if found and not doubts:
            wrong += found
        open_questions += bool(found and doubts)
    assert not wrong, "\n".join(wrong[:20])
    assert open_questions <= max(3, OPEN * len(seeds))


def main(first: int, count: int) -> None:
    """Print every disagreement, and how many met each open question."""
    met: Counter[str] = Counter()
    clean = bad = 0
    for seed in range(first, first + count):
        try:
            found, doubts = differences(seed)
        except ValueError as wrong:
            found, doubts = [f"seed {seed}: {wrong}"], set()
        if not found:
            clean += 1
            continue
        met.update(doubts or {"(none)"})
        bad += not doubts
        print("\n".join(f"[{', '.join(sorted(doubts))}] {line}" for line in found[:4]))
    print(f"{clean} agree, {bad} differ without any open question; open questions of the others: {dict(met)}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
