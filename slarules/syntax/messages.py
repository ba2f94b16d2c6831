"""What to say of a line that cannot be read, in its writer's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from attrs import frozen

from slarules.diagnostics import Diagnostic, Edit, error
from slarules.source import Source, Span
from slarules.syntax.contract_words import saying
from slarules.syntax.forms import forms
from slarules.syntax.own_words import own_words
from slarules.syntax.slips import LIMITS, Slip, slip

KINDS = {
    "NAME": "a name",
    "NUMBER": "a number",
    "STRING": 'words in "quotation marks"',
    "DATE": "a date as 2026-03-02",
    "TIME": "a time as 09:00",
    "UNIT": "`minutes`, `hours` or `days`",
    "ZONE": "a zone as America/Denver",
    "DAY": "a weekday",
    "MONTH": "a month",
    "CURRENCY": "a currency as USD",
    "REGION": "a country as US or CA-BC",
    "ORDINAL": "`first`, `second` …",
    "ROUNDING": "`up` or `down`",
    "QUOTE": "a quotation",
    "_NL": "the end of the line",
    "INSTANCE": "a number as #2",
    "LABEL": "a label as (a)",
    "_INDENT": "an indented line",
    "OR_NUMBER": "`or`",
    "CELL": "the words of a cell",
}


@frozen
class Unexpected:
    """A word that cannot stand where it stands."""

    kind: str
    """Its terminal; ``_NL`` where the line ends too early."""
    span: Span
    """The word, or the whole line."""
    accepts: frozenset[str]
    """Terminals that could stand there."""
    before: tuple[tuple[str, Span], ...]
    """The line's words so far, this one included, each with its terminal."""
    keywords: Mapping[str, str]
    """Terminal → the keyword as written."""


@frozen
class Mend:
    """A keyword in a word's place."""

    span: Span
    text: str


def missing_version(span: Span) -> Diagnostic:
    if re.fullmatch(r"slarules\s+\d[\d.]*", span.text):
        return error("E0110", span, f"version {span.text.split()[1]} of the language is not known here",
                     "the version is 1: begin with `slarules 1`")
    return error("E0110", span, "the first line does not say which language this is", "begin with `slarules 1`")


def no_policy(source: Source) -> Diagnostic:
    """Of a file in which nothing at all is a policy's: a contract's text, a log."""
    end = source.text.find("\n")
    span = Span(source, 0, len(source.text) if end < 0 else end)
    told = "a policy begins with `slarules 1`; the contract's own text is named by its line `source`, and a log of " \
        "events stands behind the policy"
    return error("E0110", span, "this is no policy", told)


def missing_contract(span: Span) -> Diagnostic:
    return error("E0111", span, "there is no `contract` block", 'say which contract this is: `contract NAME "title"`')


def nothing_under(span: Span) -> Diagnostic:
    if span.text.split()[:1] and span.text.split()[0] in LIMITS:
        return error("E0203", span, "a line goes on only after a comma, `and`, `or` or `because`",
                     "write it at the end of the line above")
    message = "this line is indented under one that takes nothing under it"
    return error("E0203", span, message, "move it to the left, to where the line above begins")


def second_contract(span: Span, first: Span) -> Diagnostic:
    return error("E0112", span, "a second `contract` block", "one file is one contract", [(first, "the first")])


def candidates(wrong: Unexpected, keywords: Sequence[str]) -> Iterator[Mend]:
    """Near keywords for the word itself, then for the names before it (a misspelt keyword reads as a name)."""
    for kind, span in list(reversed(wrong.before))[:6]:
        if kind not in ("NAME", "_STRANGE") and span != wrong.span:
            continue
        word = span.text
        for keyword in get_close_matches(word.lower(), keywords, n=3, cutoff=0.7):
            if keyword != word:
                yield Mend(span, keyword)


def unexpected(wrong: Unexpected, mend: Mend | None) -> Diagnostic:
    if mend is not None:
        edit = Edit(mend.span, mend.text)
        return error(
            "E0201",
            mend.span,
            f"`{mend.span.text}` is no word of the language here",
            f"did you mean `{mend.text}`?",
            edit=edit,
        )
    at = Slip(wrong.kind, wrong.span, wrong.accepts, wrong.before)
    said = _connected(wrong) or own_words(at) or saying(wrong.kind, wrong.span)
    return said or slip(at) or _special(wrong) or _plain(wrong)


def _connected(wrong: Unexpected) -> Diagnostic | None:
    """`and` and `or` mixed."""
    kinds = [kind for kind, _ in wrong.before]
    if (wrong.kind == "OR" and "AND" in kinds) or (wrong.kind == "AND" and ("OR" in kinds or "OR_NUMBER" in kinds)):
        return error(
            "E0204",
            wrong.span,
            "`and` and `or` are mixed without parentheses",
            "put parentheses around one of them, or write a block: `any of` / `all of` with lines (a), (b)",
        )
    if wrong.kind == "OR" and "ANY" in kinds:
        return error(
            "E0204",
            wrong.span,
            "a list that ends with `or` beside another `or`",
            "put the list's condition in parentheses",
        )
    return None


def _special(wrong: Unexpected) -> Diagnostic | None:
    word = wrong.span.text
    if word in ("—", "–"):
        return error(
            "E0205", wrong.span, f"`{word}` begins nothing", "a comment begins with `--`", edit=Edit(wrong.span, "--")
        )
    if word in ("’", "‘", "'", "”"):
        return error(
            "E0205", wrong.span, f"`{word}` begins nothing", 'words are quoted with "straight quotation marks"'
        )
    if word in ('"', "“"):
        return error(
            "E0206", wrong.span, "this quotation mark is never closed on its line", "close it on the same line"
        )
    if word == "<":
        return error(
            "E0205",
            wrong.span,
            "`<` begins a placeholder, which only a scenario with `examples` has",
            "write the words themselves, or put a table of `examples` at the scenario's end",
        )
    if word in ("•", "·", "*"):
        return error(
            "E0205", wrong.span, f"a bullet (`{word}`) begins nothing", "begin the contract's own words with `>`"
        )
    if wrong.kind == "_INDENT":
        return nothing_under(wrong.span)
    return None


def _plain(wrong: Unexpected) -> Diagnostic:
    told = _told(wrong)
    if wrong.kind in ("_NL", "$END"):
        end = Span(wrong.span.source, wrong.span.end, wrong.span.end)
        return error("E0202", end, "the line ends too early", told)
    if wrong.kind == "_DEDENT" or ("_INDENT" in wrong.accepts and wrong.accepts <= {"_INDENT"}):
        return error("E0207", wrong.span, "indented lines are missing under the line above", "say what it consists of")
    if wrong.kind == "_STRANGE":
        return error("E0205", wrong.span, f"`{wrong.span.text}` is no sign of the language", told)
    first, *more = wrong.span.text.split("\n")
    return error("E0201", wrong.span, f"`{first}{' …' if more else ''}` cannot stand here", told)


def _told(wrong: Unexpected) -> str | None:
    """What could stand there, where that says something, and how such a line is written."""
    expected = _expected(wrong)
    written = " or ".join(f"`{line}`" for line in forms(" ".join(span.text for _, span in wrong.before)))
    parts = [f"expected {expected}"] if expected and not (written and expected.endswith("…")) else []
    parts += [f"such a line is written {written}"] if written else []
    return "; ".join(parts) or None


def _expected(wrong: Unexpected) -> str:
    words = sorted(
        {f"`{wrong.keywords[t]}`" if t in wrong.keywords else KINDS.get(t, "") for t in wrong.accepts} - {""}
    )
    if len(words) > 8:
        words = [*words[:8], "…"]
    return ", ".join(words)
