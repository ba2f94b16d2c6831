"""What a run says of a log besides its verdicts: counted while ranges of tickets go by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from attrs import define, field, frozen

from slarules.model.value import Unknown, Value
from slarules.model.verdict import AllowanceLevel, Evaluation, Finding


@frozen(eq=False)
class Summary:
    """What ``judge`` says of a log, without its verdicts."""

    as_of: int
    """The instant judged as of, in microseconds UTC."""
    readings: Mapping[str, str]
    """Every reading → the option it was judged under."""
    events: int
    """Events of the log."""
    verdicts: int
    """Verdicts written."""
    ranges: int
    """Ranges of tickets; 1: all was judged at once, in memory."""
    resumed: int
    """Ranges that an earlier run had judged."""
    engines: Mapping[tuple[str, str | None], int]
    """(Engine, why where it is the reference) → subjects judged by it."""
    statuses: Mapping[tuple[str, str], str | Unknown | None]
    """(Agreement, status) → state; None before it begins."""
    allowances: tuple[AllowanceLevel, ...]
    """Each allowance of each agreement, as it stands."""
    amounts: Mapping[tuple[str, str], Value]
    """(Agreement, amount) → money, date or unknown."""
    findings: Mapping[str, tuple[int, str]]
    """Code → how many, and the first one's words with its subject and event; the most frequent first."""
    next_change_at: int | None
    """The first instant after ``as_of`` at which a state changes or an instance arises if nothing happens (R17)."""
    noted: Mapping[str, Any]
    """What ``noted`` gave when the log was read, now or in the run that is resumed."""


@define
class Counts:
    """What is counted while parts go by."""

    events: int = 0
    verdicts: int = 0
    ranges: int = 0
    resumed: int = 0
    engines: Counter[tuple[str, str | None]] = field(factory=Counter)
    findings: Counter[str] = field(factory=Counter)
    first: dict[str, str] = field(factory=dict)
    next_change_at: int | None = None

    def tell(self, finding: Finding, on: Callable[[Finding], object] | None) -> None:
        """Counts a finding and tells it on."""
        self.findings[finding.code] += 1
        self.first.setdefault(finding.code, f"{finding.subject} {finding.event}: {finding.message}")
        if on is not None:
            on(finding)

    def change(self, at: int | None) -> None:
        """Takes an instant of change into account."""
        if at is not None and (self.next_change_at is None or at < self.next_change_at):
            self.next_change_at = at


def summary_of(counts: Counts, found: Evaluation, noted: Mapping[str, Any]) -> Summary:
    """What was counted, with what judging says of agreements."""
    counts.change(found.next_change_at)
    return Summary(
        found.as_of,
        found.readings,
        counts.events,
        counts.verdicts,
        counts.ranges,
        counts.resumed,
        dict(sorted(counts.engines.items(), key=lambda pair: (pair[0][0], pair[0][1] or ""))),
        found.statuses,
        found.allowances,
        found.amounts,
        {code: (many, counts.first[code]) for code, many in counts.findings.most_common()},
        counts.next_change_at,
        noted,
    )
