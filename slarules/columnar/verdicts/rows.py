"""A verdict as one row: which columns it has, and how each is filled from the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slarules.model.verdict import Verdict

INSTANTS = ("triggered_at", "deadline", "performed_at", "next_change_at")
DURATIONS = ("consumed", "allowed", "margin", "late_by", "late_by_counted")
LISTS = ("missing", "events", "flags", "readings", "quotes")
COLUMNS: tuple[str, ...] = (
    "subject",
    "duty",
    "number",
    "rule",
    "state",
    "bearer",
    "counterparty",
    "agreement",
    "severity",
    "triggered_at",
    "deadline",
    "performed_at",
    "consumed",
    "allowed",
    "margin",
    "late_by",
    "late_by_counted",
    "owed",
    "ended_by",
    "missing",
    "cause",
    "elected",
    "next_change_at",
    "calendar",
    "events",
    "flags",
    "clause",
    "quotes",
    "readings",
)
"""The columns of every verdict file and table, in this order."""


def row(verdict: Verdict, readings: Mapping[str, str]) -> dict[str, Any]:
    """One verdict by column; instants and durations are microseconds, lists are lists of text."""
    citation = verdict.citation
    found = {name: getattr(verdict, name) for name in COLUMNS if name not in ("clause", "quotes", "readings")}
    found["clause"] = citation.clause
    found["quotes"] = [quotation.text for quotation in citation.quotations]
    found["readings"] = [f"{name}={readings[name]}" for name in citation.readings if name in readings]
    for name in ("missing", "events", "flags"):
        found[name] = list(found[name])
    return {name: found[name] for name in COLUMNS}
