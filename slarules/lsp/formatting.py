"""Formatting: the one style of `slarules fmt`, as the fewest changes of lines."""

from __future__ import annotations

from difflib import SequenceMatcher

from lsprotocol import types

from slarules.lsp.desk import Document
from slarules.lsp.places import Encoding, range_of
from slarules.source import Source, Span


def formatting(document: Document, encoding: Encoding) -> list[types.TextEdit]:
    """The edits that bring a file into the one style; none where it is refused, as of a file that cannot be read."""
    from slarules.syntax.format import format_policy

    made = format_policy(document.source)
    if made.text is None or made.text == document.source.text:
        return []
    return edits(document.source, made.text, encoding)


def edits(source: Source, text: str, encoding: Encoding) -> list[types.TextEdit]:
    """The lines of ``source`` that differ from those of ``text``, each run of them as one edit."""
    old, new = source.text.splitlines(keepends=True), text.splitlines(keepends=True)
    if "".join(old) != source.text or len(old) != source.text.count("\n") + (not source.text.endswith("\n")):
        old, new = [source.text], [text]  # signs in it that only some programs take for ends of lines
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    found = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            where = range_of(Span(source, starts[a], starts[b]), encoding)
            found.append(types.TextEdit(where, "".join(new[c:d])))
    return found
