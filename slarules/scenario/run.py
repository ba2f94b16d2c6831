"""Runs scripts: each expectation is judged by evaluating the lines above it, as of its instant (R36)."""

from __future__ import annotations

from attrs import frozen

from slarules.calendars import zones
from slarules.engine.evaluate import evaluate
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.verdict import Evaluation
from slarules.scenario.judging import Judged, Tell, judge
from slarules.scenario.reached import Reached
from slarules.scenario.script import Line, Script


@frozen
class Step:
    """A line of a script and, of one that expects, what was seen."""

    line: Line
    judged: Judged | None
    seen: Evaluation | None = None
    """What a line that expects looked at."""


@frozen
class Outcome:
    """A script that was run."""

    script: Script
    steps: tuple[Step, ...]

    @property
    def passed(self) -> bool:
        """Whether everything was seen as expected."""
        return all(step.judged is None or step.judged.holds for step in self.steps)

    @property
    def expectations(self) -> int:
        """How many expectations it has."""
        return sum(step.judged is not None for step in self.steps)


def run(contract: Contract, script: Script, reached: Reached | None = None) -> Outcome:
    """The outcome of a script; what it reaches of the contract is noted in ``reached``.

    Raises nothing for what a sound script says.
    """
    above: list[Event] = []
    steps: list[Step] = []
    last: tuple[int, int, Evaluation] | None = None
    for line in script.lines:
        if line.event is not None:
            above.append(line.event)
        if line.expected is None:
            steps.append(Step(line, None))
            continue
        if last is None or last[:2] != (len(above), line.at):
            observe = None if reached is None else reached.observe
            seen = evaluate(
                contract, script.readings, tuple(above), line.at, supplied=script.supplied, observe=observe
            )
            last = (len(above), line.at, seen)
            if reached is not None:
                reached.note(seen)
        if reached is not None:
            reached.expects(line.expected, last[2])
        steps.append(Step(line, judge(line.expected, last[2], teller(script.zone, line.at)), last[2]))
    return Outcome(script, tuple(steps))


def teller(zone: str, near: int | None = None) -> Tell:
    """Says instants in ``zone``; the time alone where the date is that of ``near``."""
    tz = zones.zone(zone)
    today = zones.moment(near, tz).date() if near is not None else None

    def tell(instant: int) -> str:
        local = zones.moment(instant, tz)
        clock = "%H:%M" if not (local.second or local.microsecond) else "%H:%M:%S"
        clock += ".%f" if local.microsecond else ""
        return local.strftime(clock if local.date() == today else f"%Y-%m-%d {clock}")

    return tell
