"""Two contracts compared, as a document: what answers to what, what is stricter, the tickets that show it, the log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import PurePath

from slarules.comparison.compare import Comparison
from slarules.comparison.history import Change, History, cost_of
from slarules.comparison.language import AS_SAID
from slarules.comparison.meaning import NO_DIFFERENCE, SAME, Row
from slarules.comparison.sides import Side
from slarules.comparison.standings import BROKEN_WORD, KEPT_WORD, UNDETERMINED
from slarules.comparison.words import (
    deadlines_words,
    example_words,
    in_short,
    instant,
    said,
    shift_words,
    verdict_words,
)
from slarules.documents.blocks import (
    STRONG,
    Block,
    Cell,
    Document,
    Grid,
    Item,
    Listing,
    Paragraph,
    Run,
    Section,
    cells,
    plain,
)
from slarules.wording.grammar import capital, listed, quoted, words

LETTERS = "AB"
MOST = 60
"""Tickets of a log that are listed; the counts are of all of them."""


def document(compared: Comparison, happened: History | None) -> Document:
    """The comparison of two contracts, and of a log under both where there is one."""
    a, b = compared.ours.stated, compared.theirs.stated
    sections = [_in_effect(compared), _matched(compared), _tickets(compared), _alone(compared)]
    sections += [_on_history(compared, happened)] if happened is not None else []
    numbered = tuple(_numbered(section, n) for n, section in enumerate((one for one in sections if one), 1))
    title = f"{a.title} and {b.title}" if a.title != b.title else a.title
    return Document(title, "Two contracts compared", f"{title} · compared", tuple(_front(compared)), numbered)


def _numbered(section: Section, number: int) -> Section:
    parts = tuple(Section(one.title, one.anchor, one.blocks, one.sections, f"{number}.{n}")
                  for n, one in enumerate(section.sections, 1))
    return Section(section.title, section.anchor, section.blocks, parts, str(number), section.new_page)


def _front(compared: Comparison) -> Iterator[Block]:
    for letter, side in zip(LETTERS, (compared.ours, compared.theirs), strict=True):
        contract = side.stated
        parties = ", ".join(f"{party.name} ({party.role})" for party in contract.parties)
        digest = sha256(contract.policy.text.encode()).hexdigest()
        rest = f" — {parties}; {PurePath(contract.policy.name).name}, SHA-256 {digest[:12]}…"
        yield Paragraph((Run(f"{letter}: {contract.title}", STRONG), Run(rest)))
        if side.supposed:
            told = f"{letter} leaves {', '.join(side.supposed)} to a party: the tickets tried suppose dates."
            yield Paragraph(plain(told), "note")
        if len(contract.versions) > 1:
            yield Paragraph(plain(f"Of {letter} the latest of its versions is compared."), "note")
    why = compared.matching.versions
    told = "Two different contracts."
    if why is not None:
        told = "Two versions of one contract: " + re.sub("`(.+?)`", r"“\1”", why) + "."
    yield Paragraph(plain(told))
    yield Paragraph(plain(
        "Stricter and looser are said of B against A, for whoever owes. Each is shown by a ticket that was judged "
        "under both contracts; that nothing contrary was found is said with the number of tickets tried. “The same” "
        "is said only where the two rules are equal once the names are mapped."))


def _names(row: Row) -> str:
    mine, its = ", ".join(map(words, row.pair.ours)), ", ".join(map(words, row.pair.theirs))
    return mine if mine == its else f"{mine} = {its}"


def _words(compared: Comparison, row: Row, short: bool) -> list[str]:
    tell = in_short if short else said
    both: tuple[tuple[Side, tuple[str, ...]], ...] = (
        (compared.ours, row.pair.ours), (compared.theirs, row.pair.theirs))
    return [tell(side, row.pair.sort, names, row.levels and row.levels[n]) for n, (side, names) in enumerate(both)]


def _in_effect(compared: Comparison) -> Section:
    shown = [row for row in compared.rows if row.verdict != SAME]
    rows = tuple(tuple(Cell(plain(text)) for text in (_names(row), row.level, *_words(compared, row, True),
                                                      verdict_words(row))) for row in shown)
    blocks: list[Block] = []
    if rows:
        blocks.append(Grid("Rule by rule", cells("Rule", "Severity", "A", "B", "B against A"), rows, (3, 2, 4, 4, 4)))
    alike = list(dict.fromkeys(_names(row) for row in compared.rows if row.verdict == SAME and not row.idle))
    if alike:
        blocks.append(Paragraph(plain(f"The same: {', '.join(alike)}.")))
    idle = list(dict.fromkeys(_names(row) for row in compared.rows if row.idle and row.levels is None))
    if idle:
        blocks.append(Paragraph(plain(f"Owed under neither, as the readings are chosen: {', '.join(idle)}."), "note"))
    changed = [one for one in compared.others if not one.same]
    if changed:
        lines = tuple(cells(one.pair.sort, " = ".join(dict.fromkeys((*one.pair.ours, *one.pair.theirs))),
                            one.shows or "says something else") for one in changed)
        blocks.append(Grid("What else differs", cells("Sort", "Name", "How"), lines))
    return Section("What is stricter, what is looser", "in-effect", tuple(blocks) or (Paragraph(plain("Nothing.")),))


def _matched(compared: Comparison) -> Section:
    there = compared.matching.there
    lines = [cells("Parties", _pairs(there.parties), "by role"),
             cells("Severities", _pairs(there.severities) or "none", there.severities_by)]
    lines += [cells(one.sort.capitalize(), f"{listed(map(words, one.ours))} = {listed(map(words, one.theirs))}", one.by)
              for one in compared.matching.pairs if one.ours != one.theirs]
    lines += [cells("Fact", f"{words(name)} = {words(other)}", AS_SAID)
              for name, other in there.facts.items() if name != other]
    lines += [cells(f"Values of {quoted(name)}", _pairs({words(a): words(b) for a, b in values.items()}), "by name or "
                    "as you said") for name, values in there.values.items() if set(values) != set(values.values())]
    by_name = sum(pair.ours == pair.theirs for pair in compared.matching.pairs)
    lines += [cells("Other rules", f"{by_name} of the same name", "by name")] if by_name else []
    return Section("What answers to what", "matched", (
        Grid("What was matched, and by what", cells("What", "A = B", "Matched by"), tuple(lines), (2, 6, 4)),))


def _pairs(pairs: object) -> str:
    items = dict(pairs).items()  # type: ignore[call-overload]
    return ", ".join(name if name == other else f"{name} = {other}" for name, other in items)


def _tickets(compared: Comparison) -> Section | None:
    parts = []
    for n, row in enumerate(row for row in compared.rows if row.verdict not in (SAME, NO_DIFFERENCE)):
        a, b = _words(compared, row, False)
        at = f", severity {row.level}" if row.level else ""
        blocks: list[Block] = [
            Paragraph((Run("A: ", STRONG), Run(f"{a}."))), Paragraph((Run("B: ", STRONG), Run(f"{b}."))),
            Paragraph((Run(verdict_words(row).capitalize(), STRONG), Run("."))),
        ]
        if row.deadlines is not None:
            blocks.append(Paragraph(plain(f"In B {deadlines_words(row.deadlines)}."), "note"))
        if row.examples:
            blocks.append(Listing(tuple(Item(plain(_sentence(example_words(one, compared.ours.zone))))
                                        for one in row.examples)))
        parts.append(Section(f"{_names(row)}{at}", f"row-{n}", tuple(blocks)))
    if not parts:
        return None
    told = f"Times are those of {compared.ours.zone}. Every ticket was judged under the whole of both contracts."
    return Section("Tickets that show it", "tickets", (Paragraph(plain(told)),), tuple(parts))


def _sentence(text: str) -> str:
    return f"{capital(text)}."


def _alone(compared: Comparison) -> Section | None:
    blocks: list[Block] = []
    for letter, only in zip(LETTERS, (compared.matching.only_ours, compared.matching.only_theirs), strict=True):
        by_sort: dict[str, list[str]] = {}
        for sort, name in only:
            by_sort.setdefault(sort, []).append(name)
        if by_sort:
            lines = tuple(cells(sort, ", ".join(map(words, names))) for sort, names in by_sort.items())
            blocks.append(Grid(f"Only in {letter}", cells("Sort", "Names"), lines, (1, 5)))
    return Section("What has no partner", "alone", tuple(blocks)) if blocks else None


# ---- On a log -------------------------------------------------------------------------------------------------------


def _on_history(compared: Comparison, happened: History) -> Section:
    zone = compared.ours.zone
    told = (f"{happened.events:,} events of {happened.subjects:,} tickets and agreements, as of "
            f"{instant(happened.as_of, zone)} ({zone}), judged under both contracts.")
    blocks: list[Block] = [Paragraph(plain(told))]
    blocks += [Paragraph(plain(f"{name} is judged as if it had always been in force."), "note")
               for name in happened.unwilling]
    rows = []
    for count in happened.counts:
        if not any(count.moved) and all(was == now for was, now in count.subjects):
            continue
        turned = [f"{count.of(word, None):,} → {count.of(None, word):,}" for word in
                  (KEPT_WORD, BROKEN_WORD, UNDETERMINED)]
        texts = [", ".join(map(words, count.pair.ours)), count.severity or "", *turned, shift_words(count.moved),
                 cost_of(compared.ours, count.pair)]
        rows.append(tuple(Cell(plain(text)) for text in texts))
    if rows:
        heads = cells("Rule", "Severity", "Kept", "Broken", "Undetermined", "Deadline moves by", "Owed by")
        blocks.append(Grid("From A to B", heads, tuple(rows), (4, 2, 3, 3, 3, 4, 2)))
    blocks += _listed(happened, zone)
    blocks += _wanting(happened)
    return Section("On the log", "log", tuple(blocks), new_page=True)


def _listed(happened: History, zone: str) -> Iterator[Block]:
    told = [one for one in happened.changes if BROKEN_WORD in (one.before, one.after)]
    if told:
        rows = tuple(_change(one, zone) for one in told[:MOST])
        many = f" (the first {MOST} of {len(told):,})" if len(told) > MOST else ""
        heads = cells("Subject", "Rule", "Severity", "A → B", "Due in A", "Due in B")
        yield Grid(f"Tickets that change{many}", heads, rows)


def _change(one: Change, zone: str) -> tuple[Cell, ...]:
    dues = ("" if due is None else instant(due, zone) for due in one.dues)
    names = ", ".join(map(words, one.pair.ours))
    return cells(one.subject, names, one.severity or "", f"{one.before} → {one.after}", *dues)


def _wanting(happened: History) -> Iterator[Block]:
    lines = [cells("event", name, f"{n:,}") for name, n in happened.untold.events.items()]
    lines += [cells("fact", name, f"{n:,}") for name, n in happened.untold.facts.items()]
    if lines:
        yield Grid("What B has no word for", cells("What", "In A’s words", "Times"), tuple(lines))
    for letter, missing in zip(LETTERS, happened.missing, strict=True):
        if missing:
            rows = tuple(cells(rule, fact, f"{n:,}") for (rule, fact), n in missing.items())
            yield Grid(f"Undetermined in {letter}", cells("Rule", "For want of", "Verdicts"), rows)
    for letter, alone in zip(LETTERS, happened.alone, strict=True):
        if alone:
            rows = tuple(cells(rule, ", ".join(f"{n:,} {state.replace('_', ' ')}" for state, n in states.items()))
                         for rule, states in alone.items())
            yield Grid(f"Rules only in {letter}, on this log", cells("Rule", "Verdicts"), rows, (2, 3))
