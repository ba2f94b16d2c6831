"""Definition, references, outline, workspace symbols and folding: finding one's way in a policy and its scenarios."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.lsp.editor import POLICY, SCENARIOS, SOURCE, Editor, Text

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def defined(editor: Editor, one: Text, words: str) -> list[types.Location]:
    found = await editor.client.text_document_definition_async(types.DefinitionParams(**editor.place(one, words)))
    assert isinstance(found, (list, tuple))
    return [place for place in found if isinstance(place, types.Location)]


@pytest.mark.parametrize(("words", "line"), [
    ("counted in Support‸Hours", "  calendar SupportHours"),
    ("unless chan‸nel", "fact channel of request"),
    ("channel is tele‸phone", "fact channel of request"),
    ("within response‸_time", "    | severity | response_time |"),
    ("paused as read in la‸te", "  reading late"),
    ("adopt ru‸ns", "    option runs"),
    ("Bright‸line must", "  provider Brightline"),
    ("when req‸uest opened", '  a ticket is called "request"'),
    ("expect T1 resp‸ond pending", "  duty respond"),
    ("expect T‸1 respond met", "  2026-03-02 16:00  T1 opened"),
    ("severity ‸2\n", "  severities 1, 2"),
])
async def test_definition(editor: Editor, words: str, line: str) -> None:
    one = await editor.policy()
    place, = await defined(editor, one, words)
    assert place.uri == one.uri and one.line(place.range).startswith(line)


async def test_a_quotation_leads_to_the_contract_s_own_words(editor: Editor) -> None:
    one = await editor.policy()
    place, = await defined(editor, one, "> 2. Brightline shall ‸respond")
    assert place.uri == (editor.folder / "source.txt").as_uri()
    assert SOURCE.split("\n")[place.range.start.line].startswith("2. Brightline shall respond")


async def test_paths_lead_to_files(editor: Editor) -> None:
    one = await editor.policy()
    editor.write("policy.sla", POLICY)
    place, = await defined(editor, one, '"source‸.txt"')
    assert place.uri == (editor.folder / "source.txt").as_uri()
    tries = await editor.open("tries.sla", SCENARIOS)
    place, = await defined(editor, tries, 'scenarios of "poli‸cy.sla"')
    assert place.uri == one.uri


async def test_from_scenarios_to_the_policy(editor: Editor) -> None:
    one = await editor.policy()
    tries = await editor.open("tries.sla", SCENARIOS)
    place, = await defined(editor, tries, "expect T1 resp‸ond")
    assert place.uri == one.uri and one.line(place.range) == "  duty respond"


async def test_a_definition_that_cannot_be_read_is_found_where_its_word_stands(editor: Editor) -> None:
    one = await editor.policy()
    await editor.change(one, "\n" + POLICY.replace("  calendar SupportHours", "  calendar SupportHours ((("))
    place, = await defined(editor, one, "counted in Support‸Hours")
    assert one.line(place.range) == "  calendar SupportHours ((("


async def test_references_stand_in_both_files(editor: Editor) -> None:
    one = await editor.policy()
    tries = await editor.open("tries.sla", SCENARIOS)
    for definitions, count in ((True, 4), (False, 3)):
        asked = types.ReferenceParams(context=types.ReferenceContext(definitions), **editor.place(one, "duty re‸spond"))
        found = await editor.client.text_document_references_async(asked)
        assert found is not None and len(found) == count
        assert {place.uri for place in found} == {one.uri, tries.uri}


async def test_a_ticket_of_a_scenario_is_its_own(editor: Editor) -> None:
    one = await editor.policy(POLICY + SCENARIOS.partition('"policy.sla"\n')[2])
    asked = types.DocumentHighlightParams(**editor.place(one, "expect T‸1 respond not owed"))
    found = await editor.client.text_document_document_highlight_async(asked)
    assert found is not None and len(found) == 2


async def test_outline(editor: Editor) -> None:
    one = await editor.policy()
    asked = types.DocumentSymbolParams(types.TextDocumentIdentifier(one.uri))
    found = await editor.client.text_document_document_symbol_async(asked)
    assert found is not None
    shown = {item.name: [part.name for part in item.children or ()] for item in found
             if isinstance(item, types.DocumentSymbol)}
    assert list(shown) == ["Brightline", "channel", "gone", "1", "2", "an email is answered in time"]
    assert shown["1"] == ["SupportHours"] and shown["2"] == ["1, 2", "times", "late", "respond"]
    late = next(part for item in found if item.name == "2" for part in item.children or () if part.name == "late")
    assert [part.name for part in late.children] == ["runs", "stands"]
    assert late.detail == "reading: Does the clock run on while nobody is there?"
    assert one.within(late.selection_range) == "late"


async def test_workspace_symbols(editor: Editor) -> None:
    one = await editor.policy()
    found = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams("supHou"))
    names = {(item.name, item.container_name) for item in found or () if item.location.uri == one.uri}
    assert names == {("SupportHours", "1")}


async def test_folding(editor: Editor) -> None:
    one = await editor.policy("-- one\n-- two\n\n" + POLICY)
    asked = types.FoldingRangeParams(types.TextDocumentIdentifier(one.uri))
    found = await editor.client.text_document_folding_range_async(asked)
    lines = one.text.split("\n")
    folds = {lines[fold.start_line].strip(): lines[fold.end_line].strip() for fold in reversed(found or ())}
    assert folds['clause "1"'] == "closed on holidays of US"
    assert folds["duty respond"] == "on reopening change nothing"
    assert folds["-- one"] == "-- two"
    assert folds['scenario "an email is answered in time"'] == "expect T1 respond met"
