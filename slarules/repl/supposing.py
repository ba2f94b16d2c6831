"""What if: a line added, put in another's place or left out, or another reading; nothing of it is kept."""

from __future__ import annotations

import re

from attrs import evolve, field, frozen

from slarules.diagnostics import error
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.value import AsRead
from slarules.repl import changes
from slarules.repl.answers import FAINT, STRONG, Look, Part, line, remark
from slarules.repl.arguments import Given, Mistaken, at_line, malformed, no_such, setting
from slarules.repl.judging import adopted, clock_words, contract_of, evaluated, now_of, subjects_of, teller, zone_in
from slarules.repl.lines import STAMPED, Told, read_told
from slarules.repl.moving import Done
from slarules.repl.session import Case, Entry, Session
from slarules.scenario.writing import event_words

EARLIER = "W0803"
"""A time before the clock: a line that is only supposed may well have one."""
FORM = "what if T1 acknowledged by PARTY at 08:30"
TIME = r"(?:\d{4}-\d\d-\d\d\s+)?\d\d?:\d\d(?::\d\d(?:\.\d{1,6})?)?"
SEVERITY = re.compile(rf"(?:(?P<subject>\w+)\s+)?severity\s+(?P<level>\w+)(?:\s+at\s+(?P<at>{TIME}))?")
AT_THE_END = re.compile(
    rf"(?P<line>[A-Za-z_].*?)(?<!recorded)(?<!happened)(?<!due)(?<!performed)\s+at\s+(?P<at>{TIME})", re.DOTALL
)
WITHOUT = re.compile(r"without\s+(?P<subject>\w+)\s+(?P<event>\w+)")
INSTEAD = re.compile(r"\s+instead\s*$")


@frozen
class Supposed:
    """What is supposed, beside what was said."""

    told: Told = field(factory=Told)
    gone: Event | None = None
    """An event that is left out, or that the line takes the place of."""


def supposed(given: Given, session: Session) -> Supposed | Mistaken:
    """What stands after ``what if``."""
    text = given.text
    if not text:
        return malformed(given, FORM, "what is supposed is missing here")
    if re.match(r"reading\s", text):
        found = setting(given, session)
        return found if isinstance(found, Mistaken) else Supposed(Told((), {found.name: found.option}))
    without = WITHOUT.fullmatch(text)
    if without is not None:
        return _without(given, without, session)
    instead = INSTEAD.search(text)
    words = rewritten(text[: instead.start()] if instead else text, contract_of(session), session)
    if isinstance(words, Mistaken):
        return words
    assert session.policy is not None and session.policy.names is not None
    told = read_told(words, contract_of(session), session.policy.names, session.case)
    if not isinstance(told, Told):
        return Mistaken(at_line(told, given) if words == given.text else told)
    if instead is None:
        return Supposed(told)
    new = next((entry.event for entry in told.entries if entry.event is not None), None)
    if new is None:
        return malformed(given, f"{FORM} instead", "`instead` stands after something that happens")
    old = _latest(session.case, new.subject, new.type)
    if old is None:
        return no_such(given.span, "line to put this instead of:", f"{new.subject} {new.type}", ())
    return Supposed(_in_place_of(old, told, STAMPED.match(words) is not None), old)


def _in_place_of(old: Event, told: Told, timed: bool) -> Told:
    """The line under the id of the one whose place it takes and, where it has no time of its own, at its instant."""
    entries = []
    for entry in told.entries:
        if entry.event is not None:
            at = entry.at if timed else old.at
            entry = evolve(entry, at=at, event=evolve(entry.event, id=old.id, at=entry.event.at if timed else old.at))
        entries.append(entry)
    return evolve(told, entries=tuple(entries))


def rewritten(text: str, contract: Contract, session: Session) -> str | Mistaken:
    """A line as scenarios write it: ``severity 2 at 10:00`` and a time at the end are put into that form."""
    short = SEVERITY.fullmatch(text)
    if short is not None:
        known = subjects_of(session.case)
        subject = short["subject"] or (session.case.events[-1].subject if known else "T1")
        line = f"{subject} severity_changed by {who_changes(contract, session.case)}, severity {short['level']}"
        return f"{short['at']}  {line}" if short["at"] else line
    late = AT_THE_END.fullmatch(text)
    return f"{late['at']}  {late['line']}" if late is not None and not text.startswith("expect") else text


def who_changes(contract: Contract, case: Case) -> str:
    """A party that may change the severity (R24)."""
    severities = adopted(contract, case)[-1].terms.severities
    if severities is not None:
        for named in (severities.changed_by, severities.assigned_by):
            if not isinstance(named, AsRead) and named:
                return named[0]
    return next(party.name for party in contract.parties if party.role == "customer")


def _without(given: Given, match: re.Match[str], session: Session) -> Supposed | Mistaken:
    old = _latest(session.case, match["subject"], match["event"])
    if old is not None:
        return Supposed(gone=old)
    known = {e.type for e in session.case.events if e.subject == match["subject"]}
    if not known:
        return no_such(given.part(*match.span("subject")), "subject", match["subject"], subjects_of(session.case))
    return no_such(given.part(*match.span("event")), f"line of `{match['subject']}`:", match["event"], known)


def _latest(case: Case, subject: str, named: str) -> Event | None:
    """The latest such event, by its type or its id."""
    return next((e for e in reversed(case.events) if e.subject == subject and named in (e.type, e.id)), None)


def what_if(session: Session, what: Supposed, look: Look) -> Done:
    """``what if LINE``: both cases judged as of the clock, or of the line where that is later."""
    contract, case = contract_of(session), session.case
    if any(entry.expected is not None for entry in what.told.entries):
        problem = error("E0902", Given("expect", 0).span, "an expectation supposes nothing", "say it by itself")
        return Done(session, (problem,), failed=True)
    zone = zone_in(session)
    at = max([now_of(case), *(entry.at for entry in what.told.entries)])
    other = evolve(
        case,
        entries=_with(case, what),
        readings={**case.readings, **what.told.readings},
        supplied={**case.supplied, **what.told.supplied},
    )
    tell = teller(zone, at)
    parts: list[Part] = [problem for problem in what.told.warnings if problem.code != EARLIER]
    as_of = "" if at == case.now else f", as of {clock_words(at, zone)}"
    parts.append(line(("what if ", FAINT), (_words(what, zone), STRONG), (as_of, FAINT)))
    told = changes.told(evaluated(contract, case, at), evaluated(contract, other, at), tell)
    parts += told or remark("  nothing would differ")
    return Done(session, tuple(parts))


def _with(case: Case, what: Supposed) -> tuple[Entry, ...]:
    entries = [entry for entry in case.entries if what.gone is None or entry.event is not what.gone]
    return (*entries, *what.told.entries)


def _words(what: Supposed, zone: str) -> str:
    said = []
    for entry in what.told.entries:
        if entry.event is not None:
            said.append(f"{clock_words(entry.at, zone)}  {event_words(entry.event, zone, entry.at)}")
    said += [f"reading {name} were {option}" for name, option in what.told.readings.items()]
    said += [f"{name} were supplied so" for name in what.told.supplied]
    if what.gone is not None:
        old = f"{what.gone.subject} {what.gone.type} of {clock_words(what.gone.at, zone)}"
        said.append(f"in place of {old}" if what.told.entries else f"there were no {old}")
    return ", ".join(said)
