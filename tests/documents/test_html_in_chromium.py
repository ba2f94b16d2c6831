"""Web pages in a real browser: axe finds nothing, nothing is fetched, nothing runs, nothing is cut off, policy words are inert."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from pypdfium2 import PdfDocument

from slarules.documents.blocks import CODE, EMPHASIS, STRONG, Link, Paragraph, Run
from slarules.documents.characters import shown
from slarules.documents.html import written
from tests.documents.payloads import PAYLOADS
from tests.documents.sample import sample
from tests.documents.test_html import WORD, with_all
from tests.wording.contracts import NAMES, ROOT

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium")

SHAPE = """() => [...document.querySelectorAll('*')].filter(e => !e.closest('p, bdi, title, style'))
  .map(e => e.localName + [...e.attributes].filter(a => a.name != 'aria-label').map(a => ` ${a.name}=${a.value}`)).join('\\n')"""
"""Every element with its attributes, apart from paragraphs, which line breaks make."""
RULES = "() => [...document.styleSheets].flatMap(s => [...s.cssRules]).map(rule => rule.cssText)"
CUT = """() => [...document.querySelectorAll('body *')].filter(e => !e.closest('svg, .skip') && e.scrollWidth > e.clientWidth + 1
  && e.clientWidth && !(getComputedStyle(e).overflowX == 'auto' && (e.tabIndex == 0 || e.closest('nav'))))
  .map(e => e.outerHTML.slice(0, 200))"""
"""Elements whose contents stick out of them, apart from those that scroll and can be reached by keyboard."""
AXE = """async (colours) => {
  const seen = new Set(), first = [];
  const ground = e => e ? getComputedStyle(e).backgroundColor + ground(e.parentElement) : '';
  for (const e of document.querySelectorAll('body *')) {
    if (![...e.childNodes].some(n => n.nodeType == Node.TEXT_NODE && n.data.trim())) continue;
    const s = getComputedStyle(e);
    const look = [s.color, s.fill, s.fillOpacity, s.opacity, s.fontSize, s.fontWeight, !!e.closest('a'), ground(e)].join();
    if (!seen.has(look)) { seen.add(look); first.push(e); }
  }
  const ofColour = ['color-contrast', 'color-contrast-enhanced', 'link-in-text-block'];
  const values = axe.getRules().map(rule => rule.ruleId).filter(id => ofColour.includes(id) == colours);
  const options = {runOnly: {type: 'rule', values}, resultTypes: ['violations']};
  const found = await axe.run(colours ? {include: first} : document, options);
  return found.violations.map(v => `${v.id}: ${v.nodes.slice(0, 5).map(n => n.html + ' ' + n.failureSummary).join(' | ')}`);
}"""
"""What axe says of the page: its rules of colour of one element of each look, as they take long; all others of each."""


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
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page, told = context.new_page(), []
    context.route("**/*", lambda route: (told.append(f"asks for {route.request.url}"), route.abort()))
    page.on("console", lambda message: told.append(message.text))
    page.on("dialog", lambda dialog: (told.append(f"opens {dialog.message}"), dialog.dismiss()))
    page.set_content(html.decode())
    yield page
    context.close()
    assert told == []


@cache
def summary(name: str) -> bytes:
    """The summary of one of the four contracts."""
    if find_spec("slarules.documents.outline") is None:
        pytest.skip("there is no outline yet")
    loaded = import_module("slarules.loader").load(ROOT / "contracts" / name / "policy.sla")
    return written(import_module("slarules.documents.outline").outline(loaded), "a4")


def made(name: str) -> bytes:
    """The document of every kind of block, or a contract's summary."""
    return written(with_all(), "a4") if name == "blocks" else summary(name)


def violations(page: Any, colours: bool) -> list[str]:
    """What axe finds with all of its rules, those of level AAA and the experimental ones too."""
    from axe_playwright_python.base import AXE_SCRIPT

    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(AXE, colours)
    return found


@pytest.mark.parametrize("name", ["blocks", *NAMES])
def test_axe_finds_nothing(browser: Any, name: str) -> None:
    with opened(browser, made(name)) as page:
        assert violations(page, colours=False) == []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert violations(page, colours=True) == [], scheme


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_would_find_something(browser: Any, scheme: str) -> None:
    html = made("blocks").decode().replace('lang="en"', "").replace("--ink: ", "--ink: #858585; --x: ")
    with opened(browser, html.encode(), scheme=scheme) as page:
        assert {line.split(":")[0] for line in violations(page, colours=False)} == {"html-has-lang"}
        assert {line.split(":")[0] for line in violations(page, colours=True)} >= {"color-contrast"}


@pytest.mark.parametrize("name", ["blocks", *NAMES])
def test_nothing_is_cut_off(browser: Any, name: str) -> None:
    """On a telephone, on a tablet, on a wide screen; and on A4, where nothing scrolls: 170 mm are 642 pixels."""
    with opened(browser, made(name)) as page:
        for width in (320, 390, 768, 1400):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(CUT) == [], width
            assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        page.set_viewport_size({"width": 642, "height": 900})
        page.emulate_media(media="print")
        assert page.evaluate(CUT) == []
        assert page.evaluate("[...document.querySelectorAll('.scroll')].every(e => e.scrollWidth <= 642)")


def test_payloads_are_text_in_the_browser_too(browser: Any) -> None:
    """Each makes no element, no attribute and no rule of style, and is there to read."""
    parts = "() => ['header', 'nav', 'main'].map(part => document.querySelector(part).textContent)"
    with opened(browser, written(sample(WORD), "a4")) as page:
        plain, rules, texts = page.evaluate(SHAPE), page.evaluate(RULES), page.evaluate(parts)
        for payload in PAYLOADS.values():
            page.set_content(written(sample(payload), "a4").decode())
            assert page.evaluate(SHAPE) == plain
            assert page.evaluate(parts) == [text.replace(WORD, shown(payload)) for text in texts]
            assert len(page.evaluate(RULES)) == len(rules)


def test_words_from_right_to_left_stay_in_their_place(browser: Any) -> None:
    """They do not change places with what stands before and after them; each has a width of its own, so is seen."""
    words = (Run("אב"), Run(" 12 ", STRONG), Run("גד \u202e", EMPHASIS), Run(" 3 ", CODE), Run("ה"), Link("(4)", "first"))
    document = evolve(sample(), front=(Paragraph(words),))
    with opened(browser, written(document, "a4")) as page:
        boxes = page.evaluate("[...document.querySelectorAll('header p:last-child > *')].map(e => e.getBoundingClientRect())")
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
