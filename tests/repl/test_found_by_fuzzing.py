"""What fuzzing found at the prompt."""

from __future__ import annotations

import pytest

from slarules.diagnostics import Diagnostic
from slarules.repl.reading import read_line
from slarules.repl.session import Session

ENTRIES = ('show 3.2"\n   at', "show respond\nat", "fork a\nb", "set reading ack =\n  none", "next\nx")


@pytest.mark.parametrize("text", ENTRIES)
def test_words_over_several_lines_are_told_on_one(case: Session, text: str) -> None:
    found = read_line(text, case)
    assert isinstance(found, tuple) and all(isinstance(one, Diagnostic) and "\n" not in one.message for one in found)
