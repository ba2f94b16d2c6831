"""What readings are worth on a long log: judged again only where they can matter, beside judging everything anew.

`python benchmarks/readings.py EVENTS [MAPPING] [--policy FILE] [--anew N] [--pairs N]`. Judges the log by the policy
(contracts/trak) under every option; the peer is `evaluate` on the whole log for N of the options (3), from which the
time for all is reckoned. Prints CPU seconds and their ratio; stops if the two differ in what an option makes of any
verdict.
"""

from __future__ import annotations

import argparse
import time as clock
from collections import Counter

from slarules.cli.logs import read_log
from slarules.engine.evaluate import evaluate
from slarules.loader import load
from slarules.model.verdict import Verdict
from slarules.stakes.stakes import stakes

DAY = 86_400_000_000


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("events")
    reader.add_argument("mapping", nargs="?")
    reader.add_argument("--policy", default="contracts/trak/policy.sla")
    reader.add_argument("--anew", type=int, default=3)
    reader.add_argument("--pairs", type=int, default=0)
    asked = reader.parse_args()
    contract = load(asked.policy).contract
    log = read_log({asked.events: asked.mapping}, False, None)
    if contract is None or isinstance(log, int):
        raise SystemExit("the policy or the log cannot be read")
    as_of = max(event.at for event in log.events) + DAY
    start, wall = clock.process_time(), clock.perf_counter()
    found = stakes(contract, log.events, as_of, judgings=asked.pairs)
    ours, ours_wall = clock.process_time() - start, clock.perf_counter() - wall
    options = [option for one in found.readings for option in one.options]
    many = f"{found.subjects:,} subjects, {len(log.events):,} events, {len(options)} options of {len(found.readings)}"
    print(f"{many} readings; {sum(option.judged for option in options):,} judged again")
    print(f"only what depends: {ours:8.1f} s CPU, {ours_wall:.1f} s by the clock")
    start = clock.process_time()
    before = _states(evaluate(contract, {}, log.events, as_of).verdicts)
    once = clock.process_time() - start
    tried = options[:: max(1, len(options) // asked.anew)][: asked.anew]
    start = clock.process_time()
    for option in tried:
        other = evaluate(contract, {option.reading: option.option}, log.events, as_of)
        after = _states(other.verdicts)
        changes = option.effect.changes
        gone, come = Counter(before), Counter(after)
        gone.subtract(_states([c.before for c in changes if c.before is not None]))
        come.subtract(_states([c.after for c in changes if c.after is not None]))
        if gone != come:
            raise SystemExit(f"{option.reading} = {option.option}: judging everything anew finds something else")
    theirs = (clock.process_time() - start) / len(tried)
    whole = once + theirs * len(options)
    print(f"everything anew:   {whole:8.1f} s CPU, reckoned from {len(tried)} options at {theirs:.1f} s")
    print(f"ratio: {whole / ours:.1f}")


def _states(verdicts: list[Verdict] | tuple[Verdict, ...]) -> Counter[tuple[str, str, str]]:
    """How many verdicts of each subject and rule have each state."""
    return Counter((verdict.subject, verdict.duty, verdict.state) for verdict in verdicts)


if __name__ == "__main__":
    main()
