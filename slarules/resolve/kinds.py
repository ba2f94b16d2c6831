"""What each rule is about: a ticket, the agreement, or a subject of the contract's own, told by its trigger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from slarules.resolve.builtin import AGREEMENT, ANY, TICKET
from slarules.resolve.names import Names
from slarules.resolve.patterns import happening_kind, kind_of, outcome
from slarules.syntax.tree import Node

_USUAL = {"agreed": TICKET, "elected": TICKET}
"""Of events that may happen to anything, the subject they mostly happen to."""


def find_kinds(names: Names) -> None:
    """Fills ``names.kinds``; duties wait for the duties that they follow from, and circles end at the agreement."""
    rules = dict(_rules(names))
    waits = {name: _follows(name, lines, names) & rules.keys() for name, lines in rules.items()}
    order = {name: place for place, name in enumerate(rules)}
    before: dict[str, list[str]] = {}
    for name, others in waits.items():
        for other in others:
            before.setdefault(other, []).append(name)
    left = iter(rules)
    known = [name for name, others in waits.items() if not others]
    while known or (known := list(islice((name for name in left if name not in names.kinds), 1))):
        freed: set[str] = set()
        for name in known:
            names.kinds[name] = _kind(name, rules[name], names)
        for name in known:
            for other in before.get(name, ()):
                waits[other].discard(name)
                if not waits[other] and other not in names.kinds:
                    freed.add(other)
        known = sorted(freed, key=order.__getitem__)


def _rules(names: Names) -> Iterator[tuple[str, tuple[Node, ...]]]:
    for sort in ("prohibition", "right", "choice", "scope"):
        for name, item in names.items[sort].items():
            yield name, item.node.parts
    for name, owed in names.owed.items():
        yield name, owed.lines


def _follows(name: str, lines: Iterable[Node], names: Names) -> set[str]:
    """The rules whose kind this one's hangs on."""
    found = set(names.consequences.get(name, ()))
    owed = names.owed.get(name)
    if owed is not None and owed.option is not None:
        found.add(owed.item.name)
    for happening in _happenings(lines):
        if happening.kind in ("remaining", "used_up"):
            found.add(happening.name.text)
        elif happening.parts and happening.parts[0].kind == "pattern":
            became = outcome(happening.parts[0], names)
            found |= {became.duty} if became else set()
    return found - {name}


def _happenings(lines: Iterable[Node]) -> Iterator[Node]:
    for line in lines:
        if line.kind in ("when", "when_both"):
            yield from line.parts


def _kind(name: str, lines: tuple[Node, ...], names: Names) -> str:
    """From the triggers; else what it follows from; else the act; else the facts it names."""
    owed = names.owed.get(name)
    if owed is not None and owed.option is not None:
        return names.kinds.get(owed.item.name, TICKET)
    found = [happening_kind(node, names) for node in _happenings(lines)]
    found += [AGREEMENT for line in lines if line.kind == "each_term"]
    found += [names.kinds.get(breached) for breached in names.consequences.get(name, ())]
    found += [kind for line in lines if line.kind == "performed_when" for kind in _performing(line, names)]
    found += [kind for line in lines for kind in _acting(line, names)]
    if any(found):
        return next(kind for kind in found if kind)
    usual = [_USUAL.get(n.all("NAME")[-1].text) for line in lines for n in line.walk() if n.kind == "pattern"]
    last = TICKET if name in names.items["scope"] else AGREEMENT
    return next((kind for kind in (*usual, *_conditions(lines, names)) if kind), last)


def _performing(line: Node, names: Names) -> Iterator[str | None]:
    for part in line.all("pattern"):
        yield kind_of(part, names)


def _acting(line: Node, names: Names) -> Iterator[str | None]:
    """The kinds of the act's events; of a fact that is kept, the fact's."""
    act = line.first("act", "keep_fact")
    if act is None:
        return
    if act.kind == "keep_fact":
        fact = names.facts.get(act.name.text)
        yield fact.kind if fact and fact.kind != ANY else None
        return
    for event in names.acts.get(act.name.text, ()):
        yield names.events[event].kind


def _conditions(lines: Iterable[Node], names: Names) -> Iterator[str | None]:
    """Of a rule with no event at all (a scope, a standing rule): the subject of the facts it asks."""
    for line in lines:
        for node in line.walk():
            if node.kind == "name":
                fact = names.facts.get(node.name.text)
                yield fact.kind if fact and fact.kind not in (ANY, AGREEMENT) else None
            elif node.kind == "severity_value":
                yield TICKET
