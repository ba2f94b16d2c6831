"""Text as it is set on a page: breaks and blanks in one form each, and words of other directions by themselves."""

from __future__ import annotations

import re

from slarules.documents.formats.characters import shown

UNSEEN = "\n\u200b\u200c\u200d\u2060\u2068\u2069"
"""Characters without a mark of their own: breaks, places for them, and brackets around words that run the other way."""
_ONE_FORM = str.maketrans({"\t": "    ", "\u2028": "\n", "\u2029": "\n", "\u00ad": "\u200b", "\ufeff": "\u2060"})
"""Blanks, breaks and places for them, as the one that stands for each."""
_RIGHT_TO_LEFT = "\u0590-\u05ff\u0600-\u08ff\ufb1d-\ufdfd\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_TURNED = re.compile(
    rf"([{_RIGHT_TO_LEFT}](?:(?:(?![\n\u200b])[\W\d_{_RIGHT_TO_LEFT}])*[{_RIGHT_TO_LEFT}])?)([)\]}}]*)"
)
"""Words of scripts that run from right to left, with the numbers and marks between them; then brackets after them."""

_OTHER = re.compile(f"[\t\u2028\u2029\u00ad\ufeff{_RIGHT_TO_LEFT}]")
"""What is not set as it is."""


def as_set(text: str) -> str:
    """The text for a page: what may not be shown is replaced, and each break and blank is in its one form.

    Words written from right to left stand by themselves, so that they do not turn the order of what is beside them:
    else "ABC. 5 days" with a Hebrew ABC would be seen as "5 .ABC days". To be asked once of a text, not twice.
    """
    made = shown(text)
    return _TURNED.sub(_apart, made.translate(_ONE_FORM)) if _OTHER.search(made) else made


def _apart(found: re.Match[str]) -> str:
    """Words from right to left by themselves, with each bracket that they open closed."""
    words, after = found.groups()
    opened = max(0, sum(words.count(sign) for sign in "([{") - sum(words.count(sign) for sign in ")]}"))
    return f"\u2068{words}{after[:opened]}\u2069{after[opened:]}"
