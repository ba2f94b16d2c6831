"""Words as Word holds them: runs in named styles, links to places of the same document, fields, comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from slarules.documents.blocks import CODE, DELETED, EMPHASIS, INSERTED, STRONG, Link, Remark, Words
from slarules.documents.formats.characters import one_line, shown

Element = Any
"""An element of a part of the file; python-docx's own have no common type that is public."""

STYLES: Mapping[str, str] = {
    STRONG: "Strong",
    EMPHASIS: "Emphasis",
    CODE: "PolicyName",
    INSERTED: "InsertedWords",
    DELETED: "DeletedWords",
}
"""Style of a run → its style in Word. A redline is shown in styles and not as tracked changes: those vanish from
sight where a reader shows no markup, and accepting one would say nothing about the contract."""
AUTHOR, INITIALS = "slarules", "sla"
"""Whose comments these are."""


@frozen
class Writing:
    """What a document being written has so far."""

    document: WordDocument
    """The file: its comments and pictures go there."""
    bookmarks: Mapping[str, tuple[int, str]]
    """Anchor → the number and the name of its bookmark."""
    width: int
    """Of the text on a page, in twentieths of a point."""
    height: int
    """Of the text on a page, likewise."""
    lists: Iterator[int]
    """Numbers for numbered lists, each to be had once."""
    pictures: Iterator[int]
    """Numbers for pictures, likewise."""


def w(tag: str, *children: Element | None, **attributes: str | int) -> Element:
    """An element of WordprocessingML. Its children must be in the order of ISO/IEC 29500; None stands for no child."""
    made: Element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(child for child in children if child is not None)
    return made


def paragraph(style: str, content: Iterable[Element], *properties: Element | None) -> Element:
    """A paragraph in one of the styles. ``properties``: what differs from the style, in the standard's order."""
    return w("p", w("pPr", w("pStyle", val=style), *properties), *content)


def run(text: str, style: str | None = None) -> Element:
    """Text in one character style; its line breaks and tabs are elements in Word."""
    made = w("r", w("rPr", w("rStyle", val=style)) if style else None)
    for number, line in enumerate(shown(text).split("\n")):
        if number:
            made.append(w("br"))
        for place, part in enumerate(line.split("\t")):
            if place:
                made.append(w("tab"))
            if part:
                words = w("t")
                words.text = part
                words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                made.append(words)
    return made


def runs(words: Words, writing: Writing) -> list[Element]:
    """Words as runs and links. A link to what has no bookmark is its words."""
    made: list[Element] = []
    for word in words:
        if isinstance(word, Link):
            made += link(word.to, [run(word.text, "Hyperlink")], writing)
        else:
            made.append(run(word.text, STYLES.get(word.style)))
    return made


def link(anchor: str, content: list[Element], writing: Writing) -> list[Element]:
    """The content as a link; as it is where there is no such anchor."""
    mark = writing.bookmarks.get(anchor)
    return [w("hyperlink", *content, anchor=mark[1], history=1)] if mark else content


def bookmarked(anchor: str, content: Iterable[Element], writing: Writing) -> list[Element]:
    """The content with its bookmark around it, for links to lead to."""
    if anchor not in writing.bookmarks:
        return list(content)
    number, name = writing.bookmarks[anchor]
    return [w("bookmarkStart", id=number, name=name), *content, w("bookmarkEnd", id=number)]


def field(instruction: str, shown_until_updated: Iterable[Element]) -> list[Element]:
    """A field: what Word computes, and what it shows before it has."""
    return [*field_start(instruction), *shown_until_updated, w("r", w("fldChar", fldCharType="end"))]


def field_start(instruction: str) -> list[Element]:
    """The beginning of a field whose end stands elsewhere."""
    told = w("instrText")
    told.text = f" {instruction} "
    told.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    kinds = ("begin", None, "separate")
    return [w("r", w("fldChar", fldCharType=kind) if kind else told) for kind in kinds]


def commented(content: list[Element], remarks: Iterable[Remark], writing: Writing) -> list[Element]:
    """The content with a comment on it for each remark."""
    before, after = [], []
    for remark in remarks:
        number = _comment(remark, writing)
        before.append(w("commentRangeStart", id=number))
        after.append(w("commentRangeEnd", id=number))
        after.append(w("r", w("rPr", w("rStyle", val="CommentReference")), w("commentReference", id=number)))
    return [*before, *content, *after]


def _comment(remark: Remark, writing: Writing) -> int:
    """A comment that says what the remark says; its number. It has no date: there is no clock in a document."""
    comment = writing.document.comments.add_comment(author=AUTHOR, initials=INITIALS)
    kind = one_line(remark.kind).capitalize()
    comment.paragraphs[0].add_run(f"{kind}: {one_line(remark.title)}").bold = True
    for part in shown(remark.text).split("\n"):
        comment.add_paragraph(part)
    return comment.comment_id
