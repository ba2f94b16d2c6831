"""What the values of a log mean under a contract: looked up once for each value, not once for each event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import define, field, frozen

from slarules.columnar.kernels import layout as at
from slarules.columnar.log.coding import CHANGES, Coded, Codes, Instants, recorded
from slarules.columnar.tables.conditions import Vocabulary
from slarules.engine.history import party_names
from slarules.engine.recorded import name_among, typed_value
from slarules.model.contract import Contract, Terms
from slarules.model.rules import Fact
from slarules.model.value import Value
from slarules.readers.columns.text import Truths

Lookup = np.ndarray[Any, np.dtype[np.int32]]
"""[code of a value] → what it means; the last entry is for null, whose code is -1."""
CHANGE, UNKNOWN = -2, -1
"""What a type of event means that is a correction, or that the contract does not know."""
BAD = -2
"""What a severity means that the contract does not have."""


@frozen(eq=False)
class Recorded:
    """A fact that a log records."""

    name: str
    codes: Codes
    """[row] → the code of a value, or of a text that may hold it; -1: null."""
    within: Lookup | None
    """[code of a text] → the code of the fact's value in it; None: the codes are the value's own."""
    means: Lookup
    """[value] → its code as the tables have it, from 1; 0: it is no value of this fact. Empty: the contract does not
    know the fact."""
    judge: int
    """The party that alone may record it; -1: anybody may."""
    asked: int
    """The fact's number for conditions; -1: none asks for it."""
    texts: Lookup | None = None
    """[value] → its text's code among those that may name an option; None: it names none."""

    def of(self, rows: Any) -> Codes:
        """The codes of its values in these rows; -1: not recorded."""
        found: Codes = self.codes[rows]
        return found if self.within is None else self.within[found]

    def through(self, means: Lookup) -> Lookup:
        """What its values mean, by the codes of its column."""
        return means if self.within is None else means[self.within]


@define(eq=False)
class Meanings:
    """What a log's values mean."""

    types: Lookup
    """Of the column ``type``: the type's number, ``CHANGE`` or ``UNKNOWN``."""
    actors: Lookup
    """Of the column ``actor``: the party; one more than there are parties: somebody else; -1: nobody."""
    severities: list[tuple[Recorded, Lookup]] = field(factory=list)
    """A fact ``severity``, and what its column's codes mean: the level, ``BAD``, or -1."""
    waits: list[tuple[Recorded, Lookup]] = field(factory=list)
    """A fact ``on``, and whom a ticket that waits then waits on, by its column's codes; 0: nobody is named."""
    facts: list[Recorded] = field(factory=list)
    """All other facts that the contract knows, and ``on`` where nothing waits."""
    unknown: list[Recorded] = field(factory=list)
    """Facts that it does not know."""
    naming: dict[str, list[Recorded]] = field(factory=dict)
    """What may name an option → the facts that do; their ``texts`` tell which."""
    texts: dict[str, int] = field(factory=dict)
    """What is said there → its code, from 1."""
    waited: dict[str, int] = field(factory=lambda: {"": 1})
    """Whom a ticket waits on → the code."""
    values: dict[str, list[Value]] = field(factory=dict)
    """Fact → its values by code, from 1."""
    recorded: list[Recorded] = field(factory=list)
    """Every fact of the log."""


def meanings_of(log: Coded, contract: Contract, terms: Terms, words: Vocabulary, types: Sequence[str]) -> Meanings:
    """What the values of a log mean; ``types`` are the types of event by number."""
    place = {name: number for number, name in enumerate(types) if number != at.NOTHING}
    said, acting = log.column("type"), log.column("actor")
    called = party_names(contract)
    party = {name: number for number, name in enumerate(words.parties)}
    found = Meanings(
        _lookup((CHANGE if name in CHANGES else place.get(name, UNKNOWN) for name in said.values), UNKNOWN),
        _lookup((party.get(called.get(n, n), len(party)) for n in acting.values), -1),
    )
    for name, codes, within, values in recorded(log):
        one = _recorded(found, terms, words, name, codes, within, values)
        found.recorded.append(one)
        if name == "severity":
            level = {own: number for number, own in enumerate(words.levels)}
            meant = (name_among(level, value) for value in values)
            levels = _lookup((BAD if n is None else level[n] for n in meant), -1)
            found.severities.append((one, one.through(levels)))
            continue
        if name == "on":
            names = [called.get(str(v), str(v)) for v in values]
            found.waits.append((one, one.through(_lookup((_numbered(found.waited, n) for n in names), 0))))
        known = name in terms.facts
        if known:
            found.facts.append(one)
        elif name not in terms.choices and name not in ("choice", "option"):
            found.unknown.append(one)
    return found


def first_of_unknown(log: Coded, meanings: Meanings, subjects: Truths) -> Iterator[int]:
    """The row of these subjects that first records a fact that the contract does not know, of each such fact: it is
    told once."""
    if not meanings.unknown:
        return
    whole = slice(None)
    known = (meanings.types[log.column("type").codes] >= 0) & subjects[log.subject]
    waiting = meanings.types[log.column("type").codes] == at.WAITING
    for one in meanings.unknown:
        there = (one.of(whole) >= 0) & known
        rows = np.flatnonzero(there & ~waiting if one.name == "on" else there)
        yield from rows[:1].tolist()


def _lookup(values: Any, null: int) -> Lookup:
    return np.array([*values, null], np.int32)


def _numbered(names: dict[str, int], name: str) -> int:
    return names.setdefault(name, len(names) + 1)


def _recorded(
    found: Meanings, terms: Terms, words: Vocabulary, name: str, codes: Codes, within: Lookup | None,
    values: Sequence[Any],
) -> Recorded:  # fmt: skip
    fact = terms.facts.get(name)
    texts = None
    if words.choices and (name in words.choices or name in ("choice", "option")):
        typed = [str(given) if fact is None else typed_value(fact.type, given) for given in values]
        texts = _lookup((_numbered(found.texts, t) if isinstance(t, str) else -1 for t in typed), 0)
    if fact is None or name == "severity":
        one = Recorded(name, codes, within, np.empty(0, np.int32), -1, -1, texts)
    else:
        judge = -1 if fact.judged_by is None else words.parties.index(str(fact.judged_by))
        means = _lookup(_codes(found.values, fact, name, values), 0)
        one = Recorded(name, codes, within, means, judge, words.facts.get(name, -1), texts)
    if texts is not None:
        found.naming.setdefault(name, []).append(one)
    return one


def _codes(kept: dict[str, list[Value]], fact: Fact, name: str, given: Sequence[Any]) -> Iterator[int]:
    """The code of each value; what is no value of the fact has 0."""
    values = kept.setdefault(name, [False, True] if fact.type.kind == "yes_no" else [])
    place: dict[tuple[str, Any], int] = {(type(value).__name__, value): n for n, value in enumerate(values, 1)}
    for one in given:
        value = typed_value(fact.type, one)
        if value is None:
            yield 0
            continue
        key = (type(value).__name__, value)
        if key not in place:
            place[key] = len(place) + 1
            values.append(value)
        yield place[key]


def options_of(meanings: Meanings, words: Vocabulary) -> Mapping[str, Instants]:
    """Choice → [text] its option, 0 for what is none; the last entry is for what is no text."""
    found = {}
    for choice in words.choices if meanings.naming else ():
        codes = np.zeros(len(meanings.texts) + 2, np.int64)
        for text, code in meanings.texts.items():
            codes[code] = words.options.get(text, 0)
        found[choice] = codes
    return found
