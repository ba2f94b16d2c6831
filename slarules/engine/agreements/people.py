"""Who is in a role, when; and which designations and removals have no effect."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from attrs import define, field

from slarules.engine.expression import Truth3
from slarules.engine.history import Entry
from slarules.engine.in_force import worded
from slarules.model.rules import Role
from slarules.model.value import Unknown


@define(eq=False)
class People:
    """The people of one role of one agreement."""

    wordings: Sequence[tuple[int, Role]]
    """From when on the contract words the role so (R27)."""
    times: list[int] = field(factory=list)
    members: list[dict[str, Truth3]] = field(factory=list)
    """Who is in it from each of the times on; unknown where the form of the designation is."""
    changed: list[Entry] = field(factory=list)
    """The events that changed it."""
    refused: list[tuple[Entry, str, str]] = field(factory=list)
    """Designations and removals without effect: the finding's code, and why."""

    @classmethod
    def of(cls, wordings: Sequence[tuple[int, Role]], entries: Sequence[Entry], only: bool) -> People:
        """The role after each of the agreement's events; ``only``: the contract has no other role."""
        people = cls(wordings)
        vacated = 0
        for entry in entries:
            named = entry.facts.get("role", people.name if only else None)
            if entry.type not in ("contact_designated", "contact_removed") or named not in (None, people.name):
                continue
            person = str(entry.facts.get("who", ""))
            if not person:
                people._refuse(entry, "without_effect", "`who` names nobody", named is not None)
                continue
            vacated += people._take(entry, person, vacated, named is not None)
        return people

    @property
    def name(self) -> str:
        return self.wordings[0][1].name

    def role(self, at: int) -> Role:
        """The role as it is worded at an instant."""
        return worded(self.wordings, at)

    def at(self, at: int) -> Mapping[str, Truth3]:
        """Who is in the role at an instant; its events have happened."""
        place = bisect_right(self.times, at)
        return self.members[place - 1] if place else {}

    def short_of(self, at: int) -> int:
        """How many people the role lacks to the least that it must have; those whose form is unknown count."""
        least = self.role(at).at_least
        return max(0, least - len(self.at(at))) if isinstance(least, int) else 0

    def _take(self, entry: Entry, person: str, vacated: int, told: bool) -> int:
        """Put the person in or out; returns by how much the number of vacated places changes."""
        present = dict(self.members[-1]) if self.members else {}
        role = self.role(entry.at)
        replaces = role.replaceable_by or role.designated_by
        the = f"the role `{role.name}`"
        if entry.type == "contact_removed":
            if not _may(entry, replaces):
                return self._refuse(entry, "not_entitled", f"`{entry.actor}` may take nobody out of {the}", told)
            if present.pop(person, None) is None:
                return 0
            return self._now(entry, present, 1)
        known = person in present
        room = not isinstance(role.at_most, int) or len(present) + vacated < role.at_most
        valid = _in_form(role, entry)
        if not (known or room or vacated):
            return self._refuse(entry, "without_effect", f"{the} has its {role.at_most} people", told)
        if valid is False:
            return self._refuse(entry, "without_effect", f"{the} is given in writing", told)
        if (known or room) and _may(entry, role.designated_by):
            return self._now(entry, {**present, person: True if present.get(person) is True else valid}, 0)
        if vacated and not known and _may(entry, replaces):  # who is in it already takes no other place
            return self._now(entry, {**present, person: valid}, -1)
        return self._refuse(entry, "not_entitled", f"`{entry.actor}` may put nobody into {the}", told)

    def _now(self, entry: Entry, present: dict[str, Truth3], vacated: int) -> int:
        self.changed.append(entry)
        self.times.append(entry.at)
        self.members.append(present)
        return vacated

    def _refuse(self, entry: Entry, code: str, why: str, told: bool) -> int:
        if told:
            self.refused.append((entry, code, f"{why}: no effect"))
        return 0


def _may(entry: Entry, party: str | None) -> bool:
    """Whether the event is by the party that may do it; an actor who is not recorded is taken for it."""
    return party is None or entry.actor in (None, party)


def _in_form(role: Role, entry: Entry) -> Truth3:
    if not role.in_writing:
        return True
    written = entry.facts.get("written")
    return Unknown(frozenset({"written"})) if written is None else written is True
