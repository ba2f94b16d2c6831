"""What stands after a command's word: instants, durations, names. Each is read and checked against the session."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from attrs import evolve, frozen

from slarules.diagnostics import Diagnostic, error, nearest
from slarules.repl.judging import amounts_of, contract_of, subjects_of
from slarules.repl.lines import Told, read_told
from slarules.repl.session import Session
from slarules.repl.spelling import HERE
from slarules.source import Source, Span

TARGET = re.compile(r"(?P<first>\w+)(?:(?:\.|\s+)(?P<rule>[A-Za-z_]\w*)(?:#(?P<number>\d{1,6}))?)?")
SETTING = re.compile(r"(?:reading\s+)?(?P<name>\w+)\s*(?:=|\bis\b)\s*(?P<option>\S+)")


@frozen
class Given:
    """What stands after a command's word."""

    line: str
    """The whole line."""
    start: int
    """Where it begins in the line."""

    @property
    def text(self) -> str:
        """It, without blanks around it."""
        return self.line[self.start :].strip()

    @property
    def span(self) -> Span:
        """Its place; where there is nothing, the end of the line."""
        words = self.line[self.start :]
        begin = self.start + len(words) - len(words.lstrip()) if self.text else len(self.line)
        return Span(Source(HERE, self.line), begin, begin + len(self.text))

    def part(self, start: int, end: int) -> Span:
        """A part of it, by its place in ``text``."""
        return Span(self.span.source, self.span.start + start, self.span.start + end)


@frozen
class Mistaken:
    """Why words cannot be meant."""

    problems: tuple[Diagnostic, ...]


@frozen
class Target:
    """``T1.response#2``: what something is asked about."""

    subject: str
    rule: str | None = None
    number: int | None = None

    def __str__(self) -> str:
        rule = f".{self.rule}" if self.rule else ""
        return f"{self.subject}{rule}" + (f"#{self.number}" if self.number else "")


@frozen
class Setting:
    """A reading and the option it is to be read by."""

    name: str
    option: str


def malformed(given: Given, form: str, message: str | None = None) -> Mistaken:
    """The words are not of the command's form."""
    meant = f"`{_on_one_line(given.text)}` cannot be meant here" if given.text else "something is missing here"
    said = message or meant
    return Mistaken((error("E0902", given.span, said, f"it is written `{form}`"),))


def no_such(span: Span, what: str, word: str, known: Iterable[str]) -> Mistaken:
    """A name that nothing has, with the nearest one."""
    names = sorted(set(known))
    near = nearest(word, names) if len(word) < 200 else None
    listed = ", ".join(f"`{name}`" for name in names[:10]) + (" …" if len(names) > 10 else "")
    several = f"there are {listed}" if len(names) > 1 else f"there is only {listed}" if names else "there are none yet"
    told = f"did you mean `{near}`?" if near else several
    return Mistaken((error("E0904", span, f"there is no {what} `{_on_one_line(word)}`", told),))


def _on_one_line(words: str) -> str:
    return " ".join(words.split())


# ---- What commands take -------------------------------------------------------------------------------------


def nothing(given: Given, session: Session) -> Mistaken | None:
    """No argument."""
    if not given.text:
        return None
    return Mistaken((error("E0902", given.span, "nothing stands after this command", "leave it out"),))


def words(given: Given, session: Session) -> str:
    """Any words, or none."""
    return given.text



def path(given: Given, session: Session) -> str | Mistaken:
    """A file's path, in quotation marks or not."""
    text = given.text
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    return text or malformed(given, f"{given.line.split()[0]} FILE", "the file is missing here")


def told(given: Given, session: Session) -> Told | Mistaken:
    """A line in a scenario's words."""
    assert session.policy is not None and session.policy.names is not None
    found = read_told(given.text, contract_of(session), session.policy.names, session.case)
    return found if isinstance(found, Told) else Mistaken(at_line(found, given))


def at_line(problems: tuple[Diagnostic, ...], given: Given) -> tuple[Diagnostic, ...]:
    """Problems of the words after the command, placed in the whole line."""
    shift = given.span.start
    source = given.span.source
    moved = []
    for problem in problems:
        span = problem.span
        if span.source.name == HERE:
            span = Span(source, span.start + shift, span.end + shift)
        related = tuple(
            (Span(source, s.start + shift, s.end + shift) if s.source.name == HERE else s, label)
            for s, label in problem.related
        )
        moved.append(evolve(problem, span=span, related=related, edit=None))
    return tuple(moved)


def target(given: Given, session: Session, also: Collection[str] = ()) -> Target | Mistaken:
    """``T1``, ``T1.response``, ``T1 response#2``; ``response`` of what something happened to last.

    ``also``: what else may be asked of beside rules.
    """
    match = TARGET.fullmatch(given.text)
    if match is None:
        return malformed(given, f"{given.line.split()[0]} T1.RULE")
    known = subjects_of(session.case)
    rules = {*also}
    if session.policy is not None and session.policy.names is not None:
        rules |= {*session.policy.names.rules}
    first, rule, number = match["first"], match["rule"], int(match["number"] or 0) or None
    if rule is None and first not in known and first in rules and known:
        first, rule = session.case.events[-1].subject, first
    elif first not in known:
        return no_such(given.part(*match.span("first")), "subject", first, known)
    if rule is not None and rule not in rules:
        return no_such(given.part(*match.span("rule")), "rule", rule, rules)
    return Target(first, rule, number)


def reckoned(given: Given, session: Session) -> Target | Mistaken:
    """The same, also of an amount: ``A1.fee``."""
    return target(given, session, amounts_of(contract_of(session)))


def some_target(given: Given, session: Session) -> Target | Mistaken | None:
    """A target, or nothing: everything."""
    return target(given, session) if given.text else None


def setting(given: Given, session: Session) -> Setting | Mistaken:
    """``reading NAME = OPTION``, checked against the contract."""
    match = SETTING.fullmatch(given.text)
    if match is None:
        return malformed(given, "set reading NAME = OPTION")
    readings = contract_of(session).readings
    if match["name"] not in readings:
        return no_such(given.part(*match.span("name")), "reading", match["name"], readings)
    options = [option.name for option in readings[match["name"]].options]
    if match["option"] not in options:
        what = f"option of the reading `{match['name']}`:"
        return no_such(given.part(*match.span("option")), what, match["option"], options)
    return Setting(match["name"], match["option"])


def case_name(given: Given, session: Session) -> str | Mistaken:
    """The name of a case that there is."""
    if not given.text:
        return malformed(given, "switch NAME", "the name of a case is missing here")
    if given.text not in session.state.cases:
        return no_such(given.span, "case", given.text, session.state.cases)
    return given.text


def new_case_name(given: Given, session: Session) -> str | Mistaken:
    """A name that no case has yet."""
    if not re.fullmatch(r"[A-Za-z_]\w{0,40}", given.text):
        return malformed(given, "fork NAME", None if given.text else "a name for the fork is missing here")
    if given.text in session.state.cases:
        message = f"there is a case `{given.text}` already"
        told = f"take another name, or go there: `switch {given.text}`"
        return Mistaken((error("E0902", given.span, message, told),))
    return given.text


def two_cases(given: Given, session: Session) -> tuple[str, str] | Mistaken:
    """Two cases, or one to be held beside the present one."""
    named = given.text.split()
    if not 1 <= len(named) <= 2:
        return malformed(given, "diff CASE CASE")
    for name in named:
        if name not in session.state.cases:
            start = given.text.index(name)
            return no_such(given.part(start, start + len(name)), "case", name, session.state.cases)
    return (session.state.current, named[0]) if len(named) == 1 else (named[0], named[1])
