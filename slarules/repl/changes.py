"""What differs between two judgements: verdicts that arose, changed or vanished; states, allowances, amounts."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from slarules.model.value import Unknown, Value
from slarules.model.verdict import Evaluation, Verdict
from slarules.repl.answers import DOUBT, FAINT, STRONG, Answer, Line, Words, line, of_state
from slarules.scenario.judging import Tell, length, words_of

QUIET = ("kept", "in_scope")
"""States with which a rule begins though nothing was asked of it: their arising is not told."""
UNASKED = Unknown(frozenset())
"""The value of an amount before its agreement began."""
NO_DEADLINE = ("kept", "in_scope", "out_of_scope", "permitted", "not_permitted")


@frozen
class Change:
    """One verdict before and after."""

    before: Verdict | None
    after: Verdict | None

    @property
    def either(self) -> Verdict:
        """The later one, or the one that vanished."""
        found = self.after if self.after is not None else self.before
        assert found is not None
        return found


def changes(before: Evaluation | None, after: Evaluation) -> tuple[Change, ...]:
    """The verdicts that differ in what a reader sees, in the order of ``after``; those that vanished last."""
    old = {_key(v): v for v in before.verdicts} if before is not None else {}
    new = {_key(v): v for v in after.verdicts}
    found = [Change(old.get(key), verdict) for key, verdict in new.items()]
    found += [Change(verdict, None) for key, verdict in old.items() if key not in new]
    return tuple(change for change in found if _differs(change))


def _key(verdict: Verdict) -> tuple[str, str, str, int]:
    return (verdict.subject, verdict.rule, verdict.duty, verdict.number)


def seen(verdict: Verdict) -> tuple[object, ...]:
    """What a reader sees of a verdict: its time running on alone is no change."""
    return (
        verdict.state, verdict.deadline, verdict.performed_at, verdict.late_by, verdict.owed, verdict.missing,
        verdict.ended_by, verdict.elected, verdict.flags,
    )  # fmt: skip


def _differs(change: Change) -> bool:
    states = {v.state for v in (change.before, change.after) if v is not None}
    if len(states) == 1 and states <= set(QUIET):
        return False
    if change.before is None or change.after is None:
        return True
    return seen(change.before) != seen(change.after)


def description(verdict: Verdict, tell: Tell) -> str:
    """A verdict in a few words: ``met at 08:59, due 09:00``."""
    said = verdict.state.replace("_", " ")
    if verdict.elected is not None:
        said += f" {verdict.elected}"
    if verdict.performed_at is not None and verdict.state in ("met", "reached", "elected"):
        said += f" at {tell(verdict.performed_at)}"
    if verdict.deadline is not None and verdict.state not in NO_DEADLINE:
        word = "at" if verdict.state in ("breached", "missed", "lapsed") else "due"
        said += f"{'' if word == 'at' else ','} {word} {tell(verdict.deadline)}"
    if verdict.late_by is not None:
        said += f", performed late by {length(verdict.late_by)}"
    elif verdict.owed and verdict.state in ("breached", "missed") and verdict.rule in ("duty", "target"):
        said += ", still owed"
    if verdict.missing:
        said += f" for want of {', '.join(verdict.missing)}"
    if verdict.ended_by is not None:
        then = "" if verdict.state == "ended" else ", owed no more, ended"
        said += f"{then} by {verdict.ended_by}"
    if "tie_sensitive" in verdict.flags:
        said += " (another order of that instant's events would change it)"
    return said


def name_of(verdict: Verdict, several: bool) -> str:
    """The rule's name, with the instance's number where there are several."""
    return verdict.label if several or verdict.number > 1 else verdict.duty


def told(before: Evaluation | None, after: Evaluation, tell: Tell) -> Answer:
    """Each difference in a line; empty where there is none."""
    found = [change for change in changes(before, after) if not _reads_the_same(change, tell)]
    names = [f"{c.either.subject} {name_of(c.either, False)}" for c in found]
    wide = min(40, max(map(len, names), default=0))
    lines = [_line(name, change, wide, tell) for name, change in zip(names, found, strict=True)]
    return (*lines, *_rest(before, after, tell))


def _reads_the_same(change: Change, tell: Tell) -> bool:
    """Whether what differs is nothing that is said, such as the instant of an act that is still not known to count."""
    if change.before is None or change.after is None:
        return False
    return description(change.before, tell) == description(change.after, tell)


def _line(name: str, change: Change, wide: int, tell: Tell) -> Line:
    head: Words = (f"  {name:<{wide}}  ", STRONG)
    if change.after is None:
        return line(head, ("no longer there: was " + description(change.either, tell), FAINT))
    words = of_state(change.after.state, description(change.after, tell))
    if change.before is None:
        return line(head, words)
    if change.before.state == change.after.state:
        return line(head, words, (f"  (was {description(change.before, tell)})", FAINT))
    return line(head, (f"{change.before.state.replace('_', ' ')} → ", FAINT), words)


def _rest(before: Evaluation | None, after: Evaluation, tell: Tell) -> Iterator[Line]:
    """States, allowances, amounts, and what is odd about the events."""
    old = before.statuses if before is not None else {}
    for key, state in after.statuses.items():
        if old.get(key) != state:
            was = old.get(key)
            head: Words = (f"  {key[0] or 'agreement'} {key[1]} is ", STRONG)
            told = "not begun" if state is None else words_of(state)
            yield line(head, told, (f"  (was {words_of(was)})" if was is not None else "", FAINT))
    balances = {(a.agreement, a.allowance): a.balance for a in before.allowances} if before is not None else {}
    held = {(a.agreement, a.allowance): a.balance for a in after.allowances}
    yield from _values(balances, held)
    yield from _values(dict(before.amounts) if before is not None else {}, dict(after.amounts))
    known = before.findings if before is not None else ()
    for finding in after.findings:
        if finding not in known:
            yield line((f"  {finding.subject} {finding.event}: {finding.message}", DOUBT))


def _values(old: dict[tuple[str, str], Value], new: dict[tuple[str, str], Value]) -> Iterator[Line]:
    """Amounts and what is left of allowances; one that is unknown from the start is not told."""
    for key, value in new.items():
        before = old.get(key, UNASKED)
        if before == value or (isinstance(before, Unknown) and isinstance(value, Unknown)):
            continue
        was = "" if before is UNASKED else f"  (was {'unknown' if isinstance(before, Unknown) else words_of(before)})"
        yield line((f"  {key[0] or 'agreement'} {key[1]} is ", STRONG), words_of(value), (was, FAINT))
