"""One subject judged again at each of its events as they come: an event more costs that event, not all of them again.

What is told is always what ``verdicts_on`` tells of the same events. Where an event may change what was before it, all
of them are judged again: an event not later than the last instant judged, a correction, one of another subject, one
that moves the subject to another agreement; and where the agreement's own life has moved on meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import define, evolve, field

from slarules.engine.adopt import Adopted, adopt
from slarules.engine.evaluate import agreements_of, judged_all, pass_time, with_ties
from slarules.engine.history import CHANGES, Entry, SubjectHistory, Words, settle, typed, words_of
from slarules.engine.in_force import in_force
from slarules.engine.judging.case import Case
from slarules.engine.judging.step import step
from slarules.engine.judging.verdicts import verdicts_of
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.verdict import Verdict


@define(eq=False)
class Ongoing:
    """A subject, the events that are known, and its case as it stands after them."""

    contract: Contract
    versions: tuple[Adopted, ...]
    """The contract's versions under decided readings."""
    words: Words
    """What events may say under them."""
    subject: str
    events: list[Event] = field(init=False, factory=list)
    """All that is known, in the order in which it became known; events of its agreement are among them."""
    known: set[tuple[str, str]] = field(init=False, factory=set)
    """Source and id of each."""
    own: SubjectHistory | None = field(init=False, default=None)
    """The subject's own events, settled."""
    case: Case | None = field(init=False, default=None)
    """The subject as of ``as_of``; None: all is to be judged again."""
    as_of: int = field(init=False, default=0)
    """The instant judged last, in microseconds UTC."""
    steady_until: int | None = field(init=False, default=None)
    """When an agreement's life next changes by time, or an event of another subject happens that is known already;
    None: never."""


def follow(
    contract: Contract,
    readings: Mapping[str, str] | None,
    subject: str,
    events: Iterable[Event] = (),
    *,
    supplied: Mapping[str, Supplied] | None = None,
) -> Ongoing:
    """A subject with the ``events`` known so far. Raises UnknownReading."""
    versions = adopt(contract, readings, supplied)
    ongoing = Ongoing(contract, versions, words_of(contract, [version.terms for version in versions]), subject)
    for event in events:
        _know(ongoing, event)
    return ongoing


def verdicts_after(ongoing: Ongoing, event: Event, as_of: int | None = None) -> list[Verdict]:
    """The subject's verdicts as of an instant, or of the event's own, now that the event is known as well."""
    until = event.at if as_of is None else as_of
    entry = _entry(ongoing, event, until)
    _know(ongoing, event)
    if entry is None:
        ongoing.case = None
    else:
        case, own = ongoing.case, ongoing.own
        assert case is not None and own is not None
        own = ongoing.own = case.history = evolve(own, entries=(*own.entries, entry))
        pass_time(case, entry.at)
        step(case, entry.at, (entry,))
        case.now = ongoing.as_of = entry.at
    return verdicts_at(ongoing, until)


def verdicts_at(ongoing: Ongoing, as_of: int) -> list[Verdict]:
    """The subject's verdicts as of an instant, knowing what is known."""
    case, own = ongoing.case, ongoing.own
    if case is None or own is None or not _goes_on(ongoing, own, as_of):
        return _judged(ongoing, as_of)
    pass_time(case, as_of + 1)
    case.now = ongoing.as_of = as_of
    verdicts = [v for v in verdicts_of(case) if in_force(ongoing.versions[-1], v)]
    return with_ties(verdicts, ongoing.versions, own, case.agreement, as_of) if own.at_once else verdicts


def _know(ongoing: Ongoing, event: Event) -> None:
    ongoing.events.append(event)
    ongoing.known.add((event.source, event.id))


def _judged(ongoing: Ongoing, as_of: int) -> list[Verdict]:
    """Everything judged from its beginning."""
    versions = ongoing.versions
    told = settle(ongoing.contract, [version.terms for version in versions], ongoing.events, as_of)
    own = ongoing.own = told.subjects.get(ongoing.subject)
    ongoing.case, ongoing.as_of = None, as_of
    if own is None:
        return []
    agreement = agreements_of(versions, told, as_of).get(own.agreement or "")
    verdicts, case = judged_all(versions, own, agreement, as_of)
    if own.kind != "agreement":
        ongoing.case = case
    to_come = [e.at for other in told.subjects.values() if other is not own for e in other.entries if e.at > as_of]
    if agreement is not None:
        to_come += agreement.changes_after(as_of)[:1]
        if agreement.terms.allowances:
            ongoing.case = None  # other subjects may draw on it
    ongoing.steady_until = min(to_come, default=None)  # an agreement may begin with it (R2)
    return with_ties(verdicts, versions, own, agreement, as_of)


def _goes_on(ongoing: Ongoing, own: SubjectHistory, as_of: int) -> bool:
    """Whether the case may go on to ``as_of`` from where it stands: nothing but time has passed."""
    steady = ongoing.steady_until is None or as_of < ongoing.steady_until
    return steady and as_of >= ongoing.as_of and own.entries[-1].at <= ongoing.as_of


def _entry(ongoing: Ongoing, event: Event, until: int) -> Entry | None:
    """The event as an entry behind all others; None where it may change what was before it."""
    case, own = ongoing.case, ongoing.own
    if case is None or own is None or event.subject != ongoing.subject or event.at <= ongoing.as_of:
        return None
    if not _goes_on(ongoing, own, event.at) or until < event.at or (event.source, event.id) in ongoing.known:
        return None
    declared = ongoing.words.events.get(event.type)
    if declared is None or event.type in CHANGES or event.agreement not in (None, own.agreement):
        return None
    if (event.kind or declared.kind) not in (None, own.kind) or _may_choose_terms(ongoing.versions, event):
        return None
    return typed(event, ongoing.words, [], set())


def _may_choose_terms(versions: Sequence[Adopted], event: Event) -> bool:
    """Whether the event may tell under which version of the terms the subject stands (R27)."""
    return len(versions) > 1 and event.type == "opened"
