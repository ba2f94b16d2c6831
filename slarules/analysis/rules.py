"""Every rule of lint: those that the words alone decide, and those that are decided over all that may be so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve

from slarules.analysis import boundaries, courses, gaps, ladders, overlaps, vacuity
from slarules.analysis.guards import NOT_DECIDED, Told
from slarules.diagnostics import Level
from slarules.lint import rules as of_words
from slarules.lint.examined import Examined
from slarules.lint.finding import Check, Found, Rule

FAMILIES = (gaps, overlaps, vacuity, courses, boundaries, ladders)
"""Each looks for what its ``everything`` says, under the names below."""
LOOKED_FOR: tuple[tuple[str, str, str], ...] = (
    ("L2001", gaps.GAP, "a severity for which a ladder of duties or a table comes to nothing"),
    ("L2002", overlaps.OVERLAP, "two duties of one act that are owed together, due at different times"),
    ("L2003", vacuity.SHADOWED, "an alternative or exception that another one always comes before"),
    ("L2004", vacuity.NEVER, "a condition that can never hold"),
    ("L2005", vacuity.ALWAYS, "a condition that asks for nothing, because it always holds"),
    ("L2006", boundaries.HOLE, "a value that the rules on either side of it both leave out"),
    ("L2007", boundaries.DOUBLE, "a value that the rules on either side of it both claim"),
    ("L2008", ladders.LADDER, "a graver severity that can be due later than a milder one"),
    ("L2009", ladders.RESPONSE, "a row of times whose response is due no sooner than its resolution"),
    ("L2010", vacuity.SWALLOWED, "an exclusion that leaves nothing of its duty"),
)
"""Code, name, and what is looked for, in one line."""


def _everything(examined: Examined) -> Iterator[Told]:
    for family in FAMILIES:
        yield from family.everything(examined)


def _shown(name: str) -> Check:
    """Finds what is told under a name and has a ticket that shows it."""

    def check(examined: Examined) -> Iterator[Found]:
        return (found for told, found in _everything(examined) if told == name and found.witness is not None)

    return check


def _not_decided(examined: Examined) -> Iterator[Found]:
    """Nothing is passed over in silence: what was too large, and what no ticket could be made to show."""
    for told, found in _everything(examined):
        if told == NOT_DECIDED:
            yield found
        elif found.witness is None:
            yield evolve(found, message=f"{found.message}; so it seems, but no ticket was found that shows it")


DECIDED: tuple[Rule, ...] = (
    *(Rule(code, name, Level.WARNING, says, _shown(name)) for code, name, says in LOOKED_FOR),
    Rule("L2011", NOT_DECIDED, Level.NOTE, "a rule of so many facts that its conditions were not gone through",
         _not_decided),
)
"""The rules that look at every point of a finite domain; each finding has a ticket that the engine confirms."""
RULES: tuple[Rule, ...] = tuple(sorted((*of_words.RULES, *DECIDED), key=lambda rule: rule.code))
"""Every rule, by code."""
BY_NAME: Mapping[str, Rule] = {rule.name: rule for rule in RULES}
