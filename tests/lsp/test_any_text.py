"""Whatever stands in the editor, no feature fails: nothing here is guarded as the server guards it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lsprotocol import types

from slarules.loader import as_source
from slarules.lsp import (
    actions,
    completion,
    definition,
    diagnostics,
    folding,
    formatting,
    hover,
    inlay,
    lenses,
    references,
    rename,
    symbols,
    tokens,
)
from slarules.lsp import desk as desks
from slarules.lsp.desk import Desk, Document
from slarules.lsp.places import offset, position, units
from slarules.source import Source
from tests.lsp.editor import EXAMPLES, POLICY, SCENARIOS, SOURCE

MOST = int(os.environ.get("SLARULES_EDITOR_TEXTS", "60"))
"""Texts that are tried; more with the variable."""
ENCODINGS = ("utf-8", "utf-16", "utf-32")
PIECES = ("", "\n", "  ", "\t", ">", "--", '"', "“", "|", "(", "when ", "until ", "🎉", "é", "\u2028", "\r", "\ud83d",
          "§", "scenario \"x\"\n", "clause \"y\"\n", " as read in late", " or ", "1")


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, int]:
    """The policy with a stretch of it replaced, and a place near that."""
    text = POLICY + draw(st.sampled_from(["", SCENARIOS, EXAMPLES]))
    start = draw(st.integers(0, len(text)))
    end = min(len(text), start + draw(st.integers(0, 80)))
    piece = "".join(draw(st.lists(st.sampled_from(PIECES), max_size=3)))
    changed = text[:start] + piece + text[end:]
    return changed, max(0, min(len(changed), start + draw(st.integers(-20, 20))))


def everything(desk: Desk, document: Document, at: int, encoding: str) -> None:
    """Asks every feature."""
    found = tuple((one, None) for one in diagnostics.of_check(desk, document))
    for one, _ in found:
        diagnostics.shown(document, one, encoding)
    end = len(document.source.text)
    actions.actions(document, found, 0, end, None, encoding)
    for coming in (completion.complete(desk, document, at, encoding), hover.hover(desk, document, at, encoding)):
        assert coming is None or isinstance(coming, (types.CompletionList, types.Hover))
    definition.definition(desk, document, at, encoding)
    references.references(desk, document, at, True, encoding)
    references.highlights(desk, document, at, encoding)
    for fold in folding.folding(document):
        assert 0 <= fold.start_line < fold.end_line <= document.source.text.count("\n")
    formatting.formatting(document, encoding)
    inlay.hints(desk, document, 0, end, encoding)
    for lens in lenses.lenses(document, encoding):
        assert lens.command is not None and lens.command.arguments is not None
        assert isinstance(lenses.run_scenario(desk, lens.command.arguments[0])["text"], str)
    within(symbols.outline(document, encoding))
    lengths(document.source, tokens.tokens(desk, document, encoding).data, encoding)
    try:
        rename.changes_for(desk, document, at, "another_name")
    except rename.Refused as refused:
        assert refused.message


def within(outline: list[types.DocumentSymbol]) -> None:
    """A name stands within its block, as editors insist."""
    for one in outline:
        first, last = (one.range.start.line, one.range.start.character), (one.range.end.line, one.range.end.character)
        start, end = one.selection_range.start, one.selection_range.end
        assert first <= (start.line, start.character) <= (end.line, end.character) <= last
        within(list(one.children or ()))


def lengths(source: Source, data: object, encoding: str) -> None:
    """Tokens follow each other, none reaching over its line or into the next token."""
    assert isinstance(data, (list, tuple))
    line = column = reached = 0
    for at in range(0, len(data), 5):
        away, begin, length = data[at : at + 3]
        line, column = line + away, begin if away else column + begin
        reached = 0 if away else reached
        assert length > 0 and column >= reached
        reached = column + length
        assert reached <= units(source.line_text(line + 1), encoding)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("any")
    (made / "source.txt").write_text(SOURCE, "utf-8")
    return made


@settings(max_examples=MOST, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edit=edits(), encoding=st.sampled_from(ENCODINGS))
def test_no_feature_fails_whatever_is_typed(folder: Path, edit: tuple[str, int], encoding: str) -> None:
    desk = Desk()
    uri = (folder / "policy.sla").as_uri()
    desks.load(desk, desk.put(uri, POLICY, 1))
    text, at = edit
    document = desk.put(uri, text, 2)
    everything(desk, document, min(at, len(document.source.text)), encoding)


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"])), data=st.data(), encoding=st.sampled_from(ENCODINGS))
def test_places_come_back(text: str, data: st.DataObject, encoding: str) -> None:
    source = as_source("x", text)
    at = data.draw(st.integers(0, len(source.text)))
    place = position(source, at, encoding)
    assert offset(source, place, encoding) == at
    before = source.text[source.line_starts[place.line] : at]
    size = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    assert place.character * size == len(before.encode({1: "utf-8", 2: "utf-16-le", 4: "utf-32-le"}[size]))


@given(line=st.integers(0, 2**31 - 1), character=st.integers(0, 2**31 - 1), encoding=st.sampled_from(ENCODINGS))
def test_places_beyond_the_text_are_its_ends(line: int, character: int, encoding: str) -> None:
    source = Source("x", "a🎉\nbc\n")
    at = offset(source, types.Position(line, character), encoding)
    assert 0 <= at <= len(source.text)
    assert line or at <= 2
