"""Inlay hints and semantic tokens: what stands beside the words, and in which colour."""

from __future__ import annotations

import pytest
from lsprotocol import types

from slarules.lsp.tokens import MODIFIERS, TYPES
from tests.lsp.editor import POLICY, Editor, Text

pytestmark = pytest.mark.asyncio(loop_scope="session")

MORE = '''
duty nudge
  when request opened
  Brightline must update within 8 hours counted in SupportHours
  on severity change keep the deadline
  on reopening change nothing

duty call_back
  when request opened outside SupportHours
  Brightline must acknowledge by the next close of SupportHours
  on reopening change nothing

duty tell_why
  when respond breached
  Brightline must report within 30 days
  on reopening change nothing

duty in_time
  when request opened
  Brightline must report in less than 90 minutes
  on reopening change nothing

duty keep_at_it
  when request opened
  Brightline must reopen continuously
  on reopening change nothing

reading how_long "How long?"
  > The Customer states the severity.
  option short: 1 hour "one way"
  option longer: 20 hours "the other"
  adopt longer because "it is longer"

duty as_read
  when request opened
  Brightline must ask within as read in how_long counted in SupportHours
  on reopening change nothing
'''


async def hints(editor: Editor, one: Text, first: int = 0, last: int = 10_000) -> dict[str, str]:
    """The line of each hint, with its words."""
    where = types.Range(types.Position(first, 0), types.Position(last, 0))
    asked = types.InlayHintParams(types.TextDocumentIdentifier(one.uri), where)
    found = await editor.client.text_document_inlay_hint_async(asked)
    lines = one.text.split("\n")
    for hint in found or ():
        assert hint.position.character == len(lines[hint.position.line]), "it stands after the limit's words"
    return {lines[hint.position.line].strip(): str(hint.label) for hint in found or ()}


async def test_what_limits_mean_on_a_clock(editor: Editor) -> None:
    one = await editor.policy(POLICY.replace("\nscenario", MORE + "\nscenario"))
    found = await hints(editor, one)
    assert found == {
        "Brightline must respond to Customer within response_time counted in SupportHours":
            "opened Mon 16:00 → due 1: Mon 17:00, 2: Tue 16:00",
        "Brightline must update within 8 hours counted in SupportHours": "opened Mon 16:00 → due Tue 16:00",
        "Brightline must acknowledge by the next close of SupportHours": "opened Mon 20:00 → due Tue 17:00",
        "Brightline must report within 30 days": "respond breached Mon 16:00 → due Thu 2 Apr 00:00",
        "Brightline must report in less than 90 minutes": "opened Mon 16:00 → due Mon 17:30",
        "Brightline must ask within as read in how_long counted in SupportHours": "opened Mon 16:00 → due Thu 12:00",
    }
    line = one.text.split("\n").index("  Brightline must update within 8 hours counted in SupportHours")
    assert len(await hints(editor, one, line, line + 1)) == 1


async def test_a_limit_being_changed_has_no_stale_hint(editor: Editor) -> None:
    text = POLICY.replace("\nscenario", MORE + "\nscenario")
    one = await editor.policy(text)
    await editor.change(one, text.replace("within 8 hours", "within 9 hours") + "oops\n")
    found = await hints(editor, one)
    assert "Brightline must update within 9 hours counted in SupportHours" not in found
    assert len(found) == 5
    await editor.change(one, text.replace("within 8 hours", "within 9 hours"))
    assert "opened Mon 16:00 → due Wed 09:00" not in found
    found = await hints(editor, one)
    assert found["Brightline must update within 9 hours counted in SupportHours"] == "opened Mon 16:00 → due Tue 17:00"


def coloured(one: Text, data: object) -> list[tuple[str, str, str]]:
    """Each token's word, type and modifiers."""
    assert isinstance(data, (list, tuple))
    found, line, column = [], 0, 0
    for at in range(0, len(data), 5):
        away, begin, length, kind, marks = data[at : at + 5]
        line, column = line + away, begin if away else column + begin
        where = types.Range(types.Position(line, column), types.Position(line, column + length))
        told = " ".join(name for bit, name in enumerate(MODIFIERS) if marks >> bit & 1)
        found.append((one.within(where), TYPES[kind], told))
    return found


async def test_every_word_has_the_colour_of_what_it_is(editor: Editor) -> None:
    text = POLICY.replace('"the requestor is gone"', '"🎉" -- a remark 🎉') + "\ndate date is 2026-03-02\n"
    one = await editor.policy(text)
    asked = types.SemanticTokensParams(types.TextDocumentIdentifier(one.uri))
    answer = await editor.client.text_document_semantic_tokens_full_async(asked)
    assert answer is not None
    found = coloured(one, answer.data)
    for wanted in (
        ("contract", "keyword", ""), ("Customer", "class", "definition"), ("Customer", "class", ""),
        ('"🎉"', "string", ""), ("-- a remark 🎉", "comment", ""), ("duty", "keyword", ""),
        ("respond", "function", "definition"), ("respond", "method", "defaultLibrary"),
        ("opened", "event", "defaultLibrary"),
        ("channel", "property", "definition"), ("telephone", "enumMember", ""), ("SupportHours", "type", "definition"),
        ("2", "enumMember", "definition"), ("hour", "keyword", ""), ("America/New_York", "macro", ""),
        ("T1", "parameter", ""), ("2026-03-02", "number", ""), ("16:00", "number", ""),
        ("> The Customer states the severity.", "string", "documentation"),
        ("date", "keyword", ""), ("date", "property", "definition"),
    ):
        assert wanted in found, wanted
    words = sum(len(line.split()) for line in one.text.split("\n"))
    assert len(found) > words / 3
