"""Which condition beside a trigger kept a rule from arising, and by what was recorded then (R8, R9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from slarules.engine.adopt import Adopted
from slarules.engine.evaluate import judged
from slarules.engine.history import Entry
from slarules.engine.judging.case import Case, Past, remember
from slarules.engine.judging.instance import Snapshot
from slarules.engine.judging.limits import NO_PROMISE, span_of
from slarules.engine.reasons.asked import Asked
from slarules.engine.reasons.grounds import grounds, truth
from slarules.engine.reasons.reason import Reason, moment
from slarules.model.expression import Condition, Not
from slarules.model.limit import Every, Within
from slarules.model.rules import Choice, Duty
from slarules.model.value import Unknown

Guarded = Duty | Choice


def unmet(asked: Asked, adopted: Adopted, rule: Guarded, at: int, entry: Entry | None = None) -> tuple[Reason, ...]:
    """Which of the rule's conditions kept it from arising at an instant, and by what was recorded then (R8)."""
    versions = [adopted] if asked.own.kind == "agreement" else asked.versions
    then = judged(versions, asked.own, asked.agreement, at)
    if then is None:
        return ()
    then.entry = entry
    conditions = (*rule.only_if, *rule.whiles)
    found = [_failed(c, grounds(c, then, adopted.readings)) for c in conditions if _value(c, then, adopted) is False]
    if found:
        return tuple(dict.fromkeys((*found, *_unsure(conditions, then, adopted))))
    found = list(_answered(asked, adopted, then, conditions, entry))
    if not found and isinstance(rule, Duty):
        found = list(_no_promise(asked, adopted, then, rule))
    return tuple(found)


def _value(condition: Condition, scene: Case | Past, adopted: Adopted) -> object:
    return truth(condition, scene, adopted.readings)


def _failed(condition: Condition, why: Iterable[str]) -> Reason:
    text = "an exception held (`unless`)" if isinstance(condition, Not) else "its condition did not hold"
    return Reason(text, tuple(Reason(sentence) for sentence in why))


def _unsure(conditions: Sequence[Condition], then: Case, adopted: Adopted) -> Iterator[Reason]:
    """Conditions that nobody can answer, beside those that fail: if the others held, these would decide (R9)."""
    for condition in conditions:
        if isinstance(_value(condition, then, adopted), Unknown):
            told = tuple(Reason(sentence) for sentence in grounds(condition, then, adopted.readings))
            yield Reason("besides, a condition could not be known", told)


def _answered(
    asked: Asked, adopted: Adopted, then: Case, conditions: Sequence[Condition], entry: Entry | None
) -> Iterator[Reason]:
    """R9: what could not be known at the trigger has been answered with no since."""
    for condition in conditions:
        value = _value(condition, then, adopted)
        if not isinstance(value, Unknown):
            continue
        snapshot = Snapshot(then.now, entry, dict(then.facts), then.severity)
        remember(asked.case, snapshot, value.missing)
        past = Past(asked.case, snapshot)
        if _value(condition, past, adopted) is False:
            wanted = ", ".join(f"`{name}`" for name in sorted(value.missing))
            failed = _failed(condition, grounds(condition, past, adopted.readings))
            yield Reason(f"at the time {wanted} was not recorded; it has been answered since (R9)", (failed,))


def _no_promise(asked: Asked, adopted: Adopted, then: Case, duty: Duty) -> Iterator[Reason]:
    limit = adopted.terms.duties[duty.name].limit
    if isinstance(limit, (Within, Every)) and span_of(limit, then)[0] == NO_PROMISE:
        at = f" at severity {then.severity}" if then.severity else ""
        yield Reason(f"the table promises nothing{at}: its cell says `none`")
    for row in asked.case.rows:
        if row.plan.name == duty.name:
            begins = f"begins at {moment(row.next_at, asked.zone)}" if row.next_at else "does not come"
            yield Reason(f"it was set off, and is owed date by date: the next date {begins}")
