"""What the amounts and dates come to on which a rule rests, line by line, and from which events their figures are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from slarules.engine.adopt import adopt
from slarules.engine.agreements.agreement import Agreement
from slarules.engine.amount import amount_value, worked_out
from slarules.engine.batches import alone
from slarules.engine.evaluate import agreements_of
from slarules.engine.expression import Scene, settled
from slarules.engine.history import Entry
from slarules.engine.judging.case import Case
from slarules.engine.reasons.again import Again
from slarules.engine.reasons.because import as_of
from slarules.engine.reasons.origin import Named
from slarules.engine.reasons.quoted import rule_of, words_of
from slarules.engine.reasons.reason import Reason, moment
from slarules.engine.reasons.sums import UNKNOWN, shown, steps
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.expression import AmountRef
from slarules.model.limit import ByEndOf
from slarules.model.rules import Amount
from slarules.model.value import Unknown
from slarules.model.walk import inside


def explain_amounts(
    contract: Contract,
    readings: Mapping[str, str] | None,
    history: Iterable[Event],
    as_of: int,
    subject: str,
    name: str | None = None,
    supplied: Mapping[str, Supplied] | None = None,
) -> tuple[Reason, ...]:
    """One tree for each amount and computed date of an agreement, or for one: what it comes to, and how (R14).

    Empty where ``subject`` is no agreement of which anything had happened by ``as_of``.
    """
    if not any(terms.amounts for terms in contract.versions):
        return ()
    again = Again(contract, readings or {}, alone(contract, list(history), subject), as_of, subject, supplied)
    agreement = _agreement(again, {})
    if agreement is None:
        return ()
    zone = agreement.adopted.zone or "UTC"
    entries = [e for e in agreement.history.entries if e.at <= as_of]
    found = []
    for rule in agreement.terms.amounts.values():
        if name not in (None, rule.name):
            continue
        told = reckoned(rule.name, agreement, entries, lambda entry: _named(entry, zone))
        parts = (words_of(rule.citation), rule_of(rule.citation), *_otherwise(rule, again, agreement))
        found.append(Reason(f"{subject} {told.text}, as of {moment(as_of, zone)}", (*parts, *told.parts)))
    return tuple(found)


def _agreement(again: Again, options: Mapping[str, str]) -> Agreement | None:
    """The agreement as of the instant, under other options of some readings."""
    versions = adopt(again.contract, {**again.readings, **options}, again.supplied)
    found = agreements_of(versions, again.history(versions), again.as_of, again.subject).get(again.subject)
    if found is not None:
        found.now, found.entry = again.as_of, None
    return found


def _otherwise(rule: Amount, again: Again, agreement: Agreement) -> Iterator[Reason]:
    """Each reading by which it would come to something else, with what (R9)."""
    chosen, known = agreement.adopted.readings, agreement.terms.amounts
    names, todo = list(rule.citation.readings), [rule.name]
    for one in todo:
        todo += [other for other in amounts_in((known[one].parts, known[one].value), known) if other not in todo]
        names += known[one].citation.readings
    for name in dict.fromkeys(names):
        others = []
        for option in again.contract.readings[name].options:
            other = _agreement(again, {name: option.name}) if option.name != chosen[name] else None
            if other is not None and rule.name in other.terms.amounts:
                value, now = amount_value(other, rule.name), amount_value(agreement, rule.name)
                if value != now:
                    others.append(Reason(f"read as `{option.name}` it would come to {shown(settled(value))}"))
        if others:
            told = f"rests on the reading `{name}` ({again.contract.readings[name].question}): `{chosen[name]}`"
            yield Reason(told, tuple(others), "reading")


def _named(entry: Entry, zone: str) -> str:
    by = f" by {entry.actor}" if entry.actor else ", by whom is not recorded,"
    return f"{entry.id}: {entry.type}{by} at {moment(entry.at, zone)}"


def amounts_in(parts: object, known: Mapping[str, Amount]) -> list[str]:
    """The amounts and computed dates that a rule's parts name, each once."""
    found = [
        part.name if isinstance(part, AmountRef) else part.date
        for part in inside(parts)
        if isinstance(part, (AmountRef, ByEndOf))
    ]
    return [name for name in dict.fromkeys(found) if name in known]


def reckonings(
    parts: object, case: Case, at: int, entry: Entry | None, zone: str, named: Named
) -> Iterator[Reason]:
    """Each amount that these parts of a rule name, as it was at an instant."""
    names = amounts_in(parts, case.terms.amounts)
    then = as_of(case, at, entry) if names else None
    if then is None:
        return
    events = [*then.history.entries]
    if then.agreement is not None and then.agreement.history is not then.history:
        events += then.agreement.history.entries
    above = set(names)
    for name in names:
        stood = f", as things stood at {moment(at, zone)}"
        yield reckoned(name, then, [e for e in events if e.at <= at], named, stood, above)


def reckoned(
    name: str, scene: Scene, events: list[Entry], named: Named, then: str = "", above: set[str] | None = None
) -> Reason:
    """What an amount comes to, and how; ``events``: what was recorded until then, ``above``: what is told already."""
    rule = scene.terms.amounts[name]
    above = set() if above is None else above
    within, before, result = worked_out(scene, name)
    others = []
    for one in amounts_in((rule.parts, rule.value), scene.terms.amounts):
        if one not in above:
            above.add(one)
            others.append(reckoned(one, within, events, named, "", above))

    def taken(fact: str) -> str:
        told = [e for e in events if fact in e.facts]
        if told:
            return f"as recorded with {named(max(told, key=lambda e: e.at))}"
        return "nowhere recorded" if isinstance(within.fact(fact), Unknown) else "as is presumed"

    lines = []
    for step in steps(rule, within, before, result, lambda one: f"`{one}`", taken):
        taken_as_it_is = step.how.startswith(("as ", "nowhere", "worked"))
        if taken_as_it_is:
            lines.append(f"{step.what}: {step.value}, {step.how}")
        elif step.value != UNKNOWN:
            lines.append(f"{step.what}: {step.how} = {step.value}")
    if isinstance(result, Unknown):
        wanted = ", ".join(f"`{one}`" for one in sorted(result.missing))
        head = f"what `{name}` comes to cannot be known, for want of {wanted}{then}"
    else:
        head = f"`{name}` comes to {shown(result)}{then}"
    return Reason(head, (*others, *(Reason(line) for line in lines)))
