"""Rename: everywhere at once, or not at all."""

from __future__ import annotations

import re

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from slarules.scenario.reading import read_all
from slarules.scenario.run import run
from tests.lsp.editor import POLICY, SCENARIOS, Editor, Text, edited, unsaved

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHOICE = '''
event asked_for of request act ask_for "x"

choice remedy of Customer
  when respond breached
  option work: Brightline must respond until request closed
  option wait: Brightline must ask_for until request closed
  within 2 hours otherwise work

scenario "a choice"
  2026-03-02 09:00  T1 opened by Customer, channel email, severity 1
  10:30             T1 elected by Customer, remedy wait
  expect T1 remedy is wait
  expect T1 ask_for pending
  expect T1 remedy_work not owed
'''
"""A choice whose options make duties, one of them with a name put together of the choice's and the option's."""


async def renamed(editor: Editor, one: Text, words: str, new: str) -> dict[str, str]:
    """The texts after a rename, by the end of their URI."""
    asked = types.RenameParams(new_name=new, **editor.place(one, words))
    found = await editor.client.text_document_rename_async(asked)
    assert found is not None and found.changes is not None
    texts = {one.uri: one.text}
    for uri in found.changes:
        if uri != one.uri:
            texts[uri] = (editor.folder / uri.rpartition("/")[2]).read_text("utf-8")
    return {uri.rpartition("/")[2]: edited(text, found.changes.get(uri, ())) for uri, text in texts.items()}


def passes(editor: Editor, text: str) -> None:
    """The text is sound, and its scenarios pass."""
    loaded = unsaved(editor.folder / "policy.sla", text)
    contract = loaded.policy.contract
    assert contract is not None, [d.message for d in loaded.diagnostics]
    scripts, problems = read_all(contract, loaded.file.scenarios)
    assert scripts and not problems and all(run(contract, script).passed for script in scripts)


@pytest.mark.parametrize(("words", "new", "count"), [
    ("duty re‸spond", "answer", 3),
    ("calendar Support‸Hours", "Desk", 2),
    ("fact chan‸nel", "way", 3),
    ("one of tele‸phone", "phone", 2),
    ("provider Bright‸line", "Vendor", 3),
    ("option ru‸ns", "goes_on", 2),
    ("reading la‸te", "delay", 2),
    ("| response‸_time |", "answer_time", 2),
    ("2026-03-02 16:00  T‸1", "T9", 4),
    ("contract Bright‸line", "Agreement", 1),
])
async def test_every_place_is_changed(editor: Editor, words: str, new: str, count: int) -> None:
    one = await editor.policy()
    text = (await renamed(editor, one, words, new))["policy.sla"]
    assert len(re.findall(rf"\b{new}\b", text)) == count, text
    passes(editor, text)


async def test_a_ticket_gets_another_word(editor: Editor) -> None:
    one = await editor.policy()
    text = (await renamed(editor, one, "when req‸uest opened", "case"))["policy.sla"]
    assert 'a ticket is called "case"' in text and "when case opened" in text and "of case: yes or no" in text
    passes(editor, text)


async def test_files_of_scenarios_follow(editor: Editor) -> None:
    one = await editor.policy()
    editor.write("tries.sla", SCENARIOS)
    texts = await renamed(editor, one, "duty re‸spond", "answer")
    assert "expect T1 answer not owed" in texts["tries.sla"]
    texts = await renamed(editor, one, "customer Cust‸omer", "Client")
    assert "opened by customer, channel" in texts["tries.sla"], "a party may be named by its part"
    assert "opened by Client" in texts["policy.sla"]


@pytest.mark.parametrize(("words", "new", "wanted"), [
    ("choice rem‸edy", "cure", ["choice cure of", "cure_work not", "cure is wait", "cure wait"]),
    ("option wo‸rk", "toil", ["otherwise toil", "remedy_toil not owed"]),
    ("act ask‸_for", "demand", ["act demand", "must demand until", "expect T1 demand pending"]),
])
async def test_names_that_are_put_together_follow_their_parts(
    editor: Editor, words: str, new: str, wanted: list[str]
) -> None:
    one = await editor.policy(POLICY + CHOICE)
    passes(editor, one.text)
    text = (await renamed(editor, one, words, new))["policy.sla"]
    for part in wanted:
        assert part in text, text
    passes(editor, text)


@pytest.mark.parametrize(("words", "new", "why"), [
    ("duty re‸spond", "an answer", "is no name"),
    ("duty re‸spond", "1st", "is no name"),
    ("fact chan‸nel", "gone", "twice|taken for something else"),
    ("calendar Support‸Hours", "Always", "built in|taken for something else"),
    ("option ru‸ns", "stands", "twice|taken for something else"),
    ("    | 1‸        | 1 hour", "x", "number"),
    ("when request op‸ened", "x", "built in"),
    ("Brightline mu‸st", "x", "no name here"),
])
async def test_what_would_be_a_mistake_is_refused(editor: Editor, words: str, new: str, why: str) -> None:
    one = await editor.policy()
    with pytest.raises(JsonRpcException, match=why):
        await renamed(editor, one, words, new)


async def test_only_names_may_be_renamed(editor: Editor) -> None:
    one = await editor.policy()
    place = await editor.client.text_document_prepare_rename_async(
        types.PrepareRenameParams(**editor.place(one, "counted in Support‸Hours")))
    assert isinstance(place, types.Range) and one.within(place) == "SupportHours"
    with pytest.raises(JsonRpcException, match="built in"):
        await editor.client.text_document_prepare_rename_async(
            types.PrepareRenameParams(**editor.place(one, "when request op‸ened")))
