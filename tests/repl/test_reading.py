"""Lines to commands: what each mistake is told as, where its caret stands, and that no line breaks anything."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from slarules.diagnostics import Diagnostic
from slarules.repl.commands import COMMANDS
from slarules.repl.completion import complete
from slarules.repl.highlight import highlighted
from slarules.repl.plain import pasted
from slarules.repl.reading import LONGEST, Command, goes_on, read_line
from slarules.repl.session import Session
from tests.repl.small import OPENED, problems

MISTAKES = [
    ("stauts", "E0901", "stauts", "did you mean `status`?"),
    ("why nto T1.confirm", "E0902", "nto T1.confirm", "it is written `why T1.RULE`"),
    ("next please", "E0902", "please", "leave it out"),
    ("at", "E0902", "", "it is written `at 2026-03-02 10:00`"),
    ("at noon", "E0902", "noon", "it is written `at 2026-03-02 10:00`"),
    ("at 2026-02-30", "E0821", "2026-02-30", "that month has 28 days"),
    ("at 2026-03-08 02:30", "E0801", "2026-03-08 02:30", None),
    ("advance", "E0902", "", "it is written `advance 3 hours counted in CALENDAR`"),
    ("advance three hours", "E0902", "three hours", "it is written `advance 3 hours counted in CALENDAR`"),
    ("advance 3 hours counted in Bisness", "E0904", "Bisness", None),
    ("status T2", "E0904", "T2", "there is only `T1`"),
    ("why T1.confrim", "E0904", "confrim", "did you mean `confirm`?"),
    ("set reading akc = business", "E0904", "akc", "there is only `ack`"),
    ("set reading ack = busines", "E0904", "busines", "did you mean `business`?"),
    ("fork escalated", "E0902", "escalated", "take another name, or go there: `switch escalated`"),
    ("switch nowhere", "E0904", "nowhere", "there are `escalated`, `main`"),
    ("eval T1: severty is 1", "E0302", "severty", "did you mean `severity`?"),
    ("eval T1: channel is emial", "E0307", "emial", "did you mean `email`?"),
    ("eval T1: severity is 1 and", "E0202", "", None),
    ("eval T9: severity is 1", "E0904", "T9", "there is only `T1`"),
    ("what if", "E0902", "", "it is written `what if T1 acknowledged by PARTY at 08:30`"),
    ("what if without T1 resolved", "E0904", "resolved", "there are `acknowledged`, `opened`"),
    ("T1 acknowldged by Trak", "E0804", "acknowldged", "did you mean `acknowledged`?"),
    ("10:00  T1 acknowledged by Track", "E0816", "Track", "did you mean `Trak`?"),
    ("10:00  T2 opened by Customer, chanel email", "E0805", "chanel", "did you mean `channel`?"),
    ("10:00  T2 opened by Customer, severity 7", "E0810", "7", "it has `1`, `2`"),
    ("expect T1 confrim met", "E0807", "confrim", "did you mean `confirm`?"),
    ("expect T1 confirm mett", "E0812", "mett", "did you mean `met`?"),
    ("reading akc is business", "E0808", "akc", "it has `ack`"),
    ("supplied TrakHoliday none known until 2027-01-01", "E0809", "TrakHoliday", "did you mean `TrakHolidays`?"),
    ("show confrim", "E0904", "confrim", "did you mean `confirm`?"),
    ("show T1", "E0904", "T1", "`status T1` says how it stands, `timeline T1` what happened to it"),
    ("help tmieline", "E0901", "", "did you mean `timeline`?"),
    ("T1", "E0902", "T1", "say what happens to it, `T1 resolved by …`, or ask: `status T1`"),
    ("load", "E0902", "", "it is written `load FILE`"),
]


@pytest.mark.parametrize(("text", "code", "words", "help"), MISTAKES, ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_told_where_it_stands(case: Session, text: str, code: str, words: str, help: str | None) -> None:
    found = problems(case, text)
    assert [(c, w) for c, w, _ in found] == [(code, words)]
    assert help is None or found[0][2] == help


def test_the_caret_of_a_further_line_stands_under_it(case: Session) -> None:
    found = read_line("10:00  T2 opened by Customer,\n  chanel email", case)
    assert isinstance(found, tuple)
    assert (found[0].span.line, found[0].span.column, found[0].span.text) == (2, 3, "chanel")


def test_without_a_policy_and_without_a_clock_it_says_what_to_do_first(empty: Session) -> None:
    assert problems(Session(), "status")[0][::2] == (
        "E0906", "`load POLICY.sla`, or start with one: `slarules repl POLICY.sla`"
    )  # fmt: skip
    assert problems(Session(), OPENED)[0][0] == "E0906"
    assert problems(empty, "status")[0][0] == "E0903"
    assert problems(empty, "T1 opened by Customer")[0][0] == "E0903"


def test_a_subject_may_bear_the_name_of_a_command(empty: Session) -> None:
    found = read_line("2026-03-02 08:00  next opened by Customer", empty)
    assert isinstance(found, Command) and found.form is COMMANDS[0]


def test_empty_lines_and_comments_do_nothing(case: Session) -> None:
    for text in ("", "   ", "-- a remark", "  -- one\n-- two"):
        assert read_line(text, case) == Command(None, None, text.rstrip())


@pytest.mark.parametrize(
    ("text", "more"),
    [("T1 opened by Customer,", True), ("T1 opened by Customer, severity 1", False),
     ("eval T1: severity is 1 and", True),
     ("eval T1: (severity is 1", True), ("eval T1: (severity is 1)", False), ("eval T1: any of", True),
     ("eval T1: any of\n  (a) severity is 1", True), ("eval T1: any of\n  (a) severity is 1\n", False),
     ("T1 opened,\n", False), ("", False), ("status -- and", False)],
)  # fmt: skip
def test_an_entry_goes_on_while_it_is_not_finished(text: str, more: bool) -> None:
    assert goes_on(text) is more


PIECES = st.sampled_from(
    [example for form in COMMANDS for example in form.examples]
    + ["T1", "severity", "is", "and", "(", ")", ",", '"', "“", "\n", "  ", "2026-03-02", "99:99", "10:00", "0000-00-00",
       "9999-12-31", "99999999999999999999 years", "after", "#1", "--", "\x00", "\ud800", "\u202e", "😀", "=",
       "what if", "without", "instead", "none known until", "as of", "expect", "T1 corrected", "not", "%", "|", "\\"]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(PIECES | st.text(max_size=8), max_size=6), space=st.sampled_from(["", " ", "\n"]),
    ready=st.booleans(),
)
@example(parts=["eval T1: " + "not " * 1500], space="", ready=True)
@example(parts=["eval T1: " + "1 plus " * 1000 + "1"], space="", ready=True)
@example(parts=["what if T1 a" + " " * (LONGEST - 20) + "at"], space="", ready=True)
def test_no_line_breaks_anything(
    case: Session, empty: Session, parts: list[str], space: str, ready: bool
) -> None:
    session, text = case if ready else empty, space.join(parts)
    begun = time.process_time()
    found = read_line(text, session)
    assert isinstance(found, Command) or (found and all(isinstance(one, Diagnostic) for one in found))
    if isinstance(found, tuple):
        assert all(0 <= one.span.start <= one.span.end <= len(one.span.source.text) for one in found)
    assert read_line(text, session) == found or isinstance(found, Command)
    goes_on(text)
    assert complete(text, session).start <= len(text)
    assert "".join(words for _, words in highlighted(text, session)) == text
    assert time.process_time() - begun < 4


def test_lines_pasted_at_once_are_each_an_entry() -> None:
    text = "  2026-03-02 08:00  T1 opened by Customer,\n                    severity 1\n  09:00  T1 resumed\n  status\n"
    assert list(pasted(text)) == [
        "2026-03-02 08:00  T1 opened by Customer,\n                  severity 1", "09:00  T1 resumed", "status", ""
    ]  # fmt: skip
    assert list(pasted("eval T1: any of\n  (a) severity is 1\n")) == ["eval T1: any of\n  (a) severity is 1\n"]
    assert list(pasted("status")) == ["status"]
