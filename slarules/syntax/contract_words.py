"""What is told of a line that speaks as contracts do, and not as a policy does."""

from __future__ import annotations

import re

from slarules.diagnostics import Diagnostic, Edit, error
from slarules.source import Span
from slarules.syntax.sayings import EVENT, REGIONS, ROW, SAYINGS, Saying

LONGEST = 400
"""Lines longer than this speak as nobody does."""

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "sixty": 60, "seventy": 70,
    "ninety": 90,
}
_WORDS = "|".join(_NUMBERS)
_NUMBER = re.compile(rf"\b({_WORDS})\b(?:-({_WORDS})\b)?(?:\s*\(\s*(\d+)\s*\))?"
                     r"(?=\s+(?:\w+ )?(?:minute|hour|day|month|week|year))", re.IGNORECASE)
_OURS = "end|close|next|sooner|later|day|term|lesser|greater"
_ARTICLE = re.compile(rf"\b(the|a|an|its|their|any)\s+(?!(?:{_OURS})\b)(?=[a-z])", re.IGNORECASE)
_TO_BE = re.compile(r"\b(?:is|was|are|were|has been|gets)\s+(?=\w)")
_REGION = re.compile(r"(?<=\bholidays of )(?:[A-Z]{2}-[A-Z][a-z]\w*|\w[\w ]*?)(?= on their\b|$)")


def saying(kind: str, span: Span) -> Diagnostic | None:
    """What to say of a phrase of contracts around a word that cannot stand there; None where there is none such."""
    line, start = _line(span)
    if kind in ("_INDENT", "_DEDENT") or len(line) > LONGEST or _is_an_example(line, span):
        return None
    here = _Here(span, line, start, len(line) if kind in ("_NL", "$END") else span.start - start)
    for one in SAYINGS:
        if re.match(one.line, line):
            found = here.find(re.compile(one.phrase, re.NOFLAG if one.line == ROW else re.IGNORECASE))
            if found is not None:
                return _told(one, found, here.place(found))
    return _number(here) or _region(here) or _happened(here) or _article(here)


class _Here:
    """A word that cannot stand where it stands, and the line around it."""

    def __init__(self, span: Span, line: str, start: int, at: int) -> None:
        self.source, self.line, self.start, self.at = span.source, line, start, at

    def find(self, phrase: re.Pattern[str]) -> re.Match[str] | None:
        """The phrase where it holds the word, or ends before it."""
        blanks = len(self.line[: self.at]) - len(self.line[: self.at].rstrip())
        return next((one for one in phrase.finditer(self.line) if one.start() <= self.at <= one.end() + blanks), None)

    def place(self, found: re.Match[str]) -> Span:
        return Span(self.source, self.start + found.start(), self.start + found.end())

    def without(self, found: re.Match[str]) -> str:
        """The line as it is when the words found are left out."""
        return self.line[: found.start()] + self.line[found.end() :]


def _line(span: Span) -> tuple[str, int]:
    """The line's words, without what stands before and after them, and where they begin."""
    text = span.source.text
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.start)
    bare = re.sub(r"(?:^|\s+)--.*$", "", text[start : len(text) if end < 0 else end][: 2 * LONGEST])
    return bare.strip(), start + len(bare) - len(bare.lstrip())


def _is_an_example(line: str, span: Span) -> bool:
    """Whether it is a row of a scenario's examples, whose cells are parts of other lines."""
    if not line.startswith("|"):
        return False
    above = span.source.text[: span.start].split("\n")[-2::-1]
    head = next((one.strip() for one in above if not one.lstrip().startswith("|")), "")
    return head.startswith("examples")


def _told(one: Saying, found: re.Match[str], span: Span) -> Diagnostic:
    parts = [found[0].strip(" ,"), *(part or "" for part in found.groups())]
    if len(parts[0]) > 40:
        parts[0] = f"{parts[0][:40].rsplit(' ', 1)[0]} …"
    edit = None if one.edit is None else Edit(span, one.edit.format(*parts))
    blanks = len(found[0]) - len(found[0].lstrip()) if edit is None and found[0].strip() else 0
    shown = Span(span.source, span.start + blanks, span.end)
    return error("E0201", shown, one.message.format(*parts), one.help.format(*parts), edit=edit)


def _number(here: _Here) -> Diagnostic | None:
    """`within one hour`, `four (4) hours`."""
    found = here.find(_NUMBER)
    if found is None:
        return None
    number = found[3] or str(sum(_NUMBERS[word.lower()] for word in found.groups()[:2] if word))
    return error("E0201", here.place(found), f"`{found[0]}` is not how a number is written", f"write `{number}`",
                 edit=Edit(here.place(found), number))


def _region(here: _Here) -> Diagnostic | None:
    """`holidays of England`, `holidays of US-Texas`."""
    found = here.find(_REGION)
    if found is None:
        return None
    place, code = here.place(found), REGIONS.get(found[0].lower())
    if code is None:
        return error("E0201", place, f"`{found[0]}` is not how a country is written",
                     "write its two letters, as `DE`; of a part of it `CA-BC`, `GB-ENG`, `US-TX`")
    return error("E0201", place, f"`{found[0]}` is not how a country is written", f"write `{code}`",
                 edit=Edit(place, code))


def _happened(here: _Here) -> Diagnostic | None:
    """`when the ticket is opened`."""
    found = here.find(_TO_BE)
    if found is None or not re.match(EVENT, here.line):
        return None
    said = _ARTICLE.sub("", here.without(found))
    line = Span(here.source, here.start, here.start + len(here.line))
    return error("E0201", here.place(found), "an event is named by its word alone", f"write `{said}`",
                 edit=Edit(line, said))


def _article(here: _Here) -> Diagnostic | None:
    """`attend the incident`, `by the Customer`."""
    found = here.find(_ARTICLE)
    if found is None:
        return None
    said = here.without(found)
    return error("E0201", here.place(found), f"`{found[1]}` does not stand before a name",
                 f"write `{said}`" if len(said) <= 80 else "leave it out", edit=Edit(here.place(found), ""))
