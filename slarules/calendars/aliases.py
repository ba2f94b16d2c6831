"""Names of zones that have grown old: the pinned ``tzdata`` keeps them as links to those of today."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

FIXED = re.compile(r"UTC[+-]\d\d:\d\d|Etc/GMT[+-]\d{1,2}", re.ASCII)


@cache
def release_year() -> int:
    """The year in which the pinned zone data were released: what they say of later years is the law as it stood."""
    with files("tzdata.zoneinfo").joinpath("tzdata.zi").open(encoding="utf-8") as lines:
        told = re.search(r"\b(\d{4})[a-z]", next(iter(lines)))
    assert told is not None
    return int(told[1])


@cache
def _links() -> Mapping[str, str]:
    """Old name → name of today; names that a place of its own still has are no old ones."""
    folder = files("tzdata.zoneinfo")
    lines = folder.joinpath("tzdata.zi").read_text("utf-8").splitlines()
    placed = {
        line.split("\t")[2]
        for line in folder.joinpath("zone.tab").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    }
    pairs = (line.split(" ")[1:3] for line in lines if line.startswith("L "))
    return {old: today for today, old in pairs if old not in placed}


def name_of_today(zone: str) -> str | None:
    """The name that has taken the place of an old one: ``America/Denver`` for ``US/Mountain``; None for no old one."""
    today = _links().get(zone)
    seen = {zone}
    while today is not None and today in _links() and today not in seen:
        seen.add(today)
        today = _links()[today]
    if today is None or zone == "UTC" or today.startswith("Etc/"):
        return None
    return today


def is_fixed(zone: str) -> bool:
    """Whether a zone is a mere offset, whose clocks never change: ``UTC-07:00``, ``Etc/GMT+7``."""
    return FIXED.fullmatch(zone) is not None
