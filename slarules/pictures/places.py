"""Where the items of layers stand from left to right: near their neighbours, apart from each other, lines straight."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from attrs import frozen

APART = 12.0
"""Between two items of a layer."""
_SWEEPS = 24


@frozen
class Item:
    """Something in a layer: a node, the label of an arc, or an arc that passes through."""

    left: float
    """Its room to the left of `x`."""
    right: float
    """Its room to the right."""
    height: float
    """Units down."""
    arc: int | None = None
    """The arc that it belongs to."""
    label: bool = False
    """It holds the arc's label."""
    port: float = 0
    """Of a node: how far from `x` a line can meet it."""


def needed(layer: Sequence[int], items: Sequence[Item]) -> float:
    """How wide a layer is at least."""
    return sum(items[n].left + items[n].right for n in layer) + APART * (len(layer) - 1)


def placed(
    layers: Sequence[Sequence[int]], items: Sequence[Item], chains: Sequence[Sequence[int]], width: float
) -> list[float]:
    """Where each item stands: as near to its neighbours as order and room allow; long lines are kept straight."""
    x = [width / 2] * len(items)
    pulls: list[list[tuple[int, float]]] = [[] for _ in items]
    for chain in chains:
        for upper, lower in pairwise(chain):
            force = 8.0 ** sum(items[n].arc is not None for n in (upper, lower))
            pulls[upper].append((lower, force))
            pulls[lower].append((upper, force))
    rows = [(layer, _offsets(layer, items), [sum(force for _, force in pulls[n]) or 1.0 for n in layer],
             items[layer[0]].left, width - items[layer[-1]].right) for layer in layers if layer]  # fmt: skip
    for _ in range(_SWEEPS):
        before = list(x)
        for layer, offsets, forces, low, high in (*rows, *reversed(rows)):
            wanted = [
                sum(force * x[other] for other, force in pulls[n]) / total if pulls[n] else x[n]
                for n, total in zip(layer, forces, strict=True)
            ]
            for n, at in zip(layer, spread(wanted, forces, offsets, low, high), strict=True):
                x[n] = at
        if all(abs(old - new) < 0.5 for old, new in zip(before, x, strict=True)):
            break
    for _ in range(2):
        _straightened(layers, items, chains, x, width)
    return x


def _offsets(layer: Sequence[int], items: Sequence[Item]) -> list[float]:
    """How far to the right of the first each item must stand at least."""
    offsets = [0.0]
    for before, after in pairwise(layer):
        offsets.append(offsets[-1] + items[before].right + APART + items[after].left)
    return offsets


def spread(
    wanted: Sequence[float], forces: Sequence[float], offsets: Sequence[float], low: float, high: float
) -> list[float]:
    """Places in a row, in their order, each at least its offset to the right of the first, from low to high where that
    is possible: those with the least sum of squares from where each would stand (by pooling adjacent violators)."""
    pools: list[tuple[float, float, int]] = []
    for want, force, offset in zip(wanted, forces, offsets, strict=True):
        pools.append((want - offset, force, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, f, n), (b, g, m) = pools[-2:]
            pools[-2:] = [((a * f + b * g) / (f + g), f + g, n + m)]
    most = max(high - offsets[-1], low) if offsets else low
    places = [min(max(at, low), most) for at, _, count in pools for _ in range(count)]
    return [at + offset for at, offset in zip(places, offsets, strict=True)]


def _straightened(
    layers: Sequence[Sequence[int]],
    items: Sequence[Item],
    chains: Sequence[Sequence[int]],
    x: list[float],
    width: float,
) -> None:
    """Moves what lies between the ends of each chain so that its line has as few bends as there can be."""
    beside: dict[int, tuple[int | None, int | None]] = {}
    for layer in layers:
        for before, item, after in zip([None, *layer], layer, [*layer[1:], None], strict=False):
            beside[item] = before, after

    def free(item: int) -> tuple[float, float]:
        before, after = beside[item]
        low = x[before] + items[before].right + APART if before is not None else 0
        high = x[after] - items[after].left - APART if after is not None else width
        return low + items[item].left, high - items[item].right

    for chain in chains:
        ends = [_reach(items[chain[0]], x[chain[0]]), _reach(items[chain[-1]], x[chain[-1]])]
        run: list[int] = []
        low, high = ends[0]
        for item in chain[1:-1]:
            least, most = free(item)
            if run and max(low, least) > min(high, most):
                _settle(run, low, high, x)
                run, low, high = [], least, most
            elif max(low, least) <= min(high, most):
                low, high = max(low, least), min(high, most)
            else:
                low, high = least, most
            run.append(item)
        least, most = max(low, ends[1][0]), min(high, ends[1][1])
        _settle(run, *((least, most) if least <= most else (low, high)), x)


def _reach(item: Item, at: float) -> tuple[float, float]:
    """From where to where a line can meet a box upright."""
    return at - item.port, at + item.port


def _settle(run: Sequence[int], low: float, high: float, x: list[float]) -> None:
    """Puts all of a run at one place: the nearest to where they were on average."""
    if run and low <= high:
        at = min(max(sum(x[item] for item in run) / len(run), low), high)
        for item in run:
            x[item] = at
