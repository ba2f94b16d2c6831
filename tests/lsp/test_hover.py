"""Hover: the contract's words, the duty in plain English, and what it comes to on a clock."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.lsp.editor import POLICY, SCENARIOS, Editor, Text

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def told(editor: Editor, one: Text, words: str) -> str:
    found = await editor.client.text_document_hover_async(types.HoverParams(**editor.place(one, words)))
    assert found is not None and isinstance(found.contents, types.MarkupContent)
    assert found.range is not None
    return found.contents.value


@pytest.mark.parametrize(("words", "wanted"), [
    ("duty re‸spond", [
        "**duty** `respond`", "> 2. Brightline shall respond to each request",
        "When a request is opened, Brightline must respond to Customer",
        "**For example** opened Mon 16:00 → due 1: Mon 17:00, 2: Tue 16:00", "`late` is `runs`",
    ]),
    ("calendar Support‸Hours", [
        "**calendar** `SupportHours`", "Monday to Friday", "40 h in the week 2 Mar to 8 Mar 2026",
        "1 Jan (New Year's Day)",
    ]),
    ("reading la‸te", ["Does the clock run on while nobody is there?", "- ✓ `runs`: no words stop it", "- · `stands`",
                       "Adopted: `runs`, because no words stop it"]),
    ("option sta‸nds", ["**option** `stands`", "An option of the reading `late`", "**`stands`**"]),
    ("unless chan‸nel", ["**fact** `channel`", "one of “telephone” or “email”", "unknown"]),
    ("channel is tele‸phone", ["**value** `telephone`", "A value of the fact `channel`"]),
    ("  Bright‸line must", ["**party** `Brightline`", "The provider, which the contract calls “Brightline”"]),
    ("when request op‸ened", ["**event** `opened`", "may happen to a request", "open"]),
    ("must resp‸ond to",
     ["**act** `respond`", "“responded” may happen to a request", "It is done by the act “respond”"]),
    ("within response‸_time", ["**column** `response_time`", "1 hour"]),
    ("    | 1‸        | 1 hour", ["**severity** `1`"]),
])
async def test_what_is_told(editor: Editor, words: str, wanted: list[str]) -> None:
    one = await editor.policy()
    text = await told(editor, one, words)
    for part in wanted:
        assert part in text, text


async def test_in_a_file_of_scenarios_the_policy_is_told_of(editor: Editor) -> None:
    await editor.policy()
    one = await editor.open("tries.sla", SCENARIOS)
    assert "Brightline must respond" in await told(editor, one, "expect T1 resp‸ond")
    assert "The customer" in await told(editor, one, "by cust‸omer")


async def test_a_policy_that_cannot_be_read_keeps_its_last_good_meaning(editor: Editor) -> None:
    one = await editor.policy()
    await editor.change(one, POLICY.replace("    open Monday to Friday", "    opn Mnday! to Friday"))
    assert "Brightline must respond to Customer" in await told(editor, one, "duty re‸spond")
    assert "Monday to Friday" in await told(editor, one, "counted in Support‸Hours")


async def test_a_policy_that_never_was_good_shows_the_lines_themselves(editor: Editor) -> None:
    one = await editor.policy(POLICY.replace("counted in SupportHours", "counted in Nothing"))
    text = await told(editor, one, "duty re‸spond")
    assert "```sla\nduty respond" in text


async def test_users_words_are_no_markdown(editor: Editor) -> None:
    odd = POLICY.replace('"the requestor is gone"', '"*gone* <b>[x](y)"')
    one = await editor.policy(odd)
    assert "\\*gone\\* \\<b\\>\\[x\\](y)" in await told(editor, one, "fact go‸ne")


async def test_nothing_is_told_of_keywords(editor: Editor) -> None:
    one = await editor.policy()
    asked = types.HoverParams(**editor.place(one, "Brightline mu‸st"))
    assert await editor.client.text_document_hover_async(asked) is None
