"""A line of the user's to a command: `read_line`. Pure; every mistake is a diagnostic with its place in the line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import frozen

from slarules.diagnostics import Diagnostic, error, nearest
from slarules.repl.arguments import Given, Mistaken
from slarules.repl.commands import CLOCK, COMMANDS, NOTHING, SAY, Form
from slarules.repl.lines import HEAD, STAMPED, unset
from slarules.repl.session import Session
from slarules.repl.spelling import HERE, is_open_ended
from slarules.resolve import builtin
from slarules.source import Source, Span

LONGEST = 8_000
"""Characters of one entry."""
_HALVES = re.compile("[\ud800-\udfff]")
_COMMENT = re.compile(r"(?:\s*--[^\n]*(?:\n|\Z))*\s*")
_WORDS = re.compile(r"(?P<first>[^\s]+)(?:[^\S\n]+(?P<second>[^\s]+))?")


@frozen
class Command:
    """What is to be done."""

    form: Form | None
    """Which command; None: an empty line, and nothing is done."""
    argument: object
    """What its form's ``reads`` gave."""
    text: str
    """As the user wrote it."""


def read_line(text: str, session: Session) -> Command | tuple[Diagnostic, ...]:
    """The command that an entry means in a session, or everything wrong with it.

    An entry may have several lines (see ``goes_on``). Nothing is done and nothing is read from anywhere: the same
    text and session give the same result. Never raises.
    """
    text = _HALVES.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").rstrip()
    if len(text) > LONGEST:
        told = "save it as a file and `load` it"
        return (error("E0902", Span(Source(HERE, text[:80]), 0, 0), "this is too long for one entry", told),)
    if _COMMENT.fullmatch(text):
        return Command(None, None, text)
    start = len(text) - len(text.lstrip())
    form, end = form_of(text, start, session)
    if form is None:
        return _no_command(text, start, session)
    given = Given(text, end)
    missing = _missing(form, given, session)
    if missing is not None:
        return (missing,)
    argument = form.reads(given, session)
    if isinstance(argument, Mistaken):
        return argument.problems
    return Command(form, argument, text.strip())


def form_of(text: str, start: int, session: Session) -> tuple[Form | None, int]:
    """Which command the words begin, and where what it takes begins."""
    match = _WORDS.match(text, start)
    if match is None:
        return None, start
    first, second = match["first"], match["second"]
    if STAMPED.match(text, start) or HEAD.match(text, start) or _is_happening(first, second, session):
        return SAY, start
    if second is not None:
        for form in COMMANDS:
            if form.name == f"{first} {second}":
                return form, match.end()
    for form in COMMANDS:
        if first and (first == form.name or first in form.also):
            return form, match.end("first")
    return None, start


def _is_happening(first: str, second: str | None, session: Session) -> bool:
    """Whether the words name something that happens to a subject: one of the case, or a first one."""
    if second is None or not re.fullmatch(r"[A-Za-z_]\w*", first):
        return False
    if any(event.subject == first for event in session.case.events):
        return True
    return _event(second.rstrip(","), session) and not any(first == form.name for form in COMMANDS)


def _event(word: str, session: Session) -> bool:
    names = session.policy.names if session.policy is not None else None
    known = names.events if names is not None else {event.name for event in builtin.EVENTS}
    return word in known


def _missing(form: Form, given: Given, session: Session) -> Diagnostic | None:
    """What must be there first, and is not."""
    if form.needs == NOTHING:
        return None
    whole = Span(Source(HERE, given.line), 0, len(given.line.split("\n")[0]))
    if session.policy is None:
        told = "`load POLICY.sla`, or start with one: `slarules repl POLICY.sla`"
        return error("E0906", whole, "there is no policy yet", told)
    if session.policy.contract is None:
        told = f"mend `{session.policy.path}`: it is looked at again before each command"
        return error("E0906", whole, "the policy has errors, and nothing can be judged by it yet", told)
    if form.needs == CLOCK and session.case.now is None:
        return unset(whole)
    return None


def _no_command(text: str, start: int, session: Session) -> tuple[Diagnostic, ...]:
    """Neither a command nor anything that happens: with the nearest of either."""
    match = _WORDS.match(text, start)
    assert match is not None  # it is not blank
    first, second = match["first"], match["second"]
    span = Span(Source(HERE, text), start, match.end("first"))
    if second is None and any(event.subject == first for event in session.case.events):
        told = f"say what happens to it, `{first} resolved by …`, or ask: `status {first}`"
        return (error("E0902", span, f"this says nothing of `{first}`", told),)
    joined = {form.name.replace(" ", ""): form.name for form in COMMANDS}
    near = joined.get(first) or (nearest(first, _words()) if len(first) < 60 else None)
    if near is not None:
        return (error("E0901", span, f"there is no command `{first}`", f"did you mean `{near}`?"),)
    names = session.policy.names if session.policy is not None else None
    if second is not None and names is not None and len(second) < 60 and re.fullmatch(r"[A-Za-z_]\w*", first):
        near = nearest(second.rstrip(","), names.events)
        where = Span(span.source, match.start("second"), match.start("second") + len(second.rstrip(",")))
        if near is not None:
            message = f"the contract has no event `{where.text}`"
            return (error("E0804", where, message, f"did you mean `{near}`?"),)
    told = "`help` lists the commands; what happens is said as `T1 opened by Customer`"
    return (error("E0901", span, f"there is no command `{first[:60]}`", told),)


def _words() -> Iterator[str]:
    for form in COMMANDS:
        yield from (word for word in (form.name, form.name.split(" ")[0], *form.also) if word.isalpha())


def goes_on(text: str) -> bool:
    """Whether an entry is not finished: its last line ends in a comma or a word that joins, or a parenthesis is open.

    A block of conditions (`all of`, `any of`) goes on until an empty line.
    """
    if not text.strip() or len(text) > LONGEST:
        return False
    lines = text.split("\n")
    block = re.search(r"\b(?:all|any)\s+of\s*$", lines[0]) is not None
    if block:
        return bool(lines[-1].strip()) or len(lines) == 1
    return is_open_ended(text) and bool(lines[-1].strip())


