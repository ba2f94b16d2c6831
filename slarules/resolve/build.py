"""A policy's tree to the contract that it means; every problem is collected, none stops the pass."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from slarules.diagnostics import Diagnostic, has_errors, in_order
from slarules.model.contract import Contract, Party, Terms
from slarules.model.value import AsRead
from slarules.resolve.calendars import zone as zone_of
from slarules.resolve.checks import check
from slarules.resolve.cite import cited
from slarules.resolve.declare import declared
from slarules.resolve.header import in_force, parties
from slarules.resolve.kinds import find_kinds
from slarules.resolve.names import Item, Names, Place
from slarules.resolve.phrases import phrases
from slarules.resolve.problems import Problems
from slarules.resolve.readings import reading
from slarules.resolve.terms import Uses, with_readings, written
from slarules.source import Source
from slarules.syntax.tree import Node, PolicyTree


def resolve(
    tree: PolicyTree, policy: Source, text: Source | None, calendars_check: bool = True,
) -> tuple[Contract | None, tuple[Diagnostic, ...]]:
    """The contract that a policy's tree means, None where an error keeps it from being judged by.

    ``text`` is the contract's own words; without it no quotation is verified. ``calendars_check`` also looks at
    every change of clocks and every holiday that a calendar meets, which takes a moment.
    """
    block = tree.contract
    if block is None or block.kind != "contract":
        return None, ()
    problems = Problems(tree.broken)
    words = cited(tree, text, problems)
    who = parties(block, problems)
    ticket = block.first("ticket_called")
    called = ticket.one("STRING").text if ticket is not None else "ticket"
    since, until = in_force(block, problems)
    versions, zone = _versions(block, words.items, who, called, since, problems, calendars_check)
    readings = {name: reading(item, versions[0][1]) for name, item in versions[0][1].items["reading"].items()}
    source = block.first("source_file")
    stated = source.all("STRING") if source is not None else ()
    title = block.first("STRING")
    contract = Contract(
        block.name.text, title.text if title else block.name.text, who, zone, called, (since, until), readings,
        tuple(terms for terms, _ in versions), tuple(words.notes), policy, text,
        stated[1].text if len(stated) > 1 else None,
    )
    diagnostics = in_order(problems.found)
    return (None if has_errors(diagnostics) else contract), diagnostics


def _versions(
    block: Node, items: Sequence[Item], who: tuple[Party, ...], ticket: str, since: date | None, problems: Problems,
    calendars_check: bool,
) -> tuple[list[tuple[Terms, Names]], str | AsRead | None]:
    """The terms of each period between two dates at which clauses begin or end (R27)."""
    bounds = sorted({day for item in items for day in (item.since, item.until) if day is not None})
    stated = block.first("zone_line")
    versions: list[tuple[Terms, Names]] = []
    zone: str | AsRead | None = None
    everything = {item.name for item in items if item.node.first("NAME")}
    for start, end in pairwise((None, *bounds, None)):
        current = [item for item in items if _is_in_force(item, start, end)]
        problems.dormant = frozenset(everything - {item.name for item in current if item.node.first("NAME")})
        names = declared(current, who, ticket, stated is not None, problems)
        find_kinds(names)
        uses: Uses = {}
        if stated is not None:
            zone = zone_of(stated.parts[0], Place(names, None, uses.setdefault(("zone", ""), set())))
        terms = written(names, start, uses)
        phrases(names, uses)
        check(terms, names, uses, zone, since, calendars_check)
        versions.append((with_readings(terms, uses, tuple(names.items["reading"])), names))
    return versions, zone


def _is_in_force(item: Item, start: date | None, end: date | None) -> bool:
    """Whether a rule's clause is in force throughout the period; readings are the whole contract's."""
    if item.node.kind == "reading":
        return True
    begun = item.since is None or (start is not None and item.since <= start)
    return begun and (item.until is None or (end is not None and end <= item.until))
