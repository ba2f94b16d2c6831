"""Readings that do not say why."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slarules.diagnostics import Level
from slarules.lint.examined import Examined
from slarules.lint.finding import Found, Rule
from slarules.syntax.tree import Node

NO_REASON = re.compile(r"[\W\d_]*|(to ?do|tbd|tba|fix ?me|xxx+|none|n/?a|because|see above|obvious(ly)?|clear(ly)?)\W*",
                       re.IGNORECASE)
"""Words that stand where a reason should, and give none."""


def without_reason(examined: Examined) -> Iterator[Found]:
    """An option without its why, and an adoption whose reason says nothing."""
    for block, _ in examined.rules("reading"):
        for line in block.all("adopt", "changes_nothing"):
            words = " ".join(part.text for part in line.all("STRING")).strip()
            if NO_REASON.fullmatch(words) or _is_the_option(words, line):
                what = "adopts" if line.kind == "adopt" else "changes nothing"
                said = f"`{line.name.text}` is adopted" if line.kind == "adopt" else "it changes nothing"
                yield Found(
                    line.one("STRING").span, f"the reading `{block.name.text}` {what} without a reason",
                    f"say why {said}, so that another may disagree",
                )
        silent = [option for option in block.all("option") if _is_silent(option)]
        if silent:
            names = ", ".join(f"`{option.name.text}`" for option in silent)
            yield Found(
                silent[0].name.span, f"nothing says what speaks for {names} of the reading `{block.name.text}`",
                'give each way to read the words its reason: `option NAME: … "why"`',
            )


def _is_silent(option: Node) -> bool:
    why = option.first("STRING")
    return why is None or NO_REASON.fullmatch(why.text.strip()) is not None


def _is_the_option(words: str, line: Node) -> bool:
    """Whether the reason is only the option's name over again."""
    name = line.first("NAME")
    return name is not None and re.sub(r"\W+", "_", words.lower()).strip("_") == name.text.lower()


RULES: tuple[Rule, ...] = (
    Rule("L0903", "reading-without-reason", Level.WARNING, "a reading that adopts an option and does not say why",
         without_reason),
)
