"""The clock and what happens beside it: lines are said, the clock is moved, and what changed is told."""

from __future__ import annotations

from attrs import evolve, frozen

from slarules.model.contract import Contract
from slarules.model.verdict import Evaluation
from slarules.repl import changes
from slarules.repl.answers import BAD, FAINT, GOOD, STRONG, Answer, Line, Look, Part, line, remark
from slarules.repl.judging import clock_words, contract_of, evaluated, now_of, tell_of, teller, zone_in, zone_of
from slarules.repl.lines import Told
from slarules.repl.session import Case, Entry, Session, changed
from slarules.scenario.judging import Judged, judge


@frozen
class Done:
    """What a command leaves and says."""

    session: Session
    answer: Answer = ()
    ends: bool = False
    """Whether the session is over."""
    failed: bool = False
    """Whether something was expected and not seen, or could not be done."""


def judgement(contract: Contract, case: Case) -> Evaluation | None:
    """The judgement of a case; None while its clock is not set."""
    return None if case.now is None else evaluated(contract, case)


def with_entry(case: Case, entry: Entry) -> Case:
    """The case with a line said after its own; a line later than the clock moves it on."""
    now = entry.at if case.now is None else max(case.now, entry.at)
    return evolve(case, entries=(*case.entries, entry), now=now)


def looked_for(contract: Contract, case: Case, entry: Entry) -> Judged:
    """What was expected beside what the lines above show, as of the line's instant (R36)."""
    assert entry.expected is not None
    return judge(entry.expected, evaluated(contract, case, entry.at), teller(zone_of(contract, case), entry.at))


def said(session: Session, told: Told, look: Look) -> Done:
    """Lines in a scenario's words: they happen, or are looked for."""
    contract, case = contract_of(session), session.case
    before = judgement(contract, case)
    lines: list[Part] = [*told.warnings]
    failed = False
    case = evolve(case, readings={**case.readings, **told.readings}, supplied={**case.supplied, **told.supplied})
    for entry in told.entries:
        late = case.now is not None and entry.at < case.now
        case = with_entry(case, entry)
        if entry.expected is not None:
            judged = looked_for(contract, case, entry)
            failed |= not judged.holds
            lines.append(expected_and_seen(judged))
        elif late and not told.warnings:
            lines.append(line((f"  told late: the clock stays at {_clock(contract, case)}", FAINT)))
    following = changed(session, case)
    after = judgement(contract, case)
    if after is not None and (told.readings or told.supplied or any(entry.event for entry in told.entries)):
        lines += changes.told(before, after, tell_of(following)) or remark("  nothing that is owed changes")
    return Done(following, tuple(lines), failed=failed)


def expected_and_seen(judged: Judged) -> Line:
    """One line on what was expected."""
    if judged.holds:
        return line(("  ✓ as expected: ", GOOD), judged.expected)
    return line(("  ✗ not as expected: ", BAD), f"{judged.expected}; seen: {judged.seen}")


def _clock(contract: Contract, case: Case) -> str:
    return clock_words(now_of(case), zone_of(contract, case))


def _moved(session: Session, to: int) -> Done:
    """The clock at another instant, and what is otherwise there."""
    contract, case = contract_of(session), session.case
    before = judgement(contract, case)
    back = case.now is not None and to < case.now
    moved = evolve(case, now=to, entries=(*case.entries, Entry(to)) if case.entries else ())
    following = changed(session, moved)
    after = judgement(contract, moved) if moved.entries else None
    told: Answer = changes.told(before, after, tell_of(following)) if after is not None else ()
    first = line((f"  {clock_words(to, zone_in(session))}", STRONG))
    if back:
        first = line(*first.parts, (", earlier than the clock stood: what is later is not looked at", FAINT))
    if not told and case.entries:
        told = remark("  nothing has changed")
    return Done(following, (first, *told))


def set_clock(session: Session, to: int, look: Look) -> Done:
    """``at 2026-03-02 10:00``, ``advance 3 hours``."""
    return _moved(session, to)


def to_next_change(session: Session, _: None, look: Look) -> Done:
    """``next``: the next instant at which something changes if nothing more happens (R17)."""
    contract, case = contract_of(session), session.case
    at = evaluated(contract, case).next_change_at
    if at is None:
        return Done(session, remark("  nothing changes any more if nothing more happens"))
    return _moved(session, at)
