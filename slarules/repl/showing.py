"""Clauses, rules and readings shown: the contract's words, the policy's, and what they come to in plain English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import evolve, frozen

from slarules.diagnostics import error, nearest
from slarules.model.contract import Contract, Terms
from slarules.model.rules import Citation, Quotation, Reading
from slarules.repl.answers import FAINT, QUOTED, STRONG, Line, Look, Part, grid, line, remark
from slarules.repl.arguments import Given, Mistaken, malformed, no_such
from slarules.repl.judging import contract_of, readings_of, subjects_of
from slarules.repl.moving import Done
from slarules.repl.session import Session
from slarules.repl.why import wrapped
from slarules.resolve import builtin

FORM = "show CLAUSE, show RULE or show READING"


@frozen
class Cited:
    """A rule of the contract by its name, with the words it rests on."""

    name: str
    rule: Any
    citation: Citation
    terms: Terms


def shown(given: Given, session: Session) -> str | Mistaken:
    """The name of a clause, rule or reading; nothing: a list of clauses."""
    text = given.text.strip("\"“”")
    contract = contract_of(session)
    known = {*clauses(contract), *(one.name for one in cited(contract)), *contract.readings, *declared(contract)}
    if not text or text in known:
        return text
    folded = {name.casefold(): name for name in known}
    if text.casefold() in folded:
        return folded[text.casefold()]
    if len(text) > 200:
        return malformed(given, FORM)
    if text in subjects_of(session.case):
        told = f"`status {text}` says how it stands, `timeline {text}` what happened to it"
        return Mistaken((error("E0904", given.span, f"`{text}` is no clause, rule or reading", told),))
    near = nearest(text, known)
    return no_such(given.span, "clause, rule or reading", text, [near] if near else known)


def clauses(contract: Contract) -> tuple[str, ...]:
    """The titles of its clauses, in its order."""
    found = [one.citation for one in cited(contract)] + [note.citation for note in contract.notes]
    ordered = sorted(found, key=lambda citation: citation.rule.start)
    return tuple(dict.fromkeys(citation.clause for citation in ordered if citation.clause))


def cited(contract: Contract) -> tuple[Cited, ...]:
    """Every rule with a citation, of all versions, in the policy's order."""
    found: dict[tuple[str, int], Cited] = {}
    for terms in contract.versions:
        for rules in (
            terms.calendars, terms.tables, terms.roles, terms.duties, terms.prohibitions, terms.rights, terms.choices,
            terms.statuses, terms.allowances, terms.amounts, terms.scopes, terms.declarations,
        ):  # fmt: skip
            for name, rule in rules.items():
                citation = getattr(rule, "citation", None)
                if isinstance(citation, Citation):
                    found[name, citation.rule.start] = Cited(name, rule, citation, terms)
    return tuple(sorted(found.values(), key=lambda one: one.citation.rule.start))


def declared(contract: Contract) -> dict[str, tuple[Any, Terms]]:
    """What is named and rests on no words of its own: calendars, lists of holidays, facts and events of the policy."""
    found: dict[str, tuple[Any, Terms]] = {}
    built_in = {*builtin.EVENTS, *builtin.FACTS}
    for terms in contract.versions:
        for rules in (terms.calendars, terms.holidays, terms.facts, terms.events):
            found |= {name: (rule, terms) for name, rule in rules.items() if rule not in built_in}
    return found


def show(session: Session, name: str, look: Look) -> Done:
    """``show``, ``show "3.2"``, ``show respond``, ``show automatic_reply``."""
    contract = contract_of(session)
    if not name:
        return Done(session, _all_clauses(contract))
    as_read = _as_read(contract, session)
    parts: list[Part] = []
    if name in contract.readings:
        parts += _reading(session, contract.readings[name], look)
    for one in cited(contract):
        if one.name == name:
            parts += _rule(one, as_read, look)
    if name in declared(contract):
        rule, terms = declared(contract)[name]
        parts += [line((name, STRONG)), *_in_words(rule, terms, as_read, look)]
    if name in clauses(contract):
        parts += _clause(contract, name, look)
    return Done(session, tuple(parts))


def _as_read(contract: Contract, session: Session) -> Contract:
    """The contract as if the case's readings were the adopted ones."""
    chosen = readings_of(contract, session.case)
    readings = {n: evolve(r, adopted=chosen.get(n, r.adopted)) for n, r in contract.readings.items()}
    return evolve(contract, readings=readings)


def _all_clauses(contract: Contract) -> tuple[Part, ...]:
    rules = cited(contract)
    rows = []
    for clause in clauses(contract):
        named = [one.name for one in rules if one.citation.clause == clause]
        rows.append([(clause, STRONG), (", ".join(named) or "no rule", FAINT)])
    return (grid(("clause", "its rules"), rows),) if rows else remark("  the policy has no clauses")


def _clause(contract: Contract, clause: str, look: Look) -> Iterator[Part]:
    yield line((f"clause “{clause}”", STRONG))
    noted = [(note.citation, f"{note.kind}: {note.because}") for note in contract.notes]
    held = [(one.citation, one) for one in cited(contract)]
    held += [(reading.citation, reading) for reading in contract.readings.values()]  # type: ignore[misc]
    found = [(c, what) for c, what in (*noted, *held) if c.clause == clause]
    for citation, what in sorted(found, key=lambda pair: pair[0].rule.start):
        yield from _quotes(citation.quotations, look)
        if isinstance(what, Cited):
            yield line((f"    {sort_of(what.rule)} {what.name}", STRONG), (_where(citation), FAINT))
        elif isinstance(what, Reading):
            yield line((f"    reading {what.name}", STRONG), (f"  {what.question}", FAINT))
        else:
            yield from (line((f"    {words}", FAINT)) for words in wrapped(str(what), look.width - 4))


def sort_of(rule: Any) -> str:
    """What a rule is, as policies write it."""
    return "target" if getattr(rule, "effort", False) else type(rule).__name__.lower()


def _where(citation: Citation) -> str:
    return f"  {citation.rule.source.name}:{citation.rule.line}"


def _quotes(quotations: tuple[Quotation, ...], look: Look) -> Iterator[Line]:
    """The contract's own words, each with its line in the contract's text."""
    for quotation in quotations:
        words = f"“{' '.join(quotation.text.split())}”"
        where = f" (line {quotation.places[0].line})" if quotation.places else ""
        for row in wrapped(words + where, look.width - 2):
            yield line((f"  {row}", QUOTED))


def _rule(one: Cited, as_read: Contract, look: Look) -> Iterator[Part]:
    clause = f"clause “{one.citation.clause}”" if one.citation.clause else "outside any clause"
    yield line((one.name, STRONG), (f"  {clause},{_where(one.citation)}".replace(",  ", ", "), FAINT))
    yield from _quotes(one.citation.quotations, look)
    yield from _source(one.citation)
    yield from _in_words(one.rule, one.terms, as_read, look)
    if one.citation.readings:
        for row in wrapped("rests on the readings " + ", ".join(one.citation.readings), look.width - 2):
            yield line((f"  {row}", FAINT))


def _source(citation: Citation) -> Iterator[Line]:
    """The rule as the policy has it, its quotations left out."""
    column = citation.rule.column - 1
    for number, text in enumerate(citation.rule.text.splitlines()):
        words = text if number == 0 else text[column:] if not text[:column].strip() else text
        if words.strip() and not words.lstrip().startswith((">", "occurrence", "every occurrence")):
            yield line(f"    {words.rstrip()}")


def _in_words(rule: Any, terms: Terms, as_read: Contract, look: Look) -> Iterator[Line]:
    """A rule as a paragraph of plain English, each reading told as it is read here."""
    from slarules.wording.rules import sentence  # only when it is asked for

    for row in wrapped(sentence(rule, terms, as_read), look.width - 2):
        yield line(f"  {row}")


def _reading(session: Session, reading: Reading, look: Look) -> Iterator[Part]:
    option = session.case.readings.get(reading.name, reading.adopted)
    clause = f"  clause “{reading.citation.clause}”" if reading.citation.clause else ""
    yield line((reading.name, STRONG), (clause, FAINT))
    for row in wrapped(reading.question, look.width - 2):
        yield line(f"  {row}")
    yield from _quotes(reading.citation.quotations, look)
    for one in reading.options:
        mark = "*" if one.name == option else " "
        rows = wrapped(one.why or "", look.width - len(one.name) - 6)
        yield line(f"  {mark} ", (one.name, STRONG), (f"  {rows[0]}", FAINT))
        yield from (line((" " * (len(one.name) + 6) + row, FAINT)) for row in rows[1:])
    for row in wrapped(f"adopted: {reading.adopted}, because {reading.because}", look.width - 2):
        yield line((f"  {row}", FAINT))
