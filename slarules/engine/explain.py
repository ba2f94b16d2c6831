"""Why a verdict is what it is: the words, the events, each stretch of the clock, the readings, what was wanting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import evolve

from slarules.engine.adopt import Adopted
from slarules.engine.case import Case
from slarules.engine.clock import Counting, Several
from slarules.engine.course import followed
from slarules.engine.history import Entry
from slarules.engine.instance import Instance
from slarules.engine.reason import Reason, length, moment
from slarules.engine.stretches import stretches
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.rules import Citation
from slarules.model.verdict import Verdict
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
) -> tuple[Reason, ...]:
    """One tree of reasons for each verdict of ``subject`` (of the rule ``duty``, if given); none: empty."""
    return tuple(
        _Teller(adopted, case).tell(verdict, instance)
        for verdict, case, instance, adopted in followed(contract, readings, history, as_of, subject, supplied)
        if duty in (None, verdict.duty)
    )


class _Teller:
    """Tells times in the contract's zone."""

    def __init__(self, adopted: Adopted, case: Case) -> None:
        self.adopted, self.case = adopted, case
        self.zone = adopted.zone or "UTC"

    def at(self, instant: int) -> str:
        return moment(instant, self.zone)

    def tell(self, verdict: Verdict, instance: Instance | None) -> Reason:
        parts = [self._words(verdict.citation), self._rule(verdict.citation), *self._said(verdict)]
        parts += self._readings(verdict.citation)
        if instance is not None:
            parts += self._instance(verdict, instance)
        else:
            parts += [Reason(f"event {self._named(e)}") for e in verdict.events]
        if verdict.missing:
            parts.append(
                Reason(
                    "for want of "
                    + ", ".join(f"`{m}`" for m in verdict.missing)
                    + ": it is nowhere recorded, and nothing stands in for it (R9)"
                )
            )
        if "tie_sensitive" in verdict.flags:
            parts.append(
                Reason("events of one instant could have come in another order, and change this (R12)")
            )
        return Reason(self._headline(verdict), tuple(parts))

    def _headline(self, verdict: Verdict) -> str:
        text = f"{verdict.subject} {verdict.label}: {verdict.state.replace('_', ' ')}"
        if verdict.deadline is not None and verdict.state in ("breached", "missed"):
            text += f" at {self.at(verdict.deadline)}"
        elif verdict.deadline is not None and verdict.rule in ("duty", "target"):
            text += f", due {self.at(verdict.deadline)}"
        if verdict.late_by is not None:
            text += f", performed late by {length(verdict.late_by)}"
        elif verdict.state in ("breached", "missed") and verdict.owed:
            text += ", still owed"
        if verdict.elected:
            text += f": {verdict.elected}"
        return text

    def _words(self, citation: Citation) -> Reason:
        clause = f"clause “{citation.clause}”" if citation.clause else "the contract"
        quotes = tuple(
            Reason(
                f"“{' '.join(q.text.split())}”"
                + (f" (line {q.places[0].line} of the contract's text)" if q.places else "")
            )
            for q in citation.quotations
        )
        told = f"the words: {clause}" if quotes else f"{clause}: no words are quoted for this rule"
        return Reason(told, quotes, "words")

    def _rule(self, citation: Citation) -> Reason:
        lines = [line.strip() for line in citation.rule.text.splitlines()]
        told = [line for line in lines if line and not line.startswith((">", "--", "occurrence", "every occurrence"))]
        where = f"{citation.rule.source.name}:{citation.rule.line}"
        return Reason(f"the rule that encodes them ({where})", tuple(Reason(line) for line in told[:14]), "rule")

    def _said(self, verdict: Verdict) -> Iterator[Reason]:
        """The first sentence of the rule in plain words, by the options it was judged by."""
        contract = self.adopted.contract
        chosen = {name: evolve(one, adopted=self.adopted.readings[name]) for name, one in contract.readings.items()}
        for terms in contract.versions:
            for rules in (terms.duties, terms.prohibitions, terms.rights, terms.choices, terms.scopes):
                rule = rules.get(verdict.duty)
                if rule is not None and rule.citation == verdict.citation:
                    said = sentences(rule, terms, evolve(contract, readings=chosen))[0]
                    yield Reason(f"in plain words: {said}", about="plain")
                    return

    def _readings(self, citation: Citation) -> Iterator[Reason]:
        for name in citation.readings:
            reading = self.adopted.contract.readings[name]
            option = self.adopted.readings[name]
            why = f", because {reading.because}" if option == reading.adopted else " (not the adopted one)"
            told = f"rests on the reading `{name}` ({reading.question}): `{option}`{why}"
            yield Reason(told, about="reading")

    def _named(self, event_id: str) -> str:
        entry = next((e for e in self.case.history.entries if e.id == event_id), None)
        return event_id if entry is None else self._event(entry)

    def _event(self, entry: Entry) -> str:
        by = f" by {entry.actor}" if entry.actor else ", by whom is not recorded"
        return f"{entry.id}: {entry.type}{by} at {self.at(entry.at)}"

    # ---- the clock

    def _instance(self, verdict: Verdict, instance: Instance) -> Iterator[Reason]:
        if instance.cause is not None:
            broken = "missed" if instance.cause.plan.duty.effort else "breached"
            then = self.at(instance.cause.due or instance.start)
            yield Reason(f"follows from {instance.cause.label}, {broken} at {then} (R10)")
        elif instance.trigger is not None:
            yield Reason(f"set off by {self._event(instance.trigger)}")
        else:
            yield Reason(f"arose at {self.at(instance.triggered_at)}")
        if verdict.severity is not None:
            yield Reason(f"under the terms of severity {verdict.severity}")
        if verdict.state == "could_not_arise" and instance.due is not None:
            yield Reason(
                f"by the words it is due {self.at(instance.due)}, which is not after {self.at(instance.start)}, "
                "when it would begin: it could not arise (R29)"
            )
        clock = instance.clock.governing() if isinstance(instance.clock, Several) else instance.clock
        if isinstance(clock, Counting) and verdict.state not in ("undetermined", "could_not_arise"):
            yield self._clock(verdict, instance, clock)
        for at, note in instance.notes:
            yield Reason(f"{self.at(at)}: {note}")
        yield from self._performance(verdict, instance)

    def _clock(self, verdict: Verdict, instance: Instance, clock: Counting) -> Reason:
        counted_in = f" counted in {clock.name}" if clock.name else " of real time"
        stretches = list(self._stretches(verdict, instance))
        if len(stretches) > MANY:
            left = len(stretches) - MANY
            stretches = [*stretches[: MANY // 2], Reason(f"… {left} more stretches"), *stretches[-MANY // 2 :]]
        return Reason(
            f"the clock: {length(verdict.consumed or 0)} used of {length(clock.allowed)}{counted_in}", tuple(stretches)
        )

    def _stretches(self, verdict: Verdict, instance: Instance) -> Iterator[Reason]:
        end = verdict.performed_at if verdict.performed_at is not None else instance.ceased_at
        for one in stretches(instance, self.case.now if end is None else end):
            span = f"{self.at(one.start)} to {self.at(one.end)}"
            match one.state:
                case "counted":
                    yield Reason(f"{span}: {length(one.end - one.start)}")
                case "closed":
                    yield Reason(f"{span}: not counted, closed" + (f" ({one.reason})" if one.reason else ""))
                case _:
                    yield Reason(f"{span}: not counted, {one.reason or 'paused'}")

    def _performance(self, verdict: Verdict, instance: Instance) -> Iterator[Reason]:
        if instance.performed_by is not None:
            yield Reason(f"performed by {self._event(instance.performed_by)}")
        for entry, wanted in instance.uncertain:
            yield Reason(f"{self._event(entry)} may have performed it: {', '.join(sorted(wanted))} is not known (R23)")
        if verdict.state in ("breached", "missed") and verdict.deadline is not None:
            kinds = " or ".join(_patterns(instance))
            yield Reason(
                f"it would have been kept by {kinds or 'its performance'} "
                + ("before " if instance.strict else "at or before ")
                + self.at(verdict.deadline)
            )


def _patterns(instance: Instance) -> Sequence[str]:
    return [f"`{p.type}`" + (f" by {p.by}" if p.by else "") for p in instance.plan.duty.performance.patterns]


__all__ = ["Reason", "explain"]
