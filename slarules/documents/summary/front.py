"""The front page of a summary: who agreed, for how long, what words it rests on, how much of them it covers."""

from __future__ import annotations

from collections.abc import Iterator

from slarules.analysis.ledger import ledger_of
from slarules.documents.blocks import CODE, Block, Definitions, Link, Paragraph, Run, Words, plain
from slarules.documents.summary.provenance import digest
from slarules.documents.summary.register import Register
from slarules.documents.summary.statements import file_name, period
from slarules.engine.adopt import decided
from slarules.loader import Loaded
from slarules.model.contract import Contract, Party
from slarules.model.value import AsRead
from slarules.resolve.citations import Status as Accounted
from slarules.wording.grammar import counted, finished, listed, quoted, words
from slarules.wording.values import day, length

ROLES = {"provider": "provider", "customer": "customer", "other": "other party"}
"""A party's role in the model → in words."""
_ACCOUNTED = {
    Accounted.ENCODED: "encoded in rules or ambiguities", Accounted.INFORMATION: "for information",
    Accounted.NOT_ENCODED: "not encoded", Accounted.MISSING: "missing",
}
"""What became of a sentence, after a number of them."""


def front(loaded: Loaded, found: Register) -> tuple[Block, ...]:
    """What stands below the title."""
    contract = found.contract
    entries: list[tuple[Words, tuple[Words, ...]]] = [
        *((plain(ROLES[party.role].capitalize()), (plain(_party(party)),)) for party in contract.parties),
        (plain("Term"), tuple(plain(said) for said in _term(contract))),
        (plain("In force"), tuple(plain(said) for said in _in_force(contract))),
        (plain("Source"), tuple(_source(loaded))),
        (plain("Dates and times"), (_zone(found),)),
        (plain("Severity"), (_severity(found),)),
        (plain("What is stated"), tuple(plain(said) for said in _how_much(found))),
        (plain("To be signed by"),
         ((Run(f"{listed(signing(contract))}: see "), Link("Sign-off", "sign-off"), Run(".")),)),
    ]
    lead = (
        "This is what the policy file makes of the contract: each clause in the contract’s own words, and beside them "
        "each rule in plain English. The contract is what binds; where the two differ, the rule is to be mended."
    )
    return Paragraph(plain(lead), "lead"), Definitions(tuple(entries))


def party_of(contract: Contract, name: str) -> str:
    """A party's role, and what the contract's words call it."""
    party = next(one for one in contract.parties if one.name == name)
    called = ", ".join(one for one in party.called if one != party.name)
    if party.role == "other":
        return f"Another party: {called}." if called else "Another party."
    return f"The {ROLES[party.role]}." + (f" The contract’s words: {called}." if called else "")


def _party(party: Party) -> str:
    called = ", ".join(one for one in party.called if one != party.name)
    says = "" if party.role == "other" else "in the contract’s words: "
    return words(party.name) + (f" ({says}{called})" if called else "")


def signing(contract: Contract) -> tuple[str, ...]:
    """The parties that sign: provider and customer."""
    return tuple(words(party.name) for party in contract.parties if party.role != "other")


def _term(contract: Contract) -> Iterator[str]:
    adopted = {name: reading.adopted for name, reading in contract.readings.items()}
    terms = contract.versions[-1]
    none = True
    for status in terms.statuses.values():
        for state in status.states:
            if state.lasts is not None:
                none = False
                lasts = length(decided(state.lasts, adopted))
                ends = next((one for one in state.transitions if one.at_end_of_term), None)
                again = ends is not None and ends.to == state.name and not ends.conditions
                yield (f"The state {quoted(state.name)} of {quoted(status.name)} lasts {lasts}"
                       + (", and then begins again." if again else "."))
    if none:
        yield "The rules name none: they hold for as long as the agreement lasts."


def _in_force(contract: Contract) -> Iterator[str]:
    since, after = contract.in_force
    if since is None and after is None:
        yield "The policy limits it to no dates."
    else:
        yield finished(period(since, after).removeprefix("In force "))
    changes = [terms.in_force_from for terms in contract.versions if terms.in_force_from is not None]
    if changes:
        yield (f"Terms change on {listed(day(one) for one in changes)}: {counted(len(contract.versions), 'version')}. "
               "A rule that holds only for a time says so.")
    else:
        yield "There is one version of the terms."


def _source(loaded: Loaded) -> Iterator[Words]:
    contract = loaded.contract
    assert contract is not None
    if contract.text is None:
        yield plain("The policy names no text of the contract; its quotations were not looked for.")
        return
    received = f", received as {contract.received_as}" if contract.received_as else ""
    yield plain(f"{file_name(contract.text.name)}{received}.")
    yield (Run("SHA-256: "), Run(digest(loaded.text_data or contract.text.text), CODE))


def _zone(found: Register) -> Words:
    zone = found.contract.zone
    if zone is None:
        return plain("The contract has no zone of its own.")
    if isinstance(zone, AsRead):
        adopted = found.contract.readings[zone.reading].adopted
        anchor = found.anchors[0, "reading", zone.reading]
        return (Run(f"Dates of the contract are kept in {zone.options[adopted]} (as read in "),
                Link(quoted(zone.reading), anchor), Run(")."))
    return plain(f"Dates of the contract are kept in {zone}.")


def _severity(found: Register) -> Words:
    levels = found.contract.versions[-1].severities
    if levels is None:
        return plain("The contract has no levels.")
    names = [f"{words(level.name)} ({level.title})" if level.title else words(level.name) for level in levels.levels]
    return (Run(f"{counted(len(names), 'level')}, gravest first: {listed(names)}. See "),
            Link("Severity", "severity"), Run("."))


def _how_much(found: Register) -> Iterator[str]:
    contract = found.contract
    stated = sum(entry.sort not in ("reading", "note") for entry in found.entries)
    open_ = sum(reading.changes_nothing is None for reading in contract.readings.values())
    rules = counted(stated, "rule") + (" and definitions" if stated > 1 else "")
    yield (f"{rules} in {counted(len(found.clauses), 'clause')}; "
           f"{_readings(len(contract.readings), open_)}.")
    ledger = ledger_of(contract)
    if ledger is not None:
        counts = ledger.counts
        many = len(ledger.rows)
        whole = f"{ledger.percent:g}% of its {counted(many, 'sentence')} {'is' if many == 1 else 'are'} accounted for"
        parts = listed(f"{counts[one]} {_ACCOUNTED[one]}" for one in Accounted if counts[one])
        yield f"The contract’s text: {whole} ({parts})."


def _readings(many: int, matter: int) -> str:
    if not many:
        return "no ambiguity was noted"
    said = "1 ambiguity" if many == 1 else f"{many} ambiguities"
    return f"{said}, of which {matter} can change a verdict, a date or an amount"
