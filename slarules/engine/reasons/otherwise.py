"""Which readings and corrections a verdict hangs on: its subject judged again without each of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from attrs import evolve

from slarules.engine.history import party_names
from slarules.engine.reasons.again import Again
from slarules.engine.reasons.changed import Change, changes_of, without
from slarules.model.contract import Contract
from slarules.model.verdict import Verdict

Judge = Callable[[str, str], Sequence[Verdict]]
"""The verdicts of the subject with a reading of which another option is chosen."""


class Otherwise:
    """The same subject under other readings; each option is judged once."""

    def __init__(self, contract: Contract, chosen: Mapping[str, str], judge: Judge) -> None:
        self.contract, self.chosen, self.judge = contract, chosen, judge
        self.known: dict[tuple[str, str], Sequence[Verdict]] = {}

    def of(self, verdict: Verdict, reading: str) -> Iterator[tuple[str, Verdict | None]]:
        """Each other option that changes the verdict, with what it would be; None: there would be none."""
        for option in self.contract.readings[reading].options:
            if option.name == self.chosen[reading]:
                continue
            key = reading, option.name
            if key not in self.known:
                self.known[key] = self.judge(reading, option.name)
            found = counterpart(verdict, self.known[key])
            if found is None or not alike(found, verdict):
                yield option.name, found


MANY = 24
"""Corrections that are tried of one log: the subject's own first, and the latest of them."""


class Unsaid:
    """The same subject were its log not corrected; each correction, and several at once, are tried but once."""

    def __init__(self, again: Again, zone: str) -> None:
        self.again = again
        changes = changes_of(again.log, zone, party_names(again.contract))
        own_last = sorted(range(len(changes)), key=lambda n: (again.subject in changes[n].about, n))
        self.changes = [changes[n] for n in sorted(own_last[-MANY:])]
        self.left = len(changes) - len(self.changes)
        """How many were not tried."""
        self.known: dict[tuple[int, ...], Sequence[Verdict]] = {}

    def of(self, verdict: Verdict, *changes: Change) -> tuple[bool, Verdict | None]:
        """Whether it would come out otherwise without these, and what it would be; None: it would not arise."""
        found = counterpart(verdict, self.lacking(*changes))
        return found is None or not alike(found, verdict), found

    def lacking(self, *changes: Change) -> Sequence[Verdict]:
        """All verdicts of the subject without these."""
        key = tuple(id(change) for change in changes)
        if key not in self.known:
            gone = [event for change in changes for event in change.gone]
            self.known[key] = self.again.on(without(self.again.log, gone))
        return self.known[key]


def counterpart(verdict: Verdict, others: Collection[Verdict]) -> Verdict | None:
    """The same instance among other verdicts; else the one of its number. Two of one instant differ by their events."""
    same = [one for one in others if one.identity == verdict.identity]
    numbered = [one for one in others if one.label == verdict.label]
    first = [one for one in same if one.events[:1] == verdict.events[:1]]
    return next(iter(first or same or numbered), None)


def alike(one: Verdict, other: Verdict) -> bool:
    """Whether two verdicts say the same of the past and the present; their numbers and what comes next aside."""
    return evolve(one, number=other.number, next_change_at=other.next_change_at, severity=other.severity) == other
