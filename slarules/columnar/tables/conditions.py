"""Conditions as tables: each is asked beforehand for every combination of what it turns on.

The asking is done by the reference engine's own conditions, on a scene that holds just those inputs, so that there is
no second meaning of a condition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import attrs
from attrs import define, field, frozen

from slarules.calendars.calendar import Calendar
from slarules.calendars.civil import NoSuchDay
from slarules.calendars.zones import OutOfRange
from slarules.columnar.kernels.layout import (
    ACTOR_WANTED,
    ANY,
    Q_ACTOR,
    Q_AGREEMENT,
    Q_FACT,
    Q_FACT_OR_AGREEMENT,
    Q_HAPPENED,
    Q_MEMBER,
    Q_OPEN,
    Q_OVER,
    Q_SEVERITY,
    SEVERITY_WANTED,
)
from slarules.engine.amount import amount_value
from slarules.engine.expression import Test, Truth3
from slarules.engine.judging.rights import holds
from slarules.model.contract import Terms
from slarules.model.expression import (
    AllowanceRef,
    AmountRef,
    FactRef,
    Happened,
    InCalendar,
    Includes,
    NoMoreSevere,
    Pattern,
    Recorded,
    RightHolds,
    SeverityRef,
    StatusRef,
)
from slarules.model.rules import Choice
from slarules.model.value import Unknown, Value
from slarules.model.walk import inside

MOST = 1 << 14
"""Combinations of one condition's inputs that are asked."""


class Beyond(Exception):
    """What no table can hold; its text says what, in the words of a run's summary."""


@frozen
class Input:
    """One thing that a condition turns on."""

    kind: str
    """``fact``, ``severity``, ``happened``, ``open``, ``status``, ``actor``, ``member`` or ``over``."""
    name: str = ""
    """Of the fact, calendar, status or role."""
    pattern: Pattern | None = None
    """The events that count, for ``happened``."""


OVER = Input("over")
"""What has ended the agreement by now, if anything has."""


@define
class Vocabulary:
    """What the inputs of one log can be, as codes; ``wanted`` grows with what conditions turn out to want."""

    terms: Terms
    parties: tuple[str, ...]
    """By code; whoever else acts has the code after the last."""
    levels: tuple[str, ...]
    """Severities by code."""
    facts: dict[str, int] = field(factory=dict)
    """Facts of tickets that anything turns on → their number."""
    values: Mapping[str, Sequence[Value]] = field(factory=dict)
    """Fact → its values in the log; their codes begin at 1."""
    steps: dict[tuple[str, str], int] = field(factory=dict)
    """What is followed of agreements: (kind, name) → its number;"""
    stands: Mapping[tuple[str, str], Sequence[Value]] = field(factory=dict)
    """how it can stand; codes begin at 1."""
    happened: dict[Pattern, int] = field(factory=dict)
    """Patterns that are looked for → their number."""
    wanted: dict[str, int] = field(factory=dict)
    """What something may be unknown for want of → its bit."""
    calendars: dict[str, int] = field(factory=dict)
    """Calendars → their number."""
    choices: dict[str, int] = field(factory=dict)
    """Choices about tickets → their number in all versions;"""
    options: dict[str, int] = field(factory=dict)
    """and what they offer → its code, from 1."""

    def offer(self, choices: Iterable[Choice]) -> None:
        """Take the choices of a version in."""
        for choice in choices:
            if choice.kind == "ticket":
                self.choices.setdefault(choice.name, len(self.choices))
                for option, _ in choice.options:
                    self.options.setdefault(option, len(self.options) + 1)

    def bits(self, names: frozenset[str]) -> int:
        """The bits of what is wanted. Raises ``Beyond`` where there are none left."""
        found = 0
        for name in sorted(names):
            if name not in self.wanted:
                if name == "severity":
                    self.wanted[name] = SEVERITY_WANTED
                elif name == f"actor of {_Act(None).id}":  # of the ticket's own event at hand
                    self.wanted[name] = ACTOR_WANTED
                elif name in self.facts:
                    self.wanted[name] = 1 << self.facts[name]
                else:
                    free = next((b for b in range(59, -1, -1) if 1 << b not in self.wanted.values()), 0)
                    if free < len(self.facts):
                        raise Beyond("more facts are wanted than a table has room for")
                    self.wanted[name] = 1 << free
            found |= self.wanted[name]
        return found


# ---- What a condition turns on --------------------------------------------------------------------------------------


def inputs_of(value: object, terms: Terms) -> list[Input]:
    """The inputs of conditions or limits, each once. Raises ``Beyond``."""
    found: dict[Input, None] = {}
    _collect(value, terms, found)
    return list(found)


def _collect(value: object, terms: Terms, found: dict[Input, None]) -> None:
    match value:
        case FactRef(name):
            found[Input("fact", name)] = None
        case SeverityRef():
            found[Input("severity")] = None
        case StatusRef(status) | Includes(status, _):
            found[Input("status", status)] = None
        case AllowanceRef(allowance):
            found[Input("allowance", allowance)] = None
        case Happened(pattern, this_term, within):
            if this_term:
                raise Beyond("asks what has happened in this term")
            if within is not None:
                raise Beyond("asks how long ago something happened")
            found[Input("happened", pattern=pattern)] = None
        case InCalendar(name, _):
            found[Input("open", name)] = None
        case AmountRef(name):
            _of_amount(name, terms, found)
        case RightHolds(right):
            _of_right(right, terms, found)
        case NoMoreSevere(level):
            _of_graver(level, terms, found)
        case tuple():
            for part in value:
                _collect(part, terms, found)
        case _ if attrs.has(type(value)):
            own: type = type(value)
            for at in attrs.fields(own):
                _collect(getattr(value, at.name), terms, found)


def _of_right(name: str, terms: Terms, found: dict[Input, None]) -> None:
    right = terms.rights[name]
    if right.notice is not None:
        raise Beyond(f"asks for the right `{name}`, which asks for notice")
    _collect((right.only_if, right.whiles), terms, found)
    if right.during is not None:
        found[Input("open", right.during)] = None
    if right.role is not None:
        if person_fact(right.role, terms) is None:
            raise Beyond(f"asks for the right `{name}`, which people have whom no fact of the ticket names")
        found[Input("member", right.role)] = None
    elif all(pattern.by is None for pattern in right.patterns):
        found[Input("actor")] = None


def person_fact(role: str, terms: Terms) -> str | None:
    """The fact by which a ticket names the person acting; None: it may be told otherwise than by the ticket."""
    name = terms.roles[role].identified_by or "caller"
    fact = terms.facts.get(name)
    return None if fact is None or fact.kind == "agreement" or fact.presumed is not None else name


def _of_amount(name: str, terms: Terms, found: dict[Input, None]) -> None:
    """What an amount is computed of; its named parts are no facts."""
    amount = terms.amounts[name]
    own: dict[Input, None] = {}
    _collect((amount.value, amount.parts), terms, own)
    parts = {part for part, _ in amount.parts}
    found.update({one: None for one in own if one.kind != "fact" or one.name not in parts})


def _of_graver(level: str, terms: Terms, found: dict[Input, None]) -> None:
    assert terms.severities is not None
    for other in terms.severities.levels:
        if other.name == level:
            return
        _collect(other.applies, terms, found)


# ---- Asking ---------------------------------------------------------------------------------------------------------


@frozen(eq=False)
class _Hours:
    """A calendar at one instant: closed, open, or open by its base beyond its lists (R30)."""

    code: int
    unknown_names: tuple[str, ...]

    @property
    def unknown_from(self) -> int | None:
        return 0 if self.code == 2 else None

    def is_open(self, at: int) -> bool:
        return self.code > 0


@define(eq=False)
class _Act:
    """The event at hand: only who did it is known."""

    actor: str | None
    id: str = ""
    facts: Mapping[str, Value] = field(factory=dict)


NOT_NAMED, NO_AGREEMENT = "not named", "no agreement"
"""What is known of a person where not whether the role has that person."""


@frozen(eq=False)
class _Role:
    """A role, and whether it has the person acting."""

    has: Truth3

    def member(self, role: str, person: str, at: int) -> Truth3:
        return self.has

    def term_at(self, at: int) -> tuple[int | None, int | None]:
        raise AssertionError("a right that asks for notice is beyond the columns")


@define(eq=False)
class Scene:
    """A scene of conditions (see ``engine.expression.Scene``) that holds given inputs, and nothing else."""

    terms: Terms
    given: Mapping[Input, Any]
    calendars: Mapping[str, Any]
    entry: Any = None
    now: int = 0
    then: Scene | None = None
    """As it was recorded then; None: as it is."""

    def fact(self, name: str) -> Value:
        own = Input("fact", name)
        value = self.given[own] if own in self.given else self._person(name)
        if value is not None:
            return value
        presumed = self.terms.facts[name].presumed if name in self.terms.facts else None
        return Unknown(frozenset({name})) if presumed is None else presumed

    def severity_now(self) -> str | None:
        return self.given[Input("severity")]  # type: ignore[no-any-return]

    def status_now(self, status: str) -> Value:
        return _or_no_agreement(self.given[Input("status", status)])

    def allowance_now(self, allowance: str) -> Value:
        return _or_no_agreement(self.given[Input("allowance", allowance)])

    def amount_now(self, amount: str) -> Value:
        return amount_value(self, amount)

    def has_happened(self, asked: Happened) -> bool:
        return bool(self.given[Input("happened", pattern=asked.pattern)])

    def as_recorded_then(self) -> Scene:
        return self if self.then is None else self.then

    def right_holds(self, right: str) -> Truth3:
        role = self.terms.rights[right].role
        has: Any = NO_AGREEMENT if role is None else self.given[Input("member", role)]
        return holds(self.terms.rights[right], self, None if has in (NOT_NAMED, NO_AGREEMENT) else _Role(has))

    def _person(self, name: str) -> str | None:
        """The person acting, whom a fact names that nothing but a role asks for."""
        for one, has in self.given.items():
            if one.kind == "member" and person_fact(one.name, self.terms) == name:
                return None if has == NOT_NAMED else "somebody"
        raise KeyError(name)


def _or_no_agreement(value: Value | None) -> Value:
    return Unknown(frozenset({"agreement"})) if value is None else value


@frozen(eq=False)
class Question:
    """A condition with every combination of its inputs answered."""

    inputs: tuple[tuple[int, int, int], ...]
    """(kind, what, stride) of each input."""
    answers: tuple[int | tuple[int], ...]
    """Of each combination: 0 no, 1 yes, or the bits of what is wanted, as a tuple."""


def question(test: Test, turns_on: Sequence[Input], words: Vocabulary, calendars: Mapping[str, Calendar]) -> Question:
    """A condition's answers. Raises ``Beyond`` where there are too many, or some input is none of a ticket."""
    own, scenes = every_scene(turns_on, words, calendars)
    return Question(own, tuple(_answered(test, scene, words) for scene in scenes))


def recorded_beside(
    test: Test, conditions: object, found: Question, turns_on: Sequence[Input], words: Vocabulary,
    calendars: Mapping[str, Calendar],
) -> bool:  # fmt: skip
    """Whether it matters that something is recorded only while an answer is waited for.

    It was not recorded then (R8), also where its value counts by now; no table tells the two apart.
    """
    asked = {one for part in inside(conditions) if isinstance(part, Recorded) for one in inputs_of(part, words.terms)}
    places = [place for place, one in enumerate(turns_on) if one in asked]
    if not places:
        return False
    choices = [_choices(one, words) for one in turns_on]
    kinds = ("fact", "severity", "member")
    told = [one.kind in kinds and len(own) > 1 for one, own in zip(turns_on, choices, strict=True)]
    for row, codes in enumerate(product(*(range(len(one)) for one in choices))):
        for place in places:
            others = any(told[n] and codes[n] == 0 for n in range(len(codes)) if n != place)
            if codes[place] == 0 or not others:
                continue
            if isinstance(found.answers[row - codes[place] * found.inputs[place][2]], tuple):
                given = {one: choices[n][codes[n]] for n, one in enumerate(turns_on)}
                scene = _scene(given, words, calendars)
                scene.then = _scene({**given, turns_on[place]: None}, words, calendars)
                if _answered(test, scene, words) != found.answers[row]:
                    return True
    return False


def every_scene(
    turns_on: Sequence[Input], words: Vocabulary, calendars: Mapping[str, Calendar]
) -> tuple[tuple[tuple[int, int, int], ...], Iterator[Scene]]:
    """How the kernels find the inputs, as ``Question``; and a scene for each combination of what they can be."""
    choices = [_choices(one, words) for one in turns_on]
    size = 1
    for one in choices:
        size *= len(one)
    if size > MOST:
        raise Beyond("turns on more different facts than a table can hold")
    strides, stride = [], size
    for one in choices:
        stride //= len(one)
        strides.append(stride)
    own = tuple((*_coded(one, words), stride) for one, stride in zip(turns_on, strides, strict=True))
    given = (dict(zip(turns_on, values, strict=True)) for values in product(*choices))
    return own, (_scene(one, words, calendars) for one in given)


def _scene(given: Mapping[Input, Any], words: Vocabulary, calendars: Mapping[str, Calendar]) -> Scene:
    hours = {
        one.name: _Hours(code, calendars[one.name].unknown_names) for one, code in given.items() if one.kind == "open"
    }
    actor = given.get(Input("actor"))
    return Scene(words.terms, given, hours, None if actor is None else _Act(actor[0]))


def _answered(test: Test, scene: Scene, words: Vocabulary) -> int | tuple[int]:
    try:
        value = test(scene)
    except (OutOfRange, NoSuchDay):
        raise Beyond("turns on dates that cannot be computed") from None
    if isinstance(value, Unknown):
        return (words.bits(value.missing),)
    return 1 if value else 0


def _choices(one: Input, words: Vocabulary) -> Sequence[Any]:
    """What an input can be, in the order of its codes."""
    match one.kind:
        case "fact":
            known = words.values.get(one.name, ())
            return [None, *known]
        case "severity":
            return [None, *words.levels]
        case "happened":
            return [False, True]
        case "open":
            return [0, 1, 2]
        case "actor":
            return [None, (None,), *((party,) for party in words.parties), ("",)]
        case "member":
            return [NOT_NAMED, NO_AGREEMENT, *words.stands[one.kind, one.name]]
    return [None, *words.stands[one.kind, one.name]]


def _coded(one: Input, words: Vocabulary) -> tuple[int, int]:
    """How the kernels find an input: what kind it is, and which."""
    match one.kind:
        case "fact":
            number = words.facts[one.name]
            step = words.steps.get(("fact", one.name))
            return (Q_FACT, number) if step is None else (Q_FACT_OR_AGREEMENT, number | step << 16)
        case "severity":
            return Q_SEVERITY, 0
        case "happened":
            assert one.pattern is not None
            return Q_HAPPENED, words.happened.setdefault(one.pattern, len(words.happened))
        case "open":
            return Q_OPEN, words.calendars[one.name]
        case "actor":
            return Q_ACTOR, 0
        case "over":
            return Q_OVER, words.steps["over", ""]
        case "member":
            fact = person_fact(one.name, words.terms)
            assert fact is not None
            return Q_MEMBER, words.facts[fact] | words.steps["member", one.name] << 16
    return Q_AGREEMENT, words.steps[one.kind, one.name]


def parties_of(patterns: Sequence[Pattern], parties: Sequence[str]) -> int:
    """The parties whose act fits one of the patterns, a bit each."""
    found = 0
    for pattern in patterns:
        found |= ANY if pattern.by is None else 1 << parties.index(pattern.by)
    return found
