"""One subject judged again and again: under other readings, or on a log that says otherwise; what stays is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import define, field

from slarules.engine.adopt import Adopted, adopt
from slarules.engine.evaluate import told_of
from slarules.engine.history import History, Words, settle, words_of
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.verdict import Verdict


@define(eq=False)
class Again:
    """A subject as of an instant, by a log of which the events stay the same however its contract is read."""

    contract: Contract
    readings: Mapping[str, str]
    log: Sequence[Event]
    """What judging the subject needs; no more."""
    as_of: int
    subject: str
    supplied: Mapping[str, Supplied] | None = None
    settled: list[tuple[Words, History]] = field(factory=list)
    """What the log tells where its words mean this."""

    def read(self, reading: str, option: str) -> Sequence[Verdict]:
        """The subject's verdicts with one option of a reading chosen."""
        versions = adopt(self.contract, {**self.readings, reading: option}, self.supplied)
        return told_of(versions, self.history(versions), self.as_of, self.subject)

    def on(self, log: Sequence[Event]) -> Sequence[Verdict]:
        """The subject's verdicts on another log."""
        versions = adopt(self.contract, self.readings, self.supplied)
        told = settle(self.contract, [v.terms for v in versions], log, self.as_of)
        return told_of(versions, told, self.as_of, self.subject)

    def history(self, versions: Sequence[Adopted]) -> History:
        """What the log tells: one and the same where its words mean the same under other readings."""
        terms = [version.terms for version in versions]
        words = words_of(self.contract, terms)
        for known, told in self.settled:
            if _same(words, known):
                return told
        told = settle(self.contract, terms, self.log, self.as_of)
        self.settled.append((words, told))
        return told


def _same(one: Words, other: Words) -> bool:
    return (
        (one.facts, one.events, one.parties, one.levels, one.kinds)
        == (other.facts, other.events, other.parties, other.levels, other.kinds)
        and set(one.choices) == set(other.choices)
    )
