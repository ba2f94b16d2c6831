"""A rule as a statement of the document: its sentences, with links to what they name, and what is asked of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath

from slarules.documents.blocks import STRONG, Beside, Quotation, Remark, Run, Statement, Words, plain
from slarules.documents.summary.links import linked, targets
from slarules.documents.summary.register import Entry, Register
from slarules.documents.summary.shortened import OPTIONS, as_read_here
from slarules.model import rules as model
from slarules.resolve.sentences import fold
from slarules.source import Span
from slarules.wording.grammar import listed, words
from slarules.wording.values import day

Remarks = Mapping[str, tuple[Remark, ...]]
"""Anchor of a statement → what is asked of it."""


def statement(entry: Entry, found: Register, remarks: Remarks, without: Collection[str] = ()) -> Statement:
    """The entry as a statement. Names that it gives are links, each the first time it is met.

    ``without``: sentences that stand above it already, said of several together.
    """
    title = getattr(entry.rule, "title", None)
    links = targets(entry, found)
    said = laid_out(entry, linked((one for one in entry.sentences if one not in without), links))
    short = as_read_here(entry, found)
    if short:
        said[0] = (Run("\nIn full: ", STRONG), *said[0])
        first, *rest = linked(short, links)
        said = [(Run("As read here: ", STRONG), *first), *rest, *said]
    when = in_force(entry, found)
    if when:
        said.append(plain(when))
    if entry.anchor in found.idle:
        said.append((Run("\nAs the words are read here, this never applies.", STRONG),))
    told = any(title in sentence for sentence in entry.sentences) if title else True
    asked = remarks.get(entry.anchor, ())
    return Statement(entry.anchor, called(entry), entry.sort, tuple(said), asked, None if told else title)


def called(entry: Entry) -> str:
    """What stands above its sentences."""
    if entry.sort == "severities":
        return "levels of severity"
    return f"severity {words(entry.name)}" if entry.sort == "severity" else words(entry.name)


def laid_out(entry: Entry, sentences: Iterable[Words]) -> list[Words]:
    """The sentences in lines: the first, what bears on it, and each reading's options. Few short ones are one line."""
    said = list(sentences)
    if entry.sort in ("fact", "event", "note"):
        return said
    lines = {n for n, text in enumerate(entry.sentences) if n == 1 or text.startswith(OPTIONS)} - {0}
    return [(Run("\n"), *one) if n in lines else one for n, one in enumerate(said)]


def in_force(entry: Entry, found: Register) -> str:
    """From when to when it says so, as a sentence; nothing where it always does."""
    versions = found.contract.versions
    if len(entry.versions) == len(versions):
        return ""
    last = entry.versions[-1] + 1
    after = versions[last].in_force_from if last < len(versions) else None
    return period(versions[entry.versions[0]].in_force_from, after)


def period(since: date | None, after: date | None) -> str:
    """Dates in force as a sentence; ``after``: the first date that is not any more."""
    said = [f"from {day(since)}"] if since is not None else []
    if after is not None:
        said.append(f"until {day(date.fromordinal(after.toordinal() - 1))}")
    return f"In force {' '.join(said)}." if said else ""


# ---- The words of the contract ----------------------------------------------------------------------------------


def quotations(given: Iterable[model.Quotation]) -> tuple[Quotation, ...]:
    """The contract's words, each with where they stand."""
    return tuple(Quotation(exact(one), where(one.places)) for one in given)


def exact(quotation: model.Quotation) -> str:
    """The words as the contract has them; its line breaks are blanks."""
    return fold(quotation.places[0].text if quotation.places else quotation.text)


def where(places: tuple[Span, ...]) -> str:
    """`source.txt, lines 12 to 14 and 30`; of words that were not looked for, that."""
    if not places:
        return "as quoted in the policy, which names no source"
    lines = list(dict.fromkeys(_lines(place) for place in places))
    many = len(lines) > 1 or " to " in lines[0]
    return f"{file_name(places[0].source.name)}, {'lines' if many else 'line'} {listed(lines)}"


def _lines(place: Span) -> str:
    last = place.source.line_of(max(place.end - 1, place.start))
    return str(place.line) if last == place.line else f"{place.line} to {last}"


def file_name(path: str) -> str:
    """The name of a file without the folders that it was found in."""
    return PurePosixPath(path.replace("\\", "/")).name


def beside(entries: Iterable[Entry], found: Register, remarks: Remarks) -> Iterator[Beside | Statement]:
    """Entries beside the words that they rest on; those that rest on the same words stand together."""
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        words_of = tuple((exact(one), one.places) for one in entry.quotations)
        groups.setdefault(words_of or (entry.anchor,), []).append(entry)
    for group in groups.values():
        said = tuple(statement(entry, found, remarks) for entry in group)
        if group[0].quotations:
            yield Beside(quotations(group[0].quotations), said)
        else:
            yield from said
