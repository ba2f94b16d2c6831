"""What of the log was corrected, taken back or set aside as told otherwise before, in words (R3, R32)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from slarules.engine.history import CHANGES, in_effect, targets_of
from slarules.engine.reasons.reason import moment
from slarules.engine.recorded import instant_of
from slarules.model.event import Event, Raw


@frozen
class Change:
    """Something that the log says of its own events."""

    told: str
    """What it says, in words: `the correction c1 of … to a1 (acknowledged by Desk at …): it was at …`."""
    undone: str
    """What there would have to be otherwise, as the beginning of a sentence."""
    about: tuple[str, ...]
    """The subjects that it is about."""
    gone: tuple[Event, ...]
    """What the log would be without, were it otherwise."""
    corrects: tuple[str, str] | None = None
    """Source and id of the event that it corrects; None: it takes one back, or sets one aside."""
    by: str = ""
    """The id of the event that says so."""


def without(log: Sequence[Event], gone: Sequence[Event]) -> list[Event]:
    """The log without some of its events."""
    return [event for event in log if all(event is not one for one in gone)]


def changes_of(log: Sequence[Event], zone: str, parties: Mapping[str, str]) -> list[Change]:
    """All that the log says of its own events, as far as it has effect, in its order; ``parties``: name → party."""
    first: dict[tuple[str, str], Event] = {}
    found: list[Change] = []
    for event in log:
        known = first.setdefault((event.source, event.id), event)
        if known is not event and (known != event or known.facts != event.facts):
            found.append(_disputed(known, event, zone, parties))
    events = list(first.values())
    if CHANGES.isdisjoint([event.type for event in events]):
        return found
    targets, wrong = targets_of(events), dict[int, str]()
    retracted, _ = in_effect(events, targets, wrong)
    for i, target in sorted(targets.items()):
        if i not in wrong and i not in retracted:
            found.append(_change(events[i], events[target], zone, parties))
    return found


def _disputed(stands: Event, other: Event, zone: str, parties: Mapping[str, str]) -> Change:
    said = "; ".join(_otherwise(stands, other, zone, parties))
    named = _named(stands, zone, parties)
    told = f"that {named} stands as it was recorded first (R32); set aside is what was recorded of it later: {said}"
    return Change(told, "were the later to stand,", (stands.subject, other.subject), (stands,), by=other.id)


def _otherwise(stands: Event, other: Event, zone: str, parties: Mapping[str, str]) -> Iterator[str]:
    """What a second record of an event says otherwise."""
    for name in ("type", "at", "actor", "subject"):
        if getattr(stands, name) != getattr(other, name):
            yield _said(name, getattr(other, name), zone, parties)
    for name in sorted({*stands.facts, *other.facts}):
        if stands.facts.get(name) != other.facts.get(name):
            yield _said(name, other.facts.get(name), zone, parties)
    if (stands.agreement, stands.kind, stands.target) != (other.agreement, other.kind, other.target):
        yield "it stands under another agreement, is of another kind or changes another event"
    if (stands.sequence, stands.recorded_at) != (other.sequence, other.recorded_at):
        yield "it was recorded at another time or place of the log"


def _change(change: Event, target: Event, zone: str, parties: Mapping[str, str]) -> Change:
    at, who = moment(change.at, zone), parties.get(change.actor or "", change.actor)
    by = f", made by {who} at {at}," if who else f" of {at}"
    about = (change.subject, target.subject, str(change.facts.get("subject", target.subject)))
    if change.type == "retracted":
        what = f"the {_WHAT[target.type]} {target.id} does not hold" if target.type in CHANGES else (
            f"{_named(target, zone, parties)} did not happen"
        )
        return Change(f"the retraction {change.id}{by} that {what} (R3)", "without it", about, (change,), by=change.id)
    of = f"the {_WHAT[target.type]} {target.id}" if target.type in CHANGES else _named(target, zone, parties)
    said = ", ".join(_said(name, value, zone, parties) for name, value in change.facts.items())
    told = f"the correction {change.id}{by} to {of}: {said or 'nothing'} (R3)"
    corrects = None if target.type in CHANGES else (target.source, target.id)
    return Change(told, "without it", about, (change,), corrects, change.id)


_WHAT: Mapping[str, str] = {"corrected": "correction", "retracted": "retraction"}


def _named(event: Event, zone: str, parties: Mapping[str, str]) -> str:
    by = f" by {parties.get(event.actor, event.actor)}" if event.actor else ""
    return f"{event.id} ({event.type}{by} at {moment(event.at, zone)})"


def _said(name: str, value: Raw, zone: str, parties: Mapping[str, str]) -> str:
    match name:
        case "at":
            at = instant_of(value)
            return f"it was at {moment(at, zone) if at is not None else value}"
        case "type":
            return f"it was `{value}`"
        case "actor":
            who = parties.get(str(value), value)
            return f"it was by {who}" if value is not None else "by whom it was is not recorded"
        case "subject":
            return f"it was of {value}"
    return f"{name} was {'not recorded' if value is None else _raw(value)}"


def _raw(value: Raw) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " and ".join(_raw(one) for one in value)
    return str(value)
