"""Word files: what Word insists upon, what a reader navigates by, and comments, pictures and links that hold."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest

from slarules.documents.blocks import (
    Beside,
    Block,
    Cell,
    Definitions,
    Document,
    Figure,
    Grid,
    Item,
    Link,
    Listing,
    Paragraph,
    Quotation,
    Remark,
    Section,
    SignOff,
    Statement,
    cells,
    plain,
)
from slarules.documents.formats.docx import written
from slarules.documents.formats.docx_tables import WHOLE
from slarules.pictures.picture import Picture
from tests.documents.sample import SQUARE, sample
from tests.documents.word import W, attribute, body, misplaced, parts, said, style


def of(*blocks: Block) -> Document:
    return Document("Title", "Subtitle", "Head", (), (Section("One", "one", blocks),))


def flags(row: object) -> set[str]:
    """What is stated of a row of a table."""
    return {part.tag.removeprefix(W) for part in row.iterfind(f"{W}trPr/*")}  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def data() -> bytes:
    return written(sample(), "a4")


def test_children_stand_in_the_order_of_the_standard(data: bytes) -> None:
    found = {name: list(misplaced(tree)) for name, tree in parts(data).items()}
    assert len(found) > 10
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_order_is_really_checked(data: bytes) -> None:
    tree = parts(data)["word/document.xml"]
    properties = next(tree.iter(f"{W}pPr"))
    properties.insert(0, properties.makeelement(f"{W}jc"))
    properties.append(properties.makeelement(f"{W}zoom"))
    assert list(misplaced(tree)) == ["pPr: pStyle after jc", "pPr: zoom is unknown"]


def test_every_style_and_number_that_is_used_is_there(data: bytes) -> None:
    trees = parts(data)
    known = {made.get(f"{W}styleId") for made in trees["word/styles.xml"].iter(f"{W}style")}
    numbers = {made.get(f"{W}numId") for made in trees["word/numbering.xml"].iter(f"{W}num")}
    used = {
        part.get(f"{W}val")
        for tree in trees.values()
        for part in tree.iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle", f"{W}basedOn", f"{W}next")
    }
    assert used - known == set()
    assert {part.get(f"{W}val") for tree in trees.values() for part in tree.iter(f"{W}numId")} <= numbers


def test_headings_make_a_tree(data: bytes) -> None:
    found = [(p.style.name, p.text) for p in docx.Document(BytesIO(data)).paragraphs]
    assert [one for one in found if one[0].startswith(("Title", "Subtitle", "Heading"))] == [
        ("Title", "a request"),
        ("Subtitle", "Summary of clauses"),
        ("Heading 1", "1\ta request"),
        ("Heading 2", "1.1\tWords"),
        ("Heading 2", "1.2\tDeeper"),
        ("Heading 1", "2\tLists and pictures"),
    ]
    levels = {made.get(f"{W}styleId"): attribute(made, "pPr/outlineLvl") for made in parts(data)["word/styles.xml"]}
    assert [levels[f"Heading{n}"] for n in range(1, 7)] == ["0", "1", "2", "3", "4", "5"]


def test_contents_are_there_before_anything_is_updated(data: bytes) -> None:
    (contents,) = body(data).iter(f"{W}sdtContent")
    entries = [(style(p), said(p)) for p in contents if (style(p) or "").startswith("TOC")]
    assert entries == [
        ("TOCHeading", "Contents"),
        ("TOC1", "1\ta request"),
        ("TOC2", "1.1\tWords"),
        ("TOC2", "1.2\tDeeper"),
        ("TOC1", "2\tLists and pictures"),
    ]
    kinds = [part.get(f"{W}fldCharType") for part in contents.iter(f"{W}fldChar")]
    assert kinds == ["begin", "separate", "end"]
    assert len(list(contents.iter(f"{W}hyperlink"))) == 4


def test_links_lead_to_bookmarks_that_word_accepts() -> None:
    long = "a" * 38
    links = tuple(Link(text, text) for text in (f"{long}-one", f"{long}-two", "7-b", "nowhere"))
    sections = [Section(name, name, ()) for name in (f"{long}-one", f"{long}-two", "7-b", "7_B")]
    made = body(written(Document("t", "s", "r", (Paragraph(links),), tuple(sections)), "a4"))
    names = [mark.get(f"{W}name") for mark in made.iter(f"{W}bookmarkStart")]
    assert len(names) == 4 and len({name.lower() for name in names}) == 4
    assert all(name.isascii() and name.isidentifier() and len(name) <= 40 for name in names)
    targets = [link.get(f"{W}anchor") for link in made.iter(f"{W}hyperlink")]
    assert targets == [*names[:3], *names]
    for name, section in zip(names, sections, strict=True):
        (heading,) = [p for p in made.iter(f"{W}p") if p.find(f"{W}bookmarkStart[@{W}name='{name}']") is not None]
        assert said(heading) == section.title
    starts = [mark.get(f"{W}id") for mark in made.iter(f"{W}bookmarkStart")]
    assert starts == [mark.get(f"{W}id") for mark in made.iter(f"{W}bookmarkEnd")]
    assert "nowhere" in said(made)


def test_comments_stand_at_their_places(data: bytes) -> None:
    comments = list(docx.Document(BytesIO(data)).comments)
    asked = "Ambiguity: a request\nIs a request a request?\nIt may not be."
    assert [comment.text for comment in comments] == [asked] * 2
    assert {(one.author, one.initials, one.timestamp) for one in comments} == {("slarules", "sla", None)}
    tree = body(data)
    for comment in comments:
        key = f"[@{W}id='{comment.comment_id}']"
        (start,), (end,), (mark,) = (
            tree.findall(f".//{W}{tag}{key}") for tag in ("commentRangeStart", "commentRangeEnd", "commentReference")
        )
        paragraph = start.getparent()
        assert paragraph is end.getparent() is mark.getparent().getparent()
        inside = list(paragraph)
        assert inside.index(start) < inside.index(end) < inside.index(mark.getparent())
    places = [said(start.getparent()) for start in tree.iter(f"{W}commentRangeStart")]
    assert places[0].startswith("a request strong ") and places[1] == "a request  duty"


def test_pictures_are_told_in_words_and_fit_the_page() -> None:
    wide = Picture(SQUARE.svg, 960, 120, "Wide", "It is wide.")
    high = Picture(SQUARE.svg, 96, 2000, "High", "It is high.")
    data = written(of(Figure(SQUARE, "small"), Figure(wide, "wide"), Figure(high, "high")), "a4")
    inlines = [element for element in body(data).iter() if element.tag.endswith("}inline")]
    found = []
    for inline in inlines:
        told, size = inline.find("{*}docPr"), inline.find("{*}extent")
        found.append((told.get("id"), told.get("title"), told.get("descr")))
        assert int(size.get("cx")) <= (11906 - 2 * 1247) * 635 and int(size.get("cy")) <= 23 * 360000
    assert found == [
        ("1", "A square", "A dark square stands on the left."),
        ("2", "Wide", "It is wide."),
        ("3", "High", "It is high."),
    ]
    small = inlines[0].find("{*}extent")
    assert (small.get("cx"), small.get("cy")) == ("914400", "457200")
    images = [name for name in ZipFile(BytesIO(data)).namelist() if name.startswith("word/media/")]
    assert len(images) == 3 and all(name.endswith(".png") for name in images)


def test_tables_repeat_their_heads_and_keep_their_rows(data: bytes) -> None:
    tables = {attribute(table, "tblPr/tblStyle"): table for table in body(data).iter(f"{W}tbl")}
    assert set(tables) == {"TermTable", "ClauseTable", "DataTable", "SignatureTable"}
    for name, table in tables.items():
        rows = list(table.iterfind(f"{W}tr"))
        heads = ["tblHeader" in flags(row) for row in rows]
        assert heads == [name != "TermTable", *[False] * (len(rows) - 1)]
        assert all("cantSplit" in flags(row) for row in rows)
        columns = [int(column.get(f"{W}w")) for column in table.iter(f"{W}gridCol")]
        for row in rows:
            assert sum(int(attribute(cell, "tcPr/tcW", "w") or 0) for cell in row.iterfind(f"{W}tc")) == sum(columns)
            assert all(cell[-1].tag == f"{W}p" for cell in row.iterfind(f"{W}tc"))
    assert [said(cell) for cell in tables["ClauseTable"].find(f"{W}tr").iterfind(f"{W}tc")] == [
        "The contract’s words", "In plain English"
    ]
    assert attribute(tables["DataTable"], "tblPr/tblCaption") == "a request"
    assert attribute(tables["DataTable"], "tblPr/tblLook", "firstColumn") == "1"


def test_a_row_that_no_page_can_hold_may_break() -> None:
    """A row that is kept whole but taller than a page would be cut off."""
    long = "word " * 80 * WHOLE
    besides = Beside((Quotation("Said.", "line 1"),), (statement("short", "It is due."), statement("long", long)))
    made = body(written(of(Grid("g", cells("a", "b"), (cells("1", "x"), cells("2", long))), besides,
                           Definitions(((plain("t"), (plain(long),)), (plain("u"), (plain("x"),))))), "a4"))
    whole = [["cantSplit" in flags(row) for row in table.iterfind(f"{W}tr")] for table in made.iter(f"{W}tbl")]
    assert whole == [[True, True, False], [True, True, False], [False, True]]


def statement(name: str, text: str) -> Statement:
    return Statement(name, name, "duty", (plain(text), plain("\nAnd more."), plain("Still more.")))


def test_clauses_that_follow_each_other_are_one_table() -> None:
    first = Beside((Quotation("A.", "line 1"), Quotation("B.", "line 2")), (statement("one", "x"),))
    second = Beside((Quotation("C.", "line 3"),), tuple(statement(f"n{n}", "word " * 130) for n in range(3)))
    made = body(written(of(first, second, Paragraph(plain("between")), first), "a4"))
    tables = list(made.iter(f"{W}tbl"))
    rows = [[[said(cell) for cell in row.iterfind(f"{W}tc")] for row in table.iterfind(f"{W}tr")] for table in tables]
    assert [len(table) for table in rows] == [1 + 1 + 3, 1 + 1]
    assert rows[0][1] == ["A.line 1B.line 2", "one  dutyxAnd more. Still more."]
    assert [row[0] for row in rows[0][2:]] == ["C.line 3", "The same words: line 3", "The same words: line 3"]
    lines = [row.find(f".//{W}tcBorders") is not None for row in tables[0].iterfind(f"{W}tr")]
    assert lines == [False, False, True, False, False]


def test_tables_never_touch() -> None:
    """Word joins tables with nothing between them; the last thing in a body or a cell must be a paragraph."""
    grid = Grid("", cells("a"), (cells("1"),))
    sign = SignOff(plain("Signed"), tuple("ABCDE"))
    made = body(written(of(grid, grid, Definitions(((plain("t"), (plain("m"),)),)), sign), "a4"))
    tags = [child.tag.removeprefix(W) for child in made]
    assert "tbl tbl" not in " ".join(tags) and tags.count("tbl") == 5
    assert tags[-2:] == ["p", "sectPr"]


def test_grid_spans_and_sides() -> None:
    grid = Grid(
        "g",
        cells("who", "how many", "why"),
        (
            (Cell(plain("Trak")), Cell(plain("1"), right=True), Cell(plain("x"))),
            (Cell(plain("both"), across=2), Cell(plain("y"))),
            (Cell(plain("short")),),
        ),
        (1, 1, 2),
    )
    (table,) = body(written(of(grid), "letter")).iter(f"{W}tbl")
    rows = [list(row.iterfind(f"{W}tc")) for row in table.iterfind(f"{W}tr")]
    assert [[said(cell) for cell in row] for row in rows] == [
        ["who", "how many", "why"], ["Trak", "1", "x"], ["both", "y"], ["short", "", ""]
    ]
    assert attribute(rows[1][1], "p/pPr/jc") == "right" and attribute(rows[1][0], "p/pPr/jc") is None
    assert [attribute(cell, "tcPr/gridSpan") for cell in rows[2]] == ["2", None]
    widths = [int(column.get(f"{W}w")) for column in table.iter(f"{W}gridCol")]
    assert widths[2] == pytest.approx(2 * widths[0], abs=2) and sum(widths) == 12240 - 2 * 1247


def test_columns_are_as_wide_as_their_words_need() -> None:
    long = "a rather long explanation of why this is so, which wraps"
    narrow = Grid("n", cells("a", "b"), (cells("1", "2"),))
    wide = Grid("w", cells("no", "why", "then"), (cells("1", long, long * 4),))
    many = Grid("m", cells(*["considerable"] * 30), (cells(*["x"] * 30),))
    made = [
        [int(column.get(f"{W}w")) for column in table.iter(f"{W}gridCol")]
        for table in body(written(of(narrow, wide, many), "a4")).iter(f"{W}tbl")
    ]
    full = 11906 - 2 * 1247
    assert sum(made[0]) < full / 4
    assert sum(made[1]) == full and made[1][0] < made[1][1] < made[1][2]
    assert sum(made[2]) == full and max(made[2]) - min(made[2]) <= 1


def test_what_introduces_stays_with_what_follows() -> None:
    """Headings, captions, heads of tables, pictures, a rule's name, a quotation, and a paragraph before a list."""
    listing = Listing((Item(plain("point")),))
    grid = Grid("caption", cells("head"), (cells("cell"),))
    data = written(
        of(Paragraph(plain("before")), listing, Paragraph(plain("last")), grid, Figure(SQUARE, "drawn"),
           Quotation("quoted", "line 1"), statement("named", "stated")), "a4"
    )
    styles = {one.get(f"{W}styleId"): one for one in parts(data)["word/styles.xml"].iter(f"{W}style")}

    def kept(p: object) -> bool:
        base = styles[style(p)]
        based = [base, styles.get(attribute(base, "basedOn"))]
        return any(one is not None and one.find(f"{W}pPr/{W}keepNext") is not None for one in [p, *based])

    drawn = [p for p in body(data).iter(f"{W}p") if p.find(f".//{W}drawing") is not None]
    found = {said(p): kept(p) for p in body(data).iter(f"{W}p") if said(p)}
    assert [name for name, keeps in found.items() if keeps] == [
        "Title", "Subtitle", "Contents", "One", "before", "caption", "head", "quoted", "named  duty"
    ]
    assert {"point", "last", "cell", "drawn", "line 1", "stated"} <= set(found)
    assert [kept(p) for p in drawn] == [True]


def test_numbered_lists_each_begin_at_one() -> None:
    numbered = Listing((Item(plain("a"), (Item(plain("deeper")),)), Item(plain("b"))), ordered=True)
    bullets = Listing((Item(plain("c")),))
    data = written(of(numbered, bullets, numbered), "a4")
    found = [
        (style(p), attribute(p, "pPr/numPr/numId"), attribute(p, "pPr/numPr/ilvl"))
        for p in body(data).iter(f"{W}p")
        if (style(p) or "").startswith("List")
    ]
    first = [("ListNumber", "2", "0"), ("ListNumber", "2", "1"), ("ListNumber", "2", "0")]
    assert found == [*first, ("ListBullet", "1", "0"), *((name, "3", level) for name, _, level in first)]
    restarted = {
        made.get(f"{W}numId"): attribute(made, "lvlOverride/startOverride")
        for made in parts(data)["word/numbering.xml"].iter(f"{W}num")
    }
    assert restarted == {"1": None, "2": "1", "3": "1"}


@pytest.mark.parametrize(("paper", "size"), [("a4", ("11906", "16838")), ("letter", ("12240", "15840"))])
def test_pages_have_their_size_head_and_numbers(paper: str, size: tuple[str, str]) -> None:
    data = written(sample(), paper)
    trees = parts(data)
    (section,) = body(data).iter(f"{W}sectPr")
    assert (attribute(section, "pgSz", "w"), attribute(section, "pgSz", "h")) == size
    assert section.find(f"{W}titlePg") is not None
    pages = docx.Document(BytesIO(data)).sections[0]
    assert pages.header.paragraphs[0].text == "a request"
    assert pages.first_page_header.paragraphs[0].text == ""
    for footer in (pages.footer, pages.first_page_footer):
        told = [part.text for part in footer._element.iter(f"{W}instrText")]
        assert footer.paragraphs[0].text == "Page 1 of 1" and told == [" PAGE ", " NUMPAGES "]
    leaders = [tab.get(f"{W}pos") for tab in trees["word/styles.xml"].iter(f"{W}tab") if tab.get(f"{W}leader")]
    assert leaders == [str(int(size[0]) - 2 * 1247)] * 3


def test_properties_name_the_document_and_no_time(data: bytes) -> None:
    properties = docx.Document(BytesIO(data)).core_properties
    assert (properties.title, properties.subject, properties.author) == ("a request", "Summary of clauses", "slarules")
    assert properties.language == "en-GB"
    assert properties.created is None and properties.modified is None
    lang = parts(data)["word/styles.xml"].find(f".//{W}lang")
    assert lang.get(f"{W}val") == "en-GB"
    assert written(Document("x" * 300, "s", "r", (), ()), "a4")


def test_same_document_same_bytes(data: bytes) -> None:
    """Whatever the time, its zone, the language and the order of sets."""
    code = (
        "import sys, hashlib; from tests.documents.sample import sample; "
        "from slarules.documents.formats.docx import written; "
        "sys.stdout.write(hashlib.sha256(written(sample(), 'a4')).hexdigest())"
    )
    env = {**os.environ, "TZ": "Asia/Tokyo", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "7"}
    told = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert told.stdout == hashlib.sha256(data).hexdigest()
    with ZipFile(BytesIO(data)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any(b"generated by" in file.read(name) for name in file.namelist())


def test_remarks_may_be_many_on_one_place() -> None:
    remarks = tuple(Remark("finding", f"L{n:04}", "Why?") for n in range(3))
    data = written(of(Paragraph(plain("Here."), remarks=remarks)), "a4")
    assert [c.text for c in docx.Document(BytesIO(data)).comments] == [f"Finding: L{n:04}\nWhy?" for n in range(3)]
    (paragraph,) = [p for p in body(data).iter(f"{W}p") if said(p) == "Here."]
    tags = [child.tag.removeprefix(W) for child in paragraph]
    assert tags == ["pPr", *["commentRangeStart"] * 3, "r", *["commentRangeEnd", "r"] * 3]
