"""What may come next at the cursor: commands, names of the case and of the contract, words of the language. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from attrs import frozen

from slarules.repl.commands import COMMANDS, SAY, Form
from slarules.repl.judging import contract_of, subjects_of
from slarules.repl.lines import HEAD, NOW, STAMPED
from slarules.repl.names import HAPPENED, Namer
from slarules.repl.reading import form_of
from slarules.repl.session import Session
from slarules.repl.showing import cited, clauses, sort_of
from slarules.repl.spelling import Frame, framed
from slarules.syntax.next import what_comes_next

BEGUN = re.compile(r"[\w#]*\Z")
LONG = 1_000
"""Characters of an entry past which nothing is offered: nobody wonders there what may come next."""
UNITS = ("minutes", "hours", "days", "weeks", "months")


@frozen
class Candidate:
    """A word that may come."""

    text: str
    meaning: str = ""
    """What it is, in a few words."""


@frozen
class Completion:
    """What may stand from ``start`` on."""

    start: int
    candidates: tuple[Candidate, ...] = ()
    wants_path: bool = False
    """Whether a file's path stands there."""


def complete(text: str, session: Session) -> Completion:
    """What may come at the end of ``text``, which is everything before the cursor. Never raises."""
    if len(text) > LONG:
        return Completion(len(text))
    first = text.lstrip()
    start = len(text) - len(first)
    words = first.split()
    if not words or (len(words) == 1 and first == words[0]):
        return _found(text, _beginnings(session, not words))
    if len(words) == 1 and words[0] in subjects_of(session.case):
        return _told(text, 0, session) if _is_ready(session) else Completion(len(text))
    form, end = form_of(text, start, session)
    if form is None:
        return Completion(start, _fitting((c for c in _commands() if " " in c.text), first))
    rest = text[end:]
    if form is not SAY and rest == rest.lstrip():  # still within the command's word
        return _found(text, _beginnings(session, False))
    if form.name in ("load", "replay", "save"):
        return Completion(len(text) - len(rest.lstrip()), wants_path=True)
    if form.name == "help":
        return Completion(len(text) - len(rest.lstrip()), _fitting(_commands(), rest.lstrip()))
    if not _is_ready(session):
        return _found(text, ())
    return _argument(form, text, end, session)


def _is_ready(session: Session) -> bool:
    """Whether there is a contract whose names can be told."""
    return session.policy is not None and session.policy.contract is not None


def _argument(form: Form, text: str, end: int, session: Session) -> Completion:
    rest = text[end:]
    match form.name:
        case "":
            return _told(text, 0, session)
        case "what if":
            return _supposed(text, end, session)
        case "status" | "timeline" | "why" | "why not":
            return _target(text, rest.lstrip(), session, form.name == "why")
        case "eval":
            return _expression(text, end, session)
        case "set" | "show" | "switch" | "diff" | "fork":
            return _found(text, _names(form.name, rest, session))
        case "advance":
            return _length(text, rest, session)
        case "at" if re.search(r"after\s", rest):
            return _told(text, end, session)
    return _found(text, ())


def _found(text: str, candidates: Iterable[Candidate]) -> Completion:
    begun = BEGUN.search(text)
    start = begun.start() if begun is not None else len(text)
    return Completion(start, _fitting(candidates, text[start:]))


def _fitting(candidates: Iterable[Candidate], begun: str) -> tuple[Candidate, ...]:
    """Those that begin so, whatever the case; each once."""
    fitting = [one for one in candidates if one.text.casefold().startswith(begun.casefold()) and one.text != begun]
    return tuple({one.text: one for one in fitting}.values())


def _commands() -> Iterator[Candidate]:
    return (Candidate(form.name, form.does) for form in COMMANDS if form.name)


def _beginnings(session: Session, empty: bool) -> Iterator[Candidate]:
    """What a line may begin with."""
    yield from (Candidate(name, "") for name in subjects_of(session.case))
    yield from _commands()
    yield Candidate("expect", "what should be seen")
    yield Candidate("as of", "looks at another instant")


def _target(text: str, rest: str, session: Session, amounts: bool) -> Completion:
    """``T1.respond``; perhaps also ``A1.fee``."""
    subjects = subjects_of(session.case)
    dot = re.match(r"(\w+)[.\s]+(?=\w*\Z)", rest)
    if dot is not None and dot[1] in subjects:
        namer = Namer(session)
        names = (*namer.rules(dot[1]), *(namer.amounts(dot[1]) if amounts else ()))
        return _found(text, (Candidate(name, "") for name in names))
    return _found(text, (Candidate(name, "") for name in subjects))


def _names(command: str, rest: str, session: Session) -> Iterator[Candidate]:
    contract = contract_of(session)
    if command in ("switch", "diff"):
        yield from (Candidate(name, "a case") for name in session.state.cases)
    elif command == "show":
        yield from (Candidate(one.name, sort_of(one.rule)) for one in cited(contract))
        yield from (Candidate(name, "a reading") for name in contract.readings)
        yield from (Candidate(name, "a clause") for name in clauses(contract))
    elif command == "set":
        chosen = re.match(r"\s*reading\s+(\w+)\s*(?:=|is\s)\s*", rest)
        if chosen is not None and chosen[1] in contract.readings:
            yield from (Candidate(o.name, o.why or "") for o in contract.readings[chosen[1]].options)
        elif re.match(r"\s*reading\s+", rest):
            yield from (Candidate(name, reading.question) for name, reading in contract.readings.items())
        else:
            yield from (Candidate("reading", "how the contract is read"), Candidate("zone", "of times"))


def _length(text: str, rest: str, session: Session) -> Completion:
    if re.search(r"counted\s+in\s+\w*\Z", rest):
        return _found(text, (Candidate(name, "a calendar") for name in Namer(session).calendars()))
    if re.fullmatch(r"\s*\d+(\.\d+)?\s+\w*", rest):
        return _found(text, (Candidate(unit) for unit in UNITS))
    is_whole = re.search(r"[a-z]\s+\w*\Z", rest) is not None
    return _found(text, (Candidate("counted in", "open time of a calendar"),) if is_whole else ())


# ---- Where the grammar says what may come -----------------------------------------------------------------


def _told(text: str, start: int, session: Session) -> Completion:
    """A line in a scenario's words."""
    words = text[start:].lstrip()
    stamped = STAMPED.match(words) is not None or HEAD.match(words) is not None or start > 0
    return _by_grammar(framed('scenario "-"\n', "  " if stamped else f"  {NOW}", words), text, session)


def _supposed(text: str, end: int, session: Session) -> Completion:
    """A line after ``what if``, or one of its own forms."""
    words = text[end:].lstrip()
    if " " not in words:
        own = (Candidate("without", "a line left out"), Candidate("severity", "changed now, or `at` a time"))
        line = _by_grammar(framed('scenario "-"\n', f"  {NOW}", words), text, session)
        own_fitting = _fitting((*own, Candidate("reading", "another option")), words)
        return Completion(line.start, (*own_fitting, *line.candidates))
    if words.startswith("without"):
        words = words.removeprefix("without").lstrip()
        frame = framed('scenario "-"\n', "  1 hour after ", words)
        return _by_grammar(frame, text, session)
    stamped = STAMPED.match(words) is not None or HEAD.match(words) is not None
    return _by_grammar(framed('scenario "-"\n', "  " if stamped else f"  {NOW}", words), text, session)


def _expression(text: str, end: int, session: Session) -> Completion:
    """What stands after ``eval T1:``."""
    rest = text[end:].lstrip()
    of = re.match(r"([A-Za-z_]\w*)\s*:\s*", rest)
    if of is None and re.fullmatch(r"\w*", rest):
        subjects = [Candidate(f"{name}:") for name in subjects_of(session.case)]
        line = _by_grammar(framed("scope x\n", "  outside if ", rest), text, session)
        return Completion(line.start, (*_fitting(subjects, rest), *line.candidates))
    words = rest[of.end() :] if of is not None else rest
    limit = re.match(r"(?:within|every|by the|no later|no earlier|in less)\b", words) is not None
    above, before = ("duty x\n", "  P must act ") if limit else ("scope x\n", "  outside if ")
    return _by_grammar(framed(above, before, words), text, session)


def _by_grammar(frame: Frame, text: str, session: Session) -> Completion:
    """Keywords, names and units that the grammar would take next."""
    source = frame.source
    found = what_comes_next(source, len(source.text) - 1)
    if found is None:
        return Completion(len(text))
    namer = Namer(session)
    every = [Candidate(name, what) for name, what in namer.at(found)]
    names = [one for one in every if one.meaning != HAPPENED]
    happened = [one for one in every if one.meaning == HAPPENED]
    phrases = [Candidate(phrase) for phrase in found.phrases if namer.fits(phrase, found)]
    units = [Candidate(unit) for unit in UNITS] if "UNIT" in found.terminals else []
    return Completion(len(text) - len(found.typed), _fitting((*names, *units, *phrases, *happened), found.typed))


