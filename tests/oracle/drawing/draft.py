"""The scratch paper of one random case: its week, its calendars, and chance."""

from __future__ import annotations

import random
from typing import Any

from .calendars import COMPOSITE, PERIODS, calendars_of

Json = dict[str, Any]


class Draft:
    """What is being drawn: the generator's scratch paper."""

    def __init__(self, rng: random.Random, doubtful: bool) -> None:
        self.rng = rng
        self.doubtful = doubtful
        self.period, self.zone = rng.choice(PERIODS)
        self.pool = calendars_of(self.period, self.zone)
        self.used: set[str] = set()
        self.severities = rng.random() < 0.75
        self.reopens = rng.random() < 0.45
        self.duties: list[Json] = []
        self.spans: list[int] = []

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def calendar(self, *, simple: bool = False, dated: bool = False) -> str:
        names = ["office", "lunch", "round", "holiday", "irregular", "elsewhere"]
        if not dated or self.doubtful:
            names.append("night")
        if not simple and not dated:
            names += ["night", "either", "both", "without"]
        name = self.rng.choice(names)
        self.used.update([name, *COMPOSITE.get(name, [])])
        return name

    def target(self, *, short: bool = False, zero: bool = False) -> Json:
        rng = self.rng
        if zero and self.chance(0.2):
            return {"kind": "elapsed", "seconds": 0}
        kind = rng.choices(
            ["elapsed", "business", "business_days", "civil"], [45, 35, 0 if short else 12, 0 if short else 8]
        )[0]
        if kind == "elapsed":
            choices = [15, 30, 60, 90, 120, 240] if short else [30, 60, 120, 240, 480, 600, 1440, 2160, 2880]
            span = 60 * rng.choice(choices)
            self.spans.append(span)
            return {"kind": kind, "seconds": span}
        if kind == "business":
            choices = [15, 30, 60, 120, 240] if short else [30, 60, 120, 240, 450, 480, 540, 960]
            span = 60 * rng.choice(choices)
            self.spans.append(span)
            return {"kind": kind, "seconds": span, "calendar": self.calendar()}
        if kind == "business_days":
            return {"kind": kind, "days": rng.choice([1, 1, 2, 3]), "calendar": self.calendar(simple=True)}
        if self.chance(0.2):
            return {"kind": kind, "months": 1, "rounding": rng.choice(["up", "down"])}
        return {"kind": kind, "days": rng.choice([1, 1, 2, 3])}

    def table(self) -> Json:
        if self.chance(0.5):  # one calendar and one kind throughout, as contracts mostly have it
            name = self.calendar() if self.chance(0.5) else None
            rows = []
            for minutes in sorted(self.rng.sample([30, 60, 120, 240, 480, 600, 960, 1440], 3)):
                row: Json = {"kind": "elapsed" if name is None else "business", "seconds": minutes * 60}
                if name is not None:
                    row["calendar"] = name
                self.spans.append(minutes * 60)
                rows.append(row)
        else:
            rows = [self.target() for _ in range(3)]
        return {"kind": "by_severity", "table": {str(level): row for level, row in enumerate(rows, start=1)}}

    def severity_rule(self) -> Any:
        rules = ["recount", "restart", "keep"]
        if self.chance(0.25):
            return {"up": self.rng.choice(rules), "down": self.rng.choice(rules)}
        return self.rng.choice(rules)

    def levels(self) -> Json:
        return {"severity": self.rng.choice([[1], [1, 2], [2, 3], [3]])}

    def guard(self, *, known: bool) -> Json:
        """A condition on the facts channel and down, or on the severity where that is known."""
        by_channel = {"fact": "channel", "is": self.rng.choice([["telephone"], ["email", "form"]])}
        down = {"fact": "down", "is": [True]}
        roll = self.rng.random()
        if known:
            return self.levels()
        if roll < 0.4:
            return by_channel
        if roll < 0.6:
            return {"any": [by_channel, down]}
        if roll < 0.8:
            return {"all": [by_channel, {"not": down}]}
        return {"all": [by_channel, self.levels()]} if self.severities else down
