"""Writes the editors' grammars from the language's own: its keywords stand in one place, `grammar/slarules.lark`.

    python editors/generate.py

A test asks that the files are as this writes them. Colours by these grammars are by the word alone; an editor with the
language server colours each word by what it is where it stands.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from slarules.syntax.parse import keywords, parser, written

HERE = Path(__file__).resolve().parent
TEXTMATE = HERE / "vscode" / "syntaxes" / "slarules.tmLanguage.json"
VIM = HERE / "vim" / "syntax" / "slarules.vim"

LISTS = ("UNIT", "DAY", "MONTH", "ORDINAL", "ROUNDING")
"""Terminals that are a list of words."""
CONSTANTS = ("yes", "no", "none", "any", "nothing", "Always")
BEGINNING = ("contract", "clause", "scenario", "state", "option", "where", "provider", "customer")
"""Rules that give a name, besides those that may stand in a clause."""


def naming() -> list[str]:
    """The keywords after which a name is given: ``duty``, ``calendar``, ``clause`` …"""
    rules = parser().rules
    blocks = {str(rule.expansion[0].name) for rule in rules if rule.origin.name == "_rule"} | set(BEGINNING)
    found = set()
    for rule in rules:
        if not {str(rule.origin.name), str(rule.alias)} & blocks or len(rule.expansion) < 2:
            continue
        if rule.expansion[1].name in ("NAME", "STRING", "_level"):
            found.add(written(rule.expansion[0].name))
    return sorted(word for word in found if word)


def words() -> list[str]:
    """The words of units, days, months and the like, in every form."""
    patterns = {t.name: t.pattern.to_regexp() for t in parser().terminals if t.name in LISTS}
    found: set[str] = set()
    for name in LISTS:
        listed = re.search(r"[A-Za-z|]+\|[A-Za-z|]+", patterns[name])
        one = listed.group().split("|") if listed else []
        found.update(one)
        if name == "UNIT":
            found.update(f"{unit}s" for unit in one)
    return sorted(found)


def others() -> list[str]:
    """Keywords that give no name and are no value."""
    return [word for word in keywords() if word not in (*naming(), *CONSTANTS, *words())]


def textmate() -> dict[str, Any]:
    """The TextMate grammar."""
    return {
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "comment": "written by editors/generate.py from grammar/slarules.lark",
        "name": "slarules",
        "scopeName": "source.slarules",
        "fileTypes": ["sla"],
        "patterns": [
            {"include": f"#{part}"}
            for part in ("quotation", "comment", "string", "naming", "instant", "number", "zone", "label", "constant",
                         "word", "keyword", "capital", "sign")
        ],
        "repository": {
            "quotation": _begins("markup.quote.slarules", r"^\s*>.*$"),
            "comment": _begins("comment.line.double-dash.slarules", r"--.*$"),
            "string": {
                "name": "string.quoted.double.slarules",
                "match": r"\"[^\"]*\"|“[^”]*”",
            },
            "naming": {
                "match": rf"^(\s*)({_any(naming())})\s+([A-Za-z_][A-Za-z0-9_]*|\d+)?",
                "captures": {
                    "2": {"name": "keyword.declaration.slarules"},
                    "3": {"name": "entity.name.function.slarules"},
                },
            },
            "instant": _begins("constant.numeric.date.slarules", r"\b\d{4}-\d\d-\d\d\b|\b\d\d?:\d\d(:\d\d)?\b"),
            "number": _begins("constant.numeric.slarules", r"#\d+\b|\b\d+(\.\d+)?\b"),
            "zone": _begins(
                "constant.other.zone.slarules",
                r"\b[A-Z][A-Za-z_]+(/[A-Za-z0-9_+\-]+)+|\bUTC([+-]\d\d:\d\d)?|\b[A-Z]{2,3}(-[A-Z0-9]{1,3})?\b",
            ),
            "label": _begins("punctuation.definition.list.slarules", r"\([a-z]{1,3}\)(?=\s)"),
            "constant": _begins("constant.language.slarules", rf"\b({_any(CONSTANTS)})\b"),
            "word": _begins("support.constant.slarules", rf"\b({_any(words())})\b"),
            "keyword": _begins("keyword.other.slarules", rf"\b({_any(others())})\b"),
            "capital": _begins("entity.name.type.slarules", r"\b[A-Z][A-Za-z0-9_]*\b"),
            "sign": _begins("punctuation.separator.slarules", r"[|,:%]"),
        },
    }


def _begins(name: str, match: str) -> dict[str, str]:
    return {"name": name, "match": match}


def _any(listed: tuple[str, ...] | list[str]) -> str:
    return "|".join(sorted(listed, key=lambda word: (-len(word), word)))


def vim() -> str:
    """The syntax file of Vim."""
    return f'''" slarules policies. Written by editors/generate.py from grammar/slarules.lark; do not edit.
if exists("b:current_syntax")
  finish
endif
syntax case match

{_listed("slarulesNaming", naming())}
{_listed("slarulesKeyword", others())}
{_listed("slarulesWord", words())}
{_listed("slarulesConstant", list(CONSTANTS))}

syntax match slarulesCapital "\\<[A-Z][A-Za-z0-9_]*\\>"
syntax match slarulesZone "\\<[A-Z][A-Za-z_]\\+\\(/[A-Za-z0-9_+-]\\+\\)\\+\\|\\<UTC\\([+-]\\d\\d:\\d\\d\\)\\?"
syntax match slarulesNumber "#\\?\\<\\d\\+\\(\\.\\d\\+\\)\\?\\>"
syntax match slarulesInstant "\\<\\d\\{{4}}-\\d\\d-\\d\\d\\>\\|\\<\\d\\d\\?:\\d\\d\\(:\\d\\d\\)\\?\\>"
syntax match slarulesLabel "([a-z]\\{{1,3}})\\s\\@="
syntax match slarulesSign "[|,:%]"
syntax match slarulesString "\\"[^\\"]*\\"\\|“[^”]*”"
syntax match slarulesComment "--.*$" contains=@Spell
syntax match slarulesQuotation "^\\s*>.*$" contains=@Spell

highlight default link slarulesNaming Statement
highlight default link slarulesKeyword Keyword
highlight default link slarulesWord Special
highlight default link slarulesConstant Constant
highlight default link slarulesCapital Type
highlight default link slarulesZone Constant
highlight default link slarulesNumber Number
highlight default link slarulesInstant Number
highlight default link slarulesLabel Delimiter
highlight default link slarulesSign Delimiter
highlight default link slarulesString String
highlight default link slarulesComment Comment
highlight default link slarulesQuotation Identifier

let b:current_syntax = "slarules"
'''


def _listed(group: str, listed: list[str]) -> str:
    """``syntax keyword`` lines of at most 100 letters; words that Vim would take for its own options are matched."""
    own = {"contains", "contained", "oneline", "fold", "display", "extend", "concealends", "conceal", "cchar",
           "containedin", "nextgroup", "transparent", "skipwhite", "skipnl", "skipempty"}
    lines, line = [], ""
    for word in (word for word in listed if word not in own):
        if len(line) + len(word) > 80:
            lines.append(line)
            line = ""
        line += f" {word}"
    lines += [line] if line else []
    matched = [f'syntax match {group} "\\<{word}\\>"' for word in listed if word in own]
    return "\n".join([*(f"syntax keyword {group}{one}" for one in lines), *matched])


def files() -> dict[Path, str]:
    """Each file with what stands in it."""
    return {TEXTMATE: json.dumps(textmate(), indent=2, ensure_ascii=False) + "\n", VIM: vim()}


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, "utf-8")
        print(path.relative_to(HERE.parent))
