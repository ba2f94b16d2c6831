"""What an expectation that did not hold would have to say: the same line, with the figures that are seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from slarules.diagnostics import Edit
from slarules.model.value import Money, Unknown
from slarules.model.verdict import Verdict
from slarules.scenario.judging import instances_of, since, value_seen
from slarules.scenario.run import Step
from slarules.scenario.script import OWED, OfNextChange, OfRule, OfValue
from slarules.scenario.writing import CannotBeWritten, certain_length, certain_moment, state_words
from slarules.source import Span
from slarules.syntax.tree import Node

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
CAME = ("breached", "missed", "met", "reached", "elected", "lapsed")
"""States that something comes into at an instant worth telling."""


def amend(step: Step, zone: str) -> tuple[Edit, ...]:
    """The edits that make a failing line's expectation that which is seen.

    Raises CannotBeWritten, with the reason, where it cannot be told surely what the line should say.
    """
    expected, node, seen = step.line.expected, step.line.node, step.seen
    assert expected is not None and node is not None and seen is not None
    match expected:
        case OfRule():
            instances = instances_of(expected, seen)
            if not instances:
                raise CannotBeWritten(f"`{expected.rule}` has no instance to tell of")
            each = [tuple(_of_rule(node, expected, verdict, step.line.at, zone)) for verdict in instances]
            if any(one != each[0] for one in each[1:]):
                raise CannotBeWritten(f"`{expected.rule}` has {len(each)} instances that differ: say which, as #1")
            edits = each[0]
        case OfValue():
            edits = (_replaced(node.parts[2], _value_text(expected, node.parts[2], value_seen(expected, seen))),)
        case OfNextChange():
            if seen.next_change_at is None:
                raise CannotBeWritten("nothing changes any more")
            moment = node.one("moment", "time_of_day")
            edits = (_replaced(moment, certain_moment(seen.next_change_at, zone, step.line.at)),)
    return edits


def _replaced(node: Node, text: str) -> Edit:
    """A figure that a placeholder is a part of cannot be rewritten in one place."""
    if any(not node.span.start <= leaf.span.start <= node.span.end for leaf in node.walk()):
        raise CannotBeWritten("the figure is put together from a placeholder and other words")
    return Edit(node.span, text)


# ---- Of a rule ------------------------------------------------------------------------------------------------


def _of_rule(node: Node, expected: OfRule, verdict: Verdict, at: int, zone: str) -> Iterator[Edit]:
    outcome = node.first("outcome", "outcome_not", "outcome_out_of_scope", "outcome_ended")
    if outcome is not None:
        said = _outcome(expected, verdict)
        if said is not None:
            yield _replaced(outcome, said)
    for detail in node.parts:
        if detail.kind.startswith("detail_"):
            yield from _detail(detail, expected, verdict, at, zone)


def _outcome(expected: OfRule, verdict: Verdict) -> str | None:
    """The state as the line should say it; None where it says so already."""
    if expected.state == OWED:
        if verdict.owed is None:
            raise CannotBeWritten(f"nobody can tell whether `{verdict.label}` is owed")
        said = "owed" if verdict.owed else "not owed"
        return None if verdict.owed is not expected.negated else said
    if expected.state is None or (verdict.state == expected.state) is not expected.negated:
        return None
    return state_words(verdict.state)


def _detail(detail: Node, expected: OfRule, verdict: Verdict, at: int, zone: str) -> Iterator[Edit]:
    """A figure is written anew, or goes with a state that has none."""
    instants = {
        "detail_at": (expected.at, since(verdict) if _came(expected, verdict) else None),
        "detail_due": (expected.due, verdict.deadline),
        "detail_performed": (expected.performed, verdict.performed_at),
    }
    if detail.kind in instants:
        wanted, there = instants[detail.kind]
        if there is None:
            yield _dropped(detail, expected, verdict)
        elif wanted != there:
            yield _replaced(detail.one("moment", "time_of_day"), certain_moment(there, zone, at))
    elif detail.kind == "detail_late":
        if verdict.late_by is None:
            yield _dropped(detail, expected, verdict)
        elif verdict.late_by != expected.late_by:
            yield _replaced(detail.one("duration"), certain_length(verdict.late_by))
    elif detail.kind == "detail_missing":
        yield from _missing(detail, expected, verdict)
    elif verdict.ended_by is None:
        yield _dropped(detail, expected, verdict)
    elif verdict.ended_by != expected.ended_by:
        if not NAME.fullmatch(verdict.ended_by):
            raise CannotBeWritten(f"`{verdict.label}` is ended by {verdict.ended_by}, which no line can write")
        yield _replaced(detail.name, verdict.ended_by)


def _came(expected: OfRule, verdict: Verdict) -> bool:
    return verdict.state in CAME or verdict.state == expected.state


def _missing(detail: Node, expected: OfRule, verdict: Verdict) -> Iterator[Edit]:
    named = detail.name.text
    words = [wanted.rpartition(" ")[2] for wanted in verdict.missing]
    if not words:
        yield _dropped(detail, expected, verdict)
    elif named not in words:
        if len(words) > 1 or len(expected.missing) > 1 or not NAME.fullmatch(words[0]):
            wanted = ", ".join(f"`{name}`" for name in verdict.missing)
            raise CannotBeWritten(f"it is not sure which want to name, of {wanted}")
        yield _replaced(detail.name, words[0])


def _dropped(detail: Node, expected: OfRule, verdict: Verdict) -> Edit:
    """Without the figure, which there is no more; where nothing else is said, the state stands in its place."""
    if expected.state is None:
        if detail.kind == "detail_ended_by":
            return _replaced(detail, state_words(verdict.state))
        raise CannotBeWritten(f"`{verdict.label}` is {state_words(verdict.state)} and has no such figure")
    text = detail.span.source.text
    start = detail.span.start
    while text[start - 1] in " \n\t":
        start -= 1
    start -= text[start - 1] == ","
    return Edit(Span(detail.span.source, start, detail.span.end), "")


# ---- Of a value -----------------------------------------------------------------------------------------------


def _value_text(expected: OfValue, node: Node, seen: tuple[object, str]) -> str:
    """A value as a line writes it."""
    value, words = seen
    match value:
        case Unknown():
            return "unknown"
        case Money(amount, currency) if amount >= 0:
            return f"{amount} {currency}"
        case bool() | None:
            raise CannotBeWritten(f"`{expected.name}` is {words}")
        case Decimal() if value >= 0:
            number = format(value.normalize(), "f")
            return f"{number} {'hour' if value == 1 else 'hours'}" if node.kind == "duration" else number
        case Decimal() | Money():
            raise CannotBeWritten(f"`{expected.name}` is less than nothing, which no line can write")
        case str() if not NAME.fullmatch(value):
            raise CannotBeWritten(f"`{expected.name}` is {words}")
    return str(value)
