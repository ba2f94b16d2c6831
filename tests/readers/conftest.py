"""Each file that the tests of reading row by row have read is read in columns too, and must give the same."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from slarules.readers import Tally, jsonl
from tests.readers.both import compared

NO_TEXT = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, b"\x1f\x8b", b"PK\x03\x04", b"PAR1")
"""How files begin that are refused whole."""


@pytest.fixture(autouse=True, scope="module")
def also_in_columns(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if request.module.__name__.rpartition(".")[2] in ("test_jsonl", "test_tables", "test_tickets"):
            patch.setattr(request.module, "read_events", compared)
        if hasattr(request.module, "json_events"):
            patch.setattr(request.module, "json_events", lines_compared)
        yield


def lines_compared(stream: Any, tally: Tally, strict: bool = False) -> Iterator[Any]:
    if isinstance(stream, io.BytesIO):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "events.jsonl"
            path.write_bytes(stream.getvalue())
            found = compared(path, strict=strict)
            refused = any(problem.code == "E0610" for problem in found.problems)
            assert refused == stream.getvalue().startswith(NO_TEXT)
    yield from jsonl.json_events(stream, tally, strict)
