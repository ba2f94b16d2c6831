"""Names that may stand at a place of a line: subjects, events, parties, facts and their values, rules, calendars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from slarules.model.contract import Contract, with_verdicts
from slarules.repl.judging import amounts_of, contract_of, subjects_of
from slarules.repl.session import Session
from slarules.resolve import builtin
from slarules.scenario.happenings import CHANGING
from slarules.scenario.vocabulary import Vocabulary
from slarules.syntax.next import Next
from slarules.syntax.states import Spot

Named = tuple[str, str]
"""A name, and what it is."""


HAPPENED = "whether it has happened"
"""What an event's name is in a condition: offered last, for one seldom asks it."""


class Namer:
    """The names of a session, asked place by place."""

    def __init__(self, session: Session) -> None:
        assert session.policy is not None and session.policy.names is not None
        self.session = session
        self.contract: Contract = contract_of(session)
        self.names: Vocabulary = session.policy.names

    def at(self, place: Next) -> Iterator[Named]:
        """What a name at this place would be the name of; each place of the grammar has its own."""
        words = [text for kind, text in place.before if kind == "NAME"]
        last = [text for _, text in place.before][-2:]
        if len(last) == 2 and last[1] == "is":  # a level is written as a number or a word, an option as a name
            yield from self._values_of(last[0])
        elif last[-1:] == ["severity"] and any(spot.rule == "given_severity" for spot in place.spots):
            yield from self._values_of("severity")
        for rule, nth, within in sorted({(spot.rule, spot.nth, spot.within) for spot in place.spots}):
            yield from self._of(Spot(rule, nth, within), words, place)

    def fits(self, phrase: str, place: Next) -> bool:
        """Whether a keyword that the grammar takes makes sense here."""
        words = [text for _, text in place.before]
        if phrase == "on" or phrase.startswith("as read"):
            return words[-1:] == ["waiting"]
        if phrase in ("yes", "no", "none", "severity") and any(spot.within == "given" for spot in place.spots):
            return False
        return phrase != "is" or "expect" not in words or words[-1] in self.names.values

    def _of(self, spot: Spot, words: list[str], place: Next) -> Iterable[Named]:
        match spot.rule, spot.nth:
            case ("occurs" | "offset" | "expect" | "expect_value", 0):
                return self._subjects(fresh=spot.rule == "occurs")
            case ("occurs", 1):
                return self._events(words[-1])
            case ("offset", 1):
                return [(e.type, "") for e in self.session.case.events if e.subject == words[-1]]
            case ("by" | "on_party", 0):
                return [(party.name, party.role) for party in self.contract.parties]
            case ("under", 0):
                return [(e.subject, "an agreement") for e in self.session.case.events if e.kind == "agreement"]
            case ("to_event", 0) if words[-1:] and words[-1] in CHANGING:
                return [(e.id, e.type) for e in self.session.case.events if e.id.isidentifier()]
            case ("given" | "given_yes" | "given_no" | "given_dates" | "detail_missing", 0):
                return self._facts(words[0] if words else "", spot.rule)
            case ("given", _):
                return self._values_of(words[-1])
            case ("expect", 1):
                return [(name, "") for name in self.rules(words[0])]
            case ("expect_value", 1):
                return [(name, what) for name, what in self.names.values.items()]
            case ("outcome", 0):
                return [(state, "") for state in self.names.rules.get(words[-1], ())]
            case ("scenario_reading" | "reading_is", 0):
                return [(name, "a reading") for name in self.names.readings]
            case ("scenario_reading" | "reading_is", 1):
                return [(name, "an option") for name in self.names.readings.get(words[-1], ())]
            case ("scenario_supplied" | "scenario_windows", 0):
                return list(self.names.supplied.items())
        return self._in_expression(spot, words)

    def _in_expression(self, spot: Spot, words: list[str]) -> Iterable[Named]:
        match spot.rule:
            case "name" if spot.within == "given":
                return self._values_of(words[-1])
            case "name" if spot.within == "within":
                return [(column, "of a table") for t in self._terms("tables") for column in t.columns]
            case "name":
                facts = [(name, fact.title or "a fact") for name, fact in self.names.facts.items()]
                return [*facts, *self.names.values.items()]
            case "has_happened" | "has_happened_this_term" | "has_happened_within":
                return [(name, HAPPENED) for name in self.names.events]
            case "during" | "outside" | "basis" | "next_close" | "nth_close" | "by_close_of":
                return [(name, "a calendar") for name in self.calendars()]
            case "right_holds":
                return [(right.name, "a right") for right in self._terms("rights")]
            case "includes_":
                states = [state for status in self._terms("statuses") for state in status.states]
                return [(benefit, "a benefit") for state in states for benefit in state.includes]
        return ()

    def _terms(self, sort: str) -> list[Any]:
        return [rule for terms in self.contract.versions for rule in getattr(terms, sort).values()]

    def calendars(self) -> tuple[str, ...]:
        """The names of calendars."""
        return (*dict.fromkeys(name for terms in self.contract.versions for name in terms.calendars), builtin.ALWAYS)

    def rules(self, subject: str) -> tuple[str, ...]:
        """The rules about the subject's kind."""
        kind = self._kind(subject)
        found = dict.fromkeys(
            rule.name
            for terms in self.contract.versions
            for rule in with_verdicts(terms)
            if kind in (None, rule.kind)
        )
        return tuple(found)

    def amounts(self, subject: str) -> tuple[str, ...]:
        """What is computed of the subject, where it is an agreement."""
        return amounts_of(self.contract) if self._kind(subject) in (None, "agreement") else ()

    def _kind(self, subject: str) -> str | None:
        return next((e.kind for e in self.session.case.events if e.subject == subject and e.kind), None)

    def _subjects(self, fresh: bool) -> list[Named]:
        known = subjects_of(self.session.case)
        number = next(n for n in range(1, len(known) + 2) if f"T{n}" not in known)
        new = [(f"T{number}", f"a new {self.contract.ticket}")] if fresh else []
        return [*((name, self._kind(name) or "") for name in known), *new]

    def _events(self, subject: str) -> list[Named]:
        kind = self._kind(subject)
        return [
            (name, event.title or "") for name, event in self.names.events.items() if kind in (None, event.kind) or
            event.kind is None
        ]  # fmt: skip

    def _facts(self, subject: str, rule: str) -> Iterator[Named]:
        kind = self._kind(subject)
        for name, fact in self.names.facts.items():
            about = kind is None or fact.kind in (kind, builtin.ANY) or rule == "detail_missing"
            yes_no = fact.type.kind == "yes_no"
            if about and (rule == "detail_missing" or yes_no == (rule in ("given_yes", "given_no"))):
                yield name, fact.title or fact.type.kind.replace("_", " ")

    def _values_of(self, name: str) -> list[Named]:
        if name == "severity":
            return [(level, "a severity") for level in self.names.levels]
        fact = self.names.facts.get(name)
        values = fact.type.values if fact is not None else self.names.states.get(name, ())
        return [(value, f"of {name}") for value in values]
