"""The options of every command that judges a log; what they were given is looked at in ``options``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def judging(required: bool = True) -> Decorator:
    """The options of every command that judges a log. ``required``: whether it must be said as of when."""
    wanted = (
        click.option(
            "--as-of",
            "as_of",
            required=required,
            metavar="T",
            help="Judge as of this instant: 2026-03-02T12:00:00Z, or a date, for its first instant in "
            "the contract's zone.",
        ),
        click.option(
            "--readings",
            multiple=True,
            metavar="NAME=OPTION",
            help="Judge under this reading instead of the adopted one.",
        ),
        click.option(
            "--supplied",
            multiple=True,
            metavar="NAME=WHAT",
            help="What a party supplied: a file, or dates as 2026-12-25,2026-12-28,known until 2027-01-01.",
        ),
        click.option(
            "--map",
            "maps",
            multiple=True,
            metavar="[EVENTS=]MAPPING",
            help="A TOML file that says what the log's columns are; for one file of several: EVENTS=MAPPING.",
        ),
        click.option("--strict", is_flag=True, help="Set aside events with fields that nobody knows."),
    )

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(wanted):
            function = option(function)
        return function

    return decorate
