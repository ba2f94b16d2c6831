"""Web pages: well-formed, with nothing that runs or is fetched, each link leading somewhere, and policy words inert."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from attrs import evolve

from slarules.documents.blocks import (
    EMPHASIS,
    STRONG,
    Cell,
    Document,
    Figure,
    Grid,
    Item,
    Link,
    Listing,
    Paragraph,
    Quotation,
    Remark,
    Run,
    Section,
    Statement,
    cells,
    plain,
)
from slarules.documents.formats.characters import shown
from slarules.documents.formats.html import written
from slarules.documents.outline import outline
from slarules.loader import load
from tests.documents.payloads import PAYLOADS, hostile, in_string
from tests.documents.sample import SQUARE, sample

WORD = "Zqxword"
SVG = {"svg", "title", "desc", "rect", "path", "circle", "text", "pattern"}
NAMES = ("aria-labelledby", "aria-describedby")


def page(document: Document) -> Element:
    """The page, read as XML: an error there fails the test."""
    return ElementTree.fromstring(written(document, "a4").decode())


def local(tag: str) -> str:
    return tag.rpartition("}")[2]


def ids(root: Element) -> list[str]:
    return [element.attrib["id"] for element in root.iter() if "id" in element.attrib]


def shape(root: Element) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Every element in order, with its attributes; apart from paragraphs, which line breaks make, and `bdi`."""
    for element in root.iter():
        if local(element.tag) not in ("p", "bdi", "title", "style"):
            yield local(element.tag), tuple((k, v) for k, v in element.attrib.items() if k != "aria-label")


def with_all() -> Document:
    """The sample, and every shape that it lacks: deep sections, wide and empty cells, one picture twice."""
    document = sample(WORD)
    deep: tuple[Section, ...] = ()
    for depth in range(9, 0, -1):
        deep = (Section(f"Level {depth}", f"level-{depth}", (), deep),)
    marked = (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="t d"><title id="t">url(#t) id="t"</title>'
        '<desc id="d">D</desc><pattern id="h"/><rect fill="url(#h)"/><use href="#h"/></svg>'
    )
    picture = evolve(SQUARE, svg=marked)
    blocks = (
        Grid("", (Cell(()), Cell(plain("2"), across=2)), ((Cell(plain("1")), Cell(plain("a"), across=2)),), (0, 1, 2)),
        Grid("an empty head", cells("", "x"), (cells(" ", "y"),)),
        Grid("no heads", (Cell(plain("1")),), ((Cell(plain("x")),),), row_heads=False),
        Figure(picture, "first"),
        Figure(picture, "second"),
        Listing((Item(plain("1"), (Item(plain("2"), (Item(plain("3")),)),)),), ordered=True),
        Paragraph((Link("to the deepest", "level-9"),)),
    )
    return evolve(document, sections=(*document.sections, Section("All", "all", blocks, deep)))


def everywhere(text: str) -> Document:
    """The sample with the text also where none of a policy's words stand today: places, pictures, kinds, numbers."""
    picture = evolve(SQUARE, title=text, description=text)
    blocks = (
        Quotation(text, text),
        Figure(picture, text),
        Grid(text, cells(text, text, text), (cells("1", text, text),)),
        Statement("all-rule", text, text, (plain(text),), (Remark("finding", text, text),), text),
    )
    part = Section(text, "all", blocks, (), text)
    return evolve(sample(text), subtitle=text, running_head=text, sections=(*sample(text).sections, part))


def test_page_stands_alone() -> None:
    root = page(with_all())

    tags = {local(element.tag) for element in root.iter()}
    assert tags.isdisjoint({"script", "link", "iframe", "object", "embed", "img", "image", "base", "form"})
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not local(name).startswith("on") and local(name) not in ("src", "srcset", "data", "action", "ping")
            assert local(name) != "href" or value.startswith("#")
    css = "".join(element.text or "" for element in root.iter("style"))
    assert "url(" not in css and "@import" not in css and "//" not in css


def test_ids_are_unique_and_every_reference_resolves() -> None:
    root = page(with_all())

    names = ids(root)
    assert len(names) == len(set(names))
    linked = [v[1:] for e in root.iter() for k, v in e.attrib.items() if local(k) == "href"]
    referred = [name for e in root.iter() for key in NAMES for name in e.attrib.get(key, "").split()]
    filled = [m[1] for e in root.iter() for v in e.attrib.values() if (m := re.fullmatch(r"url\(#(.*)\)", v))]
    assert "level-9" in linked and len(filled) == 2 and filled[0] != filled[1] and len(referred) >= 4
    assert set(linked) | set(referred) | set(filled) <= set(names)
    assert "url(#t) id=\"t\"" in "".join(root.itertext()), "what is said in a picture is not taken for a name in it"


def test_contents_name_every_section_in_order() -> None:
    root = page(with_all())

    told = [a.attrib["href"][1:] for a in root.iter("a") if a.attrib["href"] != "#_text"]
    sections = [section.attrib["id"] for section in root.iter("section")]
    assert told[: len(sections)] == sections


def test_headings_follow_the_depth_of_sections_and_skip_none() -> None:
    levels = [int(e.tag[1]) for e in page(with_all()).iter() if re.fullmatch("h[1-6]", e.tag)]

    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert levels[-9:] == [3, 4, 5, 6, 6, 6, 6, 6, 6]


def test_every_remark_says_in_words_what_it_is() -> None:
    told = [e.text for e in page(sample()).iter("span") if e.attrib.get("class") == "kind"]

    assert told == ["Ambiguity", "Ambiguity"]


def test_tables_have_scopes_and_no_empty_head() -> None:
    heads = list(page(with_all()).iter("th"))

    assert {head.attrib.get("scope") for head in heads} == {"col", "row"}
    assert all("".join(head.itertext()).strip() for head in heads)


@pytest.mark.parametrize("paper, sheet", [("a4", "size: A4;"), ("letter", "size: letter;")])
def test_paper(paper: str, sheet: str) -> None:
    assert sheet in written(sample(), paper).decode()


@pytest.mark.parametrize("name", PAYLOADS)
def test_payload_is_text_and_nothing_else(name: str) -> None:
    made, plainly = page(everywhere(PAYLOADS[name])), page(everywhere(WORD))

    assert list(shape(made)) == list(shape(plainly)), "it makes no element and no attribute"
    for below in ("header", "nav", "main"):
        said, expected = (tuple(root.find(f"body/{below}").itertext()) for root in (made, plainly))  # type: ignore[union-attr]
        assert "".join(said) == "".join(expected).replace(WORD, shown(PAYLOADS[name]))


def test_summary_of_a_hostile_policy_is_inert(tmp_path: Path) -> None:
    """Every payload that stands in the policy, its source or both is there to read, and made no element."""
    loaded = load(hostile(tmp_path))
    root = page(outline(loaded))

    assert {local(e.tag) for e in root.iter()} <= {local(e.tag) for e in page(with_all()).iter()} | SVG | {"bdi", "dl"}
    names = {name for e in root.iter() for name in e.attrib}
    assert not {name for name in names if name.startswith("on") or name in ("src", "autofocus")}
    body = root.find("body")
    assert body is not None
    told = " ".join("".join(body.itertext()).split())
    assert [text for text in PAYLOADS.values() if in_string(text) and " ".join(shown(text).split()) not in told] == []


def test_writing_from_right_to_left_is_set_apart() -> None:
    words = (Run("הלקוח"), Run(" 4 "), Run("يدفع", STRONG), Run("“curly” é"))
    root = page(evolve(sample(), front=(Paragraph(words),)))

    assert [bdi.text for bdi in root.iter("bdi")] == ["הלקוח"]


def test_sentences_begin_a_line_where_they_say_so() -> None:
    sentences = (plain("One."), plain("Two."), (Run("\n"), Run("3.")), (Run("\nFour.", EMPHASIS),), plain("Five."))
    root = page(evolve(sample(), front=(Statement("x", "x", "duty", sentences),)))

    lines = ["".join(p.itertext()) for p in root.iter("p") if p.attrib.get("class", "").startswith("says")]
    assert lines[:3] == ["One. Two.", "3.", "Four. Five."]
    assert [em.text for em in root.findall("body/header//em")] == ["Four."]


def test_rows_that_begin_with_sentences_are_not_bold() -> None:
    for length, bold in ((60, True), (61, False)):
        grid = Grid("", cells("Words"), (cells("1"), cells("x" * length)))
        table = page(evolve(sample(), front=(grid,))).find("body/header//table")
        assert table is not None and ("wordy" not in table.attrib["class"].split()) == bold


def test_same_document_same_bytes() -> None:
    assert written(with_all(), "a4") == written(with_all(), "a4")
