"""The engine beside an independent second opinion on agreements, on random policies and lives.

`python -m tests.engine.test_oracle_of_agreements FIRST COUNT` compares further ones. Compared are, at every event,
deadline and next change and a microsecond on either side (of long lives, some of these instants): of every duty its
state, trigger, deadline, performance, lateness, what ended it, what is missing, what it follows from, whether it is
owed; choices, prohibitions, rights, also of people; the states of statuses; allowances with their draws; amounts; the
next change. Every second life has more: warnings, what is to be kept, a supplied list that ends, people of a role, acts
by nobody knows whom. Not compared: numbers of instances, consumed time, severities, flags and findings; and lives in
which it becomes known only later that an act of before performed a duty from which something follows.
"""

from __future__ import annotations

import os
import sys

import pytest

from tests.oracle_of_agreements.comparing import differences

LIVES = int(os.environ.get("SLARULES_ORACLE_AGREEMENTS", "60"))
PARTS = 6


@pytest.mark.parametrize("part", range(PARTS))
def test_the_engine_agrees_with_the_second_opinion(part: int) -> None:
    wrong = [one for seed in range(part * LIVES // PARTS, (part + 1) * LIVES // PARTS) for one in differences(seed)]
    assert not wrong, "\n".join(wrong[:20])


def main(first: int, count: int) -> None:
    """Print the first disagreement of every life."""
    bad = 0
    for seed in range(first, first + count):
        found = differences(seed)
        bad += bool(found)
        print(*found[:1], sep="\n", end="\n" if found else "")
    print(f"{count - bad} agree, {bad} differ")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
