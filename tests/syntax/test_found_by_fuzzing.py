"""What fuzzing found in the reading of policies: each input with what is said of it."""

from __future__ import annotations

import time

import pytest

from slarules.source import Source
from slarules.syntax.parse import parse

FOUND = {
    "the first line stands deeper than what follows": (
        "    contract C\n  provider P\nslarules 1\n",
        ["E0110", "E0102"],
    ),
    "lines under the first one, which takes none": (
        "slarules 1\n  contract C\n    provider P\n  a ticket is called “case”\n",
        ["E0203"],
    ),
    "a quotation of several lines where none can stand": (
        'slarules 1\ncontract C\n  provider P\nscenario "s"\n  > one\n  > two\n  09:00  T1 opened\n',
        ["E0201"],
    ),
}


@pytest.mark.parametrize("title", FOUND)
def test_it_is_told_with_diagnostics(title: str) -> None:
    text, codes = FOUND[title]
    _, problems = parse(Source("found.sla", text))
    assert [p.code for p in problems][: len(codes)] == codes, problems
    assert not any("\n" in p.message for p in problems), problems


@pytest.mark.parametrize(
    "lines",
    [
        "fact f of request: one of " + ",\n  ".join(["name"] * 20_000),
        "fact f of request: one of " + ", -- why\n  ".join(["name"] * 20_000),
        'clause "c"\n' + "  > words\n" * 20_000 + '  information because "x"',
    ],
    ids=["a statement of many lines", "with a comment at each", "a quotation of many lines"],
)
def test_time_grows_with_the_text(lines: str) -> None:
    text = f"slarules 1\ncontract C\n  provider P\n{lines}\n"
    began = time.process_time()
    _, problems = parse(Source("long.sla", text))
    assert problems == ()
    assert time.process_time() - began < 3  # it took half a minute when each line looked at all those before it
