"""A life as a diagram: states as boxes, what leads from one to the next as arrows with words on them."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from slarules.pictures.drawing import BODY, LEADING, SMALL, WIDTH, Box, Dot, Label, Mark, Stroke, line, number, picture
from slarules.pictures.layers import Arc, Layout, Node, laid_out
from slarules.pictures.picture import Picture
from slarules.pictures.places import Item, spread
from slarules.pictures.text import clean, listed, widest, wrapped

_NAME, _NOTE, _WORDS = 130.0, 150.0, 150.0
"""How wide a state's name, its note and the words on an arrow may be."""
_PAD, _LOOP, _HEAD, _PORT = 10.0, 24.0, 7.0, 12.0
_DOT = 6.0


@frozen
class State:
    """A state that something can be in."""

    name: str
    """What it is called; each has another name."""
    starts: bool = False
    """A life begins in it: an arrow leads to it from a dot."""
    ends: bool = False
    """A life ends in it: an arrow leads from it to a ringed dot."""
    note: str = ""
    """What holds while in it, in small letters below the name."""


@frozen
class Move:
    """What leads from a state to another, or back to the same."""

    source: str
    """The name of the state that it leaves."""
    target: str
    """The name of the state that it enters."""
    label: str
    """When it happens, in words; it is broken into lines."""


@frozen
class _Words:
    """Words in lines."""

    lines: tuple[str, ...]
    """Each line."""
    wide: float
    """Units across."""
    height: float
    """Units down."""


def states(title: str, states: Sequence[State], moves: Sequence[Move]) -> Picture:
    """The states from top to bottom, as far as moves lead onwards. A move names two of the states."""
    index = {state.name: n for n, state in enumerate(states)}
    steps = [move for move in moves if move.source != move.target]
    loops = [[_words(move.label) for move in moves if move.source == move.target == state.name] for state in states]
    wide = [_wide(state, steps) for state in states]
    nodes = [_node(state, across, beside) for state, across, beside in zip(states, wide, loops, strict=True)]
    arcs = [_arc(index[move.source], index[move.target], _words(move.label)) for move in steps]
    layout = laid_out(nodes, arcs, [n for n, state in enumerate(states) if state.starts], WIDTH)
    lines = _across(layout)
    spans, bottom = _spans(layout, lines)
    marks: list[Mark] = []
    for n, state in enumerate(states):
        marks += _state(state, loops[n], wide[n], layout.x[n], *_box(spans[n], nodes[n]))
    for n, move in enumerate(steps):
        marks += _arrow(layout, n, lines[n], spans, _words(move.label))
    return picture(title, _description(states, moves), bottom, marks, max(layout.width, 40))


def _words(text: str) -> _Words:
    lines = wrapped(text, SMALL, _WORDS)
    return _Words(lines, widest(lines, SMALL), len(lines) * SMALL * LEADING)


def _arc(source: int, target: int, words: _Words) -> Arc:
    return Arc(source, target, words.wide + 8 if words.lines else 0, words.height + 4)


def _wide(state: State, steps: Sequence[Move]) -> float:
    """How wide a state's box is: for its words, and for the arrows on one side of it."""
    name, note = wrapped(state.name, BODY, _NAME, bold=True), wrapped(state.note, SMALL, _NOTE)
    ports = sum(state.name in (move.source, move.target) for move in steps) + 1
    return max(widest(name, BODY, bold=True) + 2 * _PAD, widest(note, SMALL) + 2 * _PAD, 60, ports * _PORT + 8)


def _node(state: State, wide: float, loops: Sequence[_Words]) -> Node:
    """The room of a state, with its moves back to itself at its right."""
    name, note = wrapped(state.name, BODY, _NAME, bold=True), wrapped(state.note, SMALL, _NOTE)
    height = len(name) * BODY * LEADING + len(note) * SMALL * LEADING + 12
    beside = _LOOP + 6 + max(loop.wide for loop in loops) if loops else _LOOP + 2 * _DOT if state.ends else 0
    stacked = sum(_loop_height(loop) for loop in loops) + (2 * _DOT + 4 if state.ends else 0)
    left = wide / 2 + 1 + (_LOOP + 2 * _DOT if state.starts else 0)
    return Node(left, wide / 2 + 1 + beside, max(height, stacked), wide / 2 - 8)


def _loop_height(loop: _Words) -> float:
    return max(loop.height, 18) + 8


def _spans(layout: Layout, lines: Sequence[Sequence[float]]) -> tuple[list[tuple[float, float]], float]:
    """Each item's layer, from top to bottom, and where the picture ends: layers lie further apart where lines go far
    to the side."""
    spans = [(0.0, 0.0)] * len(layout.items)
    y = 2.0
    for layer in layout.layers:
        bottom = y + max(layout.items[item].height for item in layer)
        for item in layer:
            spans[item] = y, bottom
        far = max(
            (abs(line[at] - line[at + 1]) for line, chain in zip(lines, layout.chains, strict=True)
             for at, item in enumerate(chain[:-1]) if item in layer),
            default=0,
        )  # fmt: skip
        y = bottom + min(20 + far * 0.14, 48)
    return spans, max((bottom for _, bottom in spans), default=0) + 2


def _state(state: State, loops: Sequence[_Words], wide: float, x: float, top: float, height: float) -> list[Mark]:
    """A state's box with its name and note, and its moves back to itself at its right."""
    name, note = wrapped(state.name, BODY, _NAME, bold=True), wrapped(state.note, SMALL, _NOTE)
    y = top + (height - len(name) * BODY * LEADING - len(note) * SMALL * LEADING) / 2
    marks: list[Mark] = [Box(x - wide / 2, top, wide, height, "faint", "ink", 1.3, 6, role="state")]
    for text in name:
        y += BODY * LEADING
        marks.append(Label(x, y - 3.5, text, BODY, "middle", bold=True))
    for text in note:
        y += SMALL * LEADING
        marks.append(Label(x, y - 3.5, text, SMALL, "middle", soft=True))
    if state.starts:
        begin = x - wide / 2 - _LOOP
        marks += [Dot(begin - _DOT, top + height / 2, _DOT), *_straight(begin, top + height / 2)]
    right, at = x + wide / 2, top + (height - sum(_loop_height(loop) for loop in loops) - 16 * state.ends) / 2
    if state.ends:
        end = right + _LOOP + _DOT
        marks += [*_straight(right, at + 8), Dot(end, at + 8, _DOT, "none", "ink", 1.3), Dot(end, at + 8, _DOT - 2.5)]
        at += 16
    for loop in loops:
        middle = at + _loop_height(loop) / 2
        out = number(right + _LOOP + 4)
        marks.append(Stroke(
            f"M{number(right)} {number(middle - 6)}C{out} {number(middle - 12)} {out} {number(middle + 12)} "
            f"{number(right + _HEAD)} {number(middle + 6)}"
        ))  # fmt: skip
        marks.append(_point(right, middle + 6, -1, 0))
        marks += _lines(loop, right + _LOOP + 2, middle)
        at += _loop_height(loop)
    return marks


def _lines(words: _Words, x: float, middle: float) -> list[Mark]:
    """Words in lines, their middle at a height."""
    top = middle - words.height / 2
    return [Label(x, top + (n + 0.78) * SMALL * LEADING, text, SMALL) for n, text in enumerate(words.lines)]


def _point(x: float, y: float, across: int, down: int) -> Stroke:
    """The head of an arrow that ends at a place, in a direction."""
    back_x, back_y = x - across * _HEAD, y - down * _HEAD
    half = _HEAD * 0.45
    return Stroke(
        f"M{number(x)} {number(y)}L{number(back_x + down * half)} {number(back_y + across * half)}"
        f"L{number(back_x - down * half)} {number(back_y - across * half)}Z",
        "none",
        fill="ink",
    )


def _straight(x: float, y: float) -> list[Mark]:
    """A short arrow to the right."""
    return [Stroke(line(x, y, x + _LOOP - _HEAD, y)), _point(x + _LOOP, y, 1, 0)]


def _box(span: tuple[float, float], item: Node | Item) -> tuple[float, float]:
    """The top and the height of a box: in the middle of its layer."""
    return (span[0] + span[1] - item.height) / 2, item.height


def _across(layout: Layout) -> list[list[float]]:
    """For each arc where it stands at each item that it passes; boxes are met as straight as can be."""
    lines = [[layout.x[item] for item in chain] for chain in layout.chains]
    for node, item in enumerate(layout.items):
        for end, beside in ((0, 1), (-1, -2)):
            met = sorted((line[beside], n) for n, line in enumerate(lines) if layout.chains[n][end] == node)
            x, offsets = layout.x[node], [n * _PORT for n in range(len(met))]
            places = spread([at for at, _ in met], [1.0] * len(met), offsets, x - item.port, x + item.port)
            for (_, n), at in zip(met, places, strict=True):
                lines[n][end] = at
    return lines


def _arrow(
    layout: Layout, n: int, line: Sequence[float], spans: Sequence[tuple[float, float]], words: _Words
) -> list[Mark]:
    """An arc from box to box, its words to the right of it."""
    chain, up = layout.chains[n], layout.up[n]
    top, height = _box(spans[chain[0]], layout.items[chain[0]])
    begin, end = top + height, _box(spans[chain[-1]], layout.items[chain[-1]])[0]
    y = spans[chain[0]][1] + _HEAD
    path = f"M{number(line[0])} {number(begin + _HEAD if up else begin)}V{number(y)}"
    marks: list[Mark] = []
    for item, before, x in zip(chain[1:], line, line[1:], strict=False):
        upper, lower = spans[item]
        if item == chain[-1]:
            upper, lower = upper - _HEAD, end if up else end - _HEAD
        path += _bend(before, y, x, upper) + f"V{number(lower)}"
        y = lower
        if layout.items[item].label:
            marks += _lines(words, x + 7, (upper + lower) / 2)
    marks.append(_point(line[0], begin, 0, -1) if up else _point(line[-1], end, 0, 1))
    return [Stroke(path), *marks]


def _bend(x: float, y: float, to: float, down: float) -> str:
    """A line from one place to a lower one that leaves and arrives upright."""
    if abs(x - to) < 0.5:
        return f"L{number(to)} {number(down)}"
    middle = number((y + down) / 2)
    return f"C{number(x)} {middle} {number(to)} {middle} {number(to)} {number(down)}"


def _description(states: Sequence[State], moves: Sequence[Move]) -> str:
    """The states, where a life begins and ends, and each move."""
    if not states:
        return "There are no states."
    names = [clean(state.name) for state in states]
    said = [f"The states are {listed(names)}." if len(names) > 1 else f"The only state is {names[0]}."]
    for text, which in (("It begins in", [s.starts for s in states]), ("It ends in", [s.ends for s in states])):
        chosen = [name for name, holds in zip(names, which, strict=True) if holds]
        if chosen:
            said.append(f"{text} {' or '.join(chosen)}.")
    said += [f"{clean(state.name)}: {clean(state.note)}." for state in states if state.note]
    for move in moves:
        way = f"From {clean(move.source)} to {clean(move.target)}"
        way = f"{way} again" if move.source == move.target else way
        said.append(f"{way}{': ' if move.label else ''}{clean(move.label)}.")
    return " ".join(said)
