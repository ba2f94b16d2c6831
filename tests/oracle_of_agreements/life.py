"""An agreement's statuses, terms and allowances as they stand at an instant (R20, R34)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from tests.oracle_of_agreements.policy import Policy, State, Status


@dataclass
class Term:
    """From its first instant up to, and without, its end; renewed early, it begins later than it is known of."""

    since: int
    until: int | None
    known: int
    by_event: bool

    @property
    def begins(self) -> int:
        return max(self.since, self.known)


@dataclass
class Standing:
    """Where one status stands."""

    name: str
    state: str | None = None
    begun: bool = False
    first: int | None = None
    """When it began."""
    since: int = 0
    wanted: frozenset[str] = frozenset()
    terms: list[Term] = field(default_factory=list)


@dataclass
class Life:
    """Where all statuses and allowances of an agreement stand."""

    policy: Policy
    standings: dict[str, Standing]
    left: dict[str, Fraction | frozenset[str]]
    draws: dict[str, list[tuple[str, object, object]]]

    def worded(self, name: str, version: int) -> Status:
        return next(one for one in self.policy.statuses if one.name == name and one.version in (None, version))

    def states(self, name: str, version: int) -> dict[str, State]:
        return {state.name: state for state in self.worded(name, version).states}

    def known(self, name: str) -> bool:
        return not self.standings[name].wanted

    def wanted(self, name: str) -> frozenset[str]:
        return self.standings[name].wanted

    def state(self, name: str) -> str | None:
        return self.standings[name].state

    def includes(self, name: str, version: int) -> tuple[str, ...]:
        state = self.standings[name].state
        return self.states(name, version)[state].includes if state is not None else ()

    def whose_term(self, at: int, status: str | None) -> Term | None:
        """The present term of a status, else of the first that has one."""
        first = [self.standings[status]] if status in self.standings else []
        for standing in [*first, *self.standings.values()]:
            begun = [term for term in standing.terms if term.since <= at]
            if begun:
                return begun[-1]
        return None

    def term_began(self, at: int, status: str | None) -> int | None:
        term = self.whose_term(at, status)
        return None if term is None else term.since
