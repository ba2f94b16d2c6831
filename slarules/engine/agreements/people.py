"""Who is in a role, when; and which designations and removals have no effect."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from attrs import define, field

from slarules.engine.expression import Scene, Truth3, missing, test
from slarules.engine.history import Entry
from slarules.engine.in_force import worded
from slarules.model.expression import Expression, Literal, Stepped
from slarules.model.rules import Role
from slarules.model.value import AsRead, Unknown

NOBODY_NAMED = Unknown(frozenset({"who"}))
NO_ROLE_NAMED = Unknown(frozenset({"role"}))
Count = int | AsRead | Stepped | None
Finds = Callable[[Entry], Scene]
"""The agreement as it stands with an entry."""


@define(eq=False)
class People:
    """The people of one role of one agreement."""

    wordings: Sequence[tuple[int, Role]]
    """From when on the contract words the role so (R27)."""
    present: dict[str, Truth3] = field(factory=dict)
    """Who is in it after the last of the events; unknown where the form of the designation is, whether it had room, or
    for which of several roles it was."""
    unnamed: int = 0
    """How many were put into it of whom nobody recorded who they are: they may be anybody."""
    gone: list[Unknown] = field(factory=list)
    """For want of what it is unknown of each removal who was taken out, or whether out of this role."""
    since: int | None = None
    """From when on anybody may be one of the unnamed."""
    times: list[int] = field(factory=list)
    sizes: list[int] = field(factory=list)
    """How many are in it from each of the times on, the unnamed counted."""
    told: dict[str, tuple[list[int], list[Truth3]]] = field(factory=dict)
    """Of each person: when they were put in or out, and whether they are in it from then on."""
    changed: list[Entry] = field(factory=list)
    """The events that changed it."""
    refused: list[tuple[Entry, str, str]] = field(factory=list)
    """Designations and removals without effect: the finding's code, and why."""

    @classmethod
    def of(
        cls, wordings: Sequence[tuple[int, Role]], entries: Sequence[Entry], only: bool, finds: Finds
    ) -> People:
        """The role after each of the agreement's events; ``only``: the contract has no other role."""
        people = cls(wordings)
        vacated = 0
        for entry in entries:
            named = entry.facts.get("role", people.name if only else None)
            if entry.type not in ("contact_designated", "contact_removed") or named not in (None, people.name):
                continue
            person = str(entry.facts.get("who", ""))
            take = people._take if person else people._take_unnamed
            vacated += take(entry, person, vacated, named is not None, finds)
        return people

    @property
    def name(self) -> str:
        return self.wordings[0][1].name

    def role(self, at: int) -> Role:
        """The role as it is worded at an instant."""
        return worded(self.wordings, at)

    def holds(self, person: str, at: int) -> Truth3:
        """Whether a person is in the role at an instant; its events have happened."""
        times, states = self.told.get(person, ((), ()))
        place = bisect_right(times, at)
        if place:
            return states[place - 1]
        return NOBODY_NAMED if self.since is not None and self.since <= at else False

    def states(self, person: str) -> Iterator[tuple[int, Truth3]]:
        """From when on the person is in it, or is not."""
        times, states = self.told.get(person, ((), ()))
        if self.since is not None and (not times or self.since < times[0]):
            yield self.since, NOBODY_NAMED
        yield from zip(times, states, strict=True)

    def least(self, at: int, scene: Scene) -> int:
        """How many people the role must have; where it is not known, the fewest that it may be."""
        return _bounds(self.role(at).at_least, scene)[0] or 0

    def size(self, at: int) -> int:
        """How many people are in the role at an instant."""
        place = bisect_right(self.times, at)
        return self.sizes[place - 1] if place else 0

    def _room(self, entry: Entry, person: str, vacated: int, finds: Finds) -> Truth3:
        """Whether there is a place that was never filled, beside the others who are in the role."""
        low, high, wanted = _bounds(self.role(entry.at).at_most, finds(entry))
        taken = len(self.present) - (person in self.present) + vacated
        if low is None or high is None or taken + self.unnamed < low:
            return True
        others = [state for one, state in self.present.items() if one != person]
        by_number = frozenset() if wanted is None else wanted.missing  # a place that is there only if they are in it
        unsure = [state for state in others if isinstance(state, Unknown) and not state.missing <= by_number]
        if taken - len(unsure) >= high:
            return False
        return missing(wanted, *unsure, NOBODY_NAMED if self.unnamed else None) or True

    def _take_unnamed(self, entry: Entry, person: str, vacated: int, told: bool, finds: Finds) -> int:
        """Somebody is put in or out of whom nobody recorded who it is: from now on it may be anybody (R9)."""
        role = self.role(entry.at)
        replaces = role.replaceable_by or role.designated_by
        the = f"the role `{role.name}`"
        if entry.type == "contact_removed":
            if not _may(entry, replaces):
                return self._refuse(entry, "not_entitled", f"`{entry.actor}` may take nobody out of {the}", told)
            if not self.present:
                return self._refuse(entry, "without_effect", "`who` names nobody", told)
            for one, state in list(self.present.items()):
                self._now(entry, one, missing(state, NOBODY_NAMED) or True, 0)
            self.gone.append(NOBODY_NAMED)
            return 0
        form = _in_form(role, entry)
        room = self._room(entry, person, vacated, finds)
        if form is False:
            return self._refuse(entry, "without_effect", f"{the} is given in writing", told)
        if room is False and not (vacated or self.gone):
            return self._refuse(entry, "without_effect", "`who` names nobody", told)
        if not _may(entry, role.designated_by if room is not False else replaces):
            return self._refuse(entry, "not_entitled", f"`{entry.actor}` may put nobody into {the}", told)
        self.unnamed += 1
        self.since = entry.at if self.since is None else self.since
        self.changed.append(entry)
        self.times.append(entry.at)
        self.sizes.append(len(self.present) + self.unnamed)
        for one, (times, states) in self.told.items():
            if one not in self.present:
                times.append(entry.at)
                states.append(NOBODY_NAMED)
        return 0

    def _take(self, entry: Entry, person: str, vacated: int, told: bool, finds: Finds) -> int:
        """Put the person in or out; returns by how much the number of vacated places changes."""
        present, role = self.present, self.role(entry.at)
        replaces = role.replaceable_by or role.designated_by
        the = f"the role `{role.name}`"
        if entry.type == "contact_removed":
            if not _may(entry, replaces):
                return self._refuse(entry, "not_entitled", f"`{entry.actor}` may take nobody out of {the}", told)
            if person not in present:
                return 0
            if told:
                return self._now(entry, person, False, 1)
            self.gone.append(NO_ROLE_NAMED)
            return self._now(entry, person, missing(present[person], NO_ROLE_NAMED) or True, 0)
        known = person in present
        room = self._room(entry, person, vacated, finds)
        form = _in_form(role, entry) if told or _in_form(role, entry) is False else NO_ROLE_NAMED
        if room is False and not (known or vacated or self.gone):
            most = _bounds(role.at_most, finds(entry))[1]
            return self._refuse(entry, "without_effect", f"{the} has its {most} people", told)
        if form is False:
            return self._refuse(entry, "without_effect", f"{the} is given in writing", told)
        if (known or room is not False) and _may(entry, role.designated_by):
            valid = form if room is False else missing(room, form) or True
            return self._now(entry, person, True if present.get(person) is True else valid, 0)
        if vacated and not known and _may(entry, replaces):  # who is in it already takes no other place
            return self._now(entry, person, form, -1)
        if self.gone and not known and _may(entry, replaces):
            return self._now(entry, person, missing(form, self.gone.pop(0)) or True, 0)
        return self._refuse(entry, "not_entitled", f"`{entry.actor}` may put nobody into {the}", told)

    def _now(self, entry: Entry, person: str, valid: Truth3, vacated: int) -> int:
        if valid is False:
            del self.present[person]
        else:
            self.present[person] = valid
        self.changed.append(entry)
        self.times.append(entry.at)
        self.sizes.append(len(self.present) + self.unnamed)
        times, states = self.told.setdefault(person, ([], []))
        times.append(entry.at)
        states.append(valid)
        return vacated

    def _refuse(self, entry: Entry, code: str, why: str, told: bool) -> int:
        if told:
            self.refused.append((entry, code, f"{why}: no effect"))
        return 0


def _bounds(given: Count, scene: Scene) -> tuple[int | None, int | None, Unknown | None]:
    """The fewest and the most that a number in steps may be, and for want of what it is not known; None: none."""
    if not isinstance(given, Stepped):
        number = given if isinstance(given, int) else None
        return number, number, None
    wanted: list[Truth3] = []
    found: list[int] = []
    for condition, value in given.steps:
        holds = test(condition)(scene)
        if holds is not False:
            found.append(_number(value))
            wanted.append(holds)
        if holds is True:
            break
    else:
        found.append(_number(given.otherwise))
    return min(found), max(found), missing(*wanted)


def _number(value: Expression) -> int:
    assert isinstance(value, Literal) and isinstance(value.value, Decimal)
    return int(value.value)


def _may(entry: Entry, party: str | None) -> bool:
    """Whether the event is by the party that may do it; an actor who is not recorded is taken for it."""
    return party is None or entry.actor in (None, party)


def _in_form(role: Role, entry: Entry) -> Truth3:
    if not role.in_writing:
        return True
    written = entry.facts.get("written")
    return Unknown(frozenset({"written"})) if written is None else written is True
