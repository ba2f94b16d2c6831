"""The REPL in a terminal: Tab, Ctrl-C, Ctrl-D, entries of several lines, and a history that outlives the session."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tests.repl.small import put

START = "from slarules.cli.main import main; main()"
ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>]|\][^\x07]*\x07)")
KNOWN = "supplied TrakHolidays none known until 2027-01-01"
OPENED = "2026-03-02 08:00  T1 opened by Customer, channel email, severity 1"


class Terminal:
    """A REPL on a pseudo-terminal of 80 columns."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        environment = {**os.environ, "XDG_STATE_HOME": str(folder / "state"), "TERM": "xterm-256color",
                       "PROMPT_TOOLKIT_NO_CPR": "1", "LANG": "C.UTF-8"}  # fmt: skip
        environment.pop("NO_COLOR", None)
        self.child: pexpect.spawn[str] = pexpect.spawn(
            sys.executable, ["-c", START, "repl", *arguments], cwd=str(folder), env=environment, encoding="utf-8",
            dimensions=(24, 80), timeout=30,
        )  # fmt: skip
        self.child.delaybeforesend = 0.05
        self.expect("Ctrl-D leaves")

    def expect(self, words: str) -> str:
        """Waits until the words were shown; what was shown up to them, without the terminal's own signs."""
        pattern = r"(?:\x1b\[[0-9;?]*[A-Za-z]|\s)*".join(re.escape(part) for part in words)
        self.child.expect(pattern)
        return ESCAPES.sub("", str(self.child.before) + str(self.child.after))

    def type(self, words: str) -> None:
        self.child.send(words)

    def enter(self, words: str, *answers: str, prompt: str = "> ") -> None:
        """An entry, its answers, and the next prompt: only then the terminal listens again."""
        self.child.send(words + "\r")
        for answer in answers:
            self.expect(answer)
        self.expect(prompt)

    def end(self) -> str:
        """What was shown until it ended."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        return ESCAPES.sub("", str(self.child.before))


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    put(tmp_path)
    made = Terminal(tmp_path, "policy.sla")
    yield made
    made.child.close(force=True)


def test_a_session_on_a_terminal(terminal: Terminal, tmp_path: Path) -> None:
    terminal.enter(KNOWN)
    terminal.enter("2026-03-02 08:00  T1 opened by Customer,", prompt="...")  # unfinished: it goes on
    terminal.enter("channel email, severity 1", "T1 confirm     pending, due 09:00", prompt="08:00>")
    terminal.type("08:30  T1 ack\t")  # Tab completes the only event that begins so
    terminal.expect("acknowledged")
    terminal.enter(" by Trak", "met at 08:30", prompt="08:30>")
    terminal.type("this is abandoned")
    terminal.expect("abandoned")
    terminal.child.sendintr()
    terminal.expect("08:30>")
    terminal.enter("stat", "did you mean `status`?", prompt="08:30>")
    terminal.child.sendeof()
    shown = terminal.end()
    kept = tmp_path / "state" / "slarules" / "unfinished" / "Demo-1.sla"
    assert "the session is put aside" in shown
    assert "T1 acknowledged by Trak" in kept.read_text("utf-8")
    assert "Traceback" not in shown

    again = Terminal(tmp_path, str(kept))  # it goes on where it was left, with its history
    again.expect("08:30>")
    again.enter("next", "T1 resolution  pending → missed", prompt="10:00>")
    again.type("\x1b[A\x1b[A")  # the arrow up, twice: before `next` stands what was said last time
    again.expect("stat")
    again.child.sendintr()
    again.expect("10:00>")
    again.child.send("quit\r")
    again.end()
    assert again.child.exitstatus == 0 and not kept.exists()
    history = (tmp_path / "state" / "slarules" / "history.jsonl").read_text("utf-8")
    assert "T1 acknowledged by Trak" in history and "abandoned" not in history


def test_without_history_nothing_is_kept(tmp_path: Path) -> None:
    put(tmp_path)
    terminal = Terminal(tmp_path, "--no-history", "policy.sla")
    terminal.expect("> ")
    terminal.enter("readings", "elapsed")
    terminal.child.send("quit\r")
    terminal.end()
    assert not (tmp_path / "state" / "slarules" / "history.jsonl").exists()
