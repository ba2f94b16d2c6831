"""Who is speaking of what: the terms at hand, the contract around them, and the readings met on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import Factory, define, evolve

from slarules.model.contract import Contract, Terms
from slarules.model.value import AsRead
from slarules.wording.grammar import article, listed, quoted, words

TICKET, AGREEMENT, ANY = "ticket", "agreement", "any"
_READ = " (as read in "


@define
class Voice:
    """What the words of one rule are said with."""

    terms: Terms
    """The rules in force, for what names stand for."""
    contract: Contract | None = None
    """The whole contract, for its word for a ticket and for the options adopted; None: neither is said."""
    kind: str | None = None
    """The kind of subject that the rule is about; None: any."""
    notes: list[str] = Factory(list)
    """What the readings met so far stand for, in the order met: sentences for the end of the paragraph."""

    def about(self, kind: str | None) -> Voice:
        """The same voice, for a rule about this kind of subject; its notes are shared."""
        return evolve(self, kind=kind, notes=self.notes)

    def noun(self, kind: str | None) -> str:
        """What the contract calls a kind of subject, without an article."""
        if kind == TICKET and self.contract is not None:
            return self.contract.ticket
        return "subject" if kind in (None, ANY) else words(str(kind))

    def some(self, kind: str | None) -> str:
        """A subject of that kind, first met: `a request`; there is one agreement only."""
        return "the agreement" if kind == AGREEMENT else article(self.noun(kind))

    def the(self, kind: str | None) -> str:
        """The subject of that kind: `the request`."""
        return f"the {self.noun(kind)}"

    def adopted(self, reading: str) -> str | None:
        """The option that the contract adopts; None where no contract is at hand or it adopts none."""
        known = self.contract.readings.get(reading) if self.contract is not None else None
        return known.adopted or None if known is not None else None

    def read(
        self, value: AsRead, say: Callable[[Any], str], unknown: str = "what is said",
        alone: Callable[[Any], str] | None = None,
    ) -> str:
        """What stands there by the adopted option, named as read so; every option goes into the notes.

        ``say`` words one option's value; ``unknown`` stands where no option is known to be adopted; ``alone`` words an
        option where it does not stand among the other words, if that is another way.
        """
        name = quoted(value.reading)
        adopted = self.adopted(value.reading)
        ways = [f"{quoted(option)}{' (adopted)' if option == adopted else ''} means: {(alone or say)(inner)}"
                for option, inner in value.options.items()]
        note = f"in the reading {name}, {'; '.join(ways)}"
        if note not in self.notes:
            self.notes.append(note)
        if adopted is None or adopted not in value.options:
            return f"{unknown} as read in {name}"
        said = say(value.options[adopted])
        if said.endswith("”)") and _READ in said:
            return f"{said[:-1]} and in {name})"
        return f"{said}{_READ}{name})"

    def parties(self, value: tuple[str, ...] | AsRead, nobody: str, joint: str = "or") -> str:
        """Parties by name, perhaps as a reading decides."""
        if isinstance(value, AsRead):
            return self.read(value, lambda names: self.parties(names, nobody, joint), "the party")
        return listed((words(name) for name in value), joint) or nobody
