"""One log under both contracts: which tickets would have been judged otherwise, by how much, and at whose cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from attrs import frozen

from slarules.calendars import zones
from slarules.comparison.language import Untold, translated
from slarules.comparison.matching import Matching, Pair, role_of
from slarules.comparison.meaning import JUDGED
from slarules.comparison.occasions import rules_of
from slarules.comparison.sides import Side, timeless
from slarules.comparison.tickets import KEPT, RANKS
from slarules.engine.batches import judge
from slarules.model.event import Event
from slarules.model.rules import Duty, Prohibition
from slarules.model.verdict import Evaluation, Verdict

KEPT_WORD, BROKEN_WORD, UNDETERMINED = "kept", "broken", "undetermined"
OPEN, ENDED, NOT_OWED = "open", "ended", "not owed"
STANDINGS = (KEPT_WORD, BROKEN_WORD, UNDETERMINED, OPEN, ENDED, NOT_OWED)
"""What a pair of rules comes to for one subject; ``broken`` counts aims that were missed as well."""


@frozen
class Change:
    """One subject that the two contracts judge otherwise."""

    subject: str
    """The ticket or agreement."""
    pair: Pair
    """The rules."""
    severity: str | None
    """As the first contract calls it."""
    before: str
    """One of ``STANDINGS``, under the first contract."""
    after: str
    """Under the second."""
    dues: tuple[int | None, int | None]
    """When it was first due under each, in microseconds UTC."""
    month: str
    """``2025-03``, in the first contract's zone: when it was set off."""


@frozen
class Count:
    """One pair of rules at one severity."""

    pair: Pair
    """The rules."""
    severity: str | None
    """As the first contract calls it."""
    subjects: Mapping[tuple[str, str], int]
    """(Before, after) → subjects."""
    moved: tuple[int, ...]
    """By how much each first deadline moves, in microseconds, sorted; negative: it is earlier under the second."""

    def of(self, before: str | None = None, after: str | None = None) -> int:
        """How many subjects stand so; None: however."""
        return sum(n for (was, now), n in self.subjects.items() if before in (None, was) and after in (None, now))


@frozen(eq=False)
class History:
    """What a log shows."""

    as_of: int
    """Judged as of this instant, in microseconds UTC."""
    events: int
    """Events of the log."""
    subjects: int
    """Tickets and agreements in it."""
    untold: Untold
    """What the second contract has no word for."""
    counts: tuple[Count, ...]
    """By pair in the first contract's order, severities gravest first."""
    changes: tuple[Change, ...]
    """Every subject whose standing differs, in the same order, then by subject."""
    missing: tuple[Mapping[tuple[str, str], int], Mapping[tuple[str, str], int]]
    """(Rule, fact) → undetermined verdicts for want of it, under each contract."""
    alone: tuple[Mapping[str, Mapping[str, int]], Mapping[str, Mapping[str, int]]]
    """Rules without a partner → state → verdicts, under each."""
    unwilling: tuple[str, ...] = ()
    """Contracts that are judged as if they were always in force, though their dates say otherwise."""

    def cost(self, pair: Pair) -> tuple[int, int]:
        """How many subjects turn from kept to broken, and the other way."""
        own = [count for count in self.counts if count.pair == pair]
        return (sum(count.of(KEPT_WORD, BROKEN_WORD) for count in own),
                sum(count.of(BROKEN_WORD, KEPT_WORD) for count in own))


def history(
    ours: Side, theirs: Side, matching: Matching, events: Sequence[Event], as_of: int, *, precision: int = 0,
    done: Callable[[int, int], None] = lambda judged, total: None,
) -> History:
    """A log in the first contract's words, judged under both; ``done`` as of ``batches.judge``."""
    told, untold = translated(events, matching.there)
    seen: list[Evaluation] = []
    for side, log in ((ours, list(events)), (theirs, told)):
        contract = timeless(side.stated)
        seen.append(judge(contract, side.readings, log, as_of, supplied=side.given, precision=precision, done=done))
    pairs = [pair for pair in matching.pairs if pair.sort in JUDGED]
    changes, counts = _laid_together(ours, matching, pairs, (seen[0].verdicts, seen[1].verdicts))
    dated = tuple(side.stated.name for side in (ours, theirs) if side.stated.in_force != (None, None))
    return History(
        as_of, len(events), len({event.subject for event in events}), untold, counts, changes,
        (_missing(seen[0]), _missing(seen[1])),
        (_alone(seen[0], matching.only_ours), _alone(seen[1], matching.only_theirs)), dated,
    )


def standing(verdicts: Iterable[Verdict]) -> str:
    """What the verdicts of one subject come to."""
    states = {verdict.state for verdict in verdicts}
    for found, word in ((RANKS.keys(), BROKEN_WORD), ({"undetermined"}, UNDETERMINED),
                        ({"pending", "suspended", "open"}, OPEN), (KEPT, KEPT_WORD)):
        if states & set(found):
            return word
    return ENDED if states else NOT_OWED


def cost_of(side: Side, pair: Pair) -> str:
    """The role of whoever owes what the pair is about."""
    rule = rules_of(side, pair.sort, pair.ours)[0]
    party = rule.bearer if isinstance(rule, Duty) else rule.bearers[0] if isinstance(rule, Prohibition) else rule.holder
    return role_of(side, party)


def _laid_together(
    ours: Side, matching: Matching, pairs: list[Pair], verdicts: tuple[Sequence[Verdict], Sequence[Verdict]]
) -> tuple[tuple[Change, ...], tuple[Count, ...]]:
    by = _by_pair(pairs, verdicts[0], 0), _by_pair(pairs, verdicts[1], 1)
    back = matching.back.severities
    order = {level: n for n, level in enumerate(ours.levels)}
    changes: list[Change] = []
    counts: list[Count] = []
    for n, pair in enumerate(pairs):
        subjects = sorted({subject for of in (0, 1) for number, subject in by[of] if number == n})
        tally: dict[str | None, Counter[tuple[str, str]]] = {}
        moved: dict[str | None, list[int]] = {}
        for subject in subjects:
            mine, its = by[0].get((n, subject), []), by[1].get((n, subject), [])
            level = mine[0].severity if mine else back.get(its[0].severity or "", its[0].severity)
            before, after = standing(mine), standing(its)
            dues = _due(mine), _due(its)
            tally.setdefault(level, Counter())[before, after] += 1
            if dues[0] is not None and dues[1] is not None:
                moved.setdefault(level, []).append(dues[1] - dues[0])
            if before != after:
                began = (mine or its)[0].triggered_at
                changes.append(Change(subject, pair, level, before, after, dues, _month(began, ours.zone)))
        for level in sorted(tally, key=lambda level: (order.get(level or "", len(order)), level or "")):
            counts.append(Count(pair, level, dict(sorted(tally[level].items())), tuple(sorted(moved.get(level, ())))))
    return tuple(changes), tuple(counts)


def _by_pair(pairs: list[Pair], verdicts: Iterable[Verdict], of: int) -> dict[tuple[int, str], list[Verdict]]:
    places = {name: n for n, pair in enumerate(pairs) for name in (pair.ours, pair.theirs)[of]}
    found: dict[tuple[int, str], list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.duty in places:
            found.setdefault((places[verdict.duty], verdict.subject), []).append(verdict)
    return found


def _due(verdicts: Sequence[Verdict]) -> int | None:
    """The first instance's deadline."""
    return min(((v.triggered_at, v.deadline) for v in verdicts if v.deadline is not None), default=(0, None))[1]


def _month(at: int, zone: str) -> str:
    day = zones.local_date(at, zone)
    return f"{day.year}-{day.month:02d}"


def _missing(seen: Evaluation) -> Mapping[tuple[str, str], int]:
    found = Counter((v.duty, fact) for v in seen.verdicts if v.state == "undetermined" for fact in v.missing)
    return dict(sorted(found.items()))


def _alone(seen: Evaluation, only: Iterable[tuple[str, str]]) -> Mapping[str, Mapping[str, int]]:
    """States of the verdicts of rules that have no partner."""
    names = [name for sort, name in only if sort in JUDGED]
    found: dict[str, Counter[str]] = {}
    for verdict in seen.verdicts:
        if verdict.duty in names:
            found.setdefault(verdict.duty, Counter())[verdict.state] += 1
    return {name: dict(sorted(found[name].items())) for name in names if name in found}
