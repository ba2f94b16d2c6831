"""Each claim of an explanation tried with the reference engine: what is not borne out is told as a sentence.

An act that would have kept a duty is done; a cause is taken away; a fact that is wanting is recorded; a condition that
failed is answered otherwise; a reading is read otherwise. Then the subject is judged again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice, pairwise, product
from typing import Any

from attrs import evolve, frozen

from slarules.calendars.calendar import Calendar, Combined
from slarules.calendars.spec import CalendarSpec
from slarules.engine.adopt import Adopted
from slarules.engine.evaluate import verdicts_on
from slarules.engine.history import CHANGES
from slarules.engine.judging.case import Case as Judged
from slarules.engine.judging.clock import Counting
from slarules.engine.judging.instance import Instance
from slarules.engine.reasons.course import followed
from slarules.engine.reasons.due import governing
from slarules.engine.reasons.explain import explain
from slarules.engine.reasons.keeping import keeping
from slarules.engine.reasons.otherwise import alike, counterpart
from slarules.engine.reasons.reason import Reason, moment
from slarules.engine.reasons.stretches import CLOSED, COUNTED, PAUSED, Stretch, stretches
from slarules.engine.reasons.whynot import why_not
from slarules.model.contract import Terms
from slarules.model.event import Event, Raw
from slarules.model.expression import AllOf, AnyOf, Compare, FactRef, Literal, Not, OneOf, SeverityRef, Truth
from slarules.model.verdict import Verdict
from slarules.model.walk import inside
from tests.same.cases import Case

TRIED = 64
"""Combinations of recorded facts that are tried for one claim."""
MOVING = ("opened", "reopened", "resumed", "waiting", "closed", "cancelled")
"""Acts that may be impossible where they are put (R18)."""


@frozen
class Told:
    """One verdict of a case, with what explains it."""

    case: Case
    verdict: Verdict
    judged: Judged
    instance: Instance | None
    adopted: Adopted
    reason: Reason

    def again(self, events: Sequence[Event], as_of: int | None = None) -> list[Verdict]:
        """The subject judged on another log."""
        case, at = self.case, self.case.as_of if as_of is None else as_of
        return verdicts_on(
            case.contract, case.readings, list(events), at, self.verdict.subject, supplied=case.supplied
        )

    def same(self, verdicts: Iterable[Verdict]) -> Verdict | None:
        return next((v for v in verdicts if v.identity == self.verdict.identity), None)

    def false(self, claim: str) -> str:
        return f"{self.case.name}, {self.verdict.subject} {self.verdict.label} ({self.verdict.state}): {claim}"


def told(case: Case) -> Iterator[Told]:
    """Every verdict of a case with its explanation."""
    for subject in sorted({event.subject for event in case.events}):
        asked = (case.contract, case.readings, case.events, case.as_of, subject)
        found = list(followed(*asked, case.supplied))
        for one, reason in zip(found, explain(*asked, None, case.supplied), strict=True):
            yield Told(case, *one, reason)


def lines(reason: Reason) -> Iterator[str]:
    yield reason.text
    for part in reason.parts:
        yield from lines(part)


# ---- What would have kept it ------------------------------------------------------------------------------


def kept(one: Told) -> Iterator[str]:
    """Such an act meets the duty at the deadline, and a microsecond later no more (R1, R2); and before it likewise."""
    found = keeping(one.verdict, one.instance, one.judged) if one.instance is not None else None
    if found is None or one.instance is None or one.instance.plan.duty.keeps is not None:
        return
    last = found.until - found.strict
    first = last if found.only_then or found.while_open else found.since + found.after
    for pattern in found.patterns:
        if pattern.type in MOVING or (found.undone and pattern.type == "resolved"):
            continue
        if not _triable(one.judged.terms, found.conditions):
            continue
        for at in dict.fromkeys((last, first, (first + last) // 2)):
            if found.while_open and _resolved(one, at):
                continue
            act = Event("act", one.verdict.subject, pattern.type, at, pattern.by, source="~later")
            act = evolve(act, kind=one.judged.history.kind, agreement=_under(one))
            yield from _keeps(one, act, found.conditions, last)


def _resolved(one: Told, at: int) -> bool:
    """Whether the ticket was resolved before an instant, and not reopened since."""
    turns = [e.type for e in one.judged.taken if e.type in ("resolved", "reopened") and e.at <= at]
    return turns[-1:] == ["resolved"]


def _keeps(one: Told, act: Event, conditions: object, last: int) -> Iterator[str]:
    for facts in _answers(one.judged.terms, conditions):
        done = evolve(act, facts=facts)
        verdicts = one.again([*one.case.events, done], last)
        seen = one.same(verdicts)
        if seen is not None and seen.state in ("met", "reached"):
            late = one.same(one.again([*one.case.events, evolve(done, at=last + 1)], last + 1))
            if act.at == last and (late is None or late.state not in ("breached", "missed")):
                yield one.false(f"{act.type} at {last + 1} kept it, too")
            return
        early = act.at < last or last == one.verdict.triggered_at  # due at once, what is set off by a breach of then
        if early and seen is None and (one.verdict.cause or act.at == one.verdict.triggered_at):
            return  # so early, it kept what this follows from, or this from arising
    yield one.false(f"{act.type} by {act.actor} at {act.at} does not keep it")


def _triable(terms: Terms, conditions: object) -> bool:
    """Whether the conditions ask for nothing but facts of few values."""
    few = ("yes_no", "one_of")
    parts = [part for part in inside(conditions) if not isinstance(part, (tuple, str, bool))]
    return all(isinstance(part, (AllOf, AnyOf, Not, Truth, Literal)) or (
        isinstance(part, (Compare, OneOf)) or (
            isinstance(part, FactRef) and part.name in terms.facts and terms.facts[part.name].type.kind in few
        )) for part in parts)


def _under(one: Told) -> str | None:
    return None if one.judged.history.kind == "agreement" else one.judged.history.agreement


def _answers(terms: Terms, conditions: object, more: Sequence[str] = ()) -> Iterator[dict[str, Raw]]:
    """What may be recorded of the facts that conditions ask for."""
    names = sorted({*(part.name for part in inside(conditions) if isinstance(part, FactRef)), *more})
    levels = {"severity"} if any(isinstance(part, SeverityRef) for part in inside(conditions)) else set()
    names = [name for name in names if name in terms.facts]
    if levels and terms.severities is not None:
        names.append("severity")
    domains = [_domain(terms, name) for name in names]
    yield from (dict(zip(names, values, strict=True)) for values in islice(product(*domains), TRIED))


def _domain(terms: Terms, name: str) -> Sequence[Raw]:
    if name == "severity" and terms.severities is not None:
        return [level.name for level in terms.severities.levels]
    kind = terms.facts[name].type
    match kind.kind:
        case "yes_no":
            return [True, False]
        case "one_of":
            return list(kind.values)
        case "number" | "hours":
            return ["0", "1", "5", "100", "1000"]
        case "money":
            return ["0", "10", "1000"]
        case "date" | "dates":
            return ["2026-01-01", "2026-03-03", "2030-06-01"]
    return ["x"]


# ---- The clock ---------------------------------------------------------------------------------------------


def clock(one: Told) -> Iterator[str]:
    """Its stretches follow each other, add up to what was consumed, and each cause told is one."""
    instance, verdict = one.instance, one.verdict
    if instance is None or verdict.state in ("undetermined", "could_not_arise"):
        return
    own = governing(instance)
    if not isinstance(own, Counting):
        return
    over = verdict.performed_at if verdict.performed_at is not None else instance.ceased_at
    end = one.judged.now if over is None else over
    found = list(stretches(instance, end, one.judged.standing))
    if any("not known how much is used" in line for line in lines(one.reason)):  # beyond a supplied list (R30)
        same = verdict.consumed is None and bool(found)
    else:
        same = _counted(found) == (verdict.consumed or 0)
    if not same:
        yield one.false(f"its stretches count {_counted(found)}, and {verdict.consumed} was consumed")
    if any(first.end != then.start for first, then in pairwise(found)):
        yield one.false("its stretches leave a gap")
    if end > own.start and (not found or (found[0].start, found[-1].end) != (own.start, end)):
        yield one.false("its stretches do not go from its start to its end")
    for stretch in found:
        if stretch.state == PAUSED and not _stood(one, stretch):
            yield one.false(f"it stood still for {stretch.reason}")
        if stretch.state == CLOSED and stretch.reason is not None and not _opens_without(own.calendar, stretch):
            yield one.false(f"{stretch.reason} closed it")
    due = verdict.deadline
    ran_on = any(until == due for _, until, _ in instance.pauses)  # used up while it stood still
    if due is not None and due <= end and instance.floor != due and not own.to_opening and not ran_on:
        upto = _counted(list(stretches(instance, due, one.judged.standing)))
        if upto != own.allowed:
            yield one.false(f"{upto} of {own.allowed} was used at its deadline")


def _counted(found: Iterable[Stretch]) -> int:
    return sum(stretch.end - stretch.start for stretch in found if stretch.state == COUNTED)


def _stood(one: Told, stretch: Stretch) -> bool:
    """Whether the ticket was resolved, or waited on whom is named, all that time."""
    for at in (stretch.start, stretch.end - 1):
        stood = next((cause for since, cause in reversed(one.judged.standing) if since <= at), None)
        if stood is None or stretch.reason != (stood if stood == "resolved" else f"waiting on {stood}"):
            return False
    return True


def _opens_without(calendar: Calendar | None, stretch: Stretch) -> bool:
    """Whether the calendar would have been open for some of a stretch but for the date that is named."""
    if calendar is None:
        return False
    day = calendar.local_date(stretch.start)
    other = Calendar(_without(calendar.definition, day))
    start, end = calendar.day_start(day), calendar.day_start(day + timedelta(days=1))
    return bool(other.table.consumed_between(start, end))


def _without(definition: Any, day: date) -> Any:
    match definition:
        case CalendarSpec(closed=closed):
            return evolve(definition, closed={one: name for one, name in closed.items() if one != day})
        case Combined(operands=operands):
            others = tuple(Calendar(_without(one.definition, day)) for one in operands)
            return evolve(definition, operands=others)
    return definition


# ---- Corrections, sums, the next change ------------------------------------------------------------------------


def changes(one: Told) -> Iterator[str]:
    """A correction named as decisive is; any other of its log changes nothing by itself (R3)."""
    case = one.case
    named = " ".join(part.text for part in one.reason.parts if part.text.startswith("rests on the "))
    together = any("on none of them alone" in part.text for part in one.reason.parts)
    said = [event for event in case.events if event.type in ("corrected", "retracted")]
    for event in said[:TRIED] if len({event.id for event in case.events}) == len(case.events) else ():
        seen = one.again([other for other in case.events if other is not event])
        found = counterpart(one.verdict, seen)
        matters = found is None or not alike(found, one.verdict)
        said_of = [f"{what} {event.id}{end}" for what in ("correction", "retraction") for end in (",", " of")]
        told_so = any(words_of_it in named for words_of_it in said_of)
        if matters is not told_so:
            yield one.false(f"{event.id} {'matters' if matters else 'does not matter'}")
    rests = said and not together and "rests on the correction" not in named and "rests on the retraction" not in named
    if rests:
        found = counterpart(one.verdict, one.again([event for event in case.events if event not in said]))
        if found is None or not alike(found, one.verdict):
            yield one.false("without all corrections it would come out otherwise, and none is named")


def by_whom(one: Told) -> Iterator[str]:
    """Each event that is told happened as the log has it, corrections applied: what, by whom and when."""
    zone = one.adopted.zone or "UTC"
    others = one.judged.agreement.history.entries if one.judged.agreement is not None else ()
    entries = (*one.judged.history.entries, *others)
    for line in lines(one.reason):
        for start in ("performed by ", "set off by ", "event "):
            if not line.startswith(start) or ": " not in line:
                continue
            known = [
                f"{e.id}: {e.type}" + (f" by {e.actor}" if e.actor else ", by whom is not recorded,")
                + f" at {moment(e.at, zone)}" for e in entries
            ]
            if not any(line.removeprefix(start).startswith(each) for each in known):
                yield one.false(line)


def sums(one: Told) -> Iterator[str]:
    """A sum told of what nothing rounds comes out as its own line says, reckoned with fractions."""
    for line in lines(one.reason):
        head, _, figures = line.partition(": ")
        left, _, right = figures.rpartition(" = ")
        if not left or "…" in figures or not any(sign in left for sign in "+−×÷") or "(" in left:
            continue
        parts = [part.replace(",", "").removesuffix(" USD").removesuffix(" EUR") for part in left.split(" ")]
        parts = [part for part in parts if part not in ("USD", "EUR", "")]
        signs = ("×", "÷", "+", "−")
        figures_only = all(part.replace(".", "").isdigit() for part in parts[::2])
        if not (len(parts) % 2 and figures_only and all(part in signs for part in parts[1::2])):
            continue
        terms: list[tuple[int, Fraction]] = [(1, Fraction(parts[0]))]
        for sign, figure in zip(parts[1::2], parts[2::2], strict=True):
            if sign in "+−":
                terms.append((1 if sign == "+" else -1, Fraction(figure)))
            else:
                way, so_far = terms[-1]
                terms[-1] = way, so_far * Fraction(figure) if sign == "×" else so_far / Fraction(figure)
        wanted = Fraction(right.replace(",", "").replace("−", "-").split(" ")[0])
        if sum(way * term for way, term in terms) != wanted:
            yield one.false(f"{head}: {figures}")


def next_change(one: Told) -> Iterator[str]:
    """What is told as pending is so until its next change, and then no more, if nothing happens (R17)."""
    verdict = one.verdict
    if verdict.state not in ("pending", "suspended") or verdict.next_change_at is None:
        return
    at = verdict.next_change_at
    events = [event for event in one.case.events if event.at <= one.case.as_of or event.type in CHANGES]
    if at > one.case.as_of + 1:
        still = one.same(one.again(events, at - 1))
        if still is None or still.state != verdict.state:
            yield one.false(f"it changes before {moment(at, 'UTC')}")
    after = one.same(one.again(events, at))
    if after is not None and (after.state, after.owed, after.deadline) == (
        verdict.state, verdict.owed, verdict.deadline
    ):
        yield one.false(f"it does not change at {moment(at, 'UTC')}")


# ---- The words, the deadline ---------------------------------------------------------------------------------


def words(one: Told) -> Iterator[str]:
    """The deadline told is the verdict's; the words are the contract's, the rule's lines those of the policy."""
    verdict, zone = one.verdict, one.adopted.zone or "UTC"
    due = None if verdict.deadline is None else moment(verdict.deadline, zone)
    if verdict.rule in ("duty", "target") and due is not None and due not in one.reason.text:
        yield one.false(f"it is due at {due}")
    for line in one.reason.parts:
        if ": the deadline passes" in line.text and (due is None or not line.text.startswith(due)):
            yield one.false(line.text)
    text = one.case.contract.text
    for quoted in verdict.citation.quotations:
        for place in quoted.places:
            if text is None or place.text.split() != quoted.text.split():
                yield one.false(f"the contract does not say {quoted.text!r}")
            elif not any(f"line {place.line}" in line for line in lines(one.reason.parts[0])):
                yield one.false(f"line {place.line} of the contract says so, too")
    rule = next(part for part in one.reason.parts if part.about == "rule")
    policy = {line.strip() for line in one.case.contract.policy.text.splitlines()}
    for told_line in rule.parts:
        if told_line.text not in policy:
            yield one.false(f"the policy has no line {told_line.text!r}")


# ---- What is wanting -----------------------------------------------------------------------------------------


def wanting(one: Told) -> Iterator[str]:
    """Each fact named decides it, or leaves it to another, where it is recorded with one value or another."""
    verdict, events = one.verdict, list(one.case.events)
    if verdict.state == "undetermined" and not verdict.missing:
        yield one.false("nothing is wanting")
    for name in verdict.missing:
        logs = list(_recorded(one, name, events))
        if logs and all(_still(one, name, log) for log in logs):
            yield one.false(f"{name} decides nothing")


def _still(one: Told, name: str, log: Sequence[Event]) -> bool:
    seen = one.same(one.again(log))
    return seen is not None and seen.state == "undetermined" and name in seen.missing


def _recorded(one: Told, name: str, events: list[Event]) -> Iterator[list[Event]]:
    """Logs in which the fact is recorded; none for what no event of the log could tell."""
    contract, subject = one.case.contract, one.verdict.subject
    if name.startswith("actor of "):
        for party in contract.parties:
            yield [evolve(e, actor=party.name) if name.endswith(f" {e.id}") else e for e in events]
        return
    terms = next((t for t in contract.versions if name in t.facts or (name == "severity" and t.severities)), None)
    if terms is None:
        return
    of_agreement = name in terms.facts and terms.facts[name].kind == "agreement"
    on = one.verdict.agreement if of_agreement else subject
    if on is None or (not of_agreement and _no_event_says(one, name)):
        return
    for value in _domain(terms, name):
        yield [evolve(e, facts={**e.facts, name: value}) if e.subject == on else e for e in events]
        if name in terms.facts and terms.facts[name].kind not in ("ticket", "agreement"):  # of any event
            under = one.verdict.agreement
            yield [evolve(e, facts={**e.facts, name: value}) if e.subject == under else e for e in events]
        for place, event in enumerate(events):
            if event.subject == on:
                yield [*events[:place], evolve(event, facts={**event.facts, name: value}), *events[place + 1 :]]
        if on is not None:
            kind = "agreement" if of_agreement else one.judged.history.kind
            who = terms.facts[name].judged_by if name in terms.facts else None
            for at in (one.case.as_of, one.verdict.triggered_at):
                added = Event("told", on, "recorded", at, who, {name: value}, kind=kind)
                yield [*events, added if of_agreement else evolve(added, agreement=_under(one))]


def _no_event_says(one: Told, name: str) -> bool:
    """Whether the explanation says that no event could have told it."""
    return any(f"`{name}`" in line and "hangs on no event" in line for line in lines(one.reason))


# ---- The readings --------------------------------------------------------------------------------------------


def readings(one: Told) -> Iterator[str]:
    """A reading named as decisive is; any other, read otherwise, leaves the verdict as it is."""
    case = one.case
    named = {
        part.text.split("`")[1]
        for part in one.reason.parts
        if part.about == "reading" and part.text.startswith("rests on the reading")
    }
    for name, reading in case.contract.readings.items():
        others = [o.name for o in reading.options if o.name != one.adopted.readings[name]]
        matters = any(_otherwise(one, {**case.readings, name: option}) for option in others)
        if matters is not (name in named):
            yield one.false(f"the reading {name} {'matters' if matters else 'does not matter'}")


def _otherwise(one: Told, chosen: Mapping[str, str]) -> bool:
    case, verdict = one.case, one.verdict
    seen = verdicts_on(
        case.contract, chosen, list(case.events), case.as_of, verdict.subject, supplied=case.supplied
    )
    found = counterpart(verdict, seen)
    return found is None or not alike(found, verdict)


# ---- What keeps a rule from being owed -------------------------------------------------------------------------


def unheld(case: Case) -> Iterator[str]:
    """Each event told to have set nothing off for a fact: said otherwise of it, the rule is owed, or nobody knows.

    A sentence for each claim that was tried; empty where it is so. Claims that rest on more than recorded facts, or on
    one that another event of the log records or corrects, are not tried.
    """
    terms = case.contract.versions[-1]
    for subject in sorted({event.subject for event in case.events}):
        log = list(case.events)
        known = {v.duty for v in _judged(case, log, subject)}
        for name in (*terms.duties, *terms.choices):
            if name in known:
                continue
            reason = why_not(
                case.contract, case.readings, log, case.as_of, subject, name, supplied=case.supplied
            )
            for part in reason.parts:
                yield from _flipped(case, terms, subject, name, part)


def _flipped(case: Case, terms: Terms, subject: str, name: str, part: Reason) -> Iterator[str]:
    found = [text for inner in part.parts for text in _leaves(inner)]
    facts = {text.split(": ")[-1].split(" is ")[0] for text in found}
    events = [e for e in case.events if e.subject == subject and f"`{e.type}`" in part.text]
    plain = all(" hold: " in text or " holds: " in text or "cannot be known: " in text for text in found)
    if not found or len(events) != 1 or not plain or not facts <= set(terms.facts) or len(facts) > 4:
        return
    rule = terms.duties.get(name) or terms.choices[name]
    asked = facts | {one.name for one in inside((rule.only_if, rule.whiles)) if isinstance(one, FactRef)}
    others = [e for e in case.events if e is not events[0] and (e.subject == subject or e.kind == "agreement")]
    if any(asked & e.facts.keys() for e in others):
        return
    if any(e.type in ("corrected", "retracted") for e in case.events) or any("recorded`" in text for text in found):
        return
    if any(terms.facts[fact].type.kind not in ("yes_no", "one_of", "number") for fact in facts):
        return
    named = {text.split(": ")[0] for text in found}
    for told_otherwise in _answers(terms, (), sorted(facts)):
        changed = evolve(events[0], facts={**events[0].facts, **told_otherwise})
        log = [changed if e is events[0] else e for e in case.events]
        if any(v.duty == name for v in _judged(case, log, subject)):
            yield ""
            return
        now = why_not(case.contract, case.readings, log, case.as_of, subject, name, supplied=case.supplied)
        if not named & {text.split(": ")[0] for text in _leaves(now)}:
            return  # what is recorded so lets another condition fail, which asks for the contrary
    yield f"{case.name}, {subject} {name}: {' / '.join(found)}"


def _judged(case: Case, log: list[Event], subject: str) -> list[Verdict]:
    return verdicts_on(case.contract, case.readings, log, case.as_of, subject, supplied=case.supplied)


def _leaves(reason: Reason) -> list[str]:
    return [leaf for part in reason.parts for leaf in _leaves(part)] if reason.parts else [reason.text]
