"""A ticket carried to its end under two contracts: the act between their two deadlines, and what both make of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import define, field

from slarules.comparison.histories import Begun, Deed, done
from slarules.comparison.occasions import Bench, Occasion
from slarules.comparison.tickets import Ticket, Tried, outcome, verdicts_of
from slarules.lint.domain import Key
from slarules.model.event import Raw
from slarules.model.rules import Duty
from slarules.model.value import HOUR, MINUTE, Value
from slarules.model.verdict import Verdict

DUE, RECORDED, DONE, COURSE, CHANGED = "due", "recorded", "done", "course", "changed"
"""What a ticket is tried for: the ordinary course; what is recorded; what performs; what comes between; that, and its
severity changes."""
PAIRS = 160
"""Of values that are more than can be tried together, so many pairs are."""
HORIZON = 400 * 24 * HOUR
"""No ticket is looked at for longer."""
DAY = 24 * HOUR


@define(eq=False)
class Trial:
    """The tickets of one pair at one severity."""

    bench: Bench
    occasions: tuple[tuple[Occasion, ...], tuple[Occasion, ...]]
    wanted: tuple[Mapping[Key, Value], Mapping[Key, Value]]
    """What each contract wants recorded so that its rules are owed."""
    week: int
    """The first instant of an ordinary week."""
    acts: tuple[Deed, ...] = field(factory=tuple)
    """What performs the rules of both, done at one instant; none: nothing was found that does."""
    told: set[object] = field(factory=set)
    """Histories that were tried already."""
    settled: bool = False
    """Whether the present aspect has shown all that it can, so that no more tickets are wanted of it."""
    dues: dict[int, tuple[int | None, int | None]] = field(factory=dict)
    """Each hour of an ordinary week → when it is due under both, of a ticket begun then; None: it is not owed."""

    def looked(self, begun: Begun, at: int) -> tuple[tuple[Verdict, ...], tuple[Verdict, ...]]:
        """What both contracts say by then."""
        bench = self.bench
        a, b = (verdicts_of(side, log, begun.subject, names, at, contract) for side, log, names, contract
                in zip(bench.sides, begun.logs, bench.names, bench.contracts, strict=True))
        return a, b


# ---- A ticket to its end --------------------------------------------------------------------------------------------


def judged(made: Trial, begun: Begun, aspect: str, at: int | None = None) -> Iterator[Tried]:
    """The history judged as of ``at``, else once all its deadlines have come; nothing, if it was tried before."""
    if was_told(made, begun, at):
        return
    last = max([begun.at, *(event.at for log in begun.logs for event in log)])
    as_of = max(last, at or last)
    seen = made.looked(begun, as_of)
    dues = [v.deadline for verdicts in seen for v in verdicts if v.deadline is not None]
    if at is None and max(dues, default=0) > last:
        as_of = min(max(dues), last + HORIZON)
        seen = made.looked(begun, as_of)
    yield Tried(Ticket(aspect, begun.logs, begun.subject, as_of), (outcome(seen[0]), outcome(seen[1])))


def was_told(made: Trial, begun: Begun, at: object) -> bool:
    """Whether the same history was tried before; from now on it was."""
    story = tuple((e.type, e.subject, e.at, e.actor, tuple(sorted(e.facts.items(), key=str)))
                  for log in begun.logs for e in log)
    known = (story, at) in made.told
    made.told.add((story, at))
    return known


def first_due(verdicts: Iterable[Verdict]) -> int | None:
    """The first deadline that is still ahead."""
    return min((v.deadline for v in verdicts if v.deadline is not None and v.state == "pending"), default=None)


def acted(made: Trial, begun: Begun, at: int) -> Begun:
    for act in made.acts:
        begun = done(made.bench, begun, act, at)
    return begun


def _between(first: int | None, second: int | None) -> list[int]:
    """When an act comes that is in time under one contract and late under the other; where they agree, at the end."""
    if first is None and second is None:
        return []
    if first is None or second is None:
        due = second if first is None else first
        assert due is not None
        return [due + HOUR]
    if first == second:
        return [first]
    low, high = sorted((first, second))
    middle = low + (high - low) // 2
    middle -= middle % MINUTE
    return [middle if low < middle else high]


def to_the_end(made: Trial, begun: Begun, aspect: str, at: int) -> Iterator[Tried]:
    """What has happened so far, and then the act between the two deadlines."""
    seen = made.looked(begun, at)
    first, second = first_due(seen[0]), first_due(seen[1])
    if aspect == DUE and not (begun.at - made.week) % HOUR and 0 <= begun.at - made.week < 7 * DAY:
        made.dues.setdefault(begun.at, (first, second))
    if made.settled:
        return
    last = max(due for due in (first, second, at) if due is not None)
    for when in _between(first, second) if made.acts else ():
        yield from judged(made, acted(made, begun, when), aspect, max(last, when))
    if not made.acts or (first is None) is not (second is None) or _differ(seen):
        yield from judged(made, begun, aspect)
    fallen = _fallen(made, begun, last + MINUTE // 2)
    if fallen is not None:
        yield from judged(made, fallen, aspect)


def _fallen(made: Trial, begun: Begun, at: int) -> Begun | None:
    """The history in which what was to be kept so is so no longer; None where nothing was."""
    found = begun
    for of in (0, 1):
        for rule in made.bench.rules(of):
            if isinstance(rule, Duty) and rule.keeps is not None:
                name = made.bench.languages[of].facts.get(rule.keeps)
                told = any(e.at == at and name in e.facts for e in found.logs[1 - of])
                found = found if told else recording(made, found, of, {rule.keeps: False}, at)
    return None if found is begun else found


def _differ(seen: tuple[tuple[Verdict, ...], tuple[Verdict, ...]]) -> bool:
    """Whether the one contract already says something that the other does not."""
    first, second = ({v.state for v in verdicts} for verdicts in seen)
    return first != second


def recording(made: Trial, begun: Begun, of: int, facts: Mapping[str, Raw], at: int) -> Begun:
    """A fact recorded by the party whose word it is."""
    side = made.bench.sides[of]
    name = next(iter(facts))
    fact = side.terms.facts[name]
    judge = fact.judged_by or side.party("customer")
    if fact.kind not in (begun.kind, "any"):
        return begun
    return done(made.bench, begun, Deed(of, "recorded", judge, facts, {}), at)
