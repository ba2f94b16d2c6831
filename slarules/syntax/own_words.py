"""Words of the contract, or of the writer, that stand without their marks: without `>`, or without `"…"`."""

from __future__ import annotations

import re

from slarules.diagnostics import Diagnostic, Edit, error
from slarules.syntax.slips import Slip

_SINGLE = re.compile(r"[‘’‚‹›'`](?P<words>[^\"“”]*?)[’‘‹›'´`](?=[\s,]|$)")
_DOUBLE = re.compile(r"(?:''|``|,,|<<|[\"“”„«»])[ \u00a0\u202f]?(?P<words>[^\"“”„«»]*?)[ \u00a0\u202f]?"
                     r"(?:''|´´|>>|[\"“”„«»])(?=[\s,]|$)")
_OWED = re.compile(r"(?:the )?(?:\w+ )?\w+ (?P<verb>must not|must|aims to|may) \w+", re.IGNORECASE)
_NAMED = ("DUTY", "TARGET", "PROHIBITION", "RIGHT", "CHOICE", "CALENDAR", "TABLE", "STATUS", "STATE", "FACT", "EVENT",
          "READING", "SCOPE", "AMOUNT", "ALLOWANCE", "ROLE", "DECLARATION", "SUBJECT")
"""Words after which a name is given."""


def own_words(at: Slip) -> Diagnostic | None:
    """What to say of words without their marks; None where it is no such mistake."""
    return _line(at) or _other_marks(at) or _bare(at) or _name(at)


def _line(at: Slip) -> Diagnostic | None:
    """`The Customer states the severity.` where a rule may stand, and a rule's own line where it stands in none."""
    words = at.rest.strip()
    if at.previous[0] or not {"QUOTE", "DUTY"} <= at.accepts or at.kind in ("_INDENT", "_DEDENT", "_NL"):
        return None
    owed = _OWED.match(words)
    if owed is not None:
        rule = {"must": "duty", "must not": "prohibition", "aims to": "target", "may": "right"}[owed["verb"].lower()]
        return error("E0201", at.wide(len(words)), f"this line belongs in a {rule}",
                     f"write `{rule} NAME` above it, and indent it under that")
    quoted = words.strip("\"“”„«» ")
    many = len(quoted.split())
    if not (quoted[:1].isupper() or words[:1] in "\"“„«(•·" or quoted[:1].isdigit()) or many < 3:
        return None
    if many < 5 and words.rstrip("\"”“»")[-1:] not in (".", ";", ":"):
        return None
    shown = quoted if len(quoted) <= 60 else f"{quoted[:60].rsplit(' ', 1)[0]} …"
    return error("E0201", at.wide(len(words)), "the contract's own words begin with `>`", f"write `> {shown}`",
                 edit=Edit(at.wide(len(words)), f"> {quoted}"))


def _other_marks(at: Slip) -> Diagnostic | None:
    """`‘Acme support’`, `„Acme support“`, `« Acme support »`."""
    found = (_DOUBLE.match(at.rest) or _SINGLE.match(at.rest)) if "STRING" in at.accepts else None
    if found is None:
        return None
    span = at.wide(found.end())
    return error("E0205", span, "these are not the quotation marks of the language",
                 f'write `"{found["words"]}"`', edit=Edit(span, f'"{found["words"]}"'))


def _bare(at: Slip) -> Diagnostic | None:
    """`clause 4. Reports`, `because the title`, `because the title"`."""
    words = re.sub(r"\s+--.*", "", at.rest).rstrip()
    bare = words.rstrip('"”')
    if at.accepts != {"STRING"} or not words[:1].isalnum() or set('"“”') & set(bare):
        return None
    span = at.wide(len(words))
    message = "words of your own stand in quotation marks" if bare == words else "the first quotation mark is missing"
    return error("E0201", span, message, f'write `{at.previous[1]} "{bare}"`', edit=Edit(span, f'"{bare}"'))


def _name(at: Slip) -> Diagnostic | None:
    """`duty first response`, `duty "first response"`."""
    kinds = [kind for kind, span in at.before if span.end <= at.span.start]
    if at.kind == "STRING" and kinds[-1:] and kinds[-1] in _NAMED and "NAME" in at.accepts:
        words = re.findall(r"[A-Za-z0-9]+", at.span.text)
        if not words or words[0][0].isdigit():
            return None
        return error("E0201", at.span, "a name is one word, without quotation marks",
                     f"write `{'_'.join(words).lower()}`", edit=Edit(at.span, "_".join(words).lower()))
    if kinds[-1:] != ["NAME"] or len(kinds) != 2 or kinds[0] not in _NAMED:
        return None
    more = re.match(r"(?:(?!of\b|by\b|in\b|is\b|supplied\b)[A-Za-z]\w*(?:\s+|$|(?=:)))+", at.rest)
    if more is None:
        return None
    first = next(span for kind, span in reversed(at.before) if kind == "NAME" and span.end <= at.span.start)
    words = [first.text, *more[0].split()]
    span = type(first)(first.source, first.start, at.span.start + len(more[0].rstrip()))
    return error("E0201", span, f"`{' '.join(words)}` is more than one word, and a name is one",
                 f"write `{'_'.join(words)}`", edit=Edit(span, "_".join(words)))
