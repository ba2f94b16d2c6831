"""Why a verdict is what it is: the words, the events, each stretch of the clock, the readings, what was wanting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from attrs import evolve

from slarules.engine.adopt import Adopted
from slarules.engine.batches import alone
from slarules.engine.history import Entry
from slarules.engine.judging.case import Case
from slarules.engine.judging.clock import Counting
from slarules.engine.judging.instance import Instance
from slarules.engine.reasons.again import Again
from slarules.engine.reasons.amounts import reckonings
from slarules.engine.reasons.because import held, of_others, simple, stated
from slarules.engine.reasons.changed import Change
from slarules.engine.reasons.course import followed
from slarules.engine.reasons.due import due, ended, governing, period
from slarules.engine.reasons.keeping import counted, kept_by, not_counted
from slarules.engine.reasons.origin import by_event, origin
from slarules.engine.reasons.otherwise import Otherwise, Unsaid
from slarules.engine.reasons.quoted import rule_of, words_of
from slarules.engine.reasons.reason import Reason, length, moment
from slarules.engine.reasons.stretches import stretches
from slarules.engine.reasons.wanting import wanting
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.expression import SeverityRef
from slarules.model.rules import Choice, Duty
from slarules.model.value import AsRead
from slarules.model.verdict import Verdict
from slarules.model.walk import inside
from slarules.wording.rules import sentences

MANY = 16
"""Stretches of the clock told one by one; of more, the first and last."""


def explain(
    contract: Contract,
    readings: Mapping[str, str] | None,
    history: Iterable[Event],
    as_of: int,
    subject: str,
    duty: str | None = None,
    supplied: Mapping[str, Supplied] | None = None,
    *,
    trying: bool = True,
    place: int | None = None,
) -> tuple[Reason, ...]:
    """One tree of reasons for each verdict of ``subject`` (of the rule ``duty``, if given); none: empty.

    Each reading is tried in its other options, to tell which decide; without ``trying``, those of the rule are named.
    With ``place``, only the verdict that stands there among them, from 0 on, is explained.
    """
    log = alone(contract, list(history), subject)
    found = [
        one for one in followed(contract, readings, log, as_of, subject, supplied) if duty in (None, one[0].duty)
    ]
    if place is not None:
        found = found[place : place + 1]
    if not found:
        return ()
    again = Again(contract, readings or {}, log, as_of, subject, supplied)
    otherwise = Otherwise(contract, found[0][3].readings, again.read) if trying else None
    unsaid = Unsaid(again, found[0][3].zone or "UTC")
    tellers = {id(case): _Teller(adopted, case, otherwise, unsaid) for _, case, _, adopted in found}
    return tuple(tellers[id(case)].tell(verdict, own) for verdict, case, own, _ in found)


class _Teller:
    """Tells times in the contract's zone."""

    def __init__(self, adopted: Adopted, case: Case, otherwise: Otherwise | None, unsaid: Unsaid) -> None:
        self.adopted, self.case, self.otherwise, self.unsaid = adopted, case, otherwise, unsaid
        self.zone = adopted.zone or "UTC"

    @cached_property
    def as_chosen(self) -> Contract:
        """The contract with the options that it is judged by."""
        contract = self.adopted.contract
        chosen = {name: evolve(one, adopted=self.adopted.readings[name]) for name, one in contract.readings.items()}
        return evolve(contract, readings=chosen)

    def at(self, instant: int) -> str:
        return moment(instant, self.zone)

    def tell(self, verdict: Verdict, instance: Instance | None) -> Reason:
        parts = [words_of(verdict.citation), rule_of(verdict.citation), *self._said(verdict)]
        parts += self._readings(verdict)
        parts += self._changes(verdict)
        if instance is not None:
            parts += self._instance(verdict, instance)
        else:
            parts += self._other(verdict)
        if verdict.missing:
            parts.append(Reason(wanting(verdict, instance, self.case)))
        if "tie_sensitive" in verdict.flags:
            parts.append(
                Reason("events of one instant could have come in another order, and change this (R12)")
            )
        if "skew" in verdict.flags:
            parts.append(Reason("an event that it rests on was recorded before it happened, by the times of the log"))
        return Reason(self._headline(verdict), tuple(parts))

    def _headline(self, verdict: Verdict) -> str:
        return f"{verdict.subject} {verdict.label}: {self._state(verdict)}"

    def _state(self, verdict: Verdict) -> str:
        text = verdict.state.replace("_", " ")
        if verdict.deadline is not None and verdict.state in ("breached", "missed"):
            text += f" at {self.at(verdict.deadline)}"
        elif verdict.deadline is not None and verdict.rule in ("duty", "target"):
            text += f", due {self.at(verdict.deadline)}"
        elif verdict.deadline is not None and verdict.state == "open":
            text += f", lapses {self.at(verdict.deadline)}"
        if verdict.late_by is not None:
            text += f", performed late by {length(verdict.late_by)}"
        elif verdict.state in ("breached", "missed") and verdict.owed:
            text += ", still owed"
        if verdict.elected:
            text += f": {verdict.elected}"
        return text

    def _said(self, verdict: Verdict) -> Iterator[Reason]:
        """The first sentence of the rule in plain words, by the options it was judged by."""
        found = stated(self.adopted.contract, verdict.duty, verdict.citation)
        if found is not None:
            said = sentences(found[1], found[0], self.as_chosen)[0]
            yield Reason(f"in plain words: {said}", about="plain")

    def _readings(self, verdict: Verdict) -> Iterator[Reason]:
        """Each reading by which it would come out otherwise, with how; then those by which it would not."""
        idle: list[Reason] = []
        asked = self._asked(verdict) if self.otherwise is not None else verdict.citation.readings
        for name in asked:
            reading, option = self.adopted.contract.readings[name], self.adopted.readings[name]
            others = tuple(
                Reason(f"read as `{other}` {self._or_none(one, verdict)}")
                for other, one in (self.otherwise.of(verdict, name) if self.otherwise is not None else ())
            )
            if not others and self.otherwise is not None:
                idle.append(Reason(f"`{name}` ({reading.question}): `{option}`", about="reading"))
                continue
            why = f", because {reading.because}" if option == reading.adopted else " (not the adopted one)"
            rests = "rests" if self.otherwise is not None else "its rule rests"
            told = f"{rests} on the reading `{name}` ({reading.question}): `{option}`{why}"
            yield Reason(told, others, about="reading")
        if idle:
            which = "its readings change" if len(idle) == len(asked) else "its other readings change"
            yield Reason(f"{which} nothing here, each read otherwise by itself", tuple(idle), "reading")

    def _changes(self, verdict: Verdict) -> Iterator[Reason]:
        """Each correction without which it would come out otherwise, with how; then those that change nothing here."""
        own = [one for one in self.unsaid.changes if verdict.subject in one.about]
        if self.otherwise is None:  # nothing is tried
            yield from (Reason(f"its log holds {one.told}") for one in own)
            return
        idle: list[Change] = []
        for one in self.unsaid.changes:
            differs, other = self.unsaid.of(verdict, one)
            if differs:
                yield Reason(f"rests on {one.told}", (Reason(f"{one.undone} {self._or_none(other, verdict)}"),))
            else:
                idle.append(one)
        told = [one for one in idle if one in own]
        differs, other = self.unsaid.of(verdict, *idle) if len(idle) > 1 else (False, None)
        if differs:
            parts = tuple(Reason(one.told) for one in idle)
            would = Reason(f"without all of them {self._or_none(other, verdict)}")
            yield Reason("rests on these together, though on none of them alone", (*parts, would))
        elif told:
            yield Reason("corrections of its log that change nothing here", tuple(Reason(one.told) for one in told))
        if self.unsaid.left:
            yield Reason(f"{self.unsaid.left} further corrections of the log were not looked at")

    def _or_none(self, other: Verdict | None, verdict: Verdict) -> str:
        return "it would not arise" if other is None else self._would(other, verdict)

    def _asked(self, verdict: Verdict) -> tuple[str, ...]:
        """The readings that may bear on it: its rule's, those of scopes, of who sets levels, of the contract's zone."""
        terms = self.case.terms
        beside = [s.citation for s in terms.scopes.values() if s.kind == self.case.history.kind]
        if terms.severities is not None and self.case.is_ticket:
            beside.append(terms.severities.citation)
        zone = self.adopted.contract.zone
        own = (zone.reading,) if isinstance(zone, AsRead) else ()
        named = (name for one in (verdict.citation, *beside) for name in one.readings)
        return tuple(dict.fromkeys((*named, *own)))

    def _would(self, other: Verdict, verdict: Verdict) -> str:
        """What it would be, by what of it would be otherwise."""
        told, now = self._state(other), self._state(verdict)
        if told != now:
            return f"it would be {told}"
        if other.missing != verdict.missing:
            return "it would be so too, for want of " + ", ".join(f"`{name}`" for name in other.missing)
        if (other.ended_by, other.owed) != (verdict.ended_by, verdict.owed):
            owed = "owed" if other.owed else "not owed" if other.owed is False else "perhaps owed"
            return f"it would be so too, but {owed}" + (f", ended by `{other.ended_by}`" if other.ended_by else "")
        if other.triggered_at != verdict.triggered_at:
            return f"it would be so too, set off at {self.at(other.triggered_at)}"
        if other.consumed != verdict.consumed or other.allowed != verdict.allowed:
            used = "nobody knows how much" if other.consumed is None else length(other.consumed)
            return f"it would be so too, with {used} used of {length(other.allowed or 0)}"
        if other.calendar != verdict.calendar:
            return f"it would be so too, counted in {other.calendar or 'real time'}"
        return "it would be so too, on other grounds"

    def _named(self, event_id: str) -> str:
        entry = next((e for e in self.case.history.entries if e.id == event_id), None)
        return event_id if entry is None else self._event(entry)

    def _event(self, entry: Entry) -> str:
        by = f" by {entry.actor}" if entry.actor else ", by whom is not recorded,"
        key = entry.event.source, entry.id
        changed = [one.by for one in self.unsaid.changes if one.corrects == key]
        as_corrected = f" (as corrected by {' and '.join(changed)})" if changed else ""
        return f"{entry.id}: {entry.type}{by} at {self.at(entry.at)}{as_corrected}"

    # ---- the clock

    def _instance(self, verdict: Verdict, instance: Instance) -> Iterator[Reason]:
        yield Reason(origin(instance, self.case, self.zone, self._event))
        yield from period(instance, self.case, self.zone)
        found = stated(self.adopted.contract, verdict.duty, verdict.citation)
        duty = found[1] if found is not None and isinstance(found[1], Duty) else instance.plan.duty
        yield from self._guards(duty, instance)
        if verdict.severity is not None and _by_severity(duty):
            yield Reason(f"under the terms of severity {verdict.severity}")
        if verdict.state == "could_not_arise" and instance.due is not None:
            yield Reason(
                f"by the words it is due {self.at(instance.due)}, which is not after {self.at(instance.start)}, "
                "when it would begin: it could not arise (R29)"
            )
        clock = governing(instance)
        if isinstance(clock, Counting) and verdict.state not in ("undetermined", "could_not_arise"):
            yield self._clock(verdict, instance, clock)
        yield from due(verdict, instance, self.case, self.zone)
        for at, note in sorted(instance.notes, key=lambda one: one[0]):
            if instance.plan.duty.keeps is not None and note.startswith("the deadline passes"):
                note = f"`{instance.plan.duty.keeps}` is no: {verdict.state}"  # it has no deadline (R25)
            yield Reason(f"{self.at(at)}: {note}")
        yield from ended(verdict, instance, self.case, duty, self.adopted.readings, self._event, self.zone)
        if verdict.state != "undetermined" or instance.uncertain:
            yield from not_counted(verdict, instance, self.case, duty, self.adopted, self._event, self.zone)
        yield from self._performance(duty, instance)
        act = instance.performed_by
        conditions = tuple(simple(one, self.case.adopted) for one in duty.performance.conditions)
        asked = (conditions, instance.plan.duty.limit)
        over = act.at if act is not None else instance.ceased_at if instance.ceased_at is not None else self.case.now
        yield from reckonings(asked, self.case, over, act, self.zone, self._event)
        yield from kept_by(verdict, instance, self.case, self.case.terms, self.zone)

    def _guards(self, duty: Duty, instance: Instance) -> Iterator[Reason]:
        """Why its conditions held when it was set off, or that nobody knows."""
        by = instance.trigger if instance.trigger is not None and by_event(duty, instance.trigger) else None
        at = instance.triggered_at if by is None or instance.row is None else by.at
        yield from held((*duty.only_if, *duty.whiles), self.case, self.adopted, at, by)
        guards = tuple(simple(one, self.case.adopted) for one in (*duty.only_if, *duty.whiles))
        yield from reckonings(guards, self.case, at, by, self.zone, self._event)

    def _other(self, verdict: Verdict) -> Iterator[Reason]:
        """What decided a rule that is no duty."""
        found = stated(self.adopted.contract, verdict.duty, verdict.citation)
        one = next((e for e in self.case.elections if f"{e.plan.name}#{e.number}" == verdict.label), None)
        if verdict.rule == "choice" and one is not None:
            yield Reason(origin(one, self.case, self.zone, self._event))
            if found is not None and isinstance(found[1], Choice):
                by = one.trigger if one.trigger is not None and by_event(found[1], one.trigger) else None
                yield from held((*found[1].only_if, *found[1].whiles), self.case, self.adopted, one.triggered_at, by)
            yield from (Reason(f"{one.state} by {self._named(e)}") for e in one.events)
            if one.state in ("lapsed", "ended") and one.at is not None:
                yield Reason(f"{one.state} at {self.at(one.at)}")
            return
        yield from (Reason(f"event {self._named(e)}") for e in verdict.events)
        if found is not None:
            yield from of_others(verdict, found[1], self.case, self.adopted, self.zone)

    def _clock(self, verdict: Verdict, instance: Instance, clock: Counting) -> Reason:
        if clock.allowed == 0:
            return Reason("due at once: it allows no time (R28)")
        counted_in = f" counted in {clock.name}" if clock.name else " of real time"
        stretches = list(self._stretches(verdict, instance))
        if len(stretches) > MANY:
            left = len(stretches) - MANY
            stretches = [*stretches[: MANY // 2], Reason(f"… {left} more stretches"), *stretches[-MANY // 2 :]]
        used = "not known how much is" if verdict.consumed is None else length(verdict.consumed)
        return Reason(f"the clock: {used} used of {length(clock.allowed)}{counted_in}", tuple(stretches))

    def _stretches(self, verdict: Verdict, instance: Instance) -> Iterator[Reason]:
        end = verdict.performed_at if verdict.performed_at is not None else instance.ceased_at
        for one in stretches(instance, self.case.now if end is None else end, self.case.standing):
            span = f"{self.at(one.start)} to {self.at(one.end)}"
            match one.state:
                case "counted":
                    yield Reason(f"{span}: {length(one.end - one.start)}")
                case "closed":
                    named = "on that date" if one.reason == "closed" else f"({one.reason})" if one.reason else ""
                    yield Reason(f"{span}: not counted, closed {named}".rstrip())
                case _:
                    yield Reason(f"{span}: not counted, {one.reason or 'paused'}")

    def _performance(self, duty: Duty, instance: Instance) -> Iterator[Reason]:
        if instance.performed_by is not None:
            act = instance.performed_by
            why = counted(act, self.case, duty, self.adopted)
            yield Reason(f"performed by {self._event(act)}", tuple(Reason(text) for text in why))
        for one in instance.uncertain:
            wanted = ", ".join(sorted(one.missing))
            yield Reason(f"{self._event(one.act)} may have performed it: {wanted} is not known (R23)")


def _by_severity(duty: Duty) -> bool:
    """Whether any of its terms turns on the severity."""
    changes = duty.rises is not None or duty.falls is not None
    return changes or any(isinstance(part, SeverityRef) for part in inside(duty))


__all__ = ["Reason", "explain"]
