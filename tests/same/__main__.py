"""Random tickets put to an engine and to the reference: `python -m tests.same --tickets N --seed S [--jobs 2]`."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import count

from tests.same.cases import written
from tests.same.implementations import IMPLEMENTATIONS
from tests.same.trying import TICKETS, Mismatch, Tally, compared, random_cases


def main() -> int:
    """Prints what was compared and the first case that differs; 1 where one does."""
    asked = argparse.ArgumentParser(prog="python -m tests.same", description=__doc__)
    asked.add_argument("--tickets", type=int, default=20_000, help="how many tickets (20000)")
    asked.add_argument("--seed", type=int, default=0, help="the first seed: one policy each (0)")
    asked.add_argument("--jobs", type=int, default=1, help="processes (1)")
    asked.add_argument("--log", type=int, default=TICKETS, help=f"how many tickets are in one log ({TICKETS})")
    asked.add_argument("--implementation", choices=sorted(IMPLEMENTATIONS), default="columnar")
    asked.add_argument("--constructs", action="store_true", help="also print what was compared, construct by construct")
    chosen = asked.parse_args()
    begun = time.monotonic()
    tally, found = tried(chosen.tickets, chosen.seed, chosen.jobs, chosen.implementation, chosen.log)
    print(told(tally, time.monotonic() - begun))
    if chosen.constructs:
        print(by_construct(tally))
    for name, text in found[:1]:
        print(f"\nDIFFERENT ({len(found)} in all): {name}\n{text}")
    return 1 if found else 0


def tried(
    tickets: int, seed: int, jobs: int, implementation: str, log: int = TICKETS
) -> tuple[Tally, list[tuple[str, str]]]:
    """At least so many tickets, policy by policy; each case that differs, as text."""
    tally, found = Tally(), []
    if jobs == 1:
        for number in count(seed):
            found += run_seed(number, implementation, tally, log)
            if tally.tickets >= tickets or len(found) >= 20:
                return tally, found
    with ProcessPoolExecutor(jobs) as pool:
        number = seed
        while tally.tickets < tickets and len(found) < 20:
            some = [(n, implementation, log) for n in range(number, number + 8 * jobs)]
            number += len(some)
            for own, more in pool.map(_apart, some):
                _added(tally, own)
                found += more
    return tally, found


def _apart(asked: tuple[int, str, int]) -> tuple[Tally, list[tuple[str, str]]]:
    tally = Tally()
    return tally, run_seed(asked[0], asked[1], tally, asked[2])


def run_seed(seed: int, implementation: str, tally: Tally, log: int = TICKETS) -> list[tuple[str, str]]:
    """One policy's logs; what differs, with the field and the whole small case."""
    cases = random_cases(seed, log)
    return [(_name(one), _told(one)) for one in compared(cases, IMPLEMENTATIONS[implementation], tally)]


def _name(mismatch: Mismatch) -> str:
    if mismatch.raised is not None:
        return mismatch.raised
    return mismatch.differences[0].field if mismatch.differences else "it is gone when asked again"


def _told(mismatch: Mismatch) -> str:
    lines = [str(one) for one in mismatch.differences[:8]]
    lines += [f"raised {mismatch.raised}"] if mismatch.raised else []
    return "\n".join([*lines, "", written(mismatch.case)])


def _added(tally: Tally, own: Tally) -> None:
    tally.cases += own.cases
    tally.tickets += own.tickets
    tally.verdicts += own.verdicts
    tally.engines.update(own.engines)
    tally.why.update(own.why)
    for mine, other in ((tally.uses, own.uses), (tally.oddities, own.oddities), (tally.states, own.states)):
        for name, counts in other.items():
            mine.setdefault(name, Counter()).update(counts)


# ---- Telling ---------------------------------------------------------------------------------------------------------


def told(tally: Tally, seconds: float) -> str:
    """A summary of what was compared, by which engine."""
    judged = sum(tally.engines.values()) or 1
    kernel = tally.engines["columnar"]
    lines = [
        f"{tally.tickets:,} tickets in {tally.cases:,} logs, {tally.verdicts:,} verdicts, {seconds:.1f} s",
        f"{kernel:,} of {judged:,} subjects were judged by the kernel ({100 * kernel / judged:.1f} %)",
    ]
    return "\n".join([*lines, *(f"  {many:>9,}  {why}" for why, many in tally.why.most_common(25))])


def by_construct(tally: Tally) -> str:
    """How often each construct, state and oddity was compared, and how much of it by the kernel."""
    lines = []
    for title, table in (
        ("verdicts by construct", tally.uses),
        ("by state", tally.states),
        ("subjects by oddity", tally.oddities),
    ):
        lines += ["", title]
        for name in sorted(table):
            many, kernel = sum(table[name].values()), table[name]["columnar"]
            lines.append(f"  {many:>9,}  {100 * kernel / many:5.1f} %  {name}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
