"""Words above a line, each with a stem down to its place: earlier ones higher where they would touch."""

from __future__ import annotations

from collections.abc import Sequence

from slarules.pictures.drawing import LEADING, SMALL, WIDTH, Label, Mark, Stroke, line, paragraph
from slarules.pictures.text import widest, wrapped

_ROOM = 220.0


def flags(places: Sequence[tuple[float, str]], top: float, size: float = SMALL) -> tuple[list[Mark], float]:
    """The words at each place, in the order of the places from left to right, and the height at which all stems end.

    Words begin at their stem; where the next words or stems are in the way, they stand above them. Words need some
    room between their place and the right of the picture.
    """
    step = size * LEADING
    shown: list[tuple[float, tuple[Label, ...], int]] = []
    taken: list[tuple[float, int]] = []
    for x, text in reversed(places):
        room = min(_ROOM, WIDTH - x - 6)
        lines = wrapped(text, size, room)
        end = x + 6 + widest(lines, size)
        level = max((above for at, above in taken if at <= end + 4), default=0)
        taken.append((x, level + len(lines)))
        shown.append((x, paragraph(x + 5, 0, text, room, size=size), level))
    bottom = top + max((level for _, level in taken), default=0) * step + 4
    marks: list[Mark] = []
    for x, labels, level in reversed(shown):
        high = bottom - (level + len(labels)) * step
        marks.append(Stroke(line(x, high - 1, x, bottom), "soft", 0.8))
        marks += [Label(label.x, high + label.y + step - 5, label.text, size) for label in labels]
    return marks, bottom
