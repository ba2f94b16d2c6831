"""What readings are worth on a history: for each option what would have come out otherwise, and for whom."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from slarules.model.value import Value
from slarules.model.verdict import Verdict

MARKED, UNASKED, UNTOUCHED, SAME = "marked", "unasked", "untouched", "same"
"""Why nothing hangs on an option: it is marked so, no rule asks for it, nothing in this log touches a rule that does,
or what it touches comes out the same."""


@frozen
class Change:
    """One verdict that comes out otherwise; of the two never both None."""

    before: Verdict | None
    """As the contract is read now; None: the verdict arises under the option only."""
    after: Verdict | None
    """Under the option; None: the verdict vanishes."""


@frozen
class Moves:
    """Deadlines that move, of verdicts that both ways have."""

    later: int = 0
    """How many fall later under the option."""
    earlier: int = 0
    """How many fall earlier."""
    median: int = 0
    """By how much the middle one of them moves, in microseconds, whichever way."""
    largest: int = 0
    """The largest move, in microseconds; negative where it is to an earlier instant."""
    dropped: int = 0
    """Verdicts that have a deadline now and none under the option."""
    gained: int = 0
    """Verdicts that have a deadline under the option only."""


@frozen
class Lateness:
    """Real time by which duties and targets were performed after their deadlines (R13).

    Counted where both ways know it: what was kept, or is not there, is late by nothing; of what was not performed, or
    cannot be determined, no lateness is known.
    """

    gained: int = 0
    """Microseconds by which the option makes them later, all added up."""
    lost: int = 0
    """Microseconds by which it makes them less late."""
    unperformed: int = 0
    """How many more of those broken were not performed at all, as far as is known; negative: fewer."""


@frozen
class Favour:
    """What an option means for one party that owes."""

    bearer: str
    """The party that owes, or whose right it is."""
    to_kept: int = 0
    """Its verdicts that turn from broken to kept."""
    to_broken: int = 0
    """Its verdicts that turn from kept to broken."""
    broken: int = 0
    """How many more of all its verdicts are broken under the option, those that arise and vanish among them; negative:
    fewer."""


@frozen
class Standing:
    """An amount, a date, an allowance or a status of an agreement that comes out otherwise."""

    kind: str
    """``money``, ``date``, ``allowance`` or ``status``."""
    agreement: str
    """The agreement's id."""
    name: str
    """The rule's name."""
    before: Value | None
    """As the contract is read now; of a status its state, None before it begins."""
    after: Value | None
    """Under the option."""


@frozen
class Effect:
    """What comes out otherwise under another way to read the contract."""

    flips: int = 0
    """Verdicts with another state."""
    arisen: int = 0
    """Verdicts that there are only under the option."""
    vanished: int = 0
    """Verdicts that there are no more under the option."""
    decided: int = 0
    """Those of all these that can be determined both ways: what is open for want of a record tells little of words."""
    changes: tuple[Change, ...] = ()
    """The first of these, as many as were asked for: what flips between kept and broken, then other flips, what arises,
    what vanishes; in order of subjects."""
    doubtful: int = 0
    """Flips that hang on less than the log's own precision: one of the two was performed so near its deadline."""
    undetermined: int = 0
    """How many more verdicts cannot be determined, for want of facts that the log does not tell; negative: fewer."""
    moves: Moves = Moves()
    """Deadlines that move."""
    lateness: Lateness = Lateness()
    """Time at stake."""
    favours: tuple[Favour, ...] = ()
    """What it means for each party that owes; parties for whom nothing changes are left out."""
    standings: tuple[Standing, ...] = ()
    """What comes out otherwise of agreements."""
    money: Mapping[str, tuple[object, object]] = field(factory=dict)
    """Currency → what amounts come to more, and less, all agreements added up; one currency never with another."""
    rules: Mapping[str, int] = field(factory=dict)
    """Rule → how many verdicts of it come out otherwise, in state, deadline or lateness; in the contract's order."""


@frozen
class OptionStake:
    """What hangs on reading the contract by one option instead of the one that it is judged by."""

    reading: str
    """The reading's name."""
    option: str
    """The option's name."""
    effect: Effect
    """What comes out otherwise."""
    nothing: str | None
    """Why nothing does: ``unasked``, ``untouched`` or ``same``; None: something does."""
    rests: tuple[str, ...]
    """The rules whose verdicts rest on it, in the contract's order."""
    judged: int
    """How many subjects were judged again for it."""


@frozen
class ReadingStake:
    """What hangs on one reading."""

    reading: str
    """Its name."""
    base: str
    """The option by which the log is judged; empty where nothing hangs on any."""
    options: tuple[OptionStake, ...]
    """Each of the others, in the contract's order; none where it is marked ``changes nothing``."""
    marked: str | None
    """Why nothing hangs on it, in the contract's own remark; None where it is not marked so."""


@frozen
class Joint:
    """One verdict that two options together do not bring out as each alone would have it."""

    base: Verdict | None
    """As the contract is read now."""
    first: Verdict | None
    """Under the first option alone."""
    second: Verdict | None
    """Under the second option alone."""
    both: Verdict | None
    """Under both."""


@frozen
class Pair:
    """Two options of different readings whose joint effect is not the sum of their single ones."""

    first: tuple[str, str]
    """Reading and option."""
    second: tuple[str, str]
    """Reading and option of the other."""
    flips: tuple[int, int, int]
    """Verdicts that change state, arise or vanish: under the first alone, the second alone, and both."""
    lateness: tuple[int, int, int]
    """Net microseconds of known lateness: under the first alone, the second alone, and both."""
    overlap: int
    """Verdicts that either option alone changes as both do: the sum counts them twice."""
    together: int
    """Verdicts that neither changes alone, and both together do."""
    undone: int
    """Verdicts that one alone changes, and both together leave as they are."""
    otherwise: int
    """Verdicts that both together bring out in a way of their own."""
    values: int
    """Amounts, dates, allowances and statuses of agreements that both together do not bring out as the sum."""
    examples: tuple[Joint, ...]
    """A few of these verdicts, each kind first."""


@frozen
class Pairs:
    """How readings act together."""

    found: tuple[Pair, ...] = ()
    """Those that interact, the most verdicts first."""
    pairs: int = 0
    """Pairs of options of two readings that there are."""
    apart: int = 0
    """Those that cannot interact: no rule rests on both readings."""
    judged: int = 0
    """Those for which subjects had to be judged under both."""
    left_out: tuple[tuple[tuple[str, str], tuple[str, str]], ...] = ()
    """Pairs not looked at, because as many subjects had been looked at as was allowed."""


@frozen
class Stakes:
    """What every reading of a contract is worth on one log, as of an instant."""

    contract: str
    """The contract's name."""
    as_of: int
    """Microseconds UTC."""
    base: Mapping[str, str]
    """Every reading → the option that it is judged by."""
    subjects: int
    """How many tickets, agreements and others the log tells of."""
    verdicts: int
    """How many verdicts there are under the base."""
    readings: tuple[ReadingStake, ...]
    """Every reading, in the contract's order."""
    pairs: Pairs
    """How they act together."""
    by_reference: Mapping[str, int] = field(factory=dict, eq=False)
    """Why subjects went to the reference engine, though the columnar one judged the log → how many."""
