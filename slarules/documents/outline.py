"""The summary of a contract: what it says, clause by clause, as one document that every format is made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import evolve

from slarules.documents.blocks import Document, Section
from slarules.documents.examples import amounts, dates, lives, openings, worked
from slarules.documents.summary import (
    ambiguities,
    clauses,
    definitions,
    ledger,
    parties,
    provenance,
    severities,
    signing,
)
from slarules.documents.summary.findings import section as of_findings
from slarules.documents.summary.front import front
from slarules.documents.summary.questions import asked
from slarules.documents.summary.register import Register, register
from slarules.lint.finding import Finding
from slarules.loader import Loaded
from slarules.model.contract import Contract

UNNUMBERED = frozenset(("clauses",))
"""Sections whose parts bear the contract's own numbers."""


def outline(
    loaded: Loaded,
    *,
    stakes: Any = None,
    findings: Sequence[Finding] = (),
    changed: Any = None,
    starts: date | None = None,
    used: tuple[tuple[str, str], ...] = (),
) -> Document:
    """The summary of a policy that loaded without an error.

    ``stakes``: what its ambiguities are worth on a history (`slarules.stakes`). ``findings``: what lint found in it.
    ``changed``: what changed since another policy (`redline.changed`). ``starts``: the agreement's first date, for
    its calendar of dates; None: the contract's own, else an example. ``used``: the name and the SHA-256 of each other
    file that it is made from.
    """
    contract = loaded.contract
    assert contract is not None
    rules = register(loaded)
    sections = _sections(loaded, rules, stakes, findings, changed, starts, used)
    taken = {entry.anchor for entry in rules.entries}
    return Document(
        contract.title,
        "Summary of clauses",
        f"{contract.title} · summary of clauses",
        front(loaded, rules),
        numbered(apart(one, taken) for one in sections if one is not None),
    )


def _sections(
    loaded: Loaded, rules: Register, stakes: Any, findings: Sequence[Finding], changed: Any, starts: date | None,
    used: tuple[tuple[str, str], ...],
) -> tuple[Section | None, ...]:
    """All sections, in order; None where there is nothing to say."""
    contract = rules.contract
    remarks, homeless = asked(rules, findings)
    owed = {name: at for (_, sort, name), at in rules.anchors.items() if sort == "duty"}
    told = worked.section(contract, owed)
    priced = _stakes(stakes, contract) if stakes is not None else None
    return (
        _redline(changed) if changed is not None else None,
        definitions.section(rules, remarks),
        clauses.section(rules, remarks, _examples(owed, told)),
        severities.section(rules),
        openings.section(contract, year=starts.year if starts is not None else None),
        lives.section(contract),
        parties.section(rules),
        told,
        dates.section(contract, starts=starts),
        amounts.section(contract),
        ambiguities.section(rules, remarks, _worth(rules, priced)),
        priced,
        of_findings(rules, findings, homeless),
        ledger.section(rules),
        signing.section(rules),
        provenance.section(loaded, rules, used),
    )


def _examples(owed: Mapping[str, str], told: Section | None) -> dict[str, str]:
    """Where each duty's statement stands → where its worked example does, where there is one."""
    shown = {part.anchor for part in told.sections} if told is not None else set()
    return {at: worked.anchor(name) for name, at in owed.items() if worked.anchor(name) in shown}


def _worth(rules: Register, priced: Section | None) -> dict[str, str]:
    """Where each reading is told → where it is told what it was worth, where it is."""
    shown = set(_anchors(priced)) if priced is not None else set()
    found = {rules.anchors[0, "reading", name]: f"stakes-{name.replace('_', '-')}" for name in rules.contract.readings}
    return {at: there for at, there in found.items() if there in shown}


def _anchors(section: Section) -> Iterator[str]:
    yield section.anchor
    for part in section.sections:
        yield from _anchors(part)


def _redline(changed: Any) -> Section:
    from slarules.documents.reports import redline  # what compares takes a while to load

    return redline.section(changed)


def _stakes(stakes: Any, contract: Contract) -> Section:
    from slarules.documents.reports.stakes import section  # likewise

    return section(stakes, contract)


def numbered(sections: Iterable[Section], before: str = "") -> tuple[Section, ...]:
    """The same sections with their numbers: `3`, `3.1`. Clauses bear the contract's own."""
    done = []
    for n, section in enumerate(sections, 1):
        number = f"{before}{n}"
        parts = section.sections if section.anchor in UNNUMBERED else numbered(section.sections, f"{number}.")
        done.append(evolve(section, number=number, sections=parts))
    return tuple(done)


def apart(section: Section, taken: set[str], within: str = "") -> Section:
    """The same section; an anchor that is taken by another place is written after that of the section around it."""
    wanted = section.anchor if section.anchor not in taken else f"{within}-{section.anchor}".strip("-")
    anchor = next(one for one in _numbered(wanted) if one not in taken)
    taken.add(anchor)
    return evolve(section, anchor=anchor, sections=tuple(apart(one, taken, anchor) for one in section.sections))


def _numbered(wanted: str) -> Iterable[str]:
    yield wanted
    yield from (f"{wanted}-{n}" for n in range(2, 10_000_000))
