"""Diagnostics: of the text as it stands in the editor, saved or not, and never of a text that is gone."""

from __future__ import annotations

import subprocess
import sys

import pytest
from lsprotocol import types

from tests.lsp.editor import POLICY, SCENARIOS, Editor, Text

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_sound_policy_has_no_errors(editor: Editor) -> None:
    one = await editor.policy(wait=False)
    assert not [d for d in await editor.checked(one) if d.severity == types.DiagnosticSeverity.Error]


async def test_a_mistake_is_told_at_its_words_and_goes_when_it_is_mended(editor: Editor) -> None:
    one = await editor.policy(POLICY.replace("counted in SupportHours", "counted in SuportHours"), wait=False)
    found, = await editor.checked(one)
    assert one.within(found.range) == "SuportHours"
    assert found.code == "E0302" and found.source == "slarules"
    assert found.severity == types.DiagnosticSeverity.Error
    assert "did you mean `SupportHours`?" in found.message
    assert found.code_description is not None and found.code_description.href.endswith("docs/diagnostics/E0302.md")
    await editor.change(one, POLICY, wait=False)
    assert not [d for d in await editor.checked(one) if d.severity == types.DiagnosticSeverity.Error]


async def test_the_contract_s_words_are_read_beside_the_policy(editor: Editor) -> None:
    one = await editor.policy(POLICY.replace("> The Customer states", "> The Customer says", 1), wait=False)
    codes = {d.code for d in await editor.checked(one)}
    assert "E0401" in codes


async def test_related_places_are_told(editor: Editor) -> None:
    twice = POLICY.replace("fact gone of", "fact channel of")
    one = await editor.policy(twice, wait=False)
    found = next(d for d in await editor.checked(one) if d.code == "E0301")
    related, = found.related_information or ()
    assert related.location.uri == one.uri
    assert one.line(related.location.range).startswith("fact channel of request: one")


async def test_columns_count_what_the_editor_counts(editor: Editor) -> None:
    emoji = POLICY.replace('"the requestor is gone"', '"🎉 gone 🎉" oops')
    one = await editor.policy(emoji, wait=False)
    found = next(d for d in await editor.checked(one) if d.code == "E0201")
    assert one.within(found.range) == "oops"


async def test_lint_follows_when_the_writer_rests(editor: Editor) -> None:
    unused = POLICY.replace("scenario \"an", 'fact never_asked of request: yes or no "x"\n\nscenario "an')
    one = await editor.policy(unused, wait=False)
    await editor.checked(one)
    found = await editor.checked(one)
    lint = [d for d in found if str(d.code).startswith("L")]
    assert any("never_asked" in d.message for d in lint)
    assert {d.severity for d in lint} <= {types.DiagnosticSeverity.Warning, types.DiagnosticSeverity.Information}


async def test_only_the_last_text_is_told_of(editor: Editor) -> None:
    one = await editor.policy()
    for number in range(10):
        await editor.change(one, POLICY + f"fact a{number} of", wait=False)
    told = []
    while one.version not in told:
        told.append((await editor.next(lambda told: told.uri == one.uri)).version)
    assert len(told) < 10, "texts that were gone were told of"


async def test_a_file_of_scenarios_is_checked_against_its_policy_as_the_editor_has_it(editor: Editor) -> None:
    policy = await editor.policy()
    tries = await editor.open("tries.sla", SCENARIOS, wait=False)
    assert not await editor.checked(tries)
    await editor.change(policy, POLICY.replace("duty respond", "duty answer").replace("T1 respond", "T1 answer"),
                        wait=False)
    found, = await editor.checked(tries)
    assert "respond" in found.message


async def test_a_policy_that_is_not_there_is_told(editor: Editor) -> None:
    one = await editor.open("lost.sla", SCENARIOS, wait=False)
    assert [d.code for d in await editor.checked(one)] == ["E0113"]


async def test_a_closed_file_has_no_diagnostics(editor: Editor) -> None:
    one = await editor.policy(POLICY + "oops\n")
    close = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(one.uri))
    editor.client.text_document_did_close(close)
    await editor.next(lambda told: told.uri == one.uri and not told.diagnostics)


@pytest.mark.parametrize("text", ["", "\ufeffslarules 1\n", "slarules 1\r\n\r\ncontract X\r", ">", "\0", "\"", "| |",
                                  "scenarios of \"", "slarules 1\n\ncontract \ud83d\n", "  -- \u2028\n\tx\n"])
async def test_any_text_is_read(editor: Editor, text: str) -> None:
    one = await editor.open("odd.sla", text)
    document = types.TextDocumentIdentifier(one.uri)
    ask = editor.client
    for place in (types.Position(0, 0), types.Position(0, 1), types.Position(2, 3), types.Position(99, 99)):
        await ask.text_document_completion_async(types.CompletionParams(document, place))
        await ask.text_document_hover_async(types.HoverParams(document, place))
        await ask.text_document_definition_async(types.DefinitionParams(document, place))
    await ask.text_document_semantic_tokens_full_async(types.SemanticTokensParams(document))
    await ask.text_document_folding_range_async(types.FoldingRangeParams(document))
    await ask.text_document_document_symbol_async(types.DocumentSymbolParams(document))
    await ask.text_document_code_lens_async(types.CodeLensParams(document))
    assert await ask.text_document_hover_async(
        types.HoverParams(types.TextDocumentIdentifier("file:///nowhere/x.sla"), types.Position(0, 0))) is None


async def test_an_unsaved_text_has_no_folder(editor: Editor) -> None:
    one = Text("untitled:Untitled-1", POLICY, 1)
    editor.opened.append(one)
    item = types.TextDocumentItem(one.uri, "slarules", 1, POLICY)
    editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    assert "E0405" in {d.code for d in await editor.checked(one)}


@pytest.mark.parametrize("module", ["pygls", "lsprotocol"])
async def test_without_the_extra_the_command_says_what_to_install(module: str) -> None:
    code = f"import sys; sys.modules[{module!r}] = None; from slarules.cli.main import main; main()"
    ran = subprocess.run([sys.executable, "-c", code, "lsp"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert ran.returncode == 1 and ran.stdout == ""
    assert "pip install 'slarules[lsp]'" in ran.stderr and "Traceback" not in ran.stderr
