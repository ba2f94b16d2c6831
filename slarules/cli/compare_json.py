"""What ``slarules compare --json`` gives other programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slarules.cli.verdicts import rfc3339
from slarules.comparison.compare import Comparison
from slarules.comparison.history import Count, History, cost_of
from slarules.comparison.meaning import Row
from slarules.comparison.reasons import both_reasons
from slarules.comparison.sides import Side
from slarules.comparison.tickets import Tried
from slarules.comparison.words import example_words, said, verdict_words
from slarules.engine.reasons.reason import Reason
from slarules.model.event import Event
from slarules.model.value import SECOND
from slarules.model.verdict import Verdict
from slarules.readers.log import Log
from slarules.version import __version__

RANKS = {None: "unknown", 0: "fine", 1: "missed", 2: "broken"}


def as_data(compared: Comparison, happened: History | None, log: Log, show: str | None) -> dict[str, Any]:
    """The result as ``compare.schema.json`` says. Instants are RFC 3339 in UTC, durations seconds."""
    matching = compared.matching
    return {
        "command": "compare",
        "version": __version__,
        "a": _side(compared.ours),
        "b": _side(compared.theirs),
        "versions_of_one": matching.versions,
        "matched": {
            "parties": dict(matching.there.parties),
            "severities": dict(matching.there.severities),
            "severities_by": matching.there.severities_by,
            "facts": dict(matching.there.facts),
            "events": dict(matching.there.events),
            "rules": [{"sort": p.sort, "a": list(p.ours), "b": list(p.theirs), "by": p.by} for p in matching.pairs],
        },
        "only_in_a": [{"sort": sort, "name": name} for sort, name in matching.only_ours],
        "only_in_b": [{"sort": sort, "name": name} for sort, name in matching.only_theirs],
        "rows": [_row(compared, row, show is not None) for row in compared.rows],
        "others": [{"sort": one.pair.sort, "a": list(one.pair.ours), "b": list(one.pair.theirs), "same": one.same,
                    "shows": one.shows} for one in compared.others],
        "history": None if happened is None else _history(compared, happened, log),
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "contract": side.stated.name,
        "title": side.stated.title,
        "policy": side.stated.policy.name,
        "readings": dict(side.readings),
        "supposed": list(side.supposed),
    }


def _row(compared: Comparison, row: Row, in_full: bool) -> dict[str, Any]:
    levels = row.levels or (None, None)
    deadlines = row.deadlines
    return {
        "sort": row.pair.sort,
        "a": list(row.pair.ours),
        "b": list(row.pair.theirs),
        "by": row.pair.by,
        "severity": {"a": levels[0], "b": levels[1]},
        "severity_changes": row.changing,
        "says": {"a": said(compared.ours, row.pair.sort, row.pair.ours, levels[0]),
                 "b": said(compared.theirs, row.pair.sort, row.pair.theirs, levels[1])},
        "verdict": row.verdict,
        "words": verdict_words(row),
        "ordinary_course": row.ordinary,
        "owed_under_neither": row.idle,
        "tickets_tried": row.tried,
        "tickets_untold": row.untold,
        "deadlines": None if deadlines is None else {
            "earlier": deadlines.earlier, "later": deadlines.later, "alike": deadlines.alike, "once": deadlines.once},
        "counterexamples": [_example(compared, row, one, in_full) for one in row.examples],
    }


def _example(compared: Comparison, row: Row, one: Tried, in_full: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "words": example_words(one, compared.ours.zone),
        "subject": one.ticket.subject,
        "as_of": rfc3339(one.ticket.as_of),
        "a": _told(one, 0),
        "b": _told(one, 1),
    }
    if in_full:
        names = row.pair.ours, row.pair.theirs
        for letter, reasons in zip("ab", both_reasons((compared.ours, compared.theirs), names, one), strict=True):
            told[letter]["reasons"] = [_reason(reason) for reason in reasons]
    return told


def _told(one: Tried, of: int) -> dict[str, Any]:
    outcome = one.outcomes[of]
    return {
        "stands": RANKS[outcome.rank],
        "verdicts": [_verdict(verdict) for verdict in outcome.verdicts],
        "events": [_event(event) for event in one.ticket.logs[of]],
        "reasons": None,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {"rule": verdict.duty, "number": verdict.number, "state": verdict.state,
            "deadline": rfc3339(verdict.deadline), "performed_at": rfc3339(verdict.performed_at)}


def _event(event: Event) -> dict[str, Any]:
    facts = {name: value if isinstance(value, (bool, int, str)) else str(value) for name, value in event.facts.items()}
    return {"id": event.id, "subject": event.subject, "kind": event.kind, "type": event.type, "at": rfc3339(event.at),
            "actor": event.actor, "agreement": event.agreement, "facts": facts}


def _reason(reason: Reason) -> dict[str, Any]:
    return {"text": reason.text, "parts": [_reason(part) for part in reason.parts]}


def _history(compared: Comparison, happened: History, log: Log) -> dict[str, Any]:
    return {
        "as_of": rfc3339(happened.as_of),
        "events": happened.events,
        "subjects": happened.subjects,
        "set_aside": sum(log.rejected.values()),
        "as_if_always_in_force": list(happened.unwilling),
        "untold": {"events": dict(happened.untold.events), "facts": dict(happened.untold.facts)},
        "counts": [_count(compared, count) for count in happened.counts],
        "changes": [
            {"subject": one.subject, "a": list(one.pair.ours), "b": list(one.pair.theirs), "severity": one.severity,
             "before": one.before, "after": one.after, "due_in_a": rfc3339(one.dues[0]),
             "due_in_b": rfc3339(one.dues[1]), "month": one.month}
            for one in happened.changes
        ],
        "missing": {letter: [{"rule": rule, "fact": fact, "verdicts": n} for (rule, fact), n in missing.items()]
                    for letter, missing in zip("ab", happened.missing, strict=True)},
        "only": {letter: {rule: dict(states) for rule, states in alone.items()}
                 for letter, alone in zip("ab", happened.alone, strict=True)},
    }


def _count(compared: Comparison, count: Count) -> dict[str, Any]:
    moved = count.moved
    shift: Mapping[str, float] | None = None if not moved else {
        "least": moved[0] / SECOND, "middle": moved[len(moved) // 2] / SECOND, "most": moved[-1] / SECOND}
    return {
        "sort": count.pair.sort,
        "a": list(count.pair.ours),
        "b": list(count.pair.theirs),
        "severity": count.severity,
        "bearer": cost_of(compared.ours, count.pair),
        "subjects": [{"before": was, "after": now, "count": n} for (was, now), n in count.subjects.items()],
        "deadline_moves_by": shift,
    }
