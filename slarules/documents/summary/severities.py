"""Severity: the levels, and by when each duty is owed at each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve

from slarules.documents.blocks import Block, Cell, Grid, Link, Paragraph, Run, Section, cells, plain
from slarules.documents.summary.as_read import never
from slarules.documents.summary.register import Register
from slarules.documents.summary.shortened import plainly
from slarules.documents.summary.statements import period
from slarules.engine.adopt import Adopted
from slarules.model.contract import Terms
from slarules.model.expression import SeverityRef
from slarules.model.limit import Column, Counted, CountedIn, Every, Later, Limit, Sooner, Within
from slarules.model.rules import Duty, Severities, Table
from slarules.model.walk import inside
from slarules.wording.grammar import article, finished, words
from slarules.wording.limits import limit
from slarules.wording.recorded import defines
from slarules.wording.values import said, value
from slarules.wording.voice import Voice

NOT_OWED, NO_TIME = "not owed", "no time is set"


def section(found: Register) -> Section | None:
    """A grid of levels and one of times, for each version of the terms; None where the contract has no levels."""
    blocks: list[Block] = []
    versions = found.contract.versions
    for n, terms in enumerate(versions):
        if terms.severities is None:
            continue
        if len(versions) > 1:
            after = versions[n + 1].in_force_from if n + 1 < len(versions) else None
            blocks.append(Paragraph(plain(period(terms.in_force_from, after)), "note"))
        blocks += _of_version(n, terms, terms.severities, found)
    if not blocks:
        return None
    return Section("Severity", "severity", tuple(blocks), new_page=True)


def _of_version(n: int, terms: Terms, levels: Severities, found: Register) -> Iterator[Block]:
    rows = []
    for level in levels.levels:
        anchor = found.anchors.get((n, "severity", level.name))
        name = Link(words(level.name), anchor) if anchor is not None else Run(words(level.name))
        entry = next(e for e in found.entries if e.anchor == anchor)
        said = finished(" ".join(plainly(entry, found) or entry.sentences).removeprefix(finished(defines(level))[:-1]))
        rows.append((Cell((name,)), Cell(plain(level.title or "")), Cell(plain(said))))
    titled = any(level.title for level in levels.levels)
    heads = cells("Level", "Title", "Definition") if titled else cells("Level", "Definition")
    shown = tuple(row if titled else (row[0], row[2]) for row in rows)
    yield Grid("Levels of severity, gravest first", heads, shown, (1, 2, 7) if titled else (1, 9))
    times = tuple(_times(n, terms, levels, found))
    if times:
        yield Paragraph(plain(
            f"By when each duty about {article(found.contract.ticket)} is owed, by the level in force when it is set "
            "off, as the words are read here. Its own sentences say what sets it off and what else bears on it."
        ))
        levels_of = cells("Duty", *(f"Severity {words(level.name)}" for level in levels.levels))
        yield Grid("Duties and targets by severity", levels_of, times)


def _times(n: int, terms: Terms, levels: Severities, found: Register) -> Iterator[tuple[Cell, ...]]:
    """A row for each duty about a ticket that has a time at some level, or is not owed at each."""
    read = found.read[n]
    for name, duty in read.terms.duties.items():
        if duty.kind != "ticket":
            continue
        told = tuple(_at(duty, level.name, read) for level in levels.levels)
        if set(told) <= {NOT_OWED, NO_TIME} and len(set(told)) == 1:
            continue
        anchor = found.anchors[n, "duty", name]
        yield (Cell((Link(words(name), anchor), *((Run(" (target)"),) if duty.effort else ()))),
               *(Cell(plain(one)) for one in told))


def _at(duty: Duty, level: str, read: Adopted) -> str:
    """By when a duty is owed at one level, with its readings decided."""
    if never("duty", duty.name, read, level):
        return NOT_OWED
    if duty.keeps is not None:
        return "throughout"
    if duty.limit is None:
        return NO_TIME
    voice = Voice(read.terms, read.contract, duty.kind)
    ways = tuple(_ways(duty.limit, level, read.terms, voice))
    told = [f"{words_of}{f' ({when})' if when else ''}" for when, words_of in ways]
    return "; ".join(dict.fromkeys(told)) or NO_TIME


def _ways(given: Limit, level: str, terms: Terms, voice: Voice) -> Iterator[tuple[str, str]]:
    """(what a row of the table asks besides, by when) for each row of this level; a limit without one: just itself."""
    asked = [part for part in inside(given) if isinstance(part, Column)]
    if not asked:
        yield "", limit(given, voice)
        return
    table = terms.tables[asked[0].table]
    for row, _ in table.rows:
        when = _besides(table, row, level, voice)
        if when is not None:
            filled = _filled(given, {column: _cell(column, row, terms) for column in asked})
            yield when, limit(filled, voice) if filled is not None else "not promised"


def _besides(table: Table, row: tuple[object, ...], level: str, voice: Voice) -> str | None:
    """What a row asks besides the severity; None where it is not a row of this level."""
    found = []
    for asked, cell in zip(table.inputs, row, strict=True):
        given = getattr(cell, "values", None)
        if given is None:
            continue
        names = [said(one, voice).strip("“”") for one in given]
        if not isinstance(asked, SeverityRef):
            found.append(f"{value(asked, voice)} {' or '.join(names)}")
        elif words(level) not in names:
            return None
    return " and ".join(found)


def _cell(column: Column, row: tuple[object, ...], terms: Terms) -> object:
    """What a column gives in the row with these cells; with the calendar of its head, where that names one."""
    table = terms.tables[column.table]
    at = table.columns.index(column.column)
    given = next((outputs[at] for of, outputs in table.rows if of == row), None)
    basis = table.bases[at]
    if given is None or basis is None or isinstance(given, Counted):
        return given
    return Counted(given, CountedIn(basis))  # type: ignore[arg-type]


def _filled(given: Limit, found: Mapping[Column, object]) -> Limit | None:
    """The limit with what a table gives in place of its columns; None where it promises nothing."""
    match given:
        case Within(span=Column() as column) | Every(span=Column() as column):
            span: Any = found[column]
            return None if span is None else evolve(given, span=span)
        case Sooner(parts) | Later(parts):
            filled = [_filled(part, found) for part in parts]
            kept = tuple(part for part in filled if part is not None)
            return evolve(given, parts=kept) if kept else None
    return given

