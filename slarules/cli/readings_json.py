"""What ``slarules readings --json`` prints: the same figures for another program, as its schema says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slarules.cli.verdicts import rfc3339
from slarules.model.value import MINUTE, SECOND
from slarules.model.verdict import Verdict
from slarules.readers.log import Log
from slarules.scenario.judging import words_of
from slarules.stakes.words import size
from slarules.stakes.worth import Change, Effect, Joint, OptionStake, Pair, Stakes


def as_data(stakes: Stakes, log: Log, version: str, chosen: Sequence[OptionStake], top: int) -> dict[str, Any]:
    """The result as ``readings.schema.json`` says. Instants are RFC 3339 in UTC, lengths minutes."""
    return {
        "command": "readings",
        "version": version,
        "contract": stakes.contract,
        "as_of": rfc3339(stakes.as_of),
        "base": dict(stakes.base),
        "events": log.size,
        "set_aside": log.rejected.total(),
        "subjects": stakes.subjects,
        "verdicts": stakes.verdicts,
        "readings": [
            {
                "reading": one.reading,
                "judged_by": one.base or None,
                "changes_nothing": one.marked,
                "options": [_option(option) for option in one.options],
            }
            for one in stakes.readings
        ],
        "flips": [
            {
                "reading": one.reading,
                "option": one.option,
                "count": size(one.effect),
                "verdicts": [_change(change) for change in one.effect.changes[:top]],
            }
            for one in chosen
        ],
        "pairs": {
            "pairs": stakes.pairs.pairs,
            "apart": stakes.pairs.apart,
            "judged": stakes.pairs.judged,
            "left_out": [[_named(a), _named(b)] for a, b in stakes.pairs.left_out],
            "interacting": [_pair(pair) for pair in stakes.pairs.found],
        },
    }


def _option(option: OptionStake) -> dict[str, Any]:
    return {
        "option": option.option,
        "nothing": option.nothing,
        "rests": list(option.rests),
        "judged": option.judged,
        **_effect(option.effect),
    }


def _effect(effect: Effect) -> dict[str, Any]:
    moves = effect.moves
    return {
        "flips": effect.flips,
        "arisen": effect.arisen,
        "vanished": effect.vanished,
        "within_precision": effect.doubtful,
        "undetermined": effect.undetermined,
        "rules": dict(effect.rules),
        "favours": [
            {"bearer": one.bearer, "to_kept": one.to_kept, "to_broken": one.to_broken, "broken": one.broken}
            for one in effect.favours
        ],
        "lateness": {
            "gained": minutes(effect.lateness.gained),
            "lost": minutes(effect.lateness.lost),
            "unperformed": effect.lateness.unperformed,
        },
        "deadlines": {
            "later": moves.later,
            "earlier": moves.earlier,
            "median": minutes(moves.median),
            "largest": minutes(moves.largest),
            "dropped": moves.dropped,
            "gained": moves.gained,
        },
        "money": {name: {"more": str(more), "less": str(less)} for name, (more, less) in effect.money.items()},
        "agreements": [
            {
                "kind": one.kind,
                "agreement": one.agreement,
                "name": one.name,
                "before": None if one.before is None else words_of(one.before),
                "after": None if one.after is None else words_of(one.after),
            }
            for one in effect.standings
        ],
    }


def minutes(micros: int) -> float:
    """Minutes, to the second."""
    return round(micros // SECOND * SECOND / MINUTE, 2)


def _change(change: Change) -> dict[str, Any]:
    one = change.before or change.after
    assert one is not None
    return {
        "subject": one.subject,
        "rule": one.duty,
        "instance": one.label,
        "severity": one.severity,
        "before": _verdict(change.before),
        "after": _verdict(change.after),
    }


def _verdict(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    return {
        "state": verdict.state,
        "triggered_at": rfc3339(verdict.triggered_at),
        "deadline": rfc3339(verdict.deadline),
        "performed_at": rfc3339(verdict.performed_at),
        "late_minutes": None if verdict.late_by is None else minutes(verdict.late_by),
    }


def _named(one: tuple[str, str]) -> dict[str, str]:
    return {"reading": one[0], "option": one[1]}


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "first": _named(pair.first),
        "second": _named(pair.second),
        "changes": dict(zip(("first", "second", "both"), pair.flips, strict=True)),
        "lateness": dict(zip(("first", "second", "both"), map(minutes, pair.lateness), strict=True)),
        "overlap": pair.overlap,
        "together": pair.together,
        "undone": pair.undone,
        "otherwise": pair.otherwise,
        "values": pair.values,
        "examples": [_joint(one) for one in pair.examples],
    }


def _joint(joint: Joint) -> dict[str, Any]:
    one = next(v for v in (joint.base, joint.first, joint.second, joint.both) if v is not None)
    return {
        "subject": one.subject,
        "rule": one.duty,
        "instance": one.label,
        "base": _verdict(joint.base),
        "first": _verdict(joint.first),
        "second": _verdict(joint.second),
        "both": _verdict(joint.both),
    }
