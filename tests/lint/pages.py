"""The pages of docs/lint: each rule's page, and the policies on it that show what to avoid and what to prefer."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from attrs import frozen

from slarules.analysis.linting import Linted, linted
from slarules.analysis.rules import BY_NAME
from slarules.loader import Loaded
from slarules.resolve.build import resolve
from slarules.scenario.reading import read_all
from slarules.scenario.run import run
from slarules.source import Source
from slarules.syntax.parse import parse
from tests.docs.pages import ROOT, Fence, fences

FOLDER = ROOT / "docs" / "lint"
HEAD = """slarules 1

contract Acme "Support"
  provider Acme
  customer Client
  zone America/Denver

"""
UNTRIED = "clause-without-scenario"


@frozen
class Example:
    """One policy of a page."""

    page: str
    fence: Fence
    text: str
    """The whole policy file."""
    words: str | None
    """The contract's own text, where the page has one above it."""

    @property
    def good(self) -> bool:
        return "good" in self.fence.info

    def __str__(self) -> str:
        return f"{self.page}:{self.fence.line}"


def pages() -> list[Path]:
    """Every rule's page."""
    return sorted(FOLDER.glob("L*.md"))


def examples() -> list[Example]:
    """Every policy of every page."""
    found: list[Example] = []
    for page in pages():
        words: str | None = None
        for fence in fences(str(page.relative_to(ROOT))):
            if fence.kind == "text" and fence.file == "source.txt":
                words = fence.text
            if fence.kind == "sla":
                whole = fence.text if fence.text.startswith("slarules 1") else HEAD + fence.text
                found.append(Example(page.stem, fence, whole, words))
    return found


@cache
def lint(text: str, words: str | None = None, only: frozenset[str] | None = None) -> Linted:
    """A policy's findings under all rules; a policy without a scenario is not told so, unless that is asked for."""
    source = Source("policy.sla", text)
    tree, spelling = parse(source)
    own = Source("source.txt", words) if words is not None else None
    contract, problems = resolve(tree, source, own)
    loaded = Loaded("policy.sla", text.encode(), source, tree, own, contract, (*spelling, *problems))
    if only is None:
        only = frozenset(BY_NAME) - (frozenset() if loaded.scenarios else {UNTRIED})
    return linted(loaded, loaded.scenarios, only)


def failing(done: Linted) -> list[str]:
    """Scenarios of a policy that do not pass, and what is wrong with it otherwise."""
    wrong = [f"{d.span.line}: {d.code} {d.message}" for d in done.loaded.diagnostics if d.level.value == "error"]
    if done.loaded.contract is not None:
        scripts, problems = read_all(done.loaded.contract, done.scenarios)
        wrong += [f"{d.span.line}: {d.code} {d.message}" for d in problems if d.level.value == "error"]
        wrong += [f"scenario “{s.title}” fails" for s in scripts if not run(done.loaded.contract, s).passed]
    return wrong
