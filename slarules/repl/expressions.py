"""Conditions, values and limits of the language, tried on a subject as it stands at the clock's instant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from attrs import evolve, frozen

from slarules.calendars import zones
from slarules.diagnostics import Diagnostic, error, has_errors, nearest
from slarules.engine.adopt import chosen, decided
from slarules.engine.expression import reckon, settled, test
from slarules.engine.judging.case import Case as Inside
from slarules.engine.judging.clock import Clock
from slarules.engine.judging.limits import clock_for
from slarules.loader import Loaded
from slarules.model.expression import Pattern
from slarules.model.limit import Milestone
from slarules.model.value import Unknown
from slarules.repl.answers import BAD, DOUBT, FAINT, GOOD, STRONG, Answer, Line, Look, Words, line, remark
from slarules.repl.arguments import Given, Mistaken, at_line, malformed, no_such
from slarules.repl.judging import contract_of, insides, now_of, readings_of, subjects_of, tell_of, zone_in
from slarules.repl.moving import Done
from slarules.repl.session import Session
from slarules.repl.spelling import at_home, framed, read_block
from slarules.resolve.cite import cited
from slarules.resolve.conditions import condition
from slarules.resolve.declare import declared
from slarules.resolve.expressions import expression
from slarules.resolve.kinds import find_kinds
from slarules.resolve.limits import limit
from slarules.resolve.names import Item, Names, Place
from slarules.resolve.problems import Problems
from slarules.scenario.judging import words_of
from slarules.syntax.layout import DEEPEST
from slarules.syntax.tree import Node

FORM = "eval T1: severity is 1 and channel is email"
OF = re.compile(r"(?P<subject>[A-Za-z_]\w*)\s*:(?!\d)\s*", re.ASCII)
LIMIT = re.compile(r"(?:within|in less than|every|by the|no later than|no earlier than|on the day)\s")


@frozen
class Question:
    """What is to be worked out, of which subject."""

    subject: str
    node: Node
    """A condition or a limit, as parsed."""
    asks_limit: bool


def question(given: Given, session: Session) -> Question | Mistaken:
    """``T1: CONDITION``, ``T1: VALUE``, ``T1: within 2 hours counted in C``; without a subject, the latest one."""
    of = OF.match(given.text)
    known = subjects_of(session.case)
    if of is not None and of["subject"] not in known:
        return no_such(given.part(*of.span("subject")), "subject", of["subject"], known)
    if not known:
        return malformed(given, FORM, "nothing has happened yet to anything")
    subject = of["subject"] if of is not None else session.case.events[-1].subject
    inner = Given(given.line, given.span.start + (of.end() if of is not None else 0))
    if not inner.text:
        return malformed(given, FORM, "what is to be worked out is missing here")
    asks_limit = LIMIT.match(inner.text) is not None
    above, before = ("duty x\n", "  P must act ") if asks_limit else ("scope x\n", "  outside if ")
    frame = framed(above, before, inner.text)
    block, problems = read_block(frame)
    if block is None:
        return Mistaken(at_line(at_home(frame, problems), inner))
    found = block.parts[1].parts[-1]
    node = found.parts[-1] if found.kind == "condition" else found
    if _depth(node) > DEEPEST:
        told = "say it in parts, one `eval` after the other"
        return Mistaken((error("E0107", inner.span, f"this stands more than {DEEPEST} deep", told),))
    asked = Question(subject, node, asks_limit)
    wrong = [p for p in _meant(asked, session)[1] if p.level.value == "error"]
    return Mistaken(at_line(at_home(frame, tuple(map(_meaning_severity, wrong))), inner)) if wrong else asked


def _meaning_severity(problem: Diagnostic) -> Diagnostic:
    """`severity` is a word of the language and no name, so the resolver does not offer it for a slip."""
    near = nearest(problem.span.text, ("severity",)) if len(problem.span.text) < 20 else None
    return evolve(problem, help="did you mean `severity`?") if near else problem


def _depth(node: Node) -> int:
    """How deep the node's parts stand, level by level: a chain of thousands must not exhaust the stack."""
    level, depth = [node], 0
    while level and depth <= DEEPEST:
        level, depth = [part for one in level for part in one.parts], depth + 1
    return depth


def names_at(loaded: Loaded, at: int, zone: str) -> Names:
    """What may be named under the terms in force at an instant."""
    assert loaded.tree is not None and loaded.contract is not None
    contract = loaded.contract
    items = cited(loaded.tree, loaded.text, Problems(loaded.tree.broken)).items
    today = zones.local_date(at, zone)
    in_force = [i for i in items if i.node.kind == "reading" or _is_in_force(i, today)]
    names = declared(in_force, contract.parties, contract.ticket, contract.zone is not None, Problems())
    find_kinds(names)
    names.problems.found.clear()
    return names


def _is_in_force(item: Item, today: date) -> bool:
    return (item.since is None or item.since <= today) and (item.until is None or today < item.until)


def _meant(asked: Question, session: Session) -> tuple[Any, tuple[Diagnostic, ...]]:
    """What the node means for the subject, every reading decided, and what is wrong with it."""
    assert session.policy is not None and session.policy.good is not None
    contract, case = contract_of(session), session.case
    names = names_at(session.policy.good, now_of(case), zone_in(session))
    found = insides(contract, case, asked.subject, now_of(case))
    place = Place(names, found[-1].history.kind if found else "ticket", set())
    meaning: Any
    if asked.asks_limit:
        meaning = limit(asked.node, place)
    elif asked.node.kind == "truth":
        meaning = expression(asked.node.parts[0], place)[0]
    else:
        meaning = condition(asked.node, place)
    problems = tuple(names.problems.found)
    if has_errors(problems):
        return None, problems
    return decided(meaning, chosen(contract, readings_of(contract, case))), problems


def evaluate(session: Session, asked: Question, look: Look) -> Done:
    """``eval T1: …``: what it comes to now, and of a condition with several parts, what each comes to."""
    found = insides(contract_of(session), session.case, asked.subject, now_of(session.case))
    if not found:
        return Done(session, remark(f"  nothing has happened to `{asked.subject}` yet"), failed=True)
    inside = found[-1]
    if asked.asks_limit:
        return Done(session, _deadline(session, asked, inside))
    return Done(session, tuple(_shown(session, asked, inside, 1)))


def _shown(session: Session, asked: Question, inside: Inside, depth: int) -> Iterator[Line]:
    meaning, _ = _meant(asked, session)
    words = " ".join(asked.node.span.text.split())
    blanks = "  " * depth
    if asked.node.kind == "truth":
        value = settled(reckon(meaning)(inside))
        style = DOUBT if isinstance(value, Unknown) else STRONG
        yield line(f"{blanks}{words}: ", (words_of(value), style))
        return
    truth = test(meaning)(inside)
    yield line(f"{blanks}{words}: ", _truth(truth))
    parts = asked.node.parts if asked.node.kind in ("conjunction", "disjunction", "all_of", "any_of") else ()
    for part in parts:
        inner = part.parts[-1] if part.kind == "labelled" else part
        inner = inner.parts[-1] if inner.kind == "condition" else inner
        if inner.kind != "quote":
            yield from _shown(session, evolve(asked, node=inner), inside, depth + 1)
    if not parts and truth is not True:
        yield from _values(session, asked, inside, blanks)


def _truth(value: bool | Unknown) -> Words:
    if isinstance(value, Unknown):
        return (words_of(value), DOUBT)
    return ("true", GOOD) if value else ("false", BAD)


def _values(session: Session, asked: Question, inside: Inside, blanks: str) -> Iterator[Line]:
    """What the names in a simple condition stand for now."""
    seen: set[str] = set()
    for node in asked.node.walk():
        if node.kind not in ("name", "severity_value") or node.text in seen:
            continue
        seen.add(node.text)
        meaning, problems = _meant(evolve(asked, node=Node("truth", node.span, (node,))), session)
        if problems or meaning is None:
            continue  # a value of an enumeration, or a level: it stands for itself
        yield line((f"{blanks}  {node.text} is {words_of(settled(reckon(meaning)(inside)))}", FAINT))


def _deadline(session: Session, asked: Question, inside: Inside) -> Answer:
    """The deadline of a limit that would run from now."""
    meaning, _ = _meant(asked, session)
    duty = next(iter(inside.terms.duties.values()), None)
    if duty is None or meaning is None:
        return remark("  the contract has no duty, so nothing is owed within a limit")
    alone = evolve(duty, limit=meaning, ends_at_next_opening=False)
    now = now_of(session.case)
    outcome = clock_for(
        alone, alone.limit, now, inside, inside.term(), inside.zone, lambda m: _reached(inside, m)
    )
    words = " ".join(asked.node.span.text.split())
    if isinstance(outcome, Unknown):
        return (line(f"  {words}: ", (words_of(outcome), DOUBT)),)
    due = outcome.deadline() if isinstance(outcome, Clock) else None
    if due is None:
        return (line(f"  {words}: ", ("no deadline as things stand", DOUBT)),)
    return (line(f"  {words}, from now: ", (tell_of(session)(due), STRONG)),)


def _reached(inside: Inside, milestone: Pattern | Milestone) -> int | None:
    if isinstance(milestone, Milestone):
        own = [instance for instance in inside.instances if instance.plan.name == milestone.duty]
        done = [instance.performed_at for instance in own if instance.performed_at is not None]
        return done[-1] if done else None
    entries = inside.happened.get(milestone.type, ())
    return entries[-1].at if entries else None
