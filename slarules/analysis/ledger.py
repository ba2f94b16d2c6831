"""The ledger of a contract: everything that quotes its words, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator

from slarules.model.contract import Contract
from slarules.model.rules import Citation, Reading
from slarules.resolve.citations import Cited, Ledger, Status, coverage


def ledger_of(contract: Contract) -> Ledger | None:
    """Every sentence of the contract's text and who quotes it; None where the policy names no text."""
    if contract.text is None:
        return None
    idle = {_question(one) for one in contract.readings.values() if one.changes_nothing is not None}
    cited = [
        Cited(place, kind, by, by in idle)
        for kind, by, citation in _citations(contract)
        for quotation in citation.quotations
        for place in quotation.places
    ]
    return coverage(contract.text, cited)


def _question(reading: Reading) -> str:
    return f"reading {reading.name}"


def _citations(contract: Contract) -> Iterator[tuple[Status, str, Citation]]:
    """Everything that quotes the contract, named as the ledger names it."""
    for note in contract.notes:
        kind = Status(note.kind)
        yield kind, note.because, note.citation
    for reading in contract.readings.values():
        kind = Status.ENCODED if reading.changes_nothing is None else Status.INFORMATION
        yield kind, _question(reading), reading.citation
    for terms in contract.versions:
        for duty in terms.duties.values():
            yield Status.ENCODED, f"{'target' if duty.effort else 'duty'} {duty.name}", duty.citation
        for what, rules in (
            ("table", terms.tables),
            ("role", terms.roles),
            ("prohibition", terms.prohibitions),
            ("right", terms.rights),
            ("choice", terms.choices),
            ("status", terms.statuses),
            ("allowance", terms.allowances),
            ("amount", terms.amounts),
            ("scope", terms.scopes),
            ("declaration", terms.declarations),
        ):
            for name, rule in rules.items():
                yield Status.ENCODED, f"{what} {name}", rule.citation
        if terms.severities is not None:
            yield Status.ENCODED, "severities", terms.severities.citation
            for level in terms.severities.levels:
                if level.citation is not None:
                    yield Status.ENCODED, f"severity {level.name}", level.citation
