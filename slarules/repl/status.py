"""What is owed now: each duty with its state, its deadline, what is left on its clock, and what it waits for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slarules.engine.judging.case import Case as Inside
from slarules.model.contract import Contract
from slarules.model.expression import Pattern
from slarules.model.rules import Choice, Duty
from slarules.model.value import HOUR, Unknown
from slarules.model.verdict import Evaluation, Verdict
from slarules.repl.answers import (
    BAD,
    DOUBT,
    FAINT,
    PLAIN,
    STILL,
    STRONG,
    Look,
    Part,
    Words,
    grid,
    line,
    of_state,
    remark,
)
from slarules.repl.arguments import Target
from slarules.repl.changes import QUIET, name_of
from slarules.repl.judging import (
    clock_words,
    contract_of,
    evaluated,
    insides,
    now_of,
    of_subject,
    rule_named,
    short_teller,
    subjects_of,
    zone_in,
)
from slarules.repl.moving import Done
from slarules.repl.session import Session
from slarules.scenario.judging import Tell, length, words_of

HEADS = ("rule", "state", "deadline", "left", "waits for")
MANY = 8
"""Subjects of which a table is shown at once."""
LIVE = ("pending", "suspended", "undetermined", "open")


def status(session: Session, asked: Target | None, look: Look) -> Done:
    """``status``, ``status T1``: a table for each subject, or one; rules that nothing was asked of are left out."""
    contract = contract_of(session)
    tell = short_teller(zone_in(session), now_of(session.case))
    evaluation = evaluated(contract, session.case)
    known = subjects_of(session.case)
    parts: list[Part] = [line((clock_words(now_of(session.case), zone_in(session)), STRONG), (_zone(session), FAINT))]
    shown = _worth_showing(evaluation, known) if asked is None else (asked.subject,)
    for subject in shown:
        rule = asked.rule if asked is not None else None
        parts += _of_subject(contract, session, evaluation, subject, rule, tell)
    if asked is None and len(shown) < len(known):
        parts.append(line((f"and {len(known) - len(shown):,} other subjects: `status NAME` shows one", FAINT)))
    parts += _agreements(evaluation) if asked is None else ()
    at = evaluation.next_change_at
    if at is not None:
        parts.append(line((f"next change: {tell(at)}", FAINT)))
    return Done(session, tuple(parts))


def _worth_showing(evaluation: Evaluation, known: Sequence[str]) -> tuple[str, ...]:
    """All subjects; of very many, the latest of which something is still open."""
    if len(known) <= MANY:
        return tuple(known)
    live = {v.subject for v in evaluation.verdicts if v.state in LIVE and v.rule in ("duty", "target", "choice")}
    return tuple(name for name in known if name in live)[-MANY:] or tuple(known[-MANY:])


def _zone(session: Session) -> str:
    return f"  times in {zone_in(session)}"


def _of_subject(
    contract: Contract, session: Session, evaluation: Evaluation, subject: str, rule: str | None, tell: Tell
) -> Iterator[Part]:
    found = insides(contract, session.case, subject, now_of(session.case))
    if not found:
        yield line((subject, STRONG), ("  nothing has happened to it yet", FAINT))
        return
    inside = found[-1]
    yield line((subject, STRONG), (f"  {', '.join(_about(inside, tell))}", FAINT))
    verdicts = of_subject(evaluation, subject)
    shown = [v for v in verdicts if (v.duty == rule if rule else v.state not in QUIET)]
    counts = {v.duty: sum(o.duty == v.duty for o in verdicts) for v in shown}
    rows = [_row(contract, inside, v, counts[v.duty] > 1, tell) for v in shown]
    yield grid(HEADS, rows) if rows else remark("  nothing is owed")[0]
    left_out = len(verdicts) - len(shown)
    if left_out and rule is None:
        said = f"{left_out} rules of which nothing was asked" if left_out > 1 else "1 rule of which nothing was asked"
        yield line((f"  and {said}", FAINT))


def _about(inside: Inside, tell: Tell) -> Iterator[str]:
    """How the subject itself stands."""
    if not inside.is_ticket:
        yield inside.history.kind
        return
    if inside.severity is not None:
        yield f"severity {inside.severity}"
    if inside.opened_at is None:
        yield "not opened in this log"
    else:
        yield f"opened {tell(inside.opened_at)}"
    if inside.outside is not None:
        yield f"out of scope ({inside.outside.name})"
    elif inside.resolution is not None:
        yield f"resolved {tell(inside.resolution.at)}"
    elif inside.waiting is not None:
        yield f"waiting on {inside.waiting}"


def _row(contract: Contract, inside: Inside, verdict: Verdict, several: bool, tell: Tell) -> Sequence[str | Words]:
    state = of_state(verdict.state, _state(verdict, tell))
    due = tell(verdict.deadline) if verdict.deadline is not None else ""
    if not due and verdict.state == "pending" and verdict.rule in ("duty", "target"):
        due = "none"
    live = verdict.state in LIVE or (verdict.owed and verdict.rule in ("duty", "target"))
    style = PLAIN if live else FAINT
    waits = waits_for(contract, inside, verdict) if live else ""
    left = _left(verdict, inside.now)
    return ((name_of(verdict, several), style), state, (due, style), (left, style), (waits, style))


def _state(verdict: Verdict, tell: Tell) -> str:
    said = verdict.state.replace("_", " ")
    if verdict.elected is not None:
        said += f" {verdict.elected}"
    if verdict.performed_at is not None and verdict.state != "undetermined":
        late = verdict.state in ("breached", "missed")
        said += f"{', done' if late else ''} {tell(verdict.performed_at)}"
    if verdict.ended_by is not None and verdict.state == "ended":
        said += f" by {verdict.ended_by}"
    return said


def _left(verdict: Verdict, now: int) -> str:
    """What is left on its own clock while it runs or stands; how late it is after that."""
    if verdict.late_by is not None:
        return f"late by {length(verdict.late_by)}"
    if verdict.state in ("pending", "suspended"):
        counted = f" of {verdict.calendar}" if verdict.calendar not in (None, "Always") else ""
        if verdict.margin is not None:
            return (length if counted else _days)(max(0, verdict.margin)) + counted
        if verdict.deadline is not None:
            return _days(verdict.deadline - now)
    if verdict.state in ("breached", "missed") and verdict.owed and now > (verdict.deadline or now):
        assert verdict.deadline is not None
        return f"over by {_days(now - verdict.deadline)}"
    return ""


def _days(micros: int) -> str:
    """A length of real time; of more than three days, the hours are enough."""
    hours = micros // HOUR
    if hours < 72:
        return length(micros)
    return f"{hours // 24:,} days" + (f" {hours % 24} hours" if hours % 24 else "")


def waits_for(contract: Contract, inside: Inside, verdict: Verdict) -> str:
    """What would settle it: facts that are wanted, whom it waits on, or its performance."""
    if verdict.state == "undetermined":
        return "to know " + ", ".join(verdict.missing)
    rule = rule_named(contract, verdict.duty)
    if verdict.state == "suspended":
        return f"{inside.waiting} (its clock stands still)" if inside.waiting else "a reopening"
    if isinstance(rule, Choice):
        who = rule.elector or "both parties"
        return f"{who} to elect " + " or ".join(option for option, _ in rule.options)
    return _acts(rule.performance.patterns) if isinstance(rule, Duty) else ""


def _acts(patterns: Sequence[Pattern]) -> str:
    """The events that perform a duty: ``acknowledged, responded or resolved by Trak``."""
    by_party: dict[str | None, list[str]] = {}
    for pattern in patterns:
        by_party.setdefault(pattern.by, []).append(pattern.type)
    said = []
    for party, types in by_party.items():
        *most, last = dict.fromkeys(types)
        words = f"{', '.join(most)} or {last}" if most else last
        said.append(words + (f" by {party}" if party else ""))
    return " or ".join(said)


def _agreements(evaluation: Evaluation) -> Iterator[Part]:
    """States, allowances and amounts of agreements."""
    for (agreement, name), state in evaluation.statuses.items():
        words = ("not begun", STILL) if state is None else words_of(state)
        yield line((f"{agreement or 'agreement'} {name} is ", STRONG), words)
    for level in evaluation.allowances:
        yield line((f"{level.agreement or 'agreement'} {level.allowance} is ", STRONG), words_of(level.balance))
    for (agreement, name), value in evaluation.amounts.items():
        if not isinstance(value, Unknown):
            yield line((f"{agreement or 'agreement'} {name} is ", STRONG), words_of(value))
    unknown = [name for (_, name), value in evaluation.amounts.items() if isinstance(value, Unknown)]
    if unknown:
        yield line((f"not to be computed yet: {', '.join(dict.fromkeys(unknown))}", FAINT))
    for finding in evaluation.findings:
        where = BAD if finding.code == "severity_disputed" else DOUBT
        yield line((f"{finding.subject} {finding.event}: {finding.message}", where))
