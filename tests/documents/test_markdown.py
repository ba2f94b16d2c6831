"""Markdown read by a CommonMark parser: the same parts whatever the words are, links that lead somewhere, tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from slarules.documents.blocks import (
    Beside,
    Block,
    Cell,
    Definitions,
    Document,
    Grid,
    Item,
    Link,
    Listing,
    Section,
    Statement,
    cells,
    plain,
)
from slarules.documents.formats.characters import one_line, shown
from slarules.documents.formats.markdown import written
from slarules.documents.outline import outline
from slarules.loader import load
from tests.documents.payloads import PAYLOADS, hostile
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


def section(*blocks: Block) -> Document:
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
    assert flat(found.xpath("string(ol/preceding-sibling::ul[1]/li[1]/ul/li)")) == words


def test_a_whole_hostile_summary(tmp_path: Path) -> None:
    document = outline(load(hostile(tmp_path)))
    found = page(document)
    assert found.xpath(".//script|.//img|.//style|.//hr|.//pre|.//svg") == []
    assert [target for target in targets(found) if target not in names(found)] == []
    titles = [f"{one.number or ''} {one.title}" for one in sections(document.sections)]
    headings = [flat(heading.text_content()) for heading in found.xpath("h2|h3|h4|h5|h6")]
    assert headings == ["Contents", *map(one_line, titles)]
    grids = [block for one in sections(document.sections) for block in one.blocks if isinstance(block, Grid)]
    tables = found.xpath("table")
    assert [len(table.xpath("tbody/tr")) for table in tables] == [len(grid.rows) for grid in grids]
    text = flat(found.text_content())
    assert sum(one_line(payload) in text for payload in PAYLOADS.values()) > 60


def sections(given: Iterable[Section]) -> Iterator[Section]:
    for one in given:
        yield one
        yield from sections(one.sections)


def names(found: lxml_html.HtmlElement) -> list[str]:
    """As GitHub names headings: lower case, no punctuation, hyphens for blanks, numbered where the name is taken."""
    made: list[str] = []
    used: Counter[str] = Counter()
    for heading in found.xpath("h1|h2|h3|h4|h5|h6"):
        name = re.sub(r"[^\w -]", "", flat(heading.text_content()).lower()).replace(" ", "-")
        made.append(f"{name}-{used[name]}" if used[name] else name)
        used[name] += 1
    return made + found.xpath(".//@id")


def targets(found: lxml_html.HtmlElement) -> list[str]:
    assert all(href.startswith("#") for href in found.xpath(".//@href"))
    return [unquote(href[1:]) for href in found.xpath(".//@href")]


def test_links_lead_to_headings() -> None:
    found = page(sample("Zone “A” & B_c: größe (§ 3.2)"))
    assert len(targets(found)) == 4 + 3
    assert set(targets(found)) <= set(names(found))


def test_links_lead_to_statements_and_only_those_have_names() -> None:
    said = [Statement(name, name, "duty", ((Link("x", to),),)) for name, to in (("alpha", "beta"), ("beta", "nowhere"))]
    made = written(section(Beside((), (said[0],)), said[1]), "a4").decode()
    assert made.endswith('**alpha** (duty)\n\n[x](#beta)\n\n**beta** (duty) <a id="beta"></a>\n\nx\n')


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


def test_a_wide_grid_is_not_padded() -> None:
    long = "long " * 30
    made = written(section(Grid("", cells("a", "b"), ((Cell(plain(long)), Cell(plain("1"), right=True)),))), "a4")
    assert made.decode().endswith(f"## one\n\n| a | b |\n| --- | --: |\n| {long.strip()} | 1 |\n")


def test_definitions() -> None:
    """One meaning stands beside its term, several below it; a term that leads somewhere is strong too."""
    terms = Definitions(
        (
            (plain("BusinessHours"), (plain("When support is open."),)),
            ((Link("term", "one"),), (plain("1. First\nline"), plain("- Second"))),
        )
    )
    made = written(section(terms, Listing((Item(plain("apart")),))), "a4").decode()
    assert made.endswith(
        "**BusinessHours**: When support is open.\n\n"
        "**[term](#one)**\n\n"
        "- 1\\. First\\\n  line\n- \\- Second\n\n"
        "* apart\n"
    )
    assert len(page(section(terms, Listing((Item(plain("apart")),)))).xpath("ul")) == 3


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
