"""A log: the events of one or several files, and what of them was set aside."""

from __future__ import annotations

from collections import Counter
from typing import Any

from attrs import define, field

from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.readers.rejects import CODES


@define
class Log:
    """What files of events gave."""

    events: list[Event] = field(factory=list)
    """In the files' order."""
    rows: int = 0
    """Lines or rows looked at."""
    rejected: Counter[str] = field(factory=Counter)
    """Lines set aside, by code."""
    unknown_fields: Counter[str] = field(factory=Counter)
    """Fields that nobody knows, by name: in how many lines."""
    precision: int = 1
    """How finely the coarsest source tells the time, in microseconds."""
    coded: Any = None
    """The events as ``columnar.coding`` has them, where they were read in columns; then ``events`` is empty."""

    @property
    def size(self) -> int:
        """How many events there are."""
        return len(self.events) if self.coded is None else int(self.coded.table.num_rows)

    @property
    def content(self) -> Any:
        """The events as the engine that is to judge them takes them."""
        return self.events if self.coded is None else self.coded

    @property
    def causes(self) -> dict[str, tuple[int, str]]:
        """Code → how many lines were set aside for it, and what it means."""
        return {code: (many, CODES.get(code, "")) for code, many in sorted(self.rejected.items())}


def unknown_to(log: Log, contract: Contract) -> Counter[str]:
    """The fields of a log that are no facts of the contract either: in how many lines each stood."""
    known = {"severity", "on", "choice", "option"}
    for terms in contract.versions:
        known |= {*terms.facts, *terms.choices}
    return Counter({name: many for name, many in log.unknown_fields.items() if name not in known})
