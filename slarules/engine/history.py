"""Second step: the log as it stands. Corrections are applied, doubles dropped, values typed, events put in order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any

import attrs
from attrs import define, frozen

from slarules.engine.recorded import instant_of, name_among, typed_value
from slarules.model.contract import Contract, Terms
from slarules.model.event import Event, Raw
from slarules.model.rules import EventType, Fact
from slarules.model.value import Value
from slarules.model.verdict import Finding

RANK = {
    name: number
    for number, name in enumerate(
        (
            "started",
            "contact_removed",
            "contact_designated",
            "opened",
            "asked",
            "severity_changed",
            "waiting",
            "resumed",
            "acknowledged",
            "responded",
            "updated",
            "workaround",
            "escalated",
            "reported",
            "agreed",
            "elected",
            "hours_purchased",
            "hours_logged",
            "resolved",
            "closed",
            "reopened",
            "cancelled",
        )
    )
}
"""The order of one instant's events where no sequence says it (R12); declared types follow by name."""
CHANGES = frozenset(("corrected", "retracted"))
"""Events of the log that change what other events say (R3)."""
DUPLICATE = "recorded twice with the same content"
"""What is told of an event that the log has again, word for word (R32)."""


@define(eq=False)
class Entry:
    """One event that stands, with its facts typed."""

    at: int
    type: str
    actor: str | None
    """The party's name in the contract."""
    facts: dict[str, Value]
    event: Event
    flags: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.event.id


def happened_at(entry: Entry) -> int:
    """When it happened; a subject's entries are in this order."""
    return entry.at


@frozen(eq=False)
class SubjectHistory:
    """What happened to one subject."""

    subject: str
    kind: str
    """``ticket``, ``agreement`` or a kind of the contract's own."""
    agreement: str | None
    """The agreement it stands under; None: not to be known."""
    entries: tuple[Entry, ...]
    """In the order of R12."""
    at_once: bool
    """Whether several of them happened at one instant."""
    disputes: tuple[Finding, ...] = ()
    """Where its events do not agree what it is, or under which agreement it stands (R12)."""


@frozen(eq=False)
class History:
    """Everything that happened, subject by subject."""

    subjects: Mapping[str, SubjectHistory]
    """By id, in the order of ids."""
    findings: tuple[Finding, ...]


def settle(
    contract: Contract, versions: Sequence[Terms], log: Iterable[Event], as_of: int, upto: int | None = None
) -> History:
    """The history that a log, or its first ``upto`` entries, tells (R3, R12, R32).

    It holds all events; what a subject is, and under which agreement it stands, is told as of ``as_of`` (R2).
    """
    words = words_of(contract, versions)
    findings: list[Finding] = []
    by_subject: dict[str, list[Entry]] = {}
    unknown: set[str] = set()
    for event in corrected(_identified(log, upto, findings), findings):
        entries = by_subject.get(event.subject)
        if entries is None:
            entries = by_subject[event.subject] = []
        if event.type not in words.events:
            findings.append(
                Finding(
                    event.subject,
                    event.id,
                    "unknown_type",
                    f"`{event.type}` is no event of the contract: kept, without effect",
                )
            )
            continue
        entries.append(typed(event, words, findings, unknown))
    subjects = _subjects(by_subject, words, as_of, findings)
    return History(dict(sorted(subjects.items())), tuple(findings))


def _identified(log: Iterable[Event], upto: int | None, findings: list[Finding]) -> list[Event]:
    """Each identity once: the earlier in the log stands (R32)."""
    events: list[Event] = []
    sources: dict[str, dict[str, Event]] = {}
    for event in log if upto is None else islice(log, upto):
        seen = sources.get(event.source)
        if seen is None:
            seen = sources[event.source] = {}
        first = seen.get(event.id)
        if first is None:
            seen[event.id] = event
            events.append(event)
        elif first == event and first.facts == event.facts:
            findings.append(Finding(event.subject, event.id, "duplicate", DUPLICATE))
        else:
            findings.append(
                Finding(
                    event.subject,
                    event.id,
                    "disputed",
                    "recorded twice with different content: the earlier in the log stands (R32)",
                )
            )
    return events


def corrected(events: list[Event], findings: list[Finding]) -> list[Event]:
    """Corrections and retractions applied; the last in log order wins, retractions can be retracted (R3)."""
    if CHANGES.isdisjoint([e.type for e in events]):
        return events
    targets = targets_of(events)
    wrong: dict[int, str] = {}
    retracted, changes = in_effect(events, targets, wrong)
    for i, why in sorted(wrong.items(), reverse=True):
        findings.append(Finding(events[i].subject, events[i].id, "impossible", f"{why}: nothing to change"))
    standing = []
    for i, event in enumerate(events):
        if i in retracted or event.type in CHANGES:
            continue
        for change in changes.get(i, ()):
            event = _changed(event, change)
        standing.append(event)
    return standing


def in_effect(
    events: Sequence[Event], targets: Mapping[int, int], wrong: dict[int, str]
) -> tuple[set[int], dict[int, list[Event]]]:
    """Where the events stand that are retracted; and where those that are corrected, with their corrections in turn.

    Of those that change nothing, ``wrong`` is told why.
    """
    retracted: set[int] = set()
    changes: dict[int, list[Event]] = {}
    for i in _in_turn(events, targets, wrong):
        event = events[i]
        if i in retracted:
            continue
        if event.type == "retracted":
            retracted.add(targets[i])
        else:
            for change in changes.get(i, ()):  # a correction that was itself corrected
                event = attrs.evolve(event, facts={**event.facts, **change.facts})
            odd = _what_no_event_has(event.facts)
            if odd is None:
                changes.setdefault(targets[i], []).append(event)
            else:
                wrong[i] = odd
    return retracted, changes


def targets_of(events: Sequence[Event]) -> dict[int, int]:
    """Where each change stands → where what it names stands: that of its source, else the latest of that id."""
    places = {(e.source, e.id): i for i, e in enumerate(events)}
    any_source = {e.id: i for i, e in enumerate(events)}
    found = {}
    for i, event in enumerate(events):
        if event.type in CHANGES:
            target = places.get((event.source, event.target or ""), any_source.get(event.target or ""))
            if target is not None:
                found[i] = target
    return found


def _in_turn(events: Sequence[Event], targets: Mapping[int, int], wrong: dict[int, str]) -> list[int]:
    """Where the changes stand, those of changes before those that they change, else in the order of the log (R3).

    In which order a change and what it changes arrived makes no difference. Of those that change nothing, ``wrong`` is
    told why.
    """
    found: list[tuple[int, int]] = []
    lengths = _lengths(targets)
    for i in range(len(events) - 1, -1, -1):
        event = events[i]
        if event.type not in CHANGES:
            continue
        length = lengths.get(i, 1)
        if i not in targets:
            wrong[i] = f"`{event.target}` is no event of the log"
        elif length is None:
            wrong[i] = f"`{event.target}` leads back to itself"
        elif event.type == "corrected" and events[targets[i]].type == "retracted":
            wrong[i] = f"`{event.target}` is a retraction, which can only be retracted"
        else:
            found.append((-length, i))
    return [i for _, i in sorted(found)]


def _lengths(targets: Mapping[int, int]) -> dict[int, int | None]:
    """How long the way is from each change to what no change is of, by what each names; None: it leads to itself."""
    lengths: dict[int, int | None] = {}
    for place in targets:
        way: dict[int, None] = {}
        while place in targets and place not in lengths and place not in way:
            way[place] = None
            place = targets[place]
        length = None if place in way else lengths.get(place, 1)
        for one in reversed(way):
            lengths[one] = length = None if length is None else length + 1
    return lengths


def _what_no_event_has(facts: Mapping[str, Raw]) -> str | None:
    """Why what a correction says cannot be meant; it then corrects nothing, not the half of it that could be."""
    if "at" in facts and instant_of(facts["at"]) is None:
        return f"`at` cannot be `{str(facts['at'])[:60]}`, a time with its offset is wanted"
    for name in ("type", "actor", "subject"):
        said = facts.get(name, name)
        if not (isinstance(said, str) and said.strip()) and not (name == "actor" and said is None):
            return f"`{name}` cannot be `{str(said)[:60]}`, a name is wanted"
    return None


def _changed(event: Event, change: Event) -> Event:
    """``event`` as the correction says it was; ``at``, ``type`` and ``actor`` among its facts correct those."""
    facts = dict(change.facts)
    own: dict[str, Any] = {name: facts.pop(name) for name in ("type", "actor", "subject") if name in facts}
    if "at" in facts:
        own["at"] = instant_of(facts.pop("at"))
    return attrs.evolve(event, facts={**event.facts, **facts}, **own)


def party_names(contract: Contract) -> dict[str, str]:
    names = {party.name: party.name for party in contract.parties}
    for party in contract.parties:
        names.setdefault(party.role, party.name)
        names.setdefault(party.name.lower(), party.name)
    return names


def _subjects(
    by_subject: dict[str, list[Entry]], words: Words, as_of: int, findings: list[Finding]
) -> dict[str, SubjectHistory]:
    begun = {subject: entries[0].id for subject, entries in by_subject.items() if entries}
    ordered = {subject: in_order(entries) for subject, entries in by_subject.items()}
    kinds = {subject: _kind(entries, words, as_of) for subject, (entries, _) in ordered.items()}
    agreements = {subject: None for subject, (kind, _) in kinds.items() if kind == "agreement"}
    subjects = {}
    for subject, (entries, at_once) in ordered.items():
        kind, disputes = kinds[subject]
        if kind == "agreement":
            agreement: str | None = subject
        else:
            agreement, others = _named(entries, as_of)
            disputes = (*disputes, *others)
            if agreement is None and len(agreements) == 1:
                agreement = next(iter(agreements))
            elif agreement is not None and agreements and agreement not in agreements:
                findings.append(
                    Finding(subject, begun[subject], "unknown_agreement", f"the log has no agreement `{agreement}`")
                )
        subjects[subject] = SubjectHistory(subject, kind, agreement, tuple(entries), at_once, disputes)
    return subjects


def _kind(entries: Sequence[Entry], words: Words, as_of: int) -> tuple[str, tuple[Finding, ...]]:
    """What a subject is: a ticket, where nothing says otherwise."""
    types = words.events
    said = [e.event.kind or types[e.type].kind for e in entries]
    if said.count("ticket") == len(said):
        return "ticket", ()
    first, other, another = _said(entries, as_of, said)
    found = []
    if first is not None and first not in words.kinds:
        where = entries[said.index(first)]
        told = f"the contract knows no kind `{first}`: no rule of it is about `{where.event.subject}`"
        found.append(Finding(where.event.subject, where.id, "unknown_kind", told))
    if other is not None:
        told = (
            f"`{other.event.subject}` is said to be {_a(first)}, and here {_a(another)}: "
            "what its first event says counts (R12)"
        )
        found.append(Finding(other.event.subject, other.id, "kind_disputed", told))
    return first or "ticket", tuple(found)


def _named(entries: Sequence[Entry], as_of: int) -> tuple[str | None, tuple[Finding, ...]]:
    """The agreement that a subject is said to stand under."""
    first, other, another = _said(entries, as_of, [e.event.agreement for e in entries])
    if other is None:
        return first, ()
    told = (
        f"`{other.event.subject}` is said to stand under `{first}`, and here under `{another}`: "
        "what the first event to name one says counts (R12)"
    )
    return first, (Finding(other.event.subject, other.id, "agreement_disputed", told),)


def _said(
    entries: Sequence[Entry], as_of: int, said: Sequence[str | None]
) -> tuple[str | None, Entry | None, str | None]:
    """What the first of them that says anything says (R12), once it has happened (R2); and who first says what else.

    The order in which they arrived makes no difference, for ``entries`` are in that of R12.
    """
    if not any(said):
        return None, None, None
    first = None
    for entry, word in zip(entries, said, strict=True):
        if entry.at > as_of:
            break
        if word and first is None:
            first = word
        elif word and word != first:
            return first, entry, word
    return first, None, None


def _a(kind: str | None) -> str:
    return f"an {kind}" if kind and kind[0] in "aeiou" else f"a {kind}"


_AT = attrgetter("at")


def in_order(entries: list[Entry]) -> tuple[list[Entry], bool]:
    """By instant, then as R12 says: by source and its sequence; by rank and id where a source has no sequence.

    Also whether several of them happened at one instant.
    """
    entries.sort(key=_AT)
    if len(set(map(_AT, entries))) == len(entries):
        return entries, False
    ordered: list[Entry] = []
    for start, end in by_instant(entries):
        group = entries[start:end]
        if len(group) > 1:
            counted = {e.event.source for e in group} - {e.event.source for e in group if e.event.sequence is None}
            group.sort(key=lambda e: (e.event.source, e.event.sequence if e.event.source in counted else 0, _rank(e)))
        ordered.extend(group)
    return ordered, True


def by_instant(entries: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    """Where the events of each instant begin and end, of entries in order of time."""
    start = 0
    while start < len(entries):
        end = start + 1
        while end < len(entries) and entries[end].at == entries[start].at:
            end += 1
        yield start, end
        start = end


def _rank(entry: Entry) -> tuple[int, str, str]:
    return (RANK.get(entry.type, len(RANK)), entry.type, entry.id)


# ---- Facts ------------------------------------------------------------------------------------------------------


@frozen(eq=False)
class Words:
    """What a log's words mean in the contract, in any of its versions; the last one that has a word is right."""

    facts: Mapping[str, Fact]
    events: Mapping[str, EventType]
    choices: Collection[str]
    """What the last version offers to choose."""
    parties: Mapping[str, str]
    """What a party may be called → its name."""
    levels: frozenset[str]
    """The last version's severities."""
    kinds: frozenset[str]
    """What a subject may be: ticket, agreement, or what the contract's own events and facts are about."""


def words_of(contract: Contract, versions: Sequence[Terms]) -> Words:
    """The words of a contract's versions, earliest first."""
    last = versions[-1]
    one = len(versions) == 1
    facts = last.facts if one else {name: fact for version in versions for name, fact in version.facts.items()}
    events = last.events if one else {name: event for version in versions for name, event in version.events.items()}
    return Words(
        facts,
        events,
        last.choices,
        party_names(contract),
        frozenset(level.name for level in last.severities.levels) if last.severities else frozenset(),
        frozenset(("ticket", "agreement", *(one.kind for one in facts.values()),
                   *(one.kind for one in events.values() if one.kind))),
    )


def typed(event: Event, words: Words, findings: list[Finding], unknown: set[str]) -> Entry:
    """The event with its facts as values of the contract's types; what is wrong with them is added to ``findings``."""
    parties = words.parties
    actor = None if event.actor is None else parties.get(event.actor, event.actor)
    facts: dict[str, Value] = {}
    for name, raw in event.facts.items() if event.facts else ():
        if raw is None:
            continue
        if name == "severity":
            level = name_among(words.levels, raw)
            if level is None:
                findings.append(Finding(event.subject, event.id, "bad_fact", f"`{raw}` is no severity of the contract"))
            else:
                facts[name] = level
            continue
        if name == "on" and event.type == "waiting":
            facts[name] = parties.get(str(raw), str(raw))
            continue
        fact = words.facts.get(name)
        if fact is None:
            if name not in unknown and name not in words.choices and name not in ("choice", "option"):
                unknown.add(name)
                findings.append(
                    Finding(
                        event.subject,
                        event.id,
                        "unknown_fact",
                        f"the contract has no fact `{name}`: kept, without effect",
                    )
                )
            facts[name] = str(raw)
            continue
        if fact.judged_by is not None and _is_others(fact, event, actor, findings):
            continue
        value = typed_value(fact.type, raw)
        if value is None:
            findings.append(Finding(event.subject, event.id, "bad_fact", f"`{raw}` is no value of `{name}`"))
        else:
            facts[name] = value
    flags = ("skew",) if event.recorded_at is not None and event.recorded_at < event.at else ()
    return Entry(event.at, event.type, actor, facts, event, flags)


def _is_others(fact: Fact, event: Event, actor: str | None, findings: list[Finding]) -> bool:
    """Whether another than its judge recorded a fact; that has no effect."""
    if event.type != "recorded" or actor in (None, fact.judged_by):
        return False
    told = f"`{fact.name}` is judged by `{fact.judged_by}`, not by `{actor}`: no effect"
    findings.append(Finding(event.subject, event.id, "not_entitled", told))
    return True


__all__ = ["RANK", "Entry", "History", "SubjectHistory", "in_order", "settle"]
