"""Two ways of judging one log, verdict by verdict: what flips, moves, arises and vanishes, and who gains by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from statistics import median_low

from slarules.analysis.tally import OUTCOME
from slarules.model.value import Money, Unknown, Value
from slarules.model.verdict import Verdict
from slarules.stakes.dependence import Node
from slarules.stakes.worth import Change, Effect, Favour, Lateness, Moves, Standing

BROKEN = ("breached", "missed")
"""States of a duty or target that was not kept."""
ONCE = frozenset(("duty", "target", "choice"))
"""Rules whose verdicts keep their place though they begin at another instant."""


def by_rule(verdicts: Iterable[Verdict]) -> dict[Node, list[Verdict]]:
    """Verdicts by sort and name of their rule."""
    found: dict[Node, list[Verdict]] = {}
    for verdict in verdicts:
        sort = "duty" if verdict.rule == "target" else verdict.rule
        found.setdefault((sort, verdict.duty), []).append(verdict)
    return found


def matched(
    before: Sequence[Verdict], after: Sequence[Verdict], periodic: Collection[str]
) -> Iterator[Change]:
    """One subject's verdicts side by side.

    First by identity: rule, cause, start of the period (R11). What is left over of a rule and cause began at another
    instant, and is matched in order, the first with the first; but not of the ``periodic`` rules, whose periods are
    others altogether.
    """
    known = _identified(after)
    left: list[Verdict] = []
    for identity, verdict in _identified(before).items():
        other = known.pop(identity, None)
        if other is None:
            left.append(verdict)
        else:
            yield Change(verdict, other)
    yield from _in_order(left, list(known.values()), periodic)


def _identified(verdicts: Sequence[Verdict]) -> dict[tuple[object, ...], Verdict]:
    places: Counter[tuple[object, ...]] = Counter()
    found: dict[tuple[object, ...], Verdict] = {}
    for verdict in verdicts:
        identity = verdict.identity
        found[*identity, places[identity]] = verdict
        places[identity] += 1
    return found


def _in_order(left: Iterable[Verdict], new: Iterable[Verdict], periodic: Collection[str]) -> Iterator[Change]:
    waiting: dict[tuple[str, str, str | None], list[Verdict]] = {}
    for verdict in new:
        waiting.setdefault(_series(verdict), []).append(verdict)
    for verdict in left:
        others = waiting.get(_series(verdict))
        same = others and verdict.rule in ONCE and verdict.duty not in periodic
        yield Change(verdict, others.pop(0) if others and same else None)
    for others in waiting.values():
        yield from (Change(None, verdict) for verdict in others)


def _series(verdict: Verdict) -> tuple[str, str, str | None]:
    return (verdict.rule, verdict.duty, verdict.cause and verdict.cause.split("#")[0])


def differs(change: Change) -> bool:
    """Whether anything at stake comes out otherwise: the state, the deadline, the lateness."""
    before, after = change.before, change.after
    if before is None or after is None:
        return True
    return (before.state, before.deadline, before.late_by) != (after.state, after.deadline, after.late_by)


def effect(
    changes: Sequence[Change], standings: Sequence[Standing], order: Mapping[str, int], precision: int = 0
) -> Effect:
    """All that comes out otherwise; ``changes`` are those that differ, ``order`` the contract's order of rules.

    ``precision`` is how exact the log's instants are, in microseconds.
    """
    both = [c for c in changes if c.before is not None and c.after is not None]
    counted = Counter(one.duty for c in changes for one in [c.before or c.after] if one is not None)
    flips = tuple(c for c in both if c.before and c.after and c.before.state != c.after.state)
    return Effect(
        flips,
        tuple(c for c in changes if c.before is None),
        tuple(c for c in changes if c.after is None),
        sum(any(_near(one, precision) for one in (c.before, c.after)) for c in flips),
        sum(_unknown(c.after) - _unknown(c.before) for c in changes),
        _moves(both),
        _lateness(changes),
        tuple(_favours(changes)),
        tuple(standings),
        _money(standings),
        dict(sorted(counted.items(), key=lambda pair: (order.get(pair[0], len(order)), pair[0]))),
    )


def _unknown(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.state == "undetermined"


def _near(verdict: Verdict | None, precision: int) -> bool:
    """Whether it was performed so near its deadline that the log cannot tell on which side."""
    if verdict is None or verdict.performed_at is None or verdict.deadline is None or precision <= 1:
        return False
    return abs(verdict.performed_at - verdict.deadline) < precision


def _lateness(changes: Iterable[Change]) -> Lateness:
    gained = lost = unperformed = 0
    for change in changes:
        was, now = late_by(change.before), late_by(change.after)
        if was is not None and now is not None:
            gained, lost = gained + max(now - was, 0), lost + max(was - now, 0)
        unperformed += _unperformed(change.after) - _unperformed(change.before)
    return Lateness(gained, lost, unperformed)


def comparable(value: Value | None) -> Value | str | None:
    """A value of an agreement; what is unknown is so for whatever reason."""
    return "unknown" if isinstance(value, Unknown) else value


def late_by(verdict: Verdict | None) -> int | None:
    """How late a duty or target was performed, in microseconds: 0 where nothing is late; None: not to be known."""
    if verdict is None:
        return 0
    if verdict.state in BROKEN and verdict.rule in ("duty", "target"):
        return verdict.late_by
    return None if verdict.state == "undetermined" else 0


def _unperformed(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.state in BROKEN and late_by(verdict) is None


def _moves(changes: Iterable[Change]) -> Moves:
    by: list[int] = []
    dropped = gained = 0
    for change in changes:
        assert change.before is not None and change.after is not None
        was, now = change.before.deadline, change.after.deadline
        if was is not None and now is not None and was != now:
            by.append(now - was)
        dropped += was is not None and now is None
        gained += was is None and now is not None
    later = sum(move > 0 for move in by)
    median = median_low([abs(move) for move in by]) if by else 0
    return Moves(later, len(by) - later, median, max(by, key=lambda m: (abs(m), m), default=0), dropped, gained)


def outcome(verdict: Verdict | None) -> str | None:
    """Kept, broken, pending and so on; None of no verdict."""
    return None if verdict is None else OUTCOME[verdict.state]


def _favours(changes: Iterable[Change]) -> Iterator[Favour]:
    kept: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    more: Counter[str] = Counter()
    for change in changes:
        one = change.before or change.after
        if one is None or one.bearer is None:
            continue
        was, now = outcome(change.before), outcome(change.after)
        kept[one.bearer] += (was, now) == ("broken", "kept")
        broken[one.bearer] += (was, now) == ("kept", "broken")
        more[one.bearer] += (now == "broken") - (was == "broken")
    for bearer in sorted(kept):
        if kept[bearer] or broken[bearer] or more[bearer]:
            yield Favour(bearer, kept[bearer], broken[bearer], more[bearer])


def _money(standings: Iterable[Standing]) -> dict[str, tuple[Decimal, Decimal]]:
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for one in standings:
        if isinstance(one.before, Money) and isinstance(one.after, Money) and one.before.currency == one.after.currency:
            by = one.after.amount - one.before.amount
            more, less = found.get(one.after.currency, (Decimal(0), Decimal(0)))
            found[one.after.currency] = (more + max(by, Decimal(0)), less + max(-by, Decimal(0)))
    return dict(sorted(found.items()))
