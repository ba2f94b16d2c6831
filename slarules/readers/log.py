"""A log: the events of one or several files, and what of them was set aside."""

from __future__ import annotations

from collections import Counter
from typing import Any

from attrs import define, field

from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.readers.rejects import CODES, Rejected


@define
class Log:
    """What files of events gave."""

    events: list[Event] = field(factory=list)
    """In the files' order."""
    rows: int = 0
    """Lines or rows looked at."""
    rejected: Counter[str] = field(factory=Counter)
    """Lines set aside, by code."""
    first: dict[str, tuple[str, int, str]] = field(factory=dict)
    """Code → the first line set aside for it: file, line, and why."""
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

    def set_aside(self, path: str, entry: Rejected) -> None:
        """Keeps the first line of each code, for people to see which it was."""
        path_, line, _ = self.first.setdefault(entry.code, (path, entry.line, entry.cause))
        if path_ == path and entry.line < line:  # a reader of columns finds what is wrong column by column
            self.first[entry.code] = (path, entry.line, entry.cause)

    def first_of(self, code: str) -> str | None:
        """That line as it is shown: `tickets.csv:3: the type …`; None where a run that went on has not kept it."""
        found = self.first.get(code)
        return None if found is None else f"{found[0]}:{found[1]}: {found[2]}"


def unknown_to(log: Log, contract: Contract) -> Counter[str]:
    """The fields of a log that are no facts of the contract either: in how many lines each stood."""
    known = {"severity", "on", "choice", "option"}
    for terms in contract.versions:
        known |= {*terms.facts, *terms.choices}
    return Counter({name: many for name, many in log.unknown_fields.items() if name not in known})
