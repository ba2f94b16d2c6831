"""Markdown read by a CommonMark parser: the same parts whatever the words are, links that lead somewhere, tables."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from slarules.documents.blocks import Cell, Document, Grid, Item, Listing, Section, cells, plain
from slarules.documents.characters import one_line, shown
from slarules.documents.markdown import written
from tests.documents.payloads import PAYLOADS
from tests.documents.sample import sample

STYLES = ("strong", "em", "code", "ins", "del")
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def page(document: Document) -> lxml_html.HtmlElement:
    """The page as a tree; each line break in it is one in its text too."""
    made = lxml_html.fragment_fromstring(READER.render(written(document, "a4").decode()), create_parent="div")
    for element in made.iter("br"):
        element.tail = "\n" + (element.tail or "")
    return made


def flat(text: str) -> str:
    return " ".join(text.split())


def parts(document: Document) -> list[str]:
    """The elements of the page, in order, without those that follow from the words' lines and styles alone."""
    return [element.tag for element in page(document).iter() if element.tag not in {"br", "a", *STYLES}]


def section(*blocks: Grid | Listing) -> Document:
    return Document("t", "s", "r", (), (Section("one", "one", blocks),))


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_payloads_are_only_words(payload: str) -> None:
    """No heading, link, list, picture or script comes of what a policy says; its words come back in each place."""
    assert parts(sample(payload)) == parts(sample())
    found = page(sample(payload))
    assert all(href.startswith("#") for href in found.xpath(".//@href"))
    if not one_line(payload):
        return
    words = flat(shown(payload))
    assert flat(found.xpath("string(h1)")) == words
    assert flat(found.xpath("string(h2[2])")) == f"1 {words}"
    assert flat(found.xpath("string(blockquote[1]/p[1])")) == words
    assert flat(found.xpath("string(//td[2])")) == words
    assert flat(found.xpath("string(//ol/li)")) == words
    assert flat(found.xpath("string(ul[2]/li[1]/ul/li)")) == words


def test_links_lead_to_headings() -> None:
    """As GitHub names headings: lower case, no punctuation, hyphens for blanks, numbered where the name is taken."""
    found = page(sample("Zone “A” & B_c: größe (§ 3.2)"))
    names: list[str] = []
    for heading in found.xpath("h1|h2|h3|h4|h5|h6"):
        name = re.sub(r"[^\w -]", "", flat(heading.text_content()).lower()).replace(" ", "-")
        names.append(name if name not in names else f"{name}-{names.count(name)}")
    targets = [unquote(href[1:]) for href in found.xpath(".//@href")]
    assert len(targets) == 4 + 3
    assert set(targets) <= set(names), (targets, names)


def test_same_titles_have_names_of_their_own() -> None:
    titles = [Section("Same", "one", ()), Section("Same", "two", ()), Section("Contents", "three", ())]
    found = page(Document("Same", "s", "r", (), tuple(titles)))
    assert found.xpath(".//@href") == ["#same-1", "#same-2", "#contents-1"]


def test_grid() -> None:
    """Numbers to the right; a cell over two columns takes both; a missing cell is empty."""
    number = [Cell(plain(n), right=True) for n in ("1", "22")]
    grid = Grid(
        "Minutes",
        cells("who", "how many", "why"),
        (
            (Cell(plain("Trak")), number[0], Cell(plain("a\nb"))),
            (Cell(plain("CPI|x")), number[1]),
            (Cell(plain("both"), across=2), Cell(plain("c"))),
        ),
    )
    made = written(section(grid), "a4").decode()
    assert made.endswith(
        "**Minutes**\n"
        "\n"
        "| who    | how many | why    |\n"
        "| ------ | -------: | ------ |\n"
        "| Trak   |        1 | a<br>b |\n"
        "| CPI\\|x |       22 |        |\n"
        "| both   |          | c      |\n"
    )


def test_lists_that_follow_each_other_stay_two() -> None:
    first, second, third = (Listing((Item(plain(text)),)) for text in "abc")
    numbered = [Listing((Item(plain(text)),), ordered=True) for text in "xy"]
    found = page(section(first, second, third, *numbered))
    assert [flat(element.text_content()) for element in found.xpath("ul|ol")] == ["one", "a", "b", "c", "x", "y"]


def test_deep_headings_and_points() -> None:
    """Below the sixth level headings stay at the sixth; points below points are indented."""
    deep = Section("9", "s9", (Listing((Item(plain("a"), (Item(plain("b"), (Item(plain("1. c")),)),)),)),))
    for level in range(8, 0, -1):
        deep = Section(str(level), f"s{level}", (), (deep,))
    found = page(Document("t", "s", "r", (), (deep,)))
    assert [h.tag for h in found.xpath("h2|h3|h4|h5|h6")] == ["h2", "h2", "h3", "h4", "h5", *["h6"] * 5]
    assert flat(found.xpath("string(ul[last()]/li/ul/li/ul/li)")) == "1. c"
