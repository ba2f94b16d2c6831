"""Words as Markdown, read by a CommonMark parser: the words and their styles come back, whatever they are."""

from __future__ import annotations

import os

from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from slarules.documents.blocks import CODE, DELETED, EMPHASIS, INSERTED, PLAIN, STRONG, Link, Run, Words
from slarules.documents.formats.characters import shown
from slarules.documents.formats.markdown_words import line

EXAMPLES = int(os.environ.get("SLARULES_MARKDOWN_EXAMPLES", "300"))
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TAGS = {"strong": STRONG, "em": EMPHASIS, "code": CODE, "ins": INSERTED, "del": DELETED}
NASTY = st.text(st.sampled_from("\\`*_{}[]()<>#+-.!|~&;:=/$ \t\n\"'ab1é日"), max_size=12)
TEXTS = st.one_of(NASTY, st.text(max_size=12), st.sampled_from(["&amp;", "- x", "1. x", "---", "www.a.com", "[x](y)"]))
RUNS = st.builds(Run, TEXTS, st.sampled_from([PLAIN, *TAGS.values()]))
WORDS = st.lists(st.one_of(RUNS, st.builds(Link, TEXTS, st.just("there"))), max_size=4).map(tuple)


def pieces(element: lxml_html.HtmlElement, style: str = PLAIN) -> list[tuple[str, str]]:
    """What a reader is shown: (style, text), in order; ``link`` for a link; a break is a line break."""
    found = [(style, element.text or "")]
    for child in element:
        if child.tag == "br":
            found.append((PLAIN, "\n"))
        else:
            inner = "link" if child.tag == "a" and child.get("href") == "#there" else TAGS[child.tag]
            found += pieces(child, inner)
        found.append((style, child.tail or ""))
    return found


def visible(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each character but blanks, with its style."""
    return [(style, char) for style, text in pieces for char in shown(text) if not char.isspace()]


def test_addresses_do_not_become_links() -> None:
    """As GitHub makes links of them; no parser for tests does."""
    made = line((Run("_www.a.example, see HTTPS://b.example (http://c) ftp://d; not: www or http:x"),), {})
    assert made == "\\_www\\.a.example, see HTTPS\\://b.example (http\\://c) ftp\\://d; not: www or http:x"


def meant(words: Words) -> list[tuple[str, str]]:
    return [("link" if isinstance(word, Link) else word.style, word.text) for word in words]


def paragraphs(made: str) -> list[lxml_html.HtmlElement]:
    return list(lxml_html.fragment_fromstring(READER.render(made), create_parent="div"))


@settings(max_examples=EXAMPLES, deadline=None)
@given(WORDS)
@example((Run("a\n- | -\nb"),))
@example((Run("&"), Run("amp;")))
@example((Run("a!"), Link("x", "there")))
@example((Run('"quoted"', STRONG), Run("s")))
@example((Run("a", STRONG), Run("b", EMPHASIS), Run("c", STRONG)))
@example((Run("``", CODE), Run("`"), Run(" ", CODE), Run("\\", CODE)))
@example((Run("*", STRONG), Run("*"), Run("*", EMPHASIS)))
@example((Link("]](", "there"), Run("[^1]: x")))
@example((Run("_"), Run("www.a.example HTTP://b (http://c")))
@example((Run("a\n\n\n  b\\\n    # c"),))
def test_words_come_back(words: Words) -> None:
    """In a paragraph, a point, a quotation, a heading and a cell: nothing is taken for markup, nothing is lost."""
    expected = visible(meant(words))
    made = line(words, {"there": "there"})
    flowing = line(words, {"there": "there"}, cell=True)
    found = paragraphs(made)
    assert [p.tag for p in found] == ["p"] * bool(expected)
    for paragraph in found:
        assert visible(pieces(paragraph)) == expected
    if not expected:
        return
    point = "- " + made.replace("\n", "\n  ")
    quotation = "> " + made.replace("\n", "\n> ")
    table = f"| a | b |\n| --- | --- |\n| {flowing} | x |"
    for text, path, told in (
        (point, "self::ul/li", [expected]),
        (quotation, "self::blockquote/p", [expected]),
        (table, "self::table/tbody/tr/td", [expected, [(PLAIN, "x")]]),
    ):
        (block,) = paragraphs(text)
        assert [visible(pieces(element)) for element in block.xpath(path)] == told, text
