"""Words as Markdown: each character is itself, and only what would be taken for markup has a backslash before it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from slarules.documents.blocks import CODE, DELETED, EMPHASIS, INSERTED, PLAIN, STRONG, Link, Run, Words
from slarules.documents.formats.characters import shown

TAGS: Mapping[str, str] = {STRONG: "strong", EMPHASIS: "em", INSERTED: "ins", DELETED: "del"}
"""Style → the element for it, where asterisks cannot say it: beside letters, or because there are none for it."""
ASTERISKS: Mapping[str, str] = {STRONG: "**", EMPHASIS: "*"}
"""Style → what stands on both sides of such words."""

MARKUP = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)"  # before punctuation, a backslash would vanish
    r"|[*`~\[]"
    r"|(?<![^\W_])_+|_+(?![^\W_])"  # between letters it is only itself
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#\d{1,7};|#[xX][0-9A-Fa-f]{1,6};|[A-Za-z][A-Za-z0-9]*;)"
    r"|(?<=http):(?=//)|(?<=https):(?=//)|(?<=ftp):(?=//)|(?<=www)\.",  # else an address becomes a link
    re.IGNORECASE,
)
"""What is markup wherever it stands in a line."""
AT_START = re.compile(r"#(?=#{0,5}(\s|$))|>|[-+](?=\s|$)|-(?=[\s-]*$)|=(?==*\s*$)|[|:-](?=[\s|:-]*$)")
"""What is markup at the start of a line: headings, quotations, points, rules, the second line of a table."""
NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
"""What would number a list at the start of a line."""

Anchors = Mapping[str, str]
"""A section's or a statement's anchor → the name that Markdown's readers give to that place."""


def line(words: Words, anchors: Anchors, *, cell: bool = False, label: bool = False) -> str:
    """The words as Markdown. ``cell``: on one line, as tables and headings need it; ``label``: what has no style is
    strong."""
    lines = [_line(pieces, anchors, cell, label) for pieces in _lines(_strong(words) if label else words)]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return "<br>".join(lines) if cell else "\\\n".join(map(_started, lines))


def _strong(words: Words) -> Words:
    return tuple(Run(w.text, STRONG) if isinstance(w, Run) and w.style == PLAIN else w for w in words)


def _lines(words: Words) -> list[list[Run | Link]]:
    """The words, cut at their line breaks; neighbours in one style are one, and blanks stand outside of emphasis."""
    lines: list[list[Run | Link]] = [[]]
    for word in words:
        first, *more = shown(word.text).split("\n")
        _add(lines[-1], word, first)
        for part in more:
            lines.append([])
            _add(lines[-1], word, part)
    return [_trimmed(pieces) for pieces in lines]


def _add(pieces: list[Run | Link], word: Run | Link, part: str) -> None:
    if isinstance(word, Link):
        if part.strip():
            pieces.append(Link(part, word.to))
        return
    inner = part.strip() if word.style in ASTERISKS else part
    if not inner:
        inner, before, after = part, "", ""
        word = Run(part) if word.style in ASTERISKS else word
    else:
        before, _, after = part.partition(inner) if word.style in ASTERISKS else ("", part, "")
    for style, piece in ((PLAIN, before), (word.style, inner), (PLAIN, after)):
        last = pieces[-1] if pieces else None
        if isinstance(last, Run) and last.style == style:
            pieces[-1] = Run(last.text + piece, style)
        elif piece:
            pieces.append(Run(piece, style))


def _trimmed(pieces: list[Run | Link]) -> list[Run | Link]:
    """Without blanks at the ends of the line, which would be lost or would indent it."""
    while pieces and not pieces[0].text.strip():
        pieces = pieces[1:]
    while pieces and not pieces[-1].text.strip():
        pieces = pieces[:-1]
    if pieces:
        pieces = [_with(pieces[0], pieces[0].text.lstrip()), *pieces[1:]]
        pieces = [*pieces[:-1], _with(pieces[-1], pieces[-1].text.rstrip())]
    return pieces


def _with(piece: Run | Link, words: str) -> Run | Link:
    return Link(words, piece.to) if isinstance(piece, Link) else Run(words, piece.style)


def _line(pieces: Sequence[Run | Link], anchors: Anchors, cell: bool, label: bool) -> str:
    made = ""
    money = sum(piece.text.count("$") for piece in pieces) > 1
    for n, piece in enumerate(pieces):
        after = pieces[n + 1] if n + 1 < len(pieces) else None
        if isinstance(piece, Link):
            inside = _escaped(piece.text, cell, money).replace("]", "\\]")
            linked = f"[{inside}](#{anchors[piece.to]})" if piece.to in anchors else inside
            made += f"**{linked}**" if label and len(pieces) == 1 else linked
        elif piece.style == CODE:
            made += _code(piece.text, cell, money)
        elif piece.style == PLAIN:
            inside = _escaped(piece.text, cell, money)
            ends = inside.endswith("!") and isinstance(after, Link)
            made += inside[:-1] + "\\!" if ends else inside
        else:
            made += _styled(piece, _escaped(piece.text, cell, money), made[-1:], after)
    return made


def _escaped(words: str, cell: bool, money: bool) -> str:
    """The words with a backslash before each character that would be markup inside a line."""
    made = MARKUP.sub(lambda m: "".join("\\" + char for char in m.group()), words)
    if money:
        made = re.sub(r"\$(?=\S)", r"\\$", made)
    return made.replace("|", "\\|") if cell else made


def _code(words: str, cell: bool, money: bool) -> str:
    """A name as it is written in the policy: between backticks, more of them than stand in it."""
    if cell and "\\|" in words:
        return f"<code>{_escaped(words, cell, money)}</code>"
    fence = "`" * (1 + max(map(len, re.findall("`+", words)), default=0))
    edges = {words[0], words[-1]}
    pad = " " if "`" in edges or (edges == {" "} and words.strip()) else ""
    inside = words.replace("|", "\\|") if cell else words
    return fence + pad + inside + pad + fence


def _styled(piece: Run, inside: str, before: str, after: Run | Link | None) -> str:
    """Words in a style: between asterisks where these are sure to be taken as such, else between tags."""
    mark = ASTERISKS.get(piece.style)
    if mark is not None:
        following = after.text[:1] if isinstance(after, Run) and after.style == PLAIN else "*" if after else ""
        opens = before != "*" and (not _punctuation(inside[0]) or not before.strip())
        closes = following != "*" and (not _punctuation(inside[-1]) or not following.strip())
        if opens and closes:
            return mark + inside + mark
    return f"<{TAGS[piece.style]}>{inside}</{TAGS[piece.style]}>"


def _punctuation(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"


def _started(made: str) -> str:
    """The line with a backslash before what would be markup only at the start of a line."""
    if AT_START.match(made):
        return "\\" + made
    return NUMBERED.sub(r"\1\\\2", made, count=1) if NUMBERED.match(made) else made
