"""Code actions, formatting and code lenses: what can be done from within the editor."""

from __future__ import annotations

import pytest
from lsprotocol import types

from slarules.lsp.lenses import RUN
from slarules.source import Source
from slarules.syntax.format import format_policy
from tests.lsp.editor import EXAMPLES, POLICY, SCENARIOS, Editor, Text, edited

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def actions(editor: Editor, one: Text, words: str, only: list[str] | None = None) -> list[types.CodeAction]:
    """What is offered at the mark."""
    place = one.at(words)
    context = types.CodeActionContext([], only=only)
    asked = types.CodeActionParams(types.TextDocumentIdentifier(one.uri), types.Range(place, place), context)
    found = await editor.client.text_document_code_action_async(asked)
    return [one for one in found or () if isinstance(one, types.CodeAction)]


def applied(one: Text, action: types.CodeAction) -> str:
    assert action.edit is not None and action.edit.changes is not None
    return edited(one.text, action.edit.changes[one.uri])


async def test_a_mend_is_offered_where_it_is_certain(editor: Editor) -> None:
    one = await editor.policy(POLICY.replace("on reopening", "on reopning").replace("unless", "unles"))
    mend, everything = await actions(editor, one, "on reop‸ning")
    assert mend.title == "write `reopening` instead of `reopning`" and mend.is_preferred
    assert mend.diagnostics and mend.diagnostics[0].code == "E0201"
    assert applied(one, mend) == POLICY.replace("unless", "unles")
    assert everything.title == "mend everything that has one certain mend (2)"
    assert applied(one, everything) == POLICY


async def test_only_what_is_asked_for(editor: Editor) -> None:
    one = await editor.policy(POLICY.replace("on reopening", "on reopning"))
    assert {a.kind for a in await actions(editor, one, "on reop‸ning", ["quickfix"])} == {"quickfix"}
    assert {a.kind for a in await actions(editor, one, "on reop‸ning", ["source.fixAll"])} == {"source.fixAll"}
    assert {a.kind for a in await actions(editor, one, "on reop‸ning", ["source"])} == {"source.fixAll"}
    assert not await actions(editor, one, "on reop‸ning", ["refactor"])


async def test_a_finding_of_lint_may_be_allowed(editor: Editor) -> None:
    text = POLICY.replace("fact gone", "fact never_asked of request: yes or no\nfact gone")
    one = await editor.policy(text, wait=False)
    await editor.checked(one)
    await editor.checked(one)
    action = next(a for a in await actions(editor, one, "fact never‸_asked") if "-- allow" in a.title)
    after = applied(one, action)
    assert "\n-- allow never-used: \nfact never_asked" in after, after
    name = action.title.split("`")[1].removeprefix("-- allow ").rstrip(":")
    await editor.change(one, after.replace(f"allow {name}: ", f"allow {name}: it is asked by the desk"), wait=False)
    await editor.checked(one)
    found = await editor.checked(one)
    assert not [d for d in found if "never_asked" in d.message]


async def test_formatting(editor: Editor) -> None:
    ragged = POLICY.replace("    | 1        | 1 hour        |", "    |1|1 hour|").replace("duty re", "duty   re")
    one = await editor.policy(ragged)
    asked = types.DocumentFormattingParams(types.TextDocumentIdentifier(one.uri), types.FormattingOptions(2, True))
    edits = await editor.client.text_document_formatting_async(asked)
    assert edits and edited(ragged, edits) == format_policy(Source("x", ragged)).text
    assert sum(e.range.end.line - e.range.start.line for e in edits) < 10, "only lines that differ are edited"
    await editor.change(one, edited(ragged, edits))
    assert not await editor.client.text_document_formatting_async(asked)


async def test_what_cannot_be_read_is_not_formatted(editor: Editor) -> None:
    one = await editor.policy(POLICY.replace("duty respond", "duty   respond") + "oops\n")
    asked = types.DocumentFormattingParams(types.TextDocumentIdentifier(one.uri), types.FormattingOptions(2, True))
    assert not await editor.client.text_document_formatting_async(asked)


async def lenses(editor: Editor, one: Text) -> list[types.Command]:
    asked = types.CodeLensParams(types.TextDocumentIdentifier(one.uri))
    found = await editor.client.text_document_code_lens_async(asked)
    return [lens.command for lens in found or () if lens.command is not None]


async def run(editor: Editor, command: types.Command) -> dict[str, object]:
    asked = types.ExecuteCommandParams(command.command, list(command.arguments or ()))
    answer = await editor.client.workspace_execute_command_async(asked)
    return dict(answer) if isinstance(answer, dict) else vars(answer)


async def test_a_scenario_is_run_from_its_line(editor: Editor) -> None:
    one = await editor.policy()
    lens, = await lenses(editor, one)
    assert lens.title == "▶ run scenario" and lens.command == RUN
    answer = await run(editor, lens)
    assert answer["passed"] is True
    assert str(answer["text"]).split("\n")[:4] == [
        "an email is answered in time: ✓ passed, 2 expectations",
        "times in America/New_York",
        "2026-03-02  16:00     T1 opened by Customer, channel email, severity 2",
        "            16:00     expect T1 respond pending, due at 2026-03-03 16:00  ✓ as expected",
    ]
    lens, = await lenses(editor, one)
    assert lens.title == "✓ passed, 2 expectations — run again"
    await editor.change(one, POLICY.replace("respond met", "respond breached"))
    lens, = await lenses(editor, one)
    assert lens.title == "▶ run scenario", "the outcome was another text's"
    answer = await run(editor, lens)
    assert answer["passed"] is False and "✗ T1 respond met at 10:00" in str(answer["text"])
    lens, = await lenses(editor, one)
    assert lens.title == "✗ 1 of 2 expectations failed — run again"


async def test_scenarios_of_a_file_of_their_own_run_against_the_unsaved_policy(editor: Editor) -> None:
    await editor.policy()
    tries = await editor.open("tries.sla", SCENARIOS)
    lens, = await lenses(editor, tries)
    assert (await run(editor, lens))["passed"] is True


async def test_a_scenario_with_examples_is_one_that_runs_each_row(editor: Editor) -> None:
    one = await editor.policy(POLICY + EXAMPLES)
    lens = (await lenses(editor, one))[1]
    answer = await run(editor, lens)
    assert answer["passed"] is True and "severity 1: ✓ passed" in str(answer["text"]), answer
    assert (await lenses(editor, one))[1].title == "✓ passed, 2 expectations — run again"
    asked = types.RenameParams(new_name="answer", **editor.place(one, "duty re‸spond"))
    found = await editor.client.text_document_rename_async(asked)
    assert found is not None and found.changes is not None
    await editor.change(one, edited(one.text, found.changes[one.uri]))
    assert "expect T1 answer pending, due at <due>" in one.text
    assert (await run(editor, (await lenses(editor, one))[1]))["passed"] is True
    outline = types.DocumentSymbolParams(types.TextDocumentIdentifier(one.uri))
    shown = await editor.client.text_document_document_symbol_async(outline)
    assert shown is not None and shown[-1].name == "severity <level>" and not shown[-1].children


async def test_what_cannot_be_run_says_why(editor: Editor) -> None:
    one = await editor.policy(POLICY.replace("counted in SupportHours", "counted in Nothing"))
    lens, = await lenses(editor, one)
    answer = await run(editor, lens)
    assert answer["passed"] is None and "the policy has errors" in str(answer["text"])
    answer = await run(editor, types.Command("x", RUN, arguments=[{"uri": one.uri, "title": "gone"}]))
    assert answer["passed"] is None and "no such scenario" in str(answer["text"])
    await editor.change(one, POLICY.replace("expect T1 respond met", "expect T1 nothing met"))
    lens, = await lenses(editor, one)
    answer = await run(editor, lens)
    assert answer["passed"] is None and "`nothing`" in str(answer["text"])
