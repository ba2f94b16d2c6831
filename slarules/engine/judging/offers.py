"""Choices that no event concerns yet, put aside until something may elect or end them, however many are open."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from slarules.engine.history import Entry
from slarules.engine.judging.aside import ENDS, FEW, by_its_trigger
from slarules.engine.judging.case import Case, goes_on
from slarules.engine.judging.choices import may_elect, option_of
from slarules.engine.judging.instance import Election
from slarules.engine.plan import CHOOSES

CLOSED = 0, 0
"""The kind of what a resolution has ended: only its reopening offers it again (R7)."""


def put_offers_aside(case: Case) -> None:
    """At the end of an instant: what is over is looked at no more; of many, what is open is put aside."""
    if len(case.choosing) <= FEW:
        return
    choosing: list[Election] = []
    for election in case.choosing:
        is_open = election.state == "open"
        if is_open and (election.lapses_at is None or election.lapses_at > case.now):
            _rest(case, election, _kind(case, election))
        elif is_open or election.state == "undetermined":
            choosing.append(election)
        elif election.closer is not None:
            _rest(case, election, CLOSED)
    case.choosing = choosing


def _kind(case: Case, election: Election) -> tuple[int, int]:
    """What may elect or end one of them may all: of one choice, and one trigger where its `while` turns on that."""
    return id(election.plan), id(election.trigger) if by_its_trigger(case.plan, election.plan) else 0


def _rest(case: Case, election: Election, kind: tuple[int, int]) -> None:
    case.offers.setdefault(kind, {})[election.place] = election
    if kind != CLOSED and election.lapses_at is not None:
        heappush(case.lapsing, (election.lapses_at, election.place, kind))


def take_offers(case: Case, acts: Sequence[Entry]) -> None:
    """What lapses now, and what an event of this instant may elect, end or offer again, is looked at again."""
    taken: list[Election] = []
    while case.lapses_aside() <= case.now:
        _, place, kind = heappop(case.lapsing)
        taken.append(case.offers[kind].pop(place))
        if not case.offers[kind]:
            del case.offers[kind]
    types = {entry.type for entry in acts}
    again = "reopened" in types
    ends = again or "resolved" in types or not types.isdisjoint(ENDS)
    elects = [entry for entry in acts if entry.type in CHOOSES]
    for kind, members in list(case.offers.items()) if ends or elects else ():
        first = next(iter(members.values()))
        choice = first.plan.choice
        chosen = any(option_of(choice, entry) is not None or may_elect(choice, entry) for entry in elects)
        if again or (kind != CLOSED and (ends or chosen)):
            taken += case.offers.pop(kind).values()
    _again(case, taken)


def take_ended_offers(case: Case) -> None:
    """What a scope or a `while` ends now is looked at again."""
    taken: list[Election] = []
    for kind, members in list(case.offers.items()):
        first = next(iter(members.values()))
        if kind != CLOSED and (case.outside is not None or goes_on(case, first) is False):
            taken += case.offers.pop(kind).values()
    _again(case, taken)


def _again(case: Case, taken: list[Election]) -> None:
    """Each in its place."""
    if taken:
        case.choosing = sorted([*case.choosing, *taken], key=lambda election: election.place)
    if len(case.lapsing) > 2 * len(case.elections):  # most of them are of what was taken since
        case.lapsing = [
            (one.lapses_at, place, kind) for kind, members in case.offers.items() if kind != CLOSED
            for place, one in members.items() if one.lapses_at is not None
        ]  # fmt: skip
        heapify(case.lapsing)
