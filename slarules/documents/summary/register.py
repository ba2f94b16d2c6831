"""Every rule of a contract, clause by clause as the policy has them: its sentences, its words, its anchor."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter

from attrs import define, field, frozen

from slarules.documents.summary.as_read import as_read, never
from slarules.engine.adopt import Adopted
from slarules.loader import Loaded
from slarules.model.contract import Contract, Terms
from slarules.model.expression import FactRef, Pattern, ReadingIs
from slarules.model.rules import Citation, Note, Quotation
from slarules.model.value import AsRead
from slarules.model.walk import inside
from slarules.resolve.builtin import EVENTS, FACTS
from slarules.resolve.cite import REMARKS, UNCITED
from slarules.resolve.header import in_force
from slarules.resolve.names import SORTS
from slarules.resolve.problems import Problems
from slarules.source import Source, Span
from slarules.syntax.tree import Node
from slarules.wording.rules import Rule, sentences

NOWHERE = Citation("", (), Span(Source("", ""), 0, 0))
"""Of what the language itself provides: it stands nowhere in the policy."""
_FAMILIES = {
    "duties": "duty", "prohibitions": "prohibition", "rights": "right", "choices": "choice", "roles": "role",
    "statuses": "status", "allowances": "allowance", "amounts": "amount", "scopes": "scope",
    "declarations": "declaration", "tables": "table",
}
"""Where terms have rules with a citation → what such a rule is."""
_UNCITED_IN = {"fact": "facts", "event": "events", "calendar": "calendars", "holidays": "holidays"}
"""What a rule without a citation is → where terms have it."""


@frozen
class Entry:
    """One rule, as it stands in one or several versions of the terms that follow on each other."""

    sort: str
    """``duty``, ``target``, ``fact`` …, in the glossary's words."""
    name: str
    """Its name in the policy; of a note, what it is."""
    rule: Rule
    """The rule itself."""
    sentences: tuple[str, ...]
    """What it says, in plain English."""
    quotations: tuple[Quotation, ...]
    """The words it rests on; of facts, events, calendars and lists only words of their own."""
    clause: int | None
    """Place of its clause in the register; None: it stands outside any."""
    span: Span
    """Where it stands in the policy."""
    versions: tuple[int, ...]
    """The versions of the terms in which it says this."""
    anchor: str
    """Its place in the document."""
    readings: tuple[str, ...]
    """The readings that the rule itself names, each once."""


@frozen
class ClauseOf:
    """One clause of the policy."""

    title: str
    """Its title: the contract's own number and heading."""
    anchor: str
    """Its place in the document."""
    in_force: tuple[date | None, date | None]
    """Its first date, and the first after its last; None: open."""


@frozen
class Register:
    """A contract with its rules put in the policy's order."""

    contract: Contract = field(repr=False)
    clauses: tuple[ClauseOf, ...]
    """In order; each block of the policy is one."""
    entries: tuple[Entry, ...]
    """In order; each rule once, or once for each way it stands in one version or another."""
    subjects: tuple[tuple[str, str], ...]
    """Kinds of subjects that the policy declares, each with what it is, or nothing."""
    anchors: Mapping[tuple[int, str, str], str] = field(repr=False)
    """(version, sort, name) → anchor; duties and targets under ``duty``, amounts and dates under ``amount``."""
    read: tuple[Adopted, ...] = field(repr=False)
    """Each version of the terms with every reading decided as adopted."""
    idle: frozenset[str]
    """Anchors of rules that never apply as the words are read."""

    def terms(self, entry: Entry) -> Terms:
        """The terms that an entry is of; of several versions the first."""
        return self.contract.versions[entry.versions[0]]


def register(loaded: Loaded) -> Register:
    """The contract's rules in order; it must have loaded without an error."""
    contract, tree = loaded.contract, loaded.tree
    assert contract is not None and tree is not None
    found = _Found(contract, [_written(terms) for terms in contract.versions])
    for top in tree.items:
        if top.kind == "clause":
            dates = in_force(top, Problems())
            title = top.one("STRING").text
            found.clauses.append(ClauseOf(title, found.anchor(f"clause-{title}"), dates))
            for part in top.parts:
                found.add(part, len(found.clauses) - 1, dates)
        else:
            found.add(top, None, (None, None))
    found.add_implied()
    read = tuple(as_read(contract, terms) for terms in contract.versions)
    idle = frozenset(_idle(read, found.anchors))
    return Register(
        contract, tuple(found.clauses), tuple(found.entries), tuple(found.subjects), found.anchors, read, idle)


def _idle(read: Sequence[Adopted], anchors: Mapping[tuple[int, str, str], str]) -> Iterator[str]:
    """A rule that holds in several versions is idle only where it is in each of them."""
    applies: dict[str, bool] = {}
    for (n, sort, name), anchor in anchors.items():
        if sort in ("duty", "choice", "prohibition", "right", "scope"):
            applies[anchor] = applies.get(anchor, False) or not never(sort, name, read[n])
    yield from (anchor for anchor, some in applies.items() if not some)


def _named(rule: Rule) -> Iterator[str]:
    for part in inside(rule):
        match part:
            case AsRead(reading) | ReadingIs(reading):
                yield reading


def slug(text: str) -> str:
    """The text as an anchor: small letters and digits, all else a hyphen."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"


Written = list[tuple[int, str, Rule, Citation]]
"""Place in the policy, sort, rule and words of each rule that cites any."""


def _written(terms: Terms) -> Written:
    found: Written = [
        (rule.citation.rule.start, sort, rule, rule.citation)
        for where, sort in _FAMILIES.items() for rule in getattr(terms, where).values()
    ]
    if terms.severities is not None:
        whole = terms.severities.citation
        found.append((whole.rule.start, "severities", terms.severities, whole))
        for level in terms.severities.levels:
            words = level.citation or whole
            found.append((words.rule.start, "severity", level, words))
    return sorted(found, key=itemgetter(0))


@define
class _Found:
    """The register while it is made."""

    contract: Contract
    written: list[Written]
    """Of each version, what cites words, in the policy's order."""
    clauses: list[ClauseOf] = field(factory=list)
    entries: list[Entry] = field(factory=list)
    subjects: list[tuple[str, str]] = field(factory=list)
    anchors: dict[tuple[int, str, str], str] = field(factory=dict)
    taken: set[str] = field(factory=set)

    def anchor(self, wanted: str) -> str:
        """An anchor that nothing else has; a second one of the same name is numbered."""
        base = slug(wanted)
        free = next(a for a in (base if n == 1 else f"{base}-{n}" for n in range(1, 10_000_000)) if a not in self.taken)
        self.taken.add(free)
        return free

    def add(self, node: Node, clause: int | None, dates: tuple[date | None, date | None]) -> None:
        """Notes what one block of the policy says, in each version."""
        if node.kind == "subject":
            title = node.first("STRING")
            self.subjects.append((node.name.text, title.text if title is not None else ""))
        elif node.kind == "reading":
            rule = self.contract.readings[node.name.text]
            self._enter("reading", rule.name, [(0, rule)], rule.citation, clause)
        elif node.kind in REMARKS:
            for note in (note for note in self.contract.notes if note.citation.rule == node.span):
                self._enter("note", _note_name(note), [(0, note)], note.citation, clause)
        elif node.kind in UNCITED:
            self._uncited(node, clause, dates)
        elif node.kind in SORTS:
            self._cited(node, clause)

    def _uncited(self, node: Node, clause: int | None, dates: tuple[date | None, date | None]) -> None:
        sort, name = SORTS[node.kind][1], node.name.text
        found = [
            (n, getattr(terms, _UNCITED_IN[sort])[name]) for n, terms in enumerate(self.contract.versions)
            if self._holds(n, dates) and name in getattr(terms, _UNCITED_IN[sort])
        ]
        words = next((note.citation for note in self.contract.notes if note.citation.rule == node.span), None)
        self._enter(sort, name, found, words or Citation("", (), node.span), clause)

    def _holds(self, version: int, dates: tuple[date | None, date | None]) -> bool:
        """Whether a clause of these dates is in force in a version."""
        since, until = dates
        starts = [terms.in_force_from for terms in self.contract.versions]
        first, after = starts[version], starts[version + 1] if version + 1 < len(starts) else None
        begun = since is None or (first is not None and since <= first)
        return begun and (until is None or (after is not None and after <= until))

    def _cited(self, node: Node, clause: int | None) -> None:
        seen: dict[tuple[str, str], list[tuple[int, Rule]]] = {}
        words: dict[tuple[str, str], Citation] = {}
        for n, written in enumerate(self.written):
            at = bisect_left(written, node.span.start, key=itemgetter(0))
            while at < len(written) and written[at][0] < node.span.end:
                _, sort, rule, citation = written[at]
                key = (sort, getattr(rule, "name", sort))
                seen.setdefault(key, []).append((n, rule))
                words.setdefault(key, citation)
                at += 1
        for (sort, name), rules in seen.items():
            self._enter(sort, name, rules, words[sort, name], clause)

    def add_implied(self) -> None:
        """Notes what no block declares: the facts of choices, and of the built-in facts and events what is used."""
        for sort, where in (("fact", "facts"), ("event", "events")):
            seen: dict[str, list[tuple[int, Rule]]] = {}
            for n, terms in enumerate(self.contract.versions):
                used = _used(rule for _, _, rule, _ in self.written[n])
                for name, rule in getattr(terms, where).items():
                    declared = (n, sort, name) in self.anchors
                    if not declared and (name in used or rule not in (*EVENTS, *FACTS)):
                        seen.setdefault(name, []).append((n, rule))
            for name, rules in seen.items():
                self._enter(sort, name, rules, NOWHERE, None)

    def _enter(
        self, sort: str, name: str, rules: Iterable[tuple[int, Rule]], citation: Citation, clause: int | None,
    ) -> None:
        """One entry for each run of versions in which the rule says the same."""
        runs: list[tuple[Rule, tuple[str, ...], list[int]]] = []
        for n, rule in rules:
            said = sentences(rule, self.contract.versions[n], self.contract)
            if runs and runs[-1][1] == said and runs[-1][2][-1] == n - 1:
                runs[-1][2].append(n)
            else:
                runs.append((rule, said, [n]))
        for rule, said, versions in runs:
            whole = range(len(self.contract.versions)) if sort in ("reading", "note") else versions
            called = _called(sort, rule)
            since = self.contract.versions[versions[0]].in_force_from
            again = (sort, name) in {key[1:] for key in self.anchors}
            later = f"-from-{since}" if again and since is not None else ""
            number = f"-{sum(entry.sort == 'note' for entry in self.entries) + 1}" if sort == "note" else f"-{name}"
            anchor = self.anchor(f"{called}{number}{later}" if sort != "severities" else f"severities{later}")
            self.anchors.update({(n, sort, name): anchor for n in whole})
            self.entries.append(Entry(
                called, name, rule, said, citation.quotations, clause, citation.rule, tuple(whole), anchor,
                tuple(dict.fromkeys(_named(rule)))))


def _used(rules: Iterable[Rule]) -> set[str]:
    """The names of facts and events that rules speak of."""
    found: set[str] = set()
    for rule in rules:
        for part in inside(rule):
            match part:
                case FactRef(name) | Pattern(name):
                    found.add(name)
    return found


def _called(sort: str, rule: Rule) -> str:
    """What a rule is, in the glossary's words."""
    if sort == "duty" and getattr(rule, "effort", False):
        return "target"
    return "date" if sort == "amount" and getattr(rule, "currency", None) is None else sort


def _note_name(note: Note) -> str:
    return "information" if note.kind == "information" else "not encoded"
