"""What a policy says is words in a Word file too: no field, no link outwards, no element comes of it."""

from __future__ import annotations

import os
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from pypdf import PdfReader

from slarules.documents.blocks import Beside, Document, Grid, Paragraph, Quotation, Section, Statement, cells, plain
from slarules.documents.formats.characters import one_line, shown
from slarules.documents.formats.docx import written
from slarules.documents.formats.docx_words import run
from slarules.documents.outline import outline
from slarules.loader import load
from tests.documents.payloads import PAYLOADS, hostile
from tests.documents.sample import sample
from tests.documents.word import W, misplaced, parts, said, style

EXAMPLES = int(os.environ.get("SLARULES_WORD_EXAMPLES", "300"))
WITHIN = {f"{W}{name}" for name in ("t", "br", "tab", "r", "trPr", "cantSplit", "tblCaption")}
"""Elements of which a text's own lines and length make more or fewer, and what is made of words alone."""
MADE_OF_WORDS = {"descr", "title", f"{W}w"}
"""Attributes that say or measure words."""


def skeleton(tree: Any) -> list[str]:
    """The elements and their attributes, but for these."""
    found = []
    for element in tree.iter():
        if element.tag not in WITHIN:
            kept = [f"{name}={value}" for name, value in element.attrib.items() if name not in MADE_OF_WORDS]
            found.append(" ".join([element.tag, *kept]))
    return found


def paragraphs(tree: Any, name: str) -> list[str]:
    return [said(p) for p in tree.iter(f"{W}p") if style(p) == name]


@pytest.fixture(scope="module")
def usual() -> dict[str, Any]:
    return parts(written(sample("a request"), "a4"))


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_payloads_are_only_words(payload: str, usual: dict[str, Any]) -> None:
    data = written(sample(payload), "a4")
    found = parts(data)
    assert set(found) == set(usual)
    for name in ("word/footer1.xml", "word/styles.xml", "word/_rels/document.xml.rels", "_rels/.rels"):
        assert etree.tostring(found[name]) == etree.tostring(usual[name])
    for name in ("word/document.xml", "word/header1.xml"):
        assert skeleton(found[name]) == skeleton(usual[name])
    instructions = [told.text for name in sorted(found) for told in found[name].iter(f"{W}instrText")]
    assert instructions == [told.text for name in sorted(usual) for told in usual[name].iter(f"{W}instrText")]
    tree = found["word/document.xml"]
    flat, whole = one_line(payload), shown(payload)
    for name in ("Title", "FigureCaption", "TableHead"):
        assert flat in paragraphs(tree, name), name
    for name in ("Lead", "SideNote", "BodyText", "Quote", "ContractWords", "Term", "TermText", "ListNumber"):
        assert whole in paragraphs(tree, name), name
    assert paragraphs(tree, "Heading1")[0] == f"1\t{flat}"
    assert paragraphs(found["word/header1.xml"], "Header") == [flat]
    comment = next(iter(docx.Document(BytesIO(data)).comments))
    assert comment.text == f"Ambiguity: {flat}\nIs {whole} a request?\nIt may not be."


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(st.characters(), max_size=40))
@example("\ud800 \ufffe \U0001ffff \x00\x0b\x1b\x85")
@example("\r\n\n\t \t\r")
def test_any_text_is_shown(text: str) -> None:
    """Also characters that no XML can hold, and halves of such."""
    element = etree.fromstring(etree.tostring(run(text, "Strong")))
    assert said(element) == shown(text)
    assert [part.tag for part in element][:1] == [f"{W}rPr"]


def test_a_whole_hostile_summary(tmp_path: Path) -> None:
    data = written(outline(load(hostile(tmp_path))), "a4")
    found = parts(data)
    assert [wrong for tree in found.values() for wrong in misplaced(tree)] == []
    outwards = [rel for name, tree in found.items() if name.endswith(".rels") for rel in tree if rel.get("TargetMode")]
    assert outwards == []
    instructions = {told.text for tree in found.values() for told in tree.iter(f"{W}instrText")}
    assert instructions == {' TOC \\o "1-3" \\h \\z \\u ', " PAGE ", " NUMPAGES "}
    text = " ".join(" ".join(said(p) for p in found["word/document.xml"].iter(f"{W}p")).split())
    stands = [payload for payload in PAYLOADS.values() if one_line(payload) and one_line(payload) in text]
    assert len(stands) > 60
    names = {mark.get(f"{W}name") for mark in found["word/document.xml"].iter(f"{W}bookmarkStart")}
    assert {link.get(f"{W}anchor") for link in found["word/document.xml"].iter(f"{W}hyperlink")} <= names


def _has_japanese() -> bool:
    """Whether some font of this machine has it; without one nothing can be read back from the page."""
    fonts = shutil.which("fc-list")
    return fonts is not None and bool(subprocess.run([fonts, ":lang=ja"], check=True, capture_output=True).stdout)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_shows_every_word(tmp_path: Path) -> None:
    """A row taller than a page, text in four scripts, a head that comes again: nothing is cut off or left out."""
    numbers = [f"w{n:04}" for n in range(1500)]
    tall = Statement("tall", "tall", "duty", (plain(" ".join(numbers)),))
    scripts = [PAYLOADS[name] for name in ("greek", "cyrillic", "entities", *(["japanese"] if _has_japanese() else []))]
    rows = tuple(cells(str(n), "two\nlines") for n in range(60))
    blocks = (
        Beside((Quotation("Theirs.", "source.txt, line 1"),), (tall,)),
        Grid("Numbers", cells("headofcolumn", "what"), rows, (1, 3)),
        *(Paragraph(plain(text)) for text in scripts),
    )
    whole = sample()
    document = Document("Title", "Subtitle", "Runninghead", (), (Section("Tall", "tall-one", blocks), *whole.sections))
    (tmp_path / "made.docx").write_bytes(written(document, "a4"))
    command = ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'user').as_uri()}", "--convert-to", "pdf"]
    subprocess.run([*command, "made.docx"], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    pages = [page.extract_text() for page in PdfReader(tmp_path / "made.pdf").pages]
    text = "\n".join(pages)
    assert [number for number in numbers if number not in text] == []
    assert [script for script in scripts if "".join(script.split()) not in "".join(text.split())] == []
    assert sum("headofcolumn" in page for page in pages) == sum("lines" in page for page in pages) > 1
    assert ["Runninghead" in page for page in pages] == [False, *[True] * (len(pages) - 1)]
    assert all(f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, 1))
