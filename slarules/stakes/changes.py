"""What two ways to read a contract make different: the rules written otherwise, and whose verdicts rest on those."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
from attrs import field, frozen

from slarules.model.limit import EachDay, Every, OnEach
from slarules.model.rules import Duty
from slarules.stakes.dependence import JUDGED, ZONE, Node, beneath, named, reaching
from slarules.stakes.occasions import Occasion, occasions, shared
from slarules.stakes.ways import ASKING, Version, Way

NEUTRAL = frozenset(("citation", "title"))
"""Fields on which no verdict hangs."""


@frozen
class Difference:
    """What one way to read the contract may make different from another."""

    roots: Mapping[Node, frozenset[str]] = field(factory=dict)
    """Each rule that is written otherwise → its fields that differ; all of them where one way lacks it."""
    touched: frozenset[Node] = frozenset()
    """The roots, and every rule that rests on one in either way."""
    kept: frozenset[Node] = frozenset()
    """What is touched, with all that it rests on in either way: enough to judge it by."""
    occasions: frozenset[Occasion] = frozenset()
    """A subject that fits none of these is judged alike both ways."""
    periodic: frozenset[str] = frozenset()
    """Recurring duties whose periods are others altogether."""
    judged: frozenset[Node] = field(init=False)
    """Those of the touched rules that have verdicts."""

    @judged.default
    def _judged(self) -> frozenset[Node]:
        return frozenset(node for node in self.touched if node[0] in JUDGED)


def difference(one: Way, other: Way) -> Difference:
    """What differs between two ways to read one contract; ``occasions`` ask what ``one`` judges of a subject."""
    pairs = list(zip(one.versions, other.versions, strict=True))
    if one.zone != other.zone:  # every date and every calendar without a zone of its own rests on it
        every = frozenset(node for pair in pairs for version in pair for node in version.rules)
        return Difference({ZONE: frozenset()}, every, every, frozenset({Occasion(None)}), frozenset())
    roots: dict[Node, frozenset[str]] = {}
    touched: set[Node] = set()
    kept: set[Node] = set()
    asked: set[Occasion] = set()
    periodic: set[str] = set()
    for a, b in pairs:
        own = _roots(a, b)
        if own:
            roots |= {node: roots.get(node, frozenset()) | fields for node, fields in own.items()}
            reached = reaching(a.graph, own) | reaching(b.graph, own)
            touched |= reached
            asked |= {*occasions(a, a, own, reached), *occasions(b, a, own, reached)}
            periodic |= {*_periodic(a, own, reached), *_periodic(b, own, reached)}
    for version in (v for pair in pairs for v in pair) if touched else ():
        standing = {node for node in version.rules if node[0] not in ASKING or node[0] == "scope"}
        kept |= beneath(version.graph, (touched & version.rules.keys()) | standing)
    return Difference(roots, frozenset(touched), frozenset(kept), frozenset(asked), frozenset(periodic))


def _roots(a: Version, b: Version) -> dict[Node, frozenset[str]]:
    """Rules written otherwise, each with the fields that differ."""
    found: dict[Node, frozenset[str]] = {}
    for node in dict.fromkeys((*a.rules, *b.rules)):
        before, after = a.rules.get(node), b.rules.get(node)
        if before is None or after is None:
            found[node] = _fields(before or after)
        elif before is not after:
            found[node] = frozenset(f for f in _fields(before) if getattr(before, f) != getattr(after, f))
    return {node: fields for node, fields in found.items() if fields}


def _fields(rule: Any) -> frozenset[str]:
    return frozenset(at.name for at in attrs.fields(type(rule)) if at.name not in NEUTRAL)


def _periodic(version: Version, roots: Mapping[Node, frozenset[str]], touched: frozenset[Node]) -> Iterator[str]:
    """Recurring duties of which the limit differs, or what it counts in."""
    for node in touched:
        rule = version.rules.get(node)
        if isinstance(rule, Duty) and isinstance(rule.limit, (Every, EachDay, OnEach)):
            own = "limit" in roots.get(node, ())
            if own or shared(version, named(rule.limit, version.rules)) & roots.keys():
                yield rule.name
