"""How much of a policy its scenarios reach: clauses, rules, cells of tables, conditions; and what they never saw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from slarules.scenario.reachable import Asked, Key, Reachable, Rule, key
from slarules.scenario.reached import Reached
from slarules.source import Span
from slarules.syntax.layout import before_comment

KINDS = ("clauses", "rules", "cells", "conditions")
"""What is counted; of conditions each answer that one can give is counted by itself."""


@frozen
class Share:
    """How many of one kind were reached."""

    kind: str
    reached: int
    of: int

    @property
    def percent(self) -> float:
        """Rounded down to a tenth, so that 100 means all."""
        return self.reached * 1000 // self.of / 10 if self.of else 100.0


@frozen
class Missed:
    """Something that no scenario reached."""

    kind: str
    """``rule``, ``cell`` or ``condition``."""
    name: str
    """The rule, or the table and its column."""
    span: Span
    words: str
    answers: tuple[str, ...]
    """Of a condition, the answers that it never gave; empty of the others."""


@frozen
class Coverage:
    """What the scenarios of one policy reach."""

    policy: str
    """Its file."""
    scenarios: int
    shares: tuple[Share, ...]
    """One of each of ``KINDS``."""
    missed: tuple[Missed, ...]
    """In reading order."""
    unexpected: tuple[Rule, ...]
    """Rules that were judged, and that no expectation names."""


def coverage(policy: str, scenarios: int, possible: Reachable, seen: Iterable[Reached]) -> Coverage:
    """What several runs reached together; ``seen`` are the runs' notes."""
    answers: dict[Key, set[str]] = {}
    cells: set[Key] = set()
    judged: set[str] = set()
    expected: set[str] = set()
    for one in seen:
        for place, gave in one.answers.items():
            answers.setdefault(place, set()).update(gave)
        cells |= one.cells
        judged |= one.judged
        expected |= one.expected
    rules = [rule for rule in possible.rules if rule.name in judged | expected]
    given = sum(len(set(asked.answers) & answers.get(key(asked.span), set())) for asked in possible.conditions)
    shares = (
        Share("clauses", len({r.clause for r in rules}), len({r.clause for r in possible.rules})),
        Share("rules", len(rules), len(possible.rules)),
        Share("cells", sum(key(cell.span) in cells for cell in possible.cells), len(possible.cells)),
        Share("conditions", given, sum(len(asked.answers) for asked in possible.conditions)),
    )
    missed = [Missed("rule", r.name, r.span, f"{r.sort} {r.name}", ()) for r in possible.rules if r not in rules]
    missed += [
        Missed("cell", f"{cell.table}.{cell.column}", cell.span, _words(cell.span), ())
        for cell in possible.cells if key(cell.span) not in cells
    ]  # fmt: skip
    missed += _unanswered(possible.conditions, answers)
    return Coverage(
        policy,
        scenarios,
        shares,
        tuple(sorted(missed, key=lambda one: (one.span.start, -one.span.end, one.kind))),
        tuple(rule for rule in rules if rule.name not in expected),
    )


def _unanswered(conditions: Iterable[Asked], given: dict[Key, set[str]]) -> Iterator[Missed]:
    for asked in conditions:
        never = tuple(a for a in asked.answers if a not in given.get(key(asked.span), set()))
        if never:
            yield Missed("condition", asked.rule, asked.span, _words(asked.span), never)


def below(one: Coverage, thresholds: dict[str, float]) -> tuple[tuple[Share, float], ...]:
    """The shares that are below what is asked of their kind, each with that."""
    return tuple(
        (share, thresholds[share.kind]) for share in one.shares if share.percent < thresholds.get(share.kind, 0)
    )


def _words(span: Span) -> str:
    """The words of a place on one line, without comments."""
    return " ".join(word for line in span.text.split("\n") for word in line[: before_comment(line)].split())
