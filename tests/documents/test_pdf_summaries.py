"""The summaries of the contracts as PDF: no letter is lost, clipped or set upon another, and no heading is alone."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import attrs
import pypdf
import pytest

from slarules.documents.blocks import Beside, Document, Link, Remark, Run, Section, SignOff, Statement
from slarules.documents.formats.characters import one_line, shown
from slarules.documents.formats.pages import MARGIN, PAPER, prepared
from slarules.documents.formats.pdf import written
from slarules.documents.outline import outline
from slarules.loader import load
from slarules.pictures.picture import Picture
from tests.documents.outlines import summary
from tests.documents.payloads import DRAWN_IN_NO_FONT, PAYLOADS, hostile
from tests.documents.pdf_pages import Box, boxes, lines, tags, texts
from tests.documents.sample import sample

PAPERS = {"collabware": "a4", "copiun": "letter", "cpi": "a4", "trak": "letter", "corpus": "a4"}


@cache
def pdf(name: str) -> bytes:
    return written(summary(name), PAPERS[name])


@cache
def placed(name: str) -> list[tuple[int, float, list[Box]]]:
    return list(boxes(pdf(name)))


def letters(text: str) -> Counter[str]:
    return Counter(char for char in unicodedata.normalize("NFKC", shown(text)) if char.isalpha())


def expected(document: Document, paper: str, pages: int) -> Counter[str]:
    """How often each letter must stand in a PDF of so many pages, apart from heads of tables that are repeated."""
    head = prepared(document, PAPER[paper])["running_head"]
    said = Counter({char: many * (pages - 1) for char, many in letters(head + "page of").items()})
    for text in (document.title, document.subtitle, *words(document.front), *words(document.sections), "Contents"):
        said.update(letters(text))
    said.update(letters("".join(contents(document.sections, 3))))
    return said


def contents(sections: tuple[Section, ...], deep: int) -> Iterator[str]:
    for section in sections if deep else ():
        yield f"{section.number or ''}{one_line(section.title) or '(no title)'}"
        yield from contents(section.sections, deep - 1)


def words(value: Any) -> Iterator[str]:
    """What a reader sees of a part of a document."""
    match value:
        case tuple():
            for one in value:
                yield from words(one)
        case str():
            yield value
        case Run() | Link():
            yield value.text
        case Picture():
            yield from (text for drawn in ElementTree.fromstring(value.svg).iter() if drawn.tag.endswith("text")
                        for text in drawn.itertext())
        case Section():
            yield from (value.number or "", one_line(value.title) or "(no title)")
            yield from words((value.blocks, value.sections))
        case Remark():
            yield from (value.kind.upper(), value.title, value.text)
        case Statement():
            yield from (value.name, value.sort.upper(), value.title or "")
            yield from words((value.sentences, value.remarks))
        case _ if attrs.has(type(value)):
            yield "THE CONTRACT IN PLAIN ENGLISH" if isinstance(value, Beside) else ""
            yield "Name Title Date Signature" * len(value.parties) if isinstance(value, SignOff) else ""
            told = (field.name for field in attrs.fields(type(value)) if field.name not in ("role", "anchor"))
            for name in told:
                yield from words(getattr(value, name))


@pytest.mark.parametrize("name", PAPERS)
def test_no_letter_is_lost(name: str) -> None:
    read = texts(pdf(name))

    lost = expected(summary(name), PAPERS[name], len(read)) - letters("".join(read))
    assert lost == Counter()


def test_no_letter_of_any_kind_of_block_is_lost() -> None:
    document = sample("Zq")
    read = texts(written(document, "a4"))

    assert letters("".join(read))["Z"] == expected(document, "a4", len(read))["Z"] > 40
    assert expected(document, "a4", len(read)) - letters("".join(read)) == Counter()


@pytest.mark.parametrize("name", PAPERS)
def test_no_letter_is_clipped_or_stands_upon_another(name: str) -> None:
    foot = PAPER[PAPERS[name]].height - 64
    for number, width, page in placed(name):
        out = [box for box in page if box.left < MARGIN - 2 or box.right > width - MARGIN + 2]
        low = [line.text for line in lines(page) if line.bottom > foot and not line.text.startswith("page")]
        assert (out, low) == ([], []), f"page {number}"
        assert upon_each_other(page) == [], f"page {number}"


def upon_each_other(page: list[Box]) -> list[str]:
    rows: dict[int, list[Box]] = {}
    for box in page:
        rows.setdefault(round(box.bottom), []).append(box)
    found = []
    for row in rows.values():
        row.sort(key=lambda one: one.left)
        joined = ((a, b) for a, b in pairwise(row) if b.left > a.left + 0.1)  # in one sign for two letters they are one
        found += [a.text + b.text for a, b in joined if min(a.right, b.right) > b.left + 2.5]
    return found


@pytest.mark.parametrize("name", PAPERS)
def test_each_section_has_its_bookmark_and_no_heading_is_the_last_of_its_page(name: str) -> None:
    read = pypdf.PdfReader(BytesIO(pdf(name)))
    marks = list(flat(read.outline))

    titles = [f"{one.number} {one.title}" if one.number else one.title for one in sections(summary(name).sections)]
    assert [str(one["/Title"]) for one in marks] == [one_line(title) for title in titles]
    for mark in marks:
        page = read.get_destination_page_number(mark)
        assert page is not None
        height = float(read.pages[page].mediabox.height)
        top = height - float(mark["/Top"])
        below = [line for line in lines(placed(name)[page][2]) if line.top > top + 12 and line.bottom < height - 60]
        assert below, mark["/Title"]


def flat(marks: Any) -> Iterator[Any]:
    for one in marks:
        yield from flat(one) if isinstance(one, list) else (one,)


def sections(found: tuple[Section, ...]) -> Iterator[Section]:
    for one in found:
        yield one
        yield from sections(one.sections)


@pytest.mark.parametrize("name", PAPERS)
def test_each_picture_is_told_in_words_and_each_table_has_heads(name: str) -> None:
    kinds: Counter[str] = Counter()
    for kind, entry in tags(pdf(name)):
        kinds[kind] += 1
        assert kind != "/Figure" or len(entry["/Alt"]) > 20
        if kind == "/Table":
            assert "/THead" in [one.get_object()["/S"] for one in entry["/K"]]
    assert kinds["/Table"] and kinds["/Figure"] and kinds["/H1"]
    assert bool(kinds["/BlockQuote"]) == (name != "corpus")


def test_a_hostile_policy_comes_out_as_its_own_words(tmp_path: Path) -> None:
    texts_of = [text for name, text in PAYLOADS.items() if name not in DRAWN_IN_NO_FONT]
    document = outline(load(hostile(tmp_path, texts_of)))
    made = written(document, "a4")

    read = texts(made)
    assert expected(document, "a4", len(read)) - letters("".join(read)) == Counter()
    for number, width, page in boxes(made):
        assert [box for box in page if box.left < MARGIN - 2 or box.right > width - MARGIN + 2] == [], f"page {number}"
