"""What each word of an entry is, for its colour: commands, the language's keywords, names, times, strings. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from slarules.repl.commands import COMMANDS
from slarules.repl.judging import subjects_of
from slarules.repl.session import Session
from slarules.syntax.parse import keywords

COMMAND, KEYWORD, SUBJECT, NAME, TIME, STRING, COMMENT, PLAIN = (
    "command", "keyword", "subject", "name", "time", "string", "comment", "plain",
)  # fmt: skip
TOKEN = re.compile(
    r"(?P<comment>--.*)|(?P<string>\"[^\"]*\"?|“[^”]*”?)|(?P<time>\d{4}-\d\d-\d\d|\d\d?:\d\d(?::\d\d(?:\.\d{1,6})?)?|#?\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<other>\s+|.)",
    re.DOTALL,
)


@lru_cache(maxsize=1)
def _keywords() -> frozenset[str]:
    return frozenset(keywords()) | {"if", "instead", "without", "severity", "hours", "minutes", "days"}


@lru_cache(maxsize=1)
def _commands() -> dict[str, tuple[str, ...]]:
    """First word → the second words that may follow."""
    found: dict[str, tuple[str, ...]] = {}
    for form in COMMANDS:
        for word in (form.name, *form.also):
            first, _, second = word.partition(" ")
            if first:
                found[first] = (*found.get(first, ()), second)
    return found


def highlighted(text: str, session: Session) -> list[tuple[str, str]]:
    """The text in pieces, each with what it is. The pieces together are the text."""
    names = session.policy.names if session.policy is not None else None
    known = {*names.events, *names.facts, *names.parties, *names.rules} if names is not None else set()
    subjects = set(subjects_of(session.case))
    pieces: list[tuple[str, str]] = []
    words: list[str] = []
    for match in TOKEN.finditer(text):
        kind, word = str(match.lastgroup), match.group()
        if kind == "word":
            kind = _of_word(word, words, subjects, known)
            words.append(word)
        elif kind == "other":
            kind = PLAIN
        else:
            words.append(word)
        pieces.append((kind, word))
    return pieces


def _of_word(word: str, before: list[str], subjects: set[str], known: set[str]) -> str:
    commands = _commands()
    if word in subjects:
        return SUBJECT
    if not before and word in commands:
        return COMMAND
    if len(before) == 1 and word and word in commands.get(before[0], ()):
        return COMMAND
    if word in known:
        return NAME
    return KEYWORD if word in _keywords() else PLAIN
