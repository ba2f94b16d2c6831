"""A session as a value: the cases side by side, what was said in each, and the way back and forward."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, field, frozen

from slarules.model.calendar import Supplied
from slarules.model.event import Event
from slarules.repl.policy import Policy
from slarules.scenario.script import Expectation

FIRST = "main"
"""The case with which a session begins."""
FAR = 1_000
"""How many steps back are kept."""


@frozen
class Entry:
    """One line of a case: something happened, something was expected, or the clock was moved."""

    at: int
    """Where the line stands, in microseconds UTC; an event told late happened before."""
    event: Event | None = None
    expected: Expectation | None = None
    many: bool = False
    """One of a log's many events: what each of them changed is not told."""


@frozen
class Case:
    """Everything that was said of one case; what follows from it is judged again each time."""

    entries: tuple[Entry, ...] = ()
    """In the order in which they were said."""
    now: int | None = None
    """The clock, in microseconds UTC; None: not set yet."""
    readings: Mapping[str, str] = field(factory=dict)
    """Readings chosen otherwise than adopted."""
    supplied: Mapping[str, Supplied] = field(factory=dict)
    """What parties supplied, by the name of the list or calendar."""
    zone: str | None = None
    """The zone in which times are said; None: the contract's own."""

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened, in the order in which it was said."""
        return tuple(entry.event for entry in self.entries if entry.event is not None)


@frozen
class State:
    """The cases of a session, and which of them is before the user."""

    cases: Mapping[str, Case]
    current: str = FIRST


@frozen
class Session:
    """What a session is made of. Every command takes one and gives one."""

    policy: Policy | None = None
    state: State = field(factory=lambda: State({FIRST: Case()}))
    past: tuple[tuple[str, State], ...] = ()
    """Earlier states, the latest last, each with the words that led on from it."""
    future: tuple[tuple[str, State], ...] = ()
    """States that were undone, the next one last, each with the words that led to it."""
    kept: State | None = None
    """The state that was last saved to a file."""

    @property
    def case(self) -> Case:
        """The case before the user."""
        return self.state.cases[self.state.current]


def moved_on(session: Session, state: State) -> Session:
    """The session in another state; the present one can be had back by ``undone``."""
    if state == session.state:
        return session
    return evolve(session, state=state, past=(*session.past, ("", session.state))[-FAR:], future=())


def changed(session: Session, case: Case) -> Session:
    """The session with its present case replaced."""
    cases = {**session.state.cases, session.state.current: case}
    return moved_on(session, evolve(session.state, cases=cases))


def named(session: Session, words: str) -> Session:
    """The session with the words that led to its state, where they are not known yet."""
    if not session.past or session.past[-1][0]:
        return session
    return evolve(session, past=(*session.past[:-1], (words, session.past[-1][1])))


def undone(session: Session) -> tuple[Session, str | None]:
    """One step back, and the words undone; None: there is no step."""
    if not session.past:
        return session, None
    *past, (words, state) = session.past
    future = (*session.future, (words, session.state))
    return evolve(session, state=state, past=tuple(past), future=future), words


def redone(session: Session) -> tuple[Session, str | None]:
    """One step forward again, and the words done; None: there is no step."""
    if not session.future:
        return session, None
    *future, (words, state) = session.future
    past = (*session.past, (words, session.state))
    return evolve(session, state=state, past=past, future=tuple(future)), words


def is_unsaved(session: Session) -> bool:
    """Whether something was said that no saved file has."""
    return session.kept != session.state and any(case.entries for case in session.state.cases.values())
