"""A server in a child process, shared by the tests of these files; each test has a folder of its own."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from tests.lsp.editor import Editor

COMMAND = [sys.executable, "-c", "from slarules.cli.main import main; main()", "lsp"]


@pytest_lsp.fixture(config=ClientServerConfig(server_command=COMMAND), scope="session")
async def client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    for asked in (types.WORKSPACE_INLAY_HINT_REFRESH, types.WORKSPACE_CODE_LENS_REFRESH):
        lsp_client.feature(asked)(lambda _: None)
    told: list[types.PublishDiagnosticsParams] = []
    lsp_client.protocol.fm.features.pop(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    lsp_client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: told.append(params))
    lsp_client.told = told  # type: ignore[attr-defined]
    can = client_capabilities("visual-studio-code")
    await lsp_client.initialize_session(types.InitializeParams(capabilities=can))
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def editor(client: LanguageClient, tmp_path: Path) -> Iterator[Editor]:
    made = Editor(client, tmp_path, client.told)  # type: ignore[attr-defined]
    yield made
    made.close()
