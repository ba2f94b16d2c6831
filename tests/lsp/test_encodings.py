"""Editors that count bytes or whole characters are served in what they count."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from tests.lsp.conftest import COMMAND

TEXT = "slarules 1\n\nfact é🎉x\nfact a of ticket: yes or no \"é🎉\" oops\n"


@pytest.mark.asyncio
@pytest.mark.parametrize(("encoding", "start"), [("utf-8", 37), ("utf-32", 33)])
async def test_positions_are_in_the_units_that_the_editor_offers(encoding: str, start: int, tmp_path: Path) -> None:
    client = LanguageClient("test", "1")
    told: list[types.PublishDiagnosticsParams] = []
    client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: told.append(params))
    await client.start_io(*COMMAND)
    general = types.GeneralClientCapabilities(position_encodings=[encoding])
    can = types.ClientCapabilities(general=general)
    answer = await client.initialize_async(types.InitializeParams(capabilities=can))
    assert answer.capabilities.position_encoding == encoding
    client.initialized(types.InitializedParams())
    item = types.TextDocumentItem((tmp_path / "x.sla").as_uri(), "slarules", 1, TEXT)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    for _ in range(1000):
        if told:
            break
        await asyncio.sleep(0.01)
    found = [d for d in told[0].diagnostics if d.range.start.line == 3]
    assert [d.range.start.character for d in found] == [start]
    assert found[0].range.end.character == start + len("oops")
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
