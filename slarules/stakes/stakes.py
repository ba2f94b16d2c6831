"""What each reading of a contract is worth on a log: each other option, tried on all that rests on the reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from attrs import evolve

from slarules.columnar.review.either import Log, subjects_in
from slarules.engine.adopt import chosen
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.rules import Reading
from slarules.stakes.comparing import comparable, effect
from slarules.stakes.dependence import Node, resting, rules_of
from slarules.stakes.judging import Bench, Judged, bench, changed_by, fitting, from_base, judge_again, told
from slarules.stakes.laid import Options, slim
from slarules.stakes.pairs import pairs_of
from slarules.stakes.worth import (
    SAME,
    UNASKED,
    UNTOUCHED,
    Effect,
    OptionStake,
    Pairs,
    ReadingStake,
    Stakes,
    Standing,
)

JUDGINGS = 15_000
"""How many times a subject is looked at for pairs of readings, unless another number is given."""


def stakes(
    contract: Contract,
    log: Log,
    as_of: int,
    *,
    readings: Mapping[str, str] | None = None,
    supplied: Mapping[str, Supplied] | None = None,
    precision: int = 0,
    judgings: int | None = JUDGINGS,
    shown: int | None = None,
    done: Callable[[int, int], None] | None = None,
) -> Stakes:
    """What each ambiguity of a contract is worth on a log, as of an instant (microseconds UTC).

    ``readings`` are options other than the adopted ones: with them the base is judged, and every other option is
    compared with it. ``precision`` is how exact the log's instants are, in microseconds. For pairs of readings at most
    ``judgings`` subjects are looked at (None: as many as it takes); what is left out is told. ``shown``: so many of the
    verdicts that come out otherwise are told one by one, of each option (None: all). ``done`` is told how many judgings
    are done, and how many there will be, which grows as it goes. Raises UnknownReading. Pure: the same arguments give
    the same result, whichever engine judges ``log``.
    """
    progress = _Progress(done)
    progress.expect(subjects_in(log))
    base = bench(contract, dict(readings or {}), log, as_of, dict(supplied or {}), progress.step)
    adopted = chosen(contract, readings)
    order = {name: place for place, name in enumerate(_names(contract))}
    alternatives = _alternatives(contract, adopted)
    planned = [(options, from_base(base, options)) for options in alternatives]
    subjects = [fitting(base, found.occasions) for _, found in planned]
    progress.expect(sum(int(one.sum()) for one in subjects))
    rests = resting(contract)
    tried: list[Judged] = []
    single: dict[Options, OptionStake] = {}
    for (options, found), names in zip(planned, subjects, strict=True):
        again = judge_again(base, options, found, names, progress.step)
        standings = tuple(_standings(base, again))
        single[options] = _single(base, again, standings, rests, order, precision, shown)
        tried.append(evolve(again, again=slim(again.again)))
    return Stakes(
        contract.name,
        as_of,
        adopted,
        base.count,
        base.verdicts.count,
        tuple(_of_reading(reading, adopted, single) for reading in contract.readings.values()),
        Pairs() if judgings == 0 else pairs_of(base, tried, rests, judgings, progress.step, progress.expect),
        base.by_reference,
    )


class _Progress:
    """How many judgings are done, and how many there will be."""

    def __init__(self, done: Callable[[int, int], None] | None) -> None:
        self.done, self.made, self.total = done, 0, 0

    def expect(self, more: int) -> None:
        self.total += more

    def step(self, more: int) -> None:
        self.made += more
        if self.done is not None:
            self.done(self.made, max(self.total, self.made))


def _names(contract: Contract) -> Iterable[str]:
    """Every rule with a verdict or a value, in the contract's order, each once."""
    return dict.fromkeys(name for terms in contract.versions for _, name in rules_of(terms))


def _alternatives(contract: Contract, adopted: Mapping[str, str]) -> list[Options]:
    """Each option of each reading that is not the one judged by."""
    return [
        ((reading.name, option.name),)
        for reading in contract.readings.values()
        if reading.changes_nothing is None
        for option in reading.options
        if option.name != adopted[reading.name]
    ]


def _standings(base: Bench, again: Judged) -> Iterable[Standing]:
    """What agreements come to otherwise; unknown for want of another fact is no difference."""
    for key, after in (again.worths or {}).items():
        before = base.worths.get(key)
        if comparable(before) != comparable(after):
            yield Standing(*key, before, after)


def _single(
    base: Bench, again: Judged, standings: Sequence[Standing], rests: Mapping[str, frozenset[Node]],
    order: Mapping[str, int], precision: int, shown: int | None,
) -> OptionStake:  # fmt: skip
    ((reading, option),) = again.options
    changed = changed_by(base, again)
    found = effect(changed, standings, base.codes, order, partial(told, base), precision, shown)
    names = sorted({name for _, name in rests[reading]}, key=lambda name: order[name])
    return OptionStake(reading, option, found, _nothing(found, again), tuple(names), again.subjects)


def _nothing(found: Effect, judged: Judged) -> str | None:
    """Why nothing hangs on it, where nothing does."""
    if found.rules or found.standings:
        return None
    if not judged.difference.roots:
        return UNASKED
    return SAME if judged.subjects or judged.worths else UNTOUCHED


def _of_reading(
    reading: Reading, adopted: Mapping[str, str], single: Mapping[Options, OptionStake]
) -> ReadingStake:
    own = tuple(
        single[((reading.name, option.name),)]
        for option in reading.options
        if ((reading.name, option.name),) in single
    )
    return ReadingStake(reading.name, adopted[reading.name], own, reading.changes_nothing)

