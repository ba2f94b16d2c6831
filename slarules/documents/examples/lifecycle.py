"""A lifecycle of the agreement as a diagram: its states, and what moves the agreement from one to the next."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from slarules.documents.blocks import Block, Figure, Item, Listing, Paragraph, plain
from slarules.engine.adopt import Adopted
from slarules.engine.folding import still_asked
from slarules.model.contract import Contract
from slarules.model.life import State, Status, Transition
from slarules.model.value import Civil
from slarules.pictures import states as drawn
from slarules.wording.conditions import joined
from slarules.wording.events import any_of
from slarules.wording.grammar import listed, words
from slarules.wording.rules import sentences
from slarules.wording.values import length
from slarules.wording.voice import AGREEMENT, Voice


def lifecycle(status: Status, adopted: Adopted, contract: Contract) -> Iterator[Block]:
    """The diagram, and the same in sentences, as the words are read here."""
    read = evolve(status, states=tuple(_read(state) for state in status.states))
    voice = Voice(adopted.terms, contract, AGREEMENT)
    title = f"The lifecycle of {words(status.name)}"
    shown = [drawn.State(words(state.name), bool(state.begins_when), False, _note(state)) for state in read.states]
    yield Figure(drawn.states(title, shown, list(_moves(read, voice))), title)
    said = sentences(read, adopted.terms, contract)
    yield Paragraph(plain(said[0]))
    yield Listing(tuple(Item(plain(one)) for one in said[1:]))


def _read(state: State) -> State:
    """The state with what a reading has settled left out of its transitions."""
    left = ((one, still_asked(one.conditions)) for one in state.transitions)
    return evolve(state, transitions=tuple(evolve(one, conditions=asked) for one, asked in left if asked is not None))


def _note(state: State) -> str:
    lasts = f"lasts {length(evolve(state.lasts, rounding=None))}" if isinstance(state.lasts, Civil) else ""
    return "; ".join(one for one in (lasts, listed(map(words, state.includes)) or "no benefit") if one)


def _moves(status: Status, voice: Voice) -> Iterator[drawn.Move]:
    """One arrow from a state to another, with all that leads there."""
    for state in status.states:
        ways: dict[str, list[str]] = {}
        for one in state.transitions:
            ways.setdefault(one.to, []).append(_when(one, voice))
        for to, labels in ways.items():
            yield drawn.Move(words(state.name), words(to), "; or ".join(labels))


def _when(transition: Transition, voice: Voice) -> str:
    said = []
    if transition.at_end_of_term:
        said.append("at the end of the term")
    if transition.after is not None:
        said.append(f"{length(transition.after)} after it began")
    if transition.patterns:
        said.append(f"when {any_of(transition.patterns, voice)}")
    told = " ".join(said)
    return f"{told}, if {joined(transition.conditions, voice)}" if transition.conditions else told
