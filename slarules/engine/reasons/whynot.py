"""Why a rule is not owed: what never set it off, which condition failed, which deadline had passed, what ended it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from slarules.diagnostics import nearest
from slarules.engine.adopt import adopt
from slarules.engine.batches import alone
from slarules.engine.evaluate import agreements_of, judged_all
from slarules.engine.history import party_names, settle
from slarules.engine.reasons.again import Again
from slarules.engine.reasons.asked import Asked, standing
from slarules.engine.reasons.changed import changes_of
from slarules.engine.reasons.never import never, rules
from slarules.engine.reasons.otherwise import MANY, Unsaid
from slarules.engine.reasons.reason import Reason, moment
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.verdict import Verdict


def why_not(
    contract: Contract,
    readings: Mapping[str, str] | None,
    history: Iterable[Event],
    as_of: int,
    subject: str,
    duty: str,
    *,
    supplied: Mapping[str, Supplied] | None = None,
) -> Reason:
    """Why the rule ``duty`` is not owed for ``subject`` as of ``as_of`` (microseconds UTC).

    The first sentence answers; its parts say why: what set nothing off, the condition that failed with the values that
    were recorded, the deadline that had passed (R29), the exception, the scope, the end. Where the rule is owed after
    all, it says so. A subject or a rule that is not there is told with the nearest. Raises UnknownReading.
    """
    events = list(history)
    log = alone(contract, events, subject)
    versions = adopt(contract, readings, supplied)
    told = settle(contract, [v.terms for v in versions], log, as_of)
    zone = versions[-1].zone or "UTC"
    own = told.subjects.get(subject)
    if own is None:
        return _untold(contract, subject, events, zone)
    known = [name for version in versions for name in rules(version.terms)]
    if duty not in known:
        return Reason(f"the contract has no rule `{duty}`{_near(duty, known)}")
    agreement = agreements_of(versions, told, as_of).get(own.agreement or "")
    verdicts, case = judged_all(versions, own, agreement, as_of)
    if case is None:
        return Reason(f"nothing had happened to {subject} by {moment(as_of, zone)}")
    asked = Asked(contract, versions, own, agreement, tuple(verdicts), case, as_of, zone)
    mine = [verdict for verdict in verdicts if verdict.duty == duty]
    if not mine:
        unsaid = Unsaid(Again(contract, readings or {}, log, as_of, subject, supplied), zone)
        why = (*never(asked, duty, frozenset()), *_but_for(asked, duty, unsaid))
        return Reason(f"`{duty}` does not arise for {subject}", why)
    return Reason(_answer(duty, subject, mine), tuple(standing(asked, verdict) for verdict in mine))


def _untold(contract: Contract, subject: str, events: Sequence[Event], zone: str) -> Reason:
    """Of a subject of which nothing stands: that it is unknown, or what took back all that was told of it (R3)."""
    if all(event.subject != subject for event in events):
        near = _near(subject, {event.subject for event in events})
        return Reason(f"the log tells nothing of `{subject}`{near}")
    changes = changes_of(events, zone, party_names(contract))
    told = [Reason(change.told) for change in changes if subject in change.about]
    return Reason(f"nothing that the log tells of `{subject}` stands", tuple(told[-MANY:]))


def _but_for(asked: Asked, duty: str, unsaid: Unsaid) -> Iterator[Reason]:
    """Corrections of the log without which it would arise (R3)."""
    for change in unsaid.changes:
        found = [one for one in unsaid.lacking(change) if one.duty == duty]
        if found:
            would = tuple(standing(asked, one) for one in found)
            yield Reason(f"that rests on {change.told}; {change.undone} it would arise", would)


def _near(word: str, known: Iterable[str]) -> str:
    near = nearest(word, known)
    return f"; did you mean `{near}`?" if near else ""


def _answer(duty: str, subject: str, verdicts: Sequence[Verdict]) -> str:
    if any(v.state == "undetermined" for v in verdicts):
        return f"whether `{duty}` is owed for {subject} cannot be known"
    if any(v.owed or v.state == "open" for v in verdicts):
        return f"`{duty}` is owed for {subject}"
    if all(v.state == "could_not_arise" for v in verdicts):
        return f"`{duty}` could not arise for {subject}"
    return f"`{duty}` is not owed for {subject} any more" if verdicts[0].owed is not None else f"`{duty}` was judged"
