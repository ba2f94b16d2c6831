"""Boxes and arrows laid out in layers, so that no line runs through a box or a label and no two of these touch.

After Sugiyama, Tagawa and Toda (1981): arrows that lead back are turned around, each box gets a layer below those that
lead to it, the layers are put in an order with few crossings, and then everything is moved to where its neighbours
are. A label is an item of a layer like a box; where labels do not fit beside each other, they get a layer each.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from attrs import frozen

from slarules.pictures.places import APART, Item, needed, placed

SLIM = 3.0
"""Half the room of a line that passes through a layer."""
_SWEEPS = 12


@frozen
class Node:
    """What an arrow leads to."""

    left: float
    """Its room to the left of where it stands."""
    right: float
    """Its room to the right."""
    height: float
    """Units down."""
    port: float
    """How far to both sides of where it stands arrows can meet it."""


@frozen
class Arc:
    """An arrow with a label."""

    source: int
    """The index of the node that it comes from."""
    target: int
    """The index of the node that it leads to: another one."""
    wide: float = 0
    """The room of its label, to the right of its line; 0: it has none."""
    height: float = 0
    """Units down of its label."""


@frozen
class Layout:
    """Where everything stands."""

    layers: tuple[tuple[int, ...], ...]
    """Top to bottom; in each the indices of its items, left to right."""
    items: tuple[Item, ...]
    """All items; the first ones are the nodes."""
    x: tuple[float, ...]
    """Where each item stands."""
    chains: tuple[tuple[int, ...], ...]
    """For each arc the items that it passes, from the upper end to the lower, both ends included."""
    up: tuple[bool, ...]
    """For each arc whether it leads upwards."""
    width: float
    """Units across: as wide as what stands in it."""


def laid_out(nodes: Sequence[Node], arcs: Sequence[Arc], firsts: Sequence[int], room: float) -> Layout:
    """The nodes and arcs in layers no wider than the room, where single items are not wider themselves; the nodes to
    begin with come first."""
    turned = _turned(len(nodes), arcs, firsts)
    ends = [(arc.target, arc.source) if back else (arc.source, arc.target)
            for arc, back in zip(arcs, turned, strict=True)]  # fmt: skip
    ranks = _ranks(nodes, ends, room)
    layers, items, chains = _filled(nodes, arcs, ends, turned, ranks, room)
    ordered = _ordered(layers, _links(chains))
    x = placed(ordered, items, chains, max([room, *(needed(layer, items) for layer in ordered)]))
    left = min((at - item.left for at, item in zip(x, items, strict=True)), default=0)
    right = max((at + item.right for at, item in zip(x, items, strict=True)), default=0)
    return Layout(
        tuple(map(tuple, ordered)),
        tuple(items),
        tuple(at - left for at in x),
        tuple(map(tuple, chains)),
        tuple(turned),
        right - left,
    )


def _turned(count: int, arcs: Sequence[Arc], firsts: Sequence[int]) -> list[bool]:
    """For each arc whether it leads back to where one has come from, seen from the first nodes on."""
    turned = [False] * len(arcs)
    seen, path = set[int](), set[int]()

    def visit(node: int) -> None:
        seen.add(node)
        path.add(node)
        for n, arc in enumerate(arcs):
            if arc.source == node:
                turned[n] = arc.target in path
                if arc.target not in seen:
                    visit(arc.target)
        path.discard(node)

    for node in [*firsts, *sorted(range(count), key=lambda node: any(arc.target == node for arc in arcs))]:
        if node not in seen:
            visit(node)
    return turned


def _ranks(nodes: Sequence[Node], ends: Sequence[tuple[int, int]], room: float) -> list[int]:
    """Each node below all that lead to it, in the first layer that has room for it."""
    ranks: dict[int, int] = {}
    used: dict[int, float] = {}
    while len(ranks) < len(nodes):
        node = next(
            n for n in range(len(nodes))
            if n not in ranks and all(upper in ranks for upper, lower in ends if lower == n)
        )  # fmt: skip
        rank = max((ranks[upper] + 1 for upper, lower in ends if lower == node), default=0)
        wide = nodes[node].left + nodes[node].right + APART
        while used.get(rank, 0) and used[rank] + wide > room:
            rank += 1
        ranks[node] = rank
        used[rank] = used.get(rank, 0) + wide
    return [ranks[node] for node in range(len(nodes))]


def _filled(
    nodes: Sequence[Node],
    arcs: Sequence[Arc],
    ends: Sequence[tuple[int, int]],
    turned: Sequence[bool],
    ranks: Sequence[int],
    room: float,
) -> tuple[list[list[int]], list[Item], list[list[int]]]:
    """The layers of nodes, with layers of labels between them; the items; and each arc's chain of items."""
    items = [Item(node.left, node.right, node.height, port=node.port) for node in nodes]
    chains = [[upper] for upper, _ in ends]
    layers: list[list[int]] = []
    for rank in range(max(ranks, default=-1) + 1):
        layers.append([n for n, at in enumerate(ranks) if at == rank])
        passing = [n for n, (upper, lower) in enumerate(ends) if ranks[upper] < rank < ranks[lower]]
        layers.append(_through(layers.pop(), passing, (), arcs, items, chains))
        crossing = [n for n, (upper, lower) in enumerate(ends) if ranks[upper] <= rank < ranks[lower]]
        named = [
            n for n in crossing
            if arcs[n].wide and (ranks[ends[n][1]] - 1 == rank if turned[n] else ranks[ends[n][0]] == rank)
        ]  # fmt: skip
        for row in _rows(named, crossing, arcs, room):
            layers.append(_through([], crossing, row, arcs, items, chains))
    for chain, (_, lower) in zip(chains, ends, strict=True):
        chain.append(lower)
    return layers, items, chains


def _through(
    layer: list[int],
    passing: Sequence[int],
    named: Sequence[int],
    arcs: Sequence[Arc],
    items: list[Item],
    chains: list[list[int]],
) -> list[int]:
    """The layer with an item for each arc that passes it: a label for those named in it."""
    for n in passing:
        arc = arcs[n]
        layer.append(len(items))
        chains[n].append(len(items))
        items.append(Item(SLIM, arc.wide, arc.height, arc=n, label=True) if n in named else Item(SLIM, SLIM, 0, arc=n))
    return layer


def _rows(named: Sequence[int], crossing: Sequence[int], arcs: Sequence[Arc], room: float) -> list[list[int]]:
    """The labels between two layers of nodes, in as many rows as they need beside the lines that pass."""
    rows: list[list[int]] = []
    lines = len(crossing) * (2 * SLIM + APART)
    used = room
    for n in named:
        if used + arcs[n].wide > room or not rows:
            rows.append([])
            used = lines
        rows[-1].append(n)
        used += arcs[n].wide - SLIM
    return rows


def _links(chains: Sequence[Sequence[int]]) -> dict[int, list[int]]:
    """Each item's neighbours in the layers above and below."""
    links: dict[int, list[int]] = {}
    for chain in chains:
        for upper, lower in pairwise(chain):
            links.setdefault(upper, []).append(lower)
            links.setdefault(lower, []).append(upper)
    return links


def _ordered(layers: list[list[int]], links: dict[int, list[int]]) -> list[list[int]]:
    """The layers in an order with few crossings: the best of some sweeps down and up."""
    best = layers = [list(layer) for layer in layers]
    fewest = _crossings(layers, links)
    for sweep in range(_SWEEPS):
        order = range(1, len(layers)) if sweep % 2 == 0 else range(len(layers) - 2, -1, -1)
        layers = [list(layer) for layer in layers]
        for n in order:
            beside = {item: at for at, item in enumerate(layers[n - 1 if sweep % 2 == 0 else n + 1])}
            middles = {item: _middle(item, layers[n], beside, links) for item in layers[n]}
            layers[n].sort(key=middles.__getitem__)
        found = _crossings(layers, links)
        if found < fewest:
            best, fewest = layers, found
    return best


def _middle(item: int, layer: Sequence[int], beside: dict[int, int], links: dict[int, list[int]]) -> float:
    """Where the neighbours of an item are in the layer beside it, on average; its own place if it has none."""
    found = [beside[other] for other in links.get(item, ()) if other in beside]
    return sum(found) / len(found) if found else layer.index(item)


def _crossings(layers: Sequence[Sequence[int]], links: dict[int, list[int]]) -> int:
    """How many pairs of lines cross."""
    count = 0
    for upper, lower in pairwise(layers):
        at = {item: n for n, item in enumerate(lower)}
        lines = [(n, at[other]) for n, item in enumerate(upper) for other in links.get(item, ()) if other in at]
        count += sum((a - c) * (b - d) < 0 for n, (a, b) in enumerate(lines) for c, d in lines[:n])
    return count
