"""A line that says what should be seen: `expect T1 respond breached at 10:00, due at 10:00`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from slarules.diagnostics import did_you_mean, error
from slarules.model.value import Civil, Elapsed, Money, Plain
from slarules.scenario.moments import Teller, measure, read_date
from slarules.scenario.script import OWED, UNKNOWN, Expectation, OfNextChange, OfRule, OfValue
from slarules.scenario.vocabulary import AS_TARGET, TARGET, Vocabulary, unknown
from slarules.syntax.tree import Node

DEFAULT = "agreement"
"""What the only agreement of a scenario may be called where no line names it."""


def read_expectation(node: Node, names: Vocabulary, teller: Teller) -> Expectation | None:
    """What an ``expect`` node expects; None and problems: it cannot be judged."""
    before = len(teller.problems)
    if node.kind == "expect_next_change":
        at = teller.moment(node.one("moment", "time_of_day"))
        return None if at is None else OfNextChange(at)
    subject, rule = node.all("NAME")[:2]
    named = rule.text in names.rules or rule.text in names.values
    if not named and subject.text in names.rules and subject.text not in _known(teller):
        above = next((e.subject for e in reversed(teller.above)), "T1")
        told = f"write `expect {above} {subject.text} …`"
        teller.problems.append(error("E0806", subject.span, "this does not say of which subject", told))
        return None
    _check_subject(subject, teller)
    if node.kind == "expect_value":
        found: Expectation | None = _of_value(subject, rule, node, names, teller)
    elif rule.text not in names.rules:
        teller.problems.append(unknown("E0807", rule, "rule", names.rules))
        return None
    else:
        found = _of_rule(subject, rule, node, names, teller)
    return found if len(teller.problems) == before else None


def _known(teller: Teller) -> set[str]:
    return {e.subject for e in teller.above} | {e.agreement for e in teller.above if e.agreement} | {DEFAULT}


def _check_subject(subject: Node, teller: Teller) -> None:
    known = _known(teller)
    if subject.text in known:
        return
    told = did_you_mean(subject.text, known - {DEFAULT}) or f"an `expect` sees only the lines above it{_others(known)}"
    teller.problems.append(
        error("E0806", subject.span, f"nothing has happened to `{subject.text}` above", told)
    )


def _others(known: set[str]) -> str:
    named = sorted(known - {DEFAULT})[:8]
    return ": they tell of " + ", ".join(f"`{name}`" for name in named) if named else ""


def _of_rule(subject: Node, rule: Node, node: Node, names: Vocabulary, teller: Teller) -> OfRule | None:
    possible = names.rules[rule.text]
    before = len(teller.problems)
    state, negated = _state(node, possible, teller)
    instance = node.first("INSTANCE")
    moments = {
        kind: teller.moment(detail.one("moment", "time_of_day"))
        for kind in ("detail_at", "detail_due", "detail_performed")
        if (detail := node.first(kind)) is not None
    }
    late = node.first("detail_late")
    missing = tuple(_wanted(detail.name, names, teller) for detail in node.all("detail_missing"))
    ended = node.first("detail_ended_by")
    if state is None and len(teller.problems) == before and not (moments or late or missing or ended):
        teller.problems.append(
            error("E0812", node.span, "this expects nothing", f"say a state: {_listed(possible)}")
        )
    return OfRule(
        subject.text,
        rule.text,
        int(instance.text[1:]) if instance else None,
        state,
        negated,
        moments.get("detail_at"),
        moments.get("detail_due"),
        moments.get("detail_performed"),
        _elapsed(late.one("duration"), teller) if late else None,
        missing,
        ended.name.text if ended else None,
    )


def _state(node: Node, possible: tuple[str, ...], teller: Teller) -> tuple[str | None, bool]:
    """The state that is expected, and whether its contrary is."""
    if node.first("outcome_out_of_scope") is not None:
        said, negated, where = "out_of_scope", False, node.one("outcome_out_of_scope")
    else:
        outcome = node.first("outcome", "outcome_not", "outcome_ended")
        if outcome is None:
            return None, False
        said = "ended" if outcome.kind == "outcome_ended" else outcome.name.text
        negated, where = outcome.kind == "outcome_not", outcome
    if said == "permitted" and negated:
        said, negated = "not_permitted", False
    if said in possible or (said == OWED and "met" in possible + tuple(AS_TARGET) and "pending" in possible):
        return said, negated
    if possible == TARGET and said in AS_TARGET:
        told = f"a target is an effort: say `{AS_TARGET[said]}`"
    else:
        told = did_you_mean(said, possible) or f"it can be {_listed(possible)}"
    teller.problems.append(error("E0812", where.span, f"this rule is never `{said}`", told))
    return None, False


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _wanted(fact: Node, names: Vocabulary, teller: Teller) -> str:
    """The fact, list or calendar, `agreement` or `actor` for want of which something is undetermined."""
    known = {*names.facts, *names.supplied, *names.values, "severity", "actor", "agreement"}
    if fact.text not in known:
        teller.problems.append(unknown("E0805", fact, "fact", known))
    return fact.text


def _elapsed(node: Node, teller: Teller) -> int | None:
    """A lateness in microseconds; a day of it is 24 hours (R13)."""
    micros, days, months = measure(node)
    if months:
        teller.problems.append(
            error("E0819", node.span, "lateness is elapsed time", "say it in days, hours and minutes")
        )
        return None
    return micros + days * 86_400_000_000


def _of_value(subject: Node, name: Node, node: Node, names: Vocabulary, teller: Teller) -> OfValue | None:
    kind = names.values.get(name.text)
    if kind is None and name.text in names.rules:
        told = f"leave `is` out, and say a state: {_listed(names.rules[name.text])}"
        teller.problems.append(error("E0807", name.span, f"`{name.text}` is a rule and has no value", told))
        return None
    if kind is None:
        what = "status, allowance, amount or choice"
        teller.problems.append(unknown("E0807", name, what, names.values))
        return None
    value = node.parts[2]
    read = _value(value, teller)
    if kind in ("status", "choice") and read != UNKNOWN and read not in names.states[name.text]:
        what = "state" if kind == "status" else "option"
        teller.problems.append(unknown("E0819", value, what, names.states[name.text]))
        return None
    if kind in ("allowance", "amount") and (read is None or (isinstance(read, str) and read != UNKNOWN)):
        teller.problems.append(
            error(
                "E0819",
                value.span,
                f"`{value.text}` is no value of `{name.text}`",
                "say a quantity, an amount as 100.00 USD, a date, or `unknown`",
            )
        )
        return None
    return None if read is None else OfValue(subject.text, name.text, kind, read)


def _value(node: Node, teller: Teller) -> Plain | None:
    """A value as written; only plain ones can be expected."""
    match node.kind:
        case "name" | "text":
            return node.parts[0].text
        case "number":
            return Decimal(node.parts[0].text)
        case "money":
            return Money(Decimal(node.parts[0].text), node.parts[1].text)
        case "date":
            day: date | None = read_date(node.parts[0], teller.problems)
            return day
        case "yes" | "no":
            return node.kind == "yes"
        case "duration":
            micros, days, months = measure(node)
            return Civil(days, months) if days or months else Elapsed(micros)
        case _:
            return None
