"""Amendments whose dates leave a hole, or under which two versions of a promise hold at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from slarules.diagnostics import Level
from slarules.lint.examined import Examined
from slarules.lint.finding import Found, Rule
from slarules.source import Span
from slarules.syntax.tree import Node

Version = tuple[date, date | None, Node, Span]
"""A promise under one clause: its first date, its last, the rule, and the clause's dates in the file."""


def holes(examined: Examined) -> Iterator[Found]:
    """Dates on which no version of an amended promise is in force."""
    for versions in _promises(examined):
        for (_, last, rule, dates), (first, _, later, _) in pairwise(versions):
            if last is not None and (first - last).days > 1:
                gap = _dates(last + timedelta(days=1), first - timedelta(days=1))
                yield Found(
                    dates, f"`{_called(rule)}` is in force up to {last} and `{_called(later)}` from {first}: {gap} has "
                    "neither", "let the one begin on the date after the other's last",
                    related=((later.name.span, "the next version"),),
                )


def overlaps(examined: Examined) -> Iterator[Found]:
    """Dates on which two versions of an amended promise are both in force."""
    for versions in _promises(examined):
        for (_, last, rule, dates), (first, end, later, _) in pairwise(versions):
            if last is None or first <= last:
                both = _dates(first, min(filter(None, (last, end)), default=None))
                yield Found(
                    dates, f"`{_called(rule)}` and `{_called(later)}` promise the same, and both are in force {both}",
                    "let the one end on the date before the other's first",
                    related=((later.name.span, "the other version"),),
                )


def _dates(first: date, last: date | None) -> str:
    if last is None:
        return f"from {first} on"
    return f"{first}" if first == last else f"{first} to {last}"


def _called(rule: Node) -> str:
    return rule.name.text


def _promises(examined: Examined) -> Iterator[list[Version]]:
    """The versions of each promise that dated clauses make: who owes what to whom, set off by what."""
    found: dict[tuple[str, ...], list[Version]] = {}
    if examined.contract is None:
        return
    for rule, clause in examined.rules("duty", "target"):
        line = clause.first("in_force") if clause is not None else None
        if line is None:
            continue
        first, last = [date.fromisoformat(part.text) for part in line.all("DATE")], None
        if len(first) > 1:
            last = first[1]
        found.setdefault(_promise(rule), []).append((first[0], last, rule, line.span))
    for versions in found.values():
        yield sorted(versions, key=lambda version: (version[0], version[2].span.start))


def _promise(rule: Node) -> tuple[str, ...]:
    """What makes two rules versions of one promise: all but the time, the severities and what counts."""
    verb = rule.first("must", "aims_to")
    owed = verb.first("act", "keep_fact") if verb is not None else None
    triggers = sorted(" ".join(line.span.text.split()) for line in rule.all("when", "when_both", "once_each_term"))
    guards = sorted(" ".join(line.span.text.split()) for line in rule.all("if_line", "unless_line", "while_line"))
    who = verb.name.text if verb is not None else ""
    return (rule.kind, who, " ".join(owed.span.text.split()) if owed is not None else "", *triggers, "if", *guards)


RULES: tuple[Rule, ...] = (
    Rule("L0801", "amendment-hole", Level.WARNING, "dates on which no version of an amended promise is in force",
         holes),
    Rule("L0802", "amendment-overlap", Level.WARNING, "dates on which two versions of a promise are in force",
         overlaps),
)
