"""Every name that a contract declares, and what it is the name of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from attrs import Factory, define, field, frozen

from slarules.model.contract import Party
from slarules.model.rules import Citation, EventType, Fact
from slarules.resolve.builtin import AGREEMENT, ALWAYS, TICKET, TICKETS_MEANT
from slarules.resolve.problems import Problems
from slarules.resolve.types import Type
from slarules.source import Span
from slarules.syntax.tree import Node


@frozen
class Item:
    """A rule of the file with the words it rests on."""

    node: Node
    citation: Citation
    since: date | None = None
    """The first date on which its clause is in force; None: since ever."""
    until: date | None = None
    """The first date on which it is not any more; None: for ever."""
    inner: Mapping[str, Citation] = Factory(dict)
    """Option of a choice → the words inside it."""

    @property
    def name(self) -> str:
        return self.node.name.text


@frozen
class Owed:
    """A rule with a bearer and an act: a duty's or target's block, or one ``must`` line of a choice's option."""

    name: str
    item: Item
    """The block, or the choice."""
    verb: Node | None
    """Its ``must`` or ``aims_to`` line; None where it is missing."""
    lines: tuple[Node, ...]
    option: Node | None = None
    """The option of a choice that it belongs to."""

    @property
    def citation(self) -> Citation:
        return self.item.inner[self.option.name.text] if self.option is not None else self.item.citation


SORTS = {
    "fact": ("value", "fact"), "status": ("value", "status"), "allowance": ("value", "allowance"),
    "amount": ("value", "amount"), "date_rule": ("value", "date"), "duty": ("rule", "duty"),
    "target": ("rule", "target"), "prohibition": ("rule", "prohibition"), "right": ("rule", "right"),
    "choice": ("rule", "choice"), "choice_by_agreement": ("rule", "choice"), "scope": ("rule", "scope"),
    "calendar": ("calendar", "calendar"), "supplied_calendar": ("calendar", "calendar"),
    "holidays": ("calendar", "holidays"), "supplied_holidays": ("calendar", "holidays"),
    "event": ("event", "event"), "subject": ("subject", "subject"), "table": ("table", "table"),
    "role": ("party", "role"), "reading": ("reading", "reading"), "declaration": ("declaration", "declaration"),
    "severity": ("level", "severity"), "severities": ("severities", "severities"),
}
"""Kind of node → the namespace its name is unique in, and what it is."""
SAID = {"holidays": "list of holidays", "severities": "list of severities"}
"""Sorts that are said in more words."""


@define
class Names:
    """What is declared in one version of the terms."""

    problems: Problems
    parties: dict[str, Party] = field(factory=dict)
    ticket: str = TICKET
    """What the contract calls a ticket."""
    nouns: dict[str, str] = field(factory=dict)
    """Word for a subject → its kind."""
    items: dict[str, dict[str, Item]] = Factory(lambda: {sort: {} for _, sort in SORTS.values()})
    """What sort of thing → name → its item."""
    facts: dict[str, Fact] = field(factory=dict)
    events: dict[str, EventType] = field(factory=dict)
    acts: dict[str, tuple[str, ...]] = field(factory=dict)
    """Word for doing → event types."""
    owed: dict[str, Owed] = field(factory=dict)
    """Duties and targets, those of options included, in order."""
    called: dict[str, list[str]] = field(factory=dict)
    """Choice → the duties that its options call up, in order."""
    consequences: dict[str, list[str]] = field(factory=dict)
    """Rule → duties whose ``if breached`` line calls it up."""
    kinds: dict[str, str] = field(factory=dict)
    """Rule → the kind of subject it is about."""
    levels: tuple[str, ...] = ()
    columns: dict[str, str] = field(factory=dict)
    """A table's output column → the table."""
    states: dict[str, tuple[str, ...]] = field(factory=dict)
    """Status → its states."""
    benefits: dict[str, tuple[str, ...]] = field(factory=dict)
    """Status → everything that a state of it includes."""
    units: dict[str, str] = field(factory=dict)
    """Allowance → its unit."""
    amounts: dict[str, Type] = field(factory=dict)
    """``amount`` and ``date`` rules."""
    zone: bool = False
    """Whether the contract states its own zone."""

    def noun(self, kind: str | None) -> str:
        """What the contract calls a kind of subject, with its article."""
        if kind == AGREEMENT:
            return "the agreement"
        word = self.ticket if kind == TICKET else kind or "subject"
        return f"{'an' if word[0].lower() in 'aeiou' else 'a'} {word}"

    def sort_of(self, word: str) -> str | None:
        """What a name is the name of, for the message that it is not something else."""
        for sort, items in self.items.items():
            if word in items:
                return sort
        if word in self.parties:
            return "party"
        return "event" if word in self.events else "column" if word in self.columns else None

    def missing(
        self, code: str, sort: str, name: Node, known: Iterable[str], help: str | None = None,
        meant: Mapping[str, str] | None = None,
    ) -> None:
        """A name that is nothing of the sort asked for. ``meant``: other words for names that are known."""
        if sort == "duty" and self._may_be_an_options(name.text):
            return
        other = self.sort_of(name.text)
        said = SAID.get(sort, sort)
        if other is not None and other != sort:
            if (sort, name.text) not in self.problems.told:
                self.problems.told.add((sort, name.text))
                article = "an" if other[0] in "aeiou" else "a"
                is_ = f"{article} {SAID.get(other, other)}"
                self.problems.error(code, name.span, f"`{name.text}` is {is_}, no {said}", help)
            return
        self.problems.missing(code, said, name, known, help, meant)

    def _may_be_an_options(self, word: str) -> bool:
        """Whether what an option makes owed may be called so: it is named after its act, and that of one is unknown."""
        options = [one for one in self.owed.values() if one.option is not None and one.verb is not None]
        acts = [one.verb.first("act") for one in options if one.verb is not None]
        if all(act is None or act.name.text in self.acts for act in acts):
            return False
        return word in self.acts or any(word.startswith(f"{one.item.name}_") for one in options)

    def party(self, name: Node) -> str:
        """A party's name, told where there is none."""
        if name.text not in self.parties:
            help = "declare it in the `contract` block: `provider`, `customer` or `other party`"
            if name.text in self.nouns:
                help = "name a party; which ticket or agreement is meant, what sets the rule off says"
            self.missing("E0303", "party", name, self.parties, help, self._parties_meant())
        return name.text

    def _parties_meant(self) -> dict[str, str]:
        """Other words for the parties, where there is one of each role: those that this contract's words call them."""
        roles = {role: [one for one in self.parties.values() if one.role == role] for role in ("provider", "customer")}
        single = {role: found[0].name for role, found in roles.items() if len(found) == 1}
        meant = {word: single[role] for role in single for word in (role, role.capitalize())}
        return meant | {word: one.name for one in self.parties.values() for word in one.called}

    def calendar(self, name: Node) -> str:
        """A calendar's name; ``Always`` is built in."""
        calendars = self.items["calendar"]
        if name.text != ALWAYS and name.text not in calendars:
            self.missing("E0302", "calendar", name, (*calendars, ALWAYS), f"declare it: `calendar {name.text}`")
        return name.text

    def kind(self, name: Node) -> str:
        """The kind of subject that a word names."""
        kind = self.nouns.get(name.text)
        if kind is None:
            meant = dict.fromkeys(TICKETS_MEANT, self.ticket)
            self.missing("E0302", "subject", name, self.nouns, f"declare it: `subject {name.text}`", meant)
        return kind or "any"


@frozen
class Place:
    """Where an expression stands, and what may be named there."""

    names: Names
    kind: str | None
    """The kind of subject that the rule is about; None: any."""
    uses: set[tuple[str, str]]
    """(sort, name) of what the rule rests on."""
    parts: Mapping[str, Type] = Factory(dict)
    """Named parts of an amount that stand above."""
    level: str | None = None
    """The severity being defined."""
    within: tuple[str, ...] = ()
    """Readings whose options are being read: none may lead back to itself."""

    @property
    def problems(self) -> Problems:
        return self.names.problems

    def error(self, code: str, span: Span, message: str, help: str | None = None) -> None:
        """An error."""
        self.names.problems.error(code, span, message, help)
