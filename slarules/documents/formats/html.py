"""A document as one web page: nothing is fetched, no script runs, and no word of a policy is taken for markup."""

from __future__ import annotations

import re
from functools import cache
from itertools import count
from typing import Any
from unicodedata import bidirectional

from attrs import evolve
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from slarules.documents.blocks import Block, Document, Grid, Words, paragraphs
from slarules.documents.formats.characters import one_line, shown

SHEETS = {"a4": "A4", "letter": "letter"}
"""Paper → its name in CSS."""
SENTENCE = 60
"""Characters above which the head of a row is a sentence, which bold letters would make hard to read."""
SVG_TAG = re.compile(r"""<[a-z](?:[^"'>]|"[^"]*"|'[^']*')*>""")
"""A tag of an SVG with its attributes."""
SVG_NAMES = re.compile(r"""(\s(?:id|aria-labelledby|aria-describedby)="|\shref="\#|="url\(\#)([^"()]+)""")
"""Where a tag gives a name, or refers to one or more."""


def written(document: Document, paper: str) -> bytes:
    """The document as HTML in UTF-8, for a screen, light or dark, and for this paper; well-formed as XML, too."""
    numbers = {"tables": count(1).__next__, "figures": count(1).__next__}
    return _template().render(document=document, sheet=SHEETS[paper], **numbers).encode()


@cache
def _template() -> Template:
    """The page's template, read once."""
    environment = Environment(
        loader=PackageLoader("slarules.documents.formats"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_final,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"shown": shown, "one_line": one_line, "css": _css}
    environment.filters |= {"kind": _kind, "paragraphs": _paragraphs, "wordy": _wordy}
    environment.filters |= {"shares": _shares, "drawing": _drawing}
    environment.tests["turned"] = _turned
    return environment.get_template("page.html")


def _final(value: Any) -> Any:
    """What goes into the page: text as a page can hold it; markup of our own, and numbers, as they are."""
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _kind(block: Block) -> str:
    """The name of the block's class, by which `blocks.html` finds how it is shown."""
    return type(block).__name__


def _turned(text: str) -> bool:
    """Whether some of it is written from right to left; set apart, it leaves what stands beside it in its place."""
    return not text.isascii() and any(bidirectional(char) in ("R", "AL", "AN") for char in text)


def _css(text: str) -> Markup:
    """The text as a string of CSS, all but letters and digits by number: it can end neither string nor style."""
    return Markup('"' + re.sub(r"[^A-Za-z0-9]", lambda m: f"\\{ord(m.group()):x} ", shown(text)) + '"')


def _paragraphs(sentences: tuple[Words, ...]) -> list[list[Words]]:
    """Sentences put together to paragraphs, without the line break that begins one."""
    return [[_begun(first), *rest] for first, *rest in paragraphs(sentences)]


def _begun(sentence: Words) -> Words:
    """The sentence without a line break before it."""
    return (evolve(sentence[0], text=sentence[0].text.removeprefix("\n")), *sentence[1:]) if sentence else ()


def _wordy(grid: Grid) -> bool:
    """Whether its rows begin with sentences, rather than with names."""
    heads = ("".join(part.text for part in row[0].words) for row in grid.rows if row)
    return any(len(line) > SENTENCE for head in heads for line in head.split("\n"))


def _shares(widths: tuple[int, ...]) -> list[str]:
    """Parts of the whole as percentages."""
    return [f"{100 * width / sum(widths):.4g}%" for width in widths]


def _drawing(svg: str, number: int) -> Markup:
    """The picture as part of the page: the names inside it are made its own, as two pictures may use the same."""

    def own(found: re.Match[str]) -> str:
        return found[1] + " ".join(f"p{number}_{name}" for name in found[2].split())

    return Markup(SVG_TAG.sub(lambda tag: SVG_NAMES.sub(own, tag[0]), svg))
