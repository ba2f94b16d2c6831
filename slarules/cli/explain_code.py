"""``slarules explain-code``: the page of a diagnostic or of a lint rule, in the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import click
from attrs import frozen
from rich.markdown import Markdown
from rich.text import Text

from slarules.cli import output
from slarules.cli.main import COULD_NOT_RUN, FINE
from slarules.diagnostics import did_you_mean
from slarules.version import __version__

KINDS = ("diagnostics", "lint")
"""The folders of pages; of lint rules the heading is the rule's name."""
HEADING = re.compile(r"# (?P<code>[A-Z]\d{4}): (?P<title>.+)")
WIDEST = 100
"""Columns of a page on a wide terminal."""


@frozen
class Page:
    """What is to be known of one code."""

    code: str
    """As ``E0303`` or ``L0101``."""
    title: str
    """Its heading: of a lint rule the rule's name."""
    kind: str
    """Its folder."""
    text: str
    """Markdown."""


@click.command()
@click.argument("codes", nargs=-1, metavar="[CODE…]")
@click.option("--list", "listing", is_flag=True, help="List every code with what it is about.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON (schema: slarules/schemas/explain-code.schema.json)."
)
def command(codes: tuple[str, ...], listing: bool, as_json: bool) -> int:
    """Print the page of each CODE: what it says, an example, and how to mend it.

    CODE is a diagnostic's, such as E0303, or a lint rule's code or name, such as L0101 or boundary-hole.
    """
    known = pages()
    if not codes and not listing:
        raise click.UsageError("name a code, such as E0303, or say --list")
    meant = {word: _meant(word, known) for word in dict.fromkeys(codes)}
    found = known if listing else tuple(dict.fromkeys(page for page in meant.values() if page is not None))
    missing = () if listing else tuple(word for word, page in meant.items() if page is None)
    if as_json:
        output.as_json(as_data(found, missing))
    elif listing:
        _list(known)
    else:
        for page in found:
            _show(page, page is not found[0])
    for word in missing:
        _unknown(word, known)
    return COULD_NOT_RUN if missing else FINE


def as_data(found: Iterable[Page], missing: Iterable[str]) -> dict[str, object]:
    """The result for another program, as ``explain-code.schema.json`` says."""
    return {
        "command": "explain-code",
        "version": __version__,
        "pages": [{"code": one.code, "kind": one.kind, "title": one.title, "text": one.text} for one in found],
        "missing": list(missing),
    }


def folder(kind: str) -> Path:
    """Where the pages are: inside the wheel, and in the repository for an editable install."""
    package = Path(__file__).parents[1]
    shipped = package / "pages" / kind
    return shipped if shipped.is_dir() else package.parent / "docs" / kind


def pages() -> tuple[Page, ...]:
    """Every page that there is, by code."""
    found = []
    for kind in KINDS:
        for path in sorted(folder(kind).glob("*.md")):
            text = path.read_text("utf-8")
            heading = HEADING.match(text)
            if heading is not None:
                found.append(Page(heading["code"], heading["title"].strip("`"), kind, text))
    return tuple(found)


def _meant(word: str, known: Iterable[Page]) -> Page | None:
    """The page of a code, in whatever case, or of a lint rule's name."""
    wanted = word.strip().lower()
    for page in known:
        if wanted == page.code.lower() or (page.kind == "lint" and wanted.replace("_", "-") == page.title.lower()):
            return page
    return None


def _unknown(word: str, known: Iterable[Page]) -> None:
    names = [name for page in known for name in (page.code, page.title if page.kind == "lint" else page.code)]
    told = did_you_mean(word.upper(), names) or did_you_mean(word.lower(), names)
    told = told or "`slarules explain-code --list` lists them"
    output.say(f"there is no page on `{word}`; {told}", "bold red")


def _show(page: Page, after_another: bool) -> None:
    """The page set out on a terminal; as it is written for another program."""
    console = output.results()
    if not console.is_terminal:
        output.line(console, ("\n" if after_another else "") + page.text.rstrip("\n"))
        return
    if after_another:
        console.rule(style="dim")
    console.print(Markdown(page.text, code_theme="ansi_dark"), width=min(console.width, WIDEST), soft_wrap=False)


def _list(known: Iterable[Page]) -> None:
    output.table(output.results(), ("code", "about"), [(Text(page.code, "bold"), page.title) for page in known])
