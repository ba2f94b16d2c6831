"""What fuzzing found at the prompt."""

from __future__ import annotations

import pytest

from slarules.diagnostics import Diagnostic
from slarules.repl.reading import Command, read_line
from slarules.repl.session import Session

ENTRIES = ('show 3.2"\n   at', "show respond\nat", "fork a\nb", "set reading ack =\n  none", "next\nx")


@pytest.mark.parametrize("text", ENTRIES)
def test_words_over_several_lines_are_told_on_one(case: Session, text: str) -> None:
    found = read_line(text, case)
    assert isinstance(found, tuple) and all(isinstance(one, Diagnostic) and "\n" not in one.message for one in found)


def test_a_long_row_of_dashes_is_read_at_once() -> None:
    """It took twice as long with each two dashes: this line would never have been read."""
    assert not isinstance(read_line("-" * 2000 + ",------- \x01ed\nw", Session()), Command)
    assert isinstance(read_line("-- a remark\n  -- another\n\n", Session()), Command)
