"""Completion: what may come next, and nothing else."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.lsp.editor import MARK, POLICY, SCENARIOS, Editor

pytestmark = pytest.mark.asyncio(loop_scope="session")

DUTY = '  duty another\n    when request opened\n    Brightline must respond '
"""A rule half written, put into the policy before its scenario."""


async def offered(editor: Editor, typed: str, policy: str = POLICY) -> dict[str, types.CompletionItem]:
    """What is offered at the mark of lines put before the scenario; the policy was read before they were typed."""
    one = await editor.policy(policy)
    await editor.change(one, policy.replace('scenario "an', typed.replace(MARK, "") + '\nscenario "an'), wait=False)
    asked = types.CompletionParams(**editor.place(one, typed + '\nscenario "an'))
    found = await editor.client.text_document_completion_async(asked)
    assert isinstance(found, types.CompletionList)
    return {item.label: item for item in found.items}


@pytest.mark.parametrize(("typed", "wanted"), [
    ("  duty x\n    ‸", {"when", "if", "performed when", "on", "each party must not", "Brightline", "Customer"}),
    (f"{DUTY}within 8 hours counted in ‸", {"SupportHours", "Always"}),
    (f"{DUTY}within ‸", {"response_time", "as read in"}),
    (f"{DUTY}as read in ‸", {"late"}),
    (f"{DUTY}within 8 ‸", {"minutes", "hours", "days", "weeks", "months"}),
    ("  duty x\n    when request opened\n    if reading late is ‸", {"runs", "stands"}),
    ("  duty x\n    when request ‸", {"opened", "resolved", "reopened", "escalated"}),
    ("  duty x\n    when respond ‸", {"breached", "met", "missed", "reached", "performed"}),
    ("  duty x\n    when request opened\n    Brightline must ‸", {"respond", "resolve", "keep"}),
    ("  duty x\n    when request opened\n    if channel is ‸", {"telephone", "email", "any of", "not"}),
    ("  duty x\n    when request opened\n    if severity is ‸", {"1", "2"}),
    ("fact x of ‸", {"request", "ticket", "agreement"}),
    ("fact x of request: ‸", {"yes or no", "one of", "number", "date"}),
    ("role caller of ‸", {"Brightline", "Customer"}),
    ("calendar X\n  open Monday to ‸", {"Friday", "Sunday"}),
    ("calendar X\n  zone America/New‸", {"America/New_York"}),
    ("‸", {"duty", "clause", "scenario", "fact", "calendar"}),
    ('scenario "x"\n  2026-03-02 16:00  T1 opened by ‸', {"Customer", "Brightline"}),
    ('scenario "x"\n  2026-03-02 16:00  T1 opened, ‸', {"channel", "gone", "severity", "id", "not"}),
    ('scenario "x"\n  2026-03-02 16:00  T1 opened, channel ‸', {"telephone", "email"}),
    ('scenario "x"\n  2026-03-02 16:00  T1 opened\n  expect T1 ‸', {"respond"}),
    ('scenario "x"\n  2026-03-02 16:00  T1 opened\n  expect T1 respond ‸', {"met", "breached", "owed", "due at"}),
    ('scenario "x"\n  reading ‸', {"late"}),
])
async def test_what_may_come_next(editor: Editor, typed: str, wanted: set[str]) -> None:
    found = await offered(editor, typed)
    assert wanted <= set(found), wanted - set(found)


@pytest.mark.parametrize(("typed", "unwanted"), [
    (f"{DUTY}within 8 hours counted in ‸", {"respond", "channel", "within", "Customer"}),
    ("  duty x\n    ‸", {"calendar", "respond", "fact"}),
    ("role caller of ‸", {"channel", "SupportHours"}),
    ("  duty x\n    when respond ‸", {"opened", "resolved"}),
    ("  duty x\n    if channel is ‸", {"SupportHours", "opened", "runs"}),
])
async def test_what_may_not_come_is_not_offered(editor: Editor, typed: str, unwanted: set[str]) -> None:
    assert not unwanted & set(await offered(editor, typed))


@pytest.mark.parametrize("typed", [
    "-- a remark ‸", '  > words of the contract ‸', 'fact x of request: yes or no "a text ‸', "fact ‸",
    "calendar ‸", 'clause "‸',
])
async def test_nothing_is_offered_in_free_words_and_for_new_names(editor: Editor, typed: str) -> None:
    assert not await offered(editor, typed)


async def test_a_word_half_typed_is_replaced(editor: Editor) -> None:
    found = await offered(editor, f"{DUTY}within 8 hours counted in Supp‸")
    edit = found["SupportHours"].text_edit
    assert isinstance(edit, types.TextEdit) and edit.new_text == "SupportHours"
    assert edit.range.end.character - edit.range.start.character == len("Supp")


async def test_columns_after_emoji(editor: Editor) -> None:
    found = await offered(editor, 'scenario "🎉"\n  2026-03-02 16:00  T1 opened, channel "🎉🎉" , channel e‸')
    edit = found["email"].text_edit
    assert isinstance(edit, types.TextEdit)
    assert edit.range.end.character - edit.range.start.character == 1


async def test_each_offer_says_what_it_is(editor: Editor) -> None:
    found = await offered(editor, "  duty x\n    when request opened\n    if ‸")
    assert found["gone"].detail == "fact: the requestor is gone"
    assert found["gone"].kind == types.CompletionItemKind.Field
    assert found["reading"].kind == types.CompletionItemKind.Keyword


async def test_names_stay_while_a_line_cannot_be_read(editor: Editor) -> None:
    broken = POLICY.replace("  calendar SupportHours", "  calender! SupportHours ((")
    one = await editor.policy()
    await editor.change(one, broken)
    asked = types.CompletionParams(**editor.place(one, "response_time counted in ‸SupportHours"))
    found = await editor.client.text_document_completion_async(asked)
    assert isinstance(found, types.CompletionList)
    assert "SupportHours" in {item.label for item in found.items}


async def test_a_new_name_is_offered_though_the_policy_has_a_mistake_elsewhere(editor: Editor) -> None:
    one = await editor.policy()
    await editor.change(one, POLICY.replace("fact gone", "fact leaving of request: yes or no\nfact gone") + "oops\n")
    typed = one.text.replace("unless channel", "unless leaving or channel")
    await editor.change(one, typed, wait=False)
    asked = types.CompletionParams(**editor.place(one, "unless ‸leaving"))
    found = await editor.client.text_document_completion_async(asked)
    assert isinstance(found, types.CompletionList)
    assert {"leaving", "gone"} <= {item.label for item in found.items}


async def test_a_file_of_scenarios_is_offered_the_names_of_its_policy(editor: Editor) -> None:
    await editor.policy()
    one = await editor.open("tries.sla", SCENARIOS)
    asked = types.CompletionParams(**editor.place(one, "expect T1 ‸respond"))
    found = await editor.client.text_document_completion_async(asked)
    assert isinstance(found, types.CompletionList)
    assert "respond" in {item.label for item in found.items}
