"""How two readings act together: what the search leaves out, and what it finds, against judging every pair in full."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest

from slarules.model.verdict import Verdict
from slarules.stakes.stakes import stakes
from slarules.stakes.worth import Joint
from tests.engine.small import at, contract, log
from tests.stakes.brute import Full, Story, full, late_by, matched, options

RULES = """
reading hours "Which hours count?"
  option all:  counted in Always "all"
  option open: counted in Open   "those of the desk"
  adopt open because "nobody is there otherwise"

reading lunch "Is there a break?"
  option none:  09:00 to 17:00                     "no"
  option break: 09:00 to 12:00 and 13:00 to 17:00 "yes"
  adopt none because "none is named"

reading who "Who must be satisfied?"
  option nobody "nobody"
  option client "the client"
  adopt nobody because "no word of it"

reading phone "Do calls count?"
  option yes "they do"
  option no  "they do not"
  adopt yes because "they are requests"

fact satisfied of request: yes or no presumed no until recorded
fact channel of request: one of phone or mail

calendar Open
  open Monday to Friday as read in lunch

severities 1, 2

duty answer
  when request opened
  if reading phone is yes or channel is mail
  Desk must respond within 4 hours counted as read in hours
  performed when request responded by Desk and (reading who is nobody or satisfied)
  on severity change keep the deadline
  on reopening change nothing

duty apologise
  when answer breached
  Desk must report within 1 hour
  performed when request reported by Desk
  on severity change keep the deadline
  on reopening change nothing

prohibition no_calls
  when request asked by Desk
  Desk must not ask request
"""
LINES = """
2026-03-02 11:00  T1 opened by Client, channel phone, severity 1
2026-03-02 14:30  T1 responded by Desk
2026-03-02 15:30  T2 opened by Client, channel mail, severity 1
2026-03-03 10:10  T2 responded by Desk, satisfied
2026-03-02 16:00  T3 opened by Client, channel phone, severity 2
2026-03-03 12:30  T3 responded by Desk, satisfied
2026-03-03 13:00  T3 reported by Desk
2026-03-03 09:30  T4 opened by Client, channel mail, severity 2
2026-03-03 14:00  T4 responded by Desk, satisfied
"""


def key(verdict: Verdict | None) -> tuple[str | None, int]:
    return (None if verdict is None else verdict.state, late_by(verdict) or 0)


def rows(base: Full, first: Full, second: Full, both: Full) -> list[Joint]:
    """Each verdict under the four ways; duties here arise once for each subject."""
    found = []
    for name in base.verdicts:
        known: dict[tuple[str, str], list[Verdict | None]] = {}
        for place, way in enumerate((base, first, second, both)):
            for verdict in way.verdicts[name]:
                known.setdefault((verdict.rule, verdict.label), [None] * 4)[place] = verdict
        found += [Joint(*row) for row in known.values()]
    return found


def adds_up(row: Joint) -> bool:
    """Whether the joint effect on one verdict is the sum of the single ones, said as plainly as can be."""
    base, first, second, both = (key(one) for one in (row.base, row.first, row.second, row.both))
    if first == base:
        return both == second
    if second == base:
        return both == first
    same = base[0] == first[0] == second[0] == both[0]
    return same and both[1] - base[1] == (first[1] - base[1]) + (second[1] - base[1])


@pytest.mark.parametrize("chosen", [{}, {"hours": "all"}, {"who": "client", "lunch": "break"}])
def test_every_pair_is_found_that_judging_all_of_them_finds(chosen: dict[str, str]) -> None:
    terms = contract(RULES)
    story = Story(tuple(log(RULES, LINES)), at("2026-03-06 00:00"), {})
    found = stakes(terms, story.events, story.as_of, readings=chosen, judgings=None)
    base = full(terms, chosen, story)
    single = {option: full(terms, chosen | dict([option]), story) for option in options(terms, chosen)}
    wanted: Counter[frozenset[tuple[str, str]]] = Counter()
    for a, b in combinations(single, 2):
        if a[0] != b[0]:
            both = full(terms, chosen | dict([a, b]), story)
            many = sum(not adds_up(row) for row in rows(base, single[a], single[b], both))
            wanted[frozenset((a, b))] = many
    seen = {frozenset((p.first, p.second)): p.overlap + p.together + p.undone + p.otherwise for p in found.pairs.found}
    assert seen == {pair: many for pair, many in wanted.items() if many}
    assert found.pairs.pairs == len(wanted) and not found.pairs.left_out
    assert seen  # some do act on each other, or this would show nothing


def test_totals_of_a_pair_are_those_of_the_whole_log() -> None:
    terms = contract(RULES)
    story = Story(tuple(log(RULES, LINES)), at("2026-03-06 00:00"), {})
    base = full(terms, {}, story)
    for pair in stakes(terms, story.events, story.as_of, judgings=None).pairs.found:
        ways = ([pair.first], [pair.second], [pair.first, pair.second])
        for options_, flips, lateness in zip(ways, pair.flips, pair.lateness, strict=True):
            other = full(terms, dict(options_), story)
            changes = [c for n in base.verdicts for c in matched(base.verdicts[n], other.verdicts[n], ())]
            assert flips == sum(key(c.before)[0] != key(c.after)[0] for c in changes)
            assert lateness == sum(key(c.after)[1] - key(c.before)[1] for c in changes)


def test_what_is_left_out_for_want_of_judgings_is_told() -> None:
    terms = contract(RULES)
    events, as_of = log(RULES, LINES), at("2026-03-06 00:00")
    whole = stakes(terms, events, as_of, judgings=None).pairs
    some = stakes(terms, events, as_of, judgings=4).pairs
    assert some.left_out and len(some.found) + len(some.left_out) >= len(whole.found)
    assert {(p.first, p.second) for p in whole.found} <= (
        {(p.first, p.second) for p in some.found} | set(some.left_out)
    )
    assert stakes(terms, events, as_of, judgings=0).pairs.pairs == 0
