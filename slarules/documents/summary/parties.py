"""Party by party: what each one owes, must not do, may do and may choose, with where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from slarules.documents.blocks import Block, Cell, Grid, Link, Paragraph, Run, Section, Words, cells, plain
from slarules.documents.summary.register import Entry, Register, slug
from slarules.documents.summary.shortened import plainly
from slarules.documents.summary.statements import in_force
from slarules.model.rules import Choice, Duty, Prohibition, Right
from slarules.wording.acts import done
from slarules.wording.duties import see_to
from slarules.wording.grammar import capital, finished, listed, quoted, words
from slarules.wording.limits import limit
from slarules.wording.triggers import when
from slarules.wording.voice import Voice

Row = tuple[Cell, ...]


def section(found: Register) -> Section | None:
    """A section for each party that a rule binds or lets do something; None where there is none."""
    parts: list[Section] = []
    for party in found.contract.parties:
        blocks = tuple(_of(party.name, found))
        if blocks:
            parts.append(Section(words(party.name), f"party-{len(parts) + 1}-{slug(party.name)}", blocks))
    agreed = tuple(_choices(None, found))
    if agreed:
        parts.append(Section("Both together", "parties-together", agreed))
    says = (
        "Each is told as the words are read here; its name leads to its sentences in full, with all that bears on it."
    )
    return Section("Duties, prohibitions and rights by party", "by-party", (Paragraph(plain(says)),), tuple(parts),
                   new_page=True) if parts else None


def _of(party: str, found: Register) -> Iterator[Block]:
    name = words(party)
    duties = [_duty(e, found) for e in found.entries if isinstance(e.rule, Duty) and e.rule.bearer == party]
    yield from _grid(f"What {name} owes", ("Duty", "What", "Set off", "By when", "Clause"), duties, (3, 4, 4, 4, 3))
    barred = [_other(e, found, _said(e, found)) for e in found.entries
              if isinstance(e.rule, Prohibition) and party in e.rule.bearers]
    yield from _grid(f"What {name} must not do", ("Prohibition", "What", "Clause"), barred, (3, 9, 4))
    allowed = [_other(e, found, _said(e, found)) for e in found.entries
               if isinstance(e.rule, Right) and e.rule.holder == party]
    yield from _grid(f"What {name} may do", ("Right", "What", "Clause"), allowed, (3, 9, 4))
    yield from _choices(party, found)


def _choices(elector: str | None, found: Register) -> Iterator[Block]:
    rows = [_other(e, found, finished(listed((quoted(name) for name, _ in e.rule.options), "or")))
            for e in found.entries if isinstance(e.rule, Choice) and e.rule.elector == elector]
    who = f"What {words(elector)} may choose" if elector is not None else "What both may agree on"
    yield from _grid(who, ("Choice", "Between", "Clause"), rows, (3, 9, 4))


def _grid(caption: str, heads: tuple[str, ...], rows: list[Row], widths: tuple[int, ...]) -> Iterator[Grid]:
    if rows:
        yield Grid(caption, cells(*heads), tuple(rows), widths)


def _duty(entry: Entry, found: Register) -> Row:
    terms = found.read[entry.versions[0]].terms
    rule = terms.duties[entry.name]
    voice = Voice(terms, found.contract, rule.kind)
    if rule.keeps is not None:
        what = see_to(rule.keeps, rule.kind, voice, True)
    else:
        what = done(rule.act, rule.object, rule.counterparty, rule.kind, voice, True)
    opened = when(rule.triggers, voice)
    if rule.option is not None:
        opened = f"where {quoted(rule.option)} is elected" + (f", or {opened}" if opened else "")
    by = limit(rule.limit, voice) if rule.limit is not None else \
        "throughout" if rule.keeps is not None else "no time is set"
    return (_name(entry, found), Cell(plain(capital(what))), Cell(plain(capital(opened))), Cell(plain(capital(by))),
            _clause(entry, found))


def _said(entry: Entry, found: Register) -> str:
    """The rule's first sentence, which is complete in itself, as it is read here."""
    return (plainly(entry, found) or entry.sentences)[0]


def _other(entry: Entry, found: Register, what: str) -> Row:
    return _name(entry, found), Cell(plain(what)), _clause(entry, found)


def _name(entry: Entry, found: Register) -> Cell:
    more = [Run(" (target)")] if entry.sort == "target" else []
    if entry.anchor in found.idle:
        more.append(Run("\nNever, as the words are read here."))
    return Cell((Link(words(entry.name), entry.anchor), *more))


def _clause(entry: Entry, found: Register) -> Cell:
    dates = in_force(entry, found)
    more: Words = (Run(f"\n{dates}"),) if dates else ()
    if entry.clause is None:
        return Cell(plain("outside any clause") + more)
    clause = found.clauses[entry.clause]
    return Cell((Link(clause.title, clause.anchor), *more))
