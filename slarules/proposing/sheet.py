"""One proposed scenario while it is written: what happens, line by line, and what the engine sees of the duty."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, field

from slarules.model.value import MINUTE
from slarules.proposing.playing import Deed, Played, did, instances
from slarules.scenario.writing import certain_moment, event_words, expectation_words, seen_words

WIDTH = 120
"""Characters of a line."""


@define(eq=False)
class Sheet:
    """Lines of a scenario, each with the instant at which it stands."""

    zone: str
    played: Played
    number: int
    """The instance that the scenario is about."""
    lines: list[tuple[str, str]] = field(factory=list)
    """When, and what; a line of what is seen at the instant of the line above has no time."""
    near: int | None = None

    def tell(self) -> None:
        """Everything that has happened so far."""
        for event in self.played.events:
            self._put(event.at, event_words(event, self.zone, event.at))

    def happen(self, deed: Deed, at: int) -> None:
        """Something more happens."""
        self.played = did(self.played, deed, at)
        self._put(at, event_words(self.played.events[-1], self.zone, at))

    def look(self, at: int) -> None:
        """What is seen of the instance then, and of the one that follows it."""
        found = instances(self.played, at)
        told = [
            expectation_words(seen_words(verdict, len(found) > 1), self.zone, at)
            for verdict in found
            if verdict.number in (self.number, len(found))
        ]
        plot = self.played.plot
        for words in told or [f"expect {plot.subject} {plot.rule} not owed"]:
            stamp = "" if at == self.near else f"as of {certain_moment(at, self.zone, self.near)}"
            self.lines.append((stamp, words))
            self.near = at

    def text(self, title: str, head: list[str], in_zone: str) -> str:
        """The whole block."""
        width = max((len(stamp) for stamp, _ in self.lines if not stamp.startswith("as of")), default=0)
        body = [f"{stamp.ljust(width)}  {words}" if stamp else words for stamp, words in self.lines]
        made = [line for words in (*head, *body) for line in _folded(f"  {words}", width + 4)]
        return "\n".join([f'scenario "{title}"{in_zone}', *made]) + "\n"

    def _put(self, at: int, words: str) -> None:
        self.lines.append((certain_moment(at, self.zone, self.near), words))
        self.near = at


def _folded(line: str, hang: int) -> Iterator[str]:
    """A line of what happened that is too long, gone on after a comma."""
    while len(line) > WIDTH and ", " in line[hang:WIDTH]:
        cut = line.rindex(", ", hang, WIDTH) + 1
        yield line[:cut]
        line = " " * hang + line[cut + 1 :]
    yield line


def part_of(start: int, end: int, share: int) -> int:
    """An instant a share of the way, on a whole minute where there is room for it."""
    at = start + (end - start) // share
    whole = at // MINUTE * MINUTE
    return whole if whole > start else at
