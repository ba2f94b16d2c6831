"""What Tab offers at the cursor, and how words are coloured."""

from __future__ import annotations

import pytest

from slarules.repl.completion import complete
from slarules.repl.highlight import highlighted
from slarules.repl.session import Session


def offered(text: str, session: Session) -> list[str]:
    return [one.text for one in complete(text, session).candidates]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sta", ["status"]), ("wh", ["why", "why not", "what if"]), ("what ", ["what if"]), ("help why", ["why not"]),
        ("T1 ackn", ["acknowledged"]), ("T1 acknowledged by ", ["Trak", "Customer"]),
        ("T1 waiting on Cu", ["Customer"]),
        ("T1 recorded, ch", ["channel"]), ("T1 recorded, channel ", ["email", "telephone", "web"]),
        ("T1 recorded, not sat", ["satisfied"]), ("T1 severity_changed, severity ", ["1", "2"]),
        ("10:00  T", ["T1", "T2"]), ("2 hours after T1 ", ["opened", "acknowledged"]), ("expect T1 con", ["confirm"]),
        ("expect T1 resolution re", ["reached"]), ("why T1.con", ["confirm"]), ("timeline T", ["T1"]),
        ("advance 2 h", ["hours"]), ("advance 2 hours counted in B", ["BusinessHours"]), ("set r", ["reading"]),
        ("set reading a", ["ack"]), ("set reading ack = ", ["elapsed", "business"]), ("reading ack is b", ["business"]),
        ("switch e", ["escalated"]), ("show con", ["confirm"]), ("supplied T", ["TrakHolidays"]),
        ("eval T1: channel is ", ["email", "telephone", "web"]), ("eval T1: severity is ", ["1", "2"]),
        ("eval T1: within 2 hours counted in B", ["BusinessHours"]),
        ("what if T1 res", ["responded", "resumed", "resolved"]), ("what if without T1 ", ["opened", "acknowledged"]),
        ("T1 recorded by Trak,\n  ch", ["channel"]), ("eval T1: any of\n  (a) sev", ["severity"]),
        ("T1 opened by Nobody and ", []), ('T1 recorded, note "a', []),
    ],
)
def test_words_that_may_come(case: Session, text: str, words: list[str]) -> None:
    found = offered(text, case)
    assert found[: len(words)] == words
    assert words or not found


def test_a_files_path_may_come_after_load(case: Session) -> None:
    assert complete("load exam", case).wants_path and complete("load exam", case).start == 5


def test_without_a_policy_only_commands_are_offered() -> None:
    assert offered("lo", Session()) == ["load"]
    assert offered("T1 opened by ", Session()) == []


def test_each_word_is_coloured_for_what_it_is(case: Session) -> None:
    pieces = highlighted("10:00  T1 acknowledged by Trak, note “x” -- why", case)
    assert [(kind, words) for kind, words in pieces if kind != "plain"] == [
        ("time", "10:00"), ("subject", "T1"), ("name", "acknowledged"), ("keyword", "by"), ("name", "Trak"),
        ("name", "note"), ("string", "“x”"), ("comment", "-- why"),
    ]
    assert highlighted("what if T1", case)[0] == ("command", "what")
    assert highlighted("what if T1", case)[2] == ("command", "if")
