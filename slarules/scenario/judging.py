"""What was expected beside what is seen: each expectation against one evaluation."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from attrs import frozen

from slarules.model.value import HOUR, Civil, Elapsed, Money, Unknown
from slarules.model.verdict import Evaluation, Verdict
from slarules.scenario.expectations import DEFAULT
from slarules.scenario.script import OWED, UNKNOWN, Expectation, OfNextChange, OfRule, OfValue

Tell = Callable[[int], str]
"""Says an instant in the scenario's zone."""


@frozen
class Judged:
    """An expectation and what was seen."""

    holds: bool
    expected: str
    """In words, as `respond breached at 10:00`."""
    seen: str
    """The same of what there is, in the same order."""


def judge(expected: Expectation, evaluation: Evaluation, tell: Tell) -> Judged:
    """Whether an evaluation is as expected; ``tell`` says its instants."""
    match expected:
        case OfNextChange(at):
            seen = evaluation.next_change_at
            return Judged(
                seen == at,
                f"next change at {tell(at)}",
                "nothing changes any more" if seen is None else f"next change at {tell(seen)}",
            )
        case OfValue():
            return _of_value(expected, evaluation)
        case OfRule():
            return _of_rule(expected, evaluation, tell)


def _of_rule(expected: OfRule, evaluation: Evaluation, tell: Tell) -> Judged:
    """Without a number it speaks of every instance there is; ``not owed`` also holds where there is none."""
    instances = instances_of(expected, evaluation)
    words = _expected_words(expected, tell)
    if not instances:
        return Judged(expected.state == OWED and expected.negated, words, "no instance")
    wrong = [verdict for verdict in instances if not as_expected(expected, verdict)]
    many = len(instances) > 1
    seen = "; ".join(_seen_words(expected, verdict, tell, many) for verdict in wrong or instances)
    if many and wrong and len(wrong) < len(instances):
        seen += f"; {', '.join(v.label for v in instances if v not in wrong)} as expected: say which is meant"
    return Judged(not wrong, words, seen)


def instances_of(expected: OfRule, evaluation: Evaluation) -> list[Verdict]:
    """The verdicts of which it speaks."""
    return [
        verdict
        for verdict in evaluation.verdicts
        if verdict.duty == expected.rule
        and _same(verdict.subject, expected.subject)
        and expected.number in (None, verdict.number)
    ]


def _same(subject: str, expected: str) -> bool:
    return subject == expected or (expected == DEFAULT and subject == "")


def as_expected(expected: OfRule, seen: Verdict) -> bool:
    """Whether one instance is as expected."""
    if expected.state == OWED:
        state = seen.owed is (not expected.negated)
    else:
        state = expected.state is None or (seen.state == expected.state) is not expected.negated
    return (
        state
        and expected.at in (None, since(seen))
        and expected.due in (None, seen.deadline)
        and expected.performed in (None, seen.performed_at)
        and expected.late_by in (None, seen.late_by)
        and all(_wanted(name, seen.missing) for name in expected.missing)
        and expected.ended_by in (None, seen.ended_by)
    )


def _wanted(name: str, missing: tuple[str, ...]) -> bool:
    """Whether it is among what is missing: of a list not supplied ``holidays of NAME``, of an event ``actor of ID``."""
    told = [words for words in missing if words == name or words.endswith(f" {name}")]
    return bool(told) or (name == "actor" and any(words.startswith("actor of ") for words in missing))


def since(verdict: Verdict) -> int | None:
    """When a verdict came into its state: a breach at its deadline, a performance when it happened."""
    match verdict.state:
        case "breached" | "missed":
            return (
                verdict.deadline
                if verdict.deadline is not None
                else verdict.performed_at or verdict.triggered_at
            )
        case "met" | "reached" | "elected":
            return verdict.performed_at if verdict.performed_at is not None else verdict.triggered_at
        case "lapsed":
            return verdict.deadline
        case "ended":
            return None
        case _:
            return verdict.triggered_at


def _expected_words(expected: OfRule, tell: Tell) -> str:
    label = expected.rule if expected.number is None else f"{expected.rule}#{expected.number}"
    state = "" if expected.state is None else f" {'not ' if expected.negated else ''}{_plain(expected.state)}"
    said = [f" at {tell(expected.at)}"] if expected.at is not None else [] if state == "" else [""]
    for what, instant in (("due at", expected.due), ("performed at", expected.performed)):
        if instant is not None:
            said.append(f"{what} {tell(instant)}")
    if expected.late_by is not None:
        said.append(f"performed late by {length(expected.late_by)}")
    said += [f"for want of {fact}" for fact in expected.missing]
    if expected.ended_by is not None:
        said.append(f"ended by {expected.ended_by}")
    head = f"{expected.subject} {label}{state}"
    return (
        head
        + (said[0] if said[0][:1] in ("", " ") else " " + said[0])
        + "".join(f", {more}" for more in said[1:])
    )


def _seen_words(expected: OfRule, verdict: Verdict, tell: Tell, label: bool) -> str:
    """The same things of what there is, and what else tells why."""
    words = verdict.label if label else expected.rule
    words = f"{verdict.subject or DEFAULT} {words} {_plain(verdict.state)}"
    if verdict.state in ("breached", "missed", "met", "reached") or expected.at is not None:
        at = since(verdict)
        words += "" if at is None else f" at {tell(at)}"
    due = verdict.deadline
    if due is not None and (expected.due is not None or verdict.state == "pending"):
        words += f", due at {tell(due)}"
    elif expected.due is not None:
        words += ", no deadline"
    if expected.performed is not None and verdict.state not in ("met", "reached"):
        words += (
            f", performed at {tell(verdict.performed_at)}"
            if verdict.performed_at is not None
            else ", not performed"
        )
    if verdict.late_by is not None:
        words += f", performed late by {length(verdict.late_by)}"
    elif expected.late_by is not None:
        words += ", not performed late"
    if verdict.missing:
        words += f", for want of {', '.join(verdict.missing)}"
    if verdict.ended_by is not None:
        words += f", ended by {verdict.ended_by}"
    if expected.state == OWED:
        words += {True: ", owed", False: ", not owed", None: ", not to be known whether owed"}[verdict.owed]
    return words


def _plain(state: str) -> str:
    return state.replace("_", " ")


def _of_value(expected: OfValue, evaluation: Evaluation) -> Judged:
    value, words = value_seen(expected, evaluation)
    holds = isinstance(value, Unknown) if expected.value == UNKNOWN else _equal(expected.value, value)
    said = f"{expected.subject} {expected.name} is"
    return Judged(holds, f"{said} {words_of(expected.value)}", f"{said} {words}")


def value_seen(expected: OfValue, evaluation: Evaluation) -> tuple[object, str]:
    """The state, option, quantity or amount there is, None where there is none; and that in words."""
    if expected.kind == "choice":
        elected = [
            v.elected
            for v in evaluation.verdicts
            if v.duty == expected.name and _same(v.subject, expected.subject)
        ]
        return (elected[-1] or None, elected[-1] or "not elected") if elected else (None, "no instance")
    if expected.kind == "allowance":
        for level in evaluation.allowances:
            if level.allowance == expected.name and _same(level.agreement, expected.subject):
                return level.balance, words_of(level.balance)
        return None, "nothing"
    held = evaluation.statuses if expected.kind == "status" else evaluation.amounts
    for (subject, name), value in held.items():
        if name == expected.name and _same(subject, expected.subject):
            return value, "not begun" if value is None else words_of(value)
    return None, "nothing"


def _equal(expected: object, seen: object) -> bool:
    """Whether two values are the same; `6`, `6 hours` and an elapsed six hours are one quantity of hours."""
    if isinstance(expected, Elapsed) and isinstance(seen, Decimal):
        return Decimal(expected.micros) / HOUR == seen
    if isinstance(expected, Decimal) and isinstance(seen, Elapsed):
        return expected == Decimal(seen.micros) / HOUR
    return type(expected) is type(seen) and expected == seen


def words_of(value: object) -> str:
    """A value as people write it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Money(amount, currency):
            return f"{amount} {currency}"
        case Elapsed(micros):
            return length(micros)
        case Civil(days, months):
            parts = [
                f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in ((months, "month"), (days, "day")) if n
            ]
            return " ".join(parts) or "0 days"
        case Unknown(missing):
            return "unknown for want of " + ", ".join(sorted(missing)) if missing else "unknown"
        case tuple():
            return " and ".join(map(words_of, value))
        case _:
            return str(value)


def length(micros: int) -> str:
    """Microseconds as `1 hour 30 minutes`."""
    sign = "minus " if micros < 0 else ""
    left = abs(micros)
    said = []
    for unit, size in (("hour", HOUR), ("minute", 60_000_000), ("second", 1_000_000)):
        many, left = divmod(left, size)
        if many:
            said.append(f"{many:,} {unit}{'' if many == 1 else 's'}")
    if left:
        said.append(f"{left:,} microsecond{'' if left == 1 else 's'}")
    return sign + (" ".join(said) or "0 seconds")
