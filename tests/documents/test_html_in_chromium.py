"""Web pages in a real browser: axe finds nothing, nothing is fetched or run or cut off, and policy words are inert."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from attrs import evolve
from pypdfium2 import PdfDocument
from pypdfium2.raw import FPDFText_GetFontSize

from slarules.documents.blocks import (
    CODE,
    EMPHASIS,
    STRONG,
    Document,
    Grid,
    Link,
    Paragraph,
    Run,
    Section,
    cells,
)
from slarules.documents.formats.characters import shown
from slarules.documents.formats.html import written
from slarules.documents.outline import outline
from slarules.loader import load
from tests.documents.contracts import NAMES
from tests.documents.outlines import summary
from tests.documents.payloads import PAYLOADS, hostile
from tests.documents.sample import sample
from tests.documents.test_html import WORD, everywhere, with_all

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium")

READ = """pages => pages.map(html => {
  const read = new DOMParser().parseFromString(html, 'text/html'), sheet = new CSSStyleSheet();
  sheet.replaceSync(read.querySelector('style').textContent);
  const shape = [...read.querySelectorAll('*')].filter(e => !e.closest('p, bdi, title, style')).map(
    e => e.localName + [...e.attributes].filter(a => a.name != 'aria-label').map(a => ` ${a.name}=${a.value}`));
  return [shape, sheet.cssRules.length, ['header', 'nav', 'main'].map(part => read.querySelector(part).textContent)];
})"""
"""Of pages: each element with its attributes, but for paragraphs, which line breaks make; rules of style; the text."""
CUT = """() => [...document.querySelectorAll('body :not(svg *)')].filter(e => {
  const s = getComputedStyle(e), scrolls = s.overflowX == 'auto' && (e.tabIndex == 0 || e.closest('nav'));
  return e.clientWidth && e.scrollWidth > e.clientWidth + 1 && !scrolls && s.clipPath == 'none';
}).map(e => e.outerHTML.slice(0, 200))"""
"""Elements whose contents stick out, apart from what scrolls and keyboards can reach, and what is only heard."""
AXE = """async (colours) => {
  const seen = new Set(), first = [];
  const ground = e => e ? getComputedStyle(e).backgroundColor + ground(e.parentElement) : '';
  for (const e of document.querySelectorAll('body :not(svg *)')) {
    if (![...e.childNodes].some(n => n.nodeType == Node.TEXT_NODE && n.data.trim())) continue;
    const s = getComputedStyle(e);
    const look = [s.color, s.opacity, s.font, !!e.closest('a'), ground(e)].join();
    if (!seen.has(look)) { seen.add(look); first.push(e); }
  }
  const ofColour = ['color-contrast', 'color-contrast-enhanced', 'link-in-text-block'];
  const values = axe.getRules().map(rule => rule.ruleId).filter(id => ofColour.includes(id) == colours);
  const options = {runOnly: {type: 'rule', values}, resultTypes: ['violations']};
  const found = await axe.run(colours ? {include: first} : document, options);
  return found.violations.map(v => `${v.id}: ${v.nodes.map(n => n.html + ' ' + n.failureSummary).slice(0, 5)}`);
}"""
"""What axe says of the page: its rules of colour, which take long, of one element of each look; all others of all."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield started
        started.close()


@contextmanager
def opened(browser: Any, html: bytes, width: int = 1400, scheme: str = "light") -> Iterator[Any]:
    """A page of the browser with this document. Whatever it asks for is refused and, as any message, fails the test."""
    context = browser.new_context(viewport={"width": width, "height": 600}, color_scheme=scheme)
    page, told = context.new_page(), []
    context.route("**/*", lambda route: (told.append(f"asks for {route.request.url}"), route.abort()))
    page.on("console", lambda message: told.append(message.text))
    page.on("dialog", lambda dialog: (told.append(f"opens {dialog.message}"), dialog.dismiss()))
    page.set_content(html.decode())
    yield page
    context.close()
    assert told == []


@cache
def made(name: str) -> bytes:
    """The document of every kind of block, or the summary of one of the four contracts or of the hostile policy."""
    if name == "blocks":
        return written(with_all(), "a4")
    if name == "hostile":
        with TemporaryDirectory() as folder:
            return written(outline(load(hostile(Path(folder)))), "a4")
    return written(summary(name), "a4")


def violations(page: Any, colours: bool) -> list[str]:
    """What axe finds with all of its rules, those of level AAA and the experimental ones too."""
    from axe_playwright_python.base import AXE_SCRIPT

    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(AXE, colours)
    return found


@pytest.mark.parametrize("name", ["blocks", *NAMES])
def test_axe_finds_nothing(browser: Any, name: str) -> None:
    """In the dark, too; of the contracts' summaries, which have the same looks, only in that of Collabware."""
    with opened(browser, made(name)) as page:
        assert violations(page, colours=False) == []
        for scheme in ("light", "dark")[: 2 if name in ("blocks", "collabware") else 1]:
            page.emulate_media(color_scheme=scheme)
            assert violations(page, colours=True) == [], scheme


@pytest.mark.parametrize("name", ["blocks", "hostile", "collabware", "trak"])
def test_nothing_is_cut_off(browser: Any, name: str) -> None:
    """On a wide screen, a small telephone, and A4, where nothing scrolls: 170 mm are 642 pixels."""
    with opened(browser, made(name)) as page:
        for width, media in ((1400, "screen"), (320, "screen"), (642, "print")):
            page.set_viewport_size({"width": width, "height": 600})
            page.emulate_media(media=media)
            assert page.evaluate(CUT) == [], (width, media)
            assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        assert page.evaluate("[...document.querySelectorAll('.scroll')].every(e => e.scrollWidth <= 642)")


def test_axe_would_find_something(browser: Any) -> None:
    html = made("blocks").decode().replace('lang="en"', "").replace("--ink: ", "--ink: #858585; --x: ")
    with opened(browser, html.encode()) as page:
        assert {line.split(":")[0] for line in violations(page, colours=False)} == {"html-has-lang"}
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert {line.split(":")[0] for line in violations(page, colours=True)} >= {"color-contrast"}, scheme


def test_something_would_be_cut_off(browser: Any) -> None:
    html = made("hostile").decode().replace("overflow-wrap: anywhere", "").replace('tabindex="0"', "")
    with opened(browser, html.encode(), width=320) as page:
        assert len(page.evaluate(CUT)) > 10


def test_payloads_are_text_in_the_browser_too(browser: Any) -> None:
    """Each makes no element, no attribute and no rule of style, and is there to read."""
    pages = [written(everywhere(text), "a4").decode() for text in (WORD, *PAYLOADS.values())]
    with opened(browser, b"") as page:
        plainly, *read = page.evaluate(READ, pages)
    for payload, (shape, rules, texts) in zip(PAYLOADS.values(), read, strict=True):
        assert [shape, rules] == plainly[:2], payload
        assert texts == [text.replace(WORD, shown(payload)) for text in plainly[2]]


def test_words_from_right_to_left_stay_in_their_place(browser: Any) -> None:
    """They do not change places with what stands before and after them."""
    words = (Run("אב"), Run(" 12 ", STRONG), Run("גד \u202e", EMPHASIS), Run(" 3 ", CODE), Run("ה"), Link("4", "words"))
    document = evolve(sample(), front=(Paragraph(words),))
    with opened(browser, written(document, "a4")) as page:
        boxes = page.evaluate("[...document.querySelector('h1 + p').children].map(e => e.getBoundingClientRect())")
    assert len(boxes) == 6
    assert all(one["right"] <= other["left"] + 1 for one, other in pairwise(boxes))


@pytest.mark.parametrize("paper, size", [("a4", (595, 842)), ("letter", (612, 792))])
def test_printed(browser: Any, tmp_path: Path, paper: str, size: tuple[int, int]) -> None:
    """The size of its pages; the running head and the page's number on each but the first; a new page where asked."""
    with opened(browser, written(sample("Zwölf \"Wörter\" </style>"), paper)) as page:
        page.pdf(path=tmp_path / "made.pdf", prefer_css_page_size=True)
    pages = list(PdfDocument(tmp_path / "made.pdf"))
    texts = [" ".join(page.get_textpage().get_text_range().split()) for page in pages]
    assert all(abs(got - want) <= 1 for page in pages for got, want in zip(page.get_size(), size, strict=True))
    assert len(pages) == 4 and "1 / 4" not in texts[0]
    assert all(f"{n} / 4" in text and "Zwölf \"Wörter\" </style>" in text for n, text in enumerate(texts[1:], 2))
    assert "Contents" in texts[1].title() and "Lists and pictures" in texts[3] and "Signature" in texts[3]


BROKEN = """() => [...document.querySelectorAll('thead th')].flatMap(th => {
  const walk = document.createTreeWalker(th, NodeFilter.SHOW_TEXT), found = [];
  while (walk.nextNode()) for (const word of walk.currentNode.data.matchAll(/\\w+/g)) {
    const range = document.createRange();
    range.setStart(walk.currentNode, word.index);
    range.setEnd(walk.currentNode, word.index + word[0].length);
    if (new Set([...range.getClientRects()].map(one => one.top)).size > 1) found.push(word[0]);
  }
  return found;
})"""
"""Words in the heads of columns that go over two lines."""


def test_no_head_of_a_column_is_broken_within_a_word_in_print(browser: Any) -> None:
    heads = ("rule", "severity", "kept", "broken", "undetermined", "ended", "elected", "in scope", "kept of decided")
    row = ("complete_outside_maintenance_windows", *("384",) * 8)
    grid = Grid("What was owed", cells(*heads), (cells(*row),))
    made = Document("A", "B", "C", (), (Section("One", "one", (grid,)),))
    with opened(browser, written(made, "a4"), width=480) as page:
        page.emulate_media(media="print")
        assert page.evaluate(BROKEN) == []
        page.add_style_tag(content="th { overflow-wrap: anywhere !important; }")
        assert "undetermined" in page.evaluate(BROKEN), "it would be found"


def test_no_heading_ends_a_printed_page(browser: Any, tmp_path: Path) -> None:
    """Headings of sections are the only text that is larger than 15.5, but for the front page."""
    with opened(browser, made("copiun")) as page:
        page.pdf(path=tmp_path / "made.pdf", prefer_css_page_size=True)
    largest, ends = [], []
    for one in list(PdfDocument(tmp_path / "made.pdf"))[1:]:
        text = one.get_textpage()
        last = len(text.get_text_range().rstrip())
        sizes = [FPDFText_GetFontSize(text, at) for at in range(last)]
        largest.append(max(sizes))
        ends.append(sizes[-1])
    assert sum(size > 15.5 for size in largest) > 20, "headings are told by their size"
    assert max(ends) < 15.5
