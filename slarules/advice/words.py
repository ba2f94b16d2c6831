"""Advice in words: times, shares, intervals, and what keeps a target from being told."""

from __future__ import annotations

import math
from fractions import Fraction

from slarules.advice.cases import ALWAYS
from slarules.advice.targets import Line, Present, Target
from slarules.model.value import MINUTE, SECOND
from slarules.wording.grammar import words


def calendar(name: str | None) -> str:
    """A calendar as it is called in a sentence: ``business hours``, ``around the clock``."""
    return "around the clock" if name in (None, ALWAYS) else words(str(name))


def level(line: Line) -> str:
    """The severity of a line, as it stands in a table."""
    return line.severity if line.severity is not None else "—"


def time(micros: int) -> str:
    """A length of time as it stands in a table: ``17 h 28 min``."""
    minutes, rest = divmod(micros, MINUTE)
    said = [f"{minutes // 60:,} h"] * (minutes >= 60) + [f"{minutes % 60} min"] * (minutes % 60 > 0)
    if rest or not said:
        said.append(f"{rest / SECOND:g} s")
    return " ".join(said)


def percent(share: Fraction | float | None) -> str:
    """A share as ``93.7%``, rounded down so that it never claims more than was reached."""
    if share is None:
        return "—"
    tenths = int(share * 1000 + (0 if isinstance(share, Fraction) else 1e-9))
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}%"


def promised(present: Present) -> str:
    """What the contract gives now: ``8 h, BusinessHours``."""
    if present.allowed is None:
        return "—"
    return f"{time(present.allowed)}, {calendar(present.calendar)}"


def reached(present: Present) -> str:
    """What the contract's own target reached: ``82.4% (73.3% to 88.9%)``."""
    if present.share is None:
        return "—"
    high = None if present.high is None else Fraction(math.ceil(present.high * 1000 - 1e-9), 1000)
    return f"{percent(present.share)} ({percent(present.low)} to {percent(high)})"


def tightest(target: Target) -> str:
    """The tightest target: ``16 h 38 min``, or why there is none."""
    if target.tightest is not None:
        return time(target.tightest)
    return "not reached" if target.cases.done else "no case done"


def interval(target: Target) -> str:
    """Its interval: ``4 h to 17 h``, ``from 4 h`` where the cases are too few to bound it."""
    if target.low is None:
        return "—"
    low = time(target.low)
    return f"from {low}" if target.high is None else f"{low} to {time(target.high)}"


def number(target: Target) -> str:
    """How many cases it rests on: ``90``, ``13 and 3 not done``."""
    done, waited = len(target.cases.done), len(target.cases.waited)
    return f"{done:,}" if not waited else f"{done:,} and {waited:,} not done"


def left_out(target: Target) -> str:
    """Cases of which no length can be told: ``12 undetermined``; empty where there are none."""
    return ", ".join(f"{many:,} {state.replace('_', ' ')}" for state, many in target.cases.left_out.items())
