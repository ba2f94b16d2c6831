"""Random tickets put to an engine and to the reference: what was compared, by which engine, and what differs."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

from attrs import define, evolve, field, frozen

from slarules.calendars.zones import micros
from slarules.engine.adopt import adopt
from slarules.model.calendar import Supplied, Window
from slarules.model.contract import Contract
from slarules.model.value import HOUR
from slarules.model.verdict import Evaluation
from tests.duty_cases import contract_of as oracles_contract
from tests.duty_cases import policy_text
from tests.oracle.random_cases import random_case
from tests.same import corpus
from tests.same.cases import Case
from tests.same.changed_policies import changed_policy
from tests.same.comparing import Difference, Seen, differences
from tests.same.constructs import constructs
from tests.same.implementations import Implementation, reference
from tests.same.random_logs import DAY, Drawn, nudged, random_log
from tests.same.random_policies import random_policy
from tests.same.shrinking import shrunk

TICKETS = 160
"""Tickets of one log: reading a policy costs as much as judging so many."""
LOGS = 3
"""Logs under one policy, under other readings each."""


@frozen(eq=False)
class Mismatch:
    """A case in which an implementation differs from the reference, as small as it could be made."""

    case: Case
    differences: tuple[Difference, ...]
    raised: str | None = None


@define
class Tally:
    """What was compared."""

    cases: int = 0
    tickets: int = 0
    verdicts: int = 0
    engines: Counter[str] = field(factory=Counter)
    """Subjects by engine."""
    why: Counter[str] = field(factory=Counter)
    """Subjects that the reference judged, by reason."""
    uses: dict[str, Counter[str]] = field(factory=dict)
    """Construct → verdicts by engine."""
    oddities: dict[str, Counter[str]] = field(factory=dict)
    """What is odd about a subject → subjects by engine."""
    states: dict[str, Counter[str]] = field(factory=dict)
    """State → verdicts by engine."""

    def count(self, case: Case, seen: Seen, features: dict[str, frozenset[str]]) -> None:
        """Take an answer into account."""
        engines = seen.engines or {}
        by = {subject: engine for subject, (engine, _) in engines.items()}
        self.cases += 1
        self.tickets += sum(subject.startswith("T") for subject in by) if by else 0
        self.verdicts += len(seen.evaluation.verdicts)
        self.engines.update(by.values())
        self.why.update(why for _, why in engines.values() if why)
        known = {k: v for a in adopt(case.contract, case.readings, case.supplied) for k, v in constructs(a).items()}
        for (duty, state, engine), many in _tallied(seen.evaluation, by).items():
            for construct in known.get(duty, ()):
                self.uses.setdefault(construct, Counter())[engine] += many
            self.states.setdefault(state, Counter())[engine] += many
        for subject, found in features.items():
            for feature in found:
                self.oddities.setdefault(feature, Counter())[by.get(subject, "none")] += 1


def _tallied(evaluation: Evaluation, by: dict[str, str]) -> Counter[tuple[str, str, str]]:
    return Counter((v.duty, v.state, by.get(v.subject, "none")) for v in evaluation.verdicts)


# ---- Drawing cases --------------------------------------------------------------------------------------------------


def random_cases(seed: int, tickets: int = TICKETS, logs: int = LOGS) -> Iterator[tuple[Case, Drawn]]:
    """Logs under one policy: a random one mostly, one of the rules' changed, one of the oracle's, or one that ships."""
    rng = random.Random(seed)
    if seed % 8 == 3:
        contract = corpus.shipped(corpus.NAMES[seed // 8 % 4])
        name, text, near = f"seed {seed}, contracts/{contract.name}", contract.policy.text, date(2025, 10, 29)
    elif seed % 8 == 5:
        one = random_case(rng, doubtful=seed % 16 == 5)
        contract, text = oracles_contract(one), policy_text(one)
        name, near = f"seed {seed}, of the oracle", date.fromisoformat(one["evaluations"][0]["as_of"][:10])
    elif seed % 8 == 7:
        text, contract = changed_policy(rng)
        name, near = f"seed {seed}, a rule's changed", date(2026, rng.randint(1, 4), rng.randint(1, 28))
    else:
        further = seed % 8 == 1
        policy = random_policy(rng, rng.choice([0.6, 0.3, 0.0]) if further else None, further)
        name, contract, text, near = f"seed {seed}", policy.contract, policy.text, policy.near
    yield from cases_under(rng, name, contract, text, _noon(near), tickets, logs)


def cases_under(
    rng: random.Random, name: str, contract: Contract, text: str, noon: int, tickets: int, logs: int
) -> Iterator[tuple[Case, Drawn]]:
    """Logs under a policy; every second one is the one before it with events moved onto deadlines."""
    for number in range(logs):
        if number % 2 == 0:
            drawn = random_log(rng, contract, noon, tickets, odd=rng.choice([0, 0, 0.2, 1.0]))
            as_of = noon + rng.choice([-1, 0, 0, 1, 1, 2, 2, 3, 3, 5, 5, 30]) * DAY + rng.randint(0, DAY)
            if drawn.events and rng.random() < 0.5:
                as_of = rng.choice(drawn.events).at
            case = Case(f"{name}, log {number}", text, contract, drawn.events, as_of, *_given(rng, contract, noon))
            case = evolve(case, precision=rng.choice([0, 0, 0, 60_000_000]))
        else:
            drawn, as_of = nudged(rng, drawn, reference(case).evaluation)
            case = evolve(case, name=f"{name}, log {number}", events=drawn.events, as_of=as_of)
        yield case, drawn


def _noon(day: date) -> int:
    return micros(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def _given(rng: random.Random, contract: Contract, noon: int) -> tuple[dict[str, str], dict[str, Supplied]]:
    """Readings other than the adopted ones, and what parties supply."""
    readings = {
        name: rng.choice(reading.options).name
        for name, reading in contract.readings.items()
        if reading.changes_nothing is None and rng.random() < 0.5
    }
    today = datetime.fromtimestamp(noon / 1_000_000, UTC).date()
    days = [date.fromordinal(today.toordinal() + n) for n in range(-8, 20)]
    supplied: dict[str, Supplied] = {}
    for terms in contract.versions:
        for name, listed in terms.holidays.items():
            if listed.supplied_by and rng.random() < 0.8:
                supplied[name] = Supplied(tuple(days[1::5]), known_until=rng.choice(days[8:]))
        for name, calendar in terms.calendars.items():
            if calendar.supplied_by and rng.random() < 0.8:
                windows = tuple((day, (Window(9 * HOUR, 17 * HOUR),)) for day in days[::2])
                supplied[name] = Supplied(windows=windows, known_until=days[-1])
    return readings, supplied


# ---- Comparing ------------------------------------------------------------------------------------------------------


def compared(
    cases: Iterator[tuple[Case, Drawn]], implementation: Implementation, tally: Tally, seconds: float = 20.0
) -> Iterator[Mismatch]:
    """Each case in which the implementation differs, shrunk for so long."""
    for case, drawn in cases:
        expected = reference(case)
        try:
            seen = implementation(case)
        except Exception as wrong:
            yield _broken(case, implementation, wrong, seconds)
            continue
        tally.count(case, seen, dict(drawn.features))
        found = differences(expected, seen)
        if found:
            yield smallest(case, implementation, found, seconds)


def smallest(case: Case, implementation: Implementation, found: list[Difference], seconds: float) -> Mismatch:
    """The case shrunk while the same field still differs."""
    field_ = found[0].field
    subjects = found[0].where.split(" ")[0]
    few = evolve(case, events=tuple(e for e in case.events if e.subject == subjects or not subjects))
    differs = _differs(implementation, field_)
    start = few if few.events and subjects and _quietly(differs, few) else case
    small = shrunk(start, differs, seconds)
    return Mismatch(small, tuple(differences(reference(small), implementation(small))))


def _differs(implementation: Implementation, field_: str) -> Callable[[Case], bool]:
    def differs(case: Case) -> bool:
        return any(one.field == field_ for one in differences(reference(case), implementation(case)))

    return differs


def _quietly(differs: Callable[[Case], bool], case: Case) -> bool:
    try:
        return differs(case)
    except Exception:
        return False


def _broken(case: Case, implementation: Implementation, wrong: Exception, seconds: float) -> Mismatch:
    """A case that the implementation cannot answer at all."""
    kind = type(wrong)

    def raises(smaller: Case) -> bool:
        reference(smaller)
        try:
            implementation(smaller)
        except kind:
            return True
        return False

    small = shrunk(case, raises, seconds)
    return Mismatch(small, (), f"{kind.__name__}: {wrong}")
