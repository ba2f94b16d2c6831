"""Random duties, judged by the engine on a grid of tickets: lint finds what the grid shows, and nothing else.

``SLARULES_LINT_POLICIES`` says how many policies are tried (25).
"""

from __future__ import annotations

import os
from decimal import Decimal
from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from slarules.analysis.linting import Linted, linted
from slarules.analysis.rules import DECIDED
from slarules.engine.evaluate import evaluate
from slarules.loader import Loaded
from slarules.model.event import Event, Raw
from slarules.resolve.build import resolve
from slarules.source import Source
from slarules.syntax.parse import parse
from tests.engine.small import HEAD, at

MANY = int(os.environ.get("SLARULES_LINT_POLICIES", "25"))
FACTS = """fact urgent of request: yes or no
fact users of request: number

severities 1, 2
  assigned by Client

"""
NUMBERS = [Decimal(n) / 2 for n in range(9)]
Ticket = tuple[str | None, Decimal | None, bool | None]
TICKETS: list[Ticket] = list(product(("1", "2", None), (*NUMBERS, None), (True, False, None)))
ONLY = frozenset(rule.name for rule in DECIDED)

comparisons = st.one_of(
    st.sampled_from(["urgent", "not urgent", "severity is 1", "severity is 2", "users is recorded"]),
    st.builds("users is {} {}".format, st.sampled_from(["more than", "less than", "at least", "at most"]),
              st.sampled_from("123")),
)
guards = st.one_of(
    comparisons,
    st.builds("{} and {}".format, comparisons, comparisons),
    st.builds("{} or {}".format, comparisons, comparisons),
)
lines = st.lists(st.builds("  {} {}\n".format, st.sampled_from(["if", "if", "unless"]), guards), min_size=1, max_size=2)


def policy(first: list[str], second: list[str]) -> Loaded:
    rules = "".join(
        f"duty {name}\n  when request opened\n{''.join(guarded)}  Desk must respond to Client within {hours} hours\n\n"
        for name, guarded, hours in (("a", first, 1), ("b", second, 2))
    )
    source = Source("random.sla", HEAD + FACTS + rules)
    tree, spelling = parse(source)
    contract, problems = resolve(tree, source, None)
    return Loaded("random.sla", source.text.encode(), source, tree, None, contract, (*spelling, *problems))


def owed(loaded: Loaded) -> dict[Ticket, set[str]]:
    """The duties that the engine says are certainly owed, ticket by ticket."""
    assert loaded.contract is not None
    events = []
    for number, (severity, users, urgent) in enumerate(TICKETS):
        told: dict[str, Raw] = {"severity": severity, "users": users, "urgent": urgent}
        facts = {name: value for name, value in told.items() if value is not None}
        events.append(Event(f"e{number}", f"T{number}", "opened", at("2026-03-02 09:00"), "Client", facts))
    seen: dict[Ticket, set[str]] = {ticket: set() for ticket in TICKETS}
    for verdict in evaluate(loaded.contract, None, events, at("2026-03-02 09:00")).verdicts:
        if verdict.state == "pending":
            seen[TICKETS[int(verdict.subject[1:])]].add(verdict.duty)
    return seen


def messages(done: Linted, *names: str) -> list[str]:
    return [one.diagnostic.message for one in done.findings if one.rule.name in names]


def boundaries(seen: dict[Ticket, set[str]], doubled: bool) -> set[str]:
    """The whole numbers of users at which one duty ends and the other begins, and that neither or both claim."""
    found = set()
    for severity, urgent, value in product(("1", "2", None), (True, False, None), (1, 2, 3)):
        below, here, above = (seen[severity, Decimal(value + step), urgent] for step in (-1, 0, 1))
        nearer = [seen[severity, Decimal(2 * value + step) / 2, urgent] for step in (-1, 1)]
        parted = nearer == [below, above] and len(below) == len(above) == 1 and below != above
        if parted and len(here) == (2 if doubled else 0):
            found.add(f"`users` is {value}")
    return found


@settings(max_examples=MANY, deadline=None)
@given(lines, lines)
def test_lint_finds_what_the_engine_shows_on_a_grid(first: list[str], second: list[str]) -> None:
    loaded = policy(first, second)
    assume(loaded.contract is not None)  # `check` refuses the plainest of these
    done = linted(loaded, (), ONLY)
    assert done.unconfirmed == ()
    seen = owed(loaded)
    dead = {name for name in "ab" if not any(name in duties for duties in seen.values())}
    told = messages(done, "never-holds", "exclusion-swallows")
    assert {name for name in "ab" if any(f"`{name}` never applies" in words for words in told)} == dead
    together = any(duties == {"a", "b"} for duties in seen.values())
    overlaps = messages(done, "overlap-without-precedence", "boundary-double")
    overlaps += [words for words in messages(done, "shadowed-rule") if "asks for nothing" in words]
    assert bool(overlaps) is together
    for name, doubled in (("boundary-hole", False), ("boundary-double", True)):
        said = messages(done, name)
        found = boundaries(seen, doubled)
        assert {value for value in found if any(value in words for words in said)} == found
        assert len(said) == len(found)
