"""A PDF holds every word of its document, keeps to PDF/UA, and looks as a careful typographer would leave it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from functools import cache
from io import BytesIO
from itertools import pairwise

import pypdf
import pytest
from attrs import evolve

from slarules.documents.blocks import (
    Beside,
    Block,
    Cell,
    Document,
    Figure,
    Grid,
    Item,
    Link,
    Listing,
    Paragraph,
    Quotation,
    Run,
    Section,
    SignOff,
    Statement,
    cells,
    plain,
)
from slarules.documents.formats.characters import shown
from slarules.documents.formats.pages import MARGIN
from slarules.documents.formats.pdf import written
from slarules.documents.render import CannotBeWritten
from tests.documents.payloads import DRAWN_IN_NO_FONT, PAYLOADS
from tests.documents.pdf_pages import Box, boxes, found, lines, squeezed, tags, texts
from tests.documents.sample import SQUARE, sample

TURNED = ("arabic", "hebrew", "mixed")
"""Lines that are read back in the order in which they are drawn; each of their words is whole."""
DRAWN = [name for name in PAYLOADS if name not in DRAWN_IN_NO_FONT]


def document(*blocks: Block, title: str = "T") -> Document:
    return Document(title, "S", "head", (), (Section("First", "first", blocks),))


@cache
def times_in_sample() -> int:
    """How often the words of a sample stand in its PDF."""
    return found(written(sample("zqxzqx"), "a4"), "zqxzqx")


def told(text: str, times: int) -> str:
    return " ".join([text] * times)


# ---- Nothing is lost, nothing is markup --------------------------------------------------------------------------


@pytest.mark.parametrize("name", DRAWN)
def test_every_payload_stands_there_as_its_own_words(name: str) -> None:
    text = PAYLOADS[name]
    made = written(sample(text), "a4")

    words = [word.strip("()") for word in text.split()] if name in TURNED else [shown(text)]
    often = times_in_sample()
    for word in words:
        assert abs(found(made, word) - often) <= len(texts(made))  # a page may end within one
    assert ("\ufffd" in shown(text)) == ("\ufffd" in "".join(texts(made)))
    for number, width, page in boxes(made):
        over = [box for box in page if box.left < MARGIN - 2 or box.right > width - MARGIN + 2]
        assert over == [], f"page {number}"


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("請求は一時間以内に確認する。ソフトウェア", "請求は一時間以内に確認する。ソフトウェア"),
        ("Ο πελάτης πληρώνει εντός ημέρας", "Οπελάτηςπληρώνειεντόςημέρας"),
        ("Заказчик платит в течение дня", "Заказчикплатитвтечениедня"),
        ("Zažeň švýcarský Łódź ß œ ĳ ₤", "ZažeňšvýcarskýŁódźßœĳ₤"),
        ("한국어 简体字 繁體字", "한국어简体字繁體字"),
    ],
)
def test_letters_of_other_scripts_come_out_as_text(text: str, back: str) -> None:
    styled = tuple(Run(text, style) for style in ("plain", "strong", "emphasis", "code", "inserted", "deleted"))
    picture = evolve(SQUARE, svg=SQUARE.svg.replace("</svg>", f'<text x="50" y="20">{text}</text></svg>'))
    made = written(document(Paragraph(styled), Figure(picture, text)), "a4")

    assert found(made, back) == 8
    read = pypdf.PdfReader(BytesIO(made))
    assert squeezed("".join(page.extract_text() for page in read.pages)).count(squeezed(back)) == 8


def test_words_from_right_to_left_do_not_turn_what_stands_beside_them() -> None:
    made = written(document(Paragraph(plain("From הלקוח 5 days (2) to העמיל. 7 weeks"))), "a4")

    [line] = [one for _, _, page in boxes(made) for one in lines(page) if "days" in one.text]
    assert [line.text.index(word) for word in ("From", "5days", "(2)", "to", ".7weeks")] == sorted(
        line.text.index(word) for word in ("From", "5days", "(2)", "to", ".7weeks")
    )


def test_what_was_inserted_and_deleted_is_told_by_signs_and_not_by_colour_alone() -> None:
    made = written(document(Paragraph((Run("two", "deleted"), Run("three", "inserted")))), "a4")

    assert found(made, "[−two−][+three+]") == 1


# ---- A missing glyph is an error -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DRAWN_IN_NO_FONT)
def test_what_no_font_can_draw_is_an_error(name: str) -> None:
    if name == "not a character":
        assert found(written(sample(PAYLOADS[name]), "a4"), "a�b�c") > 30
        return
    with pytest.raises(CannotBeWritten, match=r"no font at hand can draw `.*` \(U\+[0-9A-F]{4,6}.*\)") as why:
        written(sample(PAYLOADS[name]), "a4")
    assert "on the front page" in str(why.value) and "write .html or .docx" in str(why.value)


def test_the_error_names_the_characters_and_where_they_stand() -> None:
    picture = evolve(SQUARE, svg=SQUARE.svg.replace("</svg>", "<text>\U0001f680</text></svg>"))
    blocks = (Paragraph(plain("\U0001f600 and \U0001f600")), Figure(picture, "c"))
    section = Section("Words", "words", blocks, (), "3.2")

    with pytest.raises(CannotBeWritten) as why:
        written(Document("T", "S", "h", (), (section,)), "a4")
    assert "`\U0001f600` (U+1F600 grinning face) under `3.2 Words`" in str(why.value)
    assert "`\U0001f680` (U+1F680 rocket) in the picture `A square`" in str(why.value)
    assert str(why.value).count("U+1F600") == 1


@pytest.mark.parametrize("where", ["words", "picture"])
def test_were_it_not_seen_before_setting_it_would_be_refused_there(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slarules.documents.formats.glyphs.check", lambda document, shown: None)
    picture = evolve(SQUARE, svg=SQUARE.svg.replace("</svg>", '<text x="9" y="9">\U0001f680</text></svg>'))

    with pytest.raises(CannotBeWritten, match=r"could not be displayed.*no font at hand can draw it"):
        written(document(Paragraph(plain("\U0001f680")) if where == "words" else Figure(picture, "c")), "a4")


@pytest.mark.parametrize("text", ["日\u0301", "Z\u0351", "א\u0301", "か\u3099", "\U0002000b", "\u2603\ufe0f"])
def test_marks_over_letters_of_another_font_are_set(text: str) -> None:
    assert written(document(Paragraph(plain(text))), "a4").startswith(b"%PDF-1.7")


# ---- PDF/UA ----------------------------------------------------------------------------------------------------


def test_it_is_tagged_and_says_its_title_and_language() -> None:
    made = pypdf.PdfReader(BytesIO(written(sample(), "a4")))

    root = made.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert made.metadata is not None and made.metadata.title == "a request: Summary of clauses"
    assert "/Author" not in made.metadata and "/CreationDate" not in made.metadata
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()


def test_its_tags_say_what_each_part_is() -> None:
    made = tags(written(sample(), "a4"))

    kinds = [kind for kind, _ in made]
    pictures = [entry for kind, entry in made if kind == "/Figure"]
    assert [entry["/Alt"] for entry in pictures] == ["A square. A dark square stands on the left."]
    headings = [int(kind[2:]) for kind in kinds if kind[:2] == "/H" and kind[2:].isdigit()]
    assert headings.count(2) == 2 and headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    assert kinds.count("/TH") == 2 and kinds.count("/TD") == 4 and "/Caption" in kinds
    assert {"/TOC", "/TOCI", "/L", "/LI", "/BlockQuote", "/Link"} <= set(kinds)


def test_bookmarks_and_contents_lead_to_each_section() -> None:
    sections = tuple(
        Section(f"Part {n}", f"part{n}", (Paragraph(plain(told("words", 300 * n))),), (), str(n)) for n in range(1, 8)
    )
    made = written(Document("T", "S", "h", (), sections), "a4")

    read = pypdf.PdfReader(BytesIO(made))
    marks = {str(one["/Title"]): read.get_destination_page_number(one) for one in read.outline}  # type: ignore[arg-type]
    pages = texts(made)
    for n in range(1, 8):
        page = marks[f"{n} Part {n}"]
        assert page is not None and f"Part {n}" in pages[page]
        [entry] = [line for line in pages[1].splitlines() if f"Part {n}" in line]
        assert entry.rstrip().endswith(str(page + 1))


@pytest.mark.parametrize("count", range(30, 90, 3))
def test_no_page_of_the_contents_has_only_a_line_or_two(count: int) -> None:
    below = tuple(Section(f"Below {n}", f"b{n}", ()) for n in range(count // 2))
    sections = tuple(Section(f"Part {n}", f"p{n}", (), below if n == 3 else ()) for n in range(count // 2))
    pages = texts(written(Document("T", "S", "h", (), sections), "a4"))

    entries = [sum(". . . ." in line for line in page.splitlines()) for page in pages]
    assert sum(entries) == 2 * (count // 2)
    assert [many for many in entries if 0 < many < 4] == []


def test_links_lead_to_sections_and_statements_and_an_anchor_used_twice_to_its_first_place() -> None:
    twice = Section("Again", "first", (Statement("first", "rule", "duty", (plain("It is said."),)),))
    first = Section("First", "first", (Paragraph((Link("there", "first"), Link("nowhere", "gone"))),))
    read = pypdf.PdfReader(BytesIO(written(Document("T", "S", "h", (), (first, twice)), "a4")))

    leads = [
        annotation.get_object()["/A"]["/D"] if "/A" in annotation.get_object() else annotation.get_object()["/Dest"]
        for annotation in read.pages[2]["/Annots"]
    ]
    assert len(leads) == 1


# ---- Pages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_each_page_but_the_first_has_a_running_head_and_its_number(paper: str, size: tuple[int, int]) -> None:
    made = written(document(Paragraph(plain(told("words", 3000)))), paper)

    pages = texts(made)
    assert "head" not in pages[0] and "page" not in pages[0]
    for number, page in enumerate(pages[1:], 2):
        assert page.count(f"page {number} of {len(pages)}") == 1 and "head" in page
    read = pypdf.PdfReader(BytesIO(made))
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in read.pages} == {size}


def test_heads_of_a_long_table_stand_on_each_of_its_pages_and_no_row_is_broken() -> None:
    rows = tuple(cells(f"row{n}begins", told("words", 150) + f" row{n}ends") for n in range(30))
    made = written(document(Grid("Caption", cells("Name", "Meaning"), rows)), "a4")

    pages = texts(made)[2:]
    assert len(pages) > 4 and all("Meaning" in page for page in pages)
    for n in range(30):
        assert [f"row{n}begins" in page for page in pages] == [f"row{n}ends" in page for page in pages]


def test_a_row_taller_than_a_page_is_broken_and_keeps_all_its_words() -> None:
    tall = " ".join(f"word{n}word" for n in range(2000))
    made = written(document(Grid("Caption", cells("Name", "Meaning"), (cells("one", tall), cells("two", "end")))), "a4")

    text = squeezed("".join(texts(made)))
    assert [n for n in range(2000) if f"word{n}word" not in text] == []
    assert all(box.bottom < 842 - 60 for _, _, page in boxes(made) for box in page if box.text == "w")


def test_a_table_of_many_columns_with_long_names_stays_within_its_columns() -> None:
    heads = cells(*(f"a_long_name_of_column_{n}" for n in range(10)))
    rows = (cells(*(f"{n}" * 3 + "Xcharacteristically" * 2 for n in range(10))),)
    [(_, width, page)] = [one for one in boxes(written(document(Grid("C", heads, rows)), "a4")) if one[0] == 3]

    assert all(box.left >= MARGIN - 1 and box.right <= width - MARGIN + 1 for box in page)
    assert overlaps(page) == []


def test_columns_are_as_wide_as_their_words_want() -> None:
    grid = Grid("C", cells("No", "Meaning"), (cells("1", told("words", 60)), cells("2", "short")))
    [line] = [one for _, _, page in boxes(written(document(grid), "a4")) for one in lines(page) if one.text == "2short"]

    assert line.right - line.left < 60


def test_cells_across_columns_and_numbers_on_the_right() -> None:
    rows = ((Cell(plain("both"), across=2),), (Cell(plain("left")), Cell(plain("1234"), right=True)))
    made = written(document(Grid("C", cells("Head", "A head that is wider"), rows, (1, 1))), "a4")

    [line] = [one for _, _, page in boxes(made) for one in lines(page) if one.text == "left1234"]
    assert line.right == pytest.approx(595.28 - MARGIN - 5, abs=1.5)


@pytest.mark.parametrize("before", range(0, 1700, 75))
def test_no_heading_no_caption_and_no_block_to_sign_is_left_alone(before: int) -> None:
    grid = Grid("Caption of it", cells("Name", "Meaning"), tuple(cells(f"r{n}", told("words", 20)) for n in range(30)))
    sign = SignOff(plain("Signed here."), ("Provider", "Customer"))
    section = Section("Heading", "h", (), (Section("Below", "b", (Paragraph(plain("It leads to it.")), grid, sign)),))
    filler = Paragraph(plain(told("words", before)))
    made = written(Document("T", "S", "top", (), (Section("First", "f", (filler,), (section,)),)), "a4")

    pages = texts(made)[2:]
    [start] = [page for page in pages if "Heading" in page]
    assert "Below" in start and "It leads" in start and "Caption of it" in start and "r0" in start
    [signed] = [page for page in pages if "Signed here." in page]
    assert signed.count("Signature") == 2 and signed.count("Title") == 2


@pytest.mark.parametrize("before", range(790, 840, 10))
def test_a_heading_and_the_notes_below_it_stay_with_what_they_lead_to(before: int) -> None:
    blocks = (
        Paragraph(plain(told("words", before))), Paragraph(plain("One note."), "note"),
        Paragraph(plain("Another note."), "note"), Listing((Item(plain("Point 1")), Item(plain("Point 2")))),
    )
    section = Section("Heading", "h", blocks[1:])
    made = written(Document("T", "S", "top", (), (Section("First", "f", blocks[:1], (section,)),)), "a4")

    [start] = [page for page in texts(made)[2:] if "Heading" in page]
    assert "One note." in start and "Another note." in start and "Point 1" in start


def test_the_contracts_words_stand_on_the_left_and_plain_english_on_the_right() -> None:
    quotation = Quotation(told("their", 150), "source.txt, line 1")
    statement = Statement("r", "rule", "duty", (plain(told("ours", 900)),))
    made = written(document(Beside((quotation,), (statement,))), "a4")

    sides: dict[str, set[bool]] = {"their": set(), "ours": set()}
    for _, width, page in boxes(made):
        row = sorted(page, key=lambda one: (round(one.bottom), one.left))
        text = "".join(one.text for one in row)
        for word, seen in sides.items():
            at = text.find(word)
            while at >= 0:
                seen.add(row[at].left > width * 0.43)
                at = text.find(word, at + 1)
    assert sides == {"their": {False}, "ours": {True}}
    assert found(made, "ours") == 900 and len(texts(made)) > 3


def test_a_picture_wider_or_taller_than_the_page_is_made_to_fit() -> None:
    corner = '<text x="1990" y="2990" text-anchor="end" font-size="90">corner</text></svg>'
    svg = SQUARE.svg.replace("96 48", "2000 3000").replace("</svg>", corner)
    made = written(document(Figure(evolve(SQUARE, width=2000, height=3000, svg=svg), "Caption of it")), "letter")

    [(line, width)] = [
        (one, width) for _, width, page in boxes(made) for one in lines(page) if one.text == "corner"
    ]
    assert line.right < width - MARGIN and line.bottom < 792 - 60
    [page] = [page for page in texts(made) if "Caption of it" in page]
    assert "corner" in page


# ---- The same everywhere -----------------------------------------------------------------------------------------


def test_the_same_document_gives_the_same_bytes_anywhere() -> None:
    script = (
        "import hashlib; from slarules.documents.formats.pdf import written; from tests.documents.sample import sample;"
        "print(hashlib.sha256(written(sample('Zeit 日本 α'), 'a4')).hexdigest())"
    )
    changed = {"TZ": "Asia/Tokyo", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1"}
    there = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | changed, capture_output=True, text=True, check=True
    )
    assert there.stdout.strip() == hashlib.sha256(written(sample("Zeit 日本 α"), "a4")).hexdigest()


def overlaps(page: list[Box]) -> list[tuple[str, str]]:
    """Letters of one line that stand upon one another."""
    rows: dict[int, list[Box]] = {}
    for box in page:
        rows.setdefault(round(box.bottom / 3), []).append(box)
    pairs = []
    for row in rows.values():
        row.sort(key=lambda one: one.left)
        pairs += [(a.text, b.text) for a, b in pairwise(row) if a.right > b.left + 1.5]
    return pairs
