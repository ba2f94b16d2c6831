"""The two contracts of a comparison, each as it is compared: its latest terms, under chosen readings, at all times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property

from attrs import evolve, field, frozen

from slarules.analysis.moments import FAR, MONDAY, supplied_for
from slarules.engine.adopt import Adopted, adopt, chosen
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract, Terms

A_CLOSED_DAY = MONDAY + timedelta(days=9)
"""The one date that a list has which a party is to supply and nobody did: a Wednesday."""

ENOUGH = date(2029, 1, 1)
"""What is supplied until here reaches over all tickets that are tried."""


@frozen(eq=False, slots=False)
class Side:
    """One of the two contracts."""

    stated: Contract
    """As its policy states it."""
    contract: Contract
    """Its latest terms alone, in force at all times."""
    readings: Mapping[str, str] = field(repr=False)
    """Every reading → the option it is compared under."""
    given: Mapping[str, Supplied] = field(repr=False)
    """What parties supplied: a log is judged by that alone."""
    supplied: Mapping[str, Supplied] = field(repr=False)
    """What tickets are tried with: that, and supposed dates where it does not reach over all of them."""
    supposed: tuple[str, ...]
    """Lists and calendars of which dates were supposed."""

    @cached_property
    def adopted(self) -> Adopted:
        """The terms with every reading decided."""
        return adopt(self.contract, self.readings, self.supplied)[-1]

    @property
    def terms(self) -> Terms:
        """The rules, with every reading decided."""
        return self.adopted.terms

    @property
    def zone(self) -> str:
        """Its zone; UTC where it has none."""
        return self.adopted.zone or "UTC"

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Its severities, gravest first."""
        severities = self.terms.severities
        return tuple(level.name for level in severities.levels) if severities is not None else ()

    def party(self, role: str) -> str | None:
        """The first party of a role."""
        return next((party.name for party in self.contract.parties if party.role == role), None)


def side(
    contract: Contract, readings: Mapping[str, str] | None = None, supplied: Mapping[str, Supplied] | None = None
) -> Side:
    """A contract as it is compared. ``readings`` chooses options other than the adopted; raises UnknownReading."""
    given = dict(supplied or {})
    whole = timeless(contract, latest=True)
    reaching = {name: what for name, what in given.items() if what.known_until is None or what.known_until >= ENOUGH}
    guessed = {name: what for name, what in _supposed(whole) if name not in reaching}
    options = {name: option for name, option in chosen(contract, readings).items() if option}
    return Side(contract, whole, options, given, {**guessed, **reaching}, tuple(guessed))


def timeless(contract: Contract, latest: bool = False) -> Contract:
    """The contract as if it had always been in force; ``latest``: with the latest of its terms alone."""
    versions = contract.versions
    if latest and (len(versions) > 1 or versions[-1].in_force_from is not None):
        versions = (evolve(versions[-1], in_force_from=None),)
    if versions is contract.versions and contract.in_force == (None, None):
        return contract
    return evolve(contract, versions=versions, in_force=(None, None))


def _supposed(contract: Contract) -> Iterator[tuple[str, Supplied]]:
    """A list has one Wednesday; a calendar is open on the evenings on which policies are tried everywhere."""
    for name, what in supplied_for(contract).items():
        yield name, what if what.windows else Supplied((A_CLOSED_DAY,), (), FAR)
