"""A log judged under one way to read the contract, and then again only where another way may come out otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from attrs import define, field, frozen

from slarules.engine.adopt import Adopted, adopt
from slarules.engine.agreement import Agreement
from slarules.engine.amount import amount_value
from slarules.engine.evaluate import agreements_of, judged_all
from slarules.engine.history import History, settle
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.value import Value
from slarules.model.verdict import Verdict
from slarules.stakes.changes import Difference, difference
from slarules.stakes.comparing import by_rule, differs, matched
from slarules.stakes.dependence import VALUED, ZONE, Node
from slarules.stakes.occasions import Happened, Occasion, fits, happened
from slarules.stakes.told import relevant, silent
from slarules.stakes.ways import Folds, Way, narrowed, way_of
from slarules.stakes.worth import Change

Options = tuple[tuple[str, str], ...]
"""Reading and option, for each that is read otherwise than in the base."""
Verdicts = Mapping[Node, Sequence[Verdict]]
"""A subject's verdicts, by rule."""
Worths = Mapping[tuple[str, str, str], Value | None]
"""(kind, agreement, name) → what it comes to: statuses, allowances, amounts."""
STEP = 500
"""Subjects between two words of how far it has got."""


@frozen(eq=False)
class Judged:
    """What one way to read the contract makes of the log, as far as it may differ from the base."""

    options: Options
    """What is read otherwise than in the base."""
    difference: Difference
    """What may differ from the base."""
    subjects: frozenset[str] = field(repr=False)
    """The subjects judged again: all that the difference can touch."""
    changes: tuple[Change, ...]
    """The verdicts that come out otherwise than in the base."""
    verdicts: Mapping[str, Verdicts] = field(repr=False)
    """Of each subject of which any does, its verdicts of the rules that are touched. All else is as in the base."""
    worths: Worths | None = field(repr=False)
    """What agreements come to; None: as in the base."""


@define(eq=False)
class Bench:
    """One contract and one log, settled once (R3), with the base judged in full."""

    contract: Contract
    supplied: Mapping[str, Supplied]
    readings: Mapping[str, str]
    """The base: what is read otherwise than the contract adopts."""
    as_of: int
    told: History
    agreements: Mapping[str, Agreement]
    """As the base has them."""
    verdicts: Mapping[str, Verdicts]
    """Of each subject, all its verdicts under the base."""
    worths: Worths
    way: Way
    alike: Mapping[Happened, list[str]]
    """Subjects, by what an occasion may ask of them under the base."""
    folds: Folds
    ways: dict[Options, Way] = field(factory=dict)
    gathered: dict[tuple[int, ...], frozenset[str]] = field(factory=dict)
    """Numbers of some of the groups of ``alike`` → the subjects in them."""


def bench(
    contract: Contract,
    readings: Mapping[str, str],
    events: Iterable[Event],
    as_of: int,
    supplied: Mapping[str, Supplied],
    done: Callable[[int], None],
) -> Bench:
    """The log settled and judged under the base; ``done`` is told how many subjects were judged since it was last."""
    adopted = adopt(contract, readings, supplied)
    told = relevant(contract, settle(contract, [version.terms for version in adopted], events))
    folds = Folds(silent(contract, told))
    own = way_of(contract, readings, supplied, folds)
    versions = tuple(narrowed(version, frozenset(version.plain)) for version in own.versions)
    agreements = agreements_of(versions, told, as_of)
    verdicts = dict(_judged(versions, told, agreements, as_of, told.subjects, done))
    alike: dict[Happened, list[str]] = {}
    for name, subject in told.subjects.items():
        seen = happened(subject, chain(*verdicts[name].values()) if _all_shown(contract) else None)
        alike.setdefault(seen, []).append(name)
    return Bench(
        contract, supplied, readings, as_of, told, agreements, verdicts, _worths(agreements, as_of), own, alike, folds
    )


def _all_shown(contract: Contract) -> bool:
    """Whether every instance has a verdict: none is hidden by dates in force or by amendments (R27)."""
    return len(contract.versions) == 1 and contract.in_force == (None, None)


def _judged(
    versions: tuple[Adopted, ...],
    told: History,
    agreements: Mapping[str, Agreement],
    as_of: int,
    subjects: Iterable[str],
    done: Callable[[int], None],
) -> Iterator[tuple[str, Verdicts]]:
    number = 0
    for number, name in enumerate(subjects, 1):
        subject = told.subjects[name]
        verdicts, _ = judged_all(versions, subject, agreements.get(subject.agreement or ""), as_of)
        yield name, by_rule(verdicts)
        if number % STEP == 0:
            done(STEP)
    done(number % STEP)


def _worths(agreements: Mapping[str, Agreement], as_of: int) -> dict[tuple[str, str, str], Value | None]:
    """What `Evaluation` tells of agreements: statuses, allowances, amounts."""
    found: dict[tuple[str, str, str], Value | None] = {}
    for name, agreement in agreements.items():
        terms = agreement.terms
        for status in terms.statuses:
            stay = agreement.stay_at(status, as_of)
            found["status", name, status] = None if stay is None else stay.state
        for allowance in terms.allowances:
            found["allowance", name, allowance] = agreement.balance_at(allowance, as_of)
        agreement.now, agreement.entry = as_of, None
        for amount, rule in terms.amounts.items():
            kind = "date" if rule.currency is None else "money"
            found[kind, name, amount] = amount_value(agreement, amount)
    return found


# ---- Read otherwise ---------------------------------------------------------------------------------------------


def way(base: Bench, options: Options) -> Way:
    """The contract with these options in place of the base's."""
    if options not in base.ways:
        base.ways[options] = way_of(base.contract, {**base.readings, **dict(options)}, base.supplied, base.folds)
    return base.ways[options]


def from_base(base: Bench, options: Options) -> Difference:
    """What may differ from the base."""
    return difference(base.way, way(base, options))


def fitting(base: Bench, occasions: Iterable[Occasion]) -> frozenset[str]:
    """The subjects that fit one of the occasions, by what the base judges of them."""
    wanted = tuple(occasions)
    groups = tuple(n for n, seen in enumerate(base.alike) if any(fits(occasion, seen) for occasion in wanted))
    if groups not in base.gathered:
        names = list(base.alike.values())
        base.gathered[groups] = frozenset(chain.from_iterable(names[n] for n in groups))
    return base.gathered[groups]


def judge_again(
    base: Bench, options: Options, found: Difference, subjects: Iterable[str], done: Callable[[int], None]
) -> Judged:
    """Those subjects judged under these options, and agreements where they may come out otherwise."""
    names = sorted(subjects)
    if not found.touched:
        return Judged(options, found, frozenset(), (), {}, None)
    versions = tuple(narrowed(version, found.kept) for version in way(base, options).versions)
    moved = any(sort in (*VALUED, "role", ZONE[0]) for sort, _ in {*found.touched, *found.roots})
    agreements = agreements_of(versions, base.told, base.as_of) if moved else base.agreements
    rules = sorted(found.judged)
    changes: list[Change] = []
    verdicts: dict[str, Verdicts] = {}
    for name, own in _judged(versions, base.told, agreements, base.as_of, names, done):
        pairs = matched(in_base(base, name, rules), picked(own, rules), found.periodic)
        changed = [change for change in pairs if differs(change)]
        if changed:
            changes.extend(changed)
            verdicts[name] = {rule: own[rule] for rule in rules if rule in own}
    worths = _worths(agreements, base.as_of) if moved else None
    return Judged(options, found, frozenset(names), tuple(changes), verdicts, worths)


def in_base(base: Bench, subject: str, rules: Iterable[Node]) -> list[Verdict]:
    """What the base makes of these rules for a subject."""
    return picked(base.verdicts[subject], rules)


def picked(verdicts: Verdicts, rules: Iterable[Node]) -> list[Verdict]:
    """The verdicts of these rules."""
    return [verdict for rule in rules for verdict in verdicts.get(rule, ())]


def under(base: Bench, judged: Judged, subject: str, rules: frozenset[Node]) -> list[Verdict]:
    """What a way makes of these rules for a subject: judged again where it may differ, else as in the base."""
    again = judged.verdicts.get(subject)
    touched = judged.difference.judged
    return [
        verdict
        for rule in sorted(rules)
        for verdict in (again if again is not None and rule in touched else base.verdicts[subject]).get(rule, ())
    ]


def seen_under(base: Bench, judged: Judged, subject: str) -> Happened:
    """What an occasion may ask of a subject under a way."""
    every = base.verdicts[subject].keys() | judged.difference.judged
    told = under(base, judged, subject, frozenset(every)) if _all_shown(base.contract) else None
    return happened(base.told.subjects[subject], told)
