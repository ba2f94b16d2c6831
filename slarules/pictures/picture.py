"""What every picture is: an SVG, and the same in words."""

from __future__ import annotations

from attrs import frozen


@frozen
class Picture:
    """A drawing that stands alone: no script, no font or file from elsewhere, the same bytes for the same data."""

    svg: str
    """The drawing, ``<svg …>`` to ``</svg>``, with ``<title>`` and ``<desc>`` inside."""
    width: int
    """Units across; one is 1/96 inch on paper."""
    height: int
    """Units down."""
    title: str
    """What it shows, in a few words."""
    description: str
    """All that it tells, in sentences: for those who cannot see it."""
