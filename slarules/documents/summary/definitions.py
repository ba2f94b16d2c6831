"""Definitions: the parties, the words of the policy, and all that may be recorded, each in plain English."""

from __future__ import annotations

from collections.abc import Iterator

from slarules.documents.blocks import Block, Definitions, Link, Paragraph, Quotation, Section, Words, plain
from slarules.documents.summary.front import party_of
from slarules.documents.summary.register import Entry, Register, slug
from slarules.documents.summary.statements import Remarks, called, quotations, statement
from slarules.wording.grammar import article, finished, words

TICKET, AGREEMENT, ANY = "ticket", "agreement", "any"
NAMED = ("role", "calendar", "holidays", "severities", "status", "allowance", "table")
"""Sorts of rules that give a name to something; they are told in their clauses, and pointed to here."""
FACT, EVENT = "fact", "event"
"""Sorts of rules that say what may be recorded."""
SAID_ABOVE = (
    "Until it is recorded, it is unknown.", "It is said of the event with which it is recorded, and of no other.",
)  # fmt: skip
"""What is said of facts once for all of them."""
_UNKNOWN = (
    "Until one of them is recorded, it is unknown, unless its own words say otherwise; a rule that asks for an unknown "
    "one is undetermined until then."
)
_FACTS = "Facts that may be recorded of {}. " + _UNKNOWN
_OF_ONE_EVENT = "Facts that are said of one event alone, whatever it happens to. " + _UNKNOWN
_EVENTS = "Events that may happen to {}."


def section(found: Register, remarks: Remarks) -> Section:
    """Terms used, then what is recorded of each kind of subject."""
    return Section("Definitions", "definitions", (), (_terms_used(found), *_recorded(found, remarks)))


def elsewhere(entry: Entry) -> bool:
    """Whether an entry is told among the definitions and not in its clause: what is recorded, without own words."""
    return entry.sort in (FACT, EVENT) and not entry.quotations


def _terms_used(found: Register) -> Section:
    contract = found.contract
    entries: list[tuple[Words, tuple[Words, ...]]] = [
        (plain(words(party.name)), (plain(party_of(contract, party.name)),)) for party in contract.parties
    ]
    entries.append((plain(contract.ticket), (plain("What the contract calls a ticket, from its opening to its end."),)))
    for name, title in found.subjects:
        entries.append((plain(words(name)), (plain(finished(title or "A kind of subject of which events tell")),)))
    for entry in found.entries:
        if entry.sort in NAMED:
            entries.append((
                (Link(called(entry), entry.anchor),),
                (plain(f"{_sort(entry)}{entry.sentences[0]}"),),
            ))
    says = (
        "In the sentences below, the names that the policy gives are in quotation marks: names of rules, of what is "
        "recorded and its values, of acts, and of ambiguities and their answers. A name here leads to where it is told."
    )
    blocks: list[Block] = [Paragraph(plain(says)), Definitions(tuple(entries))]
    blocks += _of_the_parties(found)
    return Section("Parties and terms used", "terms-used", tuple(blocks))


def _sort(entry: Entry) -> str:
    """What it is a name of; levels of severity say it in their own name."""
    return "" if entry.sort == "severities" else f"{entry.sort.capitalize()}. "


def _of_the_parties(found: Register) -> Iterator[Quotation]:
    """Words of the contract that name its parties."""
    for note in found.contract.notes:
        if note.kind == "encoded" and not note.citation.clause and note.because == "the contract's parties":
            yield from quotations(note.citation.quotations)


def _recorded(found: Register, remarks: Remarks) -> Iterator[Section]:
    """One section for each kind of subject."""
    kinds: dict[str, list[Entry]] = {}
    for entry in found.entries:
        if elsewhere(entry):
            kinds.setdefault(getattr(entry.rule, "kind", None) or ANY, []).append(entry)
    for kind in sorted(kinds, key=lambda kind: _rank(kind, found)):
        of = _of(kind, found)
        blocks: list[Block] = []
        for sort, says in ((FACT, _OF_ONE_EVENT if kind == ANY else _FACTS), (EVENT, _EVENTS)):
            entries = [entry for entry in kinds[kind] if entry.sort == sort]
            if entries:
                blocks.append(Paragraph(plain(says.format(of))))
            blocks += [statement(entry, found, remarks, SAID_ABOVE) for entry in entries]
        anchor = f"recorded-{_rank(kind, found)[0] + 1}-{slug(kind)}"
        yield Section(f"What is recorded of {of}", anchor, tuple(blocks))


def _rank(kind: str, found: Register) -> tuple[int, str]:
    """Tickets first, then the agreement, the policy's own kinds in its order, and what is recorded of anything."""
    own = [name for name, _ in found.subjects]
    known = {TICKET: 0, AGREEMENT: 1} | {name: n for n, name in enumerate(own, 2)}
    return known.get(kind, len(known)), kind


def _of(kind: str, found: Register) -> str:
    if kind == TICKET:
        return article(found.contract.ticket)
    if kind == AGREEMENT:
        return "the agreement"
    return "anything" if kind == ANY else article(words(kind))
