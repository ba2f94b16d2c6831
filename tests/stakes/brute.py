"""What readings are worth, told the long way round: the whole contract judged anew for each option, and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from attrs import evolve, frozen

from slarules.engine.adopt import adopt
from slarules.engine.amount import amount_value
from slarules.engine.evaluate import agreements_of, judged_all
from slarules.engine.expression import settled
from slarules.engine.history import settle
from slarules.loader import load
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.value import Unknown
from slarules.model.verdict import NOT_KEPT, Verdict
from slarules.scenario.reading import read_all
from slarules.stakes import judging
from slarules.stakes.comparing import comparable, one_by_one
from slarules.stakes.judging import Bench, Judged, changed_by, fitting, from_base, judge_again
from slarules.stakes.laid import ONCE, Laid
from slarules.stakes.worth import Change

CONTRACTS = Path(__file__).parents[2] / "contracts"
NAMES = ("collabware", "copiun", "cpi", "trak")


def contract(name: str) -> Contract:
    found = load(CONTRACTS / name / "policy.sla").contract
    assert found is not None
    return found


@frozen(eq=False)
class Story:
    """A log to try readings on."""

    events: tuple[Event, ...]
    as_of: int
    supplied: Mapping[str, Supplied]


def stories(terms: Contract, name: str) -> list[Story]:
    """Every scenario of a contract as a log of its own, as of its last line."""
    tree = load(CONTRACTS / name / "scenarios.sla").tree
    assert tree is not None
    scripts, _ = read_all(terms, tree.items)
    return [
        Story(
            tuple(line.event for line in script.lines if line.event is not None),
            max(line.at for line in script.lines),
            script.supplied,
        )
        for script in scripts
    ]


def together(found: Sequence[Story]) -> Story:
    """Scenarios with the same supplied lists as one log: each subject under a name of its own."""
    events = [
        evolve(
            event, id=f"{n}-{event.id}", subject=f"{n}-{event.subject}",
            agreement=None if event.agreement is None else f"{n}-{event.agreement}",
            target=None if event.target is None else f"{n}-{event.target}",
        )
        for n, story in enumerate(found)
        for event in story.events
    ]  # fmt: skip
    return Story(tuple(events), max(story.as_of for story in found), found[0].supplied)


@frozen(eq=False)
class Full:
    """What a whole judging says: each subject's verdicts, and what each agreement comes to."""

    verdicts: Mapping[str, tuple[Verdict, ...]]
    worths: Mapping[tuple[str, str, str], object]


def full(terms: Contract, readings: Mapping[str, str], story: Story) -> Full:
    """The whole contract on the whole log, as `evaluate` does it; only flags and findings are left out."""
    versions = adopt(terms, readings, story.supplied)
    history = settle(terms, [version.terms for version in versions], story.events, story.as_of)
    agreements = agreements_of(versions, history, story.as_of)
    found = {
        name: tuple(judged_all(versions, own, agreements.get(own.agreement or ""), story.as_of)[0])
        for name, own in history.subjects.items()
    }
    worths: dict[tuple[str, str, str], object] = {}
    for name, agreement in agreements.items():
        for status in agreement.terms.statuses:
            stay = agreement.stay_at(status, story.as_of)
            unknown = stay is not None and stay.state is None
            worths["status", name, status] = "unknown" if unknown else None if stay is None else stay.state
        for allowance in agreement.terms.allowances:
            worths["allowance", name, allowance] = agreement.balance_at(allowance, story.as_of)
        agreement.now, agreement.entry = story.as_of, None
        for amount in agreement.terms.amounts:
            worths["amount", name, amount] = settled(amount_value(agreement, amount))
    return Full(found, {k: "unknown" if isinstance(v, Unknown) else v for k, v in worths.items()})


def told(verdict: Verdict) -> tuple[object, ...]:
    """All that a verdict says, but for the facts it wants: of those that are nowhere recorded nothing hangs."""
    return (
        verdict.subject, verdict.rule, verdict.duty, verdict.number, verdict.state, verdict.bearer, verdict.agreement,
        verdict.triggered_at, verdict.deadline, verdict.performed_at, verdict.consumed, verdict.allowed,
        verdict.late_by, verdict.late_by_counted, verdict.owed, verdict.ended_by, verdict.cause, verdict.elected,
        verdict.calendar, verdict.events, verdict.next_change_at,
    )  # fmt: skip


def changes(base: Full, other: Full, periodic: frozenset[str]) -> Counter[object]:
    """The verdicts that come out otherwise, each as all that it says before and after."""
    found: Counter[object] = Counter()
    for name in base.verdicts:
        for change in matched(base.verdicts[name], other.verdicts[name], periodic):
            if differs(change):
                found[said(change)] += 1
    return found


# ---- Side by side, one verdict after the other ----------------------------------------------------------------------


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


def late_by(verdict: Verdict | None) -> int | None:
    """How late a duty or target was performed, in microseconds: 0 where nothing is late; None: not to be known."""
    if verdict is None:
        return 0
    if verdict.state in NOT_KEPT and verdict.rule in ("duty", "target"):
        return verdict.late_by
    return None if verdict.state == "undetermined" else 0


def said(change: Change) -> tuple[object, object]:
    return (
        None if change.before is None else told(change.before),
        None if change.after is None else told(change.after),
    )


# ---- What is looked at -----------------------------------------------------------------------------------------------


def every(base: Bench, laid: Laid) -> dict[str, list[Verdict]]:
    """All verdicts of a judging, by subject."""
    found: dict[str, list[Verdict]] = {name: [] for name in base.log.names.to_pylist()}
    for verdict in judging.told(base, laid, np.arange(laid.count)):
        found[verdict.subject].append(verdict)
    return found


def changes_of(base: Bench, judged: Judged) -> list[Change]:
    """All verdicts that come out otherwise, as the product has them."""
    changed = changed_by(base, judged)
    return list(one_by_one(changed, np.arange(len(changed.b)), partial(judging.told, base)))


def values(base: Full, other: Full) -> dict[tuple[str, str, str], tuple[object, object]]:
    """What agreements come to otherwise."""
    return {k: (v, other.worths[k]) for k, v in base.worths.items() if v != other.worths[k]}


def pruned(bench: Bench, option: tuple[str, str]) -> Judged:
    """The same, judged again only where it may differ."""
    found = from_base(bench, (option,))
    return judge_again(bench, (option,), found, fitting(bench, found.occasions), lambda many: None)


def pruned_values(bench: Bench, judged: Judged) -> dict[tuple[str, str, str], tuple[object, object]]:
    found: dict[tuple[str, str, str], tuple[object, object]] = {}
    for (kind, agreement, name), value in (judged.worths or {}).items():
        before, after = comparable(bench.worths[kind, agreement, name]), comparable(value)
        if before != after:
            found["amount" if kind in ("money", "date") else kind, agreement, name] = (before, after)
    return found


def options(terms: Contract, base: Mapping[str, str]) -> list[tuple[str, str]]:
    """Every option of every reading but those judged by."""
    return [
        (reading.name, option.name)
        for reading in terms.readings.values()
        for option in reading.options
        if option.name != base.get(reading.name, reading.adopted)
    ]
