"""What readings are worth, told the long way round: the whole contract judged anew for each option, and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import evolve, frozen

from slarules.engine.adopt import adopt
from slarules.engine.amount import amount_value
from slarules.engine.evaluate import agreements_of, judged_all
from slarules.engine.history import settle
from slarules.loader import load
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.value import Unknown
from slarules.model.verdict import Verdict
from slarules.scenario.reading import read_all
from slarules.stakes.comparing import comparable, differs, matched
from slarules.stakes.judging import Bench, Judged, fitting, from_base, judge_again
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
    history = settle(terms, [version.terms for version in versions], story.events)
    agreements = agreements_of(versions, history, story.as_of)
    found = {
        name: tuple(judged_all(versions, own, agreements.get(own.agreement or ""), story.as_of)[0])
        for name, own in history.subjects.items()
    }
    worths: dict[tuple[str, str, str], object] = {}
    for name, agreement in agreements.items():
        for status in agreement.terms.statuses:
            stay = agreement.stay_at(status, story.as_of)
            worths["status", name, status] = None if stay is None else stay.state
        for allowance in agreement.terms.allowances:
            worths["allowance", name, allowance] = agreement.balance_at(allowance, story.as_of)
        agreement.now, agreement.entry = story.as_of, None
        for amount in agreement.terms.amounts:
            worths["amount", name, amount] = amount_value(agreement, amount)
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


def said(change: Change) -> tuple[object, object]:
    return (
        None if change.before is None else told(change.before),
        None if change.after is None else told(change.after),
    )


def values(base: Full, other: Full) -> dict[tuple[str, str, str], tuple[object, object]]:
    """What agreements come to otherwise."""
    return {k: (v, other.worths[k]) for k, v in base.worths.items() if v != other.worths[k]}


def pruned(bench: Bench, option: tuple[str, str]) -> Judged:
    """The same, judged again only where it may differ."""
    found = from_base(bench, (option,))
    return judge_again(bench, (option,), found, fitting(bench, found.occasions), lambda many: None)


def pruned_values(bench: Bench, judged: Judged) -> dict[tuple[str, str, str], tuple[object, object]]:
    found = {}
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
