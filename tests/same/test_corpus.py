"""What is written down: scenarios, duty cases, example logs and a real log, judged alike by every implementation."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from slarules.columnar.log.columns import checked, events_of, table_of
from slarules.columnar.stretches import NO_TICKET
from tests.same import corpus
from tests.same.cases import Case, written
from tests.same.comparing import differences
from tests.same.implementations import IMPLEMENTATIONS, reference

EVERY = bool(os.environ.get("SLARULES_SAME_TICKETS"))
"""Every instant that a scenario asks about, and the whole real log; else the last instant, and some tickets."""
LEAST = 95
"""The least share, in hundredths, of the tickets in scenarios of each contract that the kernels judge."""
PAGE = corpus.ROOT / "docs/engines.md"
"""It tells how many tickets of each contract's scenarios the kernels judge."""
FILES = [*corpus.CONTRACTS, *corpus.RULES]

pytestmark = pytest.mark.parametrize("name", sorted(IMPLEMENTATIONS))


def alike(name: str, cases: Iterable[Case]) -> Counter[str]:
    """Fails with the first case that an implementation answers otherwise, and with how many there are.

    Gives by what engine tickets were judged, `kernels` for the kernels, else why they were not.
    """
    wrong: list[str] = []
    judged = Counter[str]()
    for case in cases:
        seen = IMPLEMENTATIONS[name](case)
        judged.update(why or "kernels" for _, why in (seen.engines or {}).values() if why != NO_TICKET)
        found = differences(reference(case), seen)
        if found:
            wrong.append("\n".join([*map(str, found[:5]), *([written(case)] if not wrong else [case.name])]))
    assert not wrong, f"{len(wrong)} cases:\n" + "\n\n".join(wrong[:3])
    return judged


def by_kernels(judged: Counter[str], least: float) -> None:
    """Fails where fewer tickets than this share, in hundredths, were judged by the kernels; says why they were not."""
    if judged:
        assert 100 * judged["kernels"] >= least * judged.total(), judged.most_common()


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(corpus.ROOT)) for path in FILES])
def test_scenarios(name: str, path: Path) -> None:
    within = path not in corpus.CONTRACTS
    cases = list(corpus.scenarios_within([path]) if within else corpus.scenarios([path]))
    last = {case.name: case for case in cases}
    judged = alike(name, cases if EVERY else last.values())
    by_kernels(judged, 0 if within else LEAST)
    if judged and not within and not EVERY:
        shown = f"{judged['kernels']} of {judged.total()}"
        rows = re.findall(r"^\| (\w+) \|.*\| (\d+ of \d+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
        assert (path.parent.name, shown) in [(name.lower(), figures) for name, figures in rows], "docs/engines.md"


def test_duty_cases(name: str) -> None:
    alike(name, corpus.duty_cases())


def test_a_year_of_examples(name: str) -> None:
    cases = list(corpus.examples())
    by_kernels(alike(name, cases if EVERY else cases[1::4]), 100)


def test_a_year_under_every_reading(name: str) -> None:
    cases = list(corpus.every_reading())
    alike(name, cases if EVERY else cases[::8])


@pytest.mark.skipif(not corpus.DATA.exists(), reason="the real log is not beside the project (data/ is absent)")
def test_the_real_log(name: str) -> None:
    alike(name, corpus.real_log(None if EVERY else 150))


def test_a_log_is_the_same_after_a_table(name: str) -> None:
    """Whatever a log holds, its events come out of a table as they went in."""
    del name
    for case in [*corpus.duty_cases(), *list(corpus.examples())[:1]]:
        again = events_of(checked(table_of(case.events)))
        assert again == list(case.events)
        assert [(e.facts, list(e.facts)) for e in again] == [(e.facts, list(e.facts)) for e in case.events]
