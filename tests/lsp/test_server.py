"""The server's manners: no fault of ours reaches the editor, and the process ends when the editor says so."""

from __future__ import annotations

import json
import logging
import subprocess
from typing import Any

import pytest
from pygls.exceptions import JsonRpcException

from slarules.lsp.lenses import RUN
from slarules.lsp.rename import Refused
from slarules.lsp.server import _guarded
from tests.lsp.conftest import COMMAND


def message(body: dict[str, Any]) -> bytes:
    data = json.dumps({"jsonrpc": "2.0", **body}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(data), data)


def test_a_fault_is_logged_and_answered_empty(caplog: pytest.LogCaptureFixture) -> None:
    @_guarded([])
    def faulty() -> list[int]:
        raise KeyError("oops")

    with caplog.at_level(logging.ERROR, "slarules.lsp"):
        assert faulty() == []
    assert "a fault in faulty" in caplog.text and "KeyError" in caplog.text


@pytest.mark.asyncio
async def test_so_is_one_that_comes_later(caplog: pytest.LogCaptureFixture) -> None:
    @_guarded(None)
    async def faulty() -> None:
        raise RecursionError

    with caplog.at_level(logging.ERROR, "slarules.lsp"):
        assert await faulty() is None
    assert "a fault in faulty" in caplog.text


def test_a_refusal_reaches_the_editor() -> None:
    @_guarded(None)
    def refusing() -> None:
        raise Refused("`x` is built in")

    with pytest.raises(JsonRpcException, match="built in"):
        refusing()


def test_stdout_has_nothing_but_the_protocol_and_the_process_ends() -> None:
    asked = [
        {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
        {"method": "initialized", "params": {}},
        {"id": 2, "method": "textDocument/hover", "params": {"textDocument": {"uri": "file:///x.sla"},
                                                             "position": {"line": 0, "character": 0}}},
        {"id": 3, "method": "workspace/executeCommand", "params": {"command": RUN, "arguments": [3]}},
        {"id": 4, "method": "no/such", "params": {}},
        {"id": 5, "method": "shutdown"},
        {"method": "exit"},
    ]
    ran = subprocess.run(COMMAND, input=b"".join(message(one) for one in asked), capture_output=True, timeout=60)
    assert ran.returncode == 0
    rest, answers = ran.stdout, {}
    while rest:
        head, _, rest = rest.partition(b"\r\n\r\n")
        length = int(head.split(b"Content-Length:")[1].split(b"\r\n")[0])
        told = json.loads(rest[:length])
        rest = rest[length:]
        answers[told.get("id")] = told
    assert answers[1]["result"]["serverInfo"]["name"] == "slarules"
    assert answers[1]["result"]["capabilities"]["positionEncoding"] == "utf-16"
    assert answers[2]["result"] is None
    assert answers[3]["result"]["passed"] is None
    assert "Traceback" not in ran.stdout.decode()
    assert "Traceback" not in ran.stderr.decode()
