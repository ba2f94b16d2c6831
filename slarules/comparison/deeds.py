"""What performs two rules, in the words of both contracts, and the ways in which it may be done otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from attrs import evolve

from slarules.analysis.stories import raw
from slarules.comparison.histories import Begun, Deed, composed, done, soon
from slarules.comparison.occasions import Bench, favourable
from slarules.comparison.tickets import KEPT, Tried
from slarules.comparison.trying import DONE, PAIRS, Trial, first_due, judged
from slarules.lint.domain import Domain
from slarules.model.event import Raw
from slarules.model.expression import FactRef
from slarules.model.rules import Duty
from slarules.model.value import Unknown, Value


def deeds(made: Trial, of: int) -> Iterator[tuple[Deed, Domain]]:
    """Each act of one contract's rules with facts under which it performs, and what else it asks."""
    bench = made.bench
    side = bench.sides[of]
    others = _asked_of_acts(bench, 1 - of)
    for rule in bench.rules(of):
        if not isinstance(rule, Duty):
            continue
        known, domain = favourable(rule.performance.conditions, side.adopted, bench.languages[of],
                                   bench.levels[of], made.occasions[of][0].now if made.occasions[of] else 0)
        facts = {key.name: raw(value) for key, value in known.items() if isinstance(key, FactRef)}
        for pattern in rule.performance.patterns:
            yield Deed(of, pattern.type, pattern.by or rule.bearer, facts, others), domain


def _asked_of_acts(bench: Bench, of: int) -> dict[str, Raw]:
    facts: dict[str, Raw] = {}
    for rule in bench.rules(of):
        if isinstance(rule, Duty):
            known, _ = favourable(rule.performance.conditions, bench.sides[of].adopted, bench.languages[of],
                                  bench.levels[of], 0)
            for key, value in known.items():
                if isinstance(key, FactRef):
                    facts.setdefault(key.name, raw(value))
    return facts


def joint(made: Trial) -> tuple[Deed, ...]:
    """One act that performs the rules of both contracts; else an act of each at one instant; else what there is."""
    if not any(isinstance(rule, Duty) for of in (0, 1) for rule in made.bench.rules(of)):
        return ()
    mine, its = [deed for deed, _ in deeds(made, 0)], [deed for deed, _ in deeds(made, 1)]
    alone = [(deed,) for deed in (*mine, *its)]
    together = [(a, b) for a in mine for b in its]
    best: tuple[int, tuple[Deed, ...]] = (0, ())
    for occasion in (*made.occasions[0][:1], *made.occasions[1][:1]):
        begun = composed(made.bench, occasion, occasion.ordinary, made.wanted[1 - occasion.of])
        if begun is None:
            continue
        seen = made.looked(begun, begun.at)
        dues = [due for due in map(first_due, seen) if due is not None]
        at = soon(begun.at, min(dues, default=None))
        for acts in (*alone, *together):
            told = begun
            for act in acts:
                told = done(made.bench, told, act, at)
            many = sum(any(v.state in KEPT for v in verdicts) for verdicts in made.looked(told, at))
            if many > best[0]:
                best = many, acts
            if many == 2:
                return acts
    return best[1]


def ways_to_perform(made: Trial, begun: Begun) -> Iterator[Tried]:
    """Each event that performs under either, by each party, with each fact that is asked of it otherwise."""
    seen = made.looked(begun, begun.at)
    at = soon(begun.at, min((due for due in map(first_due, seen) if due is not None), default=None))
    for of in (0, 1):
        provider, customer = (made.bench.sides[of].party(role) for role in ("provider", "customer"))
        varied: set[str] = set()
        for deed, domain in deeds(made, of):
            for actor in dict.fromkeys((deed.actor, provider, customer, None)):
                yield from judged(made, done(made.bench, begun, evolve(deed, actor=actor), at), DONE)
            keys = {key.name: several for key, several in domain.values.items() if isinstance(key, FactRef)}
            if str(keys) in varied:
                continue  # the facts are asked of each act alike
            varied.add(str(keys))
            for facts in _otherwise(deed.facts, keys):
                gone = {made.bench.languages[of].facts.get(name, name) for name in deed.facts if name not in facts}
                others = {name: value for name, value in deed.others.items() if name not in gone}
                told = evolve(deed, facts=facts, others=others)
                yield from judged(made, done(made.bench, begun, told, at), DONE)
                if made.settled:
                    return


def _otherwise(facts: Mapping[str, Raw], keys: Mapping[str, tuple[Value, ...]]) -> Iterator[dict[str, Raw]]:
    """The facts with each one otherwise, and with each two."""
    single = [(name, value) for name, several in keys.items() for value in several]
    for one in single:
        yield _put(facts, (one,))
    pairs = [(a, b) for a, b in combinations(single, 2) if a[0] != b[0]]
    for pair in pairs[:: max(1, len(pairs) // PAIRS)][:PAIRS]:
        yield _put(facts, pair)


def _put(facts: Mapping[str, Raw], changes: Iterable[tuple[str, Value]]) -> dict[str, Raw]:
    told = dict(facts)
    for name, value in changes:
        if isinstance(value, Unknown):
            told.pop(name, None)
        else:
            told[name] = raw(value)
    return told
