"""Ambiguities: the words that leave a choice, the ways to read them, the one adopted, and what hangs on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve

from slarules.documents.blocks import Beside, Block, Link, Paragraph, Run, Section, Statement, Words, plain
from slarules.documents.summary.register import Entry, Register
from slarules.documents.summary.statements import Remarks, beside, called
from slarules.model.rules import Citation, Reading
from slarules.model.value import AsRead

Hanging = Mapping[str, list[Words]]
"""Anchor of a reading → sentences that say what hangs on it."""


def section(found: Register, remarks: Remarks, worth: Mapping[str, str]) -> Section | None:
    """Those that matter, then those on which nothing hangs.

    ``worth``: where a reading is told → where it is told what it was worth on a history.
    """
    readings = [(entry, entry.rule) for entry in found.entries if isinstance(entry.rule, Reading)]
    if not readings:
        return None
    hanging = _hanging(found, worth)
    parts = [
        _part("On which something hangs", "ambiguities-that-matter",
              "If one of these is read in another way, some case has another verdict, date or amount.",
              [entry for entry, reading in readings if reading.changes_nothing is None], found, remarks, hanging),
        _part("On which nothing hangs", "ambiguities-that-change-nothing",
              "Whichever way these are read, all verdicts, dates and amounts stay the same.",
              [entry for entry, reading in readings if reading.changes_nothing is not None], found, remarks, hanging),
    ]
    says = (
        "Where the words leave a choice, the policy names the ways to read them, adopts one and says why. To adopt is "
        "not to agree: each is for the parties to answer."
    )
    shown = tuple(part for part in parts if part.blocks[1:])
    return Section("Ambiguities", "ambiguities", (Paragraph(plain(says)),), shown, new_page=True)


def _part(
    title: str, anchor: str, says: str, entries: list[Entry], found: Register, remarks: Remarks, hanging: Hanging,
) -> Section:
    blocks: list[Block] = [Paragraph(plain(says))]
    for entry in entries:
        blocks += [_with(block, hanging) for block in beside([entry], found, remarks)]
    return Section(title, anchor, tuple(blocks))


def _with(block: Beside | Statement, hanging: Hanging) -> Beside | Statement:
    """The same, with what hangs on the reading said last."""
    if isinstance(block, Beside):
        return evolve(block, statements=tuple(_told(one, hanging) for one in block.statements))
    return _told(block, hanging)


def _told(said: Statement, hanging: Hanging) -> Statement:
    more = hanging.get(said.anchor, [])
    return evolve(said, sentences=(*said.sentences, (Run("\n"), *more[0]), *more[1:])) if more else said


# ---- What hangs on it -------------------------------------------------------------------------------------------


def _hanging(found: Register, worth: Mapping[str, str]) -> Hanging:
    """The rules in which each reading stands, those that rest on it through others, the zone, and its worth."""
    resting = _resting(found)
    zone = found.contract.zone
    hanging: dict[str, list[Words]] = {}
    for name in found.contract.readings:
        own, through = resting.get(name, ([], []))
        said = [_rules("It stands in ", own)] if own else []
        if isinstance(zone, AsRead) and zone.reading == name:
            said.append(plain("It decides in which zone the contract’s dates are kept."))
        if through:
            said.append(_rules("Through that, it bears on " if said else "It bears on ", through))
        at = found.anchors[0, "reading", name]
        if at in worth:
            said.append((Link("What it was worth", worth[at]), Run(" is told of a history.")))
        hanging[at] = said
    return hanging


def _resting(found: Register) -> Mapping[str, tuple[list[Entry], list[Entry]]]:
    """Reading → the rules that name it, and those that rest on it through their calendar, their table or the like."""
    resting: dict[str, tuple[list[Entry], list[Entry]]] = {}
    for entry in found.entries:
        if entry.sort == "reading":
            continue
        cited = getattr(entry.rule, "citation", None)
        through = cited.readings if isinstance(cited, Citation) else ()
        for name in dict.fromkeys((*entry.readings, *through)):
            own, others = resting.setdefault(name, ([], []))
            (own if name in entry.readings else others).append(entry)
    return resting


def _rules(lead: str, rules: Iterable[Entry]) -> Words:
    """Rules in one sentence: `It stands in the duties “a” and “b”, and the target “c”.`"""
    sorts: dict[str, list[Entry]] = {}
    for entry in rules:
        sorts.setdefault(entry.sort, []).append(entry)
    found: list[Run | Link] = [Run(lead)]
    for n, (sort, entries) in enumerate(sorts.items()):
        last = ", and " if len(sorts) == 2 else "; and "
        joint = "" if not n else last if n == len(sorts) - 1 else "; "
        found.append(Run(f"{joint}the {sort if len(entries) == 1 else _plural(sort)} "))
        for at, entry in enumerate(entries):
            joint = "" if not at else " and " if at == len(entries) - 1 else ", "
            found += [Run(joint)] if joint else []
            found.append(Link(f"“{called(entry)}”", entry.anchor))
    return (*found, Run("."))


def _plural(sort: str) -> str:
    if sort in ("severities", "holidays"):
        return sort
    return f"{sort}es" if sort.endswith("s") else f"{sort[:-1]}ies" if sort.endswith("y") else f"{sort}s"
