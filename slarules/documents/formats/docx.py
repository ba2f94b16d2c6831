"""A document as a Word file: styles, a heading tree, heads and page numbers, and a comment at each open question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from io import BytesIO
from itertools import count
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document as new_document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.section import Section as WordSection
from docx.shared import Mm, Twips

from slarules.documents.blocks import Beside, Document, Section, Statement
from slarules.documents.formats.characters import one_line
from slarules.documents.formats.docx_blocks import BULLETS, blocks, contents, section
from slarules.documents.formats.docx_words import AUTHOR, Element, Writing, field, paragraph, run, w

SIZES = {"a4": (11906, 16838), "letter": (12240, 15840)}
"""Paper → its width and height, in twentieths of a point."""
SIDE, TOP, BOTTOM = 1247, 1418, 1304
"""Margins: 22 mm at the sides, 25 above and 23 below."""
LANGUAGES = {"en": "en-GB"}
"""Languages for which Word asks for a country too."""
LONGEST = 255
"""Characters that a property of a file may have."""
UNUSED = ("stylesWithEffects", "customXml", "thumbnail", "extended-properties", "webSettings", "fontTable")
"""Parts of python-docx's own template that say nothing about this document, or something untrue."""
SETTINGS = """<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/>
<w:compat/><w:themeFontLang/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>
</w:settings>"""
COMPATIBLE = {
    "compatibilityMode": 15,
    "overrideTableStyleFontSizeAndJustification": 1,
    "enableOpenTypeFeatures": 1,
    "doNotFlipMirrorIndents": 1,
    "differentiateMultirowTableHeaders": 1,
}
"""How Word is to lay out the pages: as its versions since 2013 do."""


def written(document: Document, paper: str) -> bytes:
    """The document as Office Open XML for Word. The same document gives the same bytes. Raises `CannotBeWritten`."""
    file = new_document()
    language = LANGUAGES.get(document.language, document.language)
    across, down = SIZES[paper]
    writing = Writing(
        file, _bookmarks(document), across - 2 * SIDE, down - TOP - BOTTOM, count(BULLETS + 1), count(1)
    )
    _drop_unused(file)
    _styles(file, language, writing.width)
    _settings(file, language)
    _properties(file, document, language)
    _pages(file.sections[0], document, across, down)
    _fill(file, _body(document, writing))
    _numbering(file, next(writing.lists))
    return _packed(file)


def _body(document: Document, writing: Writing) -> Iterator[Element]:
    yield paragraph("Title", [run(one_line(document.title))])
    yield paragraph("Subtitle", [run(one_line(document.subtitle))])
    yield from blocks(document.front, writing)
    yield from contents(document.sections, writing)
    for number, one in enumerate(document.sections):
        yield from section(one, writing, new_page=number == 0)


def _bookmarks(document: Document) -> dict[str, tuple[int, str]]:
    """Anchor → number and name of a bookmark: a letter, then letters, digits and low lines, 40 at most, each unlike
    the others whether written large or small."""
    made: dict[str, tuple[int, str]] = {}
    taken: set[str] = set()
    for anchor in _anchors(document.sections):
        name = re.sub(r"[^A-Za-z0-9]+", "_", anchor)
        name = f"{'' if name[:1].isalpha() else 's'}{name}"[:40]
        if name.lower() in taken:
            name = f"{name[:30]}_{len(made)}"
        taken.add(name.lower())
        made.setdefault(anchor, (len(made), name))
    return made


def _anchors(sections: Iterable[Section]) -> Iterator[str]:
    for one in sections:
        yield one.anchor
        for block in one.blocks:
            match block:
                case Statement():
                    yield block.anchor
                case Beside():
                    yield from (statement.anchor for statement in block.statements)
        yield from _anchors(one.sections)


def _fill(file: WordDocument, body: Iterable[Element]) -> None:
    """The elements into the body, before the description of its pages that ends it."""
    last: Any = file.sections[0]._sectPr
    for element in body:
        last.addprevious(element)
    comments = [rel.target_part for rel in file.part.rels.values() if rel.reltype == RT.COMMENTS]
    for part in comments:
        for comment in part.element:
            comment.attrib.pop(qn("w:date"), None)


def _drop_unused(file: WordDocument) -> None:
    for rels in (file.part.package.rels, file.part.rels):
        for name in [key for key, rel in rels.items() if rel.reltype.rsplit("/", 1)[-1] in UNUSED]:
            del rels[name]


def _styles(file: WordDocument, language: str, width: int) -> None:
    """Our styles in the place of python-docx's own; numbers of pages end where the text ends."""
    made: Any = parse_xml((files("slarules.documents.formats") / "templates" / "word_styles.xml").read_bytes())
    for tab in made.iter(qn("w:tab")):
        if tab.get(qn("w:leader")):
            tab.set(qn("w:pos"), str(width))
    for tongue in made.iter(qn("w:lang")):
        tongue.set(qn("w:val"), language)
    file.styles.element[:] = made[:]


def _settings(file: WordDocument, language: str) -> None:
    made: Any = parse_xml(SETTINGS)
    uri = "http://schemas.microsoft.com/office/word"
    made.find(qn("w:compat")).extend(
        w("compatSetting", name=name, uri=uri, val=value) for name, value in COMPATIBLE.items()
    )
    made.find(qn("w:themeFontLang")).set(qn("w:val"), language)
    file.settings.element[:] = made[:]


def _properties(file: WordDocument, document: Document, language: str) -> None:
    """What the file says of itself; not when it was made, for the same document gives the same bytes."""
    properties = file.core_properties
    element: Any = properties._element
    element[:] = []
    properties.title = one_line(document.title)[:LONGEST]
    properties.subject = one_line(document.subtitle)[:LONGEST]
    properties.author = AUTHOR
    properties.language = language


def _pages(section: WordSection, document: Document, across: int, down: int) -> None:
    """Size, margins, the running head on all pages but the first, and numbers on each."""
    section.page_width, section.page_height = Twips(across), Twips(down)
    section.left_margin = section.right_margin = Twips(SIDE)
    section.top_margin, section.bottom_margin = Twips(TOP), Twips(BOTTOM)
    section.header_distance = section.footer_distance = Mm(12)
    section.different_first_page_header_footer = True
    grid: Any = section._sectPr.find(qn("w:docGrid"))
    grid.getparent().remove(grid)
    head: Any = section.header._element
    head[:] = [paragraph("Header", [run(one_line(document.running_head))])]
    first: Any = section.first_page_header._element
    first[:] = [paragraph("Footer", ())]
    for footer in (section.footer, section.first_page_footer):
        foot: Any = footer._element
        numbers = [run("Page "), *field("PAGE", [run("1")]), run(" of "), *field("NUMPAGES", [run("1")])]
        foot[:] = [paragraph("Footer", numbers)]


def _numbering(file: WordDocument, unused: int) -> None:
    """The bullets, and a number of its own for each numbered list, so that each begins at 1."""
    bullets = [("bullet", mark) for mark in ("•", "–", "·")] * 3
    numbers = [
        (kind, form.format(3 * n + place + 1))
        for n in range(3)
        for place, (kind, form) in enumerate((("decimal", "%{}."), ("lowerLetter", "(%{})"), ("lowerRoman", "(%{})")))
    ]
    made = [
        w("abstractNum", w("multiLevelType", val="multilevel"), *map(_level, range(9), levels), abstractNumId=number)
        for number, levels in enumerate((bullets, numbers))
    ]
    made.append(w("num", w("abstractNumId", val=0), numId=BULLETS))
    for number in range(BULLETS + 1, max(unused, BULLETS + 2)):
        again = w("lvlOverride", w("startOverride", val=1), ilvl=0)
        made.append(w("num", w("abstractNumId", val=1), again, numId=number))
    element: Any = file.part.numbering_part.element
    element[:] = made


def _level(level: int, form: tuple[str, str]) -> Element:
    kind, text = form
    return w(
        "lvl",
        w("start", val=1),
        w("numFmt", val=kind),
        w("lvlText", val=text),
        w("lvlJc", val="left"),
        w("pPr", w("ind", left=397 * (level + 1), hanging=397)),
        ilvl=level,
    )


def _packed(file: WordDocument) -> bytes:
    """The file's parts put together with no time of their making."""
    saved, packed = BytesIO(), BytesIO()
    file.save(saved)
    with ZipFile(saved) as before, ZipFile(packed, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            entry = ZipInfo(name)
            entry.compress_type, entry.create_system = ZIP_DEFLATED, 0
            after.writestr(entry, before.read(name))
    return packed.getvalue()
