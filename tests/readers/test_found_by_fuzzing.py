"""What fuzzing found in the reading of events: each line is set aside with its cause, and nothing is raised."""

from __future__ import annotations

import io

import pytest

from slarules.readers.jsonl import json_events
from slarules.readers.rejects import Rejected, Tally

EVENT = '{"id": "1", "subject": "T1", "type": "recorded", "at": "2026-03-02T09:00:00Z", "facts": {"n": %s}}'
FOUND = {
    "an exponent that no number can have": (EVENT % "1e99999999999999999999", "E0624"),
    "likewise below one": (EVENT % "1.5E-99999999999999999999", "E0624"),
    "likewise where a name belongs": ('{"id": 5e99999999999999999999999999999999999}', "E0624"),
}


@pytest.mark.parametrize("title", FOUND)
def test_the_line_is_set_aside(title: str) -> None:
    line, code = FOUND[title]
    (entry,) = json_events(io.BytesIO(line.encode()), Tally())
    assert isinstance(entry, Rejected) and entry.code == code
