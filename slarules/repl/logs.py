"""A log of events brought into a session, its names put so that a scenario can write them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from attrs import evolve

from slarules.diagnostics import has_errors
from slarules.model.event import Event
from slarules.repl.answers import FAINT, STRONG, Answer, Line, Part, line, remark, wrong
from slarules.repl.judging import clock_words, contract_of, evaluated, now_of, subjects_of, zone_in
from slarules.repl.moving import Done, with_entry
from slarules.repl.session import Entry, Session, changed

MANY = 5_000
"""Events of a log that a session takes: more are for `slarules run`."""



def load_log(session: Session, path: str, mapping: str | None) -> Done:
    """The events of a log, said at once; the clock moves to the last of them."""
    if session.policy is None or session.policy.contract is None:
        problem = wrong("E0906", "there is no policy to judge a log by", "first `load POLICY.sla`")
        return Done(session, (problem,), failed=True)
    from slarules.readers.reading import read_events  # the column libraries start slowly

    reading = read_events(path, mapping)
    if has_errors(reading.problems):
        return Done(session, reading.problems, failed=True)
    events: list[Event] = []
    aside: Counter[str] = Counter()
    for entry in reading:
        if isinstance(entry, Event):
            events.append(entry)
        else:
            aside[f"line {entry.line}: {entry.code} {entry.cause}"] += 1
        if len(events) > MANY:
            told = "judge it by `slarules run`, or load a part of it"
            problem = wrong("E0905", f"`{path}` has more than {MANY:,} events", told)
            return Done(session, (problem,), failed=True)
    if not events:
        return Done(session, remark(f"  `{path}` has no events"), failed=True)
    named, renamed = with_names(events, session.case.events)
    case = session.case
    for event in sorted(named, key=lambda e: e.at):
        case = with_entry(case, Entry(max(event.at, event.recorded_at or event.at), event, many=True))
    following = changed(session, case)
    parts: list[Part] = [*reading.problems, _summary(following, len(events))]
    parts += [line((f"  set aside, {words}", FAINT)) for words in list(aside)[:5]]
    parts += [line((f"  and {len(aside) - 5:,} more set aside", FAINT))] if len(aside) > 5 else []
    parts += _called(renamed)
    parts.append(line((f"  the clock is at {clock_words(now_of(case), zone_in(following))}", FAINT)))
    return Done(following, tuple(parts))


def _summary(session: Session, many: int) -> Line:
    """How much there is, and what became of what was owed."""
    evaluation = evaluated(contract_of(session), session.case)
    counts = Counter(v.state for v in evaluation.verdicts if v.rule in ("duty", "target"))
    states = ", ".join(f"{many:,} {state.replace('_', ' ')}" for state, many in sorted(counts.items()))
    subjects = len(subjects_of(session.case))
    return line((f"{many:,} events, {subjects:,} subjects", STRONG), f"; duties: {states}" if states else "")


def _called(renamed: Mapping[str, str]) -> Answer:
    """Names that a scenario cannot write, and what stands for them here."""
    shown = [f"`{old}` is `{new}`" for old, new in list(renamed.items())[:3]]
    if not shown:
        return ()
    more = f" and {len(renamed) - 3:,} more" if len(renamed) > 3 else ""
    return (line((f"  named as a scenario can: {', '.join(shown)}{more}", FAINT)),)


def with_names(events: Iterable[Event], above: Iterable[Event]) -> tuple[tuple[Event, ...], Mapping[str, str]]:
    """The events with subjects, ids and sources that a scenario can write; old → new, where they differ."""
    taken = {name for e in above for name in (e.subject, e.id)}
    names: dict[str, str] = {}
    made = []
    for event in events:
        made.append(
            evolve(
                event,
                subject=_name(event.subject, names, taken, "T"),
                id=_name(event.id, names, taken, "e"),
                source=_name(event.source, names, taken, "s"),
                agreement=None if event.agreement is None else _name(event.agreement, names, taken, "A"),
                target=None if event.target is None else _name(event.target, names, taken, "e"),
            )
        )
    return tuple(made), {old: new for old, new in names.items() if old != new}


def _name(word: str, names: dict[str, str], taken: set[str], begin: str) -> str:
    if word in names:
        return names[word]
    plain = re.sub(r"[^A-Za-z0-9_]", "_", word)[:60] or begin
    plain = plain if not plain[0].isdigit() else begin + plain
    found, number = plain, 2
    while found in taken and found != word:
        found, number = f"{plain}_{number}", number + 1
    taken.add(found)
    names[word] = found
    return found
