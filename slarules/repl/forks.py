"""Back and forward, and cases side by side: undo, redo, forks, and what differs between two of them."""

from __future__ import annotations

from attrs import evolve

from slarules.model.contract import Contract
from slarules.repl import changes
from slarules.repl.answers import FAINT, NOW, STRONG, Line, Look, Part, Words, grid, line, remark
from slarules.repl.judging import clock_words, contract_of, evaluated, teller, zone_of
from slarules.repl.moving import Done
from slarules.repl.session import Case, Session, State, moved_on, redone, undone
from slarules.scenario.writing import line_words

SHOWN = 6
"""Lines of each case that ``diff`` tells one by one."""


def undo(session: Session, _: None, look: Look) -> Done:
    """``undo``: as if the last command that changed something had not been given."""
    back, words = undone(session)
    return Done(back, remark("  there is nothing to undo" if words is None else f"  undone: {_short(words)}"))


def redo(session: Session, _: None, look: Look) -> Done:
    """``redo``: what was undone, done again."""
    forward, words = redone(session)
    return Done(forward, remark("  there is nothing to redo" if words is None else f"  done again: {_short(words)}"))


def _short(words: str) -> str:
    first, *more = words.splitlines() or [""]
    return first + (" …" if more else "")


def fork(session: Session, name: str, look: Look) -> Done:
    """``fork NAME``: the case goes on under another name; what it was stays where it is."""
    was = session.state.current
    state = State({**session.state.cases, name: session.case}, name)
    told = (f"  now in `{name}`; `switch {was}` goes back, `diff {was} {name}` tells them apart", FAINT)
    return Done(moved_on(session, state), (line(told),))


def switch(session: Session, name: str, look: Look) -> Done:
    """``switch NAME``: another of the cases."""
    following = moved_on(session, evolve(session.state, current=name))
    now = _clock(following, following.case)
    return Done(following, remark(f"  now in `{name}`" + (f", at {now}" if now else "")))


def forks(session: Session, _: None, look: Look) -> Done:
    """``forks``: all cases."""
    rows: list[list[str | Words]] = []
    for name, case in session.state.cases.items():
        here = name == session.state.current
        many = sum(entry.event is not None for entry in case.entries)
        rows.append(
            [
                ("* " if here else "  ", NOW),
                (name, STRONG),
                _clock(session, case) or "clock not set",
                f"{many} event{'' if many == 1 else 's'}",
                ", ".join(f"{reading} is {option}" for reading, option in case.readings.items()),
            ]
        )
    return Done(session, (grid(("", "case", "clock", "events", "readings"), rows),))


def clear(session: Session, _: None, look: Look) -> Done:
    """``clear``: an empty case in place of the present one."""
    cases = {**session.state.cases, session.state.current: Case(zone=session.case.zone)}
    return Done(moved_on(session, evolve(session.state, cases=cases)), remark("  an empty case; `undo` brings it back"))


def _clock(session: Session, case: Case) -> str:
    contract = session.policy.contract if session.policy is not None else None
    return "" if case.now is None else clock_words(case.now, zone_of(contract, case))


def diff(session: Session, named: tuple[str, str], look: Look) -> Done:
    """``diff A B``: lines that only one of them has, and what differs in their verdicts at the later clock."""
    contract = contract_of(session)
    one, other = (session.state.cases[name] for name in named)
    clocks = [case.now for case in (one, other) if case.now is not None]
    if not clocks or not (one.entries and other.entries):
        return Done(session, remark("  one of them is still empty: nothing can be compared"))
    at = max(clocks)
    zone = zone_of(contract, one)
    parts: list[Part] = [line((f"as of {clock_words(at, zone)}: from `{named[0]}` to `{named[1]}`", STRONG))]
    parts += _only(contract, one, other, "-") + _only(contract, other, one, "+")
    parts += _readings(one, other)
    before, after = evaluated(contract, one, at), evaluated(contract, other, at)
    told = changes.told(before, after, teller(zone, at))
    parts += told or remark("  no verdict differs")
    return Done(session, tuple(parts))


def _only(contract: Contract, case: Case, other: Case, mark: str) -> list[Line]:
    """The events of one case that the other has not."""
    left = list(other.events)
    own = []
    for event in case.events:
        if event in left:
            left.remove(event)
        else:
            own.append(event)
    zone = zone_of(contract, case)
    lines = [line((f"{mark} {line_words(event, zone)}", FAINT)) for event in own[:SHOWN]]
    if len(own) > SHOWN:
        lines.append(line((f"{mark} and {len(own) - SHOWN} more", FAINT)))
    return lines


def _readings(one: Case, other: Case) -> list[Line]:
    names = [name for name in {**one.readings, **other.readings} if one.readings.get(name) != other.readings.get(name)]
    return [
        line((f"  reading {name}: {one.readings.get(name, 'adopted')} → {other.readings.get(name, 'adopted')}", FAINT))
        for name in names
    ]
